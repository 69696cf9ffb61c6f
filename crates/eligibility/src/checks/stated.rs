//! The fields of a record that say the same as its criteria: ages, sex, volunteers.

use model::{Age, Study};

use crate::tree::{Criteria, Field, Item, Number, Op, Section, Span};

/// What the fields of a record say about who may join; `None` where a field is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stated {
    /// The minimum age.
    pub min_age: Option<Age>,
    /// The maximum age.
    pub max_age: Option<Age>,
    /// The sex.
    pub sex: Option<Sex>,
    /// Whether healthy people are accepted.
    pub healthy_volunteers: Option<bool>,
}

/// Who may join, by sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// All.
    All,
    /// Female only.
    Female,
    /// Male only.
    Male,
}

impl Sex {
    /// `all`, `female`, `male` in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "all" => Some(Self::All),
            "female" => Some(Self::Female),
            "male" => Some(Self::Male),
            _ => None,
        }
    }

    /// The field's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Female => "Female",
            Self::Male => "Male",
        }
    }
}

impl Stated {
    /// The fields of a study.
    pub fn of(study: &Study) -> Self {
        let age = |piece| study.text(piece).and_then(|text| text.parse().ok());
        Self {
            min_age: age("MinimumAge"),
            max_age: age("MaximumAge"),
            sex: study.text("Sex").and_then(Sex::from_word),
            healthy_volunteers: study.boolean("HealthyVolunteers"),
        }
    }
}

/// Where the text shows a field, if it does.
pub(super) fn printed(criteria: &Criteria, field: Field) -> Option<(usize, &Item)> {
    let shown = |item: &Item| {
        item.section == Section::Registry
            && item.number == Number::Field(field)
            && item.span != Span::default()
            && !matches!(item.expr.as_ref().map(|e| &e.op), None | Some(Op::Human { .. }))
    };
    criteria.items.iter().enumerate().find(|(_, item)| shown(item))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_of_a_record() {
        let record = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "eligibilityModule": {"minimumAge": "18 Years", "sex": "FEMALE", "healthyVolunteers": false},
        }});
        let stated = Stated::of(&Study::new(record).unwrap());
        assert_eq!(stated.min_age, "18 Years".parse().ok());
        assert_eq!(stated.max_age, None);
        assert_eq!(stated.sex, Some(Sex::Female));
        assert_eq!(stated.healthy_volunteers, Some(false));
    }
}

//! All that a study says about who may join: its fields and its text, read.

use model::Study;

use crate::{
    catalogue::Builtin,
    checks::{self, Finding, Input},
    own,
    read::{Options, Reader},
    stated::Stated,
    tree::{Criteria, Item, Op, Section},
    volunteers,
};

/// Criteria with what stands beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Eligibility {
    /// The fields first, then the items of the text; spans are bytes of the text.
    pub criteria: Criteria,
    /// The fields.
    pub stated: Stated,
    /// Other text of the record, where abbreviations may be explained.
    pub elsewhere: String,
}

impl Eligibility {
    /// Reads the criteria of a study.
    pub fn of(reader: &mut Reader, study: &Study, options: Options) -> Self {
        let read = reader.read(text(study), options);
        Self::new(Stated::of(study), read, study)
    }

    /// The criteria of a study whose parts are read already.
    pub fn new(stated: Stated, mut read: Criteria, study: &Study) -> Self {
        read.items.splice(0..0, stated.items());
        Self { criteria: read, stated, elsewhere: elsewhere(study) }
    }

    /// What the checks find.
    pub fn findings(&self) -> Vec<Finding> {
        let Self { criteria, stated, elsewhere } = self;
        checks::run_with(&Input { criteria, stated, elsewhere, catalogue: &Builtin })
    }
}

/// The criteria of a study as people are held against them: who is meant by "no healthy volunteers" is told by the
/// conditions, what is excluded of those is left to people (`own::spare`), and where no words say who may join (`No eligibility criteria`), an item stands for what is not told: age
/// and sex alone make nobody eligible.
pub fn to_evaluate(mut items: Vec<Item>, study: Option<&Study>, reader: &mut Reader) -> Vec<Item> {
    if let Some(study) = study {
        volunteers::define(&mut items, study, reader);
        own::spare(&mut items, study);
    }
    let says_nothing =
        |item: &Item| item.expr.as_ref().is_some_and(|expr| matches!(expr.op, Op::True { .. }));
    if items.iter().all(|item| item.section == Section::Registry || says_nothing(item)) {
        items.push(Item::absent());
    }
    items
}

/// A criterion as the record has it, without what [`to_evaluate`] adds.
pub fn as_printed(item: &Item) -> Item {
    let mut item = item.clone();
    volunteers::undefine(&mut item);
    own::unspare(&mut item);
    item
}

/// The criteria of a study as printed; empty where there are none.
pub fn text(study: &Study) -> &str {
    study.text("EligibilityCriteria").unwrap_or_default()
}

fn elsewhere(study: &Study) -> String {
    const PIECES: [&str; 7] = [
        "BriefTitle",
        "OfficialTitle",
        "BriefSummary",
        "DetailedDescription",
        "Condition",
        "Keyword",
        "StudyPopulation",
    ];
    PIECES.iter().flat_map(|piece| study.texts(piece)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_that_restrict_nothing_are_no_criteria() {
        let last = |text: &str| {
            let items = Reader::new().read(text, Options::default()).items;
            to_evaluate(items, None, &mut Reader::new()).last().map(|item| item.section)
        };
        assert_eq!(last(""), Some(Section::None));
        assert_eq!(last("No eligibility criteria"), Some(Section::None));
        assert_eq!(last("Inclusion Criteria:\n\n* Any sex\n* Asthma"), Some(Section::Inclusion));
    }

    #[test]
    fn fields_and_text_are_checked_together() {
        let record = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": "Gadget use (GU) in adults"},
            "eligibilityModule": {
                "minimumAge": "21 Years",
                "eligibilityCriteria": "Inclusion Criteria:\n\n* Age 18 years or older\n* GU of any kind",
            },
        }});
        let study = Study::new(record).unwrap();
        let read = Eligibility::of(&mut Reader::new(), &study, Options::default());
        assert_eq!(read.criteria.items.len(), 3);
        let found = read.findings();
        let checks: Vec<&str> = found.iter().map(|f| f.check).collect();
        assert_eq!(checks, ["field_against_text"], "{found:?}");
        assert_eq!(found[0].span.unwrap().of(text(&study)), found[0].quote);
    }
}

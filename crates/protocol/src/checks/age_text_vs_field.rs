//! Ages of the criteria that the age fields contradict. The criteria's own check finds them.

use eligibility::checks::Finding as OfCriteria;

use super::{Finding, adopted};

/// Its id.
const ID: &str = "age_text_vs_field";

/// A finding on ages that both name. A field that a source does not show contradicts nothing.
pub(super) fn of(found: &OfCriteria, criteria: &str) -> Option<Finding> {
    let of_ages = found.check == "field_against_text"
        && found.message.contains(" age is ")
        && found.message.contains("the field says");
    of_ages.then(|| adopted(ID, found, criteria))
}

#[cfg(test)]
mod tests {
    use eligibility::{
        Eligibility,
        read::{Options, Reader},
    };
    use model::Study;
    use serde_json::json;

    use crate::checks::study_with_criteria;

    fn found(text: &str) -> Vec<(&'static str, String)> {
        let record = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "eligibilityModule": {"minimumAge": "18 Years", "maximumAge": "65 Years", "eligibilityCriteria": text},
        }});
        let study = Study::new(record).unwrap();
        let eligibility = Eligibility::of(&mut Reader::new(), &study, Options::default());
        let findings = study_with_criteria(&study, &eligibility, &[]).1;
        findings.into_iter().map(|f| (f.check, f.quote.map(|q| q.text).unwrap_or_default())).collect()
    }

    #[test]
    fn clean() {
        assert_eq!(found("Inclusion Criteria:\n\n* Age 18 to 65 years"), []);
    }

    #[test]
    fn flagged() {
        let found = found("Inclusion Criteria:\n\n* Age 21 to 65 years");
        assert_eq!(found, [("age_text_vs_field", "Age 21 to 65 years".to_owned())]);
    }
}

//! Who may take part.

use model::Age;

use super::{object::Object, tree::Element};

/// The eligibility module.
pub(super) fn module(root: Element<'_>) -> Object {
    let mut out = Object::default();
    let Some(from) = root.at("eligibility") else { return out };
    out.markup("eligibilityCriteria", from.at("criteria"));
    out.yes("healthyVolunteers", from.at("healthy_volunteers"));
    out.choice("sex", "Sex", from.at("gender"));
    out.yes("genderBased", from.at("gender_based"));
    out.markup("genderDescription", from.at("gender_description"));
    let youngest = out.age("minimumAge", from.at("minimum_age"));
    let oldest = out.age("maximumAge", from.at("maximum_age"));
    if from.at("minimum_age").or(from.at("maximum_age")).is_some() {
        let understood = [("minimumAge", youngest), ("maximumAge", oldest)]
            .iter()
            .all(|(key, age)| out.get(key).is_none() || age.is_some());
        if understood {
            out.put("stdAges", standard_ages(youngest, oldest));
        }
    }
    out.markup("studyPopulation", from.at("study_pop"));
    out.choice("samplingMethod", "SamplingMethod", from.at("sampling_method"));
    out
}

/// The registry's age groups that a range touches: child up to 17 years, adult 18 to 64, older adult from 65.
/// A missing end is open. Whoever is 17 years and some months old is still 17.
pub(crate) fn standard_ages(youngest: Option<Age>, oldest: Option<Age>) -> Vec<&'static str> {
    let from = youngest.map_or(0.0, Age::years);
    let to = oldest.map_or(f64::INFINITY, Age::years);
    let groups = [("CHILD", 0.0, 18.0), ("ADULT", 18.0, 65.0), ("OLDER_ADULT", 65.0, f64::INFINITY)];
    groups.iter().filter(|(_, low, high)| from < *high && to >= *low).map(|g| g.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fall_into_groups() {
        let check = |from: &str, to: &str, expected: &[&str]| {
            assert_eq!(standard_ages(from.parse().ok(), to.parse().ok()), expected, "{from} to {to}");
        };
        check("", "", &["CHILD", "ADULT", "OLDER_ADULT"]);
        check("18 Years", "", &["ADULT", "OLDER_ADULT"]);
        check("18 Years", "64 Years", &["ADULT"]);
        check("17 Years", "65 Years", &["CHILD", "ADULT", "OLDER_ADULT"]);
        check("", "6 Months", &["CHILD"]);
        check("65 Years", "", &["OLDER_ADULT"]);
    }
}

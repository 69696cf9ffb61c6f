//! The synthetic people beside the project: all are read, and this is what they hold.

use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::read_at;

#[test]
fn all_synthea_bundles() {
    let Some(path) = testkit::shared("data/patients/synthea-r4-bundles.ndjson.zst") else { return };
    let all = read_at(&path);
    assert_eq!((all.people.len(), all.issues), (488, vec![]));
    let mut counts = BTreeMap::<String, u64>::new();
    for fact in all.people.iter().flat_map(|person| &person.facts) {
        *counts.entry(format!("{:?}", fact.kind)).or_default() += 1;
        for problem in &fact.problems {
            *counts
                .entry(format!("problem {} {problem:?}", fact.what.variable.as_deref().unwrap_or("-")))
                .or_default() += 1;
        }
        if fact.what.variable.is_some() {
            *counts.entry("with a variable".to_owned()).or_default() += 1;
        }
    }
    counts.extend(all.missed.into_iter().map(|(what, count)| (format!("not understood: {what}"), count)));
    let lines: Vec<String> = counts.iter().map(|(what, count)| format!("{what}: {count}")).collect();
    assert_snapshot!(lines.join("\n"), @r##"
Allergy: 276
Condition: 3638
DrugRequest: 3800
Encounter: 14250
Immunization: 5759
Observation: 76015
Procedure: 11209
not understood: resource CarePlan: 1377
not understood: resource Claim: 18050
not understood: resource DiagnosticReport: 5144
not understood: resource ExplanationOfBenefit: 14250
not understood: resource Goal: 953
not understood: resource ImagingStudy: 252
not understood: resource Organization: 894
not understood: resource Practitioner: 894
problem - BeforeBirth: 5
problem dbp NoUnit: 142
problem hba1c Implausible { suggested_unit: None }: 76
problem sbp NoUnit: 142
problem total_protein Implausible { suggested_unit: Some("g/L") }: 646
with a variable: 63037
"##);
}

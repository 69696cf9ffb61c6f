//! A study whose results were due when the record was last updated.

use jiff::ToSpan;

use super::{Check, Input, Report, Severity, field};

pub(super) const CHECK: Check = Check {
    id: "results_overdue",
    explanation: "US rules want the results of most studies of regulated drugs and devices within a year of the primary completion.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let study = input.record.study;
    let regulated =
        ["IsFDARegulatedDrug", "IsFDARegulatedDevice"].iter().any(|p| study.boolean(p) == Some(true));
    let early = study.texts("Phase").iter().all(|p| matches!(*p, "PHASE1" | "EARLY_PHASE1"));
    let ended = study.text("PrimaryCompletionDateType") == Some("ACTUAL");
    let posted = study.json().get("resultsSection").is_some() || study.boolean("HasResults") == Some(true);
    if !regulated || early || !ended || posted || !input.record.interventional() {
        return;
    }
    let (Some(end), Some(update)) =
        (input.protocol.dates.primary_completion, input.protocol.dates.last_update)
    else {
        return;
    };
    if end.checked_add(1.year()).is_ok_and(|due| due < update) {
        let message = format!("the primary completion was on {end}, and on {update} there were no results");
        let remedy = "submit the results, or the certificate that delays them";
        report.add(Severity::Note, field(input, "PrimaryCompletionDate"), message, remedy);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let ended = json!({"date": "2019-06-01", "type": "ACTUAL"});
        let changes = [
            ("/oversightModule", json!({"isFdaRegulatedDrug": true})),
            ("/statusModule/primaryCompletionDateStruct", ended),
        ];
        let expected = "note `2019-06-01`: the primary completion was on 2019-06-01, and on 2021-01-05 there were no results";
        finds(&CHECK, &changes, &[expected]);
        finds(&CHECK, &changes[..1], &[]);
    }
}

//! A status that the dates contradict, on the day of the last update.

use jiff::civil::Date;
use model::PartialDate;

use super::{Check, Input, Report, Severity, field};

pub(super) const CHECK: Check = Check {
    id: "status_contradicts_dates",
    explanation: "People decide by the status whether to ask for a place; the dates of the same record say otherwise.",
    run,
};

/// The days on which the record was sent in and shown: what is said holds for one of them.
struct Update {
    sent: Date,
    shown: Date,
}

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let study = input.record.study;
    let date = |name: &str| study.date(name);
    let (sent, shown) = (date("LastUpdateSubmitDate"), date("LastUpdatePostDate"));
    let Some((sent, shown)) = sent.or(shown).zip(shown.or(sent)) else { return };
    let update = Update { sent: sent.first_day(), shown: shown.last_day() };
    let Some(status) = study.text("OverallStatus") else { return };
    let passed = |name: &str| date(name).filter(|d| d.last_day() < update.sent);
    let to_come = |name: &str| date(name).filter(|d| d.first_day() > update.shown);
    let found: Option<(PartialDate, &str, &str)> = match status {
        "NOT_YET_RECRUITING" => passed("StartDate").map(|d| (d, "the start", "had passed")),
        "RECRUITING" | "ENROLLING_BY_INVITATION" => passed("CompletionDate")
            .map(|d| (d, "the completion", "had passed"))
            .or_else(|| passed("PrimaryCompletionDate").map(|d| (d, "the primary completion", "had passed")))
            .or_else(|| to_come("StartDate").map(|d| (d, "the start", "was still to come"))),
        "ACTIVE_NOT_RECRUITING" => passed("CompletionDate").map(|d| (d, "the completion", "had passed")),
        "COMPLETED" => {
            to_come("CompletionDate").map(|d| (d, "the completion", "was still to come")).or_else(|| {
                to_come("PrimaryCompletionDate").map(|d| (d, "the primary completion", "was still to come"))
            })
        }
        _ => None,
    };
    if let Some((date, what, how)) = found {
        let message = format!("{what} ({date}) {how} when the record was last updated ({sent}) as {status}");
        let quote = field(input, "OverallStatus");
        report.add(Severity::Error, quote, message, "update the status or the dates");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    const STATUS: &str = "/statusModule/overallStatus";

    #[test]
    fn flagged() {
        let expected = "error `NOT_YET_RECRUITING`: the start (2020-01-01) had passed when the record was last updated (2021-01-01) as NOT_YET_RECRUITING";
        finds(&CHECK, &[(STATUS, json!("NOT_YET_RECRUITING"))], &[expected]);
        let expected = "error `COMPLETED`: the completion (2024-06-01) was still to come when the record was last updated (2021-01-01) as COMPLETED";
        finds(&CHECK, &[(STATUS, json!("COMPLETED"))], &[expected]);
        let expected = "error `RECRUITING`: the primary completion (2020-12) had passed when the record was last updated (2021-01-01) as RECRUITING";
        finds(&CHECK, &[("/statusModule/primaryCompletionDateStruct/date", json!("2020-12"))], &[expected]);
    }

    #[test]
    fn without_an_update_nothing_is_said() {
        let changes = [
            (STATUS, json!("COMPLETED")),
            ("/statusModule/lastUpdateSubmitDate", json!(null)),
            ("/statusModule/lastUpdatePostDateStruct", json!(null)),
        ];
        finds(&CHECK, &changes, &[]);
    }
}

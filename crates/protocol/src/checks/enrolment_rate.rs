//! Dates that ask for more people a month and site than studies find.

use super::{Check, Input, Report, Severity};

pub(super) const CHECK: Check = Check {
    id: "enrolment_rate",
    explanation: "What the dates leave for joining, divided by the people, is a rate that few studies reach.",
    run,
};

/// People a month and site; 9 in 10 of 3,207 interventional studies with dates, sites and time frames ask for fewer
/// (docs/protocol.md says how that was measured).
const RARE: f64 = 17.0;

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let study = input.record.study;
    let status = study.text("OverallStatus");
    let planned =
        matches!(status, Some("NOT_YET_RECRUITING" | "RECRUITING" | "ENROLLING_BY_INVITATION" | "UNKNOWN"));
    let left = input.protocol.dates.enrolment_months_left.filter(|m| *m > 0.0 && planned);
    let (Some(left), Some(people)) = (left, study.integer("EnrollmentCount")) else { return };
    let sites = study.values("Location").len();
    if sites == 0 || !input.record.interventional() {
        return;
    }
    let rate = people as f64 / left;
    let each = rate / sites as f64;
    if each > RARE {
        let timing = input
            .protocol
            .longest(|p| matches!(p, crate::protocol::Purpose::Outcome(crate::record::Rank::Primary)));
        let sites = if sites == 1 {
            "at one site".to_owned()
        } else {
            format!("at {sites} sites, {each:.1} at each")
        };
        let message = format!(
            "the dates leave {left:.1} months for {people} people to join: {rate:.1} a month {sites}"
        );
        report.add(
            Severity::Note,
            timing.map(|t| t.quote.clone()),
            message,
            "move the primary completion, or add sites",
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let site = ("/contactsLocationsModule", json!({"locations": [{"city": "Somewhere"}]}));
        let frame = ("/outcomesModule/primaryOutcomes/0/timeFrame", json!("46 months"));
        let expected =
            "note `46 months`: the dates leave 2.0 months for 60 people to join: 30.5 a month at one site";
        finds(&CHECK, &[site.clone(), frame], &[expected]);
        finds(&CHECK, &[site], &[]);
    }
}

//! Tables of posted results.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    column::{Cell, decimal, whole},
    rows::{StudyRows, items, of},
};

/// Numbers of result groups by their code, such as `OG000`.
type Groups<'v> = HashMap<&'v str, i64>;

/// Adds the rows.
pub(super) fn add(record: &Value, rows: &mut StudyRows<'_>) {
    let results = of(record, "resultsSection");
    if !results.is_object() {
        return;
    }
    flow(of(results, "participantFlowModule"), rows);
    baseline(of(results, "baselineCharacteristicsModule"), rows);
    let mut known = HashMap::new();
    for measure in items(results, "outcomeMeasuresModule.outcomeMeasures") {
        outcome(measure, &mut known, rows);
    }
    events(of(results, "adverseEventsModule"), record, rows);
    let more = of(results, "moreInfoModule");
    for (table, context, key) in [
        ("result_agreements", "agreement", "certainAgreement"),
        ("result_contacts", "contact", "pointOfContact"),
    ] {
        if of(more, key).is_object() {
            rows.row(table).fill(context, of(more, key));
        }
    }
}

/// Groups as they were told already, by code, title and description.
type Known<'v> = HashMap<(&'v str, &'v str, &'v str), i64>;

/// Adds groups that are not known yet; outcomes repeat theirs.
fn groups<'v>(list: &'v [Value], kind: &str, known: &mut Known<'v>, rows: &mut StudyRows<'_>) -> Groups<'v> {
    let text = |group: &'v Value, key| of(group, key).as_str().unwrap_or_default();
    let mut by_code = HashMap::new();
    for group in list {
        let code = text(group, "id");
        let key = (code, text(group, "title"), text(group, "description"));
        let id = *known.entry(key).or_insert_with(|| {
            rows.row("result_groups").fill("group", group).text("result_type", kind).done()
        });
        by_code.insert(code, id);
    }
    by_code
}

fn group(groups: &Groups<'_>, part: &Value) -> Option<i64> {
    groups.get(of(part, "groupId").as_str()?).copied()
}

fn flow(flow: &Value, rows: &mut StudyRows<'_>) {
    if !flow.is_object() {
        return;
    }
    rows.row("participant_flows").fill("flow", flow);
    let groups = groups(items(flow, "groups"), "Participant Flow", &mut HashMap::new(), rows);
    for period in items(flow, "periods") {
        for milestone in items(period, "milestones") {
            for achievement in items(milestone, "achievements") {
                let mut row = rows.row("milestones");
                row.fill("period", period).fill("milestone", milestone).fill("achievement", achievement);
                row.number_of("result_group_id", group(&groups, achievement));
            }
        }
        for drop in items(period, "dropWithdraws") {
            for reason in items(drop, "reasons") {
                let mut row = rows.row("drop_withdrawals");
                row.fill("period", period).fill("drop", drop).fill("reason", reason);
                row.number_of("result_group_id", group(&groups, reason));
            }
        }
    }
}

fn baseline(baseline: &Value, rows: &mut StudyRows<'_>) {
    let groups = groups(items(baseline, "groups"), "Baseline", &mut HashMap::new(), rows);
    for denom in items(baseline, "denoms") {
        for count in items(denom, "counts") {
            let mut row = rows.row("baseline_counts");
            row.fill("denom", denom).fill("count", count).text("scope", "overall");
            row.number_of("result_group_id", group(&groups, count));
        }
    }
    for measure in items(baseline, "measures") {
        each_measurement(measure, &mut |class, category, measurement| {
            let mut row = rows.row("baseline_measurements");
            row.fill("measure", measure).fill("class", class).fill("category", category);
            row.fill("measurement", measurement).number_of("result_group_id", group(&groups, measurement));
            if let Some((units, count)) = analyzed(&[class, measure, baseline], measurement) {
                row.put("number_analyzed_units", units.map_or(Cell::Null, Cell::Text));
                row.number_of("number_analyzed", count);
            }
        });
    }
}

fn each_measurement<'v>(measure: &'v Value, show: &mut dyn FnMut(&'v Value, &'v Value, &'v Value)) {
    for class in items(measure, "classes") {
        for category in items(class, "categories") {
            for measurement in items(category, "measurements") {
                show(class, category, measurement);
            }
        }
    }
}

/// Of how many a measurement was taken, with their unit: as its class tells, else its measure, else all of them.
fn analyzed<'v>(parts: &[&'v Value], measurement: &Value) -> Option<(Option<&'v str>, Option<i64>)> {
    let code = of(measurement, "groupId");
    parts.iter().flat_map(|part| items(part, "denoms")).find_map(|denom| {
        let count = items(denom, "counts").iter().find(|count| of(count, "groupId") == code)?;
        Some((of(denom, "units").as_str(), whole(of(count, "value")).map(i64::from)))
    })
}

fn outcome<'v>(measure: &'v Value, known: &mut Known<'v>, rows: &mut StudyRows<'_>) {
    let id = Some(rows.row("outcomes").fill("measure", measure).done());
    let groups = groups(items(measure, "groups"), "Outcome", known, rows);
    for denom in items(measure, "denoms") {
        for count in items(denom, "counts") {
            let mut row = rows.row("outcome_counts");
            row.fill("denom", denom)
                .fill("count", count)
                .text("scope", "Measure")
                .number_of("outcome_id", id);
            row.number_of("result_group_id", group(&groups, count));
        }
    }
    each_measurement(measure, &mut |class, category, measurement| {
        let mut row = rows.row("outcome_measurements");
        row.fill("measure", measure).fill("class", class).fill("category", category);
        row.fill("measurement", measurement).number_of("outcome_id", id);
        row.number_of("result_group_id", group(&groups, measurement));
    });
    for analysis in items(measure, "analyses") {
        let analysis_id = analysed(analysis, id, rows);
        for code in items(analysis, "groupIds") {
            let mut row = rows.row("outcome_analysis_groups");
            row.fill("group", code).number_of("outcome_analysis_id", Some(analysis_id));
            row.number_of("result_group_id", code.as_str().and_then(|code| groups.get(code)).copied());
        }
    }
}

fn analysed(analysis: &Value, outcome: Option<i64>, rows: &mut StudyRows<'_>) -> i64 {
    let mut row = rows.row("outcome_analyses");
    row.fill("analysis", analysis).number_of("outcome_id", outcome);
    if let Some((sign, value)) = of(analysis, "pValue").as_str().and_then(p_value) {
        row.put("p_value", Cell::Number(value)).put("p_value_modifier", sign.map_or(Cell::Null, Cell::Text));
    }
    row.done()
}

/// Sign and number of a p value such as `<0.001`; `None` if it is anything else.
fn p_value(text: &str) -> Option<(Option<&str>, &str)> {
    let text = text.trim();
    let number = text.trim_start_matches(['<', '>', '=', '≤', '≥', ' ']);
    let sign = text[..text.len() - number.len()].trim();
    Some(((!sign.is_empty()).then_some(sign), decimal(number)?))
}

fn events(module: &Value, record: &Value, rows: &mut StudyRows<'_>) {
    let groups = groups(items(module, "eventGroups"), "Reported Event", &mut HashMap::new(), rows);
    for (key, kind) in [("seriousEvents", "serious"), ("otherEvents", "other")] {
        for event in items(module, key) {
            for stat in items(event, "stats") {
                let mut row = rows.row("reported_events");
                row.fill("module", module).fill("event", event).fill("stat", stat).text("event_type", kind);
                row.number_of("result_group_id", group(&groups, stat));
            }
        }
    }
    for group in items(module, "eventGroups") {
        for (kind, name, affected, at_risk) in [
            ("serious", "Total, serious adverse events", "seriousNumAffected", "seriousNumAtRisk"),
            ("other", "Total, other adverse events", "otherNumAffected", "otherNumAtRisk"),
            ("deaths", "Total, all-cause mortality", "deathsNumAffected", "deathsNumAtRisk"),
        ] {
            let (affected, at_risk) = (of(group, affected), of(group, at_risk));
            if affected.is_null() && at_risk.is_null() {
                continue;
            }
            let mut row = rows.row("reported_event_totals");
            row.fill("group", group).loaded(record).text("event_type", kind).text("classification", name);
            row.number_of("subjects_affected", whole(affected).map(i64::from));
            row.number_of("subjects_at_risk", whole(at_risk).map(i64::from));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn p_values_have_a_sign_and_a_number() {
        let p = super::p_value;
        assert_eq!(p("<0.001"), Some((Some("<"), "0.001")));
        assert_eq!(p(" <= 0.05"), Some((Some("<="), "0.05")));
        assert_eq!(p("0.42"), Some((None, "0.42")));
        assert_eq!(p("≥.5"), Some((Some("≥"), ".5")));
        assert_eq!([p("p<0.01"), p("NS"), p("<"), p("")], [None; 4]);
    }
}

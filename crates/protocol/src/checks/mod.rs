//! Checks of protocols: what cannot be carried out as the record has it, and what does not agree.
//!
//! Each check is one file with a clean and a flagged case. A check that is not sure says nothing.

mod age_text_vs_field;
mod arm_sizes_mismatch;
mod arm_type_mismatch;
mod arm_without_intervention;
mod assessment_without_instrument;
mod assessor_not_masked;
mod dates_infeasible;
mod dates_out_of_order;
mod enrollment_absurd;
mod enrolment_rate;
#[cfg(test)]
mod example;
mod formula_not_named;
mod instrument_range;
mod masking_inconsistent;
mod missing_dose;
mod missing_ratio;
mod missing_schedule;
mod primary_outcome_changed;
mod registered_after_start;
mod results_overdue;
mod status_contradicts_dates;
mod timeframe_missing;
mod unit_slip;

pub use eligibility::checks::Severity;
use eligibility::{Eligibility, checks::Finding as OfCriteria};
use model::Study;
pub use primary_outcome_changed::{Changed, Stage};

use crate::{
    compile,
    protocol::Protocol,
    record::{Field, Quote, Record},
};

/// Something that whoever plans or registers the study would want to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The check that found it (`dates_infeasible`).
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The words in question; `None` where the record has none.
    pub quote: Option<Quote>,
    /// Why it matters.
    pub explanation: &'static str,
    /// What to do about it.
    pub remedy: String,
}

/// What is checked.
#[derive(Clone, Copy)]
pub struct Input<'i, 's> {
    /// The record in words.
    pub record: &'i Record<'s>,
    /// What was compiled of it.
    pub protocol: &'i Protocol,
    /// How its primary outcomes changed between its versions, where those are known.
    pub changes: &'i [Changed],
}

/// A check.
pub struct Check {
    /// Its id.
    pub id: &'static str,
    /// Why what it finds matters.
    pub explanation: &'static str,
    run: fn(&Input<'_, '_>, &mut Report<'_>),
}

/// All checks of the protocol alone.
pub const CHECKS: &[Check] = &[
    dates_infeasible::CHECK,
    dates_out_of_order::CHECK,
    status_contradicts_dates::CHECK,
    arm_type_mismatch::CHECK,
    arm_without_intervention::CHECK,
    masking_inconsistent::CHECK,
    assessor_not_masked::CHECK,
    missing_dose::CHECK,
    missing_schedule::CHECK,
    missing_ratio::CHECK,
    unit_slip::CHECK,
    timeframe_missing::CHECK,
    arm_sizes_mismatch::CHECK,
    enrollment_absurd::CHECK,
    enrolment_rate::CHECK,
    instrument_range::CHECK,
    formula_not_named::CHECK,
    assessment_without_instrument::CHECK,
    primary_outcome_changed::CHECK,
    registered_after_start::CHECK,
    results_overdue::CHECK,
];

/// A study, compiled and checked, by this record alone.
pub fn study(study: &Study) -> (Protocol, Vec<Finding>) {
    study_after(study, &[])
}

/// A study, compiled and checked, with the changes of its primary outcomes between versions.
pub fn study_after(study: &Study, changes: &[Changed]) -> (Protocol, Vec<Finding>) {
    let record = Record::new(study);
    let protocol = compile::of(&record);
    let findings = run(&Input { record: &record, protocol: &protocol, changes });
    (protocol, findings)
}

/// The same, together with what the checks of the criteria find that concerns the protocol: ages, and units.
pub fn study_with_criteria(
    study: &Study,
    eligibility: &Eligibility,
    changes: &[Changed],
) -> (Protocol, Vec<Finding>) {
    let (protocol, mut findings) = study_after(study, changes);
    let criteria = study.text("EligibilityCriteria").unwrap_or_default();
    for found in eligibility.findings() {
        findings.extend(age_text_vs_field::of(&found, criteria).or_else(|| unit_slip::of(&found, criteria)));
    }
    (protocol, findings)
}

/// What all checks find, in the order of the checks.
pub fn run(input: &Input<'_, '_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for check in CHECKS {
        (check.run)(input, &mut Report { check, out: &mut out });
    }
    out
}

/// Where a check writes what it finds.
struct Report<'r> {
    check: &'r Check,
    out: &'r mut Vec<Finding>,
}

impl Report<'_> {
    fn add(&mut self, severity: Severity, quote: Option<Quote>, message: String, remedy: impl Into<String>) {
        let Check { id, explanation, .. } = self.check;
        let remedy = remedy.into();
        self.out.push(Finding { check: id, severity, message, quote, explanation, remedy });
    }
}

/// A finding on criteria as one on the protocol.
fn adopted(check: &'static str, found: &OfCriteria, criteria: &str) -> Finding {
    let quote = found.span.and_then(|span| {
        let (start, end) = (span.start as usize, span.end as usize);
        criteria.get(start..end)?;
        Some(Quote::at(Field::of("EligibilityCriteria"), criteria, start, end))
    });
    Finding {
        check,
        severity: found.severity,
        message: found.message.clone(),
        quote,
        explanation: found.explanation,
        remedy: found.remedy.clone(),
    }
}

/// The value of a piece, as the words in question.
fn field(input: &Input<'_, '_>, name: &'static str) -> Option<Quote> {
    let source = input.record.study.text(name)?;
    Some(Quote::at(Field::of(name), source, 0, source.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_its_own_id() {
        let ids: std::collections::BTreeSet<_> = CHECKS.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), CHECKS.len());
    }
}

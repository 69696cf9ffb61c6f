//! What the checks find in a whole registry.

use std::{collections::BTreeMap, io::Write};

use anyhow::Result;
use eligibility::{
    Eligibility,
    checks::CHECKS,
    read::{Options, Reader},
};
use history::{Ledger, ledger::Wanted};
use model::{Study, StudyId};
use registry::Registry;
use serde_json::json;
use serve::versions;

use super::Format;
use crate::{commands::Context, criteria::all, data, ending::Ending, terminal};

/// What one check found.
#[derive(Clone, Copy, Default)]
struct Found {
    findings: u64,
    studies: u64,
    example: Option<StudyId>,
}

#[derive(Default)]
struct Tally {
    studies: u64,
    /// Studies with a finding.
    found: u64,
    checks: BTreeMap<&'static str, Found>,
}

impl Tally {
    fn study(&mut self, reader: &mut Reader, study: &Study) {
        let mut here: BTreeMap<&'static str, u64> = BTreeMap::new();
        for finding in Eligibility::of(reader, study, Options::default()).findings() {
            *here.entry(finding.check).or_default() += 1;
        }
        for finding in protocol::checks::study(study).1 {
            *here.entry(finding.check).or_default() += 1;
        }
        self.studies += 1;
        self.found += u64::from(!here.is_empty());
        for (check, findings) in here {
            self.add(check, Found { findings, studies: 1, example: Some(study.id()) });
        }
    }

    /// Adds what only the versions of a study show.
    fn versions(&mut self, registry: &Registry) -> Result<()> {
        let mut ledger = Ledger::default();
        ledger.update(registry.store(), std::thread::available_parallelism().map_or(1, usize::from))?;
        let events = ledger.events(&Wanted { kinds: versions::kinds(), ..Wanted::default() });
        let mut studies: BTreeMap<StudyId, u64> = BTreeMap::new();
        for (id, _) in versions::of_events(&events) {
            *studies.entry(id).or_default() += 1;
        }
        for (id, findings) in studies {
            self.add("primary_outcome_changed", Found { findings, studies: 1, example: Some(id) });
        }
        Ok(())
    }

    fn add(&mut self, check: &'static str, more: Found) {
        let found = self.checks.entry(check).or_default();
        found.findings += more.findings;
        found.studies += more.studies;
        found.example = [found.example, more.example].into_iter().flatten().min();
    }

    fn join(&mut self, other: Self) {
        self.studies += other.studies;
        self.found += other.found;
        other.checks.into_iter().for_each(|(check, found)| self.add(check, found));
    }
}

/// Checks all studies of the data folder and prints how often each check found something.
pub fn run(context: &Context, format: Format) -> Result<Ending> {
    let registry = data::open(&context.data, context.quiet)?;
    let mut tally = Tally::default();
    all(&registry, context.quiet, Tally::study)?.into_iter().for_each(|part| tally.join(part));
    tally.versions(&registry)?;
    let mut out = terminal::output();
    if let Format::Table = format {
        let head = format!("{:<31}{:>10}{:>10}{:>9}  EXAMPLE", "CHECK", "FINDINGS", "STUDIES", "SHARE");
        writeln!(out, "{}", terminal::bold(&head))?;
    }
    let of_criteria = CHECKS.iter().map(|check| (check.id, check.explanation));
    let of_protocol = protocol::checks::CHECKS.iter().map(|check| (check.id, check.explanation));
    for (id, explanation) in of_criteria.chain(of_protocol) {
        let found = tally.checks.get(id).copied().unwrap_or_default();
        let share = found.studies as f64 / tally.studies.max(1) as f64;
        let example = found.example.map(|id| id.to_string());
        match format {
            Format::Table => writeln!(
                out,
                "{id:<31}{:>10}{:>10}{:>7.2} %  {}",
                terminal::grouped(found.findings),
                terminal::grouped(found.studies),
                share * 100.0,
                example.as_deref().unwrap_or("-")
            )?,
            Format::Jsonl => {
                let share = (share * 1e6).round() / 1e6;
                let line = json!({"check": id, "findings": found.findings, "studies": found.studies,
                    "share": share, "example": example, "explanation": explanation});
                writeln!(out, "{line}")?;
            }
        }
    }
    out.flush()?;
    if !context.quiet {
        let studies = terminal::counted(tally.studies, "study", "studies");
        terminal::note(&format!("{studies} checked, {} with findings", terminal::grouped(tally.found)));
    }
    Ok(Ending::Done)
}

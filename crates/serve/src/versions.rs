//! What the versions of a record tell the checks of its protocol.

use history::{Error, Event, Kind, Noted, Timeline};
use model::{PartialDate, StudyId};
use protocol::checks::{Changed, Stage};
use registry::Registry;

/// The kinds of change that concern primary outcomes, with their stages; the latest first.
const STAGES: [(Kind, Stage); 3] = [
    (Kind::PrimaryOutcomeChangedAfterCompletion, Stage::AfterCompletion),
    (Kind::PrimaryOutcomeChangedAfterStart, Stage::AfterStart),
    (Kind::PrimaryOutcomeChanged, Stage::Unknown),
];

/// How the primary outcomes of a study changed between the versions that are kept of it, the oldest change first.
///
/// # Errors
///
/// If the versions cannot be read.
pub fn primary_outcomes(registry: &Registry, id: StudyId) -> Result<Vec<Changed>, Error> {
    if registry.versions(id)?.len() < 2 {
        return Ok(Vec::new());
    }
    let timeline = Timeline::of(registry.store(), id)?;
    Ok(timeline.steps().iter().filter_map(|step| changed(step.noted.iter(), step.new.day)).collect())
}

/// The same of all studies: each with the changes of its primary outcomes, one for each step between versions.
pub fn of_events(events: &[Event]) -> Vec<(StudyId, Changed)> {
    let step = |event: &Event| (event.id, event.new.0);
    let mut sorted: Vec<&Event> = events.iter().collect();
    sorted.sort_by_key(|event| step(event));
    let steps = sorted.chunk_by(|a, b| step(a) == step(b));
    let of_step =
        |step: &[&Event]| Some((step[0].id, changed(step.iter().map(|e| &e.noted), step[0].new.1)?));
    steps.filter_map(of_step).collect()
}

/// The kinds of change that are asked for.
pub fn kinds() -> Vec<Kind> {
    STAGES.iter().map(|(kind, _)| *kind).collect()
}

/// A change of the primary outcomes among those of one step, at its latest stage.
fn changed<'n>(noted: impl Iterator<Item = &'n Noted> + Clone, day: Option<PartialDate>) -> Option<Changed> {
    STAGES.iter().find_map(|(kind, stage)| {
        let Noted { before, after, .. } = noted.clone().find(|noted| noted.kind == *kind)?;
        Some(Changed { day, stage: *stage, before: before.clone(), after: after.clone() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_stage_of_a_step() {
        let id: StudyId = "NCT00000001".parse().unwrap();
        let event = |kind, version| Event {
            id,
            title: String::new(),
            old: (version - 1, None),
            new: (version, None),
            noted: Noted { kind, before: "A".to_owned(), after: "B".to_owned() },
        };
        let events = [
            event(Kind::PrimaryOutcomeChanged, 2),
            event(Kind::PrimaryOutcomeChangedAfterStart, 2),
            event(Kind::EnrollmentLowered, 3),
            event(Kind::PrimaryOutcomeChanged, 4),
        ];
        let found: Vec<Stage> = of_events(&events).into_iter().map(|(_, change)| change.stage).collect();
        assert_eq!(found, [Stage::AfterStart, Stage::Unknown]);
    }
}

//! What of a record survives as FHIR: exported, imported again, and compared piece by piece.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, io::Cursor, ops::ControlFlow};

use export::study::{fhir_r4, fhir_r5};
use ingest::{Found, Limits};
use model::{Study, piece};
use serde_json::Value;

/// The values of each piece, as text.
fn pieces(study: &Value) -> BTreeMap<&'static str, Vec<String>> {
    let mut out: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    piece::walk(study, &mut |leaf| {
        let text = leaf.value.as_str().map_or_else(|| leaf.value.to_string(), str::to_owned);
        out.entry(leaf.piece.name).or_default().push(text);
    });
    out
}

/// A resource as a record.
fn again(resource: &Value) -> Value {
    let stream = Box::new(Cursor::new(resource.to_string().into_bytes()));
    let mut study = None;
    _ = ingest::read_stream("file", stream, Limits::default(), &mut |found| {
        match found {
            Found::Record(raw) => study = Some(ingest::convert(&raw).unwrap().study),
            Found::Issue(issue) => panic!("{issue:?}"),
            Found::Progress { .. } => {}
        }
        ControlFlow::Continue(())
    });
    study.unwrap()
}

/// Of how many studies each piece comes back as it was, otherwise, not at all; and pieces that were not there.
#[derive(Default, Clone, Copy, Debug, PartialEq)]
struct Fate {
    same: usize,
    other: usize,
    lost: usize,
    new: usize,
}

fn fates(export: impl Fn(&Study) -> Value) -> BTreeMap<&'static str, Fate> {
    let demo = std::fs::read_to_string(testkit::root().join("demo/studies.ndjson")).unwrap();
    let mut fates: BTreeMap<&'static str, Fate> = BTreeMap::new();
    for line in demo.lines().filter(|line| !line.is_empty()) {
        let study = Study::new(serde_json::from_str(line).unwrap()).unwrap();
        let (before, after) = (pieces(study.json()), pieces(&again(&export(&study))));
        for (name, values) in &before {
            let fate = fates.entry(name).or_default();
            match after.get(name) {
                Some(back) if back == values => fate.same += 1,
                Some(_) => fate.other += 1,
                None => fate.lost += 1,
            }
        }
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            fates.entry(name).or_default().new += 1;
        }
    }
    fates
}

/// Pieces that come back as they were in every study of the demo registry.
const R5: &str = "Acronym ArmGroupDescription ArmGroupLabel ArmGroupType BriefSummary BriefTitle CentralContactName \
    CollaboratorName CompletionDate Condition DesignInterventionModel DesignMasking DesignObservationalModel \
    DesignPrimaryPurpose DesignTimePerspective DetailedDescription EligibilityCriteria EnrollmentCount EnrollmentType \
    InterventionName Keyword LastUpdateSubmitDate LeadSponsorName LocationCity LocationCountry LocationFacility \
    LocationGeoPoint LocationState LocationZip MaximumAge MinimumAge NCTId OfficialTitle OrgStudyId \
    OtherOutcomeDescription OtherOutcomeMeasure OtherOutcomeTimeFrame OverallOfficialName OverallOfficialRole \
    OverallStatus PrimaryOutcomeDescription PrimaryOutcomeMeasure PrimaryOutcomeTimeFrame SecondaryId \
    SecondaryOutcomeDescription SecondaryOutcomeMeasure SecondaryOutcomeTimeFrame StartDate StudyType WhyStopped";
const R4: &str = "ArmGroupDescription ArmGroupLabel ArmGroupType BriefSummary BriefTitle CentralContactEMail \
    CentralContactName CentralContactPhone CompletionDate Condition EligibilityCriteria InterventionName Keyword \
    LeadSponsorName LocationCity LocationCountry LocationFacility LocationGeoPoint LocationState LocationZip NCTId \
    StartDate";

/// Pieces of which only a part of the values has a code: what has none is absent, and what has a coarser one comes back
/// as that.
const R5_PARTLY: &str = "DesignAllocation Phase SecondaryIdDomain SecondaryIdType Sex StdAge";
const R4_PARTLY: &str = "OverallStatus Phase";

/// That a record has results is told in every record; as FHIR it has none.
const ALWAYS: [&str; 1] = ["HasResults"];

#[track_caller]
fn check(fates: &BTreeMap<&'static str, Fate>, whole: &str, partly: &str) {
    for (name, fate) in fates.iter().filter(|(name, _)| !ALWAYS.contains(*name)) {
        let is_in = |list: &str| list.split_whitespace().any(|one| one == *name);
        let as_told = match fate {
            Fate { same: 1.., other: 0, lost: 0, .. } => is_in(whole),
            Fate { same: 0, other: 0, .. } => !is_in(whole) && !is_in(partly),
            _ => is_in(partly),
        };
        assert!(as_told, "{name}: {fate:?}");
        // An enrolment without a type is exported as the number that is aimed at.
        assert!(fate.new == 0 || *name == "EnrollmentType", "{name} is made up: {fate:?}");
    }
}

/// `docs/formats.md` tells the same.
#[test]
fn what_survives_is_what_is_told() {
    check(&fates(fhir_r5::resource), R5, R5_PARTLY);
    check(&fates(fhir_r4::resource), R4, R4_PARTLY);
}

//! What hospitals and people tell about persons, read into [`Subject`]s: FHIR R4, OMOP CDM tables, Phenopackets v2,
//! and a simple form as CSV or JSON.
//!
//! The content says what it is, not the name. Reading never fails as a whole: what is broken is an issue with its
//! place, what is impossible is kept with its fact and flagged, and what was not understood is counted
//! ([`FoundPerson::NotUnderstood`]).

mod date;
mod fhir;
mod folder;
mod form;
mod meaning;
mod number;
mod omop;
mod phenopackets;
mod session;
mod stream;
mod whole;

use std::{collections::BTreeMap, fs::File, io::Read, ops::ControlFlow, path::Path};

use model::{Issue, IssueKind, Place, Subject};

use crate::Limits;
use session::Session;

/// In what form people come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleFormat {
    /// FHIR R4: bundles, single resources, NDJSON of either.
    Fhir,
    /// OMOP CDM 5.x tables, as CSV or Parquet.
    Omop,
    /// GA4GH Phenopackets v2, as JSON.
    Phenopackets,
    /// One person a row or object, variables in the head with their units.
    Form,
}

/// What reading people finds.
#[derive(Debug)]
pub enum FoundPerson {
    /// A person, and where they stood.
    Person(Box<Subject>, Place),
    /// Something odd; reading goes on.
    Issue(Issue),
    /// At the end: how often something was met that says nothing to us (`resource Claim`, `column shoe size`).
    NotUnderstood(BTreeMap<String, u64>),
}

/// Finds the people in a stream. `name` is what places call it; without a `format` the content says what it is.
pub fn read_people(
    name: &str,
    mut stream: impl Read,
    format: Option<PeopleFormat>,
    limits: Limits,
    found: &mut dyn FnMut(FoundPerson) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut session = Session::new(name, format, limits, found);
    stream::read(&mut session, &mut stream, 0)?;
    session.finish()
}

/// Finds the people in a file, or in all files of a folder: tables and resources there belong together.
pub fn read_people_at(
    path: &Path,
    format: Option<PeopleFormat>,
    limits: Limits,
    found: &mut dyn FnMut(FoundPerson) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let name = path.to_string_lossy();
    let mut session = Session::new(&name, format, limits, found);
    if path.is_dir() {
        folder::read(&mut session, path)?;
    } else {
        match File::open(path) {
            Ok(file) => stream::read(&mut session, &mut &file, 0)?,
            Err(error) => session.issue(IssueKind::Unreadable, error.to_string(), None)?,
        }
    }
    session.finish()
}

//! The versions of a study in the order of their dates, and the steps between them.

use eligibility::{
    Eligibility,
    compare::{Change, diff},
    read::{Options, Reader},
};
use ingest::Format;
use model::{PartialDate, Study, StudyId};
use serde_json::Value;
use store::{Store, Withdrawal};

use crate::{
    Error,
    fields::{self, Comparable, Field},
    kind::{Noted, noted},
};

/// One version of a study.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number in the order of arrival, from 1: as `show --sources` numbers it.
    pub number: usize,
    /// Its number over all studies.
    pub sequence: i64,
    /// Format it came in.
    pub format: Format,
    /// The day the record names as its own: last update posted, else the next best.
    pub day: Option<PartialDate>,
    /// Seconds since 1970 at which it came.
    pub received: i64,
    /// Where it came from.
    pub source: String,
    /// Whether it speaks for the study.
    pub speaks: bool,
    /// Whether it is a whole record; what a part does not say is unknown, so only whole ones are compared.
    pub whole: bool,
    /// The canonical record.
    pub study: Study,
}

impl Version {
    /// The day, or the number where the record has none: what people call it.
    pub fn name(&self) -> String {
        self.day.map_or_else(|| format!("version {}", self.number), |day| day.to_string())
    }
}

/// The versions of one study, by their dates; those of one day in the order of arrival.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The study.
    pub id: StudyId,
    /// Its versions.
    pub versions: Vec<Version>,
    /// When it was missed in its registry, if it was.
    pub withdrawn: Option<Withdrawal>,
}

/// What differs between two versions.
#[derive(Clone, Debug)]
pub struct Step<'t> {
    /// The older.
    pub old: &'t Version,
    /// The newer.
    pub new: &'t Version,
    /// Fields that differ.
    pub fields: Vec<Field>,
    /// What of it matters.
    pub noted: Vec<Noted>,
}

/// What differs between the criteria of two versions.
pub struct Criteria {
    /// The older ones.
    pub old: Eligibility,
    /// The newer ones.
    pub new: Eligibility,
    /// Each difference.
    pub changes: Vec<Change>,
}

impl Timeline {
    /// The versions of a study; none if it is not known.
    pub fn of(store: &Store, id: StudyId) -> Result<Self, Error> {
        let mut versions = Vec::new();
        for (i, kept) in store.versions(id)?.into_iter().enumerate() {
            let bytes = store.version_study(kept.sequence)?.unwrap_or_default();
            let json: Value =
                serde_json::from_slice(&bytes).map_err(|source| registry::Error::Record { id, source })?;
            let whole = store::is_whole(kept.format, &json);
            let Some(study) = Study::new(json) else { continue };
            versions.push(Version {
                number: i + 1,
                sequence: kept.sequence,
                format: kept.format,
                day: day(&study),
                received: kept.source.received,
                source: kept.source.name,
                speaks: kept.speaks,
                whole,
                study,
            });
        }
        versions.sort_by_key(|v| (v.day.map(PartialDate::first_day), data_version(&v.study), v.sequence));
        Ok(Self { id, versions, withdrawn: store.withdrawal(id)? })
    }

    /// Whole versions, one after the other, wherever something differs, oldest first.
    pub fn steps(&self) -> Vec<Step<'_>> {
        let whole: Vec<&Version> = self.versions.iter().filter(|v| v.whole).collect();
        let mut out = Vec::new();
        let mut last: Option<&Version> = None;
        for new in whole {
            let Some(old) = last else {
                last = Some(new);
                continue;
            };
            let step = Step::between(old, new);
            if !step.fields.is_empty() {
                out.push(step);
            }
            last = Some(new);
        }
        out
    }

    /// From the first whole version to the last: what changed since the study was registered, as far as that is kept.
    pub fn overall(&self) -> Option<Step<'_>> {
        let mut whole = self.versions.iter().filter(|v| v.whole);
        let (first, last) = (whole.next()?, whole.next_back()?);
        Some(Step::between(first, last))
    }

    /// The version that somebody means: a number as `show --sources` has it, `first`, `last`, or a day, on which the
    /// last version up to then counted.
    pub fn meant(&self, text: &str) -> Result<&Version, Error> {
        let found = match text.trim() {
            "first" => self.versions.first(),
            "last" => self.versions.last(),
            text => match text.parse::<usize>() {
                Ok(number) if text.len() < 4 => self.versions.iter().find(|v| v.number == number),
                _ => self.on(text),
            },
        };
        found.ok_or_else(|| {
            let of = |v: &Version| format!("{} ({})", v.number, v.name());
            let versions = self.versions.iter().map(of).collect::<Vec<_>>().join(", ");
            Error::NoVersion { id: self.id, wanted: text.to_owned(), versions }
        })
    }

    fn on(&self, day: &str) -> Option<&Version> {
        let day = day.parse::<PartialDate>().ok()?.last_day();
        self.versions.iter().rev().find(|v| v.day.is_some_and(|own| own.first_day() <= day))
    }
}

impl<'t> Step<'t> {
    /// What differs between two versions. Where one of them is a part, or they came in different formats, only what
    /// both say.
    pub fn between(old: &'t Version, new: &'t Version) -> Self {
        let fields = fields::compare(old.study.json(), new.study.json(), comparable(old, new));
        Self { old, new, fields, noted: Self::noted(old, new) }
    }

    /// What matters of it, without the rest, which takes longer.
    pub fn noted(old: &Version, new: &Version) -> Vec<Noted> {
        if old.whole && new.whole { noted(old, new, comparable(old, new)) } else { Vec::new() }
    }

    /// What differs between the criteria; `None` where the words and fields of both are the same.
    pub fn criteria(&self, reader: &mut Reader) -> Option<Criteria> {
        let module = |v: &Version| v.study.json().pointer("/protocolSection/eligibilityModule").cloned();
        if module(self.old) == module(self.new) {
            return None;
        }
        let mut read = |v: &Version| Eligibility::of(reader, &v.study, Options::default());
        let (old, new) = (read(self.old), read(self.new));
        let changes = diff(&old.criteria, &new.criteria);
        Some(Criteria { old, new, changes })
    }
}

fn comparable(old: &Version, new: &Version) -> Comparable {
    let alike = old.format == new.format && old.whole && new.whole;
    if alike { Comparable::All } else { Comparable::Both }
}

/// The day a record names as its own.
fn day(study: &Study) -> Option<PartialDate> {
    const DAYS: [&str; 4] =
        ["LastUpdatePostDate", "LastUpdateSubmitDate", "StatusVerifiedDate", "StudyFirstPostDate"];
    DAYS.iter().find_map(|piece| study.date(piece))
}

/// The day of the registry's data that derived terms are of.
fn data_version(study: &Study) -> Option<jiff::civil::Date> {
    study.date("VersionHolder").map(PartialDate::first_day)
}

//! Outcomes by what they are measured with.

use model::Study;

use crate::{
    compile::{Mention, instrument},
    read::time,
    record::{Rank, Record},
};

/// What several outcomes are measured with.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The instrument's id; `None` of outcomes that name none.
    pub instrument: Option<&'static str>,
    /// What people call it.
    pub name: String,
    /// What each study measures with it.
    pub measured: Vec<Vec<Measured>>,
}

/// An outcome of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// What is measured.
    pub what: String,
    /// Its rank.
    pub rank: Rank,
    /// When, as far as that can be read.
    pub times: Vec<time::Span>,
}

/// A row for each instrument, those of most studies first; what names none stands in the last.
pub(super) fn rows<'s>(studies: impl Iterator<Item = &'s Study>) -> Vec<Row> {
    let studies: Vec<&Study> = studies.collect();
    let mut out: Vec<Row> = Vec::new();
    for (at, study) in studies.iter().enumerate() {
        let record = Record::new(study);
        for (outcome, (of_measure, of_description)) in record.outcomes.iter().zip(&record.mentions().outcomes)
        {
            let mut ids = named(of_measure);
            if ids.is_empty() {
                ids = named(of_description);
            }
            let frame = outcome.time_frame.as_ref();
            let points = frame.map(|f| time::points(&f.text, 0..f.text.tokens.len())).unwrap_or_default();
            let times = points.into_iter().map(|point| point.time).collect();
            let measured =
                Measured { what: outcome.measure.text.source.to_owned(), rank: outcome.rank, times };
            let ids: Vec<Option<&'static str>> =
                if ids.is_empty() { vec![None] } else { ids.into_iter().map(Some).collect() };
            for id in ids {
                let place = out.iter().position(|row| row.instrument == id).unwrap_or_else(|| {
                    let name = id
                        .map_or("No instrument named", |id| instrument(id).map_or(id, |i| i.name))
                        .to_owned();
                    out.push(Row { instrument: id, name, measured: vec![Vec::new(); studies.len()] });
                    out.len() - 1
                });
                out[place].measured[at].push(measured.clone());
            }
        }
    }
    let shared = |row: &Row| row.measured.iter().filter(|of| !of.is_empty()).count();
    out.sort_by(|a, b| {
        let named = b.instrument.is_some().cmp(&a.instrument.is_some());
        named.then(shared(b).cmp(&shared(a))).then_with(|| a.name.cmp(&b.name))
    });
    out
}

fn named(mentions: &[Mention]) -> Vec<&'static str> {
    let mut ids: Vec<&'static str> = mentions.iter().map(|(i, ..)| i.id).collect();
    ids.dedup();
    ids
}

//! People held against a study as they come in a request: read in memory, answered, and forgotten.

use std::ops::ControlFlow;

use eligibility::{
    Eligibility,
    evaluate::{Absence, Settings},
    read::{Options, Reader},
    record,
    relax::{self, Limit, Move},
    tree::Var,
};
use ingest::{
    Limits,
    people::{FoundPerson, read_people},
};
use jiff::civil::Date;
use matching::screen::{
    Row, Screening,
    whatif::{Count, Question, Search},
};
use model::{Study, StudyId, Subject};

use crate::Site;

/// So many things that are odd about the people are told.
const TOLD: usize = 10;

/// A study and people to be held against it.
pub(crate) struct Asked {
    /// The study.
    pub id: StudyId,
    /// The people: FHIR, OMOP tables, Phenopackets or a form.
    pub people: Vec<u8>,
    /// The day that counts as today.
    pub day: Date,
    /// What it means that nothing is recorded.
    pub absence: Absence,
    /// Limits to be moved; those that stay where they are count for nothing.
    pub moves: Vec<Move>,
    /// Of whose limits every step is asked.
    pub curve: Option<Var>,
}

/// What was found.
pub(crate) struct Screened {
    /// The study.
    pub study: Study,
    /// The criteria with what was counted.
    pub screening: Screening,
    /// The people, in their order.
    pub rows: Vec<Row>,
    /// What is odd about the people, the first of it.
    pub issues: Vec<String>,
    /// How much more is odd.
    pub more_issues: usize,
    /// Who would join a study a little different; where a study has no limits it is only about its criteria.
    pub changes: Option<Count>,
    /// The limits of the study.
    pub limits: Vec<Limit>,
    /// The limits that were moved.
    pub moves: Vec<Move>,
    /// Whose steps were asked for.
    pub curve: Option<Var>,
}

/// Why nothing was found.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is no such study.
    NoStudy(StudyId),
    /// There is nobody in what was sent; what is said of it.
    Nobody(String),
    /// A limit cannot be moved so.
    Limit(relax::Trouble),
    /// The registry cannot be read.
    Registry(registry::Error),
}

impl From<registry::Error> for Trouble {
    fn from(error: registry::Error) -> Self {
        Self::Registry(error)
    }
}

/// A policy by its word; the usual one for records if nothing is said.
pub(crate) fn absence(word: &str) -> Result<Absence, String> {
    let known = Absence::ALL.into_iter().find(|absence| absence.as_str() == word);
    match known {
        None if word.is_empty() => Ok(Absence::Open),
        None => Err(format!("`{word}` is no policy for what is not recorded: say open, closed or clinical")),
        Some(absence) => Ok(absence),
    }
}

/// A day; today if nothing is said.
pub(crate) fn day(text: &str, today: Date) -> Result<Date, String> {
    if text.is_empty() {
        return Ok(today);
    }
    text.parse().map_err(|_| format!("`{text}` is no day: write it as 2026-05-17"))
}

/// Holds people against a study.
pub(crate) fn screen(site: &Site, asked: Asked) -> Result<Screened, Trouble> {
    let study = site.catalogue.study(asked.id)?.ok_or(Trouble::NoStudy(asked.id))?;
    let (people, mut issues) = people(&asked.people);
    if people.is_empty() {
        issues.truncate(3);
        return Err(Trouble::Nobody(issues.join("; ")));
    }
    let mut reader = Reader::new();
    let read = Eligibility::of(&mut reader, &study, Options::default()).criteria.items;
    let items = record::to_evaluate(read, Some(&study), &mut reader);
    let settings = Settings::on(asked.day).with(asked.absence);
    let mut screening = Screening::new(items.clone(), settings.clone());
    let rows = screening.hold(&people);
    let limits = relax::limits(&items);
    let moves: Vec<Move> = asked.moves.into_iter().filter(|wish| is_moved(wish, &limits)).collect();
    let question = Question { items, settings, asked: moves.clone(), curve: asked.curve.clone() };
    let changes = changes(question, &people)?;
    let more_issues = issues.len().saturating_sub(TOLD);
    issues.truncate(TOLD);
    Ok(Screened { study, screening, rows, issues, more_issues, changes, limits, moves, curve: asked.curve })
}

/// Whether a limit is moved from where the study has it.
fn is_moved(wish: &Move, limits: &[Limit]) -> bool {
    let same = |limit: &&Limit| limit.var == wish.var && limit.upper == wish.upper;
    limits.iter().find(same).is_none_or(|limit| limit.bound.value != wish.bound.value)
}

fn changes(question: Question, people: &[Subject]) -> Result<Option<Count>, Trouble> {
    let is_asked = !question.asked.is_empty() || question.curve.is_some();
    let counted = Search::new(question).and_then(|mut search| {
        search.look(people);
        let mut count = search.count()?;
        count.hold(people, &mut |_| {});
        Ok(count)
    });
    match counted {
        Ok(count) => Ok(Some(count)),
        Err(trouble) if is_asked => Err(Trouble::Limit(trouble)),
        Err(_) => Ok(None),
    }
}

/// The people of some bytes, and what is odd about them.
fn people(bytes: &[u8]) -> (Vec<Subject>, Vec<String>) {
    let (mut people, mut issues) = (Vec::new(), Vec::new());
    let _ = read_people("people", bytes, None, Limits::default(), &mut |found| {
        match found {
            FoundPerson::Person(subject, _) => people.push(*subject),
            FoundPerson::Issue(issue) => issues.push(issue.to_string()),
            FoundPerson::NotUnderstood(_) => {}
        }
        ControlFlow::Continue(())
    });
    (people, issues)
}

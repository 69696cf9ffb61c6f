//! One reading of people: where it stands, what it has found, what belongs together across files.

use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
};

use model::{Birth, Fact, Issue, IssueKind, Place, Problem, Subject};

use super::{FoundPerson, PeopleFormat, meaning::Meaning, omop};
use crate::Limits;

/// Whether to go on.
pub(crate) type Flow = ControlFlow<()>;

/// The receiver of what is found, with what all files of a reading have in common.
pub(crate) struct Session<'a> {
    /// The file at hand.
    pub file: String,
    /// Number of the record at hand, from 1.
    pub record: Option<u64>,
    /// Where that record begins.
    pub byte: Option<u64>,
    /// What the caller says that it is.
    pub format: Option<PeopleFormat>,
    pub limits: Limits,
    /// What codes and words mean.
    pub meaning: Meaning,
    /// FHIR resources of people who are not in the same bundle.
    pub loose: Group,
    /// OMOP tables.
    pub tables: omop::Tables,
    /// How many people and issues there were: a reading without either says that there was nothing.
    met: u64,
    missed: BTreeMap<String, u64>,
    found: &'a mut dyn FnMut(FoundPerson) -> Flow,
}

/// People under construction, in the order in which they were first named.
#[derive(Default)]
pub(crate) struct Group {
    people: Vec<(Subject, Place)>,
    index: HashMap<String, usize>,
}

impl Group {
    /// The person of an id, made if need be.
    pub fn person(&mut self, id: &str, place: &Place) -> &mut Subject {
        let at = match self.index.get(id) {
            Some(&at) => at,
            None => {
                self.index.insert(id.to_owned(), self.people.len());
                let subject = Subject { id: id.to_owned(), ..Subject::default() };
                self.people.push((subject, Place { path: None, ..place.clone() }));
                self.people.len() - 1
            }
        };
        &mut self.people[at].0
    }

    /// The only person, if there is just one.
    pub fn only(&self) -> Option<&str> {
        match self.people.as_slice() {
            [(subject, _)] => Some(&subject.id),
            _ => None,
        }
    }

    pub fn contains(&self, id: &str) -> bool {
        self.index.contains_key(id)
    }

    pub fn into_people(self) -> Vec<(Subject, Place)> {
        self.people
    }
}

impl<'a> Session<'a> {
    pub fn new(
        file: &str,
        format: Option<PeopleFormat>,
        limits: Limits,
        found: &'a mut dyn FnMut(FoundPerson) -> Flow,
    ) -> Self {
        Self {
            file: file.to_owned(),
            record: None,
            byte: None,
            format,
            limits,
            meaning: Meaning::default(),
            loose: Group::default(),
            tables: omop::Tables::default(),
            met: 0,
            missed: BTreeMap::new(),
            found,
        }
    }

    /// The record at hand, or a path inside it.
    pub fn place(&self, path: Option<String>) -> Place {
        Place { file: self.file.clone(), entry: None, record: self.record, byte: self.byte, path }
    }

    pub fn issue(&mut self, kind: IssueKind, message: impl Into<String>, path: Option<String>) -> Flow {
        let issue = Issue::new(kind, message, self.place(path));
        self.report(issue)
    }

    pub fn report(&mut self, issue: Issue) -> Flow {
        self.met += 1;
        (self.found)(FoundPerson::Issue(issue))
    }

    /// Counts something that was not understood.
    pub fn missed(&mut self, what: &str) {
        match self.missed.get_mut(what) {
            Some(count) => *count += 1,
            None => {
                self.missed.insert(what.to_owned(), 1);
            }
        }
    }

    /// Hands out a person: facts in order, impossible times flagged.
    pub fn person(&mut self, mut subject: Subject, place: Place) -> Flow {
        self.met += 1;
        flag_times(&mut subject);
        subject.sort();
        (self.found)(FoundPerson::Person(Box::new(subject), place))
    }

    /// The end of the input: what was gathered across files is handed out.
    pub fn finish(mut self) -> Flow {
        for (subject, place) in std::mem::take(&mut self.loose).into_people() {
            self.person(subject, place)?;
        }
        omop::finish(&mut self)?;
        if self.met == 0 && self.missed.is_empty() {
            self.record = None;
            self.issue(IssueKind::UnknownFormat, format!("no people in it; {EXPECTED}"), None)?;
        }
        let missed = std::mem::take(&mut self.missed);
        if missed.is_empty() { Flow::Continue(()) } else { (self.found)(FoundPerson::NotUnderstood(missed)) }
    }
}

/// What files of people may be, for messages.
pub(crate) const EXPECTED: &str = "expected FHIR R4 (a bundle, a resource, or NDJSON of either), OMOP CDM tables (CSV \
     or Parquet), a Phenopacket v2, or a form (CSV or JSON with heads like `age`, `sex`, `HbA1c (%)`)";

/// Years that nobody has lived.
const IMPOSSIBLE_AGE: i16 = 130;

fn flag_times(subject: &mut Subject) {
    let birth = match &subject.birth {
        Some(Birth::Date(date)) => Some(*date),
        _ => None,
    };
    for fact in &mut subject.facts {
        flag_fact(fact, birth);
    }
    let latest = subject.facts.iter().filter(|fact| fact.counts()).filter_map(|fact| fact.start).max();
    let end = subject.death.as_ref().and_then(|death| death.date).or(latest);
    if let (Some(birth), Some(end)) = (birth, end) {
        if end.last_day() < birth.first_day() && subject.death.is_some() {
            subject.problems.push(Problem::BeforeBirth);
        }
        if end.year() - birth.year() > IMPOSSIBLE_AGE {
            subject.problems.push(Problem::Implausible { suggested_unit: None });
        }
    }
    if let Some(Birth::Age(age)) = &subject.birth {
        let years = vocabulary::variable::by_id("age").and_then(|variable| {
            let unit = vocabulary::unit::of(&age.unit);
            let canonical = variable.canonical(age.value, unit).ok()?;
            Some(variable.is_plausible(canonical.value))
        });
        if years != Some(true) {
            subject.problems.push(Problem::Implausible { suggested_unit: None });
        }
    }
}

fn flag_fact(fact: &mut Fact, birth: Option<model::PartialDate>) {
    if let (Some(start), Some(end)) = (fact.start, fact.end)
        && end.last_day() < start.first_day()
    {
        fact.problems.push(Problem::EndsBeforeStart);
    }
    if let (Some(start), Some(birth)) = (fact.start, birth)
        && start.last_day() < birth.first_day()
        && fact.family.is_none()
    {
        fact.problems.push(Problem::BeforeBirth);
    }
}

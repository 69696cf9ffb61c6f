//! Up to 64 people held against compiled studies at once.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Fact, FactKind, Subject, What};

use super::Compiled;
use super::leaf::{Asking, Class};
use super::program::{Planes, run};
use super::quick::Quick;
use super::topic::{Meaning, Topic};
use crate::evaluate::assessment::{Ruling, Standing};
use crate::evaluate::finding::Truth;
use crate::evaluate::life::is_alive;
use crate::evaluate::value::latest;

/// So many names of facts are kept in mind.
const NAMES: usize = 1 << 18;

/// Room for people who are held at once, with what was learned of the names of their facts. Of one set of compiled
/// studies; each thread has its own.
#[derive(Debug)]
pub struct Block {
    compiled: Arc<Compiled>,
    people: usize,
    leaves: Vec<Planes>,
    /// Leaves seen for the person at hand, by the number of the person.
    seen: Vec<u64>,
    held: u64,
    /// Who has died, and of whom it is not known.
    dead: u64,
    perhaps_dead: u64,
    /// What names mean, apart for allergies.
    meanings: [HashMap<What, Arc<Meaning>, Quick>; 2],
    stack: Vec<Planes>,
}

/// The verdicts of a study, a bit for each person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Who may join by all that records can decide.
    pub eligible: u64,
    /// Of whom it is not known.
    pub undetermined: u64,
    /// Who may not.
    pub ineligible: u64,
}

impl Verdicts {
    /// The verdict of a person of the block.
    pub fn of(self, person: usize) -> Ruling {
        let has = |plane: u64| plane >> person & 1 == 1;
        match () {
            () if has(self.ineligible) => Ruling::Ineligible,
            () if has(self.eligible) => Ruling::Eligible,
            () => Ruling::Undetermined,
        }
    }
}

impl Planes {
    /// How a criterion stands for a person of the block.
    pub fn of(self, person: usize) -> Standing {
        let has = |plane: u64| plane >> person & 1 == 1;
        match () {
            () if has(self.holds) => Standing::Met,
            () if has(self.fails) => Standing::NotMet,
            () if has(self.asks) => Standing::Unknown,
            () => Standing::ForPerson,
        }
    }

    fn set(&mut self, person: usize, standing: Standing) {
        let bit = 1_u64 << person;
        let put = |plane: &mut u64, is: bool| *plane = *plane & !bit | if is { bit } else { 0 };
        put(&mut self.holds, standing == Standing::Met);
        put(&mut self.fails, standing == Standing::NotMet);
        put(&mut self.asks, standing == Standing::Unknown);
    }
}

impl Block {
    /// People that fit in.
    pub const ROOM: usize = 64;

    /// A block without people.
    pub fn new(compiled: Arc<Compiled>) -> Self {
        Self {
            people: 0,
            leaves: vec![Planes::default(); compiled.leaves.all.len()],
            seen: vec![0; compiled.leaves.all.len()],
            held: 0,
            dead: 0,
            perhaps_dead: 0,
            meanings: Default::default(),
            stack: Vec::new(),
            compiled,
        }
    }

    /// How many people are in it.
    pub fn people(&self) -> usize {
        self.people
    }

    /// Holds people against all leaves, instead of those who were in it. Those for whom there is no [`Self::ROOM`] are
    /// left out.
    pub fn hold(&mut self, people: &[Subject]) {
        let people = &people[..people.len().min(Self::ROOM)];
        self.people = people.len();
        self.lives(people);
        self.fill(people);
        for (place, subject) in people.iter().enumerate() {
            self.held += 1;
            self.person(place, subject);
        }
    }

    /// Who has died.
    fn lives(&mut self, people: &[Subject]) {
        (self.dead, self.perhaps_dead) = (0, 0);
        for (place, subject) in people.iter().enumerate() {
            match is_alive(subject, self.compiled.settings.index_date) {
                Truth::Met => {}
                Truth::NotMet => self.dead |= 1 << place,
                Truth::Unknown => self.perhaps_dead |= 1 << place,
            }
        }
    }

    /// What becomes of all leaves without facts.
    fn fill(&mut self, people: &[Subject]) {
        let mut of_class = [0_u64; Class::COUNT];
        for (place, subject) in people.iter().enumerate() {
            of_class[Class::of(subject, &self.compiled.settings).0] |= 1 << place;
        }
        let mut first = true;
        for (class, bits) in of_class.into_iter().enumerate().filter(|(_, bits)| *bits != 0) {
            let planes = |standing: Standing| Planes {
                holds: if standing == Standing::Met { bits } else { 0 },
                fails: if standing == Standing::NotMet { bits } else { 0 },
                asks: if standing == Standing::Unknown { bits } else { 0 },
            };
            for (leaf, standing) in self.leaves.iter_mut().zip(self.compiled.defaults(Class(class))) {
                let more = planes(*standing);
                let before = if first { Planes::default() } else { *leaf };
                leaf.holds = before.holds | more.holds;
                leaf.fails = before.fails | more.fails;
                leaf.asks = before.asks | more.asks;
            }
            first = false;
        }
    }

    /// What the facts of a person change.
    fn person(&mut self, place: usize, subject: &Subject) {
        let compiled = self.compiled.clone();
        let meanings: Vec<Arc<Meaning>> = subject.facts.iter().map(|fact| self.meaning(fact)).collect();
        let hits = hits(&meanings, subject, &compiled);
        let facts_of = |topic: u32| -> Vec<(usize, &Fact)> {
            let from = hits.partition_point(|hit| hit.0 < topic);
            let of_topic = hits[from..].iter().take_while(|hit| hit.0 == topic);
            of_topic.filter_map(|hit| Some((hit.1? as usize, &subject.facts[hit.1? as usize]))).collect()
        };
        let mut asking = Asking { subject, named: None };
        let birth = compiled.leaves.topics.known(&Topic::Birth);
        for of_topic in hits.chunk_by(|a, b| a.0 == b.0) {
            let topic = of_topic[0].0;
            let Some(dependents) = compiled.leaves.of_topic.get(topic as usize) else { continue };
            for &leaf in &dependents.leaves {
                if std::mem::replace(&mut self.seen[leaf as usize], self.held) == self.held {
                    continue;
                }
                let names = || meanings.iter().map(|meaning| meaning.names.clone()).collect();
                let of = &compiled.leaves.all[leaf as usize];
                if let Some(standing) = asking.leaf(of, facts_of, names, &compiled.settings) {
                    self.leaves[leaf as usize].set(place, standing);
                }
            }
            let mut say = |leaf: u32, standing| self.leaves[leaf as usize].set(place, standing);
            if dependents.groups.is_empty() {
                continue;
            }
            let today = compiled.settings.index_date;
            let values = latest(facts_of(topic).into_iter().map(|(_, fact)| fact), today);
            for &group in &dependents.groups {
                let group = compiled.leaves.groups.get(group as usize);
                match &*group.var == "age" && subject.birth.is_some() {
                    true if Some(topic) == birth => group.birth(subject, today, &mut say),
                    true => {}
                    false => group.values(&values, &mut say),
                }
            }
        }
    }

    fn meaning(&mut self, fact: &Fact) -> Arc<Meaning> {
        let known = &mut self.meanings[usize::from(fact.kind == FactKind::Allergy)];
        if let Some(meaning) = known.get(&fact.what) {
            return meaning.clone();
        }
        if known.len() >= NAMES {
            known.clear();
        }
        let meaning = Arc::new(self.compiled.leaves.topics.meaning(&fact.what, fact.kind));
        known.insert(fact.what.clone(), meaning.clone());
        meaning
    }

    /// The verdicts of a study.
    pub fn verdicts(&mut self, study: usize) -> Verdicts {
        let inside = if self.people >= 64 { u64::MAX } else { (1 << self.people) - 1 };
        let (mut blocked, mut open, mut any) = (self.dead, self.perhaps_dead, false);
        self.each_criterion(study, &mut |planes| {
            blocked |= planes.fails;
            open |= planes.asks;
            any = true;
        });
        if !any {
            open = u64::MAX;
        }
        Verdicts {
            ineligible: blocked & inside,
            undetermined: open & !blocked & inside,
            eligible: !(blocked | open) & inside,
        }
    }

    /// Calls `found` with what became of each criterion of a study, in their order: of whom it is met (`holds`), of whom
    /// it is not (`fails`), and of whom it is not known and a record would tell (`asks`).
    pub fn each_criterion(&mut self, study: usize, found: &mut impl FnMut(Planes)) {
        let mut stack = std::mem::take(&mut self.stack);
        run(self.compiled.program(study), &self.leaves, &mut stack, found);
        stack.clear();
        self.stack = stack;
    }
}

/// A topic of a person, and the fact that it is about; none for what is no fact. In their order.
fn hits(meanings: &[Arc<Meaning>], subject: &Subject, compiled: &Compiled) -> Vec<(u32, Option<u32>)> {
    let mut hits: Vec<(u32, Option<u32>)> = Vec::with_capacity(2 * meanings.len());
    for (at, (meaning, fact)) in meanings.iter().zip(&subject.facts).enumerate() {
        // What is told of relatives never counts.
        if fact.family.is_none() {
            hits.extend(meaning.topics.iter().map(|topic| (*topic, Some(at as u32))));
        }
    }
    let known = |topic: Topic, is: bool| compiled.leaves.topics.known(&topic).filter(|_| is);
    hits.extend(known(Topic::Birth, subject.birth.is_some()).map(|topic| (topic, None)));
    hits.extend(known(Topic::Observed, !subject.observed.is_empty()).map(|topic| (topic, None)));
    hits.sort_unstable();
    hits
}

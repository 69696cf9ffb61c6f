//! Some people held against compiled studies at once.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use model::{Fact, FactKind, Subject, What};

use super::Compiled;
use super::leaf::{Asking, Class, Hit, Leaves};
use super::program::{Planes, run};
use super::quick::Quick;
use super::topic::{Meaning, Topic};
use super::word::Word;
use crate::evaluate::assessment::{Ruling, Standing};
use crate::evaluate::fact::takes_drugs;
use crate::evaluate::finding::Truth;
use crate::evaluate::life::is_alive;
use crate::evaluate::settings::Absence;
use crate::evaluate::value::{last_day, latest};

/// So many names of facts are kept in mind.
const NAMES: usize = 1 << 18;

/// Room for 64 people.
pub type Block = Held<u64>;

/// Room for a person, under up to eight policies at once.
pub type Single = Held<u8>;

/// Room for people who are held at once, with what was learned of the names of their facts. Of one set of compiled
/// studies; each thread has its own.
#[derive(Debug)]
pub struct Held<W> {
    compiled: Arc<Compiled>,
    people: usize,
    leaves: Vec<Planes<W>>,
    /// Leaves seen for the person at hand, by the number of the person.
    seen: Vec<u64>,
    held: u64,
    /// Who has died, and of whom it is not known.
    dead: W,
    perhaps_dead: W,
    /// What names mean, by the kind of the fact.
    meanings: HashMap<FactKind, HashMap<What, Arc<Meaning>, Quick>, Quick>,
    stack: Vec<Planes<W>>,
    room: Room,
}

/// What is needed while a person is held, kept for the next one.
#[derive(Debug, Default)]
struct Room {
    meanings: Vec<Arc<Meaning>>,
    hits: Vec<Hit>,
}

/// The verdicts of a study, a bit for each person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts<W = u64> {
    /// Who may join by all that records can decide.
    pub eligible: W,
    /// Of whom it is not known.
    pub undetermined: W,
    /// Who may not.
    pub ineligible: W,
}

impl<W: Word> Verdicts<W> {
    /// The verdict of a person of the block.
    pub fn of(self, person: usize) -> Ruling {
        match () {
            () if self.ineligible.has(person) => Ruling::Ineligible,
            () if self.eligible.has(person) => Ruling::Eligible,
            () => Ruling::Undetermined,
        }
    }
}

impl<W: Word> Planes<W> {
    /// How a criterion stands for a person of the block.
    pub fn of(self, person: usize) -> Standing {
        match () {
            () if self.holds.has(person) => Standing::Met,
            () if self.fails.has(person) => Standing::NotMet,
            () if self.asks.has(person) => Standing::Unknown,
            () => Standing::ForPerson,
        }
    }

    fn set(&mut self, person: usize, standing: Standing) {
        let bit = W::bit(person);
        let put = |plane: &mut W, is: bool| *plane = *plane & !bit | if is { bit } else { W::NONE };
        put(&mut self.holds, standing == Standing::Met);
        put(&mut self.fails, standing == Standing::NotMet);
        put(&mut self.asks, standing == Standing::Unknown);
    }

    /// The same standing for some people.
    fn all(standing: Standing, bits: W) -> Self {
        let of = |one: Standing| if standing == one { bits } else { W::NONE };
        Self { holds: of(Standing::Met), fails: of(Standing::NotMet), asks: of(Standing::Unknown) }
    }
}

impl<W: Word> Held<W> {
    /// People that fit in.
    pub const ROOM: usize = W::ROOM;

    /// A block without people.
    pub fn new(compiled: Arc<Compiled>) -> Self {
        let leaves = compiled.plan.leaves.all.len();
        Self {
            people: 0,
            leaves: vec![Planes::default(); leaves],
            seen: vec![0; leaves],
            held: 0,
            dead: W::NONE,
            perhaps_dead: W::NONE,
            meanings: Default::default(),
            stack: Vec::new(),
            room: Room::default(),
            compiled,
        }
    }

    /// How many people are in it.
    pub fn people(&self) -> usize {
        self.people
    }

    /// Holds people against all leaves, by the first policy, instead of those who were in it. Those for whom there is no
    /// [`Self::ROOM`] are left out.
    pub fn hold(&mut self, people: &[Subject]) {
        self.each(people.len(), &|place| (&people[place], 0));
    }

    /// Holds one person by every policy, in their order.
    pub fn hold_one(&mut self, subject: &Subject) {
        self.each(self.compiled.policies.len(), &|policy| (subject, policy));
    }

    fn each<'s>(&mut self, people: usize, of: &dyn Fn(usize) -> (&'s Subject, usize)) {
        self.people = people.min(Self::ROOM);
        self.lives(of);
        self.fill(of);
        for place in 0..self.people {
            let (subject, policy) = of(place);
            self.held += 1;
            self.person(place, subject, policy);
        }
    }

    /// Who has died.
    fn lives<'s>(&mut self, of: &dyn Fn(usize) -> (&'s Subject, usize)) {
        (self.dead, self.perhaps_dead) = (W::NONE, W::NONE);
        for place in 0..self.people {
            let (subject, policy) = of(place);
            match is_alive(subject, self.compiled.policies[policy].index_date) {
                Truth::Met => {}
                Truth::NotMet => self.dead |= W::bit(place),
                Truth::Unknown => self.perhaps_dead |= W::bit(place),
            }
        }
    }

    /// What becomes of all leaves without facts.
    fn fill<'s>(&mut self, of: &dyn Fn(usize) -> (&'s Subject, usize)) {
        let compiled = self.compiled.clone();
        let mut classes: Vec<(usize, Class, W)> = Vec::new();
        for place in 0..self.people {
            let (subject, policy) = of(place);
            let class = Class::of(subject, &compiled.policies[policy]);
            match classes.iter_mut().find(|one| (one.0, one.1) == (policy, class)) {
                Some((_, _, bits)) => *bits |= W::bit(place),
                None => classes.push((policy, class, W::bit(place))),
            }
        }
        for (number, (policy, class, bits)) in classes.into_iter().enumerate() {
            let planes = [Standing::Met, Standing::NotMet, Standing::Unknown, Standing::ForPerson]
                .map(|standing| Planes::all(standing, bits));
            let defaults = self.leaves.iter_mut().zip(compiled.defaults(policy, class));
            match number {
                0 => defaults.for_each(|(leaf, standing)| *leaf = planes[*standing as usize]),
                _ => defaults.for_each(|(leaf, standing)| {
                    let more = planes[*standing as usize];
                    leaf.holds |= more.holds;
                    leaf.fails |= more.fails;
                    leaf.asks |= more.asks;
                }),
            }
        }
    }

    /// What the facts of a person change.
    fn person(&mut self, place: usize, subject: &Subject, policy: usize) {
        let compiled = self.compiled.clone();
        let (settings, leaves) = (&compiled.policies[policy], &compiled.plan.leaves);
        let asked = compiled.asked(policy);
        let mut room = std::mem::take(&mut self.room);
        room.meanings.clear();
        room.meanings.extend(subject.facts.iter().map(|fact| self.meaning(fact)));
        let closed = settings.absence == Absence::Closed;
        hits(&room.meanings, subject, leaves, closed, &mut room.hits);
        let mut asking = Asking::new(subject, &room.meanings, &room.hits, settings);
        let birth = leaves.topics.known(&Topic::Birth);
        for of_topic in room.hits.chunk_by(|a, b| a.topic == b.topic) {
            let topic = of_topic[0].topic;
            let Some(dependents) = leaves.of_topic.get(topic as usize) else { continue };
            asking.about(topic, of_topic);
            for &leaf in &dependents.leaves {
                if std::mem::replace(&mut self.seen[leaf as usize], self.held) == self.held {
                    continue;
                }
                if let Some(standing) = asking.leaf(&leaves.all[leaf as usize], asked[leaf as usize]) {
                    self.leaves[leaf as usize].set(place, standing);
                }
            }
            if dependents.groups.is_empty() {
                continue;
            }
            let mut say = |leaf: u32, standing| self.leaves[leaf as usize].set(place, standing);
            let today = settings.index_date;
            let values = latest(asking.facts().iter().map(|about| about.fact), today);
            let last = values.iter().map(|fact| last_day(fact, today)).max();
            let outdated = last.is_some_and(|last| settings.is_outdated(last));
            for &group in &dependents.groups {
                let group = leaves.groups.get(group as usize);
                match &*group.var == "age" && subject.birth.is_some() {
                    true if Some(topic) == birth => group.birth(subject, today, &mut say),
                    true => {}
                    false if outdated => group.outdated(&mut say),
                    false => group.values(&values, &mut say),
                }
            }
        }
        self.room = room;
    }

    fn meaning(&mut self, fact: &Fact) -> Arc<Meaning> {
        let known = self.meanings.entry(fact.kind).or_default();
        if let Some(meaning) = known.get(&fact.what) {
            return meaning.clone();
        }
        if known.len() >= NAMES {
            known.clear();
        }
        let meaning = Arc::new(self.compiled.plan.leaves.topics.meaning(&fact.what, fact.kind));
        known.insert(fact.what.clone(), meaning.clone());
        meaning
    }

    /// The verdicts of a study.
    pub fn verdicts(&mut self, study: usize) -> Verdicts<W> {
        let inside = W::first(self.people);
        // Whoever is ruled out stays so.
        self.ruled(study, &mut |_, _, blocked| match blocked & inside == inside {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })
    }

    /// Calls `found` with what became of each criterion of a study, in their order: of whom it is met (`holds`), of whom
    /// it is not (`fails`), and of whom it is not known and a record would tell (`asks`); and with the same as far as
    /// the tree alone says it, whatever was not read. The verdicts of the study.
    pub fn each_criterion(
        &mut self,
        study: usize,
        found: &mut impl FnMut(Planes<W>, Planes<W>),
    ) -> Verdicts<W> {
        self.ruled(study, &mut |planes, read, _| {
            found(planes, read);
            ControlFlow::Continue(())
        })
    }

    /// Goes through the criteria, with those who are ruled out so far, until that is enough.
    fn ruled(
        &mut self,
        study: usize,
        found: &mut impl FnMut(Planes<W>, Planes<W>, W) -> ControlFlow<()>,
    ) -> Verdicts<W> {
        let inside = W::first(self.people);
        let (mut blocked, mut open, mut any) = (self.dead, self.perhaps_dead, false);
        let (mut defined, mut wanted) = (false, W::NONE);
        let program = self.compiled.plan.program(study);
        let _ = run(program, &self.leaves, &mut self.stack, &mut |planes, read, defining| {
            blocked |= planes.fails;
            open |= planes.asks;
            any = true;
            if defining {
                defined = true;
                wanted |= planes.holds;
            }
            found(planes, read, blocked)
        });
        self.stack.clear();
        if !any {
            open = W::ALL;
        }
        if defined {
            open |= !wanted;
        }
        Verdicts {
            ineligible: blocked & inside,
            undetermined: open & !blocked & inside,
            eligible: !(blocked | open) & inside,
        }
    }
}

/// The topics of a person, each with a fact that is about it; none for what is no fact. In their order.
fn hits(meanings: &[Arc<Meaning>], subject: &Subject, leaves: &Leaves, closed: bool, hits: &mut Vec<Hit>) {
    hits.clear();
    for (at, (meaning, fact)) in meanings.iter().zip(&subject.facts).enumerate() {
        // What is told of relatives never counts.
        if fact.family.is_none() {
            let hit = |&(topic, same): &(u32, bool)| Hit { topic, fact: Some(at as u32), same };
            hits.extend(meaning.topics.iter().map(hit));
        }
    }
    let known = |topic: Topic, is: bool| {
        let topic = leaves.topics.known(&topic).filter(|_| is);
        topic.map(|topic| Hit { topic, fact: None, same: true })
    };
    hits.extend(known(Topic::Birth, subject.birth.is_some()));
    hits.extend(known(Topic::Observed, !subject.observed.is_empty()));
    hits.extend(known(Topic::Drug, closed && takes_drugs(subject)));
    hits.sort_unstable();
}

//! One study held against many people: who may join, and which criteria keep the others out.

pub mod report;
mod tally;
pub mod whatif;

use std::sync::Arc;

use eligibility::{
    evaluate::{
        Ruling, Settings, Standing, Truth,
        compiled::{Block, Compiled, Planes},
        defining, hold_back, is_alive,
    },
    tree::Item,
};
use model::Subject;

pub use tally::{Counts, Tally};

/// A study whose criteria are held against people as they come.
pub struct Screening {
    items: Vec<Item>,
    /// The places of those that say who is wanted.
    defining: Vec<usize>,
    settings: Settings,
    block: Block,
    tally: Tally,
}

/// What was found of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The person's id in the source.
    pub subject: String,
    /// Whether they are alive on the index date; who has died is ineligible whatever the criteria.
    pub lives: Truth,
    /// The verdict.
    pub ruling: Ruling,
    /// How each criterion stands, in their order.
    pub standings: Vec<Standing>,
}

impl Row {
    /// The places of the criteria that stand so.
    pub fn with(&self, standing: Standing) -> impl Iterator<Item = usize> + '_ {
        self.standings.iter().enumerate().filter(move |(_, s)| **s == standing).map(|(place, _)| place)
    }
}

impl Screening {
    /// With the criteria of a study.
    pub fn new(items: Vec<Item>, settings: Settings) -> Self {
        let tally = Tally::new(items.len());
        let block = Block::new(Arc::new(Compiled::new(settings.clone(), [items.as_slice()])));
        let defining = defining(&items);
        Self { items, defining, settings, block, tally }
    }

    /// The criteria.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// How people are evaluated.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Holds people against the criteria and counts them.
    pub fn hold(&mut self, subjects: &[Subject]) -> Vec<Row> {
        let mut rows = Vec::with_capacity(subjects.len());
        for people in subjects.chunks(Block::ROOM) {
            self.block.hold(people);
            let mut planes: Vec<Planes> = Vec::with_capacity(self.items.len());
            self.block.each_criterion(0, &mut |criterion, _| planes.push(criterion));
            for (place, subject) in people.iter().enumerate() {
                let mut standings: Vec<Standing> = planes.iter().map(|planes| planes.of(place)).collect();
                hold_back(&self.defining, &mut standings);
                let lives = is_alive(subject, self.settings.index_date);
                self.tally.add(lives, &standings);
                let ruling = Ruling::of_person(lives, &standings);
                rows.push(Row { subject: subject.id.clone(), lives, ruling, standings });
            }
        }
        rows
    }

    /// What was counted so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

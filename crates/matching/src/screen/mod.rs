//! One study held against many people: who may join, and which criteria keep the others out.

pub mod report;
mod tally;

use eligibility::{
    evaluate::{Person, Ruling, Settings, Standing, assess},
    tree::Item,
};
use model::Subject;

pub use tally::{Counts, Tally};

/// A study whose criteria are held against people as they come.
pub struct Screening {
    items: Vec<Item>,
    settings: Settings,
    tally: Tally,
}

/// What was found of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The person's id in the source.
    pub subject: String,
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
        Self { items, settings, tally }
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
        let rows = subjects.iter().map(|subject| {
            let assessment = assess(&self.items, &Person::new(subject), &self.settings);
            let standing = |(item, finding)| Standing::of(item, finding);
            let standings: Vec<Standing> = self.items.iter().zip(&assessment.findings).map(standing).collect();
            self.tally.add(&standings);
            Row { subject: subject.id.clone(), ruling: Ruling::of(&standings), standings }
        });
        rows.collect()
    }

    /// What was counted so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

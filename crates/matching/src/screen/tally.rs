//! Attrition: how many people each criterion keeps out, by itself and together with others.

use eligibility::evaluate::{Ruling, Standing, Truth};

/// What was counted over the people who were held against a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Who may join by all that records can decide.
    pub eligible: u64,
    /// Of whom it is not known.
    pub undetermined: u64,
    /// Who may not join.
    pub ineligible: u64,
    /// Those of the ineligible who have died by the index date. No criterion counts them.
    pub died: u64,
    /// One for each criterion, in their order.
    pub criteria: Vec<Counts>,
}

/// What was counted of one criterion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// People who meet it.
    pub met: u64,
    /// People who do not.
    pub not_met: u64,
    /// People of whom it is not known, and a record would settle it.
    pub unknown: u64,
    /// People of whom it is not known, and only people can settle it.
    pub for_person: u64,
    /// People whom neither this criterion nor one before it rules out: the steps of a funnel.
    pub left: u64,
    /// People who meet or may meet all others: only this one rules them out.
    pub alone_blocked: u64,
    /// How many more would be eligible without it.
    pub gained_eligible: u64,
    /// How many more would be undetermined, and are ruled out with it.
    pub gained_undetermined: u64,
    /// People for whom this is all that is not known; they are ruled out by nothing.
    pub unknown_only: u64,
}

impl Tally {
    /// Of so many criteria, with nobody counted yet.
    pub fn new(criteria: usize) -> Self {
        let criteria = vec![Counts::default(); criteria];
        Self { eligible: 0, undetermined: 0, ineligible: 0, died: 0, criteria }
    }

    /// How many people were counted.
    pub fn people(&self) -> u64 {
        self.eligible + self.undetermined + self.ineligible
    }

    /// How many people have a verdict.
    pub fn of(&self, ruling: Ruling) -> u64 {
        match ruling {
            Ruling::Eligible => self.eligible,
            Ruling::Undetermined => self.undetermined,
            Ruling::Ineligible => self.ineligible,
        }
    }

    /// Counts a person by whether they are alive, and how the criteria stand.
    pub fn add(&mut self, lives: Truth, standings: &[Standing]) {
        match Ruling::of_person(lives, standings) {
            Ruling::Eligible => self.eligible += 1,
            Ruling::Undetermined => self.undetermined += 1,
            Ruling::Ineligible => self.ineligible += 1,
        }
        if lives == Truth::NotMet {
            self.died += 1;
            return;
        }
        let count = |standing| standings.iter().filter(|s| **s == standing).count();
        let doubt = usize::from(lives == Truth::Unknown);
        let (blocking, open) = (count(Standing::NotMet), count(Standing::Unknown) + doubt);
        let mut in_play = true;
        for (counts, standing) in self.criteria.iter_mut().zip(standings) {
            in_play &= *standing != Standing::NotMet;
            counts.left += u64::from(in_play);
            match standing {
                Standing::Met => counts.met += 1,
                Standing::ForPerson => counts.for_person += 1,
                Standing::Unknown => {
                    counts.unknown += 1;
                    let only = blocking == 0 && open == 1;
                    counts.unknown_only += u64::from(only);
                    // Nothing is left that would rule anybody in where there is no other criterion.
                    counts.gained_eligible += u64::from(only && standings.len() > 1);
                }
                Standing::NotMet => {
                    counts.not_met += 1;
                    let alone = blocking == 1;
                    counts.alone_blocked += u64::from(alone);
                    let eligible = alone && open == 0 && standings.len() > 1;
                    counts.gained_eligible += u64::from(eligible);
                    counts.gained_undetermined += u64::from(alone && !eligible);
                }
            }
        }
    }

    /// Adds what was counted elsewhere of the same criteria.
    pub fn merge(&mut self, other: &Self) {
        self.eligible += other.eligible;
        self.undetermined += other.undetermined;
        self.ineligible += other.ineligible;
        self.died += other.died;
        for (mine, theirs) in self.criteria.iter_mut().zip(&other.criteria) {
            mine.met += theirs.met;
            mine.not_met += theirs.not_met;
            mine.unknown += theirs.unknown;
            mine.for_person += theirs.for_person;
            mine.left += theirs.left;
            mine.alone_blocked += theirs.alone_blocked;
            mine.gained_eligible += theirs.gained_eligible;
            mine.gained_undetermined += theirs.gained_undetermined;
            mine.unknown_only += theirs.unknown_only;
        }
    }
}

#[cfg(test)]
mod tests {
    use Standing::{ForPerson, Met, NotMet, Unknown};

    use super::*;

    const ALL: [Standing; 4] = [Met, NotMet, Unknown, ForPerson];

    fn tally(rows: &[&[Standing]]) -> Tally {
        let mut tally = Tally::new(rows.first().map_or(0, |row| row.len()));
        rows.iter().for_each(|row| tally.add(Truth::Met, row));
        tally
    }

    /// Every person of three criteria, against the definitions said in other words.
    #[test]
    fn counts_are_what_leaving_a_criterion_out_does() {
        for a in ALL {
            for b in ALL {
                for c in ALL {
                    let row = [a, b, c];
                    let counted = tally(&[&row]);
                    for place in 0..row.len() {
                        let without: Vec<Standing> =
                            (0..row.len()).filter(|other| *other != place).map(|other| row[other]).collect();
                        let (before, after) = (Ruling::of(&row), Ruling::of(&without));
                        let of = &counted.criteria[place];
                        let gained = |ruling| u64::from(before != ruling && after == ruling);
                        assert_eq!(of.gained_eligible, gained(Ruling::Eligible), "{row:?} without {place}");
                        let opened = before == Ruling::Ineligible && after == Ruling::Undetermined;
                        assert_eq!(of.gained_undetermined, u64::from(opened), "{row:?} without {place}");
                        let alone = row[place] == NotMet && after != Ruling::Ineligible;
                        assert_eq!(of.alone_blocked, u64::from(alone), "{row:?} without {place}");
                        let only = row[place] == Unknown && after == Ruling::Eligible;
                        assert_eq!(of.unknown_only, u64::from(only), "{row:?} without {place}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_funnel_goes_down_in_the_order_of_the_criteria() {
        let counted = tally(&[&[Met, Met, NotMet], &[NotMet, Met, Met], &[Met, Unknown, Met]]);
        assert_eq!(counted.criteria.iter().map(|c| c.left).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!((counted.eligible, counted.undetermined, counted.ineligible), (0, 1, 2));
        assert_eq!(counted.people(), 3);
        let mut twice = counted.clone();
        twice.merge(&counted);
        assert_eq!((twice.people(), twice.criteria[0].left), (6, 4));
    }

    #[test]
    fn who_has_died_is_counted_as_such_and_by_no_criterion() {
        let mut tally = Tally::new(2);
        tally.add(Truth::NotMet, &[Met, NotMet]);
        assert_eq!((tally.people(), tally.ineligible, tally.died), (1, 1, 1));
        assert_eq!(tally.criteria, [Counts::default(); 2]);
        tally.add(Truth::Unknown, &[Met, Unknown]);
        assert_eq!((tally.undetermined, tally.criteria[1].unknown_only), (1, 0));
        tally.add(Truth::Unknown, &[Met, Met]);
        assert_eq!((tally.eligible, tally.undetermined), (0, 2));
    }

    #[test]
    fn without_criteria_nothing_is_known() {
        assert_eq!(tally(&[&[]]).eligible, 0);
        assert_eq!(tally(&[&[NotMet]]).criteria[0].gained_undetermined, 1);
    }
}

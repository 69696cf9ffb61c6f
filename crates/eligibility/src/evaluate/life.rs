//! Whether a person is alive on the day of judgement: nobody who has died by then can join a study.
//!
//! A death counts from its day on. One of a month or a year that the index date lies in leaves it open. A death of no
//! known day counts, unless something is recorded of the time behind the index date: then the person may have been
//! alive on it.

use jiff::civil::Date;
use model::{Death, FactStatus, PartialDate, Subject};

use super::finding::{Evidence, Finding, Ground, Missing, OneOrMore, Outcome, Truth, Want};
use crate::tree::Polarity;

/// Whether the person lives on a day; what no record says anything of is taken for granted.
pub fn is_alive(subject: &Subject, today: Date) -> Truth {
    subject.death.as_ref().map_or(Truth::Met, |death| has_died(death, subject, today).negated())
}

/// That the person lives on a day, with the recorded death; `None` if none is recorded.
pub fn life(subject: &Subject, today: Date) -> Option<Finding> {
    let death = subject.death.as_ref()?;
    let ground = Ground::Death { date: death.date, source: death.source.clone() };
    let evidence = Evidence { at: Vec::new(), ground };
    let outcome = match has_died(death, subject, today) {
        Truth::Unknown => {
            let want = Want::Date { of: "death".to_owned() };
            Outcome::open_seen(Missing { at: Vec::new(), want }, vec![evidence])
        }
        died => Outcome::settled(died == Truth::NotMet, OneOrMore::one(evidence)),
    };
    Some(Finding::new(Polarity::Require, outcome))
}

fn has_died(death: &Death, subject: &Subject, today: Date) -> Truth {
    match death.date {
        Some(day) if day.last_day() <= today => Truth::Met,
        Some(day) if day.first_day() > today => Truth::NotMet,
        Some(_) => Truth::Unknown,
        None if is_seen_behind(subject, today) => Truth::Unknown,
        None => Truth::Met,
    }
}

/// Whether something about the person is recorded of the time behind a day.
fn is_seen_behind(subject: &Subject, today: Date) -> bool {
    let behind = |date: Option<PartialDate>| date.is_some_and(|date| date.first_day() > today);
    let mut own = subject.facts.iter().filter(|fact| fact.counts() && fact.status != FactStatus::Planned);
    own.any(|fact| behind(fact.start))
}

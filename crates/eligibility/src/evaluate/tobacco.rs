//! Smoking status: a recorded value says whether somebody smokes, did once, or never.
//!
//! Records ask again and again (LOINC 72166-2). For today the last answer counts, and somebody who has stopped does not
//! smoke; whether they did within a time is not told by it.

use std::borrow::Cow;

use jiff::civil::Date;
use model::{Fact, Value};

use super::Walk;
use super::finding::Truth;
use super::person::About;
use super::time::Asked;
use crate::tree::Has;

/// The concept of the catalogue.
pub const SMOKING: &str = "smoking";

/// What a record says of somebody's smoking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// They never did.
    Never,
    /// They did, and have stopped.
    Former,
    /// They do.
    Current,
    /// Not known to the source.
    Unknown,
}

/// Codes of SNOMED CT that the value set of the status has.
const CODES: [(&str, Status); 9] = [
    ("266919005", Status::Never),
    ("8517006", Status::Former),
    ("77176002", Status::Current),
    ("449868002", Status::Current),
    ("428041000124106", Status::Current),
    ("428071000124103", Status::Current),
    ("428061000124105", Status::Current),
    ("65568007", Status::Current),
    ("266927001", Status::Unknown),
];

/// Words of the status, the telling ones first: `never smoker` is no smoker.
const WORDS: [(&str, Status); 13] = [
    ("unknown", Status::Unknown),
    ("never", Status::Never),
    ("non-smoker", Status::Never),
    ("nonsmoker", Status::Never),
    ("non smoker", Status::Never),
    ("former", Status::Former),
    ("ex-smoker", Status::Former),
    ("ex smoker", Status::Former),
    ("quit", Status::Former),
    ("stopped", Status::Former),
    ("current", Status::Current),
    ("smoker", Status::Current),
    ("smokes", Status::Current),
];

/// The smoking status that a fact records as its value.
pub fn status(fact: &Fact) -> Option<Status> {
    if fact.what.variable.as_deref() != Some(SMOKING) {
        return None;
    }
    let (codes, words) = match &fact.value {
        Some(Value::Coded(what)) => (&*what.codes, what.label()),
        Some(Value::Text(text)) => (&[][..], text.as_str()),
        _ => return None,
    };
    let coded = codes.iter().find_map(|coding| CODES.iter().find(|(code, _)| *code == coding.code));
    let words = words.to_lowercase();
    let worded = || WORDS.iter().find(|(word, _)| words.contains(word));
    coded.or_else(worded).map(|(_, status)| *status)
}

/// Whether somebody smoked in a time, by a status that was recorded within it or before.
pub fn in_time(status: Status, asked: Asked, recorded: Truth) -> Truth {
    match (status, asked) {
        (Status::Former, Asked::Now) => Truth::NotMet,
        (Status::Former, Asked::Within(_) | Asked::Ahead(_)) => recorded.min(Truth::Unknown),
        (Status::Unknown, _) => Truth::NotMet,
        _ => recorded,
    }
}

impl Walk<'_, '_> {
    /// The facts that count for what is asked: of several states of smoking only the last says what is so today.
    pub(super) fn telling<'f>(&self, has: &Has, of: &'f [About<'f>], asked: Asked) -> Cow<'f, [About<'f>]> {
        if &*has.concept.0 == SMOKING && asked == Asked::Now {
            Cow::Owned(telling(of, self.settings.index_date))
        } else {
            Cow::Borrowed(of)
        }
    }
}

/// The facts that tell of smoking today: of the recorded states only the last.
fn telling<'f>(of: &[About<'f>], today: Date) -> Vec<About<'f>> {
    let day = |fact: &Fact| fact.start.map(|start| start.last_day()).filter(|day| *day <= today);
    let known = |fact: &Fact| status(fact).is_some_and(|status| status != Status::Unknown);
    let last = of.iter().filter(|about| known(about.fact)).filter_map(|about| day(about.fact)).max();
    let tells = |fact: &Fact| status(fact).is_none() || last.is_none() || day(fact) == last && known(fact);
    of.iter().filter(|about| tells(about.fact)).copied().collect()
}

#[cfg(test)]
mod tests {
    use model::{FactKind, FactStatus, Source, What};

    use super::*;

    fn said(words: &str) -> Fact {
        let what = What { variable: Some(SMOKING.into()), ..What::default() };
        let mut fact = Fact::new(FactKind::Observation, what, FactStatus::Current, Source::Path("x".into()));
        fact.value = Some(Value::Text(words.into()));
        fact
    }

    #[test]
    fn words_say_the_status() {
        for (words, expected) in [
            ("Never smoker", Some(Status::Never)),
            ("Former smoker", Some(Status::Former)),
            ("Current every day smoker", Some(Status::Current)),
            ("Smokes tobacco daily", Some(Status::Current)),
            ("Unknown if ever smoked", Some(Status::Unknown)),
            ("Non-smoker", Some(Status::Never)),
        ] {
            assert_eq!(status(&said(words)), expected, "{words}");
        }
    }

    #[test]
    fn who_has_stopped_does_not_smoke_today() {
        assert_eq!(in_time(Status::Former, Asked::Now, Truth::Met), Truth::NotMet);
        assert_eq!(in_time(Status::Former, Asked::Ever, Truth::Met), Truth::Met);
        assert_eq!(in_time(Status::Current, Asked::Now, Truth::Met), Truth::Met);
    }
}

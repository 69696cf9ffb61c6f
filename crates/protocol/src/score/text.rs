//! Instruments and scores as text for people.

use std::fmt::Write as _;

use super::{Instrument, Outcome, Values, Why};

/// A person's score.
pub fn score(instrument: &Instrument, values: &Values) -> String {
    let mut out = format!("{} ({})\n", instrument.name, instrument.id);
    for outcome in instrument.score(values) {
        let _ = writeln!(out, "  {}: {}", outcome.name, said(&outcome));
    }
    for (item, given) in values.iter() {
        if let Some(from) = given.and_then(|g| g.from.as_ref().map(|from| (from, g.value))) {
            let unit = item.unit().map(|unit| format!(" {unit}")).unwrap_or_default();
            let _ = writeln!(out, "  {} converted from {} to {:.4}{unit}", item.id, from.0, from.1);
        }
    }
    out + &about(instrument)
}

/// What an outcome says, with its unit, band and doubts.
pub fn said(outcome: &Outcome) -> String {
    let value = match &outcome.value {
        Ok(_) => outcome.word.clone().or_else(|| outcome.printed()).unwrap_or_default(),
        Err(Why::Lacks(items)) => return format!("missing: needs {}", items.join(", ")),
        Err(Why::Undefined(why)) => return format!("none: {why}"),
    };
    let unit = if outcome.unit.is_empty() { String::new() } else { format!(" {}", outcome.unit) };
    let range = outcome.range.filter(|_| outcome.word.is_none());
    let range = range.map(|(low, high)| format!(" of {low} to {high}")).unwrap_or_default();
    let band = outcome.band.map(|band| format!(", {band}")).unwrap_or_default();
    let note = outcome.note.map(|note| format!(" ({note})")).unwrap_or_default();
    let doubt = if outcome.verified { "" } else { " [unverified]" };
    format!("{value}{unit}{range}{band}{note}{doubt}")
}

/// Rule, sources and licence of an instrument.
fn about(instrument: &Instrument) -> String {
    let mut out = String::new();
    let mut line = |head: &str, words: &str| {
        let _ = writeln!(out, "  {head}: {words}");
    };
    line("rule", instrument.rule);
    line("missing items", instrument.missing);
    instrument.sources.iter().for_each(|source| line("source", source));
    instrument.unverified.iter().for_each(|what| line("unverified", what));
    line("licence", instrument.licence);
    instrument.notes.iter().for_each(|note| line("note", note));
    out
}

/// An instrument with its items and what may be answered.
pub fn instrument(instrument: &Instrument) -> String {
    let mut out = format!("{} ({}), {}\n\nItems\n", instrument.name, instrument.id, instrument.kind);
    let wide = instrument.items.iter().map(|item| item.id.len()).max().unwrap_or(0);
    for item in instrument.items {
        let optional = if item.optional { " (optional)" } else { "" };
        let _ = writeln!(out, "  {:wide$}  {}: {}{optional}", item.id, item.what, item.answers());
    }
    out + "\nAbout\n" + &about(instrument)
}

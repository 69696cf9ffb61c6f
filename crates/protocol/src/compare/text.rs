//! A comparison as text for people.

use std::fmt::Write as _;

use eligibility::tree::Bound;

use super::{Comparison, Level, Measured, Range, arm};
use crate::{
    dosing::{Ends, text::number},
    protocol::Purpose,
    text::length,
};

/// The comparison, one study a line below each head.
pub fn comparison(comparison: &Comparison) -> String {
    let ids: Vec<String> = comparison.sides.iter().map(|side| side.protocol.id.to_string()).collect();
    let mut out = String::new();
    for (id, side) in ids.iter().zip(&comparison.sides) {
        let _ = writeln!(out, "{id}  {}", one_line(&side.title));
    }
    let mut section = |title: &str, rows: Vec<(String, Vec<String>)>| {
        let _ = writeln!(out, "\n{title}");
        for (head, of) in rows {
            let _ = writeln!(out, "  {head}");
            for (id, words) in ids.iter().zip(of) {
                let _ = writeln!(out, "    {id}  {}", if words.is_empty() { "-" } else { &words });
            }
        }
    };
    let names = comparison.sides.first().map(|side| side.population.len()).unwrap_or(0);
    let population = (0..names).map(|row| {
        let of = comparison.sides.iter().map(|side| side.population[row].1.clone().unwrap_or_default());
        (comparison.sides[0].population[row].0.to_owned(), of.collect())
    });
    section("Population", population.collect());
    let each = |f: &dyn Fn(&super::Side) -> Vec<String>| -> Vec<String> {
        comparison.sides.iter().map(|side| f(side).join("; ")).collect()
    };
    section("Arms", vec![("Arms".into(), each(&|side| side.protocol.arms.iter().map(arm).collect()))]);
    section("Doses", vec![("For one person".into(), each(&|side| side.doses.iter().map(level).collect()))]);
    section("Times", vec![("Planned".into(), each(&times))]);
    let outcomes = comparison.outcomes.iter().map(|row| {
        (
            row.name.clone(),
            row.measured.iter().map(|of| of.iter().map(measured).collect::<Vec<_>>().join("; ")).collect(),
        )
    });
    section("Outcomes", outcomes.collect());
    let limits = comparison.limits.iter().map(|variable| {
        let said =
            |range: &Option<Range>| range.map(|range| range_in(range, &variable.unit)).unwrap_or_default();
        (variable.name.clone(), variable.ranges.iter().map(said).collect())
    });
    section("Eligibility", limits.collect());
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A dose in one line.
pub fn level(level: &Level) -> String {
    let per = level.per.map(|per| format!(" for each {per}")).unwrap_or_default();
    let stated = || level.stated.clone().unwrap_or_else(|| "amount not known".to_owned());
    let each = level.each.map_or_else(stated, |each| format!("{} {}{per}", ends(each), level.unit));
    let count = level.count.map(|n| format!(", {n} times")).unwrap_or_default();
    let total =
        level.total.map(|total| format!(", {} {} in all", ends(total), level.unit)).unwrap_or_default();
    let asked = if level.asked { " (the number can be read in another way: ask)" } else { "" };
    format!("{}: {each}{count}{total}{asked}", one_line(&level.substance))
}

fn ends((low, high): Ends) -> String {
    high.map_or_else(|| number(low), |high| format!("{} to {}", number(low), number(high)))
}

/// Each planned time once, with what it is for.
fn times(side: &super::Side) -> Vec<String> {
    let mut all: Vec<_> = side.protocol.schedule.iter().map(|t| (t.time, t.purpose)).collect();
    all.sort_by(|a, b| a.0.days().total_cmp(&b.0.days()).then(a.1.cmp(&b.1)));
    all.dedup_by(|a, b| a.0.days() == b.0.days() && a.1 == b.1);
    all.into_iter()
        .map(|(time, purpose)| format!("{} {}", length(time), purpose.as_str().replace('_', " ")))
        .collect()
}

/// An outcome with its rank and times.
pub fn measured(measured: &Measured) -> String {
    let times: Vec<String> = measured.times.iter().map(|time| length(*time)).collect();
    let at = if times.is_empty() { String::new() } else { format!(" at {}", times.join(", ")) };
    format!("{} ({}{at})", one_line(&measured.what), Purpose::Outcome(measured.rank).as_str())
}

/// `≥ 18 and ≤ 75 years`; where no value is within both, that it is so.
pub fn range_in(range: Range, unit: &str) -> String {
    let side = |bound: Option<Bound>, open: &str, closed: &str| {
        bound.map(|b| format!("{} {}", if b.incl { closed } else { open }, b.value.normalize()))
    };
    let both = [side(range.low, ">", "≥"), side(range.high, "<", "≤")];
    let said: Vec<String> = both.into_iter().flatten().collect();
    let apart = if range.is_empty() { ": no value is both" } else { "" };
    format!("{}{}{apart}", said.join(" and "), eligibility::unit_in_words(unit))
}

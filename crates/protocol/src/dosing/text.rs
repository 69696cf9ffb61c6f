//! Doses for one person as text for people.

use std::fmt::Write as _;

use super::{Computed, Ends, Reading};
use crate::text::grouped;

/// A dose for one person.
pub fn computed(dose: &Computed) -> String {
    let arm = dose.arm.as_ref().map(|arm| format!("{arm}: ")).unwrap_or_default();
    let mut out = format!("{arm}{}\n", dose.substance);
    if let Some(question) = &dose.question {
        let _ = writeln!(out, "  ask: {question}");
    }
    for (i, reading) in dose.readings.iter().enumerate() {
        if dose.readings.len() > 1 {
            let _ = writeln!(out, "  reading {}", i + 1);
        }
        for (head, words) in lines(reading) {
            let _ = writeln!(out, "  {head}: {words}");
        }
        for factor in &reading.factors {
            let unit = if factor.unit.is_empty() { String::new() } else { format!(" {}", factor.unit) };
            let (value, status) = (number(factor.value), factor.status.as_str());
            let _ = writeln!(out, "    {} = {value}{unit} [{status}: {}]", factor.name, factor.source);
        }
    }
    out
}

/// What a reading comes to, each with its head.
pub fn lines(reading: &Reading) -> Vec<(&'static str, String)> {
    let unit = reading.unit.as_str();
    let per = reading.per.map(|per| format!(" for each {per}")).unwrap_or_default();
    let mut out: Vec<(&'static str, String)> = Vec::new();
    let mut line = |head: &'static str, words: Option<String>| out.extend(words.map(|words| (head, words)));
    line("at a time", reading.each.map(|each| format!("{} {unit}{per}", ends(each))));
    line("places", reading.places.map(|n| number(n as f64)));
    line("volume", reading.volume.map(|volume| format!("{} mL{per}", ends(volume))));
    line("syringes", reading.syringes.map(|n| number(n as f64)));
    line("per kilogram", reading.per_kg.map(|per_kg| format!("{} {unit}/kg{per}", ends(per_kg))));
    let times = reading
        .count
        .map(|n| if n == 1 { " in one".to_owned() } else { format!(" in {n}") })
        .unwrap_or_default();
    line("total", reading.total.map(|total| format!("{} {unit}{times}", ends(total))));
    line("total volume", reading.total_volume.map(|total| format!("{} mL", ends(total))));
    for judged in &reading.judged {
        let (low, high) = (number(judged.band.0), number(judged.band.1));
        let (value, verdict) = (ends(judged.value), judged.verdict.as_str());
        line(
            "usual",
            Some(format!("{} {value} is {verdict} {low} to {high} ({})", judged.what, judged.source)),
        );
    }
    if reading.judged.is_empty() && reading.each.is_some() {
        line("usual", Some(format!("no band is known for {unit}")));
    }
    reading.needs.iter().for_each(|need| line("missing", Some(need.clone())));
    out
}

fn ends((low, high): Ends) -> String {
    match high {
        Some(high) => format!("{} to {}", number(low), number(high)),
        None => number(low),
    }
}

/// A number of at most five digits that count, whole ones with their thousands apart.
pub fn number(value: f64) -> String {
    let text = if value.abs() >= 10_000.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        let digits = (4 - value.abs().max(1e-9).log10().floor() as i32).clamp(0, 12) as usize;
        format!("{value:.digits$}").trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    grouped(&text)
}

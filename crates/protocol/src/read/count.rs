//! How many times, and for how long: `three injections`, `for 15 consecutive days`.

use model::Decimal;

use super::{
    frequency::{Said, said},
    interval::interval_of,
    number,
    text::{Kind, Text},
    time::{Span, Unit},
};

/// What is counted when something is given.
pub(super) const GIVEN: [&str; 23] = [
    "transfusion",
    "transfusions",
    "instillation",
    "instillations",
    "does",
    "injection",
    "injections",
    "infusion",
    "infusions",
    "dose",
    "doses",
    "administration",
    "administrations",
    "times",
    "time",
    "applications",
    "application",
    "transplantations",
    "vaccinations",
    "immunizations",
    "treatments",
    "sessions",
    "fractions",
];

/// `three injections`, `3 times`, `a single intravenous infusion`, `one-time`, `once`.
pub(super) fn count(text: &Text<'_>, i: usize) -> Option<Said<u32>> {
    if text.is_any(i, &["once", "twice"]) {
        let more = [
            "a", "per", "daily", "weekly", "every", "in", "/", "monthly", "each", "-", "the", "at", "as",
            "day",
        ];
        let alone = !text.is_any(i + 1, &more) && Unit::of(text.word(i + 1)).is_none();
        let passes = text.is_any(i + 1, &["", ".", ",", ";", ")", "only", "on", "by", "after", "before"]);
        // `twice at two week intervals`, `once-off`
        let at_intervals = text.is(i + 1, "at") && interval_of(text, i + 2).is_some();
        let off = text.is(i + 1, "-") && text.is_any(i + 2, &["off", "only"]);
        return (alone && passes || at_intervals || off)
            .then(|| said(if text.is(i, "once") { 1 } else { 2 }, i, i + 1))?;
    }
    let value: u32 = number::whole(text, i).filter(|n| n.is_integer())?.try_into().ok()?;
    let total = i > 1 && text.is(i - 1, "of") && text.is(i - 2, "total");
    let bare = i == 0
        || total
        || !text.is_any(
            i - 1,
            &["-", "/", "–", "to", "dose", "at", "of", "phase", "than", "or", ">", "<", "≥", "≤", "="],
        );
    // `divided into 10 injections`: places of one administration.
    let before = if i > 0 && text.is_any(i - 1, &["~", "≈", "about", "approximately"]) { i - 1 } else { i };
    let parts = before > 1
        && text.is_any(before - 1, &["into", "in", "by", "over", "among", "across", "between"])
        && text.has_any(before.saturating_sub(4)..before - 1, &["divided", "split", "distributed", "spread"]);
    // `one of the three doses`, `the first two doses`: not all, or not of one person.
    let some = i > 0
        && (text.is_any(
            i - 1,
            &["first", "last", "next", "other", "additional", "further", "following", "these"],
        ) || text.is_any(i + 1, &["additional", "further", "more"])
            || text.is(i - 1, "the") && text.is_any(i.wrapping_sub(2), &["of", "between"]));
    // `to evaluate three doses of X`: amounts of which one person gets one.
    const COMPARED: [&str; 12] = [
        "evaluate",
        "evaluates",
        "evaluating",
        "evaluation",
        "compare",
        "compares",
        "comparing",
        "comparison",
        "study",
        "test",
        "testing",
        "assess",
    ];
    let compared = (i.saturating_sub(3)..i).any(|at| text.is_any(at, &COMPARED) && text.together(at, i));
    // `1st infusion`
    let ordinal = text.glued(i + 1) && text.is_any(i + 1, &["st", "nd", "rd", "th"]);
    if ordinal || value == 0 || value > 400 || !bare || parts || some || compared && value > 1 {
        return None;
    }
    let mut at = i + 1;
    let mut period = None;
    while at < i + 4 && !text.is_any(at, &GIVEN) {
        // `12 monthly infusions`: how many, and how often.
        if value > 1 && period.is_none() && text.is_any(at, &["weekly", "monthly"]) {
            period = Some(at);
            at += 1;
            continue;
        }
        let passes = text.is(at, "-") || (text.kind(at) == Kind::Word && Unit::of(text.word(at)).is_none());
        let quantity = text.is_any(
            at,
            &[
                "different",
                "various",
                "separate",
                "escalating",
                "fixed",
                "mg",
                "ml",
                "g",
                "of",
                "and",
                "or",
                "per",
                "the",
                "cells",
                "groups",
                "arms",
                "daily",
                "weekly",
                "monthly",
                "visits",
            ],
        );
        if !passes || quantity {
            return None;
        }
        at += 1;
    }
    const SINGULAR: [&str; 8] = [
        "injection",
        "infusion",
        "dose",
        "administration",
        "application",
        "time",
        "transfusion",
        "instillation",
    ];
    let singular = text.is_any(at, &SINGULAR);
    let hyphened = text.is(at, "time") && text.is(i + 1, "-");
    if !text.is_any(at, &GIVEN)
        || (singular && value > 1 && !hyphened)
        || (value == 1 && text.is(i, "1") && text.is(at, "dose") && !stands_alone(text, i, at + 1))
    {
        return None;
    }
    // `3 times a day`, `2 doses daily`, `3 times higher`, `two injections per day`.
    let rate = [
        "a", "per", "daily", "each", "every", "higher", "the", "/", "more", "weekly", "greater", "level",
        "levels", "upper", "uln", "normal", "baseline",
    ];
    // `to evaluate the safety of three doses`: amounts, or administrations.
    let sentence = text.sentence(i).start..i;
    let either = value > 1 && text.is(at, "doses") && text.has_any(sentence, &COMPARED);
    // `2 infusions of 2 million cells/kg per week`
    let each_time = (at..at + 10).any(|n| {
        let per = text.is_any(n, &["per", "/"]) && text.is_any(n + 1, &["week", "day", "month", "year"]);
        per && text.together(at, n)
    });
    // `8 injections at designated sites`: places of one administration.
    let places = (at + 1..at + 5)
        .any(|n| text.is_any(n, &["sites", "points", "places", "spots", "locations"]))
        && text.is_any(at + 1, &["at", "in", "into", "across", "over"])
        && text.is_any(at, &["injections", "applications"]);
    // `15 transendocardial injections`, `ten injections in a single procedure`: places, too.
    const OF_HEART: [&str; 4] = ["transendocardial", "intramyocardial", "endomyocardial", "epicardial"];
    let at_once = (at..at + 24).any(|n| {
        let one = text.is_any(n, &["single", "one", "same"]);
        one && text.is_any(n + 1, &["procedure", "session", "sitting", "setting"]) && text.together(i, n)
    });
    let places = places || value > 1 && (at_once || text.has_any(i + 1..at, &OF_HEART));
    // `two infusions, one with the drug and one without`: of different things.
    let ones = (at + 1..at + 12).filter(|n| text.is(*n, "one") && text.together(i, *n)).count();
    let places = places || value > 1 && text.is_any(at + 1, &[",", ":"]) && ones > 1;
    // `a single dose at bedtime`, day by day
    let nightly = text.is(at + 1, "at") && text.is_any(at + 2, &["bedtime", "night", "breakfast"]);
    // `5 injections per person`
    let of_people = text.is(at + 1, "per")
        && text.is_any(at + 2, &["person", "patient", "subject", "participant", "trial", "group", "arm"]);
    (!either && !each_time && !nightly && !places && (of_people || !text.is_any(at + 1, &rate)))
        .then(|| said(value, i, period.unwrap_or(at + 1)))?
}

/// `, 1 dose.`: words between signs.
fn stands_alone(text: &Text<'_>, from: usize, to: usize) -> bool {
    let before = from > 0 && text.is_any(from - 1, &[",", ";", ":", "("]);
    before && text.is_any(to, &[".", ",", ";", ")", ""])
}

/// Whether a length of time follows: `for`, `daily x 5 days`, `Duration: 12 weeks`.
fn leads_to_duration(text: &Text<'_>, i: usize) -> bool {
    const OF_GIVING: [&str; 6] =
        ["intervention", "treatment", "therapy", "administration", "dosing", "medication"];
    let of = text.is(i + 1, "of") && text.is_any(i + 2, &OF_GIVING);
    let label = text.is(i, "duration") && text.is_any(if of { i + 3 } else { i + 1 }, &[":", "："]);
    let times = text.is_any(i, &["x", "×"]) && i > 0 && text.kind(i - 1) != Kind::Number;
    text.is_any(i, &["for", "during", "over"])
        || label && (of || !(i > 0 && text.is_any(i - 1, &["study", "total", "trial", "infusion", "follow"])))
        || times
}

/// `for 15 consecutive days`, `for a total of 12 weeks`, `for six months`.
pub(super) fn duration(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    if !leads_to_duration(text, i) {
        return None;
    }
    // `IV over 7 days`: the length of one infusion.
    let infused = i > 0 && text.is_any(i - 1, &["iv", "infusion", "continuous", "continuously"]);
    if infused && text.is(i, "over") {
        return None;
    }
    let mut at = i + 1;
    // `for the first four weeks` is not the whole.
    const FILL: [&str; 14] = [
        "intervention",
        "treatment",
        "a",
        "total",
        "of",
        "period",
        "the",
        "about",
        "approximately",
        "consecutive",
        "continuous",
        "duration",
        ":",
        "：",
    ];
    while text.is_any(at, &FILL) && at < i + 5 {
        at += 1;
    }
    let number = number::read(text, at).filter(|n| n.high.is_none())?;
    let mut at = number.next;
    while text.is_any(at, &["consecutive", "-", "continuous", "successive", "full"]) && at < number.next + 2 {
        at += 1;
    }
    let unit = Unit::of(text.word(at)).filter(|u| *u >= Unit::Day)?;
    // `x 3 days 3, 5 and 7` are three times, `x 1 day` is once.
    let times = text.is_any(i, &["x", "×"]);
    if times && (number.value == Decimal::ONE && unit == Unit::Day || text.kind(at + 1) == Kind::Number) {
        return None;
    }
    let of_other = text.is_any(
        at + 1,
        &["before", "prior", "after", "follow", "old", "wear", "of", "cycle", "cycles", "per", "/", "each"],
    ) || text.is(at + 1, "a") && Unit::of(text.word(at + 2)).is_some()
        || text.is_any(at + 2, &["cycle", "cycles"]);
    // `normal levels for three consecutive days`: a condition, not what is given.
    const CONDITIONS: [&str; 23] = [
        "worn",
        "cultured",
        "expanded",
        "grown",
        "followed",
        "monitored",
        "observed",
        "assessed",
        "evaluated",
        "measured",
        "level",
        "levels",
        "count",
        "counts",
        "fever",
        "afebrile",
        "stable",
        "normal",
        "negative",
        "symptoms",
        "free",
        "supply",
        "lasting",
    ];
    let condition = (i.saturating_sub(2)..i).any(|n| text.is_any(n, &CONDITIONS) && text.together(n, i));
    // `for 5 days, followed by a 2-day holiday`: once in a while.
    let pauses =
        (at + 1..at + 14).any(|n| text.is_any(n, &["holiday", "holidays", "off"]) && text.together(at, n));
    (!of_other && !condition && !pauses).then(|| said(Span { value: number.value, unit }, i, at + 1))?
}

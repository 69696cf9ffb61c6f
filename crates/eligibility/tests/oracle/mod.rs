//! A second reading of how criteria are evaluated: slow, plain, on the notation's JSON and a table of facts.
//!
//! It shares no code with the program, so that both can be compared. Its rules are those of
//! `docs/criteria-language.md`; where that leaves a choice, the choice is written here:
//!
//! - no record of a fact is unknown, unless the table is closed for the concept or says that it is absent; of a class
//!   of drugs it is unknown while any drug is recorded;
//! - of a value, the last one up to the date of evaluation counts; two of one day that disagree are unknown;
//! - a site, method, state or specimen that the criterion names must be recorded with the value;
//! - a fact that ended is absent now; in a window of the past it is unknown whether there was another;
//! - windows include the day of the anchor; months and years are those of the calendar.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::Value;

/// A truth value; `min` is `and`, `max` is `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    F,
    U,
    T,
}

pub use Truth::{F, T, U};

impl Truth {
    pub fn of(is: bool) -> Self {
        if is { T } else { F }
    }

    pub fn negated(self) -> Self {
        match self {
            T => F,
            U => U,
            F => T,
        }
    }
}

/// A day, counted from 1970-01-01.
pub type Day = i64;

/// The number of a civil date.
pub fn day(year: i64, month: i64, day: i64) -> Day {
    // Days before the first of the month, years counted from March, so that the leap day is the last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 1 - 719_468
}

/// The civil date of a day, found by trying.
fn civil(of: Day) -> (i64, i64, i64) {
    let mut year = 1970 + of.div_euclid(if of < 0 { 365 } else { 366 });
    while day(year + 1, 1, 1) <= of {
        year += 1;
    }
    let month = (1..=12).rev().find(|&m| day(year, m, 1) <= of).unwrap();
    (year, month, of - day(year, month, 1) + 1)
}

/// A day some calendar months later (or earlier); the last of the month where it is too short.
fn months_later(of: Day, months: i64) -> Day {
    let (year, month, date) = civil(of);
    let months = year * 12 + month - 1 + months;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let next = day(year + month / 12, month % 12 + 1, 1);
    (day(year, month, 1) + date - 1).min(next - 1)
}

/// A measured value.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    pub var: String,
    pub value: Decimal,
    pub unit: String,
    pub day: Day,
    /// The reference range.
    pub low: Option<Decimal>,
    pub high: Option<Decimal>,
    /// `site`, `method`, `state`.
    pub keys: BTreeMap<String, String>,
}

/// A result that is a word or a class.
#[derive(Clone, Debug, Default)]
pub struct Result {
    pub var: String,
    pub code: String,
    pub day: Day,
    pub specimen: Option<String>,
}

/// A fact that was recorded as present or absent.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    pub kind: String,
    pub concept: String,
    pub absent: bool,
    /// Intended, not yet so.
    pub planned: bool,
    pub start: Option<Day>,
    /// `None`: it goes on, or happened on one day.
    pub end: Option<Day>,
    /// `severity`, `control`, `site` ...
    pub keys: BTreeMap<String, String>,
}

/// All that is known of a person.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The date of evaluation.
    pub today: Day,
    pub birth: Option<Day>,
    /// `screening`, `enrollment`, `study`, `study_end`, `baseline`, `start_of_exposure`; today where absent, but for
    /// the last three.
    pub anchors: BTreeMap<String, Day>,
    pub values: Vec<Measured>,
    pub results: Vec<Result>,
    pub facts: Vec<Fact>,
    /// Concepts of which everything is recorded.
    pub closed: BTreeSet<String>,
    /// Concepts that stand for a list which is not known.
    pub external: BTreeSet<String>,
    /// Days of a half-life.
    pub half_lives: BTreeMap<String, Decimal>,
    /// What people answered, by the words of the question.
    pub answers: BTreeMap<String, bool>,
}

/// Whether a criterion holds: what its tree says, or the opposite where it is forbidden.
pub fn item(line: &Value, facts: &Facts) -> Truth {
    let truth = if line["expr"].is_null() { U } else { truth(&line["expr"], facts) };
    if line["polarity"] == "forbid" { truth.negated() } else { truth }
}

/// Whether a tree is true of a person.
pub fn truth(node: &Value, facts: &Facts) -> Truth {
    let args = || -> Vec<Truth> { list(&node["args"]).iter().map(|arg| truth(arg, facts)).collect() };
    match word(&node["op"]) {
        "true" => T,
        "and" => args().into_iter().min().unwrap_or(T),
        "or" => args().into_iter().max().unwrap_or(F),
        "not" => truth(&node["arg"], facts).negated(),
        "at_least" => at_least(node["k"].as_u64().unwrap(), &args()),
        "ambiguous" => {
            let args = args();
            if args.windows(2).all(|two| two[0] == two[1]) { args.first().copied().unwrap_or(U) } else { U }
        }
        "cmp" => cmp(node, facts),
        "coded" => coded(node, facts),
        "has" => has(node, facts),
        "exposure" => exposure(node, facts),
        "change" => change(node, facts),
        "order" => order(node, facts),
        "abnormal" => list(&node["vars"]).iter().map(|var| abnormal(word(var), facts)).max().unwrap_or(F),
        "human" => facts.answers.get(word(&node["text"])).map_or(U, |&yes| Truth::of(yes)),
        "guideline" | "washout" => U,
        other => panic!("no such op: {other}"),
    }
}

fn at_least(k: u64, args: &[Truth]) -> Truth {
    let count = |truth: Truth| args.iter().filter(|&&arg| arg == truth).count() as u64;
    match (count(T) >= k, count(T) + count(U) < k) {
        (true, _) => T,
        (_, true) => F,
        _ => U,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn decimal(value: &Value) -> Decimal {
    let text = value.to_string();
    text.parse().or_else(|_| Decimal::from_scientific(&text)).unwrap()
}

/// Whether a value is within `lo` and `hi`, each of which is multiplied by `factor`.
fn within(value: Decimal, bounds: &Value, factor: Decimal) -> Truth {
    let product = |key: &str| decimal(&bounds[key]["value"]).checked_mul(factor);
    let mut out = T;
    for (key, above) in [("lo", true), ("hi", false)] {
        if bounds[key].is_null() {
            continue;
        }
        let Some(bound) = product(key) else { return U };
        let inside = if above { value > bound } else { value < bound };
        out = out.min(Truth::of(inside || (value == bound && bounds[key]["incl"] == true)));
    }
    out
}

/// The one answer of several records; none, or several answers, are unknown.
fn one(answers: impl IntoIterator<Item = Truth>) -> Truth {
    let answers: BTreeSet<Truth> = answers.into_iter().collect();
    if answers.len() == 1 { answers.into_iter().next().unwrap() } else { U }
}

fn cmp(node: &Value, facts: &Facts) -> Truth {
    if !node["repair"].is_null() {
        return U;
    }
    if node["var"] == "age" && facts.birth.is_some() {
        return age(node, facts);
    }
    let fits = |m: &&Measured| {
        let keys = ["site", "method", "state"];
        let same =
            |key: &&str| node[*key].is_null() || m.keys.get(*key).is_some_and(|v| node[*key] == v.as_str());
        m.var == word(&node["var"]) && m.day <= facts.today && keys.iter().all(same)
    };
    let values: Vec<&Measured> = facts.values.iter().filter(fits).collect();
    let Some(last) = values.iter().map(|m| m.day).max() else { return U };
    let Some((from, to)) = asked_days(node, &node["var"], facts) else { return U };
    let of_time = |m: &&&Measured| (from..=to).contains(&m.day);
    let counts = |day: &Day| !node["when"].is_null() || tells(*day, facts);
    let now = match values.iter().filter(of_time).map(|m| m.day).max().filter(counts) {
        Some(newest) => one(values.iter().filter(|m| m.day == newest).map(|m| compared(node, m))),
        None => U,
    };
    if node["stable_for"].is_null() || now == F {
        return now;
    }
    if now == U {
        // Surely outside the bounds before, within the time.
        let Some(since) = shifted(facts.today, &node["stable_for"], "lo", -1) else { return U };
        let outside = |m: &&Measured| m.day >= since && m.day < last && compared(node, m) == F;
        return if values.iter().copied().any(|m| outside(&m)) { F } else { U };
    }
    stable(node, &values, facts)
}

fn compared(node: &Value, m: &Measured) -> Truth {
    let unit = word(&node["unit"]);
    match (unit, m.low, m.high) {
        ("{ULN}", _, Some(high)) => within(m.value, node, high),
        ("{LLN}", Some(low), _) => within(m.value, node, low),
        ("{ULN}" | "{LLN}", ..) => U,
        _ if unit == m.unit => within(m.value, node, Decimal::ONE),
        _ if word(&node["canonical"]["unit"]) == m.unit && node["lo"].is_null() != node["hi"].is_null() => {
            let key = if node["lo"].is_null() { "hi" } else { "lo" };
            let bound =
                serde_json::json!({key: {"value": node["canonical"]["value"], "incl": node[key]["incl"]}});
            within(m.value, &bound, Decimal::ONE)
        }
        _ => U,
    }
}

/// Whether a value that is within bounds now has been so for long enough.
fn stable(node: &Value, values: &[&Measured], facts: &Facts) -> Truth {
    let extent = &node["stable_for"];
    let Some(since) = shifted(facts.today, extent, "lo", -1) else { return U };
    let during = values.iter().filter(|m| m.day >= since).map(|m| compared(node, m)).min().unwrap_or(T);
    let before =
        values.iter().filter(|m| m.day <= since).max_by_key(|m| m.day).map_or(U, |m| compared(node, m));
    match during {
        F => F,
        // What was before the first value of the time is not known.
        _ if before == T && during == T => T,
        _ => U,
    }
}

/// A day moved by the bound of an extent.
fn shifted(from: Day, extent: &Value, key: &str, direction: i64) -> Option<Day> {
    moved(from, decimal(extent.get(key)?.get("value")?), word(&extent["unit"]), direction)
}

/// A day moved by a whole number of units.
fn moved(from: Day, amount: Decimal, unit: &str, direction: i64) -> Option<Day> {
    let whole: i64 = if amount.is_integer() { i64::try_from(amount).ok()? } else { return None };
    if whole.abs() > 10_000 {
        return None;
    }
    match unit {
        "a" => Some(months_later(from, 12 * whole * direction)),
        "mo" => Some(months_later(from, whole * direction)),
        "wk" => Some(from + 7 * whole * direction),
        "d" => Some(from + whole * direction),
        _ => None,
    }
}

fn age(node: &Value, facts: &Facts) -> Truth {
    let Some(length) = length(facts.birth.unwrap(), facts.today, word(&node["unit"])) else { return U };
    within(length.into(), node, Decimal::ONE)
}

/// The completed units between two days.
fn length(start: Day, end: Day, unit: &str) -> Option<i64> {
    let months = |step: i64| {
        let mut count = 0;
        while months_later(start, (count + 1) * step) <= end {
            count += 1;
        }
        count
    };
    match unit {
        "a" => Some(months(12)),
        "mo" => Some(months(1)),
        "wk" => Some((end - start).div_euclid(7)),
        "d" => Some(end - start),
        _ => None,
    }
}

fn coded(node: &Value, facts: &Facts) -> Truth {
    let var = word(&node["var"]);
    let wanted: Vec<String> =
        list(&node["in"]).iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
    let specimen =
        |s: &Option<String>| node["specimen"].is_null() || s.as_deref() == node["specimen"].as_str();
    let results = facts.results.iter().filter(|r| r.var == var && specimen(&r.specimen));
    let mut found: Vec<(Day, String)> = results.map(|r| (r.day, r.code.clone())).collect();
    if node["specimen"].is_null() {
        let values = facts.values.iter().filter(|m| m.var == var);
        found.extend(values.map(|m| (m.day, m.value.normalize().to_string())));
    }
    found.retain(|(day, _)| *day <= facts.today);
    // An infection is a disease: a complete record without a result has none.
    if found.is_empty() && facts.closed.contains(var) {
        return F;
    }
    let Some((from, to)) = asked_days(node, &node["var"], facts) else { return U };
    found.retain(|(day, _)| (from..=to).contains(day));
    let Some(last) = found.iter().map(|f| f.0).max() else { return U };
    one(found.iter().filter(|f| f.0 == last).map(|f| Truth::of(wanted.contains(&f.1))))
}

/// Values tell how it is for two years.
fn tells(day: Day, facts: &Facts) -> bool {
    moved(facts.today, Decimal::TWO, "a", -1).is_none_or(|since| day >= since)
}

fn abnormal(var: &str, facts: &Facts) -> Truth {
    let values = facts.values.iter().filter(|m| m.var == var && m.day <= facts.today);
    let Some(last) = values.clone().map(|m| m.day).max().filter(|day| tells(*day, facts)) else { return U };
    one(values.filter(|m| m.day == last).map(|m| match (m.low, m.high) {
        (Some(low), _) if m.value < low => T,
        (_, Some(high)) if m.value > high => T,
        (Some(_), Some(_)) => F,
        _ => U,
    }))
}

/// Whether a recorded fact is of the kind and concept that a node names.
fn is_of(fact: &Fact, node: &Value) -> bool {
    let (kind, own) = (word(&node["kind"]), |kind: &str| kind == "allergy" || kind == "need");
    let same_kind = match kind {
        "need" => fact.kind != "allergy",
        kind if own(kind) || own(&fact.kind) => fact.kind == kind,
        // Words of what is done or taken may name the disease that it is for, those of a disease the drug behind it.
        "condition" | "finding" | "status" | "event" => !matches!(&*fact.kind, "procedure" | "drug"),
        "drug" | "drug_class" => fact.kind != "condition",
        _ => true,
    };
    same_kind && fact.concept == word(&node["concept"])
}

fn has(node: &Value, facts: &Facts) -> Truth {
    let concept = word(&node["concept"]);
    let defined = &node["defined_by"];
    if !defined.is_null() && defined["op"] != "guideline" {
        return truth(defined, facts);
    }
    if concept == "unspecified_allergen" || facts.external.contains(concept) {
        return U;
    }
    let of: Vec<&Fact> = facts.facts.iter().filter(|fact| is_of(fact, node)).collect();
    let present: Vec<Truth> = of
        .iter()
        .filter(|fact| !fact.absent)
        .map(|fact| in_time(fact, node, facts).min(refined(fact, node)))
        .collect();
    // Any drug may be one of a class.
    let perhaps =
        node["kind"] == "drug_class" && facts.facts.iter().any(|fact| fact.kind == "drug" && !fact.absent);
    let closed = facts.closed.contains(concept) && !perhaps;
    if !node["count"].is_null() {
        return counted(node, &present, closed);
    }
    match present.iter().max() {
        Some(T) => return T,
        Some(U) => return U,
        _ => {}
    }
    let denied = of.iter().any(|fact| fact.absent && in_time(fact, node, facts) == T);
    // What is recorded otherwise decides, if the time is right, or if it is over.
    let begun = |fact: &Fact| !fact.planned && fact.start.is_none_or(|start| start <= facts.today);
    let over = |fact: &Fact| is_about_now(node) && begun(fact);
    let settled = of.iter().any(|fact| !fact.absent && (in_time(fact, node, facts) == T || over(fact)));
    Truth::of(!(denied || settled || closed)).min(U)
}

/// How many there are; what is not recorded may be more.
fn counted(node: &Value, present: &[Truth], closed: bool) -> Truth {
    let number = |least: Truth| Decimal::from(present.iter().filter(|&&truth| truth >= least).count());
    let enough = |number| within(number, &node["count"], Decimal::ONE);
    match (enough(number(T)), enough(number(U))) {
        (T, _) => T,
        (_, F) if closed => F,
        _ => U,
    }
}

/// What is said of the fact besides what and when.
fn refined(fact: &Fact, node: &Value) -> Truth {
    let keys = ["severity", "control", "course", "certainty", "significance", "evidence", "form", "site"];
    let said = keys.iter().filter(|key| !node[**key].is_null());
    said.map(|key| fact.keys.get(*key).map_or(U, |value| Truth::of(node[*key] == value.as_str())))
        .min()
        .unwrap_or(T)
}

/// Whether the node asks about the date of evaluation.
fn is_about_now(node: &Value) -> bool {
    match node["when"]["relation"].as_str() {
        Some(relation) => relation == "current",
        None => !matches!(word(&node["kind"]), "procedure" | "event" | "allergy"),
    }
}

fn in_time(fact: &Fact, node: &Value, facts: &Facts) -> Truth {
    let when = &node["when"];
    let relation = when["relation"].as_str().unwrap_or(if is_about_now(node) { "current" } else { "ever" });
    if relation == "future" || (relation == "after" && fact.planned) {
        return Truth::of(fact.planned || fact.start.is_some_and(|start| start > facts.today));
    }
    if fact.planned {
        return F;
    }
    match days(when, relation, &fact.concept, facts) {
        Some((lo, hi)) => overlaps(fact, lo, hi, facts.today),
        None => U,
    }
}

/// The days on which a value counts.
fn asked_days(node: &Value, var: &Value, facts: &Facts) -> Option<(Day, Day)> {
    let when = &node["when"];
    match when["relation"].as_str() {
        None => Some((-10_000_000, facts.today)),
        Some("future") => None,
        Some(relation) => days(when, relation, word(var), facts),
    }
}

/// The first and the last day of a time.
fn days(when: &Value, relation: &str, concept: &str, facts: &Facts) -> Option<(Day, Day)> {
    let anchor =
        when["anchor"].as_str().and_then(|name| facts.anchors.get(name)).copied().unwrap_or(facts.today);
    let window = &when["window"];
    let far = |direction: i64| {
        if window.is_null() {
            return Some(direction * 10_000_000);
        }
        let (value, unit) = (decimal(&window["value"]), word(&window["unit"]));
        let day = if unit == "{half-life}" {
            let days = facts.half_lives.get(concept)?.checked_mul(value)?.floor();
            moved(anchor, days, "d", direction)?
        } else {
            moved(anchor, value, unit, direction)?
        };
        Some(if window["incl"] == true { day } else { day - direction })
    };
    Some(match relation {
        "current" => (facts.today, facts.today),
        "ever" => (-10_000_000, facts.today),
        "before" => (far(-1)?, anchor),
        "after" => (anchor, far(1)?),
        _ => (anchor, facts.anchors.get("study_end").copied().unwrap_or(10_000_000)),
    })
}

/// Whether a fact was so on one of these days.
fn overlaps(fact: &Fact, lo: Day, hi: Day, today: Day) -> Truth {
    let momentary = matches!(fact.kind.as_str(), "procedure" | "event");
    match (fact.start, fact.end) {
        (Some(start), end) => {
            let end = end.or(momentary.then_some(start));
            Truth::of(start <= hi && end.is_none_or(|end| end >= lo))
        }
        (None, Some(end)) if end < lo => F,
        (None, Some(end)) if end <= hi => T,
        (None, _) if lo <= -10_000_000 => T,
        (None, None) if !momentary && lo <= today && today <= hi => T,
        _ => U,
    }
}

/// The courses of a treatment up to now.
fn courses(node: &Value, facts: &Facts) -> Vec<(Day, Day)> {
    let of = facts.facts.iter().filter(|fact| is_of(fact, node) && !fact.absent && refined(fact, node) == T);
    let course = |fact: &Fact| Some((fact.start?, fact.end.unwrap_or(facts.today).min(facts.today)));
    of.filter_map(course).filter(|(start, end)| start <= end).collect()
}

/// The days that two lists of courses have in common.
fn common(left: &[(Day, Day)], right: &[(Day, Day)]) -> Vec<(Day, Day)> {
    let both = left.iter().flat_map(|a| right.iter().map(move |b| (a.0.max(b.0), a.1.min(b.1))));
    both.filter(|(start, end)| start <= end).collect()
}

fn exposure(node: &Value, facts: &Facts) -> Truth {
    let (to, duration) = (&node["to"], &node["duration"]);
    let lasted = |courses: &[(Day, Day)]| {
        let unit = word(&duration["unit"]);
        let fits = |&(start, end): &(Day, Day)| {
            length(start, end, unit).map_or(U, |length| within(length.into(), duration, Decimal::ONE))
        };
        courses.iter().map(fits).max().unwrap_or(U)
    };
    let parts: Vec<Vec<(Day, Day)>> = list(&to["args"]).iter().map(|part| courses(part, facts)).collect();
    match word(&to["op"]) {
        "has" => lasted(&courses(to, facts)),
        "and" if node["concurrent"] == true => {
            lasted(&parts.into_iter().reduce(|a, b| common(&a, &b)).unwrap_or_default())
        }
        "and" => parts.iter().map(|part| lasted(part)).min().unwrap_or(U),
        "or" => parts.iter().map(|part| lasted(part)).max().unwrap_or(U),
        _ => U,
    }
}

fn change(node: &Value, facts: &Facts) -> Truth {
    let Some(&from) = facts.anchors.get(word(&node["from"])) else { return U };
    let of = facts.values.iter().filter(|m| m.var == word(&node["var"]) && m.day <= facts.today);
    let first = of.clone().filter(|m| m.day <= from).max_by_key(|m| m.day);
    let last = of.filter(|m| m.day > from).max_by_key(|m| m.day);
    let (Some(first), Some(last)) = (first, last) else { return U };
    let percent = node["measure"] == "percent";
    if first.unit != last.unit || (!percent && first.unit != word(&node["unit"])) {
        return U;
    }
    let rise = last.value - first.value;
    let amount = if node["direction"] == "increase" { rise } else { -rise };
    if !percent {
        return within(amount, node, Decimal::ONE);
    }
    // Percent by multiplication, so that nothing is rounded: amount * 100 against bound * first.
    if first.value <= Decimal::ZERO { U } else { within(amount * Decimal::ONE_HUNDRED, node, first.value) }
}

fn order(node: &Value, facts: &Facts) -> Truth {
    let of = |node: &Value| -> Vec<&Fact> { facts.facts.iter().filter(|fact| is_of(fact, node)).collect() };
    let (first, then) = (of(&node["first"]), of(&node["then"]));
    let present = |facts: &[&Fact]| facts.iter().any(|fact| !fact.absent);
    if [&first, &then].iter().any(|facts| !facts.is_empty() && !present(facts)) {
        return F;
    }
    // One that has no date may be the first.
    let begin = |facts: &[&Fact]| facts.iter().filter(|f| !f.absent).map(|f| f.start).min().flatten();
    match (begin(&first), begin(&then)) {
        (Some(a), Some(b)) => Truth::of(b > a || (b == a && node["allow_same_time"] == true)),
        _ => U,
    }
}

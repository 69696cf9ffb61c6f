//! Values: within bounds, in a set, changed, abnormal.
//!
//! Of a variable the latest value up to the index date counts. Values that may be of the same day and give different
//! answers are a conflict, and unknown. One that is too old tells nothing ([`super::settings::VALUES_LAST`]). A value that is impossible, or whose unit does not fit, is unknown.

use jiff::civil::Date;
use model::{Birth, Decimal, Fact, FactKind, FactStatus, Subject, Value};
use vocabulary::{unit, variable};

use super::Walk;
use super::fact::infections_of;
use super::finding::{Conversion, Evidence, OneOrMore, Outcome, Truth, Want};
use super::settings::Absence;
use super::time;
use crate::interval::Interval;
use crate::tree::{Bound, Change, Cmp, Code, Coded, Extent, Quantity, Var, When};

/// What one value says.
struct Compared {
    at: usize,
    truth: Truth,
    want: Option<Want>,
    conversion: Option<Conversion>,
}

impl Walk<'_, '_> {
    /// Whether a value is within bounds.
    pub(super) fn cmp(&self, cmp: &Cmp) -> Outcome {
        let var = cmp.var.0.to_string();
        if let Some(repair) = &cmp.repair {
            if !self.settings.accept_repairs {
                return self.open(Want::Repair { var, unit: repair.unit.clone() });
            }
            return self.cmp(&repaired(cmp, repair.canonical.clone()));
        }
        if &*cmp.var.0 == "age" && self.person.subject.birth.is_some() {
            return self.age(cmp);
        }
        let all: Vec<(usize, &Fact)> =
            self.values(&cmp.var).filter(|(_, fact)| is_measured_so(fact, cmp)).collect();
        let now = self.latest_at(&all, &var, cmp.when.as_ref(), |at, fact| self.compared(at, fact, cmp));
        match &cmp.stable_for {
            Some(extent) if now.truth() != Truth::NotMet => self.stable(&all, cmp, extent, now),
            _ => now,
        }
    }

    /// The values of a variable up to the index date.
    fn values<'w>(&'w self, var: &'w Var) -> impl Iterator<Item = (usize, &'w Fact)> + 'w {
        let today = self.settings.index_date;
        self.person.about(&var.0).filter(move |(_, fact)| is_value(fact, today))
    }

    /// That it is unknown, if even the latest values are too old to tell how it is.
    fn outdated(&self, all: &[(usize, &Fact)], var: &str) -> Option<Outcome> {
        let today = self.settings.index_date;
        let latest = all.iter().map(|(_, fact)| last_day(fact, today)).max()?;
        let of_latest = all.iter().filter(|(_, fact)| last_day(fact, today) == latest);
        let seen = || of_latest.map(|(at, _)| self.cite(*at, None)).collect();
        let want = || self.missing(Want::Newer { var: var.to_owned() });
        self.settings.is_outdated(latest).then(|| Outcome::open_seen(want(), seen()))
    }

    /// What the latest values of a time say. One that may be of another time is not known to count, and where none is
    /// of it nothing is known.
    fn latest_at(
        &self,
        all: &[(usize, &Fact)],
        var: &str,
        when: Option<&When>,
        say: impl Fn(usize, &Fact) -> Compared,
    ) -> Outcome {
        let Some(when) = when else {
            return self.outdated(all, var).unwrap_or_else(|| self.latest(all, var, say));
        };
        let value = || Want::Value { var: var.to_owned() };
        let Some(days) = time::measured(var, when, self.settings) else { return self.open(value()) };
        let today = self.settings.index_date;
        let span = |fact: &Fact| (first_day(fact, today), last_day(fact, today));
        let may_be = |fact: &Fact| span(fact).0 <= days.to && span(fact).1 >= days.from;
        let of_time: Vec<(usize, &Fact)> = all.iter().filter(|(_, fact)| may_be(fact)).copied().collect();
        if of_time.is_empty() {
            return self.open(value());
        }
        self.latest(&of_time, var, |at, fact| {
            let inside = span(fact).0 >= days.from && span(fact).1 <= days.to;
            match inside {
                true => say(at, fact),
                false => Compared { at, truth: Truth::Unknown, want: Some(value()), conversion: None },
            }
        })
    }

    /// What the latest values say, if they say the same.
    fn latest(&self, all: &[(usize, &Fact)], var: &str, say: impl Fn(usize, &Fact) -> Compared) -> Outcome {
        let today = self.settings.index_date;
        let Some(latest) = all.iter().map(|(_, fact)| first_day(fact, today)).max() else {
            let named = variable::by_id(var).map_or(var, |variable| variable.name);
            return self.unrecorded(
                named.to_owned(),
                Want::Value { var: var.to_owned() },
                false,
                is_grave(var),
            );
        };
        let of_latest = all.iter().filter(|(_, fact)| last_day(fact, today) >= latest);
        let said: Vec<Compared> = of_latest.map(|(at, fact)| say(*at, fact)).collect();
        self.agreed(said, var)
    }

    /// The one answer of several values.
    fn agreed(&self, said: Vec<Compared>, var: &str) -> Outcome {
        let truths: Vec<Truth> = said.iter().map(|one| one.truth).collect();
        let open = said.iter().find_map(|one| one.want.clone());
        let seen: Vec<Evidence> = said.into_iter().map(|one| self.cite(one.at, one.conversion)).collect();
        let conflict = truths.contains(&Truth::Met) && truths.contains(&Truth::NotMet);
        let want = open.unwrap_or_else(|| Want::Agreement { var: var.to_owned() });
        match truths.first() {
            Some(&truth) if truth != Truth::Unknown && truths.iter().all(|other| *other == truth) => {
                match OneOrMore::of(seen) {
                    Some(because) => Outcome::settled(truth == Truth::Met, because),
                    None => self.open(want),
                }
            }
            _ if conflict => {
                Outcome::conflicting(self.missing(Want::Agreement { var: var.to_owned() }), seen)
            }
            _ => Outcome::open_seen(self.missing(want), seen),
        }
    }

    /// What one value says of bounds.
    fn compared(&self, at: usize, fact: &Fact, cmp: &Cmp) -> Compared {
        let var = cmp.var.0.to_string();
        let unknown = |want| Compared { at, truth: Truth::Unknown, want: Some(want), conversion: None };
        if !fact.value_is_usable() {
            return unknown(Want::Usable { var });
        }
        if let Some(upper) = limit_of(&cmp.unit) {
            return match self.limit(fact, &var, upper) {
                Some(limit) => self.against_limit(at, fact, cmp, limit),
                None => unknown(Want::Limits { var }),
            };
        }
        match placed(fact, cmp) {
            Some((value, bounds, conversion)) => {
                let truth = within(value, bounds);
                let want = (truth == Truth::Unknown).then_some(Want::Value { var });
                Compared { at, truth, want, conversion }
            }
            None => unknown(Want::Usable { var }),
        }
    }

    /// A limit of normal in the canonical unit, or in the unit of the value: the value's own, else that of the settings.
    fn limit(&self, fact: &Fact, var: &str, upper: bool) -> Option<(Decimal, bool)> {
        let range = fact
            .range
            .as_ref()
            .and_then(|range| if upper { range.high.as_ref() } else { range.low.as_ref() });
        if let Some(limit) = range {
            return Some(limit.canonical.map_or((limit.value, false), |value| (value, true)));
        }
        let &(low, high) = self.settings.limits.get(var)?;
        Some((if upper { high? } else { low? }, true))
    }

    /// What a value says of a multiple of a limit of normal.
    fn against_limit(
        &self,
        at: usize,
        fact: &Fact,
        cmp: &Cmp,
        (limit, canonical): (Decimal, bool),
    ) -> Compared {
        let value = fact
            .value
            .as_ref()
            .and_then(|value| if canonical { value.canonical_interval() } else { raw(value) });
        let times = |bound: Bound| Some(Bound { value: bound.value.checked_mul(limit)?, ..bound });
        let bounds = Interval::new(cmp.lo.and_then(times), cmp.hi.and_then(times));
        let truth = value.map_or(Truth::Unknown, |value| within(interval(value), bounds));
        let want = (truth == Truth::Unknown).then(|| Want::Usable { var: cmp.var.0.to_string() });
        Compared { at, truth, want, conversion: None }
    }

    /// Whether a value that is, or may be, within bounds now has been so for long enough. One that was surely outside
    /// them within the time settles it, whatever the latest may be.
    fn stable(&self, all: &[(usize, &Fact)], cmp: &Cmp, extent: &Extent, now: Outcome) -> Outcome {
        let today = self.settings.index_date;
        let series = Want::Series { var: cmp.var.0.to_string() };
        let since = extent.lo.and_then(|lo| time::moved(today, lo.value, &extent.unit, -1));
        let Some(since) = since else { return self.open(series) };
        let day = |fact: &Fact| fact.start.map_or(today, |start| start.last_day().min(today));
        let said: Vec<(Date, Compared)> =
            all.iter().map(|(at, fact)| (day(fact), self.compared(*at, fact, cmp))).collect();
        let is_met = now.truth() == Truth::Met;
        // Values of the last day that contradict each other do not settle it.
        let last = said.iter().map(|(day, _)| *day).max();
        let counts = |day: Date| day >= since && (is_met || Some(day) < last);
        if let Some((_, out)) = said.iter().find(|(day, one)| counts(*day) && one.truth == Truth::NotMet) {
            return Outcome::settled(false, OneOrMore::one(self.cite(out.at, None)));
        }
        if !is_met {
            return now;
        }
        // What was before the first value of the time is not known.
        let before = said.iter().filter(|(day, _)| *day <= since).max_by_key(|(day, _)| *day);
        let through = said.iter().filter(|(day, _)| *day >= since).all(|(_, one)| one.truth == Truth::Met);
        match before {
            Some((_, one)) if one.truth == Truth::Met && through => now,
            _ => self.open(series),
        }
    }

    /// Completed years, months, weeks or days of life.
    fn age(&self, cmp: &Cmp) -> Outcome {
        let (today, subject) = (self.settings.index_date, self.person.subject);
        let Some((least, most)) = lived(subject, today, &cmp.unit) else { return self.open(Want::Birth) };
        let end = |value: i64| Some(Bound { value: value.into(), incl: true });
        let value = Interval::new(end(least), end(most));
        let words = age_words(subject.birth.as_ref(), least, most, &cmp.unit);
        let ground = super::finding::Ground::Person(words);
        match within(value, Interval::new(cmp.lo, cmp.hi)) {
            Truth::Unknown => Outcome::open_seen(self.missing(Want::Birth), vec![self.evidence(ground)]),
            truth => Outcome::settled(truth == Truth::Met, OneOrMore::one(self.evidence(ground))),
        }
    }

    /// Whether a value is in a set.
    pub(super) fn coded(&self, coded: &Coded) -> Outcome {
        let var = coded.var.0.to_string();
        if var == "sex" {
            return self.sex(coded);
        }
        if var == "hcg_test" && self.person.is_male() {
            let positive =
                coded.values.iter().any(|code| matches!(code, Code::Word(word) if word == "positive"));
            return self.by_sex(!positive);
        }
        let all: Vec<(usize, &Fact)> = self
            .person
            .about(&coded.var.0)
            .filter(|(_, fact)| {
                is_result(fact, self.settings.index_date) && is_from(fact, coded.specimen.as_deref())
            })
            .collect();
        if all.is_empty() {
            let of = coded.text.clone();
            let rules_out =
                coded.values.iter().all(|code| !matches!(code, Code::Word(word) if word == "negative"));
            let closes = self.settings.absence == Absence::Closed && self.lacks_all(&infections_of(coded));
            return self.unrecorded(of, Want::Value { var }, closes, rules_out);
        }
        self.latest_at(&all, &var, coded.when.as_ref(), |at, fact| {
            let truth = result(fact).map_or(Truth::Unknown, |code| Truth::of(coded.values.contains(&code)));
            let want = (truth == Truth::Unknown).then(|| Want::Usable { var: var.clone() });
            Compared { at, truth, want, conversion: None }
        })
    }

    fn sex(&self, coded: &Coded) -> Outcome {
        let word = match self.person.subject.sex {
            Some(model::Sex::Female) => "female",
            Some(model::Sex::Male) => "male",
            _ => return self.open(Want::Sex),
        };
        self.by_sex(coded.values.iter().any(|code| matches!(code, Code::Word(w) if w == word)))
    }

    /// Whether any of some variables is outside its range.
    pub(super) fn abnormal(&self, vars: &[Var]) -> Outcome {
        let args = vars.iter().map(|var| {
            let all: Vec<(usize, &Fact)> = self.values(var).collect();
            self.outdated(&all, &var.0)
                .unwrap_or_else(|| self.latest(&all, &var.0, |at, fact| self.outside(at, fact, &var.0)))
        });
        Outcome::at_least(1, args.collect()).unwrap_or_else(|| self.open(Want::Reading))
    }

    fn outside(&self, at: usize, fact: &Fact, var: &str) -> Compared {
        let (low, high) = (self.limit(fact, var, false), self.limit(fact, var, true));
        let value = |canonical: bool| {
            let value = fact.value.as_ref().filter(|_| fact.value_is_usable())?;
            if canonical { value.canonical_interval() } else { raw(value) }.map(interval)
        };
        let side = |limit: Option<(Decimal, bool)>, upper: bool| {
            let Some((limit, canonical)) = limit else { return Truth::Unknown };
            let end = Some(Bound { value: limit, incl: false });
            let beyond = if upper { Interval::new(end, None) } else { Interval::new(None, end) };
            value(canonical).map_or(Truth::Unknown, |value| within(value, beyond))
        };
        let truth = side(low, false).max(side(high, true));
        let want = (truth == Truth::Unknown).then(|| Want::Limits { var: var.to_owned() });
        Compared { at, truth, want, conversion: None }
    }

    /// Whether a value changed by so much since a day.
    pub(super) fn change(&self, change: &Change) -> Outcome {
        let open = |want| self.open(want);
        let from = match change.from.as_str() {
            "baseline" => self.settings.baseline,
            _ => self.settings.start_of_exposure,
        };
        let Some(from) = from else { return open(Want::Anchor { name: change.from.clone() }) };
        let dated =
            self.values(&change.var).filter_map(|(at, fact)| Some((fact.start?.last_day(), at, fact)));
        let (before, after): (Vec<_>, Vec<_>) = dated.partition(|(day, ..)| *day <= from);
        let newest =
            |values: Vec<(Date, usize, &Fact)>| values.into_iter().max_by_key(|(day, ..)| *day).map(|v| v.1);
        let series = Want::Series { var: change.var.0.to_string() };
        let (Some(first), Some(last)) = (newest(before), newest(after)) else { return open(series) };
        let facts = &self.person.subject.facts;
        let Some(truth) = changed(&facts[first], &facts[last], change) else { return open(series) };
        let cite = |at| self.cite(at, None);
        Outcome::settled(truth, OneOrMore { first: cite(first), rest: vec![cite(last)] })
    }
}

/// Whether a fact is a value that counts on a day: of that day or before it, and neither denied nor planned.
pub(super) fn is_value(fact: &Fact, today: Date) -> bool {
    let begun = fact.start.is_none_or(|start| start.first_day() <= today);
    begun && fact.counts() && fact.value.is_some() && !fact.negated && fact.status != FactStatus::Planned
}

/// The first day that a value may be of; one without a date is of today.
pub(super) fn first_day(fact: &Fact, today: Date) -> Date {
    fact.start.map_or(today, |start| start.first_day())
}

/// The last day that a value may be of.
pub(super) fn last_day(fact: &Fact, today: Date) -> Date {
    fact.start.map_or(today, |start| start.last_day().min(today))
}

/// The values of a variable that count on a day: of those up to it, the ones that may be of the latest.
pub fn latest<'f>(facts: impl Iterator<Item = &'f Fact>, today: Date) -> Vec<&'f Fact> {
    let mut values: Vec<&Fact> = facts.filter(|fact| is_value(fact, today)).collect();
    if values.len() > 1
        && let Some(day) = values.iter().map(|fact| first_day(fact, today)).max()
    {
        values.retain(|fact| last_day(fact, today) >= day);
    }
    values
}

/// The least and the most completed units of time that a person has lived; `None` if the birth or the unit does not
/// tell.
pub fn lived(subject: &Subject, today: Date, unit: &str) -> Option<(i64, i64)> {
    let birth = subject.birth.as_ref().filter(|_| subject.problems.is_empty())?;
    let (first, last) = birth.days(today)?;
    let (most, least) = (time::completed(first, today, unit)?, time::completed(last, today, unit)?);
    (most >= 0).then_some((least.max(0), most))
}

/// Values that are only told of the gravely ill.
pub(super) fn is_grave(var: &str) -> bool {
    matches!(
        var,
        "life_expectancy"
            | "apache2"
            | "sofa"
            | "meld"
            | "child_pugh_score"
            | "nihss"
            | "rutherford"
            | "killip"
    )
}

/// A bound as the accepted repair has it.
pub(super) fn repaired(cmp: &Cmp, meant: Quantity) -> Cmp {
    let end = |bound: Option<Bound>| bound.map(|bound| Bound { value: meant.value, ..bound });
    Cmp { lo: end(cmp.lo), hi: end(cmp.hi), unit: meant.unit, canonical: None, repair: None, ..cmp.clone() }
}

/// Whether a value was measured where, how and in which state the criterion names.
fn is_measured_so(fact: &Fact, cmp: &Cmp) -> bool {
    let label = |what: &Option<model::What>| {
        what.as_ref().map(|what| what.label().to_lowercase()).unwrap_or_default()
    };
    let (site, method) = (label(&fact.site), label(&fact.method));
    let own = fact.what.label().to_lowercase();
    let said = |wanted: &Option<String>, places: &[&str]| {
        wanted.as_ref().is_none_or(|wanted| places.iter().any(|place| place.contains(&wanted.to_lowercase())))
    };
    let named = cmp.var.0.replace('_', " ");
    said(&cmp.site, &[&site, &own])
        && said(&cmp.method, &[&method, &own])
        && said(&cmp.state, &[&method, &own, &named])
}

/// A value and bounds in one unit, with the conversion.
fn placed(fact: &Fact, cmp: &Cmp) -> Option<(Interval, Interval, Option<Conversion>)> {
    let value = fact.value.as_ref()?;
    let bounds = Interval::new(cmp.lo, cmp.hi);
    let (number, own) = match value {
        Value::Quantity(quantity) => {
            (Some(quantity.value), quantity.ucum.as_deref().or(quantity.unit.as_deref()))
        }
        _ => (None, None),
    };
    if number.is_some() && own.unwrap_or_default() == cmp.unit {
        return Some((interval(raw(value)?), bounds, None));
    }
    let to = variable::by_id(&cmp.var.0)?.unit?;
    let bounds = canonical_bounds(cmp)?;
    let compared = value.canonical_interval()?;
    let one = number.zip(match value {
        Value::Quantity(quantity) => quantity.canonical,
        _ => None,
    });
    let conversion =
        one.filter(|_| own.is_some_and(|own| own != to.as_str())).map(|(from, value)| Conversion {
            from: Quantity { value: from, unit: own.unwrap_or_default().to_owned() },
            to: Quantity { value, unit: to.as_str().to_owned() },
        });
    Some((interval(compared), bounds, conversion))
}

/// The bounds in the canonical unit of the variable.
pub(super) fn canonical_bounds(cmp: &Cmp) -> Option<Interval> {
    let variable = variable::by_id(&cmp.var.0)?;
    variable.unit?;
    let unit = unit::of(&cmp.unit).filter(|_| !cmp.unit.is_empty());
    let convert =
        |bound: Bound| Some(Bound { value: variable.canonical(bound.value, unit).ok()?.value, ..bound });
    let end = |bound: Option<Bound>| match bound {
        Some(bound) => convert(bound).map(Some),
        None => Some(None),
    };
    Some(Interval::new(end(cmp.lo)?, end(cmp.hi)?))
}

/// Whether a unit is a multiple of a limit of normal, and whether of the upper one.
pub(super) fn limit_of(unit: &str) -> Option<bool> {
    match unit {
        "{ULN}" => Some(true),
        "{LLN}" => Some(false),
        _ => None,
    }
}

/// Where a value lies, in the unit as recorded.
pub(super) fn raw(value: &Value) -> Option<model::Interval> {
    match value {
        Value::Quantity(quantity) => Some(quantity.interval()),
        _ => None,
    }
}

pub(super) fn interval(of: model::Interval) -> Interval {
    let end = |end: Option<(Decimal, bool)>| end.map(|(value, incl)| Bound { value, incl });
    Interval::new(end(of.low), end(of.high))
}

/// Whether a value of which only an interval is known lies within bounds.
fn within(value: Interval, bounds: Interval) -> Truth {
    if value.is_subset(bounds) {
        Truth::Met
    } else if value.intersect(bounds).is_empty() {
        Truth::NotMet
    } else {
        Truth::Unknown
    }
}

fn age_words(birth: Option<&Birth>, least: i64, most: i64, unit: &str) -> String {
    let unit = match unit {
        "a" => "years",
        "mo" => "months",
        "wk" => "weeks",
        _ => "days",
    };
    let age = if least == most { most.to_string() } else { format!("{least} to {most}") };
    match birth {
        Some(Birth::Date(date)) => format!("born {date}: {age} {unit}"),
        _ => format!("age {age} {unit}"),
    }
}

/// Whether a fact is a result of a coded variable, final and not of the future.
fn is_result(fact: &Fact, today: Date) -> bool {
    let begun = fact.start.is_none_or(|start| start.first_day() <= today);
    begun && (fact.counts() || fact.says_absent()) && fact.status != FactStatus::Planned
}

fn is_from(fact: &Fact, specimen: Option<&str>) -> bool {
    let named = |what: &Option<model::What>, word: &str| {
        what.as_ref().is_some_and(|what| what.label().to_lowercase().contains(word))
    };
    specimen.is_none_or(|word| {
        named(&fact.site, word)
            || named(&fact.method, word)
            || fact.what.label().to_lowercase().contains(word)
    })
}

/// The code that a result is.
fn result(fact: &Fact) -> Option<Code> {
    let present = |is: bool| Some(Code::Word(if is { "positive" } else { "negative" }.to_owned()));
    if fact.says_absent() {
        return present(false);
    }
    let word = match &fact.value {
        // That a disease is recorded says that it was found; that a test is recorded says nothing of its result.
        None => return (fact.kind != FactKind::Observation).then(|| present(true)).flatten(),
        Some(Value::Boolean(is)) => return present(*is),
        Some(Value::Quantity(quantity)) => {
            let whole = quantity.value.is_integer() && quantity.comparator == model::Comparator::Exact;
            return whole.then(|| i64::try_from(quantity.value).ok()).flatten().map(Code::Integer);
        }
        Some(Value::Coded(what)) => what.label(),
        Some(Value::Text(text)) => text.as_str(),
        Some(Value::Range(_)) => return None,
    };
    let lower = word.trim().to_lowercase();
    let known = match lower.as_str() {
        "positive" | "pos" | "detected" | "reactive" | "present" | "+" => "positive",
        "negative" | "neg" | "not detected" | "undetected" | "nonreactive" | "non-reactive" | "absent"
        | "-" => "negative",
        other => other,
    };
    let known = if known.len() == 1 { known.to_uppercase() } else { known.to_owned() };
    match known.parse::<i64>() {
        Ok(number) => Some(Code::Integer(number)),
        Err(_) => (known.split(' ').count() <= 3).then_some(Code::Word(known)),
    }
}

/// Whether the change from one value to another is within bounds; percents by multiplication, so that nothing is
/// rounded.
fn changed(first: &Fact, last: &Fact, change: &Change) -> Option<bool> {
    let number = |fact: &Fact| match &fact.value {
        Some(Value::Quantity(quantity)) if fact.value_is_usable() => Some(quantity.clone()),
        _ => None,
    };
    let (first, last) = (number(first)?, number(last)?);
    if first.ucum != last.ucum || !change.percent && first.ucum.as_deref().unwrap_or_default() != change.unit
    {
        return None;
    }
    let rise = last.value.checked_sub(first.value)?;
    let amount = if change.increase { rise } else { -rise };
    let (amount, factor) = match change.percent {
        true if first.value > Decimal::ZERO => (amount.checked_mul(Decimal::ONE_HUNDRED)?, first.value),
        true => return None,
        false => (amount, Decimal::ONE),
    };
    let times = |bound: Bound| Some(Bound { value: bound.value.checked_mul(factor)?, ..bound });
    Some(Interval::new(change.lo.and_then(times), change.hi.and_then(times)).contains(amount))
}

/// A value in words, as recorded.
pub fn words(value: &Value) -> Option<String> {
    let quantity = |quantity: &model::Quantity| {
        let unit = quantity.unit.as_deref().or(quantity.ucum.as_deref()).unwrap_or_default();
        let sign = match quantity.comparator {
            model::Comparator::Exact => "",
            model::Comparator::Less => "<",
            model::Comparator::AtMost => "<=",
            model::Comparator::AtLeast => ">=",
            model::Comparator::More => ">",
        };
        format!("{sign}{} {unit}", quantity.value.normalize()).trim_end().to_owned()
    };
    Some(match value {
        Value::Quantity(one) => quantity(one),
        Value::Range(range) => {
            let end = |end: &Option<model::Quantity>| end.as_ref().map(quantity).unwrap_or_default();
            format!("{} to {}", end(&range.low), end(&range.high))
        }
        Value::Coded(what) => what.label().to_owned(),
        Value::Text(text) => text.clone(),
        Value::Boolean(true) => "yes".to_owned(),
        Value::Boolean(false) => "no".to_owned(),
    })
}

//! A field of the record that says something else than the text: ages, sex, volunteers.

use rust_decimal::{Decimal, prelude::FromPrimitive};

use super::{Check, Input, Place, Report, Severity};
use crate::{
    catalogue::{Catalogue, days},
    interval::{Interval, Region},
    meaning::{Part, asserted, defined, measured},
    stated::{Sex, Stated},
    tree::{Bound, Code, Criteria, Field, Item, Node, Number, Op, Section, Span},
};

pub(super) const CHECK: Check = Check {
    id: "field_against_text",
    explanation: "People find studies by the fields of the record and are refused by its text; the two should say the same.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    let parts = asserted(&input.criteria.items);
    ages(input, report);
    sex(input, &parts, report);
    volunteers(input, &parts, report);
}

fn field(input: &Input<'_>, field: Field) -> Option<Place> {
    printed(input.criteria, field).map(|(n, _)| input.whole(n))
}

/// Where the text shows a field, if it does.
pub(super) fn printed(criteria: &Criteria, field: Field) -> Option<(usize, &Item)> {
    let shown = |item: &Item| {
        item.section == Section::Registry
            && item.number == Number::Field(field)
            && item.span != Span::default()
            && !matches!(item.expr.as_ref().map(|e| &e.op), None | Some(Op::Human { .. }))
    };
    criteria.items.iter().enumerate().find(|(_, item)| shown(item))
}

/// An age of the record in years, the unit of the text's ages.
fn years(age: model::Age) -> Option<Decimal> {
    let value = Decimal::from_f64(age.value)?;
    let per = match age.unit {
        model::AgeUnit::Years => return Some(value),
        model::AgeUnit::Months => days("mo")?,
        model::AgeUnit::Weeks => days("wk")?,
        model::AgeUnit::Days => Decimal::ONE,
        model::AgeUnit::Hours => days("h")?,
        model::AgeUnit::Minutes => days("h")?.checked_div(Decimal::from(60))?,
    };
    value.checked_mul(per)?.checked_div(days("a")?)
}

/// The ages the fields let in: completed years where they are in years.
fn stated(input: &Input<'_>) -> Interval {
    let end = |age: Option<model::Age>| {
        age.and_then(|a| Some((Bound { value: years(a)?, incl: true }, a.unit == model::AgeUnit::Years)))
    };
    let (lo, hi) = (end(input.stated.min_age), end(input.stated.max_age));
    let stepped = |bound: Bound| Interval::new(None, Some(bound)).in_steps().hi;
    Interval {
        lo: lo.map(|l| l.0),
        hi: hi.and_then(|(bound, in_years)| if in_years { stepped(bound) } else { Some(bound) }),
    }
}

/// The ages at which somebody may meet a tree: never too few, perhaps too many.
fn possible(node: &Node, holds: bool, catalogue: &dyn Catalogue) -> Region {
    let below = |node| possible(node, holds, catalogue);
    match (&defined(node).op, holds) {
        (Op::Not(arg), _) => possible(arg, !holds, catalogue),
        (Op::And(args), true) | (Op::Or(args), false) => {
            args.iter().map(below).fold(Region::whole(), |a, b| a.intersect(&b))
        }
        (Op::And(args) | Op::Ambiguous(args), false) | (Op::Or(args) | Op::Ambiguous(args), true) => {
            args.iter().map(below).fold(Region::of([]), |a, b| a.union(&b))
        }
        (Op::Cmp(cmp), _) if &*cmp.var.0 == "age" && cmp.repair.is_none() => {
            let region = measured(cmp, catalogue).region;
            if holds { region } else { region.complement() }
        }
        _ => Region::whole(),
    }
}

fn ages(input: &Input<'_>, report: &mut Report<'_>) {
    let mut text = Region::whole();
    let (mut low, mut high) = (None, None);
    for (n, item) in input.criteria.items.iter().enumerate() {
        let (Some(expr), Some(polarity)) = (&item.expr, item.polarity) else { continue };
        if item.section == Section::Registry {
            continue;
        }
        let region = possible(expr, polarity == crate::tree::Polarity::Require, input.catalogue);
        if let Some(hull) = region.hull().filter(|_| !region.is_whole()) {
            let place = age_place(input, n, expr);
            low = hull.lo.map(|_| place).or(low);
            high = hull.hi.map(|_| place).or(high);
        }
        text = text.intersect(&region);
    }
    let Some(hull) = text.hull().filter(|_| *input.stated != Stated::default()) else { return };
    let fields = stated(input);
    end(input, report, low, hull.lo, fields.lo, "minimum", input.stated.min_age);
    end(input, report, high, hull.hi, fields.hi, "maximum", input.stated.max_age);
}

/// Where an item speaks of age.
fn age_place(input: &Input<'_>, item: usize, expr: &Node) -> Place {
    let mut place = None;
    expr.each(&mut |node| {
        if matches!(&node.op, Op::Cmp(c) if &*c.var.0 == "age") {
            place = place.or(Some(input.node(item, node)));
        }
    });
    place.unwrap_or_else(|| input.whole(item))
}

/// One end of the ages: of the text and of the field.
fn end(
    input: &Input<'_>,
    report: &mut Report<'_>,
    place: Option<Place>,
    text: Option<Bound>,
    field_end: Option<Bound>,
    which: &str,
    age: Option<model::Age>,
) {
    // An end of which the text says nothing is the field's alone.
    let Some(text) = text else { return };
    let near = |a: Decimal, b: Decimal| a.checked_sub(b).is_some_and(|d| d.abs() < Decimal::new(2, 2));
    let message = match (field_end, age) {
        (Some(bound), _) if bound.incl == text.incl && near(bound.value, text.value) => return,
        (Some(bound), Some(age)) => {
            let words = years_of(text, which);
            let side = if (bound.value < text.value) == (which == "minimum") { "more" } else { "fewer" };
            format!(
                "the text's {which} age is {words}, the field says {age}: the field lets in {side} people"
            )
        }
        _ => format!("the text's {which} age is {}, the field gives none", years_of(text, which)),
    };
    report
        .add(Severity::Warning, place, message)
        .other(field(input, Field::Age))
        .remedy(format!("make the field and the text name one {which} age"));
}

/// A limit of the text for people: completed years where it is whole, else months.
fn years_of(bound: Bound, which: &str) -> String {
    let last = which == "maximum" && !bound.incl && bound.value.is_integer();
    let value = if last { bound.value.saturating_sub(Decimal::ONE) } else { bound.value };
    if value.is_integer() {
        return format!("{} years", value.normalize());
    }
    let months = value.saturating_mul(Decimal::from(12)).round_dp(1).normalize();
    format!("{months} months")
}

fn sex(input: &Input<'_>, parts: &[Part<'_>], report: &mut Report<'_>) {
    let Some(stated) = input.stated.sex else { return };
    let mut only = None;
    for part in parts {
        let at = input.node(part.item, part.node);
        if let Some(said) = sex_of(part) {
            only = Some(said);
            if said != stated {
                let severity = if stated == Sex::All { Severity::Warning } else { Severity::Error };
                let message =
                    format!("the text is for one sex ({}), the field says {}", word(said), stated.as_str());
                let remedy = "correct the field, or the text";
                report.add(severity, Some(at), message).other(field(input, Field::Sex)).remedy(remedy);
            }
        } else if matches!(&part.node.op, Op::True { var: Some(v), .. } if &*v.0 == "sex")
            && stated != Sex::All
        {
            let message = format!("the text is for all sexes, the field says {}", stated.as_str());
            let remedy = "correct the field, or the text";
            report.add(Severity::Warning, Some(at), message).other(field(input, Field::Sex)).remedy(remedy);
        }
    }
    pregnancy(input, parts, stated, only, report);
}

fn word(sex: Sex) -> &'static str {
    match sex {
        Sex::All => "all",
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

/// The one sex that a part leaves.
fn sex_of(part: &Part<'_>) -> Option<Sex> {
    let Op::Coded(coded) = &part.node.op else { return None };
    let [Code::Word(value)] = &coded.values[..] else { return None };
    if &*coded.var.0 != "sex" {
        return None;
    }
    match (Sex::from_word(value)?, part.required) {
        (sex, true) => Some(sex),
        (Sex::Female, false) => Some(Sex::Male),
        (Sex::Male, false) => Some(Sex::Female),
        (Sex::All, false) => None,
    }
}

fn pregnancy(input: &Input<'_>, parts: &[Part<'_>], stated: Sex, only: Option<Sex>, report: &mut Report<'_>) {
    let named = parts.iter().find(|part| match &part.node.op {
        Op::Has(has) => matches!(&*has.concept.0, "pregnancy" | "lactation"),
        _ => false,
    });
    let Some(part) = named else { return };
    let (severity, message) = match (stated, part.required) {
        (Sex::Male, true) => {
            (Severity::Error, "the text asks for pregnancy or lactation, the field says Male")
        }
        (Sex::Male, false) => (Severity::Note, "the text speaks of pregnancy, the field says Male"),
        (Sex::All, true) if only.is_none() => {
            (Severity::Warning, "the text asks for pregnancy or lactation, the field says All")
        }
        _ => return,
    };
    let at = Some(input.node(part.item, part.node));
    let remedy = "correct the field, or delete the criterion";
    report.add(severity, at, message.to_owned()).other(field(input, Field::Sex)).remedy(remedy);
}

fn volunteers(input: &Input<'_>, parts: &[Part<'_>], report: &mut Report<'_>) {
    let Some(stated) = input.stated.healthy_volunteers else { return };
    for part in parts {
        let named = matches!(&part.node.op, Op::Has(has) if &*has.concept.0 == "healthy_volunteer");
        if !named || part.required == stated {
            continue;
        }
        let message = match stated {
            true => "the text rules out healthy volunteers, the field accepts them",
            false => "the text asks for healthy volunteers, the field does not accept them",
        };
        report
            .add(Severity::Error, Some(input.node(part.item, part.node)), message.to_owned())
            .other(field(input, Field::Volunteers))
            .remedy("correct the field, or the text");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::example::*, *};

    fn stated(min: &str, max: &str, sex: &str) -> Stated {
        Stated {
            min_age: min.parse().ok(),
            max_age: max.parse().ok(),
            sex: Sex::from_word(sex),
            healthy_volunteers: Some(false),
            ..Stated::default()
        }
    }

    fn sex(value: &str, text: &str) -> Value {
        json!({"op": "coded", "var": "sex", "in": [value], "text": text})
    }

    #[test]
    fn clean() {
        let ages = [("inclusion: Aged 18 to 65", cmp("age", "≥18", "≤65", "a"))];
        assert!(check(&CHECK, &ages, &stated("18 Years", "65 Years", "all")).is_empty());
        let below = [("exclusion: 66 or older", cmp("age", "≥66", "", "a"))];
        assert!(check(&CHECK, &below, &stated("18 Years", "65 Years", "all")).is_empty());
        let infants = [("inclusion: 6 to 24 months", cmp("age", "≥6", "≤24", "mo"))];
        assert!(check(&CHECK, &infants, &stated("6 Months", "24 Months", "all")).is_empty());
        let either = list(
            "or",
            &[
                list("and", &[sex("male", "Men"), cmp("age", "≥40", "", "a")]),
                list("and", &[sex("female", "women"), cmp("age", "≥50", "", "a")]),
            ],
        );
        let either = [("inclusion: Men of 40 and more, women of 50 and more", either)];
        assert!(check(&CHECK, &either, &stated("40 Years", "", "all")).is_empty());
    }

    #[test]
    fn flagged_ages() {
        let ages = [("inclusion: Aged 18 to 65", cmp("age", "≥18", "≤65", "a"))];
        assert_eq!(
            check(&CHECK, &ages, &stated("20 Years", "64 Years", "all")),
            [
                "warning `Aged 18 to 65` the text's minimum age is 18 years, the field says 20 Years: \
             the field lets in fewer people",
                "warning `Aged 18 to 65` the text's maximum age is 65 years, the field says 64 Years: \
             the field lets in fewer people",
            ]
        );
        let over = [("exclusion: Older than 70", cmp("age", ">70", "", "a"))];
        assert_eq!(
            check(&CHECK, &over, &stated("18 Years", "75 Years", "all")),
            ["warning `Older than 70` the text's maximum age is 70 years, the field says 75 Years: \
             the field lets in more people",]
        );
        assert_eq!(
            check(&CHECK, &over, &stated("18 Years", "", "all")),
            ["warning `Older than 70` the text's maximum age is 70 years, the field gives none",]
        );
    }

    #[test]
    fn flagged_sex() {
        let women = [("inclusion: Women only", sex("female", "Women"))];
        assert_eq!(
            check(&CHECK, &women, &stated("", "", "all")),
            ["warning `Women` the text is for one sex (female), the field says All"]
        );
        let pregnant = json!({"op": "has", "kind": "status", "concept": "pregnancy", "text": "Pregnancy"});
        let pregnant = [("exclusion: Pregnancy", pregnant)];
        assert_eq!(
            check(&CHECK, &pregnant, &stated("", "", "male")),
            ["note `Pregnancy` the text speaks of pregnancy, the field says Male"]
        );
        assert!(check(&CHECK, &pregnant, &stated("", "", "all")).is_empty());
    }

    #[test]
    fn flagged_volunteers() {
        let healthy =
            json!({"op": "has", "kind": "status", "concept": "healthy_volunteer", "text": "Healthy"});
        assert_eq!(
            check(&CHECK, &[("inclusion: Healthy adults", healthy)], &stated("", "", "all")),
            ["error `Healthy` the text asks for healthy volunteers, the field does not accept them"]
        );
    }
}

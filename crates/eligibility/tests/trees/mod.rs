//! Arbitrary trees of every shape the types allow, for property tests.
#![allow(dead_code)]

use eligibility::read::{Options, Reader};
use eligibility::tree::*;
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Texts with everything that could be mistaken: quotes, marks, words of the grammar, several lines.
pub fn text() -> BoxedStrategy<String> {
    let word = prop_oneof![
        "[a-z]{1,8}",
        Just("and".to_owned()),
        Just("or in the".to_owned()),
        Just("18 to 55".to_owned()),
        Just("history of".to_owned()),
        Just("of these".to_owned()),
        Just("no".to_owned()),
        Just("any".to_owned()),
        Just("(see above)".to_owned()),
        Just("\"quoted\" \\ `ticks`".to_owned()),
        Just("años ≥ µ".to_owned()),
        Just("; , :".to_owned()),
        Just("\n\r\t".to_owned()),
        "\\PC{0,6}",
    ];
    prop_oneof![4 => vec(word, 0..4).prop_map(|words| words.join(" ")), 1 => any::<String>()].boxed()
}

fn id() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,5}){0,2}",
        1 => Just("mesh:D003924".to_owned()),
        1 => Just("mesh:D006258".to_owned()),
        1 => Just("text:burning eyes".to_owned()),
        1 => text().prop_map(|words| format!("text:{words}")),
        1 => text(),
    ]
    .boxed()
}

fn var() -> BoxedStrategy<Var> {
    id().prop_map(|id| Var(id.into())).boxed()
}

fn unit() -> BoxedStrategy<String> {
    let units = [
        "",
        "a",
        "mo",
        "wk",
        "d",
        "h",
        "%",
        "{ULN}",
        "{LLN}",
        "{half-life}",
        "{score}",
        "{SD}",
        "{class}",
        "10*9/L",
        "mg/dL",
        "mL/min/{1.73_m2}",
        "mm[Hg]",
        "mg/(24.h)",
        "[U]/kg/d",
        "/uL",
        "years",
        "x",
        "and",
    ];
    prop_oneof![8 => proptest::sample::select(units.to_vec()).prop_map(str::to_owned), 1 => text()].boxed()
}

fn decimal() -> BoxedStrategy<Decimal> {
    let any = (any::<i64>(), 0_u32..12).prop_map(|(digits, scale)| Decimal::new(digits, scale));
    prop_oneof![4 => (-200_i64..200, 0_u32..3).prop_map(|(d, s)| Decimal::new(d, s)), 1 => any].boxed()
}

fn bound() -> BoxedStrategy<Bound> {
    (decimal(), any::<bool>()).prop_map(|(value, incl)| Bound { value, incl }).boxed()
}

fn quantity() -> BoxedStrategy<Quantity> {
    (decimal(), unit()).prop_map(|(value, unit)| Quantity { value, unit }).boxed()
}

fn extent() -> BoxedStrategy<Extent> {
    (of(bound()), of(bound()), unit()).prop_map(|(lo, hi, unit)| Extent { lo, hi, unit }).boxed()
}

fn when() -> BoxedStrategy<When> {
    let window =
        (decimal(), unit(), any::<bool>()).prop_map(|(value, unit, incl)| Window { value, unit, incl });
    let relation = proptest::sample::select(Relation::ALL);
    (of(window), relation, of(proptest::sample::select(Anchor::ALL)))
        .prop_map(|(window, relation, anchor)| When { window, relation, anchor })
        .boxed()
}

/// A value that a key of `has` may have: the usual ones, and others.
fn value(usual: &'static [&'static str]) -> BoxedStrategy<Option<String>> {
    let usual = proptest::sample::select(usual).prop_map(str::to_owned);
    weighted(0.2, prop_oneof![3 => usual, 1 => text()]).boxed()
}

fn cmp() -> BoxedStrategy<Op> {
    let repair = (unit(), quantity(), text()).prop_map(|(unit, canonical, confidence)| Repair {
        unit,
        canonical,
        confidence,
    });
    let value = (var(), of(bound()), of(bound()), unit());
    let how = (value_of("common peroneal nerve"), value_of("MDRD"), value_of("fasting"));
    let times = (weighted(0.2, extent()), weighted(0.2, when()));
    (value, how, times, weighted(0.2, quantity()), weighted(0.1, repair))
        .prop_map(|((var, lo, hi, unit), (site, method, state), (stable_for, when), canonical, repair)| {
            Op::Cmp(Box::new(Cmp {
                var,
                lo,
                hi,
                unit,
                site,
                method,
                state,
                stable_for,
                when,
                canonical,
                repair,
            }))
        })
        .boxed()
}

fn value_of(usual: &'static str) -> BoxedStrategy<Option<String>> {
    weighted(0.2, prop_oneof![2 => Just(usual.to_owned()), 1 => text()]).boxed()
}

fn coded() -> BoxedStrategy<Op> {
    let word = prop_oneof![Just("positive".to_owned()), Just("one".to_owned()), Just("3".to_owned()), text()];
    let code = prop_oneof![any::<i64>().prop_map(Code::Integer), word.prop_map(Code::Word)];
    (var(), vec(code, 0..4), value_of("serum"), weighted(0.2, when()), text())
        .prop_map(|(var, values, specimen, when, text)| {
            Op::Coded(Box::new(Coded { var, values, specimen, when, text }))
        })
        .boxed()
}

fn leaf() -> BoxedStrategy<Op> {
    let change = (var(), any::<[bool; 2]>(), text(), of(bound()), of(bound()), unit()).prop_map(
        |(var, [increase, percent], from, lo, hi, unit)| {
            let from = if increase { "baseline".to_owned() } else { from };
            Op::Change(Box::new(Change { var, increase, percent, from, lo, hi, unit }))
        },
    );
    let human = (proptest::sample::select(Reason::ALL), text());
    prop_oneof![
        4 => cmp(),
        2 => coded(),
        1 => (of(var()), text()).prop_map(|(var, text)| Op::True { var, text }),
        1 => change,
        1 => vec(var(), 0..4).prop_map(|vars| Op::Abnormal { vars }),
        1 => human.prop_map(|(reason, text)| Op::Human { reason, text }),
        1 => (text(), text()).prop_map(|(reference, text)| Op::Guideline { reference, text }),
        1 => (bound(), unit()).prop_map(|(lo, unit)| Op::Washout { lo, unit }),
        4 => has(None),
    ]
    .boxed()
}

fn has(inner: Option<BoxedStrategy<Node>>) -> BoxedStrategy<Op> {
    let kind = proptest::sample::select(Kind::ALL);
    let name = (kind, id(), prop_oneof![text(), Just("T2DM".to_owned())], weighted(0.5, when()));
    let qualities = (
        value(&["severe", "mild"]),
        value(&["uncontrolled", "poorly_controlled"]),
        value(&["chronic"]),
        value(&["known"]),
        value(&["clinically_significant"]),
    );
    let others = (value(&["12-lead ECG"]), value(&["capsule"]), value(&["foot"]), weighted(0.2, bound()));
    let lists = (vec(text(), 0..3), any::<bool>(), vec(text(), 0..3));
    let node = inner.map_or_else(|| Just(None).boxed(), |inner| weighted(0.3, inner).boxed());
    (name, qualities, others, lists, node.clone(), node)
        .prop_map(|(name, qualities, others, lists, defined_by, relax)| {
            let mut has = Has::new(name.0, Concept(name.1.into()), name.2);
            has.when = name.3;
            (has.severity, has.control, has.course, has.certainty, has.significance) = qualities;
            (has.evidence, has.form, has.site, has.count) = others;
            (has.examples, has.open_list, has.subtypes) = lists;
            has.defined_by = defined_by.map(Box::new);
            has.relax = relax.map(Box::new);
            Op::Has(Box::new(has))
        })
        .boxed()
}

/// Any tree.
pub fn node() -> BoxedStrategy<Node> {
    leaf()
        .prop_map(Node::new)
        .prop_recursive(4, 24, 4, |inner| {
            let args = vec(inner.clone(), 0..4);
            let exposure = (inner.clone(), extent(), any::<bool>()).prop_map(|(to, duration, concurrent)| {
                Op::Exposure(Box::new(Exposure { to, duration, concurrent }))
            });
            let order = (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(first, then, same)| {
                Op::Order { first: Box::new(first), then: Box::new(then), allow_same_time: same }
            });
            prop_oneof![
                2 => args.clone().prop_map(Op::And),
                2 => args.clone().prop_map(Op::Or),
                1 => args.clone().prop_map(Op::Ambiguous),
                1 => (any::<u32>(), args).prop_map(|(k, args)| Op::AtLeast { k, args }),
                2 => inner.clone().prop_map(|node| Op::Not(Box::new(node))),
                1 => exposure,
                1 => order,
                2 => has(Some(inner)),
            ]
            .prop_map(Node::new)
        })
        .boxed()
}

/// The criteria of the studies that ship with the program, as they are read from their texts.
pub fn of_the_demo() -> Vec<Criteria> {
    let studies = std::fs::read_to_string(testkit::root().join("demo/studies.ndjson")).unwrap();
    let mut reader = Reader::new();
    let criteria = studies.lines().filter_map(|line| {
        let study: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = study.pointer("/protocolSection/eligibilityModule/eligibilityCriteria")?;
        Some(reader.read(text.as_str()?, Options::default()))
    });
    criteria.collect()
}

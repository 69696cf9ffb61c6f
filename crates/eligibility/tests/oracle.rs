//! The rules of evaluation, by a second and slow reading of them.
//!
//! The reading itself is `oracle/mod.rs`. Here it is held to the truth tables and to one example of each rule, so
//! that it can be trusted where the program is compared with it.
#![allow(clippy::unwrap_used)]

#[path = "oracle/mod.rs"]
mod oracle;
mod trees;

use eligibility::{english, notation};
use oracle::{Day, F, Fact, Facts, Measured, Result, T, Truth, U, day, truth};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const ALL: [Truth; 3] = [F, U, T];

/// A node with this truth value.
fn known(truth: Truth) -> Value {
    let text = match truth {
        T => "yes",
        U => "perhaps",
        F => "no",
    };
    json!({"op": "human", "reason": "consent", "text": text})
}

/// Facts that give [`known`] nodes their values.
fn answered() -> Facts {
    let answers = [("yes".to_owned(), true), ("no".to_owned(), false)];
    Facts { answers: answers.into(), ..facts() }
}

fn applied(op: &str, args: &[Truth]) -> Truth {
    let args: Vec<Value> = args.iter().map(|&arg| known(arg)).collect();
    truth(&json!({"op": op, "args": args}), &answered())
}

#[test]
fn and_or_and_not_have_kleenes_tables() {
    let and = [[F, F, F], [F, U, U], [F, U, T]];
    let or = [[F, U, T], [U, U, T], [T, T, T]];
    for (i, a) in ALL.into_iter().enumerate() {
        for (j, b) in ALL.into_iter().enumerate() {
            assert_eq!(applied("and", &[a, b]), and[i][j], "{a:?} and {b:?}");
            assert_eq!(applied("or", &[a, b]), or[i][j], "{a:?} or {b:?}");
            assert_eq!(applied("ambiguous", &[a, b]), if a == b { a } else { U }, "{a:?}, {b:?}");
        }
        assert_eq!(truth(&json!({"op": "not", "arg": known(a)}), &answered()), [T, U, F][i]);
    }
}

/// All lists of so many truth values.
fn assignments(length: usize) -> Vec<Vec<Truth>> {
    let longer = |lists: Vec<Vec<Truth>>| {
        let one_more = |list: Vec<Truth>| ALL.map(|truth| [list.clone(), vec![truth]].concat());
        lists.into_iter().flat_map(one_more).collect()
    };
    (0..length).fold(vec![Vec::new()], |lists, _| longer(lists))
}

/// What is certain however the unknown ones turn out.
fn certain(args: &[Truth], holds: &dyn Fn(&[bool]) -> bool) -> Truth {
    let unknown: Vec<usize> = (0..args.len()).filter(|&i| args[i] == U).collect();
    let mut found = Vec::new();
    for bits in 0..1_u32 << unknown.len() {
        let mut world: Vec<bool> = args.iter().map(|&arg| arg == T).collect();
        unknown.iter().enumerate().for_each(|(bit, &i)| world[i] = bits >> bit & 1 == 1);
        found.push(holds(&world));
    }
    match (found.contains(&true), found.contains(&false)) {
        (true, false) => T,
        (false, true) => F,
        _ => U,
    }
}

#[test]
fn lists_are_as_certain_as_their_unknown_members_allow() {
    for args in (1..=5).flat_map(assignments) {
        let count = |world: &[bool]| world.iter().filter(|&&is| is).count();
        assert_eq!(
            applied("and", &args),
            certain(&args, &|world| count(world) == world.len()),
            "and {args:?}"
        );
        assert_eq!(applied("or", &args), certain(&args, &|world| count(world) > 0), "or {args:?}");
        for k in 0..=args.len() + 1 {
            let nodes: Vec<Value> = args.iter().map(|&arg| known(arg)).collect();
            let node = json!({"op": "at_least", "k": k, "of": args.len(), "args": nodes});
            let expected = certain(&args, &|world| count(world) >= k);
            assert_eq!(truth(&node, &answered()), expected, "{k} of {args:?}");
        }
    }
}

#[test]
fn what_is_forbidden_is_met_when_it_is_false() {
    for (truth, met) in [(T, F), (U, U), (F, T)] {
        let line = |polarity: &str| json!({"polarity": polarity, "expr": known(truth)});
        assert_eq!(oracle::item(&line("require"), &answered()), truth);
        assert_eq!(oracle::item(&line("forbid"), &answered()), met);
    }
    assert_eq!(oracle::item(&json!({"polarity": null, "expr": null}), &answered()), U);
}

const YEAR: i64 = 2026;

fn today() -> Day {
    day(YEAR, 6, 28)
}

fn facts() -> Facts {
    Facts { today: today(), ..Facts::default() }
}

/// A fact, with keys as `severity=severe`.
fn fact(kind: &str, concept: &str, start: Option<Day>, end: Option<Day>, keys: &[(&str, &str)]) -> Fact {
    let keys = keys.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Fact { kind: kind.to_owned(), concept: concept.to_owned(), start, end, keys, ..Fact::default() }
}

fn measured(var: &str, value: &str, unit: &str, day: Day) -> Measured {
    let value: Decimal = value.parse().unwrap();
    Measured { var: var.to_owned(), value, unit: unit.to_owned(), day, ..Measured::default() }
}

/// What a criterion in canonical English is of these facts.
#[track_caller]
fn check(criterion: &str, facts: &Facts, expected: Truth) {
    let tree = notation::node(&english::parse(criterion).unwrap());
    assert_eq!(truth(&tree, facts), expected, "{criterion}");
}

#[test]
fn values_are_compared_as_decimals_with_their_ends() {
    let at = |value: &str| Facts { values: vec![measured("hba1c", value, "%", today())], ..facts() };
    for (value, below, at_most, between) in [
        ("11.9", T, T, T),
        ("12", F, T, T),
        ("12.0", F, T, T),
        ("12.1", F, F, F),
        ("7", T, T, T),
        ("6.9", T, T, F),
    ] {
        check("hba1c below 12 %", &at(value), below);
        check("hba1c at most 12 %", &at(value), at_most);
        check("hba1c 7 to 12 %", &at(value), between);
    }
    check("hba1c below 12 %", &facts(), U);
    check("hba1c below 108 mmol/mol", &at("7"), U);
    let mut two = at("11");
    two.values.push(measured("hba1c", "13", "%", today()));
    check("hba1c below 12 %", &two, U);
    two.values[0].day -= 1;
    check("hba1c below 12 %", &two, F);
    two.values[1].day += 1;
    check("hba1c below 12 %", &two, T);
}

#[test]
fn units_are_converted_only_as_the_criterion_says() {
    let of = |value: &str| Facts { values: vec![measured("hemoglobin", value, "g/dL", today())], ..facts() };
    check("hemoglobin below 80 g/L, that is 8 g/dL", &of("7.9"), T);
    check("hemoglobin below 80 g/L, that is 8 g/dL", &of("8"), F);
    check("hemoglobin below 80 g/L", &of("7.9"), U);
    check("hemoglobin below 9 mg/dL, unit perhaps g/dL (that is 9 g/dL; confidence high)", &of("7.9"), U);
    let mut alt = Facts { values: vec![measured("alt", "121", "U/L", today())], ..facts() };
    check("alt above 3 x ULN", &alt, U);
    alt.values[0].high = Some(40.into());
    check("alt above 3 x ULN", &alt, T);
    check("alt above 3.025 x ULN", &alt, F);
}

#[test]
fn what_a_value_must_have_must_be_recorded() {
    let mut egfr = Facts { values: vec![measured("egfr", "25", "mL/min", today())], ..facts() };
    check("egfr below 30 mL/min, by MDRD", &egfr, U);
    egfr.values[0].keys.insert("method".to_owned(), "MDRD".to_owned());
    check("egfr below 30 mL/min, by MDRD", &egfr, T);
}

#[test]
fn ages_are_completed_years() {
    let born = |birth| Facts { birth: Some(birth), ..facts() };
    check("age 18 to 55 years", &born(day(YEAR - 56, 7, 1)), T);
    check("age 18 to 55 years", &born(day(YEAR - 56, 6, 28)), F);
    check("age 18 to 55 years", &born(day(YEAR - 18, 6, 28)), T);
    check("age 18 to 55 years", &born(day(YEAR - 18, 7, 1)), F);
    check("age above 17 years", &born(day(YEAR - 18, 7, 1)), F);
    check("age at least 6 months", &born(day(YEAR, 1, 1)), F);
    check("age at least 18 years", &facts(), U);
}

#[test]
fn stability_needs_values_through_the_time() {
    let dose = |days: &[(i64, &str)]| {
        let value = |&(ago, value): &(i64, &str)| measured("insulin_dose", value, "[U]/kg/d", today() - ago);
        Facts { values: days.iter().map(value).collect(), ..facts() }
    };
    let criterion = "insulin dose 0.5 to 1 [U]/kg/d, stable for at least 3 months";
    check(criterion, &dose(&[(0, "0.7"), (40, "0.6"), (100, "0.6")]), T);
    check(criterion, &dose(&[(0, "0.7"), (40, "0.6")]), U);
    check(criterion, &dose(&[(0, "0.7"), (40, "1.6"), (100, "0.6")]), F);
    check(criterion, &dose(&[(0, "1.7"), (100, "0.6")]), F);
}

#[test]
fn coded_values_are_in_the_set_or_not() {
    let result = |code: &str, specimen: Option<&str>| {
        let specimen = specimen.map(str::to_owned);
        let result = Result { var: "hiv_status".to_owned(), code: code.to_owned(), day: today(), specimen };
        Facts { results: vec![result], ..facts() }
    };
    check("hiv status is positive", &result("positive", None), T);
    check("hiv status is positive", &result("negative", None), F);
    check("hiv status is positive", &facts(), U);
    check("hiv status is positive in serum", &result("positive", None), U);
    check("hiv status is positive in serum", &result("positive", Some("serum")), T);
    let nyha = Facts { values: vec![measured("nyha", "3", "{class}", today())], ..facts() };
    check("nyha is one of (3, 4)", &nyha, T);
    check("nyha is one of (1, 2)", &nyha, F);
    check("any sex", &facts(), T);
}

#[test]
fn a_missing_fact_is_unknown_unless_the_table_says_otherwise() {
    let with = |fact: Fact| Facts { facts: vec![fact], ..facts() };
    check("t2dm", &facts(), U);
    check("no t2dm", &facts(), U);
    check("t2dm", &with(fact("condition", "t2dm", None, None, &[])), T);
    check("t2dm", &with(Fact { absent: true, ..fact("condition", "t2dm", None, None, &[]) }), F);
    check("t2dm", &Facts { closed: ["t2dm".to_owned()].into(), ..facts() }, F);
    check("allergy to latex", &with(fact("condition", "latex", None, None, &[])), U);
    check("need of dialysis", &facts(), U);
    check("need of dialysis", &with(fact("procedure", "dialysis", Some(today()), None, &[])), T);
    let listed = Facts {
        external: ["forbidden".to_owned()].into(),
        ..with(fact("drug", "forbidden", None, None, &[]))
    };
    check("use of forbidden", &listed, U);
}

#[test]
fn time_is_that_of_the_relation() {
    let ago = |months: i64| Some(day(YEAR, 6 - months, 28));
    let of = |kind: &str, start: Option<Day>, end: Option<Day>| Facts {
        facts: vec![fact(kind, "x", start, end, &[])],
        ..facts()
    };
    let over = of("condition", ago(5), ago(4));
    check("x", &over, F);
    check("current x", &over, F);
    check("history of x", &over, T);
    check("x in the 3 months before screening", &over, U);
    check("x in the 4 months before screening", &over, T);
    check("x in less than 4 months before screening", &over, U);
    let on = of("condition", ago(5), None);
    check("current x", &on, T);
    check("x in the 3 months before screening", &on, T);
    let event = of("event", ago(3), None);
    check("event of x", &event, T);
    check("event of x in the 3 months before screening", &event, T);
    check("event of x in the 2 months before screening", &event, U);
    check("event of x in the 3 months before screening", &of("event", None, None), U);
    check("planned x", &event, U);
    check(
        "planned x",
        &Facts { facts: vec![Fact { planned: true, ..fact("status", "x", None, None, &[]) }], ..facts() },
        T,
    );
    let later =
        Facts { anchors: [("enrollment".to_owned(), today() + 20)].into(), ..of("event", ago(1), None) };
    check("event of x in the 1 month before enrollment", &later, U);
    check("event of x in the 2 months before enrollment", &later, T);
    let drug = Facts { half_lives: [("x".to_owned(), 7.into())].into(), ..of("drug", ago(5), ago(1)) };
    check("use of x in the 5 half-lives before screening", &drug, T);
    check("use of x in the 4 half-lives before screening", &drug, U);
}

#[test]
fn a_recorded_quality_decides_and_a_missing_one_is_unknown() {
    let of =
        |keys: &[(&str, &str)]| Facts { facts: vec![fact("condition", "x", None, None, keys)], ..facts() };
    check("x, severe", &of(&[("severity", "severe")]), T);
    check("x, severe", &of(&[("severity", "mild")]), F);
    check("x, severe", &of(&[]), U);
    check("x, severe, chronic", &of(&[("course", "acute")]), F);
    check("x, at the foot", &of(&[("site", "foot")]), T);
    let nyha = |class: &str| Facts { values: vec![measured("nyha", class, "", today())], ..facts() };
    check("x, defined as (nyha at least 3)", &nyha("3"), T);
    check("x, defined as (nyha at least 3)", &nyha("2"), F);
    check("x, defined as (nyha at least 3)", &of(&[]), U);
    check("x, defined as (guideline \"one\" \"of some year\")", &of(&[]), T);
    let twice = Facts { facts: vec![fact("event", "x", Some(today()), None, &[]); 2], ..facts() };
    check("event of x, count above 1", &twice, T);
    check("event of x, count above 2", &twice, U);
    check("event of x, count above 2", &Facts { closed: ["x".to_owned()].into(), ..twice }, F);
}

#[test]
fn a_course_must_have_lasted() {
    let taken = |concept: &str, from: i64, to: Option<i64>| {
        fact("drug", concept, Some(day(YEAR, from, 1)), to.map(|month| day(YEAR, month, 1)), &[])
    };
    let both = Facts { facts: vec![taken("a", 1, None), taken("b", 3, Some(5))], ..facts() };
    check("treated for at least 5 months with (use of a)", &both, T);
    check("treated for at least 6 months with (use of a)", &both, F);
    check("treated for at least 2 months at the same time with (use of a and use of b)", &both, T);
    check("treated for at least 3 months at the same time with (use of a and use of b)", &both, F);
    check("treated for at least 3 months with (use of a or use of b)", &both, T);
    check("treated for at least 3 months with (use of c)", &both, U);
}

#[test]
fn changes_are_signed_and_orders_need_dates() {
    let score = |first: &str, last: &str| {
        let values = vec![measured("score", first, "", today() - 90), measured("score", last, "", today())];
        Facts { values, anchors: [("baseline".to_owned(), today() - 90)].into(), ..facts() }
    };
    check("score percent decrease of at most 30 since baseline", &score("9", "6.3"), T);
    check("score percent decrease of at most 30 since baseline", &score("9", "6.2"), F);
    check("score percent decrease of at most 30 since baseline", &score("9", "11"), T);
    check("score decrease of below 2 since baseline", &score("9", "7"), F);
    check("score increase of at least 2 since baseline", &score("9", "11"), T);
    check("score decrease of below 2 since baseline", &facts(), U);

    let began = |a: Option<Day>, b: Option<Day>| Facts {
        facts: vec![fact("condition", "a", a, None, &[]), fact("condition", "b", b, None, &[])],
        ..facts()
    };
    check("first (a), then (b)", &began(Some(1), Some(2)), T);
    check("first (a), then (b)", &began(Some(2), Some(2)), F);
    check("first (a), then or on the same day (b)", &began(Some(2), Some(2)), T);
    check("first (a), then (b)", &began(Some(2), Some(1)), F);
    check("first (a), then (b)", &began(None, Some(1)), U);
}

#[test]
fn abnormal_is_outside_the_range_of_any() {
    let of = |value: &str, range: bool| {
        let (low, high) = (range.then_some(Decimal::ONE), range.then_some(Decimal::TWO));
        Facts { values: vec![Measured { low, high, ..measured("inr", value, "", today()) }], ..facts() }
    };
    check("any of (inr) outside the reference range", &of("2", true), F);
    check("any of (inr) outside the reference range", &of("2.1", true), T);
    check("any of (inr, pt) outside the reference range", &of("2.1", true), T);
    check("any of (inr, pt) outside the reference range", &of("1.5", true), U);
    check("any of (inr) outside the reference range", &of("5", false), U);
}

#[test]
fn days_and_dates_agree() {
    assert_eq!(day(1970, 1, 1), 0);
    assert_eq!(day(2000, 3, 1) - day(2000, 2, 1), 29);
    assert_eq!(day(1900, 3, 1) - day(1900, 2, 1), 28);
    assert_eq!(day(2026, 11, 26), 20_783);
}

/// The gold's lines that no record decides are not decided.
#[test]
fn nothing_is_decided_without_facts() {
    let Some(path) = testkit::shared("reference/seed-criteria-gold.jsonl") else { return };
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let expected = if line["expr"]["op"] == "true" { T } else { U };
        assert_eq!(oracle::item(&line, &facts()), expected, "{}", line["source"]);
    }
}

/// The questions to people in a tree.
fn questions(tree: &eligibility::Node) -> Vec<String> {
    let mut out = Vec::new();
    tree.each(&mut |node| {
        if let eligibility::Op::Human { text, .. } = &node.op {
            out.push(text.clone());
        }
    });
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn an_answer_never_changes_what_was_decided(tree in trees::node(), answers in any::<[bool; 4]>()) {
        let node = notation::node(&tree);
        let before = truth(&node, &facts());
        let given = questions(&tree).into_iter().zip(answers).collect();
        let after = truth(&node, &Facts { answers: given, ..facts() });
        prop_assert!(before == U || before == after, "{before:?} became {after:?}: {}", english::print(&tree));
    }

    #[test]
    fn a_wider_bound_never_refuses_more(value in -50_i64..50, bound in -50_i64..50, wider in 0_i64..20, incl: bool) {
        let of = Facts { values: vec![measured("x", &value.to_string(), "", today())], ..facts() };
        let node = |hi: i64, incl: bool| json!({"op": "cmp", "var": "x", "unit": "", "hi": {"value": hi, "incl": incl}});
        prop_assert!(truth(&node(bound, incl), &of) <= truth(&node(bound + wider, incl), &of));
        prop_assert!(truth(&node(bound, false), &of) <= truth(&node(bound, true), &of));
    }
}

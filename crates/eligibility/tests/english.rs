//! Canonical English says every tree, and is read back to the same tree.
#![allow(clippy::unwrap_used)]

mod trees;

use eligibility::english::{self, MAX_DEPTH, parse, print};
use eligibility::names::{CatalogueNames, Names, PlainNames};
use eligibility::notation;
use eligibility::tree::{Concept, Kind, Node, Op, Polarity, Var};
use proptest::prelude::*;

/// A small catalogue, to see that a table of names does what it should.
struct Catalogue;

const CATALOGUE: &[(&str, &str, Kind, &str)] = &[
    ("hba1c", "HbA1c", Kind::Finding, "%"),
    ("abi", "Ankle-brachial index", Kind::Finding, "{ratio}"),
    ("spo2", "Oxygen saturation (pulse oximetry)", Kind::Finding, "%"),
    ("t2dm", "Type 2 diabetes mellitus", Kind::Condition, ""),
    ("pregnancy", "Pregnancy", Kind::Status, ""),
    ("odd", "history of and or", Kind::Condition, ""),
];

impl Names for Catalogue {
    fn name(&self, id: &str) -> Option<String> {
        CATALOGUE.iter().find(|row| row.0 == id).map(|row| row.1.to_owned()).or_else(|| PlainNames.name(id))
    }

    fn var(&self, name: &str) -> Option<Var> {
        CATALOGUE.iter().find(|row| row.1.eq_ignore_ascii_case(name)).map(|row| Var(row.0.into()))
    }

    fn concept(&self, name: &str) -> Option<Concept> {
        self.var(name).map(|var| Concept(var.0))
    }

    fn unit(&self, var: &Var) -> Option<String> {
        CATALOGUE.iter().find(|row| row.0 == &*var.0 && !row.3.is_empty()).map(|row| row.3.to_owned())
    }

    fn kind(&self, concept: &Concept) -> Option<Kind> {
        CATALOGUE.iter().find(|row| row.0 == &*concept.0).map(|row| row.2)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_tree_comes_back(tree in trees::node()) {
        let text = print(&tree);
        prop_assert_eq!(&parse(&text).map_err(|e| format!("{e}\n{text}")), &Ok(tree.clone()), "{}", text);
        let text = english::print_with(&tree, &Catalogue);
        let read = english::parse_with(&text, &Catalogue);
        prop_assert_eq!(&read.map_err(|e| format!("{e}\n{text}")), &Ok(tree.clone()), "{}", text);
        let text = english::print_with(&tree, &CatalogueNames);
        let read = english::parse_with(&text, &CatalogueNames);
        prop_assert_eq!(&read.map_err(|e| format!("{e}\n{text}")), &Ok(tree), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in trees::text()) {
        refused_in_place(&text);
    }

    #[test]
    fn damaged_english_is_read_or_refused(tree in trees::node(), at in any::<prop::sample::Index>(), put in trees::text()) {
        let mut text = print(&tree);
        let places: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        if !places.is_empty() {
            let at = places[at.index(places.len())];
            text.truncate(at);
            text.push_str(&put);
        }
        refused_in_place(&text);
    }
}

/// What is refused is refused at a place in the text; what is read has a canonical form.
fn refused_in_place(text: &str) {
    match parse(text) {
        Ok(node) => assert_eq!(parse(&print(&node)).as_ref(), Ok(&node), "{text}"),
        Err(error) => assert!(text.is_char_boundary(error.place), "{error}: {text}"),
    }
}

#[test]
fn the_trees_of_the_seed_pages_come_back() {
    let Some(path) = testkit::shared("reference/seed-criteria-gold.jsonl") else { return };
    let mut count = 0;
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let Ok(tree) = notation::read(&line["expr"]) else { continue };
        for names in [&PlainNames as &dyn Names, &Catalogue, &CatalogueNames] {
            let text = english::print_with(&tree, names);
            assert_eq!(english::parse_with(&text, names).as_ref(), Ok(&tree), "{text}");
            assert!(!english::plain(&tree, names).contains('\n'));
        }
        count += 1;
    }
    assert!(count > 70);
}

#[test]
fn what_is_read_from_the_demo_comes_back() {
    let criteria = trees::of_the_demo();
    let trees: Vec<&Node> =
        criteria.iter().flat_map(|c| &c.items).filter_map(|item| item.expr.as_ref()).collect();
    for tree in &trees {
        let text = english::print_with(tree, &CatalogueNames);
        assert_eq!(english::parse_with(&text, &CatalogueNames).as_ref(), Ok(*tree), "{text}");
    }
    assert!(trees.len() > 100, "{}", trees.len());
}

#[test]
fn names_and_usual_units_come_from_the_table() {
    let check = |typed: &str, printed: &str| {
        let node = english::parse_with(typed, &Catalogue).unwrap();
        assert_eq!(english::print_with(&node, &Catalogue), printed);
    };
    check("HBA1C<=13", "HbA1c at most 13 %");
    check("ankle-brachial index < 0.9", "Ankle-brachial index below 0.9");
    check("`spo2` < 90", "Oxygen saturation (pulse oximetry) below 90 %");
    check("no pregnancy", "no Pregnancy \"pregnancy\"");
    check("condition of Pregnancy", "condition of Pregnancy");
    check("`odd`", "`odd`");
    check("burning eyes", "burning eyes");
    let unlisted = english::parse_with("Burning eyes", &Catalogue).unwrap();
    assert!(matches!(unlisted.op, Op::Has(has) if &*has.concept.0 == "text:burning eyes"));
}

#[test]
fn the_catalogue_gives_names_units_and_kinds() {
    let check = |typed: &str, printed: &str| {
        let node = english::parse_with(typed, &CatalogueNames).unwrap();
        assert_eq!(english::print_with(&node, &CatalogueNames), printed);
    };
    check("hba1c<=13", "haemoglobin A1c at most 13 %");
    check("age >= 18", "age at least 18 years");
    check("egfr < 30 mL/min/{1.73_m2}, by MDRD", "estimated GFR below 30 mL/min/{1.73_m2}, by MDRD");
    check("abi < 0.9 or nyha >= 3", "ankle-brachial index below 0.9 or NYHA functional class at least 3");
    check("t2dm", "type 2 diabetes mellitus \"t2dm\"");
    check("no pregnancy", "no pregnancy");
    check("asthma", "Asthma \"asthma\"");
    check("use of any dpp-4 inhibitor", "use of any DPP-4 inhibitor \"dpp-4 inhibitor\"");
}

/// A name that is no longer read back would show the id in backticks.
#[test]
fn nearly_all_names_of_the_catalogue_are_read_back() {
    let mut odd = Vec::new();
    for variable in vocabulary::variable::all() {
        let name = CatalogueNames.name(variable.id).unwrap();
        let concept = english::parse_with(&format!("condition of {name}"), &CatalogueNames);
        let read = matches!(concept.map(|n| n.op), Ok(Op::Has(has)) if &*has.concept.0 == variable.id);
        if !read {
            odd.push(format!("{} ({name})", variable.id));
        }
    }
    assert!(odd.len() <= 3, "{}", odd.join(", "));
}

#[test]
fn deep_nesting_is_refused_in_little_time() {
    let within = |depth: usize| format!("{}age > 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&within(MAX_DEPTH as usize / 2 - 1)).is_ok());
    for text in [within(100_000), "not ".repeat(100_000), "a (".repeat(100_000), "a; ".repeat(100_000)] {
        assert!(parse(&text).is_err());
    }
}

#[test]
fn items_say_whether_they_must_be_or_must_not() {
    let (polarity, node) = english::parse_item("Must not: pregnancy or lactation", &PlainNames).unwrap();
    assert_eq!((polarity, print(&node).as_str()), (Polarity::Forbid, "pregnancy or lactation"));
    let (polarity, _) = english::parse_item("must: age >= 18 years", &PlainNames).unwrap();
    assert_eq!(polarity, Polarity::Require);
    assert_eq!(english::parse_item("age >= 18 years", &PlainNames).unwrap().0, Polarity::Require);
}

#[test]
fn nodes_know_their_place() {
    let text = "no pregnancy and age at least 18 years";
    let Op::And(args) = parse(text).unwrap().op else { panic!() };
    assert_eq!(
        args.iter().map(|n: &Node| n.span.of(text)).collect::<Vec<_>>(),
        ["no pregnancy", "age at least 18 years"]
    );
}

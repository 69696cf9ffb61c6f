//! The exports say what they can, and list the rest.
#![allow(clippy::unwrap_used)]

mod trees;

use eligibility::export::{About, Export, circe, evidence_variable, fhir_group};
use eligibility::names::{Coding, Names, PlainNames, System};
use eligibility::tree::*;
use eligibility::{english, notation};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Plain names, and codes for two ids.
struct Coded;

impl Names for Coded {
    fn name(&self, id: &str) -> Option<String> {
        PlainNames.name(id)
    }

    fn var(&self, name: &str) -> Option<Var> {
        PlainNames.var(name)
    }

    fn concept(&self, name: &str) -> Option<Concept> {
        PlainNames.concept(name)
    }

    fn codes(&self, id: &str) -> Vec<Coding> {
        let coding = |system, code: &str| vec![Coding { system, code: code.to_owned(), display: None }];
        match id {
            "hba1c" => coding(System::Loinc, "4548-4"),
            "asthma" => coding(System::Snomed, "195967001"),
            _ => PlainNames.codes(id),
        }
    }
}

type Format = fn(&Criteria, About<'_>, &dyn Names) -> Export;

const FORMATS: [(&str, Format); 3] =
    [("group", fhir_group::export), ("evidence", evidence_variable::export), ("circe", circe::export)];

const ABOUT: About<'_> = About { id: "NCT00000000", title: "A study of our own" };

fn item(number: u32, polarity: Polarity, expr: Option<Node>) -> Item {
    Item {
        section: if polarity == Polarity::Forbid { Section::Exclusion } else { Section::Inclusion },
        number: Number::Counted(number),
        span: Span::default(),
        source: String::new(),
        polarity: Some(polarity),
        expr,
        cohort: None,
        computable: Computable::Resolved,
        residue: Vec::new(),
        flags: Vec::new(),
    }
}

/// Criteria of lines in canonical English, each with `Must:` or `Must not:`.
fn criteria(lines: &[&str]) -> Criteria {
    let items = lines.iter().zip(1..).map(|(line, number)| {
        let (polarity, node) = english::parse_item(line, &PlainNames).unwrap();
        item(number, polarity, Some(node))
    });
    Criteria { items: items.collect(), ..Criteria::default() }
}

/// The exported parts of one line, below `key`, and what the list says of it.
fn check(format: Format, key: &str, line: &str, expected: Value, listed: &[&str]) {
    let Export { document, not_expressed } = format(&criteria(&[line]), ABOUT, &Coded);
    assert_eq!(document[key], expected, "{line}\n{:#}", document[key]);
    let said: Vec<&str> = not_expressed.iter().filter(|n| n.item.is_some()).map(|n| n.why.as_str()).collect();
    assert_eq!(said, listed, "{line}");
}

#[test]
fn a_group_has_what_all_must_and_what_none_may_have() {
    let group = |line: &str, expected: Value, listed: &[&str]| {
        check(fhir_group::export, "characteristic", line, expected, listed);
    };
    let ucum = "http://unitsofmeasure.org";
    let loinc = json!({"coding": [{"system": "http://loinc.org", "code": "4548-4"}], "text": "hba1c"});
    group(
        "Must: hba1c 7 to 12 % and asthma",
        json!([
            {"code": loinc, "valueRange": {
                "low": {"value": 7, "unit": "%", "system": ucum, "code": "%"},
                "high": {"value": 12, "unit": "%", "system": ucum, "code": "%"}}, "exclude": false},
            {"code": {"text": "condition"}, "valueCodeableConcept": {
                "coding": [{"system": "http://snomed.info/sct", "code": "195967001"}], "text": "asthma"},
                "exclude": false},
        ]),
        &[],
    );
    group(
        "Must not: hba1c above 12 % or current asthma",
        json!([
            {"code": loinc, "valueQuantity": {
                "value": 12, "comparator": ">", "unit": "%", "system": ucum, "code": "%"}, "exclude": true},
            {"code": {"text": "condition"}, "valueCodeableConcept": {"text": "current asthma"}, "exclude": true},
        ]),
        &["only in words: a characteristic of R4 has no place for time that is not a date"],
    );
    group("Must: asthma or copd", json!([]), &["alternatives: all characteristics of an R4 group must hold"]);
    group(
        "Must: alt below 3 x ULN",
        json!([{"code": {"text": "alt"}, "valueCodeableConcept": {"text": "alt below 3 x ULN"}, "exclude": false}]),
        &["only in words: a characteristic of R4 has no place for multiples of a limit"],
    );
    group("Must: for a person (consent): \"agrees\"", json!([]), &["it is for a person to decide"]);
}

#[test]
fn an_evidence_variable_has_the_shape_of_the_tree() {
    let evidence = |line: &str, expected: Value, listed: &[&str]| {
        check(evidence_variable::export, "characteristic", line, expected, listed);
    };
    let of = |text: &str| json!({"type": {"text": "condition"}, "valueCodeableConcept": {"text": text}});
    evidence(
        "Must not: at least 2 of 3: fever; no cough; for a person (open list): \"others\"",
        json!([{
            "description":
                "at least 2 of 3: fever; no cough; for a person (open list): \"others\"",
            "exclude": true,
            "definitionByCombination": {"code": "at-least", "threshold": 2, "characteristic": [
                {"description": "fever", "exclude": false, "definitionByTypeAndValue": of("fever")},
                {"description": "cough", "exclude": true, "definitionByTypeAndValue": of("cough")},
                {"description": "for a person (open list): \"others\"", "exclude": false},
            ]},
            "linkId": "exclusion-1",
        }]),
        &["only in words: it is for a person to decide"],
    );
    evidence(
        "Must not: stroke in the 3 months before screening",
        json!([{
            "description": "stroke in the 3 months before screening",
            "exclude": true,
            "timeFromEvent": [{
                "description": "before",
                "eventCodeableConcept": {"text": "screening"},
                "range": {
                    "low": {"value": -3, "unit": "mo", "system": "http://unitsofmeasure.org", "code": "mo"},
                    "high": {"value": 0, "unit": "mo", "system": "http://unitsofmeasure.org", "code": "mo"}},
            }],
            "definitionByTypeAndValue": of("stroke"),
            "linkId": "exclusion-1",
        }]),
        &[],
    );
    evidence(
        "Must: asthma, severe",
        json!([{"description": "asthma, severe", "exclude": false, "linkId": "inclusion-1"}]),
        &["only in words: R5 has no place for severity"],
    );
}

#[test]
fn a_circe_expression_has_rules_with_windows_and_counts() {
    let rules = |line: &str| {
        let Export { document, not_expressed } = circe::export(&criteria(&[line]), ABOUT, &Coded);
        let said: Vec<String> =
            not_expressed.into_iter().filter(|n| n.item.is_some()).map(|n| n.why).collect();
        (document["InclusionRules"][0]["expression"].clone(), document["ConceptSets"].clone(), said)
    };
    let (rule, sets, said) = rules("Must not: asthma in the 3 weeks before screening");
    assert_eq!(rule["Type"], "ALL");
    let criterion = json!({
        "Criteria": {"ConditionOccurrence": {"CodesetId": 0}},
        "StartWindow": {"Start": {"Days": 21, "Coeff": -1}, "End": {"Days": 0, "Coeff": 1},
            "UseEventEnd": false, "UseIndexEnd": false},
        "Occurrence": {"Type": 0, "Count": 0},
    });
    assert_eq!(rule["CriteriaList"], json!([criterion]));
    let concept = &sets[0]["expression"]["items"][0]["concept"];
    assert_eq!(concept["CONCEPT_ID"], 0);
    assert_eq!(
        (&concept["VOCABULARY_ID"], &concept["CONCEPT_CODE"]),
        (&json!("SNOMED"), &json!("195967001"))
    );
    assert_eq!(
        said,
        ["its concept set has the codes of their vocabularies and no concept ids: fill them in"]
    );

    let (rule, _, _) = rules("Must: age 18 to 55 years");
    assert_eq!(
        rule["DemographicCriteriaList"],
        json!([{"Age": {"Value": 18, "Op": "gte"}}, {"Age": {"Value": 55, "Op": "lte"}}])
    );
    let (rule, _, _) = rules("Must: alt below 3 x ULN");
    let measurement = &rule["CriteriaList"][0]["Criteria"]["Measurement"];
    assert_eq!(measurement["RangeHighRatio"], json!({"Value": 3, "Op": "lt"}));

    let (rule, _, said) = rules("Must: all of these: asthma; (copd or for a person (consent): \"agrees\")");
    assert_eq!(rule["CriteriaList"].as_array().unwrap().len(), 1);
    assert_eq!(rule["Groups"], json!([]));
    assert_eq!(said.len(), 3, "{said:?}");
    let (rule, _, _) = rules("Must not: at least 2 of 3: fever; cough; rash");
    assert_eq!((&rule["Type"], &rule["Count"]), (&json!("AT_LEAST"), &json!(2)));
    assert_eq!(rule["CriteriaList"][2]["Occurrence"], json!({"Type": 0, "Count": 0}));
    let (rule, _, said) = rules("Must not: asthma, severe");
    assert!(rule.is_null() && said.len() == 1);
}

#[test]
fn a_text_without_criteria_is_on_the_list() {
    let mut none = item(0, Polarity::Require, None);
    none.polarity = None;
    for (_, format) in FORMATS {
        let export =
            format(&Criteria { items: vec![none.clone()], ..Criteria::default() }, ABOUT, &PlainNames);
        assert!(export.not_expressed.iter().any(|n| n.text == "no criteria"));
    }
}

/// What a leaf must be recognised by in the export.
fn marks(node: &Node) -> Vec<String> {
    let name = |id: &str| PlainNames.name(id).unwrap_or_else(|| id.to_owned());
    match &node.op {
        Op::Cmp(cmp) => vec![name(&cmp.var.0)],
        Op::Coded(coded) => vec![name(&coded.var.0)],
        Op::Change(change) => vec![name(&change.var.0)],
        Op::Has(has) => vec![name(&has.concept.0)],
        Op::Abnormal { vars } => vars.iter().map(|var| name(&var.0)).collect(),
        Op::Human { .. } | Op::Guideline { .. } | Op::Washout { .. } | Op::True { .. } => {
            vec![english::plain(node, &PlainNames)]
        }
        _ => Vec::new(),
    }
}

/// All texts of a document, one after the other.
fn texts(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| texts(value, out)),
        Value::Object(fields) => {
            // Circe has keys for these two variables.
            out.push_str(if fields.contains_key("Age") { "age\n" } else { "" });
            out.push_str(if fields.contains_key("Gender") { "sex\n" } else { "" });
            fields.values().for_each(|value| texts(value, out));
        }
        _ => {}
    }
}

/// The concept sets that a part of a Circe expression names.
fn sets_named(value: &Value, out: &mut Vec<u64>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| sets_named(value, out)),
        Value::Object(fields) => {
            out.extend(fields.get("CodesetId").and_then(Value::as_u64));
            fields.values().for_each(|value| sets_named(value, out));
        }
        _ => {}
    }
}

/// Every leaf is in the document or on the list. What Circe's rules say of themselves in prose does not count.
fn nothing_is_dropped(items: Vec<Item>) {
    let criteria = Criteria { items, ..Criteria::default() };
    for (format, export) in FORMATS {
        let Export { mut document, not_expressed } = export(&criteria, ABOUT, &PlainNames);
        if let Some(rules) = document["InclusionRules"].as_array_mut() {
            rules.iter_mut().for_each(|rule| rule["description"] = Value::Null);
        }
        if let Some(sets) = document["ConceptSets"].as_array() {
            let mut named = Vec::new();
            sets_named(&document["InclusionRules"], &mut named);
            let unused = (0..sets.len() as u64).find(|set| !named.contains(set));
            assert_eq!(unused, None, "a concept set is not used");
        }
        let mut said = String::new();
        texts(&document, &mut said);
        // A concept set that is to be filled in says nothing of the leaf.
        let not_expressed = not_expressed.iter().filter(|n| !n.why.starts_with("its concept set"));
        not_expressed.for_each(|n| said.push_str(&format!("{}\n", n.text)));
        for item in &criteria.items {
            let Some(expr) = &item.expr else { continue };
            expr.each(&mut |node| {
                for mark in marks(node) {
                    let shown = mark.replace('\\', "\\\\").replace('`', "\\`").replace('\n', "\\n");
                    let shown = shown.replace('\r', "\\r").replace('\t', "\\t");
                    let found = said.contains(&mark) || said.contains(&shown);
                    assert!(found, "{format} drops {mark:?} of {}", english::print(expr));
                }
            });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_leaf_is_dropped(tree in trees::node(), forbid in any::<bool>()) {
        let polarity = if forbid { Polarity::Forbid } else { Polarity::Require };
        nothing_is_dropped(vec![item(1, polarity, Some(tree))]);
    }
}

#[test]
fn no_leaf_of_the_demo_is_dropped() {
    trees::of_the_demo().into_iter().for_each(|criteria| nothing_is_dropped(criteria.items));
}

#[test]
fn no_leaf_of_the_seed_pages_is_dropped() {
    let Some(path) = testkit::shared("reference/seed-criteria-gold.jsonl") else { return };
    let mut items = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let Ok(tree) = notation::read(&line["expr"]) else { continue };
        let polarity = Polarity::from_word(line["polarity"].as_str().unwrap()).unwrap();
        items.push(item(items.len() as u32 + 1, polarity, Some(tree)));
    }
    for (format, export) in FORMATS {
        let export = export(&Criteria { items: items.clone(), ..Criteria::default() }, ABOUT, &PlainNames);
        println!("{format}: {} entries on the list", export.not_expressed.len());
    }
    nothing_is_dropped(items);
}

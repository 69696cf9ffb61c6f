//! Dose arithmetic: published and closed forms, the five captured pages, and no panic on anything.
#![allow(clippy::unwrap_used)]

mod common;

use std::ops::ControlFlow;

use ingest::{Found, Limits};
use model::Study;
use proptest::prelude::*;
use protocol::{
    dosing::{self, Asked, Computed, Reading, Verdict},
    protocol::Status,
};
use serde_json::{Value, json};

fn free(options: Value) -> Computed {
    dosing::free(&Asked::read(&options).unwrap()).unwrap()
}

fn one(options: Value) -> Reading {
    let [reading] = &free(options).readings[..] else { panic!("not one reading") };
    reading.clone()
}

fn captured(file: &str, options: Value) -> Option<Vec<Computed>> {
    let path = testkit::shared(&format!("seeds/{file}"))?;
    let mut study = None;
    let _ = ingest::read(&path, Limits::default(), &mut |found| {
        if let Found::Record(raw) = found {
            study = Study::new(ingest::convert(&raw).unwrap().study);
        }
        ControlFlow::Continue(())
    });
    Some(dosing::protocol(&protocol::compile(&study.unwrap()), &Asked::read(&options).unwrap()))
}

#[test]
fn by_area_under_the_curve() {
    // Clearance (140 - 60) × 70 / (72 × 0.9) × 0.85 = 73.46 mL/min; 5 × (73.46 + 25) = 492.3 mg.
    let person = json!({"amount": "AUC 5", "weight": 70, "age": 60, "sex": "female", "creatinine": 0.9});
    let reading = one(person);
    assert_eq!(reading.unit, "mg");
    assert!((reading.each.unwrap().0 - 492.284).abs() < 0.01, "{:?}", reading.each);
    let open = one(json!({"amount": "AUC 5", "weight": 70}));
    assert_eq!(open.each, None);
    assert!(open.needs.iter().any(|need| need.contains("--sex")), "{:?}", open.needs);
}

#[test]
fn by_weight_with_a_cap() {
    let reading =
        one(json!({"amount": "1e6 cells/kg", "weight": "154.3 lb", "count": 3, "volume": "100 mL"}));
    assert_eq!(reading.each.unwrap().0.round(), 69_989_303.0);
    assert_eq!(reading.syringes, Some(10));
    let capped = one(json!({"amount": "2e5 cells/kg", "weight": 70, "cap": 1e7}));
    assert_eq!((capped.each, capped.per_kg.unwrap().0.round()), (Some((1e7, None)), 142_857.0));
    assert_eq!(capped.needs.len(), 2, "volume and number of administrations: {:?}", capped.needs);
}

#[test]
fn by_body_surface() {
    let options =
        json!({"amount": "75 mg/m2", "weight": 80, "height": 180, "concentration": "20 mg/mL", "count": 6});
    let reading = one(options);
    assert_eq!(
        (reading.each, reading.volume, reading.syringes),
        (Some((150.0, None)), Some((7.5, None)), Some(1))
    );
    assert_eq!((reading.total, reading.total_volume), (Some((900.0, None)), Some((45.0, None))));
    let range = one(json!({"amount": "1-2 mg/kg", "weight": 50, "concentration": "1000 ug/mL"}));
    assert_eq!((range.each, range.volume), (Some((50.0, Some(100.0))), Some((50.0, Some(100.0)))));
}

#[test]
fn ten_e_six_is_asked_about() {
    assert!(free(json!({"amount": "10E6 cells"})).question.is_some());
    assert_eq!(free(json!({"amount": "1e6 cells"})).question, None);
    let dose = free(json!({"amount": "1*10E6 cells/kg", "weight": 70}));
    let each: Vec<f64> = dose.readings.iter().filter_map(|r| Some(r.each?.0)).collect();
    assert_eq!((each, dose.question.is_some()), (vec![7e7, 7e8], true));
}

/// NCT05507697: both legs by the rule of nines, both lower legs by girths.
#[test]
fn a_lattice_over_an_area_that_the_record_leaves_open() {
    let file = "000_4f5496f75af0e7c1.txt";
    let Some(doses) = captured(file, json!({"weight": 70, "height": 170, "area": "legs"})) else { return };
    let reading = &doses[0].readings[0];
    let area = reading.factors.iter().find(|f| f.name == "area").unwrap();
    assert_eq!(area.value.round(), 6545.0);
    assert_eq!((reading.places, reading.volume), (Some(1636), Some((1636.0, None))));
    assert_eq!((reading.each, reading.syringes), (Some((8.18e9, None)), Some(164)));
    assert!(reading.judged.iter().all(|j| j.verdict == Verdict::Above));
    let lipoic = &doses[1].readings[0];
    assert_eq!((lipoic.each, lipoic.total), (Some((600.0, None)), Some((9000.0, None))));

    let girths = json!({"girths": "36, 22", "length": 35, "limbs": 2});
    let reading = &captured(file, girths).unwrap()[0].readings[0];
    let area = reading.factors.iter().rfind(|f| f.name == "area").unwrap();
    assert_eq!(
        (area.value.round(), reading.places, reading.each),
        (2034.0, Some(509), Some((2.545e9, None)))
    );

    let open = &captured(file, json!({"weight": 70})).unwrap()[0].readings[0];
    assert_eq!((open.each, open.places), (None, None));
    assert!(open.needs[0].starts_with("the area"), "{:?}", open.needs);
}

/// NCT04562025: a million for each kilogram, three times; or ten.
#[test]
fn by_weight_three_times() {
    let Some(doses) = captured("004_f3a1740c3924f69c.txt", json!({"weight": 70})) else { return };
    let dose = doses.iter().find(|d| d.substance == "UC-MSCs").unwrap();
    let reading = &dose.readings[0];
    assert_eq!((reading.each, reading.total), (Some((7e7, None)), Some((2.1e8, None))));
    assert_eq!(reading.factors[0].status, Status::Assumed);
    assert_eq!(dose.readings.len(), 2);
}

#[test]
fn nothing_is_computed_from_nothing() {
    let Some(doses) = captured("001_73671aaefb97dfc9.txt", json!({"weight": 70})) else { return };
    let reading = &doses[0].readings[0];
    assert_eq!((reading.each, reading.total), (None, None));
    assert!(reading.needs[0].contains("the amount"), "{:?}", reading.needs);
    let child = one(json!({"amount": "1 mg/cm2", "weight": 20, "height": 110, "age": 6, "region": "leg"}));
    assert!(child.needs[0].contains("child"), "{:?}", child.needs);
}

#[test]
fn what_cannot_be_read_is_refused() {
    let troubles = |options: Value| -> Vec<String> {
        Asked::read(&options).unwrap_err().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        troubles(json!({"weight": -1, "amount": "much", "girths": "36"})),
        [
            "`weight`: -1 is not in the range; write 0.3 to 400 kg",
            "`girths`: “36” are no girths; write two or more in cm, from one end to the other: 36, 22",
            "`amount`: “much” is no amount; write for example 1e6 cells/kg, 600 mg/day, 75 mg/m2",
        ]
    );
    assert_eq!(troubles(json!({"amount": 5})), ["`amount`: 5 is no text such as \"1e6 cells/kg\""]);
}

const AMOUNTS: [&str; 12] = [
    "1e6 cells/kg",
    "1*10E6 cells/kg",
    "5 mg/kg/day",
    "75 mg/m2",
    "600 mg/day",
    "1-2 mL/site",
    "2 mg/cm2",
    "10^18 cells",
    "0 mg",
    "500 [IU]",
    "2 tablets",
    "1.5×106/kg cells",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Every result is finite, and names its factors; what is not computed names what is missing.
    #[test]
    fn any_options(
        amount in prop_oneof![prop::sample::select(&AMOUNTS[..]).prop_map(str::to_owned), "\\PC{0,20}"],
        values in prop::collection::vec(prop_oneof![
            Just(Value::Null), (0.0..500.0_f64).prop_map(Value::from), (1..40_i64).prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
            prop::sample::select(vec!["legs", "feet", "36,22", "lund-browder", "du-bois", "5e6 cells/mL", "1 mL/site", "hex"])
                .prop_map(Value::from),
        ], 19),
    ) {
        let keys = ["weight", "height", "age", "surface", "area", "region", "shares", "girths", "length", "limbs", "places",
            "spacing", "lattice", "concentration", "volume", "count", "cap", "syringe", "girths"];
        for (key, value) in keys.iter().zip(values) {
            let options = json!({"amount": amount, "weight": 70, "height": 170, *key: value});
            let Ok(asked) = Asked::read(&options) else { continue };
            let Some(dose) = dosing::free(&asked) else { continue };
            for reading in &dose.readings {
                prop_assert!(!reading.factors.is_empty());
                prop_assert!(reading.each.is_some() || !reading.needs.is_empty(), "{reading:?}");
                let numbers = [reading.each, reading.volume, reading.per_kg, reading.total, reading.total_volume];
                prop_assert!(numbers.into_iter().flatten().all(|(low, high)| low.is_finite() && high.is_none_or(f64::is_finite)));
            }
            dosing::json::computed(&dose);
            dosing::text::computed(&dose);
        }
    }
}

#[test]
fn of_every_real_record() {
    let asked = Asked::read(&json!({"weight": 70, "height": 170, "region": "legs", "spacing": 2})).unwrap();
    let (mut doses, mut known) = (0_usize, 0_usize);
    common::each_real_study(&mut |study| {
        for dose in dosing::protocol(&protocol::compile(study), &asked) {
            doses += 1;
            known += usize::from(dose.readings.iter().any(|r| r.each.is_some()));
            assert!(
                dose.readings.iter().all(|r| r.each.is_some() || !r.needs.is_empty()),
                "{}: {dose:?}",
                study.id()
            );
            dosing::json::computed(&dose);
            dosing::text::computed(&dose);
        }
    });
    // None where the records are absent, which the helper tells.
    assert!(doses == 0 || doses > 5_000 && known > doses / 4, "{known} of {doses}");
}

//! The simple form as CSV and JSON.

use insta::assert_snapshot;
use model::{Birth, Sex};
use serde_json::json;

use super::{lines, read};

#[test]
fn a_table_with_units_in_its_head() {
    let all = read(
        "id,age,sex,HbA1c (%),Creatinine [umol/L],\"weight, kg\",height_cm,ALT (U/L),ALT ULN,ECOG,NYHA class,pregnant,hypertension,conditions,medications,allergies,shoe size,date\n\
         a,58,F,7.2,<60,70,170,95,40,1,II,no,yes,type 2 diabetes; no asthma,metformin;aspirin,penicillin,42,2020-05-17\n\
         b,6 months,male,71,NA,,,,,,,,no,,,,,\n",
    );
    assert_eq!(all.issues, []);
    let (one, two) = (&all.people[0], &all.people[1]);
    assert_eq!((one.id.as_str(), one.sex, two.sex), ("a", Some(Sex::Female), Some(Sex::Male)));
    let Some(Birth::Age(age)) = &one.birth else { panic!("{:?}", one.birth) };
    assert_eq!((age.value, age.unit.as_str(), age.on), (58.into(), "a", "2020-05-17".parse().ok()));
    assert_snapshot!(lines(one), @r##"
Condition asthma Current not
Observation shoe size Current = `42` [2020-05-17..]
Drug aspirin Current
Allergy penicillin Current
Observation ALT (U/L) (alt) Current = Exact 95 U/L (95) [2020-05-17..]
Observation Creatinine [umol/L] (creatinine) Current = Less 60 umol/L (60) [2020-05-17..]
Observation ECOG (ecog) Current = Exact 1 - (1) [2020-05-17..]
Observation HbA1c (%) (hba1c) Current = Exact 7.2 % (7.2) [2020-05-17..]
Observation height_cm (height) Current = Exact 170 cm (170) [2020-05-17..]
Condition hypertension Current
Observation NYHA class (nyha) Current = Exact 2 - (2) [2020-05-17..]
Drug metformin (oral_hypoglycemic) Current
Status pregnant (pregnancy) Current = false
Condition type 2 diabetes (t2dm) Current
Observation weight, kg (weight) Current = Exact 70 kg (70) [2020-05-17..]
"##);
    assert_snapshot!(lines(two), @r##"
Observation HbA1c (%) (hba1c) Current = Exact 71 % (71) !Implausible { suggested_unit: Some("mmol/mol") }
Condition hypertension Current not
"##);
    assert_eq!(all.missed.iter().collect::<Vec<_>>(), [(&"column shoe size".to_owned(), &1)]);
    let alt = one.about("alt");
    assert_eq!(alt[0].range.as_ref().unwrap().high.as_ref().unwrap().canonical, Some(40.into()));
}

#[test]
fn heads_without_units_are_not_guessed() {
    let all = read("age,HbA1c,platelets,INR\n50,7.2,250,1.1\n");
    assert_snapshot!(lines(all.person()), @r##"
Observation HbA1c (hba1c) Current = Exact 7.2 - !NoUnit
Observation INR (inr) Current = Exact 1.1 - (1.1)
Observation platelets Current = Exact 250 - !NoUnit
"##);
}

#[test]
fn objects_of_json() {
    let one = json!({"id": "a", "sex": "female", "birth date": "1960-05", "HbA1c (%)": 7.2,
        "platelets": [{"value": 150, "unit": "10^9/L", "date": "2020-01"}, {"value": "140", "unit": "G/L", "date": "2020-02-30"}],
        "conditions": ["asthma", "no heart failure"], "smoking": "never", "pregnant": false});
    let all = read(one.to_string());
    assert_eq!(all.person().birth, Some(Birth::Date("1960-05".parse().unwrap())));
    assert_snapshot!(lines(all.person()), @r##"
Condition asthma Current
Observation HbA1c (%) (hba1c) Current = Exact 7.2 % (7.2)
Condition heart failure (heart_failure) Current not
Observation platelets Current = Exact 140 10*9/L (140) !ImpossibleDate { element: "platelets", text: "2020-02-30" }
Observation platelets Current = Exact 150 10*9/L (150) [2020-01..]
Status pregnant (pregnancy) Current = false
Observation smoking Current = `never`
"##);
    assert_eq!(read(json!([one, one]).to_string()).people.len(), 2);
    assert_eq!(read(format!("{one}\n{one}\n")).people.len(), 2);
}

#[test]
fn our_own_subjects_are_read_as_they_are() {
    let all = read("id,age,HbA1c (%)\na,50,7.2\n");
    let text = serde_json::to_string(all.person()).unwrap();
    assert_eq!(read(&text).people, all.people);
    assert_eq!(read(format!("{text}\n{text}\n")).people.len(), 2);
}

#[test]
fn odd_cells_are_listed() {
    let all = read("age,sex\n50,x\n51\n52;f\n");
    assert_eq!(all.people.len(), 3);
    assert_eq!(all.issues.len(), 3, "{:?}", all.issue_lines());
}

//! Units as people and systems write them, and conversions against known pairs.

use model::Decimal;
use proptest::prelude::*;
use vocabulary::{
    unit::{self, Unit},
    variable::{self, Trouble},
};

fn number(text: &str) -> Decimal {
    text.parse().expect("a number")
}

#[test]
fn written_units_have_one_spelling() {
    for (ucum, written) in [
        (
            "mg/dL",
            "mg/dL|mg/dl|MG/DL|mg / dL|mg per dL|mg%|milligrams per deciliter|mg/100 mL|mgs/dl|mg·dL⁻¹",
        ),
        (
            "10*9/L",
            "10*9/L|10^9/L|x10^9/L|×10⁹/L|x 10⁹ / L|10E9/L|10e9/l|10**9/L|10*3/uL|K/uL|10³/µL|x10^3/mm3|10^3/mcL|G/L|thousand/mm³|10^9 cells/L|10⁹/l|1000/mm3|x 109/L",
        ),
        ("10*12/L", "10*6/uL|M/uL|10¹²/L|10^12/L|x10^6/µL"),
        (
            "/uL",
            "/uL|/µL|/μl|cells/mm3|cells/mm³|/mm3|/mm^3|cells/uL|/mcL|per mm3|cells per cubic millimeter|{cells}/uL|/cmm",
        ),
        ("mm[Hg]", "mm[Hg]|mmHg|mm Hg|mmhg|MMHG|mm of Hg|torr"),
        ("kg/m2", "kg/m2|kg/m²|kg/m^2|Kg/m2|KG/M2|kg/sqm|kg·m⁻²|kg / m2|kg per square meter|kg/m**2"),
        ("[U]/kg/d", "[U]/kg/d|U/Kg/Day|U/kg/d|IU/kg/day|units/kg/day|U/kg per day|u/kg/day"),
        ("U/L", "U/L|u/l|U/l|units/L|U/liter"),
        ("[IU]/L", "[IU]/L|IU/L|iu/l|IU/l"),
        (
            "mL/min/{1.73_m2}",
            "mL/min/{1.73_m2}|mL/min/1.73m2|mL/min/1.73 m2|ml/min/1.73m²|mL/min per 1.73 m²|mL/min/1.73 m^2|ml/minute/1.73 m2|mL·min⁻¹·1.73 m⁻²|mL/min/{1.73m2}|mL/min/1·73 m²|mL/min/1.73 m2 BSA|mL/min/1.73 square meters",
        ),
        ("mL/min", "mL/min|ml/min|mL/minute|cc/min|ml per minute"),
        ("%", "%|percent|% "),
        ("{ratio}", "{ratio}|1|L/L"),
        ("a", "a|years|yrs|year|y|yr"),
        ("mo", "mo|months|month"),
        ("wk", "wk|weeks|week"),
        ("d", "d|days|day"),
        ("h", "h|hours|hrs|hr"),
        ("umol/L", "umol/L|µmol/L|μmol/l|umol/l|micromol/L|micromoles per liter|μmol·L-1|uM"),
        ("mmol/L", "mmol/L|mmol/l|mM|mmoles/L|MMOL/L|mmol per liter"),
        ("m[IU]/L", "m[IU]/L|mIU/L|miu/l"),
        ("u[IU]/mL", "u[IU]/mL|uIU/mL|µIU/ml|μIU/mL"),
        ("{ULN}", "{ULN}|ULN|x ULN|× ULN|times ULN|xULN"),
        ("mg/(24.h)", "mg/(24.h)|mg/24h|mg/24 h|mg/24 hours|mg per 24 hours"),
        ("g/(24.h)", "g/24h|g/24 hr|g/24 hours"),
        ("mg/g", "mg/g|mg/g{creat}|mg/g creatinine|ug/mg"),
        ("Cel", "Cel|°C|℃|C|degrees Celsius"),
        ("[degF]", "[degF]|°F|F"),
        ("[lb_av]", "[lb_av]|lb|lbs|pounds"),
        ("/min", "/min|bpm|beats/min|{beats}/min|beats per minute|1/min|breaths per minute"),
        ("meq/L", "meq/L|mEq/L|MEQ/L"),
        ("{score}", "{score}|score|(score)"),
        ("{copies}/mL", "{copies}/mL|copies/mL|copies/ml|copies per mL"),
        ("10*6/kg", "10^6/kg|x10⁶/kg|10^6 cells/kg|million/kg|×10^6 cells/kg"),
        ("ug/kg/min", "ug/kg/min|mcg/kg/min|µg/kg/min"),
        ("kg", "kg|Kg|KG|kilograms|kgs"),
        ("cm", "cm|CM|centimeters"),
        ("ng/mL", "ng/mL|ng/ml|NG/ML"),
        ("mg/L{FEU}", "mg/L{FEU}|mg/L FEU|ug/mL FEU"),
        ("mm/h", "mm/h|mm/hr|mm/hour"),
        ("g/L", "g/L|g/l|gm/L"),
    ] {
        for text in written.split('|') {
            assert_eq!(unit::of(text).map(Unit::as_str), Some(ucum), "{text}");
        }
    }
    for text in
        ["", " ", "bananas", "mg/banana", "per", "/", "10", "of", "mg/dL/", "2", "and", "mL/min/{what}"]
    {
        assert_eq!(unit::of(text), None, "{text}");
    }
}

#[test]
fn the_longest_unit_behind_a_number() {
    for (text, expected) in [
        ("mg/dL and more", Some(("mg/dL", 5))),
        ("mL/min per 1.73 m2, or", Some(("mL/min/{1.73_m2}", 18))),
        ("x 10^9/L; ", Some(("10*9/L", 8))),
        ("years of age", Some(("a", 12))),
        ("years old", Some(("a", 9))),
        ("weeks.", Some(("wk", 5))),
        ("%)", Some(("%", 1))),
        ("times the upper limit of normal", Some(("{ULN}", 31))),
        ("apples per day", None),
        ("in total", None),
        ("", None),
        ("mm Hg systolic", Some(("mm[Hg]", 5))),
        ("mg/dL", Some(("mg/dL", 5))),
    ] {
        assert_eq!(unit::longest(text).map(|(unit, length)| (unit.as_str(), length)), expected, "{text}");
    }
}

#[test]
fn every_unit_reads_as_itself() {
    for unit in Unit::all() {
        assert_eq!(unit::of(unit.as_str()), Some(unit));
        assert_eq!(unit::convert(number("2.5"), unit, unit), Some(number("2.5")));
    }
}

/// 1 of the first unit is so much of the second: SI prefixes, UCUM's own definitions.
#[test]
fn units_of_one_dimension_convert_exactly() {
    for (one, from, value, to) in [
        ("12", "mo", "1", "a"),
        ("52", "wk", "364", "d"),
        ("365.25", "d", "1", "a"),
        ("90", "min", "1.5", "h"),
        ("1", "s", "1000", "ms"),
        ("1", "[lb_av]", "0.45359237", "kg"),
        ("1", "[in_i]", "2.54", "cm"),
        ("1", "[ft_i]", "30.48", "cm"),
        ("98.6", "[degF]", "37", "Cel"),
        ("310.15", "K", "37", "Cel"),
        ("138", "g/L", "13.8", "g/dL"),
        ("1500", "/uL", "1.5", "10*9/L"),
        ("1", "10*6/mL", "1", "10*9/L"),
        ("0.45", "{ratio}", "45", "%"),
        ("1", "ukat/L", "60", "U/L"),
        ("40", "[IU]/L", "40", "U/L"),
        ("1", "u[IU]/mL", "1", "m[IU]/L"),
        ("1", "mL/s", "60", "mL/min"),
        ("1440", "mg/(24.h)", "1000", "ug/min"),
        ("1", "ng/mL", "1000", "pg/mL"),
        ("1", "ug/L", "1", "ng/mL"),
        ("7", "/wk", "1", "/d"),
        ("1", "[wood'U]", "80", "dyn.s.cm-5"),
    ] {
        let unit = |text: &str| unit::of(text).expect("a unit");
        assert_eq!(unit::convert(number(one), unit(from), unit(to)), Some(number(value)), "{from} to {to}");
    }
    let kpa = unit::convert(number("16"), unit::of("kPa").unwrap(), unit::of("mmHg").unwrap()).unwrap();
    assert_eq!(kpa.round_dp(0), number("120"));
    assert_eq!(unit::convert(Decimal::ONE, unit::of("mg/dL").unwrap(), unit::of("mmol/L").unwrap()), None);
}

/// Known pairs: what one laboratory report prints in two units, to the places it is printed with.
#[test]
fn analytes_convert_as_laboratories_do() {
    for (id, value, from, expected, places) in [
        ("hba1c", "53", "mmol/mol", "7.0", 1),
        ("hba1c", "42", "mmol/mol", "6.0", 1),
        ("glucose_fasting", "126", "mg/dL", "7.0", 1),
        ("glucose_random", "200", "mg/dL", "11.1", 1),
        ("glucose_2h", "140", "mg/dL", "7.8", 1),
        ("cpeptide_fasting", "0.331", "nmol/L", "1.0", 1),
        ("cpeptide_fasting", "331", "pmol/L", "1.0", 1),
        ("insulin_level", "69.45", "pmol/L", "10", 0),
        ("hemoglobin", "8.1", "mmol/L", "13.1", 1),
        ("hemoglobin", "130", "g/L", "13.0", 1),
        ("fibrinogen", "300", "mg/dL", "3", 1),
        ("d_dimer", "500", "ng/mL", "0.5", 1),
        ("d_dimer", "250", "ng/mL{DDU}", "0.5", 1),
        ("crp", "1", "mg/dL", "10", 0),
        ("iron", "100", "ug/dL", "17.9", 1),
        ("creatinine", "1", "mg/dL", "88.4", 1),
        ("creatinine", "2", "mg/dL", "177", 0),
        ("creatinine", "0.1", "mmol/L", "100", 0),
        ("creatinine", "10", "mg/L", "88.4", 1),
        ("bun", "20", "mg/dL", "7.1", 1),
        ("urea", "60", "mg/dL", "10.0", 1),
        ("uric_acid", "6", "mg/dL", "357", 0),
        ("uacr", "3", "mg/mmol", "27", 0),
        ("uacr", "30", "mg/g", "30", 0),
        ("upcr", "50", "mg/mmol", "442", 0),
        ("uae", "20", "ug/min", "29", 0),
        ("proteinuria_24h", "3500", "mg/(24.h)", "3.5", 1),
        ("alt", "0.67", "ukat/L", "40", 0),
        ("alt", "40", "IU/L", "40", 0),
        ("bilirubin_total", "1", "mg/dL", "17.1", 1),
        ("bilirubin_direct", "0.3", "mg/dL", "5.1", 1),
        ("albumin", "35", "g/L", "3.5", 1),
        ("total_protein", "70", "g/L", "7.0", 1),
        ("ammonia", "100", "ug/dL", "58.7", 1),
        ("troponin_i", "0.04", "ng/mL", "40", 0),
        ("troponin_t", "0.014", "ng/mL", "14", 0),
        ("bnp", "100", "pg/mL", "100", 0),
        ("bnp", "28.9", "pmol/L", "100", 0),
        ("nt_probnp", "14.8", "pmol/L", "125", 0),
        ("chol_total", "200", "mg/dL", "5.2", 1),
        ("ldl", "100", "mg/dL", "2.6", 1),
        ("hdl", "40", "mg/dL", "1.0", 1),
        ("triglycerides", "150", "mg/dL", "1.7", 1),
        ("sodium", "140", "meq/L", "140", 0),
        ("potassium", "4.5", "mEq/L", "4.5", 1),
        ("calcium", "10", "mg/dL", "2.5", 1),
        ("calcium_ionized", "4.8", "mg/dL", "1.2", 1),
        ("magnesium", "2", "mg/dL", "0.8", 1),
        ("magnesium", "1.7", "meq/L", "0.85", 2),
        ("phosphate", "3.5", "mg/dL", "1.1", 1),
        ("bicarbonate", "24", "meq/L", "24", 0),
        ("lactate", "18", "mg/dL", "2.0", 1),
        ("tsh", "4.2", "uIU/mL", "4.2", 1),
        ("free_t4", "1", "ng/dL", "12.9", 1),
        ("testosterone", "10.4", "nmol/L", "300", 0),
        ("testosterone", "3", "ng/mL", "300", 0),
        ("fsh", "40", "mIU/mL", "40", 0),
        ("estradiol", "100", "pg/mL", "367", 0),
        ("cortisol", "18", "ug/dL", "497", 0),
        ("vitamin_d", "50", "nmol/L", "20", 0),
        ("vitamin_b12", "148", "pmol/L", "201", 0),
        ("alcohol_intake", "2", "{drinks}/d", "28", 0),
        ("hbv_dna", "58200", "copies/mL", "9999", 0),
        ("cd4", "0.35", "10*9/L", "350", 0),
        ("wbc", "4500", "/uL", "4.5", 1),
        ("temperature", "101", "[degF]", "38.3", 1),
        ("weight", "154", "lb", "69.9", 1),
        ("height", "6", "ft", "182.9", 1),
        ("height", "1.75", "m", "175", 0),
        ("tumor_size", "15", "mm", "1.5", 1),
        ("lvef", "0.55", "{ratio}", "55", 0),
        ("age", "18", "mo", "1.5", 1),
        ("life_expectancy", "12", "wk", "2.8", 1),
        ("vas_pain", "40", "{score}", "40", 0),
        ("fructosamine", "0.285", "mmol/L", "285", 0),
        ("hematocrit", "0.42", "L/L", "42", 0),
        ("qtc", "0.45", "s", "450", 0),
        ("pao2", "8", "kPa", "60", 0),
        ("ulcer_duration", "3", "mo", "13", 0),
        ("egfr", "60", "mL/min", "60", 0),
    ] {
        let variable = variable::by_id(id).expect("a variable");
        let canonical = variable
            .canonical(number(value), unit::of(from))
            .unwrap_or_else(|t| panic!("{id} {from}: {t:?}"));
        assert_eq!(canonical.value.round_dp(places), number(expected), "{id}: {value} {from}");
    }
}

/// Every conversion of the table does what its row says, unless UCUM does it exactly.
#[test]
fn every_row_converts() {
    for variable in variable::all() {
        for row in &variable.conversions {
            let value = variable.canonical(number("10"), Some(row.unit)).expect("it converts").value;
            let stated = number("10") * row.factor + row.offset;
            let error = ((value - stated) / stated).abs();
            assert!(error < number("0.001"), "{}: {} gives {value}, stated {stated}", variable.id, row.unit);
        }
    }
}

#[test]
fn implausible_values_get_the_one_repair_there_is() {
    let repair = |id: &str, value: &str, unit: &str| {
        variable::by_id(id)
            .unwrap()
            .repair(number(value), unit::of(unit))
            .map(|repair| repair.unit.to_string())
    };
    assert_eq!(repair("hemoglobin", "10", "mg/dL").as_deref(), Some("g/dL"));
    assert_eq!(repair("hemoglobin", "138", "g/dL").as_deref(), Some("g/L"));
    assert_eq!(repair("hemoglobin", "13.8", "g/dL"), None, "it is plausible");
    assert_eq!(repair("platelets", "150000", "10*9/L").as_deref(), Some("/uL"));
    assert_eq!(repair("hba1c", "53", "%").as_deref(), Some("mmol/mol"));
    assert_eq!(repair("creatinine", "1.2", "umol/L").as_deref(), Some("mg/dL"));
    assert_eq!(repair("age", "240", "a").as_deref(), None, "months and weeks are both possible");
    assert_eq!(repair("temperature", "98.6", "Cel").as_deref(), Some("[degF]"));
    assert_eq!(repair("height", "1.75", "cm").as_deref(), Some("m"));
    assert_eq!(repair("platelets", "150", "").as_deref(), Some("10*9/L"), "no unit");
    assert_eq!(
        variable::by_id("hemoglobin").unwrap().canonical(number("1"), unit::of("mm[Hg]")),
        Err(Trouble::OtherDimension)
    );
    assert_eq!(
        variable::by_id("alt").unwrap().canonical(number("3"), unit::of("xULN")),
        Err(Trouble::NeedsLimit)
    );
    assert_eq!(variable::by_id("hba1c").unwrap().canonical(number("7"), None), Err(Trouble::NoUnit));
    assert!(variable::by_id("ecog").unwrap().canonical(number("2"), None).is_ok());
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,70}") {
        let _ = unit::of(&text);
        if let Some((_, end)) = unit::longest(&text) {
            prop_assert!(text.is_char_boundary(end));
        }
    }

    #[test]
    fn unit_like_text_never_panics(text in "[0-9a-zA-Z/.*^{}µ²⁹·×% -]{0,30}") {
        let _ = (unit::of(&text), unit::longest(&text));
    }

    #[test]
    fn there_and_back(value in 1i64..1_000_000, a in 0usize..260, b in 0usize..260) {
        let units: Vec<Unit> = Unit::all().collect();
        let (a, b) = (units[a % units.len()], units[b % units.len()]);
        let value = Decimal::from(value);
        if let Some(there) = unit::convert(value, a, b).filter(|there| there.abs() > number("0.000001")) {
            let back = unit::convert(there, b, a).expect("it came from there");
            prop_assert!(((back - value) / value).abs() < number("0.000001"), "{} {} {}", a, b, back);
        }
    }
}

//! Units of what is given, and what it is for each of.

use super::text::{Heads, Text};

/// Units of what is given, with the words for them.
const UNITS: [(&str, &[&str]); 29] = [
    ("mg", &["mg", "㎎", "mgs", "milligram", "milligrams"]),
    ("ug", &["ug", "㎍", "µg", "μg", "mcg", "mcgs", "microgram", "micrograms"]),
    ("g", &["g", "gm", "gms", "gram", "grams"]),
    ("ng", &["ng", "nanogram", "nanograms"]),
    ("mL", &["ml", "㎖", "mls", "cc", "milliliter", "milliliters", "millilitre", "millilitres", "mL"]),
    ("uL", &["ul", "㎕", "µl", "μl", "microliter", "microliters", "microlitre"]),
    ("L", &["liter", "liters", "litre", "litres"]),
    ("[IU]", &["iu", "ius", "ui"]),
    ("U", &["u", "unit", "units"]),
    ("mmol", &["mmol", "mmols", "millimole"]),
    ("meq", &["meq"]),
    ("Gy", &["gy", "gray", "grays"]),
    ("cGy", &["cgy"]),
    ("MBq", &["mbq"]),
    ("GBq", &["gbq"]),
    ("mCi", &["mci"]),
    ("{tablet}", &["tablet", "tablets", "tab", "tabs", "pill", "pills"]),
    ("{capsule}", &["capsule", "capsules", "cap", "caps"]),
    ("{drop}", &["drop", "drops", "gtt"]),
    ("{puff}", &["puff", "puffs", "inhalations"]),
    ("{sachet}", &["sachet", "sachets"]),
    ("{patch}", &["patch", "patches"]),
    ("[PFU]", &["pfu", "pfus"]),
    ("[CFU]", &["cfu", "cfus"]),
    ("[TCID_50]", &["tcid50"]),
    ("[EID_50]", &["eid50"]),
    ("{vg}", &["vg"]),
    ("{particle}", &["particle", "particles", "vp", "vesicle", "vesicles"]),
    ("MU", &["mu", "miu"]),
];

/// The heads of the words for units.
const UNIT_HEADS: Heads = {
    let (mut out, mut i) = (Heads::of(&[]), 0);
    while i < UNITS.len() {
        out = out.and(Heads::of(UNITS[i].1));
        i += 1;
    }
    out
};

/// What a quantity is for each of.
const PER: [(&str, &[&str]); 23] = [
    ("kg", &["kg", "㎏", "kilogram", "kilograms", "kgbw", "kilo"]),
    ("day", &["day", "d", "24h"]),
    ("week", &["week", "wk"]),
    ("h", &["hour", "hr", "h"]),
    ("min", &["minute", "min"]),
    ("mL", &["ml", "cc", "milliliter", "millilitre"]),
    ("uL", &["ul", "µl", "μl"]),
    ("dL", &["dl"]),
    ("L", &["l", "liter", "litre"]),
    ("dose", &["dose", "time", "administration"]),
    ("injection", &["injection", "shot"]),
    ("infusion", &["infusion"]),
    ("site", &["site", "point", "spot"]),
    ("eye", &["eye"]),
    ("joint", &["joint", "knee"]),
    ("ovary", &["ovary"]),
    ("kidney", &["kidney"]),
    ("lesion", &["lesion"]),
    ("disc", &["disc", "disk"]),
    ("tablet", &["tablet", "capsule"]),
    ("person", &["patient", "subject", "person", "participant", "body"]),
    ("cm2", &["cm2", "cm²", "㎠"]),
    ("fraction", &["fraction"]),
];

/// Places of a body that there are several of.
const PLACES: [&str; 8] = ["disc", "ovary", "kidney", "eye", "joint", "knee", "lesion", "site"];

/// The unit of what is given at a token, and the token behind it.
pub(super) fn unit(text: &Text<'_>, i: usize) -> Option<(&'static str, usize)> {
    let hyphen = text.is_any(i, &["-", "‑"]);
    let i = if hyphen { i + 1 } else { i };
    if text.is_any(i, &["%", "％"]) {
        return Some(("%", i + 1));
    }
    if text.is(i, "international") && text.is_any(i + 1, &["unit", "units"]) {
        return Some(("[IU]", i + 2));
    }
    // `10^11 viral particles`, `2 × 10^8 nano vesicles`
    let kind = text.is_any(i, &["viral", "virus", "vector", "nano", "extracellular"]);
    if kind && let Some(found) = unit(text, i + 1).filter(|found| found.0 == "{particle}") {
        return Some(found);
    }
    // `10^8 plaque-forming units`
    for (first, unit) in [("plaque", "[PFU]"), ("colony", "[CFU]")] {
        let at = i + 1 + usize::from(text.is(i + 1, "-"));
        if text.is(i, first) && text.is(at, "forming") && text.is_any(at + 1, &["unit", "units"]) {
            return Some((unit, at + 2));
        }
    }
    if text.is_any(i, &["vector", "viral"]) && text.is(i + 1, "genomes")
        || text.is_phrase(i, "genome copies").is_some()
    {
        return Some(("{vg}", i + 2));
    }
    let word = text.word(i);
    // `L` alone is a litre only in capitals, and few are given; `35(27L)` is a name.
    let many = i > 0 && text.glued(i) && text.word(i - 1).len() > 1;
    // `125-L-serine`
    if word == "L" && hyphen {
        return None;
    }
    if word == "L" && !many {
        return Some(("L", i + 1));
    }
    if !text.may_be(i, UNIT_HEADS) {
        return None;
    }
    let row = UNITS.iter().find(|(_, words)| words.iter().any(|w| same(w, word)))?;
    // `G` is no gram, and `M` no unit.
    (word != "G").then_some((row.0, i + 1))
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// What a quantity is for each of at a token, `/kg`, `per day`, and the token behind it.
pub(super) fn per(text: &Text<'_>, i: usize) -> Option<(&'static str, usize)> {
    let at = match text.word(i) {
        "/" => i + 1,
        word if same(word, "per") => i + 1,
        word if same(word, "each") && PLACES.iter().any(|place| text.is(i + 1, place)) => i + 1,
        "·" | "." if text.glued(i) && text.glued(i + 1) => i + 1,
        word if same(word, "a") && text.is(i + 1, "day") => i + 1,
        word if same(word, "for") && text.is(i + 1, "each") => i + 2,
        // `1 million xKg`, `0.5 million * weight (kg)`
        word if same(word, "xkg") => return Some(("kg", i + 1)),
        "*" | "x" | "×" if text.is(i + 1, "kg") => i + 1,
        "*" | "x" | "×" if text.is_phrase(i + 1, "weight ( kg )").is_some() => return Some(("kg", i + 5)),
        _ => return None,
    };
    let at = if text.is_any(at, &["1", "each", "one"]) { at + 1 } else { at };
    if text.is_any(at, &["meter", "metre"]) && text.is(at + 1, "squared") {
        return Some(("m2", at + 2));
    }
    // `m2`, `m²`, `m 2`, `m^2`
    if text.is_any(at, &["m", "sqm"]) {
        let behind = if text.is(at + 1, "^") { at + 2 } else { at + 1 };
        let two = text.is_any(behind, &["2", "²"]);
        // `mg/m(2)`
        if text.is(behind, "(") && text.is(behind + 1, "2") && text.is(behind + 2, ")") {
            return Some(("m2", behind + 3));
        }
        return Some(("m2", if two { behind + 1 } else { at + 1 }));
    }
    if text.is_any(at, &["m2", "㎡"]) {
        return Some(("m2", at + 1));
    }
    // `mg/sq m`, `mg/sq. meter`
    if text.is(at, "sq") {
        let behind = at + 1 + usize::from(text.is(at + 1, "."));
        return text.is_any(behind, &["m", "meter", "metre"]).then_some(("m2", behind + 1));
    }
    // `per body kg`
    if text.is(at, "body") && text.is_any(at + 1, &["kg", "kilogram"]) {
        return Some(("kg", at + 2));
    }
    // `per body-weight kilogram`
    let weight = ["body - weight kilogram", "body weight kilogram", "body - weight kg", "body weight kg"];
    if let Some(to) = weight.iter().find_map(|phrase| text.is_phrase(at, phrase)) {
        return Some(("kg", to));
    }
    // `per square centimeter`, `/cm^2`
    if text.is(at, "square") && text.is_any(at + 1, &["meter", "metre", "m"]) {
        return Some(("m2", at + 2));
    }
    if text.is(at, "square") && text.is_any(at + 1, &["cm", "centimeter", "centimetre", "centimeters"]) {
        return Some(("cm2", at + 2));
    }
    if text.is(at, "cm") {
        let behind = if text.is(at + 1, "^") { at + 2 } else { at + 1 };
        return text.is_any(behind, &["2", "²"]).then_some(("cm2", behind + 1));
    }
    if text.is(at, "unit") && text.is(at + 1, "dose") {
        return Some(("dose", at + 2));
    }
    // `per entry site`
    let at = if text.is_any(at, &["entry", "injection"]) && text.is_any(at + 1, &["site", "point"]) {
        at + 1
    } else {
        at
    };
    let row = PER.iter().find(|(_, words)| words.iter().any(|w| same(w, text.word(at))))?;
    let mut to = at + 1;
    if row.0 == "kg" {
        to = text.is_phrase(to, "of").unwrap_or(to);
        let weight = ["body weight", "bodyweight", "bw", "body mass", "weight", "b . w ."];
        to = weight.iter().find_map(|p| text.is_phrase(to, p)).unwrap_or(at + 1);
    }
    Some((row.0, to))
}

//! Codes of the CDISC terminology that the export uses: the concept's code and its preferred name.

use model::Decimal;

use crate::{
    protocol::{Dose, Measure, Role},
    read::time::{Span, Unit},
};

/// A code and its name.
pub(super) type Term = (&'static str, &'static str);

/// The type of an arm.
pub(super) fn arm(role: Role) -> Term {
    match role {
        Role::Experimental => ("C174266", "Investigational Arm"),
        Role::Active => ("C174267", "Active Comparator Arm"),
        Role::Placebo => ("C174268", "Placebo Control Arm"),
        Role::Sham => ("C174269", "Sham Comparator Arm"),
        Role::NoIntervention => ("C174270", "No Intervention Arm"),
        Role::Unclear => ("C15538", "Protocol Treatment Arm"),
    }
}

/// The type of an intervention by the registry's.
pub(super) fn intervention(kind: Option<&str>) -> Option<Term> {
    Some(match kind? {
        "DRUG" => ("C1909", "Pharmacologic Substance"),
        "BIOLOGICAL" => ("C307", "Biological Agent"),
        "DEVICE" => ("C16830", "Medical Device"),
        "PROCEDURE" => ("C98769", "Physical Medical Procedure"),
        "RADIATION" => ("C15313", "Radiation Therapy"),
        "BEHAVIORAL" => ("C15184", "Behavioral Intervention"),
        "GENETIC" => ("C15238", "Gene Therapy"),
        "DIETARY_SUPPLEMENT" => ("C1505", "Dietary Supplement"),
        "COMBINATION_PRODUCT" => ("C54696", "Combination Product"),
        "DIAGNOSTIC_TEST" => ("C18020", "Diagnostic Procedure"),
        _ => return None,
    })
}

/// The model of the design by the registry's.
pub(super) fn model(model: Option<&str>) -> Option<Term> {
    Some(match model? {
        "PARALLEL" => ("C82639", "Parallel Study"),
        "SINGLE_GROUP" => ("C82640", "Single Group Study"),
        "CROSSOVER" => ("C82637", "Crossover Study"),
        "FACTORIAL" => ("C82638", "Factorial Study"),
        "SEQUENTIAL" => ("C142568", "Group Sequential Design"),
        _ => return None,
    })
}

/// The blinding by the registry's masking; triple and quadruple have no term of their own.
pub(super) fn blinding(masking: Option<&str>) -> Option<Term> {
    Some(match masking? {
        "NONE" => ("C49659", "Open Label Study"),
        "SINGLE" => ("C28233", "Single Blind Study"),
        "DOUBLE" | "TRIPLE" | "QUADRUPLE" => ("C15228", "Double Blind Study"),
        _ => return None,
    })
}

/// The phase.
pub(super) fn phase(phases: &[&str]) -> Option<Term> {
    Some(match phases {
        ["EARLY_PHASE1"] => ("C54721", "Early Phase 1 Trial"),
        ["PHASE1"] => ("C15600", "Phase I Trial"),
        ["PHASE1", "PHASE2"] => ("C15693", "Phase I/II Trial"),
        ["PHASE2"] => ("C15601", "Phase II Trial"),
        ["PHASE2", "PHASE3"] => ("C15694", "Phase II/III Trial"),
        ["PHASE3"] => ("C15602", "Phase III Trial"),
        ["PHASE4"] => ("C15603", "Phase IV Trial"),
        ["NA"] => ("C48660", "Not Applicable"),
        _ => return None,
    })
}

/// The route.
pub(super) fn route(route: &str) -> Option<Term> {
    Some(match route {
        "intravenous" => ("C38276", "Intravenous Route of Administration"),
        "intramuscular" => ("C28161", "Intramuscular Route of Administration"),
        "subcutaneous" => ("C38299", "Subcutaneous Route of Administration"),
        "oral" => ("C38288", "Oral Route of Administration"),
        "intradermal" => ("C38238", "Intradermal Route of Administration"),
        "intrathecal" => ("C38267", "Intrathecal Route of Administration"),
        "intra-articular" => ("C38223", "Intraarticular Route of Administration"),
        "intravitreal" => ("C38280", "Intravitreal Route of Administration"),
        "subretinal" => ("C79143", "Subretinal Route of Administration"),
        "intracoronary" => ("C38218", "Intracoronary Route of Administration"),
        "intra-arterial" => ("C38222", "Intraarterial Route of Administration"),
        "intraperitoneal" => ("C38258", "Intraperitoneal Route of Administration"),
        "intrapleural" => ("C38259", "Intrapleural Route of Administration"),
        "inhaled" => ("C38216", "Inhalation Route of Administration"),
        "intranasal" => ("C38284", "Nasal Route of Administration"),
        "topical" => ("C38304", "Topical Route of Administration"),
        "transdermal" => ("C38305", "Transdermal Route of Administration"),
        "ophthalmic" => ("C38287", "Ophthalmic Route of Administration"),
        "sublingual" => ("C38300", "Sublingual Route of Administration"),
        "rectal" => ("C38295", "Rectal Route of Administration"),
        "vaginal" => ("C38313", "Vaginal Route of Administration"),
        "epidural" => ("C38210", "Epidural Route of Administration"),
        "perineural" => ("C38293", "Perineural Route of Administration"),
        "intralesional" => ("C38250", "Intralesional Route of Administration"),
        "intravesical" => ("C38278", "Intravesical Route of Administration"),
        "buccal" => ("C38193", "Buccal Route of Administration"),
        _ => return None,
    })
}

/// How often, where there is a term for it.
pub(super) fn frequency(dose: &Dose) -> Option<Term> {
    let Some(Span { value, unit }) = dose.interval else {
        return (dose.count == Some(1)).then_some(("C64576", "Once"));
    };
    let every = |n: i64, of: Unit| value == Decimal::from(n) && unit == of;
    const TERMS: [(i64, Unit, Term); 10] = [
        (6, Unit::Hour, ("C64520", "Every Six Hours")),
        (8, Unit::Hour, ("C64523", "Every Eight Hours")),
        (12, Unit::Hour, ("C64502", "Every Twelve Hours")),
        (1, Unit::Day, ("C25473", "Daily")),
        (2, Unit::Day, ("C64525", "Every Other Day")),
        (1, Unit::Week, ("C67069", "Weekly")),
        (2, Unit::Week, ("C71127", "Every Two Weeks")),
        (3, Unit::Week, ("C64535", "Every Three Weeks")),
        (4, Unit::Week, ("C64529", "Every Four Weeks")),
        (1, Unit::Month, ("C64498", "Monthly")),
    ];
    TERMS.iter().find(|(n, of, _)| every(*n, *of)).map(|(_, _, term)| *term)
}

/// The unit of an amount.
pub(super) fn unit(amount: &Measure) -> Option<Term> {
    Some(match (amount.unit.as_str(), amount.per.as_deref().unwrap_or_default()) {
        ("mg", "") => ("C28253", "Milligram"),
        ("mg", "kg") => ("C67401", "Milligram per Kilogram"),
        ("mg", "m2") => ("C67402", "Milligram per Square Meter"),
        ("mg", "day") => ("C67399", "Milligram per 24 Hours"),
        ("mg", "kg/day") => ("C66976", "Milligram per Kilogram per Day"),
        ("g", "") => ("C48155", "Gram"),
        ("g", "day") => ("C67372", "Gram per 24 Hours"),
        ("ug", "") => ("C48152", "Microgram"),
        ("ug", "kg") => ("C67396", "Microgram per Kilogram"),
        ("ug", "day") => ("C71205", "Microgram per Day"),
        ("ng", "") => ("C48516", "Nanogram"),
        ("mL", "") => ("C28254", "Milliliter"),
        ("mL", "kg") => ("C67411", "Milliliter per Kilogram"),
        ("uL", "") => ("C48153", "Microliter"),
        ("L", "") => ("C48505", "Liter"),
        ("[IU]", "") => ("C48579", "International Unit"),
        ("[IU]", "kg") => ("C67379", "International Unit per Kilogram"),
        ("U", "") => ("C44278", "Unit"),
        ("U", "kg") => ("C67465", "Unit per Kilogram"),
        ("mmol", "") => ("C48513", "Millimole"),
        ("meq", "") => ("C48512", "Milliequivalent"),
        ("{tablet}", "") => ("C48542", "Tablet Dosing Unit"),
        ("{capsule}", "") => ("C48480", "Capsule Dosing Unit"),
        ("{drop}", "") => ("C69441", "Drop"),
        ("{puff}", "") => ("C65060", "Puff Dosing Unit"),
        ("{patch}", "") => ("C48524", "Patch Dosing Unit"),
        ("[PFU]", "") => ("C67264", "Plaque Forming Unit"),
        _ => return None,
    })
}

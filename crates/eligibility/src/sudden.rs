//! Diseases that come at once: a window of the past asks whether they came in it, not whether their traces last.
//!
//! Records keep a stroke of ten years ago as a problem that goes on. `Stroke within 6 months` does not mean that one.

use std::sync::LazyLock;

use model::{Fact, FactKind};
use vocabulary::{ConceptId, variable};

/// Headings of MeSH and terms of HPO; those below them come at once as well.
const SUDDEN: [&str; 22] = [
    "D020521",    // Stroke
    "D009203",    // Myocardial Infarction
    "D002546",    // Ischemic Attack, Transient
    "D020300",    // Intracranial Hemorrhages
    "D006470",    // Hemorrhage
    "D011655",    // Pulmonary Embolism
    "D016769",    // Embolism and Thrombosis
    "hp:0004420", // Arterial thrombosis
    "D006323",    // Heart Arrest
    "D000789",    // Angina, Unstable
    "D054058",    // Acute Coronary Syndrome
    "D012640",    // Seizures
    "D014947",    // Wounds and Injuries
    "D011014",    // Pneumonia
    "D018805",    // Sepsis
    "D001424",    // Bacterial Infections
    "D012141",    // Respiratory Tract Infections
    "D014552",    // Urinary Tract Infections
    "D058186",    // Acute Kidney Injury
    "D000022",    // Abortion, Spontaneous
    "D000707",    // Anaphylaxis
    "D013575",    // Syncope
];

/// Those below the headings above that last.
const LASTING: [&str; 6] = [
    "D014376", // Tuberculosis
    "D007918", // Leprosy
    "D013587", // Syphilis
    "D016481", // Helicobacter Infections
    "D001988", // Bronchiolitis, with its obliterating forms
    "D008061", // Whipple Disease
];

static HEADINGS: LazyLock<[Vec<ConceptId>; 2]> = LazyLock::new(|| {
    let of = |list: &[&str]| list.iter().filter_map(|id| vocabulary::by_id(id)).collect();
    [of(&SUDDEN), of(&LASTING)]
});

/// Whether a fact is about a disease that comes at once.
pub fn is_sudden(fact: &Fact) -> bool {
    let variable = fact.what.variable.iter().flat_map(|id| variable::headings(id).iter().copied());
    let named = fact.what.concepts.iter().filter_map(|id| vocabulary::by_id(id));
    fact.kind == FactKind::Condition && all_sudden(variable.chain(named))
}

/// Whether a concept of a tree, by its id there, is a disease that comes at once.
pub fn is_sudden_concept(id: &str) -> bool {
    all_sudden(variable::headings(id).iter().copied().chain(vocabulary::by_curie(id)))
}

/// Whether there are headings, and all are of diseases that come at once.
fn all_sudden(headings: impl Iterator<Item = ConceptId>) -> bool {
    let [sudden, lasting] = &*HEADINGS;
    let under = |list: &[ConceptId], heading: ConceptId| {
        let above = vocabulary::ancestors(heading);
        list.iter().any(|one| *one == heading || above.binary_search(one).is_ok())
    };
    let mut all = headings.peekable();
    all.peek().is_some() && all.all(|heading| under(sudden, heading) && !under(lasting, heading))
}

#[cfg(test)]
mod tests {
    use model::{FactStatus, Source, What};

    use super::*;

    #[test]
    fn every_heading_is_known() {
        for id in SUDDEN.iter().chain(&LASTING) {
            assert!(vocabulary::by_id(id).and_then(vocabulary::name).is_some(), "{id}");
        }
    }

    #[test]
    fn some_come_at_once_and_others_last() {
        let fact = |id: &str| {
            let what = What { concepts: vec![id.to_owned()], ..What::default() };
            Fact::new(FactKind::Condition, what, FactStatus::Current, Source::Path("x".into()))
        };
        let [stroke, fracture, clot, diabetes, tuberculosis, liver] =
            ["D020521", "D006620", "hp:0002625", "D003924", "D014397", "D008103"]
                .map(|id| is_sudden(&fact(id)));
        assert_eq!([stroke, fracture, clot], [true; 3]);
        assert_eq!([diabetes, tuberculosis, liver], [false; 3]);
    }
}

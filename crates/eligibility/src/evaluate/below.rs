//! Which headings count for a broader one. The trees of MeSH keep some things where they are looked for, not because
//! they are what the broader heading names.

use std::sync::LazyLock;

use vocabulary::{Category, ConceptId, category};

/// A heading that nothing below these counts for: prediabetes is no diabetes, and what is benign no cancer.
const NOT_SO: [(&str, &[&str]); 4] = [
    ("D003920", &["D011236"]), // Diabetes Mellitus: Prediabetic State
    (
        "D011247", // Pregnancy, as criteria mean it: now
        &[
            "D010298", // Parity
            "D011256", // Pregnancy Outcome
        ],
    ),
    ("D001523", &["D062787"]), // Mental Disorders: Drug Overdose
    (
        "D009369", // Neoplasms, as criteria mean them
        &[
            "D003560", // Cysts
            "D006222", // Hamartoma
            "D011230", // Precancerous Conditions
            "D000236", // Adenoma
            "D008067", // Lipoma
            "D007889", // Leiomyoma
            "D006391", // Hemangioma
            "D009506", // Nevus
            "D010212", // Papilloma
            "D016606", // Thyroid Nodule
        ],
    ),
];

/// Inflammations that MeSH keeps among the infections, whatever causes them.
const INFLAMMATIONS: [&str; 3] = [
    "D012852", // Sinusitis
    "D012220", // Rhinitis
    "D029481", // Bronchitis, Chronic
];

static INFLAMED: LazyLock<Vec<ConceptId>> =
    LazyLock::new(|| INFLAMMATIONS.iter().filter_map(|id| vocabulary::by_id(id)).collect());

/// What all infections stand below.
pub static INFECTIONS: LazyLock<Option<ConceptId>> = LazyLock::new(|| vocabulary::by_id("D007239"));

static EXCEPTIONS: LazyLock<Vec<(ConceptId, Vec<ConceptId>)>> = LazyLock::new(|| {
    let of = |ids: &[&str]| ids.iter().filter_map(|id| vocabulary::by_id(id)).collect();
    NOT_SO.iter().filter_map(|(broad, ids)| Some((vocabulary::by_id(broad)?, of(ids)))).collect()
});

/// Whether a fact of a heading counts for another one. A sign is not the disease that MeSH keeps it with, and what
/// serves a diagnosis (a colonoscopy) is not the operation.
pub fn counts_for(narrow: ConceptId, broad: ConceptId) -> bool {
    if narrow == broad {
        return true;
    }
    let is_sign = |heading| category(heading) == Category::Sign;
    let excepted = || {
        let of = EXCEPTIONS.iter().find(|(heading, _)| *heading == broad);
        of.is_some_and(|(_, ids)| ids.iter().any(|id| is_or_below(narrow, *id)))
    };
    let inflamed = || {
        let of = |id: &ConceptId| is_or_below(narrow, *id) && !is_or_below(broad, *id);
        INFECTIONS.is_some_and(|all| is_or_below(broad, all)) && INFLAMED.iter().any(of)
    };
    let as_kept = |is: &dyn Fn(ConceptId) -> bool| !is(narrow) || is(broad);
    is_or_below(narrow, broad) && as_kept(&is_sign) && as_kept(&is_diagnostic) && !excepted() && !inflamed()
}

/// Whether a heading stands among the techniques of diagnosis.
fn is_diagnostic(heading: ConceptId) -> bool {
    static DIAGNOSIS: LazyLock<Option<ConceptId>> = LazyLock::new(|| vocabulary::by_id("D019937"));
    DIAGNOSIS.is_some_and(|techniques| is_or_below(heading, techniques))
}

/// Whether a heading is another one, or stands below it.
pub fn is_or_below(narrow: ConceptId, broad: ConceptId) -> bool {
    narrow == broad || vocabulary::ancestors(narrow).binary_search(&broad).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_is_known_and_stands_below_its_own() {
        let id = |id: &str| vocabulary::by_id(id).unwrap_or_else(|| panic!("{id}"));
        for (broad, ids) in NOT_SO {
            for narrow in ids {
                assert!(is_or_below(id(narrow), id(broad)), "{narrow}");
                assert!(!counts_for(id(narrow), id(broad)), "{narrow}");
            }
        }
        for narrow in INFLAMMATIONS {
            assert!(is_or_below(id(narrow), id("D007239")), "{narrow}");
            assert!(!counts_for(id(narrow), id("D007239")), "{narrow}");
            assert!(counts_for(id(narrow), id(narrow)), "{narrow}");
        }
        assert!(counts_for(id("D011014"), id("D007239")));
        assert!(counts_for(id("D003924"), id("D003920")));
        assert!(counts_for(id("D008175"), id("D009369")));
    }
}

//! Words and their normal forms.

use proptest::prelude::*;
use vocabulary::{Finder, segments, spelling, words};

/// A text is cut into these normal words.
fn check(text: &str, expected: &str) {
    let norms: Vec<String> = words(text).into_iter().map(|word| word.norm).collect();
    assert_eq!(norms.join(" "), expected, "{text}");
}

#[test]
fn text_is_cut_at_everything_but_letters_digits_and_decimal_points() {
    check("COVID-19, stem-cell and/or 5-FU", "covid 19 stem cell and or 5 fu");
    check("12.5 mg. CD34 HbA1c phase2 HER2+", "12.5 mg cd34 hba1c phase2 her2");
    check("Crohn's disease; patients' l'Hôpital", "crohn disease patient l hopital");
    check(
        "TNF-α TNFα β-blocker 5 μg 5 µg 5 mcg CO₂ m²",
        "tnf alpha tnf alpha beta blocker 5 ug 5 ug 5 ug co2 m2",
    );
    check("糖尿病 Straße Ångström", "糖 尿 病 strasse angstrom");
    check(
        "Phase II/III, type I, stage IIIb; by IV access, factor VIII",
        "phase 2 3 type 1 stage 3b by iv access factor 8",
    );
}

#[test]
fn plurals_become_singular_and_other_words_stay() {
    check(
        "biopsies metastases carcinomata sera diagnoses therapies",
        "biopsy metastasis carcinoma serum diagnosis therapy",
    );
    check("viruses kinases doses diseases women vertebrae", "virus kinase dose disease woman vertebra");
    check(
        "diabetes mellitus aids rabies herpes pancreas virus sclerosis",
        "diabetes mellitus aids rabies herpes pancreas virus sclerosis",
    );
}

#[test]
fn british_spelling_becomes_american() {
    check(
        "tumours oedema haemoglobin anaemia leukaemia paediatric",
        "tumor edema hemoglobin anemia leukemia pediatric",
    );
    check(
        "foetal diarrhoea oesophageal centre colour randomised",
        "fetal diarrhea esophageal center color randomized",
    );
    check(
        "ischaemic haematology exercise hospitalisation hydrolysed",
        "ischemic hematology exercise hospitalization hydrolyzed",
    );
}

#[test]
fn near_words_are_told_for_a_misspelled_one() {
    assert!(spelling("diabetis").contains(&"diabetes".to_owned()), "{:?}", spelling("diabetis"));
    assert!(spelling("metfromin").contains(&"metformin".to_owned()), "{:?}", spelling("metfromin"));
    assert!(spelling("diabetes").is_empty());
    // As people write them, not as they are compared.
    for (norm, near) in [("diabte", "diabetes"), ("astma", "asthma"), ("achiles", "achilles")] {
        assert!(spelling(norm).contains(&near.to_owned()), "{norm}: {:?}", spelling(norm));
        assert!(!spelling(norm).contains(&words(near)[0].norm) || near == words(near)[0].norm, "{norm}");
    }
}

/// Letters that decompose to what is no letter would make words that are cut differently a second time.
#[test]
fn every_character_stays_cut_as_it_was() {
    for c in '\u{80}'..=char::MAX {
        for text in [format!("{c}b"), format!("b{c}"), c.to_string()] {
            for word in words(&text) {
                let again: Vec<String> = words(&word.norm).into_iter().map(|w| w.norm).collect();
                assert_eq!(again, [word.norm], "{:x} in {text}", c as u32);
            }
        }
    }
}

proptest! {
    #[test]
    fn ranges_lie_in_the_text_and_norms_are_their_own_norms(text in "\\PC*|[a-zA-Z' .αβ-]{0,40}|(\\PC|[\\p{Greek}\\p{Han}s'.0-9]){0,30}") {
        let mut end = 0;
        let found = words(&text);
        for word in &found {
            prop_assert!(word.range.start >= end && text.get(word.range.clone()).is_some());
            end = word.range.end;
            let again: Vec<String> = words(&word.norm).into_iter().map(|w| w.norm).collect();
            prop_assert_eq!(again, vec![word.norm.clone()]);
            spelling(&word.norm);
        }
        let norms: Vec<&str> = found.iter().map(|word| word.norm.as_str()).collect();
        let covered: usize = segments(&norms).iter().map(|(range, _)| range.len()).sum();
        prop_assert_eq!(covered, norms.len());
        Finder::new().each(&norms, &mut |at, len, _| assert!(at + len <= norms.len()));
    }
}

//! Names mean their concepts, in every spelling that people use.
#![allow(clippy::unwrap_used)]

use vocabulary::{
    ancestors, by_mesh_id, by_name, descendants, name, segments, synonyms, tree_numbers, words,
};

/// Each text, as a whole, is a name of the concept.
fn check(id: &str, texts: &[&str]) {
    let concept = by_mesh_id(id).unwrap_or_else(|| panic!("{id} is not in the tables"));
    assert_eq!(concept.to_string(), id);
    for text in texts {
        let found = by_name(text).map(|found| (found.to_string(), name(found)));
        assert_eq!(found, Some((id.to_owned(), name(concept))), "{text}");
    }
}

#[test]
fn one_concept_has_many_names() {
    check(
        "D008175",
        &[
            "lung cancer",
            "Lung Neoplasms",
            "Cancer of the Lung",
            "pulmonary neoplasms",
            "Neoplasms, Lung",
            "lung tumours",
        ],
    );
    check(
        "D003924",
        &[
            "type 2 diabetes",
            "T2DM",
            "NIDDM",
            "diabetes mellitus type II",
            "Diabetes Mellitus, Type 2",
            "type ii diabetes",
        ],
    );
    check("D009203", &["heart attack", "Myocardial Infarction", "infarction, myocardial"]);
}

#[test]
fn the_tree_leads_up_and_down() {
    let lung = by_mesh_id("D008175").unwrap();
    let cancer = by_mesh_id("D009369").unwrap();
    assert_eq!(tree_numbers(lung), ["C04.588.894.797.520", "C08.381.540", "C08.785.520"]);
    assert!(ancestors(lung).contains(&cancer));
    assert!(descendants(cancer).contains(&lung));
    assert!(synonyms(lung).contains(&vec!["lung".to_owned(), "cancer".to_owned()]));
}

#[test]
fn a_query_is_cut_into_the_longest_names() {
    let norms: Vec<String> =
        words("metformin for type 2 diabetes mellitus").into_iter().map(|word| word.norm).collect();
    let found: Vec<_> =
        segments(&norms).into_iter().map(|(range, id)| (range, id.map(|id| id.to_string()))).collect();
    assert_eq!(found, [(0..1, Some("D008687".to_owned())), (1..2, None), (2..6, Some("D003924".to_owned()))]);
}

#[test]
fn drugs_have_their_brands_and_codes() {
    check("C582435", &["pembrolizumab", "Keytruda", "MK-3475"]);
}

#[test]
fn everyday_words_are_no_concepts() {
    for word in
        ["other", "all", "patients", "role", "time", "men", "women", "control", "will", "on", "who", "did"]
    {
        assert_eq!(by_name(word).and_then(name), None, "{word}");
    }
}

//! Names mean their concepts, in every spelling that people use.
#![allow(clippy::unwrap_used)]

use vocabulary::{
    Category, ConceptId, Vocabulary, ancestors, by_curie, by_id, by_name, category, descendants, name,
    segments, synonyms, tree_numbers, words,
};

/// Each text, as a whole, is a name of the concept.
fn check(id: &str, texts: &[&str]) {
    let concept = by_id(id).unwrap_or_else(|| panic!("{id} is not in the tables"));
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

/// What MeSH lacks has the id of the ontology that names it; what it has under another name keeps MeSH's.
#[test]
fn the_ontologies_add_concepts_and_names() {
    check("MONDO:0005487", &["schizoaffective disorder", "Schizoaffective Disorders"]);
    check("HP:0025253", &["claustrophobia"]);
    check("HP:0002625", &["deep venous thrombosis", "deep vein thrombosis"]);
    check("D010437", &["peptic ulcer disease", "Peptic Ulcer"]);
    // MeSH's rare diseases have places by the ontologies, and count as diseases for it.
    let rare = by_name("Charcot-Marie-Tooth disease type 1C").unwrap();
    assert_eq!(rare.curie(), "mesh:C537984");
    assert_eq!(category(rare), Category::Disease);
    // A synonym of one word is no name: Mondo has `lung` for its tumours, `complete` and many abbreviations.
    for word in ["complete", "bilateral", "srs"] {
        let found = by_name(word).map(|id| id.vocabulary());
        assert!(matches!(found, None | Some(Vocabulary::Mesh)), "{word}: {found:?}");
    }
}

#[test]
fn what_mesh_lacks_hangs_in_its_tree() {
    let broader = |narrow: &str, broad: &str| {
        let (narrow, broad) = (by_name(narrow).unwrap(), by_name(broad).unwrap());
        assert!(ancestors(narrow).contains(&broad), "{narrow} {broad}");
        assert!(descendants(broad).contains(&narrow), "{narrow} {broad}");
    };
    broader("deep venous thrombosis", "Venous Thrombosis");
    broader("claustrophobia", "Phobic Disorders");
    broader("anaplastic oligodendroglioma", "Oligodendroglioma");
    assert_eq!(category(by_name("deep venous thrombosis").unwrap()), Category::Disease);
    assert_eq!(category(by_name("reduced bone mineral density").unwrap()), Category::Sign);
}

#[test]
fn ids_keep_the_form_of_their_vocabulary() {
    for (id, curie) in
        [("MONDO:0005487", "mondo:0005487"), ("HP:0025253", "hp:0025253"), ("D010437", "mesh:D010437")]
    {
        let concept = by_id(id).unwrap();
        assert_eq!((concept.to_string().as_str(), concept.curie().as_str()), (id, curie));
        assert_eq!(by_curie(curie), Some(concept));
    }
    // Two ids, which differ in their zeros only.
    for id in ["DOID:1816", "DOID:0001816"] {
        assert_eq!(id.parse::<ConceptId>().unwrap().to_string(), id);
    }
    for wrong in
        ["", ":", "mesh", "mesh:", "mondo:D010437", "mesh:MONDO:0005487", "HP:", "HP:00x", "MONDO:999999999"]
    {
        assert_eq!(by_curie(wrong), None, "{wrong}");
    }
}

#[test]
fn the_tree_leads_up_and_down() {
    let lung = by_id("D008175").unwrap();
    let cancer = by_id("D009369").unwrap();
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
    // Chemistry has adrenaline among the alcohols; people who drink do not.
    check("D000431", &["alcohol", "Alcohols", "ethanol"]);
    for word in
        ["other", "all", "patients", "role", "time", "men", "women", "control", "will", "on", "who", "did"]
    {
        assert_eq!(by_name(word).and_then(name), None, "{word}");
    }
}

//! What random queries once found to differ, each with the smallest studies that show it.

use model::StudyId;
use serde_json::{Value, json};

use crate::corpus::{Corpus, Studies};

/// One study with a title and two sites, and one with neither.
fn two() -> Corpus {
    let contact = json!({"name": "A"});
    let full = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000002", "briefTitle": "Lung cancer in Bonn"},
        "statusModule": {"startDateStruct": {"date": "2020-01"}},
        "conditionsModule": {"conditions": ["Lung Cancer"]},
        "contactsLocationsModule": {"locations": [
            {"city": "Bonn", "status": "COMPLETED", "contacts": [contact]},
            {"city": "BONN", "status": "RECRUITING", "contacts": [contact.clone(), contact]}]}}});
    let bare = json!({"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}});
    let id = |n| StudyId::new(n).unwrap();
    Corpus::new(Studies(
        [(id(1), bare), (id(2), full)].into_iter().collect::<std::collections::BTreeMap<StudyId, Value>>(),
    ))
}

fn check(query: &str, found: bool) {
    let corpus = two();
    let study = StudyId::new(2).unwrap();
    assert_eq!(corpus.term(query).contains(&study), found, "the index: {query}");
    let holds = corpus.facts[1].holds(&crate::corpus::term(query).query);
    assert_eq!(holds, found, "the oracle: {query}");
}

#[test]
fn contacts_are_counted_for_their_own_site() {
    check("AREA[NumLocationContacts]2", true);
    check("SEARCH[Location](AREA[NumLocationContacts]2 AND AREA[LocationStatus]RECRUITING)", true);
    check("SEARCH[Location](AREA[NumLocationContacts]1 AND AREA[LocationStatus]RECRUITING)", false);
}

#[test]
fn exact_characters_are_those_of_the_site() {
    check("SEARCH[Location](AREA[LocationCity]EXPANSION[None]Bonn AND AREA[LocationStatus]COMPLETED)", true);
    check(
        "SEARCH[Location](AREA[LocationCity]EXPANSION[None]Bonn AND AREA[LocationStatus]RECRUITING)",
        false,
    );
}

#[test]
fn a_text_lies_in_a_range_as_a_whole() {
    check("AREA[BriefTitle]RANGE[lung, lung]", true);
    check("AREA[BriefTitle]RANGE[\"lung cancer\", MAX]", true);
    check("AREA[BriefTitle]RANGE[\"lung disease\", MAX]", false);
    check("AREA[BriefTitle]RANGE[bonn, cancer]", false);
    check("AREA[BriefTitle]RANGE[MIN, bonn]", false);
}

#[test]
fn dates_have_a_length_and_sites_add_up() {
    check("AREA[StartDate:size]1", true);
    check("AREA[StartDate:size]0", false);
    check("AREA[LocationCity:size]2", true);
    check("AREA[LocationContactName:size]3", true);
    check("SEARCH[Location](AREA[LocationContactName:size]2)", true);
    check("AREA[BriefTitle:size]0", false);
}

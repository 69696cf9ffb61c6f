//! What a term is cut into, and how far its words reach.
#![allow(clippy::unwrap_used)]

use query::{Request, Resolved, as_words, parse, resolved::TextMatch, typed::Expr};

fn text(query: &str) -> TextMatch {
    let request = Request { cond: Some(query.to_owned()), ..Request::default() };
    match request.resolve().unwrap().query {
        Resolved::Text(text) => text,
        other => panic!("{query} is no text, but {other}"),
    }
}

/// The segments of a term: its words, with a star behind those of a concept.
fn check(query: &str, segments: &[&str]) {
    let shown = |s: &query::resolved::Segment| {
        format!("{}{}", s.words.join(" "), if s.concept.is_some() { "*" } else { "" })
    };
    let cut: Vec<String> = text(query).segments.iter().map(shown).collect();
    assert_eq!(cut, segments, "{query}");
}

#[test]
fn terms_are_cut_into_concepts_and_words() {
    check("heart attack", &["heart attack*"]);
    check("qwertyuiop heart attacks", &["qwertyuiop", "heart attack*"]);
    check("\"lung cancer\"", &["lung cancer*"]);
}

#[test]
fn near_expansions_and_fields_without_synonyms_have_no_concepts() {
    check("EXPANSION[Term]heart attack", &["heart", "attack"]);
    check("EXPANSION[None]\"heart attack\"", &["heart", "attack"]);
    check("AREA[LeadSponsorName]heart attack", &["heart", "attack"]);
    check("AREA[BriefTitle]heart attack", &["heart attack*"]);
}

#[test]
fn two_names_of_one_concept_are_one_query() {
    let (one, other) = (&text("lung cancer").segments[0], &text("Lung Neoplasms").segments[0]);
    assert_eq!(one.concept, other.concept);
    // Each has the words of the other among its synonyms, and not its own.
    assert!(one.synonyms.contains(&other.words) && other.synonyms.contains(&one.words));
    assert!(!one.synonyms.contains(&one.words) && !other.synonyms.contains(&other.words));
}

#[test]
fn any_text_can_be_searched_as_plain_words() {
    let note = "58-year-old (male), NOT smoking [20 pack/years]; \"chest pain\" AND nausea \\ AREA[x]";
    let words = note.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(parse(&as_words(note)).unwrap().expr, Expr::Term(words));
}

/// What a text that is no expression is read as where plain words will do; `None` if it is refused all the same.
fn check_plain(text: &str, expected: Option<&str>) {
    let strict = Request { cond: Some(text.to_owned()), ..Request::default() };
    assert!(strict.read().is_err(), "{text}");
    let read = Request { plain_words: true, ..strict }.read();
    if let Ok(reading) = &read {
        assert!(reading.hints.iter().any(|hint| hint.advice.contains("this is no expression")), "{text}");
    }
    let read = read.ok().map(|reading| reading.search.query.to_string());
    assert_eq!(read.as_deref(), expected, "{text}");
}

#[test]
fn what_is_no_expression_may_be_read_as_its_words() {
    check_plain("breast cancer [HER2+", Some(r"AREA[ConditionSearch]breast cancer \[HER2+"));
    check_plain("asthma (severe", Some(r"AREA[ConditionSearch]asthma \(severe"));
    check_plain("asthma, , COPD AND", Some(r"AREA[ConditionSearch]asthma\, \, COPD"));
    // Their words alone would be another question.
    for text in
        ["(asthma NOT copd", "(asthma OR copd", "AREA[Condition asthma", "AREA[Nope]asthma", "(((", "AND"]
    {
        check_plain(text, None);
    }
    let filter = Request { advanced: Some("(asthma".into()), plain_words: true, ..Request::default() };
    assert!(filter.read().is_err(), "a filter is an expression");
}

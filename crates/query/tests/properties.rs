//! What holds for every query: nothing panics, what is printed reads back as the same.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use query::{
    Request, Resolved, parse,
    typed::{Bound, Coverage, Distance, Expansion, Expr, Name, Node},
};

/// Parts of queries, right and wrong, from which the mutations are made.
const PARTS: &[&str] = &[
    "heart attack",
    "\"lung cancer\"",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    ",",
    "ALL",
    "MISSING",
    "[",
    "]",
    "\\",
    "\"",
    "AREA[Phase]",
    "AREA[Sex]",
    "AREA[StartDate]",
    "AREA[Phase:size]",
    "AREA[MaximumAge]",
    "AREA[",
    "AREA",
    "RANGE[2020, MAX]",
    "RANGE[MIN,65 years]",
    "RANGE[\"a\",b]",
    "RANGE[",
    "SEARCH[Location]",
    "COVERAGE[FullMatch]",
    "EXPANSION[Lossy]",
    "TILT[StartDate]",
    "DISTANCE[1,2,3km]",
    "DISTANCE[1,2]",
    "NCT05507697",
    "PHASE2",
    "2022",
    "é",
    "\u{2028}",
    "18 years",
    "\\AND",
    "\\(",
    "“",
];

fn every_field(text: &str) -> Request {
    let some = || Some(text.to_owned());
    Request {
        cond: some(),
        term: some(),
        id: some(),
        locn: some(),
        lead: some(),
        overall_status: some(),
        geo: some(),
        ids: some(),
        advanced: some(),
        synonyms: some(),
        agg_filters: some(),
        geo_decay: some(),
        sort: some(),
        ..Request::default()
    }
}

/// Reads a text as every parameter and shows every error; only a panic or a bad place is a failure.
fn read_as_everything(text: &str) {
    let mut errors = Vec::from_iter(parse(text).err());
    let whole = every_field(text);
    let one = |change: fn(&mut Request, Option<String>)| {
        let mut request = Request::default();
        change(&mut request, Some(text.to_owned()));
        request
    };
    let single = [
        one(|r, t| r.advanced = t),
        one(|r, t| r.locn = t),
        one(|r, t| r.geo = t),
        one(|r, t| r.ids = t),
        one(|r, t| r.overall_status = t),
        one(|r, t| r.synonyms = t),
        one(|r, t| r.agg_filters = t),
        one(|r, t| r.geo_decay = t),
        one(|r, t| r.sort = t),
        whole,
    ];
    errors.extend(single.iter().filter_map(|request| request.read().err()));
    for error in errors {
        assert!(error.text.get(error.span.clone()).is_some(), "{error:?}");
        assert!(error.rendered().contains('^') || text.trim().is_empty(), "{}", error.rendered());
        assert!(!error.registry_text().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_panics_on_any_text(text in "\\PC{0,40}") {
        read_as_everything(&text);
    }

    #[test]
    fn never_panics_on_mixed_parts(parts in prop::collection::vec(prop::sample::select(PARTS), 0..12), gap in " ?") {
        read_as_everything(&parts.join(&gap));
    }

    #[test]
    fn never_panics_on_damaged_queries(text in queries(), at in any::<prop::sample::Index>(), new in "\\PC{0,2}") {
        let chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let damaged: String = chars[..at].iter().copied().chain(new.chars()).chain(chars[at + 1..].iter().copied()).collect();
        read_as_everything(&damaged);
    }

    #[test]
    fn print_then_parse(node in nodes()) {
        let text = node.to_string();
        let mut read = parse(&text).map_err(|e| TestCaseError::fail(e.rendered()))?;
        forget_places(&mut read);
        prop_assert_eq!(&read, &node, "{}", text);
    }

    #[test]
    fn what_was_understood_reads_back(text in queries()) {
        let first = resolved(&text).map_err(|e| TestCaseError::fail(e.rendered()))?;
        let described = first.to_string();
        let again = resolved(&described).map_err(|e| TestCaseError::fail(e.rendered()))?;
        prop_assert!(again == first, "{} -> {}", text, described);
    }
}

fn resolved(text: &str) -> Result<Resolved, query::QueryError> {
    Request { term: Some(text.to_owned()), ..Request::default() }.resolve().map(|search| search.query)
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    for part in ["(", "NOT ", "AREA[Condition]", "a OR (b AND ", "SEARCH[Study]("] {
        let error = parse(&part.repeat(100_000)).unwrap_err();
        assert!(error.message.contains("nested"), "{part}: {error}");
    }
    let deep = format!("{}asthma{}", "(".repeat(99), ")".repeat(99));
    assert_eq!(parse(&deep).unwrap().to_string(), "asthma");
}

#[test]
fn wide_queries_are_read() {
    let wide = vec!["asthma"; 20_000].join(" OR ");
    assert_eq!(parse(&wide).unwrap().to_string(), wide);
}

/// Valid queries over real names.
fn queries() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(
        &[
            "heart attack",
            "\"6\\\" needle\"",
            "\\AND \\(x\\)",
            "NCT05507697",
            "NCT1, NCT2",
            "asthma, copd",
            "ALL",
            "AREA[Sex]\"ALL\"",
            "AREA[Sex](\"ALL\" OR FEMALE)",
            "AREA[Phase]Phase 2",
            "AREA[OverallStatus]\"Active, not recruiting\"",
            "AREA[HasResults]yes",
            "AREA[StartDate]2022",
            "AREA[StartDate]RANGE[2020-02, MAX]",
            "AREA[EnrollmentCount]0.25",
            "AREA[EnrollmentCount]RANGE[MIN, 100]",
            "AREA[MinimumAge]18 years",
            "AREA[MinimumAge]RANGE[18d, 5.5 weeks]",
            "AREA[MinimumAge]0 days",
            "AREA[MinimumAge]7.3 months",
            "AREA[BriefTitle]RANGE[\"MIN\", \"b, c\"]",
            "AREA[Phase:size]RANGE[1, 3]",
            "AREA[Condition]MISSING",
            "AREA[ResultsSection]MISSING",
            "AREA[Location]MISSING",
            "AREA[ConditionSearch]MISSING",
            "MISSING",
            "DISTANCE[1.5,-2,3]",
            "AREA[Location]Berlin",
            "AREA[OrgStudyIdInfo]x",
            "AREA[FunderTypeSearch]NIH",
            "SEARCH[Location](Berlin AND AREA[LocationStatus]RECRUITING)",
            "SEARCH[Location]AREA[LocationSearch](Berlin OR MISSING)",
            "SEARCH[Location]AREA[Location]Berlin",
            "SEARCH[Location]AREA[ContactSearch]Meyer",
            "AREA[LocationContactName]Meyer",
        ][..],
    );
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 24, 3, |inner| {
            let operators = prop::sample::select(
                &[
                    "NOT ",
                    "AREA[TitleSearch]",
                    "COVERAGE[StartsWith]",
                    "EXPANSION[None]",
                    "EXPANSION[Concept]",
                    "EXPANSION[Lossy]",
                    "TILT[StartDate]",
                ][..],
            );
            prop_oneof![
                (operators, inner.clone()).prop_map(|(operator, x)| format!("{operator}({x})")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR ({b})")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
                (inner.clone(), inner).prop_map(|(a, b)| format!("({a}), ({b})")),
            ]
        })
        // What cannot be combined is tested on the page; the operators here can stand anywhere else.
        .prop_filter("allowed together", |text| resolved(text).is_ok())
}

/// Typed queries as the parser can make them, without places.
fn nodes() -> impl Strategy<Value = Node> {
    let word = || {
        prop_oneof![
            "[a-z0-9é“/.-]{1,6}",
            "[\\\\()\\[\\],\"A]{1,4}",
            prop::sample::select(&["AND", "AREA", "ALL", "MIN", "\\AND", "\\"][..]).prop_map(str::to_owned),
        ]
    };
    let words = prop::collection::vec(word(), 1..4).prop_map(|words| words.join(" "));
    let bound = || {
        prop_oneof![
            Just(Bound::Min),
            Just(Bound::Max),
            "\\PC{0,6}".prop_map(|text| Bound::Value(name(&text))),
            prop::sample::select(&["MIN", "16 years", "05/17/2022", ""][..])
                .prop_map(|text| Bound::Value(name(text))),
        ]
    };
    let circle = (-90.0..90.0f64, -180.0..180.0f64, 0.0..9e9f64, any::<bool>());
    let leaf = prop_oneof![
        4 => words.prop_map(Expr::Term),
        2 => "\\PC{0,8}".prop_map(Expr::Phrase),
        1 => (bound(), bound()).prop_map(|(lo, hi)| Expr::Range(lo, hi)),
        1 => circle.prop_map(|(lat, lon, radius, miles)| Expr::Distance(Distance { lat, lon, radius, miles })),
        1 => Just(Expr::Missing),
        1 => Just(Expr::All),
    ];
    leaf.prop_map(node).prop_recursive(4, 32, 3, |inner| {
        let several = || prop::collection::vec(inner.clone(), 2..4);
        let boxed = || inner.clone().prop_map(Box::new);
        let named = || "[A-Za-z:]{1,8}".prop_map(|text| name(&text));
        prop_oneof![
            several().prop_map(Expr::Or),
            several().prop_map(Expr::And),
            several().prop_map(Expr::List),
            boxed().prop_map(Expr::Not),
            (named(), boxed()).prop_map(|(n, x)| Expr::Area(n, x)),
            (named(), boxed()).prop_map(|(n, x)| Expr::Search(n, x)),
            (named(), boxed()).prop_map(|(n, x)| Expr::Tilt(n, x)),
            boxed().prop_map(|x| Expr::Coverage(Coverage::EndsWith, x)),
            boxed().prop_map(|x| Expr::Expansion(Expansion::None, x)),
        ]
        .prop_map(node)
    })
}

fn node(expr: Expr) -> Node {
    Node { expr, span: 0..0 }
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: 0..0 }
}

fn forget_places(node: &mut Node) {
    node.span = 0..0;
    match &mut node.expr {
        Expr::Or(parts) | Expr::And(parts) | Expr::List(parts) => parts.iter_mut().for_each(forget_places),
        Expr::Not(inner) | Expr::Coverage(_, inner) | Expr::Expansion(_, inner) => forget_places(inner),
        Expr::Area(name, inner) | Expr::Search(name, inner) | Expr::Tilt(name, inner) => {
            name.span = 0..0;
            forget_places(inner);
        }
        Expr::Range(lo, hi) => {
            for bound in [lo, hi] {
                if let Bound::Value(name) = bound {
                    name.span = 0..0;
                }
            }
        }
        Expr::Term(_) | Expr::Phrase(_) | Expr::Distance(_) | Expr::Missing | Expr::All => {}
    }
}

//! The order of hits, and what comes with them: facets, reasons, marks, neighbours.

use std::collections::{BTreeMap, BTreeSet};

use index::{Analyst, Answer, Budget, Index, Options, Writer, highlights};
use model::{PartialDate, Study, StudyId, piece};
use query::{
    Request, Search,
    resolved::{DecayShape, GeoDecay, SortBy, SortKey},
};
use serde_json::{Value, json};

use crate::corpus::{Corpus, DEMO, REAL, Studies, indexed, term};

const QUERIES: [&str; 7] = [
    "diabetes",
    "lung cancer OR heart failure",
    "EXPANSION[Lossy]randomized insulin pain children",
    "TILT[StartDate]cancer",
    "AREA[Phase]PHASE3 AND NOT AREA[Sex]FEMALE",
    "SEARCH[Location](AREA[LocationStatus]RECRUITING)",
    "ALL",
];

/// A study with a title and conditions, last updated on a day.
fn study(number: u32, title: &str, conditions: &[&str], updated: &str) -> (StudyId, Value) {
    let id = StudyId::new(number.into()).unwrap();
    let json = json!({"protocolSection": {
        "identificationModule": {"nctId": id.to_string(), "briefTitle": title},
        "statusModule": {"lastUpdatePostDateStruct": {"date": updated}},
        "conditionsModule": {"conditions": conditions}}});
    (id, json)
}

fn corpus<const N: usize>(studies: [(StudyId, Value); N]) -> Corpus {
    Corpus::new(Studies(studies.into_iter().collect()))
}

fn numbers(ids: Vec<StudyId>) -> Vec<u64> {
    ids.into_iter().map(StudyId::number).collect()
}

fn all(corpus: &Corpus, search: &Search) -> Answer {
    corpus.run(search, &Options { limit: usize::MAX, facets: true, ..Options::default() })
}

#[test]
fn exact_beats_synonym_beats_words_apart() {
    let few = corpus([
        study(1, "cancer somewhere", &["lung something"], "2024-01-01"),
        study(2, "x", &["lung neoplasms"], "2024-01-01"),
        study(3, "x", &["lung cancer"], "2024-01-01"),
        study(4, "x", &["asthma"], "2024-01-01"),
    ]);
    let cond = |text: &str| Request { cond: Some(text.into()), ..Request::default() }.resolve().unwrap();
    assert_eq!(numbers(few.ids(&cond("lung cancer"))), [3, 2, 1]);
    assert_eq!(numbers(few.ids(&cond("\"lung cancer\""))), [3, 2]);
    let lossy = all(&few, &cond("EXPANSION[Lossy](lung asthma)"));
    let relaxed = all(&few, &cond("lung something"));
    assert!(lossy.total > relaxed.total, "words may be missing");
    let score = |a: &Answer, n| a.hits.iter().find(|h| h.nct_id.number() == n).unwrap().score;
    assert!(score(&lossy, 1) < score(&relaxed, 1));
}

#[test]
fn the_heavier_piece_comes_first_and_ties_go_by_update_then_id() {
    let few = corpus([
        study(1, "migraine", &["x"], "2024-01-01"),
        study(2, "x", &["migraine"], "2020-01-01"),
        study(5, "x", &["migraine"], "2023-01"),
        study(4, "x", &["migraine"], "2024-01-01"),
        study(3, "x", &["migraine"], "2024-01-01"),
    ]);
    // Condition .95 before BriefTitle .6 in ConditionSearch.
    assert_eq!(numbers(few.term("AREA[ConditionSearch]migraine")), [3, 4, 5, 2, 1]);
}

#[test]
fn both_sides_of_an_or_beat_one() {
    let few = corpus([
        study(1, "x", &["asthma", "migraine"], "2020-01-01"),
        study(2, "x", &["asthma"], "2024-01-01"),
        study(3, "x", &["migraine"], "2024-01-01"),
    ]);
    assert_eq!(numbers(few.term("asthma OR migraine")), [1, 2, 3]);
}

#[test]
fn tilt_keeps_the_set_and_prefers_the_new() {
    let few = corpus([
        study(1, "x", &["asthma"], "2010-01-01"),
        study(2, "x", &["asthma"], "2024-01-01"),
        study(3, "asthma", &["asthma"], "2016-01-01"),
    ]);
    assert_eq!(numbers(few.term("asthma")), [3, 2, 1]);
    assert_eq!(numbers(few.term("TILT[LastUpdatePostDate]asthma"))[2], 1);
    for text in ["cancer", "diabetes OR pain"] {
        let plain: BTreeSet<StudyId> = DEMO.term(text).into_iter().collect();
        let tilted: BTreeSet<StudyId> = DEMO.term(&format!("TILT[StartDate]({text})")).into_iter().collect();
        assert_eq!(plain, tilted);
    }
}

#[test]
fn names_of_one_concept_find_one_set_and_quotes_narrow_it() {
    let Some(real) = &*REAL else { return };
    let set = |text: &str, everywhere: bool| -> BTreeSet<StudyId> {
        let text = Some(text.to_owned());
        let request = if everywhere {
            Request { term: text, ..Request::default() }
        } else {
            Request { cond: text, ..Request::default() }
        };
        real.ids(&request.resolve().unwrap()).into_iter().collect()
    };
    let mut narrower = 0;
    let pairs = [
        ("lung cancer", "Lung Neoplasms"),
        ("heart attack", "Myocardial Infarction"),
        ("kidney failure", "Renal Insufficiency"),
        ("high blood pressure", "Hypertension"),
    ];
    for (a, b) in pairs {
        for everywhere in [false, true] {
            let quoted = set(&format!("\"{a}\""), everywhere);
            let (bare, other) = (set(a, everywhere), set(b, everywhere));
            assert_eq!(bare, other, "{a} and {b}");
            assert!(quoted.is_subset(&bare) && !quoted.is_empty(), "{a}");
            narrower += usize::from(quoted.len() < bare.len());
        }
    }
    // Not every name has a study in the sample where its words only stand apart.
    assert!(narrower > 0, "quotes narrowed nothing");
}

#[test]
fn missing_values_sort_last_either_way() {
    for name in ["StartDate", "EnrollmentCount", "MaximumAge", "LastUpdatePostDate"] {
        for descending in [false, true] {
            let by = SortBy::Piece(piece::known(name));
            let search = Search { sort: vec![SortKey { by, descending }], ..term("ALL") };
            let keys: Vec<Option<f64>> =
                DEMO.ids(&search).iter().map(|id| value(&DEMO.records.0[id], name)).collect();
            let known: Vec<f64> = keys.iter().copied().flatten().collect();
            assert!(keys[..known.len()].iter().all(Option::is_some), "{name}: the missing ones stand last");
            let sorted = known.windows(2).all(|w| if descending { w[0] >= w[1] } else { w[0] <= w[1] });
            assert!(sorted, "{name} descending {descending}: {known:?}");
        }
    }
}

/// The number by which a study is ordered: a day, a count, minutes.
#[test]
fn an_unknown_enrollment_sorts_last_and_countries_have_one_name_each() {
    let with = |number: u32, count: Option<i64>, country: &str| {
        let (id, mut record) = study(number, "Asthma", &["Asthma"], "2024-01-01");
        record["protocolSection"]["contactsLocationsModule"]["locations"] = json!([{"country": country}]);
        if let Some(count) = count {
            record["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = json!(count);
        }
        (id, record)
    };
    let corpus = corpus([
        with(1, Some(99_999_999), "Korea, Republic of"),
        with(2, Some(7), "South Korea"),
        with(3, None, "Chile"),
        with(4, Some(80), "Former Yugoslavia"),
    ]);
    for (sort, expected) in [("EnrollmentCount:desc", [4, 2]), ("EnrollmentCount:asc", [2, 4])] {
        let request = Request { sort: Some(sort.into()), ..Request::default() };
        let answer = all(&corpus, &request.resolve().unwrap());
        assert_eq!(numbers(answer.hits.iter().map(|h| h.nct_id).collect())[..2], expected, "{sort}");
    }
    let answer = all(&corpus, &Request::default().resolve().unwrap());
    let countries = &answer.facets.iter().find(|f| f.name == "country").unwrap().values;
    let counts: Vec<_> = countries.iter().map(|v| (v.value.as_str(), v.count)).collect();
    assert_eq!(counts, [("South Korea", 2), ("Chile", 1), ("Former Yugoslavia", 1)]);
}

fn value(record: &Value, name: &str) -> Option<f64> {
    let value = *piece::known(name).values(record).first()?;
    let text = value.as_str().unwrap_or_default();
    let date = text.parse::<PartialDate>().ok().map(|d| {
        let first = d.first_day();
        f64::from(first.year()) * 400.0 + f64::from(first.day_of_year())
    });
    let age = text.parse::<model::Age>().ok().map(model::Age::minutes);
    value.as_f64().or(date).or(age)
}

#[test]
fn decay_follows_its_formulas() {
    let plain = Request {
        term: Some("ALL".into()),
        geo: Some("distance(52.5,13.4,2000km)".into()),
        ..Request::default()
    };
    let search = plain.resolve().unwrap();
    let Some(circle) = (match search.filter {
        query::Resolved::Near(circle) => Some(circle),
        _ => None,
    }) else {
        panic!("the filter is a circle: {:?}", search.filter)
    };
    for shape in [DecayShape::Exponential, DecayShape::Gaussian, DecayShape::Linear] {
        let decay = GeoDecay { circle, shape, scale_km: 400.0, offset_km: 100.0, decay: 0.4 };
        let hits = all(&DEMO, &Search { decay: Some(decay), ..search.clone() }).hits;
        assert!(hits.len() > 5);
        for hit in hits {
            let d = (hit.km.unwrap() - 100.0).max(0.0);
            let expected = match shape {
                DecayShape::Exponential => 0.4f64.powf(d / 400.0),
                DecayShape::Gaussian => 0.4f64.powf((d / 400.0).powi(2)),
                DecayShape::Linear => (1.0 - d * 0.6 / 400.0).max(0.0),
            };
            assert!((f64::from(hit.score) - expected).abs() < 1e-5, "{shape:?} at {d}: {}", hit.score);
        }
    }
}

#[test]
fn facets_count_what_the_records_say() {
    let pieces = [
        ("status", "OverallStatus"),
        ("phase", "Phase"),
        ("type", "StudyType"),
        ("sex", "Sex"),
        ("age", "StdAge"),
        ("country", "LocationCountry"),
        ("sponsor", "LeadSponsorClass"),
        ("intervention", "InterventionType"),
    ];
    for text in QUERIES {
        let answer = all(&DEMO, &term(text));
        for (facet, name) in pieces {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for hit in &answer.hits {
                let values = piece::known(name).values(&DEMO.records.0[&hit.nct_id]);
                let distinct: BTreeSet<&str> =
                    values.into_iter().filter_map(Value::as_str).map(model::country::usual).collect();
                distinct.into_iter().for_each(|v| *counts.entry(v).or_default() += 1);
            }
            let facet = answer.facets.iter().find(|f| f.name == facet).unwrap();
            let counted: BTreeMap<&str, usize> =
                facet.values.iter().map(|v| (v.value.as_str(), v.count)).collect();
            assert_eq!(counted, counts, "{name} for {text}");
            assert!(facet.values.windows(2).all(|w| w[0].count >= w[1].count), "{name}: largest first");
        }
        let year: usize =
            answer.facets.iter().find(|f| f.name == "year").unwrap().values.iter().map(|v| v.count).sum();
        let dated = answer.hits.iter().filter(|h| value(&DEMO.records.0[&h.nct_id], "StartDate").is_some());
        assert_eq!(year, dated.count(), "{text}");
    }
}

#[test]
fn pages_part_the_full_order() {
    for text in QUERIES {
        let search = term(text);
        let full = DEMO.ids(&search);
        for size in [1, 7, 100] {
            let mut joined = Vec::new();
            for offset in (0..full.len() + size).step_by(size) {
                let answer = DEMO.run(&search, &Options { offset, limit: size, ..Options::default() });
                assert_eq!(answer.total, full.len());
                joined.extend(answer.hits.into_iter().map(|h| h.nct_id));
            }
            assert_eq!(joined, full, "{text}, {size} a page");
        }
    }
}

/// What a snapshot answers to all queries, as text: ids, scores, facets, neighbours.
fn answers(snapshot: &index::Snapshot, records: &Studies) -> String {
    let options = Options { limit: 1000, facets: true, explain: false, offset: 0 };
    let mut out = String::new();
    for text in QUERIES {
        let answer = snapshot.search(&term(text), &options, records).unwrap();
        out.push_str(&serde_json::to_string(&answer).unwrap());
    }
    for id in records.0.keys().take(20) {
        out.push_str(&serde_json::to_string(&snapshot.related(*id, 5).unwrap()).unwrap());
    }
    out
}

#[test]
fn answers_do_not_depend_on_how_the_index_was_written() {
    let records = &DEMO.records;
    let expected = answers(&DEMO.snapshot, records);
    let mut order: Vec<StudyId> = records.0.keys().copied().collect();
    order.reverse();
    assert!(answers(&indexed(records, &order, 1), records) == expected, "another order, one thread");

    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path(), Budget { bytes: 60 << 20, threads: 2 }).unwrap();
    writer.merging(true);
    let mut analyst = Analyst::new();
    // Many commits make many segments, which merge; every study is then put a second time.
    for fresh in [true, false] {
        for ids in order.chunks(if fresh { 6 } else { 10 }) {
            for id in ids {
                writer.put(analyst.study(*id, &records.0[id]), fresh).unwrap();
            }
            writer.commit(1).unwrap();
        }
    }
    writer.finish().unwrap();
    let snapshot = Index::open(folder.path()).unwrap().snapshot();
    assert_eq!(snapshot.len(), records.0.len());
    assert!(answers(&snapshot, records) == expected, "many segments, replaced and merged");
}

#[test]
fn reasons_name_pieces_that_hold_the_words() {
    for text in ["diabetes", "lung cancer", "EXPANSION[Lossy]insulin children pain", "\"heart failure\""] {
        let answer = DEMO.run(&term(text), &Options { limit: 5, explain: true, ..Options::default() });
        for hit in &answer.hits {
            assert!(!hit.why.is_empty(), "{text}: {} has no reason", hit.nct_id);
            let record = &DEMO.records.0[&hit.nct_id];
            for reason in hit.why.iter().filter(|r| r.how != "concept") {
                let values = piece::known(&reason.piece).values(record);
                let words =
                    |text: &str| vocabulary::words(text).into_iter().map(|w| w.norm).collect::<Vec<_>>();
                let wanted = words(&reason.words);
                let holds = values.iter().any(|v| {
                    let found = words(&v.as_str().map_or_else(|| v.to_string(), |s| s.replace('_', " ")));
                    found.windows(wanted.len()).any(|w| w == wanted)
                });
                assert!(holds, "{text}: {} {reason:?}", hit.nct_id);
            }
        }
    }
}

#[test]
fn marks_stand_on_words_that_match() {
    for text in ["diabetes", "lung cancer", "nephropathy insulin"] {
        let search = term(text);
        let typed: Vec<String> = vocabulary::words(text).into_iter().map(|w| w.norm).collect();
        for id in DEMO.ids(&search) {
            let study = Study::new(DEMO.records.0[&id].clone()).unwrap();
            for highlight in highlights(&search.query, &study, 5) {
                assert!(!highlight.marks.is_empty());
                let mut end = 0;
                for (from, to) in &highlight.marks {
                    // Slicing panics off a character boundary.
                    let marked = &highlight.text[*from..*to];
                    assert!(*from >= end && from < to, "marks ascend and do not overlap");
                    end = *to;
                    let words: Vec<String> = vocabulary::words(marked).into_iter().map(|w| w.norm).collect();
                    let concept = vocabulary::by_name(marked).is_some();
                    assert!(
                        concept || words.iter().any(|w| typed.contains(w)),
                        "{id}: `{marked}` for {text}"
                    );
                }
            }
        }
    }
}

/// The distinct strings of a piece.
fn strings(record: &Value, name: &str) -> BTreeSet<String> {
    let values = piece::known(name).values(record);
    values.into_iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// Share of the headings of `own` that `other` has too, by rarity.
fn overlap(among: &Corpus, piece: &str, own: &Value, other: &Value) -> f32 {
    let rarity = |heading: &String| {
        let having = among.records.0.values().filter(|r| strings(r, piece).contains(heading)).count();
        (1.0 + among.records.0.len() as f32 / having as f32).ln()
    };
    let (own, other) = (strings(own, piece), strings(other, piece));
    own.intersection(&other).map(rarity).sum::<f32>() / own.iter().map(rarity).sum::<f32>()
}

#[test]
fn neighbours_score_as_documented() {
    let pieces = ["ConditionMeshId", "InterventionMeshId"];
    let mut headed = DEMO.records.clone();
    headed.0.retain(|_, record| pieces.iter().all(|p| !strings(record, p).is_empty()));
    let headed = Corpus::new(headed);
    assert!(headed.records.0.len() > 20);
    let mut compared = 0;
    for (id, own) in headed.records.0.iter().take(12) {
        let related = headed.snapshot.related(*id, 100).unwrap();
        assert!(related.iter().all(|r| r.nct_id != *id), "no study is its own neighbour");
        assert!(related.windows(2).all(|w| w[0].score >= w[1].score));
        for neighbour in related {
            let other = &headed.records.0[&neighbour.nct_id];
            let phases = strings(own, "Phase");
            let mut expected =
                overlap(&headed, pieces[0], own, other) + 0.5 * overlap(&headed, pieces[1], own, other);
            expected += if !phases.is_empty() && phases == strings(other, "Phase") { 0.2 } else { 0.0 };
            expected += if strings(other, "OverallStatus").contains("RECRUITING") { 0.2 } else { 0.0 };
            let score = neighbour.score;
            assert!((score - expected).abs() < 1e-4, "{id} {}: {score}, not {expected}", neighbour.nct_id);
            compared += 1;
        }
    }
    assert!(compared > 20, "only {compared} neighbours");
}

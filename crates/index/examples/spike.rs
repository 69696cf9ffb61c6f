#![allow(clippy::all, missing_docs, unused)]
use index::*;
use model::*;
use query::{resolved::*, typed::*};
use std::{io::Read, time::Instant};
struct No;
impl Records for No {
    fn record(&self, _: NctId) -> Option<serde_json::Value> {
        None
    }
}
fn text(area: &str, t: &str, e: Expansion) -> Resolved {
    let words: Vec<String> = vocabulary::words(t).into_iter().map(|w| w.norm).collect();
    let segments = vocabulary::segments(&words)
        .into_iter()
        .map(|(r, c)| {
            let w: Vec<String> = words[r].to_vec();
            Segment {
                synonyms: c
                    .map(|c| vocabulary::synonyms(c).into_iter().filter(|s| *s != w).collect())
                    .unwrap_or_default(),
                words: w,
                concept: c,
            }
        })
        .collect();
    Resolved::Text(TextMatch {
        pieces: area::by_name(area).unwrap().pieces.clone(),
        coverage: Coverage::Contains,
        expansion: e,
        text: t.into(),
        segments,
    })
}
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let copies: u32 = std::env::args().nth(2).map_or(1, |c| c.parse().unwrap());
    let dir = std::path::PathBuf::from("/tmp/spike-index");
    if std::env::args().nth(3).is_none() {
        let _ = std::fs::remove_dir_all(&dir);
        let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        let mut all = Vec::new();
        let mut raw = 0;
        for i in 0..zip.len() {
            let mut s = String::new();
            zip.by_index(i).unwrap().read_to_string(&mut s).unwrap();
            raw += s.len();
            all.push(s);
        }
        let mut w = Writer::open(&dir, Budget::default()).unwrap();
        w.merging(false);
        let t = Instant::now();
        let mut an = Analyst::new();
        let mut n = 0;
        let mut ana = std::time::Duration::ZERO;
        for c in 0..copies {
            for s in &all {
                let v: serde_json::Value = serde_json::from_str(s).unwrap();
                let t = Instant::now();
                let a = an.study(
                    NctId::new(study::nct_id(&v).unwrap().number() % 9_000_000 + c * 9_000_000 + 1).unwrap(),
                    &v,
                );
                ana += t.elapsed();
                w.put(a, true).unwrap();
                n += 1;
            }
        }
        w.commit(1).unwrap();
        println!(
            "{n} studies, raw {} MB, {:?}, analysis {:?}",
            raw / 1000000 * copies as usize,
            t.elapsed(),
            ana
        );
        drop(w);
    }
    let t = Instant::now();
    let index = Index::open(&dir).unwrap();
    let snap = index.snapshot();
    println!("open {:?}, {} studies {} sites", t.elapsed(), snap.len(), snap.sites());
    for (a, q, e) in [
        ("ConditionSearch", "lung cancer", Expansion::Relaxation),
        ("ConditionSearch", "lung neoplasms", Expansion::Relaxation),
        ("ConditionSearch", "lung cancer", Expansion::Concept),
        ("BasicSearch", "lung cancer pembrolizumab", Expansion::Relaxation),
        ("BasicSearch", "diabetic foot ulcer", Expansion::Relaxation),
        ("BasicSearch", "type 2 diabetes insulin children", Expansion::Relaxation),
        ("BasicSearch", "heart attack aspirin", Expansion::Relaxation),
        ("BasicSearch", "patients treatment safety", Expansion::Relaxation),
        (
            "BasicSearch",
            "58-year-old african american woman presents to the ER with episodic pressing burning anterior chest pain that began two days earlier for the first time in her life the pain started while she was walking radiates to the back and is accompanied by nausea diaphoresis and mild dyspnea but is not increased on inspiration the latest episode of pain ended half an hour prior to her arrival she is known to have hypertension and obesity she denies smoking diabetes hypercholesterolemia or a family history of heart disease",
            Expansion::Lossy,
        ),
    ] {
        let s = Search { query: text(a, q, e), filter: Resolved::All, sort: vec![], decay: None };
        let mut best = u128::MAX;
        let mut total = 0;
        let o = Options {
            limit: if e == Expansion::Lossy { 1000 } else { 10 },
            facets: e != Expansion::Lossy,
            ..Default::default()
        };
        for _ in 0..7 {
            let t = Instant::now();
            let r = snap.search(&s, &o, &No).unwrap();
            best = best.min(t.elapsed().as_micros());
            total = r.total;
        }
        println!("{best:>7} us {total:>6} hits  {a} {}", &q[..q.len().min(40)]);
        let r = snap.search(&s, &Options { limit: 1, explain: true, ..Default::default() }, &No).unwrap();
        if std::env::var("WHY").is_ok() {
            println!("{}", serde_json::to_string(&r.hits).unwrap());
        }
    }
}

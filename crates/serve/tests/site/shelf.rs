//! A registry in memory with a naive search: every study is looked at, words are looked for as they stand.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{Arc, LazyLock},
};

use eligibility::evaluate::Person;
use index::{Answer, Facet, FacetValue, Highlight, Hit, Options, Records, Related};
use matching::{
    asked::Asked,
    eligible::{Assessor, Known},
    filter::Filter,
    rank::Ranked,
};
use model::{Study, StudyId, piece};
use query::{Request, Resolved, Search};
use registry::{
    Error,
    statistics::{Counter, Statistic},
};
use serde_json::{Value, json};

/// The studies, in the order of the file.
pub struct Shelf {
    studies: Vec<Study>,
}

/// A study that tries to break out of every page.
pub const HOSTILE: &str = "NCT99000001";

/// Reading the file once is enough.
static STUDIES: LazyLock<Vec<Study>> = LazyLock::new(|| {
    let text = std::fs::read_to_string(testkit::root().join("demo/studies.ndjson")).unwrap();
    let records = text.lines().filter(|l| !l.is_empty()).map(|l| serde_json::from_str(l).unwrap());
    records.chain([hostile()]).map(|json| Study::new(json).unwrap()).collect()
});

impl Shelf {
    /// The demo registry and the hostile study.
    pub fn demo() -> Self {
        Self { studies: STUDIES.clone() }
    }

    /// The ids of all studies.
    pub fn ids() -> Vec<StudyId> {
        STUDIES.iter().map(Study::id).collect()
    }
}

/// The same hostile text in every place that a page shows.
fn hostile() -> Value {
    let bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;";
    json!({
        "protocolSection": {
            "identificationModule": {"nctId": HOSTILE, "briefTitle": bad, "officialTitle": format!("official {bad}"),
                "acronym": bad, "nctIdAliases": ["NCT99000002"], "orgStudyIdInfo": {"id": bad},
                "secondaryIdInfos": [{"id": bad, "type": bad, "domain": bad}], "organization": {"fullName": bad}},
            "statusModule": {"overallStatus": bad, "whyStopped": bad, "startDateStruct": {"date": bad},
                "completionDateStruct": {"date": "9999-12", "type": bad}},
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": bad, "class": bad}},
            "descriptionModule": {"briefSummary": format!("* {bad}\n  1. {bad}\n**{bad}"), "detailedDescription": bad},
            "conditionsModule": {"conditions": [bad], "keywords": [bad]},
            "designModule": {"studyType": bad, "phases": [bad], "designInfo": {"allocation": bad},
                "enrollmentInfo": {"count": 99999999, "type": bad}},
            "armsInterventionsModule": {
                "armGroups": [{"label": bad, "type": bad, "description": bad, "interventionNames": [bad]}],
                "interventions": [{"type": bad, "name": bad, "description": bad, "otherNames": [bad]}]},
            "outcomesModule": {"primaryOutcomes": [{"measure": bad, "description": bad, "timeFrame": bad}]},
            "eligibilityModule": {"eligibilityCriteria": format!("Inclusion Criteria:\n* {bad}"), "minimumAge": bad},
            "contactsLocationsModule": {"centralContacts": [{"name": bad, "phone": bad, "email": bad}],
                "locations": [{"facility": bad, "city": bad, "geoPoint": {"lat": 1e300, "lon": -500}}]},
            "referencesModule": {"references": [{"pmid": bad, "citation": bad}],
                "seeAlsoLinks": [{"label": bad, "url": "javascript:alert(3)"}]}
        },
        "resultsSection": {
            "participantFlowModule": {"groups": [{"id": "FG000", "title": bad}],
                "periods": [{"title": bad, "milestones": [{"type": bad, "achievements": [{"groupId": "FG000", "numSubjects": bad}]}]}]},
            "outcomeMeasuresModule": {"outcomeMeasures": [{"type": bad, "title": bad, "groups": [{"id": "OG000", "title": bad}],
                "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": bad, "comment": bad}]}]}]}]},
            "adverseEventsModule": {"eventGroups": [{"id": "EG000", "title": bad}], "seriousEvents": [{"term": bad,
                "stats": [{"groupId": "EG000", "numAffected": 1}]}]}
        },
        "hasResults": true
    })
}

fn holds(query: &Resolved, study: &Study) -> bool {
    let texts = |p: &piece::Piece| p.values(study.json());
    match query {
        Resolved::All => true,
        Resolved::And(parts) => parts.iter().all(|p| holds(p, study)),
        Resolved::Or(parts) => parts.iter().any(|p| holds(p, study)),
        Resolved::Not(part) => !holds(part, study),
        Resolved::Text(text) => text
            .pieces
            .iter()
            .flat_map(|p| texts(p.piece))
            .any(|v| v.as_str().is_some_and(|v| v.to_lowercase().contains(&text.text.to_lowercase()))),
        Resolved::Enum(piece, values) => {
            texts(piece).iter().any(|v| v.as_str().is_some_and(|v| values.contains(&v)))
        }
        Resolved::Ids(ids) => ids.contains(&study.id()),
        other => panic!("the shelf cannot answer {other:?}"),
    }
}

impl serve::Catalogue for Shelf {
    fn size(&self) -> usize {
        self.studies.len()
    }
    fn study(&self, id: StudyId) -> Result<Option<Study>, Error> {
        let alias = |s: &&Study| s.texts("NCTIdAlias").contains(&id.to_string().as_str());
        Ok(self.studies.iter().find(|s| s.id() == id).or_else(|| self.studies.iter().find(alias)).cloned())
    }
    fn record(&self, id: StudyId) -> Result<Option<Arc<[u8]>>, Error> {
        Ok(self.study(id)?.map(|s| s.json().to_string().into_bytes().into()))
    }
    fn versions(&self, id: StudyId) -> Result<Vec<store::Version>, Error> {
        let source = store::Source { name: "demo".into(), sha256: None, received: 1_768_435_200 };
        let place = "demo/studies.ndjson, record <1>".to_owned();
        let format = ingest::Format::V2;
        let version = store::Version {
            sequence: 1,
            id,
            format,
            source,
            place,
            sha256: [7; 32],
            bytes: 1234,
            speaks: true,
            again: Vec::new(),
        };
        Ok(vec![version])
    }
    fn pages(&self, _: StudyId) -> Result<Vec<(ingest::Format, Value)>, Error> {
        let facts = json!({"creationDate": "<b>2025", "isGeneTherapy": true, "related": [{"id": "NCT1", "title": "<i>"}],
            "offsets": {"x": [1, 2]}});
        Ok(vec![(ingest::Format::PageIgnite, facts)])
    }
    fn resolve(&self, request: &Request) -> Result<Search, Error> {
        Ok(request.resolve()?)
    }
    fn run(&self, search: &Search, options: &Options) -> Result<Answer, Error> {
        let found = self.studies.iter().filter(|s| holds(&search.query, s) && holds(&search.filter, s));
        let found: Vec<&Study> = found.collect();
        let hit = |s: &&Study| Hit { nct_id: s.id(), score: 0.5, km: None, why: Vec::new() };
        let hits = found.iter().skip(options.offset).take(options.limit).map(hit).collect();
        let facets = if options.facets { vec![status_facet(&found)] } else { Vec::new() };
        Ok(Answer { total: found.len(), hits, facets })
    }
    fn run_as_of(&self, stamp: u64, search: &Search, options: &Options) -> Result<Option<Answer>, Error> {
        if stamp == serve::Catalogue::stamp(self) { self.run(search, options).map(Some) } else { Ok(None) }
    }
    fn sites_found(&self, _: &Search, studies: &[StudyId]) -> Result<Vec<Vec<index::SiteHit>>, Error> {
        let sites = |id: &StudyId| {
            let study = self.studies.iter().find(|s| s.id() == *id).unwrap();
            let place = |place| index::SiteHit { place, km: None };
            (0..study.values("Location").len()).map(place).collect()
        };
        Ok(studies.iter().map(sites).collect())
    }
    fn each_record(&self, show: &mut dyn FnMut(StudyId, &[u8]) -> ControlFlow<()>) -> Result<(), Error> {
        for study in &self.studies {
            if show(study.id(), study.json().to_string().as_bytes()).is_break() {
                break;
            }
        }
        Ok(())
    }
    fn statistics(&self, pieces: &[&'static piece::Piece]) -> Result<Vec<Arc<Statistic>>, Error> {
        let mut counter = Counter::new(pieces);
        self.studies.iter().for_each(|study| counter.add(study));
        let counted = counter.finish(|id| serve::Catalogue::study(self, id))?;
        Ok(counted.into_iter().map(Arc::new).collect())
    }
    fn highlights(&self, _: &Search, study: &Study, _: usize) -> Vec<Highlight> {
        // One mark within the text and one that lies outside of it.
        vec![Highlight {
            piece: "BriefTitle".into(),
            text: study.title(),
            marks: vec![(0, 1), (90_000, 90_001)],
        }]
    }
    fn same(&self, _: StudyId) -> model::Same {
        model::Same::default()
    }
    fn related(&self, id: StudyId, limit: usize) -> Result<Vec<Related>, Error> {
        let others = self.studies.iter().filter(|s| s.id() != id).take(limit);
        let related = |s: &Study| Related { nct_id: s.id(), score: 1.0, shares: vec!["<same phase>".into()] };
        Ok(others.map(related).collect())
    }
    fn data_timestamp(&self) -> String {
        "2026-01-14T09:00:00".into()
    }
    fn stamp(&self) -> u64 {
        42
    }
    fn points(&self, _: &Search, _: usize) -> Result<Vec<(f32, f32, u32)>, Error> {
        Ok(vec![(52.5, 13.4, 3), (f32::NAN, 1.0, 1)])
    }
    fn sizes(&self) -> Result<Vec<(StudyId, u64)>, Error> {
        Ok(self.studies.iter().map(|s| (s.id(), s.json().to_string().len() as u64)).collect())
    }
    /// All studies are equally relevant, whatever is asked for.
    fn matched(&self, known: &Known, asked: &Asked, _: &Filter, _: usize) -> Result<Vec<Ranked>, Error> {
        let mut assessor = Assessor::new(self, known);
        let person = Person::new(&asked.subject);
        let mut ranked =
            |study: &Study| Ranked::of(study.id(), 1.0, assessor.assess(study.id(), &person, &asked.rules));
        let mut ranked: Vec<Ranked> = self.studies.iter().map(&mut ranked).collect();
        ranked.iter_mut().for_each(|one| one.score = 1.0);
        Ok(ranked)
    }
    fn answers(&self, _: &str) -> Result<Vec<eligibility::evaluate::Answer>, Error> {
        Ok(Vec::new())
    }
    fn place_of_zip(&self, _: &str) -> Result<Option<(f64, f64)>, Error> {
        Ok(None)
    }
}

impl Records for Shelf {
    fn record(&self, id: StudyId) -> Option<Value> {
        self.studies.iter().find(|study| study.id() == id).map(|study| study.json().clone())
    }
}

fn status_facet(studies: &[&Study]) -> Facet {
    let mut counts = BTreeMap::new();
    for status in studies.iter().filter_map(|s| s.text("OverallStatus")) {
        *counts.entry(status.to_owned()).or_insert(0) += 1;
    }
    let value = |(value, count): (String, usize)| FacetValue { label: value.clone(), value, count };
    Facet { name: "status", values: counts.into_iter().map(value).collect() }
}

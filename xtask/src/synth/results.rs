//! Posted results: tables of numbers under repeated keys, which make up most of a large record.

use serde_json::{Value, json};

use super::{random::Random, study::Subject, words::Words};

/// A results section of about so many bytes: small ones are mostly outcomes, huge ones mostly adverse events.
pub fn section(random: &mut Random, words: &Words, subject: &Subject, bytes: usize) -> Value {
    let mut maker = Maker { random, words, subject, groups: subject.arms.len().max(1) };
    let events = if bytes > 200_000 { 0.72 } else { 0.3 };
    let baseline = (bytes as f64 * (0.8 - events) * 0.25) as usize;
    let outcomes = (bytes as f64 * (1.0 - events) * 0.8) as usize;
    json!({
        "participantFlowModule": maker.flow(),
        "baselineCharacteristicsModule": {
            "groups": maker.groups("BG"),
            "denoms": maker.denoms("BG"),
            "measures": filled(baseline, || maker.measure()),
        },
        "outcomeMeasuresModule": { "outcomeMeasures": filled(outcomes, || maker.outcome()) },
        "adverseEventsModule": maker.events((bytes as f64 * events) as usize),
        "moreInfoModule": {
            "certainAgreement": { "piSponsorEmployee": false },
            "pointOfContact": { "title": "Study Director", "organization": "Research", "phone": "555-0100" },
        },
    })
}

/// Items until they have so many bytes; one at least.
fn filled(bytes: usize, mut item: impl FnMut() -> Value) -> Vec<Value> {
    let (mut out, mut size) = (Vec::new(), 0);
    while out.is_empty() || size < bytes {
        let next = item();
        size += next.to_string().len() + 1;
        out.push(next);
    }
    out
}

struct Maker<'m> {
    random: &'m mut Random,
    words: &'m Words,
    subject: &'m Subject,
    groups: usize,
}

impl Maker<'_> {
    fn text(&mut self, bytes: usize) -> String {
        self.words.text(self.random, bytes, &self.subject.about)
    }

    fn each(&self, prefix: &str) -> Vec<String> {
        (0..self.groups).map(|i| format!("{prefix}{i:03}")).collect()
    }

    fn groups(&mut self, prefix: &str) -> Vec<Value> {
        let titled: Vec<(String, String)> =
            self.each(prefix).into_iter().zip(self.subject.arms.clone()).collect();
        titled
            .into_iter()
            .map(|(id, title)| json!({ "id": id, "title": title, "description": self.text(120) }))
            .collect()
    }

    fn denoms(&mut self, prefix: &str) -> Value {
        let counts: Vec<Value> = self
            .each(prefix)
            .into_iter()
            .map(|id| json!({ "groupId": id, "value": self.random.between(5, 400).to_string() }))
            .collect();
        json!([{ "units": "Participants", "counts": counts }])
    }

    fn flow(&mut self) -> Value {
        let achieved = |maker: &mut Self| -> Vec<Value> {
            maker
                .each("FG")
                .into_iter()
                .map(|id| json!({ "groupId": id, "numSubjects": maker.random.between(5, 400).to_string() }))
                .collect()
        };
        let milestones: Vec<Value> = ["STARTED", "COMPLETED", "NOT COMPLETED"]
            .iter()
            .map(|kind| json!({ "type": kind, "achievements": achieved(self) }))
            .collect();
        json!({
            "groups": self.groups("FG"),
            "periods": [{ "title": "Overall Study", "milestones": milestones }],
        })
    }

    fn measurements(&mut self, prefix: &str) -> Vec<Value> {
        self.each(prefix)
            .into_iter()
            .map(|id| {
                json!({
                    "groupId": id,
                    "value": format!("{}.{}", self.random.below(200), self.random.below(100)),
                    "spread": format!("{}.{}", self.random.below(40), self.random.below(100)),
                })
            })
            .collect()
    }

    fn measure(&mut self) -> Value {
        let categories: Vec<Value> = (0..self.random.between(1, 5))
            .map(|_| json!({ "title": self.text(12), "measurements": self.measurements("BG") }))
            .collect();
        json!({
            "title": self.text(25),
            "paramType": "COUNT_OF_PARTICIPANTS",
            "unitOfMeasure": "Participants",
            "classes": [{ "categories": categories }],
        })
    }

    fn outcome(&mut self) -> Value {
        let classes: Vec<Value> = (0..self.random.weighted(&[(1, 60), (2, 15), (4, 15), (12, 10)]))
            .map(|_| json!({ "title": self.text(14), "categories": [{ "measurements": self.measurements("OG") }] }))
            .collect();
        let mut outcome = json!({
            "type": if self.random.chance(0.25) { "PRIMARY" } else { "SECONDARY" },
            "title": self.text(70),
            "description": self.text(240),
            "populationDescription": self.text(110),
            "reportingStatus": "POSTED",
            "paramType": "MEAN",
            "dispersionType": "Standard Deviation",
            "unitOfMeasure": "units on a scale",
            "timeFrame": format!("Week {}", self.random.between(1, 104)),
            "groups": self.groups("OG"),
            "denoms": self.denoms("OG"),
            "classes": classes,
        });
        if self.groups > 1 && self.random.chance(0.35) {
            outcome["analyses"] = json!([{
                "groupIds": ["OG000", "OG001"],
                "pValue": format!("0.{:03}", self.random.below(1000)),
                "statisticalMethod": "ANCOVA",
                "paramType": "Mean Difference (Net)",
                "paramValue": format!("{}.{}", self.random.below(30), self.random.below(100)),
                "ciNumSides": "TWO_SIDED",
                "ciPctValue": "95",
                "nonInferiorityType": "SUPERIORITY",
            }]);
        }
        outcome
    }

    fn events(&mut self, bytes: usize) -> Value {
        let groups: Vec<Value> = self
            .groups("EG")
            .into_iter()
            .map(|mut group| {
                for key in ["deathsNumAffected", "seriousNumAffected", "otherNumAffected"] {
                    group[key] = self.random.below(40).into();
                    group[key.replace("Affected", "AtRisk")] = self.random.between(40, 400).into();
                }
                group
            })
            .collect();
        json!({
            "frequencyThreshold": "5",
            "timeFrame": self.text(40),
            "eventGroups": groups,
            "seriousEvents": filled(bytes / 3, || self.event()),
            "otherEvents": filled(bytes * 2 / 3, || self.event()),
        })
    }

    fn event(&mut self) -> Value {
        const SYSTEMS: [&str; 8] = [
            "Gastrointestinal disorders",
            "Infections and infestations",
            "Nervous system disorders",
            "Cardiac disorders",
            "Vascular disorders",
            "General disorders",
            "Investigations",
            "Psychiatric disorders",
        ];
        let stats: Vec<Value> = self
            .each("EG")
            .into_iter()
            .map(|id| {
                json!({
                    "groupId": id,
                    "numEvents": self.random.below(30),
                    "numAffected": self.random.below(20),
                    "numAtRisk": self.random.between(40, 400),
                })
            })
            .collect();
        let term = self.words.title(self.random, 2, &[]);
        json!({
            "term": term,
            "organSystem": self.random.one(&SYSTEMS),
            "sourceVocabulary": "MedDRA (26.0)",
            "assessmentType": "SYSTEMATIC_ASSESSMENT",
            "stats": stats,
        })
    }
}

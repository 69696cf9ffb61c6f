//! One invented study: its protocol, what is derived from it, and its results if it has any.
//!
//! Shares of statuses, types, phases, kinds of intervention and classes of sponsor are those counted over the whole
//! registry on 10 August 2026 (597,913 studies).

use serde_json::{Map, Value, json};
use vocabulary::ConceptId;

use super::{
    concepts::{Concepts, browse, spoken},
    places,
    random::Random,
    results,
    words::{Words, name},
};

const STATUSES: [(&str, u32); 10] = [
    ("COMPLETED", 326_411),
    ("UNKNOWN", 95_839),
    ("RECRUITING", 64_874),
    ("TERMINATED", 34_089),
    ("NOT_YET_RECRUITING", 29_128),
    ("ACTIVE_NOT_RECRUITING", 21_902),
    ("WITHDRAWN", 16_700),
    ("ENROLLING_BY_INVITATION", 5_600),
    ("SUSPENDED", 1_700),
    ("WITHHELD", 608),
];
const TYPES: [(&str, u32); 3] =
    [("INTERVENTIONAL", 456_305), ("OBSERVATIONAL", 139_562), ("EXPANDED_ACCESS", 1_062)];
/// Of interventional studies. Studies of two phases are counted under both, so these sum to more than there are.
const PHASES: [(&[&str], u32); 8] = [
    (&["NA"], 234_000),
    (&["PHASE2"], 70_000),
    (&["PHASE1"], 48_000),
    (&["PHASE3"], 43_000),
    (&["PHASE4"], 35_631),
    (&["PHASE1", "PHASE2"], 14_500),
    (&["PHASE2", "PHASE3"], 6_600),
    (&["EARLY_PHASE1"], 6_433),
];
const KINDS: [(&str, &str, u32); 8] = [
    ("DRUG", "Drug", 210_859),
    ("OTHER", "Other", 122_738),
    ("DEVICE", "Device", 75_279),
    ("BEHAVIORAL", "Behavioral", 63_655),
    ("PROCEDURE", "Procedure", 59_707),
    ("BIOLOGICAL", "Biological", 29_814),
    ("DIETARY_SUPPLEMENT", "Dietary Supplement", 18_000),
    ("DIAGNOSTIC_TEST", "Diagnostic Test", 17_000),
];
const SPONSORS: [(&str, u32); 5] =
    [("OTHER", 427_395), ("INDUSTRY", 131_536), ("OTHER_GOV", 15_860), ("NIH", 11_561), ("NETWORK", 11_561)];
/// Of studies that have ended, so that 13.3 % of all have results (79,594 of 597,913).
const WITH_RESULTS: f64 = 0.133 / ((326_411.0 + 34_089.0) / 596_851.0);

/// What a study is made of.
pub struct Maker<'m> {
    /// Words of the registry.
    pub words: &'m Words,
    /// Its concepts.
    pub concepts: &'m Concepts,
}

/// The day of the data, 10 August 2026, counted from 1 January 2000 in years of 365 days.
const TODAY: i64 = 26 * 365 + 221;

/// What the parts of one study share.
pub struct Subject {
    /// Conditions.
    pub conditions: Vec<ConceptId>,
    /// Drugs.
    pub drugs: Vec<ConceptId>,
    /// Names that its texts mention.
    pub about: Vec<String>,
    /// Labels of the arms.
    pub arms: Vec<String>,
    /// About 1; large records are large in every part.
    pub scale: f64,
    /// Day of the start, counted from 1 January 2000.
    pub start: i64,
}

impl Maker<'_> {
    /// The study of this number. `age` between 0 (the oldest of the registry) and 1.
    pub fn study(&self, random: &mut Random, number: u32, age: f64) -> Value {
        let kind = random.weighted(&TYPES);
        let status = if kind == "EXPANDED_ACCESS" { "AVAILABLE" } else { random.weighted(&STATUSES) };
        let ended = matches!(status, "COMPLETED" | "TERMINATED");
        let has_results = ended && random.chance(WITH_RESULTS);
        let mut subject = self.subject(random, age, has_results);
        let mut protocol = Map::new();
        self.identification(random, &mut protocol, number, &subject);
        self.status(random, &mut protocol, status, &subject, has_results);
        self.description(random, &mut protocol, &subject);
        self.design(random, &mut protocol, kind, &mut subject, ended);
        self.outcomes(random, &mut protocol, &subject);
        self.eligibility(random, &mut protocol, &subject);
        self.contacts(random, &mut protocol, status, &subject);
        self.references(random, &mut protocol, &subject);
        let mut study = json!({ "protocolSection": protocol });
        if has_results {
            let bytes = random.log_normal(23_000.0, 1.3).clamp(2_500.0, 3_500_000.0) as usize;
            study["resultsSection"] = results::section(random, self.words, &subject, bytes);
        }
        study["derivedSection"] = derived(&subject);
        study["hasResults"] = has_results.into();
        study
    }

    fn subject(&self, random: &mut Random, age: f64, has_results: bool) -> Subject {
        let count = 1 + random.weighted(&[(0, 60), (1, 22), (2, 10), (4, 6), (9, 2)]);
        let conditions: Vec<ConceptId> = (0..count).map(|_| self.concepts.condition(random)).collect();
        let drugs: Vec<ConceptId> = (0..random.between(0, 2)).map(|_| self.concepts.drug(random)).collect();
        let both: Vec<ConceptId> = conditions.iter().chain(&drugs).copied().collect();
        let about = both.iter().map(|id| spoken(random, *id)).collect();
        let median = if has_results { 0.75 } else { 0.6 };
        let scale = random.log_normal(median, 0.5).min(6.0);
        let start = (1_000.0 + 8_600.0 * age.powf(0.8)) as i64 + random.below(300) as i64;
        Subject { conditions, drugs, about, arms: Vec::new(), scale, start }
    }

    fn text(&self, random: &mut Random, subject: &Subject, median: f64, sigma: f64, most: usize) -> String {
        let bytes = (random.log_normal(median, sigma) * subject.scale) as usize;
        self.words.text(random, bytes.clamp(20, most), &subject.about)
    }

    fn identification(
        &self,
        random: &mut Random,
        out: &mut Map<String, Value>,
        number: u32,
        subject: &Subject,
    ) {
        let class = random.weighted(&SPONSORS);
        let sponsor = sponsor(random, class);
        let words = random.between(4, 10);
        out.insert("identificationModule".into(), json!({
            "nctId": format!("NCT{number:08}"),
            "orgStudyIdInfo": { "id": format!("{}-{:04}", &sponsor[..3].to_uppercase(), random.below(10_000)) },
            "organization": { "fullName": sponsor, "class": class },
            "briefTitle": self.words.title(random, words, &subject.about[..1]),
            "officialTitle": self.words.title(random, words * 2, &subject.about[..subject.about.len().min(3)]),
        }));
        let others = random.weighted(&[(0, 66), (1, 22), (2, 8), (5, 4)]);
        let others: Vec<Value> = (0..others)
            .map(|_| json!({ "name": self::sponsor(random, "OTHER"), "class": "OTHER" }))
            .collect();
        let mut module = json!({
            "responsibleParty": { "type": "SPONSOR" },
            "leadSponsor": { "name": sponsor, "class": class },
        });
        if !others.is_empty() {
            module["collaborators"] = others.into();
        }
        out.insert("sponsorCollaboratorsModule".into(), module);
        out.insert(
            "oversightModule".into(),
            json!({
                "oversightHasDmc": random.chance(0.4),
                "isFdaRegulatedDrug": random.chance(0.3),
                "isFdaRegulatedDevice": random.chance(0.1),
            }),
        );
    }

    fn status(
        &self,
        random: &mut Random,
        out: &mut Map<String, Value>,
        status: &str,
        subject: &Subject,
        results: bool,
    ) {
        let (start, length) = (subject.start, random.between(90, 1_800) as i64);
        let ended = matches!(status, "COMPLETED" | "TERMINATED");
        let kind = if ended { "ACTUAL" } else { "ESTIMATED" };
        let month = |day: String| day[..7].to_owned();
        let reached = if ended { noted } else { date };
        let mut module = json!({
            "statusVerifiedDate": month(noted(start + length)),
            "overallStatus": status,
            "expandedAccessInfo": { "hasExpandedAccess": false },
            "startDateStruct": { "date": if random.chance(0.3) { month(date(start)) } else { date(start) } },
            "primaryCompletionDateStruct": { "date": reached(start + length), "type": kind },
            "completionDateStruct": { "date": reached(start + length + 60), "type": kind },
            "studyFirstSubmitDate": noted(start - 30),
            "studyFirstSubmitQcDate": noted(start - 25),
            "studyFirstPostDateStruct": { "date": noted(start - 22), "type": "ACTUAL" },
        });
        if results {
            module["resultsFirstSubmitDate"] = noted(start + length + 300).into();
            module["resultsFirstSubmitQcDate"] = noted(start + length + 330).into();
            module["resultsFirstPostDateStruct"] =
                json!({ "date": noted(start + length + 335), "type": "ACTUAL" });
        }
        module["lastUpdateSubmitDate"] = noted(start + length + 400).into();
        module["lastUpdatePostDateStruct"] = json!({ "date": noted(start + length + 403), "type": "ACTUAL" });
        if status == "TERMINATED" {
            module["whyStopped"] = self.words.text(random, 50, &[]).into();
        }
        if status == "UNKNOWN" {
            module["lastKnownStatus"] = "RECRUITING".into();
        }
        out.insert("statusModule".into(), module);
    }

    fn description(&self, random: &mut Random, out: &mut Map<String, Value>, subject: &Subject) {
        let mut module = json!({ "briefSummary": self.text(random, subject, 560.0, 0.6, 5_000) });
        if random.chance(0.66) {
            module["detailedDescription"] = self.text(random, subject, 1_400.0, 0.9, 32_000).into();
        }
        out.insert("descriptionModule".into(), module);
        let mut module = json!({ "conditions": subject.about[..subject.conditions.len()] });
        let keywords: Vec<String> = (0..random.below(6))
            .map(|_| {
                let other = self.concepts.condition(random);
                spoken(random, other)
            })
            .collect();
        if !keywords.is_empty() {
            module["keywords"] = keywords.into();
        }
        out.insert("conditionsModule".into(), module);
    }

    fn design(
        &self,
        random: &mut Random,
        out: &mut Map<String, Value>,
        kind: &str,
        subject: &mut Subject,
        ended: bool,
    ) {
        let count = random.log_normal(80.0, 1.3).min(1e6) as u64;
        let enrollment = json!({ "count": count, "type": if ended { "ACTUAL" } else { "ESTIMATED" } });
        let module = match kind {
            "INTERVENTIONAL" => json!({
                "studyType": kind,
                "phases": random.weighted(&PHASES),
                "designInfo": {
                    "allocation": random.weighted(&[("RANDOMIZED", 65), ("NON_RANDOMIZED", 10), ("NA", 25)]),
                    "interventionModel": random.weighted(&[("PARALLEL", 60), ("SINGLE_GROUP", 30), ("CROSSOVER", 10)]),
                    "primaryPurpose": random.weighted(&[("TREATMENT", 65), ("PREVENTION", 12), ("OTHER", 10), ("SUPPORTIVE_CARE", 8), ("DIAGNOSTIC", 5)]),
                    "maskingInfo": { "masking": random.weighted(&[("NONE", 52), ("SINGLE", 14), ("DOUBLE", 14), ("TRIPLE", 10), ("QUADRUPLE", 10)]) },
                },
                "enrollmentInfo": enrollment,
            }),
            "OBSERVATIONAL" => json!({
                "studyType": kind,
                "patientRegistry": random.chance(0.1),
                "designInfo": {
                    "observationalModel": random.weighted(&[("COHORT", 65), ("CASE_CONTROL", 15), ("CASE_ONLY", 12), ("OTHER", 8)]),
                    "timePerspective": random.weighted(&[("PROSPECTIVE", 60), ("RETROSPECTIVE", 23), ("CROSS_SECTIONAL", 17)]),
                },
                "enrollmentInfo": enrollment,
            }),
            _ => json!({ "studyType": kind, "expandedAccessTypes": { "individual": true } }),
        };
        out.insert("designModule".into(), module);
        self.arms(random, out, subject);
    }

    fn arms(&self, random: &mut Random, out: &mut Map<String, Value>, subject: &mut Subject) {
        let weights: Vec<(usize, u32)> = KINDS.iter().map(|kind| kind.2).enumerate().collect();
        let names: Vec<(usize, String)> = (0..random.between(1, 3))
            .map(|i| {
                let kind = random.weighted(&weights);
                let name = match subject.drugs.get(i) {
                    Some(_) => subject.about[subject.conditions.len() + i].clone(),
                    None => self.words.title(random, 2, &[]),
                };
                (if i < subject.drugs.len() { 0 } else { kind }, name)
            })
            .collect();
        let arms = random.weighted(&[(1, 35), (2, 45), (3, 12), (4, 8)]);
        subject.arms = (0..arms).map(|_| self.words.title(random, 3, &[])).collect();
        let groups: Vec<Value> = subject
            .arms
            .iter()
            .map(|arm| {
                let (kind, intervention) = random.one(&names);
                json!({
                    "label": arm,
                    "type": random.weighted(&[("EXPERIMENTAL", 60), ("ACTIVE_COMPARATOR", 22), ("PLACEBO_COMPARATOR", 10), ("NO_INTERVENTION", 8)]),
                    "description": self.text(random, subject, 150.0, 0.7, 2_000),
                    "interventionNames": [format!("{}: {intervention}", KINDS[*kind].1)],
                })
            })
            .collect();
        let interventions: Vec<Value> = names
            .iter()
            .map(|(kind, name)| {
                json!({
                    "type": KINDS[*kind].0,
                    "name": name,
                    "description": self.text(random, subject, 160.0, 0.7, 2_000),
                    "armGroupLabels": subject.arms,
                })
            })
            .collect();
        out.insert(
            "armsInterventionsModule".into(),
            json!({ "armGroups": groups, "interventions": interventions }),
        );
    }

    fn outcomes(&self, random: &mut Random, out: &mut Map<String, Value>, subject: &Subject) {
        let one = |random: &mut Random| {
            json!({
                "measure": self.text(random, subject, 55.0, 0.4, 255),
                "description": self.text(random, subject, 150.0, 0.7, 999),
                "timeFrame": format!("{} weeks", random.between(1, 104)),
            })
        };
        let primary: Vec<Value> = (0..random.between(1, 2)).map(|_| one(random)).collect();
        let secondary = (random.log_normal(3.4, 0.9) * subject.scale) as usize;
        let secondary: Vec<Value> = (0..secondary.min(120)).map(|_| one(random)).collect();
        let mut module = json!({ "primaryOutcomes": primary });
        if !secondary.is_empty() {
            module["secondaryOutcomes"] = secondary.into();
        }
        out.insert("outcomesModule".into(), module);
    }

    fn eligibility(&self, random: &mut Random, out: &mut Map<String, Value>, subject: &Subject) {
        let mut criteria = String::new();
        for head in ["Inclusion Criteria:", "Exclusion Criteria:"] {
            criteria.push_str(head);
            criteria.push_str("\n\n");
            for _ in 0..((random.log_normal(6.0, 0.6) * subject.scale) as usize).clamp(2, 60) {
                criteria.push_str("* ");
                criteria.push_str(&self.words.text(random, 60, &subject.about));
                criteria.push('\n');
            }
            criteria.push('\n');
        }
        let oldest = random.chance(0.5).then(|| random.between(60, 90));
        let mut module = json!({
            "eligibilityCriteria": criteria.trim_end(),
            "healthyVolunteers": random.chance(0.25),
            "sex": random.weighted(&[("ALL", 85), ("FEMALE", 10), ("MALE", 5)]),
            "minimumAge": "18 Years",
        });
        if let Some(years) = oldest {
            module["maximumAge"] = format!("{years} Years").into();
        }
        module["stdAges"] = json!(["ADULT", "OLDER_ADULT"]);
        out.insert("eligibilityModule".into(), module);
    }

    fn contacts(&self, random: &mut Random, out: &mut Map<String, Value>, status: &str, subject: &Subject) {
        let open =
            matches!(status, "RECRUITING" | "NOT_YET_RECRUITING" | "ACTIVE_NOT_RECRUITING").then_some(status);
        let count = match random.below(100) {
            0..8 => 0,
            8..68 => 1,
            _ => random.log_normal(9.5, 1.05).clamp(2.0, 900.0) as usize,
        };
        let mut module = json!({
            "overallOfficials": [{
                "name": format!("{} {}, MD", name(random.zipf(900) as u64), name(random.zipf(9_000) as u64)),
                "affiliation": sponsor(random, "OTHER"),
                "role": "PRINCIPAL_INVESTIGATOR",
            }],
        });
        if open.is_some() {
            module["centralContacts"] = json!([places::contact(random)]);
        }
        if count > 0 {
            module["locations"] = places::sites(random, self.words, count, open).into();
        }
        let _ = subject;
        out.insert("contactsLocationsModule".into(), module);
    }

    fn references(&self, random: &mut Random, out: &mut Map<String, Value>, subject: &Subject) {
        let count = random.weighted(&[(0, 62), (1, 14), (3, 14), (8, 8), (20, 2)]);
        if count == 0 {
            return;
        }
        let references: Vec<Value> = (0..count)
            .map(|_| {
                json!({
                    "pmid": random.between(1_000_000, 39_000_000).to_string(),
                    "type": "BACKGROUND",
                    "citation": self.text(random, subject, 220.0, 0.3, 900),
                })
            })
            .collect();
        out.insert("referencesModule".into(), json!({ "references": references }));
    }
}

fn derived(subject: &Subject) -> Value {
    let mut section = json!({ "miscInfoModule": { "versionHolder": date(TODAY) } });
    section["conditionBrowseModule"] = browse(&subject.conditions);
    if !subject.drugs.is_empty() {
        section["interventionBrowseModule"] = browse(&subject.drugs);
    }
    section
}

/// An invented sponsor of a class; some have run thousands of studies.
fn sponsor(random: &mut Random, class: &str) -> String {
    match class {
        "INDUSTRY" => format!("{} Pharmaceuticals", name(random.zipf(6_000) as u64 + 20_000)),
        "OTHER" => format!("{} University Hospital", name(random.zipf(20_000) as u64 + 40_000)),
        _ => format!("National Institute of {}", name(random.zipf(500) as u64 + 70_000)),
    }
}

/// The day of something that has happened: none is later than the data.
fn noted(day: i64) -> String {
    date(day.min(TODAY))
}

/// `yyyy-MM-dd` of a day counted from 1 January 2000, of which this calendar has 365 in every year.
fn date(day: i64) -> String {
    const MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (year, mut rest) = (2000 + day.div_euclid(365), day.rem_euclid(365));
    for (i, days) in MONTHS.iter().enumerate() {
        if rest < *days {
            return format!("{year}-{:02}-{:02}", i + 1, rest + 1);
        }
        rest -= days;
    }
    format!("{year}-12-31")
}

#[cfg(test)]
mod tests {
    use super::{TODAY, date};
    use crate::synth::Synth;

    /// A record from behind the data's day would speak over every change that comes after it.
    #[test]
    fn nothing_was_noted_after_the_day_of_the_data() {
        let synth = Synth::new(500, 3);
        for at in 0..500 {
            let study = synth.study(at);
            let status = &study["protocolSection"]["statusModule"];
            let own = [
                "statusVerifiedDate",
                "studyFirstSubmitDate",
                "lastUpdateSubmitDate",
                "resultsFirstSubmitDate",
            ];
            let posted =
                ["studyFirstPostDateStruct", "lastUpdatePostDateStruct", "resultsFirstPostDateStruct"];
            let days = own.map(|key| &status[key]).into_iter().chain(posted.map(|key| &status[key]["date"]));
            for day in days.filter_map(|day| day.as_str()) {
                assert!(*day <= *date(TODAY), "{day} in {status}");
            }
        }
    }

    #[test]
    fn days_are_dates() {
        for (day, text) in [(0, "2000-01-01"), (59, "2000-03-01"), (364, "2000-12-31"), (-1, "1999-12-31")] {
            assert_eq!(date(day), text);
        }
    }
}

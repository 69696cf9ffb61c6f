//! Candidates held against the person: who may join comes before who may not.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use eligibility::{
    Criteria, Eligibility, Op,
    evaluate::{Assessment, Person, Settings, Truth, assess},
    read::{Options, Reader},
    record,
    tree::{Field, Item, Number, Section},
};
use index::Records;
use model::{Study, StudyId};
use serde::{Deserialize, Serialize};
use vocabulary::{ConceptId, Finder};

use crate::kept::{Kept, Whole};

/// The criteria of a study, read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Fields and text.
    pub criteria: Criteria,
    /// Bytes of the text.
    pub text_bytes: u32,
    /// Whether its conditions are cancers.
    is_on_cancer: bool,
}

impl Candidate {
    /// Reads the criteria of a study.
    pub fn of(reader: &mut Reader, study: &Study) -> Self {
        let mut criteria = Eligibility::of(reader, study, Options::default()).criteria;
        criteria.items = record::to_evaluate(criteria.items, Some(study), reader);
        let text_bytes = u32::try_from(record::text(study).len()).unwrap_or(u32::MAX);
        Self { criteria, text_bytes, is_on_cancer: is_on_cancer(study) }
    }

    /// That of a study which tells nothing.
    pub(crate) fn absent() -> Self {
        let criteria = Criteria { items: vec![Item::absent()], ..Criteria::default() };
        Self { criteria, text_bytes: 0, is_on_cancer: false }
    }
}

/// Criteria that were read already, for as long as the records stay as they are; nothing in it is about a person.
#[derive(Default)]
pub struct Known {
    kept: Option<Kept>,
    whole: Option<Whole>,
    studies: Mutex<HashMap<StudyId, Option<Arc<Candidate>>>>,
}

/// So many studies are kept at once; of real records about 300 MB.
const KEPT: usize = 20_000;

impl Known {
    /// With what is kept of these records.
    pub fn new(kept: Option<Kept>, whole: Option<Whole>) -> Self {
        Self { kept, whole, ..Self::default() }
    }

    /// All studies compiled, if they are.
    pub fn whole(&self) -> Option<&Whole> {
        self.whole.as_ref()
    }

    /// Whether something that is kept turned out to be damaged: it should be read anew.
    pub fn is_damaged(&self) -> bool {
        self.kept.as_ref().is_some_and(Kept::is_damaged)
    }

    fn studies(&self) -> MutexGuard<'_, HashMap<StudyId, Option<Arc<Candidate>>>> {
        self.studies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, id: StudyId, candidate: Option<Arc<Candidate>>) {
        let mut studies = self.studies();
        if studies.len() >= KEPT {
            studies.clear();
        }
        studies.insert(id, candidate);
    }
}

/// Reads the criteria of studies, each once, and holds them against people.
pub struct Assessor<'r> {
    records: &'r dyn Records,
    reader: Reader,
    known: &'r Known,
}

/// How many criteria of a study a person meets, of those that tell who is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Of the inclusion: met.
    pub included: u32,
    /// Of the inclusion: not met, by facts.
    pub missed: u32,
    /// Those of the missed that ask for a value.
    pub missed_values: u32,
    /// Of the inclusion: not known, or not met by presumption alone.
    pub open: u32,
    /// Fields of the record (age, sex) and exclusions that facts rule the person out by.
    pub excluded: u32,
    /// Exclusions of which nothing is known.
    pub unsettled: u32,
    /// Exclusions that are met by presumption alone.
    pub presumed: u32,
}

/// How a criterion counts for [`Fit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Counts {
    /// It says nothing of who is wanted.
    Not,
    /// It says who is wanted.
    AsWanted,
    /// It says so by a value within bounds.
    AsWantedValue,
    /// It says who is not.
    AsExcluding,
    /// It is a field of the record.
    AsField,
}

impl Counts {
    /// How a criterion of a study counts.
    pub fn of(item: &Item, candidate: &Candidate) -> Self {
        match item.section {
            _ if !tells_who(item, candidate) => Self::Not,
            Section::Inclusion if asks_for_a_value(item) => Self::AsWantedValue,
            Section::Inclusion => Self::AsWanted,
            Section::Exclusion => Self::AsExcluding,
            _ => Self::AsField,
        }
    }
}

impl<'r> Assessor<'r> {
    /// An assessor of the studies of these records, of which some may be known.
    pub fn new(records: &'r dyn Records, known: &'r Known) -> Self {
        Self { records, reader: Reader::new(), known }
    }

    /// The records that are read.
    pub fn records(&self) -> &'r dyn Records {
        self.records
    }

    /// The criteria of a study.
    pub fn candidate(&mut self, id: StudyId) -> Option<Arc<Candidate>> {
        if let Some(known) = self.known.studies().get(&id) {
            return known.clone();
        }
        let kept = self.known.kept.as_ref().and_then(|kept| kept.candidate(id));
        let read = || Some(Candidate::of(&mut self.reader, &self.records.record(id).and_then(Study::new)?));
        let candidate = kept.or_else(read).map(Arc::new);
        self.known.put(id, candidate.clone());
        candidate
    }

    /// A study held against a person.
    pub fn assess(
        &mut self,
        id: StudyId,
        person: &Person<'_>,
        settings: &Settings,
    ) -> Option<(Arc<Candidate>, Assessment)> {
        let candidate = self.candidate(id)?;
        let assessment = assess(&candidate.criteria.items, person, settings);
        Some((candidate, assessment))
    }
}

impl Fit {
    /// Counts the findings as they lean ([`eligibility::evaluate::Finding::leaning`]). What is presumed and not recorded rules nobody out, and what says nothing of who is wanted
    /// does not count ([`tells_who`]).
    pub fn of(candidate: &Candidate, assessment: &Assessment) -> Self {
        let mut fit = Self::default();
        for (item, finding) in candidate.criteria.items.iter().zip(&assessment.findings) {
            let (truth, is_presumed) = finding.leaning();
            fit.add(Counts::of(item, candidate), truth, is_presumed);
        }
        fit
    }

    /// Counts what was found of one criterion.
    pub(crate) fn add(&mut self, counts: Counts, truth: Truth, is_presumed: bool) {
        use Counts::{AsExcluding, AsField, AsWanted, AsWantedValue, Not};
        match (counts, truth) {
            (Not, _) => {}
            (AsWanted | AsWantedValue, Truth::Met) => self.included += 1,
            (AsWanted | AsWantedValue, Truth::Unknown) => self.open += 1,
            (_, Truth::NotMet) if is_presumed => self.open += 1,
            (AsWanted, Truth::NotMet) => self.missed += 1,
            (AsWantedValue, Truth::NotMet) => {
                self.missed += 1;
                self.missed_values += 1;
            }
            (AsExcluding | AsField, Truth::NotMet) => self.excluded += 1,
            (AsExcluding, Truth::Unknown) => self.unsettled += 1,
            (AsExcluding, Truth::Met) if is_presumed => self.presumed += 1,
            (AsExcluding | AsField, _) => {}
        }
    }

    /// What is left of the relevance of a study: less for each criterion that rules the person out, and for each exclusion
    /// of which it is not told that it does not; more the larger the share of what is wanted that they have. The figures
    /// were chosen on one half of the relevance data. A criterion that is not met lowers a study and does not drop it: a
    /// note is short, and is read by rules.
    fn factor(self) -> f32 {
        const MISSED: f32 = 0.42;
        const MISSED_VALUE: f32 = 0.35;
        const EXCLUDED: f32 = 0.11;
        const MET: f32 = 0.56;
        /// Each exclusion may hold after all; what one more of them adds to that grows less with their number.
        const DOUBT: f32 = 0.2;
        const PRESUMED: f32 = 0.75;
        /// Nothing is told of who may join.
        const UNTOLD: f32 = 0.8;
        let wanted = self.included + self.open + self.missed;
        let share = self.included as f32 / wanted.max(1) as f32;
        let told = if wanted + self.unsettled + self.presumed == 0 { UNTOLD } else { 1.0 };
        let doubtful = self.unsettled as f32 + PRESUMED * self.presumed as f32;
        let values = self.missed_values.min(2) as i32;
        let facts = (self.missed - self.missed_values.min(self.missed)).min(2) as i32;
        MISSED.powi(facts)
            * MISSED_VALUE.powi(values)
            * EXCLUDED.powi(self.excluded.min(2) as i32)
            * (1.0 + doubtful).powf(-DOUBT)
            * (1.0 + MET * share)
            * told
    }

    /// The score of a study for its order, from its relevance. That a study is half again as relevant counts a little
    /// less than its score tells; the exponent was chosen with the figures of [`Fit::factor`].
    pub fn rank(self, relevance: f32) -> f32 {
        const RELEVANCE: f32 = 0.9;
        relevance.powf(RELEVANCE) * self.factor()
    }
}

/// Whether a criterion asks for a value within bounds.
fn asks_for_a_value(item: &Item) -> bool {
    let mut asks = false;
    if let Some(expr) = &item.expr {
        expr.each(&mut |node| asks |= matches!(node.op, Op::Cmp(_)));
    }
    asks
}

/// Whether a criterion tells who is wanted. Contraception is asked of everybody; whether healthy people may come is no
/// matter for who has a problem; and a study on a cancer that wants no earlier malignancy means another one.
fn tells_who(item: &Item, candidate: &Candidate) -> bool {
    if item.number == Number::Field(Field::Volunteers) {
        return false;
    }
    let words = item.source.to_lowercase();
    let names = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if names(&["childbearing", "child-bearing", "contracepti", "birth control"]) {
        return false;
    }
    !(candidate.is_on_cancer
        && names(&["malignanc", "cancer"])
        && names(&["prior", "other", "second", "previous", "concurrent", "history", "except", "another"]))
}

fn is_on_cancer(study: &Study) -> bool {
    let Some(neoplasms) = vocabulary::by_id("D009369") else { return false };
    let is = |concept: ConceptId| concept == neoplasms || vocabulary::ancestors(concept).contains(&neoplasms);
    let mut found = false;
    let mut texts = study.texts("Condition");
    texts.extend(study.texts("BriefTitle"));
    for text in texts {
        let words = vocabulary::words(text);
        let norms: Vec<&str> = words.iter().map(|word| word.norm.as_str()).collect();
        Finder::new().each(&norms, &mut |_, _, concept| found |= is(concept));
    }
    found
}

#[cfg(test)]
mod tests {
    use eligibility::evaluate::{Absence, Verdict};
    use model::{Sex, Subject};
    use serde_json::{Value, json};

    use super::*;

    struct One(Value);

    impl Records for One {
        fn record(&self, _: StudyId) -> Option<Value> {
            Some(self.0.clone())
        }
    }

    fn fit(condition: &str, criteria: &str) -> Fit {
        let record = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "conditionsModule": {"conditions": [condition]},
            "eligibilityModule": {"sex": "FEMALE", "eligibilityCriteria": criteria},
        }});
        let records = One(record);
        let subject = Subject { sex: Some(Sex::Male), ..Subject::default() };
        let settings = Settings::on("2026-05-17".parse().unwrap()).with(Absence::Open);
        let known = Known::default();
        let mut assessor = Assessor::new(&records, &known);
        let id = "NCT00000001".parse().unwrap();
        let (candidate, found) = assessor.assess(id, &Person::new(&subject), &settings).unwrap();
        Fit::of(&candidate, &found)
    }

    #[test]
    fn fields_rule_out_and_contraception_does_not_count() {
        let fit = fit("Asthma", "Inclusion Criteria:\n\n* HbA1c > 7 %\n* Use of contraception");
        assert_eq!(fit, Fit { open: 1, excluded: 1, ..Fit::default() });
        assert!(fit.factor() < Fit::default().factor());
    }

    #[test]
    fn nobody_is_eligible_where_no_criteria_are_told() {
        let records = One(json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "eligibilityModule": {"sex": "ALL"},
        }}));
        let (known, subject) = (Known::default(), Subject::default());
        let settings = Settings::on("2026-05-17".parse().unwrap()).with(Absence::Clinical);
        let id = "NCT00000001".parse().unwrap();
        let found = Assessor::new(&records, &known).assess(id, &Person::new(&subject), &settings).unwrap().1;
        assert!(matches!(found.verdict, Verdict::Undetermined { .. }), "{found:?}");
    }

    #[test]
    fn an_earlier_malignancy_is_another_one_in_studies_on_cancer() {
        let criteria = "Inclusion Criteria:\n\n* No prior malignancy";
        assert_eq!(fit("Breast Cancer", criteria).open + fit("Breast Cancer", criteria).missed, 0);
        assert_eq!(fit("Asthma", criteria).open, 1);
    }
}

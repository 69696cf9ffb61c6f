//! The tables of the CDM, known by their columns.

use model::FactKind;

use super::row::Head;

/// A table of the CDM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Table {
    Person,
    ObservationPeriod,
    Death,
    Condition,
    Measurement,
    Drug,
    Procedure,
    Observation,
    Visit,
    Note,
    NoteNlp,
    Concept,
    /// One that says nothing of its own: eras, costs, providers, ancestors of concepts.
    Other,
}

use Table::*;

/// Each table with two columns that it has and no other one has.
const TABLES: [(Table, &str, [&str; 2]); 12] = [
    (ObservationPeriod, "observation_period", ["person_id", "observation_period_start_date"]),
    (Person, "person", ["person_id", "year_of_birth"]),
    (Death, "death", ["person_id", "death_date"]),
    (Condition, "condition_occurrence", ["condition_concept_id", "condition_start_date"]),
    (Measurement, "measurement", ["measurement_concept_id", "person_id"]),
    (Drug, "drug_exposure", ["drug_concept_id", "drug_exposure_start_date"]),
    (Procedure, "procedure_occurrence", ["procedure_concept_id", "person_id"]),
    (Observation, "observation", ["observation_concept_id", "person_id"]),
    (Visit, "visit_occurrence", ["visit_concept_id", "visit_start_date"]),
    (NoteNlp, "note_nlp", ["note_nlp_id", "note_id"]),
    (Note, "note", ["note_id", "person_id"]),
    (Concept, "concept", ["concept_id", "concept_code"]),
];

/// Columns of tables that are known and not read.
const OTHERS: [&str; 14] = [
    "condition_era_id",
    "drug_era_id",
    "dose_era_id",
    "device_concept_id",
    "visit_detail_id",
    "ancestor_concept_id",
    "concept_id_1",
    "concept_synonym_name",
    "vocabulary_concept_id",
    "care_site_id",
    "provider_id",
    "location_id",
    "cost_id",
    "cdm_source_name",
];

impl Table {
    pub fn of(head: &Head) -> Option<Self> {
        let known = TABLES.iter().find(|(_, _, columns)| columns.iter().all(|column| head.has(column)));
        known.map(|row| row.0).or_else(|| OTHERS.iter().any(|column| head.has(column)).then_some(Other))
    }

    pub fn name(self) -> &'static str {
        TABLES.iter().find(|row| row.0 == self).map_or("other", |row| row.1)
    }

    /// What its rows are.
    pub fn kind(self) -> FactKind {
        match self {
            Condition | NoteNlp => FactKind::Condition,
            Drug => FactKind::Drug,
            Procedure => FactKind::Procedure,
            Visit => FactKind::Encounter,
            _ => FactKind::Observation,
        }
    }

    /// How the columns of this table begin.
    pub fn prefix(self) -> &'static str {
        match self {
            Condition => "condition",
            Measurement => "measurement",
            Drug => "drug",
            Procedure => "procedure",
            Visit => "visit",
            NoteNlp => "note_nlp",
            _ => "observation",
        }
    }
}

/// Whether a line heads a table of the CDM.
pub(crate) fn recognise(line: &str) -> bool {
    let delimiter = char::from(super::delimiter(line));
    let head = Head::new(line.trim_end().split(delimiter).map(|name| name.trim_matches('"').to_owned()));
    Table::of(&head)
        .is_some_and(|table| table != Other || head.has("person_id") || line.contains("concept_id"))
}

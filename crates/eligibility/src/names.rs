//! What ids are called, and which codes other vocabularies have for them.
//!
//! Trees hold ids; English and the exports need names, units and codes. [`Names`] is the table they ask, so that the
//! catalogue of variables can stand behind it; [`PlainNames`] works from the ids alone.

use crate::tree::{Concept, Kind, Var};

/// A table of names and codes.
pub trait Names {
    /// The English name of a variable or concept.
    fn name(&self, id: &str) -> Option<String>;

    /// The variable of this name.
    fn var(&self, name: &str) -> Option<Var>;

    /// The concept of this name.
    fn concept(&self, name: &str) -> Option<Concept>;

    /// The canonical unit of a variable (UCUM): what a bare number is read in.
    fn unit(&self, _var: &Var) -> Option<String> {
        None
    }

    /// What kind of fact a concept is unless it is said; where nothing is known, a condition.
    fn kind(&self, _concept: &Concept) -> Option<Kind> {
        None
    }

    /// Its codes in other vocabularies, the best one first.
    fn codes(&self, _id: &str) -> Vec<Coding> {
        Vec::new()
    }
}

/// A code of another vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coding {
    /// Which vocabulary.
    pub system: System,
    /// The code.
    pub code: String,
    /// What the vocabulary calls it, if that is known.
    pub display: Option<String>,
}

/// A vocabulary with codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// Measurements and documents.
    Loinc,
    /// Findings, procedures and much else.
    Snomed,
    /// Subject headings.
    Mesh,
}

impl System {
    /// Its address in FHIR.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Loinc => "http://loinc.org",
            Self::Snomed => "http://snomed.info/sct",
            Self::Mesh => "https://www.nlm.nih.gov/mesh",
        }
    }

    /// Its id in OMOP's vocabulary table.
    pub fn omop(self) -> &'static str {
        match self {
            Self::Loinc => "LOINC",
            Self::Snomed => "SNOMED",
            Self::Mesh => "MeSH",
        }
    }
}

/// Names made from the ids: underscores are blanks, `mesh:` ids have MeSH's names.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainNames;

impl Names for PlainNames {
    fn name(&self, id: &str) -> Option<String> {
        match id.split_once(':') {
            Some(("mesh", number)) => mesh_name(number),
            Some(("text", words)) => Some(words.to_owned()),
            Some(_) => None,
            None => Some(id.replace('_', " ")),
        }
    }

    fn var(&self, name: &str) -> Option<Var> {
        id_of(&name.to_ascii_lowercase()).map(|id| Var(id.into()))
    }

    fn concept(&self, name: &str) -> Option<Concept> {
        if !name.bytes().any(|b| b.is_ascii_uppercase()) {
            return id_of(name).map(|id| Concept(id.into()));
        }
        vocabulary::by_name(name).map(|id| Concept(format!("mesh:{id}").into()))
    }

    fn codes(&self, id: &str) -> Vec<Coding> {
        mesh_coding(id).into_iter().collect()
    }
}

/// The code that a `mesh:` id is.
pub fn mesh_coding(id: &str) -> Option<Coding> {
    let code = id.strip_prefix("mesh:")?;
    let display = vocabulary::by_mesh_id(code).and_then(vocabulary::name).map(str::to_owned);
    Some(Coding { system: System::Mesh, code: code.to_owned(), display })
}

/// MeSH's name in natural order (`Type 2 Diabetes Mellitus`), if MeSH knows it by that.
fn mesh_name(number: &str) -> Option<String> {
    let id = vocabulary::by_mesh_id(number)?;
    let name = vocabulary::name(id)?;
    let natural = name.split_once(", ").map(|(head, rest)| format!("{rest} {head}"));
    natural.filter(|name| vocabulary::by_name(name) == Some(id)).or_else(|| Some(name.to_owned()))
}

/// `fasting glucose` as `fasting_glucose`; `None` for what no id looks like.
fn id_of(name: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b' ' | b'_');
    (!name.is_empty() && name.bytes().all(plain)).then(|| name.replace(' ', "_"))
}

//! What ids are called, and which codes other vocabularies have for them.
//!
//! Trees hold ids; English and the exports need names, units and codes. [`Names`] is the table they ask, so that the
//! catalogue of variables can stand behind it: [`CatalogueNames`]. [`PlainNames`] works from the ids alone.

use vocabulary::{Vocabulary, variable};

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
    /// Diseases.
    Mondo,
    /// Diseases.
    Doid,
    /// Signs, symptoms and other phenotypes.
    Hp,
}

impl System {
    /// Its address in FHIR.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Loinc => "http://loinc.org",
            Self::Snomed => "http://snomed.info/sct",
            Self::Mesh => "https://www.nlm.nih.gov/mesh",
            Self::Mondo => "http://purl.obolibrary.org/obo/mondo.owl",
            Self::Doid => "http://purl.obolibrary.org/obo/doid.owl",
            Self::Hp => "http://human-phenotype-ontology.org",
        }
    }

    /// Its id in OMOP's vocabulary table.
    pub fn omop(self) -> &'static str {
        match self {
            Self::Loinc => "LOINC",
            Self::Snomed => "SNOMED",
            Self::Mesh => "MeSH",
            Self::Mondo => "MONDO",
            Self::Doid => "DOID",
            Self::Hp => "HPO",
        }
    }
}

/// Names made from the ids: underscores are blanks, those of a vocabulary have its names.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainNames;

impl Names for PlainNames {
    fn name(&self, id: &str) -> Option<String> {
        match id.split_once(':') {
            Some(("text", words)) => Some(words.to_owned()),
            Some(_) => vocabulary_name(id),
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
        vocabulary::by_name(name).map(|id| Concept(id.curie().into()))
    }

    fn codes(&self, id: &str) -> Vec<Coding> {
        vocabulary_coding(id).into_iter().collect()
    }
}

/// The names, units and codes of the catalogue of variables, and those of MeSH and the ontologies.
#[derive(Clone, Copy, Debug, Default)]
pub struct CatalogueNames;

impl Names for CatalogueNames {
    fn name(&self, id: &str) -> Option<String> {
        variable::by_id(id).map(catalogue_name).or_else(|| PlainNames.name(id))
    }

    fn var(&self, name: &str) -> Option<Var> {
        variable::named(name).map(|v| Var(v.id.into()))
    }

    fn concept(&self, name: &str) -> Option<Concept> {
        let other = || vocabulary::by_name(name).map(vocabulary::ConceptId::curie);
        variable::named(name).map(|v| v.id.to_owned()).or_else(other).map(|id| Concept(id.into()))
    }

    fn unit(&self, var: &Var) -> Option<String> {
        Some(variable::by_id(&var.0)?.unit?.as_str().to_owned())
    }

    fn kind(&self, concept: &Concept) -> Option<Kind> {
        match variable::by_id(&concept.0)?.kind {
            variable::Kind::Condition => Some(Kind::Condition),
            variable::Kind::Finding => Some(Kind::Finding),
            variable::Kind::Event => Some(Kind::Event),
            variable::Kind::Procedure => Some(Kind::Procedure),
            variable::Kind::Drug => Some(Kind::Drug),
            variable::Kind::DrugClass => Some(Kind::DrugClass),
            variable::Kind::Allergen => Some(Kind::Allergy),
            variable::Kind::Boolean => Some(Kind::Status),
            _ => None,
        }
    }

    /// The codes that were found in a published table. Those of SNOMED CT are left out where they may be codes of
    /// the steps of a scale.
    fn codes(&self, id: &str) -> Vec<Coding> {
        let Some(variable) = variable::by_id(id) else { return PlainNames.codes(id) };
        let steps = matches!(variable.kind, variable::Kind::Ordinal | variable::Kind::Coded);
        let snomed: &[variable::Code] = if steps { &[] } else { &variable.snomed };
        let of = |system, codes: &[variable::Code]| -> Vec<Coding> {
            let verified = codes.iter().filter(|code| code.verified);
            verified.map(|code| Coding { system, code: code.code.to_owned(), display: None }).collect()
        };
        [of(System::Loinc, &variable.loinc), of(System::Snomed, snomed)].concat()
    }
}

/// What a variable is called within a sentence: without what only the table needs, where that is a name of it too.
fn catalogue_name(variable: &variable::Variable) -> String {
    let plain = variable.name.split(" (").next().unwrap_or(variable.name);
    let shorter = [plain.strip_suffix(" use"), plain.strip_suffix(" status"), Some(plain)];
    let known = |name: &&str| variable::named(name).is_some_and(|v| v.id == variable.id);
    within_sentence(shorter.into_iter().flatten().find(known).unwrap_or(variable.name))
}

/// First words that keep their capital: of people, of places, and of titles of instruments.
const PROPER: &[&str] = &[
    "Child",
    "Epworth",
    "Fitzpatrick",
    "Fontaine",
    "Glasgow",
    "Gleason",
    "Guillain",
    "International",
    "Karnofsky",
    "Killip",
    "Mayo",
    "Michigan",
    "Mini",
    "Rutherford",
    "Toronto",
    "Wagner",
];

/// With a small letter first, unless the first word is an abbreviation or keeps its capital.
fn within_sentence(name: &str) -> String {
    let mut rest = name.chars();
    let Some(first) = rest.next() else { return String::new() };
    let begins = name.split([' ', '-']).next().unwrap_or_default();
    let word = begins.len() > 1 && begins[first.len_utf8()..].chars().all(char::is_lowercase);
    if !word || PROPER.contains(&begins) {
        return name.to_owned();
    }
    first.to_lowercase().chain(rest).collect()
}

/// The code that an id of a vocabulary (`mesh:D003924`, `hp:0002625`) is.
fn vocabulary_coding(id: &str) -> Option<Coding> {
    let concept = vocabulary::by_curie(id)?;
    let system = match concept.vocabulary() {
        Vocabulary::Mesh => System::Mesh,
        Vocabulary::Mondo => System::Mondo,
        Vocabulary::Doid => System::Doid,
        Vocabulary::Hp => System::Hp,
    };
    Some(Coding { system, code: concept.to_string(), display: vocabulary::name(concept).map(str::to_owned) })
}

/// A concept's name in natural order (`Type 2 Diabetes Mellitus`), if its vocabulary knows it by that.
fn vocabulary_name(id: &str) -> Option<String> {
    let id = vocabulary::by_curie(id)?;
    let name = vocabulary::name(id)?;
    let natural = name.split_once(", ").map(|(head, rest)| format!("{rest} {head}"));
    natural.filter(|name| vocabulary::by_name(name) == Some(id)).or_else(|| Some(name.to_owned()))
}

/// `fasting glucose` as `fasting_glucose`; `None` for what no id looks like.
fn id_of(name: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b' ' | b'_');
    (!name.is_empty() && name.bytes().all(plain)).then(|| name.replace(' ', "_"))
}

//! What studies are about: MeSH concepts, some met far more often than others.

use serde_json::{Value, json};
use vocabulary::ConceptId;

use super::random::Random;

/// The commonest conditions, most studied first. Zipf's law over them gives the registry's own order of size: the
/// first stands for a few per cent of all studies, as diabetes, obesity or depression do.
const COMMON_CONDITIONS: [&str; 30] = [
    "Diabetes Mellitus, Type 2",
    "Breast Neoplasms",
    "Obesity",
    "Depression",
    "Hypertension",
    "Pain, Postoperative",
    "COVID-19",
    "Stroke",
    "Lung Neoplasms",
    "Prostatic Neoplasms",
    "Asthma",
    "Heart Failure",
    "Coronary Artery Disease",
    "Diabetes Mellitus",
    "HIV Infections",
    "Schizophrenia",
    "Colorectal Neoplasms",
    "Pulmonary Disease, Chronic Obstructive",
    "Arthritis, Rheumatoid",
    "Multiple Sclerosis",
    "Alzheimer Disease",
    "Parkinson Disease",
    "Carcinoma, Non-Small-Cell Lung",
    "Atrial Fibrillation",
    "Osteoarthritis, Knee",
    "Lymphoma",
    "Psoriasis",
    "Sepsis",
    "Kidney Failure, Chronic",
    "Leukemia, Myeloid, Acute",
];
const COMMON_DRUGS: [&str; 16] = [
    "Bevacizumab",
    "Metformin",
    "Dexamethasone",
    "Cyclophosphamide",
    "Paclitaxel",
    "Carboplatin",
    "Bupivacaine",
    "Insulin",
    "Rituximab",
    "Cisplatin",
    "Ketamine",
    "Propofol",
    "Docetaxel",
    "Aspirin",
    "Vitamin D",
    "Nivolumab",
];
/// Heads of the disease branches and of the branches of chemicals and of mental disorders.
const DISEASES: [&str; 12] = [
    "Neoplasms",
    "Cardiovascular Diseases",
    "Infections",
    "Nervous System Diseases",
    "Digestive System Diseases",
    "Respiratory Tract Diseases",
    "Musculoskeletal Diseases",
    "Skin and Connective Tissue Diseases",
    "Immune System Diseases",
    "Nutritional and Metabolic Diseases",
    "Mental Disorders",
    "Wounds and Injuries",
];
const CHEMICALS: [&str; 4] = [
    "Organic Chemicals",
    "Heterocyclic Compounds",
    "Amino Acids, Peptides, and Proteins",
    "Biological Products",
];

/// Conditions and drugs in the order of how often they are studied.
pub struct Concepts {
    conditions: Vec<ConceptId>,
    drugs: Vec<ConceptId>,
}

impl Concepts {
    /// From the vocabulary that is compiled in.
    pub fn new() -> Self {
        Self { conditions: ranked(&COMMON_CONDITIONS, &DISEASES), drugs: ranked(&COMMON_DRUGS, &CHEMICALS) }
    }

    /// A condition.
    pub fn condition(&self, random: &mut Random) -> ConceptId {
        self.conditions[random.zipf(self.conditions.len())]
    }

    /// A drug.
    pub fn drug(&self, random: &mut Random) -> ConceptId {
        self.drugs[random.zipf(self.drugs.len())]
    }
}

/// The common ones, then everything below the heads in an order of chance that is always the same.
fn ranked(common: &[&str], heads: &[&str]) -> Vec<ConceptId> {
    let mut out: Vec<ConceptId> = common.iter().filter_map(|name| vocabulary::by_name(name)).collect();
    let mut rest: Vec<ConceptId> =
        heads.iter().filter_map(|name| vocabulary::by_name(name)).flat_map(vocabulary::descendants).collect();
    rest.sort_unstable();
    rest.dedup();
    rest.retain(|id| !out.contains(id));
    rest.sort_by_key(|id| Random::of(0x4D65_5348, u64::from(id.0)).next());
    out.extend(rest);
    out
}

/// The name of a concept as a text would have it: MeSH's own or one of its synonyms.
pub fn spoken(random: &mut Random, id: ConceptId) -> String {
    let synonyms = vocabulary::synonyms(id);
    if synonyms.is_empty() || random.chance(0.5) {
        return vocabulary::name(id).unwrap_or("Health").to_owned();
    }
    let words: Vec<String> = random.one(&synonyms).iter().map(|w| super::words::capital(w)).collect();
    words.join(" ")
}

/// The derived section's module about these concepts: what they are and what lies above them.
pub fn browse(ids: &[ConceptId]) -> Value {
    let term =
        |id: &ConceptId| json!({ "id": id.to_string(), "term": vocabulary::name(*id).unwrap_or_default() });
    let mut above: Vec<ConceptId> = ids.iter().flat_map(|id| vocabulary::ancestors(*id)).collect();
    above.sort_unstable();
    above.dedup();
    let mut module = json!({ "meshes": ids.iter().map(term).collect::<Vec<_>>() });
    if !above.is_empty() {
        module["ancestors"] = above.iter().map(term).collect();
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_name_and_head_is_in_the_vocabulary() {
        for name in COMMON_CONDITIONS.iter().chain(&COMMON_DRUGS).chain(&DISEASES).chain(&CHEMICALS) {
            assert!(vocabulary::by_name(name).is_some(), "{name}");
        }
        let concepts = Concepts::new();
        assert!(concepts.conditions.len() > 3_000 && concepts.drugs.len() > 3_000);
    }
}

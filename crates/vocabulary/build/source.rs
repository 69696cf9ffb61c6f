//! The tables of `vocabulary/`, read into concepts.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::Read;
use std::path::Path;

use crate::analyzer::Analyzer;
use crate::{names, ontologies};

/// Why a name means a concept; where a name has several meanings, the first of these wins, then the lowest id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A name or abbreviation of our own lists: `alcohol` is ethanol, not what chemistry calls alcohols.
    Listed,
    /// The name of a descriptor.
    Name,
    /// The natural order of an inverted name of a descriptor.
    Natural,
    /// An entry term of a descriptor.
    Entry,
    /// The name of a supplementary concept.
    Supplementary,
    /// Another name of a supplementary concept.
    SupplementaryEntry,
    /// A form derived by rule: natural order of an inverted name, `cancer of the lung`.
    Derived,
    /// The name of a term of an ontology.
    Ontology,
    /// Another name of a term of an ontology.
    OntologyEntry,
}

/// A concept with all of its names.
pub struct Concept {
    /// The packed id.
    pub id: u32,
    /// The name as its vocabulary prints it.
    pub name: String,
    /// Its tree numbers.
    pub trees: Vec<String>,
    /// Names in normal form, by which it is found; those in natural word order are also its synonyms.
    pub names: Vec<Name>,
}

impl Concept {
    /// A concept without names and places yet.
    pub fn new(id: u32, name: &str) -> Self {
        Self { id, name: name.to_owned(), trees: Vec::new(), names: Vec::new() }
    }
}

/// A name in normal form.
pub struct Name {
    /// Normal words with single spaces.
    pub words: String,
    /// Why it means the concept.
    pub rank: Rank,
    /// Whether it is in natural word order (`Lung Neoplasms`, not `Neoplasms, Lung`).
    pub natural: bool,
}

/// How often each normal word is printed in which form, in small letters.
pub type Printed = BTreeMap<String, BTreeMap<String, usize>>;

/// All concepts of the tables in `folder`, by id, and the forms in which their names print words.
pub fn concepts(folder: &Path) -> (Vec<Concept>, Printed) {
    let mut analyzer = Analyzer::new();
    let mut printed = Printed::new();
    let stop: HashSet<String> =
        rows(&text(&folder.join("not-concepts.tsv"))).map(|row| normal(&mut analyzer, row[0])).collect();
    let mut all = BTreeMap::new();
    for row in rows(&packed(&folder.join("mesh-descriptors.tsv.zst"))) {
        let mut concept = concept(&row);
        concept.trees = split(row.get(3)).map(str::to_owned).collect();
        names::add(&mut concept, &mut analyzer, row[1], Rank::Name);
        for entry in split(row.get(2)) {
            names::add(&mut concept, &mut analyzer, entry, Rank::Entry);
        }
        note(&mut printed, &mut analyzer, &row);
        names::cancer(&mut concept);
        all.insert(concept.id, concept);
    }
    for row in rows(&packed(&folder.join("mesh-supplementary.tsv.zst"))) {
        let mut concept = concept(&row);
        names::add(&mut concept, &mut analyzer, row[1], Rank::Supplementary);
        for entry in split(row.get(2)) {
            names::add(&mut concept, &mut analyzer, entry, Rank::SupplementaryEntry);
        }
        note(&mut printed, &mut analyzer, &row);
        all.insert(concept.id, concept);
    }
    let lists = ["abbreviations.tsv", "names.tsv"].map(|list| (list, text(&folder.join(list))));
    further(&mut all, &lists, &mut analyzer);
    let terms = packed(&folder.join("ontologies.tsv.zst"));
    for row in rows(&terms) {
        note(&mut printed, &mut analyzer, &row);
    }
    ontologies::add(&mut all, &terms, &mut analyzer);
    if let Some((list, id)) = further(&mut all, &lists, &mut analyzer) {
        panic!("{list}: {id} is not in the tables");
    }
    let mut all: Vec<Concept> = all.into_values().collect();
    for concept in &mut all {
        concept.names.retain(|name| !stop.contains(&name.words));
    }
    (all, printed)
}

/// Adds the names of our own lists to the concepts that are there; tells of one that is not.
fn further<'a>(
    all: &mut BTreeMap<u32, Concept>,
    lists: &'a [(&'a str, String)],
    analyzer: &mut Analyzer,
) -> Option<(&'a str, &'a str)> {
    let mut missing = None;
    for (list, rows_of) in lists {
        for row in rows(rows_of) {
            let id = pack(row[2]).unwrap_or_else(|| panic!("{list}: {} is no id of a concept", row[2]));
            match all.get_mut(&id) {
                Some(concept) => names::add(concept, analyzer, row[0], Rank::Listed),
                None => missing = Some((*list, row[2])),
            }
        }
    }
    missing
}

/// Counts the words of a concept's names by the form in which they are printed.
fn note(printed: &mut Printed, analyzer: &mut Analyzer, row: &[&str]) {
    for name in std::iter::once(row[1]).chain(split(row.get(2))) {
        analyzer.each(name, &mut |norm, range| {
            let form = name[range].to_lowercase();
            *printed.entry(norm.to_owned()).or_default().entry(form).or_default() += 1;
        });
    }
}

fn concept(row: &[&str]) -> Concept {
    let id = pack(row[0]).unwrap_or_else(|| panic!("{} is no MeSH id", row[0]));
    Concept::new(id, row[1])
}

/// Normal words of a text with single spaces.
pub fn normal(analyzer: &mut Analyzer, text: &str) -> String {
    let mut words = String::new();
    analyzer.each(text, &mut |norm, _| {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(norm);
    });
    words
}

/// The packed id, as `ConceptId` has it.
pub fn pack(id: &str) -> Option<u32> {
    crate::ids::pack(id)
}

/// The parts of a cell.
pub fn split<'a>(field: Option<&&'a str>) -> impl Iterator<Item = &'a str> {
    field.copied().unwrap_or_default().split('|').filter(|part| !part.is_empty())
}

/// The rows of a table: no comments, no head.
pub fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = table.lines().skip_while(|line| line.starts_with('#')).skip(1);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn packed(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut text = String::new();
    zstd::Decoder::new(bytes.as_slice())
        .and_then(|mut decoder| decoder.read_to_string(&mut text))
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text
}

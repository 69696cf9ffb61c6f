//! Diseases and phenotypes of the ontologies, beside MeSH: further names of its concepts, and concepts it lacks.
//!
//! A term is MeSH's concept if its name is one of that concept's, or if it is the only term of its ontology that gives
//! that concept as the same and they share a name; a term of the Disease Ontology is the one of Mondo that says so. What
//! is left is a concept of its own, hung into the tree below its parents, and below what MeSH puts it under: MeSH's
//! headings are often wider (schizoaffective disorder is a name of psychotic disorders).

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::analyzer::Analyzer;
use crate::names;
use crate::source::{self, Concept, Rank, normal};

/// A term has no more places in the tree than this: each is copied for all terms below it.
const MOST_PLACES: usize = 4;

type Concepts = BTreeMap<u32, Concept>;

/// Adds the terms of a table: id, name, synonyms, parents, what is the same elsewhere.
pub fn add(all: &mut Concepts, table: &str, analyzer: &mut Analyzer) {
    let rows: Vec<Vec<&str>> = source::rows(table).collect();
    let meanings = meanings(all, &rows, analyzer);
    for row in &rows {
        let id = meanings[row[0]];
        let own = source::pack(row[0]) == Some(id);
        let concept = all.get_mut(&id).expect("meanings are concepts");
        names::further(concept, analyzer, row[1], Rank::Ontology, own);
        for synonym in source::split(row.get(2)) {
            names::further(concept, analyzer, synonym, Rank::OntologyEntry, own);
        }
    }
    hang(all, &rows, &meanings);
}

/// The concept that each term is; those that are new are put among the concepts.
fn meanings<'a>(all: &mut Concepts, rows: &[Vec<&'a str>], analyzer: &mut Analyzer) -> HashMap<&'a str, u32> {
    let mut by_name: HashMap<String, (Rank, u32)> = HashMap::new();
    for (id, concept) in all.iter() {
        for name in &concept.names {
            let meaning = by_name.entry(name.words.clone()).or_insert((name.rank, *id));
            *meaning = (*meaning).min((name.rank, *id));
        }
    }
    // How many terms of an ontology give this as the same.
    let mut sharers: HashMap<(&str, &str), u32> = HashMap::new();
    let mut mondo: HashMap<&str, &str> = HashMap::new();
    for row in rows {
        for same in source::split(row.get(4)) {
            *sharers.entry((ontology(row[0]), same)).or_default() += 1;
            if same.starts_with("DOID:") {
                mondo.entry(same).or_insert(row[0]);
            }
        }
    }
    let mut meanings: HashMap<&str, u32> = HashMap::new();
    for row in rows {
        let term = row[0];
        let own = source::pack(term).unwrap_or_else(|| panic!("ontologies.tsv.zst: {term} is no id"));
        let named = by_name.get(&normal(analyzer, row[1])).map(|(_, id)| *id);
        let mut same = || {
            let alone = source::split(row.get(4)).filter(|same| sharers[&(ontology(term), *same)] == 1);
            let id = alone.filter_map(source::pack).find(|id| all.contains_key(id))?;
            let mut synonyms = source::split(row.get(2)).map(|name| normal(analyzer, name));
            synonyms.any(|name| by_name.get(&name).is_some_and(|(_, other)| *other == id)).then_some(id)
        };
        let known = named.or_else(&mut same).or_else(|| meanings.get(mondo.get(term)?).copied());
        let id = known.unwrap_or_else(|| {
            all.insert(own, Concept::new(own, row[1]));
            by_name.insert(normal(analyzer, row[1]), (Rank::Ontology, own));
            own
        });
        meanings.insert(term, id);
    }
    meanings
}

/// `MONDO` of `MONDO:0005148`.
fn ontology(id: &str) -> &str {
    id.split(':').next().unwrap_or_default()
}

/// Gives concepts without any places in the tree, the new ones and MeSH's rare diseases: below the places of their parents, or, without any, at the top.
fn hang(all: &mut Concepts, rows: &[Vec<&str>], meanings: &HashMap<&str, u32>) {
    let mut parents: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in rows {
        let id = meanings[row[0]];
        if all[&id].trees.is_empty() {
            let above = source::split(row.get(3)).filter_map(|parent| meanings.get(parent).copied());
            let same = source::split(row.get(4)).filter_map(source::pack).filter(|id| all.contains_key(id));
            parents.entry(id).or_default().extend(same.chain(above).filter(|parent| *parent != id));
        }
    }
    let mut children = HashMap::new();
    let mut open = HashSet::new();
    let ids: Vec<u32> = parents.keys().copied().collect();
    for id in ids {
        place(id, &mut Hanging { all, parents: &parents, open: &mut open, children: &mut children });
    }
}

struct Hanging<'a> {
    all: &'a mut Concepts,
    parents: &'a BTreeMap<u32, Vec<u32>>,
    /// The terms whose parents are being placed: two ontologies may hold two terms to be above each other.
    open: &'a mut HashSet<u32>,
    /// How many terms hang below a place so far.
    children: &'a mut HashMap<String, u32>,
}

fn place(id: u32, hanging: &mut Hanging<'_>) {
    let Some(parents) = hanging.parents.get(&id) else { return };
    if hanging.all.get(&id).is_none_or(|concept| !concept.trees.is_empty()) {
        return;
    }
    if !hanging.open.insert(id) {
        return;
    }
    let mut above: Vec<Vec<String>> = Vec::new();
    for parent in parents {
        place(*parent, hanging);
        above.extend(hanging.all.get(parent).map(|parent| parent.trees.clone()));
    }
    hanging.open.remove(&id);
    // The first place of every parent, then the second.
    let longest = above.iter().map(Vec::len).max().unwrap_or_default();
    let turns = (0..longest).flat_map(|turn| above.iter().filter_map(move |trees| trees.get(turn)));
    let mut places: Vec<String> = Vec::new();
    for tree in turns.take(MOST_PLACES) {
        places.push(format!("{tree}.{}", next(hanging.children, tree)));
    }
    if places.is_empty() {
        places.push(next(hanging.children, ""));
    }
    if let Some(concept) = hanging.all.get_mut(&id) {
        concept.trees = places;
    }
}

/// The next free part below a place: three signs that begin with a small letter, as no part of MeSH's does.
fn next(children: &mut HashMap<String, u32>, tree: &str) -> String {
    let count = children.entry(tree.to_owned()).or_default();
    let digit = |n: u32| char::from_digit(n % 36, 36).unwrap_or('0');
    let first = count.checked_div(36 * 36).filter(|n| *n < 26).expect("33,696 terms below one place");
    let part = [digit(first + 10), digit(*count / 36), digit(*count)].iter().collect();
    *count += 1;
    part
}

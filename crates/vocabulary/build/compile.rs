//! Concepts to the embedded bytes: `concepts`, `text`, `tree`, `nodes`, `node_starts`, `finder`, `words.fst`, `forms`. Read by `src/table.rs`,
//! `src/finder.rs` and `src/spelling.rs`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use crate::hash;
use crate::source::{Concept, Printed, Rank};

/// Writes all tables.
pub fn write(concepts: &[Concept], printed: &Printed, out: &Path) {
    let save = |name: &str, bytes: Vec<u8>| {
        fs::write(out.join(name), bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    };
    let (index, text) = texts(concepts);
    save("concepts", index);
    save("text", text);
    save("tree", tree(concepts));
    let (nodes, starts) = nodes(concepts);
    save("nodes", nodes);
    save("node_starts", starts);
    save("finder", finder(concepts));
    let (words, forms) = words(concepts, printed);
    save("words.fst", words);
    save("forms", forms);
}

/// Per concept: id, start of its name, start of its synonyms in the text; and one closing row.
fn texts(concepts: &[Concept]) -> (Vec<u8>, Vec<u8>) {
    let (mut index, mut text) = (Vec::new(), Vec::new());
    for concept in concepts {
        index.extend(concept.id.to_le_bytes());
        index.extend((text.len() as u32).to_le_bytes());
        text.extend(concept.name.as_bytes());
        index.extend((text.len() as u32).to_le_bytes());
        let natural: Vec<&str> =
            concept.names.iter().filter(|name| name.natural).map(|name| name.words.as_str()).collect();
        text.extend(natural.join("|").as_bytes());
    }
    index.extend(u32::MAX.to_le_bytes());
    index.extend((text.len() as u32).to_le_bytes());
    index.extend((text.len() as u32).to_le_bytes());
    (index, text)
}

/// Per tree node, in the order of tree numbers: concept, parent node (or none), length and text of the last part.
fn tree(concepts: &[Concept]) -> Vec<u8> {
    let mut nodes = BTreeMap::new();
    for (number, concept) in concepts.iter().enumerate() {
        for tree in &concept.trees {
            nodes.insert(tree.as_str(), number as u32);
        }
    }
    let place: HashMap<&str, u32> = nodes.keys().enumerate().map(|(i, tree)| (*tree, i as u32)).collect();
    let mut bytes = Vec::new();
    for (tree, concept) in &nodes {
        let (parent, last) = match tree.rsplit_once('.') {
            Some((above, last)) => (place.get(above).copied(), last),
            None => (None, *tree),
        };
        assert!(
            last.len() <= 3 && (parent.is_some() || !tree.contains('.')),
            "tree number {tree} has no parent"
        );
        let mut part = [0; 4];
        part[..last.len()].copy_from_slice(last.as_bytes());
        bytes.extend(concept.to_le_bytes());
        bytes.extend(parent.unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(part);
    }
    bytes
}

/// The nodes of [`tree`] by concept, and per concept (and behind the last) how many stand before its own.
fn nodes(concepts: &[Concept]) -> (Vec<u8>, Vec<u8>) {
    let all: BTreeSet<&str> =
        concepts.iter().flat_map(|concept| &concept.trees).map(String::as_str).collect();
    let place: HashMap<&str, u32> = all.iter().enumerate().map(|(i, tree)| (*tree, i as u32)).collect();
    let (mut nodes, mut starts) = (Vec::new(), Vec::new());
    for concept in concepts {
        starts.extend((nodes.len() as u32 / 4).to_le_bytes());
        let mut own: Vec<u32> = concept.trees.iter().map(|tree| place[tree.as_str()]).collect();
        own.sort_unstable();
        nodes.extend(own.into_iter().flat_map(u32::to_le_bytes));
    }
    starts.extend((nodes.len() as u32 / 4).to_le_bytes());
    (nodes, starts)
}

/// An open-addressed table of all beginnings of all names: fingerprint, whether longer names go on, the concept.
fn finder(concepts: &[Concept]) -> Vec<u8> {
    let mut sequences: HashMap<u64, (bool, Option<(Rank, u32)>)> = HashMap::new();
    for (number, concept) in concepts.iter().enumerate() {
        for name in &concept.names {
            let mut sequence = hash::EMPTY;
            let mut words = name.words.split(' ').peekable();
            while let Some(word) = words.next() {
                sequence = hash::append(sequence, hash::bytes(word.as_bytes()));
                let entry = sequences.entry(sequence).or_default();
                if words.peek().is_some() {
                    entry.0 = true;
                } else {
                    let meaning = (name.rank, number as u32);
                    entry.1 = Some(entry.1.map_or(meaning, |other| other.min(meaning)));
                }
            }
        }
    }
    let mut sorted: Vec<_> = sequences.into_iter().collect();
    sorted.sort_unstable();
    let slots = sorted.len() * 4 / 3 + 1;
    let mut table = vec![0_u64; slots];
    for (sequence, (more, meaning)) in sorted {
        let concept = meaning.map_or(0, |(_, number)| u64::from(number) + 1);
        let mut slot = ((u128::from(sequence) * slots as u128) >> 64) as usize;
        while table[slot] != 0 {
            assert!(
                table[slot] >> 25 != sequence & ((1 << 39) - 1),
                "two beginnings of names share a fingerprint"
            );
            slot = (slot + 1) % slots;
        }
        table[slot] = (sequence << 25) | (u64::from(more) << 24) | concept;
    }
    table.into_iter().flat_map(u64::to_le_bytes).collect()
}

/// Every word of the names that could be misspelled, with the place of its usual printed form among the forms (0: as
/// it is); the forms end with a bar each.
fn words(concepts: &[Concept], printed: &Printed) -> (Vec<u8>, Vec<u8>) {
    let names = concepts.iter().flat_map(|concept| &concept.names);
    let words: BTreeSet<&str> = names
        .flat_map(|name| name.words.split(' '))
        .filter(|word| word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase()))
        .collect();
    let mut forms = b"|".to_vec();
    let mut builder = fst::MapBuilder::memory();
    for word in words {
        let form = printed.get(word).and_then(usual).filter(|form| *form != word);
        let place = form.map_or(0, |form| {
            let place = forms.len();
            forms.extend(form.bytes().chain([b'|']));
            place
        });
        builder.insert(word, place as u64).expect("a BTreeSet is sorted");
    }
    (builder.into_inner().expect("memory does not fail"), forms)
}

/// The form in which a word is printed most often, of several the shortest.
fn usual(forms: &BTreeMap<String, usize>) -> Option<&str> {
    let best =
        forms.iter().max_by_key(|(form, count)| (**count, Reverse(form.len()), Reverse(form.as_str())));
    best.map(|(form, _)| form.as_str())
}

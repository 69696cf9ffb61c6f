//! What changed between the versions of a study, and what is new in a saved search.
//!
//! [`Timeline`] puts the versions that the store keeps in the order of their dates, [`fields`] tells in which fields
//! two of them differ, [`words`] in which words, [`kind`] which of it matters (an enrolment lowered, a primary outcome
//! changed after the start), [`ledger`] collects that over all studies, [`look`] compares what a saved search finds
//! with what it found before. Only versions that are kept can be compared: what changed before the first of them, or
//! between two, is not known.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod fields;
pub mod json;
pub mod kind;
pub mod ledger;
pub mod look;
pub mod timeline;
pub mod words;

pub use kind::{Kind, Noted};
pub use ledger::{Event, Ledger};
pub use timeline::{Step, Timeline, Version};

/// Why history cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] registry::Error),
    /// The study has no such version.
    #[error("{id} has no version {wanted}: its versions are {versions}")]
    NoVersion {
        /// The study.
        id: model::StudyId,
        /// What was asked for.
        wanted: String,
        /// Those there are.
        versions: String,
    },
    /// There is no saved search of this name.
    #[error("there is no saved search `{0}`")]
    NoSearch(String),
    /// A saved search cannot be read any more.
    #[error("the saved search `{name}` cannot be read: {why}. Remove it and save it again")]
    Unreadable {
        /// The search.
        name: String,
        /// Why.
        why: String,
    },
}

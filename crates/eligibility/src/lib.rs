//! Criteria text to logic that can be evaluated, printed, checked and exported.
//!
//! The text of a study's criteria becomes [`tree::Criteria`]: items that together hold every character of the text,
//! each with a tree of what it says. What was not understood, and what no record can decide, stays in the tree as
//! something for a person. [`notation`] is the tree as JSON, [`english`] the tree in words that are read back;
//! [`export`] writes FHIR and Circe; [`names`] says what ids are called. [`record`] has all that a study says about who
//! may join, [`checks`] what an author should look at, [`compare`] what changed between two versions;
//! [`kept`] keeps what was read as bytes.

pub mod catalogue;
pub mod checks;
pub mod compare;
pub mod english;
pub mod evaluate;
pub mod export;
mod implication;
pub mod interval;
pub mod kept;
mod meaning;
pub mod names;
pub mod notation;
pub mod note;
mod own;
pub mod places;
pub mod read;
pub mod record;
pub mod relax;
pub mod stated;
mod sudden;
pub mod tree;
pub mod volunteers;
mod wording;

pub use record::Eligibility;
pub use tree::{Criteria, Item, Node, Op};
pub use wording::unit as unit_in_words;

//! The field's nouns: studies, people, facts, ids, dates, ages, pieces, issues.
//!
//! Nothing here reads a file, a clock or a network. The canonical record is the JSON of
//! ClinicalTrials.gov's API v2 ([`serde_json::Value`], key order kept); [`Study`] is its typed
//! reading; [`piece`] is the one table of field names that everything else is driven by.

pub mod age;
pub mod area;
pub mod birth;
pub mod country;
pub mod derived;
pub mod enums;
pub mod fact;
pub mod identity;
pub mod issue;
pub mod markup;
pub mod nct_id;
pub mod partial_date;
pub mod piece;
pub mod study;
pub mod study_id;
pub mod subject;
pub mod value;

pub use age::{Age, AgeUnit};
pub use area::{Area, WeightedPiece};
pub use birth::{Birth, StatedAge};
pub use fact::{Certainty, Coding, Fact, FactKind, FactStatus, Problem, Source, What};
pub use identity::{Dispute, Identity, Same};
pub use issue::{Issue, IssueKind, Place};
pub use nct_id::NctId;
pub use partial_date::PartialDate;
pub use piece::{Kind, Piece};
pub use study::Study;
pub use study_id::{Register, StudyId};
pub use subject::{Death, Period, Sex, Subject};
pub use value::{Comparator, Interval, Quantity, Range, ReferenceRange, Value};

/// An exact decimal number: values and bounds are compared as decimals, never as floats.
pub use rust_decimal::Decimal;

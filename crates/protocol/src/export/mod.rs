//! Protocols in the notations of others: CDISC's study definitions (USDM) and FHIR.
//!
//! Both take what the compiled protocol says; what has no place in a notation, or what the record does not say and the
//! notation asks for, is listed with the result.

pub mod fhir;
mod moments;
mod terms;
pub mod usdm;

use serde_json::Value;

/// A document, and what it could not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// The document.
    pub document: Value,
    /// What could not be expressed, and what was asked for and is not known; each a sentence.
    pub missing: Vec<String>,
}

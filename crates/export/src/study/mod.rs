//! One study in other formats than the registry's JSON.

pub mod csv;
pub mod fhir_codes;
pub mod fhir_r4;
pub mod fhir_r5;
pub mod ris;
pub mod zip;

use model::NctId;

/// Where the registry keeps a document of a study.
pub fn document_address(id: NctId, file: &str) -> String {
    format!("https://cdn.clinicaltrials.gov/large-docs/{:02}/{id}/{file}", id.number() % 100)
}

/// A name of a column or a tag that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The name.
    pub name: String,
    /// What was probably meant.
    pub near: Vec<String>,
}

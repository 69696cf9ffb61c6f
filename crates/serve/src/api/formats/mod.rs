//! A study in other formats than the registry's JSON.

pub(crate) mod csv;
pub(crate) mod fhir_r4;
pub(crate) mod fhir_r5;
pub(crate) mod ris;
pub(crate) mod zip;

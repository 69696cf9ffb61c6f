//! Records of other registries, and the formats in which studies are exchanged, to the canonical record.
//!
//! Each is mapped by a table of `docs/formats.md`. What a source cannot say is absent; what it says in a way that can
//! mean several things is absent too, and told; what has no place in the canonical record is told with its place,
//! and stays in the record as received.

mod bundle;
mod ctis;
mod draft;
mod fhir;
mod flat;
mod html;
mod ictrp;
mod isrctn;
mod seen;
mod usdm;
mod words;

pub(crate) use bundle::{Split, split};
pub(crate) use flat::is_header;

use model::Issue;

use crate::{Converted, Format, Raw};

/// Converts one record of another registry.
///
/// # Errors
/// An issue with its place if the record cannot be read, or `NoId` if it names no id of a registry we know.
pub(crate) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    match raw.format {
        Format::IctrpCsv => ictrp::convert(raw, flat::row(raw)?),
        Format::Isrctn => isrctn::convert(raw),
        Format::Ctis => ctis::convert(raw),
        Format::Fhir => fhir::convert(raw),
        Format::Usdm => usdm::convert(raw),
        _ => ictrp::convert(raw, flat::element(raw)?),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

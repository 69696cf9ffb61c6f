//! Captured pages of the aggregator sites.

use model::{Issue, IssueKind};

use crate::{Converted, Format, Raw};

/// Which site's page this text is.
pub fn recognise(_text: &str) -> Option<Format> {
    None
}

/// Turns a page into the canonical record as far as the page tells it.
pub fn convert(raw: &Raw) -> Result<Converted, Issue> {
    Err(Issue::new(IssueKind::UnknownFormat, "pages are not read yet", raw.place.clone()))
}

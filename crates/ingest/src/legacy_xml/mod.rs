//! Legacy XML: one `clinical_study` to the canonical record.

use model::{Issue, IssueKind};

use crate::{Converted, Raw};

/// Turns a `clinical_study` element into the canonical record.
pub fn convert(raw: &Raw) -> Result<Converted, Issue> {
    Err(Issue::new(IssueKind::UnknownFormat, "legacy XML is not read yet", raw.place.clone()))
}

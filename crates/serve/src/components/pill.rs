//! Overall status as a pill: a sign and a word, never colour alone.

use maud::{Markup, html};
use model::enums;

/// The pill of a status (wire value).
pub(crate) fn status(value: &str) -> Markup {
    let (class, sign) = match value {
        "RECRUITING" | "AVAILABLE" | "ENROLLING_BY_INVITATION" => ("open", "●"),
        "NOT_YET_RECRUITING" | "APPROVED_FOR_MARKETING" => ("soon", "○"),
        "ACTIVE_NOT_RECRUITING" | "TEMPORARILY_NOT_AVAILABLE" | "SUSPENDED" => ("held", "◐"),
        "COMPLETED" => ("done", "✓"),
        "TERMINATED" | "WITHDRAWN" | "NO_LONGER_AVAILABLE" => ("ended", "✕"),
        _ => ("unknown", "?"),
    };
    html! { span class={ "pill " (class) } { span aria-hidden="true" { (sign) " " } (enums::label("Status", value)) } }
}

//! Findings on the protocol in the shape of those on criteria, so that both are printed alike.

use eligibility::{checks::Finding, tree::Span};

/// A finding whose words stand in `value`.
pub fn finding(found: protocol::checks::Finding, value: &str) -> Finding {
    let bytes = found.quote.as_ref().and_then(|quote| quote.bytes(value));
    let span = bytes.map(|range| Span { start: range.start as u32, end: range.end as u32 });
    Finding {
        check: found.check,
        severity: found.severity,
        item: None,
        span,
        other: None,
        quote: found.quote.map(|quote| quote.text).unwrap_or_default(),
        message: found.message,
        explanation: found.explanation,
        remedy: found.remedy,
    }
}

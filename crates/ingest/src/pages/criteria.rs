//! Inclusion and exclusion lists, put together again as the registry prints them.

use model::IssueKind;

use super::{
    layout::{self, Section, printed},
    record::{Record, Span},
};

const PATH: &str = "eligibilityModule.eligibilityCriteria";

/// Puts the two lists of a page together: heading, blank line, items.
pub(super) fn put(record: &mut Record<'_>, sections: &[Section<'_, '_>]) {
    let mut text = String::new();
    let mut span: Option<Span> = None;
    for section in sections {
        let heading = match section.name.to_lowercase().as_str() {
            "inclusion criteria" => "Inclusion Criteria:",
            "exclusion criteria" => "Exclusion Criteria:",
            _ => continue,
        };
        let Some(extent) = layout::extent(section.lines) else { continue };
        let items = layout::markup(section.lines);
        text.push_str(if text.is_empty() { "" } else { "\n\n" });
        text.push_str(&format!("{heading}\n\n{items}"));
        let start = span.map_or(section.heading.start, |s| s.start);
        span = Some(Span::new(start, extent.end));
        note_markers(record, section);
    }
    if let Some(span) = span {
        record.put_value(PATH, text, span);
    }
}

/// Reports a list that a page numbers twice the same: the numbers are kept as printed.
fn note_markers(record: &mut Record<'_>, section: &Section<'_, '_>) {
    let number = |text: &str| text.split_once(". ").and_then(|(n, _)| n.parse::<u32>().ok());
    let base = printed(section.lines).iter().map(|l| l.indent).min().unwrap_or(0);
    let lines = printed(section.lines).into_iter().filter(|l| l.indent == base);
    let numbers: Vec<_> = lines.filter_map(|l| Some((number(l.text)?, l.start))).collect();
    if let Some(w) = numbers.windows(2).find(|w| w[1].0 != w[0].0 + 1) {
        let what = format!("item {} follows item {}; the numbers are kept as printed", w[1].0, w[0].0);
        record.note(IssueKind::Contradiction, what, PATH, w[1].1);
    }
}

//! An eligibility text split at its headings, every line kept, every item with an address.

use maud::{Markup, html};
use model::markup::unescape;

use super::markdown::{Line, Marker, cut, span};

/// Part of an eligibility text under one heading.
#[derive(Debug)]
pub(crate) struct Section<'t> {
    /// Which side it is on.
    pub side: Side,
    /// The heading as written; empty for text before any.
    pub heading: String,
    /// The lines below it.
    pub lines: Vec<Line<'t>>,
}

/// What a section's items mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Must hold.
    Inclusion,
    /// Must not hold.
    Exclusion,
    /// Under a heading that does not say.
    Other,
}

/// Splits a text. What stands before any heading counts as inclusion (registry's habit), under no heading.
pub(crate) fn split(text: &str) -> Vec<Section<'_>> {
    let mut out: Vec<Section<'_>> = Vec::new();
    for line in text.lines().map(str::trim_end).filter(|l| !l.trim().is_empty()) {
        if let Some((side, heading, rest)) = heading(line) {
            out.push(Section { side, heading, lines: Vec::new() });
            if rest.is_empty() {
                continue;
            }
            push(&mut out, cut(rest));
        } else {
            push(&mut out, cut(line));
        }
    }
    out
}

fn push<'t>(sections: &mut Vec<Section<'t>>, line: Line<'t>) {
    if sections.is_empty() {
        sections.push(Section { side: Side::Inclusion, heading: String::new(), lines: Vec::new() });
    }
    sections.last_mut().expect("pushed above").lines.push(line);
}

/// The heading a line is or begins with, and what follows it on the line.
fn heading(line: &str) -> Option<(Side, String, &str)> {
    let whole = plain(line);
    if whole.chars().count() <= 70
        && let Some(side) = side_of(&whole, line.trim_end().ends_with(':'))
    {
        return Some((side, whole, ""));
    }
    let (head, rest) = line.split_once(':')?;
    let head = plain(head);
    let side = side_of(&head, false).filter(|_| head.chars().count() <= 40)?;
    (side != Side::Other).then(|| (side, head, rest.trim()))
}

/// A line without the marks of a heading.
fn plain(line: &str) -> String {
    let marks: &[char] = &['#', '*', '_', ':', ' ', '\t', '-', '•'];
    unescape(line).trim_matches(marks).to_owned()
}

fn side_of(heading: &str, colon: bool) -> Option<Side> {
    let lower = heading.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let has = |stems: &[&str]| words.iter().any(|w| stems.iter().any(|s| w.starts_with(s)));
    let inclusion = has(&["inclusion", "inclusión", "einschlu"]);
    let exclusion = has(&["exclusion", "exclusión", "ausschlu"]);
    let criteria = has(&["criteri", "critère", "einschlusskriter", "ausschlusskriter"]);
    let short = words.len() <= 2;
    match (inclusion, exclusion) {
        (true, true) if criteria && words.len() <= 6 => Some(Side::Other),
        (true, false)
            if (criteria && words.len() <= 8) || (short && words.len() == 1) || (short && colon) =>
        {
            Some(Side::Inclusion)
        }
        (false, true)
            if (criteria && words.len() <= 8) || (short && words.len() == 1) || (short && colon) =>
        {
            Some(Side::Exclusion)
        }
        (false, false) if lower == "eligibility criteria" || (colon && is_old_heading(heading)) => {
            Some(Side::Other)
        }
        _ => None,
    }
}

/// `DISEASE CHARACTERISTICS`, `PRIOR CONCURRENT THERAPY`: the older cancer studies.
fn is_old_heading(heading: &str) -> bool {
    let letters: Vec<char> = heading.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() > 8 && letters.iter().all(|c| c.is_uppercase()) && heading.contains(' ')
}

/// The text as two kinds of lists; item `n` of a side has the address `#inclusion-n` or `#exclusion-n`.
pub(crate) fn show(text: &str) -> Markup {
    let (mut inclusion, mut exclusion, mut other) = (0, 0, 0);
    html! {
        @for section in split(text) {
            @let counter = match section.side {
                Side::Inclusion => &mut inclusion,
                Side::Exclusion => &mut exclusion,
                Side::Other => &mut other,
            };
            (show_section(&section, counter))
        }
    }
}

fn show_section(section: &Section<'_>, counter: &mut usize) -> Markup {
    let name = match section.side {
        Side::Inclusion => "inclusion",
        Side::Exclusion => "exclusion",
        Side::Other => "criterion",
    };
    let title = if section.heading.is_empty() { "Criteria" } else { &section.heading };
    let steps = steps(&section.lines);
    html! {
        section class={ "criteria " (name) } {
            h3 { (title) }
            @if !section.lines.is_empty() {
                ul.items {
                    @for (line, depth) in section.lines.iter().zip(steps) {
                        @let id = { *counter += 1; format!("{name}-{counter}") };
                        li id=(id) class={ "depth" (depth) @if line.marker.is_none() { " text" } } {
                            a.mark href={ "#" (id) } aria-label={ "Link to " (name) " " (counter) } { (sign(line)) }
                            span { (span(line.text)) }
                        }
                    }
                }
            }
        }
    }
}

fn sign(line: &Line<'_>) -> String {
    match line.marker {
        Some(Marker::Number(n)) => format!("{n}."),
        Some(Marker::Bullet) => "•".to_owned(),
        None => "¶".to_owned(),
    }
}

/// How deep each line lies, from 0 to 4, by the indents above it.
fn steps(lines: &[Line<'_>]) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut step = |line: &Line<'_>| {
        while open.last().is_some_and(|indent| *indent > line.indent) {
            open.pop();
        }
        if open.last() != Some(&line.indent) {
            open.push(line.indent);
        }
        (open.len() - 1).min(4)
    };
    lines.iter().map(&mut step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_headings() {
        let text = "Adults.\n\nKey Inclusion Criteria:\n\n1. Age \\>= 18\n   * or 16 with consent\n\n**Exclusion criteria**\n- Pregnant\nExclusion of other causes was done before";
        let found = split(text);
        let sides: Vec<_> = found.iter().map(|s| (s.side, s.heading.as_str(), s.lines.len())).collect();
        let expected = [
            (Side::Inclusion, "", 1),
            (Side::Inclusion, "Key Inclusion Criteria", 2),
            (Side::Exclusion, "Exclusion criteria", 2),
        ];
        assert_eq!(sides, expected);
    }

    #[test]
    fn knows_headings_from_sentences() {
        for (line, side) in [
            ("Cohort A inclusion criteria:", Some(Side::Inclusion)),
            ("Criterios de exclusión", Some(Side::Exclusion)),
            ("Einschlusskriterien:", Some(Side::Inclusion)),
            ("Criteria for inclusion", Some(Side::Inclusion)),
            ("Inclusion/Exclusion Criteria", Some(Side::Other)),
            ("PATIENT CHARACTERISTICS:", Some(Side::Other)),
            ("Inclusion: adults with asthma", Some(Side::Inclusion)),
            (
                "* Meets the inclusion of the parent study and agreed to be followed for two years at home",
                None,
            ),
            ("HIV:", None),
        ] {
            assert_eq!(heading(line).map(|h| h.0), side, "{line}");
        }
    }

    #[test]
    fn items_have_addresses() {
        let html = show("Inclusion Criteria:\n* a\n* b\nExclusion Criteria:\n* <script>").into_string();
        assert!(html.contains("id=\"inclusion-2\"") && html.contains("id=\"exclusion-1\""));
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
    }
}

//! Criteria as printed and as understood, side by side; every item has an address (`#inclusion-5`).

use std::collections::BTreeMap;

use eligibility::{
    Eligibility, Item, Node, Op,
    checks::{Finding, Severity},
    english,
    names::CatalogueNames,
    tree::{Computable, Residue, Section},
};
use maud::{Markup, html};
use model::markup::unescape;

/// A heading of the text, or an item.
enum Block<'c> {
    Heading(String),
    Item(usize, &'c Item),
}

/// The items; from so many bytes of what was understood on, only their text and level. `more` is where all of it is.
pub(crate) fn show(read: &Eligibility, text: &str, most: usize, more: Option<&str>) -> Markup {
    let findings = read.findings();
    let mut writer = Writer { findings: &findings, used: 0, most, ids: BTreeMap::new() };
    let body = writer.blocks(&blocks(read, text));
    let general = findings.iter().filter(|f| f.item.is_none() && f.severity < Severity::Note);
    html! {
        (legend(read))
        @for finding in general { (warning(finding)) }
        (body)
        @if let Some(more) = more.filter(|_| writer.used > most) {
            p { a href=(more) { "All criteria with what was understood of them" } }
        }
    }
}

/// How many items there are of each level.
fn legend(read: &Eligibility) -> Markup {
    let mut counts: BTreeMap<Computable, usize> = BTreeMap::new();
    for item in read.criteria.items.iter().filter(|item| item.section != Section::Registry) {
        *counts.entry(item.computable).or_default() += 1;
    }
    html! {
        p.legend {
            "As printed, and as read by rules, without a person’s look: "
            @for (n, (level, count)) in counts.into_iter().enumerate() {
                @if n > 0 { ", " }
                (count) " " (mark(level))
            }
        }
    }
}

fn mark(level: Computable) -> Markup {
    html! { span class={ "level " (level.as_str()) } { (level.sign()) " " (level.label()) } }
}

/// Headings and items in the order of the text.
fn blocks<'c>(read: &'c Eligibility, text: &str) -> Vec<Block<'c>> {
    let headings = read.criteria.marks.iter().filter_map(|span| {
        let words = unescape(span.of(text)).trim_matches(MARKS).to_owned();
        let letters = words.chars().filter(|c| c.is_alphabetic()).count();
        (letters > 3).then(|| (span.start, Block::Heading(words)))
    });
    let items = read.criteria.items.iter().enumerate().filter(|(_, i)| i.section != Section::Registry);
    let mut all: Vec<(u32, Block<'c>)> =
        items.map(|(n, item)| (item.span.start, Block::Item(n, item))).chain(headings).collect();
    all.sort_by_key(|(at, block)| (*at, matches!(block, Block::Item(..))));
    all.into_iter().map(|(_, block)| block).collect()
}

/// What stands around the words of a heading.
const MARKS: &[char] = &['#', '*', '_', ':', ' ', '\t', '\n', '\r', '-', '•'];

struct Writer<'w> {
    findings: &'w [Finding],
    /// Bytes of what was understood.
    used: usize,
    most: usize,
    ids: BTreeMap<String, usize>,
}

impl Writer<'_> {
    fn blocks(&mut self, blocks: &[Block<'_>]) -> Markup {
        let mut out = Vec::new();
        let mut section = None;
        let mut rest = blocks;
        while let Some((first, behind)) = rest.split_first() {
            match first {
                Block::Heading(words) => {
                    // A heading of headings only has nothing below it.
                    section = match behind.first() {
                        Some(Block::Item(_, item)) => Some(item.section),
                        _ => None,
                    };
                    out.push(html! { h3 { (words) } });
                    rest = behind;
                }
                Block::Item(_, item) => {
                    let same = |b: &&Block<'_>| matches!(b, Block::Item(_, i) if i.section == item.section);
                    let count = rest.iter().take_while(same).count();
                    if section != Some(item.section) {
                        out.push(html! { h3 { (title(item.section)) } });
                    }
                    section = None;
                    let items: Vec<Markup> = rest[..count]
                        .iter()
                        .filter_map(|b| match b {
                            Block::Item(n, item) => Some(self.item(*n, item)),
                            Block::Heading(_) => None,
                        })
                        .collect();
                    out.push(html! { ul.items { @for item in items { (item) } } });
                    rest = &rest[count..];
                }
            }
        }
        html! { @for part in out { (part) } }
    }

    fn item(&mut self, place: usize, item: &Item) -> Markup {
        let id = self.id(item);
        let name = id.replace('-', " ");
        let understood = (self.used <= self.most).then(|| self.understood(place, item));
        self.used += understood.as_ref().map_or(0, |u| u.0.len());
        html! {
            li id=(id) {
                a.mark href={ "#" (id) } aria-label={ "Link to " (name) } { (item.number) }
                div.said { (said(item)) }
                div.read {
                    @match understood { Some(all) => (all), None => p { (mark(item.computable)) } }
                }
            }
        }
    }

    /// `inclusion-5`; where a number stands twice, the second is `inclusion-5-2`.
    fn id(&mut self, item: &Item) -> String {
        let id = format!("{}-{}", item.section, item.number);
        let times = self.ids.entry(id.clone()).or_default();
        *times += 1;
        if *times == 1 { id } else { format!("{id}-{times}") }
    }

    fn understood(&self, place: usize, item: &Item) -> Markup {
        let here = |f: &&Finding| f.item == Some(place) && f.severity < Severity::Note;
        html! {
            p { (mark(item.computable)) " " (sentence(item)) }
            @if let Some(parts) = parts(item) {
                ul { @for part in parts { (leaf(part, item)) } }
            }
            @for left in &item.residue { @if !left.text.is_empty() { (left_to_a_person(left, item)) } }
            @for finding in self.findings.iter().filter(here) { (warning(finding)) }
        }
    }
}

fn title(section: Section) -> &'static str {
    match section {
        Section::Inclusion => "Inclusion",
        Section::Exclusion => "Exclusion",
        Section::Registry | Section::None => "Criteria",
    }
}

/// What an item says, or the words before its parts.
fn sentence(item: &Item) -> Markup {
    let Some(expr) = &item.expr else { return html! { "No criteria" } };
    let must = match item.polarity {
        Some(eligibility::tree::Polarity::Forbid) => "Must not: ",
        _ => "Must: ",
    };
    match &expr.op {
        Op::And(_) => html! { (must) "all of these" },
        Op::Or(_) => html! { (must) "one of these" },
        // Its words stand on the other side.
        Op::Human { .. } => html! {},
        _ => html! { (must) span data-at=[at(expr, item)] { (english::plain(expr, &CatalogueNames)) } },
    }
}

/// The parts of an item that says several things.
fn parts(item: &Item) -> Option<&[Node]> {
    match &item.expr.as_ref()?.op {
        Op::And(args) | Op::Or(args) => Some(args),
        _ => None,
    }
}

fn leaf(node: &Node, item: &Item) -> Markup {
    html! {
        li data-at=[at(node, item)] {
            @if let Op::Human { .. } = node.op { "for a person, see below" } @else { (english::plain(node, &CatalogueNames)) }
        }
    }
}

/// Where a node's words stand within the item's shown text, in the units of scripts (UTF-16).
fn at(node: &Node, item: &Item) -> Option<String> {
    let start = node.span.start.checked_sub(item.span.start)? as usize;
    let end = node.span.end.checked_sub(item.span.start)? as usize;
    let whole = item.source.trim_end().len();
    let units = |byte: usize| Some(unescape(item.source.get(..byte)?).encode_utf16().count());
    (start < end && (start, end) != (0, whole)).then(|| Some(format!("{},{}", units(start)?, units(end)?)))?
}

/// The text of an item; what is left to people is underlined.
fn said(item: &Item) -> Markup {
    let mut left: Vec<(usize, usize)> = item.residue.iter().filter_map(|r| place(r, item)).collect();
    left.sort_unstable();
    let (mut pieces, mut from) = (Vec::new(), 0);
    for (start, end) in left {
        if start >= from && end > start {
            pieces.push((false, &item.source[from..start]));
            pieces.push((true, &item.source[start..end]));
            from = end;
        }
    }
    pieces.push((false, &item.source[from..]));
    html! {
        @for (left, piece) in pieces {
            @if left { u { (unescape(piece)) } } @else { (unescape(piece)) }
        }
    }
}

fn place(left: &Residue, item: &Item) -> Option<(usize, usize)> {
    let start = item.source.find(left.text.as_str()).filter(|_| !left.text.is_empty())?;
    Some((start, start + left.text.len()))
}

fn left_to_a_person(left: &Residue, item: &Item) -> Markup {
    let whole = left.text.len() + 2 >= item.source.trim().len();
    html! {
        p.left {
            "? left to a person: " (left.reason)
            @if !whole { " (" u { (short(&left.text)) } ")" }
        }
    }
}

/// The beginning of words that stand beside it in full.
fn short(words: &str) -> String {
    let words = unescape(words);
    match words.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words.into_owned(),
    }
}

fn warning(finding: &Finding) -> Markup {
    let sign = if finding.severity == Severity::Error { "✕" } else { "⚠" };
    html! {
        p.warning { strong { (sign) " " (finding.severity) ":" } " " (quoted(&finding.message)) "; " (quoted(&finding.remedy)) }
    }
}

/// Words between backticks as quotations.
fn quoted(text: &str) -> Markup {
    html! {
        @for (n, piece) in text.split('`').enumerate() {
            @if n % 2 == 1 { q { (piece) } } @else { (piece) }
        }
    }
}

#[cfg(test)]
mod tests {
    use eligibility::{
        read::{Options, Reader},
        stated::Stated,
    };

    use super::*;

    fn shown(text: &str, most: usize) -> String {
        let criteria = Reader::new().read(text, Options::default());
        let read = Eligibility { criteria, stated: Stated::default(), elsewhere: String::new() };
        show(&read, text, most, Some("/all")).into_string()
    }

    #[test]
    fn items_have_addresses_under_the_headings_of_the_text() {
        let html =
            shown("Inclusion Criteria:\n* Adults\n* Asthma\nKey exclusion criteria:\n* <script>", 10_000);
        assert!(html.contains("id=\"inclusion-2\"") && html.contains("id=\"exclusion-1\""), "{html}");
        assert!(
            html.contains("<h3>Inclusion Criteria</h3>") && html.contains("<h3>Key exclusion criteria</h3>")
        );
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
    }

    #[test]
    fn escapes_are_undone_and_places_count_what_is_shown() {
        let html = shown("Inclusion Criteria:\n* BMI \\>= 30 kg/m2 and HbA1c \\< 9 %", 10_000);
        assert!(html.contains("BMI &gt;= 30") && html.contains("data-at=\"0,15\""), "{html}");
    }

    #[test]
    fn what_was_understood_is_cut_the_text_is_not() {
        let html = shown("Inclusion Criteria:\n* Asthma\n* Stroke", 1);
        assert!(html.contains("Stroke") && html.contains("href=\"/all\""), "{html}");
        assert_eq!(html.matches("Must").count(), 1);
    }
}

//! The text cut into sections and items.
//!
//! An item begins behind a bullet or number and ends before the next one of its level; deeper ones are parts of it.
//! Without bullets an item is a paragraph, or a line where lines do not run on. Headings of sections and the bullets
//! themselves are kept as marks: together with the items they cover every character that is not blank.

use std::cell::RefCell;

use super::cohort::{Cohort, cohort, cohort_of_section};
use super::heading::{heading, inner_heading};
use super::label::{Label, is_of_people, is_treatment, label};
use super::memo::Memo;
use super::run_on;
use crate::tree::Section;

/// A text cut up. All places are bytes of the text as read.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The items in order.
    pub blocks: Vec<Block>,
    /// Headings and bullets.
    pub marks: Vec<(usize, usize)>,
}

/// An item and its parts.
#[derive(Clone, Debug)]
pub struct Block {
    /// Under which heading.
    pub section: Section,
    /// Printed or counted, from 1.
    pub number: u32,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Its lines that have a bullet or number of their own, with their depth; the first has depth 0.
    pub parts: Vec<Part>,
    /// Whether its parts of depth 0 are alternatives.
    pub either: bool,
    /// The heading of the cohort it is about.
    pub cohort: Option<(usize, usize)>,
    /// What the label above it says of it, and the bytes of the label.
    pub label: Option<(Label, (usize, usize))>,
    /// Words of a heading printed inside it that belongs to what follows.
    pub layout: Option<(usize, usize)>,
}

/// A part of an item with a marker of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How deep, from 0.
    pub depth: usize,
    /// Where its text begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// Cuts a text. What stands before any heading is in `first`.
pub fn cut(text: &str, first: Section) -> Outline {
    let mut cutter = Cutter {
        text,
        section: first,
        headed: first,
        cohort: None,
        label: None,
        outline: Outline::default(),
        stack: Vec::new(),
        counts: [0; 4],
        marked: false,
        run_on: runs_on(text),
        after_blank: true,
        last_line: (0, 0),
    };
    for (start, end) in lines(text) {
        cutter.line(start, end);
    }
    cutter.finish()
}

/// The lines of a text; a long one is also cut before a heading of exclusion within it, and where lines were run
/// together.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::with_capacity(text.len() / 64 + 1);
    let mut start = 0;
    while start < text.len() {
        let length = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[start..]);
        let end = length.map_or(text.len(), |length| start + length + 1);
        let line = &text[start..end];
        let mut cuts = run_on::beginnings(line, line.len() - without_blanks(line).len());
        cuts.extend(inner_heading(line).filter(|_| cuts.is_empty()));
        let mut from = 0;
        for at in cuts.into_iter().chain([line.len()]) {
            found.push((start + from, start + at));
            from = at;
        }
        start = end;
    }
    found
}

/// Whether lines without bullets run on: most break in mid-sentence.
fn runs_on(text: &str) -> bool {
    let (mut count, mut broken) = (0, 0);
    let mut previous = "";
    for line in text.lines() {
        let body = without_blanks(line);
        if body.is_empty() {
            continue;
        }
        let breaks = previous.len() >= 50
            && body.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
            && is_broken(previous.trim_end())
            && marker(line).is_none();
        broken += usize::from(breaks);
        count += 1;
        previous = line;
    }
    count > 1 && broken * 4 >= count - 1
}

/// Whether a line is long and does not end as sentences and items do.
fn is_broken(line: &str) -> bool {
    line.len() >= 50 && !line.ends_with(['.', ';', ':']) && line.chars().count() >= 50
}

/// A line without the blanks before it, of which some records have many.
fn without_blanks(line: &str) -> &str {
    let blanks = line.bytes().take_while(|b| *b == b' ').count();
    line[blanks..].trim_start()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Bullet(char),
    Number,
    Letter,
    Roman,
    Paren,
    /// A line that leads the bullets below it.
    Lead,
}

struct Marker {
    style: Style,
    /// The bytes of the marker with the blanks behind it.
    len: usize,
    /// The marker alone.
    sign: usize,
    number: Option<u32>,
}

struct Level {
    indent: usize,
    style: Style,
}

struct Cutter<'t> {
    text: &'t str,
    section: Section,
    /// The section of the last heading, whatever labels below it say.
    headed: Section,
    cohort: Option<(usize, usize)>,
    label: Option<(Label, (usize, usize))>,
    outline: Outline,
    stack: Vec<Level>,
    counts: [u32; 4],
    marked: bool,
    run_on: bool,
    after_blank: bool,
    last_line: (usize, usize),
}

impl Cutter<'_> {
    fn line(&mut self, start: usize, end: usize) {
        let line = &self.text[start..end];
        let body = without_blanks(line);
        if body.is_empty() {
            self.after_blank = true;
            return;
        }
        let lead = line.len() - body.len();
        let (from, to) = (start + lead, start + lead + body.trim_end().len());
        if !self.heading(from, to) {
            self.content(from, to, indent(&line[..lead]));
        }
        self.after_blank = false;
        self.last_line = (from, to);
    }

    /// Takes a line as a heading, if it is one; what follows its colon is content.
    pub fn heading(&mut self, from: usize, to: usize) -> bool {
        let line = &self.text[from..to];
        let found = heading(line);
        let opens_section = matches!(found, Some((Some(_), _)));
        if !opens_section && self.labelled(from, to) {
            self.outline.marks.push((from, to));
            self.stack.clear();
            self.marked = false;
            return true;
        }
        let Some((section, len)) = found else { return false };
        self.label = None;
        if let Some(section) = section {
            (self.section, self.headed) = (section, section);
            self.cohort = cohort_of_section(&line[..len]).then_some((from, from + len));
        }
        self.outline.marks.push((from, from + len));
        self.stack.clear();
        self.marked = false;
        let rest = self.text[from + len..to].trim_start();
        if !rest.is_empty() {
            self.content(to - rest.len(), to, 0);
        }
        true
    }

    /// Takes a line as the heading of a cohort or as a label.
    fn labelled(&mut self, from: usize, to: usize) -> bool {
        let line = &self.text[from..to];
        if is_longer_than_labels(line) {
            return false;
        }
        let (cohort, label) = heads(line);
        if let Some(named) = cohort {
            // `Excluded in part B only:`
            if line.get(..8).is_some_and(|w| w.eq_ignore_ascii_case("excluded")) {
                self.section = Section::Exclusion;
            }
            self.cohort = (named == Cohort::Named).then_some((from, to));
            self.label = None;
            return true;
        }
        let Some(label) = label else { return false };
        match label {
            Label::Excluded => self.section = Section::Exclusion,
            Label::Required => self.section = Section::Inclusion,
            Label::AnyOf => return false,
            Label::Plain | Label::Allowed | Label::About(_) => {}
        }
        self.label = Some((label, (from, to)));
        true
    }

    fn content(&mut self, from: usize, to: usize, indent: usize) {
        let Some(marker) = marker(&self.text[from..to]).filter(|m| self.plausible(m, from)) else {
            return self.unmarked(from, to, indent);
        };
        let (sign, body) = ((from, from + marker.sign), from + marker.len);
        self.marked = true;
        let depth = self.depth(indent, marker.style);
        if depth == 0 && self.ends_in_or() {
            if let Some(block) = self.outline.blocks.last_mut() {
                block.either = true;
                block.parts.push(Part { depth, start: body, end: to });
                block.end = to;
            }
        } else if depth == 0 || self.outline.blocks.last().is_none_or(|b| b.section != self.section) {
            self.outline.marks.push(sign);
            self.open(body, to, marker.number);
        } else if let Some(block) = self.outline.blocks.last_mut() {
            block.parts.push(Part { depth, start: body, end: to });
            block.end = to;
        }
        // `1. a) text`: a marker within a marker.
        if let Some(inner) = self::marker(&self.text[body..to])
            && matches!(inner.style, Style::Letter | Style::Paren)
            && inner.number == Some(1)
            && let Some(block) = self.outline.blocks.last_mut()
        {
            block.parts.push(Part { depth: depth + 1, start: body + inner.len, end: to });
        }
    }

    /// Whether the last item ends in `OR`: what follows is its alternative.
    fn ends_in_or(&self) -> bool {
        let (Some(block), Some(mark)) = (self.outline.blocks.last(), self.outline.marks.last()) else {
            return false;
        };
        let text = &self.text[block.start..block.end];
        let or = [" OR", "; or", ", or"].iter().any(|or| text.ends_with(or));
        or && block.section == self.section && mark.1 <= block.start && text.len() > 6
    }

    /// How deep a marker lies, by its indent and style and by those above it.
    fn depth(&mut self, indent: usize, style: Style) -> usize {
        while self.stack.last().is_some_and(|level| level.indent > indent) {
            self.stack.pop();
        }
        let same = |level: &Level| level.indent == indent && level.style == style;
        if let Some(at) = self.stack.iter().position(same) {
            self.stack.truncate(at + 1);
            return at;
        }
        let level_here = self.stack.last().is_some_and(|level| level.indent == indent);
        let introduced = self.text[self.last_line.0..self.last_line.1].ends_with(':');
        let sub_style = matches!(style, Style::Letter | Style::Paren | Style::Roman);
        if level_here && !introduced && !sub_style {
            // Another sign at the same place: the same level, written differently.
            if let Some(level) = self.stack.last_mut() {
                level.style = style;
            }
            return self.stack.len() - 1;
        }
        self.stack.push(Level { indent, style });
        self.stack.len() - 1
    }

    fn unmarked(&mut self, from: usize, to: usize, indent: usize) {
        let previous = &self.text[self.last_line.0..self.last_line.1];
        let line = &self.text[from..to];
        let closed = previous.ends_with(['.', ';', ':', ',']) || previous.len() < 40;
        let goes_on = match self.outline.blocks.last() {
            // What stands below a heading is not of the item above it.
            Some(block)
                if block.section == self.section
                    && self.outline.marks.last().is_none_or(|mark| mark.0 < block.end) =>
            {
                if self.marked {
                    let below = self.stack.first().is_some_and(|level| indent > level.indent);
                    let small = line.starts_with(|c: char| c.is_lowercase());
                    below
                        || small
                        || previous.ends_with([':', ','])
                        || !previous.ends_with(['.', ';']) && !self.after_blank && previous.len() > 60
                } else {
                    self.run_on && !self.after_blank && previous.len() >= 40
                        || line.starts_with(|c: char| c.is_lowercase()) && !closed && !self.after_blank
                }
            }
            _ => false,
        };
        if !goes_on {
            // Bullets, and then a sentence of its own: what the label says is over.
            if self.marked && self.label.is_some() && is_of_people(line) {
                (self.label, self.section) = (None, self.headed);
            }
            self.stack.clear();
            // `Any of the following:`, and the bullets below it.
            if matches!(label(line), Some(Label::AnyOf)) {
                self.stack.push(Level { indent, style: Style::Lead });
                self.marked = true;
            }
            return self.open(from, to, None);
        }
        let Some(block) = self.outline.blocks.last_mut() else { return };
        block.end = to;
        if let Some(part) = block.parts.last_mut() {
            part.end = to;
        }
        block.layout = (self.after_blank && line.ends_with(':')).then_some((from, to));
    }

    fn open(&mut self, start: usize, end: usize, printed: Option<u32>) {
        let count = &mut self.counts[self.section as usize];
        *count = printed.filter(|n| n > count).unwrap_or(*count + 1);
        let part = Part { depth: 0, start, end };
        let (section, number, cohort, label) = (self.section, *count, self.cohort, self.label);
        self.outline.blocks.push(Block {
            section,
            number,
            start,
            end,
            parts: vec![part],
            either: false,
            cohort,
            label,
            layout: None,
        });
    }

    /// A number is a marker only in sequence: `20 ≤ age` and `3-5 days` begin with a value.
    fn plausible(&self, marker: &Marker, from: usize) -> bool {
        match (marker.style, marker.number) {
            (Style::Number, Some(n)) => {
                n <= 200 && !self.text[from + marker.len..].starts_with(['≤', '<', '≥', '>'])
            }
            (Style::Letter | Style::Roman, Some(n)) => {
                n == 1 || self.stack.iter().any(|level| matches!(level.style, Style::Letter | Style::Roman))
            }
            _ => true,
        }
    }

    fn finish(mut self) -> Outline {
        for block in &mut self.outline.blocks {
            // A heading at the very end belongs to nothing that follows.
            block.layout = block.layout.filter(|layout| layout.1 == block.end);
        }
        self.outline.blocks.retain(|block| block.end > block.start);
        self.outline
    }
}

/// The cohort that a line heads, and what it labels.
type Heads = (Option<Cohort>, Option<Label>);

/// What a line heads.
fn heads(line: &str) -> Heads {
    thread_local! {
        /// The records of one sponsor have the same labels again.
        static KNOWN: RefCell<Memo<Heads, { 1 << 10 }>> = RefCell::new(Memo::default());
    }
    let find = || {
        // As a bullet the name of a treatment is a criterion.
        let label = label(line).filter(|_| !is_treatment(line) || marker(line).is_none());
        (cohort(line), label)
    };
    if line.len() > LONGEST_KNOWN {
        return find();
    }
    KNOWN.with_borrow_mut(|known| *known.get(vocabulary::fingerprint(line.as_bytes()), find))
}

/// Of lines no longer than this is remembered what they head.
const LONGEST_KNOWN: usize = 48;

/// Whether a line has no colon at its end and more words than headings and labels without one have: most lines.
fn is_longer_than_labels(line: &str) -> bool {
    // What a cohort may begin with does not count.
    let counts = |word: &&[u8]| {
        word.first().is_some_and(u8::is_ascii_alphanumeric)
            && ![&b"for"[..], b"in", b"the", b"only"].iter().any(|lead| word.eq_ignore_ascii_case(lead))
    };
    line.as_bytes().split(|b| *b == b' ').filter(counts).nth(3).is_some()
        && !line.trim_end_matches(['*', '_', ' ']).ends_with(':')
}

fn indent(blank: &str) -> usize {
    blank.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// The bullet or number that a line begins with.
fn marker(line: &str) -> Option<Marker> {
    let first = line.chars().next()?;
    let found = |style, sign: usize, number| {
        let len = sign + (line[sign..].len() - line[sign..].trim_start().len());
        (len < line.len()).then_some(Marker { style, len, sign, number })
    };
    let blank_behind = |sign: usize| line[sign..].starts_with(char::is_whitespace);
    match first {
        '•' | '▪' | '◦' | '●' | '■' | '□' | '○' | '➢' | '✓' | '\u{f0b7}' | '§' | '·' => {
            found(Style::Bullet(first), first.len_utf8(), None)
        }
        '-' | '–' | '—' | '*' | '+' | 'o' if blank_behind(first.len_utf8()) => {
            found(Style::Bullet(first), first.len_utf8(), None)
        }
        '-' | '*' if line[1..].starts_with(|c: char| c.is_alphabetic()) => {
            found(Style::Bullet(first), 1, None)
        }
        '①'..='⑳' => found(Style::Paren, first.len_utf8(), Some(u32::from(first) - u32::from('①') + 1)),
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '(' | '#' => numbered(line).and_then(|(style, sign, n)| {
            // `1.5 mg` is a value; `1.Age` is not.
            let next = line[sign..].chars().next()?;
            let glued = style == Style::Number && (next.is_alphabetic() || next == '*');
            (next.is_whitespace() || glued || style == Style::Paren).then(|| found(style, sign, n)).flatten()
        }),
        _ => None,
    }
}

/// `1.`, `1)`, `(1)`, `1、`, `a.`, `a)`, `(a)`, `iv.`, `I.`: its style, length and value.
fn numbered(line: &str) -> Option<(Style, usize, Option<u32>)> {
    let open = usize::from(line.starts_with(['(', '#']));
    let body = &line[open..];
    let len = body.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let word = &body[..len];
    let close = body[len..].chars().next()?;
    if len == 0 || len > 4 || !matches!(close, '.' | ')' | '、' | ':' | '-') || close == ':' && open == 0 {
        return None;
    }
    let mut sign = open + len + close.len_utf8();
    let number = word.parse::<u32>().ok();
    if close == '-' && (number.is_none() || !line[sign..].starts_with(' ')) {
        return None;
    }
    // `1.1.` and `2.3 text`: a number of several parts, deeper than one.
    let mut parts = 1;
    while number.is_some() && close == '.' {
        let more = line[sign..].bytes().take_while(u8::is_ascii_digit).count();
        if more == 0 || more > 2 || !line[sign + more..].starts_with(['.', ' ', ')']) {
            break;
        }
        // `2.3 mg` would be a value: one with a point behind it is not.
        if !line[sign + more..].starts_with(['.', ')']) {
            return None;
        }
        sign += more + 1;
        parts += 1;
    }
    if let Some(n) = number {
        return Some((if open > 0 || parts > 1 { Style::Paren } else { Style::Number }, sign, Some(n)));
    }
    let roman = roman(word);
    if len == 1 && word != "i" && word != "I" {
        let letter = word.bytes().next()?.to_ascii_lowercase();
        let style = if open > 0 { Style::Paren } else { Style::Letter };
        return Some((style, sign, Some(u32::from(letter - b'a') + 1)));
    }
    roman.map(|n| (if open > 0 { Style::Paren } else { Style::Roman }, sign, Some(n)))
}

fn roman(word: &str) -> Option<u32> {
    const NUMERALS: [&str; 15] =
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"];
    let lower = word.to_ascii_lowercase();
    NUMERALS.iter().position(|n| *n == lower).map(|i| i as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<(Section, u32, String)> {
        let outline = cut(text, Section::Inclusion);
        outline.blocks.iter().map(|b| (b.section, b.number, text[b.start..b.end].to_owned())).collect()
    }

    fn check(text: &str, expected: &[(Section, u32, &str)]) {
        let found = items(text);
        let found: Vec<_> = found.iter().map(|(s, n, t)| (*s, *n, t.as_str())).collect();
        assert_eq!(found, expected);
    }

    const IN: Section = Section::Inclusion;
    const EX: Section = Section::Exclusion;

    #[test]
    fn sections_and_bullets() {
        check(
            "Inclusion Criteria:\n\n* Age 18\n* BMI\n  over 30\n\nExclusion Criteria:\n\n1. Pregnant\n2. HIV:\n   a) treated\n   b) not",
            &[
                (IN, 1, "Age 18"),
                (IN, 2, "BMI\n  over 30"),
                (EX, 1, "Pregnant"),
                (EX, 2, "HIV:\n   a) treated\n   b) not"),
            ],
        );
    }

    #[test]
    fn values_are_no_numbers_of_items() {
        check(
            "20 ≤ age\n24.0 kg/m2 ≤ BMI\n3-5 days of fever",
            &[(IN, 1, "20 ≤ age"), (IN, 2, "24.0 kg/m2 ≤ BMI"), (IN, 3, "3-5 days of fever")],
        );
    }

    #[test]
    fn headings_of_other_languages() {
        check(
            "Einschlusskriterien:\n- Alter\nAusschlusskriterien:\n- HIV",
            &[(IN, 1, "Alter"), (EX, 1, "HIV")],
        );
        check("Critères de non inclusion\n- VIH", &[(EX, 1, "VIH")]);
        check("Criterios de exclusión:\n- VIH", &[(EX, 1, "VIH")]);
    }

    #[test]
    fn a_sentence_is_no_heading() {
        check(
            "Exclusion of other causes was done before the study by the centre",
            &[(IN, 1, "Exclusion of other causes was done before the study by the centre")],
        );
    }
}

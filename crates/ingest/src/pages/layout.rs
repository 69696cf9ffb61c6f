//! A page as lines, and the sections that a site's headings cut it into.

use super::record::{Record, Span, escaped};

/// A line without the blanks around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    pub text: &'t str,
    /// Byte of the page where the text begins.
    pub start: usize,
    /// Width of the blanks before it, in characters.
    pub indent: usize,
}

impl Line<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn span(&self) -> Span {
        Span::new(self.start, self.end())
    }

    /// The span of a part of this line's text; of the whole line if `part` is a text of its own.
    pub fn part(&self, part: &str) -> Span {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        match offset.filter(|at| at + part.len() <= self.text.len()) {
            Some(at) => Span::new(self.start + at, self.start + at + part.len()),
            None => self.span(),
        }
    }
}

/// A heading of a site, and what its first line must look like for it to be the heading and not running text.
pub(super) struct Heading {
    pub name: &'static str,
    pub fits: fn(&str) -> bool,
}

/// The lines below a heading.
pub(super) struct Section<'p, 't> {
    pub name: &'static str,
    pub heading: Line<'t>,
    pub lines: &'p [Line<'t>],
}

pub(super) fn any(_: &str) -> bool {
    true
}

/// Without blanks and byte order marks.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// The lines of a page.
pub(super) fn lines(page: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut out = Vec::new();
    for whole in page.split_inclusive('\n') {
        let text = trim(whole);
        let before = whole.len() - whole.trim_start_matches(|c: char| !text.starts_with(c)).len();
        let before = if text.is_empty() { 0 } else { before };
        out.push(Line { text, start: start + before, indent: whole[..before].chars().count() });
        start += whole.len();
    }
    out
}

/// Cuts lines into what stands before the first heading and the sections. A heading counts only behind the one
/// before it in the site's order, and only if what follows fits it.
pub(super) fn sections<'p, 't>(
    lines: &'p [Line<'t>],
    headings: &[Heading],
) -> (&'p [Line<'t>], Vec<Section<'p, 't>>) {
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    let mut next = 0;
    for (at, line) in lines.iter().enumerate() {
        let place = headings[next..].iter().position(|h| h.name == line.text);
        let Some(place) = place.map(|p| p + next) else { continue };
        let first = lines[at + 1..].iter().map(|l| l.text).find(|t| !t.is_empty()).unwrap_or_default();
        if first.is_empty() || (headings[place].fits)(first) {
            found.push((at, headings[place].name));
            next = place + 1;
        }
    }
    let before = &lines[..found.first().map_or(lines.len(), |f| f.0)];
    let ends = found.iter().skip(1).map(|f| f.0).chain([lines.len()]);
    let cut = found.iter().zip(ends);
    let cut = cut.map(|((at, name), end)| Section { name, heading: lines[*at], lines: &lines[at + 1..end] });
    (before, cut.collect())
}

/// The lines that are not blank.
pub(super) fn printed<'t>(lines: &[Line<'t>]) -> Vec<Line<'t>> {
    lines.iter().copied().filter(|l| !l.text.is_empty()).collect()
}

/// The page text from the first to the last of these lines that is not blank.
pub(super) fn extent(lines: &[Line<'_>]) -> Option<Span> {
    let printed = printed(lines);
    Some(Span::new(printed.first()?.start, printed.last()?.end()))
}

/// Puts running text at a markup path: paragraphs apart by one blank line, list marks as the registry writes them.
pub(super) fn put_prose(record: &mut Record<'_>, path: &str, lines: &[Line<'_>]) {
    if let Some(span) = extent(lines) {
        record.put_value(path, markup(lines), span);
    }
}

/// Lines as the registry's markup: escaped, `•` as `*`, indents of nested lists kept, at most one blank line in a row.
pub(super) fn markup(lines: &[Line<'_>]) -> String {
    let base = lines.iter().filter(|l| !l.text.is_empty()).map(|l| l.indent).min().unwrap_or(0);
    let mut out = String::new();
    let mut blank = false;
    for line in lines {
        if line.text.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        out.push_str(if out.is_empty() { "" } else { "\n" });
        out.push_str(if blank { "\n" } else { "" });
        blank = false;
        out.extend(std::iter::repeat_n(' ', line.indent - base));
        out.push_str(&item(line.text));
    }
    out
}

fn item(text: &str) -> String {
    let bullet = ['•', '◦', '▪', '‣', '*'].into_iter().find_map(|b| text.strip_prefix(b)?.strip_prefix(' '));
    match bullet {
        Some(rest) => format!("* {}", escaped(rest.trim_start())),
        None => escaped(text),
    }
}

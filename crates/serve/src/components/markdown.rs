//! The registry's markup as HTML: paragraphs, nested lists, strong words, escapes; everything else is text.

use maud::{Markup, PreEscaped};
use model::markup::is_escapable;

/// A line of text, cut into its indent, its list marker and the rest.
#[derive(Debug, PartialEq)]
pub(crate) struct Line<'t> {
    /// Width of the blanks before it; a tab counts four.
    pub indent: usize,
    /// `None` for plain text.
    pub marker: Option<Marker>,
    /// What follows the marker, escapes kept.
    pub text: &'t str,
}

/// What stands before a list item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Marker {
    /// `*`, `-`, `+`, `•`, or `o` as typed by hand.
    Bullet,
    /// `3.`, `3)`, `(3)`: the number as written, never counted anew.
    Number(u32),
}

/// Cuts a line.
pub(crate) fn cut(line: &str) -> Line<'_> {
    let body = line.trim_start();
    let blanks = &line[..line.len() - body.len()];
    let indent = blanks.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
    let (marker, text) = marker(body);
    Line { indent, marker, text: text.trim() }
}

fn marker(body: &str) -> (Option<Marker>, &str) {
    for bullet in ["* ", "- ", "+ ", "• ", "•", "o ", "\\* ", "\\- ", "– "] {
        if let Some(rest) = body.strip_prefix(bullet) {
            return (Some(Marker::Bullet), rest);
        }
    }
    let inner = body.strip_prefix('(').or_else(|| body.strip_prefix("\\(")).unwrap_or(body);
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        let rest = &inner[digits..];
        let rest = rest.strip_prefix('\\').unwrap_or(rest);
        if let Some(text) = rest.strip_prefix(['.', ')']).filter(|t| t.starts_with([' ', '\t'])) {
            return (inner[..digits].parse().ok().map(Marker::Number), text);
        }
    }
    (None, body)
}

/// Markup as HTML. Takes any text, and escapes whatever is not markup.
pub(crate) fn render(text: &str) -> Markup {
    let mut writer = Writer::default();
    let mut blank = true;
    for line in text.lines() {
        if line.trim().is_empty() {
            blank = true;
            continue;
        }
        writer.line(&cut(line), blank);
        blank = false;
    }
    writer.close_to(0);
    writer.close_paragraph();
    PreEscaped(writer.out)
}

/// Writes blocks; knows which lists are open.
#[derive(Default)]
struct Writer {
    out: String,
    lists: Vec<(usize, &'static str)>,
    paragraph: bool,
}

impl Writer {
    fn line(&mut self, line: &Line<'_>, after_blank: bool) {
        match line.marker {
            Some(marker) => self.item(line, marker),
            None if !after_blank && (self.paragraph || !self.lists.is_empty()) => self.go_on(line.text),
            None if line.indent > 1 && !self.lists.is_empty() => {
                self.out.push_str("<br>");
                inline(line.text, &mut self.out);
            }
            None => self.open_paragraph(line.text),
        }
    }

    fn go_on(&mut self, text: &str) {
        self.out.push(' ');
        inline(text, &mut self.out);
    }

    fn open_paragraph(&mut self, text: &str) {
        self.close_to(0);
        self.close_paragraph();
        self.out.push_str("<p>");
        self.paragraph = true;
        inline(text, &mut self.out);
    }

    fn close_paragraph(&mut self) {
        if std::mem::take(&mut self.paragraph) {
            self.out.push_str("</p>\n");
        }
    }

    fn item(&mut self, line: &Line<'_>, marker: Marker) {
        self.close_paragraph();
        let deeper = self.lists.iter().take_while(|(indent, _)| *indent <= line.indent + 1).count();
        self.close_to(deeper.max(1));
        let tag = if matches!(marker, Marker::Bullet) { "ul" } else { "ol" };
        let nested = self.lists.last().is_none_or(|(indent, _)| line.indent >= indent + 2);
        if nested && self.lists.len() < 12 {
            self.out.push_str(&format!("<{tag}>"));
            self.lists.push((line.indent, tag));
        } else if let Some(last) = self.lists.last_mut() {
            self.out.push_str("</li>\n");
            if last.1 != tag {
                self.out.push_str(&format!("</{}><{tag}>", last.1));
                last.1 = tag;
            }
        }
        match marker {
            Marker::Number(n) => self.out.push_str(&format!("<li value=\"{n}\">")),
            Marker::Bullet => self.out.push_str("<li>"),
        }
        inline(line.text, &mut self.out);
    }

    fn close_to(&mut self, depth: usize) {
        while self.lists.len() > depth {
            if let Some((_, tag)) = self.lists.pop() {
                self.out.push_str(&format!("</li></{tag}>\n"));
            }
        }
    }
}

/// A run of text as HTML: escapes undone, `**strong**` marked.
pub(crate) fn inline(text: &str, out: &mut String) {
    let mut strong = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some(escaped) = after.chars().next().filter(|n| c == '\\' && is_escapable(*n)) {
            push(escaped, out);
            rest = &after[escaped.len_utf8()..];
        } else if let Some(after) = rest.strip_prefix("**").filter(|a| strong || a.contains("**")) {
            out.push_str(if strong { "</strong>" } else { "<strong>" });
            strong = !strong;
            rest = after;
        } else {
            push(c, out);
            rest = after;
        }
    }
    if strong {
        out.push_str("</strong>");
    }
}

/// [`inline`] as a value.
pub(crate) fn span(text: &str) -> Markup {
    let mut out = String::with_capacity(text.len() + 16);
    inline(text, &mut out);
    PreEscaped(out)
}

fn push(c: char, out: &mut String) {
    match c {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        '"' => out.push_str("&quot;"),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(render(text).into_string().replace('\n', ""), expected);
    }

    #[test]
    fn renders() {
        check("one\ntwo\n\nthree", "<p>one two</p><p>three</p>");
        check(r"a \<2 \*b\* <script>", "<p>a &lt;2 *b* &lt;script&gt;</p>");
        check("**Bold** and ** not", "<p><strong>Bold</strong> and ** not</p>");
        check(
            "Intro:\n\n* a\n  * b\n* c\n\nEnd",
            "<p>Intro:</p><ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p>End</p>",
        );
        check("1. a\n5. b", "<ol><li value=\"1\">a</li><li value=\"5\">b</li></ol>");
    }

    #[test]
    fn closes_what_it_opens_whatever_comes() {
        let pieces =
            ["* ", "1. ", "\n", "  ", "\\", "**", "é", "<", "\t", "(3) ", "• ", "\n\n", "x", "\u{0}", "&"];
        let mut state = 12345_u64;
        for _ in 0..2000 {
            let mut text = String::new();
            for _ in 0..20 {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
            }
            let html = render(&text).into_string();
            for tag in ["ul", "ol", "li", "p", "strong"] {
                let open =
                    html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
                assert_eq!(
                    open,
                    html.matches(&format!("</{tag}>")).count(),
                    "{tag} in {html:?} from {text:?}"
                );
            }
        }
    }
}

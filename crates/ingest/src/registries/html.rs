//! Texts with HTML in them, as registries' forms leave it, to plain lines.

use crate::legacy_xml::reflow;

/// Tags that begin a line; those of list items begin an item.
const LINES: [&str; 12] = ["br", "p", "div", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "section"];
/// Tags that say how words look.
const LOOKS: [&str; 18] = [
    "b", "i", "u", "em", "strong", "span", "font", "sub", "sup", "a", "td", "th", "tbody", "thead", "small",
    "big", "strike", "usdm:tag",
];

const ENTITIES: [(&str, &str); 30] = [
    ("lt", "<"),
    ("gt", ">"),
    ("amp", "&"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("le", "≤"),
    ("ge", "≥"),
    ("ne", "≠"),
    ("plusmn", "±"),
    ("micro", "µ"),
    ("deg", "°"),
    ("times", "×"),
    ("middot", "·"),
    ("bull", "•"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("hellip", "…"),
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("mu", "μ"),
    ("sup2", "²"),
    ("sup3", "³"),
    ("frac12", "½"),
    ("reg", "®"),
];

/// The text without tags and entities: breaks and paragraphs are lines, list items lines with a `-`. A `<` that
/// begins no tag stays: `HbA1c <7 %`.
pub(super) fn lines(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return tidy(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&entities(&rest[..at]));
        rest = &rest[at..];
        match tag(rest) {
            Some((name, closes, length)) => {
                if name == "li" && !closes {
                    out.push_str("\n- ");
                } else if LINES.contains(&name.as_str()) {
                    out.push('\n');
                }
                rest = &rest[length..];
            }
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(&entities(rest));
    tidy(&out)
}

/// On one line.
pub(super) fn line(text: &str) -> String {
    lines(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Markup of the canonical record.
pub(super) fn markup(text: &str) -> String {
    reflow::typed(&lines(text))
}

/// A text that is markup already, as it stands; tags and entities of HTML are still taken out.
pub(super) fn markdown(text: &str) -> String {
    let tagged = text.match_indices('<').any(|(at, _)| tag(&text[at..]).is_some());
    if tagged || entities(text) != text {
        return markup(text);
    }
    let whole = text.replace("\r\n", "\n");
    whole.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The tag at the beginning of a text: its name, whether it closes, its length; `None` if it is no tag of HTML.
fn tag(text: &str) -> Option<(String, bool, usize)> {
    let limit = text.len().min(400);
    let end = text.as_bytes()[..limit].iter().position(|b| *b == b'>')?;
    let inner = text.get(1..end)?;
    let (closes, inner) = (inner.starts_with('/'), inner.trim_start_matches('/'));
    let name = inner.split(|c: char| c.is_whitespace() || c == '/').next()?.to_ascii_lowercase();
    let known = name == "li" || LINES.contains(&name.as_str()) || LOOKS.contains(&name.as_str());
    known.then_some((name, closes, end + 1))
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest.bytes().take(10).position(|b| b == b';').and_then(|end| rest.get(1..end));
        match name.and_then(|name| Some((name, entity(name)?))) {
            Some((name, plain)) => {
                out.push_str(&plain);
                rest = &rest[name.len() + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        let code = if code == 160 { 32 } else { code };
        return char::from_u32(code).filter(|c| !c.is_control() || *c == '\n').map(String::from);
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, plain)| (*plain).to_owned())
}

/// Lines without blanks at their ends, at most one empty line between them, no control characters.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.split(['\n', '\r']) {
        let line: String =
            line.chars().map(|c| if c.is_control() || c == '\u{a0}' { ' ' } else { c }).collect();
        let line = line.trim();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        out.push_str(line);
    }
    out
}

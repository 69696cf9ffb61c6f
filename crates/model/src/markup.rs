//! The registry's markup (CommonMark 0.28 with backslash escapes), undone where text is read.

/// Whether CommonMark lets a backslash escape this character (all ASCII punctuation).
pub fn is_escapable(c: char) -> bool {
    c.is_ascii_punctuation()
}

/// The text without backslash escapes: `HbA1c \>12%` reads `HbA1c >12%`. Stored text keeps them.
///
/// ```
/// assert_eq!(model::markup::unescape(r"score \<2 \[points\]"), "score <2 [points]");
/// ```
pub fn unescape(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek().is_some_and(|n| is_escapable(*n)) {
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    out.into()
}

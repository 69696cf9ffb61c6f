//! What can be wrong with a query, and what is only worth a remark: always with the place.

use std::{fmt::Write, ops::Range};

/// A query that cannot be read: where, why, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// The registry's parameter it stood in: `query.cond`, `filter.advanced`, `sort` ...; empty for a bare query.
    pub parameter: String,
    /// The text of the parameter.
    pub text: String,
    /// The bytes of the text that are at fault.
    pub span: Range<usize>,
    /// What is wrong, one line; the registry's own wording where it is known and plain.
    pub message: String,
    /// The registry's own wording where it is known and not plain.
    pub registry: Option<String>,
    /// Names or forms that were probably meant, best first.
    pub near: Vec<String>,
    /// What else is wrong in the same request, in the order of its parameters and their text.
    pub more: Vec<QueryError>,
}

impl QueryError {
    /// The error as the registry's API words it: one line of plain text, about the first fault.
    ///
    /// A fault in an expression is led by the name of the search field on the registry's site.
    pub fn registry_text(&self) -> String {
        self.placed(self.registry.as_deref().unwrap_or(&self.message))
    }

    /// The same in plain words.
    pub fn plain_text(&self) -> String {
        self.placed(&self.message)
    }

    fn placed(&self, message: &str) -> String {
        match place_label(&self.parameter) {
            Some(label) => format!("Error parsing query in {label}: {message}"),
            None => message.to_owned(),
        }
    }

    /// The error for a terminal: the reason, the text with the place marked below it, and what may have been meant;
    /// the same for each further fault.
    ///
    /// ```
    /// let error = query::parse("AREA[Phase PHASE2").unwrap_err();
    /// assert_eq!(error.rendered(), "missing ']' at '<EOF>'\n  AREA[Phase PHASE2\n  ^^^^^^^^^^^^^^^^^");
    /// ```
    pub fn rendered(&self) -> String {
        let mut out = match self.parameter.as_str() {
            "" => self.message.clone(),
            parameter => format!("{parameter}: {}", self.message),
        };
        out.push_str(&marked(&self.text, &self.span));
        if !self.near.is_empty() {
            let _ = write!(out, "\n  did you mean {}?", self.near.join(" or "));
        }
        for other in &self.more {
            let _ = write!(out, "\n{}", other.rendered());
        }
        out
    }

    /// This error and what else is wrong.
    pub fn all(&self) -> impl Iterator<Item = &QueryError> {
        std::iter::once(self).chain(&self.more)
    }
}

/// A remark on a query that can be read, but perhaps does not say what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The registry's parameter it stands in; empty for a bare query.
    pub parameter: String,
    /// The text of the parameter.
    pub text: String,
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// What happens, and what to write instead.
    pub advice: String,
}

impl Hint {
    /// The hint for a terminal, with the place marked.
    pub fn rendered(&self) -> String {
        format!("{}{}", self.advice, marked(&self.text, &self.span))
    }
}

/// What the registry calls the place of an expression; `None` for parameters that hold none.
fn place_label(parameter: &str) -> Option<&str> {
    if parameter == "filter.advanced" {
        return Some("advanced filter");
    }
    let short = parameter.strip_prefix("query.")?;
    Some(model::area::by_param(short).and_then(|area| area.label).unwrap_or(parameter))
}

/// Characters of text shown on either side of the place.
const AROUND: usize = 60;

/// Two lines, each led by a line break: the line of the text and the marks below it. Empty for an empty text.
fn marked(text: &str, span: &Range<usize>) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    let line = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
    let before: Vec<char> = text[line..start].chars().collect();
    let inside: Vec<char> = text[start..end.min(line_end)].chars().take(2 * AROUND).collect();
    let behind: Vec<char> = text[end.min(line_end)..line_end].chars().take(AROUND).collect();
    let before = &before[before.len().saturating_sub(AROUND)..];
    // A tab or another control character would shift the marks.
    let shown = |c: &char| if c.is_control() { ' ' } else { *c };
    let shown: String = before.iter().chain(&inside).chain(&behind).map(shown).collect();
    format!("\n  {}\n  {}{}", shown.trim_end(), " ".repeat(before.len()), "^".repeat(inside.len().max(1)))
}

/// An error before it is known which parameter it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub span: Range<usize>,
    pub message: String,
    pub registry: Option<String>,
    pub near: Vec<String>,
    /// Further faults of the same text.
    pub more: Vec<Fault>,
}

/// All values, or all that is wrong: a name that is not known does not hide the next one.
pub(crate) fn whole<T, E: Further>(read: impl IntoIterator<Item = Result<T, E>>) -> Result<Vec<T>, E> {
    let (mut values, mut wrong): (Vec<T>, Option<E>) = (Vec::new(), None);
    for one in read {
        match (one, &mut wrong) {
            (Ok(value), _) => values.push(value),
            (Err(error), None) => wrong = Some(error),
            (Err(error), Some(first)) => first.further(error),
        }
    }
    wrong.map_or(Ok(values), Err)
}

/// An error that can tell of others as well.
pub(crate) trait Further {
    /// Adds another error behind this one.
    fn further(&mut self, other: Self);
}

impl Further for Fault {
    fn further(&mut self, mut other: Self) {
        let behind = std::mem::take(&mut other.more);
        self.more.push(other);
        self.more.extend(behind);
    }
}

impl Further for QueryError {
    fn further(&mut self, mut other: Self) {
        let behind = std::mem::take(&mut other.more);
        self.more.push(other);
        self.more.extend(behind);
    }
}

impl Fault {
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), registry: None, near: Vec::new(), more: Vec::new() }
    }

    /// With the registry's own words.
    pub fn registry(self, words: impl Into<String>) -> Self {
        Self { registry: Some(words.into()), ..self }
    }

    pub fn near<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.near = names.into_iter().map(Into::into).collect();
        self
    }

    pub fn of(self, parameter: &str, text: &str) -> QueryError {
        let Self { span, message, registry, near, more } = self;
        let more = more.into_iter().map(|fault| fault.of(parameter, text)).collect();
        let (parameter, text) = (parameter.to_owned(), text.to_owned());
        QueryError { parameter, text, span, message, registry, near, more }
    }
}

/// A hint before it is known which parameter it stands in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Remark {
    pub span: Range<usize>,
    pub advice: String,
}

impl Remark {
    pub fn new(span: Range<usize>, advice: impl Into<String>) -> Self {
        Self { span, advice: advice.into() }
    }

    pub fn of(self, parameter: &str, text: &str) -> Hint {
        Hint { parameter: parameter.to_owned(), text: text.to_owned(), span: self.span, advice: self.advice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, span: Range<usize>, expected: &str) {
        assert_eq!(Fault::new(span, "no").of("", text).rendered(), format!("no{expected}"), "{text:?}");
    }

    #[test]
    fn marks_the_place() {
        check("asthma)", 6..7, "\n  asthma)\n        ^");
        check("asthma AND", 10..10, "\n  asthma AND\n            ^");
        check("Ärzte (x", 7..8, "\n  Ärzte (x\n        ^");
        check("a\tb\r\n(x\ny", 5..6, "\n  (x\n  ^");
        check("", 0..0, "");
        // A span that does not fit the text is cut to it.
        check("é", 1..9, "\n  é\n  ^");
    }

    #[test]
    fn shows_only_the_surroundings_of_long_texts() {
        let text = format!("{}){}", "a".repeat(500), "b".repeat(500));
        let shown = Fault::new(500..501, "no").of("", &text).rendered();
        assert_eq!(shown, format!("no\n  {}){}\n  {}^", "a".repeat(60), "b".repeat(60), " ".repeat(60)));
    }

    #[test]
    fn suggests_and_names_the_parameter() {
        let error = Fault::new(0..1, "no").near(["b", "c"]).of("query.patient", "a");
        assert_eq!(error.rendered(), "query.patient: no\n  a\n  ^\n  did you mean b or c?");
        assert_eq!(error.registry_text(), "Error parsing query in query.patient: no");
    }
}

//! The tokens of Essie: words, phrases, operators with what stands in their brackets, each with its place.

use std::ops::Range;

use crate::error::Fault;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Open,
    Close,
    Comma,
    And,
    Or,
    Not,
    All,
    Missing,
    /// A word, escapes undone.
    Word(String),
    /// Words in double quotes, escapes undone.
    Phrase(String),
    /// An operator and what stands in its brackets.
    Bracketed(Operator, Vec<Arg>),
}

/// A token and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spanned {
    pub token: Token,
    pub span: Range<usize>,
}

/// The operators that carry brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Area,
    Search,
    Coverage,
    Expansion,
    Tilt,
    Range,
    Distance,
}

/// What stands between brackets, or between their commas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arg {
    pub text: String,
    pub span: Range<usize>,
    pub quoted: bool,
}

/// Words that are operators unless a backslash stands before them or quotes around them.
pub(crate) const KEYWORDS: [&str; 12] = [
    "AND",
    "OR",
    "NOT",
    "ALL",
    "MISSING",
    "AREA",
    "SEARCH",
    "COVERAGE",
    "EXPANSION",
    "TILT",
    "RANGE",
    "DISTANCE",
];

/// Characters that end a word, and that a backslash makes part of one.
pub(crate) const SPECIAL: [char; 6] = ['(', ')', '[', ']', ',', '"'];

impl Operator {
    fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "AREA" => Self::Area,
            "SEARCH" => Self::Search,
            "COVERAGE" => Self::Coverage,
            "EXPANSION" => Self::Expansion,
            "TILT" => Self::Tilt,
            "RANGE" => Self::Range,
            "DISTANCE" => Self::Distance,
            _ => return None,
        })
    }

    /// Whether commas part what stands in the brackets.
    fn takes_list(self) -> bool {
        matches!(self, Self::Range | Self::Distance)
    }

    fn example(self) -> &'static str {
        match self {
            Self::Area => "AREA[Condition]asthma",
            Self::Search => "SEARCH[Location](...)",
            Self::Coverage => "COVERAGE[FullMatch]asthma",
            Self::Expansion => "EXPANSION[Term]asthma",
            Self::Tilt => "TILT[StartDate]asthma",
            Self::Range => "RANGE[2020, MAX]",
            Self::Distance => "DISTANCE[52.52,13.40,50km]",
        }
    }
}

/// Cuts a query into tokens.
pub(crate) fn tokens(text: &str) -> Result<Vec<Spanned>, Fault> {
    let mut cutter = Cutter { text, at: 0 };
    let mut out = Vec::new();
    while let Some(token) = cutter.next(&out)? {
        out.push(token);
    }
    Ok(out)
}

/// Where the cutting has come to. `at` always lies on a character boundary.
struct Cutter<'t> {
    text: &'t str,
    at: usize,
}

impl Cutter<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.bump();
        }
    }

    /// The next token, behind those `before` it.
    fn next(&mut self, before: &[Spanned]) -> Result<Option<Spanned>, Fault> {
        self.skip_blanks();
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let token = match first {
            '(' => self.single(Token::Open),
            ')' => self.single(Token::Close),
            ',' => self.single(Token::Comma),
            '"' => Token::Phrase(self.phrase()?),
            '[' | ']' => return Err(stray_bracket(self.text, before, start, first)),
            _ => self.word()?,
        };
        Ok(Some(Spanned { token, span: start..self.at }))
    }

    fn single(&mut self, token: Token) -> Token {
        self.bump();
        token
    }

    /// Reads from an opening quote to the closing one; only `\"` and `\\` are escapes inside.
    fn phrase(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.bump();
        let mut out = String::new();
        while let Some(c) = self.bump() {
            match (c, self.peek()) {
                ('"', _) => return Ok(out),
                ('\\', Some(escaped @ ('"' | '\\'))) => {
                    self.bump();
                    out.push(escaped);
                }
                _ => out.push(c),
            }
        }
        Err(Fault::new(start..self.text.len(), "this quote is not closed; a quote as such is written `\\\"`"))
    }

    fn word(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        let rest = &self.text[start..];
        let end = rest.find(is_boundary).unwrap_or(rest.len());
        let raw = &rest[..end];
        let token = match raw {
            "AND" => Token::And,
            "OR" => Token::Or,
            "NOT" => Token::Not,
            "ALL" => Token::All,
            "MISSING" => Token::Missing,
            _ => {
                if let Some(operator) = Operator::by_name(raw) {
                    self.at += end;
                    return self.bracketed(operator, start);
                }
                match raw.strip_prefix('\\').filter(|word| KEYWORDS.contains(word)) {
                    Some(word) => Token::Word(word.to_owned()),
                    None => return Ok(Token::Word(self.unescaped_word())),
                }
            }
        };
        self.at += end;
        Ok(token)
    }

    fn unescaped_word(&mut self) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| !is_boundary(*c)) {
            self.bump();
            let escaped = self.peek().filter(|e| c == '\\' && (*e == '\\' || SPECIAL.contains(e)));
            if escaped.is_some() {
                self.bump();
            }
            out.push(escaped.unwrap_or(c));
        }
        out
    }

    fn bracketed(&mut self, operator: Operator, start: usize) -> Result<Token, Fault> {
        if self.peek() != Some('[') {
            let name = &self.text[start..self.at];
            let message = format!(
                "`{name}` is an operator and needs `[` directly behind it, as in {}; the word as such is \
                 written `\\{name}`",
                operator.example()
            );
            return Err(Fault::new(start..self.at, message));
        }
        self.bump();
        let mut args = Vec::new();
        loop {
            args.push(self.arg(operator.takes_list())?);
            match self.bump() {
                Some(',') => {}
                Some(']') => return Ok(Token::Bracketed(operator, args)),
                Some(_) => {
                    let message = "behind the closing quote only `,` or `]` may stand";
                    return Err(Fault::new(self.text.floor_char_boundary(self.at - 1)..self.at, message));
                }
                None => return Err(Fault::new(start..self.at, "missing ']' at '<EOF>'")),
            }
        }
    }

    /// One argument; stops before `]` and, where commas part arguments, before `,`.
    fn arg(&mut self, listed: bool) -> Result<Arg, Fault> {
        self.skip_blanks();
        let start = self.at;
        if listed && self.peek() == Some('"') {
            let text = self.phrase()?;
            let span = start..self.at;
            self.skip_blanks();
            return Ok(Arg { text, span, quoted: true });
        }
        while self.peek().is_some_and(|c| c != ']' && !(listed && c == ',')) {
            self.bump();
        }
        let text = self.text[start..self.at].trim_end();
        Ok(Arg { text: text.to_owned(), span: start..start + text.len(), quoted: false })
    }
}

fn is_boundary(c: char) -> bool {
    c.is_whitespace() || SPECIAL.contains(&c)
}

/// What the registry's parser expects behind a word, as it lists it.
const EXPECTED: &str = "{<EOF>, '(', ',', 'NOT', 'AND', 'OR', 'SEARCH', 'AREA', 'RANGE', 'DISTANCE', Coverage, Expansion, 'TILT', \
                        'ALL', 'MISSING', 'MIN', 'MAX', EscapedKeyword, BooleanLiteral, DecimalLiteral, DateLiteral, \
                        TimeLiteral, RadiusLiteral, StringLiteral, Term}";

/// A bracket where none belongs, behind some tokens. The registry has two texts for it; of which it gives when only one
/// example each is known: several words before the bracket are told with it.
fn stray_bracket(text: &str, before: &[Spanned], at: usize, bracket: char) -> Fault {
    let message = format!(
        "`{bracket}` stands where no bracket belongs: brackets stand directly behind AREA, SEARCH, COVERAGE, EXPANSION, \
         TILT, RANGE or DISTANCE; a bracket as such is written `\\{bracket}`, or the words go in quotes"
    );
    let words = before.iter().rev().take_while(|t| matches!(t.token, Token::Word(_))).count();
    let theirs = match before.len().checked_sub(words).and_then(|first| before.get(first)) {
        Some(first) if words > 1 => {
            format!("no viable alternative at input '{}'", &text[first.span.start..=at])
        }
        _ => format!("mismatched input '{bracket}' expecting {EXPECTED}"),
    };
    Fault::new(at..at + 1, message).registry(theirs)
}

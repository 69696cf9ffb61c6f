//! Text to typed query.
//!
//! ```text
//! query  := or | nothing                    nothing is every study
//! or     := and ("OR" and)*
//! and    := list (["AND"] list)*            parts side by side are ANDed, with a hint
//! list   := unary ("," unary)*              alternatives if all are NCT ids, else all must hold
//! unary  := "NOT" unary | context unary | source
//! context:= AREA[name] | AREA[name:size] | SEARCH[Study|Location] | TILT[field]
//!         | COVERAGE[Contains|FullMatch|StartsWith|EndsWith]
//!         | EXPANSION[None|Term|Concept|Relaxation|Lossy]
//! source := word+ | "phrase" | RANGE[bound,bound] | DISTANCE[lat,lon,radius] | ALL | MISSING | ( or )
//! bound  := MIN | MAX | text | "text"
//! radius := number | number mi | number km
//! ```
//!
//! Operators are upper case and stand directly before their bracket. A word ends at a blank or at one of `()[],"`;
//! a backslash makes such a character, a backslash or an operator part of a word (`\AND`, `\"`).

use std::ops::Range;

use model::piece::near_names;

use crate::{
    error::{Fault, QueryError, Remark},
    token::{Arg, Operator, Spanned, Token, tokens},
    typed::{Bound, Coverage, Distance, Expansion, Expr, Name, Node},
};

/// How deep parentheses and operators may nest.
pub const MAX_DEPTH: usize = 100;

/// Reads a query. A blank text is every study.
///
/// ```
/// let query = query::parse("heart attack AND NOT AREA[Phase]PHASE1").unwrap();
/// assert_eq!(query.to_string(), "heart attack AND NOT AREA[Phase]PHASE1");
/// ```
pub fn parse(text: &str) -> Result<Node, QueryError> {
    parse_with_remarks(text).map(|(node, _)| node).map_err(|fault| fault.of("", text))
}

/// Reads a query and tells what in it may not be meant as it is read.
pub(crate) fn parse_with_remarks(text: &str) -> Result<(Node, Vec<Remark>), Fault> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Ok((Node { expr: Expr::All, span: 0..text.len() }, Vec::new()));
    }
    let mut parser = Parser { tokens, at: 0, depth: 0, end: text.len(), remarks: Vec::new() };
    let node = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok((node, parser.remarks)),
        Some(rest) => Err(Fault::new(rest.span.clone(), "mismatched input ')': no parenthesis is open here")),
    }
}

struct Parser {
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
    /// Length of the text.
    end: usize,
    remarks: Vec<Remark>,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|t| &t.token)
    }

    fn eat(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    /// The place of the next token, or of the end.
    fn here(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |t| t.span.clone())
    }

    fn or(&mut self) -> Result<Node, Fault> {
        let mut parts = vec![self.and()?];
        while self.eat(&Token::Or) {
            parts.push(self.and()?);
        }
        Ok(joined(parts, Expr::Or))
    }

    fn and(&mut self) -> Result<Node, Fault> {
        let mut parts = vec![self.list()?];
        loop {
            match self.peek() {
                Some(Token::And) => self.at += 1,
                None | Some(Token::Or | Token::Close | Token::Comma) => return Ok(joined(parts, Expr::And)),
                Some(_) => {
                    let advice = "parts that stand side by side must all hold, as if AND stood between them";
                    self.remarks.push(Remark::new(self.here(), advice));
                }
            }
            parts.push(self.list()?);
        }
    }

    fn list(&mut self) -> Result<Node, Fault> {
        let mut parts = vec![self.unary()?];
        while self.eat(&Token::Comma) {
            parts.push(self.unary()?);
        }
        Ok(joined(parts, Expr::List))
    }

    fn unary(&mut self) -> Result<Node, Fault> {
        let span = self.here();
        if self.depth >= MAX_DEPTH {
            return Err(Fault::new(span, format!("the query is nested more than {MAX_DEPTH} deep")));
        }
        self.depth += 1;
        let node = self.operator_or_source(span);
        self.depth -= 1;
        node
    }

    fn operator_or_source(&mut self, span: Range<usize>) -> Result<Node, Fault> {
        let Some(token) = self.peek().cloned() else { return Err(self.no_operand()) };
        let expr = match token {
            Token::Word(_) => return Ok(self.term()),
            Token::Open => return self.group(span),
            Token::Not => {
                self.at += 1;
                Expr::Not(Box::new(self.unary()?))
            }
            Token::Bracketed(operator, args) => {
                self.at += 1;
                self.bracketed(operator, &args, &span)?
            }
            Token::Phrase(text) => self.source(Expr::Phrase(text)),
            Token::All => self.source(Expr::All),
            Token::Missing => self.source(Expr::Missing),
            Token::And | Token::Or | Token::Close | Token::Comma => return Err(self.no_operand()),
        };
        // Everything of this part has been read: it ends where the last token ends.
        let end = self.tokens[self.at - 1].span.end;
        Ok(Node { expr, span: span.start..end })
    }

    fn source(&mut self, expr: Expr) -> Expr {
        self.at += 1;
        expr
    }

    fn group(&mut self, open: Range<usize>) -> Result<Node, Fault> {
        self.at += 1;
        let mut node = self.or()?;
        let close = self.here();
        if !self.eat(&Token::Close) {
            // `or` takes all that is no `)`, so only the end can stand here.
            return Err(Fault::new(open, "missing ')' at '<EOF>'"));
        }
        node.span = open.start..close.end;
        Ok(node)
    }

    /// A run of words.
    fn term(&mut self) -> Node {
        let mut span = self.here();
        let mut words: Vec<String> = Vec::new();
        while let Some(Spanned { token: Token::Word(word), span: place }) = self.tokens.get(self.at) {
            if word == "or" {
                let advice = "`or` in lower case is a word to be found; the operator is OR";
                self.remarks.push(Remark::new(place.clone(), advice));
            }
            if word.contains(['“', '”', '„']) {
                let advice = "curly quotes are part of the word; a phrase stands in straight quotes (\")";
                self.remarks.push(Remark::new(place.clone(), advice));
            }
            words.push(word.clone());
            span.end = place.end;
            self.at += 1;
        }
        Node { expr: Expr::Term(words.join(" ")), span }
    }

    fn bracketed(&mut self, operator: Operator, args: &[Arg], span: &Range<usize>) -> Result<Expr, Fault> {
        let name =
            || args.first().map_or_else(|| Name { text: String::new(), span: span.clone() }, Arg::name);
        Ok(match operator {
            Operator::Range => range(args, span)?,
            Operator::Distance => Expr::Distance(distance(args, span)?),
            Operator::Area => Expr::Area(name(), Box::new(self.unary()?)),
            Operator::Search => Expr::Search(name(), Box::new(self.unary()?)),
            Operator::Tilt => Expr::Tilt(name(), Box::new(self.unary()?)),
            Operator::Coverage => {
                let coverage = choice("COVERAGE", &name(), &Coverage::NAMES)?;
                Expr::Coverage(coverage, Box::new(self.unary()?))
            }
            Operator::Expansion => {
                let expansion = choice("EXPANSION", &name(), &Expansion::NAMES)?;
                Expr::Expansion(expansion, Box::new(self.unary()?))
            }
        })
    }

    fn no_operand(&self) -> Fault {
        let name = match self.peek() {
            None => return Fault::new(self.here(), "mismatched input '<EOF>': words are expected here"),
            Some(Token::And) => "AND",
            Some(Token::Or) => "OR",
            Some(Token::Comma) => ",",
            Some(_) => ")",
        };
        let escape = "the word or sign as such goes in quotes or behind a backslash";
        Fault::new(self.here(), format!("mismatched input '{name}': words are expected here; {escape}"))
    }
}

impl Arg {
    fn name(&self) -> Name {
        Name { text: self.text.clone(), span: self.span.clone() }
    }

    fn bound(&self) -> Bound {
        match self.text.as_str() {
            "MIN" if !self.quoted => Bound::Min,
            "MAX" if !self.quoted => Bound::Max,
            _ => Bound::Value(self.name()),
        }
    }
}

/// One part stands for itself, several are joined.
fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Expr) -> Node {
    let last = parts.pop().expect("every caller pushes a first part");
    let Some(first) = parts.first() else { return last };
    let span = first.span.start..last.span.end;
    parts.push(last);
    Node { expr: join(parts), span }
}

fn range(args: &[Arg], span: &Range<usize>) -> Result<Expr, Fault> {
    if let [lo, hi] = args
        && [lo, hi].iter().all(|arg| arg.quoted || !arg.text.is_empty())
    {
        return Ok(Expr::Range(lo.bound(), hi.bound()));
    }
    let message = "RANGE needs two ends, such as RANGE[2020-01-01, MAX] or RANGE[16 years, 65 years]; text with \
                   a comma goes in quotes";
    Err(Fault::new(span.clone(), message))
}

/// Reads one of the values of an operator; case counts.
fn choice<T: Copy>(operator: &str, name: &Name, names: &[(&'static str, T)]) -> Result<T, Fault> {
    if let Some((_, value)) = names.iter().find(|(n, _)| *n == name.text) {
        return Ok(*value);
    }
    let all: Vec<&str> = names.iter().map(|(n, _)| *n).collect();
    let message = format!("`{}` is no value of {operator}: it takes {}", name.text, all.join(", "));
    Err(Fault::new(name.span.clone(), message).near(near_names(&name.text, all.iter().copied())))
}

/// Reads `lat,lon,radius`; a radius without a unit is in miles.
fn distance(args: &[Arg], span: &Range<usize>) -> Result<Distance, Fault> {
    let [lat, lon, radius] = args else {
        let message = "DISTANCE needs latitude, longitude and radius, such as DISTANCE[52.52,13.40,50km]";
        return Err(Fault::new(span.clone(), message));
    };
    let degrees = |arg: &Arg, limit: f64, what: &str| {
        decimal(&arg.text).filter(|d| d.abs() <= limit).ok_or_else(|| {
            let message = format!("`{}` is no {what}: a number from -{limit} to {limit}", arg.text);
            Fault::new(arg.span.clone(), message)
        })
    };
    let (lat, lon) = (degrees(lat, 90.0, "latitude")?, degrees(lon, 180.0, "longitude")?);
    let (number, miles) = length(&radius.text).ok_or_else(|| {
        let message = format!("`{}` is no radius: a number and mi or km, such as 50mi or 80km", radius.text);
        Fault::new(radius.span.clone(), message)
    })?;
    Ok(Distance { lat, lon, radius: number, miles })
}

/// Reads `50mi`, `80km` or `50` (miles): the number, and whether it is in miles.
pub(crate) fn length(text: &str) -> Option<(f64, bool)> {
    let (number, miles) = match text.strip_suffix("km") {
        Some(number) => (number, false),
        None => (text.strip_suffix("mi").unwrap_or(text), true),
    };
    decimal(number.trim_end()).filter(|n| n.is_sign_positive()).map(|n| (n, miles))
}

/// Reads `-?\d+(\.\d+)?`.
pub(crate) fn decimal(text: &str) -> Option<f64> {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let fits = digits(whole.strip_prefix('-').unwrap_or(whole)) && fraction.is_none_or(digits);
    fits.then(|| text.parse().ok()).flatten().filter(|n: &f64| n.is_finite())
}

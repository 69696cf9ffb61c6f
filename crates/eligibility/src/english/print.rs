//! Tree to canonical English; the grammar stands in `parse.rs`.
//!
//! A name, a unit or a word is written as it is only where it is read back as the same thing; that is tried with the
//! parser itself, so that the two cannot drift apart.

use crate::names::{Names, PlainNames};
use crate::tree::{
    Anchor, Bound, Change, Cmp, Code, Coded, Concept, Exposure, Extent, Has, Kind, Node, Op, Quantity, Var,
    When,
};

use super::cursor::Cursor;
use super::parse::Parser;
use super::words::{KINDS, LIMITS, QUALITIES, REASONS, TIMES, UNITS, is_bare};

pub(super) struct Printer<'n> {
    pub names: &'n dyn Names,
    /// Whether it must be read back to the same tree.
    pub exact: bool,
}

/// The words of a tree without restriction that has no words of its own.
pub(super) fn unrestricted(var: Option<&Var>, names: &dyn Names) -> String {
    let Some(var) = var else { return "anyone".to_owned() };
    let name = Printer { names, exact: true }.var(var);
    // `any of (` begins another leaf, and `any of these:` a list.
    let name = if name.to_ascii_lowercase().starts_with("of") { enclosed(&var.0, '`') } else { name };
    format!("any {name}")
}

/// A coded value without its words.
pub(super) fn coded_words(coded: &Coded, names: &dyn Names) -> String {
    Printer { names, exact: true }.coded_values(coded)
}

/// The words for an anchor.
pub(super) fn anchor(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Screening => "screening",
        Anchor::Enrollment => "enrollment",
        Anchor::Study => "the study",
    }
}

/// What a class or code is made of where it stands without backticks.
pub(super) fn is_code_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '+' | '_' | '/' | '.')
}

/// A text between two marks.
fn enclosed(text: &str, mark: char) -> String {
    let mut out = String::from(mark);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == mark || c == '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push(mark);
    out
}

fn quoted(text: &str) -> String {
    enclosed(text, '"')
}

/// Words as they are, or in quotes.
fn words(text: &str) -> String {
    let mut cursor = Cursor { text, at: 0 };
    if !text.is_empty() && cursor.name() == text && cursor.at == text.len() {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A unit as it stands behind a number.
fn unit(ucum: &str, many: bool) -> String {
    if let Some((_, words)) = LIMITS.iter().find(|(u, _)| *u == ucum) {
        return (*words).to_owned();
    }
    if let Some(known) = UNITS.iter().find(|u| u.ucum == ucum) {
        return if many { known.many } else { known.one }.to_owned();
    }
    // Before a bracket, so that one that the unit leaves open shows.
    let mut cursor = Cursor { text: &format!("{ucum})"), at: 0 };
    let same = matches!(cursor.unit(), Ok(Some(read)) if read == ucum) && cursor.at == ucum.len();
    if same { ucum.to_owned() } else { enclosed(ucum, '`') }
}

/// A unit with the blank before it; nothing where none is said.
fn spaced_unit(ucum: &str, many: bool) -> String {
    if ucum.is_empty() { String::new() } else { format!(" {}", unit(ucum, many)) }
}

fn is_many(value: rust_decimal::Decimal) -> bool {
    value != rust_decimal::Decimal::ONE
}

fn bounds(lo: Option<Bound>, hi: Option<Bound>) -> String {
    let number = |b: Bound| b.value.normalize().to_string();
    match (lo, hi) {
        (None, None) => "any value".to_owned(),
        (Some(lo), None) => format!("{} {}", if lo.incl { "at least" } else { "above" }, number(lo)),
        (None, Some(hi)) => format!("{} {}", if hi.incl { "at most" } else { "below" }, number(hi)),
        (Some(lo), Some(hi)) if lo == hi && lo.incl => format!("exactly {}", number(lo)),
        (Some(lo), Some(hi)) => {
            let (above, below) = (if lo.incl { "" } else { "above " }, if hi.incl { "" } else { "below " });
            format!("{above}{} to {below}{}", number(lo), number(hi))
        }
    }
}

/// Bounds with their unit: `at least 3 months`.
fn extent(e: &Extent) -> String {
    let many = e.hi.or(e.lo).is_none_or(|b| is_many(b.value));
    format!("{}{}", bounds(e.lo, e.hi), spaced_unit(&e.unit, many))
}

fn quantity(q: &Quantity) -> String {
    format!("{}{}", q.value.normalize(), spaced_unit(&q.unit, is_many(q.value)))
}

/// A list of texts in quotes.
fn quoted_list(texts: &[String]) -> String {
    texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
}

impl Printer<'_> {
    pub fn node(&self, node: &Node) -> String {
        match &node.op {
            Op::And(args) => self.joined("all of these", "and", args),
            Op::Or(args) => self.joined("any of these", "or", args),
            Op::Ambiguous(args) => self.list("one of these readings", args),
            Op::AtLeast { k, args } => self.list(&format!("at least {k} of {}", args.len()), args),
            Op::Not(arg) if matches!(arg.op, Op::Has(_)) => format!("no {}", self.part(arg)),
            Op::Not(arg) => format!("not {}", self.part(arg)),
            Op::True { var, text } => self.with_words(unrestricted(var.as_ref(), self.names), text),
            Op::Cmp(cmp) => self.cmp(cmp),
            Op::Coded(coded) => {
                let found = coded.when.as_ref().map(|when| format!(", {}", measured(when)));
                self.with_words(self.coded_values(coded), &coded.text) + &found.unwrap_or_default()
            }
            Op::Has(has) => self.has(has),
            Op::Exposure(e) => self.exposure(e),
            Op::Change(change) => self.change(change),
            Op::Order { first, then, allow_same_time } => {
                let same = if *allow_same_time { " or on the same day" } else { "" };
                format!("first ({}), then{same} ({})", self.node(first), self.node(then))
            }
            Op::Abnormal { vars } => {
                let names = vars.iter().map(|v| self.var(v)).collect::<Vec<_>>().join(", ");
                format!("any of ({names}) outside the reference range")
            }
            Op::Human { reason, text } => {
                let reason =
                    REASONS.iter().find(|(r, _)| r == reason).map_or(reason.as_str(), |(_, words)| words);
                format!("for a person ({reason}): {}", quoted(text))
            }
            Op::Guideline { reference, text } => format!("guideline {} {}", quoted(reference), quoted(text)),
            Op::Washout { lo, unit } => {
                format!("washout of {}{}", bounds(Some(*lo), None), spaced_unit(unit, is_many(lo.value)))
            }
        }
    }

    /// A node as a part of another.
    fn part(&self, node: &Node) -> String {
        let text = self.node(node);
        let compound =
            matches!(node.op, Op::And(_) | Op::Or(_) | Op::Ambiguous(_) | Op::AtLeast { .. } | Op::Not(_));
        if compound { format!("({text})") } else { text }
    }

    fn list(&self, head: &str, args: &[Node]) -> String {
        let parts: Vec<String> = args.iter().map(|arg| self.list_part(arg)).collect();
        format!("{head}: {}", if parts.is_empty() { "()".to_owned() } else { parts.join("; ") })
    }

    /// As [`Self::part`], but negations need no brackets.
    fn list_part(&self, node: &Node) -> String {
        if matches!(node.op, Op::Not(_)) { self.node(node) } else { self.part(node) }
    }

    /// Two short parts with a word between them, else a list.
    fn joined(&self, head: &str, word: &str, args: &[Node]) -> String {
        if let [left, right] = args {
            let (left, right) = (self.list_part(left), self.list_part(right));
            let short = |text: &str| !text.contains([',', ':', ';', '(']);
            if short(&left) && short(&right) {
                return format!("{left} {word} {right}");
            }
        }
        self.list(head, args)
    }

    /// A phrase with the criterion's words, where they are others.
    fn with_words(&self, phrase: String, text: &str) -> String {
        if !self.exact || phrase == text { phrase } else { format!("{phrase} {}", quoted(text)) }
    }

    pub fn var(&self, var: &Var) -> String {
        let name = self.names.name(&var.0).filter(|name| !self.exact || self.reads_as_var(name, var));
        name.unwrap_or_else(|| enclosed(&var.0, '`'))
    }

    fn reads_as_var(&self, name: &str, var: &Var) -> bool {
        ["above 1", "1 to 2", "of any value"].iter().all(|bounds| {
            let read = Parser::new(&format!("{name} {bounds}"), self.names).whole();
            matches!(read, Ok(Node { op: Op::Cmp(cmp), .. }) if cmp.var == *var)
        })
    }

    /// A concept's name or id: as it is written, and without backticks.
    fn concept(&self, concept: &Concept) -> (String, String) {
        let name =
            self.names.name(&concept.0).filter(|name| !self.exact || self.reads_as_concept(name, concept));
        let id = || (enclosed(&concept.0, '`'), concept.0.to_string());
        name.map_or_else(id, |name| (name.clone(), name))
    }

    fn reads_as_concept(&self, name: &str, concept: &Concept) -> bool {
        // `use of any` is a kind of its own.
        let first = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if first.eq_ignore_ascii_case("any") {
            return false;
        }
        let kind = self.names.kind(concept).unwrap_or(Kind::Condition);
        let plain = Has::new(kind, concept.clone(), name.to_owned());
        matches!(Parser::new(name, self.names).whole(), Ok(Node { op: Op::Has(has), .. }) if *has == plain)
    }

    fn cmp(&self, c: &Cmp) -> String {
        let mut out = format!(
            "{} {}{}",
            self.var(&c.var),
            value_bounds(c),
            self.value_unit(&c.var, &c.unit, c.lo, c.hi)
        );
        let mut add = |text: String| out.extend([", ", &text]);
        if let Some(site) = &c.site {
            add(format!("at the {}", words(site)));
        }
        if let Some(method) = &c.method {
            add(format!("by {}", words(method)));
        }
        if let Some(state) = &c.state {
            add(format!("when {}", words(state)));
        }
        if let Some(stable) = &c.stable_for {
            add(format!("stable for {}", extent(stable)));
        }
        if let Some(when) = &c.when {
            add(measured(when));
        }
        if let Some(canonical) = &c.canonical {
            add(format!("that is {}", quantity(canonical)));
        }
        if let Some(repair) = &c.repair {
            let (canonical, confidence) = (quantity(&repair.canonical), words(&repair.confidence));
            add(format!(
                "unit perhaps {} (that is {canonical}; confidence {confidence})",
                unit(&repair.unit, true)
            ));
        }
        out
    }

    /// The unit of a variable's value; the annotations of classes and ratios go without saying.
    fn value_unit(&self, var: &Var, ucum: &str, lo: Option<Bound>, hi: Option<Bound>) -> String {
        let usual = self.names.unit(var).unwrap_or_default();
        let annotation = ucum.starts_with('{') && ucum.ends_with('}') && UNITS.iter().all(|u| u.ucum != ucum);
        if usual == ucum && (ucum.is_empty() || annotation) {
            return String::new();
        }
        let many = hi.or(lo).is_none_or(|b| is_many(b.value));
        format!(" {}", unit(ucum, many))
    }

    fn coded_values(&self, c: &Coded) -> String {
        let codes: Vec<String> = c.values.iter().map(|code| self.code(code)).collect();
        let codes = match codes.as_slice() {
            [one] => one.clone(),
            many => format!("one of ({})", many.join(", ")),
        };
        let specimen = c.specimen.as_ref().map(|s| format!(" in {}", words(s))).unwrap_or_default();
        format!("{} is {codes}{specimen}", self.var(&c.var))
    }

    fn code(&self, code: &Code) -> String {
        match code {
            Code::Integer(n) => n.to_string(),
            Code::Word(word) => {
                let plain = word.chars().all(is_code_char)
                    && !word.eq_ignore_ascii_case("one")
                    && Parser::new(word, &PlainNames).code().is_ok_and(|read| read == *code);
                if plain { word.clone() } else { enclosed(word, '`') }
            }
        }
    }

    fn exposure(&self, e: &Exposure) -> String {
        let together = if e.concurrent { " at the same time" } else { "" };
        format!("treated for {}{together} with ({})", extent(&e.duration), self.node(&e.to))
    }

    fn change(&self, c: &Change) -> String {
        let measure = match (c.percent, c.unit == "%") {
            (true, false) => " percent",
            (false, true) => " absolute",
            _ => "",
        };
        let direction = if c.increase { "increase" } else { "decrease" };
        let from = match c.from.as_str() {
            "baseline" => "baseline".to_owned(),
            "start_of_exposure" => "the start of exposure".to_owned(),
            other => quoted(other),
        };
        let unit = self.value_unit(&c.var, &c.unit, c.lo, c.hi);
        format!("{}{measure} {direction} of {}{unit} since {from}", self.var(&c.var), bounds(c.lo, c.hi))
    }

    fn has(&self, h: &Has) -> String {
        let mut out = self.fact(h);
        let mut add = |text: String| out.extend([", ", &text]);
        for text in qualities(h).into_iter().chain(circumstances(h)) {
            add(text);
        }
        if let Some(node) = &h.defined_by {
            add(format!("defined as ({})", self.node(node)));
        }
        if !h.examples.is_empty() {
            add(format!("such as {}", quoted_list(&h.examples)));
        }
        if h.open_list {
            add("and others".to_owned());
        }
        if !h.subtypes.is_empty() {
            add(format!("of kinds {}", quoted_list(&h.subtypes)));
        }
        if let Some(node) = &h.relax {
            add(format!("unless ({})", self.node(node)));
        }
        out
    }

    /// Time, kind, name and words.
    fn fact(&self, h: &Has) -> String {
        let (before, after) = h.when.as_ref().map(when).unwrap_or_default();
        let usual = self.names.kind(&h.concept).unwrap_or(Kind::Condition);
        let kind = KINDS.iter().find(|(kind, _)| *kind == h.kind).map_or("", |(_, words)| words);
        let kind = if is_bare(h.kind) && h.kind == usual { String::new() } else { format!("{kind} ") };
        let (shown, name) = self.concept(&h.concept);
        let said =
            if !self.exact || name == h.text { String::new() } else { format!(" {}", quoted(&h.text)) };
        format!("{before}{kind}{shown}{said}{after}")
    }
}

fn value_bounds(c: &Cmp) -> String {
    let of = if c.lo.is_none() && c.hi.is_none() { "of " } else { "" };
    format!("{of}{}", bounds(c.lo, c.hi))
}

/// What stands before and what behind a fact.
fn when(w: &When) -> (String, String) {
    let before = TIMES.iter().find(|(relation, _)| *relation == w.relation);
    if let (None, None, Some((_, words))) = (&w.window, w.anchor, before) {
        return (format!("{words} "), String::new());
    }
    (String::new(), behind(w))
}

/// When a value is measured.
fn measured(w: &When) -> String {
    format!("measured{}", behind(w))
}

/// A time behind what it is said of.
fn behind(w: &When) -> String {
    let before = TIMES.iter().find(|(relation, _)| *relation == w.relation);
    let window = w.window.as_ref().map(|window| {
        let head = if window.incl { "in the" } else { "in less than" };
        let many = is_many(window.value);
        format!(" {head} {}{}", window.value.normalize(), spaced_unit(&window.unit, many))
    });
    let at = if before.is_some() { "at " } else { "" };
    let anchor = w.anchor.map(|a| format!(" {at}{}", anchor(a))).unwrap_or_default();
    format!("{} {}{anchor}", window.unwrap_or_default(), w.relation)
}

fn qualities(h: &Has) -> Vec<String> {
    let values = [&h.severity, &h.control, &h.course, &h.certainty, &h.significance];
    let said =
        |(value, quality): (&Option<String>, &super::words::Quality)| {
            let value = value.as_ref()?;
            let usual = quality.values.iter().find(|(v, _)| v == value);
            Some(usual.map_or_else(
                || format!("{} {}", quality.key, words(value)),
                |(_, words)| (*words).to_owned(),
            ))
        };
    values.into_iter().zip(QUALITIES).filter_map(said).collect()
}

fn circumstances(h: &Has) -> Vec<String> {
    let mut out = Vec::new();
    for (head, value) in [("shown by", &h.evidence), ("as", &h.form), ("at the", &h.site)] {
        out.extend(value.as_ref().map(|value| format!("{head} {}", words(value))));
    }
    out.extend(h.count.map(|lo| format!("count {}", bounds(Some(lo), None))));
    out
}

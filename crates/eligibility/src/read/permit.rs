//! What is permitted, and what is not.
//!
//! ```text
//! permitted = subject "allowed" rest
//! ```
//!
//! What is permitted asks for nothing. (`may be included` is for a person where nothing stands before it: it may say
//! who is wanted.) What is not permitted is forbidden, under whichever heading it stands. What is
//! permitted up to a number, or under a condition, is for a person: read as a requirement it would rule out whoever
//! has none of it.

use super::cx::{Cx, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use crate::tree::{Node, Op, Reason, Unread};

impl Cx<'_> {
    /// `prior chemotherapy allowed`, `no concurrent steroids allowed`, `steroids are not permitted`.
    pub fn permitted(&mut self, a: usize, b: usize) -> Option<Node> {
        if let Some(node) = self.may_have(a, b) {
            return Some(node);
        }
        if !self.has(Kinds::of(&[Class::Permit])) || self.says_undecided(a, b) {
            return None;
        }
        let verb = self.find(a, b, |w| matches!(w, What::Lex(Class::Permit, _))).filter(|&verb| verb > a)?;
        // `chemoprophylaxis - pentamidine is allowed`: two clauses.
        let dash = self.places(a, verb, |w| matches!(w, What::Dash)).pop();
        if let Some(dash) = dash.filter(|&dash| self.stands_free(dash) && self.says_something(a, dash)) {
            return self.sentences(&[(a, dash), (dash + 1, b)]);
        }
        let (_, subject) = self.trim(a, verb);
        if self.is_empty(a, subject) {
            return None;
        }
        // `patients with diabetes may be included`, and nothing before it: who they are, or who else.
        let alone = matches!(self.what(verb), What::Lex(_, "if")) && !self.or_by_default() && a <= self.first;
        // A list of what is excluded, and what is permitted run together with it.
        let run_on = self.or_by_default() && self.places(a, verb, |w| matches!(w, What::Comma)).len() > 2;
        if alone || run_on || (a..subject).any(|i| self.is_limit(i)) || !self.is_plain_rest(verb + 1, b) {
            return Some(self.human(Reason::NotInRecord, a, b, "scope.allowed_if"));
        }
        // `steroids are not permitted`
        let denied = (a..subject).rev().take(3).find(|&i| self.is(i, Class::Neg));
        if let Some(not) = denied.filter(|&not| not > a && self.is_empty_but(not, subject)) {
            let node = self.clause(a, not)?;
            self.label(not, b);
            return Some(self.forbidden(node));
        }
        if (a..subject).any(|i| self.is(i, Class::Neg)) {
            let node = self.clause(a, subject)?;
            self.label(subject, b);
            return match node.op {
                Op::Not(_) if self.or_by_default() => Some(negate(node)),
                _ => Some(node),
            };
        }
        self.label(a, b);
        let text = self.raw(a, b);
        Some(self.node(Op::True { var: None, text }, a, b, "scope.allowed"))
    }

    /// `patients may have received steroids`: what they may have asks for nothing; how much of it is for a person.
    fn may_have(&mut self, a: usize, b: usize) -> Option<Node> {
        const PEOPLE: &[&str] = &["patient", "subject", "participant", "individual", "volunteer"];
        const VERBS: &[&str] = &["have", "receive", "be", "continue", "take", "use", "undergo"];
        if !self.word_is(a, PEOPLE) {
            return None;
        }
        let may = (a + 1..b.min(a + 3)).find(|&i| self.word_is(i, &["may", "may have", "could"]))?;
        // `participants who may be unreliable`: which ones, not what they may do.
        if (a + 1..may).any(|i| self.word_is(i, &["who", "that", "which"])) {
            return None;
        }
        let behind = self.read(may, b.min(may + 4)).to_ascii_lowercase();
        let verb = behind.split(' ').skip(1).find(|word| *word != "also");
        let excluded = (may..b).any(|i| self.is(i, Class::Excluded) || self.is(i, Class::Permit));
        if !verb.is_some_and(|verb| VERBS.contains(&verb)) || excluded {
            return None;
        }
        if (may..b).any(|i| self.is_limit(i)) || !self.is_plain_rest(may + 1, b) {
            self.leave_unread(may, b, Unread::Condition, "permitted under a condition");
        }
        self.label(a, b);
        let text = self.raw(a, b);
        Some(self.node(Op::True { var: None, text }, a, b, "scope.allowed"))
    }

    /// Whether a dash has blanks on both sides.
    fn stands_free(&self, dash: usize) -> bool {
        let (start, end) = self.bytes(dash, dash + 1);
        let text = &self.text.read;
        text[..start].ends_with(char::is_whitespace) && text[end..].starts_with(char::is_whitespace)
    }

    /// Whether what stands before a verb is permitted without a limit or a condition.
    pub fn permits_plainly(&self, a: usize, verb: usize, b: usize) -> bool {
        !matches!(self.what(verb), What::Lex(_, "if"))
            && self.says_something(a, verb)
            && !(a..verb).any(|i| self.is_limit(i) || self.is(i, Class::Neg))
            && self.is_plain_rest(verb + 1, b)
    }

    /// What must not be, as its section says it.
    fn forbidden(&self, node: Node) -> Node {
        if self.or_by_default() { node } else { negate(node) }
    }

    /// Whether an element limits what is permitted: a number that is no time, or `only`.
    fn is_limit(&self, i: usize) -> bool {
        match self.what(i) {
            What::Quant(q) => !self.e.quants[q as usize].is_time(),
            // `patients must have colon cancer, metastases allowed`: not all of it is permitted.
            _ => self.word_is(i, &["only", "maximum", "if", "must", "should", "shall"]),
        }
    }

    /// Whether nothing behind the verb is a condition.
    fn is_plain_rest(&self, a: usize, b: usize) -> bool {
        (a..b).all(|i| {
            let condition = matches!(
                self.class(i),
                Some(Class::If | Class::Except | Class::Excluding | Class::Neg | Class::Permit)
            ) && !self.word_is(i, &["for", "in"]);
            let words =
                ["provided", "long", "only", "but", "however", "must", "should", "unless", "stable", "up"];
            !condition && !matches!(self.what(i), What::Quant(_)) && !self.word_is(i, &words)
        })
    }

    /// Whether elements `a..b` are a negation and words that say nothing.
    fn is_empty_but(&self, a: usize, b: usize) -> bool {
        (a + 1..b).all(|i| self.is_empty(i, i + 1))
    }
}

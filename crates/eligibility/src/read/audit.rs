//! Nothing is lost in silence: what is named and stands in no part of the tree is told as left to people.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use super::cx::Cx;
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::{self, Class, Ready};
use super::token::Kind;
use crate::tree::{Node, Op, Span, Unread};

impl Cx<'_> {
    /// Reads elements `a..b`, and tells of what is known there and was not read.
    pub fn audited(&mut self, a: usize, b: usize) -> Option<Node> {
        let node = self.segment(a, b)?;
        self.tell_lost_times(a, b, &node);
        let matters: Vec<bool> = (a..b).map(|i| self.matters(i)).collect();
        if !matters.contains(&true) {
            return Some(node);
        }
        let told = self.told(a, b, &node, &matters);
        let open = |i: usize| i < b && matters[i - a] && !told[i - a];
        let mut i = a;
        while i < b {
            let from = i;
            // The whole of what stands behind an `if`.
            let mut case = false;
            while i < b && !told[i - a] && (matters[i - a] || case && !self.ends_case(i)) {
                case |= self.is(i, Class::If);
                i += 1;
                // `involvement in the care`: one run of words, whatever holds them together.
                let next = (i..b).find(|&k| !self.holds_together(k)).unwrap_or(b);
                if !case && next > i && next < i + 4 && open(next) {
                    i = next;
                }
            }
            if i > from {
                let alternative = self.is_alternative((a, b), (from, i), &told);
                let unread = if alternative { Unread::Alternative } else { Unread::Condition };
                self.leave_unread(from, i, unread, "not read");
            }
            i += 1;
        }
        Some(node)
    }

    /// Whether elements join words to one phrase.
    fn holds_together(&self, i: usize) -> bool {
        matches!(
            self.what(i),
            What::Dash | What::Slash | What::Lex(Class::Skip | Class::With | Class::ForTime, _)
        )
    }

    /// Whether unread words `from..to` are another way to be as the rest of `a..b` says: `HbA1c > 7 % or unread`.
    fn is_alternative(&self, (a, b): (usize, usize), (from, to): (usize, usize), told: &[bool]) -> bool {
        let or = |class| matches!(class, Some(Class::Or | Class::AndOr | Class::Except));
        let stands = |i: &usize| !self.is(*i, Class::Skip) && !matches!(self.what(*i), What::Break);
        let before = (a..from).rev().find(stands);
        let behind = (to..b).find(stands);
        let apart =
            |i: Option<usize>| i.is_none_or(|i| self.ends_case(i) || matches!(self.what(i), What::Open));
        let qualifies = behind.is_some_and(|i| told[i - a] && self.matters(i) && !self.changes_nothing(i));
        match (before, behind) {
            (Some(i), _) if or(self.class(i)) => !qualifies,
            (i, Some(k)) if or(self.class(k)) => apart(i),
            _ => false,
        }
    }

    /// Notes elements that only label what follows, and are no requirement of their own.
    pub fn label(&mut self, a: usize, b: usize) {
        self.labels.push((a, b));
    }

    /// Whether an element names something, is a value that is no time, or asks something of a person.
    fn matters(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => v.id != "sex" && v.id != "infection" && v.id != "age",
            What::Named(_) | What::Word => true,
            What::Quant(q) => {
                let quant = &self.e.quants[q as usize];
                let of_a_scale = quant.range && self.word_is(i + 1, &["numeric", "scale", "rating", "point"]);
                !quant.bare && !of_a_scale && (!quant.is_time() || quant.age)
            }
            What::Lex(..) if self.asks_a_person(i) => true,
            What::Lex(Class::If, _) => self.word_is(i, &["if", "only if", "provided that"]),
            _ => false,
        }
    }

    /// Whether a tree means the same without an element that matters elsewhere.
    fn changes_nothing(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(_) => self.is_short_form(i) || self.is_of_an_anchor(i),
            What::Named(_) | What::Word => {
                self.is_neutral(i) || self.is_short_form(i) || self.is_of_an_anchor(i)
            }
            What::Lex(..) if self.asks_a_person(i) => self.is_neutral(i),
            _ => false,
        }
    }

    fn asks_a_person(&self, i: usize) -> bool {
        let classes = [Class::HumanConsent, Class::HumanSubjective, Class::HumanInvestigator];
        self.class(i).is_some_and(|class| classes.contains(&class))
    }

    /// Whether all words of an element are among those that may be left unread.
    pub fn is_neutral(&self, i: usize) -> bool {
        let Some(el) = self.e.els.get(i) else { return true };
        let mut tokens = self.e.tokens[el.t0 as usize..el.t1 as usize].iter();
        tokens.all(|t| t.kind != Kind::Word || t.end - t.start < 3 || lexicon::is_neutral(t.hash))
    }

    /// Whether an element is another name in a bracket of its own: `glioblastoma multiforme (GBM)`.
    fn is_short_form(&self, i: usize) -> bool {
        let alone =
            i > 0 && matches!(self.what(i - 1), What::Open) && matches!(self.what(i + 1), What::Close);
        alone && self.read(i, i + 1).starts_with(char::is_uppercase) && !self.read(i, i + 1).contains(' ')
    }

    /// Whether an element names the time from which another counts: `within 28 days of the last injection`.
    fn is_of_an_anchor(&self, i: usize) -> bool {
        self.anchor_at(i).is_some()
            || (i.saturating_sub(8)..i)
                .rev()
                .find(|&k| {
                    !self.holds_together(k)
                        && !matches!(self.what(k), What::Word | What::Named(_) | What::Var(_))
                })
                .is_some_and(|k| match self.what(k) {
                    What::Lex(
                        Class::Before | Class::After | Class::Since | Class::During | Class::Within,
                        _,
                    ) => true,
                    What::Quant(q) => self.e.quants[q as usize].is_time() && self.says_of(k + 1),
                    _ => false,
                })
    }

    fn says_of(&self, i: usize) -> bool {
        self.word_is(i, &["of", "from"])
    }

    fn ends_case(&self, i: usize) -> bool {
        matches!(self.what(i), What::Comma | What::Semi | What::Stop | What::Colon | What::Close)
    }

    /// For each of the elements `a..b`, whether it is part of the tree or of what is told beside it. Of elements that
    /// do not matter it may say that they are not, unless something stands behind an `if`.
    fn told(&self, a: usize, b: usize, node: &Node, matters: &[bool]) -> Vec<bool> {
        let mut told = vec![false; b - a];
        let mut spans: Vec<Span> = Vec::new();
        let mut beside: Vec<&str> = self.residue.iter().map(|r| r.text.as_str()).collect();
        let (mut counted, mut asked, mut vars) = (false, false, Vec::new());
        node.each(&mut |n| {
            spans.extend(is_leaf(&n.op).then_some(n.span));
            asked |= matches!(n.op, Op::Human { .. });
            if let Op::Has(has) = &n.op {
                asked |= &*has.concept.0 == "informed_consent";
                counted |= has.count.is_some();
                let words = has.evidence.iter().chain(&has.examples).chain(&has.subtypes);
                beside.extend(words.map(String::as_str));
            }
            if let Some(variable) = variable_of(&n.op).filter(|variable| !vars.contains(variable)) {
                vars.push(variable);
            }
            counted |= matches!(n.op, Op::AtLeast { .. });
        });
        if counted {
            told.fill(true);
            return told;
        }
        spans.sort_unstable_by_key(|s| s.start);
        let mut spans = spans.into_iter().peekable();
        let words: OnceCell<HashSet<u64, BuildHasherDefault<Ready>>> = OnceCell::new();
        let print = |word: &str| vocabulary::fingerprint(word.as_bytes());
        let is_beside = |text: &str| {
            let words = words.get_or_init(|| beside.iter().copied().flat_map(words_of).map(print).collect());
            !words.is_empty() && words_of(text).all(|w| words.contains(&print(w)))
        };
        let cases = self.e.kinds.meets(Kinds::of(&[Class::If]));
        // The furthest end of the spans that begin at or before an element.
        let mut reach = 0;
        for i in (a..b).filter(|i| cases || matters[i - a]) {
            let here = self.span(i, i + 1);
            while let Some(span) = spans.next_if(|s| s.start <= here.start) {
                reach = reach.max(span.end);
            }
            // `give`, `willing`: of what is asked of a person.
            let of_asked = asked && self.asks_a_person(i);
            told[i - a] = here.end <= reach
                || of_asked
                || matches!(self.what(i), What::Var(v) if vars.contains(&v.id))
                || is_beside(here.of(self.text.raw))
                || self.changes_nothing(i);
        }
        for &(x, y) in &self.labels {
            told[x.clamp(a, b) - a..y.clamp(a, b) - a].fill(true);
        }
        told
    }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// The variable of the catalogue whose value a node asks for.
fn variable_of(op: &Op) -> Option<&str> {
    let variable = match op {
        Op::Cmp(cmp) => &cmp.var,
        Op::Coded(coded) => &coded.var,
        Op::Change(change) => &change.var,
        _ => return None,
    };
    Some(&*variable.0).filter(|id| !id.starts_with("text:"))
}

/// Whether a node says something itself, not by its parts.
fn is_leaf(op: &Op) -> bool {
    !matches!(
        op,
        Op::And(_) | Op::Or(_) | Op::Not(_) | Op::AtLeast { .. } | Op::Ambiguous(_) | Op::Exposure(_)
    )
}

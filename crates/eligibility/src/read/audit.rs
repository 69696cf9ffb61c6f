//! Nothing is lost in silence: what is named and stands in no part of the tree is told as left to people.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::cx::Cx;
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::is_numeric;
use super::lexicon::Class;
use crate::tree::{Node, Op, Span};

impl Cx<'_> {
    /// Reads elements `a..b`, and tells of what is known there and was not read.
    pub fn audited(&mut self, a: usize, b: usize) -> Option<Node> {
        let node = self.segment(a, b)?;
        let matters: Vec<bool> = (a..b).map(|i| self.matters(i)).collect();
        if !matters.contains(&true) {
            return Some(node);
        }
        let told = self.told(a, b, &node, &matters);
        let mut i = a;
        while i < b {
            let from = i;
            // The whole of what stands behind an `if`.
            let mut case = false;
            while i < b && !told[i - a] && (matters[i - a] || case && !self.ends_case(i)) {
                case |= self.is(i, Class::If);
                i += 1;
            }
            if i > from {
                self.leave(from, i, "not read");
            }
            i += 1;
        }
        Some(node)
    }

    /// Notes elements that only label what follows, and are no requirement of their own.
    pub fn label(&mut self, a: usize, b: usize) {
        self.labels.push((a, b));
    }

    /// Whether an element names a fact, is a value that is no time, or asks something of a person.
    fn matters(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => !is_numeric(v) && v.id != "sex" && v.id != "infection",
            What::Named(_) => self.anchor_at(i).is_none(),
            What::Quant(q) => {
                let quant = &self.e.quants[q as usize];
                !quant.bare && (!quant.is_time() || quant.age)
            }
            What::Lex(Class::HumanConsent | Class::HumanSubjective | Class::HumanInvestigator, _) => true,
            What::Lex(Class::If, _) => self.word_is(i, &["if", "only if", "provided that"]),
            _ => false,
        }
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
        let mut counted = false;
        node.each(&mut |n| {
            spans.extend(is_leaf(&n.op).then_some(n.span));
            if let Op::Has(has) = &n.op {
                counted |= has.count.is_some();
                let words = has.evidence.iter().chain(&has.examples).chain(&has.subtypes);
                beside.extend(words.map(String::as_str));
            }
            counted |= matches!(n.op, Op::AtLeast { .. });
        });
        if counted {
            told.fill(true);
            return told;
        }
        spans.sort_unstable_by_key(|s| s.start);
        let mut spans = spans.into_iter().peekable();
        let words: OnceCell<HashSet<&str>> = OnceCell::new();
        let is_beside = |text: &str| {
            let words = words.get_or_init(|| beside.iter().copied().flat_map(words_of).collect());
            !words.is_empty() && words_of(text).all(|w| words.contains(w))
        };
        let cases = self.e.kinds.meets(Kinds::of(&[Class::If]));
        // The furthest end of the spans that begin at or before an element.
        let mut reach = 0;
        for i in (a..b).filter(|i| cases || matters[i - a]) {
            let here = self.span(i, i + 1);
            while let Some(span) = spans.next_if(|s| s.start <= here.start) {
                reach = reach.max(span.end);
            }
            told[i - a] = here.end <= reach || is_beside(here.of(self.text.raw));
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

/// Whether a node says something itself, not by its parts.
fn is_leaf(op: &Op) -> bool {
    !matches!(
        op,
        Op::And(_) | Op::Or(_) | Op::Not(_) | Op::AtLeast { .. } | Op::Ambiguous(_) | Op::Exposure(_)
    )
}

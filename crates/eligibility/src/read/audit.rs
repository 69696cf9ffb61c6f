//! Nothing is lost in silence: what is named and stands in no part of the tree is told as left to people.

use std::collections::HashSet;

use super::cx::Cx;
use super::elements::What;
use super::leaf::is_numeric;
use super::lexicon::Class;
use crate::tree::{Node, Op, Span};

impl Cx<'_> {
    /// Reads elements `a..b`, and tells of what is known there and was not read.
    pub fn audited(&mut self, a: usize, b: usize) -> Option<Node> {
        let node = self.segment(a, b)?;
        let told = self.told(a, b, &node);
        let mut i = a;
        while i < b {
            let from = i;
            // The whole of what stands behind an `if`.
            let mut case = false;
            while i < b && !told[i - a] && (self.matters(i) || case && !self.ends_case(i)) {
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

    /// For each of the elements `a..b`, whether it is part of the tree or of what is told beside it.
    fn told(&self, a: usize, b: usize, node: &Node) -> Vec<bool> {
        let mut told = vec![false; b - a];
        let mut spans: Vec<Span> = Vec::new();
        let mut words = Told::default();
        let mut counted = false;
        self.residue.iter().for_each(|r| words.add(&r.text));
        node.each(&mut |n| {
            spans.extend(is_leaf(&n.op).then_some(n.span));
            if let Op::Has(has) = &n.op {
                counted |= has.count.is_some();
                has.evidence.iter().chain(&has.examples).chain(&has.subtypes).for_each(|e| words.add(e));
            }
            counted |= matches!(n.op, Op::AtLeast { .. });
        });
        if counted {
            told.fill(true);
            return told;
        }
        spans.sort_unstable_by_key(|s| s.start);
        // The furthest end of the spans that begin at or before each.
        let mut reach = 0;
        let reaches: Vec<u32> = spans
            .iter()
            .map(|s| {
                reach = reach.max(s.end);
                reach
            })
            .collect();
        for (i, told) in (a..b).zip(&mut told) {
            let here = self.span(i, i + 1);
            let before = spans.partition_point(|s| s.start <= here.start);
            *told = before.checked_sub(1).is_some_and(|k| here.end <= reaches[k])
                || words.has(here.of(self.text.raw));
        }
        for &(x, y) in &self.labels {
            told[x.clamp(a, b) - a..y.clamp(a, b) - a].fill(true);
        }
        told
    }
}

/// The words that are told beside a tree.
#[derive(Default)]
struct Told<'t>(HashSet<&'t str>);

impl<'t> Told<'t> {
    fn add(&mut self, text: &'t str) {
        self.0.extend(words_of(text));
    }

    /// Whether all words of a text are told.
    fn has(&self, text: &str) -> bool {
        !self.0.is_empty() && words_of(text).all(|w| self.0.contains(w))
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

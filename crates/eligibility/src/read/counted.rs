//! So many of a list: `any 2 of the 5 items of A, B and C`.

use super::cx::{Cx, join};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use super::mods::Mods;
use crate::tree::Node;

impl Cx<'_> {
    /// `at least one abnormal finding among A, B or C`, `any 2 of the 5 items of A, B and C`.
    pub fn counted_list(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::QUANT) {
            return None;
        }
        let count = (a..b.min(a + 8))
            .find(|&i| matches!(self.what(i), What::Quant(q) if self.count_of(q as usize).is_some()))?;
        let What::Quant(q) = self.what(count) else { return None };
        let k = self.count_of(q as usize)?;
        let among = (count + 1..b.min(count + 7))
            .find(|&i| self.is(i, Class::OrMoreOf) || self.word_is(i, &["among", "of", "in", "from"]))?;
        // `2 Allergic constitution`: the number of the item.
        let numbered = count == self.first && self.e.quants[q as usize].bare;
        if !self.is_empty_for_count(a, count)
            || numbered && self.read(count + 1, count + 2).starts_with(char::is_uppercase)
        {
            return None;
        }
        // `of the 5 items of A, B`
        let mut from = among + 1;
        let mut of = None;
        while from < b
            && (self.is_empty(from, from + 1)
                || matches!(self.what(from), What::Quant(_))
                || self.word_is(
                    from,
                    &[
                        "item",
                        "criterion",
                        "factor",
                        "examination",
                        "test",
                        "finding",
                        "above",
                        "sign",
                        "symptom",
                        "domain",
                        "parameter",
                        "feature",
                        "below",
                    ],
                ))
        {
            if let What::Quant(inner) = self.what(from) {
                of = self.e.quants[inner as usize].value();
            }
            from += 1;
        }
        let back = (among..from).any(|i| self.word_is(i, &["above", "item", "examination"]));
        if from >= b || !self.says_something(from, b) {
            if !back || self.last_list.len() < 2 {
                return None;
            }
            let members = self.last_list.clone();
            if of.is_some_and(|of| of != rust_decimal::Decimal::from(members.len())) {
                return None;
            }
            let mut start = among + 1;
            if self.word_is(start, &["in"]) {
                start += 1;
            }
            self.flag("back_reference", start, from.max(start + 1), "the list printed before");
            let mut node = self.at_least(k, members, "structure.back_reference")?;
            node.span = self.span(a, b);
            self.count_flags(q as usize);
            return Some(node);
        }
        let parts = self.parts_of(from, b);
        if parts.len() < 2 {
            return None;
        }
        let nodes: Vec<Node> = parts
            .iter()
            .filter_map(|part| {
                let piece = self.unit(part.a, part.b, &Mods::default());
                self.whole(piece, part.a, part.b)
            })
            .collect();
        self.count_flags(q as usize);
        if nodes.len() < 2 {
            return join(nodes, false, "structure.at_least");
        }
        self.at_least(k, nodes, "structure.at_least")
    }

    fn is_empty_for_count(&self, a: usize, count: usize) -> bool {
        (a..count).all(|i| self.is_empty(i, i + 1) || matches!(self.what(i), What::Word | What::Lex(..)))
    }

    fn count_flags(&mut self, q: usize) {
        let e = self.e;
        let quant = &e.quants[q];
        if quant.word {
            let bytes = self.token_bytes((quant.number, quant.number + 1));
            self.flag_bytes("number_word", bytes, "a number written as a word", None);
        }
    }
}

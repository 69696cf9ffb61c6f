//! Results of tests: `negative for HIV`, `positive biopsy`.

use super::cx::{Cx, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use super::list::Part;
use super::mods::Mods;
use crate::tree::{Kind, Node, Op, Reason};

impl Cx<'_> {
    /// `negative for HIV, hepatitis B and hepatitis C`: the result that stands before the first of a list of tests.
    pub fn result_of(&self, part: &Part, before: Option<&'static str>) -> Option<&'static str> {
        let own = (part.a..part.b).find_map(|i| match self.class(i)? {
            Class::Positive => Some((i, "positive")),
            Class::Negative => Some((i, "negative")),
            _ => None,
        });
        match own {
            // `HIV negative` says nothing of the next.
            Some((i, value)) => self.is_empty(part.a, i).then_some(value),
            None => {
                let value = (part.a..part.b).any(|i| matches!(self.what(i), What::Quant(_)));
                let acronym = (part.a..part.b).any(|i| matches!(self.what(i), What::Open));
                let short = part.b - part.a <= if acronym { 7 } else { 4 } && !value;
                before.filter(|_| short)
            }
        }
    }

    /// `HIV, hepatitis B and hepatitis C negative`: the result that stands behind the last of a list of tests, for each
    /// part before it that has none of its own and names no disease or result.
    pub fn results_behind(&self, parts: &[Part]) -> Vec<Option<&'static str>> {
        let mut found = vec![None; parts.len()];
        if !self.has(Kinds::of(&[Class::Negative, Class::Positive])) {
            return found;
        }
        let mut behind = None;
        for (part, found) in parts.iter().zip(&mut found).rev() {
            let own = (part.a..part.b).find_map(|i| match self.class(i)? {
                Class::Positive => Some((i, "positive")),
                Class::Negative => Some((i, "negative")),
                _ => None,
            });
            let bare =
                (part.a..part.b).all(|i| !matches!(self.what(i), What::Quant(_)) && !self.is(i, Class::Neg));
            match own {
                Some((i, value)) => {
                    behind = (!self.is_empty(part.a, i) && self.only_empty(i + 1, part.b)).then_some(value);
                }
                None if bare && self.takes_result(part) && !self.names_infected(part) => *found = behind,
                // `HTLV-1` among the tests: the germ, by its letters.
                None if bare && self.is_germ(part) => *found = behind,
                None => behind = None,
            }
        }
        found
    }

    /// Whether a part is one name in capitals, as germs that tests look for have them.
    fn is_germ(&self, part: &Part) -> bool {
        let (a, b) = self.trim(part.a, part.b);
        let capitals = !self.read(a, b).contains(|c: char| c.is_lowercase());
        b == a + 1 && capitals && matches!(self.what(a), What::Named(_))
    }

    /// `HIV infection`: the disease, not the test for it.
    fn names_infected(&self, part: &Part) -> bool {
        let words = self.read(part.a, part.b).to_ascii_lowercase();
        ["infect", "disease", "syndrome", "aids", "positiv", "negativ"]
            .iter()
            .any(|word| words.contains(word))
    }

    /// Whether the first name of a part is of a test, which a result before the list is said of.
    pub fn takes_result(&self, part: &Part) -> bool {
        let test = |i: usize| matches!(self.what(i), What::Var(v) if super::leaf::positive_by_name(v));
        let named = (part.a..part.b).find(|&i| matches!(self.what(i), What::Var(_) | What::Named(_)));
        // `hepatitis C virus (HCV) antibody`
        named.is_some_and(|i| test(i) || matches!(self.what(i + 1), What::Open) && test(i + 2))
    }

    /// What a result says of a known name that is no coded test: a disease is denied by `negative`. That a test was
    /// made, or a substance is in use, is not what a result asks: such a node is for a person.
    pub fn undecided_result(&mut self, node: &Node, mods: &mut Mods, a: usize, b: usize) -> Option<Node> {
        let (Some(result), Op::Has(has)) = (mods.result(), &node.op) else { return None };
        if has.concept.0.starts_with("text:") {
            return None;
        }
        if !matches!(has.kind, Kind::Procedure | Kind::Drug | Kind::DrugClass) {
            if result == "negative" {
                mods.deny();
            }
            return None;
        }
        let said = |i: usize| matches!(self.class(i), Some(Class::Positive | Class::Negative));
        let from = (a.saturating_sub(3)..a).find(|&i| said(i)).unwrap_or(a);
        let human = self.human(Reason::NotInRecord, from, b, "rest.result");
        Some(if mods.denies() { negate(human) } else { human })
    }
}

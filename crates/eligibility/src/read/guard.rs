//! Who a value or a duty is for: `≤ 5 × ULN if liver metastases are present`, `women must use contraception`.

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::kind_of;
use super::lexicon::Class;
use super::mods::Mods;
use super::unit::Piece;
use crate::tree::{Kind, Node, Op};

impl Cx<'_> {
    /// `X ≤ 2.5, or ≤ 5 if Y`: another bound of the variable before it, for those who have Y.
    pub fn other_bound(&mut self, at: usize, q: usize, b: usize) -> Option<(Node, usize, usize)> {
        if !self.is_case(at + 1) || !self.names_fact(at + 2, b) {
            return None;
        }
        let (about, last) = self.last_value.clone()?;
        let quant = &self.e.quants[q];
        let unit = quant.limit.unwrap_or_else(|| quant.unit.map_or("", |u| u.as_str()));
        if quant.bare || unit != last.unit {
            return None;
        }
        let Piece::Node(case) = self.facts(at + 2, b, Mods::default()) else { return None };
        let node = self.compare(&about, q, at, at + 1);
        self.label(at + 1, at + 2);
        Some((join(vec![case, node], false, "structure.case")?, at, b))
    }

    /// Whether a word introduces a case: `if`, `for`, `in`, `when`.
    pub fn is_case(&self, i: usize) -> bool {
        matches!(self.class(i), Some(Class::If | Class::ForTime)) && self.time(i + 1).is_none()
    }

    /// Whether a condition, treatment or event is named in `a..b`.
    pub fn names_fact(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| self.is_fact_name(i))
    }

    fn is_fact_name(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => !super::leaf::is_numeric(v) && v.id != "sex",
            What::Named(id) => {
                matches!(super::leaf::kind_of_named(id), Some(Kind::Condition | Kind::Finding | Kind::Drug))
            }
            _ => false,
        }
    }

    /// `stage III lung cancer`: a disease that stands directly behind its stage.
    pub fn staged(&mut self, y: usize, b: usize) -> Option<(Node, usize)> {
        let mut end = y;
        while end < b && matches!(self.class(end), Some(Class::Course | Class::Severe | Class::Control)) {
            end += 1;
        }
        while end < b && matches!(self.what(end), What::Word | What::Named(_) | What::Var(_) | What::Dash) {
            if matches!(self.what(end), What::Var(v) if super::leaf::is_numeric(v)) {
                return None;
            }
            end += 1;
        }
        if end == y || end - y > 8 || !self.is_disease_name(y, end) {
            return None;
        }
        match self.unit(y, end, &Mods::default()) {
            Piece::Node(node) if matches!(node.op, Op::Has(_)) => Some((node, end)),
            _ => None,
        }
    }

    fn is_disease_name(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| match self.what(i) {
            What::Var(v) => kind_of(v) == Kind::Condition && !super::leaf::is_numeric(v),
            What::Named(id) => super::leaf::kind_of_named(id) == Some(Kind::Condition),
            _ => false,
        })
    }

    /// `women of childbearing potential must have a negative pregnancy test`: a duty of some people.
    pub fn duty(&mut self, a: usize, b: usize) -> Option<Node> {
        if self.or_by_default() || !self.has(Kinds::PEOPLE) {
            return None;
        }
        let must = (a..b).find(|&i| {
            self.word_is(i, &["must", "should", "need", "required", "agree", "agree to", "are required"])
        })?;
        let who = (a..must).find(|&i| matches!(self.what(i), What::Var(v) if v.id == "sex"));
        let at = (a..must)
            .find(|&i| matches!(self.what(i), What::Var(v) if v.id == "childbearing_potential"))
            .or(who)?;
        // Only people are named before the duty: nothing that is a criterion of its own.
        let plain = (a..must).all(|i| {
            i == at
                || self.is_empty(i, i + 1)
                || matches!(self.what(i), What::Var(v) if v.id == "sex" || v.id == "childbearing_potential")
        });
        if !plain {
            return None;
        }
        let Piece::Node(people) = self.facts(at, at + 1, Mods::default()) else { return None };
        let duty = self.clause(must, b)?;
        join(vec![negate(people), duty], true, "structure.duty")
    }

    /// Whether the first value of `a..b` stands in a bracket behind something that is named: it defines it.
    pub fn defines_a_name(&mut self, a: usize, b: usize) -> bool {
        let value =
            |w: What| matches!(w, What::Quant(_)) || matches!(w, What::Var(v) if super::leaf::is_numeric(v));
        let Some(open) = (a..b).find(|&i| matches!(self.what(i), What::Open)) else { return false };
        let close = self.close(open, b);
        let may = self.find(a, b, value).is_none()
            && self.names_fact(a, open)
            && (open..close).any(|i| value(self.what(i)));
        // Read on trial: what else the bracket says must not be lost.
        let (flags, residue) = (self.flags.len(), self.residue.len());
        let defines = may && self.values_of(open, close).is_some();
        self.flags.truncate(flags);
        self.residue.truncate(residue);
        defines
    }
}

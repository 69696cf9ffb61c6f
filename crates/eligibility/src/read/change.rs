//! Changes: `reduction of TCSS score <2 points from baseline`.
//!
//! ```text
//! change = cue variable quantity ["from" baseline]
//!        | variable cue quantity ["from" baseline]
//! cue    = "reduction of" | "decrease" | "increase" ...
//! ```

use super::cx::Cx;
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::is_numeric;
use super::lexicon::Class;
use crate::tree::{Change, Node, Op, Reason, Var};

impl Cx<'_> {
    /// Whether an element stands in a bracket of exceptions: `(unless the elevation is due to lymphoma)`.
    fn is_excepted(&self, i: usize, a: usize) -> bool {
        let open = (a..i).rev().find(|&k| matches!(self.what(k), What::Open));
        open.is_some_and(|open| {
            self.close(open, i) >= i
                && (open + 1..i).take(2).any(|k| matches!(self.class(k), Some(Class::Except | Class::If)))
        })
    }

    /// `reduction of TCSS score <2 points from baseline`, `TCSS score decrease ≤30%`.
    pub fn change(&mut self, a: usize, b: usize) -> Option<(Node, usize, usize)> {
        if !self.has(Kinds::of(&[Class::ChangeDown, Class::ChangeUp])) {
            return None;
        }
        let cue = (a..b).find(|&i| {
            matches!(self.class(i), Some(Class::ChangeDown | Class::ChangeUp)) && !self.is_excepted(i, a)
        })?;
        let var = (a..b).find(|&i| matches!(self.what(i), What::Var(v) if is_numeric(v)))?;
        // `weight stable (gain or loss < 4 kg)`: either way, which no bound says.
        let back = if self.is(cue, Class::ChangeUp) { Class::ChangeDown } else { Class::ChangeUp };
        if let Some(other) = (cue + 1..b.min(cue + 4)).find(|&i| self.is(i, back))
            && (cue..other).any(|i| self.is(i, Class::Or) || self.is(i, Class::AndOr))
        {
            return Some((self.human(Reason::NotInRecord, a, b, "number.change"), a, b));
        }
        let quant = (cue.max(var)..b).find(|&i| matches!(self.what(i), What::Quant(_))).or_else(|| {
            (a..b).find(|&i| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].is_time()))
        })?;
        let (What::Var(variable), What::Quant(q)) = (self.what(var), self.what(quant)) else { return None };
        let e = self.e;
        let value = &e.quants[q as usize];
        if value.is_time() || value.limit.is_some() {
            return None;
        }
        // `reduced conduction velocity (≥2 standard deviations)`: how far below, on a signed scale.
        let percent = value.unit.is_some_and(|u| u.as_str() == "%");
        let baseline = (quant..b).find(|&i| self.is(i, Class::Baseline));
        let adjective = self.word_is(cue, &["reduced", "decreased", "elevated"]);
        if adjective && baseline.is_none() && !percent {
            return None;
        }
        let increase = self.is(cue, Class::ChangeUp);
        let (lo, hi) = if value.bare { (value.lo, None) } else { (value.lo, value.hi) };
        let unit = match value.unit {
            Some(unit) if unit.as_str() != "{points}" && !self.word_is(quant, &["points"]) => {
                unit.as_str().to_owned()
            }
            _ => variable.unit.map_or_else(String::new, |u| u.as_str().to_owned()),
        };
        let unit = if percent { "%".to_owned() } else { unit };
        let from = if baseline.is_some() { "baseline" } else { "start_of_exposure" };
        let (x, y) = (cue.min(var), baseline.map_or(quant + 1, |i| i + 1));
        match baseline {
            Some(i) => {
                self.flag("implicit_reference", i, i + 1, "which visit is the baseline is not printed");
            }
            None => self.flag("implicit_reference", x, y, "from when is not printed"),
        }
        let change =
            Change { var: Var(variable.id.into()), increase, percent, from: from.to_owned(), lo, hi, unit };
        Some((self.node(Op::Change(Box::new(change)), x, y, "number.change"), x, y))
    }
}

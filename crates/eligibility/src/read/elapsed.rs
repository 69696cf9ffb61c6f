//! How long ago something must have been.
//!
//! ```text
//! elapsed = time ("since" | "after") fact ["and recovered"]
//! ```
//!
//! `At least 4 weeks since prior radiotherapy` asks for none within four weeks, and is met by who never had any;
//! `less than 4 weeks since ...` says that there was some.

use super::cx::{Cx, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use crate::tree::{Anchor, Node, Op, Reason, Relation, When, Window};

impl Cx<'_> {
    /// Reads elements `a..b` as a time since something.
    pub fn elapsed(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::Since, Class::After])) {
            return None;
        }
        let What::Quant(q) = self.what(a) else { return None };
        let quant = &self.e.quants[q as usize];
        if !quant.is_time() || quant.age || quant.lo.is_some() == quant.hi.is_some() {
            return None;
        }
        let passed = |i: usize| self.word_is(i, &["have", "has", "elapsed", "passed", "must", "should"]);
        // `at least 3 weeks (6 weeks for nitrosoureas) since`
        let open = matches!(self.what(a + 1), What::Open).then_some(a + 1);
        let from = open.map_or(a + 1, |open| self.close(open, b));
        let since = (from..b).find(|&i| !passed(i))?;
        if !self.word_is(since, &["since", "elapsed since", "from", "after"])
            || !self.says_something(since + 1, b) && !self.names_treatment(since + 1, b)
        {
            return None;
        }
        let (lo, hi) = (quant.lo, quant.hi);
        if let Some(open) = open {
            self.aside(open, from);
        }
        let unit = quant.unit?.as_str().to_owned();
        let (window, none) = match (lo, hi) {
            (Some(bound), None) => (Window { value: bound.value, unit, incl: !bound.incl }, true),
            (None, Some(bound)) => (Window { value: bound.value, unit, incl: bound.incl }, false),
            _ => return None,
        };
        let end = self.without_recovery(since + 1, b);
        // As an exclusion, that enough time has passed is hardly meant.
        if none && self.or_by_default() {
            return Some(self.human(Reason::NotInRecord, a, b, "time.elapsed"));
        }
        let end = self.without_asides(since + 1, end);
        let mut node = self.clause(since + 1, end)?;
        let mut facts = 0;
        node.each_mut(&mut |n| {
            if let Op::Has(has) = &mut n.op {
                facts += 1;
                let relation = Relation::Before;
                has.when =
                    Some(When { window: Some(window.clone()), relation, anchor: Some(Anchor::Screening) });
            }
        });
        if facts == 0 {
            return Some(self.human(Reason::NotInRecord, a, b, "time.elapsed"));
        }
        Some(if none { negate(node) } else { node })
    }

    /// `hormonal therapy`: a treatment that no vocabulary has, by words before what it is.
    fn names_treatment(&self, a: usize, b: usize) -> bool {
        (a + 1..b).any(|i| {
            self.word_is(i, &["therapy", "treatment", "regimen", "agent", "medication"])
                && matches!(self.what(i - 1), What::Word)
        })
    }

    /// Where the fact ends before brackets that say another time of something else.
    fn without_asides(&mut self, a: usize, b: usize) -> usize {
        let timed = |cx: &Self, open: usize| (open..cx.close(open, b)).any(|i| cx.time(i).is_some());
        let open = (a..b).find(|&i| matches!(self.what(i), What::Open) && timed(self, i));
        match open {
            Some(open) if self.aside(open, b) >= b => open,
            _ => b,
        }
    }

    /// Where the fact ends: `and recovered` is for a person.
    fn without_recovery(&mut self, a: usize, b: usize) -> usize {
        let recovered = (a + 1..b).find(|&i| self.word_is(i, &["recovered", "recovery", "recover"]));
        let Some(at) = recovered else { return b };
        let end = (a + 1..at).rev().find(|&i| self.is(i, Class::And)).unwrap_or(at);
        self.leave_unread(end, b, crate::tree::Unread::Condition, "not read");
        end
    }
}

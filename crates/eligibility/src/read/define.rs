//! What a name means here, said behind it.
//!
//! ```text
//! definition = list "defined as" values      also `defined by`, `i.e.`
//! ```

use super::around::defines;
use super::cx::{Cx, join, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use crate::tree::{Node, Op};

impl Cx<'_> {
    /// `uncontrolled hypertension, defined as systolic > 160 or diastolic > 100`: the values decide the last name
    /// before them.
    pub fn definition(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::Skip])) || !self.has(Kinds::QUANT.or(Kinds::NUMERIC)) {
            return None;
        }
        let at = self.find(a, b, |w| matches!(w, What::Lex(Class::Skip, "defines"))).filter(|&at| at > a)?;
        let value = |w: What| matches!(w, What::Quant(_));
        if !self.names_fact(a, at)
            || (a..at).any(|i| value(self.what(i)))
            || !(at..b).any(|i| value(self.what(i)))
        {
            return None;
        }
        let (flags, residue) = (self.flags.len(), self.residue.len());
        let values = self.list(at + 1, b).filter(defines);
        let defined = values.and_then(|values| {
            let head = self.list(a, at)?;
            self.define(head, values)
        });
        if defined.is_none() {
            self.flags.truncate(flags);
            self.residue.truncate(residue);
        } else {
            self.flag("definition", at, b, "says what is meant by the name before it");
        }
        defined
    }

    /// A list whose last name is what some values decide; one that no vocabulary has is only their label.
    fn define(&mut self, head: Node, values: Node) -> Option<Node> {
        let Node { op, span, rule } = head;
        match op {
            Op::Has(mut has) => Some(if has.concept.0.starts_with("text:") {
                values
            } else {
                has.defined_by = Some(Box::new(values));
                Node { op: Op::Has(has), span, rule }
            }),
            Op::Not(arg) => self.define(*arg, values).map(negate),
            Op::And(mut args) => {
                let last = args.pop()?;
                args.push(self.define(last, values)?);
                join(args, false, rule.0)
            }
            Op::Or(mut args) => {
                let last = args.pop()?;
                args.push(self.define(last, values)?);
                join(args, true, rule.0)
            }
            _ => None,
        }
    }
}

//! Formulas: `creatinine clearance > 60 mL/min: (140 - age) x weight / 72`. They say how a value is computed, and
//! ask for nothing.

use super::cx::Cx;
use super::elements::What;
use super::leaf::is_numeric;
use super::lexicon::Class;

impl Cx<'_> {
    /// Where a formula begins behind a value, with the words that announce it; `None` if there is none.
    pub fn formula(&self, a: usize, b: usize) -> Option<usize> {
        let age = |i: usize| matches!(self.what(i), What::Var(v) if v.id == "age");
        // `140 - age`: what no criterion subtracts.
        let at = (a + 1..b).find(|&i| {
            let What::Quant(q) = self.what(i) else { return false };
            let glued =
                self.e.quants[q as usize].age && self.read(i, i + 1).to_ascii_lowercase().ends_with("-age");
            self.e.quants[q as usize].bare && (glued || matches!(self.what(i + 1), What::Dash) && age(i + 2))
        })?;
        let announces = |i: usize| match self.what(i) {
            What::Open
            | What::Colon
            | What::Comma
            | What::Sign(_)
            | What::Word
            | What::Other
            | What::Slash => true,
            What::Lex(class, _) => !matches!(class, Class::And | Class::Or | Class::AndOr),
            What::Var(v) => is_numeric(v),
            What::Named(_) => true,
            _ => false,
        };
        let start = (a..at).rev().take_while(|&i| announces(i)).last()?;
        let valued = (a..start).any(|i| matches!(self.what(i), What::Quant(_)));
        valued.then_some(start)
    }
}

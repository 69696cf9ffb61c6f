//! What is said of somebody else: `parent of a child whose age is 7 to 12`.

use super::cx::Cx;
use super::elements::What;
use super::leaf::Words;
use super::lexicon::Class;
use crate::tree::{Node, Reason};

/// Who is asked for.
const RELATIVES: Words = Words::new(&[
    "parent",
    "mother",
    "father",
    "caregiver",
    "carer",
    "guardian",
    "grandparent",
    "grandmother",
    "spouse",
    "partner",
    "sibling",
    "brother",
    "sister",
    "relative",
    "wife",
    "husband",
    "teacher",
]);

/// Of whom they are relatives.
const OTHERS: Words = Words::new(&[
    "child",
    "children",
    "infant",
    "baby",
    "babies",
    "newborn",
    "neonate",
    "toddler",
    "son",
    "daughter",
    "kid",
    "adolescent",
    "teenager",
    "boy",
    "girl",
    "student",
]);

impl Cx<'_> {
    /// A clause on who has a child, or cares for one: what it says of the child is in no record of the person.
    pub fn of_another(&mut self, a: usize, b: usize) -> Option<Node> {
        let consent = |i: usize| matches!(self.what(i), What::Var(v) if v.id == "informed_consent");
        let who =
            (a..b.min(a + 4)).find(|&i| !self.is_empty(i, i + 1) && !self.word_is(i, &["being", "be"]))?;
        if self.is(who, Class::Neg) || (a..b).any(consent) {
            return None;
        }
        let relative = (who..b.min(who + 3)).find(|&i| self.word_is_of(i, &RELATIVES));
        let has = (a..=who).rev().find(|&i| {
            matches!(self.class(i), Some(Class::With | Class::Skip))
                && self.word_is(i, &["has", "have", "having", "with"])
        });
        let from = match relative {
            Some(at) if self.word_is(at + 1, &["of", "to", "with", "who have"]) => at + 1,
            None => has?,
            _ => return None,
        };
        // `with Child class B` is of the liver.
        let of_liver = |i: usize| self.word_is(i + 1, &["class", "score", "grade", "pugh"]);
        let other = (from + 1..b.min(from + 6)).find(|&i| self.word_is_of(i, &OTHERS) && !of_liver(i))?;
        let plain =
            (from + 1..other).all(|i| matches!(self.what(i), What::Word | What::Lex(..) | What::Dash));
        plain.then(|| self.human(Reason::NotInRecord, a, b, "person.another"))
    }
}

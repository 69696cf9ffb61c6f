//! What is needed: `asthma requiring steroids or other immunosuppressants`.

use super::cx::Cx;
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::{kind_of, kind_of_named};
use super::lexicon::Class;
use super::list::{Link, Part};
use crate::tree::Kind;

impl Cx<'_> {
    /// `asthma requiring steroids or antibiotics`: the treatments that one disease needs are one part.
    pub fn merge_needs(&self, parts: &mut Vec<Part>) {
        if !self.has(Kinds::of(&[Class::Need])) {
            return;
        }
        let mut i = 1;
        while i < parts.len() {
            let (before, part) = (&parts[i - 1], &parts[i]);
            let directly = !part.comma && matches!(part.link, Some((Link::Or | Link::AndOr, _)));
            let need = (before.a + 1..before.b).rev().find(|&k| self.is(k, Class::Need));
            let needed = need.is_some_and(|need| {
                self.says_something(before.a, need)
                    && (self.first_is_treatment(need + 1, before.b) || self.only_form(need + 1, before.b))
            });
            if directly && needed && self.only_treatments(part.a, part.b) {
                parts[i - 1].b = parts[i].b;
                parts.remove(i);
            } else {
                i += 1;
            }
        }
    }

    /// Whether the first that elements name is a treatment.
    pub fn first_is_treatment(&self, a: usize, b: usize) -> bool {
        (a..b)
            .find(|&i| matches!(self.what(i), What::Var(_) | What::Named(_)))
            .is_some_and(|i| self.treats(i))
    }

    /// Whether a part names treatments and nothing else, without a verb or a time of its own.
    fn only_treatments(&self, a: usize, b: usize) -> bool {
        self.first_is_treatment(a, b)
            && (a..b).all(|i| match self.what(i) {
                What::Var(_) | What::Named(_) => self.treats(i),
                What::Word | What::Dash => true,
                What::Lex(class, _) => matches!(class, Class::Skip | Class::HumanOpen | Class::With),
                _ => false,
            })
    }

    fn treats(&self, i: usize) -> bool {
        let kind = match self.what(i) {
            What::Var(v) if v.id == "trial_participation" => return true,
            What::Var(v) => Some(kind_of(v)),
            What::Named(id) => kind_of_named(id),
            _ => None,
        };
        matches!(kind, Some(Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Procedure))
    }
}

//! How long something has lasted: a course of treatment, a disease.

use vocabulary::variable::{self, Kind as VarKind};

use super::cx::{Cx, join};
use super::leaf::{About, kind_of};
use super::lexicon::Class;
use super::mods::Mods;
use super::unit::Piece;
use crate::tree::{Anchor, Concept, Exposure, Extent, Has, Kind, Node, Op, Relation, When, Window};

impl Cx<'_> {
    /// `chronic foot ulcer more than 6 weeks`, `treatment for at least 3 months`.
    pub fn lasting(&mut self, at: usize, q: usize, a: usize, mods: &Mods) -> Option<(Node, usize, usize)> {
        let before = {
            let mut end = at;
            while end > a
                && (self.is(end - 1, Class::ForTime)
                    || self.is(end - 1, Class::If)
                    || self.is(end - 1, Class::Skip))
            {
                end -= 1;
            }
            end
        };
        // `surgery in 6 months` says when.
        if !self.says_something(a, before) || self.word_is(at.wrapping_sub(1), &["in"]) {
            return None;
        }
        let duration_of = self.is(a, Class::Duration);
        let from = if duration_of { a + 1 } else { a };
        let extent = self.extent(q);
        // What is denied is denied with all that is said of it.
        let Piece::Node(mut node) = self.facts(from, before, mods.affirmed()) else { return None };
        if mods.denies() && !duration_of && absent_for(&mut node, &extent) {
            return Some((node, a, at + 1));
        }
        // `steroid use 2 weeks prior to testing`: when, not for how long.
        if !(before..at).any(|i| self.is(i, Class::ForTime)) && self.counts_from(at) {
            let unread = crate::tree::Unread::Condition;
            self.leave_unread(at, at + 1, unread, "from a time that is none of the study");
            return Some((node, a, at + 1));
        }
        let stays = self.durable(node, extent, duration_of, at, q)?;
        Some((stays, a, at + 1))
    }

    /// A fact that lasted: a course of a treatment, or how long somebody has had a disease.
    fn durable(
        &mut self,
        node: Node,
        extent: Extent,
        duration_of: bool,
        at: usize,
        q: usize,
    ) -> Option<Node> {
        let kind = first_kind(&node)?;
        let span = node.span.join(self.span(at, at + 1));
        let course = matches!(kind, Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Procedure);
        if course && !duration_of && !self.e.quants[q].age && !self.word_is(at.wrapping_sub(1), &["first"]) {
            let concurrent = matches!(node.op, Op::And(_));
            let exposure = Exposure { to: node, duration: extent, concurrent };
            return Some(Node {
                op: Op::Exposure(Box::new(exposure)),
                span,
                rule: crate::tree::Rule("time.exposure"),
            });
        }
        let concept = first_concept(&node).unwrap_or_default();
        let long = matches!(&*extent.unit, "d" | "wk" | "mo" | "a");
        let own = concept.contains("ulcer") || matches!(&*concept, "diabetes" | "t1dm" | "t2dm");
        if kind != Kind::Condition || !long || !own && !duration_of || concept.starts_with("text:") {
            let unread = crate::tree::Unread::Condition;
            self.leave_unread(at, at + 1, unread, "how long is not part of the tree");
            return Some(node);
        }
        let name = if concept.contains("ulcer") {
            "ulcer_duration"
        } else if concept == "diabetes" || concept.starts_with("t1dm") || concept.starts_with("t2dm") {
            "diabetes_duration"
        } else {
            "disease_duration"
        };
        let about = About::Known(variable::by_id(name)?);
        let cmp = self.compare(&about, q, at, at + 1);
        let cmp = match cmp.op {
            Op::Cmp(mut cmp) => {
                (cmp.lo, cmp.hi, cmp.unit) = (extent.lo, extent.hi, extent.unit);
                cmp.canonical = None;
                Node {
                    op: Op::Cmp(cmp),
                    span: self.span(at, at + 1),
                    rule: crate::tree::Rule("time.duration"),
                }
            }
            op => Node { op, span, rule: crate::tree::Rule("time.duration") },
        };
        join(vec![node, cmp], false, "time.duration")
    }

    /// The disease that `duration of type 2 diabetes` names.
    pub fn duration_of(&mut self, about: &About, i: usize) -> Option<Node> {
        let About::Known(variable) = about else { return None };
        if variable.kind != VarKind::Duration {
            return None;
        }
        let words = self.read(i, i + 1);
        let of = words.to_ascii_lowercase().find(" of ").map(|at| at + 4)?;
        let super::lexicon::Phrase::Var(disease) = super::lexicon::exactly(&words[of..])? else {
            return None;
        };
        let text = self.raw(i, i + 1);
        let text = text.get(of..).unwrap_or(&text).to_owned();
        let has = Has::new(kind_of(disease), Concept(disease.id.into()), text);
        Some(self.node(Op::Has(Box::new(has)), i, i + 1, "time.duration"))
    }
}

/// `no steroids for 2 weeks`: none within them. Whether that is so of a node that is denied.
pub fn absent_for(node: &mut Node, extent: &Extent) -> bool {
    let Some(length) = extent.lo.or(extent.hi).filter(|length| length.incl) else { return false };
    match &mut node.op {
        Op::Has(has) if has.when.as_ref().is_none_or(|when| when.window.is_none()) => {
            let before = has.when.as_ref().filter(|when| when.relation == Relation::Before);
            let anchor = before.and_then(|when| when.anchor).or(Some(Anchor::Screening));
            let window = Window { value: length.value, unit: extent.unit.clone(), incl: false };
            has.when = Some(When { window: Some(window), relation: Relation::Before, anchor });
            true
        }
        Op::Or(args) => args.iter_mut().all(|arg| absent_for(arg, extent)),
        _ => false,
    }
}

fn first_kind(node: &Node) -> Option<Kind> {
    match &node.op {
        Op::Has(has) => Some(has.kind),
        Op::And(args) | Op::Or(args) => args.iter().find_map(first_kind),
        Op::Not(arg) => first_kind(arg),
        _ => None,
    }
}

fn first_concept(node: &Node) -> Option<String> {
    match &node.op {
        Op::Has(has) => Some(has.concept.0.to_string()),
        Op::And(args) | Op::Or(args) => args.iter().find_map(first_concept),
        _ => None,
    }
}

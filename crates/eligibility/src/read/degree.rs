//! How bad and how steady a condition is, by words without a threshold: `advanced`, `unstable`, `symptomatic`.
//!
//! They are qualities of what stands behind them, as `severe` is: a record that tells them decides. `severe` is one of
//! the classes of `criteria-words.tsv`; these count only where a name follows, and are vague words everywhere else.

use super::cx::{Cx, join};
use crate::tree::{Kind, Node, Op, Reason};

/// A key of a fact, and its value.
#[derive(Clone, Copy)]
enum Degree {
    Severity(&'static str),
    Control(&'static str),
    Course(&'static str),
}

/// What words without a threshold say of a condition.
const DEGREES: &[(&str, Degree)] = &[
    ("advanced", Degree::Severity("advanced")),
    ("extensive", Degree::Severity("extensive")),
    ("substantial", Degree::Severity("substantial")),
    ("excessive", Degree::Severity("excessive")),
    ("gross", Degree::Severity("gross")),
    ("unstable", Degree::Control("unstable")),
    ("symptomatic", Degree::Course("symptomatic")),
    ("overt", Degree::Course("overt")),
];

impl Degree {
    /// Writes the quality onto a fact, or onto each of several; false, and nothing written, if one is no fact or has
    /// a quality of that kind.
    fn onto(self, node: &mut Node) -> bool {
        if !self.fits(node) {
            return false;
        }
        node.each_mut(&mut |node| {
            if let Op::Has(has) = &mut node.op {
                let (place, value) = match self {
                    Self::Severity(value) => (&mut has.severity, value),
                    Self::Control(value) => (&mut has.control, value),
                    Self::Course(value) => (&mut has.course, value),
                };
                *place = Some(value.to_owned());
            }
        });
        true
    }

    fn fits(self, node: &Node) -> bool {
        match &node.op {
            Op::Not(arg) => self.fits(arg),
            Op::Or(args) => args.iter().all(|arg| self.fits(arg)),
            Op::Has(has) => {
                let plain = has.defined_by.is_none() && matches!(has.kind, Kind::Condition | Kind::Finding);
                plain
                    && match self {
                        Self::Severity(_) => has.severity.is_none(),
                        Self::Control(_) => has.control.is_none(),
                        Self::Course(_) => has.course.is_none(),
                    }
            }
            _ => false,
        }
    }
}

impl Cx<'_> {
    /// `unstable angina`, `poor dental hygiene`: more than what is named. How bad a condition is, or how it goes on,
    /// is a quality of it, which a record may tell; of what else is asked for, a person judges.
    pub fn vaguely(&mut self, mut node: Node, from: usize, to: usize) -> Node {
        if matches!(node.op, Op::Human { .. }) || self.degree(from).is_some_and(|d| d.onto(&mut node)) {
            return node;
        }
        if let Op::Not(arg) = node.op {
            let arg = self.vaguely(*arg, from, to);
            return Node { op: Op::Not(Box::new(arg)), ..node };
        }
        let judged = self.human(Reason::ClinicalJudgement, from, to, "human.clinical");
        join(vec![judged, node.clone()], false, "structure.and").unwrap_or(node)
    }

    /// Whether a vague word asks for more of what stands behind it, and is no word of time.
    pub fn is_degree(&self, i: usize) -> bool {
        self.degree(i).is_some() || self.word_is(i, &["relevant"])
    }

    /// The quality that a word without a threshold stands for.
    fn degree(&self, i: usize) -> Option<Degree> {
        DEGREES.iter().find(|(word, _)| self.word_is(i, &[word])).map(|&(_, degree)| degree)
    }
}

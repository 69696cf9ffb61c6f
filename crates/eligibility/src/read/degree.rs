//! How bad, how steady and how far gone a condition is, by words without a threshold: `advanced`, `unstable`,
//! `recurrent`, `curatively treated`; where it is; and how a drug is given: `oral`, `intravenous`.
//!
//! They are qualities of what stands behind them, as `severe` is: a record that tells them decides, and who has not what
//! is named has it in no such way. `severe` is one of the classes of `criteria-words.tsv`; these count only where a name
//! follows that they may be said of. Elsewhere they are vague words, or part of a longer name.

use super::cx::{Cx, join};
use super::elements::What;
use super::leaf::{Words, is_numeric, kind_of, kind_of_named};
use super::lexicon::Class;
use crate::tree::{Kind, Node, Op, Reason};

/// The key of a fact that a word gives a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Degree {
    /// How bad it is, or how far it goes.
    Severity,
    /// How well it is under control, and by what was done.
    Control,
    /// How it goes on.
    Course,
    /// How a drug is given.
    Form,
    /// Where what may be anywhere is: `brain metastases`.
    Site,
    /// None: what a person has at all was there before the study.
    Nothing,
}

/// What words and phrases without a threshold say of what stands behind them.
const DEGREES: &[(&str, Degree)] = &[
    ("abdominal", Degree::Site),
    ("acute", Degree::Course),
    ("advanced", Degree::Severity),
    ("aerosolized", Degree::Form),
    ("asymptomatic", Degree::Course),
    ("bone", Degree::Site),
    ("brain", Degree::Site),
    ("cardiac", Degree::Site),
    ("central nervous system", Degree::Site),
    ("cerebral", Degree::Site),
    ("cns", Degree::Site),
    ("congenital", Degree::Course),
    ("cured", Degree::Control),
    ("cutaneous", Degree::Site),
    ("debilitating", Degree::Severity),
    ("decompensated", Degree::Control),
    ("disseminated", Degree::Severity),
    ("distant", Degree::Severity),
    ("excessive", Degree::Severity),
    ("extensive", Degree::Severity),
    ("gross", Degree::Severity),
    ("hepatic", Degree::Site),
    ("high grade", Degree::Severity),
    ("inhaled", Degree::Form),
    ("inoperable", Degree::Severity),
    ("intracranial", Degree::Site),
    ("intractable", Degree::Control),
    ("intramuscular", Degree::Form),
    ("intravenous", Degree::Form),
    ("invasive", Degree::Severity),
    ("iv", Degree::Form),
    ("leptomeningeal", Degree::Site),
    ("life threatening", Degree::Severity),
    ("liver", Degree::Site),
    ("localized", Degree::Severity),
    ("locally advanced", Degree::Severity),
    ("low grade", Degree::Severity),
    ("lung", Degree::Site),
    ("metastatic", Degree::Severity),
    ("minimal", Degree::Severity),
    ("multifocal", Degree::Severity),
    ("newly diagnosed", Degree::Course),
    ("ocular", Degree::Site),
    ("oral", Degree::Form),
    ("overt", Degree::Course),
    ("parenteral", Degree::Form),
    ("pelvic", Degree::Site),
    ("persistent", Degree::Course),
    ("pre existing", Degree::Nothing),
    ("preexisting", Degree::Nothing),
    ("progressive", Degree::Course),
    ("pulmonary", Degree::Site),
    ("recurrent", Degree::Course),
    ("refractory", Degree::Control),
    ("relapsed", Degree::Course),
    ("relapsing", Degree::Course),
    ("renal", Degree::Site),
    ("resectable", Degree::Severity),
    ("resected", Degree::Control),
    ("spinal", Degree::Site),
    ("subcutaneous", Degree::Form),
    ("substantial", Degree::Severity),
    ("symptomatic", Degree::Course),
    ("systemic", Degree::Form),
    ("topical", Degree::Form),
    ("treated", Degree::Control),
    ("uncompensated", Degree::Control),
    ("underlying", Degree::Nothing),
    ("unresectable", Degree::Severity),
    ("unresolved", Degree::Control),
    ("unstable", Degree::Control),
    ("untreated", Degree::Control),
    ("visceral", Degree::Site),
    ("widespread", Degree::Severity),
];

/// What may be anywhere in a body: its name does not tell where.
const ANYWHERE: &[&str] = &[
    "infection",
    "malignancy",
    "mesh:D000038", // Abscess
    "mesh:D005402", // Fistula
    "mesh:D006470", // Hemorrhage
    "mesh:D009362", // Neoplasm Metastasis
    "mesh:D012514", // Sarcoma, Kaposi
];

/// Whether a concept may be anywhere in a body.
pub fn is_anywhere(concept: &str) -> bool {
    ANYWHERE.contains(&concept)
}

/// How well something was treated: `curatively resected`.
const HOW: &[&str] = &[
    "adequately",
    "completely",
    "curatively",
    "definitively",
    "fully",
    "inadequately",
    "incompletely",
    "previously",
    "radically",
    "successfully",
    "surgically",
];

/// What qualities of several words begin with.
const BEGINNINGS: Words = Words::new(&[
    "adequately",
    "central",
    "completely",
    "curatively",
    "definitively",
    "fully",
    "high",
    "inadequately",
    "incompletely",
    "life",
    "locally",
    "low",
    "newly",
    "pre",
    "previously",
    "radically",
    "successfully",
    "surgically",
]);

/// What is told in how it was done.
const DONE: &[&str] = &["cured", "resected", "treated", "untreated"];

impl Degree {
    /// Writes the quality onto a fact, or onto each of several, beside those it has; false, and nothing written, if one
    /// is no fact that may have it.
    fn onto(self, value: &str, node: &mut Node) -> bool {
        if !self.fits(node) {
            return false;
        }
        node.each_mut(&mut |node| {
            if let Op::Has(has) = &mut node.op {
                let place = match self {
                    Self::Severity => &mut has.severity,
                    Self::Control => &mut has.control,
                    Self::Course => &mut has.course,
                    Self::Form => &mut has.form,
                    Self::Site => &mut has.site,
                    Self::Nothing => return,
                };
                *place = Some(match place.take() {
                    Some(other) if !other.split(' ').any(|word| word == value) => format!("{other} {value}"),
                    Some(same) => same,
                    None => value.to_owned(),
                });
            }
        });
        true
    }

    fn fits(self, node: &Node) -> bool {
        match &node.op {
            Op::Not(arg) => self.fits(arg),
            Op::Or(args) => args.iter().all(|arg| self.fits(arg)),
            Op::Has(has) => {
                let there = self != Self::Site || has.site.is_none() && is_anywhere(&has.concept.0);
                has.defined_by.is_none() && self.is_said_of(has.kind) && there
            }
            _ => self == Self::Nothing,
        }
    }

    /// Whether a fact of this kind can have the quality.
    pub fn is_said_of(self, kind: Kind) -> bool {
        match self {
            Self::Form => matches!(kind, Kind::Drug | Kind::DrugClass | Kind::Allergy | Kind::Need),
            _ => matches!(kind, Kind::Condition | Kind::Finding),
        }
    }
}

/// Words that are said of a whole list that they stand before, or may be.
const REACHING: &[&str] = &[
    "advanced",
    "chronic",
    "clinically_significant",
    "excessive",
    "extensive",
    "gross",
    "overt",
    "poorly_controlled",
    "severe",
    "substantial",
    "symptomatic",
    "uncontrolled",
    "uncorrected",
    "unstable",
];

/// Whether a value of a key may be said of a whole list: `severe asthma or epilepsy`, but `treated angina or epilepsy`.
pub fn reaches(value: &str) -> bool {
    value.split(' ').any(|word| REACHING.contains(&word))
}

impl Cx<'_> {
    /// `unstable angina`, `poor dental hygiene`: more than what is named. How bad a condition is, or how it goes on,
    /// is a quality of it, which a record may tell; of what else is asked for, a person judges.
    pub fn vaguely(&mut self, mut node: Node, from: usize, to: usize) -> Node {
        if matches!(node.op, Op::Human { .. }) {
            return node;
        }
        if self.qualify(&mut node, from, to) {
            self.label(from, to);
            return node;
        }
        if let Op::Not(arg) = node.op {
            let arg = self.vaguely(*arg, from, to);
            return Node { op: Op::Not(Box::new(arg)), ..node };
        }
        let judged = self.human(Reason::ClinicalJudgement, from, to, "human.clinical");
        join(vec![judged, node.clone()], false, "structure.and").unwrap_or(node)
    }

    /// Writes a quality onto what it may be said of; false if it may not.
    pub fn qualify(&self, node: &mut Node, from: usize, to: usize) -> bool {
        self.degree(from, to).is_some_and(|degree| degree.onto(&self.quality(from, to), node))
    }

    /// Whether elements say nothing but how a drug is given: `oral`.
    pub fn only_form(&self, a: usize, b: usize) -> bool {
        let form = |i: usize| self.degree(i, i + 1) == Some(Degree::Form);
        (a..b).any(form) && (a..b).all(|i| form(i) || self.is_empty(i, i + 1))
    }

    /// Whether a vague word asks for more of what stands behind it, and is no word of time.
    pub fn is_degree(&self, i: usize) -> bool {
        self.degree(i, i + 1).is_some() || self.word_is(i, &["relevant"])
    }

    /// The element behind a quality that begins at `i`.
    pub fn quality_end(&self, i: usize, b: usize) -> Option<usize> {
        if !matches!(self.what(i), What::Word | What::Named(_) | What::Lex(..)) {
            return None;
        }
        // `life-threatening`, `curatively treated`, and the one word.
        if !self.word_is_of(i, &BEGINNINGS) {
            return self.degree(i, i + 1).map(|_| i + 1);
        }
        let dash = usize::from(matches!(self.what(i + 1), What::Dash));
        [i + 3, i + dash + 2, i + 1].into_iter().find(|&end| end <= b && self.degree(i, end).is_some())
    }

    /// The element behind a quality of the disease or the drug that is named next to it: `recurrent or refractory` and
    /// others may stand between them.
    pub fn quality_of_next(&self, i: usize, b: usize) -> Option<usize> {
        let end = self.quality_end(i, b)?;
        let degree = self.degree(i, end)?;
        let mut at = end;
        while at < b {
            let between = matches!(
                self.class(at),
                Some(Class::Skip | Class::Severe | Class::Control | Class::Course | Class::Significance)
            ) || self.is(at, Class::And);
            at = match self.quality_end(at, b) {
                Some(end) => end,
                None if between => at + 1,
                None => break,
            };
        }
        let kind = match self.what(at) {
            What::Var(v) if !is_numeric(v) => kind_of(v),
            What::Named(id) => kind_of_named(id)?,
            _ => return None,
        };
        let there = degree != Degree::Site || self.may_be_anywhere(at);
        (at < b && degree.is_said_of(kind) && there).then_some(end)
    }

    fn may_be_anywhere(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => is_anywhere(v.id),
            What::Named(id) => is_anywhere(&id.curie()),
            _ => false,
        }
    }

    /// The key of the quality that some elements are.
    pub fn degree(&self, from: usize, to: usize) -> Option<Degree> {
        let words = self.read(from, to);
        // The longest of them has 22 letters, the longest of two words 25.
        if words.len() > 25 {
            return None;
        }
        let is = |known: &str| {
            known.len() == words.len()
                && known.bytes().zip(words.bytes()).all(|(k, w)| {
                    k == w.to_ascii_lowercase() || k == b' ' && (w == b'-' || w.is_ascii_whitespace())
                })
        };
        // They are in the order of their first letters.
        let first = words.as_bytes().first()?.to_ascii_lowercase();
        let letter = |row: &&(&str, Degree)| row.0.as_bytes()[0] == first;
        let from = DEGREES.partition_point(|(known, _)| known.as_bytes()[0] < first);
        if let Some((_, degree)) = DEGREES[from..].iter().take_while(letter).find(|(known, _)| is(known)) {
            return Some(*degree);
        }
        let (how, done) = words.split_once([' ', '-'])?;
        let one_of = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
        (one_of(how, HOW) && one_of(done, DONE)).then_some(Degree::Control)
    }

    /// The words of a quality, as keys have them.
    fn quality(&self, from: usize, to: usize) -> String {
        let words = self.read(from, to).to_ascii_lowercase();
        match &*words {
            "iv" => "intravenous".to_owned(),
            "abdominal" => "abdomen".to_owned(),
            "cardiac" => "heart".to_owned(),
            "cerebral" => "brain".to_owned(),
            "cns" => "central nervous system".to_owned(),
            "cutaneous" => "skin".to_owned(),
            "hepatic" => "liver".to_owned(),
            "ocular" => "eye".to_owned(),
            "pelvic" => "pelvis".to_owned(),
            "pulmonary" => "lung".to_owned(),
            "renal" => "kidney".to_owned(),
            "spinal" => "spine".to_owned(),
            words => words.split(|c: char| c == '-' || c.is_whitespace()).collect::<Vec<_>>().join(" "),
        }
    }
}

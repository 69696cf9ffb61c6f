//! Headings of cohorts: `Arm A:`, `For healthy volunteers:`, `Control group:`.
//!
//! What stands below one holds for the people of that cohort only; whether somebody is one of them no record says,
//! unless the heading names them by something that records have.

use std::cell::RefCell;

use super::Builder;
use super::cx::{join, negate};
use super::items::Part;
use super::memo::Memo;
use crate::tree::{Node, Op, Reason, Rule, Section};

/// What a line says of the cohort that what follows is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cohort {
    /// Everybody again.
    All,
    /// The cohort that the line names.
    Named,
}

/// Parts of a study, followed by a number or letter.
const PARTS: &[&str] = &["arm", "cohort", "group", "part", "phase", "stratum", "substudy", "sub-study"];
/// What the last word of a cohort's name may be.
const ENDS: &[&str] = &["arm", "cohort", "group", "stratum", "substudy", "sub-study"];
/// People of whom a study has several kinds.
const PEOPLE: &[&str] = &[
    "healthy volunteers",
    "healthy controls",
    "healthy subjects",
    "healthy participants",
    "healthy individuals",
    "healthy donors",
    "controls",
    "control subjects",
    "control participants",
    "donors",
    "donor",
    "recipients",
    "recipient",
    "caregivers",
    "caregiver",
    "care partners",
    "cases",
    "siblings",
];

/// What a heading line names; `None` if it names no cohort. The line has no bullet.
pub fn cohort(line: &str) -> Option<Cohort> {
    let plain = line.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let ends = line.trim_end_matches(['*', '_', ' ']).ends_with(':');
    let leads = |word: &&str| ["for", "in", "the", "only"].iter().any(|lead| word.eq_ignore_ascii_case(lead));
    // A line without a colon is a heading only when nothing else stands in it.
    let most = if ends { 10 } else { 3 };
    let count = plain.split_whitespace().skip_while(leads).take(most + 1).count();
    if plain.len() > 80 || !(1..=most).contains(&count) || plain.contains([':', ';', '<', '>', '≥', '≤', '='])
    {
        return None;
    }
    let lower = plain.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().skip_while(leads).collect();
    let sentence =
        words.iter().any(|w| matches!(*w, "must" | "should" | "is" | "are" | "will" | "if" | "who"));
    if sentence && !ends {
        return None;
    }
    let everybody = matches!(words[0], "all" | "both" | "every" | "each")
        && words.get(1).is_some_and(|w| {
            matches!(
                w.trim_end_matches('s'),
                "participant" | "patient" | "subject" | "cohort" | "arm" | "group"
            )
        });
    if everybody && ends && words.len() <= 4 {
        return Some(Cohort::All);
    }
    let numbered = PARTS.iter().any(|p| words[0].trim_end_matches('s') == *p)
        && words.get(1).is_some_and(|w| is_mark(w));
    // `Patients in arm A:` and the like.
    let inner = ends
        && words.windows(2).any(|pair| PARTS.contains(&pair[0].trim_end_matches('s')) && is_mark(pair[1]));
    let last = words.last().map(|w| w.trim_end_matches('s')).unwrap_or_default();
    let named = ends && words.len() <= 5 && words.len() > 1 && ENDS.contains(&last);
    let joined = words.join(" ");
    let people = PEOPLE.contains(&joined.trim_end_matches(" only"));
    // `Healthy volunteers.` is a criterion.
    let stops = line.trim_end().ends_with('.');
    (numbered || inner || named || people && (ends || words.len() > 1 && !stops)).then_some(Cohort::Named)
}

/// The cohort that a heading of a section names besides: `Exclusion criteria for healthy controls`.
pub fn cohort_of_section(heading: &str) -> bool {
    thread_local! {
        /// Every record has the same headings again.
        static KNOWN: RefCell<Memo<bool, { 1 << 8 }>> = RefCell::new(Memo::default());
    }
    let print = vocabulary::fingerprint(heading.as_bytes());
    KNOWN.with_borrow_mut(|known| *known.get(print, || names_a_cohort(heading)))
}

fn names_a_cohort(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let numbered = words.windows(2).any(|pair| PARTS.contains(&pair[0]) && is_mark(pair[1]));
    let people = PEOPLE.iter().any(|p| {
        let count = p.split(' ').count();
        words.windows(count).any(|w| w.iter().copied().eq(p.split(' ')))
    });
    let ends = words.windows(2).any(|pair| {
        ENDS.contains(&pair[0]) && matches!(pair[1], "inclusion" | "exclusion" | "eligibility")
            || ENDS.contains(&pair[1])
                && matches!(pair[0], "control" | "treatment" | "patient" | "intervention")
    });
    numbered || people || ends
}

/// Whether a word is the number or letter of a part: `A`, `2`, `IIb`.
fn is_mark(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let roman = word.trim_end_matches(['a', 'b', 'c']);
    (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
        || word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase())
        || word.len() == 2 && word.as_bytes()[0].is_ascii_digit() && word.as_bytes()[1].is_ascii_lowercase()
        || !roman.is_empty() && roman.len() <= 4 && roman.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
}

impl Builder<'_, '_> {
    /// Lets a tree hold for the people of a cohort only; `heading` are the bytes of its heading.
    pub fn in_cohort(&mut self, node: Node, heading: (usize, usize)) -> Node {
        let (start, end) = heading;
        let printed = self.text.read.get(start..end).unwrap_or_default();
        let words = printed.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
        let end = start + words.len();
        let healthy = words.to_lowercase().contains("healthy");
        let part = Part { depth: 0, start, end };
        let known = healthy
            .then(|| {
                let (flags, residue) = (self.flags.len(), self.residue.len());
                let guard = self.cx(&part, |cx, a, b| cx.guard(a, b));
                self.flags.truncate(flags);
                self.residue.truncate(residue);
                guard
            })
            .flatten()
            .filter(|guard| matches!(&guard.op, Op::Has(has) if &*has.concept.0 == "healthy_volunteer"));
        let people = known.unwrap_or_else(|| Node {
            op: Op::Human { reason: Reason::NotInRecord, text: self.text.verbatim(start, end).to_owned() },
            span: self.text.span(start, end),
            rule: Rule("structure.cohort"),
        });
        let (span, fallback) = (node.span, node.clone());
        let joined = if self.section == Section::Exclusion {
            join(vec![people, node], false, "structure.cohort")
        } else {
            join(vec![negate(people), node], true, "structure.cohort")
        };
        Node { span, ..joined.unwrap_or(fallback) }
    }
}

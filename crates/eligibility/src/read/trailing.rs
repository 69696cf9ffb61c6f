//! A time that stands behind the last of a list, and is that of all: `interferon, chemotherapy or vaccines within 30
//! days`.

use super::cx::Cx;
use super::elements::What;
use super::lexicon::Class;
use super::list::{Part, Tied};
use crate::tree::{Has, Kind, Node, Op, Relation, Rule, When};

/// `X except Y`: what is said behind it is said of X.
const EXCEPT: Rule = Rule("scope.except");

/// Whether a time behind a node is one of its first part: `surgery requiring anesthesia or radiotherapy within 4
/// weeks`.
fn is_of_first(rule: Rule, args: &[Node]) -> bool {
    let need = |node: &Node| matches!(&node.op, Op::Has(has) if has.kind == Kind::Need);
    rule == EXCEPT || args.len() > 1 && args[1..].iter().all(need)
}

/// What a time was said of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Something done or given.
    Act,
    /// Something a person has.
    Disease,
    /// Something that comes at once.
    Sudden,
    /// Any of them.
    Any,
}

impl Cx<'_> {
    /// Gives the time behind the last of some parts to those before it that have none of their own.
    pub fn share_time(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let mut behind: Option<(When, Sort)> = None;
        // What stands behind a part without a comma: `history of angina or stroke within 6 months`.
        let mut directly = false;
        for ((node, _), part) in nodes.iter_mut().zip(parts).rev() {
            let comma = part.link.is_none_or(|(_, at)| matches!(self.what(at), What::Comma));
            let joined = std::mem::replace(&mut directly, !comma);
            let Some(node) = node else { continue };
            if let Some(own) = last_time(node) {
                let opens = self.has_own_verb(part.a, part.b) || !self.ends_in_time(part.a, part.b);
                behind = (!opens).then_some(own);
            } else if let Some((when, sort)) = &behind {
                // `taking aspirin or ibuprofen within 7 days`: the time is that of both.
                if *sort == Sort::Act && self.is_used(part) {
                    no_longer_current(node);
                }
                give(node, when, if joined && is_of_the_past(node) { Sort::Any } else { *sort });
                // `has had a stroke, a bleeding or surgery within 30 days`: what stands before is of another list.
                if self.has_own_verb(part.a, part.b) || !is_fact(node) {
                    behind = None;
                }
            } else {
                behind = None;
            }
        }
    }

    /// Whether a part begins with a verb or with words that say how its own name is meant.
    pub fn has_own_verb(&self, a: usize, b: usize) -> bool {
        let own = |i: usize| {
            matches!(
                self.class(i),
                Some(
                    Class::Ever
                        | Class::Current
                        | Class::Treat
                        | Class::Future
                        | Class::Need
                        | Class::Allergy
                        | Class::Family
                        | Class::Neg
                )
            ) || self.word_is(i, &["has", "have", "had", "is", "are", "was", "were"])
        };
        (a..b).take_while(|&i| matches!(self.what(i), What::Lex(..))).any(own)
    }

    /// Whether the time of a part stands behind its name.
    pub fn ends_in_time(&self, a: usize, b: usize) -> bool {
        let time = |i: usize| {
            self.time(i).is_some()
                || matches!(self.class(i), Some(Class::Within | Class::Before | Class::During))
        };
        (a..b).find(|&i| !self.is_empty(i, i + 1)).is_some_and(|i| !time(i)) && (a..b).any(time)
    }
}

/// Forgets that a treatment is one of now.
fn no_longer_current(node: &mut Node) {
    match &mut node.op {
        Op::Has(has) if sort_of(has) == Some(Sort::Act) => {
            has.when = has.when.take().filter(|w| w.relation != Relation::Current);
        }
        Op::Not(arg) => no_longer_current(arg),
        _ => {}
    }
}

/// Gives the time behind an exception to what it is taken from, where that has none.
pub fn time_back(base: &mut Node, exception: &Node) {
    // `no malignancy except of the skin within 5 years`
    if let Op::Not(arg) = &mut base.op {
        if matches!(&arg.op, Op::Has(has) if has.when.is_none()) {
            time_back(arg, exception);
        }
        return;
    }
    if last_time(base).is_none()
        && let Some((when, _)) = last_time(exception)
        && when.window.is_some()
    {
        // A disease of before counts as one that was so within the time.
        let facts = matches!(&base.op, Op::Has(has) if has.when.as_ref().is_none_or(|w| w.relation == Relation::Ever));
        match &mut base.op {
            Op::Has(has) if facts && has.kind != Kind::Status && has.kind != Kind::Allergy => {
                has.when = Some(when);
            }
            _ => give(base, &when, Sort::Act),
        }
    }
}

/// The time of the last fact of a node, if it is one of the past or of the study.
fn last_time(node: &Node) -> Option<(When, Sort)> {
    match &node.op {
        Op::Has(has) => {
            let when = has.when.as_ref()?;
            let past = when.relation == Relation::Before && when.window.is_some()
                || when.relation == Relation::During;
            past.then(|| Some((when.clone(), sort_of(has)?))).flatten()
        }
        Op::Not(arg) => last_time(arg),
        Op::And(args) if node.rule == EXCEPT => args.first().and_then(last_time),
        Op::And(args) | Op::Or(args) => args.last().and_then(last_time),
        _ => None,
    }
}

fn give(node: &mut Node, when: &When, sort: Sort) {
    match &mut node.op {
        Op::Has(has) if takes(has, sort) => has.when = Some(when.clone()),
        Op::Not(arg) => give(arg, when, sort),
        Op::Or(args) => args.iter_mut().for_each(|arg| give(arg, when, sort)),
        Op::And(args) if is_of_first(node.rule, args) => {
            args.iter_mut().take(1).for_each(|arg| give(arg, when, sort));
        }
        // `no A or B other than C within 4 weeks`
        Op::And(args) if args.iter().all(|arg| matches!(arg.op, Op::Not(_))) => {
            args.iter_mut().for_each(|arg| give(arg, when, sort));
        }
        _ => {}
    }
}

/// Whether a fact is one of any time so far.
fn is_of_the_past(node: &Node) -> bool {
    let past = |when: &Option<When>| when.as_ref().is_some_and(|w| w.relation == Relation::Ever);
    match &node.op {
        Op::Has(has) => past(&has.when),
        Op::Not(arg) => is_of_the_past(arg),
        _ => false,
    }
}

/// Whether a fact has no time, and is of a sort that what stands behind it may be said of.
fn takes(has: &Has, behind: Sort) -> bool {
    let free = has.when.as_ref().is_none_or(|w| w.relation == Relation::Ever && w.window.is_none());
    let lasting = has.course.is_some() || has.control.is_some() || has.defined_by.is_some();
    // `tumor, stroke within a year`: what lasts is not asked of a year.
    let fits = match (sort_of(has), behind) {
        (Some(Sort::Disease), Sort::Act) => false,
        (Some(Sort::Disease), Sort::Sudden) => has.concept.0.starts_with("text:"),
        (sort, _) => sort.is_some(),
    };
    free && !lasting && fits
}

/// Whether a node says nothing but facts.
fn is_fact(node: &Node) -> bool {
    match &node.op {
        Op::Has(_) => true,
        Op::Not(arg) => is_fact(arg),
        Op::Or(args) => args.iter().all(is_fact),
        Op::And(args) => is_of_first(node.rule, args) && args.first().is_some_and(is_fact),
        _ => false,
    }
}

/// `unstable angina`: a name by which a disease comes at once, whatever lasts of it.
fn is_unstable(name: &str) -> bool {
    name.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("unstable "))
}

fn sort_of(has: &Has) -> Option<Sort> {
    match has.kind {
        Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Procedure | Kind::Event | Kind::Need => {
            Some(Sort::Act)
        }
        Kind::Condition | Kind::Finding
            if crate::sudden::is_sudden_concept(&has.concept.0) || is_unstable(&has.text) =>
        {
            Some(Sort::Sudden)
        }
        Kind::Condition | Kind::Finding => Some(Sort::Disease),
        Kind::Status | Kind::Allergy => None,
    }
}

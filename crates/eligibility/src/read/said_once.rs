//! Adjectives that stand before the first of a list: `uncontrolled asthma or epilepsy`, `severe renal or hepatic
//! disease`.
//!
//! They are said of each member that lends its noun to the first, and of both of two that only `or` or `and` joins. In
//! a longer list they may be of the first alone: both readings are kept of the others.

use super::cx::{Cx, negate};
use super::elements::What;
use super::lexicon::{Class, Phrase, exactly};
use super::list::{Link, Part, Tied};
use super::mods::Mods;
use crate::tree::{Has, Kind, Node, Op, Relation, Rule};

/// A name whose noun stands in another part.
const ELLIPSIS: Rule = Rule("structure.ellipsis");

/// What adjectives say of a fact.
#[derive(Clone)]
struct Said {
    severity: Option<String>,
    control: Option<String>,
    significance: Option<String>,
    course: Option<String>,
}

impl Said {
    /// What is said of a fact that nothing but its own words define.
    fn of(has: &Has) -> Option<Self> {
        let said = Self {
            severity: has.severity.clone(),
            control: has.control.clone(),
            significance: has.significance.clone(),
            course: has.course.clone(),
        };
        let any = said.any() || said.course.is_some();
        let named = is_disease(has) || has.kind == Kind::Allergy;
        (any && has.defined_by.is_none() && named).then_some(said)
    }

    fn any(&self) -> bool {
        self.severity.is_some() || self.control.is_some() || self.significance.is_some()
    }

    /// Whether it may be said of more than what lends its noun: `severe asthma or epilepsy`, but `treated angina or
    /// epilepsy`.
    fn reaches(&self) -> bool {
        let said = [&self.severity, &self.control, &self.significance, &self.course];
        said.into_iter().flatten().any(|value| super::degree::reaches(value))
    }

    fn onto(&self, has: &Has) -> Has {
        Has {
            severity: self.severity.clone(),
            control: self.control.clone(),
            significance: self.significance.clone(),
            course: self.course.clone(),
            ..has.clone()
        }
    }
}

impl Cx<'_> {
    /// Gives the members of a list what adjectives before the first say of them.
    pub fn share_adjectives(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let mut at = 0;
        while at < nodes.len() {
            let head = nodes[at].0.as_ref().filter(|node| !is_alone(node));
            at = match head.and_then(fact).and_then(Said::of) {
                Some(said) => self.say_of_members(said, at, nodes, parts),
                None => at + 1,
            };
        }
    }

    /// Says of the members behind `head` what is said of it; returns where to go on.
    fn say_of_members(&mut self, said: Said, head: usize, nodes: &mut [Tied], parts: &[Part]) -> usize {
        let mut lends = nodes[head].0.as_ref().is_some_and(|node| node.rule == ELLIPSIS || denied_rule(node));
        let denied = matches!(nodes[head].0, Some(Node { op: Op::Not(_), .. }));
        let listed = parts[head].link.is_some_and(|(_, at)| matches!(self.what(at), What::Comma));
        // `relapsed or refractory lymphoma, myeloma or leukemia`
        let several = head > 0 && nodes[head - 1].0.as_ref().is_some_and(is_alone);
        let far = said.reaches() || several;
        let mut i = head + 1;
        while i < nodes.len() {
            let Some(node) = nodes[i].0.as_ref() else { return i };
            let Some(has) = fact(node) else { return i };
            let same = denied == matches!(node.op, Op::Not(_));
            if !same || !is_plain(has) || has_adjective(&has.text) || !self.is_bare_name(&parts[i]) {
                return i;
            }
            let supplied = node.rule == ELLIPSIS || denied_rule(node);
            // `asthma, severe renal or hepatic disease`: within a list the adjective goes no further than the noun.
            if listed && !lends {
                return i;
            }
            let pair = i == head + 1 && !parts[i].comma && !self.goes_on_behind_comma(i, nodes, parts);
            let certain = lends || pair && said.reaches();
            lends &= supplied;
            if !(certain || said.any() && far) || crate::sudden::is_sudden_concept(&has.concept.0) {
                i += 1;
                continue;
            }
            let (with, span) = (said.onto(has), node.span);
            let (rule, any) = (Rule("scope.adjective"), has.clone());
            let fact = |has: Has| Node { op: Op::Has(Box::new(has)), span, rule };
            let told = if certain {
                self.flag("distribution", parts[i].a, parts[i].b, "an adjective printed once");
                fact(with)
            } else {
                self.flag(
                    "ambiguous_scope",
                    parts[i].a,
                    parts[i].b,
                    "the adjective is of this as well, or not",
                );
                self.leave(parts[i].a, parts[i].b, "whether the adjective before the list is said of this");
                Node { op: Op::Ambiguous(vec![fact(with), fact(any)]), span, rule }
            };
            nodes[i].0 = Some(if denied { negate(told) } else { told });
            i += 1;
        }
        i
    }

    /// Whether a comma joins another member to a list behind a part.
    fn goes_on_behind_comma(&self, i: usize, nodes: &[Tied], parts: &[Part]) -> bool {
        let next =
            parts.get(i + 1).is_some_and(|part| part.comma || matches!(part.link, Some((Link::Comma, _))));
        next && nodes.get(i + 1).is_some_and(|(node, _)| node.as_ref().and_then(fact).is_some())
    }

    /// Whether a part is nothing but a name, perhaps with a bracket behind it.
    fn is_bare_name(&self, part: &Part) -> bool {
        let (a, b) = self.trim(part.a, part.b);
        let named = |i: usize| matches!(self.what(i), What::Var(_) | What::Named(_) | What::Word);
        let end = (a..b).find(|&i| !named(i)).unwrap_or(b);
        end > a && (end == b || matches!(self.what(end), What::Open) && self.close(end, b) == b)
    }
}

/// Whether a node is an adjective that stands before another one: `severe or unstable angina`.
fn is_alone(node: &Node) -> bool {
    match &node.op {
        Op::Not(arg) => is_alone(arg),
        _ => node.rule.0 == super::adjectives::ALONE,
    }
}

/// `severe diseases (asthma, stroke)`: what adjectives before a word for all diseases say of each in the bracket.
pub fn of_members(node: Node, mods: &Mods) -> Node {
    let op = match node.op {
        Op::Has(mut has) if is_plain(&has) && !has_adjective(&has.text) => {
            mods.onto(&mut has);
            Op::Has(has)
        }
        Op::Or(args) => Op::Or(args.into_iter().map(|arg| of_members(arg, mods)).collect()),
        Op::And(args) if node.rule.0 == "structure.and" => {
            Op::And(args.into_iter().map(|arg| of_members(arg, mods)).collect())
        }
        op => op,
    };
    Node { op, ..node }
}

/// The fact that a node is, or denies.
fn fact(node: &Node) -> Option<&Has> {
    match &node.op {
        Op::Has(has) => Some(has),
        Op::Not(arg) => match &arg.op {
            Op::Has(has) => Some(has),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the name in a denial has its noun in another part.
fn denied_rule(node: &Node) -> bool {
    matches!(&node.op, Op::Not(arg) if arg.rule == ELLIPSIS)
}

/// Whether a name begins with an adjective or a site of its own: `unstable angina`, `lower limb ulcers`.
fn has_adjective(name: &str) -> bool {
    const OWN: [&str; 8] =
        ["unstable", "active", "acute", "chronic", "advanced", "recurrent", "progressive", "symptomatic"];
    let first = name.split(' ').next().unwrap_or_default();
    let mut ends = name.match_indices(' ').map(|(end, _)| end).take(2);
    let site = |end: usize| matches!(exactly(&name[..end]), Some(Phrase::Lex(Class::Site, _)));
    OWN.iter().any(|own| first.eq_ignore_ascii_case(own)) || ends.any(site)
}

fn is_disease(has: &Has) -> bool {
    matches!(has.kind, Kind::Condition | Kind::Finding)
}

/// Whether nothing is said of a disease but its name, and that it was so once.
fn is_plain(has: &Has) -> bool {
    let once = has.when.as_ref().is_none_or(|when| when.relation == Relation::Ever && when.window.is_none());
    let free = has.severity.is_none() && has.control.is_none() && has.significance.is_none();
    is_disease(has) && once && free && has.course.is_none() && has.defined_by.is_none()
}

//! Adjectives whose noun stands behind another one: `severe or unstable angina` is severe angina, or unstable angina.

use super::cx::{Cx, join, negate};
use super::degree::Degree;
use super::elements::What;
use super::leaf::{kind_of, kind_of_named};
use super::lexicon::{Class, Phrase, exactly};
use super::list::{Link, Part, Tied};
use super::mods::Mods;
use crate::tree::{Concept, Has, Kind, Node, Op};

/// The rule of a disease that only an adjective of its own tells from the next member.
pub const ALONE: &str = "structure.adjectives";

impl Cx<'_> {
    /// `severe and uncontrolled asthma`: one part, of which both is said.
    pub fn merge_adjectives(&self, parts: &mut Vec<Part>) {
        for i in (0..parts.len().saturating_sub(1)).rev() {
            let both = matches!(parts[i + 1].link, Some((Link::And, at)) if self.is(at, Class::And));
            if both && self.is_adjective(&parts[i]) && self.noun_of(&parts[i + 1]).is_some() {
                parts[i].b = parts[i + 1].b;
                parts.remove(i + 1);
            }
        }
    }

    /// A part that is only an adjective, with the noun of the part that the next noun stands in.
    pub fn adjective_alone(&mut self, parts: &[Part], i: usize, carried: &Mods) -> Option<Node> {
        let part = &parts[i];
        if !self.is_adjective(part) {
            return None;
        }
        let at = (i + 1..parts.len()).find(|&k| !self.is_adjective(&parts[k]))?;
        if !matches!(parts[at].link, Some((Link::Or | Link::AndOr, _))) {
            return None;
        }
        let Some((phrase, x, words)) = self.noun_of(&parts[at]) else {
            return self.adjective_of_words(part, &parts[at], carried);
        };
        let (kind, concept) = match phrase {
            Phrase::Var(v) => (kind_of(v), v.id.to_owned()),
            Phrase::Named(id) => (kind_of_named(id)?, id.curie()),
            _ => return None,
        };
        let degrees = self.qualities(part.a, part.b);
        let fit = degrees.iter().all(|&(from, to)| self.degree(from, to).is_some_and(|d| d.is_said_of(kind)));
        // `lung or breast cancer`: of the place itself.
        let placed = degrees.iter().any(|&(from, to)| self.degree(from, to) == Some(Degree::Site));
        let own = x > parts[at].a && self.quality_end(x - 1, x).is_some();
        if !fit
            || placed && !(own && super::degree::is_anywhere(&concept))
            || degrees.is_empty() && !matches!(kind, Kind::Condition | Kind::Finding)
        {
            return None;
        }
        let raw = self.raw(x, x + 1);
        let text = raw.get(raw.len().checked_sub(words.len())?..)?.to_owned();
        let mut mods = carried.clone();
        let mut at = part.a;
        while at < part.b {
            at = self
                .quality_end(at, part.b)
                .unwrap_or_else(|| self.prefix(at, part.b, &mut mods).max(at + 1));
        }
        let mut has = Has::new(kind, Concept(concept.into()), text);
        self.carried = Some(mods.carried());
        mods.onto(&mut has);
        // `preexisting or uncontrolled diabetes`: a word that says nothing of its own makes no member of a list.
        let nothing = |&(from, to): &(usize, usize)| self.degree(from, to) == Some(Degree::Nothing);
        let plain = has.severity.is_none() && has.control.is_none() && has.significance.is_none();
        if plain && !degrees.is_empty() && degrees.iter().all(nothing) {
            return None;
        }
        self.flag("ellipsis", part.a, part.b, "the noun is supplied");
        let mut node = self.node(Op::Has(Box::new(has)), part.a, part.b, ALONE);
        for (from, to) in degrees {
            node = self.vaguely(node, from, to);
        }
        Some(if mods.denies() { negate(node) } else { node })
    }

    /// `untreated or severe asthma requiring steroids`: what the disease comes with is said of each that has its noun.
    pub fn share_tails(&self, nodes: &mut [Tied]) {
        for i in (1..nodes.len()).rev() {
            let Some(Node { op: Op::Has(first), .. }) =
                nodes[i - 1].0.as_ref().filter(|n| is_alone(n)).map(inner)
            else {
                continue;
            };
            let tails = nodes[i].0.as_ref().map(inner).and_then(|noun| match &noun.op {
                Op::And(args) if noun.rule.0 == "structure.with" => match args.split_first() {
                    Some((Node { op: Op::Has(has), .. }, tails)) if has.concept == first.concept => {
                        Some(tails.to_vec())
                    }
                    _ => None,
                },
                _ => None,
            });
            let Some(tails) = tails else { continue };
            let Some(node) = nodes[i - 1].0.take() else { continue };
            let denied = matches!(node.op, Op::Not(_));
            let head = if denied { negate(node) } else { node };
            let both = join(std::iter::once(head).chain(tails).collect(), false, "structure.with");
            nodes[i - 1].0 = if denied { both.map(negate) } else { both };
        }
    }

    /// `recurrent or persistent gobbledigook`: a name that no vocabulary has, and whose last words stand in another part.
    fn adjective_of_words(&mut self, part: &Part, noun: &Part, carried: &Mods) -> Option<Node> {
        let degrees = self.qualities(part.a, part.b);
        let &(from, to) = degrees.first().filter(|_| degrees.len() == 1)?;
        let mut own = Mods::default();
        let start = self.prefix(noun.a, noun.b, &mut own);
        let x = self.quality_end(start, noun.b)?;
        let placed = |from: usize, to: usize| self.degree(from, to) == Some(Degree::Site);
        let named =
            |i: usize| matches!(self.what(i), What::Word | What::Named(_) | What::Var(_) | What::Dash);
        let plain = |i: usize| named(i) || matches!(self.class(i), Some(Class::HumanOpen | Class::Treat));
        let end = (x..noun.b).find(|&i| !plain(i)).unwrap_or(noun.b);
        let whole = end == noun.b || matches!(self.what(end), What::Open);
        if x >= end || !whole || placed(from, to) || placed(start, x) {
            return None;
        }
        let mut mods = carried.clone();
        self.prefix(part.a, from, &mut mods);
        let words =
            super::lexicon::normal_words(&format!("{} {}", self.read(from, to), self.read(x, end)), 24);
        let kind = self.fact(x, x, end).kind;
        let mut has = Has::new(kind, Concept(format!("text:{words}").into()), self.raw(from, to));
        self.carried = Some(mods.carried());
        mods.onto(&mut has);
        self.flag("ellipsis", part.a, part.b, "the noun is supplied");
        let node = self.node(Op::Has(Box::new(has)), from, to, ALONE);
        Some(if mods.denies() { negate(node) } else { node })
    }

    /// Whether a part says nothing but how bad or how controlled something is, or that it is active.
    fn is_adjective(&self, part: &Part) -> bool {
        let (a, b) = self.trim(part.a, part.b);
        let says = |i: usize| {
            matches!(self.class(i), Some(Class::Severe | Class::Control | Class::Significance))
                || self.word_is(i, &["active"])
        };
        let before = |i: usize| {
            let class = self.class(i);
            matches!(class, Some(Class::Skip | Class::If | Class::Neg | Class::Ever | Class::Known))
                || class == Some(Class::With)
        };
        let (mut i, mut last) = (a, false);
        while i < b {
            let quality = self.quality_end(i, b);
            last = quality.is_some() || says(i);
            if !last && !before(i) && !self.is_person(i) {
                return false;
            }
            i = quality.unwrap_or(i + 1);
        }
        last
    }

    /// The qualities without a threshold that a part says.
    fn qualities(&self, a: usize, b: usize) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut i = a;
        while i < b {
            let end = self.quality_end(i, b);
            found.extend(end.map(|end| (i, end)));
            i = end.unwrap_or(i + 1);
        }
        found
    }

    /// The noun of a part that begins with an adjective: what is meant, its element and its words.
    fn noun_of(&self, part: &Part) -> Option<(Phrase, usize, &str)> {
        let (a, b) = self.trim(part.a, part.b);
        let (mut x, mut adjective) = (a, false);
        while x < b {
            if let Some(end) = self.quality_end(x, b) {
                (x, adjective) = (end, true);
                continue;
            }
            adjective |= matches!(
                self.class(x),
                Some(Class::Severe | Class::Control | Class::Significance | Class::Vague)
            );
            match self.what(x) {
                What::Var(_) | What::Named(_) => break,
                What::Word => return None,
                _ => x += 1,
            }
        }
        if x >= b {
            return None;
        }
        let words = self.read(x, x + 1);
        let noun = match adjective {
            true => words,
            // `unstable angina`: the adjective is part of the name.
            false if x == a => words.split_once(' ')?.1,
            false => return None,
        };
        let phrase = exactly(noun).filter(|phrase| matches!(phrase, Phrase::Var(_) | Phrase::Named(_)))?;
        Some((phrase, x, noun))
    }
}

/// Whether a node is a disease that only an adjective of its own tells from the next member, or denies it.
fn is_alone(node: &Node) -> bool {
    inner(node).rule.0 == ALONE
}

/// What a node denies, or itself.
fn inner(node: &Node) -> &Node {
    match &node.op {
        Op::Not(arg) => arg,
        _ => node,
    }
}

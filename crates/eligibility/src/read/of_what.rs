//! What a disease is of, printed once for two: `infections or neoplasms of the brain`, `carcinoma in situ of the cervix
//! or bladder`. Only names that a vocabulary has are made so.

use super::cx::{Cx, negate};
use super::elements::What;
use super::leaf::{self, kind_of, kind_of_named};
use super::lexicon::{Phrase, exactly};
use super::list::{Link, Part};
use super::mods::Mods;
use crate::tree::{Concept, Has, Kind, Node, Op};

impl Cx<'_> {
    /// A disease alone whose place stands behind the next one, or a place alone whose disease stands before it.
    pub fn of_what(&mut self, parts: &[Part], i: usize, carried: &Mods) -> Option<Node> {
        let part = &parts[i];
        let mut mods = carried.clone();
        let start = self.prefix(part.a, part.b, &mut mods);
        let (x, y) = self.trim(start, part.b);
        if y != x + 1 || !matches!(self.what(x), What::Word | What::Named(_) | What::Var(_) | What::Lex(..)) {
            return None;
        }
        let own = self.place_behind(parts, i, x).or_else(|| self.disease_before(parts, i, x));
        let shared = own.is_none();
        let phrase = own.or_else(|| self.adjective_before(parts, i, x))?;
        let (kind, concept) = match phrase {
            Phrase::Var(v) if !leaf::is_numeric(v) => (kind_of(v), v.id.to_owned()),
            Phrase::Named(id) => (kind_of_named(id)?, id.curie()),
            _ => return None,
        };
        if !shared && !matches!(kind, Kind::Condition | Kind::Finding) {
            return None;
        }
        let mut has = Has::new(kind, Concept(concept.into()), self.raw(x, y));
        self.carried = Some(mods.carried());
        mods.onto(&mut has);
        self.flag("ellipsis", x, y, "what it is of is supplied");
        let node = self.node(Op::Has(Box::new(has)), x, y, "structure.ellipsis");
        Some(if mods.denies() { negate(node) } else { node })
    }

    /// `infections or neoplasms of the brain`: the next part says of what, and nothing but `or` or `and` stands between.
    fn place_behind(&self, parts: &[Part], i: usize, x: usize) -> Option<Phrase> {
        let next = parts.get(i + 1).filter(|next| self.is_directly_joined(next))?;
        let at = (next.a..next.b).find(|&k| matches!(self.what(k), What::Var(_) | What::Named(_)))?;
        let name = self.read(at, at + 1);
        let place = name.get(name.find(" of ")?..)?;
        exactly(&format!("{}{place}", self.read(x, x + 1)))
    }

    /// `carcinoma in situ of the cervix or bladder`: the part before says what it is.
    fn disease_before(&self, parts: &[Part], i: usize, x: usize) -> Option<Phrase> {
        let before = parts.get(i.checked_sub(1)?).filter(|_| self.is_directly_joined(&parts[i]))?;
        let name = self.name_in(before)?;
        let head = name.get(..name.rfind(" of ")? + " of ".len())?;
        let place = self.read(x, x + 1);
        exactly(&format!("{head}the {place}")).or_else(|| exactly(&format!("{head}{place}")))
    }

    /// `cocaine abuse or dependence`, `investigational drugs or devices`: a noun that no table has by itself, behind the
    /// adjective of the noun before it.
    fn adjective_before(&self, parts: &[Part], i: usize, x: usize) -> Option<Phrase> {
        let noun =
            |k: usize| matches!(self.what(k), What::Word | What::Lex(super::lexicon::Class::HumanOpen, _));
        if !noun(x) || !matches!(parts[i].link, Some((Link::Or | Link::And | Link::AndOr, _))) {
            return None;
        }
        // Further nouns may stand between them: `investigational drugs, agents or devices`.
        let alone = |part: &Part| {
            let (a, b) = self.trim(part.a, part.b);
            b == a + 1 && noun(a)
        };
        let before = parts[..i].iter().rev().find(|part| !alone(part))?;
        let (adjective, _) = self.name_in(before)?.rsplit_once([' ', '-'])?;
        // `hepatitis B or C` is no noun.
        let word = Some(self.read(x, x + 1)).filter(|word| word.len() > 3)?;
        exactly(&format!("{adjective} {word}"))
            .filter(|phrase| !matches!(phrase, Phrase::Var(v) if v.kind == vocabulary::variable::Kind::Coded))
    }

    fn is_directly_joined(&self, part: &Part) -> bool {
        let word = |at: usize| !matches!(self.what(at), What::Comma);
        matches!(part.link, Some((Link::Or | Link::And | Link::AndOr, at)) if word(at))
    }

    /// The name that a part ends in.
    fn name_in(&self, part: &Part) -> Option<&str> {
        let (_, end) = self.trim(part.a, part.b);
        let at = end.checked_sub(1).filter(|&k| matches!(self.what(k), What::Var(_) | What::Named(_)))?;
        Some(self.read(at, at + 1))
    }
}

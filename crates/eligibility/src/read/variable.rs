//! What a value is of: the variable before or behind it, or the words that name none of the catalogue.

use vocabulary::variable::{Kind as VarKind, Variable};

use super::cx::Cx;
use super::elements::What;
use super::leaf::{About, is_numeric};
use super::lexicon::Class;
use crate::tree::{Kind, Node};

impl Cx<'_> {
    /// The variable that a value belongs to, before it; across a gloss in brackets and words such as `level`.
    pub fn variable_before(&mut self, a: usize, at: usize, q: usize) -> Option<(About, usize)> {
        let mut i = at;
        let mut words = 0;
        let mut gloss = None;
        let mut inner = None;
        while i > a {
            i -= 1;
            match self.what(i) {
                What::Close => {
                    let open = (a..i).rev().find(|&k| matches!(self.what(k), What::Open))?;
                    inner =
                        (open..i).rev().find(|&k| matches!(self.what(k), What::Var(v) if self.fits(v, q)));
                    gloss = Some((open, i + 1));
                    i = open;
                }
                What::Var(v) if self.fits(v, q) => {
                    if let Some((open, close)) = gloss.filter(|g| g.0 > i) {
                        self.flag("gloss", open, close, "between variable and comparator, skipped");
                    }
                    return Some((About::Known(v), i));
                }
                What::Open
                | What::Colon
                | What::Lex(
                    Class::Skip
                    | Class::Eq
                    | Class::Between
                    | Class::If
                    | Class::Current
                    | Class::Specimen
                    | Class::Fasting
                    | Class::Stable
                    | Class::Duration
                    | Class::Incl
                    | Class::Neg
                    | Class::Abnormal,
                    _,
                ) => {}
                What::Var(_) | What::Named(_) | What::Word if words < 4 => words += 1,
                What::Lex(
                    Class::HumanOpen
                    | Class::HumanClinical
                    | Class::HumanSubjective
                    | Class::HumanOpinion
                    | Class::Positive
                    | Class::Treat
                    | Class::Known
                    | Class::Severe
                    | Class::Site,
                    _,
                ) if words < 4 => words += 1,
                What::Other | What::Dash | What::Slash => {}
                What::Quant(k) if self.is_hyphened(k) => {}
                What::Comma
                    if (i + 1..at).all(|k| {
                        self.is(k, Class::Skip)
                            || self.word_is(k, &["i.e", "ie"])
                            || matches!(self.what(k), What::Stop | What::Other)
                    }) => {}
                What::Lex(Class::With, _) if i + 1 == at => {}
                What::Stop if i + 1 == at && self.word_is(i.saturating_sub(1), &["i.e", "ie", "e"]) => {}
                What::Sign(_) if i + 1 == at => {}
                _ => break,
            }
        }
        // Only the gloss is known: `estimated filtration (eGFR) > 30`.
        let at = inner?;
        let (open, close) = gloss?;
        let What::Var(v) = self.what(at) else { return None };
        self.flag("gloss", open, close, "between variable and comparator, skipped");
        Some((About::Known(v), open))
    }

    /// `≥ 30 kg/m2 BMI`, `more than 12 weeks of gestation`.
    pub fn variable_behind(&self, at: usize, b: usize, q: usize) -> Option<(About, usize)> {
        let mut i = at + 1;
        // `4 of 11 criteria by ACR`
        let counted = |i: usize| self.word_is(i, &["criteria", "criterion"]);
        while i < b
            && !counted(i)
            && (self.is(i, Class::Skip) || self.is(i, Class::If) || self.is(i, Class::Specimen))
        {
            i += 1;
        }
        match self.what(i) {
            What::Var(v)
                if self.fits(v, q) && !matches!(self.what(i + 1), What::Quant(_) | What::Sign(_)) =>
            {
                Some((About::Known(v), i + 1))
            }
            _ => None,
        }
    }

    /// Whether a variable can have this value: of numbers, and not a length of time for what is none.
    pub fn fits(&self, variable: &Variable, q: usize) -> bool {
        if !is_numeric(variable) {
            return false;
        }
        let quant = &self.e.quants[q];
        let time = quant.is_time();
        let timed = variable.unit.is_some_and(super::quant::is_time);
        if time && !timed || timed && !time && quant.unit.is_some() {
            return false;
        }
        if quant.bare && !quant.range && quant.unit.is_none() && quant.limit.is_none() {
            // `IIEF-5`, `ACR 2010`: a number of a name, unless the variable is a scale.
            let joined = self
                .e
                .tokens
                .get(quant.number.wrapping_sub(1))
                .is_some_and(|t| t.kind == super::token::Kind::Dash && t.glued);
            let scale = variable.kind == VarKind::Ordinal
                || variable.unit.is_some_and(|u| u.dimension().may_be_unwritten());
            let said = self
                .e
                .tokens
                .get(quant.number.wrapping_sub(1))
                .is_some_and(|t| t.is(':') || t.kind == super::token::Kind::Word);
            return !joined && variable.id != "ctcae_grade" && (scale || said) && !self.is_year(q);
        }
        true
    }

    /// The words directly before a value that name what it is of, where no catalogue has them.
    pub fn words_before(&self, a: usize, at: usize) -> Option<(usize, usize)> {
        let mut y = at;
        while y > a
            && (self.is(y - 1, Class::Skip)
                || self.is(y - 1, Class::If)
                || self.is(y - 1, Class::Eq)
                || self.is(y - 1, Class::Between)
                || matches!(
                    self.what(y - 1),
                    What::Colon | What::Comma | What::Dash | What::Open | What::Other
                ))
        {
            y -= 1;
        }
        if y > a && matches!(self.what(y - 1), What::Close) {
            y = (a..y).rev().find(|&k| matches!(self.what(k), What::Open))?;
        }
        let mut x = y;
        while x > a && y - x < 6 {
            match self.what(x - 1) {
                What::Var(v) if v.id == "sex" => break,
                What::Word | What::Named(_) | What::Var(_) | What::Dash | What::Slash => x -= 1,
                What::Lex(
                    Class::HumanOpen
                    | Class::HumanClinical
                    | Class::HumanSubjective
                    | Class::Site
                    | Class::Specimen
                    | Class::Abnormal
                    | Class::Severe
                    | Class::Treat
                    | Class::Stable
                    | Class::Guideline
                    | Class::HumanOpinion
                    | Class::Course
                    | Class::Duration
                    | Class::Fasting
                    | Class::Current
                    | Class::ForTime,
                    _,
                ) => x -= 1,
                What::Lex(Class::Skip, _)
                    if x > a + 1
                        && self.word_is(x - 1, &["of", "in", "on", "to", "the", "by", "at"])
                        && matches!(self.what(x - 2), What::Word | What::Named(_) | What::Var(_)) =>
                {
                    x -= 1;
                }
                _ => break,
            }
        }
        (x < y).then_some((x, y))
    }

    /// The words behind a value that name what it is of: `≥ 20 mm polyp`, `more than 20 on the scale`.
    pub fn words_behind(&mut self, at: usize, q: usize, b: usize) -> Option<(Node, usize, usize)> {
        let mut x = at + 1;
        while x < b && (self.is(x, Class::Skip) || self.is(x, Class::If)) {
            x += 1;
        }
        let quant = &self.e.quants[q];
        let unitless = quant.unit.is_none() && quant.limit.is_none();
        if self.is_case(at + 1) {
            return None;
        }
        if unitless && (x == at + 1 || quant.bare) || self.time(at).is_some() || self.is_person(x) {
            return None;
        }
        let mut y = x;
        while y < b
            && y - x < 5
            && matches!(self.what(y), What::Word | What::Named(_) | What::Var(_) | What::Dash)
        {
            y += 1;
        }
        if x == y || self.is_dose(x, y, q) {
            return None;
        }
        let about = About::Words(self.normal_words(x, y));
        Some((self.compare(&about, q, at, y), at, y))
    }

    pub fn is_noun(&self, i: usize) -> bool {
        match self.what(i) {
            What::Word
            | What::Named(_)
            | What::Lex(Class::HumanOpen | Class::Ever | Class::Current | Class::HumanClinical, _) => true,
            What::Var(v) => !is_numeric(v),
            _ => false,
        }
    }

    /// `two or more symptoms of depression`: what is counted is no value of what stands behind it.
    pub fn is_sign_of(&self, i: usize) -> bool {
        let word = self.read(i, i + 1).split(' ').next().unwrap_or_default();
        ["symptom", "symptoms", "signs", "features", "episodes", "findings"]
            .iter()
            .any(|sign| word.eq_ignore_ascii_case(sign))
    }

    /// Whether a quantity is the dose of a drug.
    pub fn is_dose(&self, x: usize, y: usize, q: usize) -> bool {
        let unit = self.e.quants[q].unit.map_or("", |u| u.as_str());
        let amount = ["mg", "ug", "g", "[U]", "mL", "mmol"].iter().any(|u| {
            unit.strip_prefix(u).is_some_and(|rest| {
                rest.is_empty()
                    || rest.starts_with("/d")
                    || rest.starts_with("/m2")
                    || rest.starts_with("/kg")
                    || rest.starts_with("/h")
                    || rest.starts_with("/wk")
            })
        });
        amount
            && (x..y).any(|i| match self.what(i) {
                What::Named(id) => {
                    matches!(super::leaf::kind_of_named(id), Some(Kind::Drug | Kind::DrugClass))
                }
                What::Var(v) => matches!(v.kind, VarKind::Drug | VarKind::DrugClass),
                _ => self.word_is(i, &["dose", "daily", "equivalent", "dosage"]),
            })
    }
}

//! One part of a list: a constraint, a fact, a variable without its value.
//!
//! ```text
//! unit       = {prefix} (constraint | facts)
//! prefix     = "no" | "history of" | "known" | "severe" | window | count ...    (criteria-words.tsv)
//! constraint = change | value | scale, and what stands around it
//! ```

use vocabulary::variable::Kind as VarKind;

use super::cx::{Cx, DEEPEST_LIST, join};
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::{About, is_numeric};
use super::lexicon::Class;
use super::mods::{Mods, current, ever};
use crate::tree::{Concept, Has, Kind, Node, Op, Relation, Var, When};

/// What a part of a list turned out to be.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A node.
    Node(Node),
    /// A variable whose value stands elsewhere in the list.
    Vars {
        /// The variable.
        about: About,
        /// Its first element.
        a: usize,
        /// The element behind it.
        b: usize,
    },
    /// A value whose variable stands elsewhere.
    Quant {
        /// The quantity.
        q: usize,
        /// Its first element.
        a: usize,
        /// The element behind it.
        b: usize,
    },
    /// Words whose head stands elsewhere.
    Fragment {
        /// The first element.
        a: usize,
        /// The element behind it.
        b: usize,
    },
    /// Nothing was read.
    None,
    /// Nothing is asked.
    Nothing,
}

impl Cx<'_> {
    /// Reads one part of a list.
    pub fn unit(&mut self, a: usize, b: usize, carried: &Mods) -> Piece {
        let (a, b) = self.trim(a, b);
        self.carried = None;
        if a >= b {
            return Piece::None;
        }
        self.lists += 1;
        let piece = if self.lists > DEEPEST_LIST {
            Piece::Node(self.human(crate::tree::Reason::NotInRecord, a, b, "limit.depth"))
        } else {
            self.one(a, b, carried)
        };
        self.lists -= 1;
        piece
    }

    fn one(&mut self, a: usize, b: usize, carried: &Mods) -> Piece {
        let mut mods = carried.affirmed();
        let start = self.prefix(a, b, &mut mods);
        mods.neg |= carried.neg && !self.is_of_person(start, b);
        // `history of X and failed to Y`: what denies for itself is not said of the history.
        if mods.neg != carried.neg && mods.when == carried.when {
            mods.when = None;
        }
        self.carried = Some(mods.carried());
        if let Some((node, end)) = self.unrestricted(a, start, b) {
            let rest =
                if self.says_something(end, b) { self.unit(end, b, &Mods::default()) } else { Piece::None };
            let mut nodes = vec![node];
            if let Piece::Node(rest) = rest {
                nodes.push(rest);
            }
            return join(nodes, false, "structure.and").map_or(Piece::None, Piece::Node);
        }
        if start >= b {
            let ever = mods.time() == Some(&ever());
            self.carried.iter_mut().for_each(|carried| carried.ever_alone = ever);
            return self.only_prefix(a, b, &mods);
        }
        // `recovered from prior surgery`: that somebody had it says nothing of how they are now.
        if self.recovers(start, b.min(start + 2)) {
            let human = self.human(crate::tree::Reason::NotInRecord, start, b, "person.recovered");
            return Piece::Node(if mods.neg { super::cx::negate(human) } else { human });
        }
        if let Some(piece) = self.constraint(start, b, &mods) {
            return piece;
        }
        self.facts(start, b, mods)
    }

    /// Whether a part begins with what is said of the person, not of what stands before (`no asthma, age ≥ 21`).
    pub fn is_of_person(&self, a: usize, b: usize) -> bool {
        (a..b).find(|&i| !self.is_empty(i, i + 1)).is_some_and(|i| {
            matches!(self.what(i), What::Var(v) if v.id == "age") || self.time(i).is_some_and(|q| q.age)
        })
    }

    /// `with or without X`, `male or female`: words that restrict nothing.
    fn unrestricted(&self, a: usize, start: usize, b: usize) -> Option<(Node, usize)> {
        if !self.has(Kinds::of(&[Class::True, Class::TrueSex])) {
            return None;
        }
        let at =
            (a..b.min(start + 1)).find(|&i| matches!(self.class(i), Some(Class::True | Class::TrueSex)))?;
        let end = self.find(at + 1, b, |w| matches!(w, What::Open)).unwrap_or(b);
        let sex = self.is(at, Class::TrueSex);
        // `See Disease Characteristics`, `Not specified`, and what was run together with it.
        let words = self.read(at, at + 1).to_ascii_lowercase();
        let whole = ["see ", "not specified", "not applicable"].iter().any(|whole| words.starts_with(whole));
        let end = if sex || whole { at + 1 } else { end };
        let var = sex.then(|| Var("sex".into()));
        Some((self.node(Op::True { var, text: self.raw(at, end) }, at, end, "scope.unrestricted"), end))
    }

    /// Reads what stands before a name: negation, time, certainty, severity.
    pub fn prefix(&mut self, a: usize, b: usize, mods: &mut Mods) -> usize {
        let mut i = a;
        while i < b {
            match self.what(i) {
                // `allergy or intolerance of X`
                What::Var(_) if self.is_any_allergy(i) && self.names_allergen(i + 1, b) => {
                    self.label(i, i + 1);
                }
                What::Lex(class, value) => match class {
                    Class::Skip | Class::If | Class::With | Class::And | Class::Or | Class::Incl => {}
                    // `non-squamous`: no denial, but part of a name.
                    Class::Neg if self.names_by_non(i) => return i,
                    Class::Neg => {
                        mods.neg = !mods.neg;
                        // `no prior asthma`, `no history of asthma`: never.
                        if self.tells_of_the_past(i) {
                            mods.when = Some(ever());
                        }
                    }
                    Class::Ever => mods.when = Some(ever()),
                    // `previous or current treatment`: at any time so far.
                    Class::Current if mods.ever_alone || (a..i).any(|k| self.is(k, Class::Ever)) => {}
                    Class::Current => mods.when = Some(current()),
                    // `currently on scheduled dialysis`
                    Class::Future if (a..i).any(|k| self.is(k, Class::Current)) => {}
                    Class::Future => {
                        mods.when = Some(When { window: None, relation: Relation::Future, anchor: None });
                    }
                    Class::Family => mods.family = true,
                    Class::Treat => mods.treat = true,
                    Class::Known => mods.known = true,
                    Class::Severe => mods.severe = true,
                    Class::Control => mods.control = Some(value),
                    Class::Course => mods.chronic = true,
                    Class::Significance => mods.significant = true,
                    Class::Allergy => {
                        mods.allergy = true;
                        mods.allergy_at = Some((i, i + 1));
                        mods.known |=
                            self.read(i, i + 1).get(..5).is_some_and(|w| w.eq_ignore_ascii_case("known"));
                    }
                    Class::Need => mods.need = true,
                    Class::Abnormal => mods.abnormal = true,
                    Class::Fasting => mods.fasting = true,
                    Class::Stable => mods.stable = true,
                    Class::Positive => mods.value = Some("positive"),
                    Class::Negative => mods.value = Some("negative"),
                    Class::Specimen if self.is_of_blood(i) => return i,
                    Class::Specimen => mods.specimen = Some(value),
                    Class::HumanClinical if self.is_vague(i) && self.goes_on(i + 1, b) => {
                        match self.word_is(i, &["significant", "serious", "major"]) {
                            true => {
                                mods.significant = true;
                                self.leave(i, i + 1, "no threshold is given");
                            }
                            false => mods.vague = Some((i, i + 1)),
                        }
                    }
                    Class::Within | Class::Before | Class::During => match self.window(i, b) {
                        Some(read) => {
                            mods.when = Some(read.when);
                            i = read.end;
                            continue;
                        }
                        // `prior chemotherapy`, `prior or current`
                        None if self.word_is(i, &["prior", "past"]) => mods.when = Some(ever()),
                        None => return i,
                    },
                    _ => return i,
                },
                What::Comma | What::Dash | What::Other | What::Slash | What::Break | What::Bullet => {}
                What::Quant(q) => {
                    let Some(end) = self.quant_prefix(i, q as usize, b, mods) else { return i };
                    i = end;
                    continue;
                }
                _ => return i,
            }
            i += 1;
        }
        i
    }

    /// Whether a negation is one of the past: `no prior`, `no history of`.
    fn tells_of_the_past(&self, i: usize) -> bool {
        let words = self.read(i, i + 1).to_ascii_lowercase();
        ["prior", "previous", "history of", "never"].iter().any(|past| words.ends_with(past))
    }

    /// Whether `non-` stands before a word that no table has: both are a name.
    pub fn names_by_non(&self, i: usize) -> bool {
        self.word_is(i, &["non"])
            && matches!(self.what(i + 1), What::Dash)
            && match self.what(i + 2) {
                What::Word => true,
                // `non-small cell carcinoma`: the first word of a name of several.
                What::Named(_) | What::Var(_) => self.read(i + 2, i + 3).contains(' '),
                _ => false,
            }
    }

    /// `blood products`: not of what a test was made.
    pub fn is_of_blood(&self, i: usize) -> bool {
        self.word_is(i, &["blood"]) && matches!(self.what(i + 1), What::Word)
    }

    fn is_vague(&self, i: usize) -> bool {
        self.word_is(
            i,
            &[
                "significant",
                "serious",
                "major",
                "poor",
                "unstable",
                "adequate",
                "insufficient",
                "inadequate",
                "appropriate",
                "acceptable",
                "suitable",
                "unsuitable",
                "satisfactory",
            ],
        )
    }

    /// Whether something with a meaning follows.
    fn goes_on(&self, i: usize, b: usize) -> bool {
        self.says_something(i, b)
    }

    /// A quantity before a name: `≥3 months of treatment`, `more than one event`.
    fn quant_prefix(&mut self, i: usize, q: usize, b: usize, mods: &mut Mods) -> Option<usize> {
        if self.e.quants[q].is_time() && !self.e.quants[q].age {
            if let Some(read) = self.window(i, b) {
                mods.when = Some(read.when);
                return Some(read.end);
            }
            let of = self.is(i + 1, Class::Skip) || self.is(i + 1, Class::Treat);
            let named = (i + 1..b)
                .any(|k| matches!(self.what(k), What::Var(v) if !is_numeric(v)) || self.is(k, Class::Treat));
            if of && named {
                mods.duration = Some(self.extent(q));
                let quant = &self.e.quants[q];
                mods.at_most = !self.or_by_default() && quant.lo.is_none() && !quant.bare;
                return Some(i + 1);
            }
            return None;
        }
        let counted = matches!(self.what(i + 1), What::Var(v) if matches!(v.kind, VarKind::Event | VarKind::Condition | VarKind::Procedure | VarKind::Finding))
            || matches!(self.what(i + 1), What::Named(_))
            || self.is(i + 1, Class::Ever)
            || self.is(i + 1, Class::Skip)
                && matches!(self.what(i + 2), What::Var(v) if v.kind == VarKind::Event);
        let quant = &self.e.quants[q];
        // `2 or more episodes of otitis media`
        if let Some(end) = self.episodes(i, b)
            && quant.limit.is_none()
            && !quant.bare
            && !quant.range
            && quant.lo.is_some()
        {
            mods.count = quant.lo;
            return Some(end);
        }
        if counted && quant.unit.is_none() && quant.limit.is_none() && !quant.bare && !quant.range {
            mods.count = quant.lo;
            let (word, number) = (quant.word, quant.number);
            if word {
                let bytes = self.token_bytes((number, number + 1));
                self.flag_bytes("number_word", bytes, "a number written as a word", None);
            }
            return mods.count.map(|_| i + 1);
        }
        None
    }

    /// The element behind `episodes of`, where a disease or an event follows; the quantity may have the word as unit.
    fn episodes(&self, i: usize, b: usize) -> Option<usize> {
        let What::Quant(q) = self.what(i) else { return None };
        const WORDS: &[&str] = &["episode", "attack", "occurrence", "bout"];
        let unit = self.e.quants[q as usize].unit.map(|u| u.as_str());
        let ends = self.read(i, i + 1).to_ascii_lowercase();
        let in_unit =
            unit == Some("{count}") && WORDS.iter().any(|w| ends.trim_end_matches('s').ends_with(w));
        let mut end = i + 1;
        if !in_unit {
            if unit.is_some()
                || !(self.word_is(end, WORDS) || self.word_is(end, &["episodes of", "attacks of"]))
            {
                return None;
            }
            end += 1;
        }
        while end < b && self.is(end, Class::Skip) {
            end += 1;
        }
        let named = match self.what(end) {
            What::Var(v) => !is_numeric(v),
            What::Named(_) => true,
            _ => false,
        };
        (named && end < b).then_some(end)
    }

    fn only_prefix(&mut self, a: usize, b: usize, mods: &Mods) -> Piece {
        if let Some((x, y)) = mods.allergy_at {
            let text = self.raw(x, y);
            let mut has = Has::new(Kind::Allergy, Concept("unspecified_allergen".into()), text);
            has.when.clone_from(&mods.when);
            return Piece::Node(self.node(Op::Has(Box::new(has)), x, y, "fact.allergy"));
        }
        if let (Some(_), true) = (mods.value, a + 1 == b) {
            return Piece::Fragment { a, b };
        }
        Piece::None
    }

    /// A value within bounds, a member of a scale, a change.
    fn constraint(&mut self, a: usize, b: usize, mods: &Mods) -> Option<Piece> {
        if let Some(found) = self.change(a, b) {
            return Some(self.around(found, a, b, mods));
        }
        if !self.has(Kinds::QUANT.or(Kinds::NUMERIC)) {
            return None;
        }
        let plain = self.find(
            a,
            b,
            |w| matches!(w, What::Var(v) if v.kind == VarKind::Ordinal || v.id == "tnm_stage"),
        );
        if plain.is_none()
            && self.find(a, b, |w| matches!(w, What::Quant(_))).is_some()
            && let Some(found) = self.value(a, b, mods)
        {
            let found = self.over_bracket(found, a, mods);
            return Some(self.around(found, a, b, mods));
        }
        // `hypertension (systolic > 160)`: the bracket defines, and is read with the name.
        if self.defines_a_name(a, b) {
            return None;
        }
        if let Some(found) = self.scale(a, b) {
            return Some(self.around(found, a, b, mods));
        }
        if let Some(found) = self.value(a, b, mods) {
            return Some(self.around(found, a, b, mods));
        }
        self.alone(a, b, mods)
    }

    /// A variable without a value, or a value without a variable.
    fn alone(&mut self, a: usize, b: usize, mods: &Mods) -> Option<Piece> {
        let (x, y) = self.trim(a, b);
        let only = |f: &dyn Fn(What) -> bool| {
            let mut places = (x..y).filter(|&i| f(self.what(i)) && !self.is_gloss(i, x));
            let at = places.next()?;
            let rest = (x..y).all(|i| {
                i == at
                    || self.is_empty(i, i + 1)
                    || self.is_person(i)
                    || matches!(self.what(i), What::Open | What::Close)
                    || self.in_gloss(i, at, y)
            });
            (places.next().is_none() && rest).then_some(at)
        };
        if mods.value.is_none()
            && !mods.abnormal
            && let Some(at) = only(&|w| matches!(w, What::Var(v) if is_numeric(v)))
        {
            let What::Var(variable) = self.what(at) else { return None };
            return Some(Piece::Vars { about: About::Known(variable), a: at, b: at + 1 });
        }
        let at = only(&|w| matches!(w, What::Quant(_)))?;
        let What::Quant(q) = self.what(at) else { return None };
        let quant = &self.e.quants[q as usize];
        if quant.bare && quant.unit.is_none() && quant.limit.is_none() {
            return None;
        }
        Some(Piece::Quant { q: q as usize, a: at, b: at + 1 })
    }

    /// Whether an element is in a bracket behind another name of its variable: `AST (SGOT)`.
    fn is_gloss(&self, i: usize, a: usize) -> bool {
        let What::Var(v) = self.what(i) else { return false };
        let open = (a..i).rev().find(|&k| matches!(self.what(k), What::Open));
        let before = open.and_then(|open| open.checked_sub(1)).filter(|&k| k >= a);
        before.is_some_and(|k| matches!(self.what(k), What::Var(known) if known.id == v.id))
    }

    fn in_gloss(&self, i: usize, at: usize, b: usize) -> bool {
        i > at && matches!(self.what(at + 1), What::Open) && i < self.close(at + 1, b)
    }

    /// A variable of numbers that is named without a value.
    pub fn variable_alone(&mut self, a: usize, b: usize) -> Node {
        self.leave(a, b, "named without a value");
        self.words_alone(a, b)
    }

    /// Words of a list whose head stands elsewhere, by themselves.
    pub fn words_alone(&mut self, a: usize, b: usize) -> Node {
        let (a, b) = self.trim(a, b);
        let text = self.raw(a, b);
        let concept = self.words_concept(a, b);
        let has = Has::new(Kind::Finding, concept, text);
        self.node(Op::Has(Box::new(has)), a, b, "fact.words")
    }
}

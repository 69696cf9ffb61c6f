//! One part of a list: a constraint, a fact, a variable without its value.

use std::collections::HashMap;
use std::sync::LazyLock;

use vocabulary::variable::{self, Kind as VarKind, Variable};

use super::cx::{Cx, DEEPEST_LIST, join, negate};
use super::elements::What;
use super::leaf::{About, is_numeric, kind_of, positive_by_name};
use super::lexicon::Class;
use super::token::Sign;
use crate::tree::{
    Anchor, Bound, Change, Cmp, Code, Coded, Concept, Exposure, Extent, Has, Kind, Node, Op, Reason,
    Relation, Var, When, Window,
};

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
    /// Nothing.
    None,
}

/// What is said of a fact beside its name.
#[derive(Clone, Debug, Default)]
pub struct Mods {
    neg: bool,
    when: Option<When>,
    severe: bool,
    control: Option<&'static str>,
    chronic: bool,
    known: bool,
    significant: bool,
    allergy: bool,
    treat: bool,
    need: bool,
    family: bool,
    abnormal: bool,
    fasting: bool,
    stable: bool,
    value: Option<&'static str>,
    specimen: Option<&'static str>,
    site: Option<&'static str>,
    form: Option<&'static str>,
    count: Option<Bound>,
    duration: Option<Extent>,
    /// The first element of words that name an allergy, where no allergen follows.
    allergy_at: Option<(usize, usize)>,
}

impl Mods {
    /// What holds for the following parts of a list, too.
    pub fn carried(&self) -> Self {
        Self {
            neg: self.neg,
            when: self
                .when
                .clone()
                .filter(|w| w.window.is_none() && matches!(w.relation, Relation::Ever | Relation::Current)),
            known: self.known,
            allergy: self.allergy,
            treat: self.treat,
            need: self.need,
            family: self.family,
            value: self.value.filter(|_| false),
            ..Self::default()
        }
    }
}

fn ever() -> When {
    When { window: None, relation: Relation::Ever, anchor: None }
}

fn current() -> When {
    When { window: None, relation: Relation::Current, anchor: None }
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
            Piece::Node(self.human(Reason::NotInRecord, a, b, "limit.depth"))
        } else {
            self.one(a, b, carried)
        };
        self.lists -= 1;
        piece
    }

    fn one(&mut self, a: usize, b: usize, carried: &Mods) -> Piece {
        let mut mods = carried.clone();
        let start = self.prefix(a, b, &mut mods);
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
            return self.only_prefix(a, b, &mods);
        }
        if let Some(piece) = self.constraint(start, b, &mods) {
            return piece;
        }
        self.facts(start, b, mods)
    }

    /// `with or without X`, `male or female`: words that restrict nothing.
    fn unrestricted(&self, a: usize, start: usize, b: usize) -> Option<(Node, usize)> {
        let at =
            (a..b.min(start + 1)).find(|&i| matches!(self.class(i), Some(Class::True | Class::TrueSex)))?;
        let end = self.find(at + 1, b, |w| matches!(w, What::Open)).unwrap_or(b);
        let sex = self.is(at, Class::TrueSex);
        let end = if sex { at + 1 } else { end };
        let var = sex.then(|| Var("sex".into()));
        Some((self.node(Op::True { var, text: self.raw(at, end) }, at, end, "scope.unrestricted"), end))
    }

    /// Reads what stands before a name: negation, time, certainty, severity.
    pub fn prefix(&mut self, a: usize, b: usize, mods: &mut Mods) -> usize {
        let mut i = a;
        while i < b {
            match self.what(i) {
                What::Lex(class, value) => match class {
                    Class::Skip | Class::If | Class::With | Class::And | Class::Or | Class::Incl => {}
                    Class::Neg => mods.neg = !mods.neg,
                    Class::Ever => mods.when = Some(ever()),
                    Class::Current => mods.when = Some(current()),
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
                    Class::Specimen => mods.specimen = Some(value),
                    Class::HumanClinical if self.is_vague(i) && self.goes_on(i + 1, b) => {
                        self.leave(i, i + 1, "no threshold is given");
                    }
                    Class::Within | Class::Before | Class::During => match self.window(i, b) {
                        Some(read) => {
                            mods.when = Some(read.when);
                            i = read.end;
                            continue;
                        }
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
                return Some(i + 1);
            }
            return None;
        }
        let counted = matches!(self.what(i + 1), What::Var(v) if matches!(v.kind, VarKind::Event | VarKind::Condition | VarKind::Procedure | VarKind::Finding))
            || matches!(self.what(i + 1), What::Mesh(_))
            || self.is(i + 1, Class::Ever)
            || self.is(i + 1, Class::Skip)
                && matches!(self.what(i + 2), What::Var(v) if v.kind == VarKind::Event);
        let quant = &self.e.quants[q];
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
        if let Some(node) = self.change(a, b) {
            return Some(Piece::Node(self.with_mods(node, mods)));
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
            return Some(self.around(found, a, b, mods));
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
            let mut places = (x..y).filter(|&i| f(self.what(i)));
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

    fn in_gloss(&self, i: usize, at: usize, b: usize) -> bool {
        i > at && matches!(self.what(at + 1), What::Open) && i < self.close(at + 1, b)
    }

    /// `NYHA class III or IV`, `III-IV NYHA`: members of a scale.
    fn scale(&mut self, a: usize, b: usize) -> Option<(Node, usize, usize)> {
        let at = self
            .find(a, b, |w| matches!(w, What::Var(v) if v.kind == VarKind::Ordinal || v.id == "tnm_stage"))
            .or_else(|| {
                (a..b).find(|&i| matches!(self.what(i), What::Var(v) if v.kind == VarKind::Ordinal))
            })?;
        let What::Var(variable) = self.what(at) else { return None };
        let from = self.behind_scale(at, b);
        if let Some((values, end, roman)) = self.scale_members(variable, from, b) {
            let suffix = self.class(end);
            if values.len() == 1
                && matches!(suffix, Some(Class::SuffixGe | Class::SuffixLe))
                && let Some(Code::Integer(n)) = values.first()
            {
                let bound = Some(Bound { value: (*n).into(), incl: true });
                let (lo, hi) = if suffix == Some(Class::SuffixGe) { (bound, None) } else { (None, bound) };
                return Some((self.plain_cmp(variable, lo, hi, at, end + 1), at, end + 1));
            }
            if roman {
                let first =
                    (from..end).find(|&i| super::quant::roman(self.read(i, i + 1)).is_some()).unwrap_or(from);
                self.flag("roman", first, end, "a Roman numeral");
            }
            return Some((self.coded(variable, values, at, end), at, end));
        }
        // The value before the scale.
        let before = (a..at).find_map(|i| {
            let (values, end, roman) = self.scale_members(variable, i, at)?;
            self.is_empty(end, at).then_some((i, values, roman))
        });
        if let Some((i, values, roman)) = before
            && !matches!(self.what(at + 1), What::Quant(_) | What::Sign(_))
        {
            self.flag("order", i, at + 1, "the class stands before its scale");
            if roman {
                self.flag("roman", i, at, "a Roman numeral");
            }
            return Some((self.coded(variable, values, i, at + 1), i, at + 1));
        }
        // `NYHA class ≥III`: a comparator and a numeral.
        let (sign_at, compared) = match self.what(from) {
            What::Sign(sign) => (from, Some(sign)),
            What::Lex(Class::Ge, _) => (from, Some(Sign::Ge)),
            What::Lex(Class::Gt, _) => (from, Some(Sign::Gt)),
            What::Lex(Class::Le, _) => (from, Some(Sign::Le)),
            What::Lex(Class::Lt, _) => (from, Some(Sign::Lt)),
            _ => (from, None),
        };
        let sign = compared?;
        let n = super::quant::roman(self.read(sign_at + 1, sign_at + 2))?;
        self.flag("roman", sign_at + 1, sign_at + 2, "a Roman numeral");
        let incl = matches!(sign, Sign::Ge | Sign::Le | Sign::Eq);
        let bound = Some(Bound { value: n.into(), incl });
        let (lo, hi) = if matches!(sign, Sign::Ge | Sign::Gt) { (bound, None) } else { (None, bound) };
        Some((self.plain_cmp(variable, lo, hi, at, sign_at + 2), at, sign_at + 2))
    }

    /// The element behind the name of a scale: behind a gloss in brackets, another name, `class`, `performance status`.
    pub fn behind_scale(&self, at: usize, b: usize) -> usize {
        let What::Var(variable) = self.what(at) else { return at + 1 };
        let mut from = at + 1;
        while from < b {
            match self.what(from) {
                What::Open
                    if !(from..self.close(from, b)).any(|i| matches!(self.what(i), What::Quant(_))) =>
                {
                    from = self.close(from, b);
                }
                What::Var(v) if v.id == variable.id || v.id == "ctcae_grade" || v.id == "tnm_stage" => {
                    from += 1;
                }
                What::Word | What::Lex(..) if self.word_is(from, SCALE_WORDS) => from += 1,
                What::Open => from += 1,
                _ => break,
            }
        }
        from
    }

    fn plain_cmp(
        &self,
        variable: &Variable,
        lo: Option<Bound>,
        hi: Option<Bound>,
        a: usize,
        b: usize,
    ) -> Node {
        let unit = variable.unit.map_or_else(String::new, |u| u.as_str().to_owned());
        let cmp = Cmp {
            var: Var(variable.id.into()),
            lo,
            hi,
            unit,
            site: None,
            method: None,
            state: None,
            stable_for: None,
            canonical: None,
            repair: None,
        };
        self.node(Op::Cmp(Box::new(cmp)), a, b, "number.scale")
    }

    /// A variable and its value, wherever the two stand to each other.
    fn value(&mut self, a: usize, b: usize, mods: &Mods) -> Option<(Node, usize, usize)> {
        (a..b).find_map(|i| match self.what(i) {
            What::Quant(q) if !self.is_window(i, a, b) && !self.is_aside(i, a) => {
                self.value_at(i, q as usize, a, b, mods)
            }
            _ => None,
        })
    }

    fn value_at(
        &mut self,
        at: usize,
        q: usize,
        a: usize,
        b: usize,
        mods: &Mods,
    ) -> Option<(Node, usize, usize)> {
        if let Some(found) = self.mirrored(at, q, a, b) {
            return Some(found);
        }
        let (time, age, bare) = {
            let quant = &self.e.quants[q];
            (quant.is_time(), quant.age, quant.bare)
        };
        if let Some((about, start)) = self.variable_before(a, at, q) {
            let lasting = self.duration_of(&about, start);
            let node = self.compare(&about, q, start, at + 1);
            if let Some(disease) = lasting {
                let node = join(vec![disease, node], false, "time.duration")?;
                return Some((node, start, at + 1));
            }
            let mut end = at + 1;
            let node = self.second_bound(&about, node, &mut end, b);
            return Some((node, start, end));
        }
        let unitless = self.e.quants[q].unit.is_none() && self.e.quants[q].limit.is_none();
        let years = self.e.quants[q].range && self.e.quants[q].unit.is_some_and(|u| u.as_str() == "a");
        let grown = self.e.quants[q].hi.is_some_and(|b| b.value >= 16.into());
        let lasting = at > a && (self.is(at - 1, Class::ForTime) || self.is(at - 1, Class::If));
        if time && (age || self.speaks_of_age(a, at, b, q) || years && grown && !lasting) || unitless && age {
            let about = About::Known(variable::by_id("age")?);
            let mut end = at + 1;
            let node = self.compare(&about, q, at, end);
            let node = self.second_bound(&about, node, &mut end, b);
            return Some((node, at, end));
        }
        if self.e.quants[q].second.is_some_and(|low| low >= 40.into()) && !bare {
            let about = About::Known(variable::by_id("bp")?);
            return Some((self.compare(&about, q, at, at + 1), at, at + 1));
        }
        if let Some((about, end)) = self.variable_behind(at, b, q) {
            return Some((self.compare(&about, q, at, end), at, end));
        }
        if time {
            return self.lasting(at, q, a, b, mods);
        }
        let counted =
            self.e.quants[q].unit.is_some_and(|u| matches!(u.as_str(), "{count}" | "{type}" | "{events}"));
        if counted {
            return None;
        }
        let scored = bare && unitless && self.is_scored(a, at);
        if bare && self.e.quants[q].unit.is_none() && !scored || self.is_year(q) {
            return None;
        }
        // `at least two prior regimens` counts things.
        if unitless && !bare && self.is_noun(at + 1) {
            return None;
        }
        let Some((x, y)) = self.words_before(a, at) else {
            return self.words_behind(at, q, b).or_else(|| self.same_again(at, q));
        };
        if self.is_dose(x, y, q) {
            return None;
        }
        let words = self.normal_words(x, y);
        if words.is_empty() {
            return None;
        }
        let about = About::Words(words);
        let mut end = at + 1;
        let node = self.compare(&about, q, x, end);
        let node = self.second_bound(&about, node, &mut end, b);
        Some((node, x, end))
    }

    /// Whether a time stands in a bracket: it says something of what is before the bracket.
    fn is_aside(&self, i: usize, a: usize) -> bool {
        self.time(i).is_some_and(|q| !q.age)
            && (a..i).filter(|&k| matches!(self.what(k), What::Open)).count()
                > (a..i).filter(|&k| matches!(self.what(k), What::Close)).count()
            && !matches!(self.what(i - 1), What::Var(_))
    }

    /// `a CGI score of 1`: a bare number behind a word that says it is a value.
    fn is_scored(&self, a: usize, at: usize) -> bool {
        let mut i = at;
        while i > a && (self.is(i - 1, Class::Skip) || matches!(self.what(i - 1), What::Colon)) {
            i -= 1;
        }
        i > a
            && (self.word_is(i - 1, &["score", "scale", "index", "grade", "class", "level"])
                || ["score of", "level of", "total score of"]
                    .iter()
                    .any(|w| self.read(i.min(at - 1), i.min(at - 1) + 1).eq_ignore_ascii_case(w)))
    }

    /// `≥ 102 cm in men and 88 cm in women`: another value of the variable before it.
    fn same_again(&mut self, at: usize, q: usize) -> Option<(Node, usize, usize)> {
        let (about, last) = self.last_value.clone()?;
        let quant = &self.e.quants[q];
        let unit = quant.unit.map_or("", |u| u.as_str());
        if quant.limit.is_some() || unit != last.unit || unit.is_empty() {
            return None;
        }
        let bare = quant.bare;
        let mut node = self.compare(&about, q, at, at + 1);
        if let (Op::Cmp(cmp), true) = (&mut node.op, bare) {
            if last.lo.is_none() {
                cmp.lo = None;
            } else if last.hi.is_none() {
                cmp.hi = None;
            }
        }
        Some((node, at, at + 1))
    }

    fn is_noun(&self, i: usize) -> bool {
        match self.what(i) {
            What::Word
            | What::Mesh(_)
            | What::Lex(Class::HumanOpen | Class::Ever | Class::Current | Class::HumanClinical, _) => true,
            What::Var(v) => !is_numeric(v),
            _ => false,
        }
    }

    /// Whether a number alone is a year.
    fn is_year(&self, q: usize) -> bool {
        let quant = &self.e.quants[q];
        let year = |b: Option<Bound>| {
            b.is_some_and(|b| b.value >= 1900.into() && b.value <= 2100.into() && b.value.is_integer())
        };
        quant.unit.is_none()
            && quant.limit.is_none()
            && (year(quant.lo) || year(quant.hi))
            && (quant.bare || quant.range)
    }

    /// The words behind a value that name what it is of: `≥ 20 mm polyp`, `more than 20 on the scale`.
    fn words_behind(&mut self, at: usize, q: usize, b: usize) -> Option<(Node, usize, usize)> {
        let mut x = at + 1;
        while x < b && (self.is(x, Class::Skip) || self.is(x, Class::If)) {
            x += 1;
        }
        let quant = &self.e.quants[q];
        let unitless = quant.unit.is_none() && quant.limit.is_none();
        if unitless && (x == at + 1 || quant.bare) || self.time(at).is_some() || self.is_person(x) {
            return None;
        }
        let mut y = x;
        while y < b
            && y - x < 5
            && matches!(self.what(y), What::Word | What::Mesh(_) | What::Var(_) | What::Dash)
        {
            y += 1;
        }
        if x == y || self.is_dose(x, y, q) {
            return None;
        }
        let about = About::Words(self.normal_words(x, y));
        Some((self.compare(&about, q, at, y), at, y))
    }

    /// Whether a quantity is the dose of a drug.
    fn is_dose(&self, x: usize, y: usize, q: usize) -> bool {
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
                What::Mesh(id) => matches!(super::leaf::kind_of_mesh(id), Some(Kind::Drug | Kind::DrugClass)),
                What::Var(v) => matches!(v.kind, VarKind::Drug | VarKind::DrugClass),
                _ => self.word_is(i, &["dose", "daily", "equivalent", "dosage"]),
            })
    }

    /// `20 ≤ age ≤ 65`: a number, a sign, the variable, perhaps the other bound.
    fn mirrored(&mut self, at: usize, q: usize, a: usize, b: usize) -> Option<(Node, usize, usize)> {
        let What::Sign(sign) = self.what(at + 1) else { return None };
        if !self.e.quants[q].bare {
            return None;
        }
        let next = self.find(at + 2, b, |w| matches!(w, What::Quant(_)));
        let var_end = next.unwrap_or(b);
        let variable =
            (at + 2..var_end).rev().find(|&i| matches!(self.what(i), What::Var(v) if is_numeric(v)));
        let about = match variable {
            Some(i) => match self.what(i) {
                What::Var(v) => About::Known(v),
                _ => return None,
            },
            None => {
                let (x, y) = self.words_before(at + 2, var_end)?;
                About::Words(self.normal_words(x, y))
            }
        };
        let _ = a;
        let value = self.e.quants[q].value()?;
        let incl = matches!(sign, Sign::Le | Sign::Ge | Sign::Eq);
        // `130 mmHg = SBP < 180 mmHg`: a lost sign before a variable with an upper bound.
        let low = matches!(sign, Sign::Lt | Sign::Le) || sign == Sign::Eq && next.is_some();
        let end = next.map_or_else(|| variable.map_or(b, |i| i + 1), |i| i + 1);
        let node = match next {
            Some(i) => {
                let What::Quant(second) = self.what(i) else { return None };
                self.compare(&about, second as usize, at, end)
            }
            None => self.compare(&about, q, at, end),
        };
        let Op::Cmp(mut cmp) = node.op else { return None };
        let bound = Some(Bound { value: value.normalize(), incl });
        if next.is_none() {
            (cmp.lo, cmp.hi) = (None, None);
        }
        if low {
            cmp.lo = bound;
        } else {
            cmp.hi = bound;
        }
        if cmp.lo.is_some() && cmp.hi.is_some() {
            cmp.canonical = None;
        }
        if cmp.unit.is_empty() {
            cmp.unit = self.e.quants[q].unit.map_or_else(String::new, |u| u.as_str().to_owned());
        }
        Some((self.node(Op::Cmp(cmp), at, end, "number.mirrored"), at, end))
    }

    /// `> 7% < 10%`, `≥ 18 ≤ 65`: the other bound directly behind.
    fn second_bound(&mut self, about: &About, node: Node, end: &mut usize, b: usize) -> Node {
        let mut at = *end;
        if matches!(self.what(at), What::Comma) || self.is(at, Class::And) {
            at += 1;
        }
        if at >= b {
            return node;
        }
        let What::Quant(q) = self.what(at) else { return node };
        let Op::Cmp(first) = &node.op else { return node };
        let quant = &self.e.quants[q as usize];
        let fits = !quant.bare
            && !quant.range
            && (first.lo.is_some() && first.hi.is_none() && quant.lo.is_none()
                || first.hi.is_some() && first.lo.is_none() && quant.hi.is_none());
        if !fits {
            return node;
        }
        let second = self.compare(about, q as usize, at, at + 1);
        let (Op::Cmp(mut cmp), Op::Cmp(second)) = (node.op, second.op) else { return node_lost() };
        cmp.lo = cmp.lo.or(second.lo);
        cmp.hi = cmp.hi.or(second.hi);
        if cmp.unit.is_empty() {
            cmp.unit = second.unit;
        }
        cmp.canonical = None;
        *end = at + 1;
        Node { op: Op::Cmp(cmp), span: node.span, rule: node.rule }
    }

    /// Whether a quantity of time is a window or a duration of something else, not a value.
    fn is_window(&self, i: usize, a: usize, b: usize) -> bool {
        let What::Quant(q) = self.what(i) else { return false };
        let quant = &self.e.quants[q as usize];
        if !quant.is_time() || quant.age {
            return false;
        }
        if i > a && self.is(i - 1, Class::Within) || i > a + 1 && self.is(i - 2, Class::Within) {
            return !matches!(self.what(a), What::Var(v) if v.id == "age");
        }
        self.window(i, b).is_some()
    }

    /// The variable that a value belongs to, before it; across a gloss in brackets and words such as `level`.
    fn variable_before(&mut self, a: usize, at: usize, q: usize) -> Option<(About, usize)> {
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
                    return Some((About::Known(v), self.widen_back(a, i)));
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
                What::Var(_) | What::Mesh(_) | What::Word if words < 4 => words += 1,
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

    /// The disease that `duration of type 2 diabetes` names.
    fn duration_of(&mut self, about: &About, i: usize) -> Option<Node> {
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

    fn widen_back(&self, _a: usize, i: usize) -> usize {
        i
    }

    /// Whether a variable can have this value: of numbers, and not a length of time for what is none.
    fn fits(&self, variable: &Variable, q: usize) -> bool {
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

    /// `≥ 30 kg/m2 BMI`, `more than 12 weeks of gestation`.
    fn variable_behind(&self, at: usize, b: usize, q: usize) -> Option<(About, usize)> {
        let mut i = at + 1;
        while i < b && (self.is(i, Class::Skip) || self.is(i, Class::If) || self.is(i, Class::Specimen)) {
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

    /// Whether a length of time in years is an age: nothing else is said, or only who is meant.
    fn speaks_of_age(&self, a: usize, at: usize, b: usize, q: usize) -> bool {
        let quant = &self.e.quants[q];
        let years = quant.unit.is_some_and(|u| matches!(u.as_str(), "a"));
        let before = (a..at).all(|i| self.is_empty(i, i + 1) || self.is_person(i));
        let mut from = at + 1;
        if matches!(self.what(from), What::Open) {
            from = self.close(from, b);
        }
        let behind = (from..b).all(|i| {
            self.is_empty(i, i + 1)
                || self.is_person(i)
                || self.is(i, Class::Incl)
                || matches!(self.what(i), What::Open | What::Close)
        });
        let wide = quant.lo.or(quant.hi).is_some_and(|b| b.value >= 12.into());
        let whole = behind && (wide || a <= self.first + 2 || (a..b).any(|i| self.is_person(i)));
        years
            && before
            && (whole
                || wide
                    && (from >= b
                        || matches!(
                            self.what(from),
                            What::Lex(Class::With | Class::Skip | Class::And | Class::Or, _) | What::Comma
                        )))
    }

    fn is_person(&self, i: usize) -> bool {
        matches!(self.what(i), What::Var(v) if v.id == "sex" || v.id == "healthy_volunteer")
            || self.is(i, Class::TrueSex)
            || self.word_is(
                i,
                &[
                    "infant",
                    "adolescent",
                    "boy",
                    "girl",
                    "outpatient",
                    "inpatient",
                    "elderly",
                    "resident",
                    "caregiver",
                    "student",
                    "healthy",
                ],
            )
    }

    /// `chronic foot ulcer more than 6 weeks`, `treatment for at least 3 months`.
    fn lasting(
        &mut self,
        at: usize,
        q: usize,
        a: usize,
        b: usize,
        mods: &Mods,
    ) -> Option<(Node, usize, usize)> {
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
        if !self.says_something(a, before) {
            return None;
        }
        let duration_of = self.is(a, Class::Duration);
        let from = if duration_of { a + 1 } else { a };
        let extent = self.extent(q);
        let Piece::Node(node) = self.facts(from, before, mods.clone()) else { return None };
        let stays = self.durable(node, extent, duration_of, at, q)?;
        let _ = b;
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
        if matches!(kind, Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Procedure) && !duration_of {
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
            self.leave(at, at + 1, "how long is not part of the tree");
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

    /// The words directly before a value that name what it is of, where no catalogue has them.
    fn words_before(&self, a: usize, at: usize) -> Option<(usize, usize)> {
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
                What::Word | What::Mesh(_) | What::Var(_) | What::Dash | What::Slash => x -= 1,
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
                        && matches!(self.what(x - 2), What::Word | What::Mesh(_) | What::Var(_)) =>
                {
                    x -= 1;
                }
                _ => break,
            }
        }
        (x < y).then_some((x, y))
    }

    /// `reduction of TCSS score <2 points from baseline`, `TCSS score decrease ≤30%`.
    fn change(&mut self, a: usize, b: usize) -> Option<Node> {
        let cue = (a..b).find(|&i| matches!(self.class(i), Some(Class::ChangeDown | Class::ChangeUp)))?;
        let var = (a..b).find(|&i| matches!(self.what(i), What::Var(v) if is_numeric(v)))?;
        let quant = (cue.max(var)..b).find(|&i| matches!(self.what(i), What::Quant(_))).or_else(|| {
            (a..b).find(|&i| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].is_time()))
        })?;
        let (What::Var(variable), What::Quant(q)) = (self.what(var), self.what(quant)) else { return None };
        let e = self.e;
        let value = &e.quants[q as usize];
        if value.is_time() || value.limit.is_some() {
            return None;
        }
        // `reduced conduction velocity (≥2 standard deviations)`: how far below, on a signed scale.
        let percent = value.unit.is_some_and(|u| u.as_str() == "%");
        let baseline = (quant..b).find(|&i| self.is(i, Class::Baseline));
        let adjective = self.word_is(cue, &["reduced", "decreased", "elevated"]);
        if adjective && baseline.is_none() && !percent {
            return None;
        }
        let increase = self.is(cue, Class::ChangeUp);
        let (lo, hi) = if value.bare { (value.lo, None) } else { (value.lo, value.hi) };
        let unit = match value.unit {
            Some(unit) if unit.as_str() != "{points}" && !self.word_is(quant, &["points"]) => {
                unit.as_str().to_owned()
            }
            _ => variable.unit.map_or_else(String::new, |u| u.as_str().to_owned()),
        };
        let unit = if percent { "%".to_owned() } else { unit };
        let from = if baseline.is_some() { "baseline" } else { "start_of_exposure" };
        let (x, y) = (cue.min(var), baseline.map_or(quant + 1, |i| i + 1));
        match baseline {
            Some(i) => {
                self.flag("implicit_reference", i, i + 1, "which visit is the baseline is not printed");
            }
            None => self.flag("implicit_reference", x, y, "from when is not printed"),
        }
        let change =
            Change { var: Var(variable.id.into()), increase, percent, from: from.to_owned(), lo, hi, unit };
        Some(self.node(Op::Change(Box::new(change)), x, y, "number.change"))
    }

    /// Adds what stands around a constraint: facts before it, brackets, guards and times behind it.
    fn around(&mut self, (node, x, y): (Node, usize, usize), a: usize, b: usize, mods: &Mods) -> Piece {
        let mut node = node;
        self.apply_state(&mut node, mods, a, x);
        let mut nodes = Vec::new();
        let mut defines = false;
        if x > a {
            // `severe level (TCSS ≥ 12)`, `heart failure (NYHA III)`
            let open =
                (a..x).rev().find(|&i| matches!(self.what(i), What::Open)).filter(|&i| self.close(i, b) > x);
            let head_end = open.unwrap_or(x);
            if let Some(open) = open {
                let close = self.close(open, b);
                if self.is_empty(open + 1, x) || open + 1 == x {
                    self.flag("definition", open, close, "a bracket that defines");
                    defines = true;
                }
            }
            if self.has_fact(a, head_end)
                && let Piece::Node(head) = self.facts(a, head_end, mods.clone())
            {
                nodes.push(head);
            }
        }
        // What precedes is no known condition: the constraint stands alone.
        if defines
            && matches!(nodes.as_slice(), [Node { op: Op::Has(has), .. }] if has.concept.0.starts_with("text:"))
        {
            nodes.clear();
        }
        if let (true, [Node { op: Op::Has(has), .. }]) = (defines, nodes.as_mut_slice()) {
            has.defined_by = Some(Box::new(node));
        } else {
            nodes.push(self.with_mods(node, mods));
        }
        self.behind(y, b, &mut nodes);
        match join(nodes, false, "structure.with") {
            Some(node) => Piece::Node(node),
            None => Piece::None,
        }
    }

    /// Whether a fact is named in `a..b`: a condition, a drug, not a variable of numbers.
    fn has_fact(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| match self.what(i) {
            What::Var(v) => !is_numeric(v) && v.id != "sex",
            What::Mesh(id) => super::leaf::kind_of_mesh(id).is_some_and(|k| k == Kind::Condition),
            _ => false,
        })
    }

    /// What stands behind a constraint.
    fn behind(&mut self, y: usize, b: usize, nodes: &mut Vec<Node>) {
        let mut i = y;
        while i < b {
            match self.what(i) {
                What::Close => i += 1,
                What::Open => {
                    let close = self.close(i, b);
                    self.bracket_behind(i, close, nodes);
                    i = close;
                }
                What::Lex(Class::True, _) => {
                    let end = self.find(i + 1, b, |w| matches!(w, What::Open | What::Lex(Class::ForTime, _))).unwrap_or(b);
                    let end = (i + 1..end).find(|&k| matches!(self.what(k), What::Open)).unwrap_or(end);
                    nodes.push(self.node(Op::True { var: None, text: self.raw(i, end) }, i, end, "scope.unrestricted"));
                    i = end;
                }
                // Values without anything between them: `platelets ≥ 50 hemoglobin ≥ 8`.
                What::Var(v) if is_numeric(v) && (i..b).any(|k| matches!(self.what(k), What::Quant(_))) => {
                    nodes.extend(self.list(i, b));
                    return;
                }
                What::Word if (i + 1..b.min(i + 5)).any(|k| matches!(self.what(k), What::Quant(q) if !self.e.quants[q as usize].bare && !self.e.quants[q as usize].is_time())) => {
                    nodes.extend(self.list(i, b));
                    return;
                }
                What::Lex(Class::If, _) if self.has_fact(i + 1, b) => {
                    let guard = self.facts(i + 1, b, Mods::default());
                    if let (Piece::Node(guard), Some(last)) = (guard, nodes.pop()) {
                        let node = if self.or_by_default() {
                            join(vec![guard, last], false, "structure.guard")
                        } else {
                            join(vec![negate(guard), last], true, "structure.guard")
                        };
                        nodes.extend(node);
                    }
                    return;
                }
                What::Lex(Class::With | Class::Need | Class::Treat, _) if self.has_fact(i, b) => {
                    if let Piece::Node(more) = self.unit(i, b, &Mods::default()) {
                        nodes.push(more);
                    }
                    return;
                }
                What::Lex(Class::Within | Class::Before | Class::During, _) | What::Quant(_) => {
                    match self.window(i, b) {
                        Some(read) => {
                            self.leave(i, read.end, "the time of the measurement is not part of the tree");
                            i = read.end;
                        }
                        None => i += 1,
                    }
                }
                What::Lex(Class::ForTime | Class::Stable | Class::If, _) if self.time(i + 1).is_some() => {
                    self.steady(i, nodes);
                    i += 2;
                }
                _ => i += 1,
            }
        }
    }

    /// `for at least 3 months`: how long a value has been so; what was excluded with it, over the same time.
    fn steady(&mut self, i: usize, nodes: &mut [Node]) {
        let What::Quant(q) = self.what(i + 1) else { return };
        let extent = self.extent(q as usize);
        let Some(Node { op: Op::Cmp(cmp), .. }) = nodes.first_mut() else { return };
        cmp.stable_for = Some(extent.clone());
        let Some(length) = extent.lo.or(extent.hi) else { return };
        let window = Window { value: length.value, unit: extent.unit, incl: true };
        let when = When { window: Some(window), relation: Relation::Before, anchor: Some(Anchor::Screening) };
        let mut excluded = false;
        for node in &mut *nodes {
            if let Op::Not(arg) = &mut node.op {
                excluded = true;
                set_when(arg, &when);
            }
        }
        if excluded {
            self.flag("ambiguous_scope", i, i + 2, "over the same time, or at any");
            self.flag("implicit_reference", i, i + 2, "from when is not printed");
            self.leave(i, i + 2, "whether what is excluded is barred over the same time");
        }
    }

    /// A bracket behind a value: a method, another constraint, or a remark.
    fn bracket_behind(&mut self, open: usize, close: usize, nodes: &mut Vec<Node>) {
        let (x, y) = (open + 1, close.saturating_sub(1).max(open + 1));
        if let Some(at) = (x..y).find(|&i| self.word_is(i, &["mdrd"]))
            && let Some(Op::Cmp(cmp)) = nodes.last_mut().map(|n| &mut n.op)
        {
            let _ = at;
            cmp.method = Some("MDRD".to_owned());
            return;
        }
        // `(A, B and C excluded)`
        if let Some(at) = (x..y).find(|&i| self.is(i, Class::Excluded)) {
            if let Some(list) = self.list(x, at) {
                let list = match list.op {
                    Op::And(args) => Node { op: Op::Or(args), ..list },
                    op => Node { op, ..list },
                };
                self.flag("post_exception", at, close, "excluded stands behind its list");
                nodes.push(negate(list));
            }
            return;
        }
        // `(≥ 1.5 × 10⁹/L)` repeats the value in another unit.
        if (x..y).any(|i| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].bare && !self.e.quants[q as usize].is_time()))
            && (x..y).any(|i| matches!(self.what(i), What::Var(v) if is_numeric(v)) || matches!(self.what(i), What::Word))
            && let Some(node) = self.list(x, y)
            && only_values(&node)
        {
            let or = self.is(x, Class::Or);
            match nodes.pop() {
                Some(last) if or => nodes.extend(join(vec![last, node], true, "structure.or")),
                last => nodes.extend(last.into_iter().chain([node])),
            }
        }
    }

    fn apply_state(&mut self, node: &mut Node, mods: &Mods, a: usize, x: usize) {
        let fasting = mods.fasting || (a..x).any(|i| self.is(i, Class::Fasting));
        if let Op::Cmp(cmp) = &mut node.op
            && (cmp.var.0.contains("fasting") || fasting && !cmp.var.0.starts_with("glucose"))
        {
            cmp.state = (cmp.var.0.as_ref() == "cpeptide_fasting").then(|| "fasting".to_owned());
        }
    }

    fn with_mods(&self, node: Node, mods: &Mods) -> Node {
        if mods.neg { negate(node) } else { node }
    }

    /// A variable of numbers that is named without a value.
    pub fn variable_alone(&mut self, about: &About, a: usize, b: usize) -> Node {
        let _ = about;
        self.leave(a, b, "named without a value");
        self.words_alone(a, b)
    }

    /// Words of a list whose head stands elsewhere, by themselves.
    pub fn words_alone(&mut self, a: usize, b: usize) -> Node {
        let (a, b) = self.trim(a, b);
        let text = self.raw(a, b);
        let concept = Concept(format!("text:{}", self.normal_words(a, b)).into());
        let has = Has::new(Kind::Finding, concept, text);
        self.node(Op::Has(Box::new(has)), a, b, "fact.words")
    }
}

/// Words behind the name of a scale that belong to it.
const SCALE_WORDS: &[&str] = &[
    "performance",
    "status",
    "scale",
    "score",
    "class",
    "classification",
    "functional",
    "stage",
    "grade",
    "category",
    "physical",
    "level",
    "system",
    "criteria",
    "group",
];

/// Whether a node says nothing but values.
pub fn only_values(node: &Node) -> bool {
    match &node.op {
        Op::Cmp(_) | Op::Coded(_) | Op::Change(_) => true,
        Op::And(args) | Op::Or(args) | Op::Ambiguous(args) => args.iter().all(only_values),
        _ => false,
    }
}

fn set_when(node: &mut Node, when: &When) {
    match &mut node.op {
        Op::Has(has) => has.when = Some(when.clone()),
        Op::Or(args) | Op::And(args) => args.iter_mut().for_each(|arg| set_when(arg, when)),
        _ => {}
    }
}

fn node_lost() -> Node {
    Node::new(Op::Human { reason: Reason::NotInRecord, text: String::new() })
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

/// Allergens of the catalogue by their normalised names.
static ALLERGENS: LazyLock<HashMap<String, &'static Variable>> = LazyLock::new(|| {
    let rows = variable::all().iter().filter(|v| v.kind == VarKind::Allergen);
    rows.flat_map(|v| v.synonyms.iter().map(move |name| (normal(name), v))).collect()
});

fn normal(text: &str) -> String {
    let words = vocabulary::words(text);
    words.iter().map(|w| w.norm.as_str()).collect::<Vec<_>>().join(" ")
}

/// The allergen of the catalogue with these normalised words.
pub fn allergen(words: &str) -> Option<&'static Variable> {
    ALLERGENS.get(words).copied()
}

/// The facts of a clause without numbers stand in `facts.rs`; this keeps their modifiers together.
impl Mods {
    /// Writes what was said onto a fact.
    pub fn onto(&self, has: &mut Has) {
        if has.when.is_none() {
            has.when.clone_from(&self.when);
        }
        let set = |slot: &mut Option<String>, yes: bool, value: &str| {
            if yes && slot.is_none() {
                *slot = Some(value.to_owned());
            }
        };
        set(&mut has.severity, self.severe, "severe");
        set(&mut has.course, self.chronic, "chronic");
        set(&mut has.certainty, self.known, "known");
        set(&mut has.significance, self.significant, "clinically_significant");
        if let Some(control) = self.control {
            has.control = Some(control.to_owned());
        }
        if let Some(site) = self.site {
            has.site = Some(site.to_owned());
        }
        if let Some(form) = self.form {
            has.form = Some(form.to_owned());
        }
        has.count = has.count.or(self.count);
    }

    /// Whether the fact is denied.
    pub fn denies(&self) -> bool {
        self.neg
    }

    /// Whether an allergy is meant.
    pub fn is_allergy(&self) -> bool {
        self.allergy
    }

    /// Whether a treatment is meant.
    pub fn is_treatment(&self) -> bool {
        self.treat
    }

    /// Whether a need is meant.
    pub fn is_need(&self) -> bool {
        self.need
    }

    /// Whether a relative is meant.
    pub fn is_family(&self) -> bool {
        self.family
    }

    /// `positive` or `negative`.
    pub fn result(&self) -> Option<&'static str> {
        self.value
    }

    /// Whether `abnormal` stands before it.
    pub fn is_abnormal(&self) -> bool {
        self.abnormal
    }

    /// How long a treatment lasted, where that is said before it.
    pub fn lasted(&mut self) -> Option<Extent> {
        self.duration.take()
    }

    /// Sets the time.
    pub fn at(&mut self, when: When) {
        self.when = Some(when);
    }

    /// Sets that it was ever so.
    pub fn ever(&mut self) {
        self.when = Some(ever());
    }

    /// Sets the result.
    pub fn resulted(&mut self, value: &'static str) {
        self.value = Some(value);
    }

    /// Sets the body site.
    pub fn site(&mut self, site: &'static str) {
        self.site = Some(site);
    }

    /// Sets the severity.
    pub fn severe(&mut self) {
        self.severe = true;
    }

    /// Sets the control.
    pub fn control(&mut self, control: &'static str) {
        self.control = Some(control);
    }

    /// Negates.
    pub fn deny(&mut self) {
        self.neg = !self.neg;
    }

    /// Makes it a coded value.
    pub fn coded(&self, variable: &Variable, text: String) -> Option<Coded> {
        let value = self.value.or_else(|| positive_by_name(variable).then_some("positive"))?;
        let coded = matches!(variable.kind, VarKind::Coded);
        coded.then(|| Coded {
            var: Var(variable.id.into()),
            values: vec![Code::Word(value.to_owned())],
            specimen: self.specimen.map(str::to_owned),
            text,
        })
    }
}

impl Mods {
    /// Whether the time is yet to come.
    pub fn is_future(&self) -> bool {
        self.when.as_ref().is_some_and(|w| w.relation == Relation::Future)
    }

    /// The time, if one was said.
    pub fn time(&self) -> Option<&When> {
        self.when.as_ref()
    }

    /// Sets the form of a drug.
    pub fn form(&mut self, form: &'static str) {
        self.form = Some(form);
    }

    /// Forgets that it is current.
    pub fn not_current(&mut self) {
        self.when = self.when.take().filter(|w| w.relation != Relation::Current);
    }

    /// Sets how long it lasted.
    pub fn last(&mut self, extent: Extent) {
        self.duration = Some(extent);
    }
}

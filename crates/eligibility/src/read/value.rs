//! Values: a variable and a quantity, wherever the two stand to each other.
//!
//! ```text
//! value = variable quantity [quantity]        `HbA1c > 7% < 10%`
//!       | quantity variable                   `≥ 30 kg/m2 BMI`
//!       | number sign variable [quantity]     `20 ≤ age ≤ 65`
//!       | quantity                            of age, or of the variable before it
//! ```

use vocabulary::variable::{self};

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::leaf::{About, is_numeric};
use super::lexicon::Class;
use super::mods::Mods;
use super::token::Sign;
use crate::tree::{Bound, Node, Op, Reason};

impl Cx<'_> {
    /// A variable and its value, wherever the two stand to each other.
    pub fn value(&mut self, a: usize, b: usize, mods: &Mods) -> Option<(Node, usize, usize)> {
        (a..b).find_map(|i| match self.what(i) {
            What::Quant(q)
                if !self.is_window(i, a, b)
                    && !self.is_aside(i, a)
                    && !self.is_whole_scale(i, a, b)
                    && !self.is_part_of_a_name(i, b) =>
            {
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
        if let Some(found) = self.mirrored(at, q, b) {
            return Some(found);
        }
        let (time, age, bare) = {
            let quant = &self.e.quants[q];
            (quant.is_time(), quant.age, quant.bare)
        };
        if let Some(found) = self.since_birth(a, at, q) {
            return Some(found);
        }
        if let Some((about, start)) = self.variable_before(a, at, q) {
            // `TCSS score 2 points from baseline`: how far, and not which way.
            if let Some(behind) = self.end_of_change(at, b) {
                let node = self.human(Reason::NotInRecord, start, behind, "number.change");
                return Some((node, start, behind));
            }
            if let Some(node) = self.fraction(&about, q, start, at + 1) {
                return Some((node, start, at + 1));
            }
            let lasting = self.duration_of(&about, start);
            let node = self.compare(&about, q, start, at + 1);
            // `HbA1c must not be > 9 %`
            if (start + 1..at).any(|i| self.is(i, Class::Neg)) {
                return Some((negate(node), start, at + 1));
            }
            if let Some(disease) = lasting {
                let node = join(vec![disease, node], false, "time.duration")?;
                return Some((node, start, at + 1));
            }
            let mut end = at + 1;
            let node = self.second_bound(&about, node, &mut end, b);
            let node = match self.limit_before(start, a) {
                Some(limit) => super::bare::bounded(node, limit),
                None => self.without_comparator(&about, q, node, (start, end)),
            };
            return Some((node, start, end));
        }
        if let Some(variable) = self.about
            && self.fits(variable, q)
            && (a..at).all(|i| self.is_empty(i, i + 1) || matches!(self.what(i), What::Open))
        {
            let about = About::Known(variable);
            let mut end = at + 1;
            let node = self.compare(&about, q, at, end);
            let node = self.second_bound(&about, node, &mut end, b);
            return Some((node, at, end));
        }
        let unitless = self.e.quants[q].unit.is_none() && self.e.quants[q].limit.is_none();
        let years = self.e.quants[q].range && self.e.quants[q].unit.is_some_and(|u| u.as_str() == "a");
        let grown = self.e.quants[q].hi.is_some_and(|b| b.value >= 16.into());
        let lasting = at > a && (self.is(at - 1, Class::ForTime) || self.is(at - 1, Class::If));
        let age = age && !self.is_of_a_thing(a, at);
        let of_group = self.is_age_of_a_group(a, at, q);
        if time && (age || of_group || self.speaks_of_age(a, at, b, q) || years && grown && !lasting)
            || unitless && age
        {
            return self.age(at, q, b);
        }
        if unitless && !bare && self.is_age_of_people(at, q) {
            self.flag("age_unit", at, at + 1, "no unit is printed, read as years");
            return self.age(at, q, b);
        }
        if self.e.quants[q].second.is_some_and(|low| low >= 40.into()) && !bare {
            let about = About::Known(variable::by_id("bp")?);
            return Some((self.compare(&about, q, at, at + 1), at, at + 1));
        }
        if unitless && self.is_sign_of(at + 1) {
            let node = self.human(Reason::NotInRecord, at, b, "number.signs");
            return Some((node, at, b));
        }
        if let Some((about, end)) = self.variable_behind(at, b, q) {
            return Some((self.compare(&about, q, at, end), at, end));
        }
        // `diabetes before the age of 60 years`: when it began, not how long it lasts.
        if time && self.is_age_at(at) {
            return None;
        }
        if time && !self.is_named_time(at, a) {
            return self.lasting(at, q, a, mods);
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
            return self
                .other_bound(at, q, b)
                .or_else(|| self.words_behind(at, q, b))
                .or_else(|| self.same_again(at, q));
        };
        if self.is_dose(x, y, q) {
            return None;
        }
        // `with symptoms: at least one abnormal finding among` counts findings.
        if unitless && self.e.quants[q].word {
            return Some((self.human(Reason::NotInRecord, at, b, "number.signs"), at, b));
        }
        let words = self.normal_words(x, y);
        if words.is_empty() {
            return None;
        }
        let about = match variable::by_id("ecog").filter(|_| self.is_performance(&words, q)) {
            Some(variable) => About::Known(variable),
            // `(but less than 3.5 mg/dL)`: of what was read before it.
            None => match self.last_value.clone().filter(|_| words == "but") {
                Some((about, _)) => about,
                None => About::Words(words),
            },
        };
        let mut end = at + 1;
        let node = self.compare(&about, q, x, end);
        let node = self.second_bound(&about, node, &mut end, b);
        Some((node, x, end))
    }

    /// `SWOG 0-2`: the name of a group of trials for its scale of performance, which is that of ECOG.
    fn is_performance(&self, words: &str, q: usize) -> bool {
        let quant = &self.e.quants[q];
        let classes = quant.unit.is_none() && quant.hi.is_some_and(|hi| hi.value <= 4.into());
        classes && matches!(words, "swog" | "gog" | "calgb")
    }

    /// Where a value is one of a change: the end of `from baseline` directly behind it.
    fn end_of_change(&self, at: usize, b: usize) -> Option<usize> {
        let baseline = (at + 1..b.min(at + 4)).find(|&i| self.is(i, Class::Baseline))?;
        let between = self.read(at + 1, baseline + 1);
        ["from", "compared", "relative to", "versus", "vs"]
            .iter()
            .any(|word| between.trim_start().starts_with(word))
            .then_some(baseline + 1)
    }

    /// `visual acuity of 20/200`: two numbers that are one value, in no unit of the catalogue.
    fn fraction(&mut self, about: &About, q: usize, a: usize, b: usize) -> Option<Node> {
        let pressure = about.known().is_none_or(|v| matches!(v.id, "bp" | "sbp" | "dbp"));
        (self.e.quants[q].second.is_some() && !pressure)
            .then(|| self.human(Reason::NotInRecord, a, b, "number.fraction"))
    }

    /// `20 ≤ age ≤ 65`: a number, a sign, the variable, perhaps the other bound.
    fn mirrored(&mut self, at: usize, q: usize, b: usize) -> Option<(Node, usize, usize)> {
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
    pub fn second_bound(&mut self, about: &About, node: Node, end: &mut usize, b: usize) -> Node {
        let mut at = *end;
        if matches!(self.what(at), What::Comma) || self.is(at, Class::And) {
            at += 1;
        }
        // `above 5 % but below 30 %`
        if self.word_is(at, &["but"]) {
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
        let span = node.span.join(self.span(at, at + 1));
        Node { op: Op::Cmp(cmp), span, rule: node.rule }
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

    /// `a transplant less than one year old`, `surgery in the first weeks of life`: the age of something, or when it was.
    fn is_of_a_thing(&self, a: usize, at: usize) -> bool {
        const PEOPLE: &[&str] = &[
            "patient",
            "subject",
            "participant",
            "people",
            "person",
            "persons",
            "individual",
            "volunteer",
            "candidate",
            "adult",
            "child",
            "children",
            "those",
            "who",
            "who are",
            "aged",
            "between",
            "donor",
        ];
        if at > a && self.word_is(at - 1, &["first"]) {
            return true;
        }
        let Some(before) = (a..at).rev().find(|&i| !self.is_empty(i, i + 1)) else { return false };
        let thing = match self.what(before) {
            What::Named(_) => true,
            What::Var(v) => !is_numeric(v) && !self.is_person(before),
            _ => self.word_is(before, &["diagnosis", "transplant", "lesion", "injury", "fracture", "result"]),
        };
        thing && !(a..at).any(|i| self.word_is(i, PEOPLE) || self.is_person(i))
    }

    /// Whether a length of time in years is an age: nothing else is said, or only who is meant.
    fn speaks_of_age(&self, a: usize, at: usize, b: usize, q: usize) -> bool {
        let quant = &self.e.quants[q];
        let years = quant.unit.is_some_and(|u| matches!(u.as_str(), "a"));
        let before = (a..at)
            .all(|i| self.is_empty(i, i + 1) || self.is_person(i) || matches!(self.what(i), What::Open));
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
                        )
                        || matches!(self.what(from), What::Var(v) if is_numeric(v))))
    }

    /// `patients > 18`: people directly before a number that ages have, and nothing counted behind it.
    fn is_age_of_people(&self, at: usize, q: usize) -> bool {
        const PEOPLE: &[&str] =
            &["patient", "subject", "participant", "adult", "person", "individual", "volunteer"];
        let quant = &self.e.quants[q];
        let years = quant
            .lo
            .or(quant.hi)
            .is_some_and(|b| b.value.is_integer() && b.value >= 12.into() && b.value <= 100.into());
        let person = |i: usize| self.word_is(i, PEOPLE) || self.is_person(i);
        let is = |i: usize| self.word_is(i, &["is", "are", "be", "must", "should"]);
        // `patient is between 18 and 60`
        let verbs = (1..=at.min(3)).take_while(|n| is(at - n)).count();
        let direct = at > verbs && person(at - verbs - 1);
        years && direct && !self.is_noun(at + 1)
    }

    /// `heart failure with a recent (< 3 months old) value`: an age in months or less, in a bracket, and no people before.
    pub fn is_age_of_something(&self, i: usize, a: usize) -> bool {
        let open = i > a && matches!(self.what(i - 1), What::Open);
        let short = self.time(i).is_some_and(|q| q.age && q.unit.is_some_and(|u| u.as_str() != "a"));
        let named = |k: usize| match self.what(k) {
            What::Named(_) => true,
            What::Var(v) => v.id != "age",
            _ => false,
        };
        open && short && (self.first..i).any(named) && !(self.first..i).any(|k| self.is_of_people(k))
    }

    /// The age that a bracket `a..b` gives of a group before it, if it gives nothing else.
    pub fn age_of_a_group(&mut self, a: usize, b: usize) -> Option<Node> {
        let What::Quant(q) = self.what(a) else { return None };
        if b != a + 1 || !self.is_age_of_a_group(self.first, a, q as usize) {
            return None;
        }
        Some(self.compare(&About::Known(variable::by_id("age")?), q as usize, a, b))
    }

    /// Whether an element names people by what they are or by their sex.
    pub fn is_of_people(&self, i: usize) -> bool {
        const PEOPLE: &[&str] = &[
            "patient",
            "subject",
            "participant",
            "adult",
            "adults",
            "person",
            "individual",
            "volunteer",
            "child",
            "children",
            "woman",
            "man",
            "male",
            "female",
        ];
        self.is_person(i) || self.word_is(i, PEOPLE)
    }

    /// `children with asthma (6-12 years)`: a range of time in a bracket of its own, behind people of an age.
    fn is_age_of_a_group(&self, a: usize, at: usize, q: usize) -> bool {
        const YOUNG: &[&str] =
            &["infant", "child", "children", "toddler", "adolescent", "boy", "girl", "pediatric"];
        const GROWN: &[&str] = &["adult", "adults", "elderly"];
        let quant = &self.e.quants[q];
        let alone =
            at > a && matches!(self.what(at - 1), What::Open) && matches!(self.what(at + 1), What::Close);
        let is = |bound: Option<Bound>, low: i64, high: i64| {
            bound.is_some_and(|b| b.value >= low.into() && b.value <= high.into())
        };
        let years = quant.unit.is_some_and(|u| u.as_str() == "a");
        let named = |words: &[&str]| (a..at).any(|i| self.word_is(i, words));
        alone
            && quant.range
            && (years && named(YOUNG) && is(quant.hi, 1, 21)
                || years && named(GROWN) && is(quant.lo, 16, 90)
                || !years && quant.is_time() && named(&["infant"]))
    }

    /// Whether the words before a time name a time (`onset-to-alarm time`, `maternal age`).
    fn is_named_time(&self, at: usize, a: usize) -> bool {
        let Some(before) = (a..at).rev().find(|&i| !self.is_empty(i, i + 1)) else { return false };
        self.word_is(before, &["time", "age", "interval", "latency", "delay"])
            || matches!(self.what(before), What::Word) && self.read(before, before + 1).ends_with(" age")
    }

    pub fn is_person(&self, i: usize) -> bool {
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

    /// Whether a time stands in a bracket: it says something of what is before the bracket.
    fn is_aside(&self, i: usize, a: usize) -> bool {
        if self.is_age_of_something(i, a) {
            return true;
        }
        self.time(i).is_some_and(|q| !q.age)
            && (a..i).filter(|&k| matches!(self.what(k), What::Open)).count()
                > (a..i).filter(|&k| matches!(self.what(k), What::Close)).count()
            && !matches!(self.what(i - 1), What::Var(_))
            && !matches!(self.what(i), What::Quant(q) if self.is_age_of_a_group(a, i, q as usize))
            // `adults (≥ 18 years)`
            && !(a..i).all(|k| self.is_empty(k, k + 1) || self.is_person(k) || matches!(self.what(k), What::Open))
    }

    /// `> 3 on a 0-10 scale`, `score (range 0-42) ≥ 16`: from where to where the scale goes, beside a value.
    fn is_whole_scale(&self, i: usize, a: usize, b: usize) -> bool {
        let What::Quant(q) = self.what(i) else { return false };
        let quant = &self.e.quants[q as usize];
        let ends = quant.range && quant.lo.is_some_and(|lo| lo.value <= 1.into());
        let words = ["range", "ranging", "range from", "possible", "out of"];
        let said = (a.max(i.saturating_sub(3))..i).any(|k| self.word_is(k, &words))
            || self.read(i, i + 1).get(..5).is_some_and(|w| w.eq_ignore_ascii_case("range"));
        let scale = (i + 1..b.min(i + 6))
            .take_while(|&k| !matches!(self.what(k), What::Quant(_) | What::Comma))
            .any(|k| self.read(k, k + 1).to_ascii_lowercase().ends_with("scale"));
        let valued = (a..b).any(|k| {
            k != i && matches!(self.what(k), What::Quant(q) if !self.e.quants[q as usize].is_time())
        });
        valued && (ends && (said || scale) || quant.bare && (said || scale) && i > a && self.on_a(i))
    }

    /// `10 m walk test`, `HAMD-17 score`, `(n = 12)`: a number that belongs to a name or counts the sample.
    fn is_part_of_a_name(&self, i: usize, b: usize) -> bool {
        let What::Quant(q) = self.what(i) else { return false };
        let quant = &self.e.quants[q as usize];
        let walked = i + 1 < b
            && self.read(i + 1, i + 2).get(..4).is_some_and(|w| w.eq_ignore_ascii_case("walk"))
            && quant.unit.is_some_and(|u| matches!(u.as_str(), "m" | "min" | "[ft_i]"));
        let sample = i > 0 && quant.lo == quant.hi && matches!(self.read(i - 1, i), "n" | "N");
        walked || sample || self.is_hyphened(q)
    }

    /// Whether a bare number hangs on a word: `HAMD-17`.
    pub fn is_hyphened(&self, q: u32) -> bool {
        let quant = &self.e.quants[q as usize];
        let before = |n: usize| quant.number.checked_sub(n).and_then(|at| self.e.tokens.get(at));
        quant.bare
            && !quant.range
            && quant.limit.is_none()
            && quant.unit.is_none_or(|u| matches!(u.as_str(), "{points}" | "{score}"))
            && before(1).is_some_and(|t| t.kind == super::token::Kind::Dash && t.glued)
            && before(2).is_some_and(|t| t.kind == super::token::Kind::Word)
    }

    /// Whether `on a`, `out of` stand before an element.
    fn on_a(&self, i: usize) -> bool {
        self.word_is(i - 1, &["out of", "on", "on a", "of"])
            || i > 1 && self.word_is(i - 1, &["a", "the"]) && self.word_is(i - 2, &["on", "of", "in"])
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

    /// Whether a number alone is a year.
    pub fn is_year(&self, q: usize) -> bool {
        let quant = &self.e.quants[q];
        let year = |b: Option<Bound>| {
            b.is_some_and(|b| b.value >= 1900.into() && b.value <= 2100.into() && b.value.is_integer())
        };
        quant.unit.is_none()
            && quant.limit.is_none()
            && (year(quant.lo) || year(quant.hi))
            && (quant.bare || quant.range || quant.lo == quant.hi)
    }
}

fn node_lost() -> Node {
    Node::new(Op::Human { reason: Reason::NotInRecord, text: String::new() })
}

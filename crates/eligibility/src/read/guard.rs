//! Who a value or a duty is for: `≤ 5 × ULN if liver metastases are present`, `women must use contraception`.

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::kind_of;
use super::lexicon::Class;
use super::mods::Mods;
use super::unit::Piece;
use crate::tree::{Kind, Node, Op, Reason, Residue, Rule};

/// Who may have a child.
const FERTILE: [&str; 6] = ["fertile", "sexually active", "active", "sexually", "heterosexually", "all"];

/// The age from which on people consent themselves.
const ADULT: i64 = 18;

impl Cx<'_> {
    /// `X ≤ 2.5, or ≤ 5 if Y`: another bound of the variable before it, for those who have Y.
    pub fn other_bound(&mut self, at: usize, q: usize, b: usize) -> Option<(Node, usize, usize)> {
        if !self.is_case(at + 1) || !self.names_fact(at + 2, b) {
            return None;
        }
        let (about, last) = self.last_value.clone()?;
        let quant = &self.e.quants[q];
        let unit = quant.limit.unwrap_or_else(|| quant.unit.map_or("", |u| u.as_str()));
        if quant.bare || unit != last.unit {
            return None;
        }
        let Piece::Node(case) = self.facts(at + 2, b, Mods::default()) else { return None };
        let node = self.compare(&about, q, at, at + 1);
        self.label(at + 1, at + 2);
        Some((join(vec![case, node], false, "structure.case")?, at, b))
    }

    /// Whether a word introduces a case: `if`, `for`, `in`, `when`.
    pub fn is_case(&self, i: usize) -> bool {
        matches!(self.class(i), Some(Class::If | Class::ForTime)) && self.time(i + 1).is_none()
    }

    /// `patients with asthma who have any of the following`: where the words for the people end, if they name a disease; not
    /// `severe disease meeting any of the following`, which the list defines.
    pub fn people_before(&self, a: usize, start: usize) -> Option<usize> {
        const HAVING: [&str; 11] = [
            "who",
            "who have",
            "who has",
            "who had",
            "that have",
            "who meet",
            "who met",
            "having",
            "who fulfill",
            "and",
            "with",
        ];
        let mut end = start;
        while end > a + 1
            && (self.is_empty(end - 1, end)
                || self.word_is(end - 1, &HAVING)
                || self.is(end - 1, Class::Ever))
        {
            end -= 1;
        }
        let having = (end..start).any(|i| self.word_is(i, &HAVING));
        let disease = (a..end).any(|i| self.is_disease(i));
        (having && disease && !self.is(a, Class::Neg)).then_some(end)
    }

    /// Whether a condition, treatment or event is named in `a..b`.
    pub fn names_fact(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| self.is_fact_name(i))
    }

    fn is_fact_name(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => !super::leaf::is_numeric(v) && v.id != "sex",
            What::Named(id) => {
                matches!(super::leaf::kind_of_named(id), Some(Kind::Condition | Kind::Finding | Kind::Drug))
            }
            _ => false,
        }
    }

    /// `stage III lung cancer`: a disease that stands directly behind its stage.
    pub fn staged(&mut self, y: usize, b: usize) -> Option<(Node, usize)> {
        let mut end = y;
        while end < b && matches!(self.class(end), Some(Class::Course | Class::Severe | Class::Control)) {
            end += 1;
        }
        while end < b && matches!(self.what(end), What::Word | What::Named(_) | What::Var(_) | What::Dash) {
            if matches!(self.what(end), What::Var(v) if super::leaf::is_numeric(v)) {
                return None;
            }
            end += 1;
        }
        if end == y || end - y > 8 || !self.is_disease_name(y, end) {
            return None;
        }
        match self.unit(y, end, &Mods::default()) {
            Piece::Node(node) if matches!(node.op, Op::Has(_)) => Some((node, end)),
            _ => None,
        }
    }

    fn is_disease_name(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| match self.what(i) {
            What::Var(v) => kind_of(v) == Kind::Condition && !super::leaf::is_numeric(v),
            What::Named(id) => super::leaf::kind_of_named(id) == Some(Kind::Condition),
            _ => false,
        })
    }

    /// `women of childbearing potential must have a negative pregnancy test`: a duty of some people.
    pub fn duty(&mut self, a: usize, b: usize) -> Option<Node> {
        let people = self.has(Kinds::PEOPLE);
        if self.or_by_default() || !people && !self.has(Kinds::of(&[Class::Neg])) {
            return None;
        }
        if let Some(node) = self.required_of(a, b) {
            return Some(node);
        }
        let must = (a..b).find(|&i| {
            self.word_is(i, &["must", "should", "need", "required", "agree", "agree to", "are required"])
        })?;
        if let Some(node) = self.duty_without(a, must, b) {
            return Some(node);
        }
        let named = |id: &str| (a..must).find(|&i| matches!(self.what(i), What::Var(v) if v.id == id));
        let Some(at) = named("childbearing_potential").or_else(|| named("sex")) else {
            return self.duty_of_all(a, must, b);
        };
        // Only people are named before the duty: nothing that is a criterion of its own.
        let prevents = self.is_contraception(must, b);
        // `women (unless after hysterectomy) must use contraception`: who else need not is for the person, too.
        let open = (a..must).find(|&i| prevents && matches!(self.what(i), What::Open)).unwrap_or(must);
        let aside = open..self.close(open, must);
        let plain = (a..must).all(|i| {
            i == at
                || aside.contains(&i)
                || self.is_empty(i, i + 1)
                || prevents && self.word_is(i, &FERTILE)
                || matches!(self.what(i), What::Var(v) if v.id == "sex" || v.id == "childbearing_potential")
        });
        if !plain {
            return None;
        }
        let Piece::Node(people) = self.facts(at, at + 1, Mods::default()) else { return None };
        if prevents {
            self.label(a, must);
        }
        let duty = match prevents {
            true => self.human(Reason::Consent, must, b, "structure.duty"),
            false => self.clause(must, b)?,
        };
        join(vec![negate(people), duty], true, "structure.duty")
    }

    /// `fertile patients must use effective contraception`: no record tells what people will do.
    fn duty_of_all(&mut self, a: usize, must: usize, b: usize) -> Option<Node> {
        let people = (a..must).all(|i| self.is_empty(i, i + 1) || self.word_is(i, &FERTILE));
        (people && self.is_contraception(must, b))
            .then(|| self.human(Reason::Consent, a, b, "structure.duty"))
    }

    /// `must use condoms`, `should practice birth control`: what somebody is to do against a pregnancy.
    fn is_contraception(&self, must: usize, b: usize) -> bool {
        let does = (must + 1..b).find(|&i| !self.is_empty(i, i + 1));
        let done = does.is_some_and(|i| {
            self.word_is(
                i,
                &["use", "be using", "practice", "practise", "employ", "continue", "avoid", "using"],
            )
        });
        done && (must + 1..b).any(|i| self.prevents_pregnancy(i))
    }

    fn prevents_pregnancy(&self, i: usize) -> bool {
        let words = |i: usize| self.read(i, i + 1).to_ascii_lowercase();
        match self.what(i) {
            What::Var(v) => matches!(v.id, "contraception" | "pregnancy" | "pregnancy_intent"),
            _ => self.word_is(i, &["condom", "condoms", "abstinence"]) || words(i).contains("contracepti"),
        }
    }

    /// `effective contraception required of all fertile patients`, `negative pregnancy test required of fertile women`:
    /// a duty whose people stand behind it.
    fn required_of(&mut self, a: usize, b: usize) -> Option<Node> {
        const OF: [&str; 3] = ["of", "for", "in"];
        let required = |i: usize| self.word_is(i, &["required", "is required", "mandatory", "needed"]);
        let at = (a + 1..b.saturating_sub(1)).find(|&i| required(i) && self.word_is(i + 1, &OF))?;
        let woman = |i: usize| matches!(self.what(i), What::Var(v) if v.id == "childbearing_potential");
        let sex = |i: usize| matches!(self.what(i), What::Var(v) if v.id == "sex");
        let plain = |i: usize| {
            self.is_empty(i, i + 1)
                || woman(i)
                || sex(i)
                || self.word_is(i, &FERTILE)
                || self.is_one_of_people(i)
        };
        if !(at + 1..b).all(plain) || self.find(a, at, super::list::is_link).is_some() {
            return None;
        }
        // Nothing but contraception, not what was run together with it.
        let alone = |i: usize| {
            self.prevents_pregnancy(i)
                || self.is_empty(i, i + 1)
                || matches!(self.what(i), What::Word | What::Lex(Class::HumanClinical, _))
        };
        let prevents = (a..at).any(|i| self.prevents_pregnancy(i) && !self.names_pregnancy_test(i));
        if prevents && at <= a + 5 && (a..at).all(alone) {
            return Some(self.human(Reason::Consent, a, b, "structure.duty"));
        }
        let who = (at + 1..b).find(|&i| woman(i))?;
        let Piece::Node(people) = self.facts(who, who + 1, Mods::default()) else { return None };
        let duty = self.clause(a, at)?;
        self.label(at, b);
        join(vec![negate(people), duty], true, "structure.duty")
    }

    fn names_pregnancy_test(&self, i: usize) -> bool {
        self.read(i, i + 1).to_ascii_lowercase().contains("test")
    }

    /// `patients under 18 must have the consent of a parent`: a duty of people of an age, or of all, whose age it tells.
    /// Of minors it is a duty; of others either may be meant.
    pub fn duty_at_an_age(&mut self, a: usize, b: usize) -> Option<Node> {
        if self.or_by_default() || !(a..b).any(|i| matches!(self.what(i), What::Quant(_))) {
            return None;
        }
        let must =
            (a..b).find(|&i| self.word_is(i, &["must", "should", "need", "required", "are required"]))?;
        let (from, behind) = match self.class(must + 1) {
            // `donors are required for patients 55 years and younger`
            Some(Class::ForTime | Class::If) if self.word_is(must, &["required", "are required"]) => {
                (must + 2, (a, must))
            }
            _ => (a, (must, b)),
        };
        let to = if from == a { must } else { b };
        if !self.are_people_of_an_age(from, to) {
            return None;
        }
        let people = self.clause(from, to)?;
        let minors = matches!(&people.op, Op::Cmp(cmp) if cmp.hi.is_some_and(|hi| hi.value <= ADULT.into()));
        // What a duty is that names nothing is for a person.
        let duty = match self.says_something(behind.0, behind.1) {
            true => self.clause(behind.0, behind.1)?,
            false => self.human(Reason::NotInRecord, behind.0, behind.1, "structure.duty"),
        };
        let of_some = join(vec![negate(people.clone()), duty.clone()], true, "structure.duty")?;
        if minors {
            return Some(of_some);
        }
        let of_all = join(vec![people, duty], false, "structure.and")?;
        let (start, end) = self.bytes(from, to);
        let text = self.text.verbatim(start, end).to_owned();
        let reason = "who takes part, or whom the rest is asked of".to_owned();
        self.residue.push(Residue { text, reason, unread: None });
        let span = of_some.span;
        Some(Node { op: Op::Ambiguous(vec![of_some, of_all]), span, rule: Rule("structure.duty") })
    }

    /// Whether people of an age are named, and nothing else.
    fn are_people_of_an_age(&self, a: usize, b: usize) -> bool {
        let is_age = |i: usize| match self.what(i) {
            What::Var(v) => v.id == "age",
            What::Quant(q) => {
                let quant = &self.e.quants[q as usize];
                quant.is_time() || quant.unit.is_none() && quant.limit.is_none()
            }
            _ => false,
        };
        let is_sex = |i: usize| matches!(self.what(i), What::Var(v) if v.id == "sex");
        let who = (a..b).find(|&i| self.is_one_of_people(i) || is_sex(i));
        let value = (a..b).any(|i| matches!(self.what(i), What::Quant(_)));
        let plain = |i: usize| is_age(i) || is_sex(i) || self.is_empty(i, i + 1) || self.is_one_of_people(i);
        value && who.is_some_and(|who| who <= a + 2) && (a..b).all(plain)
    }

    fn is_one_of_people(&self, i: usize) -> bool {
        self.word_is(i, &["patient", "subject", "participant", "individual", "volunteer", "people", "person"])
    }

    /// `patients without metastases must have ALT below 2 x ULN`: those who have them need not.
    fn duty_without(&mut self, a: usize, must: usize, b: usize) -> Option<Node> {
        const PEOPLE: &[&str] = &["patient", "subject", "participant", "individual", "those"];
        if !self.word_is(must, &["must", "should"]) {
            return None;
        }
        let not = (a..must).find(|&i| self.word_is(i, &["without", "with no"]))?;
        let people = (a..not).any(|i| self.word_is(i, PEOPLE)) && (a..not).all(|i| self.is_empty(i, i + 1));
        if !people || self.or_by_default() {
            return None;
        }
        let spared = self.list(not + 1, must)?;
        let duty = self.clause(must, b)?;
        join(vec![spared, duty], true, "structure.duty")
    }

    /// Whether the first value of `a..b` stands in a bracket behind something that is named: it defines it.
    pub fn defines_a_name(&mut self, a: usize, b: usize) -> bool {
        let value =
            |w: What| matches!(w, What::Quant(_)) || matches!(w, What::Var(v) if super::leaf::is_numeric(v));
        let Some(open) = (a..b).find(|&i| matches!(self.what(i), What::Open)) else { return false };
        let close = self.close(open, b);
        let may = self.find(a, b, value).is_none()
            && self.names_fact(a, open)
            && (open..close).any(|i| value(self.what(i)));
        // Read on trial: what else the bracket says must not be lost.
        let (flags, residue) = (self.flags.len(), self.residue.len());
        let defines = may && self.values_of(open, close).is_some();
        self.flags.truncate(flags);
        self.residue.truncate(residue);
        defines
    }
}

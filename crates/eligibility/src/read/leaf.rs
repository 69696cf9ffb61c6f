//! Leaves: a value of a variable, a fact, a code.

use rust_decimal::Decimal;
use vocabulary::unit::Unit;
use vocabulary::variable::{self, Kind as VarKind, Variable};
use vocabulary::{Category, ConceptId, category};

use super::cx::{Cx, join};
use super::elements::What;
use super::quant::Quant;
use crate::tree::{
    Bound, Cmp, Code, Coded, Concept, Extent, Has, Kind, Node, Op, Quantity, Repair, Residue, Unread, Var,
};

/// What a constraint is about.
#[derive(Clone, Debug)]
pub enum About {
    /// A row of the catalogue.
    Known(&'static Variable),
    /// Normalised words that are in no catalogue.
    Words(String),
}

impl About {
    /// The variable's id.
    pub fn var(&self) -> Var {
        match self {
            Self::Known(variable) => Var(variable.id.into()),
            Self::Words(words) => Var(format!("text:{words}").into()),
        }
    }

    pub fn known(&self) -> Option<&'static Variable> {
        match self {
            Self::Known(variable) => Some(variable),
            Self::Words(_) => None,
        }
    }
}

/// The kind of fact that a row of the catalogue is.
pub fn kind_of(variable: &Variable) -> Kind {
    match variable.kind {
        VarKind::Condition => Kind::Condition,
        VarKind::Finding => Kind::Finding,
        VarKind::Event => Kind::Event,
        VarKind::Procedure => Kind::Procedure,
        VarKind::Drug => Kind::Drug,
        VarKind::DrugClass => Kind::DrugClass,
        VarKind::Allergen => Kind::Allergy,
        VarKind::ExternalList if variable.id == "protocol_prohibited_list" => Kind::Drug,
        VarKind::ExternalList => Kind::Treatment,
        _ => match variable.id {
            "sepsis" | "cmv_status" | "parvovirus_b19" | "tb_status" | "covid_pcr" | "syphilis_test" => {
                Kind::Condition
            }
            "dialysis" => Kind::Procedure,
            "allergy" => Kind::Allergy,
            "recist_measurable" => Kind::Finding,
            _ => Kind::Status,
        },
    }
}

/// The kind of fact that a concept is; `None` for those that are no facts about a person.
pub fn kind_of_named(id: ConceptId) -> Option<Kind> {
    Some(match category(id) {
        Category::Disease => Kind::Condition,
        Category::Sign => Kind::Finding,
        Category::Chemical => Kind::Drug,
        Category::ChemicalAction => Kind::DrugClass,
        Category::Diagnostic | Category::Procedure => Kind::Procedure,
        Category::Behaviour => Kind::Finding,
        Category::Organism => Kind::Condition,
        Category::Anatomy | Category::Other => return None,
    })
}

/// Whether a coded variable that is named without a value means its positive value.
pub fn positive_by_name(variable: &Variable) -> bool {
    matches!(
        variable.id,
        "hiv_status"
            | "hbsag"
            | "hbeag"
            | "hcv_ab"
            | "ketones_urine"
            | "gad_ab"
            | "egfr_mutation"
            | "her2"
            | "er_status"
            | "pr_status"
    )
}

/// Whether a variable is one of numbers or steps.
pub fn is_numeric(variable: &Variable) -> bool {
    matches!(variable.kind, VarKind::Numeric | VarKind::Ordinal | VarKind::Duration | VarKind::Composite)
        || variable.id == "tnm_stage"
}

/// Words that are looked for in many places, and the letters that they begin with: most elements are none of them, and
/// that is known by their first letter.
pub struct Words {
    /// The words.
    pub words: &'static [&'static str],
    letters: u32,
}

impl Words {
    /// A list of words in small letters.
    pub const fn new(words: &'static [&'static str]) -> Self {
        let (mut letters, mut i) = (0, 0);
        while i < words.len() {
            letters |= 1 << (words[i].as_bytes()[0] & 31);
            i += 1;
        }
        Self { words, letters }
    }

    /// Whether one of them may begin with this letter, small or large.
    pub fn may_begin(&self, first: u8) -> bool {
        self.letters >> (first & 31) & 1 != 0
    }
}

impl Cx<'_> {
    /// A value of a variable within the bounds of a quantity.
    pub fn compare(&mut self, about: &About, q: usize, a: usize, b: usize) -> Node {
        let e = self.e;
        let quant = &e.quants[q];
        self.quant_flags(quant);
        if about.known().is_some_and(|v| v.id == "bp") || quant.second.is_some() {
            return self.pair(about, quant, a, b);
        }
        if let Some(days) = quant.days {
            // More weeks than the value says are within an upper bound, and fewer are not enough for a lower one.
            let unread = if quant.hi.is_some() { Unread::Alternative } else { Unread::Condition };
            let (start, end) = self.token_bytes(days);
            let (text, reason) = (self.text.verbatim(start, end).to_owned(), "not read".to_owned());
            self.residue.push(Residue { text, reason, unread: Some(unread) });
        }
        let cmp = self.cmp(about, quant, quant.lo, quant.hi, quant.other);
        self.last_value = Some((about.clone(), cmp.clone()));
        let op = Op::Cmp(Box::new(cmp));
        let node = self.node(op, a, b, "number.cmp");
        if !quant.lost {
            return node;
        }
        self.lost(about, quant, node, a, b)
    }

    /// A bare `=` where a comparator was probably lost: both readings.
    pub fn lost(&mut self, about: &About, quant: &Quant, exact: Node, a: usize, b: usize) -> Node {
        let ordinal = about.known().is_none_or(|v| v.kind == VarKind::Ordinal);
        if (ordinal || quant.range) && !quant.or_equal {
            return exact;
        }
        self.flag("lost_comparator", a, b, "a bare = where ≥ or ≤ may have stood");
        let low = self.cmp(about, quant, quant.lo, None, quant.other);
        let high = self.cmp(about, quant, None, quant.hi, quant.other);
        let nodes = [low, high].map(|cmp| self.node(Op::Cmp(Box::new(cmp)), a, b, "number.lost_comparator"));
        let (start, end) = self.bytes(a, b);
        let text = self.text.verbatim(start, end).to_owned();
        self.residue.push(Residue { text, reason: "the comparator is lost".into(), unread: None });
        self.node(Op::Ambiguous(nodes.into()), a, b, "number.lost_comparator")
    }

    /// `140/90 mmHg`: systolic and diastolic.
    fn pair(&mut self, about: &About, quant: &Quant, a: usize, b: usize) -> Node {
        let parts = match about.known().map(|v| v.id) {
            Some("bp" | "sbp") => [variable::by_id("sbp"), variable::by_id("dbp")],
            _ => [None, None],
        };
        let second =
            |bound: Option<Bound>| bound.and_then(|b| quant.second.map(|value| Bound { value, ..b }));
        let first = parts[0].map_or_else(|| about.clone(), About::Known);
        let other = parts[1].map_or_else(|| about.clone(), About::Known);
        let one = self.cmp(&first, quant, quant.lo, quant.hi, quant.other);
        let one = self.node(Op::Cmp(Box::new(one)), a, b, "number.pair");
        if quant.second.is_none() {
            return one;
        }
        if parts[0].is_none() {
            // A ratio or a share such as 5/10: the first value counts.
            return one;
        }
        let two = self.cmp(&other, quant, second(quant.lo), second(quant.hi), (None, None));
        let two = self.node(Op::Cmp(Box::new(two)), a, b, "number.pair");
        // Above one of two upper limits is above; within both is within.
        let or = quant.lo.is_some() && quant.hi.is_none();
        join(vec![one.clone(), two], or, "number.pair").unwrap_or(one)
    }

    fn cmp(
        &mut self,
        about: &About,
        quant: &Quant,
        lo: Option<Bound>,
        hi: Option<Bound>,
        other: (Option<Decimal>, Option<Decimal>),
    ) -> Cmp {
        let known = about.known();
        let (lo, hi) = known.map_or((lo, hi), |v| plausible_reading(v, quant.unit, (lo, hi), other));
        let unit = unit_of(known, quant);
        let mut cmp = Cmp::new(about.var(), lo, hi, unit);
        if let Some(variable) = known {
            self.convert(variable, quant, &mut cmp);
        }
        cmp
    }

    /// Adds the canonical value, or the repair of an implausible one.
    fn convert(&mut self, variable: &Variable, quant: &Quant, cmp: &mut Cmp) {
        let Some(unit) = quant.unit.filter(|_| quant.limit.is_none()) else { return };
        let unit = variable.unit.filter(|own| is_of_scale(unit, *own)).unwrap_or(unit);
        let values: Vec<Decimal> = [cmp.lo, cmp.hi].into_iter().flatten().map(|b| b.value).collect();
        let implausible = |value: &Decimal| match variable.canonical(*value, Some(unit)) {
            Ok(canonical) => !variable.is_plausible(canonical.value),
            Err(_) => true,
        };
        // Zero and other far ends are thresholds, not values: only what a repair explains is called implausible.
        let repair = values
            .iter()
            .find(|v| !v.is_zero() && implausible(v))
            .and_then(|value| Some((*value, variable.repair(*value, Some(unit))?)));
        if let Some((_, repair)) = repair {
            let canonical = Quantity {
                value: repair.canonical.normalize(),
                unit: variable.unit.map_or_else(String::new, |u| u.as_str().to_owned()),
            };
            let suggested = repair.unit.as_str().to_owned();
            let bytes = self.token_bytes((quant.number, quant.unit_at.map_or(quant.number + 1, |at| at.1)));
            self.flag_bytes(
                "implausible_unit",
                bytes,
                "outside the plausible range",
                Some(suggested.clone()),
            );
            cmp.repair = Some(Repair { unit: suggested, canonical, confidence: "high".into() });
            return;
        }
        let other_unit = variable.unit.is_some_and(|u| u != unit);
        if let ([value], true) = (values.as_slice(), other_unit)
            && variable.id != "age"
            && let Ok(canonical) = variable.canonical(*value, Some(unit))
            && variable.is_plausible(canonical.value)
            && let Some(to) = variable.unit
            && !super::quant::is_time(unit)
        {
            let value = canonical.value.round_sf(6).unwrap_or(canonical.value).normalize();
            cmp.canonical = Some(Quantity { value, unit: to.as_str().to_owned() });
        }
    }

    fn quant_flags(&mut self, quant: &Quant) {
        if let Some(glued) = quant.glued {
            let end = quant.unit_at.map_or(glued.1, |at| at.1);
            let percent = quant.unit.is_some_and(|u| u.as_str() == "%");
            if !percent && quant.unit_digit.is_none() {
                let bytes = self.token_bytes((quant.number, end));
                self.flag_bytes("glued_unit", bytes, "number and unit without a space", None);
            }
        }
        if let Some(at) = quant.unit_digit {
            let bytes = self.token_bytes(at);
            self.flag_bytes("unit_digit", bytes, "digits of the unit, not a value", None);
        }
        if let Some(at) = quant.limit_at {
            let bytes = self.token_bytes(at);
            self.flag_bytes("uln", bytes, "needs the laboratory's range", None);
        }
        if quant.word {
            let bytes = self.token_bytes((quant.number, quant.number + 1));
            self.flag_bytes("number_word", bytes, "a number written as a word", None);
        }
        if let Some(at) = quant.unit_at {
            let (start, end) = self.token_bytes(at);
            let words = self.text.verbatim(start, end);
            if let Some(at) = words.find(['µ', 'μ']) {
                let len = words[at..].chars().next().map_or(0, char::len_utf8);
                self.flag_bytes("micro_sign", (start + at, start + at + len), "read as micro", None);
            }
        }
    }

    /// A length of time as an extent.
    pub fn extent(&mut self, q: usize) -> Extent {
        let e = self.e;
        let quant = &e.quants[q];
        if quant.word {
            let bytes = self.token_bytes((quant.number, quant.number + 1));
            self.flag_bytes("number_word", bytes, "a number written as a word", None);
        }
        let unit = quant.unit.map_or_else(String::new, |u| u.as_str().to_owned());
        // `for six weeks` is at least so long.
        let hi = if quant.bare { None } else { quant.hi };
        Extent { lo: quant.lo.or(quant.hi.filter(|_| hi.is_none())), hi: hi.filter(|_| !quant.bare), unit }
    }

    /// Whether a word only says what kind of thing the name before it is.
    fn is_kind_word(&self, i: usize, kind: VarKind) -> bool {
        match kind {
            VarKind::Condition => {
                self.word_is(i, &["disease", "disorder", "condition", "illness", "diagnosis"])
            }
            _ => self.word_is(i, &["drug", "agent", "medication", "medicine", "therapy", "treatment", "use"]),
        }
    }

    /// Whether an element is one of some words.
    pub fn word_is(&self, i: usize, words: &[&str]) -> bool {
        let Some(el) = self.e.els.get(i) else { return false };
        let word = self.text.read.as_bytes().get(el.start as usize..el.end as usize).unwrap_or_default();
        let stem = word.len() - usize::from(matches!(word.last(), Some(b's' | b'S')));
        words.iter().any(|w| {
            (w.len() == word.len() || w.len() == stem) && word[..w.len()].eq_ignore_ascii_case(w.as_bytes())
        })
    }

    /// Whether an element is one of many words.
    pub fn word_is_of(&self, i: usize, words: &Words) -> bool {
        let el = self.e.els.get(i);
        let first = el.and_then(|el| self.text.read.as_bytes().get(el.start as usize));
        first.is_some_and(|b| words.may_begin(*b)) && self.word_is(i, words.words)
    }

    /// A fact by the words that name it.
    pub fn fact(&mut self, i: usize, a: usize, b: usize) -> Has {
        let text = self.named_text(a, b);
        if a + 1 == b {
            match self.what(i) {
                What::Var(variable) => return Has::new(kind_of(variable), Concept(variable.id.into()), text),
                What::Named(id) => {
                    if let Some(kind) = kind_of_named(id) {
                        return Has::new(kind, Concept(id.curie().into()), text);
                    }
                }
                _ => {}
            }
        }
        if let Some(has) = self.without_bracket(a, b, &text) {
            return has;
        }
        // `chemotherapy drugs`, `HIV disease`: a word for the kind of thing behind its name.
        if b == a + 2
            && let What::Var(variable) = self.what(a)
            && matches!(variable.kind, VarKind::DrugClass | VarKind::Drug | VarKind::Condition)
            && self.is_kind_word(b - 1, variable.kind)
        {
            return Has::new(kind_of(variable), Concept(variable.id.into()), text);
        }
        if let Some(has) = self.given(a, b, &text) {
            return has;
        }
        let kind = self.kind_of_words(a, b);
        Has::new(kind, self.words_concept(a, b), text)
    }

    /// `interferon therapy`, `anticonvulsant medications`: the drug that is given.
    fn given(&self, a: usize, b: usize, text: &str) -> Option<Has> {
        // What is treated with others than themselves, too: `hormone therapy` may take them away, and `alcohol
        // treatment` is against it.
        const OTHERS: &[&str] = &[
            "hormone",
            "platinum",
            "gold",
            "alcohol",
            "cocaine",
            "heroin",
            "nicotine",
            "tobacco",
            "opioid",
            "opioids",
            "opiate",
            "opiates",
            "cannabis",
            "marijuana",
            "methamphetamine",
            "amphetamine",
        ];
        let What::Named(id) = self.what(a) else { return None };
        let kind = kind_of_named(id).filter(|kind| matches!(kind, Kind::Drug | Kind::DrugClass))?;
        let plain = b == a + 2 && self.is_kind_word(b - 1, VarKind::Drug) && !self.word_is(a, OTHERS);
        plain.then(|| Has::new(kind, Concept(id.curie().into()), text.to_owned()))
    }

    /// `dipeptidyl peptidase-4 (DPP-4) inhibitor`: a name around a bracket.
    fn without_bracket(&mut self, a: usize, b: usize, text: &str) -> Option<Has> {
        let open = (a + 1..b).find(|&i| matches!(self.what(i), What::Open))?;
        let close = self.close(open, b);
        if close >= b || close - open > 4 {
            return None;
        }
        let words = format!("{} {}", self.read(a, open), self.read(close, b));
        let (kind, concept) = match super::lexicon::exactly(&words)? {
            super::lexicon::Phrase::Var(v) => (kind_of(v), v.id.to_owned()),
            super::lexicon::Phrase::Named(id) => (kind_of_named(id)?, id.curie()),
            super::lexicon::Phrase::Lex(..) => return None,
        };
        self.flag("nested_parens", open, close, "an acronym within a name");
        Some(Has::new(kind, Concept(concept.into()), text.to_owned()))
    }

    /// The words of elements, verbatim, without determiners before them.
    fn named_text(&self, a: usize, b: usize) -> String {
        let mut rest = self.span(a, b).of(self.text.raw);
        while rest.starts_with(['o', 'O', 'a', 'A', 's', 'S', 't', 'T'])
            && let Some((word, behind)) = rest.split_once(' ')
        {
            if !["other", "another", "any", "some", "the", "a", "an"]
                .iter()
                .any(|w| word.eq_ignore_ascii_case(w))
            {
                break;
            }
            rest = behind.trim_start();
        }
        rest.to_owned()
    }

    /// The normalised words of elements.
    pub fn normal_words(&self, a: usize, b: usize) -> String {
        super::lexicon::normal_words(self.read(a, b), 24)
    }

    /// The normalised words of elements as a concept that no vocabulary has.
    pub fn words_concept(&self, a: usize, b: usize) -> Concept {
        Concept(super::lexicon::text_of_words(self.read(a, b), 24))
    }

    /// What kind of fact words name that no vocabulary has: by their known head, else by the ending of the last one.
    fn kind_of_words(&self, a: usize, b: usize) -> Kind {
        for i in (a..b).rev() {
            match self.what(i) {
                What::Var(variable) if !is_numeric(variable) => return kind_of(variable),
                What::Named(id) => {
                    if let Some(kind) = kind_of_named(id) {
                        return kind;
                    }
                }
                What::Word => {
                    if let Some(kind) = kind_by_ending(self.read(i, i + 1)) {
                        return kind;
                    }
                }
                _ => {}
            }
        }
        Kind::Condition
    }

    /// A coded variable with its value.
    pub fn coded(&self, variable: &Variable, values: Vec<Code>, a: usize, b: usize) -> Node {
        let coded =
            Coded { var: Var(variable.id.into()), values, specimen: None, when: None, text: self.raw(a, b) };
        self.node(Op::Coded(Box::new(coded)), a, b, "code.member")
    }
}

/// Kinds of facts by the ending of a noun.
fn kind_by_ending(word: &str) -> Option<Kind> {
    // By the last letter.
    let endings: &[(&str, Kind)] = match word.as_bytes().last()?.to_ascii_lowercase() {
        b'a' => &[("oma", Kind::Condition), ("emia", Kind::Condition)],
        b'b' => &[("mab", Kind::Drug), ("nib", Kind::Drug)],
        b'e' => {
            &[("disease", Kind::Condition), ("syndrome", Kind::Condition), ("procedure", Kind::Procedure)]
        }
        b'n' => &[("infection", Kind::Condition), ("statin", Kind::Drug)],
        b'r' => &[("disorder", Kind::Condition), ("inhibitor", Kind::DrugClass)],
        b's' => &[
            ("itis", Kind::Condition),
            ("osis", Kind::Condition),
            ("oses", Kind::Condition),
            ("diseases", Kind::Condition),
            ("disorders", Kind::Condition),
            ("procedures", Kind::Procedure),
            ("therapies", Kind::Treatment),
            ("treatments", Kind::Treatment),
            ("inhibitors", Kind::DrugClass),
            ("agents", Kind::DrugClass),
            ("products", Kind::Treatment),
            ("drugs", Kind::DrugClass),
            ("medications", Kind::DrugClass),
        ],
        b't' => &[("treatment", Kind::Treatment), ("product", Kind::Treatment)],
        b'y' => &[
            ("pathy", Kind::Condition),
            ("ectomy", Kind::Procedure),
            ("plasty", Kind::Procedure),
            ("scopy", Kind::Procedure),
            ("surgery", Kind::Procedure),
            ("therapy", Kind::Treatment),
        ],
        _ => return None,
    };
    let ends = |ending: &str| {
        let tail = word.len().checked_sub(ending.len()).and_then(|at| word.as_bytes().get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
    };
    endings.iter().find(|(ending, _)| ends(ending)).map(|(_, kind)| *kind)
}

/// Whether points or percent are written of a scale: `Karnofsky ≥ 70 %`.
fn is_of_scale(unit: Unit, own: Unit) -> bool {
    matches!(unit.as_str(), "%" | "{points}") && own.as_str() == "{score}"
}

/// The unit of a comparison: as printed, that of the limit, or the variable's own where it is never written.
fn unit_of(known: Option<&'static Variable>, quant: &Quant) -> String {
    if let Some(limit) = quant.limit {
        return limit.to_owned();
    }
    let own = known.and_then(|v| v.unit);
    if let Some(unit) = quant.unit {
        let unit = own.filter(|own| is_of_scale(unit, *own)).unwrap_or(unit);
        return unit.as_str().to_owned();
    }
    let unwritten = |u: Unit| {
        u.dimension().may_be_unwritten()
            || matches!(u.as_str(), "{ratio}" | "{score}" | "{class}" | "{grade}" | "{stage}")
    };
    match own {
        Some(unit) if unwritten(unit) || known.is_some_and(|v| v.id == "age") => unit.as_str().to_owned(),
        _ => String::new(),
    }
}

/// Which reading of the decimal marks is plausible for the variable.
fn plausible_reading(
    variable: &Variable,
    unit: Option<Unit>,
    bounds: (Option<Bound>, Option<Bound>),
    other: (Option<Decimal>, Option<Decimal>),
) -> (Option<Bound>, Option<Bound>) {
    let fits = |value: Decimal| variable.canonical(value, unit).is_ok_and(|c| variable.is_plausible(c.value));
    let choose = |bound: Option<Bound>, other: Option<Decimal>| match (bound, other) {
        (Some(b), Some(value)) if !fits(b.value) && fits(value) => Some(Bound { value, ..b }),
        (bound, _) => bound,
    };
    (choose(bounds.0, other.0), choose(bounds.1, other.1.or(other.0)))
}

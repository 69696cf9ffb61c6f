//! Names: the fact that words name, by the catalogue, MeSH, or the words themselves.

use std::collections::HashMap;
use std::sync::LazyLock;

use vocabulary::variable::{self, Kind as VarKind, Variable};

use super::cx::{Cx, join};
use super::elements::What;
use super::leaf::{Words, is_numeric, kind_of, positive_by_name};
use super::lexicon::Class;
use super::mods::Mods;
use crate::tree::{Code, Coded, Concept, Has, Kind, Node, Op, Relation, Var, When};

impl Cx<'_> {
    /// The node of a name.
    pub fn named(&mut self, x: usize, y: usize, mods: &Mods) -> Node {
        if mods.is_allergy() && !self.is_disease_beside_allergies(x) {
            return self.allergy(x, y, mods);
        }
        if mods.is_treatment()
            && let Some(node) = self.treated(x, y, mods)
        {
            return node;
        }
        if let Some(node) = self.coded_name(x, y, mods) {
            return node;
        }
        if let Some(node) = self.abnormal_name(x, y, mods) {
            return node;
        }
        let unbounded = self.is_unbounded(x, y);
        if y == x + 1 && matches!(self.what(x), What::Var(v) if is_numeric(v)) {
            return self.variable_alone(x, y);
        }
        let mut has = self.fact(x, x, y);
        // `hepatitis C virus (HCV) antibody positive`: a test whose name goes on behind an acronym.
        if y > x + 1
            && !(mods.is_need() || mods.is_family() || mods.is_treatment())
            && let Some(variable) = variable::by_id(&has.concept.0)
            && let Some(coded) = mods.coded(variable, has.text.clone())
        {
            return self.node(Op::Coded(Box::new(coded)), x, y, "code.result");
        }
        if unbounded || is_generic(&has.concept.0) {
            has.concept = self.words_concept(x, y);
            let why = if unbounded { "no threshold is given" } else { "not said which" };
            self.leave(x, y, why);
        } else if has.concept.0.starts_with("text:") {
            self.slip(&mut has, x, y);
        }
        if &*has.concept.0 == "allergy" && y == x + 1 {
            has.concept = Concept("unspecified_allergen".into());
        }
        if &*has.concept.0 == "pregnancy_intent" && mods.time().is_none() {
            mods_time_future(&mut has);
        }
        let unknown = has.concept.0.starts_with("text:");
        if mods.is_treatment() && unknown && matches!(has.kind, Kind::Condition | Kind::Finding) {
            has.kind = Kind::Treatment;
        }
        if mods.is_need() {
            has.kind = Kind::Need;
        }
        if mods.is_family() {
            has.concept = Concept(format!("text:family history of {}", self.normal_words(x, y)).into());
            has.kind = Kind::Finding;
        }
        mods.onto(&mut has);
        if let (true, Some(when)) = (&*has.concept.0 == "pregnancy_intent", &mut has.when)
            && when.window.is_some()
        {
            when.relation = Relation::After;
        }
        self.node(Op::Has(Box::new(has)), x, y, "fact.name")
    }

    /// `allergy to heparin or heparin-induced thrombocytopenia`: a disease of its own in another part of the list.
    fn is_disease_beside_allergies(&self, x: usize) -> bool {
        let disease = matches!(self.what(x), What::Named(id) if super::leaf::kind_of_named(id) == Some(Kind::Condition));
        let before = (0..x).rev().find(|&i| !self.is(i, Class::Skip));
        disease && before.is_some_and(|i| matches!(self.class(i), Some(Class::Or | Class::And)))
    }

    /// `treatment of hepatitis C`, `exposure to tuberculosis`: not the disease.
    fn treated(&mut self, x: usize, y: usize, mods: &Mods) -> Option<Node> {
        let disease = match self.what(x) {
            What::Var(v) => matches!(v.kind, VarKind::Condition | VarKind::Coded),
            What::Named(id) => super::leaf::kind_of_named(id) == Some(Kind::Condition),
            _ => false,
        };
        // The word before it, not one that is carried from another part of a list.
        let before = (0..x).rev().find(|&i| !self.is(i, Class::Skip));
        let own = before.is_some_and(|i| self.is(i, Class::Treat));
        if y != x + 1 || !disease || !own || mods.result().is_some() {
            return None;
        }
        let concept = Concept(format!("text:treatment of {}", self.normal_words(x, y)).into());
        let mut has = Has::new(Kind::Treatment, concept, self.raw(x, y));
        mods.onto(&mut has);
        Some(self.node(Op::Has(Box::new(has)), x, y, "fact.words"))
    }

    /// `elevated serum creatinine`: a value, and no bound.
    fn is_unbounded(&self, x: usize, y: usize) -> bool {
        let words = self.read(x, y);
        if !UNBOUNDED.may_begin(words.as_bytes().first().copied().unwrap_or_default()) {
            return false;
        }
        let Some((first, rest)) = words.split_once(' ') else { return false };
        let raised = UNBOUNDED.words.iter().any(|word| first.eq_ignore_ascii_case(word));
        // Of the catalogue: `high blood pressure` is a disease.
        let disease = y == x + 1 && matches!(self.what(x), What::Var(v) if !is_numeric(v));
        raised
            && !disease
            && match super::lexicon::exactly(rest) {
                Some(super::lexicon::Phrase::Var(v)) => is_numeric(v),
                Some(super::lexicon::Phrase::Lex(class, _)) => class == Class::Panel,
                _ => false,
            }
    }

    /// A name with a slip of one letter is the name of the catalogue, and says so.
    fn slip(&mut self, has: &mut Has, x: usize, y: usize) {
        if y - x > 4 || !(x..y).any(|i| matches!(self.what(i), What::Word)) {
            return;
        }
        let normal = has.concept.0.strip_prefix("text:").unwrap_or_default();
        for (i, word) in normal.split(' ').enumerate() {
            let Some(meant) = super::slip::slip_of(word) else { continue };
            let mut corrected: Vec<&str> = normal.split(' ').collect();
            corrected[i] = meant;
            let Some(super::lexicon::Phrase::Var(v)) = super::lexicon::exactly(&corrected.join(" ")) else {
                continue;
            };
            let start = word.get(..6).unwrap_or(word).to_owned();
            has.kind = kind_of(v);
            has.concept = Concept(v.id.into());
            if let Some(at) = (x..y).find(|&k| self.read(k, k + 1).to_ascii_lowercase().starts_with(&start)) {
                self.flag("typo", at, at + 1, "a slip of one letter");
            }
            return;
        }
    }

    /// An allergy to what is named.
    pub fn allergy(&mut self, x: usize, y: usize, mods: &Mods) -> Node {
        let words = self.normal_words(x, y);
        let mut has = self.fact(x, x, y);
        if let Some(variable) = allergen(&words) {
            has.concept = Concept(variable.id.into());
        } else if has.concept.0.starts_with("text:") || y > x + 1 {
            has.concept = Concept(format!("text:{words}").into());
        }
        has.kind = Kind::Allergy;
        mods.onto(&mut has);
        self.node(Op::Has(Box::new(has)), x, y, "fact.allergy")
    }

    /// A coded variable with a result, printed or meant: `positive HIV antibodies`, `HIV`.
    fn coded_name(&mut self, x: usize, y: usize, mods: &Mods) -> Option<Node> {
        let at = (x..y).find(|&i| matches!(self.what(i), What::Var(v) if v.kind == VarKind::Coded))?;
        let What::Var(variable) = self.what(at) else { return None };
        if variable.id == "sex" {
            return (y == x + 1).then(|| self.sex(at)).flatten();
        }
        let infection =
            (x..y).any(|i| i != at && matches!(self.what(i), What::Var(v) if v.id == "infection"));
        if infection && !positive_by_name(variable) {
            let text = self.raw(x, y);
            let mut has = Has::new(Kind::Condition, Concept(variable.id.into()), text);
            mods.onto(&mut has);
            return Some(self.node(Op::Has(Box::new(has)), x, y, "fact.infection"));
        }
        if y > x + 1 && !self.is_test_name(x, y, at) {
            return None;
        }
        // `estrogen receptor status must be known`: not what it must be.
        let result_asked = !(x..y + 1).any(|i| i != at && self.word_is(i, &["status"]));
        if mods.result().is_none() && !(positive_by_name(variable) && result_asked) {
            return None;
        }
        let (from, to) = self.with_result(x, y);
        let text = self.raw(from, to);
        let coded = mods.coded(variable, text)?;
        Some(self.node(Op::Coded(Box::new(coded)), from, to, "code.result"))
    }

    /// Whether the other words of a name only say that it is a test: `antibody`, `test`, `serology`.
    fn is_test_name(&self, x: usize, y: usize, at: usize) -> bool {
        (x..y).all(|i| {
            i == at
                || self.is_empty(i, i + 1)
                || self.is(i, Class::Specimen)
                || self.is(i, Class::Positive)
                || self.is(i, Class::Negative)
                || matches!(self.what(i), What::Var(v) if v.id == "infection")
                || self.word_is(
                    i,
                    &[
                        "antibody",
                        "antigen",
                        "test",
                        "serology",
                        "rna",
                        "dna",
                        "status",
                        "virus",
                        "result",
                        "infection",
                        "screen",
                        "screening",
                    ],
                )
                || matches!(self.what(i), What::Named(_))
                    && self.word_is(i, &["antibody", "antibodies", "antigen", "serology"])
        })
    }

    /// A name with the words before and behind it that give its result and specimen.
    fn with_result(&self, x: usize, y: usize) -> (usize, usize) {
        let says =
            |i: usize| matches!(self.class(i), Some(Class::Positive | Class::Negative | Class::Specimen));
        let (mut from, mut to) = (x, y);
        while from > 0 && says(from - 1) {
            from -= 1;
        }
        while says(to) {
            to += 1;
        }
        (from, to)
    }

    /// `women`: of one sex.
    pub fn sex(&mut self, at: usize) -> Option<Node> {
        let word = self.read(at, at + 1).to_ascii_lowercase();
        let value = if word.starts_with("fem") || word.starts_with("wom") {
            "female"
        } else if word.starts_with("mal") || word.starts_with("men") || word.starts_with("man") {
            "male"
        } else {
            return None;
        };
        let coded = Coded {
            var: Var("sex".into()),
            values: vec![Code::Word(value.to_owned())],
            specimen: None,
            when: None,
            text: self.raw(at, at + 1),
        };
        Some(self.node(Op::Coded(Box::new(coded)), at, at + 1, "code.sex"))
    }

    /// `abnormal coagulation`: the disease, or a laboratory value outside its range.
    fn abnormal_name(&mut self, x: usize, y: usize, mods: &Mods) -> Option<Node> {
        if !mods.is_abnormal() {
            return None;
        }
        if let Some(node) = self.panel(x, y) {
            return Some(node);
        }
        if y > x + 1 {
            return None;
        }
        match self.what(x) {
            What::Var(v) if is_numeric(v) => {
                let vars = vec![Var(v.id.into())];
                self.leave(x.saturating_sub(1), x, "no threshold: the laboratory's flag decides");
                Some(self.node(Op::Abnormal { vars }, x, y, "code.abnormal"))
            }
            _ => None,
        }
    }

    /// `abnormal liver function`: the disease by that name, if there is one, or a value outside its range.
    fn panel(&mut self, x: usize, y: usize) -> Option<Node> {
        let at = (x..y).find(|&i| self.is(i, Class::Panel))?;
        let What::Lex(_, values) = self.what(at) else { return None };
        let vars = values.split(',').map(|id| Var(id.into())).collect();
        let from = x.saturating_sub(1);
        self.leave(from, from + 1, "no threshold: the laboratory's flag decides");
        let abnormal = self.node(Op::Abnormal { vars }, from, y, "code.abnormal");
        let words = self.read(from, y);
        let mut nodes = Vec::new();
        let shorter = words.rsplit_once(' ').map_or(words, |(first, _)| first);
        let named = super::lexicon::exactly(words).or_else(|| super::lexicon::exactly(shorter));
        if let Some(super::lexicon::Phrase::Var(v)) = named {
            let has = Has::new(kind_of(v), Concept(v.id.into()), self.raw(from, y));
            nodes.push(self.node(Op::Has(Box::new(has)), from, y, "fact.name"));
        }
        nodes.push(abnormal);
        join(nodes, true, "code.abnormal")
    }

    /// A name without the vague words and determiners at its ends.
    pub fn name_bounds(&self, mut x: usize, mut y: usize) -> (usize, usize) {
        while x < y
            && (self.is(x, Class::Skip) || matches!(self.what(x), What::Dash | What::Comma | What::Other))
        {
            x += 1;
        }
        while y > x
            && (self.is(y - 1, Class::Skip)
                || self.is(y - 1, Class::If)
                || matches!(self.what(y - 1), What::Dash | What::Comma | What::Other))
        {
            y -= 1;
        }
        (x, y)
    }
}

/// Whether a heading of a vocabulary is so wide that no record has it: `disease`, `chronic disease`, `diagnosis`,
/// `risk factor`.
fn is_generic(concept: &str) -> bool {
    const WIDE: &[&str] = &[
        "mesh:D002908",    // Chronic Disease
        "mesh:D000208",    // Acute Disease
        "mesh:D004194",    // Disease
        "mesh:D003933",    // Diagnosis
        "mesh:D012307",    // Risk Factors
        "mesh:D000082742", // Heart Disease Risk Factors
        "mesh:D015897",    // Comorbidity
        "mesh:D013577",    // Syndrome
        "mesh:D013812",    // Therapeutics
        "mesh:D000086723", // Clinical Reasoning
    ];
    WIDE.contains(&concept)
}

/// Words that say of a value how it is, and not how much.
const UNBOUNDED: Words = Words::new(&[
    "elevated",
    "increased",
    "raised",
    "high",
    "low",
    "decreased",
    "reduced",
    "diminished",
    "normal",
    "stable",
]);

/// A plan is for the future, where its name says so: `planning`, `willing`.
fn mods_time_future(has: &mut Has) {
    let lower = has.text.to_ascii_lowercase();
    if ["plan", "willing", "intend", "wish", "desire", "try", "attempt"]
        .iter()
        .any(|word| lower.contains(word))
    {
        has.when = Some(When { window: None, relation: Relation::Future, anchor: None });
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

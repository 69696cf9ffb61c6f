//! What is said of a fact beside its name: negation, time, severity.

use vocabulary::variable::{Kind as VarKind, Variable};

use super::leaf::positive_by_name;
use crate::tree::{Bound, Code, Coded, Extent, Has, Kind, Relation, Var, When};

/// What is said of a fact beside its name.
#[derive(Clone, Debug, Default)]
pub struct Mods {
    /// Denied.
    pub neg: bool,
    /// When.
    pub when: Option<When>,
    /// `severe`.
    pub severe: bool,
    /// `uncontrolled` and its like.
    pub control: Option<&'static str>,
    /// `chronic`.
    pub chronic: bool,
    /// `known`.
    pub known: bool,
    /// `clinically significant`.
    pub significant: bool,
    /// A word before the name that asks for more than what is named, and does not say how much (`unstable`).
    pub vague: Option<(usize, usize)>,
    /// Words before the name that are qualities of it: `recurrent`, `curatively treated`.
    pub degrees: Vec<(usize, usize)>,
    /// An allergy to it is meant.
    pub allergy: bool,
    /// A treatment with it, or of it.
    pub treat: bool,
    /// The need of it.
    pub need: bool,
    /// Of a relative.
    pub family: bool,
    /// What is done is yet to come, as was said of the part before.
    pub planned: bool,
    /// `abnormal`.
    pub abnormal: bool,
    /// `fasting`.
    pub fasting: bool,
    /// `stable`.
    pub stable: bool,
    /// `positive` or `negative`.
    pub value: Option<&'static str>,
    /// Of what a test was made.
    pub specimen: Option<&'static str>,
    /// The body site.
    pub site: Option<&'static str>,
    /// The form of a drug.
    pub form: Option<&'static str>,
    /// How many.
    pub count: Option<Bound>,
    /// Whether `duration` is how long it may have lasted at most: `no more than a month of prior therapy`.
    pub at_most: bool,
    /// How long it lasted.
    pub duration: Option<Extent>,
    /// Whether it stands by itself before `or current` that it was ever so.
    pub ever_alone: bool,
    /// The first element of words that name an allergy, where no allergen follows.
    pub allergy_at: Option<(usize, usize)>,
}

impl Mods {
    /// The same without the negation.
    pub fn affirmed(&self) -> Self {
        Self { neg: false, ..self.clone() }
    }

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
            planned: self.planned || self.is_future(),
            // `chronic therapy with A or B`
            chronic: self.chronic && self.treat,
            ..Self::default()
        }
    }
}

/// At any time so far.
pub fn ever() -> When {
    When { window: None, relation: Relation::Ever, anchor: None }
}

/// Now.
pub fn current() -> When {
    When { window: None, relation: Relation::Current, anchor: None }
}

impl Mods {
    /// Writes what was said onto a fact.
    pub fn onto(&self, has: &mut Has) {
        if has.when.is_none() {
            has.when.clone_from(&self.when);
        }
        // `planned resection or biopsy`
        let done = matches!(has.kind, Kind::Procedure | Kind::Treatment | Kind::Drug | Kind::DrugClass);
        if self.planned && done && has.when.is_none() {
            has.when = Some(When { window: None, relation: Relation::Future, anchor: None });
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

    /// Takes a word that asks for more than what is named.
    pub fn vaguely(&mut self, at: usize) {
        self.vague = self.vague.or(Some((at, at + 1)));
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
            when: None,
            text,
        })
    }

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

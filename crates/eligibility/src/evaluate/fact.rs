//! Facts: present, absent, in time, of the quality that is asked for.

use std::sync::LazyLock;

use model::{Certainty, Fact, FactKind, FactStatus, Subject, Value};
use vocabulary::{Category, ConceptId, category};

use super::assessment::Standing;
use super::below::is_or_below;
use super::finding::{Evidence, Ground, OneOrMore, Outcome, Truth, Want};
use super::person::About;
use super::settings::Absence;
use super::target::Target;
use super::time::{self, Asked};
use super::{Walk, human, tobacco};
use crate::interval::Interval;
use crate::tree::{Bound, Code, Coded, Has, Kind, Node, Op, Reason};
use crate::volunteers::HEALTHY;

/// What decides whether a fact is present.
enum Decided {
    /// It is recorded.
    So,
    /// It is recorded, and its time or its quality is open.
    Open,
    /// It is recorded that it is not so, or is over.
    Otherwise,
    /// It is not recorded, and all of the time is.
    Observed,
    /// It is not recorded.
    Unrecorded,
}

/// Whether something is recorded often enough.
enum Counted {
    Enough,
    /// Even with those of which it is not sure there are too few.
    Few,
    Perhaps,
}

impl Walk<'_, '_> {
    /// Whether a fact is present.
    pub(super) fn has(&mut self, has: &Has) -> Outcome {
        if let Some(defined) =
            has.defined_by.as_deref().filter(|node| !matches!(node.op, Op::Guideline { .. }))
        {
            return self.defined(has, defined);
        }
        let concept = &*has.concept.0;
        if is_list(concept) {
            let any =
                self.person.subject.facts.iter().any(|fact| fact.kind == FactKind::Allergy && fact.counts());
            let allergy = concept == "unspecified_allergen" && !any;
            return self.unrecorded(has.text.clone(), Want::List { of: concept.to_owned() }, false, allergy);
        }
        let target = Target::of(has);
        let of: Vec<About<'_>> = self.person.matching(&target).collect();
        self.among(has, &of, time::asked(has, self.settings), target.is_female_only())
    }

    /// Whether a fact is present among those that its concept means. `female`: only a woman can be so.
    pub(super) fn among(&self, has: &Has, of: &[About<'_>], asked: Asked, female: bool) -> Outcome {
        if self.person.is_male() && female {
            return self.by_sex(false);
        }
        let of = &*self.telling(has, of, asked);
        match has.count {
            Some(count) => self.counted(has, count, of, asked),
            None => self.present(has, of, asked, female),
        }
    }

    /// What becomes of [`Self::among`] alone.
    pub(super) fn standing_among(&self, has: &Has, of: &[About<'_>], asked: Asked, female: bool) -> Standing {
        if self.person.is_male() && female {
            return Standing::NotMet;
        }
        let absent = |female| match self
            .is_absent_by_policy(self.is_closed(has), || self.is_presumable(has, female))
        {
            true => Standing::NotMet,
            false => Standing::Unknown,
        };
        let of = &*self.telling(has, of, asked);
        if let Some(count) = has.count {
            return match self.count(has, count, of, asked) {
                Counted::Enough => Standing::Met,
                Counted::Few => absent(false),
                Counted::Perhaps => Standing::Unknown,
            };
        }
        match self.decided(has, of, asked) {
            Decided::So => Standing::Met,
            Decided::Open => Standing::Unknown,
            Decided::Otherwise | Decided::Observed => Standing::NotMet,
            Decided::Unrecorded => match absent(female) {
                Standing::Unknown if self.is_for_people(has) => Standing::ForPerson,
                standing => standing,
            },
        }
    }

    /// What defines it decides; where that is not recorded, a note would still name what is defined.
    fn defined(&mut self, has: &Has, defined: &Node) -> Outcome {
        let outcome = self.child(0, defined);
        if &*has.concept.0 == HEALTHY && outcome.truth() == Truth::Unknown {
            return self.healthy(has, &outcome);
        }
        if outcome.truth() != Truth::Unknown || !outcome.evidence().is_empty() {
            return outcome;
        }
        match self.unrecorded(has.text.clone(), fact_wanted(has), false, self.is_presumable(has, false)) {
            presumed if presumed.truth() != Truth::Unknown => presumed,
            _ => outcome,
        }
    }

    /// Whether somebody is a healthy volunteer, of whom no condition of the study is recorded: the record may say it in
    /// so many words, else people must tell.
    fn healthy(&self, has: &Has, seen: &Outcome) -> Outcome {
        let target = Target::of(has);
        let of: Vec<About<'_>> = self.person.matching(&target).collect();
        let told = of.iter().any(|about| is_present(about.fact) || is_denied(about.fact));
        if told {
            return self.among(has, &of, time::asked(has, self.settings), false);
        }
        let question = "whether the person has a condition under study".to_owned();
        let want = Want::Answer { reason: Reason::NotInRecord, question };
        Outcome::open_seen(self.missing(want), seen.evidence().into_iter().cloned().collect())
    }

    fn present(&self, has: &Has, of: &[About<'_>], asked: Asked, female: bool) -> Outcome {
        let said = |truth: Truth| {
            let present = of.iter().filter(|about| is_present(about.fact));
            let said = present.map(|about| (about.at, self.said(about.fact, has, asked)));
            said.filter(move |(_, one)| one.0 == truth)
        };
        match self.decided(has, of, asked) {
            Decided::So => {
                let because = OneOrMore::of(said(Truth::Met).map(|(at, _)| self.cite(at, None)));
                because.map_or_else(|| self.open(fact_wanted(has)), |because| Outcome::settled(true, because))
            }
            Decided::Open => {
                let want = said(Truth::Unknown).next().and_then(|(_, one)| one.1);
                let seen = said(Truth::Unknown).map(|(at, _)| self.cite(at, None)).collect();
                Outcome::open_seen(self.missing(want.unwrap_or_else(|| fact_wanted(has))), seen)
            }
            Decided::Otherwise => {
                let denied = of.iter().filter(|about| self.is_denied_then(about, asked));
                let other = of.iter().filter(|about| self.is_otherwise(about, has, asked));
                let because = OneOrMore::of(denied.chain(other).map(|about| self.cite(about.at, None)));
                because
                    .map_or_else(|| self.open(fact_wanted(has)), |because| Outcome::settled(false, because))
            }
            Decided::Observed => self.complete(has),
            Decided::Unrecorded => {
                if let Some(answer) = self.settings.answer_of_words(&has.text) {
                    let ground = Ground::Answer { question: has.text.clone(), by: answer.by.clone() };
                    return Outcome::settled(answer.holds, OneOrMore::one(self.evidence(ground)));
                }
                let presumable = self.is_presumable(has, female);
                let want = match self.is_for_people(has) {
                    true => Want::Answer { reason: Reason::NotInRecord, question: has.text.clone() },
                    false => fact_wanted(has),
                };
                self.unrecorded(has.text.clone(), want, self.is_closed(has), presumable)
            }
        }
    }

    /// What decides whether a fact is present.
    fn decided(&self, has: &Has, of: &[About<'_>], asked: Asked) -> Decided {
        let mut open = false;
        for about in of.iter().filter(|about| is_present(about.fact)) {
            match self.truth_of(about.fact, has, asked) {
                Truth::Met => return Decided::So,
                Truth::Unknown => open = true,
                Truth::NotMet => {}
            }
        }
        // What is recorded otherwise decides, if the time is right, or if it is over.
        let otherwise =
            |about: &About<'_>| self.is_denied_then(about, asked) || self.is_otherwise(about, has, asked);
        match () {
            () if open => Decided::Open,
            () if of.iter().any(otherwise) => Decided::Otherwise,
            () if self.was_observed(asked) => Decided::Observed,
            () => Decided::Unrecorded,
        }
    }

    /// Whether it is recorded that it was not so then.
    fn is_denied_then(&self, about: &About<'_>, asked: Asked) -> bool {
        about.same && is_denied(about.fact) && self.in_time(about.fact, asked) == Truth::Met
    }

    /// Whether it is recorded in another quality, or as over.
    fn is_otherwise(&self, about: &About<'_>, has: &Has, asked: Asked) -> bool {
        let fact = about.fact;
        let begun = || {
            fact.status != FactStatus::Planned
                && fact.start.is_none_or(|start| start.first_day() <= self.settings.index_date)
        };
        let when = || self.in_time(fact, asked) == Truth::Met || time::is_about_now(has) && begun();
        about.same && is_present(fact) && when()
    }

    /// Whether a present fact is in time and as asked.
    fn truth_of(&self, fact: &Fact, has: &Has, asked: Asked) -> Truth {
        match self.when(fact, has, asked) {
            Truth::NotMet => Truth::NotMet,
            when => when.min(refinement(fact, has).0),
        }
    }

    fn when(&self, fact: &Fact, has: &Has, asked: Asked) -> Truth {
        let is_planned = has.kind == Kind::Need && fact.status == FactStatus::Planned;
        if is_planned { Truth::Met } else { self.in_time(fact, asked) }
    }

    /// Whether a present fact is in time and as asked; and what is missing if that is open.
    fn said(&self, fact: &Fact, has: &Has, asked: Asked) -> (Truth, Option<Want>) {
        let when = self.when(fact, has, asked);
        if when == Truth::NotMet {
            return (when, None);
        }
        let (quality, want) = refined(fact, has);
        let dated = (when == Truth::Unknown).then(|| Want::Date { of: has.concept.0.to_string() });
        (when.min(quality), want.or(dated))
    }

    fn in_time(&self, fact: &Fact, asked: Asked) -> Truth {
        let recorded = time::in_time(fact, asked, self.settings);
        tobacco::status(fact).map_or(recorded, |status| tobacco::in_time(status, asked, recorded))
    }

    /// Whether the source has recorded all of the time that is asked for.
    fn was_observed(&self, asked: Asked) -> bool {
        let Asked::Within(days) = asked else { return false };
        self.person.subject.observed.iter().any(|period| {
            let from = period.start.is_some_and(|start| start.last_day() <= days.from);
            from && period.end.is_none_or(|end| end.first_day() >= days.to)
        })
    }

    fn complete(&self, has: &Has) -> Outcome {
        let ground = Ground::Complete { of: has.text.clone() };
        Outcome::settled(false, OneOrMore::one(self.evidence(ground)))
    }

    /// How many there are; what is not recorded may be more.
    fn counted(&self, has: &Has, count: Bound, of: &[About<'_>], asked: Asked) -> Outcome {
        let counts = |fact: &Fact| is_present(fact) && self.truth_of(fact, has, asked) != Truth::NotMet;
        let seen = of.iter().filter(|about| counts(about.fact)).map(|about| self.cite(about.at, None));
        let seen: Vec<Evidence> = seen.collect();
        match self.count(has, count, of, asked) {
            Counted::Enough => {
                if let Some(because) = OneOrMore::of(seen.clone()) {
                    return Outcome::settled(true, because);
                }
            }
            Counted::Few => {
                let presumable = self.is_presumable(has, false);
                let outcome =
                    self.unrecorded(has.text.clone(), fact_wanted(has), self.is_closed(has), presumable);
                if outcome.truth() != Truth::Unknown {
                    return outcome;
                }
            }
            Counted::Perhaps => {}
        }
        Outcome::open_seen(self.missing(fact_wanted(has)), seen)
    }

    /// Whether there are enough.
    fn count(&self, has: &Has, count: Bound, of: &[About<'_>], asked: Asked) -> Counted {
        let enough = |number: usize| Interval::new(Some(count), None).contains(number.into());
        let (mut sure, mut all) = (0, 0);
        for about in of.iter().filter(|about| is_present(about.fact)) {
            let truth = self.truth_of(about.fact, has, asked);
            sure += usize::from(truth == Truth::Met);
            all += usize::from(truth != Truth::NotMet);
        }
        match () {
            () if enough(sure) && all > 0 => Counted::Enough,
            () if !enough(all) => Counted::Few,
            () => Counted::Perhaps,
        }
    }

    /// Whether a complete record would have it. Words that no table has may be recorded in others: that they are missing
    /// says nothing, unless they name a kind of disease and no disease of that kind is recorded, or an allergy, and none
    /// is. Consent to a study, and to its rules of contraception, is asked for when somebody joins it, and in no
    /// record before; nor is there one of who could bear children, or is well.
    pub(super) fn is_closed(&self, has: &Has) -> bool {
        let agreed = matches!(
            &*has.concept.0,
            "informed_consent" | "contraception" | "abstinence" | "childbearing_potential" | HEALTHY
        );
        if has.concept.0.starts_with("text:") {
            return self.settings.absence == Absence::Closed && self.lacks_kind(has);
        }
        let no_record = agreed || !is_recorded(&has.concept.0);
        let perhaps_among_drugs = is_class_of_drugs(has) && takes_drugs(self.person.subject);
        !no_record && !perhaps_among_drugs
    }

    /// Whether nothing is recorded of the kind that words of no table name: no disease that they narrow, no allergy.
    fn lacks_kind(&self, has: &Has) -> bool {
        if is_unknown_allergy(has) {
            let is_allergy = |fact: &Fact| fact.kind == FactKind::Allergy && fact.family.is_none();
            return !self.person.subject.facts.iter().any(is_allergy);
        }
        self.lacks_all(&kinds_of(has))
    }

    /// Whether there are some kinds, and nothing of them is recorded.
    pub(super) fn lacks_all(&self, kinds: &[Target]) -> bool {
        !kinds.is_empty() && kinds.iter().all(|kind| self.person.matching(kind).next().is_none())
    }

    /// Whether people must tell what no complete record has.
    fn is_for_people(&self, has: &Has) -> bool {
        self.settings.absence == Absence::Closed && !self.is_closed(has)
    }

    /// Whether a clinician's note would say it if it were so.
    pub(super) fn is_presumable(&self, has: &Has, female: bool) -> bool {
        let plans = matches!(time::asked(has, self.settings), Asked::Future);
        let silent = matches!(
            &*has.concept.0,
            "contraception" | "informed_consent" | "abstinence" | "healthy_volunteer"
        );
        // Words that no table has are presumed only where all of the criterion rules out.
        let vague =
            has.concept.0.strip_prefix("text:").is_some_and(|words| !self.forbidden || is_plan(words));
        !(plans || vague || silent || female && self.may_be_pregnant())
    }

    /// Whether the person is of an age to be pregnant, or of unknown age.
    pub(super) fn may_be_pregnant(&self) -> bool {
        let today = self.settings.index_date;
        let years = self.person.subject.birth.as_ref().and_then(|birth| birth.years_on(today));
        years.is_none_or(|(least, most)| most >= 12 && least <= 55)
    }
}

/// Whether drugs of a class are asked for: any drug that is recorded may be one of it, and no table tells of all.
pub(super) fn is_class_of_drugs(has: &Has) -> bool {
    has.kind == Kind::DrugClass || &*has.concept.0 == "chemotherapy"
}

/// Whether an allergy is asked for to something that no table has.
pub(super) fn is_unknown_allergy(has: &Has) -> bool {
    has.kind == Kind::Allergy && has.concept.0.starts_with("text:")
}

/// The diseases that words of no table are a kind of: `peripheral neuropathy of any cause` is a peripheral neuropathy.
pub(super) fn kinds_of(has: &Has) -> Vec<Target> {
    let is_text = has.concept.0.starts_with("text:");
    if !is_text || matches!(has.kind, Kind::Allergy | Kind::Drug | Kind::DrugClass) {
        return Vec::new();
    }
    let kinds = super::called::kinds(&has.text).into_iter();
    kinds.filter(|id| category(*id) == Category::Disease).filter_map(Target::of_kind).collect()
}

/// The diseases that a positive result stands for, where a criterion names them and no test: `HIV infection`.
pub(super) fn infections_of(coded: &Coded) -> Vec<Target> {
    const TESTS: [&str; 8] = ["antibod", "antigen", "hbsag", "test", "serolog", "rna", "dna", "load"];
    let positive = coded.values.iter().all(|code| matches!(code, Code::Word(word) if word == "positive"));
    let words = coded.text.to_lowercase();
    if !positive || TESTS.iter().any(|test| words.contains(test)) {
        return Vec::new();
    }
    let headings = vocabulary::variable::headings(&coded.var.0).iter().copied();
    headings.filter(|id| category(*id) == Category::Disease).filter_map(Target::of_kind).collect()
}

/// Whether a drug is recorded.
pub(super) fn takes_drugs(subject: &Subject) -> bool {
    let is_drug = |fact: &Fact| matches!(fact.kind, FactKind::Drug | FactKind::DrugRequest);
    subject.facts.iter().any(|fact| is_drug(fact) && !fact.says_absent())
}

/// Whether what a heading of MeSH names can be a fact of a record: no part of the body, and no concept of research or of
/// statistics (`normal range`).
fn is_recorded(concept: &str) -> bool {
    static TECHNIQUES: LazyLock<Option<ConceptId>> = LazyLock::new(|| vocabulary::by_id("D008919"));
    let Some(heading) = vocabulary::by_curie(concept) else { return true };
    let technique = TECHNIQUES.is_some_and(|all| is_or_below(heading, all));
    !technique && !matches!(category(heading), Category::Anatomy | Category::Other)
}

fn is_plan(words: &str) -> bool {
    words.split(' ').any(human::is_about_plans)
}

fn fact_wanted(has: &Has) -> Want {
    Want::Fact { kind: has.kind, of: has.text.clone() }
}

/// Lists that only the protocol has.
pub(super) fn is_list(concept: &str) -> bool {
    let kind = vocabulary::variable::by_id(concept).map(|variable| variable.kind);
    concept == "unspecified_allergen" || kind == Some(vocabulary::variable::Kind::ExternalList)
}

/// Whether a record says that something is so.
fn is_present(fact: &Fact) -> bool {
    let unknown = tobacco::status(fact) == Some(tobacco::Status::Unknown);
    fact.counts() && !is_denied(fact) && result_is_present(fact) && !unknown
}

/// Whether a record says that something is not so.
fn is_denied(fact: &Fact) -> bool {
    fact.says_absent() || fact.counts() && fact.value == Some(Value::Boolean(false)) || is_negative(fact)
}

fn is_negative(fact: &Fact) -> bool {
    let word = match &fact.value {
        Some(Value::Coded(what)) => what.label(),
        Some(Value::Text(text)) => text,
        _ => return false,
    };
    const WORDS: [&str; 7] = ["negative", "not detected", "absent", "no", "never", "none", "normal"];
    // `Never smoker`, `Never smoked tobacco`
    let never = word.get(..6).is_some_and(|front| front.eq_ignore_ascii_case("never "));
    never
        || tobacco::status(fact) == Some(tobacco::Status::Never)
        || WORDS.iter().any(|negative| word.eq_ignore_ascii_case(negative))
}

/// A measured number does not say that the condition of its name is present.
fn result_is_present(fact: &Fact) -> bool {
    fact.kind != FactKind::Observation || !matches!(fact.value, Some(Value::Quantity(_) | Value::Range(_)))
}

/// What is said of a fact besides what and when: a recorded quality decides, a missing one is unknown.
pub(super) fn refined(fact: &Fact, has: &Has) -> (Truth, Option<Want>) {
    let (truth, lacking) = refinement(fact, has);
    let want = |(key, value): (&'static str, &str)| Want::Quality {
        of: has.text.clone(),
        key,
        value: value.to_owned(),
    };
    (truth, lacking.map(want))
}

/// The same, with the quality that is not known as its key and value.
fn refinement<'h>(fact: &Fact, has: &'h Has) -> (Truth, Option<(&'static str, &'h str)>) {
    let mut out = (Truth::Met, None);
    let wanted: [(&'static str, &'h Option<String>); 7] = [
        ("severity", &has.severity),
        ("control", &has.control),
        ("course", &has.course),
        ("significance", &has.significance),
        ("evidence", &has.evidence),
        ("form", &has.form),
        ("site", &has.site),
    ];
    for (key, value) in wanted {
        let Some(value) = value else { continue };
        let truth = quality(fact, key, value);
        if truth < out.0 {
            out = (truth, (truth == Truth::Unknown).then_some((key, value.as_str())));
        }
    }
    if fact.certainty == Certainty::Uncertain && out.0 == Truth::Met {
        out = (Truth::Unknown, Some(("certainty", "confirmed")));
    }
    out
}

/// Whether words stand in a text where a word begins: `symptomatic` does not in `asymptomatic`.
fn stands_in(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

fn quality(fact: &Fact, key: &str, value: &str) -> Truth {
    let label = |what: &Option<model::What>| what.as_ref().map(|what| what.label().to_lowercase());
    let text = fact.what.label().to_lowercase();
    let has = |word: &str| vocabulary::words(&text).iter().any(|w| w.norm == word);
    let recorded = match key {
        "severity" => label(&fact.severity),
        "site" => label(&fact.site),
        _ => None,
    };
    if let Some(recorded) = recorded {
        // Of `advanced` a record of `moderate` tells nothing: they are of no one scale.
        let scaled = key != "severity" || ["mild", "moderate", "severe"].contains(&value);
        return if scaled || recorded.contains(value) {
            Truth::of(recorded.contains(value))
        } else {
            Truth::Unknown
        };
    }
    let opposite: &[&str] = match value {
        "severe" => &["mild", "moderate", "slight"],
        "chronic" => &["acute"],
        "acute" => &["chronic"],
        "unstable" => &["stable"],
        "symptomatic" | "overt" => &["asymptomatic", "subclinical"],
        "tablet" => &["capsule"],
        "capsule" => &["tablet"],
        _ => &[],
    };
    match () {
        () if stands_in(&text, &value.replace('_', " ")) && !text.contains("well controlled") => Truth::Met,
        () if opposite.iter().any(|word| has(word)) => Truth::NotMet,
        () if value == "uncontrolled" && text.contains("controlled") => Truth::NotMet,
        () => Truth::Unknown,
    }
}

//! A concept of a criterion, and which facts it means.

use std::sync::LazyLock;

use model::{FactKind, What};
use serde::{Deserialize, Serialize};
use vocabulary::{ConceptId, variable};

use super::below::{counts_for, is_or_below};
use super::called::{Names, norms};
use crate::tree::{Concept, Has, Kind};

/// A concept of a criterion, as facts are held against it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Target {
    /// The concept.
    pub id: Box<str>,
    /// What is asked for.
    sort: Sort,
    /// Whether the printed words mean less than the id.
    narrowed: bool,
    /// The headings of MeSH that it is.
    #[serde(with = "crate::kept::headings")]
    pub headings: Vec<ConceptId>,
    /// The normal forms of the words that name it; none if they name nothing on their own.
    pub words: Vec<String>,
}

/// What a criterion asks for, as far as that tells which facts can say that it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Sort {
    /// An allergy.
    Allergy,
    /// How somebody is, or what has happened to them.
    State,
    /// A drug.
    Drug,
    /// What is done.
    Deed,
}

impl Sort {
    /// Of a kind of fact that a criterion asks for.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Allergy => Self::Allergy,
            Kind::Condition | Kind::Finding | Kind::Status | Kind::Event => Self::State,
            Kind::Drug | Kind::DrugClass => Self::Drug,
            Kind::Procedure | Kind::Treatment | Kind::Need => Self::Deed,
        }
    }

    /// Whether facts of a kind can say that it is so.
    fn takes(self, fact: FactKind) -> bool {
        match self {
            Self::Allergy => fact == FactKind::Allergy,
            // A vaccine has the name of its disease.
            Self::State => !matches!(fact, FactKind::Allergy | FactKind::Immunization),
            Self::Drug | Self::Deed => fact != FactKind::Allergy,
        }
    }

    /// Whether the words of such a fact name what it is. Those of a screening name the disease that is looked for, those
    /// of a disease may name the drug that causes it.
    fn takes_words(self, fact: FactKind) -> bool {
        use FactKind::{Condition, Consent, Drug, DrugRequest, Encounter, Procedure, TrialParticipation};
        match self {
            Self::State => {
                !matches!(fact, Procedure | Drug | DrugRequest | Encounter | Consent | TrialParticipation)
            }
            Self::Drug => fact != Condition,
            Self::Allergy | Self::Deed => true,
        }
    }
}

/// Words that name nothing on their own.
const GENERIC: [&str; 34] = [
    "disease",
    "disorder",
    "condition",
    "syndrome",
    "illness",
    "therapy",
    "treatment",
    "drug",
    "medication",
    "agent",
    "sign",
    "symptom",
    "finding",
    "problem",
    "diagnosis",
    "history",
    "procedure",
    "test",
    "result",
    "medical",
    "patient",
    "chronic",
    "acute",
    "severe",
    "other",
    "type",
    "case",
    "event",
    "status",
    "clinical",
    "use",
    "any",
    "study",
    "level",
];

/// Headings that say no more than that somebody is ill.
static ANY_DISEASE: LazyLock<Vec<ConceptId>> = LazyLock::new(|| {
    // Disease, Acute Disease, Chronic Disease, Syndrome
    ["D004194", "D000208", "D002908", "D013577"].iter().filter_map(|id| vocabulary::by_id(id)).collect()
});

/// Words of what only women can be.
const WOMEN: [&str; 11] = [
    "pregnant",
    "pregnancy",
    "breastfeeding",
    "lactating",
    "menopausal",
    "premenopausal",
    "postmenopausal",
    "childbearing",
    "bearing",
    "woman",
    "female",
];
/// With one of these it may be asked of men.
const MEN: [&str; 6] = ["man", "male", "partner", "wife", "spouse", "couple"];

impl Target {
    /// What a criterion asks for.
    pub fn of(has: &Has) -> Self {
        Self::new(&has.concept, &has.text, Sort::of(has.kind))
    }

    /// A concept of a criterion, and the words that name it there.
    pub fn new(concept: &Concept, text: &str, sort: Sort) -> Self {
        let id = &*concept.0;
        let (mut headings, words) = match id.split_once(':') {
            Some(("text", words)) => (Vec::new(), norms(words)),
            Some(_) => (vocabulary::by_curie(id).into_iter().collect(), norms(text)),
            None => (variable::headings(id).to_vec(), norms(text)),
        };
        // `dementia` is read as cognitive impairment, and means only dementia.
        let own = vocabulary::by_name(text);
        // The `alcohol` of `alcohol or drug abuse` is a part of a name.
        let whole =
            own.is_none_or(|own| headings.is_empty() || headings.iter().any(|id| is_or_below(own, *id)));
        let words = if whole { words } else { Vec::new() };
        let narrower =
            own.filter(|own| headings.iter().any(|broad| own != broad && is_or_below(*own, *broad)));
        if let Some(own) = narrower {
            headings = vec![own];
        }
        let words =
            if words.iter().all(|word| GENERIC.contains(&word.as_str())) { Vec::new() } else { words };
        Self { id: id.into(), sort, narrowed: narrower.is_some(), headings, words }
    }

    /// All that a heading names; `None` if its name says no more than that it is something (`Disease`).
    pub fn of_kind(heading: ConceptId) -> Option<Self> {
        (!ANY_DISEASE.contains(&heading)).then(|| Self {
            // No variable is meant; the heading alone tells which kind.
            id: Box::default(),
            sort: Sort::State,
            narrowed: false,
            headings: vec![heading],
            words: Vec::new(),
        })
    }

    /// Whether only a woman can be so.
    pub fn is_female_only(&self) -> bool {
        const IDS: [&str; 5] =
            ["pregnancy", "lactation", "childbearing_potential", "pregnancy_intent", "menopause"];
        const HEADINGS: [&str; 4] = ["D011247", "D011248", "D001942", "D007774"];
        let female = |heading: &ConceptId| {
            let of = |id: &str| vocabulary::by_id(id).is_some_and(|id| is_or_below(*heading, id));
            HEADINGS.iter().any(|id| of(id))
        };
        let has = |list: &[&str]| self.words.iter().any(|word| list.contains(&word.as_str()));
        let worded = has(&WOMEN) && !has(&MEN);
        IDS.contains(&&*self.id) || worded || !self.headings.is_empty() && self.headings.iter().all(female)
    }

    /// Whether a disease is an allergy (`peanut allergy`): records keep it as one.
    fn is_allergy(&self) -> bool {
        static ALL: LazyLock<Option<ConceptId>> = LazyLock::new(|| vocabulary::by_id("D006967"));
        let named = |word: &String| matches!(word.as_str(), "allergy" | "hypersensitivity");
        self.words.iter().any(named)
            || ALL.is_some_and(|all| self.headings.iter().any(|heading| is_or_below(*heading, all)))
    }

    /// Whether a fact is this very thing, and not a narrower one; `None` if it is about something else. It is about
    /// this if its variable or heading is the same, if its heading is narrower, if it is a kind of this by its words, or
    /// if it has all the words.
    pub fn is_same(&self, kind: FactKind, what: &What, names: &Names) -> Option<bool> {
        let of_allergy = kind == FactKind::Allergy && self.sort == Sort::State && self.is_allergy();
        if !self.sort.takes(kind) && !of_allergy {
            return None;
        }
        let variable = !self.narrowed && what.variable.as_deref() == Some(&*self.id);
        if variable || names.headings.iter().any(|heading| self.headings.contains(heading)) {
            return Some(true);
        }
        let all_words = || {
            let words = !self.words.is_empty() && self.sort.takes_words(kind);
            words && self.words.iter().all(|word| names.words.contains(word)) && names.says(&self.words)
        };
        if all_words() {
            let more = |word: &&String| !self.words.contains(word) && !GENERIC.contains(&word.as_str());
            let narrower = names.words.iter().any(|word| more(&word));
            // A prostate volume is no kind of prostate.
            if !narrower
                || names
                    .heads
                    .iter()
                    .any(|head| self.words.contains(head) || GENERIC.contains(&head.as_str()))
            {
                return Some(!narrower);
            }
        }
        let narrower = |heading: &ConceptId| self.headings.iter().any(|broad| counts_for(*heading, *broad));
        names.headings.iter().chain(&names.kinds).any(narrower).then_some(false)
    }
}

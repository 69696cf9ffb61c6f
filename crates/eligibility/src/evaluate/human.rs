//! What a person must decide: answered once, or told by the record in so many words.

use model::Fact;

use super::Walk;
use super::finding::{Ground, OneOrMore, Outcome, Want};
use crate::tree::Reason;

/// Words that turn willingness or ability round.
const NOT: [&str; 24] = [
    "no",
    "not",
    "unwilling",
    "unwillingness",
    "unable",
    "inability",
    "refuse",
    "refusal",
    "refusing",
    "refused",
    "decline",
    "declines",
    "lack",
    "lacking",
    "missing",
    "failure",
    "without",
    "cannot",
    "unreliable",
    "noncompliance",
    "noncompliant",
    "poor",
    "incapable",
    "incapacity",
];

impl Walk<'_, '_> {
    /// What the answer of a person is, or what the record says of consent and of keeping to the plan.
    pub(super) fn human(&self, reason: Reason, text: &str) -> Outcome {
        if let Some(answer) = self.settings.answer_of_words(text) {
            let ground = Ground::Answer { question: text.to_owned(), by: answer.by.clone() };
            return Outcome::settled(answer.holds, OneOrMore::one(self.evidence(ground)));
        }
        let question = Question::new(reason, text);
        if let Some((at, fact)) = self.told(&question) {
            let turned = question.turned != fact.says_absent();
            return Outcome::settled(!turned, OneOrMore::one(self.cite(at, None)));
        }
        let want = Want::Answer { reason, question: text.to_owned() };
        self.unrecorded(format!("`{text}`"), want, false, question.mentioned)
    }

    /// The fact that tells of consent or of keeping to the plan, if that is what is asked.
    fn told(&self, question: &Question) -> Option<(usize, &Fact)> {
        self.person.about(question.about?).find(|(_, fact)| fact.counts() || fact.says_absent())
    }
}

/// All that matters of words for a person, where no person has answered them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Question {
    /// The variable that tells.
    pub about: Option<&'static str>,
    /// Whether it is asked whether that is not so.
    turned: bool,
    /// Whether a clinician's note would tell.
    mentioned: bool,
}

impl Question {
    /// What words ask.
    pub fn new(reason: Reason, text: &str) -> Self {
        let words: Vec<String> = vocabulary::words(text).into_iter().map(|word| word.norm).collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let asks = matches!(reason, Reason::Consent | Reason::Subjective | Reason::NotInRecord);
        // `prior participation in this study`: no matter of who will take part.
        let past = has(&["prior", "previous", "previously", "past", "earlier", "history", "already"]);
        let about = match () {
            () if asks && !past && (has(&CONSENT) || is_bare_ability(&words)) => Some("informed_consent"),
            () if asks && has(&COMPLY) && has(&STUDY) => Some("text:protocol compliance"),
            () => None,
        };
        let plans = reason == Reason::NotInRecord && words.iter().any(|word| is_about_plans(word));
        Self { about, turned: has(&NOT), mentioned: !plans }
    }
}

/// Whoever gives informed consent takes part, and is able to understand and decide.
const CONSENT: [&str; 13] = [
    "consent",
    "participate",
    "participation",
    "willing",
    "willingness",
    "agree",
    "accept",
    "enroll",
    "comprehend",
    "understand",
    "understanding",
    "decisional",
    "competent",
];
const COMPLY: [&str; 8] =
    ["comply", "compliant", "compliance", "adhere", "adherence", "follow", "cooperate", "complete"];
const STUDY: [&str; 9] = [
    "study",
    "trial",
    "protocol",
    "procedure",
    "visit",
    "requirement",
    "instruction",
    "assessment",
    "schedule",
];

/// Whether words say that somebody is able, and not to do what: the rest was read on its own.
fn is_bare_ability(words: &[String]) -> bool {
    const BARE: [&str; 16] = [
        "able",
        "unable",
        "ability",
        "inability",
        "capable",
        "capacity",
        "patient",
        "subject",
        "participant",
        "must",
        "be",
        "is",
        "to",
        "the",
        "of",
        "and",
    ];
    !words.is_empty() && words.iter().all(|word| BARE.contains(&word.as_str()))
}

/// Whether a word tells of plans and wishes, which no note would tell of.
pub(super) fn is_about_plans(word: &str) -> bool {
    const PLANS: [&str; 13] = [
        "plan",
        "planning",
        "planned",
        "desire",
        "wish",
        "intend",
        "intention",
        "future",
        "expect",
        "expected",
        "speak",
        "language",
        "leave",
    ];
    PLANS.contains(&word)
}

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
        let words: Vec<String> = vocabulary::words(text).into_iter().map(|word| word.norm).collect();
        if let Some((at, fact)) = self.told(reason, &words) {
            let turned = words.iter().any(|word| NOT.contains(&word.as_str())) != fact.says_absent();
            return Outcome::settled(!turned, OneOrMore::one(self.evidence(self.person.cite(at, None))));
        }
        let want = Want::Answer { reason, question: text.to_owned() };
        let mentioned =
            !matches!(reason, Reason::NotInRecord) || !words.iter().any(|word| is_about_plans(word));
        self.unrecorded(format!("`{text}`"), want, false, mentioned)
    }

    /// The fact that tells of consent or of keeping to the plan, if that is what is asked.
    fn told(&self, reason: Reason, words: &[String]) -> Option<(usize, &Fact)> {
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let about = match reason {
            Reason::Consent | Reason::Subjective | Reason::NotInRecord
                if has(&CONSENT) || is_bare_ability(words) =>
            {
                "informed_consent"
            }
            Reason::Consent | Reason::Subjective | Reason::NotInRecord if has(&COMPLY) && has(&STUDY) => {
                "text:protocol compliance"
            }
            _ => return None,
        };
        self.person.about(about).find(|(_, fact)| fact.counts() || fact.says_absent())
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

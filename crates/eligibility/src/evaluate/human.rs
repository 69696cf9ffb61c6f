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
        if let Some(answer) = self.settings.answer(text) {
            let ground = Ground::Answer { question: text.to_owned(), by: answer.by.clone() };
            return Outcome::settled(answer.holds, OneOrMore::one(self.evidence(ground)));
        }
        let words: Vec<String> = vocabulary::words(text).into_iter().map(|word| word.norm).collect();
        if let Some((at, fact)) = self.told(reason, &words) {
            let turned = words.iter().any(|word| NOT.contains(&word.as_str())) != fact.says_absent();
            return Outcome::settled(!turned, OneOrMore::one(self.evidence(self.person.cite(at, None))));
        }
        let want = Want::Answer { reason, question: text.to_owned() };
        let mentioned = !matches!(reason, Reason::NotInRecord) || is_remarkable(&words);
        self.unrecorded(format!("`{text}`"), want, false, mentioned)
    }

    /// The fact that tells of consent or of keeping to the plan, if that is what is asked.
    fn told(&self, reason: Reason, words: &[String]) -> Option<(usize, &Fact)> {
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let consent = has(&["consent", "participate", "willing", "willingness", "agree", "accept", "enroll"]);
        let comply = has(&[
            "comply",
            "compliant",
            "compliance",
            "adhere",
            "adherence",
            "follow",
            "cooperate",
            "complete",
        ]);
        let about = match reason {
            Reason::Consent | Reason::Subjective | Reason::NotInRecord if consent => "informed_consent",
            Reason::Consent | Reason::Subjective | Reason::NotInRecord if comply => {
                "text:protocol compliance"
            }
            _ => return None,
        };
        self.person.about(about).find(|(_, fact)| fact.counts() || fact.says_absent())
    }
}

/// Whether words that were not understood are about the person's state, not about plans or the study's own things.
fn is_remarkable(words: &[String]) -> bool {
    const PLANS: [&str; 12] = [
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
    ];
    !words.iter().any(|word| PLANS.contains(&word.as_str()))
}

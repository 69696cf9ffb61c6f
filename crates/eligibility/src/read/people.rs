//! What a record cannot decide: judgement, consent, understanding, open lists.

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use crate::tree::{Node, Op, Reason};

impl Cx<'_> {
    /// A clause that is for a person, in whole or in part; `None` if a record may decide it.
    pub fn for_a_person(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(FOR_A_PERSON) {
            return None;
        }
        if let Some(node) = self.investigator(a, b) {
            return Some(node);
        }
        let named = |i: &usize| matches!(self.what(*i), What::Var(v) if v.id == "informed_consent");
        let consent = (a..b).find(named);
        // `within 30 days before informed consent`: only a time.
        if let Some(at) = consent.filter(|_| !(a..b).filter(named).all(|at| self.is_after_before(at, a))) {
            return self.consent(at, a, b);
        }
        self.of_no_record(a, b)
            .or_else(|| self.willingness(a, b))
            .or_else(|| self.suited(a, b))
            .or_else(|| self.hindrance(a, b))
            .or_else(|| self.open(a, b))
    }

    /// The investigator's judgement: the whole clause, or what follows `that` behind something known.
    fn investigator(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::HumanInvestigator])) {
            return None;
        }
        let who = (a..b).find(|&i| self.is(i, Class::HumanInvestigator))?;
        let judged = (a..b).any(|i| {
            self.is(i, Class::HumanOpinion)
                || self.word_is(
                    i,
                    &[
                        "per",
                        "decision",
                        "decide",
                        "decides",
                        "satisfaction",
                        "evaluated",
                        "evaluation",
                        "estimation",
                        "suspected",
                        "according",
                    ],
                )
        }) || (a..b).any(|i| self.word_is(i, &["judged", "deemed"]));
        if !judged {
            return None;
        }
        let cue = (a..=who)
            .find(|&i| self.is(i, Class::HumanOpinion) || self.word_is(i, &["per", "as", "judged"]))
            .unwrap_or(who);
        let start = self.subordinate(a, cue);
        if start > a && self.says_something(a, start) && !self.is_generic(a, start) {
            let from = self.behind_relative(start);
            let human = self.human(Reason::InvestigatorJudgement, from, b, "person.investigator");
            if self.or_by_default() && self.is_of_others(start) {
                let head = self.clause(a, start);
                return join(head.into_iter().chain([human]).collect(), true, "person.investigator");
            }
            return self.judged(a, start, human, "person.investigator");
        }
        // What is listed behind `including` are examples.
        let end = self
            .find(a, b, |w| matches!(w, What::Lex(Class::Including, _)))
            .filter(|&i| i > who)
            .unwrap_or(b);
        Some(self.human(Reason::InvestigatorJudgement, a, end, "person.investigator"))
    }

    /// Where the part of a clause begins that a cue stands in: at `that`, `which`, a comma, or the cue itself.
    fn subordinate(&self, a: usize, cue: usize) -> usize {
        let relative = self
            .find(a, cue, |w| matches!(w, What::Lex(Class::Skip, _)))
            .and_then(|_| (a..cue).find(|&i| self.word_is(i, &["that", "which", "who"])))
            .filter(|&i| i > a && !self.is_empty(a, i));
        if let Some(at) = relative {
            return at;
        }
        (a..cue).rev().find(|&i| matches!(self.what(i), What::Comma)).unwrap_or(cue)
    }

    /// `..., those who the investigator believes ...`: others than those named before.
    fn is_of_others(&self, start: usize) -> bool {
        let mut i = start;
        while matches!(self.what(i), What::Comma) || matches!(self.class(i), Some(Class::And | Class::Or)) {
            i += 1;
        }
        self.word_is(i, OTHERS) || self.word_is(i, &["any"]) && self.word_is(i + 1, OTHERS)
    }

    fn behind_relative(&self, start: usize) -> usize {
        let mut at = start;
        while matches!(self.what(at), What::Comma) || self.word_is(at, &["that", "which", "who"]) {
            at += 1;
        }
        at
    }

    /// Whether nothing but `any other condition` and the like stands in `a..b`.
    fn is_generic(&self, a: usize, b: usize) -> bool {
        (a..b).all(|i| match self.what(i) {
            What::Lex(class, _) => {
                !matches!(class, Class::Ever | Class::Allergy | Class::Positive | Class::Negative)
            }
            What::Var(_) | What::Named(_) | What::Quant(_) => false,
            _ => true,
        })
    }

    /// Informed consent: given or not, with what else is asked of the person.
    fn consent(&mut self, at: usize, a: usize, b: usize) -> Option<Node> {
        // `18 years or older at the time of consent`: a time.
        if let Some(start) = self.time_of_consent(at, a).filter(|_| self.is_empty(at + 1, b)) {
            self.label(start, b);
            return self.clause(a, start);
        }
        // `under 18 years or unable to consent`: a list takes it apart.
        let links = self.places(a, at, |w| matches!(w, What::Comma | What::Lex(Class::And | Class::Or, _)));
        if links.iter().any(|&link| (a..link).any(|i| self.is_other_fact(i) || self.time(i).is_some())) {
            return None;
        }
        let mut has = self.fact(at, at, at + 1);
        // `sign the ICF before any step of the study`
        let mut end = at + 1;
        if let Some(read) = self.window(end, b)
            && self.is(end, Class::Before)
        {
            has.when = Some(read.when);
            end = read.end;
        } else if let Some(before) = (end..b.min(end + 3)).find(|&i| self.is(i, Class::Before))
            && let Some(read) = self.window(before, b)
        {
            has.when = Some(read.when);
            end = read.end;
        }
        let node = self.node(Op::Has(Box::new(has)), at, at + 1, "person.consent");
        let negative = (a..at).any(|i| {
            self.is(i, Class::Neg)
                || self.word_is(
                    i,
                    &[
                        "unable",
                        "unwilling",
                        "inability",
                        "unwillingness",
                        "refuse",
                        "refusal",
                        "refused",
                        "incapable",
                        "incapacity",
                        "fail",
                        "failure",
                        "incompetent",
                        "refuses",
                        "declined",
                        "decline",
                        "lack",
                    ],
                )
        });
        let mut nodes = Vec::new();
        // What stands before: `understand and`, `capacity to ..., with`.
        let mut head = at;
        while head > a
            && (self.is(head - 1, Class::Skip)
                || matches!(self.what(head - 1), What::Comma | What::Dash | What::Slash | What::Open)
                || self.word_is(head - 1, CONSENT_WORDS)
                || self.is(head - 1, Class::With)
                || self.is(head - 1, Class::And)
                || self.is(head - 1, Class::Or))
        {
            head -= 1;
        }
        let alone = !self.says_something(a, at) && !(end..b).any(|i| self.is_other_fact(i));
        if negative && alone && self.is_empty(end, b) && a == self.first && b >= self.last {
            return Some(self.human(Reason::Consent, a, b, "person.consent"));
        }
        if negative {
            nodes.push(negate(node));
        } else {
            let asks = (a..head).any(|i| {
                matches!(self.class(i), Some(Class::HumanSubjective | Class::HumanConsent | Class::Ability))
            });
            let asked = (a..head)
                .find(|&i| {
                    matches!(
                        self.class(i),
                        Some(Class::HumanSubjective | Class::HumanConsent | Class::Ability)
                    )
                })
                .unwrap_or(head);
            // `patients with diabetes able to ...`: who they are comes first.
            if asks && asked > a && self.says_something(a, asked) {
                nodes.extend(self.clause(a, asked));
            } else if asks {
                let reason =
                    if (a..head).any(|i| self.is(i, Class::HumanSubjective) || self.is(i, Class::Ability)) {
                        Reason::Subjective
                    } else {
                        Reason::Consent
                    };
                nodes.push(self.human(reason, a, head, "person.capacity"));
            } else if head > a && self.says_something(a, head) {
                nodes.extend(self.clause(a, head));
            }
            // Consent to this study, and nothing else: nobody's record has it before they are asked.
            if nodes.is_empty() && alone && a == self.first && b >= self.last {
                return Some(self.human(Reason::Consent, a, b, "person.consent"));
            }
            nodes.push(node);
        }
        let (rest, b) = self.trim(end, b);
        if rest < b && !self.is_empty(rest, b) {
            let mut from = rest;
            while from < b
                && (matches!(self.class(from), Some(Class::And | Class::Or))
                    || matches!(self.what(from), What::Comma))
            {
                from += 1;
            }
            let more = from > rest || matches!(self.what(rest.wrapping_sub(1)), What::Comma);
            let or = !negative && (rest..from).any(|i| self.is(i, Class::Or));
            if more && from < b {
                let last = if or { nodes.pop() } else { None };
                let alternatives = last.into_iter().chain(self.clause(from, b)).collect();
                nodes.extend(join(alternatives, true, "person.consent"));
            }
        }
        join(nodes, negative, "person.consent")
    }

    /// Whether a word speaks of understanding and compliance by itself, or of an ability named before it.
    pub fn is_of_the_mind(&self, i: usize, a: usize, b: usize) -> bool {
        const ALONE: &[&str] = &[
            "understand",
            "understanding",
            "comprehend",
            "comprehension",
            "comply",
            "compliance",
            "noncompliance",
            "adhere",
            "adherence",
            "cooperate",
            "cooperation",
            "cooperative",
            "uncooperative",
            "follow instruction",
            "reliable",
            "unreliable",
            "motivated",
            "motivation",
            "communicate",
            "fluent",
            "fluent in",
            "speak",
            "read",
            "literate",
            "language",
            "poor compliance",
            "availability",
            "communication",
            "insight",
        ];
        self.word_is(i, ALONE)
            || (a..b).any(|k| matches!(self.class(k), Some(Class::Ability | Class::HumanConsent)))
            || self.read(i, i + 1).to_ascii_lowercase().starts_with("non")
    }

    /// Whether `before` or `prior to` stands before an element.
    fn is_after_before(&self, at: usize, a: usize) -> bool {
        let between = |i: &usize| self.is(*i, Class::Skip) || self.word_is(*i, CONSENT_WORDS);
        let before = (a..at).rev().find(|i| !between(i) || self.is(*i, Class::Before));
        before.is_some_and(|i| self.is(i, Class::Before) && i > a && self.time(i - 1).is_some())
    }

    /// Where `at the time of signing` begins before consent, if something else is said before it.
    fn time_of_consent(&self, at: usize, a: usize) -> Option<usize> {
        let between = |i: &usize| {
            self.is(*i, Class::Skip) || self.word_is(*i, CONSENT_WORDS) || self.is_empty(*i, *i + 1)
        };
        let time = |i: usize| {
            let words = self.read(i, i + 1).to_ascii_lowercase();
            words.split(' ').any(|word| ["time", "day", "date"].contains(&word))
        };
        let at_it = |i: usize| i + 1 == at && self.word_is(i, &["at"]);
        let mut start = (a..at).rev().find(|&i| time(i) || at_it(i) || !between(&i))?;
        if !time(start) && !at_it(start) {
            return None;
        }
        while start > a && (self.is_empty(start - 1, start) || self.word_is(start - 1, &["at", "on", "as"])) {
            start -= 1;
        }
        let says = self.says_something(a, start) || (a..start).any(|i| matches!(self.what(i), What::Word));
        (start > a && says).then_some(start)
    }

    /// Whether an element names a condition, a treatment, or a value that is no time.
    fn is_other_fact(&self, i: usize) -> bool {
        match self.what(i) {
            What::Var(v) => {
                !matches!(super::leaf::kind_of(v), crate::tree::Kind::Status | crate::tree::Kind::Event)
            }
            What::Named(id) => super::leaf::kind_of_named(id) == Some(crate::tree::Kind::Condition),
            What::Quant(_) => self.time(i).is_none(),
            _ => false,
        }
    }

    /// Insurance, guardianship, kinship with the staff: what no medical record holds.
    fn of_no_record(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::HumanRecord])) || !(a..b).any(|i| self.is(i, Class::HumanRecord)) {
            return None;
        }
        let links = self.places(a, b, |w| matches!(w, What::Comma | What::Lex(Class::And | Class::Or, _)));
        let is_age = |i: usize| matches!(self.what(i), What::Var(v) if v.id == "age");
        let is_other = |i: usize| self.is_other_fact(i) || is_age(i) || self.time(i).is_some_and(|q| q.age);
        let others = (a..b).any(is_other);
        if others && links.iter().any(|&link| (a..link).any(is_other) || (link..b).any(is_other)) {
            return None;
        }
        Some(self.human(Reason::NotInRecord, a, b, "person.no_record"))
    }

    /// Willing, able, understanding, complying.
    fn willingness(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::HumanConsent, Class::HumanSubjective, Class::Ability])) {
            return None;
        }
        let first = (a..b).find(|&i| {
            matches!(self.class(i), Some(Class::HumanConsent | Class::HumanSubjective | Class::Ability))
        })?;
        // `unable to walk` is a finding; `unable to follow the protocol` is for a person. Words such as `complete`
        // say it only of what somebody is able or willing to do.
        let mind = (first..b).any(|i| self.is(i, Class::HumanSubjective) || self.is(i, Class::HumanConsent));
        if self.is(first, Class::Ability) && !mind {
            return self.of_the_body(a, first, b);
        }
        if self.is(first, Class::HumanSubjective) && !self.is_of_the_mind(first, a, b) {
            return None;
        }
        // A number decides more than a word such as `available`; `pregnant willing` is a plan.
        let numbers = (a..b).any(|i| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].bare && !self.e.quants[q as usize].is_time()));
        if numbers && first > a && self.says_something(a, first) {
            return None;
        }
        // Only where the clause is about it: nothing is said before, or the words open a part of a list.
        let before = self.find(a, first, |w| matches!(w, What::Comma | What::Lex(Class::And | Class::Or, _)));
        // `..., and is willing to`: only that part is for a person; the list takes it apart.
        if before.is_some() {
            return None;
        }
        if self.says_something(a, first) {
            return self.willing_people(a, first, b);
        }
        if let Some(node) = self.also_a_disease(a, first, b) {
            return Some(node);
        }
        let later = self.find(first, b, |w| matches!(w, What::Comma));
        if later.is_some_and(|at| {
            (at..b).any(|i| {
                matches!(self.what(i), What::Var(v) if super::leaf::kind_of(v) != crate::tree::Kind::Status)
                    || matches!(self.what(i), What::Quant(_))
            })
        }) {
            return None;
        }
        let reason = if self.is(first, Class::HumanConsent) { Reason::Consent } else { Reason::Subjective };
        Some(self.human(reason, a, b, "person.willing"))
    }

    /// `inability to sit, stand or walk`: a list of what the body is able to do.
    fn of_the_body(&mut self, a: usize, first: usize, b: usize) -> Option<Node> {
        let before = (a..first).all(|i| self.is_empty(i, i + 1) || self.is(i, Class::Neg));
        // `ability to undergo surgery`: not that it was done.
        const VERBS: &[&str] = &["undergo", "tolerate", "receive", "withstand", "complete", "perform"];
        let commas = self.find(first, b, |w| matches!(w, What::Comma)).is_some();
        let value = (first..b).any(|i| matches!(self.what(i), What::Quant(_)));
        if before && !commas && !value && (first + 1..b.min(first + 5)).any(|i| self.word_is(i, VERBS)) {
            return Some(self.human(Reason::NotInRecord, a, b, "person.capacity"));
        }
        let list = !self.places(first, b, super::list::is_link).is_empty();
        (before && list && !self.says_something(a, b)).then(|| self.words_alone(a, b))
    }

    /// `willing to take part and who have asthma`, `motivated patients with asthma`: what is for a person, and what a
    /// record has.
    fn also_a_disease(&mut self, a: usize, first: usize, b: usize) -> Option<Node> {
        let opens = |cx: &Self, from: usize| {
            let begin = (from..b).find(|&i| !cx.is(i, Class::Skip) && !cx.is(i, Class::With))?;
            let bare = matches!(cx.what(begin), What::Quant(q) if cx.e.quants[q as usize].bare);
            (cx.is_other_fact(begin) && !bare).then_some(())
        };
        let adjective = self.word_is(first, &["motivated", "reliable", "cooperative", "literate"]);
        let with = (first + 1..b).find(|&i| !self.is(i, Class::Skip)).filter(|&i| self.is(i, Class::With));
        let cut = match with.filter(|_| adjective) {
            Some(with) => with,
            None => self
                .places(first, b, |w| matches!(w, What::Lex(Class::And, _)))
                .into_iter()
                .find(|&and| (and > first + 1 || adjective) && opens(self, and + 1).is_some())?,
        };
        // `willing to take metformin and insulin` is all of it for a person.
        let list = (first..cut).any(|i| matches!(self.what(i), What::Var(_) | What::Named(_)));
        if self.or_by_default() || list || (a..cut).any(|i| self.is(i, Class::Neg)) {
            return None;
        }
        opens(self, cut + 1)?;
        let reason = if self.is(first, Class::HumanConsent) { Reason::Consent } else { Reason::Subjective };
        let rest = self.clause(cut + 1, b)?;
        let human = self.human(reason, a, cut, "person.willing");
        join(vec![human, rest], false, "person.willing")
    }

    /// `patients with asthma willing to wear a monitor`: who they are, and what is asked of them.
    fn willing_people(&mut self, a: usize, first: usize, b: usize) -> Option<Node> {
        let mind = self.is(first, Class::HumanConsent)
            || (first..b)
                .any(|i| matches!(self.class(i), Some(Class::HumanSubjective | Class::HumanConsent)));
        if self.or_by_default() || !mind || (a..first).any(|i| self.is(i, Class::Neg)) {
            return None;
        }
        let known = (a..first).any(|i| match self.what(i) {
            What::Var(v) => v.id != "sex",
            What::Named(_) => true,
            _ => self.time(i).is_some_and(|q| q.age),
        });
        let mut from = first;
        while from > a && (self.is(from - 1, Class::Skip) || self.is(from - 1, Class::Ability)) {
            from -= 1;
        }
        if !known || from == a || (first..b).any(|i| self.is_other_fact(i)) {
            return None;
        }
        let reason = if self.is(first, Class::HumanConsent) { Reason::Consent } else { Reason::Subjective };
        let people = self.clause(a, from)?;
        let human = self.human(reason, from, b, "person.willing");
        join(vec![people, human], false, "person.willing")
    }

    /// `... that may interfere with the study`, `limiting life expectancy`: a part without a threshold.
    fn hindrance(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::HumanClinical])) {
            return None;
        }
        let cue = (a..b).find(|&i| self.is_hindrance(i))?;
        if (a..b).any(|i| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].is_time() && !self.e.quants[q as usize].bare)) {
            return None;
        }
        let relative = (a..cue).rev().find(|&i| self.word_is(i, &["that", "which", "who"]) && i > a);
        let start = relative.unwrap_or(cue);
        let separators =
            self.places(a, b, |w| matches!(w, What::Comma | What::Lex(Class::Or | Class::And, _)));
        if relative.is_none() && separators.iter().any(|&i| i < cue) {
            return None;
        }
        // `illness limiting life expectancy, drug abuse`: the list goes on.
        if relative.is_none()
            && self.or_by_default()
            && separators.iter().any(|&i| i > cue && self.says_something(i, b))
        {
            return None;
        }
        if start == a || !self.says_something(a, start) {
            let named = (a..start).any(|i| matches!(self.what(i), What::Word));
            let reason = match (named, self.or_by_default() && relative.is_some()) {
                (true, false) => Reason::NotInRecord,
                (_, true) => Reason::OpenList,
                (false, false) => Reason::ClinicalJudgement,
            };
            return Some(self.human(reason, a, b, "person.hindrance"));
        }
        let from = self.behind_relative(start);
        let human = self.human(Reason::ClinicalJudgement, from, b, "person.hindrance");
        self.judged(a, start, human, "person.hindrance")
    }

    fn is_hindrance(&self, i: usize) -> bool {
        if !self.is(i, Class::HumanClinical) {
            return false;
        }
        // `the upper limit of normal` hinders nothing.
        let bound = self.word_is(i, &["limit"])
            && (i.saturating_sub(2)..i + 3)
                .any(|k| self.word_is(k, &["upper", "lower", "normal", "range", "normal range"]));
        !bound
            && self.word_is(
                i,
                &[
                    "interfere",
                    "interfere with",
                    "interfering",
                    "interfering with",
                    "interference with",
                    "confound",
                    "compromise",
                    "jeopardize",
                    "preclude",
                    "precluding",
                    "limiting",
                    "limit",
                    "impair the ability",
                    "prevent",
                    "preventing",
                    "affect the study",
                    "put the patient at risk",
                    "influence",
                    "affect",
                    "adversely affect",
                    "impact",
                    "impact on",
                    "prohibit",
                    "hinder",
                ],
            )
    }

    /// `any other condition`, `other severe diseases`: nothing that could be looked for.
    fn open(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::Significance, Class::HumanOpen, Class::HumanClinical])) {
            return None;
        }
        let significant = (a..b).find(|&i| self.is(i, Class::Significance)).filter(|&i| {
            !(i..b).any(|k| self.is_other_fact(k))
                && self.find(a, b, |w| matches!(w, What::Comma | What::Lex(Class::Or, _))).is_none()
        });
        if significant.is_some() {
            return Some(self.human(Reason::ClinicalJudgement, a, b, "person.significance"));
        }
        if self.says_something(a, b) || (a..b).any(|i| matches!(self.what(i), What::Word)) {
            return None;
        }
        // `any clinically significant laboratory result`
        let generic = (a..b).any(|i| self.is(i, Class::HumanOpen));
        let vague = (a..b).any(|i| self.is(i, Class::HumanClinical) || self.is(i, Class::Significance));
        let reason = match (generic, vague) {
            (true, _) if self.or_by_default() => Reason::OpenList,
            (true, true) | (false, true) => Reason::ClinicalJudgement,
            (true, false) => Reason::NotInRecord,
            (false, false) => return None,
        };
        Some(self.human(reason, a, b, "person.open"))
    }
}

/// Words for others than those named before.
const OTHERS: &[&str] = &[
    "those",
    "others",
    "other",
    "any other",
    "anyone",
    "anybody",
    "any patient",
    "any subject",
    "any participant",
    "patient",
    "subject",
    "participant",
    "person",
    "people",
    "individual",
];

/// What a clause has that is for a person.
pub const FOR_A_PERSON: Kinds = Kinds::CONSENT.or(Kinds::of(&[
    Class::HumanInvestigator,
    Class::HumanRecord,
    Class::HumanConsent,
    Class::HumanSubjective,
    Class::Ability,
    Class::HumanClinical,
    Class::HumanOpen,
    Class::Significance,
]));

/// Words that only carry `informed consent`.
const CONSENT_WORDS: &[&str] = &[
    "sign",
    "signed",
    "signing",
    "provide",
    "provided",
    "providing",
    "give",
    "gives",
    "given",
    "giving",
    "written",
    "write",
    "obtain",
    "obtained",
    "dated",
    "date",
    "oral",
    "verbal",
    "voluntary",
    "voluntarily",
    "own",
    "valid",
    "legally",
    "effective",
    "personally",
    "prior",
    "form",
    "signature",
    "complete",
    "completed",
    "approved",
    "irb",
    "independently",
    "freely",
];

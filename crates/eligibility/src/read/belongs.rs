//! What belongs to what stands before it, though a link stands between: `recovered from surgery or radiotherapy`,
//! `infection, requiring treatment`, `with or without A or B`.

use super::cx::Cx;
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use super::list::{Link, Part, is_link};

impl Cx<'_> {
    /// Whether a part tells that somebody recovered from something.
    pub fn recovers(&self, a: usize, b: usize) -> bool {
        const WORDS: &[&str] = &["recovered", "recovery", "recover", "recovering"];
        (a..b).any(|i| self.word_is(i, WORDS) && (i + 1..b.min(i + 3)).any(|k| self.word_is(k, &["from"])))
    }

    /// Whether a part says that something does not matter.
    pub fn is_free(&self, a: usize, b: usize) -> bool {
        const WORDS: &[&str] = &["with or without", "regardless of", "irrespective of", "independent of"];
        (a..b).any(|i| self.is(i, Class::True) && self.word_is(i, WORDS))
    }

    /// Whether what stands behind a link does not matter either: an `or` without a comma.
    pub fn goes_on_free(&self, link: Link, at: usize, end: usize, b: usize) -> bool {
        link == Link::Or && !matches!(self.what(at), What::Comma) && !self.has_value(end, b)
    }

    /// Whether a value that is no time stands before the next link.
    pub fn has_value(&self, a: usize, b: usize) -> bool {
        (a..b)
            .take_while(|&i| !is_link(self.what(i)))
            .any(|i| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].is_time()))
    }

    /// `allergy or hypersensitivity to X`: two words for one thing.
    pub fn merge_allergies(&self, parts: &mut Vec<Part>) {
        if !self.has(Kinds::of(&[Class::Allergy])) {
            return;
        }
        let allergy = |part: &Part| (part.a..part.b).find(|&i| self.is(i, Class::Allergy));
        for i in (0..parts.len().saturating_sub(1)).rev() {
            let (part, next) = (&parts[i], &parts[i + 1]);
            // `history of allergy to, or intolerance of, X`
            let bare = allergy(part).is_some()
                && (part.a..part.b).all(|k| matches!(self.what(k), What::Lex(..)) || self.is_person(k));
            // `allergy or intolerance of X`
            let bare = bare || self.is_allergy_alone(part.a, part.b);
            let to = [" to", " of"].iter().any(|to| self.read(part.a, part.b).ends_with(to));
            let named = match allergy(next) {
                Some(at) => {
                    (next.a..at).all(|k| self.is_empty(k, k + 1) || self.is(k, Class::Ever))
                        && self.says_something(at + 1, next.b)
                }
                None => to && self.says_something(next.a, next.b),
            };
            if bare && named {
                parts[i].b = parts[i + 1].b;
                parts.remove(i + 1);
            }
        }
    }

    /// Whether elements tell of an allergy without saying to what.
    fn is_allergy_alone(&self, a: usize, b: usize) -> bool {
        let any = |i: usize| self.is_any_allergy(i);
        b > a
            && any(b - 1)
            && (a..b).all(|i| any(i) || matches!(self.what(i), What::Lex(..)) || self.is_person(i))
    }

    /// Whether words for a reaction to something follow, joined to what stands before.
    pub fn names_allergen(&self, i: usize, b: usize) -> bool {
        let passed = |k: &usize| {
            matches!(self.class(*k), Some(Class::And | Class::Or | Class::AndOr | Class::Ever | Class::Known))
                || matches!(self.what(*k), What::Comma)
        };
        let next = (i..b).find(|k| !passed(k));
        next.is_some_and(|next| next > i && self.is(next, Class::Allergy))
    }

    /// Whether an element is the word for an allergy to whatever it may be.
    pub fn is_any_allergy(&self, i: usize) -> bool {
        matches!(self.what(i), What::Var(v) if v.id == "allergy")
    }

    /// `at the time of biopsy`: when something is so, not what somebody had.
    pub fn is_time_of_something(&self, a: usize, b: usize) -> bool {
        let words = self.read(a, b).trim_start_matches("and ");
        let begins = |time: &str| words.get(..time.len()).is_some_and(|w| w.eq_ignore_ascii_case(time));
        let time = begins("at the time of") || begins("at time of");
        time && !self.is_empty(a, b)
            && !(a..b).any(|i| matches!(self.what(i), What::Quant(_)) || self.anchor_at(i).is_some())
    }

    /// Whether words behind a comma say of what stands before what it asks for: `requiring`.
    pub fn qualifies(&self, i: usize) -> bool {
        const WORDS: &[&str] = &["requiring", "necessitating", "needing", "that require", "which require"];
        self.is(i, Class::Need) && self.word_is(i, WORDS)
            || self.word_is(i, &["that", "which"]) && self.is(i + 1, Class::Need)
    }

    /// Whether a part tells what is used, or used together with the treatment of the study: `no concurrent A, B or C`,
    /// `taking A, B or C`.
    pub fn is_concomitant(&self, part: &Part) -> bool {
        let together = |i: usize| self.read(i, i + 1).to_ascii_lowercase().starts_with("con");
        self.is_used(part) || (part.a..part.b).any(|i| self.is(i, Class::Current) && together(i))
    }

    /// Whether a part tells what is used: `taking A`, `current treatment with A`.
    pub fn is_used(&self, part: &Part) -> bool {
        const USED: [&str; 6] = ["taking", "receiving", "using", "use", "treatment", "treated"];
        (part.a..part.b).filter(|i| self.is(*i, Class::Current)).any(|i| {
            let words = self.read(i, i + 1).to_ascii_lowercase();
            words.split(' ').any(|word| USED.contains(&word))
        })
    }
}

//! A note in plain words becomes a topic: what it says of the person's own, what counts for how much.

use std::ops::Range;

use index::postings::Term;
use vocabulary::Word;

use super::{
    Settings, Sums, Topic, mention, person, pictures,
    scope::{self, Scope},
};

/// The topic of a note.
pub fn topic(text: &str, settings: &Settings) -> Topic {
    let person = person::of_note(text);
    let mut sums = Sums::new(settings);
    let mut said = Vec::new();
    let mut earlier = false;
    for (place, range) in sentences(text).into_iter().enumerate() {
        let sentence = &text[range];
        let words = vocabulary::words(sentence);
        let scope = scope::of_words(&words, sentence);
        earlier |= is_heading_of_history(&words);
        let weight = weight(place, &words, earlier, settings);
        for mention in mention::mentions(&words).iter().filter(|m| scope[m.words.start] == Scope::Own) {
            let kind = weight * mention::weight(mention.concept, settings);
            let norms = words[mention.words.clone()].iter().map(|word| word.norm.as_str());
            match mention.concept {
                Some(concept) => sums.concept(concept, norms, kind),
                None => norms
                    .filter(|norm| mention::tells(norm))
                    .for_each(|norm| sums.put(Term::Word(norm.to_owned()), kind)),
            }
        }
        let own = words.iter().zip(&scope).filter(|(_, scope)| **scope == Scope::Own);
        said.push(pictures::Said::of(own.map(|(word, _)| word.norm.as_str())));
    }
    let suspected = pictures::suspected(&said, settings);
    suspected.iter().for_each(|(disease, weight)| sums.named(*disease, *weight));
    Topic {
        terms: sums.heaviest(),
        suspected: suspected.into_iter().map(|(disease, _)| disease).collect(),
        age: person.age,
        sex: person.sex,
    }
}

/// How much a sentence counts.
fn weight(place: usize, words: &[Word], earlier: bool, settings: &Settings) -> f32 {
    let weight = if place == 0 { settings.first } else { 1.0 };
    if earlier || is_history(words) { weight * settings.past } else { weight }
}

/// The sentences and lines of a note.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let ends = match byte {
            b'\n' | b';' | b'?' | b'!' => true,
            // `vs. placebo` goes on in lower case, `3.5` without a blank.
            b'.' => {
                bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace)
                    && !text[at + 1..].trim_start().starts_with(char::is_lowercase)
            }
            _ => false,
        };
        if ends {
            out.push(start..at);
            start = at + 1;
        }
    }
    out.push(start..text.len());
    out.retain(|range| !text[range.clone()].trim().is_empty());
    out
}

/// Whether a sentence is about earlier problems.
fn is_history(words: &[Word]) -> bool {
    let pair = |pair: &[Word]| {
        let [first, second] = pair else { return false };
        matches!(
            (first.norm.as_str(), second.norm.as_str()),
            ("past", "medical" | "history" | "surgical") | ("medical" | "surgical", "history")
        )
    };
    words.windows(2).any(pair)
        || words.first().is_some_and(|word| matches!(word.norm.as_str(), "pmh" | "pmhx" | "psh"))
}

/// Whether a line heads a list of earlier problems.
fn is_heading_of_history(words: &[Word]) -> bool {
    words.len() <= 4 && is_history(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_should() {
        let text = "Hb 9.5 g/dl vs. normal. She came\nPMH: asthma; gout.";
        let found: Vec<&str> = sentences(text).into_iter().map(|range| text[range].trim()).collect();
        assert_eq!(found, ["Hb 9.5 g/dl vs. normal", "She came", "PMH: asthma", "gout"]);
    }

    #[test]
    fn the_main_problem_weighs_most() {
        let topic = topic(
            "A 60-year-old man is admitted with pneumonia. No asthma. PMH: psoriasis. Father had gout.",
            &Settings::default(),
        );
        let weight = |name: &str| {
            let term = Term::Concept(vocabulary::by_name(name).unwrap());
            topic.terms.iter().find(|(t, _)| *t == term).map_or(0.0, |(_, weight)| *weight)
        };
        assert!(weight("pneumonia") > weight("psoriasis") && weight("psoriasis") > 0.0, "{topic:?}");
        assert_eq!((weight("asthma"), weight("gout")), (0.0, 0.0));
    }
}

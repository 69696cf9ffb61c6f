//! Tokens to elements: phrases that are known, quantities, signs and the words between them.

use vocabulary::ConceptId;
use vocabulary::variable::Variable;

use super::kinds::Kinds;
use super::lexicon::{self, Beginning, Class, Phrase};
use super::memo::Memo;
use super::quant::{self, Quant};
use super::token::{Kind, Lexer, Sign, Token};

/// An element of a clause: its tokens, and what they are.
#[derive(Clone, Copy, Debug)]
pub struct El {
    /// What it is.
    pub what: What,
    /// The first token.
    pub t0: u32,
    /// The token after the last.
    pub t1: u32,
    /// The first byte of the text that it stands on.
    pub start: u32,
    /// The byte behind its last.
    pub end: u32,
}

/// What an element is.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum What {
    /// A word of no table.
    Word,
    /// A structure word and its value.
    Lex(Class, &'static str),
    /// A row of the catalogue.
    Var(&'static Variable),
    /// A concept of a vocabulary.
    Named(ConceptId),
    /// A quantity, by its place among the quantities.
    Quant(u32),
    /// A sign of comparison without a number behind it.
    Sign(Sign),
    Comma,
    Semi,
    Colon,
    Stop,
    Open,
    Close,
    Break,
    Bullet,
    Dash,
    Slash,
    Other,
}

/// A text in elements, with what they were made of.
#[derive(Debug, Default)]
pub struct Elements {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// The elements in order.
    pub els: Vec<El>,
    /// The quantities.
    pub quants: Vec<Quant>,
    /// What there is among the elements.
    pub kinds: Kinds,
    /// Words for phrases: fingerprint and token.
    words: Vec<(u64, u32)>,
    /// The place in `words` of each token, or that of the next word.
    word_at: Vec<u32>,
    /// What begins with each of `words`, and goes on with the next.
    begun: Vec<Beginning>,
    /// What begins with a word.
    known: Memo<Beginning>,
}

/// How many words a phrase has at most.
const LONGEST: usize = 12;

impl Elements {
    /// Reads a part of a text.
    pub fn read(&mut self, lexer: &mut Lexer, text: &str, start: usize, end: usize) {
        self.tokens.clear();
        self.els.clear();
        self.quants.clear();
        self.kinds = Kinds::default();
        lexer.read(text, start, end, &mut self.tokens);
        self.find_words(text);
        self.find_beginnings();
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.element(text, at);
        }
    }

    /// The words of the text, Roman numerals behind `type`, `stage` and their like as digits.
    fn find_words(&mut self, text: &str) {
        self.words.clear();
        self.word_at.clear();
        let mut numbered = false;
        for (i, token) in self.tokens.iter().enumerate() {
            self.word_at.push(self.words.len() as u32);
            match token.kind {
                Kind::Word => {
                    let surface = &text[token.start as usize..token.end as usize];
                    let roman = if numbered { quant::roman(surface) } else { None };
                    let hash = match roman {
                        Some(n) => digits_print(n),
                        None => token.hash,
                    };
                    self.words.push((hash, i as u32));
                    numbered = roman.is_none() && quant::is_numbered(token.hash);
                }
                Kind::Number => {
                    self.words.push((token.hash, i as u32));
                    numbered = false;
                }
                _ => {}
            }
        }
        self.word_at.push(self.words.len() as u32);
    }

    /// What begins with each word: for all words at once, as the tables do not fit into the processor's nearer caches,
    /// and it waits for several places of them at a time.
    fn find_beginnings(&mut self) {
        let Self { tokens, words, begun, known, .. } = self;
        begun.clear();
        begun.extend(words.iter().map(|&(word, _)| *known.get(word, || Beginning::of(word))));
        let next = words.iter().skip(1).map(Some).chain([None]);
        for ((begun, &(word, token)), next) in begun.iter_mut().zip(words.iter()).zip(next) {
            let near = next.filter(|next| stand_together(tokens, token as usize, next.1 as usize));
            begun.only_before(word, near.map(|next| next.0));
        }
    }

    /// The longest phrase that begins at a token, and the token behind it.
    fn phrase(&self, text: &str, at: usize) -> Option<(Phrase, usize)> {
        let from = self.word_at[at] as usize;
        let &(word, token) = self.words.get(from)?;
        let begun = self.begun.get(from)?;
        if !stand_together(&self.tokens, at, token as usize) {
            return None;
        }
        let behind = together(&self.tokens, &self.words[from + 1..], token as usize).take(LONGEST - 1);
        let (len, phrase) = begun.longest(word, behind)?;
        let last = self.last_of(at, len);
        self.is_meant(text, at, last, len, phrase).then_some((phrase, last + 1))
    }

    /// The words behind a quantity that say how it compares, or that it is an age; and the token behind them.
    pub fn suffix(&self, at: usize) -> Option<(Class, usize)> {
        let (len, class) = lexicon::suffix(self.together(at))?;
        Some((class, self.last_of(at, len) + 1))
    }

    /// The time to count from that a token begins with, and the token behind it.
    pub fn anchor(&self, at: usize) -> Option<(&'static str, usize)> {
        let (len, value) = lexicon::anchor(self.together(at))?;
        Some((value, self.last_of(at, len) + 1))
    }

    /// The prints of the words that stand together from a token on.
    fn together(&self, at: usize) -> impl Iterator<Item = u64> + Clone {
        together(&self.tokens, &self.words[self.word_at[at] as usize..], at).take(LONGEST)
    }

    /// The token of the last of some words from a token on.
    fn last_of(&self, at: usize, len: usize) -> usize {
        self.words[self.word_at[at] as usize + len - 1].1 as usize
    }

    /// Whether a phrase of one short word is meant as what it may stand for.
    fn is_meant(&self, text: &str, at: usize, last: usize, len: usize, phrase: Phrase) -> bool {
        if len > 1 || last != at {
            return true;
        }
        let token = &self.tokens[at];
        let surface = &text[token.start as usize..token.end as usize];
        if token.kind == Kind::Number {
            return false;
        }
        match phrase {
            // Not the `IE` of `stage IE`.
            Phrase::Lex(_, "defines") => surface != "IE",
            // `flu-like illness` gives no example.
            Phrase::Lex(Class::Examples, _) => {
                !(token.glued && at > 0 && self.tokens[at - 1].kind == Kind::Dash)
            }
            Phrase::Lex(..) => true,
            Phrase::Var(_) => !["pad", "mi", "ef", "ps", "map", "gold", "cli"].contains(&surface),
            Phrase::Named(_) => surface.len() > 3 || !surface.bytes().all(|b| b.is_ascii_lowercase()),
        }
    }

    fn element(&mut self, text: &str, at: usize) -> usize {
        let token = self.tokens[at];
        let what = match token.kind {
            Kind::Number if self.names_one(text, at) => return self.push_name(at),
            Kind::Number | Kind::Sign(_) => {
                if let Some((quant, end)) = quant::read(self, text, at, None) {
                    return self.push_quant(quant, at, end);
                }
                match token.kind {
                    Kind::Sign(sign) => What::Sign(sign),
                    _ => What::Word,
                }
            }
            Kind::Word => return self.word(text, at),
            Kind::Break => What::Break,
            Kind::Bullet => What::Bullet,
            // `HER2-`: negative.
            Kind::Dash if token.glued && self.ends_a_result(at) => What::Lex(Class::Negative, ""),
            Kind::Dash => What::Dash,
            Kind::Other(',') => What::Comma,
            Kind::Other(';') => What::Semi,
            Kind::Other(':') => What::Colon,
            Kind::Other('.' | '?' | '!') => What::Stop,
            Kind::Other('(' | '[' | '{') => What::Open,
            Kind::Other(')' | ']' | '}') => What::Close,
            Kind::Other('/') => What::Slash,
            Kind::Other('&') => What::Lex(Class::And, ""),
            _ => What::Other,
        };
        self.push(what, at, at + 1)
    }

    /// `visit 1`, `CTCAE version 4.0`: a number that tells one of several apart is no value.
    fn names_one(&self, text: &str, at: usize) -> bool {
        const NAMED: [&str; 6] = ["visit", "version", "ver", "v", "vers", "ctcae"];
        let word = |token: &Token| text.get(token.start as usize..token.end as usize).unwrap_or_default();
        let stop = |token: &&Token| matches!(token.kind, Kind::Other('.'));
        let mut before = self.tokens.get(..at).unwrap_or_default().iter().rev();
        let last = before.next().filter(|token| !stop(token)).or_else(|| before.next());
        let named = last.is_some_and(|token| NAMED.iter().any(|name| word(token).eq_ignore_ascii_case(name)));
        // `CTCAE 3`: a version has a decimal, a grade has none.
        let ctcae = last.is_some_and(|token| word(token).eq_ignore_ascii_case("ctcae"));
        named && (!ctcae || self.tokens.get(at).is_some_and(|token| word(token).contains('.')))
    }

    /// Adds such a number, and the word before it: neither says anything.
    fn push_name(&mut self, at: usize) -> usize {
        let before = self.els.last().filter(|el| matches!(el.what, What::Word)).map(|el| el.t0 as usize);
        if before.is_some() {
            self.els.pop();
        }
        self.push(What::Lex(Class::Skip, ""), before.unwrap_or(at), at + 1)
    }

    /// Whether a dash ends the name of a test that is positive or negative, and no word is joined to it.
    fn ends_a_result(&self, at: usize) -> bool {
        let test = matches!(self.els.last(), Some(El { what: What::Var(v), .. }) if super::leaf::positive_by_name(v));
        let joined = |t: &Token| t.glued && matches!(t.kind, Kind::Word | Kind::Number | Kind::Dash);
        test && !self.tokens.get(at + 1).is_some_and(joined)
    }

    /// `histologically proven`, `clinically or cytologically confirmed`: how a disease was shown; the token behind.
    fn way_shown(&self, text: &str, at: usize) -> Option<usize> {
        const SHOWN: [&str; 6] = ["proven", "proved", "confirmed", "documented", "verified", "diagnosed"];
        let is = |i: usize, words: &[&str]| {
            let token = self.tokens.get(i);
            let word = token.and_then(|t| text.get(t.start as usize..t.end as usize));
            word.is_some_and(|word| words.iter().any(|known| word.eq_ignore_ascii_case(known)))
        };
        let way = |i: usize| {
            let token = self.tokens.get(i).filter(|token| matches!(token.kind, Kind::Word));
            let word = token.and_then(|t| text.as_bytes().get(t.start as usize..t.end as usize));
            word.and_then(<[u8]>::last_chunk::<6>).is_some_and(|end| end.eq_ignore_ascii_case(b"ically"))
        };
        if !way(at) {
            return None;
        }
        let second = (at + 1..at + 5).find(|&i| !is(i, &["or", "and", "/", "-"]))?;
        let last = if second > at + 1 && way(second) { second } else { at };
        let shown = last + 1 + usize::from(is(last + 1, &["-"]));
        is(shown, &SHOWN).then_some(shown + 1)
    }

    fn word(&mut self, text: &str, at: usize) -> usize {
        if let Some(end) = self.way_shown(text, at) {
            return self.push(What::Lex(Class::Skip, ""), at, end);
        }
        let found = self.phrase(text, at);
        if let Some((Phrase::Lex(class, _), end)) = found
            && quant::is_comparison(class)
            && let Some((quant, end)) = quant::read(self, text, end, Some((class, at)))
        {
            return self.push_quant(quant, at, end);
        }
        // `or = 2`: a sign stood before it and was lost; not the second value of `= 19 or = 75`.
        let value_before = matches!(self.els.last().map(|el| el.what), Some(What::Quant(_)));
        if !value_before
            && matches!(found, Some((Phrase::Lex(Class::Or, _), end)) if end == at + 1)
            && matches!(self.tokens.get(at + 1).map(|t| t.kind), Some(Kind::Sign(Sign::Eq)))
            && let Some((mut quant, end)) = quant::read(self, text, at + 1, None)
            && quant.lost
        {
            quant.or_equal = true;
            return self.push_quant(quant, at, end);
        }
        // A number written as a word, where something shows that it counts.
        let counts = self.begun.get(self.word_at[at] as usize).is_some_and(|begun| begun.counts);
        if counts
            && let Some((quant, end)) = quant::read_word(self, text, at)
            && found.is_none_or(|(_, phrase_end)| phrase_end <= end)
        {
            return self.push_quant(quant, at, end);
        }
        // `current angina` is angina, and current.
        if let Some((Phrase::Var(variable), end)) = found
            && let Some(split) = self.modifier(text, at, end, variable)
        {
            return split;
        }
        match found {
            Some((phrase, end)) => {
                let what = match phrase {
                    Phrase::Lex(class, value) => What::Lex(class, value),
                    Phrase::Var(variable) => What::Var(variable),
                    Phrase::Named(id) if super::leaf::kind_of_named(id).is_none() => What::Word,
                    Phrase::Named(id) => What::Named(id),
                };
                self.push(what, at, self.behind_point(what, at, end))
            }
            None => self.push(What::Word, at, self.behind_genus(text, at)),
        }
    }

    /// Behind `E. coli`: the letter of a genus and its point end no sentence.
    fn behind_genus(&self, text: &str, at: usize) -> usize {
        let surface = |i: usize| {
            let token = self.tokens.get(i);
            token.and_then(|t| text.get(t.start as usize..t.end as usize)).unwrap_or_default()
        };
        let letter = surface(at).len() == 1 && surface(at).starts_with(|c: char| c.is_ascii_uppercase());
        let point = self.tokens.get(at + 1).is_some_and(|t| t.glued && t.kind == Kind::Other('.'));
        let species = surface(at + 2);
        let named = self.tokens.get(at + 2).is_some_and(|t| t.kind == Kind::Word && !t.glued)
            && species.len() > 3
            && species.bytes().all(|b| b.is_ascii_lowercase());
        if letter && point && named && !lexicon::is_word(species) { at + 3 } else { at + 1 }
    }

    /// Behind the last point of `e.g.` and `i.e.`, which ends no sentence.
    fn behind_point(&self, what: What, at: usize, end: usize) -> usize {
        let is_point = |i: usize| self.tokens.get(i).is_some_and(|t| t.glued && t.kind == Kind::Other('.'));
        let shortened = matches!(what, What::Lex(..)) && is_point(at + 1);
        if shortened && end == at + 3 && is_point(end) { end + 1 } else { end }
    }

    /// A modifier at the front of a name, where the rest names the same.
    fn modifier(&mut self, text: &str, at: usize, end: usize, variable: &Variable) -> Option<usize> {
        for cut in at + 1..end.min(at + 3) {
            if !self.tokens.get(cut).is_some_and(|t| t.kind == Kind::Word) {
                return None;
            }
            let Some((rest, rest_end)) = self.phrase(text, cut) else { continue };
            let same = match rest {
                Phrase::Var(rest) => rest_end == end && rest.id == variable.id,
                Phrase::Lex(Class::Panel, _) => rest_end >= end,
                _ => false,
            };
            if !same {
                continue;
            }
            let words = &text[self.tokens[at].start as usize..self.tokens[cut - 1].end as usize];
            let Some(Phrase::Lex(class, value)) = lexicon::exactly(words) else { continue };
            if matches!(
                class,
                Class::Current
                    | Class::Severe
                    | Class::Significance
                    | Class::Course
                    | Class::Ever
                    | Class::Known
                    | Class::Abnormal
            ) {
                self.push(What::Lex(class, value), at, cut);
                return Some(cut);
            }
        }
        None
    }

    fn push(&mut self, what: What, t0: usize, t1: usize) -> usize {
        self.kinds.add(what);
        let start = self.tokens.get(t0).map_or(0, |t| t.start);
        let end = self.tokens.get(t1.wrapping_sub(1)).map_or(start, |t| t.end.max(start));
        self.els.push(El { what, t0: t0 as u32, t1: t1 as u32, start, end });
        t1
    }

    fn push_quant(&mut self, quant: Quant, t0: usize, t1: usize) -> usize {
        let place = self.quants.len() as u32;
        self.quants.push(quant);
        self.push(What::Quant(place), t0, t1)
    }
}

/// Those of some words, behind the token `previous`, that stand together with it and with each other.
fn together(
    tokens: &[Token],
    words: &[(u64, u32)],
    mut previous: usize,
) -> impl Iterator<Item = u64> + Clone {
    words.iter().map_while(move |&(hash, token)| {
        let near = stand_together(tokens, previous, token as usize);
        previous = token as usize;
        near.then_some(hash)
    })
}

/// Whether only a hyphen, a slash, a point of an abbreviation or a wrapped line stands between two words.
fn stand_together(tokens: &[Token], a: usize, b: usize) -> bool {
    b <= a + 1
        || tokens[a + 1..b].iter().all(|t| match t.kind {
            Kind::Dash | Kind::Other('/' | '\'' | '.') => t.glued && tokens[b].glued,
            Kind::Break => true,
            _ => false,
        })
}

fn digits_print(n: i64) -> u64 {
    const PRINTS: [&str; 14] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
    usize::try_from(n).ok().and_then(|n| PRINTS.get(n)).map_or(0, |digits| lexicon::print_of(digits))
}

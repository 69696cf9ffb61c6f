//! Where a text speaks of which intervention.

use std::ops::Range;

use super::{
    content::{self, Content},
    quantities,
};
use crate::{
    read::{
        Quantity, Text, lexicon,
        quantity::{Role, is_cells},
        text::{Heads, Kind},
    },
    record::{ArmWords, InterventionWords, Passage},
};

/// The words by which interventions are known.
pub struct Names<'s> {
    /// For each intervention its names, as words.
    keys: Vec<Vec<Vec<&'s str>>>,
    /// The names by their first byte in lower case: the byte, the intervention, which of its names.
    firsts: Vec<(u8, usize, usize)>,
    /// The heads of their first words.
    heads: Heads,
    /// The only intervention of cells; any word for cells means it.
    cells: Option<usize>,
}

/// Words that tell no intervention from another.
const GENERIC: [&str; 36] = [
    "group",
    "treatment",
    "therapy",
    "control",
    "injection",
    "infusion",
    "tablet",
    "tablets",
    "capsule",
    "capsules",
    "placebo",
    "intravenous",
    "subcutaneous",
    "intramuscular",
    "matching",
    "standard",
    "conventional",
    "solution",
    "sodium",
    "hydrochloride",
    "human",
    "combination",
    "combined",
    "experimental",
    "autologous",
    "allogeneic",
    "umbilical",
    "marrow",
    "derived",
    "stromal",
    "vaccine",
    "inhibitor",
    "extended",
    "release",
    "topical",
    "acid",
];

/// The second words of salts, which tell no drug where the first is known.
const SALTS: [&str; 12] = [
    "sulfate",
    "phosphate",
    "acetate",
    "citrate",
    "mesylate",
    "maleate",
    "tartrate",
    "fumarate",
    "succinate",
    "tosylate",
    "potassium",
    "calcium",
];

impl<'s> Names<'s> {
    /// The names of interventions.
    pub fn new(interventions: &[InterventionWords<'s>]) -> Self {
        let words = |text: &Text<'s>| -> Vec<&'s str> {
            (0..text.tokens.len()).filter(|i| text.kind(*i) != Kind::Sign).map(|i| text.word(i)).collect()
        };
        // `X` of `placebo to X` means X where that is given as well.
        let whole = |word: &str| {
            let mut all = interventions.iter().filter(|v| v.name.text.tokens.len() == 1);
            all.any(|v| v.name.text.is(0, word))
        };
        // `X (low dose)` and `X (high dose)` are both X.
        let shared = |v: &InterventionWords<'s>, words: &[&'s str]| {
            let begins = |other: &&InterventionWords<'s>| {
                words.iter().enumerate().all(|(n, word)| other.name.text.is(n, word))
            };
            interventions.iter().filter(|other| !std::ptr::eq(*other, v)).any(|other| begins(&other))
        };
        let of = |v: &InterventionWords<'s>| {
            let mut keys: Vec<Vec<&'s str>> = vec![words(&v.name.text)];
            keys.extend(v.others.iter().take(12).map(|o| words(&o.text)));
            let salt = |w: &str| SALTS.iter().any(|salt| salt.eq_ignore_ascii_case(w));
            let tells = |w: &&&str| w.len() > 4 && !generic(w) && !is_cells(w) && !salt(w);
            let telling = keys.iter().flatten().filter(tells);
            // The longest word of the name tells it where the whole name is not repeated.
            let longest = telling.max_by_key(|w| w.len()).filter(|w| !whole(w)).map(|w| vec![*w]);
            // So does that of its first name, whatever the others are.
            let first = keys[0].iter().filter(tells).max_by_key(|w| w.len());
            let first = first.filter(|w| !whole(w)).map(|w| vec![*w]);
            let first = first.filter(|w| longest.as_ref() != Some(w));
            // `P3C541b` of `P3C541b Lipopeptide`: a code tells it as well.
            let codes: Vec<Vec<&'s str>> =
                keys.iter().flatten().filter(|w| is_code(w)).map(|w| vec![*w]).collect();
            keys.extend(around_bracket(&v.name.text).filter(|words| !shared(v, words)));
            keys.extend(longest);
            keys.extend(first);
            keys.extend(codes);
            keys.retain(|k| !k.is_empty() && k.len() < 12 && !(k.len() == 1 && generic(k[0])));
            keys
        };
        let of_cells = |v: &InterventionWords<'s>| {
            let named = std::iter::once(&v.name).chain(&v.others);
            let cells =
                named.into_iter().any(|n| (0..n.text.tokens.len()).any(|i| n.text.is_a(i, lexicon::CELLS)));
            // `Placebo (for MSC)` has none.
            cells && content::of_name(&v.name.text) != Content::Placebo
        };
        let mut cells = interventions.iter().enumerate().filter(|(_, v)| of_cells(v)).map(|(i, _)| i);
        let cells = match (cells.next(), cells.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        };
        let keys: Vec<Vec<Vec<&'s str>>> = interventions.iter().map(of).collect();
        let mut firsts: Vec<(u8, usize, usize)> = Vec::new();
        for (v, names) in keys.iter().enumerate() {
            let first = |(n, key): (usize, &Vec<&str>)| Some((first_byte(key.first()?), v, n));
            firsts.extend(names.iter().enumerate().filter_map(first));
        }
        firsts.sort_unstable();
        let words = keys.iter().flatten().filter_map(|key| key.first());
        let heads = words.fold(Heads::default(), |heads, word| heads.with(word));
        Self { keys, firsts, heads, cells }
    }

    /// All mentions of a text.
    pub fn found(&self, text: &Text<'_>) -> Found {
        let mut out: Vec<Mention> = Vec::new();
        // The token behind the names so far.
        let mut behind = 0;
        for i in 0..text.tokens.len() {
            let cells = self.cells.filter(|_| text.is_a(i, lexicon::CELLS));
            if !text.may_be(i, self.heads) && cells.is_none() || text.kind(i) == Kind::Sign {
                continue;
            }
            let byte = first_byte(text.word(i));
            let from = self.firsts.partition_point(|first| first.0 < byte);
            let here = out.len();
            for (_, v, n) in self.firsts[from..].iter().take_while(|first| first.0 == byte) {
                let Some(tokens) = self.length(text, i, *v, *n) else { continue };
                // `X` in `placebo of X`.
                if i + tokens <= behind {
                    continue;
                }
                match out[here..].last_mut() {
                    Some(last) if last.of == *v => last.tokens = last.tokens.max(tokens),
                    _ => out.push(Mention { at: i, of: *v, tokens }),
                }
            }
            behind = out[here..].iter().map(|m| i + m.tokens).fold(behind, usize::max);
            if let Some(of) = cells.filter(|v| out[here..].iter().all(|m| m.of != *v)) {
                let place = here + out[here..].partition_point(|m| m.of < of);
                out.insert(place, Mention { at: i, of, tokens: 1 });
            }
        }
        Found(out)
    }

    /// Other names that a text gives to interventions, as words: `filgrastim (G-CSF)`.
    pub fn aliases<'t>(&self, text: &Text<'t>, found: &Found) -> Vec<(usize, Vec<&'t str>)> {
        let of = |m: &Mention| {
            let words = alias(text, m.at + m.tokens)?;
            let known = |key: &Vec<&str>| {
                key.len() == words.len() && key.iter().zip(&words).all(|(a, b)| a.eq_ignore_ascii_case(b))
            };
            (!self.keys.iter().flatten().any(known)).then_some((m.of, words))
        };
        let mut out: Vec<(usize, Vec<&'t str>)> = found.0.iter().filter_map(of).collect();
        out.dedup();
        out
    }

    /// The texts of an arm, each with its mentions.
    pub fn texts<'a>(&self, arm: &'a ArmWords<'s>) -> Vec<(&'a Passage<'s>, Found)> {
        let amounts = |p: &Passage<'_>| -> Vec<_> {
            if !(0..p.text.tokens.len()).any(|i| p.text.kind(i) == Kind::Number) {
                return Vec::new();
            }
            let all = quantities::read(&p.text, 0..p.text.tokens.len());
            all.iter().filter(|q| q.role() == Role::Amount).map(|q| q.value).collect()
        };
        let (label, description) = (arm.label.as_ref(), arm.description.as_ref());
        // A label with an amount that the description does not have tells arms apart.
        let labelled = label.map(amounts).unwrap_or_default();
        let tells = !labelled.is_empty() && {
            let told = description.map(amounts).unwrap_or_default();
            labelled.iter().any(|value| !told.contains(value))
        };
        let own = if tells { [label, description] } else { [description, label] };
        let own = own.into_iter().flatten();
        own.map(|passage| (passage, self.found(&passage.text))).collect()
    }

    /// How many tokens a name of an intervention takes here.
    fn length(&self, text: &Text<'_>, i: usize, v: usize, n: usize) -> Option<usize> {
        length(text, i, self.keys.get(v)?.get(n)?)
    }
}

/// The words of a name before what it has in brackets at its end: `gp41 vaccine` of `gp41 vaccine (MakersName)`.
fn around_bracket<'s>(name: &Text<'s>) -> Option<Vec<&'s str>> {
    let open = (1..name.tokens.len()).find(|i| name.is(*i, "("))?;
    let ends = name.is(name.tokens.len() - 1, ")");
    let words = (0..open).filter(|i| name.kind(*i) != Kind::Sign).map(|i| name.word(i));
    let words: Vec<&str> = words.collect();
    let tells = words.iter().any(|w| !generic(w) && !is_cells(w) && w.len() > 3);
    (ends && tells).then_some(words)
}

/// How many tokens some words take from a token on, signs between them left out.
fn length(text: &Text<'_>, i: usize, words: &[&str]) -> Option<usize> {
    let mut at = i;
    for word in words {
        while text.kind(at) == Kind::Sign && at > i && at < text.tokens.len() {
            at += 1;
        }
        if !text.is(at, word) {
            return None;
        }
        at += 1;
    }
    Some(at - i)
}

/// The words of a name in brackets at a token, in capitals and without a blank: `(G-CSF)`.
fn alias<'t>(text: &Text<'t>, i: usize) -> Option<Vec<&'t str>> {
    if !text.is(i, "(") {
        return None;
    }
    let close = (i + 2..i + 7).find(|at| text.is(*at, ")"))?;
    let inner = i + 1..close;
    let whole = inner.clone().skip(1).all(|at| text.glued(at));
    let plain = inner.clone().all(|at| {
        let known = lexicon::ROUTE | lexicon::TIME_UNIT | lexicon::WHEN | lexicon::GIVING;
        (text.kind(at) != Kind::Sign || text.is(at, "-")) && !text.is_a(at, known) && !is_cells(text.word(at))
    });
    let words: Vec<&str> = inner.filter(|at| text.kind(*at) != Kind::Sign).map(|at| text.word(at)).collect();
    let capitals = words.iter().flat_map(|w| w.bytes()).filter(u8::is_ascii_uppercase).count();
    let shortest = words.iter().map(|w| w.len()).sum::<usize>();
    (whole && plain && capitals > 1 && shortest > 2).then_some(words)
}

/// A mention of an intervention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mention {
    /// The token.
    at: usize,
    /// Which intervention.
    of: usize,
    /// How many tokens the name takes.
    tokens: usize,
}

/// The mentions of a text, by their tokens and then by the interventions.
#[derive(Clone, Debug, Default)]
pub struct Found(Vec<Mention>);

impl Found {
    /// Adds the mentions by other names that a text gives.
    pub fn learn(&mut self, text: &Text<'_>, aliases: &[(usize, Vec<&str>)]) {
        for (of, words) in aliases {
            for at in (0..text.tokens.len()).filter(|i| text.is(*i, words[0])) {
                let Some(tokens) = length(text, at, words) else { continue };
                let place = self.0.partition_point(|m| (m.at, m.of) < (at, *of));
                if self.0.get(place).is_none_or(|m| (m.at, m.of) != (at, *of)) {
                    self.0.insert(place, Mention { at, of: *of, tokens });
                }
            }
        }
    }

    /// Which interventions are mentioned, once for each mention of the longest name at a token.
    pub fn all_mentions(&self) -> impl Iterator<Item = usize> {
        self.0.chunk_by(|a, b| a.at == b.at).filter_map(|here| longest(here, |_| true))
    }

    /// The mentions of these interventions: the token, and which; of several at one token the longest name.
    pub fn among(&self, among: &[usize]) -> Vec<(usize, usize)> {
        let at_token = self.0.chunk_by(|a, b| a.at == b.at);
        at_token.filter_map(|here| Some((here[0].at, longest(here, |v| among.contains(&v))?))).collect()
    }

    /// The mentions of the interventions of an arm, and of others where none of the arm's is meant.
    fn all(&self, given: &[usize], range: Range<usize>) -> Vec<(usize, usize)> {
        let from = self.0.partition_point(|m| m.at < range.start);
        let to = self.0.partition_point(|m| m.at < range.end);
        let at_token = self.0[from..to.max(from)].chunk_by(|a, b| a.at == b.at);
        let meant = |here: &[Mention]| {
            let of = longest(here, |v| given.contains(&v)).or_else(|| longest(here, |_| true))?;
            Some((here[0].at, of))
        };
        at_token.filter_map(meant).collect()
    }

    /// The tokens that speak of one intervention, where a text speaks of several: from each mention to the next of
    /// another; a quantity right before a mention (`5 mg of X`) belongs to it.
    pub fn segments(&self, text: &Text<'_>, v: usize, among: &[usize], range: Range<usize>) -> Vec<Segment> {
        let mut bounds: Vec<(usize, usize, usize)> = Vec::new();
        for (at, of) in self.all(among, range.clone()) {
            if is_reference(text, at) {
                continue;
            }
            if bounds.last().is_some_and(|(_, last, _)| *last == of) {
                continue;
            }
            let least = bounds.last().map_or(range.start, |(start, ..)| start + 1);
            bounds.push((start_of(text, at, least), of, at));
        }
        if let Some(first) = bounds.first_mut() {
            // What stands in sentences before that of the first mention may be of anything.
            let from = text.sentence(first.2).start.max(range.start);
            first.0 = clause(text, from, first.0);
        }
        let end = |n: usize| bounds.get(n + 1).map_or(range.end, |b| b.0);
        let numbered = bounds.iter().enumerate().filter(|(_, (_, of, _))| *of == v);
        let mut out = Vec::new();
        for (n, (start, _, at)) in numbered {
            out.push(Segment { tokens: *start..end(n), mention: *at });
            // `X, Y and Z once daily`: what stands behind the last is said of each.
            let last =
                (n + 1..bounds.len()).take_while(|m| self.joins(text, bounds[*m - 1], bounds[*m])).last();
            let Some((_, of, name)) = last.map(|last| bounds[last]) else { continue };
            let shared = self.behind(name, of)..end(last.unwrap_or(n)).min(text.sentence(name).end);
            // `oral X and Y subcutaneously`
            let led = text.any(*start..*at, lexicon::ROUTE) && text.any(shared.clone(), lexicon::ROUTE);
            let shared = Some(shared).filter(|tokens| !led && is_shared(text, tokens.clone()));
            out.extend(shared.map(|tokens| Segment { tokens, mention: *at }));
        }
        out
    }

    /// The token behind a mention.
    fn behind(&self, at: usize, of: usize) -> usize {
        let here = self.0.iter().filter(|m| m.at == at && m.of == of);
        here.map(|m| m.at + m.tokens).max().unwrap_or(at + 1)
    }

    /// Whether nothing but a join stands between two mentions: `X/Y`, `X (ABC) and Y`.
    fn joins(&self, text: &Text<'_>, one: (usize, usize, usize), next: (usize, usize, usize)) -> bool {
        let mut from = self.behind(one.2, one.1);
        if text.is(from, "(") {
            let close = (from + 1..from + 6).find(|i| text.is(*i, ")"));
            from = close.map_or(from, |close| close + 1);
        }
        // What leads to the next one is its own: `X and oral Y`.
        from < next.2
            && next.0 == next.2
            && next.2 - from < 3
            && (from..next.2).all(|i| text.is_any(i, &["/", "and", "or", "&", "+", ",", "plus"]))
            && text.together(one.2, next.2)
    }
}

/// Whether what stands behind names of several can be said of each: it tells no amount, which would be that of the last.
fn is_shared(text: &Text<'_>, mut behind: Range<usize>) -> bool {
    !text.has_any(behind.clone(), &["respectively", "alternating"])
        && behind.all(|i| Quantity::read(text, i).is_empty())
}

/// Which of some interventions has the longest name among mentions at one token.
fn longest(here: &[Mention], of: impl Fn(usize) -> bool) -> Option<usize> {
    here.iter().filter(|m| of(m.of)).max_by_key(|m| m.tokens).map(|m| m.of)
}

/// Tokens that speak of one intervention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The tokens.
    pub tokens: Range<usize>,
    /// The one that names it.
    pub mention: usize,
}

/// Where the clause begins that leads to a mention: behind `and receive`, where something else is told before.
fn clause(text: &Text<'_>, from: usize, at: usize) -> usize {
    const AND: [&str; 4] = ["and", "then", ";", ","];
    const RECEIVE: [&str; 6] = ["receive", "receives", "received", "receiving", "given", "background"];
    let last = (from + 1..at).rev().find(|i| text.is_any(*i, &RECEIVE) && text.is_any(*i - 1, &AND));
    let joined = (from + 1..at).rev().find(|i| {
        text.is_any(*i - 1, &["plus", "then"])
            || text.is_any(*i - 1, &["by"]) && *i > 1 && text.is(*i - 2, "followed")
    });
    last.max(joined).filter(|i| text.together(from, *i)).unwrap_or(from)
}

/// Whether a mention only says before or after what, or who the people are: `begins after the evening dose of X and is
/// given`, `people who have been receiving X`.
fn is_reference(text: &Text<'_>, at: usize) -> bool {
    const HAVE: [&str; 4] = ["have", "had", "has", "already"];
    let who = (at.saturating_sub(14)..at).rev().find(|i| text.is(*i, "who") && text.together(*i, at));
    if who.is_some_and(|i| text.is_any(i + 1, &HAVE) && !text.has_any(i..at, &[",", ";", "."])) {
        return true;
    }
    let Some(before) = (at.saturating_sub(8)..at).rev().find(|i| text.is_any(*i, &["after", "before"]))
    else {
        return false;
    };
    let sentence = text.sentence(at);
    let one_clause = text.together(before, at) && !text.has_any(before..at, &[",", ";", "and"]);
    let dosed = (at..(at + 8).min(sentence.end)).any(|i| !Quantity::read(text, i).is_empty());
    one_clause && before > sentence.start && !dosed
}

/// A word of capitals and digits: `P3C541b`.
fn is_code(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let capital = word.bytes().any(|b| b.is_ascii_uppercase());
    word.len() > 4 && digits > 1 && capital && !is_cells(word)
}

fn first_byte(word: &str) -> u8 {
    word.bytes().next().unwrap_or_default().to_ascii_lowercase()
}

/// Whether a word tells no intervention from another.
pub fn generic(word: &str) -> bool {
    GENERIC.iter().any(|g| g.eq_ignore_ascii_case(word))
}

/// Where what belongs to a mention begins: at a quantity right before it (`5 mg of X`, `a 5 mg tablet of X`), or at it,
/// with the route that leads to either (`subcutaneous injection of 5 mg of X`, `oral X`).
pub fn start_of(text: &Text<'_>, at: usize, least: usize) -> usize {
    const OF: [&str; 12] = [
        "of",
        "tablet",
        "tablets",
        "capsule",
        "capsules",
        "dose",
        "doses",
        "injection",
        "infusion",
        "oral",
        "intravenous",
        "subcutaneous",
    ];
    const PARTS: [&str; 10] = ["+", ",", ";", ":", "and", "plus", "or", "with", "then", ")"];
    let leads = |q: &Quantity| {
        q.to == at
            || at - q.to == 1 && !text.is_any(q.to, &PARTS)
            || at - q.to <= 4 && (q.to..at).all(|i| text.is_any(i, &OF))
    };
    let quantity = (at.saturating_sub(10).max(least)..at).find(|i| {
        let quantities = Quantity::read(text, *i);
        quantities.last().is_some_and(|q| q.to <= at && leads(q) && text.together(*i, at))
    });
    routed(text, quantity.unwrap_or(at), least)
}

/// Where the route begins that leads to a token: `a subcutaneous injection of`; the token where none does.
fn routed(text: &Text<'_>, at: usize, least: usize) -> usize {
    const LEADING: [&str; 15] = [
        "calcium",
        "sodium",
        "potassium",
        "injection",
        "injections",
        "infusion",
        "infusions",
        "administration",
        "dose",
        "doses",
        "of",
        "bolus",
        "single",
        "daily",
        "weekly",
    ];
    let leads =
        |i: &usize| text.together(*i, at) && (text.is_any(*i, &LEADING) || text.is_a(*i, lexicon::ROUTE));
    let from = (least..at).rev().take_while(leads).last().unwrap_or(at);
    if text.any(from..at, lexicon::ROUTE) { from } else { at }
}

#[cfg(test)]
mod tests {
    use model::Study;
    use serde_json::json;

    use super::*;
    use crate::record::Record;

    #[test]
    fn a_name_is_known_by_its_longest_word_whatever_the_others_are() {
        let study = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "armsInterventionsModule": {"interventions": [
                {"type": "DRUG", "name": "Gadgetol acetate", "otherNames": ["Bicalutamidex depot"]},
                {"type": "DRUG", "name": "Widgetol"},
            ]},
        }});
        let study = Study::new(study).unwrap();
        let names = Names::new(&Record::new(&study).interventions);
        let found = names.found(&Text::new("gadgetol 5 mg, Bicalutamidex and widgetol; acetate"));
        assert_eq!(found.among(&[0, 1]), [(0, 0), (4, 0), (6, 1)]);
    }

    #[test]
    fn other_names_and_mentions_that_tell_nothing() {
        let text = Text::new("X (G-CSF) is given, Y (IV) and Z (see below)");
        let bracket = |n: usize| (0..text.tokens.len()).filter(|i| text.is(*i, "(")).nth(n);
        assert_eq!(bracket(0).and_then(|i| alias(&text, i)), Some(vec!["G", "CSF"]));
        assert_eq!(bracket(1).and_then(|i| alias(&text, i)), None);
        assert_eq!(bracket(2).and_then(|i| alias(&text, i)), None);
        let reference = |words: &str| is_reference(&Text::new(words), words.split(' ').count() - 1);
        assert!(reference("it is injected daily into people who have been receiving X"));
        assert!(!reference("people who have a cold will receive Y , and then X"));
        let words = "Two infusions of saline , two weeks apart , and background X , 5 mg daily";
        assert_eq!(clause(&Text::new(words), 0, 11), 10);
        assert!(is_code("P3C541b") && !is_code("Gadgetol") && !is_code("day28"));
    }
}

//! Substances that a sentence names beside the one in question: what is said behind them is not said of it.

use std::{
    cell::RefCell,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    ops::Range,
};

use vocabulary::{Analyzer, Beginning, Category, ConceptId, ancestors, category, descendants, tree_numbers};

use super::{content::VEHICLE, mention::start_of, own::Own};
use crate::read::{Quantity, Text, lexicon, quantity::Role, text::Kind as Letters};

/// Names of more than so many narrower concepts are classes (`antibiotics`): the drug in question may be one of them.
const NARROWER: usize = 10;

/// What something is dissolved in, measured or fed, beside the vehicles: it is rarely what a dose is of.
const INERT: [&str; 19] = [
    "oxygen",
    "air",
    "glucose",
    "lactose",
    "sucrose",
    "potassium",
    "calcium",
    "magnesium",
    "heparin",
    "dmso",
    "dextran",
    "lipid",
    "protein",
    "cholesterol",
    "creatinine",
    "bilirubin",
    "hemoglobin",
    "gold",
    "formula",
];

/// Words before or behind the name of a substance that is told of and not given: `inhibitor of dopamine`, `steroid-naive`.
const TOLD_OF: [&str; 35] = [
    "receptor",
    "receptors",
    "inhibitor",
    "inhibitors",
    "antagonist",
    "antagonists",
    "agonist",
    "agonists",
    "deficiency",
    "level",
    "levels",
    "resistance",
    "resistant",
    "refractory",
    "sensitive",
    "naive",
    "tolerant",
    "intolerant",
    "metabolism",
    "synthesis",
    "production",
    "secretion",
    "release",
    "reuptake",
    "like",
    "dependent",
    "derived",
    "containing",
    "contained",
    "based",
    "free",
    "induced",
    "analog",
    "analogue",
    "antibody",
];

/// What is known of words and concepts, for the texts of one thread.
struct Known {
    analyzer: Analyzer,
    /// What begins with the words met last, by their fingerprints as they are written.
    begun: Vec<(u64, Beginning)>,
    kinds: HashMap<ConceptId, Kind, BuildHasherDefault<OfId>>,
}

/// How many words are kept at hand: few words make up most of every text.
const BEGUN: usize = 1 << 12;

impl Default for Known {
    fn default() -> Self {
        let begun = vec![(0, Beginning::default()); BEGUN];
        Self { analyzer: Analyzer::default(), begun, kinds: HashMap::default() }
    }
}

/// What a concept is for a dose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A substance that a person can be given.
    Given,
    /// A class of many.
    Class,
    /// Anything else.
    Other,
}

/// A hash of ids, which are spread already.
#[derive(Default)]
struct OfId(u64);

impl Hasher for OfId {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, id: u32) {
        self.0 = (self.0 ^ u64::from(id)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

impl Known {
    /// The substance that the longest name at a token means, and the token behind it.
    fn substance(&mut self, text: &Text<'_>, i: usize) -> Option<(ConceptId, usize)> {
        let (concept, to, kind) = self.concept(text, i)?;
        (kind == Kind::Given).then_some((concept, to))
    }

    /// The substance, or the class of substances, at a token.
    fn substance_or_class(&mut self, text: &Text<'_>, i: usize) -> Option<(ConceptId, usize)> {
        let (concept, to, kind) = self.concept(text, i)?;
        (kind != Kind::Other).then_some((concept, to))
    }

    /// What the longest name at a token means, the token behind it, and what kind of thing that is.
    fn concept(&mut self, text: &Text<'_>, i: usize) -> Option<(ConceptId, usize, Kind)> {
        let word = text.word(i);
        let numbered = word.len() == 2 && text.is(i + 1, "-") && text.kind(i + 2) == Letters::Number;
        let acronym = (word.len() == 3 || numbered) && word.bytes().all(|b| b.is_ascii_uppercase());
        if text.kind(i) != Letters::Word || word.len() < 4 && !acronym || text.is_a(i, lexicon::TELLING) {
            return None;
        }
        let begun = self.begun(word);
        if !begun.goes_on() && !begun.is_name() {
            return None;
        }
        // `interleukin-2`: hyphens part words.
        let words = || {
            (i + 1..text.tokens.len().min(i + 10))
                .take_while(|at| {
                    text.together(i, *at) && (text.kind(*at) != Letters::Sign || text.is(*at, "-"))
                })
                .filter(|at| text.kind(*at) != Letters::Sign)
        };
        let analyzer = &mut self.analyzer;
        let prints = words().map(|at| vocabulary::fingerprint(analyzer.word(text.word(at)).as_bytes()));
        let (length, concept) = begun.longest(prints)?;
        let kind = *self.kinds.entry(concept).or_insert_with(|| kind(concept));
        let last = length.checked_sub(2).and_then(|behind| words().nth(behind)).unwrap_or(i);
        Some((concept, last + 1, kind))
    }

    /// What begins with a word.
    fn begun(&mut self, word: &str) -> Beginning {
        let written = vocabulary::fingerprint(word.as_bytes());
        let slot = &mut self.begun[written as usize % BEGUN];
        if slot.0 != written {
            let normal = vocabulary::fingerprint(self.analyzer.word(word).as_bytes());
            *slot = (written, Beginning::of(normal));
        }
        slot.1
    }
}

fn kind(concept: ConceptId) -> Kind {
    // Forms of drugs, and what is measured in people.
    let form = |n: &&str| n.starts_with("D26") || n.starts_with("D23.101");
    if category(concept) == Category::ChemicalAction {
        return Kind::Class;
    }
    if category(concept) != Category::Chemical || tree_numbers(concept).iter().any(|n| form(&n.as_ref())) {
        return Kind::Other;
    }
    if descendants(concept).len() < NARROWER { Kind::Given } else { Kind::Class }
}

/// The substances that a name of an intervention means, and those of them that it joins: `X and Y`, but not `X sulfate`.
pub fn named(name: &Text<'_>) -> (Vec<ConceptId>, Vec<ConceptId>) {
    const AND: [&str; 4] = ["and", "plus", "+", "&"];
    const JOINS: [&str; 6] = ["with", "or", "/", ",", "followed", "combined"];
    let all = 0..name.tokens.len();
    let (given, found): (Vec<ConceptId>, Vec<(usize, ConceptId)>) = KNOWN.with_borrow_mut(|known| {
        let given = all.clone().filter_map(|i| Some(known.substance(name, i)?.0)).collect();
        (given, all.filter_map(|i| Some((i, known.substance_or_class(name, i)?.0))).collect())
    });
    let behind_join = |two: &[(usize, ConceptId)]| {
        let between = two[0].0 + 1..two[1].0;
        // Behind a comma a class may say more of the first: `interleukin-2, polyethylene glycolated`.
        let both = given.contains(&two[0].1) && given.contains(&two[1].1);
        let joins = name.has_any(between.clone(), &AND) || both && name.has_any(between, &JOINS);
        let joined = joins && !akin(two[0].1, two[1].1);
        joined.then_some(two[1].1)
    };
    let mut joined: Vec<ConceptId> = found.windows(2).filter_map(behind_join).collect();
    if !joined.is_empty() {
        joined.extend(found.first().map(|first| first.1));
    }
    (given, joined)
}

/// The substances of some tokens that are not the intervention: the first token, and the one behind.
fn others(text: &Text<'_>, part: Range<usize>, own: &Own<'_>) -> Vec<(usize, usize)> {
    KNOWN.with_borrow_mut(|known| others_known(known, text, part, own))
}

fn others_known(
    known: &mut Known,
    text: &Text<'_>,
    part: Range<usize>,
    own: &Own<'_>,
) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut i = part.start;
    while i < part.end {
        let Some((concept, to)) = known.substance(text, i) else {
            if own.abbreviates_another(text, i) {
                out.push((i, i + 1));
            }
            i += 1;
            continue;
        };
        let told_of = text.is_any(to, &TOLD_OF)
            || text.is(to, "-") && text.is_any(to + 1, &TOLD_OF)
            || i > 1 && text.is(i - 1, "of") && text.is_any(i - 2, &TOLD_OF)
            || i > 0 && text.is(i - 1, "anti")
            || i > 1 && text.is(i - 1, "-") && text.is(i - 2, "anti");
        let is_own = (i..to).any(|at| own.is(text.word(at))) || own.means(concept);
        if !told_of && !is_own && !text.is_any(i, &INERT) && !text.is_any(i, &VEHICLE) {
            out.push((i, to));
        }
        i = to.max(i + 1);
    }
    out
}

/// How many of the substances that an intervention joins tokens name; two stand for any more.
pub fn named_of(text: &Text<'_>, part: Range<usize>, joined: &[ConceptId]) -> usize {
    let mut first = None;
    KNOWN.with_borrow_mut(|known| {
        let (mut several, mut i) = (false, part.start);
        while i < part.end && !several {
            let (found, to) = known.substance_or_class(text, i).unzip();
            if let Some(found) = found.filter(|found| joined.contains(found)) {
                several = *first.get_or_insert(found) != found;
            }
            i = to.unwrap_or(i + 1).max(i + 1);
        }
        usize::from(first.is_some()) + usize::from(several)
    })
}

/// Whether a name has that of a class of substances.
pub fn names_class(name: &Text<'_>) -> bool {
    KNOWN.with_borrow_mut(|known| {
        (0..name.tokens.len()).any(|i| known.concept(name, i).is_some_and(|(.., kind)| kind == Kind::Class))
    })
}

/// The substances that a text names, each with its tokens.
pub fn mentions(text: &Text<'_>) -> Vec<(ConceptId, Range<usize>)> {
    KNOWN.with_borrow_mut(|known| {
        let (mut out, mut i) = (Vec::new(), 0);
        while i < text.tokens.len() {
            let found = known.substance(text, i);
            out.extend(found.map(|(concept, to)| (concept, i..to)));
            i = found.map_or(i + 1, |(_, to)| to).max(i + 1);
        }
        out
    })
}

/// Whether one of two substances is a kind of the other, or the same.
pub fn akin(a: ConceptId, b: ConceptId) -> bool {
    a == b || ancestors(a).contains(&b) || ancestors(b).contains(&a)
}

/// The tokens of a part of a sentence that are about the intervention: but for those from another substance on, with
/// what stands right before it, to the next name of the intervention.
pub fn own_parts(text: &Text<'_>, part: Range<usize>, own: &Own<'_>) -> Vec<Range<usize>> {
    let others = others(text, part.clone(), own);
    let Some((first, _)) = others.first() else { return vec![part] };
    let mut out: Vec<Range<usize>> = Vec::new();
    let first_own = part.clone().find(|i| own.names(text, *i));
    let starts_own = first_own.is_some_and(|own| own < *first)
        || tells_amount(text, part.start..start_of(text, *first, part.start));
    let (mut owned, mut from) = (starts_own, part.start);
    let mut rest = others.iter().peekable();
    for i in part.clone() {
        if let Some((at, _)) = rest.next_if(|(at, _)| *at == i) {
            let start = start_of(text, *at, from);
            if owned && start > from {
                out.push(from..start);
            }
            (owned, from) = (false, i + 1);
        } else if !owned && own.names(text, i) {
            (owned, from) = (true, start_of(text, i, from));
        }
    }
    if owned && from < part.end {
        out.push(from..part.end);
    }
    out
}

/// Whether tokens have what can be of a dose: a number, a word of time, a route.
pub fn tells(text: &Text<'_>, mut part: Range<usize>) -> bool {
    let words = lexicon::WHEN | lexicon::ROUTE | lexicon::NUMBER | lexicon::DIGITS | lexicon::THEN;
    part.any(|i| matches!(text.kind(i), Letters::Number | Letters::Raised) || text.is_a(i, words))
}

/// Whether tokens tell an amount.
fn tells_amount(text: &Text<'_>, mut range: Range<usize>) -> bool {
    range.any(|i| Quantity::read(text, i).first().is_some_and(|q| q.role() == Role::Amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of a text about a drug of this name.
    #[track_caller]
    fn parts(name: &str, words: &str, expected: &[&str]) {
        let (name, text) = (Text::new(name), Text::new(words));
        let own = Own::new(&[&name]);
        let found = own_parts(&text, 0..text.tokens.len(), &own);
        let said = found.iter().map(|p| &words[text.tokens[p.start].start()..text.tokens[p.end - 1].end()]);
        assert_eq!(said.collect::<Vec<_>>(), expected, "{words}");
    }

    #[test]
    fn what_is_said_of_another_is_left_out() {
        let cells = "Dexamethasone of 10mg is given before 30 minutes of cells infusion";
        parts("Mesenchymal stem cells", cells, &["cells infusion"]);
        parts("PEP-CMV", "TMZ (200 mg/m2 x 5 days) with PEP-CMV on day 6", &["PEP-CMV on day 6"]);
        parts("Zidovudine", "erythropoietin given subcutaneously along with zidovudine", &["zidovudine"]);
        parts("Ribavirin", "5 mg daily with metformin twice daily", &["5 mg daily with"]);
    }

    #[test]
    fn own_names_vehicles_and_targets_take_nothing() {
        for (name, words) in [
            ("Vincristine sulfate", "Vincristine sulfate 1.5 mg/m2 IV weekly"),
            ("Temozolomide", "TMZ 75 mg/m2 daily"),
            ("Gadgetol", "Gadgetol, an inhibitor of dopamine, 5 mg daily"),
            ("Gadgetol", "0.5 mL in phosphate buffered saline weekly"),
            ("Rituximab", "Rituxan 375 mg/m2 weekly"),
        ] {
            parts(name, words, &[words]);
        }
    }

    #[test]
    fn joined_substances() {
        let joined = |name: &str| named(&Text::new(name)).1.len();
        assert_eq!(joined("Camrelizumab combined with apatinib"), 2);
        assert_eq!(joined("Cyclosporine and Glucocorticoid"), 2);
        assert_eq!(joined("Vincristine sulfate"), 0);
        let both = Own::new(&[&Text::new("Lopinavir and Ritonavir")]);
        let text = Text::new("lopinavir 400 mg, ritonavir 100 mg");
        assert!(both.is_mixed(&text, 0..text.tokens.len()));
        assert!(!both.is_mixed(&text, 0..3));
    }
}

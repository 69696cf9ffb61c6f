//! Words and phrases: which give structure, which name a variable or concept.
//!
//! Two tables answer for every place in a text: the structure words of `vocabulary/criteria-words.tsv` with the
//! catalogue of variables, and MeSH. The longest phrase counts; of two equally long ones the structure word.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use vocabulary::ConceptId;
use vocabulary::variable::{self, Variable};

/// What a structure word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Class {
    /// Says nothing by itself.
    Skip,
    /// May be left unread: the tree means the same without it.
    Neutral,
    Neg,
    Ever,
    Family,
    Current,
    Treat,
    Future,
    Known,
    Severe,
    Control,
    Course,
    Significance,
    Allergy,
    Need,
    Except,
    Excluding,
    Excluded,
    /// What is permitted: `allowed`.
    Permit,
    True,
    TrueSex,
    Examples,
    Open,
    Including,
    Etc,
    Cause,
    With,
    And,
    Or,
    AndOr,
    If,
    Despite,
    After,
    Before,
    During,
    Within,
    ForTime,
    Since,
    Anchor,
    Ge,
    Gt,
    Le,
    Lt,
    SuffixGe,
    SuffixLe,
    Eq,
    Between,
    To,
    Incl,
    AgeAfter,
    ChangeDown,
    ChangeUp,
    Baseline,
    Fasting,
    Stable,
    Duration,
    Positive,
    Negative,
    Specimen,
    Abnormal,
    OrMoreOf,
    AllOf,
    AnyOf,
    NoneOf,
    Site,
    Form,
    Guideline,
    HumanInvestigator,
    HumanOpinion,
    HumanSubjective,
    HumanConsent,
    HumanClinical,
    HumanOpen,
    Ability,
    HumanRecord,
    Vague,
    Consistent,
    Panel,
}

impl Class {
    fn from_word(word: &str) -> Option<Self> {
        use Class::*;
        Some(match word {
            "skip" => Skip,
            "neutral" => Neutral,
            "neg" => Neg,
            "ever" => Ever,
            "family" => Family,
            "current" => Current,
            "treat" => Treat,
            "future" => Future,
            "known" => Known,
            "severe" => Severe,
            "control" => Control,
            "course" => Course,
            "significance" => Significance,
            "allergy" => Allergy,
            "need" => Need,
            "except" => Except,
            "excluding" => Excluding,
            "excluded" => Excluded,
            "permit" => Permit,
            "true" => True,
            "true_sex" => TrueSex,
            "examples" => Examples,
            "open" => Open,
            "including" => Including,
            "etc" => Etc,
            "cause" => Cause,
            "with" => With,
            "and" => And,
            "or" => Or,
            "and_or" => AndOr,
            "if" => If,
            "despite" => Despite,
            "after" => After,
            "before" => Before,
            "during" => During,
            "within" => Within,
            "for_time" => ForTime,
            "since" => Since,
            "anchor" => Anchor,
            "ge" => Ge,
            "gt" => Gt,
            "le" => Le,
            "lt" => Lt,
            "suffix_ge" => SuffixGe,
            "suffix_le" => SuffixLe,
            "eq" => Eq,
            "between" => Between,
            "to" => To,
            "incl" => Incl,
            "age_after" => AgeAfter,
            "change_down" => ChangeDown,
            "change_up" => ChangeUp,
            "baseline" => Baseline,
            "fasting" => Fasting,
            "stable" => Stable,
            "duration" => Duration,
            "positive" => Positive,
            "negative" => Negative,
            "specimen" => Specimen,
            "abnormal" => Abnormal,
            "or_more_of" => OrMoreOf,
            "all_of" => AllOf,
            "any_of" => AnyOf,
            "none_of" => NoneOf,
            "site" => Site,
            "form" => Form,
            "guideline" => Guideline,
            "human_investigator" => HumanInvestigator,
            "human_opinion" => HumanOpinion,
            "human_subjective" => HumanSubjective,
            "human_consent" => HumanConsent,
            "human_clinical" => HumanClinical,
            "human_open" => HumanOpen,
            "ability" => Ability,
            "human_record" => HumanRecord,
            "vague" => Vague,
            "consistent" => Consistent,
            "panel" => Panel,
            _ => return None,
        })
    }
}

/// What a phrase is.
#[derive(Clone, Copy, Debug)]
pub enum Phrase {
    /// A structure word, with the value it stands for.
    Lex(Class, &'static str),
    /// A row of the catalogue.
    Var(&'static Variable),
    /// A concept of a vocabulary.
    Named(ConceptId),
}

/// Phrases by the fingerprints of their words.
#[derive(Debug, Default)]
struct Table {
    /// Every beginning of a phrase: in the lowest bit whether longer ones go on, above it the phrase that it is
    /// itself, by its place plus one.
    entries: HashMap<u64, u32, BuildHasherDefault<Ready>>,
    phrases: Vec<Phrase>,
    /// The beginnings again: most words and pairs of words of a text are none, and the bits stay in the cache.
    begun: Bits,
}

/// A set of fingerprints that may hold others, too.
#[derive(Debug)]
pub struct Bits(Box<[u64]>);

impl Default for Bits {
    fn default() -> Self {
        Self(vec![0; 1 << (BIT_COUNT_LOG - 6)].into_boxed_slice())
    }
}

/// Some 260,000 bits: 32 kilobytes.
const BIT_COUNT_LOG: u32 = 18;

impl Bits {
    fn place(print: u64) -> (usize, u64) {
        let bit = (print >> (64 - BIT_COUNT_LOG)) as usize;
        (bit / 64, 1 << (bit % 64))
    }

    pub fn add(&mut self, print: u64) {
        let (at, bit) = Self::place(print);
        self.0[at] |= bit;
    }

    pub fn may_have(&self, print: u64) -> bool {
        let (at, bit) = Self::place(print);
        self.0[at] & bit != 0
    }
}

/// Keys are fingerprints already.
#[derive(Debug, Default)]
pub struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = vocabulary::fingerprint(bytes);
    }

    fn write_u32(&mut self, key: u32) {
        self.0 = u64::from(key).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

fn append(sequence: u64, word: u64) -> u64 {
    (sequence.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (sequence >> 7)
}

impl Table {
    pub fn add(&mut self, text: &str, phrase: Phrase) {
        let words = vocabulary::words(text);
        self.phrases.push(phrase);
        let place = self.phrases.len() as u32;
        let mut sequence = 0;
        for (i, word) in words.iter().enumerate() {
            sequence = append(sequence, print_of(&word.norm));
            self.begun.add(sequence);
            let entry = self.entries.entry(sequence).or_insert(0);
            if i + 1 < words.len() {
                *entry |= 1;
            } else {
                *entry = place << 1 | *entry & 1;
            }
        }
    }

    /// What begins with a word.
    fn beginning(&self, word: u64) -> Own {
        Own(self.entry(append(0, word)).unwrap_or(0))
    }

    fn entry(&self, sequence: u64) -> Option<u32> {
        self.begun.may_have(sequence).then(|| self.entries.get(&sequence)).flatten().copied()
    }

    /// The longest phrase that begins with the first of these words.
    fn longest(&self, mut words: impl Iterator<Item = u64>) -> Option<(usize, Phrase)> {
        let word = words.next()?;
        self.longest_from(word, self.beginning(word), words)
    }

    /// The longest phrase of a word and those behind it.
    fn longest_from(
        &self,
        word: u64,
        first: Own,
        behind: impl Iterator<Item = u64>,
    ) -> Option<(usize, Phrase)> {
        let (mut len, mut place) = (1, first.0 >> 1);
        if first.goes_on() {
            let mut sequence = append(0, word);
            for (i, word) in behind.enumerate() {
                sequence = append(sequence, word);
                let Some(entry) = self.entry(sequence) else { break };
                if entry >> 1 != 0 {
                    (len, place) = (i + 2, entry >> 1);
                }
                if entry & 1 == 0 {
                    break;
                }
            }
        }
        Some((len, *self.phrases.get((place as usize).checked_sub(1)?)?))
    }
}

/// What begins with a word in a table: its entry, 0 for nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Own(u32);

impl Own {
    fn goes_on(self) -> bool {
        self.0 & 1 != 0
    }
}

#[derive(Default)]
struct Tables {
    main: Table,
    anchors: Table,
    suffixes: Table,
    neutral: Table,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables::default();
    // What is in several rows of the catalogue is a disease before a test, and an allergen last.
    let rank = |v: &Variable| match v.kind {
        variable::Kind::Allergen => 0,
        variable::Kind::Coded => 1,
        variable::Kind::Condition => 3,
        _ => 2,
    };
    let mut variables: Vec<&'static Variable> = variable::all().iter().collect();
    variables.sort_by_key(|v| rank(v));
    let mut names = Vec::new();
    let rows = include_str!("../../../../vocabulary/criteria-words.tsv").lines();
    for row in rows.filter(|line| !line.starts_with('#')).skip(1) {
        let mut cells = row.split('\t');
        let (Some(class), Some(value), Some(phrases)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        if class == "name" {
            names.extend(variable::by_id(value).map(|v| (v, phrases)));
            continue;
        }
        let Some(class) = Class::from_word(class) else { continue };
        let table = match class {
            Class::Anchor => &mut tables.anchors,
            Class::SuffixGe | Class::SuffixLe | Class::AgeAfter => &mut tables.suffixes,
            Class::Neutral => &mut tables.neutral,
            _ => &mut tables.main,
        };
        for phrase in phrases.split('|') {
            table.add(phrase, Phrase::Lex(class, value));
        }
    }
    for variable in variables {
        for synonym in &variable.synonyms {
            tables.main.add(synonym, Phrase::Var(variable));
        }
    }
    for (variable, phrases) in names {
        for phrase in phrases.split('|') {
            tables.main.add(phrase, Phrase::Var(variable));
        }
    }
    tables
});

/// The longest phrase of the structure words, the catalogue or MeSH that begins with the first of these words.
pub fn longest(mut words: impl Iterator<Item = u64> + Clone) -> Option<(usize, Phrase)> {
    let word = words.next()?;
    Beginning::of(word).longest(word, words)
}

/// The phrase of our own tables, or a concept if its name is longer and it may be a fact.
fn longer(own: Option<(usize, Phrase)>, named: Option<(usize, ConceptId)>) -> Option<(usize, Phrase)> {
    match named {
        Some((len, id))
            if own.is_none_or(|(own, _)| own < len && super::leaf::kind_of_named(id).is_some()) =>
        {
            Some((len, SAME.get(&id).map_or(Phrase::Named(id), |v| Phrase::Var(v))))
        }
        _ => own,
    }
}

/// What begins with a word, in all tables that [`longest`] looks into.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beginning {
    own: Own,
    named: vocabulary::Beginning,
    /// The phrase of this one word.
    alone: Option<Phrase>,
    /// Whether it may name a number.
    pub counts: bool,
}

impl Beginning {
    /// What begins with a word.
    pub fn of(word: u64) -> Beginning {
        let (own, named) = (TABLES.main.beginning(word), vocabulary::Beginning::of(word));
        let alone =
            longer(TABLES.main.longest_from(word, own, [].into_iter()), named.longest([].into_iter()));
        let counts = super::token::may_count(word);
        Beginning { own, named, alone: alone.map(|(_, phrase)| phrase), counts }
    }

    /// Forgets what goes on with another word than the next; `None` where none stands next to it.
    pub fn only_before(&mut self, word: u64, next: Option<u64>) {
        let own = |next: u64| TABLES.main.begun.may_have(append(append(0, word), next));
        if self.own.goes_on() && !next.is_some_and(own) {
            self.own.0 &= !1;
        }
        self.named.only_before(next);
    }

    /// The longest phrase of this word and those behind it.
    pub fn longest(&self, word: u64, behind: impl Iterator<Item = u64> + Clone) -> Option<(usize, Phrase)> {
        if !self.own.goes_on() && !self.named.goes_on() {
            return self.alone.map(|phrase| (1, phrase));
        }
        longer(TABLES.main.longest_from(word, self.own, behind.clone()), self.named.longest(behind))
    }
}

/// Rows of the catalogue by the one heading of MeSH that is theirs; where a row has several, each means less.
static SAME: LazyLock<HashMap<ConceptId, &'static Variable, BuildHasherDefault<Ready>>> =
    LazyLock::new(|| {
        let rows = include_str!("../../../../vocabulary/variable-mesh.tsv").lines();
        let rows = rows.filter(|line| !line.starts_with('#')).skip(1);
        rows.filter_map(|row| {
            let (id, rest) = row.split_once('\t')?;
            let heading = rest.split(['\t', ';']).next()?;
            Some((heading.parse().ok()?, variable::by_id(id)?))
        })
        .collect()
    });

/// The longest phrase that ends a quantity: `or older`, `of age`.
pub fn suffix(words: impl Iterator<Item = u64>) -> Option<(usize, Class)> {
    match TABLES.suffixes.longest(words)? {
        (len, Phrase::Lex(class, _)) => Some((len, class)),
        _ => None,
    }
}

thread_local! {
    /// The normal forms of the words that this thread has met.
    static ANALYZER: RefCell<vocabulary::Analyzer> = RefCell::new(vocabulary::Analyzer::new());
}

/// The fingerprint of the normal form of one word.
pub fn print_of_word(word: &str) -> u64 {
    ANALYZER.with_borrow_mut(|analyzer| print_of(analyzer.word(word)))
}

/// The normal forms of the first words of a text, with blanks between them.
pub fn normal_words(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    add_normal_words(text, most, &mut out);
    out
}

/// `text:` and the normal forms of the first words of a text.
pub fn text_of_words(text: &str, most: usize) -> Box<str> {
    thread_local! {
        static SCRATCH: RefCell<String> = const { RefCell::new(String::new()) };
    }
    SCRATCH.with_borrow_mut(|out| {
        out.clear();
        out.push_str("text:");
        add_normal_words(text, most, out);
        out.as_str().into()
    })
}

fn add_normal_words(text: &str, most: usize, out: &mut String) {
    let mut count = 0;
    ANALYZER.with_borrow_mut(|analyzer| {
        analyzer.each(text, &mut |norm, _| {
            if count < most {
                if count > 0 {
                    out.push(' ');
                }
                out.push_str(norm);
                count += 1;
            }
        });
    });
}

/// What is named by exactly these words.
pub fn exactly(text: &str) -> Option<Phrase> {
    let mut words = [0; 12];
    let mut count = 0;
    ANALYZER.with_borrow_mut(|analyzer| {
        analyzer.each(text, &mut |norm, _| {
            if let Some(word) = words.get_mut(count) {
                *word = print_of(norm);
            }
            count += 1;
        });
    });
    let words = words.get(..count)?;
    longest(words.iter().copied()).filter(|(len, _)| *len == words.len()).map(|(_, phrase)| phrase)
}

/// The longest phrase that names a time to count from.
pub fn anchor(words: impl Iterator<Item = u64>) -> Option<(usize, &'static str)> {
    match TABLES.anchors.longest(words)? {
        (len, Phrase::Lex(_, value)) => Some((len, value)),
        _ => None,
    }
}

/// Whether a word may be left unread.
pub fn is_neutral(print: u64) -> bool {
    TABLES.neutral.longest([print].into_iter()).is_some()
}

/// Whether a word is one of the structure words or names by itself.
pub fn is_word(word: &str) -> bool {
    longest([print_of_word(word)].into_iter()).is_some()
}

/// The fingerprint of a normal word.
pub fn print_of(norm: &str) -> u64 {
    vocabulary::fingerprint(norm.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_list_has_a_class() {
        let rows = include_str!("../../../../vocabulary/criteria-words.tsv").lines();
        for row in rows.filter(|line| !line.starts_with('#')).skip(1) {
            let cells: Vec<&str> = row.split('\t').collect();
            assert_eq!(cells.len(), 3, "{row}");
            let known = cells[0] == "name" && variable::by_id(cells[1]).is_some();
            assert!(known || Class::from_word(cells[0]).is_some(), "{row}");
        }
    }
}

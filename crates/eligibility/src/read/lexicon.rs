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
    /// A MeSH heading.
    Mesh(ConceptId),
}

/// Phrases by the fingerprints of their words.
#[derive(Debug, Default)]
struct Table {
    /// Every beginning of a phrase: whether longer ones go on, and what it is itself.
    entries: HashMap<u64, (bool, Option<Phrase>), BuildHasherDefault<Ready>>,
}

/// Keys are fingerprints already.
#[derive(Debug, Default)]
struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = vocabulary::fingerprint(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

fn append(sequence: u64, word: u64) -> u64 {
    (sequence.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (sequence >> 7)
}

impl Table {
    fn add(&mut self, text: &str, phrase: Phrase) {
        let words = vocabulary::words(text);
        let mut sequence = 0;
        for (i, word) in words.iter().enumerate() {
            sequence = append(sequence, vocabulary::fingerprint(word.norm.as_bytes()));
            let entry = self.entries.entry(sequence).or_insert((false, None));
            if i + 1 < words.len() {
                entry.0 = true;
            } else {
                entry.1 = Some(phrase);
            }
        }
    }

    /// The longest phrase that begins with the first of these words.
    fn longest(&self, words: impl Iterator<Item = u64>) -> Option<(usize, Phrase)> {
        let mut sequence = 0;
        let mut best = None;
        for (i, word) in words.enumerate() {
            sequence = append(sequence, word);
            let Some((more, phrase)) = self.entries.get(&sequence) else { break };
            if let Some(phrase) = phrase {
                best = Some((i + 1, *phrase));
            }
            if !more {
                break;
            }
        }
        best
    }
}

struct Tables {
    main: Table,
    anchors: Table,
    suffixes: Table,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { main: Table::default(), anchors: Table::default(), suffixes: Table::default() };
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
pub fn longest(words: &[u64]) -> Option<(usize, Phrase)> {
    let own = TABLES.main.longest(words.iter().copied());
    match vocabulary::longest(words) {
        Some((len, id))
            if own.is_none_or(|(own, _)| own < len && super::leaf::kind_of_mesh(id).is_some()) =>
        {
            Some((len, SAME.get(&id).map_or(Phrase::Mesh(id), |v| Phrase::Var(v))))
        }
        _ => own,
    }
}

/// Rows of the catalogue by the one heading of MeSH that is theirs; where a row has several, each means less.
static SAME: LazyLock<HashMap<ConceptId, &'static Variable>> = LazyLock::new(|| {
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
pub fn suffix(words: &[u64]) -> Option<(usize, Class)> {
    match TABLES.suffixes.longest(words.iter().copied())? {
        (len, Phrase::Lex(class, _)) => Some((len, class)),
        _ => None,
    }
}

thread_local! {
    /// What was learned of words outside of a reader.
    static ANALYZER: RefCell<vocabulary::Analyzer> = RefCell::new(vocabulary::Analyzer::new());
}

/// The normal forms of the first words of a text, with blanks between them.
pub fn normal_words(text: &str, most: usize) -> String {
    let mut out = String::new();
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
    out
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
    longest(words).filter(|(len, _)| *len == words.len()).map(|(_, phrase)| phrase)
}

/// The longest phrase that names a time to count from.
pub fn anchor(words: &[u64]) -> Option<(usize, &'static str)> {
    match TABLES.anchors.longest(words.iter().copied())? {
        (len, Phrase::Lex(_, value)) => Some((len, value)),
        _ => None,
    }
}

/// The words of the catalogue's names, sorted.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = variable::all().iter().flat_map(|v| v.synonyms.iter());
    let mut words: Vec<String> = names.flat_map(|name| vocabulary::words(name)).map(|w| w.norm).collect();
    words.retain(|word| word.len() >= 7 && word.bytes().all(|b| b.is_ascii_lowercase()));
    words.sort_unstable();
    words.dedup();
    words
});

/// The one word of the catalogue that differs from this one by one missing, added or other letter.
pub fn slip_of(norm: &str) -> Option<&'static str> {
    if norm.len() < 7 {
        return None;
    }
    // A slip at the first letter is not looked for: the words that begin alike are few.
    let first = WORDS.partition_point(|word| word.as_bytes() < &norm.as_bytes()[..1]);
    let near = WORDS[first..].iter().take_while(|word| word.as_bytes()[0] == norm.as_bytes()[0]);
    let mut found = near.filter(|word| differs_by_one(word.as_bytes(), norm.as_bytes()));
    let one = found.next()?;
    found.next().is_none().then_some(one.as_str())
}

fn differs_by_one(a: &[u8], b: &[u8]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let same = long.iter().zip(short).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 => same < long.len() && long[same + 1..] == short[same + 1..],
        1 => long[same + 1..] == short[same..],
        _ => false,
    }
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

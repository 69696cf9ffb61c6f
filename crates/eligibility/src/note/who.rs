//! Who a note is about: age and sex.

use std::ops::Range;

use model::{Birth, Decimal, Sex, StatedAge};

/// Who a note is about.
#[derive(Debug, Default)]
pub struct Who {
    /// The sex, if a word tells it.
    pub sex: Option<Sex>,
    /// The age as stated.
    pub birth: Option<Birth>,
}

/// Reads age and sex from the sentences of a note.
pub fn read(note: &str, sentences: &[Range<usize>]) -> Who {
    let words: Vec<String> = sentences.iter().flat_map(|range| pieces(&note[range.clone()])).collect();
    let age = age(&words);
    let from = age.as_ref().map_or(0, |(_, at)| *at);
    let sex = glued_sex(&words, from)
        .or_else(|| noun(&words[from..]))
        .or_else(|| noun(&words))
        .or_else(|| pronoun(&words));
    Who { sex, birth: age.map(|(age, _)| Birth::Age(age)) }
}

/// Lower-case words and numbers; a hyphen parts them.
fn pieces(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut digits = false;
    let mut open = false;
    for c in text.chars() {
        let number = c.is_ascii_digit() || c == '.' && digits;
        if !c.is_alphanumeric() && !number {
            open = false;
            digits = false;
            continue;
        }
        if !open || digits != number {
            out.push(String::new());
        }
        open = true;
        digits = number;
        if let Some(last) = out.last_mut() {
            last.extend(c.to_lowercase());
        }
    }
    out
}

/// The first age that is the person's, and the place behind it.
fn age(words: &[String]) -> Option<(StatedAge, usize)> {
    (0..words.len()).find_map(|at| {
        let value: Decimal = words[at].trim_end_matches('.').parse().ok()?;
        let word = |n: usize| words.get(at + n).map_or("", String::as_str);
        let (unit, len) = match (word(1), word(2)) {
            ("yo" | "yr" | "yof" | "yom", _) => ("a", 2),
            ("y", "o") => ("a", 3),
            (unit, "old" | "of") => (time(unit)?, 3),
            (unit, _) if at > 0 && words[at - 1] == "aged" => (time(unit).unwrap_or("a"), 1),
            ("f" | "m", _) if at < 3 => ("a", 1),
            _ => return None,
        };
        let plausible = unit != "a" || value <= Decimal::from(120);
        // `three months of fever` is no age, `three years of age` is one.
        let of = word(2) != "of" || word(3) == "age";
        let past = at > 0 && words[at - 1] == "age";
        (plausible && of && !past)
            .then(|| (StatedAge { value, unit: unit.to_owned(), on: None }, at + len.min(words.len() - at)))
    })
}

fn time(word: &str) -> Option<&'static str> {
    Some(match word {
        "year" | "years" | "yr" | "yrs" | "y" => "a",
        "month" | "months" | "mo" | "mos" => "mo",
        "week" | "weeks" | "wk" => "wk",
        "day" | "days" => "d",
        _ => return None,
    })
}

/// `58F`, `65 yom`.
fn glued_sex(words: &[String], behind: usize) -> Option<Sex> {
    let near = words.get(behind.saturating_sub(1)..(behind + 1).min(words.len()))?;
    near.iter().find_map(|word| match word.as_str() {
        "f" | "yof" => Some(Sex::Female),
        "m" | "yom" => Some(Sex::Male),
        _ => None,
    })
}

fn noun(words: &[String]) -> Option<Sex> {
    words.iter().find_map(|word| match word.as_str() {
        "woman" | "female" | "girl" | "lady" | "postmenopausal" | "gravida" | "primigravida" => {
            Some(Sex::Female)
        }
        "man" | "male" | "boy" | "gentleman" => Some(Sex::Male),
        _ => None,
    })
}

/// What most pronouns say.
fn pronoun(words: &[String]) -> Option<Sex> {
    let count = |list: &[&str]| words.iter().filter(|word| list.contains(&word.as_str())).count();
    let (female, male) = (count(&["she", "her", "hers"]), count(&["he", "his", "him"]));
    match female.cmp(&male) {
        std::cmp::Ordering::Greater => Some(Sex::Female),
        std::cmp::Ordering::Less => Some(Sex::Male),
        std::cmp::Ordering::Equal => None,
    }
}

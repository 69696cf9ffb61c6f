//! Age and sex as a note gives them.

use model::{Age, AgeUnit, Sex};
use vocabulary::Word;

/// Who the note is about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Person {
    /// In years.
    pub age: Option<f64>,
    /// The sex.
    pub sex: Option<Sex>,
}

/// Age and sex from the first statement of an age, and the sex else from nouns and pronouns.
pub fn of_note(text: &str) -> Person {
    let words = vocabulary::words(text);
    let norms: Vec<&str> = words.iter().map(|w| w.norm.as_str()).collect();
    let found = (0..norms.len()).find_map(|i| age_at(&norms, i).map(|age| (i, age)));
    let near = found.and_then(|(i, _)| (i + 1..(i + 9).min(norms.len())).find_map(|k| noun(norms[k])));
    let joined =
        found.and_then(|(i, _)| joined_sex(norms[i]).or_else(|| norms.get(i + 1).and_then(|w| letter(w))));
    let sex = joined.or(near).or_else(|| norms.iter().find_map(|w| noun(w))).or_else(|| by_pronouns(&words));
    Person { age: found.map(|(_, age)| age.years()), sex }
}

/// `45 year old`, `45yo`, `45 y o`, `45M`, `3 day old`, `2 month old`.
fn age_at(norms: &[&str], i: usize) -> Option<Age> {
    let digits = norms[i].bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let value: f64 = norms[i][..digits].parse().ok().filter(|v| *v <= 120.0)?;
    let tail = &norms[i][digits..];
    let at = |k: usize| norms.get(i + k).copied().unwrap_or_default();
    let (unit, next) = if tail.is_empty() { (at(1), 2) } else { (tail, 1) };
    let years = Some(Age { value, unit: AgeUnit::Years });
    match unit {
        "yo" | "yof" | "yom" | "yof." | "f" | "m" | "male" | "female" | "man" | "woman" | "boy" | "girl" => {
            years
        }
        "y" if matches!(at(next), "o" | "old" | "f" | "m") => years,
        "year" | "yr" | "years" | "yrs"
            if matches!(
                at(next),
                "old" | "o" | "female" | "male" | "woman" | "man" | "girl" | "boy" | "of"
            ) =>
        {
            years
        }
        "month" | "mo" if at(next) == "old" => Some(Age { value, unit: AgeUnit::Months }),
        "week" | "wk" if at(next) == "old" => Some(Age { value, unit: AgeUnit::Weeks }),
        "day" if at(next) == "old" => Some(Age { value, unit: AgeUnit::Days }),
        _ => None,
    }
}

/// `45M`, `45yoF`.
fn joined_sex(norm: &str) -> Option<Sex> {
    let tail = norm.trim_start_matches(|c: char| c.is_ascii_digit());
    letter(tail.strip_prefix("yo").unwrap_or(tail))
}

fn letter(norm: &str) -> Option<Sex> {
    match norm {
        "f" => Some(Sex::Female),
        "m" => Some(Sex::Male),
        _ => None,
    }
}

fn noun(norm: &str) -> Option<Sex> {
    match norm {
        "woman" | "female" | "girl" | "lady" | "f" | "yof" => Some(Sex::Female),
        "man" | "male" | "boy" | "gentleman" | "m" | "yom" => Some(Sex::Male),
        _ => None,
    }
}

fn by_pronouns(words: &[Word]) -> Option<Sex> {
    let count = |list: &[&str]| words.iter().filter(|w| list.contains(&w.norm.as_str())).count();
    let (she, he) = (count(&["she", "her"]), count(&["he", "his", "him"]));
    match she.cmp(&he) {
        std::cmp::Ordering::Greater => Some(Sex::Female),
        std::cmp::Ordering::Less => Some(Sex::Male),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_sexes() {
        let check = |text: &str, age: f64, sex: Option<Sex>| {
            let person = of_note(text);
            assert!((person.age.unwrap() - age).abs() < 0.01, "{text}: {person:?}");
            assert_eq!(person.sex, sex, "{text}");
        };
        check("A 58-year-old African-American woman presents", 58.0, Some(Sex::Female));
        check("48 M with a h/o HTN", 48.0, Some(Sex::Male));
        check("74M hx of CAD", 74.0, Some(Sex::Male));
        check("Patient is a 55yo woman", 55.0, Some(Sex::Female));
        check("A 3-day-old Asian female infant", 3.0 / 365.25, Some(Sex::Female));
        check("70 y/o with COPD. His wife", 70.0, Some(Sex::Male));
        check("Pt is a 22yo F otherwise healthy", 22.0, Some(Sex::Female));
        check("66yo female with asthma", 66.0, Some(Sex::Female));
    }
}

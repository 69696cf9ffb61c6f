//! The ratio in which people are assigned to the arms.

use model::Decimal;

use crate::{
    protocol::{Arm, Ratio, Status},
    read::{Text, Unit, lexicon, number, text::Kind},
    record::{Passage, Record},
};

/// The ratio: as the text says it, else from the sizes of the arms.
pub fn read(record: &Record<'_>, arms: &[Arm]) -> Ratio {
    let none = Ratio { value: None, status: Status::Missing, quote: None };
    let parted = record.study.text("DesignAllocation") != Some("NON_RANDOMIZED");
    if arms.len() < 2 && !record.arms.is_empty() || !parted || !record.interventional() {
        return none;
    }
    let stated = stated(record, arms.len());
    let sizes: Option<Vec<u32>> = arms.iter().map(|a| a.size).collect();
    let derived = sizes.filter(|s| s.len() > 1).and_then(|sizes| reduced(&sizes));
    match (stated, derived) {
        (Some((value, quote)), Some(other)) if value.len() == other.len() && value != other => {
            Ratio { value: Some(value), status: Status::Contradictory, quote }
        }
        (Some((value, quote)), _) => Ratio { value: Some(value), status: Status::Stated, quote },
        (None, Some(value)) => Ratio { value: Some(value), status: Status::Derived, quote: None },
        (None, None) => equal(record, arms).unwrap_or(none),
    }
}

type Stated = (Vec<u32>, Option<crate::record::Quote>);

fn stated(record: &Record<'_>, arms: usize) -> Option<Stated> {
    let own = record.arms.iter().flat_map(|a| [a.label.as_ref(), a.description.as_ref()]).flatten();
    let given = record.interventions.iter().filter_map(|v| v.description.as_ref());
    let mut passages = record.prose.iter().chain(own).chain(given);
    passages.find_map(|passage| in_passage(passage, arms))
}

fn in_passage(passage: &Passage<'_>, arms: usize) -> Option<Stated> {
    let text = &passage.text;
    (0..text.tokens.len()).find_map(|i| {
        let (value, to) = parts(text, i)?;
        let sentence = text.sentence(i);
        let near = sentence.start.max(i.saturating_sub(25))..sentence.end.min(to + 15);
        let about = near.into_iter().any(|at| is_about(text.word(at)));
        // A ratio of cohorts or sequences has other parts than there are arms; then the words must say that people are
        // randomised by it.
        let fits = value.len() == arms || arms == 0 && value.len() == 2 || randomised(text, i, to);
        (about && fits).then(|| (value, Some(passage.quote(i, to))))
    })
}

/// `randomised 2:1`, `randomly assigned in a 3:1 ratio`, `randomised to drug or placebo (3:1)`.
fn randomised(text: &Text<'_>, i: usize, to: usize) -> bool {
    let stem = |at: usize| text.word(at).get(..6).is_some_and(|s| s.eq_ignore_ascii_case("random"));
    let sentence = text.sentence(i);
    let before = (sentence.start.max(i.saturating_sub(18))..i).any(stem);
    let behind = (to..sentence.end.min(to + 3)).any(stem);
    let mixed = ["mixed", "diluted", "dilution", "volume", "weight", "concentration", "matched", "v", "w"];
    (before || behind) && !text.has_any(i.saturating_sub(6)..to + 5, &mixed)
}

fn is_about(word: &str) -> bool {
    let stems = ["random", "ratio", "allocat", "assign", "fashion"];
    stems.iter().any(|stem| word.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem)))
}

/// `1:1`, `2 : 1 : 1`, `1 to 1`.
fn parts(text: &Text<'_>, i: usize) -> Option<(Vec<u32>, usize)> {
    if text.kind(i) != Kind::Number || (i > 0 && text.is_any(i - 1, &[":", "/", "-"])) {
        return None;
    }
    let mut out = vec![part(text, i)?];
    let mut at = i + 1;
    while out.len() < 12 && text.is_any(at, &[":", "：", "to", "∶"]) && text.kind(at + 1) == Kind::Number {
        // `1 to 1` is a ratio only where the word is near, or right behind `randomised`.
        let ratio = (i.saturating_sub(4)..at + 8).any(|n| text.is(n, "ratio") && text.together(i, n));
        let right = i > 0
            && (is_about(text.word(i - 1)) || is_about(text.word(at + 2)))
            && Unit::of(text.word(at + 2)).is_none();
        if text.is(at, "to") && !(ratio || right) {
            return None;
        }
        out.push(part(text, at + 1)?);
        at += 2;
    }
    (out.len() > 1).then_some((out, at))
}

fn part(text: &Text<'_>, i: usize) -> Option<u32> {
    let value = number::whole(text, i).filter(Decimal::is_integer)?;
    // Larger parts are dilutions and times of the day.
    value.try_into().ok().filter(|n| (1..=20).contains(n))
}

/// Sizes without their common factor; `None` where that leaves no ratio that one would randomise by.
fn reduced(sizes: &[u32]) -> Option<Vec<u32>> {
    fn common(a: u32, b: u32) -> u32 {
        if b == 0 { a } else { common(b, a % b) }
    }
    let factor = sizes.iter().copied().fold(0, common);
    let parts: Vec<u32> = sizes.iter().map(|s| s.checked_div(factor).unwrap_or(0)).collect();
    parts.iter().all(|p| (1..=10).contains(p)).then_some(parts)
}

/// `randomly divided into two equal groups`, `equally randomised`.
fn equal(record: &Record<'_>, arms: &[Arm]) -> Option<Ratio> {
    if arms.len() < 2 {
        return None;
    }
    record.prose.iter().filter(|p| p.text.has(lexicon::EQUAL)).find_map(|passage| {
        let text = &passage.text;
        let at = (0..text.tokens.len()).find(|i| {
            if !text.is_a(*i, lexicon::EQUAL) {
                return false;
            }
            let groups = text.is_any(
                i + 1,
                &[
                    "groups",
                    "arms",
                    "numbers",
                    "allocation",
                    "randomization",
                    "ratio",
                    "into",
                    "randomized",
                    "randomised",
                    "divided",
                    "assigned",
                    "allocated",
                    "between",
                    "among",
                ],
            );
            groups && text.sentence(*i).into_iter().any(|n| is_about(text.word(n)))
        })?;
        Some(Ratio {
            value: Some(vec![1; arms.len()]),
            status: Status::Derived,
            quote: Some(passage.quote(at, at + 2)),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_ratio() {
        let of = |words: &str| {
            let text = Text::new(words);
            (0..text.tokens.len()).find_map(|i| parts(&text, i)).map(|p| p.0)
        };
        assert_eq!(of("in a 1:1 ratio"), Some(vec![1, 1]));
        assert_eq!(of("2:1:1"), Some(vec![2, 1, 1]));
        assert_eq!(of("a ratio of 2 to 1"), Some(vec![2, 1]));
        assert_eq!(of("diluted 1:1000, at 12:30"), None);
        assert_eq!(of("randomized 2 to 1 into the arms"), Some(vec![2, 1]));
        assert_eq!(of("a 2 to 1 vaccine-to-placebo ratio"), Some(vec![2, 1]));
        assert_eq!(of("randomized to 5 to 6 weeks"), None);
    }

    #[test]
    fn ratios_of_cohorts() {
        let of = |words: &str, arms: usize| {
            let text = Text::new(words);
            let passage = Passage { field: crate::record::Field::of("BriefSummary"), text };
            in_passage(&passage, arms).map(|(value, _)| value)
        };
        assert_eq!(of("In each cohort people are randomised in a 3:1 ratio.", 4), Some(vec![3, 1]));
        assert_eq!(of("Women are randomised 1:1:1 to A, B or C.", 0), Some(vec![1, 1, 1]));
        assert_eq!(of("They are randomised to a drug or placebo (3:1).", 3), Some(vec![3, 1]));
        assert_eq!(of("Randomised people get cells mixed with saline 1:1 by volume.", 3), None);
        assert_eq!(of("Cells are mixed at a ratio of 6:1.", 3), None);
    }

    #[test]
    fn sizes_reduced() {
        assert_eq!(reduced(&[21, 21]), Some(vec![1, 1]));
        assert_eq!(reduced(&[40, 20]), Some(vec![2, 1]));
        assert_eq!(reduced(&[52, 51]), None);
        assert_eq!(reduced(&[0, 0]), None);
    }
}

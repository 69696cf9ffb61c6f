//! Parts of a treatment of which one follows the other: a loading dose, then others.

use std::ops::Range;

use crate::read::{Quantity, Text, frequency::Frequency, lexicon};

/// Words between two parts of a treatment.
const THEN: [&str; 4] = ["then", "thereafter", "subsequently", "continuing"];

fn follows(text: &Text<'_>, i: usize) -> bool {
    text.is_a(i, lexicon::THEN) && (text.is_phrase(i, "followed by").is_some() || text.is_any(i, &THEN))
}

/// For each amount the tokens of its own part; nothing where no amount follows another.
pub fn cut(text: &Text<'_>, amounts: &[Quantity], part: Range<usize>) -> Vec<Range<usize>> {
    // One part ends at the first such word between two amounts, the next begins at the last.
    let cuts: Vec<(usize, usize)> = amounts
        .windows(2)
        .filter_map(|two| {
            let between = two[0].to..two[1].from;
            let (mut to, mut from) = (between.clone().filter(|i| follows(text, *i)), between.clone().rev());
            let first = to.next().or_else(|| between.clone().find(|i| text.is(*i, "maintenance")))?;
            Some((first, from.find(|i| follows(text, *i)).unwrap_or(first)))
        })
        .collect();
    if cuts.is_empty() {
        return Vec::new();
    }
    let of = |amount: &Quantity| {
        let start = cuts.iter().rev().find(|cut| cut.1 <= amount.from);
        let end = cuts.iter().find(|cut| cut.0 >= amount.to);
        start.map_or(part.start, |cut| cut.1)..end.map_or(part.end, |cut| cut.0)
    };
    amounts.iter().map(of).collect()
}

/// The part of a sentence before something else follows on an amount: `20 ug once daily, followed by oral X`.
pub fn up_to_next(
    text: &Text<'_>,
    part: Range<usize>,
    amounts: &[Quantity],
    has_amount: bool,
) -> Range<usize> {
    let Some(last) = amounts.last().filter(|_| has_amount) else { return part };
    let next = (last.to..part.end).find(|i| text.is_phrase(*i, "followed by").is_some());
    part.start..next.unwrap_or(part.end)
}

/// Whether a sentence goes on from the one before: `Patients then receive`, `Thereafter they receive`.
pub fn goes_on(text: &Text<'_>, sentence: Range<usize>) -> bool {
    let first = sentence.start..sentence.end.min(sentence.start + 6);
    text.any(first.clone(), lexicon::THEN) && first.into_iter().any(|i| follows(text, i))
}

/// Whether tokens tell of two parts with times of their own: `on day 1, then continuously on days 2-3`.
pub fn parted(text: &Text<'_>, part: Range<usize>) -> bool {
    let timed = |range: Range<usize>| {
        let when = Frequency::read(text, range);
        when.count.is_some() || when.interval.is_some() || when.days.is_some() || when.duration.is_some()
    };
    // `continuing for up to 4 days` goes on as before; `continuing on days 5-10` does not.
    let days = |i: usize| text.has_any(i + 1..(i + 4), &["day", "days"]);
    let until = |i: usize| text.has_any(i + 1..(i + 4), &["for", "until"]);
    // Names of other things may end the part before its going on is told.
    let end = text.sentence(part.start).end;
    let goes_on = |i: &usize| follows(text, *i) && (*i < part.end || text.is(*i, "continuing"));
    (part.start..end).filter(goes_on).any(|i| {
        let next = if text.is(i, "continuing") { days(i) && !until(i) } else { timed(i + 1..part.end) };
        next && timed(part.start..i.min(part.end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        compile::evidence::{Evidence, Told},
        record::Field,
    };

    fn read(words: &str) -> Evidence<'static> {
        let passage = crate::record::Passage { field: Field::of("BriefSummary"), text: Text::new(words) };
        let mut out = Evidence::default();
        out.add(&passage, 0..passage.text.tokens.len(), Told::Own);
        out
    }

    #[test]
    fn each_amount_has_its_own_times() {
        let evidence =
            read("a single loading dose of 60 mg on day 1 followed by once daily doses of 30 mg for 6 days");
        let [first, next] = &evidence.phases[..] else { panic!("{evidence:?}") };
        assert_eq!(first.count.as_ref().map(|c| c.value), Some(1));
        assert!(first.interval.is_none() && first.duration.is_none());
        assert!(next.count.is_none() && next.interval.is_some() && next.duration.is_some());
        let between = read("60 mg on days 0 and 5, then weekly for 4 doses, thereafter 30 mg every 4 weeks");
        let [first, next] = &between.phases[..] else { panic!("{between:?}") };
        assert_eq!(first.days.as_ref().map(|d| d.value.len()), Some(2));
        assert!(first.count.is_none() && next.count.is_none() && next.interval.is_some());
        assert!(read("60 mg or 30 mg once daily").phases.is_empty());
    }

    #[test]
    fn of_two_parts_neither_is_told() {
        for words in [
            "given as a bolus on day 1, then continuously on days 2-3",
            "given once daily on days 1-3 and continuing through days 4-9",
            "given weekly for 2 weeks, then monthly for 3 months",
        ] {
            let when = read(words).when;
            assert!(when.days.is_none() && when.count.is_none() && when.duration.is_none(), "{words}");
        }
        let on = read("given every 8 hours starting on day 2 and continuing for up to 4 days").when;
        assert!(on.interval.is_some());
        let rest = read("given twice weekly for 3 weeks followed by a rest").when;
        assert!(rest.duration.is_some());
        assert_eq!(read("one dose intravenously and one dose intramuscularly").route, None);
    }

    #[test]
    fn a_sentence_that_goes_on() {
        let when = read("X is given on days 1-4. Patients then receive X weekly for 6 weeks.").when;
        assert!(when.days.is_none() && when.interval.is_none() && when.duration.is_none(), "{when:?}");
        let same = read("5 mg of X is given daily. It is then given daily for 6 weeks.").when;
        assert!(same.interval.is_some());
    }

    #[test]
    fn of_labelled_parts_what_differs_is_of_neither() {
        let passage =
            |words| crate::record::Passage { field: Field::of("BriefSummary"), text: Text::new(words) };
        let words = "Part A: X is given IV daily on days 1-5. Part B: X is given IV daily on days 1-3. Part C: as in A";
        let passage = passage(words);
        let parts = super::super::parts::Parts::of(&passage.text);
        let mut out = Evidence::default();
        for (under, piece) in parts.cut(0..passage.text.tokens.len()) {
            out.under = under;
            out.add(&passage, piece, Told::Own);
        }
        assert_eq!(out.route, Some("intravenous"));
        assert!(out.when.interval.is_some() && out.when.open, "{:?}", out.when);
    }

    #[test]
    fn pieces_and_strengths() {
        let first = |words: &str| read(words).amounts.first().map(|q| (q.value.to_string(), q.unit));
        let mg = |n: &str| Some((n.to_owned(), "mg"));
        assert_eq!(first("take three 50 mg tablets daily"), mg("150"));
        assert_eq!(first("take 2 capsules of 40 mg"), mg("80"));
        assert_eq!(first("take one 50 mg tablet daily"), mg("50"));
        assert_eq!(first("30 mg daily; maximum dose, i.e. 90 mg"), mg("30"));
    }

    #[test]
    fn times_and_volumes_of_something_else() {
        let radiation = read("radiation of 2 Gy on days 1-5 every week for 15 days");
        assert!(radiation.when.is_empty(), "{:?}", radiation.when);
        let volume = read("20 million cells, divided into 10 injections of 50 uL").volume;
        assert_eq!(volume.map(|q| q.per), Some(vec!["injection"]));
    }

    #[test]
    fn an_amount_in_brackets_behind_another_name() {
        let names = [Text::new("Gadgetol"), Text::new("Anti-X antibody")];
        let own = super::super::own::Own::new(&[&names[0]]).beside(names[1..].iter());
        let words = "gadgetol (200 mg/m2, 4 days before) and anti-X antibody (200 mg, 7 days after)";
        let passage = crate::record::Passage { field: Field::of("BriefSummary"), text: Text::new(words) };
        let mut out = Evidence::new(false, own);
        out.add(&passage, 0..passage.text.tokens.len(), Told::Own);
        assert_eq!(out.amounts.iter().map(|q| q.per.join("/")).collect::<Vec<_>>(), ["m2"]);
    }

    #[test]
    fn culture_is_no_dose() {
        let evidence = read("2 million cells are given. They are seeded and incubated in 7% CO2.");
        assert!(evidence.concentration.is_none());
    }
}

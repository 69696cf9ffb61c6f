//! How many people each arm has.

use model::Decimal;

use crate::{
    protocol::Arm,
    read::{
        Text,
        lexicon::{self, PEOPLE_WORDS},
        number,
        text::Kind,
    },
    record::Record,
};

/// Sets the sizes of the arms if the record says all of them.
pub fn fill(record: &Record<'_>, arms: &mut [Arm]) {
    if arms.len() < 2 {
        return;
    }
    let counted = || record.prose.iter().map(|p| Counted::new(&p.text)).filter(|c| !c.counts.is_empty());
    let sizes = own(record, arms).or_else(|| {
        let prose: Vec<Counted<'_, '_>> = counted().collect();
        let told = prose.iter().find_map(|text| told(text, arms));
        told.or_else(|| prose.iter().find_map(|text| each(text, arms.len())))
            .or_else(|| prose.iter().find_map(|text| alike(text, arms.len())))
    });
    if let Some(sizes) = sizes {
        arms.iter_mut().zip(sizes).for_each(|(arm, size)| arm.size = Some(size));
    }
}

/// A text with the numbers of people that it tells, each with its token.
struct Counted<'t, 's> {
    text: &'t Text<'s>,
    counts: Vec<(usize, u32)>,
}

impl<'t, 's> Counted<'t, 's> {
    fn new(text: &'t Text<'s>) -> Self {
        // A number of people has a word for them near.
        let all = if text.has(lexicon::PEOPLE) { text.tokens.len() } else { 0 };
        Self { text, counts: (0..all).filter_map(|i| Some((i, people(text, i)?))).collect() }
    }
}

/// The number of people at a token: `21 patients`, `n = 30`.
fn people(text: &Text<'_>, i: usize) -> Option<u32> {
    if text.kind(i) != Kind::Number && !text.is_a(i, lexicon::PEOPLE) {
        return None;
    }
    let size =
        |value: Decimal| value.is_integer().then(|| value.try_into().ok()).flatten().filter(|n: &u32| *n > 0);
    if text.is_any(i, &["n", "N"]) && text.is_any(i + 1, &["=", ":"]) && text.kind(i + 2) == Kind::Number {
        return size(number::whole(text, i + 2)?);
    }
    let value = number::whole(text, i).filter(|_| text.kind(i) == Kind::Number)?;
    let near = text.is_any(i + 1, &PEOPLE_WORDS)
        || (text.kind(i + 1) == Kind::Word && text.is_any(i + 2, &PEOPLE_WORDS));
    let of_list = i > 0
        && text.is_any(i - 1, &["-", "/", "of", "than", "least", "every", "to", "phase", "grade", "type"]);
    (near && !of_list && !text.is_any(i + 1, &["mg", "ml", "of", "or", "and", "%", "to", "-"]))
        .then(|| size(value))?
}

/// Sizes that the arms' own labels and descriptions say, one each.
fn own(record: &Record<'_>, arms: &[Arm]) -> Option<Vec<u32>> {
    if record.arms.len() != arms.len() {
        return None;
    }
    let size = |words: &crate::record::ArmWords<'_>| {
        let passages = [words.label.as_ref(), words.description.as_ref()];
        let mut found = passages.into_iter().flatten().flat_map(|p| Counted::new(&p.text).counts);
        let (_, first) = found.next()?;
        found.all(|(_, other)| other == first).then_some(first)
    };
    record.arms.iter().map(size).collect()
}

/// Sizes in the summary and the description, told apart by the words of the clause they stand in.
fn told(text: &Counted<'_, '_>, arms: &[Arm]) -> Option<Vec<u32>> {
    let marks: Vec<Vec<String>> = arms.iter().map(marks).collect();
    let mut sizes: Vec<Option<u32>> = vec![None; arms.len()];
    for (size, clause) in text.by_count().chain(text.by_semicolon()) {
        let clause = clause.to_lowercase();
        let mut named = (0..arms.len()).filter(|a| marks[*a].iter().any(|m| clause.contains(m)));
        if let (Some(arm), None) = (named.next(), named.next()) {
            sizes[arm] = sizes[arm].or(Some(size));
        }
    }
    sizes.into_iter().collect()
}

impl<'s> Counted<'_, 's> {
    /// Each number of people with the words up to the next one, or to the end of the sentence.
    fn by_count(&self) -> impl Iterator<Item = (u32, &'s str)> {
        let ends = self.counts.iter().skip(1).map(|c| c.0).chain([self.text.tokens.len()]);
        self.counts.iter().zip(ends).map(|((at, size), end)| {
            let end = end.min(self.text.sentence(*at).end);
            (*size, self.words(*at, end.max(at + 1) - 1))
        })
    }

    /// The parts of sentences between semicolons that have one number of people.
    fn by_semicolon(&self) -> impl Iterator<Item = (u32, &'s str)> {
        let ends = |i: usize| self.text.is(i, ";") || !self.text.together(i, i + 1);
        let part = move |at: usize| {
            let from = (0..at).rev().find(|i| ends(*i)).map_or(0, |i| i + 1);
            let to = (at..self.text.tokens.len()).find(|i| ends(*i)).unwrap_or(at);
            (from, to)
        };
        let parts: Vec<_> = self.counts.iter().map(|(at, size)| (part(*at), *at, *size)).collect();
        let alone = parts.chunk_by(|a, b| a.0 == b.0).filter_map(|one| match one {
            [((from, to), at, size)] if at < to => Some((*size, self.words(*from, *to))),
            _ => None,
        });
        alone.collect::<Vec<_>>().into_iter()
    }

    /// The words from a token to another.
    fn words(&self, first: usize, last: usize) -> &'s str {
        let tokens = &self.text.tokens;
        let ends = tokens.get(first).zip(tokens.get(last));
        ends.and_then(|(first, last)| self.text.source.get(first.start()..last.end())).unwrap_or_default()
    }
}

/// Words by which a clause can mean an arm.
fn marks(arm: &Arm) -> Vec<String> {
    let own: Vec<&String> = arm.interventions.iter().filter(|i| !arm.background.contains(i)).collect();
    let mut out: Vec<String> = own.iter().map(|i| i.to_lowercase()).collect();
    out.push(arm.label.to_lowercase());
    let role: &[&str] = match arm.role {
        crate::protocol::Role::Experimental => {
            &["experimental group", "treatment group", "intervention group", "study group"]
        }
        crate::protocol::Role::Placebo => &["placebo group", "control group"],
        crate::protocol::Role::Active | crate::protocol::Role::NoIntervention => &["control group"],
        _ => &[],
    };
    out.extend(role.iter().map(|r| (*r).to_owned()));
    out.retain(|m| m.len() > 3);
    out
}

/// `1st group (45 volunteers), ... 2nd group (45 volunteers)`: as many equal numbers as there are arms, each in a
/// bracket behind a group.
fn alike(counted: &Counted<'_, '_>, arms: usize) -> Option<Vec<u32>> {
    let text = counted.text;
    let of_group = |i: usize| {
        let near = i.saturating_sub(14).max(text.sentence(i).start)..i;
        i > 0 && text.is(i - 1, "(") && text.has_any(near, &["group", "arm", "groups", "arms"])
    };
    let sizes = counted.counts.iter().filter(|(at, _)| of_group(*at)).map(|(_, size)| *size);
    let sizes: Vec<u32> = sizes.take(arms + 1).collect();
    let equal = sizes.len() == arms && sizes.iter().all(|s| s == &sizes[0]);
    equal.then_some(sizes)
}

/// `20 patients in each group`, `(n=20 per group)`.
fn each(counted: &Counted<'_, '_>, arms: usize) -> Option<Vec<u32>> {
    let text = counted.text;
    counted.counts.iter().find_map(|(i, size)| {
        let each = (i + 1..i + 7).any(|at| {
            let per = text.is_any(at, &["each", "per", "every"])
                && text.is_any(at + 1, &["group", "arm", "groups", "arms"]);
            text.together(*i, at) && per
        });
        each.then(|| vec![*size; arms])
    })
}

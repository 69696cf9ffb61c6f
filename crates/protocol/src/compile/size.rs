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
    let sizes = own(record, arms)
        .or_else(|| told(record, arms))
        .or_else(|| each(record, arms))
        .or_else(|| alike(record, arms));
    if let Some(sizes) = sizes {
        arms.iter_mut().zip(sizes).for_each(|(arm, size)| arm.size = Some(size));
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
    if arms.len() < 2 || record.arms.len() != arms.len() {
        return None;
    }
    let size = |words: &crate::record::ArmWords<'_>| {
        let passages = [words.label.as_ref(), words.description.as_ref()];
        let mut found = passages
            .into_iter()
            .flatten()
            .flat_map(|p| (0..p.text.tokens.len()).filter_map(move |i| people(&p.text, i)));
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    };
    record.arms.iter().map(size).collect()
}

/// Sizes in the summary and the description, told apart by the words of the clause they stand in.
fn told(record: &Record<'_>, arms: &[Arm]) -> Option<Vec<u32>> {
    if arms.len() < 2 {
        return None;
    }
    let marks: Vec<Vec<String>> = arms.iter().map(marks).collect();
    record.prose.iter().filter(|p| p.text.has(lexicon::PEOPLE)).find_map(|passage| {
        let text = &passage.text;
        let clauses = by_count(text).into_iter().chain(by_semicolon(text));
        let mut sizes: Vec<Option<u32>> = vec![None; arms.len()];
        for (size, clause) in clauses {
            let clause = clause.to_lowercase();
            let mut named = (0..arms.len()).filter(|a| marks[*a].iter().any(|m| clause.contains(m)));
            if let (Some(arm), None) = (named.next(), named.next()) {
                sizes[arm] = sizes[arm].or(Some(size));
            }
        }
        sizes.into_iter().collect()
    })
}

/// Each number of people with the words up to the next one, or to the end of the sentence.
fn by_count<'s>(text: &Text<'s>) -> Vec<(u32, &'s str)> {
    let counts: Vec<(usize, u32)> =
        (0..text.tokens.len()).filter_map(|i| Some((i, people(text, i)?))).collect();
    let clause = |(n, (at, size)): (usize, &(usize, u32))| {
        let end = counts.get(n + 1).map_or(text.tokens.len(), |c| c.0).min(text.sentence(*at).end);
        (*size, &text.source[text.tokens[*at].start..text.tokens[end.max(at + 1) - 1].end])
    };
    counts.iter().enumerate().map(clause).collect()
}

/// The parts of sentences between semicolons that have one number of people.
fn by_semicolon<'s>(text: &Text<'s>) -> Vec<(u32, &'s str)> {
    let mut out = Vec::new();
    let mut from = 0;
    for i in 0..text.tokens.len() {
        let last = !text.together(i, i + 1);
        if !(text.is(i, ";") || last) {
            continue;
        }
        let mut counts = (from..i).filter_map(|at| people(text, at));
        if let (Some(size), None) = (counts.next(), counts.next()) {
            out.push((size, &text.source[text.tokens[from].start..text.tokens[i].end]));
        }
        from = i + 1;
    }
    out
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
fn alike(record: &Record<'_>, arms: &[Arm]) -> Option<Vec<u32>> {
    if arms.len() < 2 {
        return None;
    }
    record.prose.iter().filter(|p| p.text.has(lexicon::PEOPLE)).find_map(|passage| {
        let text = &passage.text;
        let of_group = |i: &usize| {
            let near = i.saturating_sub(14).max(text.sentence(*i).start)..*i;
            *i > 0 && text.is(*i - 1, "(") && text.has_any(near, &["group", "arm", "groups", "arms"])
        };
        let sizes = (0..text.tokens.len()).filter(of_group).filter_map(|i| people(text, i));
        let sizes: Vec<u32> = sizes.take(arms.len() + 1).collect();
        let equal = sizes.len() == arms.len() && sizes.iter().all(|s| s == &sizes[0]);
        equal.then_some(sizes)
    })
}

/// `20 patients in each group`, `(n=20 per group)`.
fn each(record: &Record<'_>, arms: &[Arm]) -> Option<Vec<u32>> {
    if arms.len() < 2 {
        return None;
    }
    record.prose.iter().filter(|p| p.text.has(lexicon::PEOPLE)).find_map(|passage| {
        let text = &passage.text;
        (0..text.tokens.len()).find_map(|i| {
            let size = people(text, i)?;
            let behind = i + 1..i + 7;
            let each = behind.into_iter().any(|at| {
                let per = text.is_any(at, &["each", "per", "every"])
                    && text.is_any(at + 1, &["group", "arm", "groups", "arms"]);
                text.together(i, at) && per
            });
            each.then(|| vec![size; arms.len()])
        })
    })
}

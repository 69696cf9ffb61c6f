//! Which of the amounts of a sentence are doses, and which say the same again or only a share of it.

use crate::read::{Quantity, Text, lexicon, quantity::Role as Kind, text::Kind as Letters};

/// Words between two amounts of which the second says the same as the first.
const SAME: [&str; 14] = [
    "(",
    ")",
    "=",
    "~",
    "≈",
    "approximately",
    "about",
    "i.e",
    "equivalent",
    "equal",
    "equals",
    "corresponding",
    "to",
    "or",
];

/// Leaves of the quantities of a sentence those that tell a dose, each with what it is for each of.
pub(super) fn settle(text: &Text<'_>, all: &mut Vec<Quantity>) {
    share_per(text, all);
    all.retain(|q| !defines_unit(text, q));
    let is_amount = |q: &Quantity| q.role() == Kind::Amount;
    let amounts: Vec<Quantity> = all.iter().filter(|q| is_amount(q)).cloned().collect();
    if amounts.len() < 2 {
        return;
    }
    let (parts, shares) = (are_parts(text, &amounts), share_from(text, &amounts));
    let again = |q: &Quantity| amounts.iter().any(|first| is_again(text, first, q));
    let within = |q: &Quantity| {
        let earlier = amounts.iter().any(|first| first.to <= q.from && first.unit == q.unit);
        earlier && in_range(text, q)
    };
    let later = |q: &Quantity| amounts.iter().any(|first| first.from < q.from);
    let some = |q: &Quantity| later(q) && (for_some(text, q) || is_step(text, q));
    // `2 million cells/kg, up to 150 million cells`
    let cap = |q: &Quantity| {
        let of_weight =
            |first: &Quantity| first.to <= q.from && first.unit == q.unit && first.per.contains(&"kg");
        q.at_most && q.per.is_empty() && amounts.iter().any(of_weight)
    };
    let unfit = |q: &Quantity| {
        again(q)
            || cap(q)
            || some(q)
            || within(q)
            || shares.is_some_and(|from| q.from > from)
            || parts.is_some_and(|from| q.from > from)
    };
    all.retain(|q| !is_amount(q) || !unfit(q));
}

/// `1×10^6, 2×10^6 or 4×10^6 cells/kg`: the last tells for all what they are for each of.
fn share_per(text: &Text<'_>, all: &mut [Quantity]) {
    for n in (1..all.len()).rev() {
        let (before, after) = all.split_at_mut(n);
        let (Some(one), Some(next)) = (before.last_mut(), after.first()) else { continue };
        let joins = |i| text.is_any(i, &[",", ";", "/", "and", "or", "&"]);
        let listed = one.to < next.from && (one.to..next.from).all(joins) && next.from - one.to < 3;
        // A power without the word for cells has no unit of its own.
        let bare = !(one.from..one.to).any(|i| text.is_a(i, lexicon::CELLS));
        if listed && bare && one.unit == "cells" && next.unit == "cells" && one.per.is_empty() {
            one.per.clone_from(&next.per);
        }
    }
}

/// `10^6 cells are a unit`, `one unit of cells`: how much a unit is, is no dose.
fn defines_unit(text: &Text<'_>, q: &Quantity) -> bool {
    let behind = q.to + 1;
    let defined = text.is_any(q.to, &["is", "are", "was", "were", "as"])
        && text.is_any(behind, &["a", "an", "one"])
        && text.is(behind + 1, "unit");
    let of_cells = q.unit == "U" && text.is(q.to, "of") && text.any(q.to..q.to + 7, lexicon::CELLS);
    defined || of_cells
}

/// Whether the second of two amounts says the first again: `60 million cells (1 million/kg)`, `74 MBq (2 mCi)`.
fn is_again(text: &Text<'_>, first: &Quantity, q: &Quantity) -> bool {
    let between = first.to..q.from;
    let otherwise = first.unit != q.unit || first.per != q.per;
    let pieces = first.in_pieces() || q.in_pieces();
    let joined = !between.is_empty() && between.len() < 5 && between.clone().all(|i| text.is_any(i, &SAME));
    let said = text.has_any(between, &["(", "=", "equal", "equals", "equivalent", "corresponding"]);
    otherwise && !pieces && joined && said
}

/// `2 mg/kg in a range of 1 mg/kg to 3 mg/kg`.
fn in_range(text: &Text<'_>, q: &Quantity) -> bool {
    (q.from.saturating_sub(8)..q.from)
        .any(|i| text.is_any(i, &["range", "ranging"]) && text.together(i, q.from))
}

/// Whether an amount is that of some people: `75 mg (or 125 mg if they weigh more than 75 kg)`.
fn for_some(text: &Text<'_>, q: &Quantity) -> bool {
    let conditional = |i: usize| {
        text.is_any(i, &["if", "unless"])
            || text.is_any(i, &["in", "for"])
                && text.is_any(i + 1, &["patients", "those", "subjects", "children"])
    };
    let or = q.from > 0 && text.is_any(q.from - 1, &["or", "(", ","]);
    or && (q.to..q.to + 2).any(|i| conditional(i) && text.together(q.to, i))
}

/// Whether an amount is the difference of two: `increased by 1 mg per week`, `in steps of 5 mg`.
fn is_step(text: &Text<'_>, q: &Quantity) -> bool {
    const STEPS: [&str; 9] = [
        "increase",
        "increased",
        "increasing",
        "increments",
        "increment",
        "decreased",
        "reduced",
        "reduction",
        "steps",
    ];
    let mut before = q.from.saturating_sub(3)..q.from;
    let step = before.find(|i| text.is_any(*i, &STEPS) && text.together(*i, q.from));
    step.is_some_and(|at| !text.has_any(at..q.from, &["to", "dose", "doses", "at"]))
}

/// Where the shares of an amount begin: `20 mg divided into 10 injections of 2 mg`.
fn share_from(text: &Text<'_>, amounts: &[Quantity]) -> Option<usize> {
    let (first, last) = (amounts.first()?, amounts.last()?);
    (first.to..last.from).find(|i| {
        text.is_any(*i, &["divided", "split"]) && text.is_any(*i + 1, &["into", "in", "over", "between"])
    })
}

/// Where the parts of a mixture begin: `which contains 5 mg of X and 2 mg of Y`.
fn are_parts(text: &Text<'_>, amounts: &[Quantity]) -> Option<usize> {
    amounts.windows(2).find_map(|two| {
        let from = two[0].from.saturating_sub(8);
        let contains = (from..two[0].from).find(|i| {
            text.is_any(*i, &["contains", "containing", "contain"]) && text.together(*i, two[0].from)
        })?;
        let names = (two[0].to..two[1].from).any(|i| {
            text.kind(i) == Letters::Word && !text.is_any(i, &["and", "or", "of", "plus", "mg", "with"])
        });
        let one_clause = text.together(two[0].to, two[1].from) && two[0].from != two[1].from;
        (names && one_clause).then_some(contains)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::quantities, *};

    #[track_caller]
    fn reads(words: &str, expected: &[&str]) {
        let text = Text::new(words);
        let amounts = quantities::read(&text, 0..text.tokens.len());
        let amounts = amounts.iter().filter(|q| q.role() == Kind::Amount);
        let say = |q: &Quantity| {
            let per: String = q.per.iter().map(|p| format!("/{p}")).collect();
            format!("{} {}{per}", q.value, q.unit)
        };
        assert_eq!(amounts.map(say).collect::<Vec<_>>(), expected, "{words}");
    }

    #[test]
    fn what_amounts_share() {
        let three = ["1000000 cells/kg", "2000000 cells/kg", "4000000 cells/kg"];
        reads("doses of 1×10^6, 2×10^6, or 4×10^6 cells/kg are tried", &three);
        reads("1×10^6 cells, 2×10^6 cells/kg", &["1000000 cells", "2000000 cells/kg"]);
    }

    #[test]
    fn the_same_again() {
        reads("80 MBq (2 mCi) of tracer", &["80 MBq"]);
        reads("20 million cells per subject (0.5×10^6 MSCs per kg)", &["20000000 cells/person"]);
        reads("60 million cells (approximately 1 million cells per kg)", &["60000000 cells"]);
        reads("60 mg (2 mg/kg)", &["60 mg"]);
        reads("60 mg followed by 2 mg/kg", &["60 mg", "2 mg/kg"]);
        reads("5 mg (low dose) or 10 mg", &["5 mg", "10 mg"]);
        reads("75 mg of gadgetol (or 125 mg if they weigh more)", &["75 mg"]);
        reads("1 mg, increased by 2 mg per week up to 9 mg per week", &["1 mg", "9 mg/week"]);
        reads("300 ug (pts </= 60 kg) or 480 ug (pts > 60 kg)", &[]);
        reads("2 mg/kg in a range of 1 mg/kg to 3 mg/kg", &["2 mg/kg"]);
        reads("1000 mg (if the weight is less than 75 kg) or 1200 mg", &[]);
        reads("up to a maximum daily dose of 5 mg", &[]);
        reads("three capsules of 200 mg", &["3 {capsule}", "600 mg"]);
        reads("two or three capsules of 200 mg", &["3 {capsule}"]);
    }

    #[test]
    fn caps() {
        reads("1 or 2 million cells/kg, up to 90 million cells", &["1000000 cells/kg", "2000000 cells/kg"]);
        reads("up to 90 million cells", &["90000000 cells"]);
    }

    #[test]
    fn totals() {
        reads("a total dose of Gadgetol® 600 x 10^6 cells on four days", &["600000000 cells/course"]);
        reads("a total dose of 5 patients who are given 2 mg", &["2 mg"]);
    }

    #[test]
    fn shares_and_parts() {
        reads("20 million cells divided into 10 injections of 2 million cells each", &["20000000 cells"]);
        reads("1 mL of a mixture which contains gadgetol 5 mg and widgetol 2 mg", &[]);
        reads("tablets containing 5 mg or 10 mg", &["5 mg", "10 mg"]);
        reads("10^6 cells are a unit; one unit of stem cells is given", &[]);
        reads("3 mg/kg, and the maximum tolerated dose was 9 mg/kg", &["3 mg/kg"]);
    }
}

//! Where something is put, and in which volume: the distance and the depth of places, and volumes that are not sure.

use std::ops::Range;

use model::Decimal;

use crate::read::{
    Quantity, Text,
    number::{self, Number},
    quantity::Role as Kind,
};

/// A length in cm, or the two ends of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Centimetres {
    /// The length, or the lower end.
    pub value: Decimal,
    /// The upper end of a range.
    pub high: Option<Decimal>,
}

/// `2 cm apart`, `spaced 5 mm`, `at 2-cm intervals`: the distance of two places.
pub fn spacing(text: &Text<'_>, mut range: Range<usize>) -> Option<Decimal> {
    const BEHIND: [&str; 5] = ["apart", "spacing", "interval", "intervals", "distance"];
    const BEFORE: [&str; 4] = ["spaced", "spacing", "distance", "intervals"];
    range.find_map(|i| {
        let (length, to) = length(text, i)?;
        let before = text.has_any(i.saturating_sub(3)..i, &BEFORE) && !text.is(to, "deep");
        (text.is_any(to, &BEHIND) || before).then_some(length.value)
    })
}

/// `1.0-1.5 cm deep`, `to a depth of 2 cm`, `1.5 cm in depth`.
pub fn depth(text: &Text<'_>, mut range: Range<usize>) -> Option<Centimetres> {
    range.find_map(|i| {
        let (length, to) = length(text, i)?;
        let behind = text.is_any(to, &["deep", "depth"]) || text.is_phrase(to, "in depth").is_some();
        let before =
            text.has_any(i.saturating_sub(3)..i, &["depth"]) && text.is_any(i - 1, &["of", "depth", "about"]);
        (behind || before).then_some(length)
    })
}

/// Whether tokens have a unit of length: without one neither distance nor depth is told.
pub fn has_length(text: &Text<'_>, mut range: Range<usize>) -> bool {
    range.any(|i| text.word(i).len() == 2 && text.is_any(i, &["cm", "mm"]))
}

/// A length in cm or mm at a token, and the token behind it.
fn length(text: &Text<'_>, i: usize) -> Option<(Centimetres, usize)> {
    let Number { value, high, next, .. } = number::read(text, i)?;
    let unit = if text.is(next, "-") { next + 1 } else { next };
    let per_cm = match () {
        () if text.is(unit, "cm") => Decimal::ONE,
        () if text.is(unit, "mm") => Decimal::TEN,
        () => return None,
    };
    let cm = |n: Decimal| n.checked_div(per_cm).map(|n| n.normalize());
    Some((Centimetres { value: cm(value)?, high: high.and_then(cm) }, unit + 1))
}

/// Whether it is not said which amount has the volume, or which of several volumes is that of an amount.
pub fn several_volumes(text: &Text<'_>, quantities: &[Quantity], amounts: &[Quantity], phased: bool) -> bool {
    let mut volumes = quantities.iter().filter(|q| q.role() == Kind::Volume);
    let Some(first) = volumes.next() else { return false };
    // `1 g (10 mL)`, `50 ug in 10 uL`
    let of_amount = |a: &Quantity| first.from > a.to && first.from - a.to < 3;
    let other = volumes.any(|v| v.unit == first.unit && v.per == first.per && v.value != first.value)
        && !amounts.iter().any(of_amount);
    // `5 mg or 10 mg in 1 mL` shares its volume; `20 million, each 2 million in 0.5 mL` does not.
    let listed = |two: &[Quantity]| {
        let between = two[0].to..two[1].from;
        two[0].from == two[1].from || between.len() < 3 && text.has_any(between, &["or", "and", ",", "/"])
    };
    other || !phased && !amounts.windows(2).all(listed)
}

/// `each injection point is 2 cm apart`, `based on the surface area`: a grid whose extent is not said.
pub fn open_area(text: &Text<'_>, range: Range<usize>) -> bool {
    let mut grid = false;
    for i in range.clone() {
        grid |= text.is(i, "apart") && i > 1 && text.is_any(i - 1, &["cm", "mm"]);
        grid |= text.is(i, "surface")
            && text.is(i + 1, "area")
            && text.has_any(range.clone(), &["injection", "injected", "injections"]);
    }
    let counted = range.into_iter().any(|i| {
        text.is_any(i, &["points", "sites", "injections"]) && i > 0 && number::whole(text, i - 1).is_some()
    });
    grid && !counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let of = |words: &str| {
            let text = Text::new(words);
            let all = 0..text.tokens.len();
            let depth =
                depth(&text, all.clone()).map(|d| (d.value.to_string(), d.high.map(|h| h.to_string())));
            (spacing(&text, all).map(|s| s.to_string()), depth)
        };
        let s = |n: &str| Some(n.to_owned());
        let seed = of("1 mL per injection, each injection point is 2 cm apart ,1.0-1.5 cm deep");
        assert_eq!(seed, (s("2"), Some(("1".to_owned(), s("1.5")))));
        assert_eq!(of("spaced 5 mm, to a depth of 8 mm"), (s("0.5"), Some(("0.8".to_owned(), None))));
        assert_eq!(of("30 sites, 1-1.5cm in depth"), (None, Some(("1".to_owned(), s("1.5")))));
        assert_eq!(of("a tumour of 3 cm, at 4-week intervals"), (None, None));
    }
}

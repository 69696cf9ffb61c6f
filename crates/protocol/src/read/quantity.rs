//! Amounts, concentrations and volumes: `5 × 10^6 cells/mL`, `600 mg/d`, `10, 20 or 40 mg/kg`.

use model::Decimal;

use super::{
    lexicon,
    number::{self, Notation},
    text::{Kind, Text},
    units::{per, unit},
};

/// A number with a unit, as a dose has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, or the lower end of a range.
    pub value: Decimal,
    /// The upper end of a range.
    pub high: Option<Decimal>,
    /// The unit in UCUM's spelling where it has one: `mg`, `ug`, `mL`, `cells`, `[IU]`.
    pub unit: &'static str,
    /// What it is for each of: `kg`, `m2`, `day`, `injection`, `mL`.
    pub per: Vec<&'static str>,
    /// How the number was written.
    pub notation: Notation,
    /// It is the most that may be given: `up to 5 mg`.
    pub at_most: bool,
    /// The first token.
    pub from: usize,
    /// The token behind the last.
    pub to: usize,
}

/// What a quantity can be of a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// How much is given.
    Amount,
    /// How much is in a volume.
    Concentration,
    /// The volume that is given.
    Volume,
    /// A speed, or what is of no dose.
    Other,
}

impl Quantity {
    /// What it can be of a dose.
    pub fn role(&self) -> Role {
        let volume = matches!(self.unit, "mL" | "uL" | "L");
        let speed = self.per.iter().any(|p| matches!(*p, "min" | "dL"));
        let diluted = self.per.iter().any(|p| matches!(*p, "mL" | "uL" | "L"));
        match self.unit {
            // So much in a millilitre is measured in blood.
            "ng" if diluted => Role::Other,
            _ if speed || (volume && (diluted || self.per.contains(&"h"))) => Role::Other,
            // Radiation is no dose of a substance.
            "Gy" | "cGy" => Role::Other,
            "%" => Role::Concentration,
            "mmol" | "U" | "[IU]" | "meq" if self.per.contains(&"L") => Role::Other,
            _ if diluted => Role::Concentration,
            // `8 × 10^9 mL`: a number of something else.
            "mL" | "L" if self.value > Decimal::from(100_000) => Role::Other,
            _ if volume => Role::Volume,
            _ => Role::Amount,
        }
    }

    /// Whether the amount is one of pieces (tablets, drops), which says less than a mass.
    pub fn in_pieces(&self) -> bool {
        self.unit.starts_with('{') && !matches!(self.unit, "{vg}" | "{particle}")
    }

    /// The quantities that begin at a token: one, or those of a list such as `10, 20 or 40 mg`.
    pub fn read(text: &Text<'_>, i: usize) -> Vec<Self> {
        if text.is(i, "AUC") {
            return area_under_curve(text, i).into_iter().collect();
        }
        // A number that ends another one: `2.5.1`, `A-5`.
        if text.kind(i) != Kind::Number && number::whole(text, i).is_none() {
            return Vec::new();
        }
        let broken =
            behind_comma(text, i) || behind_point(text, i) || descends(text, i) || from_a_day(text, i);
        let broken = broken || ends_a_fraction(text, i);
        if broken || ends_a_name(text, i) || number::is_power(text, i) {
            return Vec::new();
        }
        let Some(first) = number::read(text, i) else { return Vec::new() };
        if let Some(one) = with_unit(text, i, first) {
            return vec![one];
        }
        if counts_days(text, i) { Vec::new() } else { list(text, i, first) }
    }
}

/// `TAK-861`, `-4`: the number of a name, or one below zero.
fn ends_a_name(text: &Text<'_>, i: usize) -> bool {
    let minus = i > 0 && text.is_any(i - 1, &["-", "‑", "−"]) && text.glued(i);
    if minus && !text.glued(i - 1) {
        return i < 2 || text.kind(i - 2) != Kind::Number;
    }
    let hyphened = i > 1 && minus;
    hyphened
        && text.kind(i - 2) == Kind::Word
        && number::whole(text, i - 2).is_none()
        && text.word(i - 2).len() > 1
}

/// `3,5 %`: the comma may part a list or a fraction.
fn behind_comma(text: &Text<'_>, i: usize) -> bool {
    let glued = i > 1 && text.is(i - 1, ",") && text.glued(i) && text.glued(i - 1);
    glued && text.kind(i - 2) == Kind::Number
}

/// `0. 5`, `0.5 . 10^6`: a fraction or a factor, or a number behind the end of a sentence.
fn behind_point(text: &Text<'_>, i: usize) -> bool {
    let point = i > 1 && text.is(i - 1, ".") && text.kind(i - 2) == Kind::Number;
    point && text.glued(i - 1) && (text.is(i - 2, "0") || text.is(i, "10")) || point && text.is(i, "10")
}

/// `2/3 x 10^6`, `1/2 tablet`: the number below the stroke.
fn ends_a_fraction(text: &Text<'_>, i: usize) -> bool {
    let stroke = i > 1 && text.is(i - 1, "/") && text.glued(i) && text.glued(i - 1);
    const BEHIND: [&str; 9] = ["x", "×", "*", "million", "of", "tablet", "tablets", "capsule", "capsules"];
    stroke && text.kind(i - 2) == Kind::Number && text.is_any(i + 1, &BEHIND)
}

/// `day 57- 800 mg`: a day, from which on an amount is given.
fn from_a_day(text: &Text<'_>, i: usize) -> bool {
    let day = i > 0 && text.is_any(i - 1, &["day", "week", "month"]);
    day && number::joins_range(text, i + 1) && text.kind(i + 2) == Kind::Number && !text.glued(i + 2)
}

/// `from 40 to 5 mg`: the lower end of what is not one amount.
fn descends(text: &Text<'_>, i: usize) -> bool {
    let from = i > 2 && text.is(i - 1, "to") && text.is(i - 3, "from");
    from && number::whole(text, i - 2) > number::whole(text, i)
}

/// `on day 1 and 6 mg`, `days 1, 8 and 6 mg`: a number of a day begins no list of amounts.
fn counts_days(text: &Text<'_>, i: usize) -> bool {
    let joins = |at: &usize| {
        text.kind(*at) == Kind::Number || text.is_any(*at, &[",", "and", "&", "-", "–", "to", "on", "at"])
    };
    let first = (i.saturating_sub(12)..i).rev().take_while(joins).last().unwrap_or(i);
    first > 0
        && text.is_any(first - 1, &["day", "days", "week", "weeks", "month", "months", "cycle", "cycles"])
}

/// Numbers that share the unit of the last.
fn list(text: &Text<'_>, i: usize, first: number::Number) -> Vec<Quantity> {
    let (mut numbers, mut next) = (vec![first], first.next);
    while numbers.len() < 8 {
        let parted = text.is_any(next, &[",", "/", "or", "and", ";"]);
        let skip = if parted && text.is_any(next + 1, &["or", "and"]) { 2 } else { 1 };
        if !parted || text.kind(next + skip) != Kind::Number {
            return Vec::new();
        }
        let begins = next + skip;
        let Some(number) = number::read(text, begins) else { return Vec::new() };
        // `2/3 x 10^6`: a fraction.
        let fraction = numbers.len() == 1 && text.is(next, "/") && text.glued(next) && text.glued(begins);
        if fraction && number::whole(text, begins) != Some(number.value) && first.value < Decimal::TEN {
            return Vec::new();
        }
        if fraction && ends_a_fraction(text, begins) {
            return Vec::new();
        }
        numbers.push(number);
        next = number.next;
        if let Some(last) = with_unit(text, next.saturating_sub(1), number) {
            if numbers.len() == 2
                && text.word(next.saturating_sub(1)).len() == 1
                && behind_comma(text, next - 1)
            {
                return Vec::new();
            }
            if last.role() == Role::Other {
                return Vec::new();
            }
            let others = &numbers[..numbers.len() - 1];
            let factor = shared_factor(text, others, number, begins);
            let same = |(at, n): (usize, number::Number)| {
                let own = at == others.len();
                let value = if own { n.value } else { n.value.checked_mul(factor)?.normalize() };
                Some(Quantity { value, high: n.high, from: i, ..last.clone() })
            };
            return numbers.iter().copied().enumerate().filter_map(same).collect();
        }
    }
    Vec::new()
}

/// `1, 5 and 10 million`: the factor of the last number, which begins at a token, where the others have none.
fn shared_factor(text: &Text<'_>, others: &[number::Number], last: number::Number, at: usize) -> Decimal {
    let small = others.iter().all(|n| n.value < Decimal::from(1_000) && n.high.is_none());
    let factor = number::whole(text, at).and_then(|digits| last.value.checked_div(digits));
    factor.filter(|f| small && *f >= Decimal::from(1_000)).unwrap_or(Decimal::ONE)
}

/// `AUC 5`, `AUC of 6`, `AUC = 5`.
fn area_under_curve(text: &Text<'_>, i: usize) -> Option<Quantity> {
    let i_behind = i + 1 + usize::from(text.is(i + 1, ")"));
    let at = i_behind + usize::from(text.is_any(i_behind, &["of", "=", "-"]));
    let number = (text.kind(at) == Kind::Number).then(|| number::read(text, at))??;
    let dose = number.value <= Decimal::TEN;
    dose.then(|| quantity(number, "{AUC}", i, number.next))
}

fn quantity(number: number::Number, unit: &'static str, from: usize, to: usize) -> Quantity {
    let number::Number { value, high, notation, .. } = number;
    Quantity { value, high, unit, per: Vec::new(), notation, at_most: false, from, to }
}

fn with_unit(text: &Text<'_>, from: usize, number: number::Number) -> Option<Quantity> {
    let next = number.next;
    // `10^6 units of stem cells` are so many cells.
    let of_cells = text.is(next + 1, "of").then(|| cells(text, number)).flatten();
    let (unit, to) = of_cells
        .or_else(|| unit(text, next))
        .or_else(|| cells(text, number))
        .or_else(|| bare_cells(text, from, number))?;
    if !text.together(from, to - 1) {
        return None;
    }
    // `20 milligrams (mg)/kilogram`
    let to = if again_in_brackets(text, to, unit) { to + 3 } else { to };
    let mut out = quantity(number, unit, from, to);
    // `1×107.7 EID50`, `6.3 TCID50`: a power that is lost, or a logarithm.
    if matches!(unit, "[TCID_50]" | "[EID_50]" | "{particle}") && number.value < Decimal::ONE_THOUSAND {
        return None;
    }
    if unit == "cells" {
        out.to = behind_name(text, out.to);
    }
    out.at_most = from > 1 && text.is(from - 1, "to") && text.is(from - 2, "up");
    while let Some((per, to)) = per(text, out.to) {
        // `/kg/person`
        if per != "person" || out.per.is_empty() {
            out.per.push(per);
        }
        out.to = to;
    }
    // `10 mg total phospholipid (TPL)/mL`
    if out.per.is_empty()
        && matches!(unit, "mg" | "ug" | "g")
        && let Some((per, to)) = diluted_behind(text, out.to)
    {
        out.per.push(per);
        out.to = to;
    }
    // `0.1 mg of X per kilogram`
    let behind = per_behind_name(text, out.to).filter(|_| out.per.is_empty());
    if let Some(at) = behind.filter(|_| matches!(unit, "mg" | "ug" | "g" | "[IU]" | "U")) {
        let more = std::iter::successors(per(text, at), |(_, to)| per(text, *to));
        out.per.extend(more.map(|(per, _)| per));
    }
    // `cells/weight range`: of what they are so many is not known.
    let unknown = text.is(out.to, "/") && text.kind(out.to + 1) == Kind::Word;
    if unit == "cells" && out.per.is_empty() && unknown {
        return None;
    }
    if out.per.is_empty() && of_several_kg(text, out.to) {
        return None;
    }
    // `12.5 mg to 200 mg`, `20mg-30mg`
    if out.high.is_none()
        && number::joins_range(text, out.to)
        && !text.is(out.to + 1, "-")
        && let Some(to) = number::read(text, out.to + 1).filter(|n| n.high.is_none() && n.value > out.value)
        && let Some(end) = unit_with_per(text, to.next, &out)
    {
        (out.high, out.to) = (Some(to.value), end);
    } else if out.high.is_none()
        && let Some((high, to)) = in_larger_unit(text, &out)
    {
        (out.high, out.to) = (Some(high), to);
    }
    // `5 × 10^6 cells/mL` has its unit; `mg/dL` and the like are measurements, not doses.
    Some(out)
}

/// The upper end of a range in a larger unit, in that of the lower one, and the token behind: `300 mg to 2 g`.
fn in_larger_unit(text: &Text<'_>, of: &Quantity) -> Option<(Decimal, usize)> {
    let ranges = of.per.is_empty() && number::joins_range(text, of.to);
    let high = ranges.then(|| number::read(text, of.to + 1)).flatten().filter(|n| n.high.is_none())?;
    let (larger, to) = unit(text, high.next)?;
    let thousand = matches!((of.unit, larger), ("mg", "g") | ("ug", "mg"));
    thousand.then(|| Some((high.value.checked_mul(Decimal::ONE_THOUSAND)?.normalize(), to)))?
}

/// Whether brackets behind a unit have the same in other words: `(mg)`.
fn again_in_brackets(text: &Text<'_>, i: usize, of: &str) -> bool {
    let same = || unit(text, i + 1).is_some_and(|(unit, to)| unit == of && to == i + 2);
    text.is(i, "(") && text.is(i + 2, ")") && same()
}

/// The token behind what says more of cells, where it is told what they are for each of: `cells of ASC per cm2`,
/// `cells (hMSC)/kg`, `cells (in 100 uL) for each ovary`; else the token itself.
fn behind_name(text: &Text<'_>, i: usize) -> usize {
    let of = text.is(i, "of") && text.is_a(i + 1, lexicon::CELLS) && per(text, i + 2).is_some();
    let i = if of { i + 2 } else { i };
    if !text.is(i, "(") {
        return i;
    }
    let close = (i + 2..i + 6).find(|at| text.is(*at, ")") && text.together(i, *at));
    close.filter(|close| per(text, close + 1).is_some()).map_or(i, |close| close + 1)
}

/// Where it is told what a mass is for each of, behind the name of what it is of: `of X per kilogram`.
fn per_behind_name(text: &Text<'_>, i: usize) -> Option<usize> {
    let at = (i + 2..i + 5).find(|at| text.is_any(*at, &["per", "/"])).filter(|_| text.is(i, "of"))?;
    let named = (i + 1..at).all(|n| text.kind(n) == Kind::Word && !text.is_any(n, &["and", "or", "in"]));
    let of_body = per(text, at).is_some_and(|(per, _)| matches!(per, "kg" | "m2"));
    (named && of_body && text.together(i, at)).then_some(at)
}

/// The volume that a mass is in, behind what it is of: `phospholipid (TPL)/mL`.
fn diluted_behind(text: &Text<'_>, i: usize) -> Option<(&'static str, usize)> {
    let slash = (i + 1..i + 6).find(|at| text.is(*at, "/"))?;
    let named = (i..slash).all(|at| text.kind(at) == Kind::Word || text.is_any(at, &["(", ")"]));
    let plain = named && text.together(i, slash) && !(i..slash).any(|at| unit(text, at).is_some());
    per(text, slash).filter(|(per, _)| plain && text.glued(slash) && matches!(*per, "mL" | "L"))
}

/// `1 mL/10 kg`: what is told is not of one kilogram.
fn of_several_kg(text: &Text<'_>, i: usize) -> bool {
    text.is_any(i, &["/", "per"])
        && text.kind(i + 1) == Kind::Number
        && text.is_any(i + 2, &["kg", "㎏", "kilogram", "kilograms"])
}

/// The token behind a unit that is that of a quantity, with what it is for each of.
fn unit_with_per(text: &Text<'_>, i: usize, of: &Quantity) -> Option<usize> {
    let (unit, mut to) = unit(text, i).filter(|(unit, _)| *unit == of.unit)?;
    let mut all = Vec::new();
    while let Some((one, next)) = per(text, to) {
        all.push(one);
        to = next;
    }
    (unit == of.unit && all == of.per).then_some(to)
}

/// Cells: `UC-MSCs`, `autologous bone marrow mononuclear cells`, `CD34+ cells`, at most a dozen tokens on.
fn cells(text: &Text<'_>, number: number::Number) -> Option<(&'static str, usize)> {
    if number.value < Decimal::from(1_000) {
        return None;
    }
    let mut i = number.next;
    // `2020) were treated with cells`: a year.
    let grouped = i > 0 && text.word(i - 1).contains(',');
    if text.is(i, ")") || number.value < Decimal::from(10_000) && !grouped && text.kind(i) != Kind::Word {
        return None;
    }
    while i < number.next + 12 {
        if text.is_a(i, lexicon::CELLS) {
            let like = text.is(i + 1, "-") && text.is(i + 2, "like") && text.is_a(i + 3, lexicon::CELLS);
            // `MSC's/kg`
            let apostrophe = text.is_any(i + 1, &["'", "’"]) && text.is(i + 2, "s") && text.glued(i + 2);
            return Some((
                "cells",
                if like {
                    i + 4
                } else if apostrophe {
                    i + 3
                } else {
                    i + 1
                },
            ));
        }
        let passes = text.kind(i) == Kind::Word && !text.is_any(i, &["per", "in", "or", "and", "to"])
            || text.is_any(i, &["-", "+", "‑", "(", ")"])
            || text.kind(i) == Kind::Number && i > number.next;
        if !passes {
            return None;
        }
        i += 1;
    }
    None
}

/// Words for cells.
pub(super) const CELLS: [&str; 14] = [
    "cell", "cells", "ASC", "ADSC", "ADRC", "ADRCs", "MNC", "MNCs", "PBMC", "PBMCs", "HSC", "HSCs", "BMMNC",
    "BMMNCs",
];

/// Whether a word names cells.
pub fn is_cells(word: &str) -> bool {
    CELLS.iter().any(|n| n.eq_ignore_ascii_case(word)) || ends_as_cells(word.as_bytes())
}

/// `hUCMSC`, `ASCs`: acronyms of stem and stromal cells.
pub fn ends_as_cells(word: &[u8]) -> bool {
    word.ends_with(b"SCs") || word.windows(3).any(|three| three == b"MSC")
}

/// `1.5×10^6/kg`, `(1×10^7)` in a text about cells: powers without a unit are of nothing else. Of a litre or a
/// millilitre they are counts of blood.
fn bare_cells(text: &Text<'_>, from: usize, number: number::Number) -> Option<(&'static str, usize)> {
    let per_kg = per(text, number.next).is_some_and(|(of, _)| of == "kg");
    let per = text.is_any(number.next, &["/", "per"]);
    let millions = per_kg && text.is_any(number.next - 1, &["million", "millions"]);
    let power = number.value >= Decimal::from(100_000) && (number.next > from + 2 || millions);
    let ends = text.kind(number.next) == Kind::Sign && !per
        || text.is_any(number.next, &["followed", "in", "by", "and", "via"])
        // `4×10^7/40 mL`
        || text.is(number.next, "/")
            && text.kind(number.next + 1) == Kind::Number
            && unit(text, number.next + 2).is_some_and(|(unit, _)| unit == "mL");
    (power && (per_kg || ends) && text.has(lexicon::CELLS)).then_some(("cells", number.next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(words: &str, expected: &[&str]) {
        let text = Text::new(words);
        let say = |q: &Quantity| {
            let high = q.high.map(|h| format!("-{h}")).unwrap_or_default();
            let per: String = q.per.iter().map(|p| format!("/{p}")).collect();
            format!("{}{high} {}{per}", q.value, q.unit)
        };
        let mut found = Vec::new();
        let mut i = 0;
        while i < text.tokens.len() {
            let here = Quantity::read(&text, i);
            i = here.first().map_or(i + 1, |q| q.to.max(i + 1));
            found.extend(here.iter().map(say));
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn doses_of_cells() {
        reads("5 × 10^6 cells/mL, 1 mL per injection", &["5000000 cells/mL", "1 mL/injection"]);
        reads("1*10E6 UC-MSCs/kg body weight/100mL", &["1000000 cells/kg", "100 mL"]);
        reads("UC-MSCs (1.5×106/kg)", &["1500000 cells/kg"]);
        reads("1/2 tablet daily", &[]);
        reads("1 million MSCs per body-weight kilogram", &["1000000 cells/kg"]);
        reads("1/3 x 10^6 cells/kg, then 1/2 million cells", &[]);
        reads("25 mg/sq m IV, 3 g/sq. meter/day", &["25 mg/m2", "3 g/m2/day"]);
        reads("10^8 Plaque-forming units per 0.5 mL", &["100000000 [PFU]", "0.5 mL"]);
        reads("level 3, day 57- 800 mg daily", &["800 mg"]);
        reads("MSCs are infused (1×10^7), platelets 1×10^9/L", &["10000000 cells"]);
        reads("1-2 x 10^6 autologous CD34+ cells per kg", &["1000000-2000000 cells/kg"]);
        reads("2 million per kg of derived stem cells", &["2000000 cells/kg"]);
        reads("3 x 10\\^6 cells", &["3000000 cells"]);
        reads("500000 cells per square cm; 2x10^6 cells/cm2", &["500000 cells/cm2", "2000000 cells/cm2"]);
        reads("1x10^6 unit of derived stem cells (UC-MSCs)/kgBW", &["1000000 cells/kg"]);
        reads("1 million allogenic MSC's/Kg", &["1000000 cells/kg"]);
        reads("one hundred million stem cells, 2x10^6 cells/weight range", &["100000000 cells"]);
        reads("(1～5)×10^6 of the cells", &[]);
        reads("25 M allogeneic MSCs, a 5 M solution without cells", &["25000000 cells"]);
        reads("4x10^6~1x10^7 cells per kilogram", &["4000000-10000000 cells/kg"]);
        reads("15 million or 30 million cells", &["15000000 cells", "30000000 cells"]);
        reads("20 million bone marrow-derived mesenchymal stem cells", &["20000000 cells"]);
        reads("1.5 x 10^6 Mesenchymal Stem Cells per body kg", &["1500000 cells/kg"]);
        reads("2x10^6 human mesenchymal stem cells (hMSC)/kg", &["2000000 cells/kg"]);
        reads("10^6 (1 million) /Kg/person cells of stem cells", &["1000000 cells/kg"]);
        reads("2 million MSC-like cells (in 100ul) for each ovary", &["2000000 cells/ovary"]);
        reads("200 mln. cells per 400 mL, 20 mln of MSCs", &["200000000 cells", "400 mL", "20000000 cells"]);
        reads("MSCs at a dose of 1 million xKg", &["1000000 cells/kg"]);
        reads("stem cells 0,5 million * weight (kg)", &["500000 cells/kg"]);
        reads("2 × 1,000,000 MSC/kg, 2 x 1000000 IU", &["2000000 cells/kg", "1000000 [IU]"]);
        reads(
            "2×10^8 nano vesicles/3 ml, 10^11 viral particles",
            &["200000000 {particle}", "3 mL", "100000000000 {particle}"],
        );
        reads("stem cells (4×10^7/40 ml, monthly)", &["40000000 cells", "40 mL"]);
        reads("10^5 TCID50, 1×107.7 EID50", &["100000 [TCID_50]"]);
        reads("MSCs at a dose of 1×10^6 /kilogram (kg) actual body weight", &["1000000 cells/kg"]);
    }

    #[test]
    fn doses_of_drugs() {
        reads("600 mg/d for 15 days", &["600 mg/day"]);
        reads("10, 20 or 40 mg/kg/day", &["10 mg/kg/day", "20 mg/kg/day", "40 mg/kg/day"]);
        reads("75 mg/m2 IV; 75 mg/m² and AUC 5", &["75 mg/m2", "75 mg/m2", "5 {AUC}"]);
        reads("300 mg/m\\^2 daily", &["300 mg/m2"]);
        reads("5mcg or 10mcg", &["5 ug", "10 ug"]);
        reads("saline with 1% albumin, 0.05 % cream", &["1 %", "0.05 %"]);
        reads("9 International Units per kg", &["9 [IU]/kg"]);
        reads("500 IU, two tablets, 50 Gy", &["500 [IU]", "2 {tablet}", "50 Gy"]);
        reads("age 18, grade 3, 3 cells", &[]);
        reads("TAK-861 tablets, collagen (3,5%)", &[]);
        reads("on days -7 to -4, 40 mg", &["40 mg"]);
        reads("8 mg/kg on day 1 and 6 mg/kg on days 8, 15 and 4 mg/kg", &["8 mg/kg", "6 mg/kg", "4 mg/kg"]);
        reads("0.15 mg of gadgetol per kilogram per day", &["0.15 mg/kg/day"]);
        reads("1, 5 and 10 million cells/kg", &["1000000 cells/kg", "5000000 cells/kg", "10000000 cells/kg"]);
        reads("1, 2 or 4 x 10^6 cells", &["1000000 cells", "2000000 cells", "4000000 cells"]);
        reads("(May 2016 to June 2020) were treated with cells", &[]);
        reads("20.000.000 autologous MSCs", &["20000000 cells"]);
        reads("12.5 mg to 200 mg, 20mg-30mg", &["12.5-200 mg", "20-30 mg"]);
        reads("from 40 to 5 mg, 0. 5 mcg, 0.5 . 10^6 cells", &[]);
        reads("200 mg/meter squared", &["200 mg/m2"]);
        reads("200 mg/m(2)/day, 300 mg to 2 g", &["200 mg/m2/day", "300-2000 mg"]);
        reads("20 milligrams (mg)/kilogram (kg) of body weight", &["20 mg/kg"]);
        reads("400 milligrams per square meter", &["400 mg/m2"]);
        reads("300㎎/㎡ in 500 ㎖", &["300 mg/m2", "500 mL"]);
        reads("1ml/10kg of body weight", &[]);
        reads("30 mg/2 mL", &["30 mg", "2 mL"]);
        reads("10 mg total phospholipid (TPL)/mL", &["10 mg/mL"]);
        reads("MART-1:26-35(27L), 125-L-serine-2", &[]);
        reads("200,000 cells per entry site", &["200000 cells/site"]);
        reads("50 million cells/unit dose", &["50000000 cells/dose"]);
        reads("1x10^8 cells/time, 3x10^6 MSC / cm^3", &["100000000 cells/dose"]);
        reads("1x10^7 cells of ASC per 1cm^2", &["10000000 cells/cm2"]);
    }

    #[test]
    fn roles() {
        let role = |words: &str| Quantity::read(&Text::new(words), 0)[0].role();
        assert_eq!(role("5 mg/mL"), Role::Concentration);
        assert_eq!(role("2 mL per injection"), Role::Volume);
        assert_eq!(role("2 mL/min"), Role::Other);
        assert_eq!(role("126 mg/dL"), Role::Other);
        assert_eq!(role("10 ng/mL"), Role::Other);
        assert_eq!(role("75 mg/m2"), Role::Amount);
    }
}

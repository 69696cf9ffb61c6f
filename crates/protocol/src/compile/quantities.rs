//! The quantities of a sentence that can be of a dose.

use std::ops::Range;

use model::Decimal;

use super::amounts;
use crate::read::{Quantity, Text, number, quantity::Role as Kind, text::Kind as Letters};

/// Words before a quantity that is a limit or a measurement.
const LIMITS: [&str; 23] = [
    "maximum",
    "max",
    "exceed",
    "exceeding",
    "than",
    "least",
    ">",
    "<",
    "≥",
    "≤",
    "below",
    "above",
    "cumulative",
    "minimum",
    "targeted",
    "trough",
    "under",
    "over",
    "hba1c",
    "bmi",
    "weight",
    "hemoglobin",
    "creatinine",
];
/// Words behind a percentage of what a substance is suspended in.
const SUSPENDED_IN: [&str; 11] = [
    "albumin",
    "serum",
    "human",
    "autologous",
    "dextrose",
    "glucose",
    "dmso",
    "saline",
    "plasma",
    "sodium",
    "hsa",
];

/// What is taken from people: `60 mL of bone marrow`.
const TAKEN: [&str; 7] = ["marrow", "blood", "fat", "adipose", "lipoaspirate", "aspirate", "urine"];

/// What a substance is in, a piece or several at a time.
const PIECES: [&str; 8] = ["tablet", "tablets", "capsule", "capsules", "pill", "pills", "puffs", "sachets"];

/// The quantities of tokens that can be of a dose.
pub fn read(text: &Text<'_>, range: Range<usize>) -> Vec<Quantity> {
    let mut out: Vec<Quantity> = Vec::new();
    let mut i = range.start;
    while i < range.end {
        let found = Quantity::read(text, i);
        let Some(last) = found.last() else {
            i += 1;
            continue;
        };
        // `each syringe contains 2 x 10^8 cells/20 mL`: how many are given is told elsewhere, or not.
        // So is `X contains 5 g/100 mL` how strong X is.
        let diluted = text.is(last.to, "/") && text.kind(last.to + 1) == Letters::Number;
        let packed = i > 1
            && text.is_any(i - 1, &["contains", "containing"])
            && (diluted || text.is_any(i - 2, &["syringe", "vial", "ampoule", "tube"]));
        if packed {
            break;
        }
        let to = last.to.max(i + 1);
        let before = i.saturating_sub(3)..i;
        let limit = before.into_iter().any(|at| text.is_any(at, &LIMITS) && text.together(at, i))
            || (i.saturating_sub(6)..i).any(|at| text.is(at, "cumulative") && text.together(at, i))
            || (i.saturating_sub(7)..i).any(|at| {
                let extreme = text.is_any(at, &["maximum", "minimum"])
                    && text.is_any(at + 1, &["dose", "daily", "tolerated", "feasible", "planned"]);
                extreme && text.together(at, i) && (at..i).all(|n| text.kind(n) != Letters::Number)
            });
        // `5% autologous serum`: of what the substance is suspended in.
        let vehicle = last.unit == "%" && text.is_any(to, &SUSPENDED_IN);
        let taken = last.role() == Kind::Volume
            && (text.is(to, "of") && text.has_any(to + 1..to + 4, &TAKEN)
                || text.has_any(to..to + 2, &TAKEN)
                || of_saline(text, i));
        if !limit && !vehicle && !taken && !of_either(text, i) && to <= range.end + 4 {
            let total = text.is(to, "total")
                || text.is_phrase(to, "in total").is_some()
                || (i.saturating_sub(4)..i)
                    .any(|at| text.is(at, "total") || text.is(at, "target") && last.unit == "cells")
                || (i.saturating_sub(8)..i).any(|at| {
                    let leads = text.is_phrase(at, "total dose of").is_some();
                    leads && text.together(at, i) && (at..i).all(|n| text.kind(n) != Letters::Number)
                });
            let pieces = pieces_of(text, i).filter(|_| last.unit != "%" && !last.in_pieces());
            for mut quantity in found {
                if let Some((many, from)) = pieces.filter(|_| quantity.role() == Kind::Amount) {
                    let Some(value) = quantity.value.checked_mul(many) else { continue };
                    quantity.value = value.normalize();
                    quantity.high = quantity.high.and_then(|high| high.checked_mul(many));
                    quantity.from = from;
                }
                // `11 injections of 50 uL`
                let each = i > 2
                    && text.is(i - 1, "of")
                    && text.is_any(i - 2, &["injections", "infusions", "aliquots"]);
                // `15 injections (1 mL each)`
                let each_behind =
                    text.is(to, "each") && text.has_any(i.saturating_sub(3)..i, &["injections"]);
                if (each || each_behind) && quantity.role() == Kind::Volume && quantity.per.is_empty() {
                    let infusions = each && text.is(i - 2, "infusions");
                    quantity.per.push(if infusions { "infusion" } else { "injection" });
                }
                if total && quantity.role() == Kind::Amount {
                    quantity.per.push("course");
                }
                let same = |q: &Quantity| {
                    q.value == quantity.value && q.unit == quantity.unit && q.per == quantity.per
                };
                if !out.iter().any(same) {
                    out.push(quantity);
                }
            }
        }
        i = to;
    }
    // `50 mg tablet; maximum 400 mg/day`: a strength, of which some are taken.
    let strength = |q: &Quantity| text.is_any(q.to, &["tablet", "tablets", "capsule", "capsules"]);
    if text.has_any(range.clone(), &["maximum", "max"]) {
        out.retain(|q| !strength(q));
    }
    // `tablets 20/120 mg`, `a 25 mg/67.5 mg tablet`: how much of each of two substances is in a piece.
    let parted = |q: &Quantity| {
        let next = q.from + 1;
        let slashed = text.is(next, "/") && text.glued(next) && text.glued(next + 1)
            || text.is(q.to, "/") && text.kind(q.to + 1) == Letters::Number;
        let near = q.from.saturating_sub(1)..q.to + 8;
        slashed && near.into_iter().any(|at| text.together(q.from, at) && text.is_any(at, &PIECES))
    };
    if out.iter().any(parted) {
        out.retain(|q| q.role() != Kind::Amount || q.in_pieces());
    }
    amounts::settle(text, &mut out);
    // `1 tablet below 15 kg`, `300 ug (under 60 kg) or 480 ug (over 60 kg)`: what some people get.
    let starts: Vec<usize> = out.iter().filter(|q| q.role() == Kind::Amount).map(|q| q.from).collect();
    let alone = starts.len() == 1;
    let of_some = |q: &Quantity| {
        let next = starts.iter().copied().find(|from| *from > q.from).unwrap_or(range.end);
        let near = if alone { range.clone() } else { q.to..next.min(q.to + 10).min(range.end) };
        of_a_weight(text, near)
    };
    let mut some: Vec<bool> = out.iter().map(|q| q.role() == Kind::Amount && of_some(q)).collect();
    for n in 1..out.len() {
        // `1,000 mg (below 75 kg) or 1,200 mg`: the other is that of the rest.
        let other = text.is_any(out[n].from.saturating_sub(1), &["or"]) && out[n].role() == Kind::Amount;
        some[n] |= some[n - 1] && other && out[n].unit == out[n - 1].unit;
    }
    let mut some = some.into_iter();
    out.retain(|_| !some.next().unwrap_or_default());
    // `200 mg/capsule`, `10 and 20 mg strengths`: how much is in a piece, not how many are taken.
    let in_a_piece =
        |q: &Quantity| q.per.contains(&"tablet") || text.is_any(q.to, &["strength", "strengths"]);
    out.retain(|q| !in_a_piece(q));
    // The total of what is given at a time says nothing more.
    if out.iter().any(|q| q.role() == Kind::Amount && !q.per.contains(&"course")) {
        out.retain(|q| !q.per.contains(&"course"));
    }
    out
}

/// Whether tokens tell of people of some weight: `below 15 kg`, `weighing more than 50 kg`.
fn of_a_weight(text: &Text<'_>, mut range: Range<usize>) -> bool {
    const BOUNDS: [&str; 12] =
        ["below", "under", "above", "over", "than", "exceeding", "weighing", "<", ">", "≤", "≥", "="];
    range.any(|i| {
        // `25kg over:`, `15kg ~ 25kg:`
        let behind = i > 0 && text.is(i, "kg") && text.kind(i - 1) == Letters::Number;
        let banded = behind
            && (text.is_any(i + 1, &["below", "over", "under", "above"])
                || text.is_any(i + 1, &["~", "-", "to"]) && text.is(i + 3, "kg"));
        let bound = text.is_any(i, &BOUNDS) && text.kind(i + 1) == Letters::Number;
        banded || bound && text.is_any(i + 2, &["kg", "kilograms"]) && text.together(i, i + 2)
    })
}

/// `two or three capsules of 200 mg`: it is not said how many have the strength that stands at a token.
fn of_either(text: &Text<'_>, i: usize) -> bool {
    let piece = i > 4 && text.is(i - 1, "of") && text.is_any(i - 2, &PIECES);
    piece && text.is_any(i - 4, &["or", "to", "-"]) && number::whole(text, i - 5).is_some()
}

/// `then normal saline 500 mL`: what is given beside, where nothing is said to be in it.
fn of_saline(text: &Text<'_>, i: usize) -> bool {
    let named = i > 0 && text.is_any(i - 1, &["saline", "ringer", "dextrose"]);
    // Unless it is all that is said.
    named
        && text.sentence(i).len() > 5
        && !text.has_any(i.saturating_sub(5)..i, &["in", "with", "of", "by", "placebo"])
}

/// `four` of `four 250 mg capsules`, `2` of `2 tablets of 5 mg`: how many pieces have the strength that stands at a
/// token, and where the words begin.
fn pieces_of(text: &Text<'_>, i: usize) -> Option<(Decimal, usize)> {
    let at = |n: usize| {
        let at = i.checked_sub(n)?;
        let many = number::whole(text, at).filter(|m| m.is_integer() && text.together(at, i))?;
        (many > Decimal::ONE && many <= Decimal::from(20)).then_some((many, at))
    };
    if i > 1 && text.is(i - 1, "of") && text.is_any(i - 2, &PIECES) {
        return at(3).or_else(|| at(4)).or_else(|| at(5));
    }
    let strength = Quantity::read(text, i);
    let behind = strength.last()?.to;
    let solid = |n: usize| text.is_any(n, &PIECES);
    if strength.len() > 1 || !(solid(behind) || solid(behind + 1)) {
        return None;
    }
    if i > 0 && text.is_any(i - 1, &["x", "×", "*"]) { at(2) } else { at(1) }
}

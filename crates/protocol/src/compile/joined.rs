//! Interventions that are several drugs in one, taken apart where their texts dose each: `X 200 mg plus Y 5 mg`.

use std::ops::Range;

use super::{
    content::{self, Content},
    mention::{Found, Names, generic},
    rivals,
};
use crate::{
    read::{Quantity, Text, lexicon, quantity::Role, text::Kind},
    record::{InterventionWords, Passage, Record},
};

/// Signs and words that join the parts of a name.
const JOINS: [&str; 7] = ["and", "plus", "+", "&", "/", ",", "with"];

/// Words of a join that name nothing.
const JOINED: [&str; 7] = ["combined", "combination", "in", "followed", "by", "together", "concurrent"];

/// The record with the parts of its interventions for interventions; `None` where no intervention is taken apart.
pub fn apart<'s>(record: &Record<'s>) -> Option<Record<'s>> {
    let parts = |v: &InterventionWords<'s>| if joins(v) { parts(v) } else { Vec::new() };
    let all: Vec<Vec<InterventionWords<'s>>> = record.interventions.iter().map(parts).collect();
    let joined = (0..all.len()).filter(|v| !all[*v].is_empty());
    let joined: Vec<usize> = joined.filter(|v| are_dosed(record, *v, &all[*v])).collect();
    if joined.is_empty() {
        return None;
    }
    let mut interventions = Vec::new();
    // Where the parts of each intervention stand now.
    let mut places: Vec<Range<usize>> = Vec::new();
    for (v, parts) in all.into_iter().enumerate() {
        let from = interventions.len();
        if joined.contains(&v) {
            interventions.extend(parts);
        } else {
            interventions.push(record.interventions[v].clone());
        }
        places.push(from..interventions.len());
    }
    let mut arms = record.arms.clone();
    for arm in &mut arms {
        arm.interventions = arm.interventions.iter().flat_map(|v| places[*v].clone()).collect();
    }
    Some(record.with(arms, interventions))
}

/// Whether a name may join drugs: a fixed strength, a choice or a product of cells is none of that.
fn joins(v: &InterventionWords<'_>) -> bool {
    let name = &v.name.text;
    name.has_any(0..name.tokens.len(), &JOINS)
        && !name.has_any(0..name.tokens.len(), &["or", "versus", "vs", ":", "placebo", "mixture"])
        && (0..name.tokens.len()).all(|i| Quantity::read(name, i).is_empty())
        && content::has_dose(v)
        && !content::names_cells(v)
        && Content::of(v) == Content::Active
}

/// The parts of a name, each an intervention with the same description; none where fewer than two name something.
fn parts<'s>(v: &InterventionWords<'s>) -> Vec<InterventionWords<'s>> {
    let name = &v.name.text;
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let (mut from, mut depth) = (0, 0_usize);
    for i in 0..name.tokens.len() {
        match name.word(i) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if depth == 0 && name.is_any(i, &JOINS) => {
                pieces.push(from..i);
                from = i + 1;
            }
            _ => {}
        }
    }
    pieces.push(from..name.tokens.len());
    let bare = |i: &usize| name.kind(*i) == Kind::Sign || name.is_any(*i, &JOINED);
    let trimmed = pieces.into_iter().map(|piece| {
        let from = piece.clone().find(|i| !bare(i)).unwrap_or(piece.end);
        from..piece.rev().find(|i| !name.is_any(*i, &JOINED)).map_or(from, |last| last + 1)
    });
    let pieces: Vec<Range<usize>> = trimmed.filter(|piece| !piece.is_empty()).collect();
    let given = |piece: &Range<usize>| rivals::named(&name.part(piece.clone())).0;
    // One word that no vocabulary has may be a drug, too.
    let telling = |piece: &Range<usize>| {
        let mut words = piece.clone().filter(|i| tells(name, *i));
        words.next().is_some()
            && (words.next().is_none() && is_one_word(name, piece) || !given(piece).is_empty())
    };
    let drugs: Vec<&Range<usize>> = pieces.iter().filter(|piece| telling(piece)).collect();
    let apposed = drugs.windows(2).any(|two| {
        let (one, other) = (given(two[0]), given(two[1]));
        let akin = one.iter().any(|a| other.iter().any(|b| rivals::akin(*a, *b)));
        // Behind a comma a name may be said in other words.
        akin || name.is(two[0].end, ",") && (one.is_empty() || other.is_empty())
    });
    if drugs.len() < 2 || apposed {
        return Vec::new();
    }
    let of = |piece: Range<usize>| InterventionWords {
        kind: if telling(&piece) { v.kind } else { Some("OTHER") },
        name: Passage { field: v.name.field, text: name.part(piece) },
        description: v.description.clone(),
        others: Vec::new(),
    };
    pieces.into_iter().map(of).collect()
}

/// `X`, `TS-1`, `X (Y)`: a name of one word.
fn is_one_word(name: &Text<'_>, piece: &Range<usize>) -> bool {
    let bracket = piece.clone().find(|i| name.is(*i, "(")).unwrap_or(piece.end);
    (piece.start + 1..bracket).all(|i| name.glued(i))
}

/// Whether a word of a name tells a drug.
fn tells(name: &Text<'_>, i: usize) -> bool {
    const OTHERS: [&str; 11] = [
        "immunosuppression",
        "immunotherapy",
        "radiation",
        "radiotherapy",
        "surgery",
        "regimen",
        "chemotherapy",
        "anesthesia",
        "sedation",
        "standard",
        "based",
    ];
    let word = name.word(i);
    name.kind(i) == Kind::Word
        && word.len() > 3
        && !generic(word)
        && !name.is_any(i, &OTHERS)
        && !name.is_a(i, lexicon::TELLING | lexicon::ROUTE)
}

/// Whether texts of an intervention tell an amount of one of its parts alone, and none of two of them together.
fn are_dosed(record: &Record<'_>, v: usize, parts: &[InterventionWords<'_>]) -> bool {
    let names = Names::new(parts);
    let arms = record.arms.iter().filter(|arm| arm.interventions.contains(&v));
    let own = arms.flat_map(|arm| [&arm.label, &arm.description]);
    let own = own.chain([&record.interventions[v].description]);
    let mut dosed = false;
    for passage in own.flatten() {
        let (text, found) = (&passage.text, names.found(&passage.text));
        let mentions = found.among(&(0..parts.len()).collect::<Vec<_>>());
        for (n, (at, of)) in mentions.iter().enumerate() {
            let Some(tokens) = segment(text, &found, *of, *at, parts.len()) else { continue };
            if !tells_amount(text, tokens) {
                continue;
            }
            let before = n.checked_sub(1).and_then(|n| mentions.get(n)).filter(|(_, other)| other != of);
            if before.is_some_and(|(from, other)| is_beside(text, *from + 1..*at, &parts[*other].name.text)) {
                return false;
            }
            dosed = true;
        }
    }
    dosed
}

/// The tokens about a part from one mention of it on.
fn segment(text: &Text<'_>, found: &Found, of: usize, at: usize, parts: usize) -> Option<Range<usize>> {
    let all: Vec<usize> = (0..parts).collect();
    let segments = found.segments(text, of, &all, 0..text.tokens.len());
    segments.into_iter().find(|s| s.mention == at).map(|s| s.tokens)
}

/// Whether nothing but the rest of a name and a join stands between two names: `lopinavir/ritonavir`.
fn is_beside(text: &Text<'_>, mut between: Range<usize>, name: &Text<'_>) -> bool {
    let of_name = |i| (0..name.tokens.len()).any(|n| name.is(n, text.word(i)));
    between.all(|i| {
        text.kind(i) == Kind::Sign || text.is_any(i, &JOINS) || text.is_any(i, &JOINED) || of_name(i)
    })
}

fn tells_amount(text: &Text<'_>, mut tokens: Range<usize>) -> bool {
    tokens.any(|i| Quantity::read(text, i).iter().any(|q| q.role() == Role::Amount && !q.in_pieces()))
}

#[cfg(test)]
mod tests {
    use model::Study;
    use serde_json::json;

    use crate::compile;

    /// What an intervention of this name and description is given as: each substance with its amount.
    fn given(name: &str, description: &str) -> Vec<String> {
        let study = json!({
            "identificationModule": {"nctId": "NCT00000001"},
            "designModule": {"studyType": "INTERVENTIONAL"},
            "armsInterventionsModule": {
                "armGroups": [{"label": "A", "interventionNames": [format!("Drug: {name}")]}],
                "interventions": [{"type": "DRUG", "name": name, "description": description}],
            },
        });
        let protocol = compile(&Study::new(json!({"protocolSection": study})).unwrap());
        let amount =
            |d: &crate::protocol::Dose| d.amount.as_ref().map(|a| format!(" {} {}", a.value, a.unit));
        protocol.doses.iter().map(|d| d.substance.clone() + &amount(d).unwrap_or_default()).collect()
    }

    #[test]
    fn each_drug_has_its_own_dose() {
        let both = "Docetaxel 75 mg IV on day 1, capecitabine 500 mg orally twice daily";
        assert_eq!(given("Docetaxel plus capecitabine", both), ["Docetaxel 75 mg", "capecitabine 500 mg"]);
        assert_eq!(given("Docetaxel, capecitabine", both), ["Docetaxel 75 mg", "capecitabine 500 mg"]);
        let unknown = "Gadgetol: 5 mg daily. Widgetol: 7 mg daily";
        assert_eq!(given("Gadgetol + Widgetol", unknown), ["Gadgetol 5 mg", "Widgetol 7 mg"]);
    }

    #[test]
    fn what_is_given_as_one_stays_one() {
        for (name, description) in [
            ("Lopinavir/ritonavir", "lopinavir/ritonavir 400 mg twice daily"),
            ("Gadgetol and Widgetol", "one tablet of Gadgetol daily"),
            ("Gadgetol with chemotherapy", "Gadgetol 5 mg daily"),
            ("Gadgetol, a new drug", "Gadgetol 5 mg daily, a new drug"),
            ("Docetaxel or capecitabine", "Docetaxel 75 mg, capecitabine 500 mg"),
        ] {
            assert!(given(name, description).iter().all(|d| d.starts_with(name)), "{name}");
        }
    }
}

//! Texts to read: invented, real, and damaged.

use std::ops::ControlFlow;

use ingest::{Found, Limits};
use model::Study;
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "Inclusion Criteria:",
    "Exclusion criteria",
    "EXCLUSION:",
    "DISEASE CHARACTERISTICS:",
    "**Key Inclusion**",
    "Criterios de exclusión:",
    "age",
    "Age ≥ 18 years",
    "18",
    "65",
    "1.73",
    "10^9/L",
    "10⁹",
    "mg/dL",
    "%",
    "μmol/L",
    "x ULN",
    "HbA1c",
    "ALT or AST",
    "ECOG 0-2",
    "NYHA III-IV",
    "BMI",
    "pregnant",
    "diabetes",
    "type 1 or type 2",
    "asthma",
    "prior",
    "history of",
    "no",
    "not",
    "without",
    "except",
    "unless",
    "excluding",
    "such as",
    "e.g.",
    "including but not limited to",
    "etc.",
    "within 6 months",
    "before screening",
    "at least",
    "two of the following:",
    "less than",
    "or greater",
    "between",
    "and",
    "or",
    "and/or",
    "with",
    "for",
    "if",
    "investigator",
    "informed consent",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ":",
    ".",
    "=",
    "<",
    ">",
    "≤",
    "\\<",
    "\\>=",
    "&lt;",
    "&ge;",
    "\\n",
    "\\",
    "&",
    "- ",
    "* ",
    "• ",
    "1. ",
    "2) ",
    "(a) ",
    "iv. ",
    "①",
    "\n",
    "\n\n",
    "\n  ",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{feff}",
    "é",
    "e\u{301}",
    "ｍ",
    "１８",
    "<U+2265>",
    "\u{200b}",
    "梅毒",
    "--",
    "___",
    "~",
    "\"",
    "'",
    "±",
    "½",
];

/// Texts of pieces that criteria are made of, in no order.
pub fn invented() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(PIECES), prop::sample::select(&["", " ", " ", "\n"][..]));
    prop::collection::vec(piece, 0..40)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(a, b)| [a, b]).collect())
}

/// The criteria of all real records beside the project; none where there are none.
pub fn real() -> Vec<String> {
    let mut texts = Vec::new();
    for file in [
        "ctgov-v2.json.zip",
        "ctgov-v1-full-studies.zip",
        "ctgov-legacy-xml.zip",
        "ctgov-v1-study-fields.zip",
    ] {
        let Some(path) = testkit::shared(&format!("data/registry/{file}")) else { return texts };
        let _ = ingest::read(&path, Limits::default(), &mut |found| {
            if let Found::Record(raw) = found
                && let Ok(converted) = ingest::convert(&raw)
                && let Some(study) = Study::new(converted.study)
            {
                texts.push(eligibility::record::text(&study).to_owned());
            }
            ControlFlow::Continue(())
        });
    }
    assert!(
        texts.iter().filter(|text| !text.is_empty()).count() > 1000,
        "criteria of {} records",
        texts.len()
    );
    texts
}

/// Numbers without an order, the same in every run.
pub struct Dice(u64);

impl Dice {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`; 0 where there are none.
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// A text with a few parts deleted, doubled, exchanged, or odd ones put between.
pub fn damaged(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + dice.throw(6) {
        let chars: Vec<char> = text.chars().collect();
        let from = dice.throw(chars.len());
        let to = (from + 1 + dice.throw(30)).min(chars.len());
        let (before, part, behind) = (&chars[..from], &chars[from.min(to)..to], &chars[to.max(from)..]);
        let odd: Vec<char> = PIECES[dice.throw(PIECES.len())].chars().collect();
        let parts: [&[char]; 4] = match dice.throw(4) {
            0 => [before, behind, &[], &[]],
            1 => [before, part, part, behind],
            2 => [behind, part, before, &[]],
            _ => [before, &odd, part, behind],
        };
        text = parts.concat().into_iter().collect();
    }
    text
}

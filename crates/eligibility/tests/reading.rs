//! What holds of every reading of criteria, whatever the text: nothing is lost, nothing is invented, nothing fails.
//!
//! The texts are invented ones, arbitrary bytes, and the criteria of real records, as they are and damaged.
#![allow(clippy::unwrap_used)]

#[path = "reading/growth.rs"]
mod growth;
#[path = "reading/holds.rs"]
mod holds;
#[path = "reading/texts.rs"]
mod texts;

use eligibility::{
    read::{Escapes, Options, Reader},
    tree::Section,
};
use holds::faults;
use proptest::prelude::*;
use texts::{Dice, damaged, invented, real};

/// Both ways a text may be escaped, and both sections that may come first.
const WAYS: [Options; 3] = [
    Options { escapes: Escapes::Markup, section: Section::Inclusion },
    Options { escapes: Escapes::Literal, section: Section::Inclusion },
    Options { escapes: Escapes::Markup, section: Section::Exclusion },
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn invented_texts_are_kept_whole(text in invented()) {
        for way in WAYS {
            prop_assert_eq!(faults(&text, way, &mut Reader::new()), Vec::<String>::new());
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        for way in WAYS {
            prop_assert_eq!(faults(&text, way, &mut Reader::new()), Vec::<String>::new());
        }
    }

    #[test]
    fn any_characters_are_read(text in ".{0,200}") {
        for way in WAYS {
            prop_assert_eq!(faults(&text, way, &mut Reader::new()), Vec::<String>::new());
        }
    }

    /// Marks that combine and change places, beside escapes and signs.
    #[test]
    fn marks_that_combine_are_read(text in r"[\p{Mn}\p{Mc}\p{Me}a-z0-9 <>&;.,()\\]{0,12}") {
        for way in WAYS {
            prop_assert_eq!(faults(&text, way, &mut Reader::new()), Vec::<String>::new());
        }
    }
}

#[test]
fn real_criteria_are_kept_whole() {
    let mut reader = Reader::new();
    let wrong: Vec<String> = real().iter().flat_map(|text| faults(text, WAYS[0], &mut reader)).collect();
    assert!(wrong.is_empty(), "{} faults, of them\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
}

#[test]
fn damaged_criteria_are_kept_whole() {
    let mut reader = Reader::new();
    let mut dice = Dice::new(3);
    let mut wrong = Vec::new();
    for (i, text) in real().iter().step_by(5).enumerate() {
        let text = damaged(text, &mut dice);
        wrong.extend(faults(&text, WAYS[i % WAYS.len()], &mut reader));
    }
    assert!(wrong.is_empty(), "{} faults, of them\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
}

#[test]
fn a_used_reader_reads_as_a_fresh_one() {
    let mut used = Reader::new();
    for text in real().iter().step_by(40) {
        let (fresh, again) = (Reader::new().read(text, WAYS[0]), used.read(text, WAYS[0]));
        assert_eq!(format!("{fresh:?}"), format!("{again:?}"));
        assert_eq!(format!("{again:?}"), format!("{:?}", used.read(text, WAYS[0])));
    }
}

/// Texts that once were not: marks that combine with nothing, or change places when letters are composed.
#[test]
fn marks_without_letters_are_read() {
    for text in ["\u{2cef}\u{5b0}  \\", "\u{5b0}", "fe\u{5b0}\u{2cef}ver  fever", r"\\\n"] {
        for way in WAYS {
            assert_eq!(faults(text, way, &mut Reader::new()), Vec::<String>::new());
        }
    }
}

#[test]
fn nothing_is_read_from_nothing() {
    for text in ["", " \n\t\r\n ", "\u{a0}\n"] {
        assert_eq!(Reader::new().read(text, WAYS[0]).items, []);
    }
}

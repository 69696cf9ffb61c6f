//! What was read, as bytes: to be kept and taken up again by the same reader.
//!
//! The bytes follow the types and carry no names, so only the program that wrote them can read them: whoever keeps them
//! notes [`READER`] beside them, and a checksum. Bytes that are damaged all the same give `None` or other criteria,
//! never a panic.

use serde::{Serialize, de::DeserializeOwned};

/// Names the reader: it changes with whatever a reading depends on, the code, the word lists and the catalogue.
pub const READER: &str = env!("ELIGIBILITY_READER");

/// A value as bytes.
pub fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
    // Writing to memory fails for no value that the types allow.
    postcard::to_stdvec(value).unwrap_or_default()
}

/// A value of its bytes; `None` if they are not whole.
pub fn value<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}

/// Decimals with their digits: 16 bytes.
pub(crate) mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        <[u8; 16]>::deserialize(deserializer).map(Decimal::deserialize)
    }
}

/// Headings of MeSH by their numbers.
pub(crate) mod headings {
    use serde::{Deserialize as _, Deserializer, Serializer};
    use vocabulary::ConceptId;

    pub fn serialize<S: Serializer>(headings: &[ConceptId], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(headings.iter().map(|heading| heading.0))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ConceptId>, D::Error> {
        let numbers = Vec::<u32>::deserialize(deserializer)?;
        Ok(numbers.into_iter().map(ConceptId).collect())
    }
}

/// Words of the program: ids of rules, codes of remarks.
pub(crate) mod word {
    use std::{
        collections::HashSet,
        fmt,
        sync::{PoisonError, RwLock},
    };

    use serde::{Deserializer, Serializer, de};

    /// A word of the program.
    pub type Word = &'static str;

    /// The words met so far. They are those of one program, a few hundred.
    static KNOWN: RwLock<Option<HashSet<Word>>> = RwLock::new(None);
    /// More words than a program has, and longer ones, are none of its own.
    const MOST: usize = 4096;
    const LONGEST: usize = 80;

    pub fn serialize<S: Serializer>(word: &Word, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(word)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
        deserializer.deserialize_str(Reading)
    }

    struct Reading;

    impl de::Visitor<'_> for Reading {
        type Value = Word;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a word of the program")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Word, E> {
            let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(word) = known.as_ref().and_then(|known| known.get(text)) {
                return Ok(word);
            }
            drop(known);
            let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
            let known = known.get_or_insert_default();
            match known.get(text) {
                Some(word) => Ok(word),
                None if known.len() >= MOST || text.len() > LONGEST => {
                    Err(E::custom("no word of the program"))
                }
                None => {
                    let word: Word = Box::leak(text.into());
                    known.insert(word);
                    Ok(word)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Criteria,
        read::{Options, Reader},
    };

    const TEXT: &str = "Inclusion Criteria:\n\n* HbA1c 7.0 to 10.5 % within 3 months\n* Type 2 diabetes or (at \
                        least two of: obesity, hypertension, Gaucher's disease)\n\nExclusion Criteria:\n\n1. ALT > 3 x \
                        ULN or Hemoglobin <10 mg/dl\n2. Unwilling to comply, in the investigator's opinion\n3. Stable \
                        dose of metformin for at least 8 weeks\n";

    fn read() -> Criteria {
        Reader::new().read(TEXT, Options::default())
    }

    #[test]
    fn nothing_is_lost() {
        let criteria = read();
        assert!(criteria.items.len() >= 5);
        let back: Criteria = value(&bytes(&criteria)).unwrap();
        // Places and rules, too, which do not count for equality.
        assert_eq!(format!("{criteria:?}"), format!("{back:?}"));
    }

    #[test]
    fn damaged_bytes_are_no_panic() {
        let whole = bytes(&read());
        for cut in 0..whole.len() {
            assert!(value::<Criteria>(&whole[..cut]).is_none(), "{cut}");
        }
        for place in 0..whole.len() {
            for flip in [1, 0x80, 0xFF] {
                let mut damaged = whole.clone();
                damaged[place] ^= flip;
                let _ = value::<Criteria>(&damaged);
            }
        }
    }
}

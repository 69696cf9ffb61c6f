//! Compression: zstd, with a dictionary trained on the records of the same format.

use std::{cell::RefCell, path::Path, sync::Arc};

use model::StudyId;
use zstd::zstd_safe::{CCtx, CDict, DCtx, DDict, compress_bound};

use crate::Error;

/// zstd's level: 3 is four times as fast as 9 and within a tenth of its size on registry records.
const LEVEL: i32 = 3;

/// Size of a trained dictionary in bytes, zstd's own proposal.
const DICTIONARY_BYTES: usize = 112_640;

/// No record is longer; SQLite holds at most 10^9 bytes in a value.
const LONGEST: usize = 1_000_000_000;

thread_local! {
    static COMPRESS: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static DECOMPRESS: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// A dictionary, ready for use in both directions.
pub(crate) struct Dictionary {
    pub(crate) id: i64,
    compress: CDict<'static>,
    decompress: DDict<'static>,
}

impl Dictionary {
    pub(crate) fn new(id: i64, bytes: &[u8]) -> Self {
        Self { id, compress: CDict::create(bytes, LEVEL), decompress: DDict::create(bytes) }
    }
}

/// Trains a dictionary; `None` if the samples do not suffice.
pub(crate) fn train(samples: &[Vec<u8>]) -> Option<Vec<u8>> {
    zstd::dict::from_samples(samples, DICTIONARY_BYTES).ok()
}

/// Compresses.
pub(crate) fn seal(bytes: &[u8], dictionary: Option<&Dictionary>) -> Vec<u8> {
    let mut out = Vec::with_capacity(compress_bound(bytes.len()));
    let done = COMPRESS.with_borrow_mut(|context| match dictionary {
        Some(d) => context.compress_using_cdict(&mut out, bytes, &d.compress),
        None => context.compress(&mut out, bytes, LEVEL),
    });
    done.expect("zstd fails only for want of room, and the bound was reserved");
    out.shrink_to_fit();
    out
}

/// Decompresses to exactly `length` bytes; `None` if that is not what the bytes hold.
pub(crate) fn unseal(sealed: &[u8], length: usize, dictionary: Option<&Dictionary>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    if length > LONGEST || out.try_reserve_exact(length).is_err() {
        return None;
    }
    let done = DECOMPRESS.with_borrow_mut(|context| match dictionary {
        Some(d) => context.decompress_using_ddict(&mut out, sealed, &d.decompress),
        None => context.decompress(&mut out, sealed),
    });
    (done.is_ok() && out.len() == length).then_some(out)
}

/// A canonical record, still compressed, so that any thread can open it.
#[derive(Clone)]
pub struct Sealed {
    pub(crate) id: StudyId,
    pub(crate) length: usize,
    pub(crate) bytes: Vec<u8>,
    pub(crate) dictionary: Option<Arc<Dictionary>>,
    pub(crate) path: Arc<Path>,
}

impl Sealed {
    /// The study.
    pub fn id(&self) -> StudyId {
        self.id
    }

    /// Length of the record in bytes, once opened.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The record: canonical JSON. Takes some 30 microseconds for a record of 17 KB.
    pub fn open(&self) -> Result<Vec<u8>, Error> {
        unseal(&self.bytes, self.length, self.dictionary.as_deref()).ok_or_else(|| {
            Error::damaged(&self.path, format!("the record of {} does not decompress", self.id))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dictionary() -> &'static Dictionary {
        static ONE: std::sync::LazyLock<Dictionary> = std::sync::LazyLock::new(|| {
            let sample = |i: u32| format!("{{\"title\":\"study {i} of {}\",\"phase\":{}}}", i * 7919, i % 4);
            let samples: Vec<_> = (0..3000).map(|i| sample(i).into_bytes()).collect();
            Dictionary::new(1, &train(&samples).unwrap())
        });
        &ONE
    }

    proptest! {
        #[test]
        fn what_is_sealed_comes_back(bytes: Vec<u8>, with: bool) {
            let dictionary = with.then(dictionary);
            let sealed = seal(&bytes, dictionary);
            prop_assert_eq!(unseal(&sealed, bytes.len(), dictionary), Some(bytes.clone()));
            prop_assert_eq!(unseal(&sealed, bytes.len() + 1, dictionary), None);
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes: Vec<u8>, length in 0usize..5000) {
            let _ = unseal(&bytes, length, None);
            let _ = unseal(&bytes, length, Some(dictionary()));
        }
    }

    #[test]
    fn absurd_lengths_are_refused() {
        assert_eq!(unseal(&seal(b"x", None), usize::MAX, None), None);
    }
}

//! One fast hash for surface forms and for sequences of words; the same when building and when running.

/// The hash of some bytes.
pub fn bytes(bytes: &[u8]) -> u64 {
    let mut chunks = bytes.chunks_exact(8);
    let mut h = (bytes.len() as u64).wrapping_mul(K);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        h = mix(h ^ u64::from_le_bytes(word));
    }
    let mut rest = chunks.remainder();
    let mut last = 0;
    if let [a, b, c, d, behind @ ..] = rest {
        last = u64::from(u32::from_be_bytes([*a, *b, *c, *d]));
        rest = behind;
    }
    if let [a, b, behind @ ..] = rest {
        last = (last << 16) | u64::from(u16::from_be_bytes([*a, *b]));
        rest = behind;
    }
    if let [b] = rest {
        last = (last << 8) | u64::from(*b);
    }
    mix(h ^ last)
}

/// The hash of a sequence of words followed by one more word.
pub fn append(sequence: u64, word: u64) -> u64 {
    mix(sequence.rotate_left(23) ^ word)
}

/// The hash of no words, to append to.
pub const EMPTY: u64 = 0x243F_6A88_85A3_08D3;

/// An odd constant: 2^64 divided by the golden ratio.
const K: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(x: u64) -> u64 {
    let product = u128::from(x ^ K) * 0xD6E8_FEB8_6659_FD93_u128;
    (product as u64) ^ (product >> 64) as u64
}

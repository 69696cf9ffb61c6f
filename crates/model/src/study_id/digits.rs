//! Pieces of ids: digits of a certain width, letters as numbers.

/// The number of a text of between `least` and `most` digits and nothing else.
pub(super) fn digits(text: &str, least: usize, most: usize) -> Option<u64> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// What follows a prefix, whatever its case.
pub(super) fn after<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// The signs of a coded word; the place of a sign is its digit, and 0 is none.
const SIGNS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A word of letters and digits as a number to the base 37, in small letters.
pub(super) fn coded(text: &str) -> Option<u64> {
    let mut number = 0u64;
    for byte in text.bytes() {
        let sign = SIGNS.iter().position(|s| *s == byte.to_ascii_lowercase())?;
        number = number.checked_mul(37)?.checked_add(sign as u64 + 1)?;
    }
    Some(number)
}

/// The word of a number that [`coded`] made; empty for others.
pub(super) fn decoded(mut number: u64) -> String {
    let mut word = Vec::new();
    while number > 0 {
        let sign = (number % 37).checked_sub(1).and_then(|at| SIGNS.get(at as usize));
        let Some(sign) = sign else { return String::new() };
        word.push(*sign);
        number /= 37;
    }
    word.reverse();
    String::from_utf8(word).unwrap_or_default()
}

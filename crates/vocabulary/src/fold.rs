//! Characters: what each is for cutting, and what it folds to.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a character is when text is cut into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A letter, a digit, or a mark on one: part of a word.
    Letter,
    /// A Greek letter: alone it is named (`α` is `alpha`) and is a word of its own.
    Greek,
    /// A character of a script that writes no spaces: one word each.
    Ideograph,
    /// Everything else: ends a word.
    Break,
}

/// The class of a character.
pub fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Letter,
        '\0'..='\x7f' => Class::Break,
        // Vulgar fractions would fold to two numbers run together.
        '¼'..='¾' | '⅐'..='⅟' | '↉' => Class::Break,
        'µ' => Class::Greek,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' if c.is_alphabetic() => Class::Greek,
        '\u{3021}'..='\u{3029}'
        | '\u{3038}'..='\u{303A}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9D}'
        | '\u{20000}'..='\u{3FFFF}' => Class::Ideograph,
        c if is_combining_mark(c) => Class::Letter,
        c if c.is_alphanumeric() && stays_whole(c) => Class::Letter,
        _ => Class::Break,
    }
}

/// Whether a character folds to letters and digits only: not so `⒈` and `㈠`, which would be cut a second time.
fn stays_whole(c: char) -> bool {
    let mut parts = std::iter::once(c).nfkd();
    parts.all(|part| {
        part == c || is_combining_mark(part) || matches!(class(part), Class::Letter | Class::Greek)
    })
}

/// Appends the folded form of a word: lower case, no accents, letters and digits only (and the decimal point).
pub fn fold(surface: &str, out: &mut String) {
    if surface.is_ascii() {
        out.extend(surface.chars().map(|c| c.to_ascii_lowercase()));
        return;
    }
    let mut chars = surface.chars();
    if let (Some(c), None) = (chars.next(), chars.next())
        && class(c) == Class::Ideograph
    {
        return out.extend(c.nfkc());
    }
    // Lower case first, for letters whose small form carries a mark; and last, for letters such as 𝐀 that have a
    // small form only once they are decomposed.
    let decomposed = surface.chars().flat_map(char::to_lowercase).nfkd().flat_map(char::to_lowercase);
    let letters: Vec<char> = decomposed.filter(|&c| !is_combining_mark(c)).collect();
    let is_greek_word = letters.len() > 1 && letters.iter().all(|&c| class(c) == Class::Greek);
    for c in letters {
        match class(c) {
            Class::Greek if is_greek_word => out.push(if c == 'ς' { 'σ' } else { c }),
            // Before Latin letters this is the sign for micro: μg, μl.
            Class::Greek if c == 'μ' && surface.len() > c.len_utf8() => out.push('u'),
            Class::Greek => out.push_str(greek(c)),
            _ => push(c, out),
        }
    }
}

/// Appends one decomposed letter, letters that do not decompose spelled out.
fn push(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'ø' => out.push('o'),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ł' => out.push('l'),
        'đ' | 'ð' => out.push('d'),
        'þ' => out.push_str("th"),
        'ı' => out.push('i'),
        '.' => out.push('.'),
        c if c.is_alphanumeric() => out.push(c),
        _ => {}
    }
}

/// The name of a single Greek letter.
fn greek(c: char) -> &'static str {
    match c.to_lowercase().next().unwrap_or(c) {
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' => "epsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' => "theta",
        'ι' => "iota",
        'κ' => "kappa",
        'λ' => "lambda",
        'ν' => "nu",
        'ξ' => "xi",
        'ο' => "omicron",
        'π' => "pi",
        'ρ' => "rho",
        'σ' | 'ς' => "sigma",
        'τ' => "tau",
        'υ' => "upsilon",
        'φ' => "phi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        _ => "mu",
    }
}

//! Headings of sections, in several languages.

use std::cell::RefCell;

use super::memo::Memo;
use crate::tree::Section;

/// What a heading says of the section below it (nothing new, if `None`), and its length with the colon.
type Heading = (Option<Section>, usize);

/// What a line says as a heading; `None` if it is none.
pub fn heading(line: &str) -> Option<Heading> {
    thread_local! {
        /// Every record has the same headings again.
        static KNOWN: RefCell<Memo<Option<Heading>, { 1 << 8 }>> = RefCell::new(Memo::default());
    }
    if is_prose(line) || !may_be_heading(line) {
        return None;
    }
    if line.len() > LONGEST_KNOWN {
        return find_heading(line);
    }
    let print = vocabulary::fingerprint(line.as_bytes());
    KNOWN.with_borrow_mut(|known| *known.get(print, || find_heading(line)))
}

/// Of headings no longer than this is remembered what they say.
const LONGEST_KNOWN: usize = 48;

fn find_heading(line: &str) -> Option<Heading> {
    if line.len() > 240 {
        return short_heading(line);
    }
    let colon = line.find(':').filter(|at| *at > 2);
    let whole_len = line.len();
    let plain = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let words = line.trim_matches(|c: char| !c.is_alphanumeric()).split_whitespace().count();
    let ends = line.ends_with(':') || line.ends_with("**") || line.ends_with('.') && words <= 3;
    if words <= LONGEST_HEADING
        && let Some(section) = section_of(&plain(line), words, ends)
    {
        return Some((Some(section), whole_len));
    }
    if let Some(at) = colon {
        let head = line[..at].trim_matches(|c: char| !c.is_alphanumeric());
        let head = if at + 1 < line.len() && head.len() <= 120 { head.to_lowercase() } else { String::new() };
        let count = head.split_whitespace().count();
        if head.len() <= 60
            && let Some(section) = section_of(&head, count, true)
            && (count <= 4 || head.contains("criteria"))
        {
            // The closing marks of `**Inclusion:** text` belong to the heading.
            let marks = line[at + 1..].bytes().take_while(|b| matches!(b, b'*' | b'_')).count();
            return Some((Some(section), at + 1 + marks));
        }
    }
    let old = line.ends_with(':')
        && line.chars().filter(|c| c.is_alphabetic()).count() > 8
        && line.contains(' ')
        && !line.chars().any(char::is_lowercase)
        && !line.chars().any(|c| c.is_ascii_digit());
    (old || line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*' | '.' | ' '))).then_some((None, whole_len))
}

/// Whether a line has more words than headings have, and no colon: most long lines, and it is known without looking
/// at their letters one by one. (A line of signs alone has no letter.)
fn is_prose(line: &str) -> bool {
    let bytes = line.as_bytes();
    let begins = |pair: &[u8]| pair[0] == b' ' && pair[1].is_ascii_alphanumeric();
    bytes.len() > 100
        && bytes.windows(2).filter(|pair| begins(pair)).count() > LONGEST_HEADING
        && memchr::memchr(b':', bytes).is_none()
}

/// Whether a line has what headings have: a stem of their words, or no small letter.
fn may_be_heading(line: &str) -> bool {
    let bytes = line.as_bytes();
    let mut state = 0;
    bytes[..bytes.len().min(262)].iter().any(|&b| {
        state = (state << 1 | STARTS) & STEMS[usize::from(b | 0x20)];
        state & STARTS << 2 != 0
    }) || !bytes.iter().any(u8::is_ascii_lowercase)
}

/// At which places of the stems of headings a letter stands, three bits a stem: all are looked for at once
/// (the shift-and algorithm).
static STEMS: [u32; 256] = {
    let stems = [b"clu", b"lig", b"chl", b"exl", b"inl", b"sio", b"usi"];
    let mut table = [0; 256];
    let mut n = 0;
    while n < stems.len() * 3 {
        table[stems[n / 3][n % 3] as usize] |= 1 << n;
        n += 1;
    }
    table
};

/// The first place of every stem.
const STARTS: u32 = 0o1_111_111;

/// A heading at the front of a long line.
fn short_heading(line: &str) -> Option<Heading> {
    let at = line.bytes().take(60).position(|b| b == b':')?;
    let head = line[..at].trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let section = section_of(&head, head.split_whitespace().count(), true)?;
    Some((Some(section), at + 1))
}

/// How many words a heading has at most.
const LONGEST_HEADING: usize = 16;

/// The section that a heading opens, in English, French, Spanish, German, Italian or Portuguese.
fn section_of(heading: &str, words: usize, ends: bool) -> Option<Section> {
    if words == 0 || words > LONGEST_HEADING {
        return None;
    }
    let has = |stems: &[&str]| stems.iter().any(|stem| heading.contains(stem));
    // The names of sections all have `lu`, but for one that is misspelt.
    let named = has(&["lu", "inlcusion"]);
    let not_in = named && has(&["non-inclusion", "non inclusion", "no inclusión", "não inclusão"]);
    let exclusion = not_in
        || named
            && has(&[
                "exclusion",
                "exclusión",
                "exclusao",
                "exclusão",
                "ausschlu",
                "esclusione",
                "exlusion",
                "exclus ",
            ]);
    let inclusion = named
        && !not_in
        && has(&["inclusion", "inclusión", "inclusão", "einschlu", "inclusione", "inlcusion"]);
    let criteria = || has(&["criteri", "critère", "critere", "kriteri", "criterios", "critério"]);
    let sentence = || has(&[" must ", " should ", " if ", " who ", " will ", " are ", " is "]);
    let heads = || words <= 2 || words <= 9 && criteria() || words <= 5 && ends && !sentence();
    match (inclusion, exclusion) {
        (true, true) if words <= 4 || criteria() => return Some(Section::Inclusion),
        (true, false) if heads() => return Some(Section::Inclusion),
        (false, true) if heads() => return Some(Section::Exclusion),
        _ => {}
    }
    if !ends {
        return None;
    }
    let excluded = has(&["be excluded", "are excluded", "not be eligible", "not eligible", "ineligible"])
        || exclusion && has(&["following", "any of"]);
    if excluded
        && words <= 16
        && has(&["following", " if", "who ", "with", "subject", "patient", "participant"])
    {
        return Some(Section::Exclusion);
    }
    let included = words <= 4 && has(&["eligibility", "eligible"]) && !has(&["not "])
        || has(&["be included", "to be eligible", "be eligible", "are eligible"])
            && has(&["following", " if", "must", "who"]);
    included.then_some(Section::Inclusion)
}

/// Where a heading of exclusion criteria stands in the middle of a line.
pub fn inner_heading(line: &str) -> Option<usize> {
    if line.len() < 60 {
        return None;
    }
    let wanted = b"exclusion criteria";
    let colons = memchr::memchr_iter(b':', &line.as_bytes()[..line.len() - 1]);
    let starts = colons.filter_map(|at| at.checked_sub(wanted.len()).filter(|&start| start >= 8));
    let at = { starts }
        .find(|&start| line.as_bytes()[start..start + wanted.len()].eq_ignore_ascii_case(wanted))?;
    let before = line[..at].trim_end();
    before.ends_with(['.', ';', ')', '-', '*', ',']).then_some(at)
}

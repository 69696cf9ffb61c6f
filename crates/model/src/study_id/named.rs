//! The registries' numbers that a free text names.

use super::{Register, StudyId, form};

/// What people write before the digits with a blank between.
const APART: [&str; 9] = ["NCT", "ISRCTN", "DRKS", "ACTRN", "PACTR", "UMIN", "KCT", "ChiCTR", "EudraCT"];

/// Every registry's number in a text, as identifiers of one study are listed: `EudraCT Number: 2016-001234-56`,
/// `NCT 01234567; U1111-1234-5678`, an address that ends in one. In the order of the text, each once.
///
/// Numbers whose form others use too (`NL1234`, Dutch files of ethics committees) are not taken from free text.
///
/// ```
/// let ids = model::study_id::named("EudraCT Number: 2016-001234-56, NCT 01234567");
/// assert_eq!(ids.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2016-001234-56", "NCT01234567"]);
/// ```
pub fn named(text: &str) -> Vec<StudyId> {
    let mut found: Vec<StudyId> = Vec::new();
    let mut add = |id: Option<StudyId>| {
        let id = id.filter(|id| is_unmistakable(*id))?;
        if !found.contains(&id) {
            found.push(id);
        }
        Some(())
    };
    let apart = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '/' | '\u{2010}'..='\u{2015}'));
    let mut before = "";
    for token in text.split(apart).filter(|t| !t.is_empty()) {
        let plain = plain(token);
        let whole = add(form::read(&plain));
        if whole.is_none() {
            for part in plain.split('/') {
                add(form::read(part));
            }
        }
        if whole.is_none()
            && let Some(prefix) = APART.iter().find(|p| p.eq_ignore_ascii_case(before.trim_end_matches('-')))
            && plain.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        {
            add(form::read(&format!("{prefix}{}", plain.trim_start_matches('-'))));
        }
        before = token;
    }
    found
}

/// With plain hyphens and none at the ends.
fn plain(token: &str) -> String {
    let hyphen = |c: char| if matches!(c, '\u{2010}'..='\u{2015}') { '-' } else { c };
    token.chars().map(hyphen).collect::<String>().trim_matches(['-', '/']).to_owned()
}

/// NCT ids in whole, and no Dutch numbers but those of the present register.
fn is_unmistakable(id: StudyId) -> bool {
    id.register() != Register::Dutch || id.to_string().starts_with("NL-OMON")
}

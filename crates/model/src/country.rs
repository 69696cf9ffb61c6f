//! Countries as the registry spells them, and their ISO 3166-1 codes.

use std::{collections::HashMap, sync::LazyLock};

const TABLE: &str = include_str!("../data/countries.tsv");

static CODES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let rows = TABLE.lines().skip(2).filter_map(|line| line.split_once('\t'));
    rows.flat_map(|(code, names)| names.split('|').map(move |name| (name, code))).collect()
});

static USUAL: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let rows = TABLE.lines().skip(2).filter_map(|line| line.split_once('\t'));
    let names = rows.filter_map(|(_, names)| Some((names.split('|').next()?, names.split('|'))));
    names.flat_map(|(first, all)| all.map(move |name| (name, first))).collect()
});

/// The two-letter code of a country by any name the registry has used for it; `None` for states that are no more.
///
/// ```
/// assert_eq!(model::country::code("Korea, Republic of"), Some("KR"));
/// ```
pub fn code(name: &str) -> Option<&'static str> {
    CODES.get(name.trim()).copied()
}

/// The first of the names in the table for the country of this name: one spelling for all of them. A name that is not
/// in the table stays as it is.
///
/// ```
/// assert_eq!(model::country::usual("Korea, Republic of"), "South Korea");
/// ```
pub fn usual(name: &str) -> &str {
    USUAL.get(name.trim()).copied().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_one_code() {
        let names =
            TABLE.lines().skip(2).map(|l| l.split_once('\t').unwrap().1.split('|').count()).sum::<usize>();
        assert_eq!(CODES.len(), names, "no name stands twice");
        assert_eq!(
            (code("Germany"), code("Türkiye"), code("Former Yugoslavia")),
            (Some("DE"), Some("TR"), None)
        );
        assert_eq!((usual("Viet Nam"), usual("Former Yugoslavia")), ("Vietnam", "Former Yugoslavia"));
    }
}

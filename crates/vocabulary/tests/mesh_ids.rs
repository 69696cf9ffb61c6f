//! Ids print as MeSH prints them.

use vocabulary::by_id;

#[test]
fn ids_have_six_or_nine_digits_by_their_age() {
    for (text, printed) in [
        ("D008175", "D008175"),
        ("D000008175", "D008175"),
        ("D000068258", "D000068258"),
        ("C579720", "C579720"),
        ("C000596361", "C000596361"),
    ] {
        assert_eq!(by_id(text).map(|id| id.to_string()).as_deref(), Some(printed), "{text}");
    }
}

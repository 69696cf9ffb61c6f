//! How something is given.

use super::text::Text;

/// Routes with the phrases for them; a phrase's words are tokens parted by blanks.
const ROUTES: [(&str, &[&str]); 27] = [
    (
        "intravenous",
        &["intravenous", "intravenously", "iv", "i . v", "ivgtt", "intra venous", "intra - venous"],
    ),
    ("intramuscular", &["intramuscular", "intramuscularly", "i . m", "im", "intra - muscular"]),
    (
        "subcutaneous",
        &["subcutaneous", "subcutaneously", "s . c", "sc", "subq", "sq", "sub - cutaneous", "subcut"],
    ),
    (
        "oral",
        &["oral", "orally", "p . o", "po", "by mouth", "per os", "tablet", "tablets", "capsule", "capsules"],
    ),
    ("intradermal", &["intradermal", "intradermally", "intradermic"]),
    ("intrathecal", &["intrathecal", "intrathecally", "lumbar puncture"]),
    ("intra-articular", &["intra - articular", "intraarticular", "intra - articularly", "intraarticularly"]),
    ("intravitreal", &["intravitreal", "intravitreally", "intra - vitreal"]),
    ("subretinal", &["subretinal"]),
    ("intracoronary", &["intracoronary", "intra - coronary"]),
    ("intramyocardial", &["intramyocardial", "transendocardial", "intra - myocardial"]),
    ("intra-arterial", &["intra - arterial", "intraarterial", "intra - arterially", "hepatic artery"]),
    ("intraperitoneal", &["intraperitoneal", "intraperitoneally"]),
    ("intrapleural", &["intrapleural"]),
    ("inhaled", &["inhaled", "inhalation", "nebulized", "nebulised", "inhaler", "inhalations"]),
    ("intranasal", &["intranasal", "intranasally", "nasal spray"]),
    ("topical", &["topical", "topically", "cream", "ointment"]),
    ("transdermal", &["transdermal", "transdermally"]),
    ("ophthalmic", &["eye drops", "ophthalmic", "eyedrops"]),
    ("sublingual", &["sublingual", "sublingually"]),
    ("rectal", &["rectal", "rectally", "suppository", "enema"]),
    ("vaginal", &["vaginal", "vaginally", "intravaginal", "intravaginally"]),
    ("epidural", &["epidural", "epidurally"]),
    ("perineural", &["perineural", "nerve block"]),
    ("intralesional", &["intralesional", "intralesionally", "intratumoral", "intratumorally"]),
    ("intravesical", &["intravesical", "intravesically"]),
    ("buccal", &["buccal"]),
];

/// The first route that the tokens name, and its last token.
pub fn find(text: &Text<'_>, range: std::ops::Range<usize>) -> Option<(&'static str, usize, usize)> {
    range.into_iter().find_map(|i| at(text, i).map(|(route, to)| (route, i, to)))
}

fn at(text: &Text<'_>, i: usize) -> Option<(&'static str, usize)> {
    let word = text.word(i);
    let first = word.bytes().next()?.to_ascii_lowercase();
    // `CB-SC`: the end of a name.
    if i > 0 && word.len() < 3 && text.is(i - 1, "-") && text.glued(i) {
        return None;
    }
    // `IM` and `SC` in lower case are not abbreviations of anything here.
    if matches!(word, "im" | "sc" | "Im" | "Sc") {
        return None;
    }
    ROUTES.iter().find_map(|(route, phrases)| {
        let to = phrases.iter().filter(|p| p.as_bytes()[0] == first).find_map(|p| text.is_phrase(i, p))?;
        Some((*route, to))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes() {
        let route = |words: &str| find(&Text::new(words), 0..99).map(|r| r.0);
        assert_eq!(route("received i. m. HUC-MSCs"), Some("intramuscular"));
        assert_eq!(route("will receive i.v Lipoic Acid"), Some("intravenous"));
        assert_eq!(route("given orally"), Some("oral"));
        assert_eq!(route("an intra-articular injection"), Some("intra-articular"));
        assert_eq!(route("by the investigator"), None);
    }
}

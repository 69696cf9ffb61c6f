//! How something is given.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    lexicon, number,
    text::{Kind, Text},
};

/// Routes with the phrases for them; a phrase's words are tokens parted by blanks.
const ROUTES: [(&str, &[&str]); 41] = [
    (
        "intravenous",
        &[
            "intravenous",
            "intravenously",
            "iv",
            "i . v",
            "ivgtt",
            "ivpb",
            "by vein",
            "through a vein",
            "via peripheral veins",
            "via peripheral vein",
            "via a peripheral vein",
            "through a peripheral vein",
            "intra venous",
            "intra - venous",
        ],
    ),
    ("intramuscular", &["intramuscular", "intramuscularly", "i . m", "im", "intra - muscular"]),
    (
        "subcutaneous",
        &[
            "subcutaneous",
            "subcutaneously",
            "s . c",
            "sc",
            "subq",
            "sq",
            "sub - cutaneous",
            "subcut",
            "under the skin",
        ],
    ),
    (
        "oral",
        &[
            "oral", "orally", "p . o", "po", "by mouth", "per os", "tablet", "tablets", "capsule",
            "capsules", "caplet", "caplets", "tab", "tabs",
        ],
    ),
    ("intradermal", &["intradermal", "intradermally", "intradermic"]),
    (
        "intrathecal",
        &[
            "intrathecal",
            "intrathecally",
            "intra - thecal",
            "intra - thecally",
            "it",
            "lumbar puncture",
            "lumbar administration",
            "lumbar injection",
        ],
    ),
    (
        "intra-articular",
        &[
            "intra - articular",
            "intraarticular",
            "intra - articularly",
            "intraarticularly",
            "into the knee joint",
            "into the knee joints",
            "into the joint",
            "into the joint cavity",
            "into joint cavity",
            "into the articular cavity",
        ],
    ),
    ("intravitreal", &["intravitreal", "intravitreally", "intra - vitreal"]),
    ("subretinal", &["subretinal"]),
    (
        "intradiscal",
        &[
            "intradiscal",
            "intradiscally",
            "intra - discal",
            "into the intervertebral disc",
            "into lumbar intervertebral disc",
            "into the lumbar disc",
        ],
    ),
    (
        "intracoronary",
        &[
            "intracoronary",
            "intra - coronary",
            "ic infusion",
            "ic injection",
            "ic administration",
            "ic delivery",
        ],
    ),
    ("intramyocardial", &["intramyocardial", "transendocardial", "transendocardially", "intra - myocardial"]),
    (
        "intra-arterial",
        &[
            "intra - arterial",
            "intraarterial",
            "intra - arterially",
            "hepatic artery",
            "femoral artery",
            "intrahepatic arterial",
            "hepatic arterial",
        ],
    ),
    ("intraperitoneal", &["intraperitoneal", "intraperitoneally"]),
    ("intrapleural", &["intrapleural"]),
    ("inhaled", &["inhaled", "inhalation", "nebulized", "nebulised", "inhaler", "inhalations"]),
    ("intranasal", &["intranasal", "intranasally", "nasal spray", "nasal drops", "nasal drop", "nasal drip"]),
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
    (
        "intraovarian",
        &["intraovarian", "intra - ovarian", "into the ovary", "into the ovaries", "into ovaries"],
    ),
    ("periurethral", &["periurethral", "periurethrally", "peri - urethral"]),
    ("intratracheal", &["intratracheal", "intratracheally", "endotracheal", "endotracheally"]),
    ("suprachoroidal", &["suprachoroidal", "suprachoroidally"]),
    ("intracameral", &["intracameral", "intracamerally"]),
    ("intraosseous", &["intraosseous", "intraosseously", "intraosseal"]),
    ("intraportal", &["intraportal", "intraportally", "portal vein infusion", "portal vein injection"]),
    ("subtenon", &["subtenon", "sub - tenon", "subtenons"]),
    ("subconjunctival", &["subconjunctival", "subconjunctivally"]),
    ("intracavernous", &["intracavernous", "intracavernosal", "intra - cavernous"]),
    ("intralymphatic", &["intralymphatic", "intra - lymphatic", "intranodal"]),
    ("intramedullary", &["intramedullary", "intra - medullary"]),
    ("submucosal", &["submucosal", "submucosally", "sub - mucosal"]),
];

/// The phrases by their first words, each with its route, in the order of the table.
static BY_FIRST: LazyLock<HashMap<&str, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut out: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for (route, phrases) in ROUTES {
        for phrase in phrases {
            let first = phrase.split(' ').next().unwrap_or_default();
            out.entry(first).or_default().push((route, phrase));
        }
    }
    out
});

/// All phrases.
pub(super) fn phrases() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().flat_map(|(_, phrases)| phrases.iter().copied())
}

/// Words behind an adjective that make it tell of a place, a disease or another treatment.
const OF_OTHER: [&str; 39] = [
    "tape",
    "sterilization",
    "sterilisation",
    "disinfection",
    "mucosa",
    "mucositis",
    "cancer",
    "carcinoma",
    "tumor",
    "tumour",
    "tumors",
    "lesion",
    "lesions",
    "bleeding",
    "birth",
    "surgery",
    "hysterectomy",
    "tissue",
    "fat",
    "cavity",
    "health",
    "hygiene",
    "examination",
    "exam",
    "ultrasound",
    "ultrasonography",
    "swab",
    "swabs",
    "temperature",
    "contraceptive",
    "contraceptives",
    "contraception",
    "feeding",
    "intake",
    "nutrition",
    "fluids",
    "prolapse",
    "anticoagulants",
    "anaesthesia",
];

/// Adjectives that may be of another drug: `oral aminosalicylic acid`.
const ADJECTIVES: [&str; 13] = [
    "intravenous",
    "oral",
    "subcutaneous",
    "intramuscular",
    "topical",
    "inhaled",
    "transdermal",
    "sublingual",
    "rectal",
    "vaginal",
    "intranasal",
    "intrathecal",
    "epidural",
];

/// Words behind such an adjective that name a way of giving and no drug.
const WAYS: [&str; 62] = [
    "administration",
    "administrations",
    "administered",
    "dose",
    "doses",
    "dosing",
    "dosage",
    "injection",
    "injections",
    "infusion",
    "infusions",
    "tablet",
    "tablets",
    "capsule",
    "capsules",
    "route",
    "routes",
    "use",
    "form",
    "formulation",
    "solution",
    "suspension",
    "treatment",
    "treatments",
    "therapy",
    "medication",
    "drug",
    "application",
    "delivery",
    "bolus",
    "drip",
    "push",
    "placebo",
    "study",
    "gel",
    "spray",
    "powder",
    "vaccine",
    "vaccination",
    "immunization",
    "transfusion",
    "transplantation",
    "implantation",
    "instillation",
    "catheter",
    "supplement",
    "supplementation",
    "product",
    "agent",
    "chemotherapy",
    "test",
    "active",
    "stem",
    "cell",
    "cells",
    "human",
    "autologous",
    "allogeneic",
    "mesenchymal",
    "self",
    "regimen",
    "introduction",
];

/// Whether a mention of a route is an adjective before the name of something that is not known by one of these names.
pub fn of_another(text: &Text<'_>, found: (usize, usize), is_own: impl Fn(&str) -> bool) -> bool {
    let (from, to) = found;
    let joins = [
        "and", "or", "for", "in", "at", "with", "to", "by", "of", "on", "over", "as", "before", "after",
        "during", "per", "until", "then", "once", "twice", "daily", "weekly", "monthly", "every", "the", "a",
    ];
    let drug = text.kind(to) == Kind::Word
        && number::whole(text, to).is_none()
        && !text.is_any(to, &WAYS)
        && !text.is_any(to, &joins)
        && !is_own(text.word(to));
    drug && to == from + 1 && text.together(from, to) && text.is_any(from, &ADJECTIVES)
}

/// `methotrexate IT on day 1`: capitals beside a drug that is given so, or in a text that has the whole word. Else `IT`
/// may be intratumoral.
fn abbreviates_intrathecal(text: &Text<'_>, i: usize) -> bool {
    const DRUGS: [&str; 6] =
        ["methotrexate", "mtx", "cytarabine", "hydrocortisone", "chemotherapy", "nusinersen"];
    let all = 0..text.tokens.len();
    let drug = text.is_any(i + 1, &DRUGS) || i > 0 && text.is_any(i - 1, &DRUGS);
    text.word(i) == "IT"
        && (drug || text.has_any(all.clone(), &["intrathecal", "intrathecally"]))
        && !text.has_any(all, &["intratumoral", "intratumorally"])
}

/// Whether `IV` is a number: `grade IV`, `II to IV`, `III/IV`, `stage III or IV`.
fn is_numeral(text: &Text<'_>, i: usize) -> bool {
    const NUMERALS: [&str; 7] = ["I", "II", "III", "IIIA", "IIIB", "V", "VI"];
    const COUNTED: [&str; 18] = [
        "grade", "grades", "stage", "stages", "phase", "phases", "class", "classes", "type", "types",
        "level", "group", "nyha", "arm", "arms", "part", "cohort", "stratum",
    ];
    const JOINING: [&str; 8] = ["to", "-", "–", "/", "and", "or", ",", "through"];
    if !text.is(i, "IV") || i == 0 {
        return false;
    }
    let numeral = |at: usize| NUMERALS.contains(&text.word(at));
    let joined = i > 1 && text.is_any(i - 1, &JOINING) && numeral(i - 2);
    let joins = text.is_any(i + 1, &JOINING) && numeral(i + 2);
    text.is_any(i - 1, &COUNTED) || joined || joins
}

/// Whether the tokens name two routes: of two, neither is how everything is given.
pub fn several(text: &Text<'_>, range: std::ops::Range<usize>) -> bool {
    let mut named = range.filter_map(|i| at(text, i).map(|(route, _)| route));
    let first = named.next();
    named.any(|route| Some(route) != first)
}

/// `intravenous, lumbar and local administration`: the first of several ways, not all of them routes by their names.
fn is_listed(text: &Text<'_>, to: usize) -> bool {
    const GIVEN: [&str; 4] = ["administration", "administrations", "injection", "injections"];
    let way =
        |i: usize| text.kind(i) == Kind::Word && !text.is_a(i, lexicon::NUMBER) && at(text, i).is_none();
    // `IV and IP`: alone `IP` may be an investigational product.
    if text.is_any(to, &["and", "or", "&", "/"]) && text.word(to + 1) == "IP" {
        return true;
    }
    text.is_any(to, &[",", "and", "or", "&"])
        && way(to + 1)
        && (to + 2..to + 6).find(|i| text.is_any(*i, &GIVEN)).is_some_and(|end| {
            (to + 2..end)
                .all(|i| text.is_any(i, &[",", "and", "or"]) || text.is_any(i - 1, &[",", "and", "or"]))
        })
}

/// Whether what a route is followed by names what is given by it, and that is something else: `an intramuscular injection
/// of pain medications`.
pub fn leads_to_another(text: &Text<'_>, to: usize, is_own: impl Fn(usize) -> bool) -> bool {
    const GIVEN: [&str; 6] = ["injection", "injections", "infusion", "infusions", "dose", "doses"];
    const OF_ANY: [&str; 12] = [
        "study",
        "drug",
        "product",
        "placebo",
        "vaccine",
        "treatment",
        "investigational",
        "solution",
        "suspension",
        "agent",
        "it",
        "the",
    ];
    if !(text.is_any(to, &GIVEN) && text.is(to + 1, "of")) {
        return false;
    }
    let named = to + 2..to + 12;
    let own = |i: usize| {
        text.together(to, i)
            && (is_own(i)
                || text.is_a(i, lexicon::CELLS | lexicon::NUMBER)
                || text.kind(i) == Kind::Number
                || text.is_any(i, &OF_ANY))
    };
    !named.into_iter().any(own)
}

/// `intra arterial`: a phrase without its hyphen.
fn apart(text: &Text<'_>, i: usize, phrase: &str) -> Option<usize> {
    let (first, second) = phrase.split_once(" - ")?;
    (text.is(i, first) && text.is(i + 1, second)).then_some(i + 2)
}

/// The first route that the tokens name, and its last token.
pub fn find(text: &Text<'_>, range: std::ops::Range<usize>) -> Option<(&'static str, usize, usize)> {
    range.into_iter().find_map(|i| at(text, i).map(|(route, to)| (route, i, to)))
}

fn at(text: &Text<'_>, i: usize) -> Option<(&'static str, usize)> {
    if !text.is_a(i, lexicon::ROUTE) {
        return None;
    }
    let word = text.word(i);
    // `75 mg/sq m`: a square meter.
    if i > 0 && text.is(i, "sq") && text.is(i - 1, "/") {
        return None;
    }
    // `CB-SC`: the end of a name.
    if i > 0 && word.len() < 3 && text.is(i - 1, "-") && text.glued(i) {
        return None;
    }
    // `SC therapy`, `SC group`: stem cells.
    if word == "SC"
        && text.is_any(i + 1, &["therapy", "therapies", "group", "groups", "transplantation", "cells"])
    {
        return None;
    }
    // `no intracoronary delivery`
    if i > 0 && text.is_any(i - 1, &["no", "without"]) {
        return None;
    }
    // Capsules of an inhaler are not swallowed.
    let capsules = text.is_any(i, &["capsule", "capsules"]);
    if capsules && text.has_any(text.sentence(i), &["inhaler", "inhaled", "inhalation", "powder", "inhale"]) {
        return None;
    }
    if word.len() == 2 && word.eq_ignore_ascii_case("it") && !abbreviates_intrathecal(text, i) {
        return None;
    }
    // `IM` and `SC` in lower case are not abbreviations of anything here.
    if matches!(word, "im" | "sc" | "Im" | "Sc") {
        return None;
    }
    if is_numeral(text, i) {
        return None;
    }
    let begun = BY_FIRST.get(word.to_ascii_lowercase().as_str())?;
    let phrase = |phrase: &str| text.is_phrase(i, phrase).or_else(|| apart(text, i, phrase));
    let (route, to) = begun.iter().find_map(|(route, words)| Some((*route, phrase(words)?)))?;
    // `into the subcutaneous tissue` is a route.
    let into = text.has_any(i.saturating_sub(2)..i, &["into"]);
    // `to be changed to oral dosing`
    let later =
        i > 1 && text.is(i - 1, "to") && text.is_any(i - 2, &["changed", "switched", "converted", "change"]);
    if later {
        return None;
    }
    let born = text.is(i, "vaginal") && text.is_any(to, &["delivery", "deliveries"]);
    (!born && !is_listed(text, to) && (into || !text.is_any(to, &OF_OTHER))).then_some((route, to))
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
        assert_eq!(route("75 mg/sq m"), None);
        assert_eq!(route("75 mg/sq m IV"), Some("intravenous"));
        assert_eq!(route("an intra-articular injection"), Some("intra-articular"));
        assert_eq!(route("an intra arterial infusion"), Some("intra-arterial"));
        assert_eq!(route("SC therapy, no intracoronary delivery"), None);
        assert_eq!(route("18 µg dry powder capsules by an inhaler"), Some("inhaled"));
        assert_eq!(route("by the investigator"), None);
        assert_eq!(route("injected into the ovary"), Some("intraovarian"));
        assert_eq!(route("a submucosal injection"), Some("submucosal"));
        assert_eq!(route("by vein daily, to be changed to oral dosing"), Some("intravenous"));
        assert_eq!(route("given intra-thecally"), Some("intrathecal"));
        assert_eq!(route("methotrexate IT on day 1"), Some("intrathecal"));
        assert_eq!(route("it is given, IT support, an intratumoral (IT) injection"), Some("intralesional"));
        assert_eq!(route("81 mg EC tab twice daily"), Some("oral"));
        assert_eq!(route("injected into the knee joint"), Some("intra-articular"));
        assert_eq!(route("nasal drops, a suprachoroidal injection"), Some("intranasal"));
    }

    #[test]
    fn words_that_are_no_routes() {
        let route = |words: &str| find(&Text::new(words), 0..99).map(|r| r.0);
        for words in
            ["arm IV receives X", "grade II to IV", "stage III/IV", "class IV", "types III or IV", "NYHA IV"]
        {
            assert_eq!(route(words), None, "{words}");
        }
        assert_eq!(route("phase II: drug IV weekly"), Some("intravenous"));
        assert_eq!(route("the vaginal tape, oral mucositis, subcutaneous fat"), None);
        assert_eq!(route("a vaginal ring"), Some("vaginal"));
        assert_eq!(route("after vaginal delivery"), None);
        assert_eq!(route("intra-arterial delivery"), Some("intra-arterial"));
        assert_eq!(route("into the subcutaneous tissue"), Some("subcutaneous"));
    }

    #[test]
    fn adjectives_of_another_drug() {
        let of = |words: &str| {
            let text = Text::new(words);
            let (_, from, to) = find(&text, 0..99).unwrap();
            of_another(&text, (from, to), |w| w == "Gadgetol")
        };
        assert!(of("treated with oral aminosalicylic acid"));
        assert!(!of("oral Gadgetol daily"));
        assert!(!of("oral administration"));
        assert!(!of("given orally weekly"));
        assert!(!of("oral 5 mg"));
    }

    #[test]
    fn ways_that_are_listed_or_of_something_else() {
        let route = |words: &str| find(&Text::new(words), 0..99).map(|r| r.0);
        assert_eq!(route("intravenous, lumbar, and local administration"), None);
        assert_eq!(route("given IV and IP on day 0"), None);
        assert_eq!(route("infusions of cells via peripheral veins"), Some("intravenous"));
        assert_eq!(route("an intradiscal injection"), Some("intradiscal"));
        assert_eq!(route("given transendocardially"), Some("intramyocardial"));
        assert_eq!(route("intravenous and intrathecal injection"), Some("intravenous"));
        assert_eq!(route("a lumbar injection"), Some("intrathecal"));
        let other = |words: &str| {
            let text = Text::new(words);
            let (_, _, to) = find(&text, 0..99).unwrap();
            leads_to_another(&text, to, |i| text.is(i, "Gadgetol"))
        };
        assert!(other("an intramuscular injection of pain medications"));
        assert!(!other("an intramuscular injection of Gadgetol"));
        assert!(!other("an intramuscular injection of 5 mg"));
    }

    #[test]
    fn two_routes() {
        let two = |words: &str| several(&Text::new(words), 0..99);
        assert!(two("half intravenously and half subcutaneously"));
        assert!(!two("IV as an intravenous infusion"));
    }
}

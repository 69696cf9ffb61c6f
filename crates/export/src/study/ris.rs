//! A study as a reference for literature managers (RIS).

use model::{PartialDate, Study};

use super::UnknownName;

/// What stands behind a tag.
type Values = fn(&Study) -> Vec<String>;

/// The tags, in the order they are written, and what stands behind each; several values are several lines.
const TAGS: [(&str, Values); 10] = [
    ("TY", |_| vec!["DBASE".to_owned()]),
    ("ID", |s| vec![s.id().to_string()]),
    ("T1", |s| vec![s.title()]),
    ("AU", |s| texts(s, "OverallOfficialName")),
    ("PB", |s| texts(s, "LeadSponsorName")),
    ("Y1", |s| s.date("StartDate").map(date).into_iter().collect()),
    ("KW", |s| [texts(s, "Condition"), texts(s, "Keyword")].concat()),
    ("N2", |s| texts(s, "BriefSummary")),
    ("UR", |s| s.id().address().into_iter().collect()),
    ("ER", |_| vec![String::new()]),
];

/// The record, with these tags or with all. A record begins with its type and has an end whatever is named; names that
/// are of no tag are an error.
pub fn write(study: &Study, wanted: Option<&[&str]>) -> Result<String, Vec<UnknownName>> {
    let unknown = wanted.into_iter().flatten().filter(|name| !TAGS.iter().any(|(tag, _)| tag == *name));
    let told = |name: &&str| {
        let near = TAGS.iter().map(|(tag, _)| (*tag).to_owned()).collect();
        UnknownName { name: (*name).to_owned(), near }
    };
    let unknown: Vec<UnknownName> = unknown.map(told).collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let kept = |tag: &str| matches!(tag, "TY" | "ER") || wanted.is_none_or(|wanted| wanted.contains(&tag));
    let mut out = String::new();
    for (tag, values) in TAGS.iter().filter(|(tag, _)| kept(tag)) {
        for value in values(study) {
            out.push_str(&format!("{tag}  - {}\r\n", one_line(&value)));
        }
    }
    Ok(out)
}

fn texts(study: &Study, piece: &str) -> Vec<String> {
    study.texts(piece).into_iter().map(|text| model::markup::unescape(text).into_owned()).collect()
}

/// A value stands on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `YYYY/MM/DD/`; what is not known stays empty.
fn date(date: PartialDate) -> String {
    let two = |n: Option<i8>| n.map_or_else(String::new, |n| format!("{n:02}"));
    format!("{:04}/{}/{}/", date.year(), two(date.month()), two(date.day()))
}

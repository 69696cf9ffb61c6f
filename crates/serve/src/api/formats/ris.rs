//! A study as a reference for literature managers (RIS).

use model::{PartialDate, Study};

use crate::api::{
    endpoint::items,
    refusal::{Fault, Refusal},
};

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

/// The record. `fields` names tags; a record begins with its type and has an end whatever is named.
pub(crate) fn write(study: &Study, fields: Option<&str>) -> Result<String, Refusal> {
    let wanted: Option<Vec<&str>> = fields.map(|text| items(text).collect());
    let unknown = wanted.iter().flatten().filter(|name| !TAGS.iter().any(|(tag, _)| tag == *name));
    let fault = |name: &&str| {
        let near = TAGS.iter().map(|(tag, _)| (*tag).to_owned()).collect();
        Fault {
            near,
            ..Fault::new("fields", format!("Parameter 'fields' contains invalid RIS tag: '{name}'"))
        }
    };
    Refusal::unless_none(unknown.map(fault).collect())?;
    let kept = |tag: &str| matches!(tag, "TY" | "ER") || wanted.as_ref().is_none_or(|w| w.contains(&tag));
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

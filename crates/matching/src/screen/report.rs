//! What was found of a study and its people, as JSON: for the command and for the API.

use eligibility::{
    evaluate::{Ruling, Settings, Standing, Truth},
    tree::Item,
};
use serde_json::{Map, Value, json};

use super::{Counts, Row, Screening};

/// The name of a criterion: `inclusion-5`, `registry-age`.
pub fn name(item: &Item) -> String {
    format!("{}-{}", item.section, item.number)
}

/// How the criteria of a list are called, for those that stand so.
pub fn names(items: &[Item], row: &Row, standing: Standing) -> Vec<String> {
    row.with(standing).filter_map(|place| items.get(place).map(name)).collect()
}

/// A person, with whether they have died, and the criteria that are not met, not known, and for people to settle.
pub fn person(items: &[Item], row: &Row) -> Value {
    json!({
        "subject": row.subject,
        "verdict": row.ruling.as_str(),
        "notMet": names(items, row, Standing::NotMet),
        "unknown": names(items, row, Standing::Unknown),
        "forPerson": names(items, row, Standing::ForPerson),
        "died": died(row.lives),
    })
}

/// Whether somebody has died by the index date; null if that is not known.
fn died(lives: Truth) -> Value {
    match lives {
        Truth::Met => false.into(),
        Truth::Unknown => Value::Null,
        Truth::NotMet => true.into(),
    }
}

/// A criterion with what was counted of it; see [`Counts`].
pub fn criterion(item: &Item, counts: &Counts) -> Value {
    json!({
        "criterion": name(item),
        "text": item.source,
        "met": counts.met,
        "notMet": counts.not_met,
        "unknown": counts.unknown,
        "forPerson": counts.for_person,
        "left": counts.left,
        "aloneBlocked": counts.alone_blocked,
        "gainedEligible": counts.gained_eligible,
        "gainedUndetermined": counts.gained_undetermined,
        "unknownOnly": counts.unknown_only,
    })
}

/// How the people were held, and how many have each verdict.
pub fn head(study: &str, screening: &Screening) -> Map<String, Value> {
    let settings: &Settings = screening.settings();
    let tally = screening.tally();
    let mut head = Map::new();
    head.insert("study".into(), study.into());
    head.insert("indexDate".into(), settings.index_date.to_string().into());
    head.insert("absence".into(), settings.absence.as_str().into());
    head.insert("people".into(), tally.people().into());
    head.insert("died".into(), tally.died.into());
    for ruling in Ruling::ALL {
        head.insert(ruling.as_str().into(), tally.of(ruling).into());
    }
    head
}

/// The criteria with their counts.
pub fn criteria(screening: &Screening) -> Vec<Value> {
    screening
        .items()
        .iter()
        .zip(&screening.tally().criteria)
        .map(|(item, counts)| criterion(item, counts))
        .collect()
}

/// All of it: the head, the criteria, and these people.
pub fn document(study: &str, screening: &Screening, people: &[Row]) -> Value {
    let mut document = head(study, screening);
    document.insert("criteria".into(), criteria(screening).into());
    document.insert("subjects".into(), people.iter().map(|row| person(screening.items(), row)).collect());
    document.into()
}

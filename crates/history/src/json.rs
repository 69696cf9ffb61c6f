//! History as JSON: the same for the command and the API.

use eligibility::{Item, read::Reader};
use model::PartialDate;
use serde_json::{Value, json};
use store::Happened;

use crate::{
    Event, Noted, Step, Timeline, Version,
    look::Item as NewsItem,
    timeline::Criteria,
    words::{self, Part},
};

/// Moments in seconds since 1970 as `2026-11-22T14:05:09Z`.
pub fn moment(seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(seconds).ok().map(|moment| moment.to_string())
}

/// A study's versions, each with what changed since the whole one before it.
pub fn timeline(timeline: &Timeline, reader: &mut Reader) -> Value {
    let mut steps = timeline.steps();
    let versions = timeline.versions.iter().map(|version| {
        let mut out = self::version(version);
        if let Some(at) = steps.iter().position(|step| step.new.number == version.number) {
            let step = steps.remove(at);
            let Value::Object(difference) = self::step(&step, reader) else { return out };
            out["since"] = step.old.number.into();
            difference
                .into_iter()
                .filter(|(key, _)| key != "from" && key != "to")
                .for_each(|(k, v)| out[k] = v);
        }
        out
    });
    let versions: Vec<Value> = versions.collect();
    let withdrawn = timeline.withdrawn.as_ref();
    let withdrawn = withdrawn.map(|w| json!({"noticed": moment(w.noticed), "source": w.source}));
    json!({"nctId": timeline.id, "withdrawn": withdrawn, "versions": versions})
}

/// A version without its record.
pub fn version(version: &Version) -> Value {
    json!({
        "version": version.number,
        "date": version.day.map(|day| day.to_string()),
        "received": moment(version.received),
        "format": format!("{:?}", version.format),
        "source": version.source,
        "speaks": version.speaks,
        "whole": version.whole,
    })
}

/// What differs between two versions.
pub fn step(step: &Step<'_>, reader: &mut Reader) -> Value {
    let fields = step.fields.iter().map(|field| {
        let mut out = json!(field);
        if let (Some(before), Some(after)) = (&field.before, &field.after) {
            out["words"] = words::compare(before, after).iter().map(part).collect();
        }
        out
    });
    let noted =
        |noted: &Noted| json!({"kind": noted.kind.as_str(), "before": noted.before, "after": noted.after});
    json!({
        "from": version(step.old),
        "to": version(step.new),
        "kinds": step.noted.iter().map(noted).collect::<Vec<_>>(),
        "fields": fields.collect::<Vec<_>>(),
        "criteria": step.criteria(reader).map(|criteria| self::criteria(&criteria)),
    })
}

/// Words that are the same, removed or added: `["removed", "65"]`.
fn part(part: &Part) -> Value {
    json!([part.fate, part.text])
}

fn criteria(criteria: &Criteria) -> Value {
    let item = |items: &[Item], place: Option<usize>| {
        place.and_then(|at| items.get(at)).map(|item| {
            json!({"section": item.section.as_str(), "n": item.number.to_string(), "source": item.source})
        })
    };
    let changes = criteria.changes.iter().map(|change| {
        json!({
            "change": change.kind.as_str(),
            "what": change.what,
            "old": item(&criteria.old.criteria.items, change.old),
            "new": item(&criteria.new.criteria.items, change.new),
        })
    });
    changes.collect()
}

/// A change that matters.
pub fn event(event: &Event) -> Value {
    let side = |(number, day): (usize, Option<PartialDate>)| json!({"version": number, "date": day.map(|d| d.to_string())});
    json!({
        "nctId": event.id,
        "briefTitle": event.title,
        "kind": event.noted.kind.as_str(),
        "from": side(event.old),
        "to": side(event.new),
        "before": event.noted.before,
        "after": event.noted.after,
    })
}

/// What happened, as a word.
pub fn happened(kind: Happened) -> &'static str {
    match kind {
        Happened::New => "new",
        Happened::Changed => "changed",
        Happened::Gone => "gone",
    }
}

/// What happened to a study of a saved search.
pub fn news(search: &str, item: &NewsItem) -> Value {
    json!({
        "search": search,
        "change": happened(item.kind),
        "nctId": item.id,
        "briefTitle": item.title,
        "noticed": moment(item.noticed),
        "fields": item.fields,
    })
}

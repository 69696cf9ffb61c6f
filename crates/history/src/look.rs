//! Saved searches: what they ask for, and what is new in them since the last look.

use index::Options;
use model::{Study, StudyId};
use query::{Request, Search};
use registry::Registry;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Found, Happened, News, Saved, Searches, Store};

use crate::{
    Error,
    fields::{self, Comparable, Field},
};

/// What a saved search asks for: the parameters of the API, by their names there, that are given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked(pub Vec<(String, String)>);

/// The parameters that can be saved.
pub const PARAMETERS: [&str; 16] = [
    "query.cond",
    "query.term",
    "query.intr",
    "query.titles",
    "query.outc",
    "query.spons",
    "query.lead",
    "query.id",
    "query.locn",
    "query.patient",
    "filter.overallStatus",
    "filter.geo",
    "filter.ids",
    "filter.advanced",
    "filter.synonyms",
    "aggFilters",
];

impl Asked {
    /// What a request asks for; its order is not part of it.
    pub fn of(request: &Request) -> Self {
        let values = [
            &request.cond,
            &request.term,
            &request.intr,
            &request.titles,
            &request.outc,
            &request.spons,
            &request.lead,
            &request.id,
            &request.locn,
            &request.patient,
            &request.overall_status,
            &request.geo,
            &request.ids,
            &request.advanced,
            &request.synonyms,
            &request.agg_filters,
        ];
        let given = PARAMETERS.iter().zip(values).filter_map(|(name, value)| {
            value.as_ref().filter(|v| !v.trim().is_empty()).map(|v| ((*name).to_owned(), v.clone()))
        });
        Self(given.collect())
    }

    /// The request again.
    pub fn request(&self) -> Request {
        let get = |name: &str| self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        Request {
            cond: get("query.cond"),
            term: get("query.term"),
            intr: get("query.intr"),
            titles: get("query.titles"),
            outc: get("query.outc"),
            spons: get("query.spons"),
            lead: get("query.lead"),
            id: get("query.id"),
            locn: get("query.locn"),
            patient: get("query.patient"),
            overall_status: get("filter.overallStatus"),
            geo: get("filter.geo"),
            ids: get("filter.ids"),
            advanced: get("filter.advanced"),
            synonyms: get("filter.synonyms"),
            agg_filters: get("aggFilters"),
            ..Request::default()
        }
    }

    /// What a saved search asks for.
    pub fn saved(saved: &Saved) -> Result<Self, Error> {
        let unreadable = |why: String| Error::Unreadable { name: saved.name.clone(), why };
        serde_json::from_str(&saved.request).map_err(|e| unreadable(e.to_string()))
    }

    /// It as it is kept.
    pub fn written(&self) -> String {
        serde_json::to_string(self).expect("strings are JSON")
    }
}

/// Whether a name can be that of a saved search: it stands in addresses.
pub fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && !name.starts_with('.')
}

/// Saves a search with what it finds now. False if the name is taken.
pub fn save(registry: &Registry, name: &str, request: &Request, now: i64) -> Result<bool, Error> {
    let found = found(registry, &request.resolve().map_err(registry::Error::from)?)?;
    let asked = Asked::of(request).written();
    Ok(Searches::open(registry.folder())?.save(name, &asked, &found, now)?)
}

/// What a search finds, with the versions that speak.
fn found(registry: &Registry, search: &Search) -> Result<Found, Error> {
    let options = Options { limit: registry.len().max(1), ..Options::default() };
    let hits = registry.run(search, &options)?.hits;
    let mut out = Found::new();
    for hit in hits {
        // A study that has gone since the search is not found.
        if let Some(sequence) = registry.store().speaks(hit.nct_id)? {
            out.insert(hit.nct_id, sequence);
        }
    }
    Ok(out)
}

/// Looks at all saved searches and writes down what happened in them. The names of those in which something did.
pub fn look_at_all(registry: &Registry, now: i64) -> Result<Vec<String>, Error> {
    let mut news = Vec::new();
    for saved in registry.store().searches()? {
        if look(registry, &saved, now)? > 0 {
            news.push(saved.name);
        }
    }
    Ok(news)
}

/// Looks at a saved search and writes down what happened. How much did; 0 as well where another look came first.
pub fn look(registry: &Registry, saved: &Saved, now: i64) -> Result<usize, Error> {
    let store = registry.store();
    let before = store.search_found(saved.id)?;
    let request = Asked::saved(saved)?.request();
    let unreadable =
        |e: query::QueryError| Error::Unreadable { name: saved.name.clone(), why: e.to_string() };
    let found = found(registry, &request.resolve().map_err(unreadable)?)?;
    let mut news = Vec::new();
    for (id, sequence) in &found {
        match before.get(id) {
            None => news.push((*id, Happened::New)),
            Some(last) if last != sequence && !changes(store, Some(*last), Some(*sequence))?.is_empty() => {
                news.push((*id, Happened::Changed));
            }
            Some(_) => {}
        }
    }
    news.extend(before.keys().filter(|id| !found.contains_key(id)).map(|id| (*id, Happened::Gone)));
    news.sort_unstable();
    if news.is_empty() && before == found {
        return Ok(0);
    }
    let written = Searches::open(registry.folder())?.look(saved.id, &before, &found, &news, now)?;
    Ok(if written { news.len() } else { 0 })
}

/// The fields in which two versions differ, by their numbers over all studies.
pub fn changes(store: &Store, before: Option<i64>, after: Option<i64>) -> Result<Vec<Field>, Error> {
    let record = |sequence: Option<i64>| -> Result<Value, Error> {
        let bytes = sequence.map(|sequence| store.version_study(sequence)).transpose()?.flatten();
        Ok(serde_json::from_slice(&bytes.unwrap_or_default()).unwrap_or(Value::Null))
    };
    Ok(fields::compare(&record(before)?, &record(after)?, Comparable::All))
}

/// What happened to one study since somebody was told.
#[derive(Clone, Debug)]
pub struct Item {
    /// What, all in all.
    pub kind: Happened,
    /// The study.
    pub id: StudyId,
    /// Its title, as it is or was last.
    pub title: String,
    /// Seconds since 1970 at which it was noticed last.
    pub noticed: i64,
    /// The fields that changed.
    pub fields: Vec<Field>,
}

/// What happened to a saved search since somebody was told, a study once: what came and went again is left out.
/// With the number of the last event, to be told as [`Searches::told`].
pub fn since_told(store: &Store, saved: &Saved) -> Result<(Vec<Item>, i64), Error> {
    let news = store.search_news(saved.id, saved.told, usize::MAX)?;
    let last = news.last().map_or(saved.told, |news| news.number);
    let mut by_study: std::collections::BTreeMap<StudyId, Vec<News>> = Default::default();
    news.into_iter().for_each(|news| by_study.entry(news.study).or_default().push(news));
    let mut out = Vec::new();
    for (id, news) in by_study {
        let (Some(first), Some(end)) = (news.first(), news.last()) else { continue };
        let kind = match (first.kind, end.kind) {
            (Happened::New, Happened::Gone) => continue,
            (Happened::New, _) => Happened::New,
            (_, Happened::Gone) => Happened::Gone,
            _ => Happened::Changed,
        };
        let fields = match kind {
            Happened::Changed => changes(store, first.before, end.after)?,
            _ => Vec::new(),
        };
        // What went and came back as it was is no news.
        if kind == Happened::Changed && fields.is_empty() {
            continue;
        }
        let title = title(store, id, end.after.or(end.before))?;
        out.push(Item { kind, id, title, noticed: end.noticed, fields });
    }
    out.sort_by_key(|item| (item.kind, item.id));
    Ok((out, last))
}

/// The title of a study in a version, or as it stands.
pub fn title(store: &Store, id: StudyId, sequence: Option<i64>) -> Result<String, Error> {
    let bytes = match sequence.map(|sequence| store.version_study(sequence)).transpose()?.flatten() {
        Some(bytes) => bytes,
        None => store.study(id)?.map_or_else(Vec::new, |bytes| bytes.to_vec()),
    };
    let study = serde_json::from_slice(&bytes).ok().and_then(Study::new);
    Ok(study.map_or_else(|| id.to_string(), |study| study.title()))
}

/// The saved search of this name.
pub fn named(store: &Store, name: &str) -> Result<Saved, Error> {
    store.search(name)?.ok_or_else(|| Error::NoSearch(name.to_owned()))
}

//! `/api/x1/studies`: the search of v2 with filters by name, facets, reasons, sites, and everything in one answer.

use std::io::Write;

use axum::{extract::State, response::Response};
use index::{FACETS, Hit};
use model::{Age, Kind as PieceKind, piece};
use query::{Reading, Search};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    lenient::{LENIENT, Tidied, tidied, with_hints},
    sites::{self, Site as StudySite},
};
use crate::{
    Catalogue, Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter, invalid, items},
        fields::Selection,
        formats, in_order, json as answer,
        refusal::{Fault, Refusal},
        search,
        stream::{self, broken},
        v2::studies::{MARKUP, PAGING, Page, record},
        work,
    },
    parameters::Parameters,
};

/// Search.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/studies",
    about: "Studies that a search finds, with facets, reasons and sites if wanted; as NDJSON or CSV all of them at once",
    parameters: &[search::QUERIES, search::FILTERS, BY_NAME, READING, search::ORDER, PAGING, WITH, OUTPUT],
    answers: &["application/json", "application/x-ndjson", "text/csv"],
    takes: &[],
};

/// Filters that upstream has not.
pub(crate) const BY_NAME: &[Parameter] = &[
    Parameter::new("status", Kind::List, "Statuses of the study, by value or label: `recruiting`"),
    Parameter::new("phase", Kind::List, "Phases, any of them: `2`, `PHASE2` or `Phase 2`"),
    Parameter::new("type", Kind::List, "Study types, any of them: `interventional`"),
    Parameter::new(
        "sex",
        Kind::One(&["female", "male"]),
        "A person's sex: studies that take it, or do not tell",
    ),
    Parameter::new(
        "age",
        Kind::Text,
        "A person's age: `45` years, `6 months`; an age limit that is absent is no limit",
    ),
    Parameter::new("country", Kind::List, "Countries of a site, any of them"),
];

/// How the search is read.
pub(crate) const READING: &[Parameter] = &[
    Parameter::new(
        "missing",
        Kind::One(&["exclude", "include"]),
        "Whether ranges of dates, numbers and ages also find studies that do not tell",
    ),
    Parameter::new(
        "conditionMode",
        Kind::One(&["relevance", "strict"]),
        "Whether `query.cond` also looks into titles and keywords, or only finds studies of the disease and of those \
         below it in MeSH",
    ),
    LENIENT,
];

const WITH: &[Parameter] = &[
    Parameter::new("facets", Kind::List, "Count the values of these over all hits: `status,phase`, or `all`"),
    Parameter::new("explain", Kind::Flag, "Tell how the search was read, and what each study was found by"),
    Parameter::new(
        "sites",
        Kind::Number(0, 1000),
        "Show so many sites that the search is about; open and near ones first",
    ),
];

const OUTPUT: &[Parameter] = &[
    Parameter::new(
        "format",
        Kind::One(&["json", "ndjson", "csv"]),
        "One page of JSON, or all that is found: a record a line, or thirty columns",
    ),
    MARKUP,
    Parameter::new("fields", Kind::List, "Fields of the records, or columns, as in v2"),
];

/// Answers with what a search finds.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    let asked = tidied(&ENDPOINT, parameters);
    match asked.parameters.get("format") {
        Some("ndjson") => work(move || lines(&site, asked)).await,
        Some("csv") => work(move || rows(&site, asked)).await,
        _ => in_order(site.searches.clone(), move || page(&*site.catalogue, asked)).await,
    }
}

/// How the parameters are read: those of v2, the filters by name, and the wishes about missing values and conditions.
/// All that is wrong is told at once, with what `endpoint` finds wrong with each by itself.
pub(crate) fn reading(endpoint: &Endpoint, parameters: &Parameters) -> Result<Reading, Refusal> {
    let mut faults = endpoint.faults(parameters);
    let mut request = search::request(parameters)?;
    request.all_is_value = true;
    request.plain_words = parameters.flag(LENIENT.name);
    let named = by_name(parameters, &mut faults);
    faults.extend(facets(parameters).err().into_iter().flat_map(|refusal| refusal.faults));
    let reading = request.read();
    if let Err(error) = &reading {
        faults.extend(Refusal::from(error.clone()).faults);
    }
    Refusal::unless_none(faults)?;
    let mut reading = reading?;
    if parameters.get("missing") == Some("include") {
        reading.search = reading.search.with_missing();
        reading.hints.retain(|hint| !hint.advice.starts_with("RANGE never finds"));
    }
    reading.hints.retain(|hint| !hint.advice.starts_with("ALL means every study"));
    if parameters.get("conditionMode") == Some("strict") {
        reading.search = reading.search.with_strict_conditions();
    }
    if !named.is_empty() {
        request = query::Request { advanced: Some(named.join(" AND ")), ..Default::default() };
        let also = request.resolve()?.filter;
        reading.search.filter = query::Resolved::And(vec![reading.search.filter, also]);
    }
    Ok(reading)
}

/// The search, and what of the records is wanted.
fn selected(parameters: &Parameters) -> Result<(Reading, Selection), Refusal> {
    match reading(&ENDPOINT, parameters) {
        Ok(reading) => {
            let selection = Selection::of(parameters, &reading.search)?;
            Ok((reading, selection))
        }
        Err(mut refusal) => {
            refusal.faults.extend(Selection::faults(parameters));
            Err(refusal)
        }
    }
}

/// The filters by name as expressions.
fn by_name(parameters: &Parameters, faults: &mut Vec<Fault>) -> Vec<String> {
    let mut out = Vec::new();
    for (name, of) in [("status", "OverallStatus"), ("phase", "Phase"), ("type", "StudyType")] {
        let Some(text) = parameters.get(name) else { continue };
        let PieceKind::Enum(kind) = piece::known(of).kind else { continue };
        let mut values = Vec::new();
        for item in items(text) {
            match kind.meant(item) {
                Some(value) => values.push(value.value),
                None => {
                    let all: Vec<&'static str> = kind.values.iter().map(|v| v.value).collect();
                    faults.push(invalid(name, item, &all));
                }
            }
        }
        out.push(format!("AREA[{of}]({})", values.join(" OR ")));
    }
    if let Some(sex) = parameters.get("sex") {
        out.push(format!("(AREA[Sex]({} OR \"ALL\") OR AREA[Sex]MISSING)", sex.to_uppercase()));
    }
    if let Some(text) = parameters.get("age") {
        match age(text) {
            Some(age) => out.push(format!(
                "(AREA[MinimumAge]RANGE[MIN, {age}] OR AREA[MinimumAge]MISSING) AND \
                 (AREA[MaximumAge]RANGE[{age}, MAX] OR AREA[MaximumAge]MISSING)"
            )),
            None => {
                let near = vec!["45".to_owned(), "6 months".to_owned()];
                let fault = Fault::new("age", "Parameter `age` has incorrect format");
                faults.push(Fault { near, ..fault });
            }
        }
    }
    if let Some(text) = parameters.get("country") {
        let one = |name: &str| match model::country::code(name) {
            Some(code) => format!("AREA[LocationCountryCode]EXPANSION[Term]{code}"),
            None => {
                let name = name.replace('\\', "\\\\").replace('"', "\\\"");
                format!("AREA[LocationCountry]COVERAGE[FullMatch]\"{name}\"")
            }
        };
        out.push(format!("({})", items(text).map(one).collect::<Vec<_>>().join(" OR ")));
    }
    out
}

/// An age with its unit; a bare number is years.
fn age(text: &str) -> Option<Age> {
    let whole = if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        format!("{text} years")
    } else {
        text.into()
    };
    whole.parse::<Age>().ok().filter(|age| age.value.is_finite() && age.value >= 0.0)
}

/// The facets that are asked for.
fn facets(parameters: &Parameters) -> Result<Vec<&'static str>, Refusal> {
    let Some(text) = parameters.get("facets") else { return Ok(Vec::new()) };
    if text == "all" {
        return Ok(FACETS.to_vec());
    }
    let (known, wrong): (Vec<&str>, Vec<&str>) = items(text).partition(|name| FACETS.contains(name));
    Refusal::unless_none(wrong.into_iter().map(|name| invalid("facets", name, &FACETS)).collect())?;
    Ok(FACETS.into_iter().filter(|name| known.contains(name)).collect())
}

fn page(catalogue: &dyn Catalogue, asked: Tidied) -> Result<Response, Refusal> {
    let parameters = &asked.parameters;
    let (reading, selection) = selected(parameters)?;
    let (search, facets) = (&reading.search, facets(parameters)?);
    let explain = parameters.flag("explain");
    let options = index::Options { facets: !facets.is_empty(), explain, ..Default::default() };
    let page = Page::find(catalogue, parameters, search, &options)?;
    let of = |facet: &&index::Facet| facets.contains(&facet.name);
    let head = Head {
        total_count: page.total(parameters),
        read: explain.then(|| read(search)),
        hints: asked.hints_with(&reading),
        facets: page.answer.facets.iter().filter(of).collect(),
    };
    let mut body = serde_json::to_vec(&head).map_err(Refusal::internal)?;
    body.pop();
    if body.len() > 1 {
        body.push(b',');
    }
    body.extend_from_slice(b"\"studies\":[");
    let sites = parameters.number(&WITH[2]);
    let found = sites::found(catalogue, search, &page.answer.hits, sites)?;
    for (i, (hit, found)) in page.answer.hits.iter().zip(found).enumerate() {
        body.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
        body.extend_from_slice(&row(catalogue, &selection, hit, found.as_deref(), sites)?);
    }
    body.extend_from_slice(b"\n]");
    if let Some(token) = &page.next {
        body.extend_from_slice(format!(",\"nextPageToken\":\"{token}\"").as_bytes());
    }
    body.push(b'}');
    Ok(answer(body))
}

/// What is told before the studies.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    total_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facets: Vec<&'p index::Facet>,
}

/// The search as it was understood, in the query language.
fn read(search: &Search) -> String {
    match &search.filter {
        query::Resolved::All => search.query.to_string(),
        filter => query::Resolved::And(vec![search.query.clone(), filter.clone()]).to_string(),
    }
}

/// A study with what is told of it.
fn row(
    catalogue: &dyn Catalogue,
    selection: &Selection,
    hit: &Hit,
    found: Option<&[StudySite]>,
    most: usize,
) -> Result<Vec<u8>, Refusal> {
    let mut out = Map::new();
    out.insert("nctId".into(), hit.nct_id.to_string().into());
    out.insert("score".into(), json!(hit.score));
    if let Some(km) = hit.km {
        out.insert("km".into(), json!((km * 10.0).round() / 10.0));
    }
    if !hit.why.is_empty() {
        out.insert("why".into(), json!(hit.why));
    }
    if let Some(found) = found {
        let first: Vec<Value> = found.iter().take(most).map(StudySite::json).collect();
        out.insert("sites".into(), json!({"found": found.len(), "first": first}));
    }
    let mut body = serde_json::to_vec(&out).map_err(Refusal::internal)?;
    body.pop();
    body.extend_from_slice(b",\"study\":");
    body.extend_from_slice(&selection.write(record(catalogue, hit.nct_id)?)?);
    body.push(b'}');
    Ok(body)
}

/// All ids that a search finds, in order.
pub(crate) fn all_hits(catalogue: &dyn Catalogue, search: &Search) -> Result<Vec<Hit>, Refusal> {
    let options = index::Options { limit: catalogue.size().max(1), ..Default::default() };
    Ok(catalogue.run(search, &options)?.hits)
}

/// Parameters that make no sense where everything is sent at once.
pub(crate) fn no_pages(parameters: &Parameters, format: &str) -> Result<(), Refusal> {
    let told = ["pageToken", "pageSize", "facets", "explain", "sites", "countTotal"];
    let given = told.into_iter().filter(|name| parameters.get(name).is_some());
    let fault = |name: &str| {
        Fault::new(
            name,
            format!("Parameter `{name}` must not be given with format `{format}`, which sends all at once"),
        )
    };
    Refusal::unless_none(given.map(fault).collect())
}

fn lines(site: &Site, asked: Tidied) -> Result<Response, Refusal> {
    no_pages(&asked.parameters, "ndjson")?;
    let (reading, selection) = selected(&asked.parameters)?;
    let hits = all_hits(&*site.catalogue, &reading.search)?;
    let catalogue = site.catalogue.clone();
    let answer = stream::answer(site, "application/x-ndjson", move |pipe| {
        for hit in hits {
            // A study that has gone since the search is left out.
            let Some(bytes) = catalogue.record(hit.nct_id).map_err(broken)? else { continue };
            pipe.write_all(&selection.write(bytes).map_err(|refusal| broken(refusal.message()))?)?;
            pipe.write_all(b"\n")?;
        }
        Ok(())
    })?;
    Ok(with_hints(answer, &asked.hints_with(&reading)))
}

fn rows(site: &Site, asked: Tidied) -> Result<Response, Refusal> {
    no_pages(&asked.parameters, "csv")?;
    let reading = reading(&ENDPOINT, &asked.parameters);
    let columns = formats::columns(asked.parameters.get_given("fields"));
    let (reading, columns) = Refusal::both(reading, columns)?;
    let hits = all_hits(&*site.catalogue, &reading.search)?;
    let catalogue = site.catalogue.clone();
    let answer = stream::answer(site, "text/csv; charset=utf-8", move |pipe| {
        let write =
            |studies: &[_], head| formats::csv(studies, &columns, head).map_err(|r| broken(r.message()));
        pipe.write_all(&write(&[], true)?)?;
        for hit in hits {
            let Some(study) = catalogue.study(hit.nct_id).map_err(broken)? else { continue };
            pipe.write_all(&write(&[study], false)?)?;
        }
        Ok(())
    })?;
    Ok(with_hints(answer, &asked.hints_with(&reading)))
}

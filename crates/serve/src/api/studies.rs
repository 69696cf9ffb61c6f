//! `/api/v2/studies`: search, page by page.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use model::{NctId, Study};
use query::{Request, Search};

use super::{csv, fields::Selection, json, only, refusal::Refusal, token, work};
use crate::{Catalogue, Site, parameters::Parameters};

/// The `query.*` parameters and what they fill in.
const QUERIES: [&str; 10] =
    ["cond", "term", "intr", "titles", "outc", "spons", "lead", "id", "locn", "patient"];
/// Each exists as `filter.X` and as `postFilter.X`, with one meaning.
const FILTERS: [&str; 5] = ["overallStatus", "geo", "ids", "advanced", "synonyms"];
const OTHERS: [&str; 9] = [
    "aggFilters",
    "geoDecay",
    "fields",
    "sort",
    "countTotal",
    "pageSize",
    "pageToken",
    "format",
    "markupFormat",
];
/// Parameters that may differ from page to page.
const FREE: [&str; 3] = ["countTotal", "pageSize", "pageToken"];

/// Answers with one page of what a search finds.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    let mut known: Vec<String> = QUERIES.iter().map(|q| format!("query.{q}")).collect();
    known.extend(FILTERS.iter().flat_map(|f| [format!("filter.{f}"), format!("postFilter.{f}")]));
    known.extend(OTHERS.iter().map(|&o| o.to_owned()));
    only(&parameters, &known.iter().map(String::as_str).collect::<Vec<_>>())?;
    work(move || answer(&*site.catalogue, &parameters)).await
}

fn answer(catalogue: &dyn Catalogue, parameters: &Parameters) -> Result<Response, Refusal> {
    let size = page_size(parameters)?;
    let count = flag(parameters, "countTotal")?;
    let format = Format::of(parameters)?;
    let search = catalogue.resolve(&request(parameters)?)?;
    let page = Page::find(catalogue, parameters, &search, size)?;
    let total = (count && page.first).then_some(page.total);
    match format {
        Format::Json => {
            let selection = Selection::of(parameters, &search)?;
            Ok(json(page.json(catalogue, &selection, total)?))
        }
        Format::Csv => {
            let columns = csv::columns(parameters.get_given("fields"))?;
            Ok(csv_answer(page.csv(catalogue, &columns)?, total, page.next))
        }
    }
}

/// How the answer is written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Format {
    /// As the registry stores it.
    Json,
    /// Thirty columns.
    Csv,
}

impl Format {
    /// `format`, by default `json`.
    pub fn of(parameters: &Parameters) -> Result<Self, Refusal> {
        match parameters.get("format") {
            None | Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some(other) => Err(invalid("format", other)),
        }
    }
}

/// Upstream's words for a value that a parameter does not know.
pub(crate) fn invalid(name: &str, value: &str) -> Refusal {
    Refusal::bad(format!("Invalid value in parameter `{name}`: `{value}`"))
}

fn malformed(name: &str) -> Refusal {
    Refusal::bad(format!("Parameter `{name}` has incorrect format"))
}

fn flag(parameters: &Parameters, name: &str) -> Result<bool, Refusal> {
    match parameters.get(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(malformed(name)),
    }
}

/// Absent or 0 is 10; above 1,000 is 1,000.
fn page_size(parameters: &Parameters) -> Result<usize, Refusal> {
    let Some(text) = parameters.get("pageSize") else { return Ok(10) };
    let size: u64 = text.parse().map_err(|_| malformed("pageSize"))?;
    Ok(if size == 0 { 10 } else { size.min(1000) as usize })
}

/// The search that the parameters ask for.
fn request(parameters: &Parameters) -> Result<Request, Refusal> {
    let query = |name: &str| parameters.get(&format!("query.{name}")).map(str::to_owned);
    let own = |name: &str| parameters.get(name).map(str::to_owned);
    Ok(Request {
        cond: query("cond"),
        term: query("term"),
        intr: query("intr"),
        titles: query("titles"),
        outc: query("outc"),
        spons: query("spons"),
        lead: query("lead"),
        id: query("id"),
        locn: query("locn"),
        patient: query("patient"),
        overall_status: filter(parameters, "overallStatus")?,
        geo: filter(parameters, "geo")?,
        ids: filter(parameters, "ids")?,
        advanced: filter(parameters, "advanced")?,
        synonyms: filter(parameters, "synonyms")?,
        agg_filters: own("aggFilters"),
        geo_decay: own("geoDecay"),
        sort: own("sort"),
    })
}

/// `filter.X` and `postFilter.X` are one; both together must both hold, which only expressions can say.
fn filter(parameters: &Parameters, name: &str) -> Result<Option<String>, Refusal> {
    let before = parameters.get(&format!("filter.{name}"));
    let after = parameters.get(&format!("postFilter.{name}"));
    match (before, after) {
        (Some(a), Some(b)) if a == b => Ok(Some(a.to_owned())),
        (Some(a), Some(b)) if name == "advanced" => Ok(Some(format!("({a}) AND ({b})"))),
        (Some(_), Some(_)) => {
            Err(Refusal::bad(format!("`filter.{name}` and `postFilter.{name}` differ: give one of them")))
        }
        (a, b) => Ok(a.or(b).map(str::to_owned)),
    }
}

/// One page of hits.
struct Page {
    ids: Vec<NctId>,
    total: usize,
    first: bool,
    next: Option<String>,
}

impl Page {
    fn find(
        catalogue: &dyn Catalogue,
        parameters: &Parameters,
        search: &Search,
        size: usize,
    ) -> Result<Self, Refusal> {
        let binding = token::Binding::new(catalogue.stamp(), &parameters.without_all(&FREE));
        let offset = match parameters.get_given("pageToken") {
            Some(text) => binding.read(text).map_err(|e| Refusal::bad(e.to_string()))?,
            None => 0,
        };
        let options = index::Options { offset, limit: size, ..Default::default() };
        let answer = catalogue.run(search, &options)?;
        let reached = offset.saturating_add(answer.hits.len());
        let more = !answer.hits.is_empty() && reached < answer.total;
        Ok(Self {
            ids: answer.hits.iter().map(|h| h.nct_id).collect(),
            total: answer.total,
            first: offset == 0,
            next: more.then(|| binding.write(reached)),
        })
    }

    /// One study a line between the brackets: clients read the token from the end of the body.
    fn json(
        &self,
        catalogue: &dyn Catalogue,
        selection: &Selection,
        total: Option<usize>,
    ) -> Result<Vec<u8>, Refusal> {
        let mut out = Vec::with_capacity(self.ids.len() * 4096);
        out.push(b'{');
        if let Some(total) = total {
            out.extend_from_slice(format!("\"totalCount\":{total},").as_bytes());
        }
        out.extend_from_slice(b"\"studies\":[");
        for (i, id) in self.ids.iter().enumerate() {
            out.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
            out.extend_from_slice(&selection.write(record(catalogue, *id)?)?);
        }
        out.extend_from_slice(b"\n]");
        if let Some(token) = &self.next {
            out.extend_from_slice(format!(",\"nextPageToken\":\"{token}\"").as_bytes());
        }
        out.push(b'}');
        Ok(out)
    }

    fn csv(&self, catalogue: &dyn Catalogue, columns: &[&'static csv::Column]) -> Result<Vec<u8>, Refusal> {
        let studies = self.ids.iter().filter_map(|id| catalogue.study(*id).transpose());
        let studies: Vec<Study> = studies.collect::<Result<_, _>>()?;
        csv::write(&studies, columns, self.first)
    }
}

/// The stored bytes of a study that the index knows.
fn record(catalogue: &dyn Catalogue, id: NctId) -> Result<Arc<[u8]>, Refusal> {
    let missing =
        || Refusal::internal(format!("{id} is in the index and not in the store: run `trialist rebuild`"));
    catalogue.record(id)?.ok_or_else(missing)
}

fn csv_answer(body: Vec<u8>, total: Option<usize>, next: Option<String>) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], body).into_response();
    let headers = [("x-total-count", total.map(|t| t.to_string())), ("x-next-page-token", next)];
    for (name, value) in headers {
        if let Some(value) = value.and_then(|v| HeaderValue::from_str(&v).ok()) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

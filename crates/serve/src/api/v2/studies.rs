//! `/api/v2/studies`: search, page by page.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use index::Answer;
use model::{Study, StudyId};
use query::Search;

use crate::{
    Catalogue, Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        fields::Selection,
        formats, in_order, json,
        refusal::Refusal,
        search,
        token::{Begin, Binding},
    },
    parameters::Parameters,
};

/// Search.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/v2/studies",
    about: "Studies that a search finds, page by page; without one, all studies",
    parameters: &[search::QUERIES, search::FILTERS, search::ORDER, PAGING, OUTPUT],
    answers: &["application/json", "text/csv"],
    takes: &[],
};

/// How many studies a page has.
pub(crate) const PAGE_SIZE: Parameter = Parameter::new(
    "pageSize",
    Kind::Number(10, 1000),
    "Studies on a page; at most 1,000, more is taken as 1,000",
);

/// Pages.
pub(crate) const PAGING: &[Parameter] = &[
    Parameter::new("countTotal", Kind::Flag, "Tell on the first page how many studies there are"),
    PAGE_SIZE,
    Parameter::new(
        "pageToken",
        Kind::Text,
        "The `nextPageToken` of the page before; all parameters but countTotal and pageSize must be the same",
    ),
];

const OUTPUT: &[Parameter] = &[
    Parameter::new(
        "format",
        Kind::One(&["json", "csv"]),
        "JSON as the registry stores it, or thirty columns of CSV",
    ),
    MARKUP,
    Parameter::new(
        "fields",
        Kind::List,
        "Names or JSON paths of fields, names of areas, or `@query` for those searched; for CSV names of columns",
    ),
];

/// How texts with markup are written.
pub(crate) const MARKUP: Parameter = Parameter::new(
    "markupFormat",
    Kind::One(&["markdown", "legacy"]),
    "Markup of long texts: as stored, or with its escapes undone; of JSON only",
);

/// Answers with one page of what a search finds.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    ENDPOINT.check(&parameters)?;
    in_order(site.searches.clone(), move || answer(&*site.catalogue, &parameters)).await
}

fn answer(catalogue: &dyn Catalogue, parameters: &Parameters) -> Result<Response, Refusal> {
    let mut search = catalogue.resolve(&search::request(parameters)?)?;
    search.only_nct = true;
    let csv = parameters.get("format") == Some("csv");
    if csv {
        let columns = formats::columns(parameters.get_given("fields"))?;
        let page = Page::find(catalogue, parameters, &search, &index::Options::default())?;
        return Ok(csv_answer(page.csv(catalogue, &columns)?, page.total(parameters), page.next));
    }
    let selection = Selection::of(parameters, &search)?;
    let page = Page::find(catalogue, parameters, &search, &index::Options::default())?;
    Ok(json(page.json(catalogue, &selection, page.total(parameters))?))
}

/// One page of hits.
pub(crate) struct Page {
    /// What was found.
    pub answer: Answer,
    /// The token of the next page, if there is one.
    pub next: Option<String>,
    first: bool,
}

impl Page {
    /// The page that the parameters ask for, with what `options` want besides.
    pub fn find(
        catalogue: &dyn Catalogue,
        parameters: &Parameters,
        search: &Search,
        options: &index::Options,
    ) -> Result<Self, Refusal> {
        let binding = Binding::new(parameters);
        let token = parameters.get_given("pageToken").filter(|text| !text.is_empty());
        let begin = token.map(|text| binding.read(text)).transpose()?;
        let limit = parameters.number(&PAGE_SIZE);
        let (mut begin, first) = (begin.unwrap_or(start(catalogue)), begin.is_none());
        let of = |offset| index::Options { offset, limit, ..options.clone() };
        let answer = match catalogue.run_as_of(begin.stamp, search, &of(begin.offset))? {
            Some(answer) => answer,
            None => {
                begin = resumed(catalogue, search, begin)?;
                catalogue.run(search, &of(begin.offset))?
            }
        };
        let offset = begin.offset.saturating_add(answer.hits.len());
        let more = !answer.hits.is_empty() && offset < answer.total;
        let last = answer.hits.last().map(|hit| hit.nct_id);
        let next = more.then(|| binding.write(Begin { stamp: begin.stamp, offset, last }));
        Ok(Self { answer, next, first })
    }

    /// How many studies there are in all, if it is asked for and this is the first page.
    pub fn total(&self, parameters: &Parameters) -> Option<usize> {
        (self.first && parameters.flag("countTotal")).then_some(self.answer.total)
    }

    fn ids(&self) -> impl Iterator<Item = StudyId> {
        self.answer.hits.iter().map(|hit| hit.nct_id)
    }

    /// One study a line between the brackets: clients read the token from the end of the body.
    fn json(
        &self,
        catalogue: &dyn Catalogue,
        selection: &Selection,
        total: Option<usize>,
    ) -> Result<Vec<u8>, Refusal> {
        let mut out = Vec::with_capacity(self.answer.hits.len() * 4096);
        out.push(b'{');
        if let Some(total) = total {
            out.extend_from_slice(format!("\"totalCount\":{total},").as_bytes());
        }
        out.extend_from_slice(b"\"studies\":[");
        for (i, id) in self.ids().enumerate() {
            out.extend_from_slice(if i == 0 { b"\n" } else { b",\n" });
            out.extend_from_slice(&selection.write(record(catalogue, id)?)?);
        }
        out.extend_from_slice(b"\n]");
        if let Some(token) = &self.next {
            out.extend_from_slice(format!(",\"nextPageToken\":\"{token}\"").as_bytes());
        }
        out.push(b'}');
        Ok(out)
    }

    fn csv(
        &self,
        catalogue: &dyn Catalogue,
        columns: &[&'static export::study::csv::Column],
    ) -> Result<Vec<u8>, Refusal> {
        let studies = self.ids().filter_map(|id| catalogue.study(id).transpose());
        let studies: Vec<Study> = studies.collect::<Result<_, _>>()?;
        formats::csv(&studies, columns, self.first)
    }
}

/// The first page of the data as they are.
fn start(catalogue: &dyn Catalogue) -> Begin {
    Begin { stamp: catalogue.stamp(), offset: 0, last: None }
}

/// The same place in the data as they are now, those the token was made of being gone: behind the last study that was
/// shown, or, if it is not found any more, behind as many studies.
fn resumed(catalogue: &dyn Catalogue, search: &Search, begin: Begin) -> Result<Begin, Refusal> {
    let stamp = catalogue.stamp();
    let all = index::Options { limit: catalogue.size(), ..Default::default() };
    let hits = catalogue.run(search, &all)?.hits;
    let place = begin.last.and_then(|last| hits.iter().position(|hit| hit.nct_id == last));
    Ok(Begin { stamp, offset: place.map_or(begin.offset.min(hits.len()), |place| place + 1), ..begin })
}

/// The stored bytes of a study that the index knows.
pub(crate) fn record(catalogue: &dyn Catalogue, id: StudyId) -> Result<Arc<[u8]>, Refusal> {
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

//! Runs the page `spec/query.md`: what each query on it is read as.
//!
//! With `BLESS=1` in the environment the page is rewritten with what the program says; read the difference.
#![allow(clippy::unwrap_used)]

use query::{
    Request,
    resolved::{GeoDecay, SortBy, SortKey},
};

#[test]
fn the_page_holds() {
    let path = testkit::root().join("spec/query.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut wrong = Vec::new();
    let mut queries = 0;
    let mut written = String::new();
    for block in blocks(&page) {
        match block {
            Block::Prose(line) => written.push_str(&format!("{line}\n")),
            Block::Query { field, input, expected } => {
                queries += 1;
                let actual = check(field, input, &expected, &mut wrong);
                written.push_str(&format!("{input}\n"));
                actual.iter().for_each(|line| written.push_str(&format!("    {line}\n")));
            }
        }
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, written).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(queries > 200, "only {queries} queries found on the page");
}

/// Compares how one query is read with what the page says of it.
fn check(field: &str, input: &str, expected: &[&str], wrong: &mut Vec<String>) -> Vec<String> {
    let actual = reading(&request(field, input));
    if actual != expected {
        let (page, program) = (expected.join("\n    "), actual.join("\n    "));
        wrong.push(format!("{field}: {input}\n  page:\n    {page}\n  program:\n    {program}"));
    }
    actual
}

/// A part of the page.
enum Block<'p> {
    Prose(&'p str),
    Query { field: &'p str, input: &'p str, expected: Vec<&'p str> },
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut out = Vec::new();
    let mut field = None;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            field = (!info.is_empty()).then_some(info);
            out.push(Block::Prose(line));
        } else if let Some(field) = field {
            match (line.strip_prefix("    "), out.last_mut()) {
                (Some(said), Some(Block::Query { expected, .. })) => expected.push(said),
                _ => out.push(Block::Query { field, input: line, expected: Vec::new() }),
            }
        } else {
            out.push(Block::Prose(line));
        }
    }
    out
}

fn request(field: &str, input: &str) -> Request {
    let mut request = Request::default();
    if field == "request" {
        for part in input.split(" & ") {
            let (name, text) = part.split_once('=').unwrap();
            *parameter(&mut request, name) = Some(text.to_owned());
        }
    } else {
        *parameter(&mut request, field) = Some(input.to_owned());
    }
    request
}

fn parameter<'r>(request: &'r mut Request, name: &str) -> &'r mut Option<String> {
    match name {
        "query.cond" => &mut request.cond,
        "query.term" => &mut request.term,
        "query.intr" => &mut request.intr,
        "query.titles" => &mut request.titles,
        "query.outc" => &mut request.outc,
        "query.spons" => &mut request.spons,
        "query.lead" => &mut request.lead,
        "query.id" => &mut request.id,
        "query.locn" => &mut request.locn,
        "query.patient" => &mut request.patient,
        "filter.overallStatus" => &mut request.overall_status,
        "filter.geo" => &mut request.geo,
        "filter.ids" => &mut request.ids,
        "filter.advanced" => &mut request.advanced,
        "filter.synonyms" => &mut request.synonyms,
        "aggFilters" => &mut request.agg_filters,
        "geoDecay" => &mut request.geo_decay,
        "sort" => &mut request.sort,
        other => panic!("the page names a parameter that does not exist: `{other}`"),
    }
}

/// How a request is read, in the lines of the page.
fn reading(request: &Request) -> Vec<String> {
    let reading = match request.read() {
        Ok(reading) => reading,
        Err(error) => {
            let mut out = Vec::new();
            for error in error.all() {
                let place = &error.text[error.span.clone()];
                out.extend([format!("! {}", error.registry_text()), format!("at `{place}`")]);
                if !error.near.is_empty() {
                    out.push(format!("near {}", error.near.join(" / ")));
                }
            }
            return out;
        }
    };
    let mut out = vec![format!("= {}", request.described().unwrap())];
    out.extend(reading.search.sort.iter().map(sort_line));
    out.extend(reading.search.decay.iter().map(decay_line));
    out.extend(reading.hints.iter().map(|h| format!("hint at `{}`: {}", &h.text[h.span.clone()], h.advice)));
    out
}

fn sort_line(key: &SortKey) -> String {
    let by = match key.by {
        SortBy::Relevance => "relevance",
        SortBy::Piece(piece) => piece.name,
    };
    format!("sorted by {by}, {}", if key.descending { "largest first" } else { "smallest first" })
}

fn decay_line(decay: &GeoDecay) -> String {
    let GeoDecay { shape, decay, scale_km, offset_km, .. } = decay;
    format!("score falls {shape:?}: from {offset_km} km on, to {decay} after {scale_km} km")
}

//! Runs the page `spec/search.md`: which studies of the demo registry each search on it finds.
//!
//! With `BLESS=1` in the environment the page is rewritten with what the program finds; read the difference.

use query::Request;

use crate::corpus::DEMO;

/// Ids on a line of the page.
const A_LINE: usize = 6;

#[test]
fn the_page_holds() {
    let path = testkit::root().join("spec/search.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (mut written, mut field, mut searches) = (String::new(), None, 0);
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            field = (!info.is_empty()).then_some(info);
        }
        let fence = line.starts_with("```");
        match field.filter(|_| !fence) {
            Some(_) if line.starts_with("    ") => continue,
            Some(field) => {
                searches += 1;
                written.push_str(&format!("{line}\n{}", found(field, line)));
            }
            None => written.push_str(&format!("{line}\n")),
        }
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, written).unwrap();
        return;
    }
    assert!(searches >= 30, "only {searches} searches found on the page");
    assert_eq!(page, written, "left: the page; right: what the program finds");
}

/// The ids found, best first, as the page shows them.
fn found(field: &str, text: &str) -> String {
    let mut request = Request::default();
    if field == "request" {
        for part in text.split(" & ") {
            let (name, value) = part.split_once('=').unwrap();
            *parameter(&mut request, name) = Some(value.to_owned());
        }
    } else {
        *parameter(&mut request, field) = Some(text.to_owned());
    }
    let search = request.resolve().unwrap_or_else(|e| panic!("{text}: {e}"));
    let ids: Vec<String> = DEMO.ids(&search).iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return "    nothing\n".into();
    }
    let shown = ids.len().min(2 * A_LINE);
    let mut out: String =
        ids[..shown].chunks(A_LINE).map(|line| format!("    {}\n", line.join(" "))).collect();
    if ids.len() > shown {
        out.push_str(&format!("    and {} more\n", ids.len() - shown));
    }
    out
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
        "filter.overallStatus" => &mut request.overall_status,
        "filter.geo" => &mut request.geo,
        "filter.advanced" => &mut request.advanced,
        "aggFilters" => &mut request.agg_filters,
        "sort" => &mut request.sort,
        other => panic!("the page names a parameter that it cannot ask for: `{other}`"),
    }
}

//! Runs the pages of `spec/api`: requests, and what each is answered.
//!
//! A fence `http` holds requests at the margin and, indented below each, the answer; what of it is shown stands in a line
//! `show`. A fence `records` makes the registry that the rest of its page asks, one record a line; without one it is the
//! demo registry. `{next}` is the page token and `{etag}` the tag of the answer before. With `BLESS=1` in the environment
//! the pages are rewritten with what the program says; read the difference.

use std::{fmt::Write, ops::ControlFlow, path::Path, sync::Arc};

use registry::{Import, Registry};
use serde_json::Value;

use crate::{Answer, ask_of, demo};

#[test]
fn the_pages_hold() {
    let folder = testkit::root().join("spec/api");
    let mut pages: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|kind| kind == "md"));
    pages.sort();
    let (mut cases, mut wrong) = (0, Vec::new());
    for path in pages {
        let page = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let written = run(&name, &page, &mut cases, &mut wrong);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, written).unwrap();
        }
    }
    if std::env::var_os("BLESS").is_none() {
        assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    }
    assert!(cases >= 200, "only {cases} cases");
}

/// A request with what is to be shown of its answer.
#[derive(Default)]
struct Case<'p> {
    target: &'p str,
    headers: Vec<(&'p str, &'p str)>,
    shows: Vec<&'p str>,
    expected: Vec<&'p str>,
}

/// What was answered last: for `{next}` and `{etag}`.
#[derive(Default)]
struct Before {
    next: String,
    etag: String,
}

/// Runs a page; gives it back as the program would write it.
fn run(name: &str, page: &str, cases: &mut usize, wrong: &mut Vec<String>) -> String {
    let mut written = String::new();
    let mut registry = demo::DEMO.1.clone();
    let mut kept = Vec::new();
    let mut before = Before::default();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        writeln!(written, "{line}").unwrap();
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else { continue };
        let mut inside = Vec::new();
        while let Some(line) = lines.next_if(|line| *line != "```") {
            inside.push(line);
        }
        match kind {
            "records" => {
                let (folder, made) = made_of(&inside);
                kept.push(folder);
                registry = made;
                inside.iter().for_each(|line| writeln!(written, "{line}").unwrap());
            }
            "http" => {
                for case in read(&inside) {
                    *cases += 1;
                    let actual = answer(&registry, &case, &mut before);
                    if actual != case.expected {
                        let said = |lines: &[&str]| lines.join("\n    ");
                        let actual: Vec<&str> = actual.iter().map(String::as_str).collect();
                        let (page, program) = (said(&case.expected), said(&actual));
                        wrong.push(format!(
                            "{name}: {}\n  page:\n    {page}\n  program:\n    {program}",
                            case.target
                        ));
                    }
                    write_case(&mut written, &case, &actual);
                }
            }
            other => panic!("{name}: no fence `{other}` is known"),
        }
    }
    written
}

fn write_case(out: &mut String, case: &Case, actual: &[String]) {
    writeln!(out, "GET {}", case.target).unwrap();
    case.headers.iter().for_each(|(name, value)| writeln!(out, "{name}: {value}").unwrap());
    if !case.shows.is_empty() {
        writeln!(out, "show {}", case.shows.join(", ")).unwrap();
    }
    actual.iter().for_each(|line| writeln!(out, "    {line}").unwrap());
}

fn read<'p>(lines: &[&'p str]) -> Vec<Case<'p>> {
    let mut cases: Vec<Case> = Vec::new();
    for line in lines {
        if let Some(target) = line.strip_prefix("GET ") {
            cases.push(Case { target, ..Case::default() });
            continue;
        }
        let case = cases.last_mut().expect("a fence begins with GET");
        if let Some(said) = line.strip_prefix("    ") {
            case.expected.push(said);
        } else if let Some(shows) = line.strip_prefix("show ") {
            case.shows = shows.split(", ").collect();
        } else {
            case.headers.push(line.split_once(": ").unwrap());
        }
    }
    cases
}

/// A registry of some records, in a folder that lives as long as it is kept.
fn made_of(records: &[&str]) -> (tempfile::TempDir, Arc<Registry>) {
    let folder = testkit::folder();
    let file = folder.path().join("records.ndjson");
    std::fs::write(&file, records.join("\n")).unwrap();
    let data = folder.path().join("data");
    import(&data, &file);
    let registry = Arc::new(Registry::open(&data).unwrap());
    (folder, registry)
}

/// Imports a file of records.
pub fn import(data: &Path, file: &Path) {
    let limits = Default::default();
    let import = Import {
        paths: vec![file.to_owned()],
        source: None,
        received: 1_768_435_200,
        strict: true,
        workers: 1,
        limits,
    };
    registry::import(data, &import, &mut |_| ControlFlow::Continue(())).unwrap();
}

fn answer(registry: &Arc<Registry>, case: &Case, before: &mut Before) -> Vec<String> {
    let filled = |text: &str| text.replace("{next}", &before.next).replace("{etag}", &before.etag);
    let target = encoded(&filled(case.target));
    let headers: Vec<(&str, String)> =
        case.headers.iter().map(|(name, value)| (*name, filled(value))).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = ask_of(registry.clone(), &target, &headers);
    let kind = answer.header("content-type").to_owned();
    let json: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    *before = Before {
        next: match json["nextPageToken"].as_str() {
            Some(token) => token.to_owned(),
            None => answer.header("x-next-page-token").to_owned(),
        },
        etag: answer.header("etag").to_owned(),
    };
    let mut out = vec![format!("{} {kind}", answer.status.as_u16()).trim().to_owned()];
    if kind.starts_with("text/plain") {
        out.extend(answer.body.lines().map(|line| format!("| {line}")));
    } else if kind == "application/problem+json" {
        assert_eq!(json["instance"].as_str(), target.split('?').next(), "{target}");
        out.extend(json["errors"].as_array().into_iter().flatten().map(problem));
    }
    out.extend(case.shows.iter().flat_map(|show| shown(show, &answer, &json)));
    out
}

/// One error of a problem.
fn problem(error: &Value) -> String {
    let near = error.get("near").map_or_else(String::new, |near| format!(" near {near}"));
    let advice = error["advice"].as_str().map_or_else(String::new, |advice| format!(" ({advice})"));
    format!("! {}{near}{advice}", error["detail"].as_str().unwrap_or_default())
}

/// What a show line asks for.
fn shown(show: &str, answer: &Answer, json: &Value) -> Vec<String> {
    let short = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if let Some(header) = show.strip_prefix('@') {
        return vec![format!("{show} = {}", answer.header(header))];
    }
    if let Some(count) = show.strip_prefix("lines ") {
        return answer.body.lines().take(count.parse().unwrap()).map(|line| format!("| {line}")).collect();
    }
    if let Some(pointer) = show.strip_prefix("keys ") {
        let keys = json
            .pointer(pointer.trim_start_matches('.'))
            .and_then(Value::as_object)
            .map(|map| map.keys().cloned().collect::<Vec<_>>().join(" "));
        return vec![format!("{show} = {}", keys.unwrap_or_else(|| "nothing".into()))];
    }
    if let Some(pointer) = show.strip_prefix("count ") {
        let list = json.pointer(pointer.trim_start_matches('.')).and_then(Value::as_array);
        return vec![format!(
            "{show} = {}",
            list.map_or_else(|| "nothing".into(), |list| list.len().to_string())
        )];
    }
    match show {
        "ids" => {
            let of = |study: &Value| {
                let study = study.get("study").unwrap_or(study);
                short(&study["protocolSection"]["identificationModule"]["nctId"])
            };
            let ids: Vec<String> = json["studies"].as_array().into_iter().flatten().map(of).collect();
            vec![format!("ids = {}", ids.join(" "))]
        }
        "next" => vec![format!(
            "next = {}",
            if json["nextPageToken"].is_string() { "there is one" } else { "none" }
        )],
        pointer => {
            vec![format!("{show} = {}", json.pointer(pointer).map_or_else(|| "nothing".into(), short))]
        }
    }
}

/// A target as a browser sends it.
fn encoded(target: &str) -> String {
    let mut out = String::new();
    for byte in target.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'[' | b']' | b'{' | b'}' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|' | 0x80.. => {
                write!(out, "%{byte:02X}").unwrap();
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}

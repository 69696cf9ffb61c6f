//! The "Ignite" page: a head of `Name: value` lines and the whole record as a Python literal.

use model::{IssueKind, NctId};
use serde_json::Value;

use super::{
    layout::{Line, lines},
    python_literal,
    record::{Record, Span, shortened},
};

/// Lines by which the site is recognised.
pub(super) const MARKS: &[&str] = &[
    "Viewing Study NCT…",
    "Ignite Creation Date:…",
    "Ignite Modification Date:…",
    "Study NCT ID: NCT…",
    "Is Gene Therapy:…",
    "Raw JSON",
];

/// Reads the page. The literal speaks; the head is compared with it and fills in only where a cut literal is silent.
pub(super) fn read(record: &mut Record<'_>) {
    record.fact("site", "Ignite");
    let lines = lines(record.page);
    let raw = lines.iter().position(|l| l.text == "Raw JSON");
    let head: Vec<Line<'_>> = lines[..raw.unwrap_or(lines.len())].to_vec();
    let complete = raw.is_some_and(|at| read_literal(record, lines[at].end()));
    if raw.is_none() {
        let end = record.page.len();
        record.note(IssueKind::Truncated, "the page ends before its raw record", "Raw JSON", end);
    }
    read_dates_and_flags(record, &head);
    compare(record, &head);
    judge_flags(record, &head, complete);
}

/// The value behind `name:` in the head; `None` if the line is absent, empty if it is printed blank.
fn value<'t>(head: &[Line<'t>], name: &str) -> Option<(&'t str, Span)> {
    head.iter().find_map(|line| {
        let value = line.text.strip_prefix(name)?.strip_prefix(':')?.trim();
        Some((value, line.part(value)))
    })
}

/// Reads the literal behind `from`; true if it is whole.
fn read_literal(record: &mut Record<'_>, from: usize) -> bool {
    let Some(start) = record.page[from..].find('{').map(|at| at + from) else {
        record.note(IssueKind::Truncated, "the raw record is missing", "Raw JSON", record.page.len());
        return false;
    };
    let literal = python_literal::parse(record.page, start);
    record.study = literal.value;
    for (path, span) in literal.leaves {
        record.locate(path, span);
    }
    for (byte, remark) in literal.remarks {
        record.note(IssueKind::BadValue, remark, "Raw JSON", byte);
    }
    if let Some(fault) = &literal.fault {
        let kind = if fault.truncated { IssueKind::Truncated } else { IssueKind::Malformed };
        let what = format!("expected {}; what stood before it is kept", fault.expected);
        record.note(kind, what, "Raw JSON", fault.byte);
    } else if !record.page[literal.end..].trim().is_empty() {
        let rest = shortened(record.page[literal.end..].trim());
        record.note(IssueKind::NotConverted, format!("behind the record: {rest}"), "Raw JSON", literal.end);
    }
    literal.fault.is_none()
}

fn read_dates_and_flags(record: &mut Record<'_>, head: &[Line<'_>]) {
    let dates = [("Ignite Creation Date", "createdAt"), ("Ignite Modification Date", "modifiedAt")];
    for (name, key) in dates {
        let Some((printed, span)) = value(head, name).filter(|v| !v.0.is_empty()) else { continue };
        match date_time(printed) {
            Some(iso) => record.fact(key, iso),
            None => {
                let what = format!("`{}` is no date and time", shortened(printed));
                record.note(IssueKind::BadValue, what, name, span.start);
            }
        }
    }
    for (name, key) in [("Is Gene Therapy", "isGeneTherapy"), ("Has Adverse Events", "hasAdverseEvents")] {
        match value(head, name).map(|v| v.0) {
            Some("True" | "true") => record.fact(key, true),
            Some("False" | "false") => record.fact(key, false),
            _ => {}
        }
    }
    for (name, key) in
        [("First Post", "firstPost"), ("Last Update Posted", "lastUpdatePosted"), ("Status", "status")]
    {
        if let Some((printed, _)) = value(head, name).filter(|v| !v.0.is_empty()) {
            record.fact(key, printed);
        }
    }
    for name in ["Brief Title", "Sponsor", "Organization"] {
        if value(head, name).is_some_and(|v| v.0.is_empty()) {
            record.fact_row("printedBlank", name.into());
        }
    }
}

/// `2025-12-24 @ 11:59 AM` as `2025-12-24T11:59`.
fn date_time(printed: &str) -> Option<String> {
    let (date, time) = printed.split_once('@')?;
    let date: jiff::civil::Date = date.trim().parse().ok()?;
    let (clock, half) = time.trim().split_once(' ')?;
    let (hour, minute) = clock.split_once(':')?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    let noon = match half.trim().to_ascii_uppercase().as_str() {
        "AM" => 0,
        "PM" => 12,
        _ => return None,
    };
    ((1..=12).contains(&hour) && minute < 60).then(|| format!("{date}T{:02}:{minute:02}", hour % 12 + noon))
}

/// Compares the head with the record and fills in what a cut record lacks.
fn compare(record: &mut Record<'_>, head: &[Line<'_>]) {
    const FIELDS: [(&str, &str); 7] = [
        ("Viewing Study", "identificationModule.nctId"),
        ("Study NCT ID", "identificationModule.nctId"),
        ("Status", "statusModule.overallStatus"),
        ("Last Update Posted", "statusModule.lastUpdatePostDateStruct.date"),
        ("Brief Title", "identificationModule.briefTitle"),
        ("Sponsor", "sponsorCollaboratorsModule.leadSponsor.name"),
        ("Organization", "identificationModule.organization.fullName"),
    ];
    for (name, path) in FIELDS {
        let printed = if name == "Viewing Study" { viewed(head) } else { value(head, name) };
        let Some((printed, span)) = printed else { continue };
        match record.text(path) {
            None if path.ends_with("nctId") && NctId::canonical(printed).is_none() => {}
            None => record.put(path, printed, span),
            Some(_) if printed.is_empty() => {
                let what = format!("the page prints {name} blank; the record has it");
                record.note(IssueKind::SourceFault, what, path, span.start);
            }
            Some(stated) if stated != printed => {
                let what = format!("the page prints `{}`; the record says otherwise", shortened(printed));
                record.note(IssueKind::SourceFault, what, path, span.start);
            }
            Some(_) => {}
        }
    }
    compare_first_post(record, head);
}

fn viewed<'t>(head: &[Line<'t>]) -> Option<(&'t str, Span)> {
    head.iter().find_map(|line| {
        let id = line.text.strip_prefix("Viewing Study ")?.trim();
        Some((id, line.part(id)))
    })
}

/// The site prints the day of submission as the day of the first post.
fn compare_first_post(record: &mut Record<'_>, head: &[Line<'_>]) {
    const POSTED: &str = "statusModule.studyFirstPostDateStruct.date";
    let Some((printed, span)) = value(head, "First Post").filter(|v| !v.0.is_empty()) else { return };
    let posted = record.text(POSTED);
    if posted == Some(printed) {
        return;
    }
    let submitted = record.text("statusModule.studyFirstSubmitDate") == Some(printed);
    let which = if submitted { "that is the day of submission" } else { "not believed" };
    let stated = posted.unwrap_or("not known from the record");
    let what = format!("First Post is printed as {printed}; {which}; the first post is {stated}");
    record.note(IssueKind::SourceFault, what, POSTED, span.start);
}

/// Flags without a ground in the record.
fn judge_flags(record: &mut Record<'_>, head: &[Line<'_>], complete: bool) {
    let flag = |name| value(head, name).map(|v| (v.0 == "True" || v.0 == "true", v.1.start));
    if let Some((true, byte)) = flag("Is Gene Therapy")
        && complete
        && !speaks_of_gene_transfer(&record.study)
    {
        let what = "flagged as gene therapy, but the record speaks of no gene transfer; not believed";
        record.note(IssueKind::SourceFault, what, "Is Gene Therapy", byte);
    }
    let events = record.study.pointer("/resultsSection/adverseEventsModule").is_some();
    if let Some((stated, byte)) = flag("Has Adverse Events")
        && stated != events
        && (complete || events)
    {
        let what = format!("the page says adverse events: {stated}; the record says: {events}");
        record.note(IssueKind::SourceFault, what, "Has Adverse Events", byte);
    }
}

/// Whether any text of the record names a gene transfer or its tools, or an intervention is of the type `GENETIC`.
fn speaks_of_gene_transfer(value: &Value) -> bool {
    const WORDS: [&str; 21] = [
        "gene therap",
        "gene transfer",
        "gene-transfer",
        "gene edit",
        "gene-edit",
        "gene modif",
        "gene-modif",
        "genetically modified",
        "genetically engineered",
        "transduced",
        "transfected",
        "adeno-associated",
        "adenovir",
        "lentivir",
        "retrovir",
        "viral vector",
        "plasmid",
        "chimeric antigen receptor",
        "car-t",
        "car t",
        "crispr",
    ];
    match value {
        Value::String(text) if text == "GENETIC" => true,
        Value::String(text) => {
            let text = text.to_lowercase();
            WORDS.iter().any(|w| begins_word(&text, w))
        }
        Value::Array(items) => items.iter().any(speaks_of_gene_transfer),
        Value::Object(map) => map.values().any(speaks_of_gene_transfer),
        _ => false,
    }
}

/// Whether a word of the text begins so (`retrovir`, but not in "antiretroviral"; `car t`, but not in "scar tissue").
fn begins_word(text: &str, start: &str) -> bool {
    text.match_indices(start).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

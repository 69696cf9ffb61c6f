//! The inclinicaltrials style: two texts, a box of `Name value` lines, and twenty "See also" rows.

use model::IssueKind;
use serde_json::json;

use super::{
    layout::{self, Heading, Line, Section, any, printed, put_prose},
    record::{Record, shortened},
    terms,
};

/// Lines by which the site is recognised.
pub(super) const MARKS: &[&str] = &[
    "Clinical Trials Logo",
    "Clinical Trial Summary",
    "Clinical Trial Description",
    "Related Conditions & MeSH terms",
    "NCT number NCT…",
    "See also",
];

const HEADINGS: &[Heading] = &[
    Heading { name: "Clinical Trial Summary", fits: any },
    Heading { name: "Clinical Trial Description", fits: any },
    Heading { name: "Study Design", fits: |t| t.contains(':') || !t.contains(". ") },
    Heading { name: "Related Conditions & MeSH terms", fits: any },
    Heading { name: "See also", fits: any },
];

/// The names of the box, and where their values belong.
const BOX: &[(&str, &str)] = &[
    ("NCT number", "identificationModule.nctId"),
    ("Study type", "designModule.studyType"),
    ("Source", "identificationModule.organization.fullName"),
    ("Contact", "contactsLocationsModule.centralContacts[0].name"),
    ("Phone", "contactsLocationsModule.centralContacts[0].phone"),
    ("Email", "contactsLocationsModule.centralContacts[0].email"),
    ("Status", "statusModule.overallStatus"),
    ("Phase", "designModule.phases"),
    ("Start date", "statusModule.startDateStruct.date"),
    ("Completion date", "statusModule.completionDateStruct.date"),
];

/// Reads the page.
pub(super) fn read(record: &mut Record<'_>) {
    record.fact("site", "inclinicaltrials");
    let lines = layout::lines(record.page);
    let (_, sections) = layout::sections(&lines, HEADINGS);
    for section in &sections {
        let (body, table) = split_box(section);
        match section.name {
            "Clinical Trial Summary" => read_text(record, "descriptionModule.briefSummary", body),
            "Clinical Trial Description" => read_text(record, "descriptionModule.detailedDescription", body),
            "Study Design" => read_design(record, body),
            "Related Conditions & MeSH terms" => read_related(record, body),
            _ => read_see_also(record, section.lines),
        }
        table.iter().for_each(|line| read_box_line(record, *line));
    }
    if sections.last().is_none_or(|s| s.name != "See also") {
        record.note(IssueKind::Truncated, "the page ends before its related studies", "", record.page.len());
    }
}

/// The box stands behind whichever section comes last before it; its first line names the study.
fn split_box<'p, 't>(section: &Section<'p, 't>) -> (&'p [Line<'t>], &'p [Line<'t>]) {
    let named = |l: &Line<'_>| l.text.strip_prefix("NCT number").is_some_and(|v| v.trim().starts_with("NCT"));
    let at = section.lines.iter().position(named).unwrap_or(section.lines.len());
    section.lines.split_at(at)
}

/// A text without the ` ;` that the site's program leaves behind.
fn read_text(record: &mut Record<'_>, path: &str, lines: &[Line<'_>]) {
    let mut lines = lines.to_vec();
    let last = lines.iter().rposition(|l| !l.text.is_empty());
    if let Some(last) = last
        && let Some(text) = lines[last].text.strip_suffix(';')
        && (text.is_empty() || text.ends_with(' '))
    {
        let what = "the text ends in a stray ` ;`, which is left out";
        record.note(IssueKind::SourceFault, what, path, lines[last].end() - 1);
        lines[last].text = text.trim_end();
    }
    put_prose(record, path, &lines);
}

/// `Allocation: Randomized, Intervention Model: Parallel Assignment, Masking: ..., Primary Purpose: ...`
fn read_design(record: &mut Record<'_>, lines: &[Line<'_>]) {
    const KEYS: [(&str, &str); 6] = [
        ("Allocation:", "allocation"),
        ("Intervention Model:", "interventionModel"),
        ("Masking:", "maskingInfo.masking"),
        ("Primary Purpose:", "primaryPurpose"),
        ("Observational Model:", "observationalModel"),
        ("Time Perspective:", "timePerspective"),
    ];
    for line in printed(lines) {
        let lower = line.text.to_ascii_lowercase();
        let mut found: Vec<_> = KEYS
            .iter()
            .filter_map(|(key, path)| Some((lower.find(&key.to_ascii_lowercase())?, *key, *path)))
            .collect();
        found.sort_unstable();
        for (i, (at, key, path)) in found.iter().enumerate() {
            let end = found.get(i + 1).map_or(line.text.len(), |next| next.0);
            let value = line.text[at + key.len()..end].trim().trim_end_matches(',');
            record.put(&format!("designModule.designInfo.{path}"), value, line.part(value));
            if path.starts_with("masking") {
                read_masked(record, line, value);
            }
        }
        if found.is_empty() {
            not_understood(record, line, "Study Design");
        }
    }
}

/// Who is masked: `Double (Participant, Investigator)`.
fn read_masked(record: &mut Record<'_>, line: Line<'_>, value: &str) {
    let Some((_, who)) = value.strip_suffix(')').and_then(|v| v.split_once('(')) else { return };
    let who = who.split(',').map(str::trim).filter(|w| !w.eq_ignore_ascii_case("open label"));
    for (i, printed) in who.filter(|w| !w.is_empty()).enumerate() {
        let path = format!("designModule.designInfo.maskingInfo.whoMasked[{i}]");
        record.put(&path, printed, line.part(printed));
    }
}

/// Conditions and MeSH terms stand mixed, so they are no more than words related to the study.
fn read_related(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let lines = printed(lines);
    let Some(first) = lines.first() else { return };
    let what = "conditions and MeSH terms stand in one list; kept as related terms of the page";
    record.note(IssueKind::NotConverted, what, "conditionsModule.conditions", first.start);
    for line in lines {
        let term = line.text.trim_start_matches(['•', '*', '-', ' ']);
        record.fact_row("relatedTerms", term.into());
    }
}

fn read_box_line(record: &mut Record<'_>, line: Line<'_>) {
    if line.text.is_empty() {
        return;
    }
    let found = BOX.iter().find_map(|(name, path)| {
        let value = line.text.strip_prefix(name)?;
        (value.is_empty() || value.starts_with([' ', '\t', ':', '|'])).then_some((*name, *path, value))
    });
    let Some((name, path, value)) = found else {
        not_understood(record, line, "study box");
        return;
    };
    let value = value.trim_start_matches([':', '|', ' ', '\t']).trim();
    match name {
        _ if value.is_empty() => record.fact_row("printedBlank", name.into()),
        "Phase" => read_phase(record, line, value),
        "Phone" => read_phone(record, line, path, value),
        _ => record.put(path, value, line.part(value)),
    }
}

fn read_phase(record: &mut Record<'_>, line: Line<'_>, value: &str) {
    let Some(phases) = terms::phases(value) else {
        let what = format!("`{}` is no phase", shortened(value));
        record.note(IssueKind::BadValue, what, "designModule.phases", line.start);
        return;
    };
    for (i, phase) in phases.into_iter().enumerate() {
        record.put_value(&format!("designModule.phases[{i}]"), phase, line.part(value));
    }
}

/// `555-0100 ext. 12`, `555-0100 x12`
fn read_phone(record: &mut Record<'_>, line: Line<'_>, path: &str, value: &str) {
    let lower = value.to_ascii_lowercase();
    let cut = ["ext.", "ext", " x"].into_iter().find_map(|mark| Some((lower.find(mark)?, mark.len())));
    let Some((at, length)) = cut else { return record.put(path, value, line.part(value)) };
    let (phone, extension) = (value[..at].trim(), value[at + length..].trim());
    record.put(path, phone, line.part(phone));
    record.put(&format!("{path}Ext"), extension, line.part(extension));
}

fn read_see_also(record: &mut Record<'_>, lines: &[Line<'_>]) {
    for line in printed(lines) {
        let head = line.text.split_whitespace().eq(["Status", "Clinical", "Trial", "Phase"]);
        if head || line.text.starts_with('©') {
            continue;
        }
        match related(line.text) {
            Some(row) => record.fact_row("seeAlso", row),
            None => not_understood(record, line, "See also"),
        }
    }
}

/// A row `Recruiting NCT02501772 - Title N/A`: status, id and title, phases (none if the phase is blank).
fn related(text: &str) -> Option<serde_json::Value> {
    let id_at = text
        .find("NCT")
        .filter(|at| text.get(at + 3..at + 11).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit())))?;
    let status = text[..id_at].trim();
    let (id, rest) = text[id_at..].split_at(11);
    let rest = rest.trim_start().strip_prefix('-')?.trim();
    let (title, phases) = phase_behind(rest);
    let printed = status;
    let status = terms::by_name("Status", status);
    let mut row = json!({ "status": status, "nctId": id, "title": title, "phases": phases });
    if status.is_none() && !printed.is_empty() {
        row["printedStatus"] = printed.into();
    }
    Some(row)
}

/// Cuts the phase column off the end of a row.
fn phase_behind(text: &str) -> (&str, Vec<&'static str>) {
    let starts = text.match_indices(' ').map(|(at, _)| at);
    let cut =
        starts.filter(|at| text.len() - at <= 24).find_map(|at| Some((at, terms::phases(&text[at + 1..])?)));
    match cut {
        Some((at, phases)) => (text[..at].trim_end(), phases),
        None => (text, Vec::new()),
    }
}

fn not_understood(record: &mut Record<'_>, line: Line<'_>, element: &str) {
    let what = format!("not understood: `{}`", shortened(line.text));
    record.note(IssueKind::NotConverted, what, element, line.start);
}

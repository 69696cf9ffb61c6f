//! MedPath: a heading on one line, its value on the next; tables with their columns run together.

use model::IssueKind;
use serde_json::Value;

use super::{
    criteria,
    layout::{self, Heading, Line, Section, any, printed, put_prose},
    record::{Record, Span, shortened},
    run_together::{self, Cut},
    terms,
};

/// Lines by which the site is recognised.
pub(super) const MARKS: &[&str] = &[
    "MedPath",
    "Registration Number",
    "Recruitment & Eligibility",
    "Target Recruitment",
    "Study & Design",
    "Arm && Interventions",
    "GroupInterventionDescription",
    "NameTimeMethod",
];

const HEADINGS: &[Heading] = &[
    Heading { name: "Conditions", fits: any },
    Heading { name: "Interventions", fits: any },
    Heading { name: "First Posted Date", fits: |t| t.parse::<model::PartialDate>().is_ok() },
    Heading { name: "Last Posted Date", fits: |t| t.parse::<model::PartialDate>().is_ok() },
    Heading { name: "Registration Number", fits: |t| t.starts_with("NCT") },
    Heading { name: "Lead Sponsor", fits: any },
    Heading { name: "Brief Summary", fits: any },
    Heading { name: "Detailed Description", fits: any },
    Heading { name: "Recruitment & Eligibility", fits: any },
    Heading { name: "Status", fits: |t| terms::by_name("Status", t).is_some() },
    Heading { name: "Sex", fits: |t| terms::by_name("Sex", t).is_some() },
    Heading { name: "Target Recruitment", fits: |t| terms::count(t).is_some() },
    Heading { name: "Inclusion Criteria", fits: any },
    Heading { name: "Exclusion Criteria", fits: any },
    Heading { name: "Study & Design", fits: any },
    Heading { name: "Study Type", fits: |t| terms::by_name("StudyType", t).is_some() },
    Heading { name: "Study Design", fits: any },
    Heading { name: "Arm && Interventions", fits: any },
    Heading { name: "Primary Outcome Measures", fits: any },
    Heading { name: "Secondary Outcome Measures", fits: any },
    Heading { name: "Other Outcome Measures", fits: any },
    Heading { name: "Trial Locations", fits: any },
];

const ARMS: &str = "armsInterventionsModule.armGroups";
const INTERVENTIONS: &str = "armsInterventionsModule.interventions";

/// Reads the page.
pub(super) fn read(record: &mut Record<'_>) {
    record.fact("site", "MedPath");
    let lines = layout::lines(record.page);
    let footer = lines.iter().rposition(|l| l.text.starts_with('©') && l.text.contains("MedPath"));
    if footer.is_none() {
        record.note(IssueKind::Truncated, "the page ends before its footer", "", record.page.len());
    }
    let (head, sections) = layout::sections(&lines[..footer.unwrap_or(lines.len())], HEADINGS);
    read_head(record, head);
    for section in &sections {
        read_section(record, section);
    }
    criteria::put(record, &sections);
}

/// Site name, title (in the breadcrumb and as heading), badges.
fn read_head(record: &mut Record<'_>, head: &[Line<'_>]) {
    let lines = printed(head);
    let mut rest = lines.into_iter().skip_while(|l| l.text == "MedPath");
    let Some(title) = rest.next() else { return };
    record.put("identificationModule.briefTitle", title.text, title.span());
    for line in rest {
        if line.text == title.text {
            record.note(IssueKind::SourceFault, "the title is printed twice", "title", line.start);
        } else if let Some(phases) = terms::phases(line.text) {
            read_phase(record, line, &phases);
        } else if terms::by_name("Status", line.text).is_some() {
            record.put("statusModule.overallStatus", line.text, line.span());
        } else {
            not_understood(record, line, "head of the page");
        }
    }
}

/// One badge, also where the record has two phases.
fn read_phase(record: &mut Record<'_>, line: Line<'_>, phases: &[&'static str]) {
    for (i, phase) in phases.iter().enumerate() {
        record.put_value(&format!("designModule.phases[{i}]"), *phase, line.span());
    }
    if let ["PHASE1" | "PHASE2" | "PHASE3"] = phases {
        let what = "the page shows one phase even where the record has two; there may be another";
        record.note(IssueKind::SourceFault, what, "designModule.phases", line.start);
    }
}

fn read_section(record: &mut Record<'_>, section: &Section<'_, '_>) {
    let lines = printed(section.lines);
    match section.name {
        "Conditions" => {
            for (i, line) in lines.iter().enumerate() {
                record.put(&format!("conditionsModule.conditions[{i}]"), line.text, line.span());
            }
        }
        "Interventions" => read_interventions(record, &lines),
        "First Posted Date" => page_date(record, "firstPostedDate", &lines),
        "Last Posted Date" => page_date(record, "lastPostedDate", &lines),
        "Registration Number" => put_one(record, "identificationModule.nctId", &lines),
        "Lead Sponsor" => put_one(record, "sponsorCollaboratorsModule.leadSponsor.name", &lines),
        "Brief Summary" => put_prose(record, "descriptionModule.briefSummary", section.lines),
        "Detailed Description" => put_prose(record, "descriptionModule.detailedDescription", section.lines),
        "Status" => read_status(record, &lines),
        "Sex" => put_one(record, "eligibilityModule.sex", &lines),
        "Target Recruitment" => put_one(record, "designModule.enrollmentInfo.count", &lines),
        "Study Type" => put_one(record, "designModule.studyType", &lines),
        "Study Design" => read_design(record, &lines),
        "Arm && Interventions" => read_arms(record, section.lines),
        "Primary Outcome Measures" => read_outcomes(record, "primaryOutcomes", section.lines),
        "Secondary Outcome Measures" => read_outcomes(record, "secondaryOutcomes", section.lines),
        "Other Outcome Measures" => read_outcomes(record, "otherOutcomes", section.lines),
        "Trial Locations" => read_locations(record, &lines),
        _ => {}
    }
}

fn put_one(record: &mut Record<'_>, path: &str, lines: &[Line<'_>]) {
    let Some(line) = lines.first() else { return };
    record.put(path, line.text, line.span());
    lines.iter().skip(1).for_each(|line| not_understood(record, *line, path));
}

fn page_date(record: &mut Record<'_>, key: &str, lines: &[Line<'_>]) {
    if let Some(line) = lines.first() {
        record.fact(key, line.text);
    }
}

fn not_understood(record: &mut Record<'_>, line: Line<'_>, element: &str) {
    let what = format!("not understood: `{}`", shortened(line.text));
    record.note(IssueKind::NotConverted, what, element, line.start);
}

/// The status of the section speaks; a badge that says otherwise is a fault of the page.
fn read_status(record: &mut Record<'_>, lines: &[Line<'_>]) {
    const PATH: &str = "statusModule.overallStatus";
    let badge = record.text(PATH).map(str::to_owned);
    put_one(record, PATH, lines);
    if let Some(badge) = badge
        && record.text(PATH) != Some(&badge)
        && let Some(line) = lines.first()
    {
        let what = format!("the badge at the head says {badge}, the section another status");
        record.note(IssueKind::SourceFault, what, PATH, line.start);
    }
}

fn read_interventions(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let mut count = 0;
    for line in lines {
        let Some((kind, name)) = terms::intervention(line.text) else {
            not_understood(record, *line, INTERVENTIONS);
            continue;
        };
        let kind_span = Span::new(line.start, line.part(name).start.saturating_sub(2));
        record.put_value(&format!("{INTERVENTIONS}[{count}].type"), kind, kind_span);
        record.put(&format!("{INTERVENTIONS}[{count}].name"), name, line.part(name));
        count += 1;
    }
}

/// The model: interventional or observational, as the study is.
fn read_design(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let Some(line) = lines.first() else { return };
    let key = match record.text("designModule.studyType") {
        Some("OBSERVATIONAL") => "observationalModel",
        _ => "interventionModel",
    };
    record.put(&format!("designModule.designInfo.{key}"), line.text, line.span());
}

/// A row of the arm table.
struct Row<'t> {
    label: Option<(&'t str, Span)>,
    /// Place of the intervention in the page's list.
    intervention: Option<usize>,
    description: Vec<Line<'t>>,
}

fn read_arms(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let names: Vec<String> = texts(record.get(INTERVENTIONS), "name");
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut labels: Vec<String> = Vec::new();
    let mut blank = false;
    for line in lines {
        if line.text.is_empty() || line.text == "GroupInterventionDescription" {
            blank = line.text.is_empty();
            continue;
        }
        match run_together::arm(line.text, &names, &labels) {
            Cut::Sure((label, place, description)) => {
                labels.push(label.to_owned());
                let text = Line { text: description, start: line.part(description).start, indent: 0 };
                let description = if description.is_empty() { Vec::new() } else { vec![text] };
                rows.push(Row {
                    label: Some((label, line.part(label))),
                    intervention: Some(place),
                    description,
                });
            }
            Cut::Unsure if !rows.is_empty() && blank => {
                if let Some(row) = rows.last_mut() {
                    row.description.extend([Line { text: "", ..*line }, Line { indent: 0, ..*line }]);
                }
            }
            Cut::Unsure => {
                let what = "group, intervention and description cannot be told apart; the row is kept whole";
                record.note(IssueKind::NotConverted, what, ARMS, line.start);
                rows.push(Row {
                    label: Some((line.text, line.span())),
                    intervention: None,
                    description: Vec::new(),
                });
            }
        }
        blank = false;
    }
    put_arms(record, &rows);
}

fn texts(list: Option<&Value>, key: &str) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|i| i[key].as_str().map(str::to_owned)).collect()
}

/// Rows of one label are one arm. The table prints the arm's description or, for lack of one, the intervention's: if
/// the rows of an arm differ, it is the intervention's.
fn put_arms(record: &mut Record<'_>, rows: &[Row<'_>]) {
    let mut arms: Vec<&str> = Vec::new();
    let mut uses = vec![0; texts(record.get(INTERVENTIONS), "name").len()];
    for row in rows {
        let Some((label, span)) = row.label else { continue };
        let arm = arms.iter().position(|a| *a == label).unwrap_or(arms.len());
        if arm == arms.len() {
            arms.push(label);
            record.put(&format!("{ARMS}[{arm}].label"), label, span);
        }
        let mut described = format!("{ARMS}[{arm}].description");
        if let Some(place) = row.intervention {
            name_intervention(record, arm, place);
            record.put(&format!("{INTERVENTIONS}[{place}].armGroupLabels[{}]", uses[place]), label, span);
            uses[place] += 1;
            if differs(rows, label) {
                described = format!("{INTERVENTIONS}[{place}].description");
            }
        }
        put_prose(record, &described, &row.description);
    }
}

fn differs(rows: &[Row<'_>], label: &str) -> bool {
    let of_arm = rows.iter().filter(|r| r.label.is_some_and(|l| l.0 == label));
    let mut texts = of_arm.map(|r| layout::markup(&r.description));
    let first = texts.next();
    texts.any(|t| Some(t) != first)
}

/// The name as arms cite it: `Biological: saline`.
fn name_intervention(record: &mut Record<'_>, arm: usize, place: usize) {
    let Some(item) = record.get(&format!("{INTERVENTIONS}[{place}]")) else { return };
    let (Some(kind), Some(name)) = (item["type"].as_str(), item["name"].as_str()) else { return };
    let cited = format!("{}: {name}", model::enums::label("InterventionType", kind));
    let printed = record.page.find(&cited).unwrap_or(0);
    let path = format!("{ARMS}[{arm}].interventionNames");
    let count = record.get(&path).and_then(Value::as_array).map_or(0, Vec::len);
    let span = Span::new(printed, (printed + cited.len()).min(record.page.len()));
    record.put_value(&format!("{path}[{count}]"), cited, span);
}

/// Rows of measure and time frame, each followed by its description as a paragraph of its own, or by nothing.
fn read_outcomes(record: &mut Record<'_>, list: &str, lines: &[Line<'_>]) {
    let path = format!("outcomesModule.{list}");
    let mut count = 0;
    let mut method: Vec<Line<'_>> = Vec::new();
    let mut described = true;
    let mut blank = false;
    for line in lines {
        if line.text.is_empty() || line.text == "NameTimeMethod" {
            blank = line.text.is_empty();
            continue;
        }
        let cut = run_together::outcome(line.text, record.page);
        let first_of_method = blank && !described;
        let more_of_method =
            described && !method.is_empty() && matches!(cut, Cut::Unsure) && ends_sentence(line.text);
        if count > 0 && (first_of_method || more_of_method) {
            if blank && !method.is_empty() {
                method.push(Line { text: "", ..*line });
            }
            method.push(*line);
            described = true;
        } else {
            put_method(record, &path, count, &mut method);
            put_outcome(record, &format!("{path}[{count}]"), *line, cut);
            count += 1;
            described = false;
        }
        blank = false;
    }
    put_method(record, &path, count, &mut method);
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['.', ';', ':', '!', '?'])
}

fn put_method(record: &mut Record<'_>, path: &str, count: usize, method: &mut Vec<Line<'_>>) {
    if count > 0 {
        put_prose(record, &format!("{path}[{}].description", count - 1), method);
    }
    method.clear();
}

fn put_outcome(record: &mut Record<'_>, path: &str, line: Line<'_>, cut: Cut<(&str, &str)>) {
    match cut {
        Cut::Sure((measure, frame)) => {
            record.put(&format!("{path}.measure"), measure, line.part(measure));
            record.put(&format!("{path}.timeFrame"), frame, line.part(frame));
        }
        Cut::Unsure => {
            let what = "measure and time frame cannot be told apart; kept whole as the measure";
            record.note(IssueKind::NotConverted, what, path, line.start);
            record.put(&format!("{path}.measure"), line.text, line.span());
        }
    }
}

/// `Locations (1)`, then for each site: facility, flag, `city, state, country`.
fn read_locations(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let mut waiting: Vec<Line<'_>> = Vec::new();
    let (mut count, mut flag) = (0, None);
    let mut announced = None;
    for line in lines {
        if let Some(number) = line.text.strip_prefix("Locations (").and_then(|t| t.strip_suffix(')')) {
            announced = terms::count(number);
        } else if let Some(code) = country_code(line.text) {
            flag = Some(code);
        } else if let Some(code) = flag.take() {
            put_site(record, count, &waiting, *line);
            record.fact_row("flags", code.into());
            waiting.clear();
            count += 1;
        } else {
            waiting.push(*line);
        }
    }
    waiting.into_iter().for_each(|line| not_understood(record, line, "Trial Locations"));
    let Some(announced) = announced else { return };
    record.fact("locationsCount", announced);
    if announced != count as u64 {
        let what = format!("{announced} locations are announced, {count} could be read");
        let byte = lines.first().map_or(0, |l| l.start);
        record.note(IssueKind::Contradiction, what, "contactsLocationsModule.locations", byte);
    }
}

/// The two letters of a flag: `CN`.
fn country_code(text: &str) -> Option<String> {
    let letters: Option<String> = text
        .chars()
        .map(|c| {
            char::from_u32((c as u32).checked_sub(0x1f1e6)? + u32::from('A')).filter(char::is_ascii_uppercase)
        })
        .collect();
    letters.filter(|l| l.len() == 2)
}

fn put_site(record: &mut Record<'_>, site: usize, facility: &[Line<'_>], place: Line<'_>) {
    let path = format!("contactsLocationsModule.locations[{site}]");
    if let Some((last, before)) = facility.split_last() {
        record.put(&format!("{path}.facility"), last.text, last.span());
        before.iter().for_each(|line| not_understood(record, *line, &path));
    }
    let comma = place.text.match_indices(", ").map(|(at, _)| at);
    let inverted = |at: &usize| {
        let tail = place.text[at + 2..].to_lowercase();
        tail.ends_with(" of") || tail.ends_with(" of the")
    };
    // `Korea, Republic of`: the last comma belongs to the country's name.
    let mut commas: Vec<usize> = comma.collect();
    if commas.len() > 1 && commas.last().is_some_and(inverted) {
        commas.pop();
    }
    let (Some(first), Some(last)) = (commas.first(), commas.last()) else {
        record.put(&format!("{path}.country"), place.text, place.span());
        return;
    };
    let parts = [
        ("city", &place.text[..*first]),
        ("state", if first < last { &place.text[first + 2..*last] } else { "" }),
        ("country", &place.text[last + 2..]),
    ];
    for (key, text) in parts {
        record.put(&format!("{path}.{key}"), text, place.part(text));
    }
}

//! ClinicalTrials.Veeva: headings between blank lines, one value a line, the arms as blocks.

use model::{Age, IssueKind, NctId, enums};
use serde_json::Value;

use super::{
    criteria,
    layout::{self, Heading, Line, Section, any, printed, put_prose},
    record::{Record, Span, shortened},
    terms,
};

/// Lines by which the site is recognised.
pub(super) const MARKS: &[&str] = &[
    "ClinicalTrials.Veeva",
    "Status and phase",
    "Funder types",
    "Details and patient eligibility",
    "Trial contacts and locations",
    "Data sourced from clinicaltrials.gov",
];

/// The headings in the site's order. What must follow keeps a paragraph of the description from being taken for one.
const HEADINGS: &[Heading] = &[
    Heading { name: "Status and phase", fits: any },
    Heading { name: "Conditions", fits: any },
    Heading { name: "Treatments", fits: any },
    Heading { name: "Study type", fits: |t| terms::by_name("StudyType", t).is_some() },
    Heading { name: "Funder types", fits: any },
    Heading { name: "Identifiers", fits: any },
    Heading { name: "Details and patient eligibility", fits: any },
    Heading { name: "About", fits: any },
    Heading { name: "Full description", fits: any },
    Heading { name: "Enrollment", fits: |t| enrollment(t).is_some() },
    Heading { name: "Sex", fits: |t| terms::by_name("Sex", t).is_some() },
    Heading { name: "Ages", fits: |t| ages(t).is_some() },
    Heading { name: "Volunteers", fits: |t| volunteers(t).is_some() },
    Heading { name: "Inclusion criteria", fits: any },
    Heading { name: "Exclusion criteria", fits: any },
    Heading { name: "Trial design", fits: any },
    Heading { name: "Primary purpose", fits: |t| terms::by_name("PrimaryPurpose", t).is_some() },
    Heading { name: "Allocation", fits: |t| terms::by_name("DesignAllocation", t).is_some() },
    Heading {
        name: "Interventional model",
        fits: |t| terms::by_name("InterventionalAssignment", t).is_some(),
    },
    Heading { name: "Observational model", fits: |t| terms::by_name("ObservationalModel", t).is_some() },
    Heading { name: "Time perspective", fits: |t| terms::by_name("DesignTimePerspective", t).is_some() },
    Heading { name: "Masking", fits: |t| terms::by_name("DesignMasking", t).is_some() },
    Heading { name: "Trial contacts and locations", fits: |t| terms::count(t).is_some() },
    Heading { name: "Central trial contact", fits: any },
    Heading { name: "Central trial contacts", fits: any },
    Heading { name: "Data sourced from clinicaltrials.gov", fits: any },
];

const ARMS: &str = "armsInterventionsModule.armGroups";
const INTERVENTIONS: &str = "armsInterventionsModule.interventions";

/// Reads the page.
pub(super) fn read(record: &mut Record<'_>) {
    record.fact("site", "ClinicalTrials.Veeva");
    let lines = layout::lines(record.page);
    let (head, sections) = layout::sections(&lines, HEADINGS);
    read_head(record, head);
    for section in &sections {
        read_section(record, section);
    }
    criteria::put(record, &sections);
    let design = sections.iter().rev().find(|s| is_design(s.name));
    if let Some(design) = design {
        read_groups(record, design.lines);
    }
    if sections.last().is_none_or(|s| !s.name.starts_with("Data sourced")) {
        record.note(IssueKind::Truncated, "the page ends before its footer", "", record.page.len());
    }
}

/// The sections behind the last of which the groups stand.
fn is_design(name: &str) -> bool {
    matches!(
        name,
        "Trial design"
            | "Primary purpose"
            | "Allocation"
            | "Interventional model"
            | "Observational model"
            | "Time perspective"
            | "Masking"
    )
}

/// Site name, menu, title, letter tile, sponsor.
fn read_head(record: &mut Record<'_>, head: &[Line<'_>]) {
    let lines = printed(head);
    let mut rest =
        lines.into_iter().skip_while(|l| matches!(l.text, "ClinicalTrials.Veeva" | "Menu")).peekable();
    if let Some(title) = rest.next() {
        read_title(record, title);
        while rest.next_if(|l| l.text == title.text).is_some() {
            record.note(IssueKind::SourceFault, "the title is printed twice", "title", title.start);
        }
    }
    rest.next_if(|l| l.text.chars().count() == 1);
    if let Some(sponsor) = rest.next() {
        record.put("sponsorCollaboratorsModule.leadSponsor.name", sponsor.text, sponsor.span());
    }
    for line in rest {
        unread(record, line, "head of the page");
    }
}

/// `Title (ACRONYM)`: the bracket is the acronym if the registry's field could hold it and it is not merely the
/// initials of the words before it.
fn read_title(record: &mut Record<'_>, line: Line<'_>) {
    record.fact("printedTitle", line.text);
    let acronym = line.text.strip_suffix(')').and_then(|t| t.rsplit_once(" ("));
    let acronym = acronym.filter(|(_, a)| (1..=14).contains(&a.chars().count()) && !a.contains([' ', ')']));
    match acronym {
        Some((title, acronym)) if !abbreviates(title, acronym) => {
            record.put("identificationModule.briefTitle", title, line.part(title));
            record.put("identificationModule.acronym", acronym, line.part(acronym));
        }
        Some((_, bracket)) => {
            let what = format!("`({bracket})` may be the acronym or a part of the title; kept in the title");
            record.note(IssueKind::NotConverted, what, "identificationModule.acronym", line.start);
            record.put("identificationModule.briefTitle", line.text, line.span());
        }
        None => record.put("identificationModule.briefTitle", line.text, line.span()),
    }
}

/// Whether the letters are the initials of the words just before them.
fn abbreviates(title: &str, letters: &str) -> bool {
    let words: Vec<&str> = title.split([' ', '-']).filter(|w| !w.is_empty()).collect();
    let wanted = letters.to_lowercase();
    let start = words.len().saturating_sub(letters.chars().count());
    let initials: String = words[start..].iter().filter_map(|w| w.chars().next()).collect();
    initials.to_lowercase() == wanted
}

fn read_section(record: &mut Record<'_>, section: &Section<'_, '_>) {
    let lines = printed(section.lines);
    match section.name {
        "Status and phase" => read_status(record, &lines),
        "Conditions" => put_list(record, "conditionsModule.conditions", &lines),
        "Treatments" => read_treatments(record, &lines),
        "Study type" => put_one(record, "designModule.studyType", &lines),
        "Funder types" => read_funders(record, &lines),
        "Identifiers" => read_identifiers(record, &lines),
        "About" => put_prose(record, "descriptionModule.briefSummary", section.lines),
        "Full description" => put_prose(record, "descriptionModule.detailedDescription", section.lines),
        "Enrollment" => read_enrollment(record, &lines),
        "Sex" => put_one(record, "eligibilityModule.sex", &lines),
        "Ages" => read_ages(record, &lines),
        "Volunteers" => read_volunteers(record, &lines),
        "Primary purpose" => put_first(record, "designModule.designInfo.primaryPurpose", &lines),
        "Allocation" => put_first(record, "designModule.designInfo.allocation", &lines),
        "Interventional model" => put_first(record, "designModule.designInfo.interventionModel", &lines),
        "Observational model" => put_first(record, "designModule.designInfo.observationalModel", &lines),
        "Time perspective" => put_first(record, "designModule.designInfo.timePerspective", &lines),
        "Masking" => put_first(record, "designModule.designInfo.maskingInfo.masking", &lines),
        "Trial contacts and locations" => read_locations(record, &lines),
        "Central trial contact" | "Central trial contacts" => read_contacts(record, &lines),
        _ => {}
    }
}

fn put_first(record: &mut Record<'_>, path: &str, lines: &[Line<'_>]) {
    if let Some(line) = lines.first() {
        record.put(path, line.text, line.span());
    }
}

fn put_one(record: &mut Record<'_>, path: &str, lines: &[Line<'_>]) {
    put_first(record, path, lines);
    lines.iter().skip(1).for_each(|line| unread(record, *line, path));
}

fn put_list(record: &mut Record<'_>, path: &str, lines: &[Line<'_>]) {
    for (i, line) in lines.iter().enumerate() {
        record.put(&format!("{path}[{i}]"), line.text, line.span());
    }
}

/// Something printed that the record has no place for, or that this reader does not know.
fn unread(record: &mut Record<'_>, line: Line<'_>, element: &str) {
    let what = format!("not understood: `{}`", shortened(line.text));
    record.note(IssueKind::NotConverted, what, element, line.start);
}

/// The status, then the phases, highest first.
fn read_status(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let mut phases: Vec<(&'static str, Span)> = Vec::new();
    for line in lines {
        match terms::phases(line.text) {
            Some(found) => phases.extend(found.into_iter().map(|p| (p, line.span()))),
            None if record.text("statusModule.overallStatus").is_none() => {
                record.put("statusModule.overallStatus", line.text, line.span());
            }
            None => unread(record, *line, "Status and phase"),
        }
    }
    phases.sort_by_key(|(value, _)| terms::phase_rank(value));
    for (i, (value, span)) in phases.into_iter().enumerate() {
        record.put_value(&format!("designModule.phases[{i}]"), value, span);
    }
}

fn read_treatments(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let mut count = 0;
    for line in lines {
        let Some((kind, name)) = terms::intervention(line.text) else {
            unread(record, *line, INTERVENTIONS);
            continue;
        };
        let kind_span = Span::new(line.start, line.part(name).start.saturating_sub(2));
        record.put_value(&format!("{INTERVENTIONS}[{count}].type"), kind, kind_span);
        record.put(&format!("{INTERVENTIONS}[{count}].name"), name, line.part(name));
        count += 1;
    }
}

/// The kinds of all funders together; they tell the lead sponsor's class only if there is one kind and it stands for
/// one class (`Other` stands for several).
fn read_funders(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let kinds: Vec<Value> = lines.iter().map(|l| l.text.into()).collect();
    record.fact("funderTypes", kinds);
    let [only] = lines else { return };
    let class = match only.text {
        "Industry" => "INDUSTRY",
        "NIH" => "NIH",
        "U.S. Federal agency" => "FED",
        _ => return,
    };
    record.put_value("sponsorCollaboratorsModule.leadSponsor.class", class, only.span());
}

/// The registry's number, the sponsor's, then others.
fn read_identifiers(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let id = lines.iter().position(|l| NctId::canonical(l.text).is_some());
    if let Some(at) = id {
        record.put("identificationModule.nctId", lines[at].text, lines[at].span());
    }
    let others = lines.iter().enumerate().filter(|(i, _)| Some(*i) != id).map(|(_, line)| line);
    for (i, line) in others.enumerate() {
        let path = match i {
            0 => "identificationModule.orgStudyIdInfo.id".to_owned(),
            _ => format!("identificationModule.secondaryIdInfos[{}].id", i - 1),
        };
        record.put(&path, line.text, line.span());
    }
}

/// Count, and whether it is an estimate, of `42 estimated patients`.
fn enrollment(text: &str) -> Option<(&str, &'static str)> {
    let text = text.strip_suffix("patients").or_else(|| text.strip_suffix("patient"))?.trim_end();
    let (count, kind) = match text.strip_suffix("estimated") {
        Some(count) => (count.trim_end(), "ESTIMATED"),
        None => (text.strip_suffix("actual").map_or(text, str::trim_end), "ACTUAL"),
    };
    terms::count(count).map(|_| (count, kind))
}

fn read_enrollment(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let Some(line) = lines.first() else { return };
    let Some((count, kind)) = enrollment(line.text) else { return };
    record.put("designModule.enrollmentInfo.count", count, line.part(count));
    record.put_value("designModule.enrollmentInfo.type", kind, line.span());
    lines.iter().skip(1).for_each(|l| unread(record, *l, "Enrollment"));
}

/// Lower and upper limit, as printed, of `18 to 55 years old`, `6 months to 17 years old`, `18+ years old`,
/// `Under 18 years old`; the unit may stand behind the second number only.
fn ages(text: &str) -> Option<(Option<String>, Option<String>)> {
    let lower = text.to_lowercase();
    let text = lower.trim_end_matches(" old").trim_end_matches(" and older").trim();
    if matches!(text, "all" | "any" | "all ages" | "any age") {
        return Some((None, None));
    }
    let age = |t: &str| Some(t.trim().parse::<Age>().ok()?.to_string());
    if let Some(most) = text.strip_prefix("under ").or_else(|| text.strip_prefix("up to ")) {
        return Some((None, Some(age(most)?)));
    }
    if let Some((least, most)) = text.split_once(" to ") {
        let unit = most.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let least = age(least).or_else(|| age(&format!("{least}{unit}")))?;
        return Some((Some(least), Some(age(most)?)));
    }
    Some((Some(age(&text.replacen('+', "", 1))?), None))
}

fn read_ages(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let Some(line) = lines.first() else { return };
    let Some((least, most)) = ages(line.text) else { return };
    if let Some(least) = least {
        record.put("eligibilityModule.minimumAge", &least, line.span());
    }
    if let Some(most) = most {
        record.put("eligibilityModule.maximumAge", &most, line.span());
    }
    lines.iter().skip(1).for_each(|l| unread(record, *l, "Ages"));
}

fn volunteers(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "no healthy volunteers" => Some(false),
        "accepts healthy volunteers" | "healthy volunteers" | "healthy volunteers accepted" => Some(true),
        _ => None,
    }
}

fn read_volunteers(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let Some(line) = lines.first() else { return };
    if let Some(healthy) = volunteers(line.text) {
        record.put_value("eligibilityModule.healthyVolunteers", healthy, line.span());
    }
}

/// The number of sites; the sites themselves are loaded later and are not in a capture.
fn read_locations(record: &mut Record<'_>, lines: &[Line<'_>]) {
    if let Some(count) = lines.first().and_then(|l| terms::count(l.text)) {
        record.fact("locationsCount", count);
    }
    for line in lines.iter().skip(1).filter(|l| l.text != "Loading...") {
        unread(record, *line, "Trial contacts and locations");
    }
}

fn read_contacts(record: &mut Record<'_>, lines: &[Line<'_>]) {
    let names = lines.iter().flat_map(|line| line.text.split(';').map(move |n| (line, n.trim())));
    for (i, (line, name)) in names.filter(|(_, n)| !n.is_empty()).enumerate() {
        record.put(&format!("contactsLocationsModule.centralContacts[{i}].name"), name, line.part(name));
    }
}

/// Participants, groups and the word for the control of `42 participants in 2 patient groups, including a placebo
/// group`.
fn summary(text: &str) -> Option<(u64, usize, bool)> {
    let (people, rest) = text.split_once(" participant")?;
    let (groups, tail) = rest.trim_start_matches('s').strip_prefix(" in ")?.split_once(" patient group")?;
    let placebo = tail.ends_with("including a placebo group");
    Some((terms::count(people)?, usize::try_from(terms::count(groups)?).ok()?, placebo))
}

fn read_groups(record: &mut Record<'_>, section: &[Line<'_>]) {
    let Some(at) = section.iter().position(|l| summary(l.text).is_some()) else {
        return;
    };
    let lines = printed(&section[at + 1..]);
    let starts: Vec<usize> = group_starts(&lines);
    for line in &lines[..starts.first().copied().unwrap_or(lines.len())] {
        unread(record, *line, ARMS);
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    for (group, (start, end)) in starts.iter().copied().zip(ends).enumerate() {
        read_group(record, group, &lines[start..end], section);
    }
    check_summary(record, section[at], starts.len());
}

/// The arm type of `Placebo Comparator group`.
fn arm_type(text: &str) -> Option<&'static str> {
    let label = text.strip_suffix(" group")?;
    let found = enums::by_name("ArmGroupType")?.values.iter().find(|v| v.label.eq_ignore_ascii_case(label));
    found.map(|v| v.value)
}

fn is_part(text: &str) -> bool {
    matches!(text, "Description:" | "Treatment:" | "Treatments:")
}

/// The lines that are labels: followed by an arm type, or (observational) by the parts at once. The label may itself
/// read like a type.
fn group_starts(lines: &[Line<'_>]) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    let text = |i: usize| lines.get(i).map_or("", |l| l.text);
    let mut at = 0;
    while at < lines.len() {
        let typed = arm_type(text(at + 1)).is_some() && arm_type(text(at + 2)).is_none();
        let untyped =
            is_part(text(at + 1)) && !is_part(text(at)) && (at == 0 || text(at + 1) == "Description:");
        if (typed || untyped) && !is_part(text(at)) {
            starts.push(at);
            at += 2;
        } else {
            at += 1;
        }
    }
    starts
}

fn read_group(record: &mut Record<'_>, group: usize, lines: &[Line<'_>], section: &[Line<'_>]) {
    let path = format!("{ARMS}[{group}]");
    let label = lines[0];
    record.put(&format!("{path}.label"), label.text, label.span());
    let mut rest = &lines[1..];
    if let Some((line, kind)) = rest.first().and_then(|l| Some((l, arm_type(l.text)?))) {
        record.put_value(&format!("{path}.type"), kind, line.span());
        rest = &rest[1..];
    }
    let treatment =
        rest.iter().position(|l| matches!(l.text, "Treatment:" | "Treatments:")).unwrap_or(rest.len());
    let (description, treatments) = rest.split_at(treatment);
    match description {
        [first, text @ ..] if first.text == "Description:" => {
            put_prose(record, &format!("{path}.description"), with_blanks(text, section));
        }
        other => other.iter().for_each(|l| unread(record, *l, &path)),
    }
    let mut count = 0;
    for line in treatments.iter().skip(1) {
        if terms::intervention(line.text).is_none() {
            unread(record, *line, &path);
            continue;
        }
        record.put(&format!("{path}.interventionNames[{count}]"), line.text, line.span());
        link(record, *line, label);
        count += 1;
    }
}

/// The same lines with the blank ones between them.
fn with_blanks<'p, 't>(printed: &[Line<'t>], section: &'p [Line<'t>]) -> &'p [Line<'t>] {
    let place = |line: Option<&Line<'_>>| section.iter().position(|l| Some(l.span()) == line.map(Line::span));
    match (place(printed.first()), place(printed.last())) {
        (Some(first), Some(last)) => &section[first..=last],
        _ => &[],
    }
}

/// Names the arm at the intervention that the arm names.
fn link(record: &mut Record<'_>, treatment: Line<'_>, label: Line<'_>) {
    let Some((kind, name)) = terms::intervention(treatment.text) else { return };
    let list = record.get(INTERVENTIONS).and_then(Value::as_array);
    let found = list.and_then(|list| {
        let place =
            list.iter().position(|i| i["type"] == kind && i["name"].as_str().is_some_and(|n| n == name))?;
        Some((place, list[place]["armGroupLabels"].as_array().map_or(0, Vec::len)))
    });
    match found {
        Some((place, count)) => {
            record.put(
                &format!("{INTERVENTIONS}[{place}].armGroupLabels[{count}]"),
                label.text,
                label.span(),
            );
        }
        None => {
            let what = format!("`{}` is not among the page's treatments", shortened(treatment.text));
            record.note(IssueKind::Contradiction, what, ARMS, treatment.start);
        }
    }
}

/// Compares the line above the groups with the groups and the enrolment.
fn check_summary(record: &mut Record<'_>, line: Line<'_>, found: usize) {
    let Some((people, groups, placebo)) = summary(line.text) else { return };
    let count = record.get("designModule.enrollmentInfo.count").and_then(Value::as_u64);
    if count.is_some_and(|c| c != people) {
        let what = format!("{people} participants here, another number under Enrollment");
        record.note(IssueKind::Contradiction, what, "designModule.enrollmentInfo.count", line.start);
    }
    if found != groups {
        let what = format!("{groups} groups are announced, {found} could be read");
        record.note(IssueKind::Contradiction, what, ARMS, line.start);
    }
    if placebo && found == groups && !placebo_arm_is_inactive(record) {
        let what = "the page speaks of a placebo group, but that group's treatment is no placebo";
        record.note(IssueKind::SourceFault, what, ARMS, line.start);
    }
    record.fact("saysPlaceboGroup", placebo);
}

fn placebo_arm_is_inactive(record: &Record<'_>) -> bool {
    let arms = record.get(ARMS).and_then(Value::as_array);
    arms.into_iter().flatten().filter(|a| a["type"] == "PLACEBO_COMPARATOR").any(|arm| {
        let names = arm["interventionNames"].as_array().into_iter().flatten();
        let texts = names.chain([&arm["description"], &arm["label"]]);
        texts.filter_map(Value::as_str).any(terms::says_placebo)
    })
}

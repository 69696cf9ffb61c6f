//! The thirty columns of the registry's CSV.

use model::Study;
use serde_json::Value;

use super::{UnknownName, document_address};

/// A column: its name and what it prints of a study.
pub struct Column {
    name: &'static str,
    cell: fn(&Study) -> String,
}

/// All columns, in the registry's order.
static COLUMNS: [Column; 30] = [
    column("NCT Number", |s| s.id().to_string()),
    column("Study Title", |s| text(s, "BriefTitle")),
    column("Study URL", |s| s.id().address().unwrap_or_default()),
    column("Acronym", |s| text(s, "Acronym")),
    column("Study Status", |s| text(s, "OverallStatus")),
    column("Brief Summary", |s| text(s, "BriefSummary")),
    column("Study Results", |s| if s.boolean("HasResults") == Some(true) { "YES" } else { "NO" }.to_owned()),
    column("Conditions", |s| list(s, "Condition")),
    column("Interventions", interventions),
    column("Primary Outcome Measures", |s| rows(s, "PrimaryOutcome", &OUTCOME)),
    column("Secondary Outcome Measures", |s| rows(s, "SecondaryOutcome", &OUTCOME)),
    column("Other Outcome Measures", |s| rows(s, "OtherOutcome", &OUTCOME)),
    column("Sponsor", |s| text(s, "LeadSponsorName")),
    column("Collaborators", |s| list(s, "CollaboratorName")),
    column("Sex", |s| text(s, "Sex")),
    column("Age", |s| s.texts("StdAge").join(", ")),
    column("Phases", |s| list(s, "Phase")),
    column("Enrollment", |s| s.integer("EnrollmentCount").map_or_else(String::new, |n| n.to_string())),
    column("Funder Type", |s| text(s, "LeadSponsorClass")),
    column("Study Type", |s| text(s, "StudyType")),
    column("Study Design", design),
    column("Other IDs", |s| [s.texts("OrgStudyId"), s.texts("SecondaryId")].concat().join("|")),
    column("Start Date", |s| text(s, "StartDate")),
    column("Primary Completion Date", |s| text(s, "PrimaryCompletionDate")),
    column("Completion Date", |s| text(s, "CompletionDate")),
    column("First Posted", |s| text(s, "StudyFirstPostDate")),
    column("Results First Posted", |s| text(s, "ResultsFirstPostDate")),
    column("Last Update Posted", |s| text(s, "LastUpdatePostDate")),
    column("Locations", |s| rows(s, "Location", &["facility", "city", "state", "zip", "country"])),
    column("Study Documents", documents),
];

const OUTCOME: [&str; 3] = ["measure", "description", "timeFrame"];

const fn column(name: &'static str, cell: fn(&Study) -> String) -> Column {
    Column { name, cell }
}

/// All columns, in the registry's order.
pub fn all() -> Vec<&'static Column> {
    COLUMNS.iter().collect()
}

/// The columns of these names, in the registry's order; all names that are of no column otherwise.
pub fn named(names: &[&str]) -> Result<Vec<&'static Column>, Vec<UnknownName>> {
    let unknown = names.iter().filter(|name| !COLUMNS.iter().any(|c| c.name == **name));
    let told = |name: &&str| {
        let near = model::piece::near_names(name, COLUMNS.iter().map(|c| c.name));
        UnknownName { name: (*name).to_owned(), near: near.into_iter().map(str::to_owned).collect() }
    };
    let unknown: Vec<UnknownName> = unknown.map(told).collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    Ok(COLUMNS.iter().filter(|c| names.contains(&c.name)).collect())
}

/// One study a row, under a row of names if wanted. Fails only if the memory for it cannot be had.
pub fn write(studies: &[Study], columns: &[&'static Column], head: bool) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if head {
        writer.write_record(columns.iter().map(|c| c.name))?;
    }
    for study in studies {
        writer.write_record(columns.iter().map(|c| (c.cell)(study)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn text(study: &Study, piece: &str) -> String {
    study.text(piece).unwrap_or_default().to_owned()
}

fn list(study: &Study, piece: &str) -> String {
    study.texts(piece).join("|")
}

/// The named values of each object of a branch, joined by commas, the objects by bars; what is absent is left out.
fn rows(study: &Study, branch: &str, keys: &[&str]) -> String {
    let row = |object: &&Value| {
        let cells = keys.iter().filter_map(|key| object.get(key)?.as_str());
        cells.collect::<Vec<_>>().join(", ")
    };
    study.values(branch).iter().map(row).collect::<Vec<_>>().join("|")
}

fn interventions(study: &Study) -> String {
    let one = |object: &&Value| {
        let get = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
        format!("{}: {}", get("type"), get("name"))
    };
    study.values("Intervention").iter().map(one).collect::<Vec<_>>().join("|")
}

fn design(study: &Study) -> String {
    let masked = study.texts("DesignWhoMasked");
    let who = if masked.is_empty() { String::new() } else { format!(" ({})", masked.join(", ")) };
    let part = |label: &str, piece: &str, tail: &str| {
        let value = study.text(piece).unwrap_or_default();
        format!("{label}: {value}{tail}")
    };
    match study.text("StudyType") {
        Some("INTERVENTIONAL") => [
            part("Allocation", "DesignAllocation", ""),
            part("Intervention Model", "DesignInterventionModel", ""),
            part("Masking", "DesignMasking", &who),
            part("Primary Purpose", "DesignPrimaryPurpose", ""),
        ]
        .join("|"),
        Some("OBSERVATIONAL") => [
            part("Observational Model", "DesignObservationalModel", ""),
            part("Time Perspective", "DesignTimePerspective", ""),
        ]
        .join("|"),
        _ => String::new(),
    }
}

fn documents(study: &Study) -> String {
    let one = |object: &&Value| {
        let get = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let address = study.id().nct().map(|id| document_address(id, get("filename"))).unwrap_or_default();
        format!("{}, {address}", get("label"))
    };
    study.values("LargeDoc").iter().map(one).collect::<Vec<_>>().join("|")
}

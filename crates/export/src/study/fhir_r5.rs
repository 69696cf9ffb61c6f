//! A study as a ResearchStudy of FHIR R5, its sites and its eligibility contained.
//!
//! What R5 asks for and the record does not say is left
//! out or marked with the data-absent-reason, never made up.

use model::Study;
use serde_json::{Map, Value, json};

use super::fhir_r4;

const LABELS: &str = "http://hl7.org/fhir/title-type";
const ROLES: &str = "http://hl7.org/fhir/research-study-party-role";
const PURPOSE: &str = "http://hl7.org/fhir/research-study-prim-purp-type";
const ARMS: &str = "http://hl7.org/fhir/research-study-arm-type";
const OUTCOMES: &str = "http://hl7.org/fhir/research-study-objective-type";
const GENDERS: &str = "http://hl7.org/fhir/administrative-gender";
const PROGRESS: &str = "http://hl7.org/fhir/research-study-status";

/// The resource.
pub fn resource(study: &Study) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = value.is_null() || value == json!([]) || value == json!({});
        if !empty {
            out.insert(key.to_owned(), value);
        }
    };
    let text = |piece: &str| study.text(piece).map_or(Value::Null, Value::from);
    put("resourceType", "ResearchStudy".into());
    put("id", study.id().to_string().into());
    let (mut contained, sites) = fhir_r4::sites(study);
    if let (Some(list), Some(group)) = (contained.as_array_mut(), eligible(study)) {
        list.push(group);
    }
    put("contained", contained);
    put("url", study.id().address().into());
    put("identifier", identifiers(study));
    put("title", text("OfficialTitle"));
    put("label", labels(study));
    put("date", study.text("LastUpdateSubmitDate").or_else(|| study.text("LastUpdatePostDate")).into());
    // Every record that can be read here has been published.
    put("status", "active".into());
    put("primaryPurposeType", primary_purpose(study));
    put("phase", fhir_r4::phase(study));
    put("condition", concepts(study, "Condition"));
    put("keyword", concepts(study, "Keyword"));
    put("descriptionSummary", text("BriefSummary"));
    put("description", text("DetailedDescription"));
    put("period", fhir_r4::period(study));
    put("site", sites);
    put("classifier", classifiers(study));
    put("associatedParty", parties(study));
    put("progressStatus", progress(study));
    put("whyStopped", study.text("WhyStopped").map_or(Value::Null, |why| json!({"text": why})));
    put("recruitment", recruitment(study));
    put("focus", focus(study));
    put("comparisonGroup", groups(study));
    put("outcomeMeasure", outcomes(study));
    Value::Object(out)
}

fn identifiers(study: &Study) -> Value {
    let official = json!({"use": "official", "system": fhir_r4::REGISTRY, "value": study.id()});
    let others = ["OrgStudyId", "SecondaryId"].into_iter().flat_map(|piece| study.texts(piece));
    let others = others.map(|id| json!({"use": "secondary", "value": id}));
    std::iter::once(official).chain(others).collect()
}

fn labels(study: &Study) -> Value {
    let label = |(piece, code): (&str, &str)| {
        let value = study.text(piece)?;
        Some(json!({"type": {"coding": [{"system": LABELS, "code": code}]}, "value": value}))
    };
    [("BriefTitle", "short-title"), ("OfficialTitle", "official"), ("Acronym", "acronym")]
        .into_iter()
        .filter_map(label)
        .collect()
}

fn concepts(study: &Study, piece: &str) -> Value {
    study.texts(piece).into_iter().map(|text| json!({"text": text})).collect()
}

fn primary_purpose(study: &Study) -> Value {
    let Some(purpose) = study.text("DesignPrimaryPurpose") else { return Value::Null };
    let code = match purpose {
        "TREATMENT" => "treatment",
        "PREVENTION" => "prevention",
        "DIAGNOSTIC" => "diagnostic",
        "SUPPORTIVE_CARE" => "supportive-care",
        "SCREENING" => "screening",
        "HEALTH_SERVICES_RESEARCH" => "health-services-research",
        "BASIC_SCIENCE" => "basic-science",
        "DEVICE_FEASIBILITY" => "device-feasibility",
        _ => return json!({"text": label("DesignPrimaryPurpose", purpose)}),
    };
    json!({"coding": [{"system": PURPOSE, "code": code}], "text": label("DesignPrimaryPurpose", purpose)})
}

/// Type and design in the registry's words: R5 has no code for most of them.
fn classifiers(study: &Study) -> Value {
    let pieces = [
        "StudyType",
        "DesignAllocation",
        "DesignInterventionModel",
        "DesignObservationalModel",
        "DesignTimePerspective",
        "DesignMasking",
    ];
    let one = |piece: &str| Some(json!({"text": label(piece, study.text(piece)?)}));
    pieces.into_iter().filter_map(one).collect()
}

/// What people call a value of an enumeration.
fn label<'v>(piece: &str, value: &'v str) -> &'v str {
    match model::piece::by_name(piece).map(|p| p.kind) {
        Some(model::Kind::Enum(kind)) => kind.value(value).map_or(value, |v| v.label),
        _ => value,
    }
}

fn parties(study: &Study) -> Value {
    let role = |code: &str| json!({"coding": [{"system": ROLES, "code": code}]});
    let party = |code: &str, name: &str| json!({"name": name, "role": role(code)});
    let lead = study.text("LeadSponsorName").map(|name| party("lead-sponsor", name));
    let others = study.texts("CollaboratorName").into_iter().map(|name| party("collaborator", name));
    let official = |official: &Value| {
        let code = match official["role"].as_str()? {
            "PRINCIPAL_INVESTIGATOR" => "primary-investigator",
            "STUDY_DIRECTOR" => "study-director",
            "STUDY_CHAIR" => "study-chair",
            _ => "sub-investigator",
        };
        Some(party(code, official["name"].as_str()?))
    };
    let officials = study.values("OverallOfficial").into_iter().filter_map(official);
    let contact = |contact: &Value| Some(party("general-contact", contact["name"].as_str()?));
    let contacts = study.values("CentralContact").into_iter().filter_map(contact);
    lead.into_iter().chain(others).chain(officials).chain(contacts).collect()
}

/// The one state that the record tells.
fn progress(study: &Study) -> Value {
    let Some(status) = study.text("OverallStatus") else { return Value::Null };
    let code = match status {
        "RECRUITING" | "AVAILABLE" => "recruiting",
        "NOT_YET_RECRUITING" => "not-yet-recruiting",
        "ACTIVE_NOT_RECRUITING" => "active-but-not-recruiting",
        "ENROLLING_BY_INVITATION" => "enrolling-by-invitation",
        "COMPLETED" => "completed",
        "SUSPENDED" | "TEMPORARILY_NOT_AVAILABLE" => "temporarily-closed-to-accrual",
        "TERMINATED" => "terminated",
        "WITHDRAWN" => "withdrawn",
        _ => return json!([{"state": {"text": label("OverallStatus", status)}}]),
    };
    let state =
        json!({"coding": [{"system": PROGRESS, "code": code}], "text": label("OverallStatus", status)});
    json!([{"state": state}])
}

/// Who may join: a group with the criteria in the words of the record, and its limits of sex and age.
fn eligible(study: &Study) -> Option<Value> {
    let mut group =
        json!({"resourceType": "Group", "id": "eligibility", "type": "person", "membership": "definitional"});
    let criteria = study.text("EligibilityCriteria");
    let limits: Vec<Value> = sex(study).into_iter().chain(ages(study)).collect();
    if criteria.is_none() && limits.is_empty() {
        return None;
    }
    if let Some(criteria) = criteria {
        group["description"] = criteria.into();
    }
    if !limits.is_empty() {
        group["characteristic"] = limits.into();
    }
    Some(group)
}

/// `ALL` is no limit.
fn sex(study: &Study) -> Option<Value> {
    let code = match study.text("Sex")? {
        "FEMALE" => "female",
        "MALE" => "male",
        _ => return None,
    };
    let value = json!({"coding": [{"system": GENDERS, "code": code}]});
    Some(json!({"code": {"text": "Sex"}, "valueCodeableConcept": value, "exclude": false}))
}

fn ages(study: &Study) -> Option<Value> {
    let mut range = Map::new();
    for (end, piece) in [("low", "MinimumAge"), ("high", "MaximumAge")] {
        let Some((value, unit)) = study.text(piece).and_then(|age| age.split_once(' ')) else { continue };
        if let Ok(value) = value.parse::<f64>() {
            range.insert(end.to_owned(), json!({"value": value, "unit": unit.to_lowercase()}));
        }
    }
    let told = !range.is_empty();
    told.then(|| json!({"code": {"text": "Age"}, "valueRange": range, "exclude": false}))
}

/// What is given, by name: what kind it is has no code here.
fn focus(study: &Study) -> Value {
    let names = study.texts("InterventionName").into_iter();
    names.map(|name| json!({"concept": {"text": name}})).collect()
}

fn recruitment(study: &Study) -> Value {
    let mut out = Map::new();
    if let Some(count) = study.integer("EnrollmentCount").filter(|count| *count >= 0) {
        let actual = study.text("EnrollmentType") == Some("ACTUAL");
        out.insert(if actual { "actualNumber" } else { "targetNumber" }.to_owned(), count.into());
    }
    if eligible(study).is_some() {
        out.insert("eligibility".to_owned(), json!({"reference": "#eligibility"}));
    }
    Value::Object(out)
}

fn groups(study: &Study) -> Value {
    let group = |(number, arm): (usize, &Value)| {
        let mut out = json!({"linkId": format!("arm-{number}"), "name": arm["label"].as_str()?});
        if let Some(kind) = arm["type"].as_str() {
            let code = kind.to_lowercase().replace('_', "-");
            out["type"] =
                json!({"coding": [{"system": ARMS, "code": code}], "text": label("ArmGroupType", kind)});
        }
        if let Some(text) = arm["description"].as_str() {
            out["description"] = text.into();
        }
        Some(out)
    };
    study.values("ArmGroup").into_iter().enumerate().filter_map(group).collect()
}

fn outcomes(study: &Study) -> Value {
    let ranks =
        [("PrimaryOutcome", "primary"), ("SecondaryOutcome", "secondary"), ("OtherOutcome", "exploratory")];
    let of = |(piece, code): (&'static str, &'static str)| {
        study.values(piece).into_iter().filter_map(move |outcome| {
            let coded = json!([{"coding": [{"system": OUTCOMES, "code": code}]}]);
            let mut out = json!({"name": outcome["measure"].as_str()?, "type": coded});
            // R5 has no place for the time frame.
            let frame = outcome["timeFrame"].as_str().map(|frame| format!("Time frame: {frame}"));
            let told = outcome["description"].as_str().map(str::to_owned).into_iter().chain(frame);
            let told = told.collect::<Vec<_>>().join("\n\n");
            if !told.is_empty() {
                out["description"] = told.into();
            }
            Some(out)
        })
    };
    ranks.into_iter().flat_map(of).collect()
}

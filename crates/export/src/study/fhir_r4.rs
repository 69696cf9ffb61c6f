//! A study as a ResearchStudy of FHIR R4, its sites contained.

use model::Study;
use serde_json::{Map, Value, json};

use super::fhir_codes;

/// Where NCT ids come from, as FHIR names it.
pub(super) const REGISTRY: &str = "http://clinicaltrials.gov";
const PHASE: &str = "http://terminology.hl7.org/CodeSystem/research-study-phase";
/// So many sites are contained at most.
const SITES: usize = 200;

/// The resource; what the record does not say is left out.
pub fn resource(study: &Study) -> Value {
    let id = study.id().to_string();
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() && value != json!([]) {
            out.insert(key.to_owned(), value);
        }
    };
    put("resourceType", "ResearchStudy".into());
    put("id", id.clone().into());
    let (contained, references) = sites(study);
    put("contained", contained);
    put("identifier", json!([{"use": "official", "system": REGISTRY, "value": id}]));
    put("title", study.title().into());
    match fhir_codes::status(study.text("OverallStatus").unwrap_or_default()) {
        Some(status) => put("status", status.into()),
        None => put("_status", unknown()),
    }
    put("phase", phase(study));
    put("condition", study.texts("Condition").into_iter().map(|text| json!({"text": text})).collect());
    put("keyword", study.texts("Keyword").into_iter().map(|text| json!({"text": text})).collect());
    put("contact", contacts(study));
    put("description", study.text("BriefSummary").into());
    put("focus", study.texts("InterventionName").into_iter().map(|name| json!({"text": name})).collect());
    put("enrollment", enrollment(study));
    put("period", period(study));
    put("sponsor", study.text("LeadSponsorName").map_or(Value::Null, |name| json!({"display": name})));
    put("site", references);
    put("arm", arms(study));
    Value::Object(out)
}

/// FHIR requires a status; the registry's has not always a counterpart.
fn unknown() -> Value {
    const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    json!({"extension": [{"url": ABSENT, "valueCode": "unknown"}]})
}

pub(super) fn phase(study: &Study) -> Value {
    let wires = study.texts("Phase");
    let Some(code) = fhir_codes::phase(&wires) else { return Value::Null };
    json!({"coding": [{"system": PHASE, "code": code}], "text": model::enums::phases(study)})
}

/// Who may join, in the words of the record.
fn enrollment(study: &Study) -> Value {
    let Some(criteria) = study.text("EligibilityCriteria") else { return Value::Null };
    json!([{"display": criteria}])
}

pub(super) fn period(study: &Study) -> Value {
    let date = |piece| study.text(piece).map(Value::from);
    let mut out = Map::new();
    for (key, piece) in [("start", "StartDate"), ("end", "CompletionDate")] {
        if let Some(date) = date(piece) {
            out.insert(key.to_owned(), date);
        }
    }
    if out.is_empty() { Value::Null } else { Value::Object(out) }
}

fn contacts(study: &Study) -> Value {
    let list = &study.json()["protocolSection"]["contactsLocationsModule"]["centralContacts"];
    let contact = |contact: &Value| {
        let telecom = telecom(contact);
        json!({"name": contact["name"].as_str().unwrap_or("Contact"), "telecom": telecom})
    };
    list.as_array().into_iter().flatten().map(contact).collect()
}

fn telecom(contact: &Value) -> Value {
    let of = |key: &str| contact[key].as_str().map(|value| json!({"system": key, "value": value}));
    ["phone", "email"].into_iter().filter_map(of).collect()
}

fn arms(study: &Study) -> Value {
    let list = &study.json()["protocolSection"]["armsInterventionsModule"]["armGroups"];
    let arm = |arm: &Value| {
        let mut out = json!({"name": arm["label"].as_str()?});
        if let Some(kind) = arm["type"].as_str() {
            out["type"] = json!({"text": kind});
        }
        if let Some(text) = arm["description"].as_str() {
            out["description"] = text.into();
        }
        Some(out)
    };
    list.as_array().into_iter().flatten().filter_map(arm).collect()
}

/// The sites as contained Locations, and the references to them.
pub(super) fn sites(study: &Study) -> (Value, Value) {
    let list = &study.json()["protocolSection"]["contactsLocationsModule"]["locations"];
    let sites = list.as_array().into_iter().flatten().take(SITES);
    let (mut contained, mut references) = (Vec::new(), Vec::new());
    for (number, site) in sites.enumerate() {
        let id = format!("location-{number}");
        references.push(json!({"reference": format!("#{id}"), "type": "Location"}));
        contained.push(location(&id, site));
    }
    (contained.into(), references.into())
}

fn location(id: &str, site: &Value) -> Value {
    let mut out = json!({"resourceType": "Location", "id": id});
    if let Some(name) = site["facility"].as_str() {
        out["name"] = name.into();
    }
    let mut address = Map::new();
    for (key, piece) in [("city", "city"), ("state", "state"), ("postalCode", "zip"), ("country", "country")]
    {
        if let Some(text) = site[piece].as_str() {
            address.insert(key.to_owned(), text.into());
        }
    }
    if !address.is_empty() {
        out["address"] = Value::Object(address);
    }
    let point = &site["geoPoint"];
    if let (Some(lat), Some(lon)) = (point["lat"].as_f64(), point["lon"].as_f64()) {
        out["position"] = json!({"latitude": lat, "longitude": lon});
    }
    let contacts: Vec<Value> = site["contacts"].as_array().into_iter().flatten().map(telecom).collect();
    let telecom: Vec<Value> =
        contacts.into_iter().flat_map(|list| list.as_array().cloned().unwrap_or_default()).collect();
    if !telecom.is_empty() {
        out["telecom"] = telecom.into();
    }
    out
}

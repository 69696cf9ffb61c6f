//! What a client asks: the patient of a Bundle, and the Parameters beside them.

use export::study::fhir_codes::{PHASES, STATUSES};
use matching::{asked::People, filter::Filter};
use model::Subject;
use serde_json::Value;

use crate::{Site, api::refusal::Refusal};

/// A patient, and which studies may be listed.
pub(super) struct Wish {
    /// The patient.
    pub subject: Subject,
    /// Which studies may be listed.
    pub filter: Filter,
    /// What of the wishes could not be followed.
    pub remarks: Vec<String>,
}

/// Miles around a postal code, if none are said.
const RADIUS: f64 = 50.0;

impl Wish {
    /// Reads a Bundle, or an object with the Bundle (or its text) as `patientData`.
    pub fn of(sent: &[u8], site: &Site) -> Result<Self, Refusal> {
        let json: Value = serde_json::from_slice(sent)
            .map_err(|error| Refusal::bad(format!("The body is no JSON: {error}")))?;
        let bundle = match json.get("patientData") {
            Some(Value::String(text)) => serde_json::from_str(text)
                .map_err(|error| Refusal::bad(format!("patientData is no JSON: {error}")))?,
            Some(inner) => inner.clone(),
            None => json,
        };
        if bundle["resourceType"] != "Bundle" {
            return Err(Refusal::bad("Expected a Bundle with a Patient, or {\"patientData\": Bundle}"));
        }
        let read = People::read("Bundle", bundle.to_string().as_bytes());
        let subject = match <[Subject; 1]>::try_from(read.people) {
            Ok([subject]) => subject,
            Err(people) => {
                let many = people.len();
                return Err(Refusal::bad(format!("Expected one Patient in the Bundle, found {many}")));
            }
        };
        let mut wish = Self { subject, filter: Filter::default(), remarks: read.issues };
        wish.read(&bundle, site)?;
        Ok(wish)
    }

    /// Reads the Parameters; what is not known is a remark, not an error: the patient matters more.
    fn read(&mut self, bundle: &Value, site: &Site) -> Result<(), Refusal> {
        let entries = bundle["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
        let lists = entries.filter(|resource| resource["resourceType"] == "Parameters");
        let (mut zip, mut radius) = (None, None);
        for parameter in lists.filter_map(|list| list["parameter"].as_array()).flatten() {
            let Some(name) = parameter["name"].as_str() else { continue };
            let Some(value) = text_of(parameter) else { continue };
            match name {
                "zipCode" => zip = Some(value),
                "travelRadius" => radius = Some(value),
                "recruitmentStatus" => self.status_of(&value),
                "phase" => self.phase_of(&value),
                other => self.remarks.push(format!("Parameter {other} is not known and was passed over")),
            }
        }
        self.place(zip.as_deref(), radius.as_deref(), site)
    }

    fn status_of(&mut self, value: &str) {
        match coded(value, &STATUSES, "Status") {
            Some(known) => self.filter.status.extend(known),
            None => self.remarks.push(format!("recruitmentStatus {value} is not known and was passed over")),
        }
    }

    fn phase_of(&mut self, value: &str) {
        match coded(value, &PHASES, "Phase") {
            Some(known) => self.filter.phase.extend(known),
            None => self.remarks.push(format!("phase {value} is not known and was passed over")),
        }
    }

    fn place(&mut self, zip: Option<&str>, radius: Option<&str>, site: &Site) -> Result<(), Refusal> {
        let Some(zip) = zip else { return Ok(()) };
        let miles = radius.map(|text| text.trim().parse::<f64>()).transpose();
        let miles =
            miles.ok().map(|miles| miles.unwrap_or(RADIUS)).filter(|miles| (0.0..=12_500.0).contains(miles));
        let Some(miles) = miles else {
            return Err(Refusal::bad("travelRadius cannot be read: expected miles, such as 25"));
        };
        match site.catalogue.place_of_zip(zip)? {
            Some((lat, lon)) => self.filter.near = Some(format!("{lat},{lon},{}mi", miles.max(0.1))),
            None => self.remarks.push(format!(
                "No site in this registry has the postal code {zip}, so where it lies is not known: studies are not \
                 limited by distance"
            )),
        }
        Ok(())
    }
}

/// The value of a parameter as text.
fn text_of(parameter: &Value) -> Option<String> {
    let (_, value) = parameter.as_object()?.iter().find(|(key, _)| key.starts_with("value"))?;
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    // `any` and blanks ask for nothing.
    (!text.is_empty() && text != "any" && text != "all").then_some(text)
}

/// The registry's values for a code of FHIR, or for a value or label of the registry's own.
fn coded(text: &str, table: &[(&str, &[&str])], kind: &str) -> Option<Vec<String>> {
    let code = text.to_lowercase();
    if let Some((_, wires)) = table.iter().find(|(known, _)| *known == code) {
        return Some(wires.iter().map(|wire| (*wire).to_owned()).collect());
    }
    let own = model::enums::by_name(kind)?.find(text)?;
    Some(vec![own.value.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_fhir_or_of_the_registry() {
        assert_eq!(coded("phase-2-phase-3", &PHASES, "Phase").unwrap(), ["PHASE2", "PHASE3"]);
        assert_eq!(coded("Recruiting", &STATUSES, "Status").unwrap(), ["RECRUITING"]);
        assert_eq!(coded("x", &STATUSES, "Status"), None);
    }
}

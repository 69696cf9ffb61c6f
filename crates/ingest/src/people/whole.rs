//! One JSON text: which of the formats it is.

use model::IssueKind;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    PeopleFormat, fhir, form, phenopackets,
    session::{EXPECTED, Flow, Session},
};

/// Reads an object, or an array of them.
pub(crate) fn read(session: &mut Session, bytes: &[u8]) -> Flow {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim(),
        Err(error) => {
            let message = format!("byte {} is not UTF-8", error.valid_up_to());
            return session.issue(IssueKind::WrongEncoding, message, None);
        }
    };
    if !text.starts_with('[') {
        return object(session, text);
    }
    match serde_json::from_str::<Vec<&RawValue>>(text) {
        Ok(items) => {
            for (number, item) in items.into_iter().enumerate() {
                session.record = Some(number as u64 + 1);
                object(session, item.get())?;
            }
            Flow::Continue(())
        }
        Err(error) => malformed(session, &error),
    }
}

/// The keys by which a format is known.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keys<'a> {
    #[serde(borrow)]
    resource_type: Option<&'a RawValue>,
    #[serde(borrow)]
    subject: Option<&'a RawValue>,
    #[serde(borrow)]
    phenotypic_features: Option<&'a RawValue>,
    #[serde(borrow)]
    meta_data: Option<&'a RawValue>,
    #[serde(borrow)]
    phenopacket: Option<&'a RawValue>,
    #[serde(borrow)]
    proband: Option<&'a RawValue>,
    #[serde(borrow)]
    members: Option<&'a RawValue>,
}

fn object(session: &mut Session, text: &str) -> Flow {
    match session.format {
        Some(PeopleFormat::Fhir) => return fhir::read(session, text),
        Some(PeopleFormat::Phenopackets) => return phenopackets::read(session, text),
        Some(PeopleFormat::Form) => return form::json(session, text),
        Some(PeopleFormat::Omop) => {
            return session.issue(IssueKind::UnknownFormat, "OMOP tables are CSV or Parquet, not JSON", None);
        }
        None => {}
    }
    let inner = text.strip_prefix('{').map(str::trim_start).unwrap_or_default();
    if inner.starts_with("\"resourceType\"") {
        return fhir::read(session, text);
    }
    match serde_json::from_str::<Keys>(text) {
        Ok(keys) if keys.resource_type.is_some() => fhir::read(session, text),
        Ok(keys) if keys.proband.is_some() || keys.members.is_some() || keys.phenopacket.is_some() => {
            phenopackets::read(session, text)
        }
        Ok(keys)
            if keys.phenotypic_features.is_some() || keys.subject.is_some() && keys.meta_data.is_some() =>
        {
            phenopackets::read(session, text)
        }
        Ok(_) => form::json(session, text),
        // Cut off or damaged: a bundle's good resources can be saved.
        Err(_) if text.contains("\"resourceType\"") => fhir::read(session, text),
        Err(error) if error.is_data() => {
            session.issue(IssueKind::UnknownFormat, format!("no object; {EXPECTED}"), None)
        }
        Err(error) => malformed(session, &error),
    }
}

/// A JSON text that is none.
pub(crate) fn malformed(session: &mut Session, error: &serde_json::Error) -> Flow {
    let kind = if error.is_eof() { IssueKind::Truncated } else { IssueKind::Malformed };
    session.issue(kind, format!("not well-formed JSON: {error}"), None)
}

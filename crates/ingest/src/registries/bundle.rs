//! A FHIR Bundle cut into one record for each study in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Bundle<'b> {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'b>>,
}

#[derive(Deserialize)]
struct Entry<'b> {
    #[serde(rename = "fullUrl")]
    full_url: Option<String>,
    #[serde(borrow)]
    resource: Option<&'b RawValue>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    id: Option<String>,
}

/// What a FHIR resource is to those who look for studies.
pub(crate) enum Split {
    /// A study.
    Study,
    /// A bundle: one record for each of its studies.
    Bundle(Vec<Vec<u8>>),
    /// Something else, by its name.
    Other(String),
}

/// Tells what a resource is. Each study of a bundle becomes a bundle of its own with the resources that it refers
/// to, as their bytes stand.
pub(crate) fn split(bytes: &[u8]) -> Split {
    let Ok(bundle) = serde_json::from_slice::<Bundle<'_>>(bytes) else { return Split::Study };
    match bundle.resource_type.as_deref() {
        Some("Bundle") => {}
        Some("ResearchStudy") => return Split::Study,
        other => return Split::Other(other.unwrap_or("no resourceType").to_owned()),
    }
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut studies = Vec::new();
    for (n, entry) in bundle.entry.iter().enumerate() {
        let Some(resource) = entry.resource else { continue };
        let Ok(head) = serde_json::from_str::<Head>(resource.get()) else { continue };
        let kind = head.resource_type.unwrap_or_default();
        if let Some(id) = head.id {
            places.entry(format!("{kind}/{id}")).or_insert(n);
        }
        if let Some(url) = &entry.full_url {
            places.entry(url.clone()).or_insert(n);
        }
        if kind == "ResearchStudy" {
            studies.push(n);
        }
    }
    Split::Bundle(studies.into_iter().map(|study| alone(&bundle, study, &places)).collect())
}

/// A study with what it refers to, directly or through others, but no other study.
fn alone(bundle: &Bundle<'_>, study: usize, places: &BTreeMap<String, usize>) -> Vec<u8> {
    let mut wanted = BTreeSet::from([study]);
    let mut open = vec![study];
    while let Some(n) = open.pop() {
        let Some(resource) = bundle.entry[n].resource else { continue };
        for reference in references(resource.get()) {
            let Some(found) = places.get(reference).or_else(|| places.get(tail(reference))) else { continue };
            let is_study = bundle.entry[*found].resource.is_some_and(|r| is_study(r.get()));
            if !is_study && wanted.insert(*found) {
                open.push(*found);
            }
        }
    }
    let mut out = br#"{"resourceType":"Bundle","type":"collection","entry":["#.to_vec();
    wanted.remove(&study);
    for (n, place) in std::iter::once(study).chain(wanted).enumerate() {
        let entry = &bundle.entry[place];
        let url = entry.full_url.as_ref().map(|url| serde_json::json!(url).to_string());
        let url = url.map(|url| format!("\"fullUrl\":{url},")).unwrap_or_default();
        let resource = entry.resource.map_or("null", RawValue::get);
        let comma = if n > 0 { "," } else { "" };
        out.extend(format!("{comma}{{{url}\"resource\":{resource}}}").bytes());
    }
    out.extend(b"]}");
    out
}

fn is_study(text: &str) -> bool {
    serde_json::from_str::<Head>(text)
        .is_ok_and(|head| head.resource_type.as_deref() == Some("ResearchStudy"))
}

/// `Organization/7` of an absolute address that ends so.
fn tail(reference: &str) -> &str {
    let mut slashes = reference.rmatch_indices('/');
    slashes.next();
    slashes.next().map_or(reference, |(at, _)| &reference[at + 1..])
}

/// The values of `"reference"` members, found without reading the rest.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("\"reference\"").filter_map(|(at, key)| {
        let rest = text[at + key.len()..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        rest.split('"').next()
    })
}

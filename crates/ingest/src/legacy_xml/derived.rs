//! What the registry added to the protocol: MeSH terms, uploaded documents, the course of results still hidden.

use model::PartialDate;

use super::{
    object::{Object, line, list},
    tree::Element,
};

/// The derived section.
pub(super) fn section(root: Element<'_>) -> Object {
    let mut out = Object::default();
    let mut misc = Object::default();
    if let Some(element) = root.at("required_header/download_date") {
        misc.put("versionHolder", version(element));
    }
    misc.texts("removedCountries", root.all("removed_countries/country"));
    out.put("miscInfoModule", misc);
    out.put("conditionBrowseModule", browse(root.at("condition_browse")));
    out.put("interventionBrowseModule", browse(root.at("intervention_browse")));
    out
}

/// `ClinicalTrials.gov processed this data on February 03, 2023`: the date of the data.
fn version(element: Element<'_>) -> Option<String> {
    let text = line(element)?;
    let date = text.rsplit_once(" on ").and_then(|(_, date)| date.parse::<PartialDate>().ok());
    if date.is_none() {
        element.give_back();
    }
    date.map(|d| d.to_string())
}

/// MeSH terms by name; their ids are not in the XML. Before the types were marked, all stood in one list.
fn browse(from: Option<Element<'_>>) -> Object {
    let mut out = Object::default();
    let Some(from) = from else { return out };
    let (ancestors, terms): (Vec<_>, Vec<_>) =
        from.children("mesh_term").partition(|e| e.attribute("type") == Some("mesh-ancestor"));
    let term = |element| {
        let mut out = Object::default();
        out.text("term", Some(element));
        out
    };
    out.put("meshes", list(terms, term));
    out.put("ancestors", list(ancestors, term));
    out
}

/// The annotation section: when results were handed in, returned or withdrawn before they were posted.
pub(super) fn annotations(root: Element<'_>) -> Object {
    let events = root.at("pending_results").map(|p| list(p.elements(), unposted)).unwrap_or_default();
    let mut unposted = Object::default();
    unposted.put("unpostedEvents", events);
    let mut module = Object::default();
    module.put("unpostedAnnotation", unposted);
    let mut out = Object::default();
    out.put("annotationModule", module);
    out
}

fn unposted(element: Element<'_>) -> Object {
    let mut out = Object::default();
    let kind = match element.name() {
        "submitted" => "RELEASE",
        "returned" => "RESET",
        "submission_canceled" => "UNRELEASE",
        _ => return out,
    };
    let Some(text) = line(element) else { return out };
    out.put("type", kind);
    if text == "Unknown" {
        out.put("dateUnknown", true);
    } else {
        out.date("date", Some(element));
    }
    out
}

/// The document section: protocols, analysis plans and consent forms that were uploaded.
pub(super) fn documents(root: Element<'_>) -> Object {
    let mut module = Object::default();
    module.put("largeDocs", list(root.all("provided_document_section/provided_document"), document));
    let mut out = Object::default();
    out.put("largeDocumentModule", module);
    out
}

fn document(element: Element<'_>) -> Object {
    let mut out = Object::default();
    let url = element.at("document_url");
    let file = url.and_then(line).and_then(|u| u.rsplit_once('/').map(|(_, file)| file.to_owned()));
    out.put("typeAbbrev", file.as_deref().and_then(abbreviation));
    out.yes("hasProtocol", element.at("document_has_protocol"));
    out.yes("hasSap", element.at("document_has_sap"));
    out.yes("hasIcf", element.at("document_has_icf"));
    out.text("label", element.at("document_type"));
    out.date("date", element.at("document_date"));
    if let (None, Some(url)) = (&file, url) {
        url.give_back();
    }
    out.put("filename", file);
    out
}

/// `Prot_SAP_000.pdf` begins with the registry's abbreviation of the type.
fn abbreviation(file: &str) -> Option<String> {
    let (kind, number) = file.rsplit_once('_')?;
    let digits = number.split('.').next()?;
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| kind.to_owned())
}

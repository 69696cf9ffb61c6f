//! People, sites, references and the sharing of data.

use std::collections::BTreeSet;

use super::{
    object::{Object, choice, line, list},
    protocol::no_place,
    tree::Element,
};

/// The module of contacts and locations.
pub(super) fn module(root: Element<'_>) -> Object {
    let mut out = Object::default();
    let central: Vec<_> = ["overall_contact", "overall_contact_backup", "contact", "contact_backup"]
        .iter()
        .flat_map(|name| root.all(name))
        .collect();
    out.put("centralContacts", list(central, contact));
    let officials = [root.all("overall_official"), root.all("investigator")].concat();
    out.put("overallOfficials", list(officials, official));
    out.put("locations", list(root.children("location"), location));
    compare_countries(root);
    out
}

/// A contact, or an investigator of a site, who has a role of his own.
fn contact(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.put("name", name(element));
    let role = element.at("role").and_then(|r| choice(r, "ContactRole"));
    let (phone, extension, email) = (element.at("phone"), element.at("phone_ext"), element.at("email"));
    if role.is_some() || !element.is_blank() {
        out.put("role", role.unwrap_or_else(|| "CONTACT".to_owned()));
    }
    out.text("phone", phone);
    out.text("phoneExt", extension);
    out.text("email", email);
    out
}

/// The parts of a name in the order in which one says them.
fn name(element: Element<'_>) -> Option<String> {
    let part = |key| element.at(key).and_then(line);
    let spoken = ["first_name", "middle_name", "last_name", "name"].into_iter().filter_map(part);
    let mut name = spoken.collect::<Vec<_>>().join(" ");
    if let Some(degrees) = part("degrees") {
        name = format!("{name}, {degrees}");
    }
    Some(name).filter(|n| !n.is_empty())
}

fn official(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.put("name", name(element));
    out.text("affiliation", element.any(&["affiliation/agency", "affiliation"]));
    out.choice("role", "OfficialRole", element.at("role"));
    out
}

fn location(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("facility", element.at("facility/name"));
    out.choice("status", "RecruitmentStatus", element.at("status"));
    for (key, path) in [
        ("city", "facility/address/city"),
        ("state", "facility/address/state"),
        ("zip", "facility/address/zip"),
        ("country", "facility/address/country"),
    ] {
        out.text(key, element.at(path));
    }
    let people = ["contact", "contact_backup", "investigator"];
    let people: Vec<_> = people.iter().flat_map(|name| element.all(name)).collect();
    out.put("contacts", list(people, contact));
    out
}

/// The list of countries repeats those of the sites; one that no site is in is reported.
fn compare_countries(root: Element<'_>) {
    let sites: BTreeSet<_> =
        root.all("location/facility/address/country").into_iter().filter_map(line).collect();
    for element in root.all("location_countries/country") {
        if let Some(country) = line(element).filter(|c| !sites.contains(c)) {
            no_place(element, &format!("{country}, where no site is"));
        }
    }
}

/// The module of references, links and data that are to be had.
pub(super) fn references(root: Element<'_>) -> Object {
    let mut references = list(root.children("reference"), |e| reference(e, None));
    references.extend(list(root.children("results_reference"), |e| reference(e, Some("RESULT"))));
    let mut out = Object::default();
    out.put("references", references);
    let links = [root.all("link"), root.all("see_also")].concat();
    out.put("seeAlsoLinks", list(links, link));
    out.put("availIpds", list(root.all("study_docs/study_doc"), available));
    out
}

/// `reference` stood for background and for derived references alike, so that its type is not known.
fn reference(element: Element<'_>, kind: Option<&str>) -> Object {
    let mut out = Object::default();
    out.text("pmid", element.any(&["PMID", "pmid", "medline_ui"]));
    if let Some(kind) = kind {
        out.put("type", kind);
    }
    out.text("citation", element.at("citation"));
    out
}

fn link(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.markup("label", element.any(&["description", "annotation"]));
    out.text("url", element.at("url"));
    out
}

fn available(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("id", element.at("doc_id"));
    out.text("type", element.at("doc_type"));
    out.text("url", element.at("doc_url"));
    out.markup("comment", element.at("doc_comment"));
    out
}

/// The module on the sharing of individual participants' data.
pub(super) fn ipd_sharing(root: Element<'_>) -> Object {
    let mut out = Object::default();
    let Some(from) = root.at("patient_data") else { return out };
    out.choice("ipdSharing", "IpdSharing", from.at("sharing_ipd"));
    out.markup("description", from.at("ipd_description"));
    let kinds = from.children("ipd_info_type").filter_map(|e| choice(e, "IpdSharingInfoType"));
    out.put("infoTypes", kinds.collect::<Vec<_>>());
    out.markup("timeFrame", from.at("ipd_time_frame"));
    out.markup("accessCriteria", from.at("ipd_access_criteria"));
    out.text("url", from.at("ipd_url"));
    out
}

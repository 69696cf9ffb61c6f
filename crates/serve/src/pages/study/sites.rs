//! Where the study is done and whom to ask.

use maud::{Markup, html};
use model::{Study, enums};
use serde_json::Value;

use crate::components::{
    labels::{items, text},
    map, pill,
};

/// Sites listed before "more".
const SHOWN: usize = 12;

/// The section; absent if the record names no site and no person.
pub(super) fn show(study: &Study) -> Option<Markup> {
    let mut sites = study.values("Location");
    let contacts = study.values("CentralContact");
    let officials = study.values("OverallOfficial");
    if sites.is_empty() && contacts.is_empty() && officials.is_empty() {
        return None;
    }
    sites.sort_by_key(|site| text(site, "status") != Some("RECRUITING"));
    let (head, tail) = sites.split_at(sites.len().min(SHOWN));
    Some(html! {
        @if !contacts.is_empty() { h3 { "Central contact" } ul.plain { @for c in &contacts { li { (person(c)) } } } }
        @if !officials.is_empty() { h3 { "Officials" } ul.plain { @for o in &officials { li { (official(o)) } } } }
        @if !sites.is_empty() {
            h3 { "Sites (" (sites.len()) ")" }
            @let points = points(&sites);
            @if !points.is_empty() { (map::world("sites-map", "Sites of this study", &points)) }
            ul.sites { @for s in head { (site(s, person)) } }
            // One step away as a whole: there each person is written out, which is a third of the page of a large study.
            @if !tail.is_empty() { details { summary { (tail.len()) " more sites" } ul.sites { @for s in tail { (site(s, reached)) } } } }
        }
        @let removed = study.texts("RemovedCountry");
        @if !removed.is_empty() { p.quiet { "Countries no longer in the study: " (removed.join(", ")) } }
    })
}

fn points(sites: &[&Value]) -> Vec<map::Point> {
    let at = |s: &&Value| {
        let number = |path: &str| s.pointer(path).and_then(Value::as_f64).map(|n| n as f32);
        Some((number("/geoPoint/lat")?, number("/geoPoint/lon")?, 1))
    };
    sites.iter().filter_map(at).collect()
}

fn site(site: &Value, person: fn(&Value) -> Markup) -> Markup {
    let place = ["city", "state", "zip", "country"]
        .iter()
        .filter_map(|k| text(site, k))
        .collect::<Vec<_>>()
        .join(", ");
    html! {
        li {
            strong { (text(site, "facility").unwrap_or("Site without a name")) }
            @if let Some(status) = text(site, "status") { " " (pill::status(status)) }
            span.place { (place) }
            @for contact in items(site, "contacts") { span.place { (person(contact)) } }
        }
    }
}

/// Name and role; phone and address of mail one step away.
fn person(contact: &Value) -> Markup {
    html! {
        (name(contact))
        @if let Some(means) = means(contact) { details.reach { summary { "Phone and e-mail" } (means) } }
    }
}

/// Name, role, phone and address of mail in a line.
fn reached(contact: &Value) -> Markup {
    html! { (name(contact)) @if let Some(means) = means(contact) { " · " (means) } }
}

fn name(contact: &Value) -> Markup {
    let role = text(contact, "role").map(|r| enums::label("ContactRole", r)).filter(|r| *r != "Contact");
    html! { (text(contact, "name").unwrap_or("Contact")) @if let Some(role) = role { " (" (role) ")" } }
}

/// Phone and address of mail.
fn means(contact: &Value) -> Option<Markup> {
    let (phone, mail) = (text(contact, "phone"), text(contact, "email"));
    (phone.is_some() || mail.is_some()).then(|| {
        html! {
            @if let Some(phone) = phone { (phone) @if let Some(ext) = text(contact, "phoneExt") { " ext. " (ext) } " " }
            @if let Some(mail) = mail { a href={ "mailto:" (mail) } { (mail) } }
        }
    })
}

fn official(official: &Value) -> Markup {
    let role = text(official, "role").map(|r| enums::label("OfficialRole", r));
    html! {
        (text(official, "name").unwrap_or("Official"))
        @if let Some(place) = text(official, "affiliation") { ", " (place) }
        @if let Some(role) = role { span.quiet { " (" (role) ")" } }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everybody_of_a_large_study_can_be_reached_and_the_tail_is_one_step_away_as_a_whole() {
        let contact = |n: usize| json!([{"name": format!("Person {n}"), "email": format!("p{n}@example.org"), "phone": "1"}]);
        let sites: Vec<Value> =
            (0..SHOWN + 30).map(|n| json!({"city": "Bonn", "contacts": contact(n)})).collect();
        let record = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT90000001"},
            "contactsLocationsModule": {"locations": sites}}});
        let page = show(&Study::new(record).unwrap()).unwrap().into_string();
        assert_eq!(page.matches("mailto:").count(), SHOWN + 30);
        assert_eq!(page.matches("<details class=\"reach\">").count(), SHOWN);
    }
}

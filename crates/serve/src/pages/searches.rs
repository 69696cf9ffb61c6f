//! `/searches`: the saved searches with what was new in them, and a feed of each.

use std::fmt::Write;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use history::{json::moment, look};
use maud::{Markup, html};
use store::{Happened, News, Saved, Store};

use super::{error::Failure, html as answer, study::history::received, work};
use crate::{Site, components::layout, conditional::fnv, parameters::Parameters};

/// Events shown of each search.
const SHOWN: usize = 10;
/// Entries of a feed.
const ENTRIES: usize = 100;

/// A saved search with what is shown of it.
struct Shown {
    saved: Saved,
    address: String,
    query: String,
    studies: usize,
    news: Vec<(News, String)>,
}

/// Answers with the list.
pub(crate) async fn get(State(site): State<Site>) -> Result<Response, Failure> {
    work(move || {
        let mut all = Vec::new();
        if let Some(registry) = site.catalogue.registry() {
            let store = registry.store();
            for saved in store.searches().map_err(registry::Error::from)? {
                all.push(shown(store, saved)?);
            }
        }
        Ok(answer(page(&all)))
    })
    .await
}

fn shown(store: &Store, saved: Saved) -> Result<Shown, Failure> {
    let asked = look::Asked::saved(&saved)?;
    let fail = registry::Error::from;
    let mut news = Vec::new();
    for event in store.search_news(saved.id, 0, SHOWN).map_err(fail)?.into_iter().rev() {
        let title = look::title(store, event.study, event.after.or(event.before))?;
        news.push((event, title));
    }
    let query = asked.request().described().unwrap_or_default();
    let filter = Parameters::default().with("filter", &query);
    let address = if query == "ALL" { "/search".to_owned() } else { filter.address("/search") };
    let studies = store.search_found(saved.id).map_err(fail)?.len();
    Ok(Shown { saved, address, query, studies, news })
}

fn page(all: &[Shown]) -> Markup {
    let main = html! {
        div.plan {
            h1 { "Saved searches" }
            @if all.is_empty() {
                p { "There are none yet. A search is saved on this machine with " code { "trialist searches save NAME QUERY" }
                    "; then it is listed here with what is new in it, and has a feed." }
            } @else {
                p.quiet { "What was new, changed and gone since they were saved. " code { "trialist watch" }
                    " tells the same in the terminal." }
            }
            @for one in all { (section(one)) }
        }
    };
    layout::page("Saved searches", Some(""), main)
}

fn section(one: &Shown) -> Markup {
    let name = &one.saved.name;
    let anchor = format!("search-{name}");
    html! {
        section aria-labelledby=(anchor) {
            h2 id=(anchor) { (name) }
            p.change { a href=(one.address) { (one.query) } }
            p.quiet { (one.studies) @if one.studies == 1 { " study" } @else { " studies" } ", looked at on "
                (received(one.saved.looked)) ". "
                a href={ "/searches/" (name) "/feed.atom" } { "Feed of " (name) } }
            @if one.news.is_empty() { p { "Nothing has changed since it was saved." } }
            @else {
                ul.plain {
                    @for (event, title) in &one.news {
                        li { strong { (word(event.kind)) } ": "
                            a href={ "/study/" (event.study) } { (event.study) } " " (title)
                            " " span.quiet { (received(event.noticed)) } }
                    }
                }
            }
        }
    }
}

fn word(kind: Happened) -> &'static str {
    match kind {
        Happened::New => "New",
        Happened::Changed => "Changed",
        Happened::Gone => "Gone",
    }
}

/// Answers with the feed of a saved search (RFC 4287).
pub(crate) async fn feed(
    State(site): State<Site>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    work(move || {
        let missing = || Failure::NotFound(format!("There is no saved search “{name}”"));
        let registry = site.catalogue.registry().ok_or_else(missing)?;
        let store = registry.store();
        let saved = store.search(&name).map_err(registry::Error::from)?.ok_or_else(missing)?;
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
        let base = host.map_or_else(String::new, |host| format!("http://{host}"));
        let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
        Ok((kind, atom(store, &saved, &base)?).into_response())
    })
    .await
}

/// Whether this can be a host with a port, and nothing that breaks out of an address.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']'))
}

fn atom(store: &Store, saved: &Saved, base: &str) -> Result<String, Failure> {
    let news = store.search_news(saved.id, 0, ENTRIES).map_err(registry::Error::from)?;
    let updated = news.last().map_or(saved.saved, |news| news.noticed);
    let name = text(&saved.name);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let head = format!(
        "  <id>{}</id>\n  <title>Trialist: {name}</title>\n  <updated>{}</updated>\n  <author><name>Trialist</name></author>\n  \
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}/searches/{name}/feed.atom\"/>\n  \
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}/searches\"/>\n",
        urn(saved, None),
        stamp(updated)
    );
    out.push_str(&head);
    for event in news.iter().rev() {
        entry(&mut out, store, saved, event, base)?;
    }
    out.push_str("</feed>\n");
    Ok(out)
}

fn entry(out: &mut String, store: &Store, saved: &Saved, event: &News, base: &str) -> Result<(), Failure> {
    let title = look::title(store, event.study, event.after.or(event.before))?;
    let (said, page) = match event.kind {
        Happened::New => ("It is found now.".to_owned(), ""),
        Happened::Gone => ("It is found no longer.".to_owned(), ""),
        Happened::Changed => {
            let mut labels: Vec<String> = Vec::new();
            for field in look::changes(store, event.before, event.after)? {
                if !labels.contains(&field.label) {
                    labels.push(field.label);
                }
            }
            (format!("Changed: {}.", labels.join(", ")), "/history")
        }
    };
    let (id, study) = (urn(saved, Some(event)), event.study);
    writeln!(
        out,
        "  <entry>\n    <id>{id}</id>\n    <title>{}: {}</title>\n    <updated>{}</updated>\n    \
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}/study/{study}{page}\"/>\n    \
         <summary>{}</summary>\n  </entry>",
        word(event.kind),
        text(&title),
        stamp(event.noticed),
        text(&said)
    )
    .map_err(|e| Failure::Internal(e.to_string()))
}

fn stamp(seconds: i64) -> String {
    moment(seconds).unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
}

/// The name of a feed or of one of its entries for all time: a UUID of our own making (version 8) from the search,
/// when it was saved, and the event.
fn urn(saved: &Saved, event: Option<&News>) -> String {
    let of = |salt: u8| {
        let (number, study) = event.map_or((0, 0), |event| (event.number, event.study.number()));
        let saved = [saved.id.to_be_bytes(), saved.saved.to_be_bytes(), number.to_be_bytes()].concat();
        fnv(&[&[salt], saved.as_slice(), &study.to_be_bytes()])
    };
    let (a, b) = (of(1), of(2));
    let (version, variant) = (0x8000 | (a & 0xfff), 0x8000 | ((b >> 48) & 0x3fff));
    format!(
        "urn:uuid:{:08x}-{:04x}-{version:04x}-{variant:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        b & 0xffff_ffff_ffff
    )
}

/// Text as XML: what is no character of XML 1.0 is left out.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_uuids_and_stay() {
        let saved = Saved { id: 1, name: "x".into(), request: "[]".into(), saved: 5, looked: 6, told: 0 };
        let later = Saved { looked: 99, told: 7, ..saved.clone() };
        let name = urn(&saved, None);
        assert_eq!(name, urn(&later, None));
        let parts: Vec<usize> = name["urn:uuid:".len()..].split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{name}");
        let event = News {
            number: 3,
            study: model::StudyId::new(7).unwrap(),
            kind: Happened::New,
            before: None,
            after: Some(1),
            noticed: 8,
        };
        assert_ne!(urn(&saved, Some(&event)), name);
    }

    #[test]
    fn nothing_breaks_out_of_the_feed() {
        assert_eq!(text("a<b>&\"c\u{1}\u{fffe}"), "a&lt;b&gt;&amp;&quot;c");
        assert!(is_host("127.0.0.1:80") && is_host("[::1]:80") && !is_host("a/b") && !is_host("a\"b"));
    }
}

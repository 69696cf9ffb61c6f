//! When nothing is found: what was understood, which clause emptied it, what was perhaps meant.

use index::Options;
use maud::{Markup, html};
use query::{Request, Resolved, Search, resolved::TextMatch};

use super::asked::Asked;
use crate::{Catalogue, components::labels::studies, pages::error::Failure, parameters::Parameters};

/// The page's middle column without results.
pub(super) fn show(catalogue: &dyn Catalogue, asked: &Asked, search: &Search) -> Result<Markup, Failure> {
    let mut texts = Vec::new();
    texts_of(&search.query, &mut texts);
    let clauses = clauses(catalogue, asked, search)?;
    Ok(html! {
        div.empty {
            p { "No study fits all of this." }
            @if !texts.is_empty() {
                h2 { "What was understood" }
                ul { @for text in &texts { li { (understood(text)) } } }
            }
            @let near = near(&texts);
            @if !near.is_empty() {
                h2 { "Near spellings" }
                ul { @for (word, others) in &near { li { "“" (word) "”: "
                    @for (i, other) in others.iter().enumerate() {
                        @if i > 0 { ", " }
                        a href=(Parameters::default().with("q", other).address("/search")) { (other) }
                    }
                } } }
            }
            @if clauses.len() > 1 {
                h2 { "Each part alone" }
                ul { @for (words, count) in &clauses {
                    li { strong { (words) } ": " (studies(*count)) @if *count == 0 { " — this part finds nothing" } }
                } }
            }
            h2 { "What to do" }
            ul {
                li { "Take away a filter, or some of the words." }
                li { "Look for other spellings, or the name of the group it belongs to." }
                li { a href="/search" { "See all studies" } }
            }
        }
    })
}

/// Every text leaf of a query.
fn texts_of<'q>(query: &'q Resolved, out: &mut Vec<&'q TextMatch>) {
    match query {
        Resolved::Or(parts) | Resolved::And(parts) => parts.iter().for_each(|p| texts_of(p, out)),
        Resolved::Not(part) | Resolved::InOneSite(part) | Resolved::Tilt(_, part) => texts_of(part, out),
        Resolved::Text(text) => out.push(text),
        _ => {}
    }
}

fn understood(text: &TextMatch) -> Markup {
    let also: Vec<String> =
        text.segments.iter().flat_map(|s| &s.synonyms).take(6).map(|words| words.join(" ")).collect();
    html! {
        "“" (text.text) "”"
        @if !also.is_empty() { ", also as " (also.join("; ")) }
    }
}

/// Words that the vocabulary does not have, with those it has that look like them.
fn near(texts: &[&TextMatch]) -> Vec<(String, Vec<String>)> {
    let words = texts.iter().flat_map(|t| vocabulary::words(&t.text).into_iter().map(|word| (&t.text, word)));
    let near = words.map(|(text, word)| (text[word.range].to_owned(), vocabulary::spelling(&word.norm)));
    near.filter(|(_, others)| !others.is_empty()).collect()
}

/// Each part of the search with the number of studies that it finds alone.
fn clauses(
    catalogue: &dyn Catalogue,
    asked: &Asked,
    search: &Search,
) -> Result<Vec<(String, usize)>, Failure> {
    let mut out = Vec::new();
    let count =
        |search: &Search| -> Result<usize, Failure> { Ok(catalogue.run(search, &Options::default())?.total) };
    let alone = |query: Resolved| Search {
        query,
        filter: Resolved::All,
        sort: Vec::new(),
        decay: None,
        only_nct: false,
    };
    for part in parts(&search.query) {
        let mut texts = Vec::new();
        texts_of(part, &mut texts);
        let words = texts.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(", ");
        let words = if words.is_empty() { "a condition without words".to_owned() } else { words };
        out.push((words, count(&alone(part.clone()))?));
    }
    let request = asked.request();
    let filters = [
        ("The filters", Request { advanced: request.advanced, ..Default::default() }),
        ("The place", Request { geo: request.geo, ..Default::default() }),
    ];
    for (name, request) in filters.into_iter().filter(|(_, r)| *r != Request::default()) {
        let search = catalogue.resolve(&request).map_err(Failure::searching(asked.words()))?;
        out.push((name.to_owned(), count(&search)?));
    }
    Ok(out)
}

/// What must hold together.
fn parts(query: &Resolved) -> Vec<&Resolved> {
    match query {
        Resolved::And(parts) => parts.iter().collect(),
        Resolved::All => Vec::new(),
        other => vec![other],
    }
}

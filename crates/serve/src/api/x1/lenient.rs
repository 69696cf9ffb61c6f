//! `lenient=true`: what a client sends out of habit is passed over, and told, instead of refused.
//!
//! What may restrict the result is never passed over, as the answer would be one to another question: a filter that is
//! unknown or cannot be read stays an error. Three things are taken:
//!
//! - a name in another spelling (`filter.phase`, `page_size`): read as the parameter that it means;
//! - an unknown name that is like none (`utm_source`), or a value that cannot be read of a parameter that only says how
//!   the answer looks (`pageSize=-1`): passed over;
//! - the text of a `query.*` that is no expression (`breast cancer [HER2+`): its words are looked for
//!   ([`query::Request::plain_words`]).

use axum::{http::HeaderValue, response::Response};
use model::piece::near_names;
use query::Reading;

use super::studies::{BY_NAME, READING};
use crate::{
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        search,
    },
    parameters::Parameters,
};

/// Whether to be lenient.
pub(crate) const LENIENT: Parameter = Parameter::new(
    "lenient",
    Kind::Flag,
    "Pass over unknown parameters, read names in other spellings, look for the words of a text that is no expression; \
     each is told in `hints`, or in the header `x-hint` where there are none. What may restrict the result is refused \
     all the same",
);

/// What was asked for, as far as it can be read, and what was done about the rest.
pub(crate) struct Tidied {
    /// The parameters that are left, under their own names.
    pub parameters: Parameters,
    /// A sentence for each that was passed over or read as another.
    pub hints: Vec<String>,
}

impl Tidied {
    /// These hints, and those on how the search was read.
    pub fn hints_with(&self, reading: &Reading) -> Vec<String> {
        let read = reading.hints.iter().map(|hint| hint.advice.clone());
        self.hints.iter().cloned().chain(read).collect()
    }
}

/// Tidies the parameters of an endpoint if they ask for it.
pub(crate) fn tidied(endpoint: &Endpoint, given: Parameters) -> Tidied {
    let mut out = Tidied { parameters: Parameters::default(), hints: Vec::new() };
    if !given.flag(LENIENT.name) {
        return Tidied { parameters: given, ..out };
    }
    for (name, value) in &given.0 {
        match (endpoint.all().find(|p| p.name == name), meant(endpoint, name)) {
            (Some(known), _) if !restricts(known) && !known.check(value.trim()).is_empty() => {
                out.hints.push(format!("`{name}={value}` cannot be read and is passed over"));
            }
            (None, Some(meant)) if given.get(meant.name).is_none() => {
                out.hints.push(format!("`{name}` is read as `{}`", meant.name));
                out.parameters.0.push((meant.name.to_owned(), value.clone()));
            }
            (None, None) if !may_restrict(endpoint, name) => {
                out.hints.push(format!("`{name}` is unknown and is passed over"));
            }
            _ => out.parameters.0.push((name.clone(), value.clone())),
        }
    }
    out
}

/// Whether a parameter says what is found, and not how it is shown.
fn restricts(parameter: &Parameter) -> bool {
    let mut groups = [search::QUERIES, search::FILTERS, BY_NAME, READING].into_iter().flatten();
    groups.any(|p| p.name == parameter.name)
}

/// The one parameter whose name differs by capitals and marks alone, or that is a filter by name behind a prefix.
fn meant(endpoint: &Endpoint, name: &str) -> Option<&'static Parameter> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    let same = |p: &&'static Parameter| plain(p.name) == plain(name);
    let mut all = endpoint.all().filter(same).chain(BY_NAME.iter().filter(|p| plain(p.name) == plain(last)));
    let first = all.next()?;
    all.all(|other| other.name == first.name).then_some(first)
}

/// Whether an unknown name may have been meant to restrict.
fn may_restrict(endpoint: &Endpoint, name: &str) -> bool {
    let group = name.split_once('.').map(|(group, _)| group.to_lowercase());
    let of_search = matches!(group.as_deref(), Some("query" | "filter" | "postfilter"));
    of_search || !near_names(name, endpoint.all().map(|p| p.name)).is_empty()
}

/// An answer that has no place for hints, with a header for each.
pub(crate) fn with_hints(mut response: Response, hints: &[String]) -> Response {
    for hint in hints {
        // Values of headers are visible ASCII.
        let shown: String = hint.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect();
        if let Ok(value) = HeaderValue::from_str(&shown) {
            response.headers_mut().append("x-hint", value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::x1::studies::ENDPOINT;

    fn check(address: &str, left: &str, hints: &[&str]) {
        let pairs = address.split('&').filter_map(|pair| pair.split_once('='));
        let given = Parameters(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).collect());
        let Tidied { parameters, hints: told } = tidied(&ENDPOINT, given);
        assert_eq!(parameters.query(), left, "{address}");
        assert_eq!(told, hints, "{address}");
    }

    #[test]
    fn only_what_cannot_restrict_is_passed_over() {
        check("utm_source=x&filter.phase=2", "utm_source=x&filter.phase=2", &[]);
        check("lenient=true&utm_source=x", "lenient=true", &["`utm_source` is unknown and is passed over"]);
        check("lenient=true&filter.phase=2", "lenient=true&phase=2", &["`filter.phase` is read as `phase`"]);
        check("lenient=true&page_size=3", "lenient=true&pageSize=3", &["`page_size` is read as `pageSize`"]);
        check(
            "lenient=true&pageSize=-1",
            "lenient=true",
            &["`pageSize=-1` cannot be read and is passed over"],
        );
        for kept in
            ["sex=x", "filter.foo=x", "query.foo=x", "missing=perhaps", "phases=2", "phase=1&filter.phase=2"]
        {
            check(&format!("lenient=true&{kept}"), &format!("lenient=true&{kept}"), &[]);
        }
    }
}

//! The parameters of an address: read in order, written back.

use std::{convert::Infallible, fmt::Write};

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};

/// Names and values in the order of the address; a name may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameters(pub Vec<(String, String)>);

impl Parameters {
    /// The first value of a name, trimmed; an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The first value of a name, blank or not: for parameters whose blank value is a mistake.
    pub fn get_given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim())
    }

    /// Every value of a name that is not blank.
    pub fn all<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s str> {
        let same = move |(n, v): &'s (String, String)| (n == name).then(|| v.trim());
        self.0.iter().filter_map(same).filter(|v| !v.is_empty()).collect::<Vec<_>>().into_iter()
    }

    /// The same without one name and value.
    pub fn without(&self, name: &str, value: &str) -> Self {
        Self(self.0.iter().filter(|(n, v)| !(n == name && v.trim() == value)).cloned().collect())
    }

    /// The same without some names.
    pub fn without_all(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(n, _)| !names.contains(&n.as_str())).cloned().collect())
    }

    /// The same and one more.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// As the part of an address after the question mark; blank values are left out.
    pub fn query(&self) -> String {
        let mut out = String::new();
        for (name, value) in self.0.iter().filter(|(_, v)| !v.trim().is_empty()) {
            if !out.is_empty() {
                out.push('&');
            }
            encode(name, &mut out);
            out.push('=');
            encode(value.trim(), &mut out);
        }
        out
    }

    /// An address with these parameters.
    pub fn address(&self, path: &str) -> String {
        let query = self.query();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Query::try_from_uri(&parts.uri).map_or_else(|_| Self::default(), |Query(list)| Self(list)))
    }
}

/// Percent-encodes all but the unreserved characters and a few that read well and are safe in a query.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b','
            | b':'
            | b'|'
            | b'@' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => write!(out, "%{byte:02X}").expect("writing to a string cannot fail"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads() {
        let p =
            Parameters::default().with("q", "a & b=ü").with("status", "X").with("status", "Y").with("e", " ");
        assert_eq!(p.query(), "q=a+%26+b%3D%C3%BC&status=X&status=Y");
        assert_eq!(p.without("status", "X").query(), "q=a+%26+b%3D%C3%BC&status=Y");
        assert_eq!(p.all("status").collect::<Vec<_>>(), ["X", "Y"]);
        assert_eq!(p.get("e"), None);
        assert_eq!(Parameters::default().address("/search"), "/search");
    }
}

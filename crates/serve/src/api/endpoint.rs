//! What an endpoint takes: one declaration that checks the parameters, routes the address and writes the OpenAPI
//! document, so that the three cannot differ.

use model::piece::near_names;

use super::refusal::{Fault, Refusal};
use crate::parameters::Parameters;

/// An address of the API.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// `/api/v2/studies/{nctId}`; what stands in braces is any text.
    pub path: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// The parameters after the question mark, in groups.
    pub parameters: &'static [&'static [Parameter]],
    /// Content types of an answer, the usual one first.
    pub answers: &'static [&'static str],
    /// Content types of the body of a POST; none for a GET.
    pub takes: &'static [&'static str],
}

/// A parameter after the question mark.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// As it is written in the address.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// One sentence or two.
    pub about: &'static str,
}

/// What the value of a parameter may be.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Words or an expression; read where it is used.
    Text,
    /// Items parted by `,` or `|`.
    List,
    /// Items parted by `,` or `|`, each one of these.
    Some(&'static [&'static str]),
    /// One of these; the first is the usual one.
    One(&'static [&'static str]),
    /// `true` or `false`; false if absent.
    Flag,
    /// A whole number: the usual one, and the most that is taken (more is taken as the most).
    Number(u64, u64),
}

impl Endpoint {
    /// All parameters.
    pub fn all(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().copied().flatten()
    }

    /// The path below a prefix.
    pub fn below(&self, prefix: &str) -> &'static str {
        self.path.strip_prefix(prefix).unwrap_or(self.path)
    }

    /// Refuses what the endpoint does not know and what cannot be a value: all of it at once.
    pub fn check(&self, given: &Parameters) -> Result<(), Refusal> {
        Refusal::unless_none(self.faults(given))
    }

    /// What is wrong with the parameters, each by itself.
    pub fn faults(&self, given: &Parameters) -> Vec<Fault> {
        let check = |(name, value): &(String, String)| match self.all().find(|p| p.name == name) {
            Some(parameter) => parameter.check(value.trim()),
            None => vec![self.unknown(name)],
        };
        given.0.iter().flat_map(check).collect()
    }

    /// Upstream's words, and the names that are like it.
    fn unknown(&self, name: &str) -> Fault {
        let near = near_names(name, self.all().map(|p| p.name)).into_iter().map(str::to_owned).collect();
        let fault = Fault { near, ..Fault::new(name, format!("`{name}` is unknown parameter")) };
        let last = name.rsplit('.').next().unwrap_or(name);
        let own = super::x1::studies::BY_NAME.iter().find(|p| last.eq_ignore_ascii_case(p.name));
        match own.filter(|_| self.path == super::v2::studies::ENDPOINT.path) {
            Some(own) => fault.advise(format!("/api/x1/studies has `{}`: {}", own.name, own.about)),
            None => fault,
        }
    }
}

impl Parameter {
    /// A parameter.
    pub const fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, kind, about }
    }

    /// What is wrong with a value. Blank words, lists and numbers count as absent; blank is no flag and no single choice.
    pub fn check(&self, value: &str) -> Vec<Fault> {
        let name = self.name;
        let malformed = || vec![Fault::new(name, format!("Parameter `{name}` has incorrect format"))];
        match self.kind {
            Kind::Text | Kind::List => Vec::new(),
            Kind::Number(..) | Kind::Some(_) if value.is_empty() => Vec::new(),
            Kind::One(values) if !values.contains(&value) => vec![invalid(name, value, values)],
            Kind::Flag if !matches!(value, "true" | "false") => malformed(),
            Kind::Number(..) if value.parse::<u64>().is_err() => malformed(),
            Kind::Some(values) => {
                let wrong = items(value).filter(|item| !values.contains(item));
                wrong.map(|item| invalid(name, item, values)).collect()
            }
            Kind::One(_) | Kind::Flag | Kind::Number(..) => Vec::new(),
        }
    }
}

/// The items of a list.
pub(crate) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '|']).map(str::trim)
}

/// Upstream's words for a value that a parameter does not know.
pub(crate) fn invalid(name: &str, value: &str, values: &[&'static str]) -> Fault {
    let near = near_names(value, values.iter().copied());
    let near = if near.is_empty() { values.iter().copied().take(15).collect() } else { near };
    let near = near.into_iter().map(str::to_owned).collect();
    Fault { near, ..Fault::new(name, format!("Invalid value in parameter `{name}`: `{value}`")) }
}

/// Values of parameters that [`Endpoint::check`] has passed.
impl Parameters {
    /// Whether a flag is set.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// A number as its declaration says; 0 is the usual one.
    pub fn number(&self, parameter: &Parameter) -> usize {
        let Kind::Number(usual, most) = parameter.kind else { return 0 };
        let given = self.get(parameter.name).and_then(|text| text.parse::<u64>().ok()).filter(|n| *n > 0);
        usize::try_from(given.unwrap_or(usual).min(most)).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_all_that_is_wrong() {
        let endpoint = &crate::api::v2::studies::ENDPOINT;
        let given = Parameters::default().with("bogus", 1).with("pageSize", -1).with("filter.phase", 2);
        let refusal = endpoint.check(&given).unwrap_err();
        let told: Vec<&str> = refusal.faults.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "`bogus` is unknown parameter",
                "Parameter `pageSize` has incorrect format",
                "`filter.phase` is unknown parameter"
            ]
        );
        assert!(refusal.faults[2].advice.as_deref().is_some_and(|a| a.contains("/api/x1/studies")));
        assert!(endpoint.check(&Parameters::default().with("pageSize", "")).is_ok());
    }
}

//! Page tokens: where the next page begins, bound to the search and to the data it began with.

use std::fmt::Write;

use model::StudyId;

use super::refusal::{Fault, Refusal};
use crate::{conditional::fnv, parameters::Parameters};

/// Parameters that may differ from page to page.
const FREE: [&str; 3] = ["countTotal", "pageSize", "pageToken"];

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begin {
    /// The stamp of the data that the first page was made of.
    pub stamp: u64,
    /// Studies before it.
    pub offset: usize,
    /// The last study before it.
    pub last: Option<StudyId>,
}

/// The search that a token is bound to.
pub(crate) struct Binding(u32);

/// Hexadecimal digits of a token: stamp (16), offset (8), last study (16), search, check (8 each).
const LENGTH: usize = 56;

impl Binding {
    /// Binds to parameters, in whatever order.
    pub fn new(parameters: &Parameters) -> Self {
        let mut sorted = parameters.without_all(&FREE);
        sorted.0.sort();
        Self(fnv(&[sorted.query().as_bytes()]) as u32)
    }

    /// The token of a page.
    pub fn write(&self, begin: Begin) -> String {
        let (offset, last) = (begin.offset as u32, begin.last.map_or(0, StudyId::number));
        let head = format!("{:016x}{offset:08x}{last:016x}{:08x}", begin.stamp, self.0);
        let mut out = head;
        let check = check(&out);
        write!(out, "{check:08x}").expect("writing to a string cannot fail");
        out
    }

    /// Where the page of a token begins.
    pub fn read(&self, token: &str) -> Result<Begin, Refusal> {
        if token.len() != LENGTH || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(malformed());
        }
        let word =
            |from: usize, to: usize| u64::from_str_radix(&token[from..to], 16).map_err(|_| malformed());
        if word(48, 56)? != u64::from(check(&token[..48])) {
            return Err(malformed());
        }
        if word(40, 48)? != u64::from(self.0) {
            let message = "`pageToken` belongs to another search";
            let advice = "Repeat the parameters of the first page unchanged, but for countTotal and pageSize";
            return Err(refused(Fault::new("pageToken", message).advise(advice)));
        }
        let last = StudyId::new(word(24, 40)?);
        Ok(Begin { stamp: word(0, 16)?, offset: word(16, 24)? as usize, last })
    }
}

fn check(head: &str) -> u32 {
    fnv(&[b"page", head.as_bytes()]) as u32
}

/// A token that was not made here.
fn malformed() -> Refusal {
    let advice = "A token is a `nextPageToken` of this server; those of other servers are not known here";
    refused(Fault::new("pageToken", "Parameter `pageToken` has incorrect format").advise(advice))
}

fn refused(fault: Fault) -> Refusal {
    Refusal { status: axum::http::StatusCode::BAD_REQUEST, faults: vec![fault] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_only_its_own() {
        let search = Parameters::default().with("query.cond", "asthma").with("sort", "StartDate");
        let reordered = Parameters::default().with("sort", "StartDate").with("query.cond", "asthma");
        let binding = Binding::new(&search);
        let begin = Begin { stamp: 7, offset: 30, last: StudyId::new(12) };
        let token = binding.write(begin);
        assert_eq!(binding.read(&token).unwrap(), begin);
        assert_eq!(Binding::new(&reordered.with("pageSize", 3)).read(&token).unwrap(), begin);
        let other = Binding::new(&Parameters::default()).read(&token).unwrap_err();
        assert!(other.message().starts_with("`pageToken` belongs to another search"));
        let forged = format!("0000ffff{}", &token[8..]);
        for text in ["", "x", &token[1..], "é".repeat(24).as_str(), &forged] {
            let refused = binding.read(text).unwrap_err().message();
            assert!(refused.starts_with("Parameter `pageToken` has incorrect format"), "{text}");
        }
    }
}

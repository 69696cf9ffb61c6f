//! Page tokens: where the next page begins, bound to the search and to the data it began with.

use std::fmt::Write;

use crate::{conditional::fnv, parameters::Parameters};

/// What a token is bound to.
pub(crate) struct Binding {
    data: u32,
    search: u32,
}

/// Why a token is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadToken {
    #[error("Parameter `pageToken` has incorrect format")]
    Malformed,
    #[error(
        "`pageToken` belongs to another search: repeat all parameters but countTotal and pageSize unchanged"
    )]
    OtherSearch,
    #[error("`pageToken` belongs to data that have been replaced since: begin again at the first page")]
    OtherData,
}

impl Binding {
    /// Binds to a registry's stamp and to parameters, in whatever order.
    pub fn new(stamp: u64, parameters: &Parameters) -> Self {
        let mut sorted = parameters.clone();
        sorted.0.sort();
        Self { data: fnv(&[&stamp.to_be_bytes()]) as u32, search: fnv(&[sorted.query().as_bytes()]) as u32 }
    }

    /// The token of the page that begins after `offset` studies.
    pub fn write(&self, offset: usize) -> String {
        let words = self.words(offset as u32);
        words.iter().fold(String::with_capacity(32), |mut out, word| {
            write!(out, "{word:08x}").expect("writing to a string cannot fail");
            out
        })
    }

    /// The offset that a token stands for.
    pub fn read(&self, token: &str) -> Result<usize, BadToken> {
        let malformed = || BadToken::Malformed;
        if token.len() != 32 || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(malformed());
        }
        let word = |i: usize| u32::from_str_radix(&token[i * 8..i * 8 + 8], 16).map_err(|_| malformed());
        let [offset, data, search, check] = [word(0)?, word(1)?, word(2)?, word(3)?];
        let issued = Self { data, search };
        match () {
            () if issued.words(offset)[3] != check => Err(malformed()),
            () if data != self.data => Err(BadToken::OtherData),
            () if search != self.search => Err(BadToken::OtherSearch),
            () => Ok(offset as usize),
        }
    }

    fn words(&self, offset: u32) -> [u32; 4] {
        let check =
            fnv(&[b"page", &offset.to_be_bytes(), &self.data.to_be_bytes(), &self.search.to_be_bytes()]);
        [offset, self.data, self.search, check as u32]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_only_its_own() {
        let search = Parameters::default().with("query.cond", "asthma").with("sort", "StartDate");
        let reordered = Parameters::default().with("sort", "StartDate").with("query.cond", "asthma");
        let binding = Binding::new(7, &search);
        let token = binding.write(30);
        assert_eq!(binding.read(&token), Ok(30));
        assert_eq!(Binding::new(7, &reordered).read(&token), Ok(30));
        assert_eq!(Binding::new(8, &search).read(&token), Err(BadToken::OtherData));
        assert_eq!(Binding::new(7, &Parameters::default()).read(&token), Err(BadToken::OtherSearch));
        let forged = format!("0000ffff{}", &token[8..]);
        for text in ["", "x", &token[1..], "é".repeat(16).as_str(), &forged] {
            assert_eq!(binding.read(text), Err(BadToken::Malformed), "{text}");
        }
    }
}

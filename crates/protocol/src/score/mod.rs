//! Scores: what the items of an instrument come to, with their ranges, rules, sources and licence.
//!
//! An [`Instrument`] is one file of `instruments/`: its items, how they are put together, what its bands are called,
//! where that stands, who owns the wording. [`read()`] takes a person's items from JSON and converts units;
//! [`Instrument::score`] computes. An item that is not given is missing, and what needs it is too: nothing is filled in.
//!
//! ```
//! use protocol::score;
//! let bsa = score::instrument("bsa").unwrap();
//! let values = score::read(bsa, &serde_json::json!({"height": "170 cm", "weight": 70})).unwrap();
//! assert_eq!(bsa.score(&values)[0].printed().unwrap(), "1.818");
//! ```

#[cfg(test)]
mod example;
mod instruments;
pub(crate) mod item;
pub mod json;
mod outcome;
pub(crate) mod read;
pub mod text;

pub use instruments::{Formula, INSTRUMENTS, body_surface, clearance};
pub use item::{Answer, Item};
pub use outcome::{Outcome, Why};
pub use read::{Given, Trouble, Values, read};

/// An instrument that can be scored.
pub struct Instrument {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Who answers, or what kind of thing it is.
    pub kind: &'static str,
    /// What must be known.
    pub items: &'static [Item],
    /// How the score is made of the items.
    pub rule: &'static str,
    /// What happens when items are missing.
    pub missing: &'static str,
    /// Where the items, the rule and the bands stand.
    pub sources: &'static [&'static str],
    /// What was not found in a second source.
    pub unverified: &'static [&'static str],
    /// Whose the wording is, and what may be shown.
    pub licence: &'static str,
    /// What whoever uses the score should know.
    pub notes: &'static [&'static str],
    compute: fn(&Values) -> Vec<Outcome>,
}

impl Instrument {
    /// What the items come to: the score itself first, then its parts.
    pub fn score(&self, values: &Values) -> Vec<Outcome> {
        (self.compute)(values)
    }

    /// The item of an id or one of its other names, in any case.
    pub fn item(&self, name: &str) -> Option<(usize, &'static Item)> {
        item::named(self.items, name)
    }
}

impl std::fmt::Debug for Instrument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Instrument").field(&self.id).finish()
    }
}

/// The instrument of an id, in any case; `-` and `_` are one.
pub fn instrument(id: &str) -> Option<&'static Instrument> {
    let id = id.trim().replace('-', "_");
    INSTRUMENTS.iter().copied().find(|i| i.id.eq_ignore_ascii_case(&id))
}

/// The ids most like a name that is none, the likest first, at most three.
pub fn near(name: &str) -> Vec<&'static str> {
    nearest(name, INSTRUMENTS.iter().map(|i| i.id))
}

fn nearest<'n>(name: &str, all: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let lower = name.to_lowercase();
    let part = |id: &str| lower.len() > 2 && (id.contains(&lower) || lower.contains(id));
    let alike = |id: &str| strsim::jaro_winkler(&lower, id) + if part(id) { 0.3 } else { 0.0 };
    let mut all: Vec<(f64, &str)> =
        all.map(|id| (alike(id), id)).filter(|(alike, _)| *alike > 0.75).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = all.first().map_or(0.0, |(alike, _)| *alike);
    all.into_iter().take_while(|(alike, _)| *alike > best - 0.1).take(3).map(|(_, id)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names_are_unique() {
        let ids: std::collections::BTreeSet<_> = INSTRUMENTS.iter().map(|i| i.id).collect();
        assert_eq!(ids.len(), INSTRUMENTS.len());
        for instrument in INSTRUMENTS {
            for (at, item) in instrument.items.iter().enumerate() {
                for name in std::iter::once(&item.id).chain(item.also) {
                    assert_eq!(instrument.item(name).map(|(i, _)| i), Some(at), "{}: {name}", instrument.id);
                }
            }
            assert!(!instrument.sources.is_empty() && !instrument.licence.is_empty(), "{}", instrument.id);
        }
    }

    #[test]
    fn names_are_suggested() {
        assert_eq!(instrument("HOMA-IR").map(|i| i.id), Some("homa_ir"));
        assert_eq!(near("egfr"), ["egfr_mdrd", "egfr_ckdepi2021"]);
        assert_eq!(near("tcs")[0], "tcss");
    }
}

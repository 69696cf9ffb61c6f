//! Studies in a search index; a resolved query run to ranked hits, facets and related studies.

use model::NctId;
use serde::Serialize;

/// What to bring back.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hits to pass over.
    pub offset: usize,
    /// Hits to bring.
    pub limit: usize,
    /// Count the values of every facet over all hits.
    pub facets: bool,
    /// Say why each hit scored what it did.
    pub explain: bool,
}

/// What a search found.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// How many studies match.
    pub total: usize,
    /// The wanted slice of them, in order.
    pub hits: Vec<Hit>,
    /// Counts by facet, if asked for, in the order of [`FACETS`].
    pub facets: Vec<Facet>,
}

/// A study found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The study.
    pub nct_id: NctId,
    /// Between 0 and 1.
    pub score: f32,
    /// Kilometres from the centre of the geo filter to its nearest site, if there is a centre and a site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub km: Option<f64>,
    /// Why, if asked for: one line a clause.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Reason>,
}

/// One clause of a score: what was found, where, and what it counted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// What was looked for, as typed, or the synonym that matched.
    pub words: String,
    /// Where: the name of a piece.
    pub piece: String,
    /// How: `exact`, `concept`, `relaxed` or `lossy`.
    pub how: &'static str,
    /// What it counted, between 0 and 1.
    pub counts: f32,
}

/// The counts of one facet over the hits, largest first.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facet {
    /// Short name: one of [`FACETS`].
    pub name: &'static str,
    /// Wire value (`RECRUITING`, `PHASE2`, `Germany`, `D003924`, `2021`), label for people, number of hits.
    pub values: Vec<FacetValue>,
}

/// One value of a facet.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FacetValue {
    /// As the query language spells it.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Hits that have it.
    pub count: usize,
}

/// The facets, by short name: overall status, phase, study type, sex, standard age group, country of a site, class of
/// the lead sponsor, intervention type, MeSH term of the conditions, year of the start.
pub const FACETS: [&str; 10] =
    ["status", "phase", "type", "sex", "age", "country", "sponsor", "intervention", "condition", "year"];

/// A related study and why.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// The other study.
    pub nct_id: NctId,
    /// Higher is closer.
    pub score: f32,
    /// What the two share, in words: MeSH terms, phase, recruiting.
    pub shares: Vec<String>,
}

/// Words of a study that a query found, for a page to mark.
#[derive(Clone, Debug, Serialize)]
pub struct Highlight {
    /// Name of the piece.
    pub piece: String,
    /// The text around the words, escapes undone.
    pub text: String,
    /// Byte ranges of `text` to mark.
    pub marks: Vec<(usize, usize)>,
}

//! What a search request may say: the parameters of the registry's API, and their reading.

use crate::{QueryError, Search};

/// The parameters of one search, as text. Field names are the API's (`query.cond` is `cond`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `query.cond`.
    pub cond: Option<String>,
    /// `query.term`.
    pub term: Option<String>,
    /// `query.intr`.
    pub intr: Option<String>,
    /// `query.titles`.
    pub titles: Option<String>,
    /// `query.outc`.
    pub outc: Option<String>,
    /// `query.spons`.
    pub spons: Option<String>,
    /// `query.lead`.
    pub lead: Option<String>,
    /// `query.id`.
    pub id: Option<String>,
    /// `query.locn`.
    pub locn: Option<String>,
    /// `query.patient`.
    pub patient: Option<String>,
    /// `filter.overallStatus`: values separated by `,` or `|`.
    pub overall_status: Option<String>,
    /// `filter.geo`: `distance(lat,lon,50mi)`.
    pub geo: Option<String>,
    /// `filter.ids`.
    pub ids: Option<String>,
    /// `filter.advanced`: an Essie expression.
    pub advanced: Option<String>,
    /// `filter.synonyms`: `ConditionSearch:1651367,...`.
    pub synonyms: Option<String>,
    /// `aggFilters`: `phase:2 3,sex:f`.
    pub agg_filters: Option<String>,
    /// `geoDecay`.
    pub geo_decay: Option<String>,
    /// `sort`: `LastUpdatePostDate:desc,@relevance`.
    pub sort: Option<String>,
}

impl Request {
    /// Reads all parameters; every name is looked up. An empty request is every study.
    pub fn resolve(&self) -> Result<Search, QueryError> {
        todo!()
    }
}

//! What a search request may say: the parameters of the registry's API, and their reading.

use model::{area, piece};

use crate::{
    Hint, QueryError, Resolved, Search, aggregate,
    error::{Remark, whole},
    filter,
    parse::parse_with_remarks,
    resolve::{ids, resolve},
    scope::Scope,
    sort,
    token::{KEYWORDS, SPECIAL},
    typed::{Expr, Node},
};

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
    /// `filter.synonyms`: `ConditionSearch:D003924,...`.
    pub synonyms: Option<String>,
    /// `aggFilters`: `phase:2 3,sex:f`.
    pub agg_filters: Option<String>,
    /// `geoDecay`.
    pub geo_decay: Option<String>,
    /// `sort`: `LastUpdatePostDate:desc,@relevance`.
    pub sort: Option<String>,
    /// Read `AREA[Sex]ALL` as the value, not as every study; the registry reads it as every study.
    pub all_is_value: bool,
    /// Look for the words of a `query.*` text that is no expression (`breast cancer [HER2+`) instead of refusing it.
    /// One that says OR or NOT, or names an operator with brackets, is refused all the same: its words alone would be
    /// another question.
    pub plain_words: bool,
}

/// A request as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What to ask the index.
    pub search: Search,
    /// What may not be meant as it is read.
    pub hints: Vec<Hint>,
}

impl Request {
    /// Reads all parameters; every name is looked up. An empty request is every study.
    ///
    /// ```
    /// let request = query::Request { cond: Some("asthma".into()), ..Default::default() };
    /// assert_eq!(request.resolve().unwrap().query.to_string(), "AREA[ConditionSearch]asthma");
    /// ```
    pub fn resolve(&self) -> Result<Search, QueryError> {
        self.read().map(|reading| reading.search)
    }

    /// Reads all parameters, and tells what in them may not be meant as it is read.
    pub fn read(&self) -> Result<Reading, QueryError> {
        let mut hints = Vec::new();
        let query = self.query(&mut hints);
        let geo = given(&self.geo).map(filter::circle).transpose();
        let near = geo.as_ref().ok().copied().flatten();
        let decay = given(&self.geo_decay).map(|text| filter::decay(text, near)).transpose();
        let sort = given(&self.sort).map(sort::keys).transpose();
        let filters = self.filters(near.map(Resolved::Near), &mut hints);
        let wrong = [query.as_ref().err(), geo.as_ref().err(), decay.as_ref().err(), sort.as_ref().err()];
        let wrong = wrong.into_iter().chain([filters.as_ref().err()]).flatten().cloned();
        whole(wrong.map(Err::<(), _>))?;
        let (query, decay, sort, filters) = (query?, decay?.flatten(), sort?.unwrap_or_default(), filters?);
        let search = if let Some((name, text)) = self.ids_only() {
            if !filters.is_empty() {
                let advice = "studies are asked for by id here, so the filters do not count";
                hints.push(Remark::new(0..text.len(), advice).of(&format!("query.{name}"), text));
            }
            // The registry ignores the filters when studies are asked for by id.
            Search { query, filter: Resolved::All, sort, decay: None, only_nct: false }
        } else {
            Search { query, filter: Resolved::and(filters), sort, decay, only_nct: false }
        };
        Ok(Reading { search, hints })
    }

    /// The request as it was understood: its query and its filter as canonical Essie.
    pub fn described(&self) -> Result<String, QueryError> {
        let search = self.resolve()?;
        Ok(match search.filter {
            Resolved::All => search.query.to_string(),
            filter => Resolved::and(vec![search.query, filter]).to_string(),
        })
    }

    /// The `query.*` parameters that are given, in the registry's order.
    fn queries(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("cond", &self.cond),
            ("term", &self.term),
            ("intr", &self.intr),
            ("titles", &self.titles),
            ("outc", &self.outc),
            ("spons", &self.spons),
            ("lead", &self.lead),
            ("id", &self.id),
            ("locn", &self.locn),
            ("patient", &self.patient),
        ];
        all.into_iter().filter_map(|(name, text)| given(text).map(|t| (name, t))).collect()
    }

    /// The first query parameter that holds NCT ids and nothing else.
    fn ids_only(&self) -> Option<(&'static str, &str)> {
        self.queries().into_iter().find(|(_, text)| ids(text).is_some())
    }

    fn query(&self, hints: &mut Vec<Hint>) -> Result<Resolved, QueryError> {
        let parts = self.queries().into_iter().map(|(name, text)| {
            // `lead` has no area of its own: it is one field.
            let scope = match area::by_param(name) {
                Some(area) => Scope::Area(area),
                None => Scope::Piece(piece::known("LeadSponsorName")),
            };
            self.expression(&format!("query.{name}"), text, scope, hints)
        });
        Ok(Resolved::and(whole(parts)?))
    }

    fn filters(&self, near: Option<Resolved>, hints: &mut Vec<Hint>) -> Result<Vec<Resolved>, QueryError> {
        let synonyms = given(&self.synonyms).unwrap_or_default();
        for place in filter::unknown_synonyms(synonyms) {
            let advice = "this is a number of the registry's own synonym index, which is not public: no study is found \
                          for it; MeSH ids are taken instead (ConditionSearch:D003924)";
            hints.push(Remark::new(place, advice).of("filter.synonyms", synonyms));
        }
        let parts = [
            given(&self.overall_status).map(filter::overall_status),
            near.map(Ok),
            given(&self.ids).map(filter::ids),
            given(&self.advanced).map(|text| self.expression("filter.advanced", text, basic(), hints)),
            given(&self.synonyms).map(filter::synonyms),
            given(&self.agg_filters).map(aggregate::filters),
        ];
        whole(parts.into_iter().flatten())
    }

    fn expression(
        &self,
        parameter: &str,
        text: &str,
        scope: Scope,
        hints: &mut Vec<Hint>,
    ) -> Result<Resolved, QueryError> {
        let resolved = |node: &Node| resolve(node, scope, self.all_is_value);
        let read = parse_with_remarks(text).and_then(|(node, mut remarks)| {
            let (resolved, more) = resolved(&node)?;
            remarks.extend(more);
            Ok((resolved, remarks))
        });
        let plain =
            || (self.plain_words && parameter.starts_with("query.")).then(|| plain_words(text)).flatten();
        let read = read.or_else(|fault| {
            let Some(node) = plain() else { return Err(fault) };
            let (resolved, mut remarks) = resolved(&node)?;
            let why = fault.message.split(':').next().unwrap_or_default();
            let advice = format!("this is no expression ({why}); its words are looked for");
            remarks.push(Remark::new(fault.span, advice));
            Ok((resolved, remarks))
        });
        let (resolved, mut remarks) = read.map_err(|fault| fault.of(parameter, text))?;
        remarks.sort_by_key(|remark| remark.span.start);
        hints.extend(remarks.into_iter().map(|remark| remark.of(parameter, text)));
        Ok(resolved)
    }
}

/// The words of a text as one term; `None` if there is none, or if an operator gives them another meaning than that all
/// of them are wanted.
fn plain_words(text: &str) -> Option<Node> {
    let parts = text.split(|c: char| c.is_whitespace() || c == '\\' || SPECIAL.contains(&c));
    let is_operator = |part: &str| part != "AND" && KEYWORDS.contains(&part);
    if !text.contains(char::is_alphanumeric) || parts.into_iter().any(is_operator) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "AND").collect();
    Some(Node { expr: Expr::Term(words.join(" ")), span: 0..text.len() })
}

/// The area that is searched where nothing says otherwise.
fn basic() -> Scope {
    Scope::Area(area::by_param("term").expect("the table of areas has BasicSearch for `term`"))
}

/// A parameter that is there and not blank.
fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|t| !t.trim().is_empty())
}

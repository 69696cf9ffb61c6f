//! The parameters that say what is searched for: the same in both APIs.

use model::piece;
use query::{Request, Resolved, Search};

use super::{
    endpoint::{Kind, Parameter},
    refusal::Refusal,
};
use crate::parameters::Parameters;

/// What ranks: each in the registry's query language, each with a default area.
pub(crate) const QUERIES: &[Parameter] = &[
    Parameter::new("query.cond", Kind::Text, "Condition or disease"),
    Parameter::new("query.term", Kind::Text, "Other terms"),
    Parameter::new("query.intr", Kind::Text, "Intervention or treatment"),
    Parameter::new("query.titles", Kind::Text, "Title or acronym"),
    Parameter::new("query.outc", Kind::Text, "Outcome measure"),
    Parameter::new("query.spons", Kind::Text, "Sponsor or collaborator"),
    Parameter::new("query.lead", Kind::Text, "Lead sponsor"),
    Parameter::new("query.id", Kind::Text, "Study ids"),
    Parameter::new("query.locn", Kind::Text, "Place of a site"),
    Parameter::new("query.patient", Kind::Text, "A person's condition and treatments in plain words"),
];

/// What only restricts. `filter.X` and `postFilter.X` mean the same.
pub(crate) const FILTERS: &[Parameter] = &[
    Parameter::new("filter.overallStatus", Kind::List, "Statuses of the study, any of them"),
    Parameter::new("filter.geo", Kind::Text, "A site in the circle: `distance(39.0,-77.1,50mi)`, or `80km`"),
    Parameter::new("filter.ids", Kind::List, "NCT numbers, current or former"),
    Parameter::new("filter.advanced", Kind::Text, "An expression that must hold"),
    Parameter::new(
        "filter.synonyms",
        Kind::List,
        "Pairs `Area:concept`, the concept a MeSH id: `ConditionSearch:D003924`",
    ),
    Parameter::new("postFilter.overallStatus", Kind::List, "The same as `filter.overallStatus`"),
    Parameter::new("postFilter.geo", Kind::Text, "The same as `filter.geo`"),
    Parameter::new("postFilter.ids", Kind::List, "The same as `filter.ids`"),
    Parameter::new("postFilter.advanced", Kind::Text, "The same as `filter.advanced`"),
    Parameter::new("postFilter.synonyms", Kind::List, "The same as `filter.synonyms`"),
    Parameter::new(
        "aggFilters",
        Kind::List,
        "Pairs of an id and its options, blanks between the options: `phase:2 3,sex:f`",
    ),
];

/// In which order.
pub(crate) const ORDER: &[Parameter] = &[
    Parameter::new(
        "geoDecay",
        Kind::Text,
        "How relevance falls with the distance from the centre of `filter.geo`: \
         `func:exp,scale:300mi,offset:0mi,decay:0.5`; not acted on above 10,000 studies",
    ),
    Parameter::new(
        "sort",
        Kind::List,
        "At most two of: a date, number or age field, or `@relevance`; each with `:asc` or `:desc` if wanted",
    ),
];

/// The distance function where the geo filter is given without one, as upstream documents it.
const DECAY: &str = "func:exp,scale:300mi,offset:0mi,decay:0.5";

/// The search that the parameters ask for.
pub(crate) fn request(parameters: &Parameters) -> Result<Request, Refusal> {
    let query = |name: &str| parameters.get(&format!("query.{name}")).map(str::to_owned);
    let own = |name: &str| parameters.get(name).map(str::to_owned);
    Ok(Request {
        cond: query("cond"),
        term: query("term"),
        intr: query("intr"),
        titles: query("titles"),
        outc: query("outc"),
        spons: query("spons"),
        lead: query("lead"),
        id: query("id"),
        locn: query("locn"),
        patient: query("patient"),
        overall_status: filter(parameters, "overallStatus")?,
        geo: filter(parameters, "geo")?,
        ids: filter(parameters, "ids")?,
        advanced: filter(parameters, "advanced")?,
        synonyms: filter(parameters, "synonyms")?,
        agg_filters: own("aggFilters"),
        geo_decay: own("geoDecay").or_else(|| filter(parameters, "geo").ok()?.map(|_| DECAY.to_owned())),
        sort: own("sort"),
        all_is_value: false,
        plain_words: false,
    })
}

/// `filter.X` and `postFilter.X` are one; both together must both hold, which only expressions can say.
fn filter(parameters: &Parameters, name: &str) -> Result<Option<String>, Refusal> {
    let before = parameters.get(&format!("filter.{name}"));
    let after = parameters.get(&format!("postFilter.{name}"));
    match (before, after) {
        (Some(a), Some(b)) if a == b => Ok(Some(a.to_owned())),
        (Some(a), Some(b)) if name == "advanced" => Ok(Some(format!("({a}) AND ({b})"))),
        (Some(_), Some(_)) => {
            let message = format!("`filter.{name}` and `postFilter.{name}` differ: give one of them");
            Err(Refusal::bad(message))
        }
        (a, b) => Ok(a.or(b).map(str::to_owned)),
    }
}

/// The pieces that a search looks in with what ranks: what `@query` stands for.
pub(crate) fn searched(search: &Search) -> Vec<&'static model::Piece> {
    let mut out = Vec::new();
    searched_in(&search.query, &mut out);
    out
}

fn searched_in(query: &Resolved, out: &mut Vec<&'static model::Piece>) {
    match query {
        Resolved::Or(parts) | Resolved::And(parts) => parts.iter().for_each(|p| searched_in(p, out)),
        Resolved::Not(part) | Resolved::InOneSite(part) => searched_in(part, out),
        Resolved::Tilt(piece, part) => {
            out.push(piece);
            searched_in(part, out);
        }
        Resolved::Text(text) => out.extend(text.pieces.iter().map(|p| p.piece)),
        Resolved::Enum(piece, _)
        | Resolved::Bool(piece, _)
        | Resolved::Dates(piece, ..)
        | Resolved::Numbers(piece, ..)
        | Resolved::Times(piece, ..)
        | Resolved::Texts(piece, ..)
        | Resolved::Size(piece, ..) => out.push(piece),
        Resolved::Missing(pieces) => out.extend(pieces),
        Resolved::Near(_) => out.push(piece::known("LocationGeoPoint")),
        Resolved::Ids(_) => out.extend([piece::known("NCTId"), piece::known("NCTIdAlias")]),
        Resolved::All => {}
    }
}

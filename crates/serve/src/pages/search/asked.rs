//! What the address of a search page asks for.

use query::{Link, Request};

use crate::parameters::Parameters;

/// Results on a page.
pub(super) const PAGE: usize = 20;

/// Deepest page that can be asked for by number; the API goes further.
const DEEPEST: usize = 500;

/// Orders: value in the address, label. The first is what is used if none is named.
pub(super) const ORDERS: [(&str, &str); 5] = [
    ("relevance", "Best first"),
    ("updated", "Newest update first"),
    ("start", "Latest start first"),
    ("completion", "Latest completion first"),
    ("enrollment", "Largest first"),
];

/// Words fields: name in the address, label of the box.
pub(super) const FIELDS: [(&str, &str); 8] = [
    ("cond", "Condition"),
    ("intr", "Treatment"),
    ("locn", "Place"),
    ("spons", "Sponsor"),
    ("titles", "Title"),
    ("outc", "Outcome"),
    ("id", "Study ids"),
    ("near", "Near (latitude, longitude)"),
];

/// A search as the address says it.
pub(super) struct Asked {
    /// Everything in the address.
    pub parameters: Parameters,
}

impl Asked {
    /// Reads nothing yet: values are read where they are used.
    pub fn new(parameters: Parameters) -> Self {
        Self { parameters }
    }

    /// What stands in the search box.
    pub fn words(&self) -> &str {
        self.parameters.get("q").unwrap_or_default()
    }

    /// Number of the page, from 1.
    pub fn page(&self) -> usize {
        self.parameters.get("page").and_then(|p| p.parse().ok()).unwrap_or(1).clamp(1, DEEPEST)
    }

    /// Hits before the page.
    pub fn offset(&self) -> usize {
        (self.page() - 1) * PAGE
    }

    /// The order, one of [`ORDERS`].
    pub fn order(&self) -> &'static str {
        let wanted = self.parameters.get("sort").unwrap_or_default();
        ORDERS.iter().find(|o| o.0 == wanted).unwrap_or(&ORDERS[0]).0
    }

    /// Address of a page of the same search.
    pub fn address_of_page(&self, page: usize) -> String {
        self.parameters.without_all(&["page"]).with("page", page).address("/search")
    }

    /// The centre of the search, in degrees north and east.
    pub fn centre(&self) -> Option<(f64, f64)> {
        let (lat, lon) = self.parameters.get("near")?.split_once(',')?;
        let (lat, lon): (f64, f64) = (lat.trim().parse().ok()?, lon.trim().parse().ok()?);
        (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some((lat, lon))
    }

    /// Kilometres around the centre; 100 if not given.
    pub fn within(&self) -> f64 {
        let km = self.parameters.get("within").and_then(|w| w.parse::<f64>().ok());
        km.filter(|km| km.is_finite() && *km > 0.0).unwrap_or(100.0).min(20_040.0)
    }

    /// The facets of which something is chosen.
    pub fn chosen_facets(&self) -> Vec<&'static str> {
        index::FACETS.into_iter().filter(|f| self.parameters.all(f).next().is_some()).collect()
    }

    /// The search as the query language takes it.
    pub fn request(&self) -> Request {
        self.request_without("")
    }

    /// The search as if nothing of one facet were chosen.
    pub fn request_without(&self, facet: &str) -> Request {
        let own = |name: &str| self.parameters.get(name).map(str::to_owned);
        let circle = |(lat, lon)| format!("distance({lat},{lon},{}km)", self.within());
        Request {
            term: own("q"),
            cond: own("cond"),
            intr: own("intr"),
            titles: own("titles"),
            outc: own("outc"),
            spons: own("spons"),
            lead: own("lead"),
            id: own("id"),
            locn: own("locn"),
            geo: self.centre().map(circle),
            advanced: self.advanced(facet),
            sort: self.sort(),
            ..Default::default()
        }
    }

    fn sort(&self) -> Option<String> {
        let piece = match self.order() {
            "updated" => "LastUpdatePostDate",
            "start" => "StartDate",
            "completion" => "CompletionDate",
            "enrollment" => "EnrollmentCount",
            _ => return None,
        };
        Some(format!("{piece}:desc"))
    }

    /// The chosen values of the facets as one expression: any of one facet, all facets.
    fn advanced(&self, without: &str) -> Option<String> {
        let chosen = self.chosen_facets().into_iter().filter(|f| *f != without);
        let mut clauses: Vec<String> = chosen
            .map(|facet| {
                let values: Vec<_> = self.parameters.all(facet).map(|v| clause(facet, v)).collect();
                format!("({})", values.join(" OR "))
            })
            .collect();
        clauses.extend(self.parameters.get("filter").map(|f| format!("({f})")));
        (!clauses.is_empty()).then(|| clauses.join(" AND "))
    }

    /// The address of the same search in the API.
    pub fn api(&self, format: &str) -> String {
        let request = self.request();
        let given = [
            ("query.term", request.term),
            ("query.cond", request.cond),
            ("query.intr", request.intr),
            ("query.titles", request.titles),
            ("query.outc", request.outc),
            ("query.spons", request.spons),
            ("query.lead", request.lead),
            ("query.id", request.id),
            ("query.locn", request.locn),
            ("filter.geo", request.geo),
            ("filter.advanced", request.advanced),
            ("sort", request.sort),
        ];
        let mut out = Parameters::default();
        for (name, value) in given {
            out.0.extend(value.map(|v| (name.to_owned(), v)));
        }
        let size = if format == "csv" { "1000" } else { "20" };
        out.with("countTotal", "true")
            .with("pageSize", size)
            .with("format", format)
            .address("/api/v2/studies")
    }
}

/// The address of the search that a link to the registry's site stands for, if the text is one. What ranks keeps its
/// box; what restricts becomes one filter. Orders that the page does not offer are those of the API alone.
pub(super) fn of_link(text: &str) -> Option<String> {
    let request = Link::read(text)?.request;
    let filters = Request {
        overall_status: request.overall_status,
        geo: request.geo,
        ids: request.ids,
        advanced: request.advanced,
        agg_filters: request.agg_filters,
        ..Default::default()
    };
    // A filter that cannot be read is told of as if it had been typed.
    let filter = filters.described().ok().filter(|filter| filter != "ALL").or(filters.agg_filters);
    let boxes = [
        ("q", request.term.or(request.patient)),
        ("cond", request.cond),
        ("intr", request.intr),
        ("titles", request.titles),
        ("outc", request.outc),
        ("spons", request.spons),
        ("lead", request.lead),
        ("id", request.id),
        ("locn", request.locn),
        ("filter", filter),
        ("link", Some(text.trim().to_owned())),
    ];
    let given = boxes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Some(Parameters(given.collect()).address("/search"))
}

/// One chosen value of a facet as an expression.
fn clause(facet: &str, value: &str) -> String {
    let quoted = format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
    match facet {
        "status" => format!("AREA[OverallStatus]{quoted}"),
        "phase" => format!("AREA[Phase]{quoted}"),
        "type" => format!("AREA[StudyType]{quoted}"),
        "sex" => format!("AREA[Sex]{quoted}"),
        "age" => format!("AREA[StdAge]{quoted}"),
        "country" => match model::country::code(value) {
            Some(code) => format!("AREA[LocationCountryCode]EXPANSION[Term]{code}"),
            None => format!("AREA[LocationCountry]EXPANSION[None]COVERAGE[FullMatch]{quoted}"),
        },
        "sponsor" => format!("AREA[LeadSponsorClass]{quoted}"),
        "intervention" => format!("AREA[InterventionType]{quoted}"),
        "condition" => condition(value, &quoted),
        _ => format!("AREA[StartDate]RANGE[{quoted}, {quoted}]"),
    }
}

/// Studies whose record has the MeSH heading, and those without any whose own words name it: as the facet counts.
fn condition(id: &str, quoted: &str) -> String {
    let Some(name) = vocabulary::by_id(id).and_then(vocabulary::name) else {
        return format!("AREA[ConditionMeshId]{quoted}");
    };
    format!(
        "(AREA[ConditionMeshId]{quoted} OR (AREA[ConditionMeshId]MISSING AND AREA[Condition]EXPANSION[Concept]\"{name}\"))"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_an_address() {
        let link = "https://clinicaltrials.gov/search?cond=gout&aggFilters=phase:2&country=Peru";
        let address = of_link(link).unwrap();
        assert!(address.starts_with("/search?cond=gout&locn=SEARCH"), "{address}");
        assert!(address.contains("filter=AREA%5BPhase%5DPHASE2&link=https:"), "{address}");
        assert_eq!(of_link("gout"), None);
    }

    #[test]
    fn becomes_a_request() {
        let parameters = Parameters::default()
            .with("q", "asthma")
            .with("phase", "PHASE2")
            .with("phase", "PHASE3")
            .with("country", "A\"b")
            .with("near", "52.5, 13.4")
            .with("sort", "updated");
        let asked = Asked::new(parameters);
        let request = asked.request();
        assert_eq!(request.term.as_deref(), Some("asthma"));
        assert_eq!(request.geo.as_deref(), Some("distance(52.5,13.4,100km)"));
        assert_eq!(request.sort.as_deref(), Some("LastUpdatePostDate:desc"));
        let advanced = request.advanced.unwrap();
        assert!(advanced.contains("(AREA[Phase]\"PHASE2\" OR AREA[Phase]\"PHASE3\") AND ("), "{advanced}");
        assert!(advanced.contains("\"A\\\"b\""), "{advanced}");
        assert!(!asked.request_without("phase").advanced.unwrap().contains("Phase"));
    }
}

//! Links to searches of the registry's site, classic or new, and to its API: the query that they stand for.
//!
//! The site's parameters are not documented; what they mean is taken from public clients that read such links. What
//! cannot be carried over is told.

mod classic;

use crate::Request;

/// A link that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The search.
    pub request: Request,
    /// What the link says and the search does not: one line each.
    pub dropped: Vec<String>,
}

/// Longest link that is read, in bytes.
const LONGEST: usize = 64 << 10;

/// Parameters that only say how the page looks.
const LOOKS: [&str; 15] = [
    "viewType",
    "page",
    "limit",
    "rank",
    "tab",
    "checkSpell",
    "from",
    "Search",
    "draw",
    "view",
    "locStr",
    "pageSize",
    "countTotal",
    "pageToken",
    "format",
];

impl Link {
    /// Reads a link to a search of clinicaltrials.gov; `None` if the text is none.
    ///
    /// ```
    /// let link = query::Link::read("https://clinicaltrials.gov/search?cond=asthma&aggFilters=phase:2").unwrap();
    /// assert_eq!(link.request.cond.as_deref(), Some("asthma"));
    /// assert_eq!(query::Link::read("asthma"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST || text.contains(char::is_whitespace) {
            return None;
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
        let (address, query) = rest.split('#').next()?.split_once('?')?;
        let (host, path) = address.split_once('/')?;
        let host = host.to_ascii_lowercase();
        if host != "clinicaltrials.gov" && !host.ends_with(".clinicaltrials.gov") {
            return None;
        }
        let pairs = pairs(query);
        match path.trim_end_matches('/') {
            "search" | "api/v2/studies" => Some(new(&pairs)),
            path if path == "ct2/results" || path.starts_with("ct2/results/") => Some(classic::read(&pairs)),
            _ => None,
        }
    }

    fn drop(&mut self, name: &str, value: &str, why: &str) {
        self.dropped.push(format!("{name}={value}: {why}"));
    }

    /// Fills in what both sites call the same; whether it did.
    fn takes(&mut self, name: &str, value: &str) -> bool {
        let request = &mut self.request;
        let place = match name {
            "cond" => &mut request.cond,
            "term" => &mut request.term,
            "intr" => &mut request.intr,
            "titles" => &mut request.titles,
            "outc" => &mut request.outc,
            "spons" => &mut request.spons,
            "lead" => &mut request.lead,
            "id" => &mut request.id,
            "patient" => &mut request.patient,
            _ => return LOOKS.contains(&name),
        };
        *place = Some(value.to_owned());
        true
    }
}

/// Names and values, decoded; blank values are left out.
fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value).trim().to_owned())
    };
    query.split('&').map(pair).filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect()
}

/// Percent signs and plus signs undone; what is no UTF-8 then is replaced.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (byte, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (other, _) => out.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Parts of a search that become one expression each, all of which must hold.
#[derive(Default)]
struct Clauses {
    /// About a site: these must meet in one.
    site: Vec<String>,
    filter: Vec<String>,
    /// `aggFilters`, pair by pair.
    options: Vec<String>,
    circle: [Option<String>; 3],
}

impl Clauses {
    fn place(&mut self, piece: &str, value: &str) {
        self.site.push(format!("AREA[{piece}]{}", quoted(value)));
    }

    fn range(&mut self, piece: &str, low: &str, high: &str) {
        let or = |text: &str, open: &str| if text.is_empty() { open.to_owned() } else { text.to_owned() };
        self.filter.push(format!("AREA[{piece}]RANGE[{}, {}]", or(low, "MIN"), or(high, "MAX")));
    }

    fn fill(self, link: &mut Link) {
        let all = |parts: Vec<String>, between: &str| (!parts.is_empty()).then(|| parts.join(between));
        let request = &mut link.request;
        if let Some(site) = all(self.site, " AND ") {
            request.locn = Some(format!("SEARCH[Location]({site})"));
        }
        let filter = request.advanced.take().map(|own| format!("({own})"));
        request.advanced = all(filter.into_iter().chain(self.filter).collect(), " AND ");
        let options = request.agg_filters.take();
        request.agg_filters = all(options.into_iter().chain(self.options).collect(), ",");
        match self.circle {
            [Some(lat), Some(lon), Some(radius)] => {
                request.geo = Some(format!("distance({lat},{lon},{radius})"));
            }
            [None, None, None] => {}
            [.., radius] => {
                let value = radius.unwrap_or_default();
                link.drop("distance", &value, "the link does not say of which point");
            }
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Date fields of the new site.
const DATES: [(&str, &str); 6] = [
    ("start", "StartDate"),
    ("primComp", "PrimaryCompletionDate"),
    ("studyComp", "CompletionDate"),
    ("firstPost", "StudyFirstPostDate"),
    ("resFirstPost", "ResultsFirstPostDate"),
    ("lastUpdPost", "LastUpdatePostDate"),
];

fn new(pairs: &[(String, String)]) -> Link {
    let (mut link, mut clauses) = (Link::default(), Clauses::default());
    for (name, value) in pairs {
        let short = name.strip_prefix("query.").unwrap_or(name);
        let date = DATES.iter().find(|(own, _)| own == name);
        match (name.as_str(), value.split_once('_')) {
            ("query.locn", _) => link.request.locn = Some(value.clone()),
            ("locn", _) => clauses.place("LocationFacility", value),
            ("country", _) => clauses.place("LocationCountry", value),
            ("state", _) => clauses.place("LocationState", value),
            ("city", _) => clauses.place("LocationCity", value),
            ("filter.geo" | "postFilter.geo", _) => link.request.geo = Some(value.clone()),
            ("filter.ids" | "postFilter.ids", _) => link.request.ids = Some(value.clone()),
            ("filter.overallStatus" | "postFilter.overallStatus", _) => {
                link.request.overall_status = Some(value.clone());
            }
            ("filter.advanced" | "postFilter.advanced", _) => link.request.advanced = Some(value.clone()),
            ("aggFilters", _) => link.request.agg_filters = Some(value.clone()),
            ("sort", _) => link.request.sort = Some(value.clone()),
            ("lat", _) => clauses.circle[0] = Some(value.clone()),
            ("lng" | "lon", _) => clauses.circle[1] = Some(value.clone()),
            ("distance", _) => distance(&mut clauses, value),
            ("ageRange", Some((low, high))) => ages(&mut clauses, low, high),
            (_, Some((low, high))) if date.is_some() => {
                date.iter().for_each(|(_, piece)| clauses.range(piece, low, high));
            }
            _ if link.takes(short, value) => {}
            _ => link.drop(name, value, "it is not known what this says"),
        }
    }
    clauses.fill(&mut link);
    link
}

/// Miles around a point that is told beside, or `lat,lon,R`.
fn distance(clauses: &mut Clauses, value: &str) {
    let parts: Vec<&str> = value.split(',').map(str::trim).collect();
    let with_unit = |r: &str| {
        if r.bytes().all(|b| b.is_ascii_digit() || b == b'.') { format!("{r}mi") } else { r.into() }
    };
    match parts[..] {
        [lat, lon, radius] => clauses.circle = [Some(lat.into()), Some(lon.into()), Some(with_unit(radius))],
        _ => clauses.circle[2] = Some(with_unit(value)),
    }
}

/// As the site does it: limits that are absent do not match.
fn ages(clauses: &mut Clauses, low: &str, high: &str) {
    if !low.is_empty() {
        clauses.range("MinimumAge", &age(low), "");
    }
    if !high.is_empty() {
        clauses.range("MaximumAge", "", &age(high));
    }
}

/// `18d`, `64y` with the unit in full; anything else as it stands.
fn age(text: &str) -> String {
    let units = [("y", "years"), ("m", "months"), ("w", "weeks"), ("d", "days")];
    let unit =
        units.into_iter().find_map(|(short, unit)| Some(format!("{} {unit}", text.strip_suffix(short)?)));
    unit.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The search that a link stands for, and what was dropped of it.
    #[track_caller]
    pub(super) fn check(text: &str, expected: &str, dropped: &[&str]) {
        let link = Link::read(text).unwrap_or_else(|| panic!("{text} is a link"));
        assert_eq!(link.request.described().unwrap(), expected, "{text}");
        let names: Vec<&str> = link.dropped.iter().map(|line| line.split('=').next().unwrap()).collect();
        assert_eq!(names, dropped, "{:?}", link.dropped);
    }

    #[test]
    fn new_links() {
        let site = "https://clinicaltrials.gov/search?";
        check(&format!("{site}cond=Heart+Failure&viewType=Table"), "AREA[ConditionSearch]Heart Failure", &[]);
        check(
            &format!("{site}intr=aspirin&aggFilters=phase:2%203,sex:f&foo=bar"),
            "AREA[InterventionSearch]aspirin AND AREA[Phase](PHASE2 OR PHASE3) AND AREA[Sex]FEMALE",
            &["foo"],
        );
        check(
            &format!("{site}start=2020-01-01_&ageRange=18y_64y"),
            "AREA[StartDate]RANGE[2020-01-01, MAX] AND AREA[MinimumAge]RANGE[18 Years, MAX] AND \
             AREA[MaximumAge]RANGE[MIN, 64 Years]",
            &[],
        );
        check(
            &format!("{site}lat=48.1&lng=11.6&distance=50&locStr=Munich"),
            "AREA[LocationGeoPoint]DISTANCE[48.1,11.6,80.4672km]",
            &[],
        );
        check(&format!("{site}distance=50"), "ALL", &["distance"]);
        check(
            &format!("{site}country=Germany&city=Bonn"),
            "SEARCH[Location](AREA[LocationCountry]\"Germany\" AND AREA[LocationCity]\"Bonn\")",
            &[],
        );
        check("clinicaltrials.gov/api/v2/studies?query.titles=gout&pageSize=3", "AREA[TitleSearch]gout", &[]);
    }

    #[test]
    fn other_texts_are_no_links() {
        for text in [
            "",
            "asthma",
            "https://clinicaltrials.gov/study/NCT00000102",
            "https://example.org/search?cond=x",
            "https://notclinicaltrials.gov/search?cond=x",
            "clinicaltrials.gov/search?cond=a b",
            "%%%?&=",
            "a/b?c",
        ] {
            assert_eq!(Link::read(text), None, "{text}");
        }
        assert_eq!(decoded("%C3%BC+%zz%"), "ü %zz%");
    }
}

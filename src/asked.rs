//! Which studies are meant: a query and filters, the same wherever studies are chosen.

use anyhow::Result;
use clap::Args;
use model::piece;
use query::{Link, Request};

use crate::{ending::Unreadable, terminal};

/// A query and its filters. What is given must all hold; several values of one filter are alternatives.
#[derive(Clone, Debug, Default, Args)]
pub struct Asked {
    /// Words, NCT ids or an Essie expression, as the API's `query.term`; or the link of a search on clinicaltrials.gov
    query: Vec<String>,
    /// Condition or disease
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    cond: Option<String>,
    /// Other terms, the same as the QUERY
    #[arg(long, value_name = "QUERY", help_heading = "Queries", conflicts_with = "query")]
    term: Option<String>,
    /// Intervention or treatment
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    intr: Option<String>,
    /// Title or acronym
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    titles: Option<String>,
    /// Outcome measure
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    outc: Option<String>,
    /// Sponsor or collaborator
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    spons: Option<String>,
    /// Lead sponsor
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    lead: Option<String>,
    /// Any id of the study
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    id: Option<String>,
    /// Place of a site
    #[arg(long, value_name = "QUERY", help_heading = "Queries")]
    locn: Option<String>,
    /// A person's description in plain words
    #[arg(long, value_name = "TEXT", help_heading = "Queries")]
    patient: Option<String>,
    /// An Essie expression that must hold but does not rank
    #[arg(long, visible_alias = "where", value_name = "ESSIE", help_heading = "Filters")]
    filter: Vec<String>,
    /// Status of the study: recruiting, completed ...
    #[arg(long, value_delimiter = ',', help_heading = "Filters")]
    status: Vec<String>,
    /// Phase: 1, 2, 3, 4, early1, na
    #[arg(long, value_delimiter = ',', help_heading = "Filters")]
    phase: Vec<String>,
    /// Study type: interventional, observational, expanded_access
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', help_heading = "Filters")]
    study_type: Vec<String>,
    /// Sex as the record states it: all, female, male
    #[arg(long, value_delimiter = ',', help_heading = "Filters")]
    sex: Vec<String>,
    /// Country of a site
    #[arg(long, help_heading = "Filters")]
    country: Vec<String>,
    /// Sites within a distance: latitude,longitude,50km (or 30mi)
    #[arg(long, value_name = "LAT,LON,DISTANCE", allow_hyphen_values = true, help_heading = "Filters")]
    near: Option<String>,
}

impl Asked {
    /// Whether nothing is asked: every study is meant.
    pub fn is_all(&self) -> Result<bool> {
        let mut request = self.request(true)?;
        request.term = request.term.filter(|words| !words.trim().is_empty());
        Ok(request == Request::default())
    }

    /// The request in the words of the API.
    pub fn request(&self, quiet: bool) -> Result<Request> {
        let words = self.query.join(" ");
        if let Some(link) = Link::read(&words) {
            return self.of_link(link, quiet);
        }
        let near = self.near.as_ref().map(|near| format!("distance({})", near.replace(' ', "")));
        Ok(Request {
            cond: self.cond.clone(),
            term: self.term.clone().or(Some(words)),
            intr: self.intr.clone(),
            titles: self.titles.clone(),
            outc: self.outc.clone(),
            spons: self.spons.clone(),
            lead: self.lead.clone(),
            id: self.id.clone(),
            locn: self.locn.clone(),
            patient: self.patient.clone(),
            overall_status: joined(&values("status", "OverallStatus", &self.status)?, ","),
            geo: near,
            advanced: self.advanced()?,
            ..Request::default()
        })
    }

    /// The search of a link; what could not be carried over is told. The other options come on top of it.
    fn of_link(&self, link: Link, quiet: bool) -> Result<Request> {
        if !quiet {
            link.dropped
                .iter()
                .for_each(|line| terminal::warn(&format!("not carried over from the link: {line}")));
        }
        let mut linked = link.request;
        let own = Self { query: Vec::new(), ..self.clone() }.request(quiet)?;
        let fields = [
            (&mut linked.cond, own.cond),
            (&mut linked.term, own.term.filter(|words| !words.is_empty())),
            (&mut linked.intr, own.intr),
            (&mut linked.titles, own.titles),
            (&mut linked.outc, own.outc),
            (&mut linked.spons, own.spons),
            (&mut linked.lead, own.lead),
            (&mut linked.id, own.id),
            (&mut linked.locn, own.locn),
            (&mut linked.patient, own.patient),
            (&mut linked.overall_status, own.overall_status),
            (&mut linked.geo, own.geo),
        ];
        fields.into_iter().filter(|(_, own)| own.is_some()).for_each(|(linked, own)| *linked = own);
        linked.advanced = match (linked.advanced, own.advanced) {
            (Some(a), Some(b)) => Some(format!("({a}) AND {b}")),
            (a, b) => a.or(b),
        };
        Ok(linked)
    }

    /// All filters as one expression. The user's own are read alone first, so that their errors show their own text.
    fn advanced(&self) -> Result<Option<String>> {
        let mut parts = Vec::new();
        for filter in &self.filter {
            Request { advanced: Some(filter.clone()), ..Request::default() }.resolve()?;
            parts.extend((!filter.trim().is_empty()).then(|| filter.clone()));
        }
        for (option, piece, given) in [
            ("phase", "Phase", &self.phase),
            ("type", "StudyType", &self.study_type),
            ("sex", "Sex", &self.sex),
        ] {
            let values = values(option, piece, given)?;
            parts.extend(joined(&values, " OR ").map(|values| format!("AREA[{piece}]({values})")));
        }
        let country = |name: &String| {
            if let Some(code) = model::country::code(name) {
                return format!("AREA[LocationCountryCode]EXPANSION[Term]{code}");
            }
            let name = name.replace('\\', "\\\\").replace('"', "\\\"");
            format!("AREA[LocationCountry]COVERAGE[FullMatch]\"{name}\"")
        };
        let countries: Vec<String> = self.country.iter().map(country).collect();
        parts.extend(joined(&countries, " OR "));
        let parts: Vec<String> = parts.into_iter().map(|part| format!("({part})")).collect();
        Ok(joined(&parts, " AND "))
    }
}

/// The parts with something between them; `None` if there are none.
pub fn joined(parts: &[String], between: &str) -> Option<String> {
    (!parts.is_empty()).then(|| parts.join(between))
}

/// The wire values that a user means: by value, by label, whatever the case; phases also by their number.
fn values(option: &str, piece: &str, given: &[String]) -> Result<Vec<String>> {
    let model::Kind::Enum(kind) = piece::known(piece).kind else {
        unreachable!("callers name enumerations of the table of pieces")
    };
    let mut out = Vec::new();
    for text in given.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let Some(found) = kind.meant(text) else {
            let all: Vec<String> = kind.values.iter().map(|v| v.value.to_ascii_lowercase()).collect();
            let message = format!("--{option}: `{text}` is none of {}", all.join(", "));
            return Err(Unreadable(message).into());
        };
        out.push(found.value.to_owned());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_become_one_expression() {
        let wanted = Asked {
            filter: vec!["AREA[HasResults]true OR heart".into()],
            phase: vec!["2".into(), "Early 1".into(), "phase3".into()],
            country: vec!["Côte d\"Ivoire".into()],
            ..Asked::default()
        };
        assert_eq!(
            wanted.advanced().unwrap().unwrap(),
            "(AREA[HasResults]true OR heart) AND (AREA[Phase](PHASE2 OR EARLY_PHASE1 OR PHASE3)) AND \
             (AREA[LocationCountry]COVERAGE[FullMatch]\"Côte d\\\"Ivoire\")"
        );
        wanted.request(true).unwrap().resolve().unwrap();
    }

    #[test]
    fn options_come_on_top_of_a_link() {
        let link = "https://clinicaltrials.gov/search?cond=gout&aggFilters=status:rec".to_owned();
        let wanted = Asked { query: vec![link], phase: vec!["2".into()], ..Asked::default() };
        let asked = wanted.request(true).unwrap().described().unwrap();
        assert_eq!(
            asked,
            "AREA[ConditionSearch]gout AND AREA[Phase]PHASE2 AND AREA[OverallStatus]RECRUITING"
        );
    }

    #[test]
    fn nothing_asked_is_everything() {
        assert!(Asked::default().is_all().unwrap());
        assert!(Asked { query: vec![" ".into()], ..Asked::default() }.is_all().unwrap());
        assert!(!Asked { query: vec!["gout".into()], ..Asked::default() }.is_all().unwrap());
        assert!(!Asked { sex: vec!["female".into()], ..Asked::default() }.is_all().unwrap());
    }

    #[test]
    fn values_by_any_name() {
        let status = |text: &str| values("status", "OverallStatus", &[text.to_owned()]);
        assert_eq!(status("Active, not recruiting").unwrap(), ["ACTIVE_NOT_RECRUITING"]);
        assert_eq!(status("not-yet-recruiting").unwrap(), ["NOT_YET_RECRUITING"]);
        assert!(status("open").unwrap_err().to_string().contains("recruiting"));
    }
}

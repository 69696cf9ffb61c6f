//! `trialist search`: a query, its filters, and the studies that it finds.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use index::{Answer, Facet, Options};
use model::piece;
use query::{Link, Request};
use registry::Registry;
use serde_json::{Map, Value, json};

use super::Context;
use crate::{
    data,
    ending::{Ending, Unreadable},
    format::Format,
    studies::{self, Listing, Row},
    terminal,
};

/// Find studies
///
/// QUERY is plain words, an NCT id, or an expression of the registry's query language (Essie); without one, every
/// study is found. What is given must all hold; several values of one filter are alternatives.
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub struct Search {
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
    #[arg(long, value_name = "ESSIE", help_heading = "Filters")]
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
    /// Order: a date or number field, with :asc or :desc; @relevance. Two at most
    #[arg(long, value_name = "FIELD[:desc]", value_delimiter = ',')]
    sort: Vec<String>,
    /// At most so many studies (0: all)
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Pass over so many studies
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Print only the number of studies
    #[arg(long, conflicts_with_all = ["facets", "explain"])]
    count: bool,
    /// Print the values of every facet with their counts instead of studies
    #[arg(long, conflicts_with = "explain")]
    facets: bool,
    /// Say what each study was found by and what it counted
    #[arg(long)]
    explain: bool,
    /// Print these fields (BriefTitle, LocationCity ...: names of the registry's data structure)
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    fields: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist search lung cancer
  trialist search '\"heart failure\" AND AREA[Phase]PHASE3' --status recruiting
  trialist search --cond asthma --country Germany --sort StartDate:desc
  trialist search --near 48.14,11.58,50km --format csv --limit 0
  trialist search NCT04562025
  trialist search --cond 'lung cancer' --count
  trialist search 'https://clinicaltrials.gov/search?cond=gout&aggFilters=status:rec'

A line of --format jsonl has, best first: nctId, score (0 to 1), briefTitle, overallStatus, studyType, phases,
conditions, interventions, leadSponsor, enrollment, startDate; with --near km, with --explain why. With --fields these
stand instead of those from briefTitle on. Values are spelled as the registry's API spells them; what a record does
not say is null or an empty list.";

impl Search {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let mut listing = Listing::new(&self.fields)?;
        listing.why = self.explain;
        let request = self.request(context.quiet)?;
        let reading = request.read()?;
        if !context.quiet {
            reading.hints.iter().for_each(|hint| terminal::note(&format!("hint: {}", hint.rendered())));
        }
        let registry = data::open(&context.data, context.quiet)?;
        let answer = registry.run(&reading.search, &self.options(registry.len()))?;
        let mut out = terminal::output();
        if self.count {
            writeln!(out, "{}", answer.total)?;
        } else if self.facets {
            print_facets(&mut out, self.format, &answer)?;
        } else {
            listing.km = answer.hits.iter().any(|hit| hit.km.is_some());
            self.list(&mut out, &registry, &listing, &request, &answer)?;
        }
        out.flush()?;
        drop(out);
        if self.format == Format::Table && !self.count && !self.facets && !context.quiet {
            terminal::note(&self.summary(&request, &answer));
        }
        Ok(Ending::Done)
    }

    fn options(&self, studies: usize) -> Options {
        let limit = match self.limit {
            _ if self.count || self.facets => 0,
            0 => studies,
            limit => limit,
        };
        Options { offset: self.offset, limit, facets: self.facets, explain: self.explain }
    }

    fn list(
        &self,
        out: &mut dyn Write,
        registry: &Registry,
        listing: &Listing,
        request: &Request,
        answer: &Answer,
    ) -> Result<()> {
        let mut head = Map::new();
        head.insert("total".into(), json!(answer.total));
        head.insert("query".into(), json!(request.described()?));
        let rows = answer.hits.iter().map(|hit| {
            let study = studies::study(registry, hit.nct_id)?;
            Ok(Row { study, score: hit.score, km: hit.km, why: hit.why.clone(), shares: Vec::new() })
        });
        listing.print(out, self.format, &head, rows)
    }

    fn summary(&self, request: &Request, answer: &Answer) -> String {
        let found = terminal::counted(answer.total as u64, "study", "studies");
        match answer.hits.len() {
            0 if answer.total == 0 => {
                let asked = request.described().unwrap_or_default();
                format!("no study was found for: {asked}{}", near_spellings(request))
            }
            0 => format!("{found}; none from {} on", self.offset + 1),
            n if n == answer.total => found,
            n => format!("{found}; shown are {} to {}", self.offset + 1, self.offset + n),
        }
    }

    /// The request in the words of the API.
    pub(super) fn request(&self, quiet: bool) -> Result<Request> {
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
            sort: joined(&self.sort, ","),
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
            (&mut linked.sort, own.sort),
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

fn joined(parts: &[String], between: &str) -> Option<String> {
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

fn print_facets(out: &mut dyn Write, format: Format, answer: &Answer) -> Result<()> {
    let facets = &answer.facets;
    let lines = || facets.iter().flat_map(|f| f.values.iter().map(move |v| (f.name, v)));
    match format {
        Format::Json => {
            let all = json!({"total": answer.total, "facets": facets});
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        }
        Format::Jsonl => {
            for (facet, v) in lines() {
                let line: Value =
                    json!({"facet": facet, "value": v.value, "label": v.label, "count": v.count});
                writeln!(out, "{line}")?;
            }
        }
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(out);
            csv.write_record(["facet", "value", "label", "count"])?;
            for (facet, v) in lines() {
                csv.write_record([facet, &v.value, &v.label, &v.count.to_string()])?;
            }
            csv.flush()?;
        }
        Format::Table => facets.iter().try_for_each(|facet| print_facet(out, facet))?,
    }
    Ok(())
}

/// Values of a facet that a table shows; the other formats show all.
const FACET_ROWS: usize = 15;

fn print_facet(out: &mut dyn Write, facet: &Facet) -> Result<()> {
    writeln!(out, "{}", terminal::bold(facet.name))?;
    let most = facet.values.iter().map(|v| v.count).max().unwrap_or(1).max(1);
    // Years run in their order, and the newest are asked for most.
    let from = if facet.name == "year" { facet.values.len().saturating_sub(FACET_ROWS) } else { 0 };
    for value in facet.values.iter().skip(from).take(FACET_ROWS) {
        let bar = "▪".repeat((value.count * 20).div_ceil(most));
        let label = terminal::fit(&value.label, 36);
        writeln!(out, "{:>9}  {label}  {}", terminal::grouped(value.count as u64), terminal::faint(&bar))?;
    }
    if facet.values.len() > FACET_ROWS {
        writeln!(out, "{:>9}  {} more", "", facet.values.len() - FACET_ROWS)?;
    }
    Ok(())
}

/// For words that may be misspelt, what they may have been.
fn near_spellings(request: &Request) -> String {
    let fields = [&request.term, &request.cond, &request.intr, &request.titles, &request.outc];
    let mut out = String::new();
    for text in fields.into_iter().flatten() {
        for word in vocabulary::words(text) {
            let near = vocabulary::spelling(&word.norm);
            if !near.is_empty() {
                out += &format!("\n  {}: did you mean {}?", &text[word.range], near.join(", "));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_become_one_expression() {
        let search = Search {
            filter: vec!["AREA[HasResults]true OR heart".into()],
            phase: vec!["2".into(), "Early 1".into(), "phase3".into()],
            country: vec!["Côte d\"Ivoire".into()],
            ..Search::default()
        };
        assert_eq!(
            search.advanced().unwrap().unwrap(),
            "(AREA[HasResults]true OR heart) AND (AREA[Phase](PHASE2 OR EARLY_PHASE1 OR PHASE3)) AND \
             (AREA[LocationCountry]COVERAGE[FullMatch]\"Côte d\\\"Ivoire\")"
        );
        search.request(true).unwrap().resolve().unwrap();
    }

    #[test]
    fn options_come_on_top_of_a_link() {
        let link = "https://clinicaltrials.gov/search?cond=gout&aggFilters=status:rec".to_owned();
        let search = Search { query: vec![link], phase: vec!["2".into()], ..Search::default() };
        let asked = search.request(true).unwrap().described().unwrap();
        assert_eq!(
            asked,
            "AREA[ConditionSearch]gout AND AREA[Phase]PHASE2 AND AREA[OverallStatus]RECRUITING"
        );
    }

    #[test]
    fn values_by_any_name() {
        let status = |text: &str| values("status", "OverallStatus", &[text.to_owned()]);
        assert_eq!(status("Active, not recruiting").unwrap(), ["ACTIVE_NOT_RECRUITING"]);
        assert_eq!(status("not-yet-recruiting").unwrap(), ["NOT_YET_RECRUITING"]);
        assert!(status("open").unwrap_err().to_string().contains("recruiting"));
    }
}

//! `trialist search`: a query, its filters, and the studies that it finds.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use index::{Answer, Facet, Options};
use query::Request;
use registry::Registry;
use serde_json::{Map, Value, json};

use super::Context;
use crate::{
    asked::{Asked, joined},
    data,
    ending::Ending,
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
    #[command(flatten)]
    asked: Asked,
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
        let linked = self.asked.request(quiet)?;
        let sort = joined(&self.sort, ",").or(linked.sort);
        Ok(Request { sort, ..linked })
    }
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

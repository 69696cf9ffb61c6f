//! `trialist related`: the studies most like one study.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use model::StudyId;
use serde_json::{Map, json};

use super::{Context, show};
use crate::{
    data,
    ending::Ending,
    format::Format,
    studies::{self, Listing, Row},
    terminal,
};

/// Find the studies most like one study, with what they share
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  trialist related NCT04562025\n  \
    trialist related NCT04562025 --format jsonl --limit 50")]
pub struct Related {
    /// The study
    #[arg(value_name = "NCT")]
    id: StudyId,
    /// At most so many studies
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Print these fields (BriefTitle, LocationCity ...)
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    fields: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Related {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let mut listing = Listing::new(&self.fields)?;
        listing.shares = true;
        let registry = data::open(&context.data, context.quiet)?;
        let Some(study) = registry.study(self.id)? else { return show::unknown(&registry, self.id) };
        let related = registry.related(study.id(), self.limit)?;
        let mut head = Map::new();
        head.insert("relatedTo".into(), json!(study.id()));
        let rows = related.iter().map(|other| {
            let study = studies::study(&registry, other.nct_id)?;
            let shares = other.shares.clone();
            Ok(Row { study, score: other.score, km: None, why: Vec::new(), shares })
        });
        let mut out = terminal::output();
        listing.print(&mut out, self.format, &head, rows)?;
        out.flush()?;
        if related.is_empty() && !context.quiet {
            terminal::note(&format!(
                "no study shares a condition or intervention heading with {}",
                study.id()
            ));
        }
        Ok(Ending::Done)
    }
}

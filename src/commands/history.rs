//! `trialist history`: the versions of a study, and what changed between them.

use std::io::Write;

use ::history::{
    Step, Timeline, Version, json,
    words::{self, Fate},
};
use anyhow::Result;
use clap::Args;
use console::style;
use eligibility::read::Reader;
use model::StudyId;

use super::{Context, show};
use crate::{
    data,
    ending::{Ending, Unreadable},
    format::Format,
    terminal,
};

/// Show what changed in a study from version to version
///
/// Field by field, and for eligibility criterion by criterion, by what it means. Only versions that were imported can
/// be told apart. Fields that merely date a version are left out; between versions of different formats only what both
/// can say is compared.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct History {
    /// The study; a former id of it will do
    #[arg(value_name = "NCT")]
    id: StudyId,
    /// Compare from this version: a number as `show --sources` has it, a day, `first` or `last`
    #[arg(long, value_name = "VERSION", requires = "to")]
    from: Option<String>,
    /// To this version
    #[arg(long, value_name = "VERSION", requires = "from")]
    to: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist history NCT04562025
  trialist history NCT04562025 --from first --to last
  trialist history NCT04562025 --from 2023-01-01 --to 2024-01-01 --format json
  trialist history NCT04562025 --format csv

Exit code 3 if there is no such study. `trialist changes` finds studies by what changed in them.";

impl History {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let registry = data::open(&context.data, context.quiet)?;
        // A study that was withdrawn or merged still has its own versions.
        let own = registry.store().study(self.id)?.is_some();
        let id = match registry.study(self.id)? {
            None => return show::unknown(&registry, self.id),
            Some(_) if own => self.id,
            Some(study) => study.id(),
        };
        let timeline = Timeline::of(registry.store(), id)?;
        let between = match (&self.from, &self.to) {
            (Some(from), Some(to)) => Some((meant(&timeline, from)?, meant(&timeline, to)?)),
            _ => None,
        };
        let mut out = terminal::output();
        let mut reader = Reader::new();
        match between {
            Some((old, new)) => self.print_step(&mut out, &Step::between(old, new), &mut reader)?,
            None => self.print(&mut out, &timeline, &mut reader)?,
        }
        out.flush()?;
        Ok(Ending::Done)
    }

    fn print_step(&self, out: &mut dyn Write, step: &Step<'_>, reader: &mut Reader) -> Result<()> {
        match self.format {
            Format::Table => table(out, step, reader),
            Format::Json => {
                Ok(writeln!(out, "{}", serde_json::to_string_pretty(&json::step(step, reader))?)?)
            }
            Format::Jsonl => Ok(writeln!(out, "{}", json::step(step, reader))?),
            Format::Csv => rows(out, std::slice::from_ref(step)),
        }
    }

    fn print(&self, out: &mut dyn Write, timeline: &Timeline, reader: &mut Reader) -> Result<()> {
        match self.format {
            Format::Table => {
                versions(out, timeline)?;
                let steps = timeline.steps();
                if steps.is_empty() {
                    writeln!(out, "no version differs from another in what is compared")?;
                }
                steps.iter().try_for_each(|step| table(out, step, reader))
            }
            Format::Json => {
                Ok(writeln!(out, "{}", serde_json::to_string_pretty(&json::timeline(timeline, reader))?)?)
            }
            Format::Jsonl => {
                let all = json::timeline(timeline, reader);
                let mut lines = all["versions"].as_array().into_iter().flatten();
                Ok(lines.try_for_each(|line| writeln!(out, "{line}"))?)
            }
            Format::Csv => rows(out, &timeline.steps()),
        }
    }
}

/// The version that somebody means; one that is not there is a wish that cannot be read.
fn meant<'t>(timeline: &'t Timeline, text: &str) -> Result<&'t Version> {
    timeline.meant(text).map_err(|error| Unreadable(error.to_string()).into())
}

fn versions(out: &mut dyn Write, timeline: &Timeline) -> Result<()> {
    for version in &timeline.versions {
        let mut notes = Vec::new();
        if version.speaks {
            notes.push("speaks");
        }
        if !version.whole {
            notes.push("a part only, not compared");
        }
        let notes = if notes.is_empty() { String::new() } else { format!("  ({})", notes.join(", ")) };
        let day = version.day.map_or_else(|| "no date".to_owned(), |day| day.to_string());
        let source = terminal::one_line(&version.source);
        writeln!(out, "version {:>3}  {day:<10}  {:?} from {source}{notes}", version.number, version.format)?;
    }
    if let Some(withdrawn) = &timeline.withdrawn {
        let day = crate::clock::written(withdrawn.noticed);
        writeln!(out, "withdrawn: missing at {} since {day}", withdrawn.source)?;
    }
    Ok(())
}

/// Columns before what a field said.
const INDENT: usize = 4;

fn table(out: &mut dyn Write, step: &Step<'_>, reader: &mut Reader) -> Result<()> {
    writeln!(out, "\n{}", terminal::bold(&format!("{} → {}", step.old.name(), step.new.name())))?;
    for noted in &step.noted {
        writeln!(out, "  {}", style(noted.kind).yellow())?;
    }
    let criteria = step.criteria(reader);
    let mut module = "";
    for field in &step.fields {
        if field.piece == "EligibilityCriteria" && criteria.is_some() {
            continue;
        }
        if module != field.module {
            module = &field.module;
            writeln!(out, "  {module}")?;
        }
        let of = if field.item.is_empty() { String::new() } else { format!(" of {}", field.item) };
        let room = terminal::width().saturating_sub(INDENT);
        writeln!(out, "    {}", terminal::cut(&terminal::one_line(&format!("{}{of}", field.label)), room))?;
        said(out, field.before.as_deref(), field.after.as_deref())?;
    }
    if let Some(criteria) = criteria.filter(|criteria| !criteria.changes.is_empty()) {
        writeln!(out, "  Criteria")?;
        for change in &criteria.changes {
            let room = terminal::width().saturating_sub(14);
            for (n, line) in terminal::wrapped(&terminal::one_line(&change.what), room).iter().enumerate() {
                let head = if n == 0 { change.kind.as_str() } else { "" };
                writeln!(out, "    {head:<9} {line}")?;
            }
        }
    }
    Ok(())
}

/// What was removed begins with `-`, what was added with `+`; of long texts only what is around the difference.
fn said(out: &mut dyn Write, before: Option<&str>, after: Option<&str>) -> Result<()> {
    let parts = words::compare(before.unwrap_or_default(), after.unwrap_or_default());
    for (mark, fate, there) in [("-", Fate::Removed, before.is_some()), ("+", Fate::Added, after.is_some())] {
        if !there {
            continue;
        }
        let text: String = parts
            .iter()
            .filter(|part| part.fate == Fate::Same || part.fate == fate)
            .map(|part| if part.fate == Fate::Same { near(&part.text) } else { part.text.clone() })
            .collect();
        for line in terminal::wrapped(&terminal::one_line(&text), terminal::width().saturating_sub(8)) {
            writeln!(out, "      {mark} {line}")?;
        }
    }
    Ok(())
}

/// The ends of a long stretch that is the same.
fn near(text: &str) -> String {
    const EACH: usize = 60;
    let count = text.chars().count();
    if count <= 3 * EACH {
        return text.to_owned();
    }
    let start: String = text.chars().take(EACH).collect();
    let end: String = text.chars().skip(count - EACH).collect();
    format!("{start} […] {end}")
}

fn rows(out: &mut dyn Write, steps: &[Step<'_>]) -> Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["from", "to", "module", "field", "item", "before", "after"])?;
    for step in steps {
        for field in &step.fields {
            csv.write_record([
                &step.old.name(),
                &step.new.name(),
                &field.module,
                field.piece,
                &field.item,
                field.before.as_deref().unwrap_or_default(),
                field.after.as_deref().unwrap_or_default(),
            ])?;
        }
    }
    Ok(csv.flush()?)
}

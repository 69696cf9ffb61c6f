//! `trialist show`: one study, as a page for people or as its record; where it came from.

mod page;
mod sources;

use std::io::Write;

use anyhow::{Result, anyhow};
use clap::Args;
use model::{Same, Study, StudyId, piece};
use registry::Registry;
use serde_json::Value;
use store::Version;

use super::Context;
use crate::{
    data,
    ending::{Ending, Unreadable},
    format::Format,
    terminal,
};

/// Show one study
///
/// As a page for people, or its record in the registry's API v2 JSON. A study may have several versions: the richest
/// newest one speaks; --sources tells which they are, and why.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  trialist show NCT04562025\n  trialist show NCT04562025 --format json\n  \
    trialist show NCT04562025 --sources\n  trialist show NCT04562025 --version 1 --raw\n\n\
    Exit code 3 if there is no such study."
)]
pub struct Show {
    /// The study: NCT05507697, ISRCTN12345678, 2022-500123-18-00 ...; a former id of it will do
    #[arg(value_name = "ID")]
    id: StudyId,
    /// Every version: all its sources, place, format, date, SHA-256; which one speaks, and why; as JSON also the
    /// facts of captured pages, with the characters they were read from
    #[arg(long, conflicts_with_all = ["raw", "issues", "version"])]
    sources: bool,
    /// What was odd in each version when it was read
    #[arg(long, conflicts_with = "raw")]
    issues: bool,
    /// The version with this number in --sources instead of the one that speaks
    #[arg(long, value_name = "N")]
    version: Option<usize>,
    /// The bytes as they were received
    #[arg(long, conflicts_with = "format")]
    raw: bool,
    /// How to print: table is the page, csv one field a line
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Show {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let registry = data::open(&context.data, context.quiet)?;
        let Some(study) = registry.study(self.id)? else { return unknown(&registry, self.id) };
        let versions = registry.versions(study.id())?;
        let mut out = terminal::output();
        if self.sources {
            sources::print(&mut out, self.format, &registry, &versions)?;
        } else if self.issues {
            let chosen = self.chosen(&versions)?;
            sources::issues(&mut out, self.format, &registry, &versions, chosen)?;
        } else if self.raw {
            let version = self.chosen(&versions)?.or_else(|| versions.iter().find(|v| v.speaks));
            out.write_all(&bytes(&registry, version)?)?;
        } else {
            let (study, pages) = match self.chosen(&versions)? {
                Some(version) => version_of(&registry, version)?,
                None => {
                    let pages = registry.pages(study.id())?.into_iter().map(|(_, page)| page).collect();
                    (study, pages)
                }
            };
            print(&mut out, self.format, &study, &pages, &registry.same(study.id()))?;
        }
        Ok(out.flush().map(|()| Ending::Done)?)
    }

    fn chosen<'v>(&self, versions: &'v [Version]) -> Result<Option<&'v Version>> {
        self.version.map(|number| version_number(versions, self.id, number)).transpose()
    }
}

/// The version of a study with this number, counted from 1.
pub fn version_number(versions: &[Version], id: StudyId, number: usize) -> Result<&Version> {
    number.checked_sub(1).and_then(|i| versions.get(i)).ok_or_else(|| {
        let has = terminal::counted(versions.len() as u64, "version", "versions");
        Unreadable(format!("{id} has {has}, and {number} is none of them")).into()
    })
}

/// Says that there is no such study, and which ids are near.
pub fn unknown(registry: &Registry, id: StudyId) -> Result<Ending> {
    let near = near_ids(&registry.store().ids()?, id);
    let near: Vec<String> = near.iter().map(StudyId::to_string).collect();
    let hint =
        if near.is_empty() { String::new() } else { format!("\n  did you mean {}?", near.join(" or ")) };
    terminal::complain(&format!("there is no study {id} in {}{hint}", registry.folder().display()));
    Ok(Ending::NotFound)
}

/// At most three ids that one slip of the finger turns into this one: a wrong digit, or two in the wrong order.
fn near_ids(ids: &[StudyId], wanted: StudyId) -> Vec<StudyId> {
    let wanted = wanted.to_string().into_bytes();
    let is_near = |id: &&StudyId| {
        let other = id.to_string().into_bytes();
        if other.len() != wanted.len() {
            return false;
        }
        let apart: Vec<usize> = (0..wanted.len()).filter(|i| wanted[*i] != other[*i]).collect();
        match apart[..] {
            [_] => true,
            [a, b] => b == a + 1 && wanted[a] == other[b] && wanted[b] == other[a],
            _ => false,
        }
    };
    ids.iter().filter(is_near).take(3).copied().collect()
}

fn bytes(registry: &Registry, version: Option<&Version>) -> Result<Vec<u8>> {
    let bytes = version.map(|v| registry.store().version_bytes(v.sequence)).transpose()?.flatten();
    bytes.ok_or_else(|| anyhow!("the bytes of this version are absent. Run `trialist doctor`"))
}

/// The study as a version has it, and what only its page says.
pub fn version_of(registry: &Registry, version: &Version) -> Result<(Study, Vec<Value>)> {
    let bytes = registry.store().version_study(version.sequence)?.unwrap_or_default();
    let json = serde_json::from_slice(&bytes)
        .map_err(|source| registry::Error::Record { id: version.id, source })?;
    let study = Study::new(json).ok_or_else(|| anyhow!("this version has no id. Run `trialist doctor`"))?;
    Ok((study, registry.store().page(version.sequence)?.into_iter().collect()))
}

fn print(out: &mut dyn Write, format: Format, study: &Study, pages: &[Value], same: &Same) -> Result<()> {
    match format {
        Format::Table => page::print(out, study, pages, same)?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(study.json())?)?,
        Format::Jsonl => writeln!(out, "{}", study.json())?,
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(out);
            csv.write_record(["field", "value"])?;
            let mut rows = Vec::new();
            piece::walk(study.json(), &mut |leaf| rows.push((leaf.piece.name, leaf.value)));
            for (name, value) in rows {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                csv.write_record([name, &text])?;
            }
            csv.flush()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_ids_are_one_slip_away() {
        let ids: Vec<StudyId> =
            ["NCT00000012", "NCT00000021", "NCT00000112", "NCT00000345"].map(|id| id.parse().unwrap()).into();
        let near = |id: &str| near_ids(&ids, id.parse().unwrap());
        assert_eq!(near("NCT00000013"), [ids[0]]);
        assert_eq!(near("NCT00000122"), [ids[2]]);
        assert_eq!(near("NCT00000102"), [ids[0], ids[2]]);
        assert_eq!(near("NCT00000354"), [ids[3]]);
        assert!(near("NCT00009999").is_empty());
    }
}

//! Where the versions of a study came from, which one speaks and why, and what was odd in them.

use std::io::Write;

use anyhow::Result;
use ingest::Converted;
use registry::Registry;
use serde_json::{Value, json};
use store::{Rank, Version};

use crate::{clock, format::Format, terminal};

/// Prints every version, oldest arrival first.
pub fn print(out: &mut dyn Write, format: Format, registry: &Registry, versions: &[Version]) -> Result<()> {
    let why = reasons(registry, versions)?;
    match format {
        Format::Table => {
            for (i, (version, why)) in versions.iter().zip(&why).enumerate() {
                print_one(out, i + 1, version, why, registry.store().page(version.sequence)?.is_some())?;
            }
        }
        Format::Json => {
            let all: Vec<Value> = with_pages(registry, versions, &why).collect::<Result<_>>()?;
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        }
        Format::Jsonl => {
            for object in with_pages(registry, versions, &why) {
                writeln!(out, "{}", object?)?;
            }
        }
        Format::Csv => print_csv(out, objects(versions, &why))?,
    }
    Ok(())
}

fn print_one(out: &mut dyn Write, number: usize, version: &Version, why: &str, page: bool) -> Result<()> {
    let speaks = if version.speaks { "  speaks" } else { "" };
    writeln!(out, "{}", terminal::bold(&format!("version {number}  {}{speaks}", format_name(version))))?;
    writeln!(out, "  why       {why}")?;
    writeln!(out, "  source    {}", terminal::one_line(&version.source.name))?;
    writeln!(out, "  place     {}", terminal::one_line(&version.place))?;
    writeln!(out, "  received  {}", clock::written(version.source.received))?;
    for seen in &version.again {
        writeln!(out, "  also in   {}", terminal::one_line(&seen.source.name))?;
        let received = clock::written(seen.source.received);
        writeln!(out, "            {}, received {received}", terminal::one_line(&seen.place))?;
    }
    writeln!(out, "  size      {}", terminal::sized(version.bytes))?;
    writeln!(out, "  sha-256   {}", hex(&version.sha256))?;
    if page {
        writeln!(
            out,
            "  page      has facts of its own: show --version {number}; with the characters they were read from: \
             --sources --format json"
        )?;
    }
    Ok(())
}

fn objects<'v>(versions: &'v [Version], why: &'v [String]) -> impl Iterator<Item = Value> + 'v {
    versions.iter().zip(why).enumerate().map(|(i, (version, why))| {
        json!({
            "version": i + 1,
            "speaks": version.speaks,
            "why": why,
            "format": version.format,
            "source": version.source.name,
            "sourceSha256": version.source.sha256.as_ref().map(|sum| hex(sum)),
            "place": version.place,
            "received": version.source.received,
            "alsoIn": version.again.iter().map(|seen| json!({
                "source": seen.source.name,
                "sourceSha256": seen.source.sha256.as_ref().map(|sum| hex(sum)),
                "place": seen.place,
                "received": seen.source.received,
            })).collect::<Vec<_>>(),
            "bytes": version.bytes,
            "sha256": hex(&version.sha256),
        })
    })
}

/// The same with what only a captured page says, and the characters of it that were read: `page`.
fn with_pages<'v>(
    registry: &'v Registry,
    versions: &'v [Version],
    why: &'v [String],
) -> impl Iterator<Item = Result<Value>> + 'v {
    versions.iter().zip(objects(versions, why)).map(|(version, mut object)| {
        if let Some(page) = registry.store().page(version.sequence)? {
            object["page"] = page;
        }
        Ok(object)
    })
}

fn print_csv(out: &mut dyn Write, rows: impl Iterator<Item = Value>) -> Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    for (i, row) in rows.enumerate() {
        let Value::Object(row) = row else { continue };
        if i == 0 {
            csv.write_record(row.keys())?;
        }
        csv.write_record(row.values().map(|v| match v {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }))?;
    }
    Ok(csv.flush()?)
}

/// For each version, why it speaks or stands back.
fn reasons(registry: &Registry, versions: &[Version]) -> Result<Vec<String>> {
    let ranks: Vec<Rank> =
        versions.iter().map(|version| rank(registry, version)).collect::<Result<_, _>>()?;
    let Some(speaker) = versions.iter().position(|v| v.speaks) else {
        return Ok(vec!["none speaks: run `trialist doctor`".into(); versions.len()]);
    };
    let reason = |i: usize| match i {
        _ if versions.len() == 1 => "the only version".to_owned(),
        i if i == speaker => "speaks: it goes before the others".to_owned(),
        i => format!("stands back: version {} {}", speaker + 1, ranks[speaker].advantage(&ranks[i])),
    };
    Ok((0..versions.len()).map(reason).collect())
}

fn rank(registry: &Registry, version: &Version) -> Result<Rank, registry::Error> {
    let bytes = registry.store().version_study(version.sequence)?.unwrap_or_default();
    let study = serde_json::from_slice(&bytes)
        .map_err(|source| registry::Error::Record { id: version.id, source })?;
    let converted = Converted { id: version.id, study, page: None, issues: Vec::new() };
    Ok(Rank::of(version.format, &converted))
}

/// Prints what was odd in each version, or in one.
pub fn issues(
    out: &mut dyn Write,
    format: Format,
    registry: &Registry,
    versions: &[Version],
    chosen: Option<&Version>,
) -> Result<()> {
    let mut rows = Vec::new();
    for (i, version) in versions.iter().enumerate() {
        if chosen.is_none_or(|c| c.sequence == version.sequence) {
            rows.extend(registry.store().issues(version.sequence)?.into_iter().map(|issue| (i + 1, issue)));
        }
    }
    let objects = rows.iter().map(|(version, issue)| {
        json!({"version": version, "kind": issue.kind, "message": issue.message, "place": issue.place})
    });
    match format {
        Format::Table if rows.is_empty() => writeln!(out, "nothing odd was found")?,
        Format::Table => {
            for (version, issue) in &rows {
                writeln!(out, "version {version}: {}", terminal::one_line(&issue.to_string()))?;
            }
        }
        Format::Json => {
            writeln!(out, "{}", serde_json::to_string_pretty(&objects.collect::<Vec<_>>())?)?;
        }
        Format::Jsonl => objects.into_iter().try_for_each(|object| writeln!(out, "{object}"))?,
        Format::Csv => print_csv(out, objects)?,
    }
    Ok(())
}

fn format_name(version: &Version) -> String {
    match serde_json::to_value(version.format) {
        Ok(Value::String(name)) => name,
        _ => format!("{:?}", version.format),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

//! Answers on standard output.

use std::io::Write;

use anyhow::Result;
use store::Kept;

use crate::{format::Format, terminal};

/// Prints answers in order.
pub fn print(kept: &[Kept], format: Format) -> Result<()> {
    let mut out = terminal::output();
    match format {
        Format::Table => kept.iter().try_for_each(|one| row(&mut out, one))?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(kept)?)?,
        Format::Jsonl => {
            for one in kept {
                writeln!(out, "{}", serde_json::to_string(one)?)?;
            }
        }
        Format::Csv => csv(&mut out, kept)?,
    }
    Ok(out.flush()?)
}

fn row(out: &mut dyn Write, kept: &Kept) -> std::io::Result<()> {
    let answer = &kept.answer;
    let whom = if answer.subject.is_empty() { "everybody" } else { &answer.subject };
    let question = terminal::one_line(&answer.question);
    writeln!(out, "{}  {whom}: {}  {question}", kept.number, said(kept))?;
    let note = if answer.note.is_empty() { String::new() } else { format!(": {}", answer.note) };
    writeln!(out, "    {}", terminal::faint(&format!("{} on {}{note}", answer.by, answer.date)))
}

/// The answer in the word that it was given in.
fn said(kept: &Kept) -> &'static str {
    match (kept.answer.about.as_str(), kept.answer.holds) {
        ("words", true) => "yes",
        ("words", false) => "no",
        (_, true) => "met",
        (_, false) => "not met",
    }
}

fn csv(out: &mut dyn Write, kept: &[Kept]) -> Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["number", "person", "about", "question", "answer", "by", "date", "note"])?;
    for one in kept {
        let answer = &one.answer;
        let number = one.number.to_string();
        csv.write_record([
            &number,
            &answer.subject,
            &answer.about,
            &answer.question,
            said(one),
            &answer.by,
            &answer.date,
            &answer.note,
        ])?;
    }
    Ok(csv.flush()?)
}

//! One person against one study.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use eligibility::evaluate::{
    Absence, Assessment, Finding, Person, Ruling, Settings, Truth, Verdict, assess, to_json,
};
use eligibility::note::NoteReader;
use eligibility::tree::Item;
use ingest::people::{FoundPerson, read_people_at};
use jiff::civil::Date;
use model::Subject;
use serde_json::{Value, json};

use super::{Assess, Context, Format};
use crate::{
    criteria::{Sources, Target},
    ending::Ending,
    terminal,
};

/// Reads the person and the study, and prints the assessment.
pub fn run(verb: &Assess, context: &Context, study: &str, subject: &Path) -> Result<Ending> {
    let note = is_note(subject);
    let settings = verb.settings(if note { Absence::Clinical } else { Absence::Open })?;
    let people =
        if note { vec![of_note(subject, settings.index_date)?] } else { people(subject, context.quiet)? };
    let Some(items) = items(context, study)? else { return Ok(Ending::NotFound) };
    let mut out = terminal::output();
    for subject in &people {
        let answers = verb.answers.about(&context.data, subject, note)?;
        let settings = Settings { answers, ..settings.clone() };
        let assessment = assess(&items, &Person::new(subject), &settings);
        match verb.format {
            Format::Table => table(&mut out, study, subject, &items, &assessment, &settings)?,
            Format::Jsonl => jsonl(&mut out, study, subject, &items, &assessment, &settings)?,
        }
    }
    out.flush()?;
    Ok(Ending::Done)
}

/// Whether a file is a note, by its name.
pub fn is_note(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("txt") || e.eq_ignore_ascii_case("md"))
}

/// The criteria of a study of the registry, or of a file.
fn items(context: &Context, study: &str) -> Result<Option<Vec<Item>>> {
    let mut items = Vec::new();
    let target: Target = study.parse()?;
    let ending = Sources::new(context, None).each(&target, &mut |source| {
        items.extend(source.into_evaluated());
        Ok(())
    })?;
    Ok((ending == Ending::Done).then_some(items))
}

/// The person that a note is about.
pub fn of_note(path: &Path, written: Date) -> Result<Subject> {
    let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Subject { id, ..NoteReader::new().read(&String::from_utf8_lossy(&bytes), written) })
}

/// The people of a file.
pub fn people(path: &Path, quiet: bool) -> Result<Vec<Subject>> {
    let mut people = Vec::new();
    let mut issues: u64 = 0;
    let _ = read_people_at(path, None, ingest::Limits::default(), &mut |found| {
        match found {
            FoundPerson::Person(subject, _) => people.push(*subject),
            FoundPerson::Issue(issue) => {
                issues += 1;
                if !quiet && issues <= 5 {
                    terminal::warn(&issue.message);
                }
            }
            FoundPerson::NotUnderstood(_) => {}
        }
        ControlFlow::Continue(())
    });
    if people.is_empty() {
        bail!(
            "{} holds no person: a FHIR bundle, OMOP tables, a Phenopacket, a form (CSV, JSON) or a note (.txt) is expected",
            path.display()
        );
    }
    Ok(people)
}

fn table(
    out: &mut dyn Write,
    study: &str,
    subject: &Subject,
    items: &[Item],
    assessment: &Assessment,
    settings: &Settings,
) -> Result<()> {
    let id = if subject.id.is_empty() { "person" } else { &subject.id };
    writeln!(out, "{}", terminal::bold(&format!("{id} and {study}: {}", verdict(assessment))))?;
    writeln!(out, "on {}; what is not recorded: {}", settings.index_date, settings.absence)?;
    if let Some(life) = &assessment.life {
        writeln!(out, "{} alive on that day", mark(life))?;
        reasons(life).iter().try_for_each(|line| writeln!(out, "      {}", terminal::faint(line)))?;
    }
    for (item, finding) in items.iter().zip(&assessment.findings) {
        let mark = mark(finding);
        writeln!(out, "{mark} {} {}  {}", item.section, item.number, terminal::one_line(&item.source))?;
        for line in reasons(finding) {
            writeln!(out, "      {}", terminal::faint(&line))?;
        }
    }
    writeln!(out)?;
    Ok(())
}

fn mark(finding: &Finding) -> &'static str {
    match finding.truth() {
        Truth::Met => "+",
        Truth::NotMet => "-",
        Truth::Unknown => "?",
    }
}

/// What a finding rests on, or lacks, a line each.
pub fn reasons(finding: &Finding) -> Vec<String> {
    let mut lines: Vec<String> = finding.evidence().iter().map(|evidence| evidence.to_string()).collect();
    lines.extend(finding.missing().iter().map(|missing| format!("wanted: {missing}")));
    if finding.is_conflict() {
        lines.push("the records contradict each other".to_owned());
    }
    lines.dedup();
    lines
}

/// A verdict in words.
pub fn verdict(found: &Assessment) -> String {
    let counted = |list: &[usize]| terminal::counted(list.len() as u64, "criterion", "criteria");
    let life = found.life.as_ref().filter(|life| life.truth() != Truth::Met);
    if let Some(life) = life {
        let died = life.evidence().iter().map(|evidence| evidence.to_string()).collect::<Vec<_>>().join("; ");
        let verdict = Ruling::from(&found.verdict).as_str();
        return format!("{verdict}, {}{died}", if life.truth() == Truth::Unknown { "perhaps " } else { "" });
    }
    match &found.verdict {
        Verdict::Ineligible { blockers } => format!("ineligible, {} not met", counted(blockers)),
        Verdict::Eligible { remaining } if remaining.is_empty() => "eligible".to_owned(),
        Verdict::Eligible { remaining } => {
            format!("eligible on all computable criteria, {} for a person", counted(remaining))
        }
        Verdict::Undetermined { unknown } => format!("undetermined, {} unknown", counted(unknown)),
    }
}

fn jsonl(
    out: &mut dyn Write,
    study: &str,
    subject: &Subject,
    items: &[Item],
    assessment: &Assessment,
    settings: &Settings,
) -> Result<()> {
    for (item, finding) in items.iter().zip(&assessment.findings) {
        let mut row: Value = json!({
            "subject": subject.id,
            "study": study,
            "indexDate": settings.index_date.to_string(),
            "absence": settings.absence.as_str(),
            "section": item.section.as_str(),
            "number": item.number.to_string(),
            "criterion": item.source,
        });
        if let (Value::Object(row), Value::Object(said)) = (&mut row, to_json(finding)) {
            row.extend(said);
        }
        writeln!(out, "{row}")?;
    }
    let (name, places) = match &assessment.verdict {
        Verdict::Ineligible { blockers } => ("ineligible", blockers),
        Verdict::Eligible { remaining } => ("eligible", remaining),
        Verdict::Undetermined { unknown } => ("undetermined", unknown),
    };
    let mut row = json!({"subject": subject.id, "study": study, "verdict": name, "criteria": places});
    if let Some(life) = &assessment.life {
        row["life"] = to_json(life);
    }
    writeln!(out, "{row}")?;
    Ok(())
}

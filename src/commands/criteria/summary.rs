//! How much of a registry's criteria can be computed, and what is left to people.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
};

use anyhow::Result;
use eligibility::{
    Node, Op, record,
    tree::{Computable, Section},
};
use matching::eligible::Candidate;
use model::StudyId;
use serde_json::{Value, json};

use crate::{
    commands::Context,
    criteria::{all_criteria, spent},
    data,
    ending::Ending,
    terminal,
};

/// Longer words are hardly ever said twice.
const LONGEST: usize = 100;
/// So many phrases are shown.
const PHRASES: usize = 50;

/// How often something was seen, and the first study with it.
#[derive(Clone, Copy, Default)]
struct Seen {
    count: u64,
    example: Option<StudyId>,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.example = [self.example, other.example].into_iter().flatten().min();
    }
}

#[derive(Default)]
struct Tally {
    studies: u64,
    without: u64,
    items: u64,
    bytes: u64,
    levels: BTreeMap<Computable, Seen>,
    whole: u64,
    kinds: BTreeMap<String, Seen>,
    phrases: HashMap<String, Seen>,
}

/// Goes through all criteria of the data folder and prints what they are.
pub fn run(context: &Context, json: bool) -> Result<Ending> {
    let registry = data::open(&context.data, context.quiet)?;
    let (parts, elapsed) = spent(|| all_criteria(&registry, context, Tally::study));
    let mut tally = Tally::default();
    parts?.into_iter().for_each(|part| tally.join(part));
    let mut out = terminal::output();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&tally.json())?)?;
    } else {
        tally.print(&mut out)?;
    }
    out.flush()?;
    if !context.quiet {
        let criteria = terminal::counted(tally.items, "criterion", "criteria");
        terminal::note(&format!("{criteria} in {:.1} s", elapsed.as_secs_f64()));
    }
    Ok(Ending::Done)
}

impl Tally {
    fn study(&mut self, id: StudyId, candidate: &Candidate) {
        self.bytes += u64::from(candidate.text_bytes);
        self.studies += 1;
        let seen = Seen { count: 1, example: Some(id) };
        let items = candidate.criteria.items.iter();
        let mut printed = items
            .filter(|item| item.section != Section::Registry && item.computable != Computable::Absent)
            .peekable();
        let without = printed.peek().is_none();
        self.without += u64::from(without);
        self.whole += u64::from(!without && printed.all(|item| item.computable == Computable::Resolved));
        for item in &candidate.criteria.items {
            if item.computable == Computable::Absent {
                continue;
            }
            let item = record::as_printed(item);
            item.expr.iter().for_each(|expr| expr.each(&mut |node| self.node(node, seen)));
            if item.section == Section::Registry {
                continue;
            }
            self.items += 1;
            self.levels.entry(item.computable).or_default().add(seen);
            for left in &item.residue {
                let phrase = normal(&left.text);
                if phrase.len() <= LONGEST {
                    self.phrases.entry(phrase).or_default().add(seen);
                }
            }
        }
    }

    fn node(&mut self, node: &Node, seen: Seen) {
        let mut add = |kind: String| self.kinds.entry(kind).or_default().add(seen);
        let source = |id: &str| match id.split_once(':') {
            Some(("text", _)) => "in no vocabulary",
            Some(("mesh", _)) => "of MeSH",
            Some(_) => "of an ontology",
            None => "of the catalogue",
        };
        match &node.op {
            Op::Cmp(c) => add(format!("value {}", source(&c.var.0))),
            Op::Coded(c) => add(format!("class or code {}", source(&c.var.0))),
            Op::Has(h) => add(format!("fact {}", source(&h.concept.0))),
            Op::Human { reason, .. } => add(format!("for a person: {}", reason.as_str().replace('_', " "))),
            Op::And(_) | Op::Or(_) | Op::Not(_) | Op::AtLeast { .. } => {
                add("and, or, not, at least".to_owned());
            }
            Op::Ambiguous(_) => add("several readings".to_owned()),
            Op::Exposure(_) | Op::Change(_) | Op::Order { .. } | Op::Washout { .. } => {
                add("course of time: exposure, change, order".to_owned());
            }
            Op::Abnormal { .. } => add("outside the reference range".to_owned()),
            Op::Guideline { .. } => add("criteria of a guideline".to_owned()),
            Op::True { .. } => add("restricts nothing".to_owned()),
        }
    }

    fn join(&mut self, other: Self) {
        self.studies += other.studies;
        self.without += other.without;
        self.items += other.items;
        self.bytes += other.bytes;
        self.whole += other.whole;
        other.levels.into_iter().for_each(|(key, seen)| self.levels.entry(key).or_default().add(seen));
        other.kinds.into_iter().for_each(|(key, seen)| self.kinds.entry(key).or_default().add(seen));
        other.phrases.into_iter().for_each(|(key, seen)| self.phrases.entry(key).or_default().add(seen));
    }

    /// The phrases seen most often; those seen equally often by the alphabet.
    fn phrases(&self) -> Vec<(&str, Seen)> {
        let mut all: Vec<(&str, Seen)> =
            self.phrases.iter().map(|(text, seen)| (text.as_str(), *seen)).collect();
        all.sort_unstable_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(b.0)));
        all.truncate(PHRASES);
        all
    }

    fn kinds(&self) -> Vec<(&str, Seen)> {
        let mut all: Vec<(&str, Seen)> =
            self.kinds.iter().map(|(text, seen)| (text.as_str(), *seen)).collect();
        all.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.count));
        all
    }

    fn print(&self, out: &mut dyn Write) -> Result<()> {
        let counted = terminal::counted;
        writeln!(
            out,
            "{} with {}; {} without criteria, {} resolved as a whole",
            counted(self.studies, "study", "studies"),
            counted(self.items, "criterion", "criteria"),
            terminal::grouped(self.without),
            terminal::grouped(self.whole),
        )?;
        let levels = self.levels.iter().map(|(level, seen)| (level.label(), *seen)).collect::<Vec<_>>();
        let nodes = self.kinds.values().map(|seen| seen.count).sum();
        section(out, "CRITERIA BY LEVEL", &levels, Some(self.items))?;
        section(out, "PARTS OF THEIR TREES, FIELDS INCLUDED", &self.kinds(), Some(nodes))?;
        section(out, "PHRASES MOST OFTEN LEFT TO PEOPLE", &self.phrases(), None)
    }

    fn json(&self) -> Value {
        let row = |key: &str, name: &str, seen: &Seen| json!({key: name, "count": seen.count, "example": seen.example});
        let levels = self.levels.iter().map(|(level, seen)| row("level", level.as_str(), seen));
        let kinds = self.kinds().into_iter().map(|(kind, seen)| row("kind", kind, &seen)).collect::<Vec<_>>();
        let phrases =
            self.phrases().into_iter().map(|(text, seen)| row("phrase", text, &seen)).collect::<Vec<_>>();
        json!({
            "studies": self.studies,
            "withoutCriteria": self.without,
            "resolvedAsAWhole": self.whole,
            "criteria": self.items,
            "bytes": self.bytes,
            "levels": levels.collect::<Vec<_>>(),
            "nodes": kinds,
            "phrases": phrases,
        })
    }
}

fn section(out: &mut dyn Write, title: &str, rows: &[(&str, Seen)], whole: Option<u64>) -> Result<()> {
    let room = terminal::width().min(100).saturating_sub(36);
    let share = if whole.is_some() { "SHARE" } else { "" };
    let head = format!("\n{}{:>12}{share:>9}  EXAMPLE", terminal::fit(title, room), "COUNT");
    writeln!(out, "{}", terminal::bold(head.trim_end()))?;
    for (name, seen) in rows {
        let share = whole
            .map(|w| format!("{:.1} %", seen.count as f64 * 100.0 / w.max(1) as f64))
            .unwrap_or_default();
        let name = terminal::fit(&terminal::one_line(name), room);
        let example = seen.example.map(|id| id.to_string()).unwrap_or_default();
        writeln!(out, "{name}{:>12}{share:>9}  {example}", terminal::grouped(seen.count))?;
    }
    Ok(())
}

/// Words in small letters, without marks at their ends.
fn normal(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    line.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_counted_in_one_spelling() {
        assert_eq!(normal("(In the opinion of\n  the Investigator);"), "in the opinion of the investigator");
    }

    #[test]
    fn the_first_study_is_the_example() {
        let seen = |id: &str| Seen { count: 1, example: id.parse().ok() };
        let mut all = seen("NCT00000005");
        all.add(seen("NCT00000003"));
        assert_eq!((all.count, all.example), (2, "NCT00000003".parse().ok()));
    }
}

//! Criteria for people: each item in English with its level, what is left to a person, and remarks.

use std::io::Write;

use anyhow::Result;
use eligibility::{
    Item, english,
    names::CatalogueNames,
    tree::{Number, Section},
};

use crate::{criteria::Source, terminal};

/// Columns of number, sign and word of the level.
const HEAD: usize = 26;
/// Lines are no longer than this, however wide the terminal.
const MOST: usize = 110;

/// Prints the items of a study or text.
pub fn print(source: &Source, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", terminal::bold(&terminal::one_line(&source.heading())))?;
    let mut section = None;
    for item in &source.criteria().items {
        if section != Some(item.section) {
            section = Some(item.section);
            writeln!(out, "{}", terminal::bold(title(item.section)))?;
        }
        print_item(item, out)?;
    }
    Ok(writeln!(out)?)
}

fn title(section: Section) -> &'static str {
    match section {
        Section::Registry => "fields of the record",
        Section::Inclusion => "inclusion",
        Section::Exclusion => "exclusion",
        Section::None => "none",
    }
}

fn print_item(item: &Item, out: &mut dyn Write) -> Result<()> {
    let room = terminal::width().min(MOST).saturating_sub(HEAD);
    let number = match item.number {
        Number::Counted(n) => n.to_string(),
        Number::Field(field) => field.to_string(),
    };
    let level = format!("{} {}", item.computable.sign(), item.computable.label());
    let english = english::plain_item(item, &CatalogueNames);
    for (n, line) in terminal::wrapped(&terminal::one_line(&english), room).iter().enumerate() {
        let head = if n == 0 { format!("{number:>9} {level}") } else { String::new() };
        writeln!(out, "{}{line}", terminal::fit(&head, HEAD))?;
    }
    let left = item.residue.iter().map(|r| (format!("? “{}”: {}", r.text, r.reason), &r.text));
    let flags = item.flags.iter().map(|f| {
        let suggest = f.suggest.as_ref().map(|s| format!(" (perhaps {s})")).unwrap_or_default();
        (format!("! “{}”: {}{suggest}", f.text, f.note), &f.text)
    });
    for (line, _) in left.chain(flags).filter(|(_, text)| !text.is_empty()) {
        for (n, line) in
            terminal::wrapped(&terminal::one_line(&line), room.saturating_sub(2)).iter().enumerate()
        {
            let indent = if n == 0 { HEAD } else { HEAD + 2 };
            writeln!(out, "{:indent$}{}", "", terminal::faint(line))?;
        }
    }
    Ok(())
}

//! `trialist answer`: what people have decided where no record can.

mod show;

use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use eligibility::{
    Item,
    evaluate::{About, Answer as Said},
};
use jiff::civil::Date;
use matching::answers::{may_hold_for_everybody, to_keep};
use store::{Answers, Store};

use super::Context;
use crate::{
    clock,
    criteria::{Sources, Target},
    data,
    ending::{Ending, Unreadable},
    format::Format,
    terminal,
};

/// Keep, list and remove what people have answered where no record decides
///
/// An answer counts for the person it is about, in every study that has the same words, wherever records leave them
/// open; it never overrules a record. `match` and `assess` use it and show whose it is.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Answer {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  trialist answer add \"able to comply with the study visits\" yes --person p17 --by \"A. Berg\"
  trialist answer add NCT05507697#exclusion-9 met --person p17 --by \"A. Berg\" --note \"phone call\"
  trialist answer add \"the site has a 3 T scanner\" yes --everybody --by \"A. Berg\"
  trialist answer list --person p17
  trialist answer remove 3";

#[derive(Debug, Subcommand)]
enum What {
    Add(Add),
    List(List),
    Remove(Remove),
}

/// Keep an answer; once for the same words and person
#[derive(Debug, Args)]
struct Add {
    /// The words that it is about, or a criterion: NCT05507697#exclusion-9
    #[arg(value_name = "WORDS|CRITERION")]
    question: String,
    /// For words whether they are so; for a criterion whether it is met (an exclusion is met when it is not so)
    #[arg(value_enum)]
    answer: Holds,
    /// Id of the person, as in their record
    #[arg(long, value_name = "ID", required_unless_present = "everybody", conflicts_with = "everybody")]
    person: Option<String>,
    /// It does not depend on the person (`the site has a scanner`)
    #[arg(long)]
    everybody: bool,
    /// Who answers
    #[arg(long, value_name = "NAME")]
    by: String,
    /// When; by default today
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Why, or from where
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Holds {
    Yes,
    No,
    Met,
    NotMet,
}

/// List the answers that are kept
#[derive(Debug, Args)]
struct List {
    /// Only those that count for this person
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Remove an answer by its number
#[derive(Debug, Args)]
struct Remove {
    /// The number, as `list` shows it
    number: i64,
}

impl Answer {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        data::must_exist(&context.data)?;
        match self.what {
            What::Add(add) => add.run(context),
            What::List(list) => {
                let kept = Store::open(&context.data)?.answers(list.person.as_deref())?;
                show::print(&kept, list.format)?;
                Ok(Ending::Done)
            }
            What::Remove(remove) => {
                if !Answers::open(&context.data)?.remove(remove.number)? {
                    bail!(
                        "there is no answer {}: `trialist answer list` shows those there are",
                        remove.number
                    );
                }
                Ok(Ending::Done)
            }
        }
    }
}

impl Add {
    fn run(self, context: &Context) -> Result<Ending> {
        let said = self.said(context)?;
        let person = self.person.as_deref().unwrap_or_default().trim();
        if person.is_empty() && !self.everybody {
            return Err(Unreadable("--person: the id of the person is empty".into()).into());
        }
        if self.everybody && !may_hold_for_everybody(&said.question) {
            let why = "these words are about the person, or may be: say whom with --person ID";
            return Err(Unreadable(why.into()).into());
        }
        let date = self.date.map_or_else(clock::today, Ok)?.to_string();
        let answer = to_keep(person, &said, &date, self.note.trim());
        if answer.phrase.is_empty() || answer.by.is_empty() {
            return Err(
                Unreadable("an answer needs the words it is about, and --by who answers".into()).into()
            );
        }
        match Answers::open(&context.data)?.add(&answer)? {
            Ok(number) => {
                if !context.quiet {
                    terminal::note(&format!("kept as answer {number}"));
                }
                Ok(Ending::Done)
            }
            Err(standing) => bail!(
                "this was answered already, by {} on {} (answer {}). To answer anew, first \
                 `trialist answer remove {}`",
                standing.answer.by,
                standing.answer.date,
                standing.number,
                standing.number
            ),
        }
    }

    /// The answer with what it is about.
    fn said(&self, context: &Context) -> Result<Said> {
        let by = self.by.trim().to_owned();
        if let Some((study, place)) = self.question.split_once('#')
            && let Target::Study(..) = study.parse::<Target>()?
        {
            let item = criterion(context, study, place)?;
            let holds = match self.answer {
                Holds::Met => true,
                Holds::NotMet => false,
                Holds::Yes | Holds::No => {
                    return Err(Unreadable("a criterion is `met` or `not-met`".into()).into());
                }
            };
            return Ok(Said { about: About::Criterion(item.section), question: item.source, holds, by });
        }
        let holds = match self.answer {
            Holds::Yes => true,
            Holds::No => false,
            Holds::Met | Holds::NotMet => {
                let why = "words alone do not say whether they are wanted: answer `yes` or `no`, or name the \
                           criterion (NCT05507697#exclusion-9)";
                return Err(Unreadable(why.into()).into());
            }
        };
        Ok(Said { about: About::Words, question: self.question.clone(), holds, by })
    }
}

/// A criterion of a study by its place: `exclusion-9`.
fn criterion(context: &Context, study: &str, place: &str) -> Result<Item> {
    let mut items = Vec::new();
    Sources::new(context, None).each(&study.parse()?, &mut |source| {
        items.extend(source.eligibility.criteria.items);
        Ok(())
    })?;
    let mut found = items.into_iter().filter(|item| format!("{}-{}", item.section, item.number) == place);
    match (found.next(), found.next()) {
        (Some(item), None) => Ok(item),
        (Some(_), Some(_)) => {
            bail!("{study} has several criteria `{place}`: answer the words instead, with `yes` or `no`")
        }
        _ => bail!("{study} has no criterion `{place}`: `trialist criteria {study}` shows them"),
    }
}

//! Which answers of people count for a person who is matched or assessed.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use eligibility::evaluate::Answer;
use matching::answers;
use model::Subject;
use store::Store;

// What a command is told of answers. (A doc comment would become the help of the verb that has it.)
#[derive(Debug, Default, Args)]
pub struct Answers {
    /// Id under which answers about the person are kept (`trialist answer`); else the id in the record. A note has none
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// Leave out what people have answered
    #[arg(long)]
    no_answers: bool,
}

impl Answers {
    /// The answers of a data folder that count for a person. The name of a note's file is not who it is about.
    pub fn about(&self, folder: &Path, subject: &Subject, is_note: bool) -> Result<Vec<Answer>> {
        if self.no_answers || !folder.join(store::FILE).exists() {
            return Ok(Vec::new());
        }
        let own = if is_note { "" } else { subject.id.as_str() };
        Ok(answers::about(&Store::open(folder)?, self.person.as_deref().unwrap_or(own))?)
    }
}

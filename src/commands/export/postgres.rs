//! A connection to a PostgreSQL server.

use std::{error::Error as _, io::Write, time::Duration};

use anyhow::Result;
use export::{Error, aact::Server};
use postgres::{Client, Config, SimpleQueryMessage};

use super::encryption::Asked;
use crate::ending::Unreadable;

/// How long a server may take to answer at first.
const PATIENCE: Duration = Duration::from_secs(15);

/// A database.
pub struct Database(Client);

impl Database {
    /// Connects. The URL may hold a password and is not repeated in errors.
    pub fn connect(url: &str) -> Result<Self> {
        let asked = Asked::of(url);
        let mut config: Config = asked.url.parse().map_err(|error| {
            Unreadable(format!("--to is no address such as postgres://USER@HOST/DATABASE: {error}"))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        config.application_name("trialist");
        let client = config.connect(asked.connector()?);
        let client = client.map_err(|error| told("cannot connect to the database server", &error))?;
        Ok(Self(client))
    }
}

impl Server for Database {
    fn run(&mut self, statements: &str) -> Result<(), Error> {
        self.0.batch_execute(statements).map_err(refused)
    }

    fn copy(&mut self, statement: &str, rows: &[u8]) -> Result<(), Error> {
        let mut copy = self.0.copy_in(statement).map_err(refused)?;
        copy.write_all(rows)?;
        copy.finish().map_err(refused)?;
        Ok(())
    }

    fn ask(&mut self, query: &str) -> Result<Vec<String>, Error> {
        let answers = self.0.simple_query(query).map_err(refused)?;
        let text = |answer: &SimpleQueryMessage| match answer {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        };
        Ok(answers.iter().filter_map(text).collect())
    }
}

fn refused(error: postgres::Error) -> Error {
    told("the database server refuses", &error)
}

/// What happened, in the server's words if it has any.
fn told(what: &str, error: &postgres::Error) -> Error {
    let why = match (error.as_db_error(), error.source()) {
        (Some(server), _) => {
            let detail = server.detail().map_or_else(String::new, |detail| format!(" ({detail})"));
            format!("{}{detail}", server.message())
        }
        (None, Some(cause)) => cause.to_string(),
        (None, None) => error.to_string(),
    };
    Error::Server(format!("{what}: {why}"))
}

//! What is asked of a database server, and what is left when something goes wrong. The real one is in the command's
//! tests.

use export::{
    Error,
    aact::{self, Server},
};

use crate::stored::{Stored, demo, with};

/// A server that keeps what is said to it, and fails at the first statement that has some words.
struct Heard {
    said: Vec<String>,
    mark: Vec<String>,
    fails_at: &'static str,
}

impl Heard {
    fn hear(&mut self, statement: &str) -> Result<(), Error> {
        self.said.push(statement.to_owned());
        let fails = !self.fails_at.is_empty() && statement.contains(self.fails_at);
        if fails { Err(Error::Server("the disk is full".to_owned())) } else { Ok(()) }
    }
}

impl Server for Heard {
    fn run(&mut self, statements: &str) -> Result<(), Error> {
        self.hear(statements)
    }

    fn copy(&mut self, statement: &str, _: &[u8]) -> Result<(), Error> {
        self.hear(statement)
    }

    fn ask(&mut self, query: &str) -> Result<Vec<String>, Error> {
        self.hear(query)?;
        Ok(match query {
            q if q.contains("advisory_lock") => vec!["true".to_owned()],
            q if q.contains("obj_description") => self.mark.clone(),
            _ => Vec::new(),
        })
    }
}

fn load(mark: &[&str], fails_at: &'static str, force: bool) -> (Result<u64, Error>, Vec<String>) {
    let stored = Stored::of(&[demo()]);
    let mark = mark.iter().map(|m| (*m).to_owned()).collect();
    let mut server = Heard { said: Vec::new(), mark, fails_at };
    let loaded = with(2, |way| aact::load(stored.store.scan(9), &mut server, force, way));
    (loaded.map(|loaded| loaded.studies), server.said)
}

fn replaces(said: &[String]) -> bool {
    said.iter().any(|s| s.contains("RENAME TO ctgov") || s.contains("DROP SCHEMA IF EXISTS ctgov"))
}

#[test]
fn the_old_data_stay_when_something_goes_wrong() {
    let (loaded, said) = load(&[], "", false);
    assert_eq!(loaded.unwrap(), 71);
    assert!(replaces(&said));
    for fails_at in ["COPY trialist_loading.\"facilities\"", "CREATE TABLE", "CREATE VIEW", "ANALYZE"] {
        let (loaded, said) = load(&[], fails_at, false);
        assert!(loaded.is_err());
        assert!(!replaces(&said), "{fails_at}");
        let end = said.iter().rev().nth(1).unwrap();
        assert!(end.contains("DROP SCHEMA IF EXISTS trialist_loading"), "{fails_at}: {end}");
    }
}

#[test]
fn an_index_that_cannot_be_made_is_told_and_no_more() {
    let (loaded, said) = load(&[], "CREATE INDEX", false);
    assert!(loaded.is_ok() && replaces(&said));
}

#[test]
fn the_schema_of_others_is_left_alone() {
    let (loaded, said) = load(&["someone's"], "", false);
    assert!(loaded.unwrap_err().to_string().contains("--force"));
    assert!(!replaces(&said) && !said.iter().any(|s| s.contains("CREATE")));
    let (loaded, said) = load(&["someone's"], "", true);
    assert!(loaded.is_ok() && replaces(&said));
}

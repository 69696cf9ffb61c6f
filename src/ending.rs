//! How the command ends: its exit codes, and what it says when it could not do what was asked.

use std::{fmt, io, process::ExitCode};

use query::QueryError;

use crate::terminal;

/// The exit codes; `--help` prints this table.
pub const CODES: &str = "\
Exit codes:
  0    it was done (a search that finds nothing is done, too)
  1    it could not be done; records were lost in an import; `doctor` found something wrong
  2    the command line or the query cannot be read
  3    no such study, no such saved search
  4    `watch` found something new
  130  stopped by Ctrl-C; what was committed is kept";

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was done.
    Done,
    /// It could not be done, or not whole.
    Failed,
    /// The command line or the query cannot be read.
    Usage,
    /// No such study or saved search.
    NotFound,
    /// Something is new.
    News,
    /// Stopped by a signal.
    Stopped,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Done => 0,
            Ending::Failed => 1,
            Ending::Usage => 2,
            Ending::NotFound => 3,
            Ending::News => 4,
            Ending::Stopped => 130,
        })
    }
}

/// A wish that cannot be read: said as it stands, with exit code 2.
#[derive(Debug)]
pub struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// Says on standard error why the command failed; a reader who went away (`| head`) is no failure.
pub fn report(error: &anyhow::Error) -> Ending {
    if is_broken_pipe(error) {
        return Ending::Done;
    }
    if let Some(query) = query_error(error) {
        terminal::complain(&query.rendered());
        return Ending::Usage;
    }
    terminal::complain(&sentence(error));
    if error.is::<Unreadable>() { Ending::Usage } else { Ending::Failed }
}

/// The error with its causes. The crates' errors name theirs in their own sentence already.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text += &format!(": {cause}");
        }
    }
    text
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        let csv = cause.downcast_ref::<csv::Error>().map(csv::Error::kind);
        cause.downcast_ref::<io::Error>().is_some_and(broken)
            || matches!(csv, Some(csv::ErrorKind::Io(e)) if broken(e))
            || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind)
                == Some(io::ErrorKind::BrokenPipe)
    })
}

fn query_error(error: &anyhow::Error) -> Option<&QueryError> {
    match error.downcast_ref::<registry::Error>() {
        Some(registry::Error::Query(query)) => Some(query),
        _ => error.downcast_ref(),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::*;

    #[test]
    fn causes_are_told_once() {
        let io = || io::Error::other("disk on fire");
        let error: anyhow::Result<()> = Err(io()).context("a.json cannot be written");
        assert_eq!(sentence(&error.unwrap_err()), "a.json cannot be written: disk on fire");
        let error: anyhow::Result<()> = Err(io()).context("no way: disk on fire");
        assert_eq!(sentence(&error.unwrap_err()), "no way: disk on fire");
    }

    #[test]
    fn a_broken_pipe_is_known_behind_any_error() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&pipe().into()));
        assert!(is_broken_pipe(&anyhow::Error::from(csv::Error::from(pipe()))));
        assert!(is_broken_pipe(&anyhow::Error::from(serde_json::Error::io(pipe()))));
        assert!(!is_broken_pipe(&anyhow!("a broken pipe in the cellar")));
    }
}

//! Why a sync ends before its end, and how to go on.

use std::{fmt, io, path::PathBuf};

/// Why a sync cannot go on. What was received before is kept; the next sync goes on from there.
#[derive(Debug)]
pub enum Error {
    /// The address of the registry is none.
    Address(String),
    /// One request failed as often as it was tried.
    GivenUp {
        /// What was asked for.
        address: String,
        /// How often.
        attempts: u32,
        /// What went wrong the last time.
        last: String,
    },
    /// The registry refuses a request.
    Refused {
        /// What was asked for.
        address: String,
        /// Its answer's status.
        status: u16,
        /// The beginning of what it says.
        said: String,
    },
    /// The registry asks to be left alone for longer than is waited.
    Later {
        /// What was asked for.
        address: String,
        /// Seconds.
        seconds: u64,
    },
    /// So many studies are missing there that a fault of the registry is likelier than that they were withdrawn.
    TooManyGone {
        /// Missing there.
        gone: u64,
        /// Studies that are held.
        held: u64,
    },
    /// The pages never fitted together: the data changed each time while they were read.
    Unsteady {
        /// How often they were read.
        times: u32,
    },
    /// A file of the sync cannot be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The data folder failed.
    Registry(registry::Error),
    /// The caller asked to stop.
    Stopped,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const GO_ON: &str =
            "What was received is kept: run the same `trialist sync` again to go on from there";
        match self {
            Self::Address(text) => {
                write!(f, "`{text}` is no address of a registry: give one as https://clinicaltrials.gov")
            }
            Self::GivenUp { address, attempts, last } => {
                write!(f, "{address} failed {attempts} times, at last: {last}. {GO_ON}")
            }
            Self::Refused { address, status, said } => {
                write!(f, "{address} is refused with status {status}")?;
                if !said.is_empty() {
                    write!(f, ": {said}")?;
                }
                write!(
                    f,
                    ". Check --from: it must be the address of a site with the registry's API v2. {GO_ON}"
                )
            }
            Self::Later { address, seconds } => {
                write!(f, "{address} asks to come back in {seconds} s. {GO_ON} after that time")
            }
            Self::TooManyGone { gone, held } => write!(
                f,
                "{gone} of {held} studies are missing there. That looks like a fault of the registry, or like \
                 another registry, so none was marked as withdrawn. If they are withdrawn: --most-gone 100"
            ),
            Self::Unsteady { times } => write!(
                f,
                "the registry's data changed each of {times} times while they were read. {GO_ON}, some minutes later"
            ),
            Self::File { path, source } => write!(
                f,
                "{} cannot be used: {source}. Make room or give leave to write; {GO_ON}",
                path.display()
            ),
            Self::Registry(error) => write!(f, "{error}"),
            Self::Stopped => write!(f, "stopped. {GO_ON}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            Self::Registry(error) => Some(error),
            _ => None,
        }
    }
}

impl From<registry::Error> for Error {
    fn from(error: registry::Error) -> Self {
        match error {
            registry::Error::Stopped => Self::Stopped,
            other => Self::Registry(other),
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Registry(error.into())
    }
}

//! What it means that nothing is recorded, as the command line says it.

use clap::ValueEnum;
use eligibility::evaluate::Absence;

/// A policy of absence; docs/criteria-language.md explains them.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "lower")]
pub enum Policy {
    Open,
    Closed,
    Clinical,
}

impl From<Policy> for Absence {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Open => Self::Open,
            Policy::Closed => Self::Closed,
            Policy::Clinical => Self::Clinical,
        }
    }
}

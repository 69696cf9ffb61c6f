//! What it means that nothing is recorded, as the command line says it.

use clap::{Args, ValueEnum};
use eligibility::evaluate::{Absence, VALUES_LAST};

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

/// How old values may be.
#[derive(Clone, Copy, Debug, Args)]
pub struct Values {
    /// For how many years a value tells how it is; an older one leaves it unknown (0: for ever)
    #[arg(long, value_name = "YEARS", default_value_t = VALUES_LAST)]
    values_last: u16,
}

impl Values {
    /// For how many years, if not for ever.
    pub fn last(self) -> Option<u16> {
        (self.values_last > 0).then_some(self.values_last)
    }
}

//! A person and studies: which are about them, which they may join, and why.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod eligible;
pub mod rank;
pub mod screen;
pub mod topic;

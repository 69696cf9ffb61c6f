//! A person and studies: which are about them, which they may join, and why.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod answers;
pub mod asked;
pub mod eligible;
pub mod filter;
pub mod json;
pub mod kept;
pub mod next;
pub mod rank;
pub mod screen;
pub mod topic;
pub mod waiting;

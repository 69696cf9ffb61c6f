//! What searches find, held against an evaluator that reads the records; how they rank; what damage does.
#![allow(clippy::unwrap_used)]

mod cases;
mod corpus;
mod oracle;
mod page;
mod queries;
mod ranking;
mod sets;
mod trouble;

//! The tables, read back by readers that share nothing with the writers but the schema.
#![allow(clippy::unwrap_used)]

mod facts;
mod read;
mod same;
mod server;
mod stored;

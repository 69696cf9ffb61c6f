//! The Essie language of the registry's search: text to typed query to resolved query.
//!
//! A query is read in two steps, each with a type of its own: [`parse()`] gives a [`typed::Node`] (nothing looked
//! up, every part with its place), [`Request::resolve`] a [`Search`] (every name looked up, every value read).
//! Both print as text that reads back as the same. No index is in sight here. How each form is read is told, and
//! tested, in `spec/query.md`.
mod adjust;
mod aggregate;
mod described;
mod error;
mod filter;
mod join;
mod link;
mod parse;
mod print;
pub mod request;
mod resolve;
pub mod resolved;
mod scope;
mod sort;
mod token;
pub mod typed;
mod value;
mod words;

pub use error::{Hint, QueryError};
pub use link::Link;
pub use parse::{MAX_DEPTH, parse};
pub use print::as_words;
pub use request::{Reading, Request};
pub use resolved::{Resolved, Search};

//! The Essie language of the registry's search: text to typed query to resolved query.
pub mod request;
pub mod resolved;
pub mod typed;

pub use request::Request;
pub use resolved::{Resolved, Search};

/// A query that cannot be read: where, why, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// The registry's parameter it stood in: `query.cond`, `filter.advanced`, `sort` ...
    pub parameter: String,
    /// The text of the parameter.
    pub text: String,
    /// The bytes of the text that are at fault.
    pub span: std::ops::Range<usize>,
    /// What is wrong, one line; the registry's own wording where it is known.
    pub message: String,
    /// Names or forms that were probably meant, best first.
    pub near: Vec<String>,
}

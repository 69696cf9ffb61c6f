//! Free text of criteria to items and trees.

mod items;
mod text;
mod token;

pub use text::Escapes;

//! What the words of a record say: numbers, quantities, times, frequencies, routes.

pub mod anchor;
mod count;
pub mod days;
pub mod frequency;
pub mod giving;
mod interval;
pub mod lexicon;
pub mod number;
pub mod phrases;
pub mod quantity;
pub mod route;
pub mod text;
pub mod time;
mod units;
pub mod window;

pub use quantity::Quantity;
pub use text::Text;
pub use time::{Point, Span, Unit};

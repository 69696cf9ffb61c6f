//! A study's record as an executable protocol: arms, doses, schedule, instruments, dates, and what is wrong with it.
//!
//! [`compile()`] reads structured fields and free text together into a [`Protocol`]. Every value has a [`Status`] and
//! the words it came from; what the record does not say is missing, never guessed. [`checks`] has a file for each check
//! of what cannot be carried out as it stands; [`json`] is the documented notation of both, [`text`] the same for
//! people.

pub mod calendar;
pub mod checks;
pub mod compare;
pub mod compile;
pub mod dosing;
pub mod export;
pub mod json;
pub mod protocol;
pub mod read;
pub mod record;
pub mod score;
pub mod text;

pub use compile::compile;
pub use protocol::{Protocol, Status};

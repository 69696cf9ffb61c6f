//! A study's record as an executable protocol: arms, doses, schedule, instruments, dates, and what is wrong with it.
pub mod read;

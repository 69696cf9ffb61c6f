//! The built command, run as a user runs it: on the demo's studies, on files made here, on the real data.
#![allow(clippy::unwrap_used)]

mod answers;
mod assess;
mod criteria;
mod damage;
mod database;
mod export;
mod find;
mod following;
mod killed;
mod matching;

mod protocol;
mod real_data;
mod score;
mod screening;
mod serving;
mod support;
mod trouble;

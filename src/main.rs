//! The `trialist` command: one file a verb in `commands/`.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod absence;
mod answers;
mod asked;
mod clock;
mod commands;
mod criteria;
mod data;
mod ending;
mod format;
mod interrupt;
mod private;
mod progress;
mod studies;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    match commands::run(cli) {
        Ok(ending) => ending.into(),
        Err(error) => ending::report(&error).into(),
    }
}

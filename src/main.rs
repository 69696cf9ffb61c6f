//! The trialist command.
fn main() {}

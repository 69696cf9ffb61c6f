//! Syncs against our own server with several states of a registry, and a proxy between the two that makes trouble.
//! Whatever happens on the way, in the end the folder has what the registry has.
#![allow(clippy::unwrap_used)]

mod faults;
mod proxy;
mod steps;
mod upstream;

//! What an author or an operator of plugins notices. One binary; needs the built guests
//! (`make plugins`).

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod asking;
mod bench;
mod compiling;
mod configuration;
mod documented;
mod faults;
mod first_party;
mod hostile;
mod interfaces;
mod languages;
mod lookups;
mod migration;
mod offline;
mod plans;
mod reload;
mod rollout;
mod stand;
mod typescript;
mod worlds;

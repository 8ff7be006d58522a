//! The binary `hotline`: one executable with a subcommand per role.

mod cli;
mod configuration;
mod demo;
mod directory;
mod exchange;
mod folders;
mod http;
mod intake;
mod legs;
mod presence;
mod recordings;
mod secret;
mod shipped;
mod tenancy;
mod up;
mod web_calls;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

//! What can be typed after `hotline`.

mod check;
mod plugin;
mod scratch;
mod sim;
mod tenant;

use crate::configuration::{Overrides, Settings};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A contact centre whose behaviour is code that its users change while calls are live.
#[derive(Debug, Parser)]
#[command(name = "hotline", version, propagate_version = true)]
#[command(after_help = "\
Examples:
  hotline up --demo                       run everything here, with a demo tenant
  hotline up --config /etc/hotline.toml   run from a configuration file
  hotline check flows/demo                check a tenant's flows without a server
  hotline plugin new my-flow --world ivr-flow   begin a plugin
  hotline sim examples/sim/demo-day.toml  simulate a day, policy against policy

Every option of `hotline up` can also stand in the configuration file, or in the
environment as HOTLINE_ and its name in capitals; the command line wins.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: SIP, media, queues, plugins, API and console
    Up(Box<Overrides>),
    /// Check the flows of a tenant's folder, as the server would, and say what is wrong where
    Check {
        /// The tenant's folder, e.g. `flows/demo`
        folder: std::path::PathBuf,
    },
    /// Manage tenants
    #[command(subcommand)]
    Tenant(tenant::Command),
    /// Write plugins: new, build, check, run, test, inspect, replay, doctor
    #[command(subcommand)]
    Plugin(plugin::Command),
    /// Simulate a contact centre with the production engine and compiled policies
    Sim(Box<sim::Command>),
    /// Compile a component from standard input to machine code on standard output
    #[command(hide = true)]
    CompilePlugin,
}

pub(crate) fn run() -> ExitCode {
    match Cli::parse().command {
        Command::Up(overrides) => match Settings::load(*overrides) {
            Ok(settings) => match crate::up::run(settings) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => fail(&error.to_string()),
            },
            Err(error) => fail(&error.to_string()),
        },
        Command::Check { folder } => check::run(&folder),
        Command::Tenant(command) => tenant::run(command),
        Command::Plugin(command) => plugin::run(command),
        Command::Sim(command) => sim::run(*command),
        Command::CompilePlugin => hotline_sandbox::compile_main(),
    }
}

/// Says what went wrong where the user looks, and gives the exit status for it.
#[expect(
    clippy::print_stderr,
    reason = "the terminal is where a command answers"
)]
pub(crate) fn fail(message: &str) -> ExitCode {
    eprintln!("hotline: {message}");
    ExitCode::FAILURE
}

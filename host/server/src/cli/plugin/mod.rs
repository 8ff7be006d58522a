//! `hotline plugin ...`: for people who write plugins. Nothing here needs a server, a network or an
//! account, but `push`.

mod build;
mod check;
mod component;
mod doctor;
mod inspect;
mod new;
mod push;
mod replay;
mod run;
mod table;
mod test;

use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a folder with a plugin that builds and has a passing test
    New(new::Options),
    /// Replace the SDK in a plugin's folder by the one of this hotline
    Sdk(new::Renew),
    /// Build a plugin into a component; finds the toolchain by itself
    Build(build::Options),
    /// Admit, compile and try a plugin as the server would, and say what is wrong where
    Check(check::Options),
    /// Run one input and print the output, the log, and fuel and memory against the limits
    Run(run::Options),
    /// Run a recorded call again: the same output, the same fuel?
    Replay(replay::Options),
    /// Run the fixtures and the laws of the contract on generated inputs
    Test(test::Options),
    /// Say what a component is and what it asks for, without running it
    Inspect(inspect::Options),
    /// Send a version to a server, and print its admission report
    Push(push::Options),
    /// Say what is missing here for building plugins, and how to get it
    Doctor(doctor::Options),
}

/// A reader that has enough (`hotline plugin inspect | head`) ends the command, without a word; a
/// program that a signal ended for that has this status too.
fn end_with_the_reader() {
    const ENDED_BY_A_CLOSED_PIPE: i32 = 128 + 13;
    let otherwise = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let told = panic.payload_as_str().unwrap_or_default();
        if told.starts_with("failed printing to stdout") && told.contains("Broken pipe") {
            std::process::exit(ENDED_BY_A_CLOSED_PIPE);
        }
        otherwise(panic);
    }));
}

pub(crate) fn run(command: Command) -> ExitCode {
    end_with_the_reader();
    let done = match command {
        Command::New(options) => new::run(&options),
        Command::Sdk(options) => new::renew(&options),
        Command::Build(options) => build::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Run(options) => run::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Inspect(options) => inspect::run(&options),
        Command::Push(options) => push::run(&options),
        Command::Doctor(options) => doctor::run(&options),
    };
    match done {
        Ok(status) => status,
        Err(problem) => super::fail(&problem),
    }
}

/// Good or not; what was not good has been printed.
fn status(good: bool) -> ExitCode {
    match good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// For programs that read.
#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
fn print_json(value: &impl serde::Serialize) -> Result<(), String> {
    let text = serde_json::to_string_pretty(value).map_err(|error| error.to_string())?;
    println!("{text}");
    Ok(())
}

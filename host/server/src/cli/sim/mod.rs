//! `hotline sim ...`: scenarios and recorded days on the virtual clock.

mod export;
mod play;

use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Command {
    #[command(subcommand)]
    recorded: Option<Recorded>,
    #[command(flatten)]
    play: play::Options,
}

#[derive(Debug, clap::Subcommand)]
enum Recorded {
    /// Export recorded traffic as a trace (CSV), without personal data
    Export(Box<export::Options>),
}

pub(crate) fn run(command: Command) -> ExitCode {
    let done = match command.recorded {
        Some(Recorded::Export(options)) => export::run(*options),
        None => play::run(&command.play),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => super::fail(&problem),
    }
}

/// Where a command writes besides the terminal.
fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("can not write {}: {error}", path.display()))
}

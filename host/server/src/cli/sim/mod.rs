//! `hotline sim ...`: scenarios and recorded days on the virtual clock.

mod play;

use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Command {
    #[command(flatten)]
    play: play::Options,
}

pub(crate) fn run(command: Command) -> ExitCode {
    match play::run(&command.play) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => super::fail(&problem),
    }
}

/// Where a command writes besides the terminal.
fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("can not write {}: {error}", path.display()))
}

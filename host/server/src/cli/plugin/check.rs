//! `hotline plugin check`.

use super::component::{Component, Refused, Which};
use hotline_sandbox::Diagnostic;
use serde::Serialize;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// For programs
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    path: String,
    good: bool,
    diagnostics: Vec<Diagnostic>,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let component = Component::find(&options.which.path)?;
    let diagnostics = match component.load(&options.which) {
        Ok(_) => Vec::new(),
        Err(Refused::Diagnostics(list)) => list,
        Err(Refused::Problem(problem)) => return Err(problem),
    };
    let report = Report {
        path: component.path.display().to_string(),
        good: diagnostics.is_empty(),
        diagnostics,
    };
    if options.json {
        super::print_json(&report)?;
    } else {
        for diagnostic in &report.diagnostics {
            println!("{diagnostic}");
        }
        if report.good {
            println!("{}: good", report.path);
        }
    }
    Ok(super::status(report.good))
}

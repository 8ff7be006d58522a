//! `make museum RELEASE=1.0`: keeps the plugins of today's tree as a release.

use clap::Parser;
use hotline_museum::builds::{Places, build_all};
use hotline_museum::{Name, Stage, add, shelf};
use std::path::PathBuf;
use std::process::ExitCode;

/// Builds every template and the first-party plugins, and keeps them with their answers as a release.
#[derive(Debug, Parser)]
struct Options {
    /// MAJOR.MINOR of the contract, e.g. 1.0
    release: Name,
    /// First-party plugins, by their packages
    plugins: Vec<String>,
    /// Where releases are kept
    #[arg(long, default_value_os_t = shelf())]
    shelf: PathBuf,
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the terminal is where a command answers"
)]
fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "it takes minutes")]
fn run(options: &Options) -> Result<String, Box<dyn std::error::Error>> {
    let folder = options.shelf.join(options.release.to_string());
    if folder.exists() {
        // Before minutes of building.
        return Err(hotline_museum::AddError::Exists(folder).into());
    }
    let places = Places::default();
    let builds = build_all(&places, &options.plugins, &|name| {
        eprintln!("Builds {name} ...")
    })?;
    eprintln!("Asks {} plugins what they answer ...", builds.len());
    let stage = Stage::open(&places.target.join("museum/compiled"))?;
    let contract = places.tree.join("wit");
    let folder = add(&options.shelf, options.release, &builds, &contract, &stage)?;
    Ok(format!(
        "{} holds {} plugins. Commit it; from now on `make test` runs them.",
        folder.display(),
        builds.len()
    ))
}

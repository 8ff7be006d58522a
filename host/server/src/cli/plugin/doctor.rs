//! `hotline plugin doctor`.

use hotline_plugin_build::Toolchain;
use hotline_scaffold::{SdkState, sdk_state};
use serde::Serialize;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A plugin's folder, whose SDK is looked at
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// For programs
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Finding {
    what: &'static str,
    good: bool,
    /// What was found, or what to do.
    says: String,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let findings = [
        program(
            "cargo",
            "Rust's build tool",
            "install Rust from https://rustup.rs",
        ),
        target(),
        sdk(options),
    ];
    let good = findings.iter().all(|finding| finding.good);
    if options.json {
        super::print_json(&findings)?;
        return Ok(super::status(good));
    }
    for finding in &findings {
        let mark = if finding.good { "ok     " } else { "missing" };
        println!("{mark}  {}: {}", finding.what, finding.says);
    }
    println!(
        "{}",
        match good {
            true => "Plugins can be built here.",
            false => "Do what is said above, then run this again.",
        }
    );
    Ok(super::status(good))
}

fn program(name: &str, what: &'static str, get: &str) -> Finding {
    let version = Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    Finding {
        what,
        good: version.is_some(),
        says: version.unwrap_or_else(|| get.to_owned()),
    }
}

fn target() -> Finding {
    let found = Toolchain::find();
    Finding {
        what: "A compiler for wasm32-unknown-unknown",
        good: found.is_ok(),
        says: match found {
            Ok(toolchain) => toolchain.to_string(),
            Err(error) => error.to_string(),
        },
    }
}

fn sdk(options: &Options) -> Finding {
    let (good, says) = match sdk_state(&options.folder) {
        SdkState::Current => (true, "is this hotline's".to_owned()),
        SdkState::Absent => (
            true,
            "none in this folder, which is no project of `hotline plugin new`".to_owned(),
        ),
        SdkState::Other { found, ours } => (
            false,
            format!("is {found}, this hotline's is {ours}: run `hotline plugin sdk`"),
        ),
    };
    Finding {
        what: "The project's SDK",
        good,
        says,
    }
}

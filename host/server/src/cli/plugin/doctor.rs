//! `hotline plugin doctor`.

use hotline_plugin_build::{NodeToolchain, Toolchain};
use hotline_scaffold::{Language, SdkState, sdk_state};
use serde::Serialize;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A plugin's folder, whose language and SDK are looked at
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

pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let all_good = |findings: &[Finding]| findings.iter().all(|finding| finding.good);
    let (mut findings, good) = match Language::of(&options.folder) {
        Some(Language::Rust) => {
            let findings = rust();
            let good = all_good(&findings);
            (findings, good)
        }
        Some(Language::TypeScript) => {
            let finding = typescript(options);
            let good = finding.good;
            (vec![finding], good)
        }
        // One language is enough for someone who has no project yet.
        None => {
            let (mut findings, node) = (rust(), node());
            let good = all_good(&findings) || node.good;
            findings.push(node);
            (findings, good)
        }
    };
    let sdk = sdk(options);
    let good = good && sdk.good;
    findings.push(sdk);
    tell(options, &findings, good)
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
fn tell(options: &Options, findings: &[Finding], good: bool) -> Result<ExitCode, String> {
    if options.json {
        super::print_json(&findings)?;
        return Ok(super::status(good));
    }
    for finding in findings {
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

fn rust() -> Vec<Finding> {
    let cargo = program(
        "cargo",
        "Rust's build tool",
        "install Rust from https://rustup.rs",
    );
    vec![cargo, target()]
}

fn node() -> Finding {
    program(
        "node",
        "Node 20.19 or newer, for plugins in TypeScript",
        "install it from https://nodejs.org",
    )
}

/// Node, the SDK and its packages.
fn typescript(options: &Options) -> Finding {
    let found = NodeToolchain::find(&options.folder);
    Finding {
        what: "A toolchain for TypeScript",
        good: found.is_ok(),
        says: match found {
            Ok(toolchain) => toolchain.to_string(),
            Err(error) => error.to_string(),
        },
    }
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

//! `hotline plugin ...`: for people who write plugins.

use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Build a plugin written in Rust into a component
    Build {
        /// The plugin's folder, the one with its Cargo.toml
        folder: PathBuf,
        /// Where to put NAME.flow.wasm or NAME.policy.wasm: a tenant's flows folder
        #[arg(long, default_value = ".", value_name = "DIR")]
        out: PathBuf,
    },
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(crate) fn run(command: Command) -> ExitCode {
    let Command::Build { folder, out } = command;
    let options = hotline_plugin_build::Options {
        directory: folder,
        packages: Vec::new(),
        out,
        naming: hotline_plugin_build::Naming::ByKind,
        allow_imports: Vec::new(),
    };
    match hotline_plugin_build::build(&options) {
        Ok(report) => {
            println!("Toolchain: {}", report.toolchain);
            for plugin in report.built {
                println!(
                    "{} ({} KiB)",
                    plugin.path.display(),
                    plugin.bytes.div_ceil(1024)
                );
            }
            ExitCode::SUCCESS
        }
        Err(error) => super::fail(&error.to_string()),
    }
}

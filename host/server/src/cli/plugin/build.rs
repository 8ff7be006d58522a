//! `hotline plugin build`.

use hotline_plugin_build::{Naming, build};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The plugin's folder, the one with its Cargo.toml or package.json
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Where to put NAME.KIND.wasm, e.g. a tenant's flows folder
    /// [default: `dist` in the plugin's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let out = options.out.clone();
    let report = build(&hotline_plugin_build::Options {
        directory: options.folder.clone(),
        packages: Vec::new(),
        out: out.unwrap_or_else(|| options.folder.join("dist")),
        naming: Naming::ByKind,
        allow_imports: Vec::new(),
    })
    .map_err(|error| error.to_string())?;
    println!("Toolchain: {}", report.toolchain);
    for plugin in report.built {
        println!(
            "{} ({} KiB)",
            plugin.path.display(),
            plugin.bytes.div_ceil(1024)
        );
    }
    Ok(ExitCode::SUCCESS)
}

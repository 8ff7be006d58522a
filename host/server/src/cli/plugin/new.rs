//! `hotline plugin new` and `hotline plugin sdk`.

use hotline_scaffold::{Language, Name, World, create, renew_sdk};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Lower-case letters, digits and hyphens, e.g. `opening-hours`; also the folder's name
    name: Name,
    /// ivr-flow, ivr-flow-with-migration, flow-language, flow-language-with-migration,
    /// routing-policy, routing-policy-with-lookups, qa-rule, qa-live, qa-rule-and-live or
    /// crm-connector
    #[arg(long, value_name = "WORLD")]
    world: World,
    /// The language to write it in: rust, or ts
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::Rust)]
    lang: Language,
    /// Where to make the folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    r#in: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Renew {
    /// The plugin's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let folder = options.r#in.join(options.name.as_str());
    let files = create(&folder, &options.name, options.world, options.lang)
        .map_err(|error| error.to_string())?;
    println!(
        "Made {} ({}, in {}):",
        folder.display(),
        options.world.summary(),
        options.lang
    );
    for file in files {
        println!("  {}", file.display());
    }
    println!("The SDK is in .hotline. Next:\n  cd {}", folder.display());
    let commands = options.lang.install_command().into_iter();
    for command in commands.chain([options.lang.test_command(), "hotline plugin test"]) {
        println!("  {command}");
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn renew(options: &Renew) -> Result<ExitCode, String> {
    renew_sdk(&options.folder).map_err(|error| error.to_string())?;
    println!("{} has this hotline's SDK now.", options.folder.display());
    Ok(ExitCode::SUCCESS)
}

//! `hotline plugin inspect`.

use super::component::Component;
use hotline_plugin_build::Surface;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The plugin's folder, which is built first, or a component
    #[arg(default_value = ".", value_name = "PLUGIN")]
    path: PathBuf,
    /// For programs
    #[arg(long)]
    json: bool,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let component = Component::find(&options.path)?;
    let path = component.path.display().to_string();
    let surface = Surface::of(&component.bytes).map_err(|error| format!("{path} {error}"))?;
    let manifest = component.manifest.as_ref();
    let permissions = manifest.map(|manifest| manifest.permissions());
    let permissions = permissions.unwrap_or_default();
    if options.json {
        let sentences: Vec<&str> = permissions.iter().map(|one| one.en.as_str()).collect();
        super::print_json(&serde_json::json!({
            "path": path,
            "bytes": component.bytes.len(),
            "manifest": manifest,
            "permissions": sentences,
            "imports": surface.imports,
            "exports": surface.exports,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    match manifest {
        Some(it) => {
            println!(
                "{} {}, {} (SDK {}), {} KiB",
                it.name,
                it.version,
                it.world,
                it.sdk,
                component.bytes.len().div_ceil(1024)
            );
            if !it.description.en.is_empty() {
                println!("{}", it.description.en);
            }
        }
        None => println!(
            "{path}, {} KiB, says nothing about itself",
            component.bytes.len().div_ceil(1024)
        ),
    }
    let lists = [
        (
            "What it may do",
            permissions.iter().map(|one| one.en.clone()).collect(),
        ),
        ("Imports", surface.imports),
        ("Exports", surface.exports),
    ];
    for (title, entries) in lists {
        println!("\n{title}:");
        for entry in &entries {
            println!("  {entry}");
        }
        if entries.is_empty() {
            println!("  nothing");
        }
    }
    Ok(ExitCode::SUCCESS)
}

//! `hotline plugin replay`.

use super::component::{Component, Loaded, Which};
use hotline_conformance::differences;
use hotline_sandbox::Invocation;
use hotline_vocabulary::plugin::FaultKind;
use serde_json::Value;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A recorded call, as JSON
    #[arg(value_name = "RECORDED.json")]
    recorded: PathBuf,
    #[command(flatten)]
    which: Which,
    /// Of a recorded call of a script: the script language that compiles and runs it, a folder or a
    /// component (NAME.language.wasm) [default: the one that comes with Hotline]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<PathBuf>,
    /// For programs
    #[arg(long)]
    json: bool,
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let file = options.recorded.display();
    let text = std::fs::read_to_string(&options.recorded)
        .map_err(|error| format!("can not read {file}: {error}"))?;
    let recorded: Invocation = serde_json::from_str(&text)
        .map_err(|error| format!("{file}: {error}; a recorded call of a plugin is expected"))?;
    let is_script = recorded
        .version
        .as_ref()
        .is_some_and(|version| version.artifact.is_some());
    let loaded = match is_script {
        true => Loaded::of_script(&options.which.path, options.language.as_deref(), &recorded)?,
        false => Component::find(&options.which.path)?.load_as(&recorded)?,
    };
    let verdict = loaded.plugin.invoke(&recorded.question);
    let json = |outcome| serde_json::to_value(outcome).unwrap_or(Value::Null);
    let found = differences(&json(&recorded.outcome), &json(&verdict.output));
    let (before, now) = (recorded.usage.fuel, verdict.usage.fuel);
    let same_code = recorded
        .version
        .as_ref()
        .is_none_or(|version| version.component == loaded.plugin.identity().component);
    if options.json {
        super::print_json(&serde_json::json!({
            "same_output": found.is_empty(),
            "differences": found,
            "same_version": same_code,
            "fuel_recorded": before,
            "fuel": now,
            "output": verdict.output,
            "log": verdict.log,
        }))?;
    } else {
        if let Err(fault) = &verdict.output {
            println!("It failed: {}: {}.", fault.kind.as_str(), fault.message);
            // The last line of a trap has its frames, the innermost first.
            let frames = verdict.log.last().map(|line| line.fields.as_slice());
            for (_, frame) in frames.unwrap_or_default() {
                println!("  in {frame}");
            }
        }
        match found.as_slice() {
            [] => println!("The same output."),
            found => println!("Another output:\n  {}", found.join("\n  ")),
        }
        let outcome = recorded.outcome.as_ref().err();
        if outcome.is_some_and(|fault| fault.kind == FaultKind::TimedOut) {
            println!(
                "The host's clock had stopped it, and a replay has none: it goes on until it ends or \
                 its fuel does. It was at {before} units when it was stopped; what it does until then \
                 takes too long."
            );
        }
        match before == now {
            true => println!("The same fuel: {now}."),
            false => println!("Fuel: {before} then, {now} now."),
        }
        if !same_code {
            println!("It was recorded of another version of the plugin.");
        }
    }
    Ok(super::status(
        found.is_empty() && (before == now || !same_code),
    ))
}

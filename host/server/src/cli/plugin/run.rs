//! `hotline plugin run`.

use super::component::{Component, Which};
use super::table;
use hotline_conformance::{Call, Case, Fixture, Kind, Metered, Move, sample_call, sample_question};
use hotline_sandbox::PluginKind;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hotline plugin run                                    an ordinary input
  hotline plugin run --call 'press 1, position 2, hang up'
  hotline plugin run --sample > input.json              an input to edit
  hotline plugin run --input input.json")]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// A fixture: JSON with `call` or `ask` [default: an ordinary input]
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["call", "function"])]
    input: Option<PathBuf>,
    /// What happens in a call through a flow, in order
    #[arg(long, value_name = "MOVES", value_delimiter = ',')]
    call: Vec<Move>,
    /// Which function of a policy: plan, rank or decide [default: decide]
    #[arg(long)]
    function: Option<String>,
    /// Print the input instead of running it
    #[arg(long)]
    sample: bool,
    /// For programs
    #[arg(long)]
    json: bool,
}

pub(super) fn laws_of(kind: PluginKind) -> Result<Kind, String> {
    match kind {
        PluginKind::Flow => Ok(Kind::Flow),
        PluginKind::Policy => Ok(Kind::Policy),
        PluginKind::Qa | PluginKind::Connector => Err(format!(
            "a {kind} can not be played here yet; `check`, `inspect` and `push` know it"
        )),
    }
}

pub(super) fn fixture(path: &Path) -> Result<Fixture, String> {
    let file = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("can not read {file}: {error}"))?;
    Fixture::read(&file, &text).map_err(|error| error.to_string())
}

fn case(options: &Options, kind: Kind) -> Result<Case, String> {
    if let Some(path) = &options.input {
        return Ok(fixture(path)?.case);
    }
    match kind {
        Kind::Flow if options.call.is_empty() => Ok(Case::Call(Box::new(sample_call()))),
        Kind::Flow => Ok(Case::Call(Box::new(Call {
            moves: options.call.clone(),
            ..Call::default()
        }))),
        Kind::Policy => {
            let function = options.function.as_deref().unwrap_or("decide");
            let question = sample_question(function).ok_or_else(|| {
                format!(
                    "a policy has no function `{function}`; it has {}",
                    kind.functions().join(", ")
                )
            })?;
            Ok(Case::Ask(Box::new(question)))
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let component = Component::find(&options.which.path)?;
    let case = case(options, laws_of(component.kind()?)?)?;
    if options.sample {
        print!("{}", Fixture::of(case).text());
        return Ok(ExitCode::SUCCESS);
    }
    let loaded = component.load(&options.which)?;
    let metered = Metered::new(&loaded.plugin);
    let played = case.play(&metered);
    let log = loaded.plugin.log();
    let budget = metered.into_budget().lines();
    if options.json {
        let (output, problem) = match &played {
            Ok(played) => (Some(&played.output), None),
            Err(problem) => (None, Some(problem)),
        };
        super::print_json(&serde_json::json!({
            "output": output, "problem": problem, "log": log, "budget": budget,
        }))?;
        return Ok(super::status(played.is_ok()));
    }
    match &played {
        Ok(played) => match &played.output {
            Value::Array(lines) if lines.iter().all(Value::is_string) => {
                for line in lines.iter().filter_map(Value::as_str) {
                    println!("{line}");
                }
            }
            answer => super::print_json(answer)?,
        },
        Err(problem) => println!("Failed: {problem}"),
    }
    if !log.is_empty() {
        println!("\nLog:");
        for line in &log {
            println!("  {:?} {} {:?}", line.level, line.message, line.fields);
        }
    }
    println!("\n{}", table::of(&budget));
    Ok(super::status(played.is_ok()))
}

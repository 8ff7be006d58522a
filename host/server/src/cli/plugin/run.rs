//! `hotline plugin run`.

use super::component::{Component, Which};
use super::table;
use hotline_conformance::{Call, Case, Fixture, Kind, Metered, Move, Reply, sample};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  hotline plugin run                                    an ordinary input
  hotline plugin run --call 'press 1, position 2, hang up'
  hotline plugin run --said 'agent: Good morning.' --said 'customer: Hello.'
  hotline plugin run --function find-contact --reply 'timed out' --reply '200 []'
  hotline plugin run --sample > input.json              an input to edit
  hotline plugin run --input input.json")]
pub(crate) struct Options {
    #[command(flatten)]
    which: Which,
    /// A fixture: JSON with `call`, `ask`, `conversation` or `errand` [default: an ordinary input]
    #[arg(long, value_name = "FILE.json", conflicts_with_all = ["call", "function", "said", "reply"])]
    input: Option<PathBuf>,
    /// What happens in a call through a flow, in order: `press 12`, `press nothing`, `position 2`,
    /// `agent connected`, `timer`, `lookup finds {"a": 1}`, `hang up` and others
    #[arg(long, value_name = "MOVES", value_delimiter = ',')]
    call: Vec<Move>,
    /// What is said in a contact that a QA rule judges or hears; once for each turn
    #[arg(long, value_name = "WHO: WORDS")]
    said: Vec<String>,
    /// What the other system says to a connector's request; once for each request, the last for all
    /// that follow
    #[arg(long, value_name = "REPLY")]
    reply: Vec<Reply>,
    /// Which function: plan, rank or decide of a policy, evaluate or observe of a QA rule, or which
    /// operation of a connector [default: the most telling one]
    #[arg(long)]
    function: Option<String>,
    /// Print the input instead of running it
    #[arg(long)]
    sample: bool,
    /// For programs
    #[arg(long)]
    json: bool,
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
    let only = |given: bool, option: &str, whose: &str| match given {
        true => Err(format!("`--{option}` is for {whose}; this is a {kind}")),
        false => Ok(()),
    };
    let is_rule = matches!(kind, Kind::QaRule | Kind::QaLive | Kind::QaRuleAndLive);
    only(
        !options.call.is_empty() && kind != Kind::Flow,
        "call",
        "a flow",
    )?;
    only(!options.said.is_empty() && !is_rule, "said", "a QA rule")?;
    only(
        !options.reply.is_empty() && kind != Kind::Connector,
        "reply",
        "a connector",
    )?;
    if !options.said.is_empty() {
        return Case::of_lines(kind, options.function.as_deref(), &options.said)
            .map_err(|error| error.to_string());
    }
    let mut case = sample(kind, options.function.as_deref()).map_err(|error| error.to_string())?;
    match &mut case {
        Case::Call(call) if !options.call.is_empty() => {
            **call = Call {
                moves: options.call.clone(),
                ..Call::default()
            };
        }
        Case::Errand(errand) if !options.reply.is_empty() => {
            errand.replies.clone_from(&options.reply);
        }
        _ => {}
    }
    Ok(case)
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn run(options: &Options) -> Result<ExitCode, String> {
    let component = Component::find(&options.which.path)?;
    let case = case(options, component.laws()?)?;
    if options.sample {
        print!("{}", Fixture::of(case).text());
        return Ok(ExitCode::SUCCESS);
    }
    let loaded = component.load(&options.which)?.on_a_script()?;
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

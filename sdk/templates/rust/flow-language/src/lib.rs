//! A script language of two words, one line each:
//!
//! ```text
//! say Welcome to the workshop.
//! queue support
//! ```
//!
//! [`Compiler::check`] turns a script into an artifact once, on save, or says what is wrong where.
//! The flow then reads the artifact at each step. In a tenant's flows folder the plugin is
//! `NAME.language.wasm`, and `SCRIPT.flow.NAME` is written in it.

use hotline_sdk::flow_language::{Checked, Compiler, Diagnostic, Source, artifact};
use hotline_sdk::ivr::{
    Call, Event, Fault, Flow, Node, RawFlow, Step, StepInput, StepOutput, node, queue, step_flow,
};
use serde::{Deserialize, Serialize};

/// The artifact, as JSON.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Script {
    say: Vec<String>,
    queue: Option<String>,
}

impl Script {
    fn read() -> Script {
        serde_json::from_slice(&artifact()).unwrap_or_default()
    }
}

/// The plugin: a compiler, and a flow that runs what it compiled.
#[derive(Debug)]
pub struct Plugin;

impl Compiler for Plugin {
    fn check(sources: Vec<Source>) -> Result<Checked, Fault> {
        let mut script = Script::default();
        let mut diagnostics = Vec::new();
        // The script comes first.
        for source in sources.iter().take(1) {
            for (number, line) in (1..).zip(source.text.lines()) {
                match line.trim().split_once(' ').unwrap_or((line.trim(), "")) {
                    ("", _) => {}
                    ("say", words) if !words.is_empty() => script.say.push(words.to_owned()),
                    ("queue", name) if !name.is_empty() => script.queue = Some(name.to_owned()),
                    (word, _) => diagnostics.push(unknown(source, number, word)),
                }
            }
        }
        if !diagnostics.is_empty() {
            return Ok(Checked::refused(diagnostics));
        }
        let artifact = serde_json::to_vec(&script)
            .map_err(|error| Fault::new("script.artifact", error.to_string()))?;
        Ok(Checked::sound(artifact, Vec::new()))
    }
}

fn unknown(source: &Source, line: u32, word: &str) -> Diagnostic {
    let message = format!("`{word}` begins no line of this language");
    Diagnostic::error("script.unknown-line", source, (line, 1), message)
        .of_length(word.chars().count())
        .hint("write `say WORDS` or `queue NAME`")
}

impl RawFlow for Plugin {
    fn step(input: StepInput) -> Result<StepOutput, Fault> {
        step_flow::<Script>(input)
    }

    fn describe() -> Vec<Node> {
        let script = Script::read();
        vec![
            node("say", "say", "What is said", &[("next", "queue")]),
            node(
                "queue",
                "queue",
                script.queue.as_deref().unwrap_or("hang up"),
                &[],
            ),
        ]
    }
}

/// What the call waits for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Place {
    #[default]
    Start,
    Queued,
    Leaving,
}

impl Flow for Script {
    type State = Place;

    fn step(_: &Call, place: Place, event: Event) -> Result<Step<Place>, Fault> {
        let script = Script::read();
        Ok(match (place, event) {
            (Place::Start, Event::Started) => {
                let greeted = script
                    .say
                    .iter()
                    .fold(Step::to(Place::Leaving).answer(), |step, words| {
                        step.play(words.as_str())
                    });
                match &script.queue {
                    Some(name) => greeted.enqueue(queue(name)).then(Place::Queued),
                    None => greeted,
                }
            }
            (Place::Queued, Event::Agent(what)) if what == "connected" => Step::wait(Place::Queued),
            // The queue is full, closed, or gave up on them.
            (Place::Queued, Event::Failed(_) | Event::Agent(_)) => {
                Step::to(Place::Leaving).play("Please call again later.")
            }
            (Place::Leaving, Event::Done(_)) => Step::to(Place::Leaving).hang_up(),
            (place, _) => Step::wait(place),
        })
    }
}

hotline_sdk::export_interpreter!(Plugin);

/// Tested natively: the bench plays the host.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::{FlowBench, with_surroundings};

    fn check(text: &str) -> Checked {
        Plugin::check(vec![Source::new("main.flow.my-plugin", text)]).expect("a verdict")
    }

    #[test]
    fn a_script_is_compiled_and_run() {
        let checked = check("say Welcome.\nqueue support\n");
        with_surroundings(|around| around.artifact = checked.artifact.expect("it is sound"));
        let mut call = FlowBench::new(Plugin::step);
        call.start();
        assert!(call.heard().contains("Welcome."));
        assert_eq!(call.queued(), Some("support"));
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let checked = check("say Welcome.\nsing a song\n");
        assert_eq!(checked.artifact, None);
        assert_eq!(checked.diagnostics[0].line, 2);
        assert!(checked.diagnostics[0].message.contains("`sing`"));
    }
}

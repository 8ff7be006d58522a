//! A script language of three words, one line each:
//!
//! ```text
//! say Welcome to the workshop.
//! queue support
//! sorry Please call again later.
//! ```
//!
//! [`Compiler::check`] turns a script into an artifact once, on save, or says what is wrong where.
//! The flow then reads the artifact at each step. In a tenant's flows folder the plugin is
//! `NAME.language.wasm`, and `SCRIPT.flow.NAME` is written in it.
//!
//! Calls in progress go on in a script that was saved meanwhile, or with a new build of this plugin:
//! it is asked about each of them, once, at the call's next event ([`Script::migrate`]).

use hotline_sdk::flow_language::{Checked, Compiler, Diagnostic, Source, artifact};
use hotline_sdk::ivr::{
    Call, Event, Fault, Flow, Node, RawFlow, Step, StepInput, StepOutput, node, queue, step_flow,
};
use hotline_sdk::migration::{
    Earlier, Migrate, MigrateInput, Migrated, Moved, RawMigrate, migrate_flow,
};
use serde::{Deserialize, Serialize};

/// The artifact, as JSON.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Script {
    say: Vec<String>,
    queue: Option<String>,
    /// For whom nobody could be found.
    sorry: Option<String>,
}

impl Script {
    fn read() -> Script {
        serde_json::from_slice(&artifact()).unwrap_or_default()
    }

    fn sorry(&self) -> &str {
        self.sorry.as_deref().unwrap_or("Please call again later.")
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
                    ("sorry", words) if !words.is_empty() => script.sorry = Some(words.to_owned()),
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
        .hint("write `say WORDS`, `queue NAME` or `sorry WORDS`")
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

impl RawMigrate for Plugin {
    fn migrate(input: MigrateInput) -> Result<Migrated, Fault> {
        migrate_flow::<Script>(input)
    }
}

/// What the call waits for. Bytes have no names: a shape that is new goes to the end of the list, and
/// none is changed or removed for as long as there may be calls that are in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Place {
    #[default]
    Start,
    Queued {
        queue: String,
    },
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
                match script.queue {
                    Some(name) => greeted
                        .enqueue(queue(&name))
                        .then(Place::Queued { queue: name }),
                    None => greeted,
                }
            }
            (place @ Place::Queued { .. }, Event::Agent(what)) if what == "connected" => {
                Step::wait(place)
            }
            // The queue is full, closed, or gave up on them.
            (Place::Queued { .. }, Event::Failed(_) | Event::Agent(_)) => {
                Step::to(Place::Leaving).play(script.sorry())
            }
            (Place::Leaving, Event::Done(_)) => Step::to(Place::Leaving).hang_up(),
            (place, _) => Step::wait(place),
        })
    }
}

impl Migrate for Script {
    /// Who waits in a queue to which the new script leads too goes on in it. Everybody else ends with
    /// the script that they began with: what they heard said so.
    fn migrate(earlier: &Earlier) -> Result<Moved<Place>, Fault> {
        let place = earlier.state()?;
        Ok(match &place {
            Place::Queued { queue } if Script::read().queue.as_ref() == Some(queue) => {
                Moved::To(place)
            }
            _ => Moved::Stay,
        })
    }
}

hotline_sdk::export_interpreter_with_migration!(Plugin);

/// Tested natively: the bench plays the host.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::{FlowBench, with_surroundings};

    fn check(text: &str) -> Checked {
        Plugin::check(vec![Source::new("main.flow.my-plugin", text)]).expect("a verdict")
    }

    /// The script that the host has from now on.
    fn save(text: &str) {
        let artifact = check(text).artifact.expect("it is sound");
        with_surroundings(|around| around.artifact = artifact);
    }

    /// A call that waits in the queue `support`.
    fn queued() -> FlowBench {
        save("say Welcome.\nqueue support\n");
        let mut call = FlowBench::new(Plugin::step);
        call.start();
        assert!(call.heard().contains("Welcome."));
        assert_eq!(call.queued(), Some("support"));
        call
    }

    #[test]
    fn a_script_is_compiled_and_run() {
        let mut call = queued();
        call.agent("overflowed");
        assert!(call.heard().contains("Please call again later."));
        assert!(call.is_over());
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let checked = check("say Welcome.\nsing a song\n");
        assert_eq!(checked.artifact, None);
        assert_eq!(checked.diagnostics[0].line, 2);
        assert!(checked.diagnostics[0].message.contains("`sing`"));
    }

    #[test]
    fn who_waits_goes_on_in_a_script_that_leads_to_the_same_queue() {
        let mut call = queued();
        save("say Good day.\nqueue support\nsorry We are closing.\n");
        call.reload(Plugin::step, Plugin::migrate);
        call.agent("overflowed");
        assert!(call.heard().contains("We are closing."));
    }

    #[test]
    fn who_waits_elsewhere_stays_with_the_script_they_began_with() {
        let mut call = queued();
        save("queue sales\n");
        call.reload(Plugin::step, Plugin::migrate).progress(1, None);
        assert!(call.transcript().contains("stays on its version"));
    }
}

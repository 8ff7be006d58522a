//! A flow language of three statements, one a line, for offices whose telephone needs no more:
//!
//! ```text
//! say Welcome to the workshop.
//! press 1 sales
//! press 2 bicycles
//! queue support
//! ```
//!
//! What is said, which key leads to which queue, and where everybody else goes; without a `queue` the
//! call ends. `hotline plugin build examples/lines --out flows/demo` puts `lines.language.wasm` there:
//! from then on `main.flow.lines` beside it is a flow.
//!
//! A language is two things in one component. The [`Compiler`] turns a script into an artifact once, on
//! save, or says what is wrong at which line. The [`RawFlow`] is asked at each event of a call, reads
//! the artifact, and remembers in its state where the call is.

use hotline_sdk::flow_language::{Checked, Compiler, Diagnostic, Source, artifact};
use hotline_sdk::ivr::{
    Call, Event, Fault, Flow, Node, RawFlow, Step, StepInput, StepOutput, keys, node, queue,
    step_flow,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The artifact, as JSON.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Script {
    say: Vec<String>,
    /// The queue behind each key.
    press: BTreeMap<char, String>,
    /// For whom no key leads anywhere.
    queue: Option<String>,
}

/// A step has at most 32 actions, and an announcement is one.
const MOST_SAID: usize = 20;

/// The plugin.
#[derive(Debug)]
pub struct Lines;

/// What is wrong with a line, and what to do about it.
type Mistake = (&'static str, String, &'static str);

impl Compiler for Lines {
    /// All mistakes in one go: whoever writes a script sees them together.
    fn check(sources: Vec<Source>) -> Result<Checked, Fault> {
        let mut script = Script::default();
        let mut found = Vec::new();
        // The script comes first; this language includes nothing.
        for source in sources.iter().take(1) {
            for (number, line) in (1..).zip(source.text.lines()) {
                if let Err((code, message, hint)) = read(line.trim(), &mut script) {
                    let mistake = Diagnostic::error(code, source, (number, 1), message)
                        .of_length(line.chars().count())
                        .hint(hint);
                    found.push(mistake);
                }
            }
            if found.is_empty() && script.queue.is_none() && script.press.is_empty() {
                let end = u32::try_from(source.text.lines().count()).unwrap_or(u32::MAX);
                let message = "nobody is ever connected: the call ends after the announcement";
                found.push(Diagnostic::warning(
                    "lines.no-queue",
                    source,
                    (end.max(1), 1),
                    message,
                ));
            }
        }
        let is_error = |one: &Diagnostic| one.code != "lines.no-queue";
        if found.iter().any(is_error) {
            return Ok(Checked::refused(found));
        }
        let artifact = serde_json::to_vec(&script)
            .map_err(|error| Fault::new("lines.artifact", error.to_string()))?;
        Ok(Checked::sound(artifact, found))
    }
}

/// Takes a line into the script.
fn read(line: &str, script: &mut Script) -> Result<(), Mistake> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match (word, rest.trim()) {
        ("", _) => Ok(()),
        ("say", "") => Err((
            "lines.nothing-said",
            "says nothing".to_owned(),
            "write `say WORDS`",
        )),
        ("say", _) if script.say.len() >= MOST_SAID => Err((
            "lines.too-much-said",
            format!(
                "is announcement {} of at most {MOST_SAID}",
                script.say.len() + 1
            ),
            "say it in fewer lines",
        )),
        ("say", words) => {
            script.say.push(words.to_owned());
            Ok(())
        }
        ("press", rest) => {
            let (key, queue) = rest.split_once(' ').unwrap_or((rest, ""));
            let mut letters = key.chars();
            match (letters.next(), letters.next(), queue.trim()) {
                (Some(key @ ('0'..='9' | '*')), None, queue) if !queue.is_empty() => {
                    match script.press.insert(key, queue.to_owned()) {
                        None => Ok(()),
                        Some(before) => Err((
                            "lines.key-twice",
                            format!("key {key} leads to `{before}` already"),
                            "give each key one queue",
                        )),
                    }
                }
                _ => Err((
                    "lines.bad-key",
                    format!("`{rest}` is not a key and a queue"),
                    "write `press KEY QUEUE`, where KEY is a digit or `*`",
                )),
            }
        }
        ("queue", name) if !name.is_empty() && script.queue.is_none() => {
            script.queue = Some(name.to_owned());
            Ok(())
        }
        ("queue", "") => Err((
            "lines.no-name",
            "names no queue".to_owned(),
            "write `queue NAME`",
        )),
        ("queue", _) => Err((
            "lines.queue-twice",
            "is the second `queue`".to_owned(),
            "everybody for whom no key leads anywhere goes to one queue",
        )),
        (word, _) => Err((
            "lines.unknown-word",
            format!("`{word}` begins no line of this language"),
            "a line begins with `say`, `press` or `queue`",
        )),
    }
}

impl Script {
    /// What the step at hand shall interpret; empty when the host tries the language alone.
    fn present() -> Script {
        serde_json::from_slice(&artifact()).unwrap_or_default()
    }

    fn greeting(&self) -> Step<Place> {
        let greeted = Step::to(Place::Leaving).passing("greeting").answer();
        let said = |step: Step<Place>, words: &String| step.play(words.as_str());
        if self.press.is_empty() {
            return self.lead(self.say.iter().fold(greeted, said), self.queue.as_deref());
        }
        // The last words may be interrupted by a key.
        let (last, before) = self
            .say
            .split_last()
            .map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
        let asked = keys(1).first_within_ms(8_000);
        let asked = match last {
            "" => asked,
            words => asked.saying(words),
        };
        before
            .iter()
            .fold(greeted, said)
            .collect(asked)
            .then(Place::Choosing)
    }

    fn lead(&self, so_far: Step<Place>, to: Option<&str>) -> Step<Place> {
        match to {
            Some(name) => so_far
                .passing(name)
                .enqueue(queue(name))
                .then(Place::Queued),
            None => so_far.then(Place::Leaving).hang_up(),
        }
    }
}

/// What the call waits for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Place {
    #[default]
    Start,
    Choosing,
    Queued,
    Leaving,
}

impl Flow for Script {
    type State = Place;

    fn step(_: &Call, place: Place, event: Event) -> Result<Step<Place>, Fault> {
        let script = Script::present();
        Ok(match (place, event) {
            (Place::Start, Event::Started) => script.greeting(),
            (Place::Choosing, Event::Input(input)) => {
                let key = input.digits.chars().next();
                let chosen = key.and_then(|key| script.press.get(&key));
                let to = chosen.or(script.queue.as_ref()).map(String::as_str);
                script.lead(Step::to(Place::Leaving), to)
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

impl RawFlow for Lines {
    fn step(input: StepInput) -> Result<StepOutput, Fault> {
        step_flow::<Script>(input)
    }

    fn describe() -> Vec<Node> {
        let Script { say, press, queue } = Script::present();
        let keys: Vec<(String, &str)> = press
            .iter()
            .map(|(key, queue)| (key.to_string(), queue.as_str()))
            .collect();
        let else_to = queue.iter().map(|queue| ("else", queue.as_str()));
        let ways: Vec<(&str, &str)> = keys
            .iter()
            .map(|(key, queue)| (key.as_str(), *queue))
            .chain(else_to)
            .collect();
        let kind = if press.is_empty() { "say" } else { "menu" };
        let mut queues: Vec<&str> = ways.iter().map(|(_, queue)| *queue).collect();
        queues.sort_unstable();
        queues.dedup();
        let queues = queues
            .into_iter()
            .map(|queue| node(queue, "queue", queue, &[]));
        let title: String = say.join(" ").chars().take(40).collect();
        std::iter::once(node("greeting", kind, &title, &ways))
            .chain(queues)
            .collect()
    }
}

hotline_sdk::export_interpreter!(Lines);

/// Tested natively: the bench plays the host.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::{FlowBench, with_surroundings};

    const WORKSHOP: &str = include_str!("../example.flow");

    fn check(text: &str) -> Checked {
        Lines::check(vec![Source::new("main.flow.lines", text)]).expect("a verdict")
    }

    fn call(text: &str) -> FlowBench {
        let artifact = check(text).artifact.expect("it is sound");
        with_surroundings(|around| around.artifact = artifact);
        let mut call = FlowBench::new(Lines::step);
        call.start();
        call
    }

    #[test]
    fn a_key_leads_to_its_queue_and_everything_else_to_the_last_line() {
        for (pressed, queue) in [("1", "sales"), ("2", "bicycles"), ("9", "support")] {
            let mut call = call(WORKSHOP);
            assert!(call.heard().contains("Welcome to the workshop."));
            call.press(pressed);
            assert_eq!(call.queued(), Some(queue));
        }
    }

    #[test]
    fn a_script_that_leads_nowhere_ends_the_call_and_is_warned_of() {
        let checked = check("say We are closed today.\n");
        assert_eq!(checked.diagnostics[0].code, "lines.no-queue");
        assert!(call("say We are closed today.\n").is_over());
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let checked = check("say\nsing a song\npress 12 sales\npress 1 a\npress 1 b\nqueue\n");
        assert_eq!(checked.artifact, None);
        let told: Vec<(u32, &str)> = checked
            .diagnostics
            .iter()
            .map(|one| (one.line, one.code.as_str()))
            .collect();
        let expected = [
            (1, "lines.nothing-said"),
            (2, "lines.unknown-word"),
            (3, "lines.bad-key"),
            (5, "lines.key-twice"),
            (6, "lines.no-name"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_stands_beside_the_script_is_no_part_of_it() {
        let beside = Source::new("other.flow.lines", "sing a song");
        let sources = vec![Source::new("main.flow.lines", WORKSHOP), beside];
        assert!(Lines::check(sources).expect("a verdict").artifact.is_some());
    }
}

//! What callers hear, and where their calls go.
//!
//! A flow is a pure step: the host tells what happened, the flow says what comes next. Nothing
//! survives between two steps but the [`Place`] that it returns.

use hotline_sdk::ivr::{Call, Event, Fault, Flow, Node, Step, keys, node, queue};
use serde::{Deserialize, Serialize};

const ATTEMPTS: u8 = 3;

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

/// Where a call is: what it waits for, and what must be remembered for that.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Place {
    #[default]
    Start,
    /// For a key; how often it was none of the menu's.
    Choosing { failures: u8 },
    /// For an agent.
    Queued,
    /// For the end of the goodbye.
    Leaving,
}

/// `NAME.config.json` beside the plugin; its schema stands in `hotline.plugin.json`.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Config {
    greeting: String,
    queue: String,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            greeting: "Welcome.".to_owned(),
            queue: "support".to_owned(),
        }
    }
}

impl Config {
    fn read() -> Config {
        serde_json::from_str(&hotline_sdk::host::config::json()).unwrap_or_default()
    }
}

impl Flow for Plugin {
    type State = Place;

    fn step(_: &Call, place: Place, event: Event) -> Result<Step<Place>, Fault> {
        Ok(match (place, event) {
            // The call is there. Actions are performed one after the other.
            (Place::Start, Event::Started) => menu(
                0,
                Step::to(Place::Start)
                    .answer()
                    .play(Config::read().greeting),
            ),

            // Keys have come, or none.
            (Place::Choosing { failures }, Event::Input(input)) => match input.digits.as_str() {
                "1" => to_queue(),
                _ if failures + 1 >= ATTEMPTS => to_queue(),
                _ => menu(failures + 1, Step::to(Place::Start)),
            },

            // Told now and then while the caller waits.
            (Place::Queued, Event::Progress(progress)) => Step::to(Place::Queued)
                .play(format!("You are number {} in line.", progress.position)),
            // An agent has them: nothing more to do here.
            (Place::Queued, Event::Agent(what)) if what == "connected" => Step::wait(Place::Queued),
            // The queue is full, closed, or gave up on them.
            (Place::Queued, Event::Failed(_) | Event::Agent(_)) => goodbye(),

            (Place::Leaving, Event::Done(_)) => Step::to(Place::Leaving).hang_up(),

            // Whatever else happens changes nothing, the hang-up included.
            (place, _) => Step::wait(place),
        })
    }

    /// The picture for the console.
    fn describe() -> Vec<Node> {
        vec![
            node(
                "menu",
                "menu",
                "Main menu",
                &[("1", "queue"), ("else", "queue")],
            ),
            node("queue", "queue", "To an agent", &[("failed", "goodbye")]),
            node("goodbye", "hangup", "Goodbye", &[]),
        ]
    }
}

fn menu(failures: u8, so_far: Step<Place>) -> Step<Place> {
    so_far
        .passing("menu")
        .collect(keys(1).saying("To talk to us, press 1."))
        .then(Place::Choosing { failures })
}

fn to_queue() -> Step<Place> {
    Step::to(Place::Queued)
        .passing("queue")
        .play("One moment please.")
        .enqueue(queue(&Config::read().queue))
}

fn goodbye() -> Step<Place> {
    Step::to(Place::Leaving)
        .passing("goodbye")
        .play("Nobody can take your call now. Please call again later.")
}

hotline_sdk::export_flow!(Plugin);

/// Tested natively: the bench plays the host.
#[cfg(test)]
mod tests {
    use super::Plugin;
    use hotline_sdk::bench::FlowBench;
    use hotline_sdk::ivr::step_flow;

    #[test]
    fn the_menu_leads_to_the_queue() {
        let mut call = FlowBench::new(step_flow::<Plugin>);
        call.start();
        assert!(call.heard().contains("press 1"));
        call.press("1").progress(2, None);
        assert_eq!(call.queued(), Some("support"));
        assert!(call.heard().contains("You are number 2 in line."));
    }

    #[test]
    fn a_full_queue_ends_the_call_with_a_word() {
        let mut call = FlowBench::new(step_flow::<Plugin>);
        call.enqueue_outcome = "queue-full".to_owned();
        call.start().press("1");
        assert!(call.heard().contains("call again later"));
        assert!(call.is_over());
    }
}

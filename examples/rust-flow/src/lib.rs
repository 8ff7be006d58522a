//! A flow written straight in Rust: a parcel service. The caller enters a parcel number and hears
//! where the parcel is, or talks to someone.
//!
//! Build it into the demo tenant's folder, as `rust_flow.flow.wasm`; a number that names the flow
//! `rust_flow` then leads here:
//!
//! ```text
//! hotline plugin build examples/rust-flow --out flows/demo
//! ```
//!
//! Read it from the top: a place for each thing that the flow waits for, then what it does about
//! each event there.

use hotline_sdk::ivr::{Call, Event, Fault, Flow, Node, Step, keys, node, queue};
use hotline_sdk::migration::{Earlier, Migrate, Moved};
use serde::{Deserialize, Serialize};

/// The plugin. It holds nothing: all that survives from one event to the next is a [`Place`].
#[derive(Debug)]
pub struct Parcels;

/// Where a call is: what it waits for, and what must be remembered for that. The SDK keeps it
/// between events, over restarts of the host too.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Place {
    #[default]
    Start,
    /// For a parcel number; how often it was not one.
    AskingNumber { failures: u8 },
    /// For the key after the parcel's news.
    Telling { parcel: String },
    /// For an agent.
    Queued,
    /// For the end of the goodbye.
    Leaving,
}

const DIGITS: u32 = 6;
const MOST_FAILURES: u8 = 3;

impl Flow for Parcels {
    type State = Place;

    /// Called once for each event. It asks nobody and waits for nothing: it looks at where the call
    /// is and what happened, and says what comes next.
    fn step(call: &Call, place: Place, event: Event) -> Result<Step<Place>, Fault> {
        Ok(match (place, event) {
            // The call is there. Answer, greet, ask: performed one after the other.
            (Place::Start, Event::Started) => ask_number(
                0,
                Step::to(Place::Start)
                    .passing("greeting")
                    .answer()
                    .play("Welcome to Parcel Service."),
            ),

            // Keys have come, or none.
            (Place::AskingNumber { failures }, Event::Input(input)) => {
                if input.digits.len() == DIGITS as usize {
                    tell(input.digits)
                } else if input.digits == "0" || failures + 1 >= MOST_FAILURES {
                    talk_to_someone(None)
                } else {
                    ask_number(
                        failures + 1,
                        Step::to(Place::Start).play("A parcel number has six digits."),
                    )
                }
            }
            (Place::Telling { parcel }, Event::Input(input)) => match input.digits.as_str() {
                "1" => tell(parcel),
                "2" => ask_number(0, Step::to(Place::Start)),
                "0" => talk_to_someone(Some(&parcel)),
                _ => goodbye("Thank you for calling. Goodbye."),
            },

            // While the caller waits in the queue, the flow may go on treating them.
            (Place::Queued, Event::Progress(progress)) => Step::to(Place::Queued)
                .play(format!("You are number {} in line.", progress.position)),
            // No such queue, or it is full.
            (Place::Queued, Event::Failed(outcome)) => {
                hotline_sdk::host::log::warn(&format!(
                    "{} was not queued: {outcome}",
                    call.interaction.id
                ));
                goodbye("All our lines are busy. Please call again later.")
            }
            (Place::Queued, Event::Agent(what)) if what == "overflowed" => {
                goodbye("Nobody can take your call now. Please call again later.")
            }

            (Place::Leaving, Event::Done(_)) => Step::to(Place::Leaving).hang_up(),

            // Everything else changes nothing: events of later hosts, ends of actions that nothing
            // depends on, and the hang-up, after which nothing is performed anyway.
            (place, _) => Step::wait(place),
        })
    }

    /// The picture for the console.
    fn describe() -> Vec<Node> {
        vec![
            node("greeting", "say", "Welcome", &[("next", "number")]),
            node(
                "number",
                "collect",
                "Parcel number",
                &[("next", "news"), ("0", "support"), ("failed", "support")],
            ),
            node(
                "news",
                "menu",
                "Where the parcel is",
                &[("1", "news"), ("2", "number"), ("0", "support")],
            ),
            node("support", "queue", "support", &[("full", "goodbye")]),
            node("goodbye", "hangup", "Goodbye", &[]),
        ]
    }
}

/// A call that began with an earlier build goes on in this one, from its next event. Whoever changes
/// [`Place`] reads the old shape here and says what it has become, or leaves such calls where they are.
impl Migrate for Parcels {
    fn migrate(earlier: &Earlier) -> Result<Moved<Place>, Fault> {
        earlier.state().map(Moved::To)
    }
}

fn ask_number(failures: u8, so_far: Step<Place>) -> Step<Place> {
    so_far
        .passing("number")
        .collect(
            keys(DIGITS)
                .saying(
                    "Please enter your parcel number, or press 0 and the hash key to talk to us.",
                )
                .first_within_ms(8_000),
        )
        .then(Place::AskingNumber { failures })
}

fn tell(parcel: String) -> Step<Place> {
    // A real flow would ask the host to look the parcel up; this one reads the tea leaves.
    let news = match parcel.bytes().last() {
        Some(b'0'..=b'4') => "has been delivered",
        _ => "arrives tomorrow",
    };
    let text = format!(
        "Your parcel {news}. To hear this again, press 1. For another parcel, press 2. \
         To talk to us, press 0."
    );
    Step::to(Place::Telling {
        parcel: parcel.clone(),
    })
    .passing("news")
    // Agents see attributes, and routing policies may use them.
    .set("parcel", &parcel)
    .collect(keys(1).saying(text))
}

fn talk_to_someone(parcel: Option<&str>) -> Step<Place> {
    // Who knows their parcel's number is served a little earlier.
    let priority = if parcel.is_some() { 1 } else { 0 };
    Step::to(Place::Queued)
        .passing("support")
        .set("topic", "parcel")
        .play("One moment please.")
        .enqueue(queue("support").priority(priority))
}

fn goodbye(words: &str) -> Step<Place> {
    Step::to(Place::Leaving).passing("goodbye").play(words)
}

// This makes the crate a plugin.
hotline_sdk::export_flow_with_migration!(Parcels);

/// Plugins are tested natively, without a server: the bench plays the host.
#[cfg(test)]
mod tests {
    use super::Parcels;
    use hotline_sdk::bench::FlowBench;
    use hotline_sdk::ivr::{RawFlow, step_flow};

    fn call() -> FlowBench {
        let mut call = FlowBench::new(step_flow::<Parcels>);
        call.start();
        call
    }

    #[test]
    fn a_parcel_number_is_answered_with_its_news() {
        let mut call = call();
        call.press("123456");
        assert!(call.heard().contains("arrives tomorrow"));
        call.press("1");
        assert!(call.heard().contains("arrives tomorrow"));
        call.press_nothing();
        assert!(call.heard().contains("Goodbye"));
        assert!(call.is_over());
    }

    #[test]
    fn three_failures_lead_to_a_person() {
        let mut call = call();
        call.press_nothing().press("12").press_nothing();
        assert_eq!(call.queued(), Some("support"));
    }

    #[test]
    fn who_knows_the_number_is_served_earlier() {
        let mut call = call();
        call.press("123456").press("0").progress(2, None);
        assert!(call.transcript().contains("set parcel=123456"));
        assert!(call.transcript().contains("enqueue support priority 1"));
        assert!(call.heard().contains("You are number 2 in line."));
    }

    #[test]
    fn a_full_queue_ends_the_call_with_a_word() {
        let mut call = call();
        call.enqueue_outcome = "queue-full".to_owned();
        call.press("0");
        assert!(call.heard().contains("All our lines are busy"));
        assert!(call.is_over());
    }

    #[test]
    fn a_hang_up_at_every_step_ends_cleanly() {
        let keys = ["12", "123456", "2", "123456", "0"];
        for pressed in 0..=keys.len() {
            let mut call = call();
            for key in &keys[..pressed] {
                call.press(key);
            }
            call.hang_up();
            assert!(call.fault().is_none());
            assert!(call.is_over());
        }
    }

    #[test]
    fn the_picture_leads_nowhere_unknown() {
        let nodes = <Parcels as RawFlow>::describe();
        for (_, target) in nodes.iter().flat_map(|node| &node.next) {
            assert!(nodes.iter().any(|node| node.id == *target), "{target}");
        }
    }
}

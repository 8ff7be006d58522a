//! What callers hear, and where their calls go. Calls in progress go on in a new version of it.
//!
//! A flow is a pure step: the host tells what happened, the flow says what comes next. Nothing
//! survives between two steps but what it returns as [`Kept`]. When another version of this plugin
//! goes into service, that one is asked about each call that is in progress, once, at the call's next
//! event; so this one is asked about the calls of the versions before it.

use hotline_sdk::ivr::{Call, Event, Fault, Flow, Node, Step, keys, node, queue};
use hotline_sdk::migration::{Earlier, Migrate, Moved};
use serde::{Deserialize, Serialize};

const ATTEMPTS: u8 = 3;

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

/// What is kept of a call, in each shape that a version of this plugin gave it. Bytes have no names:
/// shapes are told apart by their place in this list, so a new one goes to its end, and an old one
/// stays for as long as there may be calls that are in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Kept {
    First(FirstPlace),
    Second(Place),
}

impl Default for Kept {
    fn default() -> Self {
        Kept::Second(Place::Start)
    }
}

impl Kept {
    /// As this version knows it.
    fn place(self) -> Place {
        match self {
            Kept::First(place) => place.into(),
            Kept::Second(place) => place,
        }
    }
}

/// Where a call was to the first version, which asked for a key until it got one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FirstPlace {
    Choosing,
    Queued,
    Leaving,
}

impl From<FirstPlace> for Place {
    fn from(first: FirstPlace) -> Place {
        match first {
            FirstPlace::Choosing => Place::Choosing { failures: 0 },
            FirstPlace::Queued => Place::Queued,
            FirstPlace::Leaving => Place::Leaving,
        }
    }
}

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
    type State = Kept;

    fn step(_: &Call, kept: Kept, event: Event) -> Result<Step<Kept>, Fault> {
        Ok(next(kept.place(), event).map(Kept::Second))
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

impl Migrate for Plugin {
    /// What becomes of a call that another version has begun with. Here all go on; `Moved::Stay` would
    /// leave it to that version until it ends, `Moved::Restart` would greet the caller again. A state
    /// that is none of ours is a fault, and the call stays too.
    fn migrate(earlier: &Earlier) -> Result<Moved<Kept>, Fault> {
        let kept: Kept = earlier.state()?;
        Ok(Moved::To(Kept::Second(kept.place())))
    }
}

fn next(place: Place, event: Event) -> Step<Place> {
    match (place, event) {
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
        (Place::Queued, Event::Progress(progress)) => {
            Step::to(Place::Queued).play(format!("You are number {} in line.", progress.position))
        }
        // An agent has them: nothing more to do here.
        (Place::Queued, Event::Agent(what)) if what == "connected" => Step::wait(Place::Queued),
        // The queue is full, closed, or gave up on them.
        (Place::Queued, Event::Failed(_) | Event::Agent(_)) => goodbye(),

        (Place::Leaving, Event::Done(_)) => Step::to(Place::Leaving).hang_up(),

        // Whatever else happens changes nothing, the hang-up included.
        (place, _) => Step::wait(place),
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

hotline_sdk::export_flow_with_migration!(Plugin);

/// Tested natively: the bench plays the host.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::FlowBench;
    use hotline_sdk::ivr::step_flow;
    use hotline_sdk::migration::migrate_flow;

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

    /// As much of the first version as a call has met that hears its menu.
    struct First;

    impl Flow for First {
        type State = Kept;

        fn step(_: &Call, _: Kept, _: Event) -> Result<Step<Kept>, Fault> {
            let asked = Step::to(Kept::First(FirstPlace::Choosing)).answer();
            Ok(asked.collect(keys(1).saying("Press 1.")))
        }
    }

    #[test]
    fn a_call_that_the_first_version_asked_for_a_key_goes_on_here() {
        let mut call = FlowBench::new(step_flow::<First>);
        call.start()
            .reload(step_flow::<Plugin>, migrate_flow::<Plugin>)
            .press("9");
        assert!(call.heard().contains("To talk to us, press 1."));
        assert_eq!(call.press("1").queued(), Some("support"));
    }

    #[test]
    fn who_waits_in_the_queue_keeps_their_place_over_a_new_build() {
        let mut call = FlowBench::new(step_flow::<Plugin>);
        call.start().press("1");
        call.reload(step_flow::<Plugin>, migrate_flow::<Plugin>)
            .progress(1, None);
        assert!(call.heard().contains("You are number 1 in line."));
        assert_eq!(call.queued(), Some("support"));
    }
}

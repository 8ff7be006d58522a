//! World `ivr-flow`: how a business treats a caller, as a pure step from (state, event) to (state,
//! actions).
//!
//! Most flows implement [`Flow`]: a state of your own type, events already sorted, and [`Step`] to
//! say what comes next. [`RawFlow`] is the contract itself, for interpreters.

mod keys;
mod look_up;
mod pending;
mod prompts;
mod queue;
mod step;

pub use keys::{Keys, keys};
pub use look_up::{Found, LookUp};
pub(crate) use pending::Pending;
pub use prompts::{Prompts, audio, text};
pub use queue::{Queue, queue};
pub use step::Step;

use crate::state;
use serde::{Serialize, de::DeserializeOwned};

/// Generated from `wit/`.
#[doc(hidden)]
#[allow(
    unsafe_code,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "hotline:ivr/ivr-flow@1.0.0",
        pub_export_macro: true,
        export_macro_name: "__export_ivr_flow",
        default_bindings_module: "hotline_sdk::ivr::bindings",
        additional_derives: [PartialEq],
        generate_all,
    });
}

pub use bindings::exports::hotline::ivr::flow::{
    Action, ActionId, Collect, Command, ConnectorOperation, Destination, Enqueue,
    Event as RawEvent, InputOutcome, InputResult, Lookup, LookupOutcome, LookupResult,
    LookupSource, Node, Preferred, Prompt, PromptSource, QueueProgress, StepInput, StepOutput,
    Timer, Voicemail,
};
pub use bindings::hotline::common::types::{Fault, Interaction};

/// The contract as it is: bytes for a state, every event as it comes.
pub trait RawFlow {
    /// # Errors
    /// A fault hands the contact to the host's safe flow.
    fn step(input: StepInput) -> Result<StepOutput, Fault>;

    /// A static picture for the console.
    fn describe() -> Vec<Node> {
        Vec::new()
    }
}

/// A flow with a state of its own type.
pub trait Flow {
    /// Everything that the flow remembers between two events; at most about 16 KiB when encoded.
    /// Its default is the state before `Started`.
    type State: Serialize + DeserializeOwned + Default;

    /// What next? Return [`Step::wait`] to let what is going on go on.
    ///
    /// # Errors
    /// A fault hands the contact to the host's safe flow.
    fn step(call: &Call, state: Self::State, event: Event) -> Result<Step<Self::State>, Fault>;

    /// A static picture for the console.
    fn describe() -> Vec<Node> {
        Vec::new()
    }
}

/// What a [`Flow`] is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The call is there and not yet answered.
    Started,
    /// All actions of the last step are done, lookups apart; the outcome of the last (`ok`, `queued`,
    /// ...).
    Done(String),
    /// One action of the last step failed with this outcome (`unknown-queue`, `queue-full`,
    /// `failed`, `unsupported`, ...).
    Failed(String),
    /// Keys, or none, for the running collect.
    Input(InputResult),
    /// What a lookup came to.
    LookedUp(Found),
    /// The timer of this name is due.
    Timer(String),
    /// The contact waits in its queue.
    Progress(QueueProgress),
    /// `connected`; or, no longer queued, `overflowed`, `timed-out`, `queue-empty`, `queue-full` or
    /// `queue-closed`.
    Agent(String),
    /// The caller is gone; what you return now is not performed.
    HangUp(String),
    /// A later host's event: return [`Step::wait`].
    Other,
}

/// What is known of the call at this step.
#[derive(Debug)]
pub struct Call {
    pub interaction: Interaction,
    /// Milliseconds since 1970-01-01 UTC.
    pub at_ms: u64,
}

impl Call {
    /// The attribute's value, unless it is unset.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.interaction
            .attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A node of the picture.
pub fn node(id: &str, kind: &str, title: &str, next: &[(&str, &str)]) -> Node {
    Node {
        id: id.to_owned(),
        title: title.to_owned(),
        kind: kind.to_owned(),
        next: next
            .iter()
            .map(|(label, target)| ((*label).to_owned(), (*target).to_owned()))
            .collect(),
        ext: Vec::new(),
    }
}

/// What the state of a flow is called where it can not be read or kept.
pub(crate) const FLOWS: &str = "the flow's state";

impl Fault {
    /// A fault that would come again. The code is stable and dotted.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Fault {
            code: code.to_owned(),
            message: message.into(),
            retryable: false,
            details: None,
        }
    }
}

/// Runs a [`Flow`] as a [`RawFlow`]; [`crate::export_flow!`] does it for you.
pub fn step_flow<F: Flow>(input: StepInput) -> Result<StepOutput, Fault> {
    let begun = !input.state.is_empty();
    let (mut pending, state): (Pending, F::State) = if begun {
        state::read(FLOWS, &input.state)?
    } else {
        Default::default()
    };
    let event = match input.event {
        RawEvent::Started if begun => None,
        RawEvent::Started => Some(Event::Started),
        RawEvent::Done((action, outcome)) => {
            let good = matches!(outcome.as_str(), "ok" | "queued" | "interrupted");
            match (pending.end(action), good) {
                (false, _) => None,
                (true, false) => Some(Event::Failed(outcome)),
                (true, true) => (pending.open == 0).then_some(Event::Done(outcome)),
            }
        }
        RawEvent::Input(keys) => pending.end(keys.action).then_some(Event::Input(keys)),
        RawEvent::LookedUp(result) => pending
            .found(result.action)
            .then(|| Event::LookedUp(Found::from(&result))),
        RawEvent::Timer(name) => Some(Event::Timer(name)),
        RawEvent::Progress(progress) => Some(Event::Progress(progress)),
        RawEvent::Agent(what) => Some(Event::Agent(what)),
        RawEvent::HangUp(reason) => Some(Event::HangUp(reason)),
        RawEvent::Ext(_) => Some(Event::Other),
    };
    let call = Call {
        interaction: input.interaction,
        at_ms: input.at,
    };
    let next = match event {
        Some(event) => F::step(&call, state, event)?,
        None => Step::wait(state),
    };
    if !next.commands.is_empty() {
        pending.begin(input.step, &next.commands);
    }
    let state = state::keep(FLOWS, &(&pending, next.state))?;
    Ok(StepOutput {
        state,
        actions: (pending.first..)
            .zip(next.commands)
            .map(|(id, command)| Action {
                id,
                command,
                ext: Vec::new(),
            })
            .collect(),
        trace: next.trace,
        ext: Vec::new(),
    })
}

/// Makes a [`Flow`] the component's `ivr-flow`.
#[macro_export]
macro_rules! export_flow {
    ($flow:ty) => {
        $crate::__raw_flow!($flow);
        $crate::export_raw_flow!($flow);
    };
}

/// Makes a [`Flow`] a [`RawFlow`].
#[doc(hidden)]
#[macro_export]
macro_rules! __raw_flow {
    ($flow:ty) => {
        impl $crate::ivr::RawFlow for $flow {
            fn step(
                input: $crate::ivr::StepInput,
            ) -> ::core::result::Result<$crate::ivr::StepOutput, $crate::Fault> {
                $crate::ivr::step_flow::<$flow>(input)
            }
            fn describe() -> ::std::vec::Vec<$crate::ivr::Node> {
                <$flow as $crate::ivr::Flow>::describe()
            }
        }
    };
}

/// Makes a [`RawFlow`] the component's `ivr-flow`.
#[macro_export]
macro_rules! export_raw_flow {
    ($flow:ty) => {
        $crate::__export_ivr!($flow);
        $crate::__manifest!("ivr-flow");
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export_ivr {
    ($flow:ty) => {
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            $crate::ivr::StepInput,
        ) -> ::core::result::Result<$crate::ivr::StepOutput, $crate::Fault> =
            <$flow as $crate::ivr::RawFlow>::step;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::ivr::bindings::exports::hotline::ivr::flow::Guest for Exported {
                fn step(
                    input: $crate::ivr::StepInput,
                ) -> ::core::result::Result<$crate::ivr::StepOutput, $crate::Fault> {
                    <$flow as $crate::ivr::RawFlow>::step(input)
                }
                fn describe() -> ::std::vec::Vec<$crate::ivr::Node> {
                    <$flow as $crate::ivr::RawFlow>::describe()
                }
            }
    $crate::ivr::bindings::__export_ivr_flow!(Exported with_types_in $crate::ivr::bindings);
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::FlowBench;

    /// Counts the events that reach it, by kind.
    struct Counter;

    impl Flow for Counter {
        type State = (u8, u8);

        fn step(_: &Call, seen: (u8, u8), event: Event) -> Result<Step<(u8, u8)>, Fault> {
            let (done, other) = seen;
            Ok(match event {
                Event::Started => Step::to(seen).answer().play("One").play("Two"),
                Event::Done(_) => Step::to((done + 1, other))
                    .collect(keys(1).saying(format!("done {} other {other}", done + 1))),
                Event::Input(_) => Step::to((done, other + 1)).set("a", "b"),
                _ => Step::wait(seen),
            })
        }
    }

    #[test]
    fn done_comes_once_when_the_whole_list_is_done() {
        let mut call = FlowBench::new(step_flow::<Counter>);
        call.start();
        assert!(
            call.transcript()
                .ends_with("collect 1 ? \"done 1 other 0\"\n")
        );
        assert!(call.is_collecting());
    }

    #[test]
    fn late_doubled_and_unknown_events_do_not_reach_the_flow() {
        let mut call = FlowBench::new(step_flow::<Counter>);
        call.start();
        let before = call.transcript().lines().count();
        for event in [
            RawEvent::Started,
            RawEvent::Done((1, "ok".to_owned())),
            RawEvent::Done((3, "failed".to_owned())),
            RawEvent::Done((77, "ok".to_owned())),
            RawEvent::Ext(("later".to_owned(), "{}".to_owned())),
        ] {
            call.raw(event);
        }
        assert_eq!(call.transcript().lines().count(), before + 5);
        call.press("1");
        assert!(call.transcript().contains("done 2 other 1"));
    }

    /// Looks two things up, and says what came of each.
    struct Curious;

    impl Flow for Curious {
        type State = ();

        fn step(_: &Call, (): (), event: Event) -> Result<Step<()>, Fault> {
            Ok(match event {
                Event::Started => Step::to(())
                    .look_up(LookUp::history())
                    .look_up(LookUp::table("tiers", "+49"))
                    .collect(keys(1)),
                Event::Input(_) => Step::to(()).play("pressed"),
                Event::LookedUp(found) => Step::to(()).play(format!("{found:?}")),
                _ => Step::wait(()),
            })
        }
    }

    #[test]
    fn a_lookup_outlives_the_list_that_began_it_and_is_told_once() {
        let mut call = FlowBench::new(step_flow::<Curious>);
        call.start().press("1").finds("[7]").lookup_times_out();
        assert!(!call.is_looking_up());
        call.raw(RawEvent::LookedUp(LookupResult {
            action: 1,
            outcome: LookupOutcome::Found,
            value: "8".to_owned(),
            ext: Vec::new(),
        }));
        assert_eq!(
            call.heard(),
            "\n? \"pressed\"\n? \"Value(\\\"[7]\\\")\"\n? \"TimedOut\"\n"
        );
    }

    #[test]
    fn a_foreign_state_is_a_fault() {
        let input = StepInput {
            step: 1,
            at: 0,
            interaction: crate::bench::caller(),
            state: vec![0xFF; 3],
            event: RawEvent::Timer("t".to_owned()),
            ext: Vec::new(),
        };
        let fault = step_flow::<Counter>(input).expect_err("not a state of this flow");
        assert_eq!(fault.code, "sdk.state");
    }
}

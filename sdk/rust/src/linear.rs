//! Flows that read from top to bottom: collect, then look at it, then enqueue.
//!
//! ```
//! use hotline_sdk::bench::FlowBench;
//! use hotline_sdk::ivr::{Fault, keys, queue};
//! use hotline_sdk::linear::{Line, Linear, Stay, Treatment, step_linear};
//!
//! struct OrderLine;
//!
//! impl Linear for OrderLine {
//!     async fn call(line: Line) -> Result<(), Fault> {
//!         line.answer().await;
//!         let order = line.collect("order", keys(5).saying("Your order, please.")).await;
//!         line.set("order", &order.digits).await;
//!         let place = Treatment::of(queue("support")).giving_up_after_ms(300_000);
//!         if line.enqueue(place).await != Stay::Connected {
//!             line.voicemail("Nobody is free. Leave a message.", 60_000).await;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let mut call = FlowBench::new(step_linear::<OrderLine>);
//! call.start().press("12345");
//! assert_eq!(call.queued(), Some("support"));
//! ```
//!
//! Nothing of it stays in memory between two events. What its steps came to is a journal in the
//! flow's state, and each event runs the function again from its beginning over that journal, up to
//! the step that the journal does not hold. So what stands between two steps must be a pure function
//! of what the steps gave, of the configuration, and of [`crate::host::clock`] and
//! [`crate::host::random`], which tell in each run what they told in the one before: the time is when
//! the last step ended, and random numbers are a stream whose seed stands in the journal.
//!
//! A call keeps the version that it began with. Code that no longer fits a journal is told by the
//! fault `linear.journal`, with the step at which they part.

pub(crate) mod around;
mod journal;
mod replay;

use crate::ivr::{
    Collect, Command, Destination, Fault, Found, InputOutcome, Interaction, Keys, LookUp, Node,
    Prompts, Queue, QueueProgress, RawEvent, StepInput, StepOutput, Timer, Voicemail,
};
use replay::{Heard, Replay};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;

/// A flow that is written from top to bottom.
pub trait Linear {
    /// From the call's beginning to its end: when it returns, the call ends, unless the caller is with
    /// an agent.
    ///
    /// # Errors
    /// A fault hands the contact to the host's safe flow.
    fn call(line: Line) -> impl Future<Output = Result<(), Fault>>;

    /// A static picture for the console.
    fn describe() -> Vec<Node> {
        Vec::new()
    }
}

/// The call, as a linear flow sees it. Each `async` method is one step: await it at once, one after
/// the other.
#[derive(Debug, Clone)]
pub struct Line {
    replay: Rc<RefCell<Replay>>,
    interaction: Rc<Interaction>,
}

/// What a collect came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressed {
    /// Empty when the collect was sensitive.
    pub digits: String,
    /// Stands for the digits of a sensitive collect.
    pub token: Option<String>,
    pub length: u32,
    /// As many keys as were asked for, or a terminator.
    pub complete: bool,
}

/// How a stay in a queue ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stay {
    Connected,
    /// The treatment's own patience was over; the contact is in no queue.
    GaveUp,
    /// `unknown-queue`, `queue-full`, `queue-closed`, `queue-empty`, `overflowed` or `timed-out`.
    NotServed(String),
}

type Tell = dyn Fn(&QueueProgress) -> Option<Prompts>;

/// A place in a queue, and what happens while the caller waits there.
pub struct Treatment {
    place: Queue,
    tell: Option<Box<Tell>>,
    give_up_after_ms: Option<u32>,
}

impl Treatment {
    /// The queue's own music, for as long as its rules allow.
    pub fn of(place: Queue) -> Treatment {
        Treatment {
            place,
            tell: None,
            give_up_after_ms: None,
        }
    }

    /// Said to the waiting caller at each progress, where it gives something to say.
    #[must_use]
    pub fn telling(mut self, tell: impl Fn(&QueueProgress) -> Option<Prompts> + 'static) -> Self {
        self.tell = Some(Box::new(tell));
        self
    }

    /// Leaves the queue after so long.
    #[must_use]
    pub fn giving_up_after_ms(mut self, patience_ms: u32) -> Self {
        self.give_up_after_ms = Some(patience_ms);
        self
    }
}

impl From<Queue> for Treatment {
    fn from(place: Queue) -> Self {
        Treatment::of(place)
    }
}

impl fmt::Debug for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Treatment")
            .field("place", &self.place)
            .field("tells", &self.tell.is_some())
            .field("give_up_after_ms", &self.give_up_after_ms)
            .finish()
    }
}

/// Names of the timers that steps start for themselves.
const GIVE_UP: &str = "linear-give-up";
const PAUSE: &str = "linear-pause";

impl Line {
    /// The contact; its attributes are in [`Line::attribute`].
    pub fn interaction(&self) -> &Interaction {
        &self.interaction
    }

    /// The attribute's value at the call's beginning, or what this flow has set since.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.replay.borrow().attribute(name)
    }

    /// When the last step ended, in milliseconds since 1970-01-01 UTC; so does
    /// [`crate::host::clock::now_ms`].
    pub fn now_ms(&self) -> u64 {
        self.replay.borrow().now_ms()
    }

    pub async fn answer(&self) -> String {
        self.action("answer", "", Command::Answer).await
    }

    /// Refuses the call with this SIP status, 400 to 699; only before [`Line::answer`].
    pub async fn reject(&self, status: u16) -> Infallible {
        let begin = vec![Command::Reject(status)];
        self.step("reject", "", begin, |_, _| Heard::<()>::CarryOn)
            .await;
        pending().await
    }

    /// Gives `ok`, `interrupted` or `failed`.
    pub async fn play(&self, prompts: impl Into<Prompts>) -> String {
        let play = Command::Play(prompts.into().0);
        self.action("play", "", play).await
    }

    /// Asks for keys. The name stands in the journal: keep it when you change the words.
    pub async fn collect(&self, name: &str, keys: Keys) -> Pressed {
        let wanted: Collect = keys.0;
        let begin = vec![Command::Collect(wanted)];
        self.step("collect", name, begin, |event, actions| match event {
            RawEvent::Input(input) if actions.first() == Some(&input.action) => {
                Heard::Ended(Pressed {
                    digits: input.digits.clone(),
                    token: input.token.clone(),
                    length: input.length,
                    complete: input.outcome == InputOutcome::Complete,
                })
            }
            _ => Heard::CarryOn,
        })
        .await
    }

    /// Looks something up, in silence or with the queue's music, and reads what was found as a type of
    /// your own. The journal keeps it: name the few fields that matter, in a plain struct.
    pub async fn look_up<T: Serialize + DeserializeOwned>(
        &self,
        name: &str,
        wanted: LookUp,
    ) -> Found<T> {
        let begin = vec![Command::LookUp(wanted.0)];
        self.step("look up", name, begin, |event, actions| match event {
            RawEvent::LookedUp(result) if actions.first() == Some(&result.action) => {
                Heard::Ended(Found::from(result).read())
            }
            _ => Heard::CarryOn,
        })
        .await
    }

    /// Goes on in another flow of the tenant, by its name; this one is over. Returns only when the
    /// contact was sent on without end: `refused`.
    pub async fn transfer_to_flow(&self, flow: &str) -> String {
        let transfer = Command::Transfer(Destination::Flow(flow.to_owned()));
        self.action("transfer", flow, transfer).await
    }

    /// Sets an attribute of the contact; an empty value removes it.
    pub async fn set(&self, name: &str, value: &str) -> String {
        let set = Command::SetAttributes(vec![(name.to_owned(), value.to_owned())]);
        let outcome = self.action("set", name, set).await;
        self.replay.borrow_mut().set(name, value);
        outcome
    }

    /// Waits for an agent, and tells how that ended.
    pub async fn enqueue(&self, treatment: impl Into<Treatment>) -> Stay {
        let Treatment {
            place,
            tell,
            give_up_after_ms,
        } = treatment.into();
        let timer = give_up_after_ms.map(|after_ms| timer(GIVE_UP, after_ms));
        let name = place.0.queue.clone();
        let begin = timer.into_iter().chain([Command::Enqueue(place.0)]);
        let stay = self
            .step(
                "enqueue",
                &name,
                begin.collect(),
                |event, actions| match event {
                    RawEvent::Done((action, outcome))
                        if actions.last() == Some(action) && outcome != "queued" =>
                    {
                        Heard::Ended(Stay::NotServed(outcome.clone()))
                    }
                    RawEvent::Agent(what) if what == "connected" => Heard::Ended(Stay::Connected),
                    RawEvent::Agent(what) => Heard::Ended(Stay::NotServed(what.clone())),
                    RawEvent::Timer(name) if name == GIVE_UP => Heard::Ended(Stay::GaveUp),
                    RawEvent::Progress(progress) => {
                        match tell.as_ref().and_then(|tell| tell(progress)) {
                            Some(words) => Heard::Instead(vec![Command::Play(words.0)]),
                            None => Heard::CarryOn,
                        }
                    }
                    _ => Heard::CarryOn,
                },
            )
            .await;
        let stay = match stay {
            // An agent may have accepted in that very moment.
            Stay::GaveUp if self.dequeue().await == "too-late" => Stay::Connected,
            stay => stay,
        };
        if stay == Stay::Connected {
            self.replay.borrow_mut().connected();
        }
        stay
    }

    /// Takes the contact out of its queue: `ok`, `not-queued`, or `too-late`.
    pub async fn dequeue(&self) -> String {
        self.action("dequeue", "", Command::Dequeue).await
    }

    /// Waits, in silence or with the queue's music.
    pub async fn pause_ms(&self, wait_ms: u32) {
        let begin = vec![timer(PAUSE, wait_ms)];
        self.step("pause", "", begin, |event, _| match event {
            RawEvent::Timer(name) if name == PAUSE => Heard::Ended(()),
            _ => Heard::CarryOn,
        })
        .await;
    }

    /// Calls the customer back, at the caller's own number when none is given. Returns only when
    /// nobody is called back: `refused`.
    pub async fn callback(&self, number: Option<&str>) -> String {
        let callback = Command::Callback(number.map(str::to_owned));
        self.action("callback", "", callback).await
    }

    /// Takes a message of at most `max_ms`: `ok`, `empty` or `failed`.
    pub async fn voicemail(&self, prompts: impl Into<Prompts>, max_ms: u32) -> String {
        let prompts = prompts.into().0;
        let voicemail = Command::Voicemail(Voicemail {
            prompts,
            max_ms,
            ext: Vec::new(),
        });
        self.action("voicemail", "", voicemail).await
    }

    /// One command that ends by its outcome.
    async fn action(&self, kind: &'static str, name: &str, command: Command) -> String {
        self.step(kind, name, vec![command], |event, actions| match event {
            RawEvent::Done((action, outcome)) if actions.first() == Some(action) => {
                Heard::Ended(outcome.clone())
            }
            _ => Heard::CarryOn,
        })
        .await
    }

    async fn step<R: Serialize + DeserializeOwned>(
        &self,
        kind: &'static str,
        name: &str,
        begin: Vec<Command>,
        hear: impl Fn(&RawEvent, &[u32]) -> Heard<R>,
    ) -> R {
        poll_fn(|_| {
            let mut replay = self.replay.borrow_mut();
            match replay.step(kind, name, &begin, &hear) {
                Some(result) => Poll::Ready(result),
                None => Poll::Pending,
            }
        })
        .await
    }
}

fn timer(name: &str, after_ms: u32) -> Command {
    Command::StartTimer(Timer {
        name: name.to_owned(),
        after_ms,
        ext: Vec::new(),
    })
}

/// Runs a [`Linear`] flow as a [`crate::ivr::RawFlow`]; [`crate::export_linear_flow!`] does it for you.
///
/// # Errors
/// The flow's own fault; `linear.journal` when the code does not fit the call's journal,
/// `linear.journal-full` when that has outgrown the state, `linear.await` when the flow waits for
/// anything but a step.
pub fn step_linear<F: Linear>(input: StepInput) -> Result<StepOutput, Fault> {
    replay::take(input, |replay, interaction| {
        F::call(Line {
            replay,
            interaction: Rc::new(interaction),
        })
    })
}

/// Makes a [`Linear`] flow the component's `ivr-flow`.
#[macro_export]
macro_rules! export_linear_flow {
    ($flow:ty) => {
        impl $crate::ivr::RawFlow for $flow {
            fn step(
                input: $crate::ivr::StepInput,
            ) -> ::core::result::Result<$crate::ivr::StepOutput, $crate::Fault> {
                $crate::linear::step_linear::<$flow>(input)
            }
            fn describe() -> ::std::vec::Vec<$crate::ivr::Node> {
                <$flow as $crate::linear::Linear>::describe()
            }
        }
        $crate::export_raw_flow!($flow);
    };
}

#[cfg(test)]
mod tests;

//! A test bench for plugins: feed events to a flow and read what its caller would notice, without
//! a server.
//!
//! ```
//! use hotline_sdk::bench::FlowBench;
//! use hotline_sdk::ivr::{Call, Event, Fault, Flow, Step, keys, queue, step_flow};
//!
//! struct Hello;
//!
//! impl Flow for Hello {
//!     type State = ();
//!
//!     fn step(_: &Call, (): (), event: Event) -> Result<Step<()>, Fault> {
//!         Ok(match event {
//!             Event::Started => Step::to(()).answer().collect(keys(1).saying("Press 1.")),
//!             Event::Input(input) if input.digits == "1" => Step::to(()).enqueue(queue("support")),
//!             Event::Input(_) => Step::to(()).hang_up(),
//!             _ => Step::wait(()),
//!         })
//!     }
//! }
//!
//! let mut call = FlowBench::new(step_flow::<Hello>);
//! call.start();
//! assert!(call.heard().contains("Press 1."));
//! call.press("1");
//! assert_eq!(call.queued(), Some("support"));
//! ```
//!
//! The bench performs actions as the host does: in order, one after the other, each end reported
//! with its id. It runs every step twice and insists on equal answers, since a step must be a pure
//! function, and hands over nothing but the returned state, as after a crash.

pub mod connector;
// Rules read real transcripts through the host, tests natively.
#[cfg(not(target_arch = "wasm32"))]
pub mod qa;
mod reload;
pub mod routing;

pub use reload::MigrateFn;

use crate::ivr::{
    Action, Command, Destination, Fault, InputOutcome, InputResult, Interaction, LookupOutcome,
    LookupResult, LookupSource, Prompt, PromptSource, QueueProgress, RawEvent, StepInput,
    StepOutput,
};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt::Write as _;

/// What the host functions answer natively, on this thread.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub config: String,
    pub now_ms: u64,
    pub artifact: Vec<u8>,
    pub log: Vec<String>,
    /// Name and value of each metric that was counted or observed, in order.
    pub metrics: Vec<(String, f64)>,
    random: u64,
}

impl Surroundings {
    pub(crate) fn next_random(&mut self) -> u64 {
        // SplitMix64.
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// 2026-01-05 10:00 UTC, a Monday.
pub const MONDAY_TEN_O_CLOCK: u64 = 1_767_607_200_000;

thread_local! {
    static SURROUNDINGS: RefCell<Surroundings> = RefCell::new(Surroundings {
        config: "{}".to_owned(),
        now_ms: MONDAY_TEN_O_CLOCK,
        artifact: Vec::new(),
        log: Vec::new(),
        metrics: Vec::new(),
        random: 0,
    });
}

/// Reads or changes what the host functions answer on this thread.
pub fn with_surroundings<T>(change: impl FnOnce(&mut Surroundings) -> T) -> T {
    SURROUNDINGS.with_borrow_mut(change)
}

/// A contact of the phone kind, from `+4930123456` to `100`.
pub fn caller() -> Interaction {
    Interaction {
        id: "contact-1".to_owned(),
        channel: "phone".to_owned(),
        direction: "inbound".to_owned(),
        caller: "+4930123456".to_owned(),
        dialled: "100".to_owned(),
        language: None,
        started_at: MONDAY_TEN_O_CLOCK,
        priority: 0,
        attributes: Vec::new(),
        ext: Vec::new(),
    }
}

/// How a flow is stepped: the contract's own function.
pub type StepFn = fn(StepInput) -> Result<StepOutput, Fault>;

/// One call through a flow.
#[derive(Debug)]
pub struct FlowBench {
    step: StepFn,
    /// A new version that is not asked yet.
    reloaded: Option<(StepFn, MigrateFn)>,
    steps: u64,
    state: Vec<u8>,
    now_ms: u64,
    pub interaction: Interaction,
    /// Whether queues exist and have room: the outcome of the next enqueue.
    pub enqueue_outcome: String,
    /// What becomes of the next callback or voicemail: `ok`, `refused`, `empty`, `failed`.
    pub wish_outcome: String,
    waiting: VecDeque<Action>,
    collecting: Option<u32>,
    /// Open lookups, in the order of their beginning.
    lookups: VecDeque<u32>,
    queued: Option<String>,
    over: bool,
    transcript: String,
    heard: String,
    fault: Option<Fault>,
}

impl FlowBench {
    pub fn new(step: StepFn) -> Self {
        FlowBench {
            step,
            reloaded: None,
            steps: 0,
            state: Vec::new(),
            now_ms: MONDAY_TEN_O_CLOCK,
            interaction: caller(),
            enqueue_outcome: "queued".to_owned(),
            wish_outcome: "ok".to_owned(),
            waiting: VecDeque::new(),
            collecting: None,
            lookups: VecDeque::new(),
            queued: None,
            over: false,
            transcript: String::new(),
            heard: String::new(),
            fault: None,
        }
    }

    /// The call arrives.
    pub fn start(&mut self) -> &mut Self {
        self.happen("started", RawEvent::Started)
    }

    /// The caller presses these keys; nothing happens unless the flow asked for keys.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keys(keys, InputOutcome::Complete)
    }

    /// The caller presses these keys, then stops.
    pub fn press_partly(&mut self, keys: &str) -> &mut Self {
        self.keys(keys, InputOutcome::Partial)
    }

    /// The caller presses keys that only the host may know.
    pub fn press_secretly(&mut self, length: u32, token: &str) -> &mut Self {
        let label = format!("{length} secret keys");
        let Some(action) = self.collecting.take() else {
            return self;
        };
        self.happen(
            &label,
            RawEvent::Input(InputResult {
                action,
                digits: String::new(),
                token: Some(token.to_owned()),
                length,
                outcome: InputOutcome::Complete,
                ext: Vec::new(),
            }),
        )
    }

    /// The caller presses nothing until the time is up.
    pub fn press_nothing(&mut self) -> &mut Self {
        self.keys("", InputOutcome::NoInput)
    }

    fn keys(&mut self, keys: &str, outcome: InputOutcome) -> &mut Self {
        let Some(action) = self.collecting.take() else {
            return self;
        };
        let label = match outcome {
            InputOutcome::NoInput | InputOutcome::Ext(_) => "no key".to_owned(),
            InputOutcome::Partial => format!("keys {keys} and no more"),
            InputOutcome::Complete => format!("keys {keys}"),
        };
        let event = RawEvent::Input(InputResult {
            action,
            digits: keys.to_owned(),
            token: None,
            length: keys.len() as u32,
            outcome,
            ext: Vec::new(),
        });
        self.happen(&label, event)
    }

    /// The queue tells where the contact stands.
    pub fn progress(&mut self, position: u32, expected_wait_ms: Option<u64>) -> &mut Self {
        let Some(queue) = self.queued.clone() else {
            return self;
        };
        let label = format!("position {position}");
        self.happen(
            &label,
            RawEvent::Progress(QueueProgress {
                queue,
                position,
                expected_wait_ms,
                waited_ms: 10_000,
                ext: Vec::new(),
            }),
        )
    }

    /// `connected` or `overflowed`.
    pub fn agent(&mut self, what: &str) -> &mut Self {
        self.queued = None;
        let label = format!("agent {what}");
        self.happen(&label, RawEvent::Agent(what.to_owned()))
    }

    /// The timer is due.
    pub fn timer(&mut self, name: &str) -> &mut Self {
        let label = format!("timer {name}");
        self.happen(&label, RawEvent::Timer(name.to_owned()))
    }

    /// The lookup that was begun first finds this JSON; nothing happens unless one is open.
    pub fn finds(&mut self, json: &str) -> &mut Self {
        self.lookup_ends(&format!("found {json}"), LookupOutcome::Found, json)
    }

    /// It finds nothing.
    pub fn finds_nothing(&mut self) -> &mut Self {
        self.lookup_ends("found nothing", LookupOutcome::Nothing, "null")
    }

    /// It takes too long.
    pub fn lookup_times_out(&mut self) -> &mut Self {
        self.lookup_ends("lookup timed out", LookupOutcome::TimedOut, "null")
    }

    /// The other system is broken, or says no.
    pub fn lookup_fails(&mut self) -> &mut Self {
        self.lookup_ends("lookup failed", LookupOutcome::Failed, "null")
    }

    fn lookup_ends(&mut self, label: &str, outcome: LookupOutcome, json: &str) -> &mut Self {
        let Some(action) = self.lookups.pop_front() else {
            return self;
        };
        let value = json.to_owned();
        let event = RawEvent::LookedUp(LookupResult {
            action,
            outcome,
            value,
            ext: Vec::new(),
        });
        self.happen(label, event)
    }

    /// Whether the flow waits for what it looks up.
    pub fn is_looking_up(&self) -> bool {
        !self.lookups.is_empty()
    }

    /// The caller is gone. Whatever the flow answers is not performed.
    pub fn hang_up(&mut self) -> &mut Self {
        self.happen("hang-up", RawEvent::HangUp("caller".to_owned()));
        self.over = true;
        self
    }

    /// Any event, as it is, for what a host ought not to send.
    pub fn raw(&mut self, event: RawEvent) -> &mut Self {
        self.happen("raw event", event)
    }

    /// Time passes before the next event; the bench begins at [`MONDAY_TEN_O_CLOCK`].
    pub fn later(&mut self, by_ms: u64) -> &mut Self {
        self.now_ms += by_ms;
        self
    }

    /// Everything that happened: events unindented, what the flow did about them indented.
    pub fn transcript(&self) -> &str {
        &self.transcript
    }

    /// What the caller heard since this was asked last.
    pub fn heard(&mut self) -> String {
        std::mem::take(&mut self.heard)
    }

    /// The queue that the contact is in.
    pub fn queued(&self) -> Option<&str> {
        self.queued.as_deref()
    }

    /// Whether the call has ended.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Whether the flow waits for keys.
    pub fn is_collecting(&self) -> bool {
        self.collecting.is_some()
    }

    /// The last fault of the flow.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// The state's size in bytes.
    pub fn state_bytes(&self) -> usize {
        self.state.len()
    }

    fn happen(&mut self, label: &str, event: RawEvent) -> &mut Self {
        if self.over {
            return self;
        }
        let _ = writeln!(self.transcript, "{label}");
        let final_event = matches!(event, RawEvent::HangUp(_));
        self.ask(event, !final_event);
        while let Some(action) = self.waiting.pop_front() {
            if self.over {
                break;
            }
            let Some(outcome) = self.perform(&action.command) else {
                if matches!(action.command, Command::LookUp(_)) {
                    // The next action does not wait for it.
                    self.lookups.push_back(action.id);
                    continue;
                }
                if matches!(action.command, Command::Collect(_)) {
                    self.collecting = Some(action.id);
                }
                // A collect ends by keys, the rest of the list waits for it.
                break;
            };
            self.ask(RawEvent::Done((action.id, outcome)), true);
        }
        self
    }

    fn ask(&mut self, event: RawEvent, perform: bool) {
        let event = self.migrated(event);
        let input = StepInput {
            step: self.steps,
            at: self.now_ms,
            interaction: self.interaction.clone(),
            state: self.state.clone(),
            event,
            ext: vec![("x-unknown".to_owned(), "1".to_owned())],
        };
        self.steps += 1;
        let once = self.step_once(input.clone());
        let twice = self.step_once(input);
        assert_eq!(once, twice, "a step must be a pure function");
        match once {
            Ok(output) => {
                self.state = output.state;
                for node in output.trace {
                    let _ = writeln!(self.transcript, "  [{node}]");
                }
                if perform && !output.actions.is_empty() {
                    self.collecting = None;
                    self.waiting = output.actions.into();
                }
            }
            Err(fault) => {
                let _ = writeln!(self.transcript, "  fault {}: {}", fault.code, fault.message);
                self.fault = Some(fault);
                self.over = true;
            }
        }
    }

    fn step_once(&self, input: StepInput) -> Result<StepOutput, Fault> {
        with_surroundings(|around| {
            around.now_ms = input.at;
            around.random = input.step;
        });
        (self.step)(input)
    }

    /// Performs it and tells its outcome; none for what ends otherwise.
    fn perform(&mut self, command: &Command) -> Option<String> {
        let mut outcome = Some("ok".to_owned());
        let line = match command {
            Command::Answer => "answer".to_owned(),
            Command::Reject(status) => {
                self.over = true;
                outcome = None;
                format!("reject {status}")
            }
            Command::Play(prompts) => format!("play {}", self.say(prompts)),
            Command::Collect(collect) => {
                outcome = None;
                let said = self.say(&collect.prompts);
                let secret = if collect.sensitive { " secret" } else { "" };
                format!("collect {}{secret} {said}", collect.max_digits)
            }
            Command::SetAttributes(attributes) => {
                for (name, value) in attributes {
                    self.interaction.attributes.retain(|(key, _)| key != name);
                    if !value.is_empty() {
                        self.interaction
                            .attributes
                            .push((name.clone(), value.clone()));
                    }
                }
                let pairs: Vec<String> = attributes
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                format!("set {}", pairs.join(" "))
            }
            Command::StartTimer(timer) => format!("timer {} in {} ms", timer.name, timer.after_ms),
            Command::CancelTimer(name) => format!("cancel timer {name}"),
            Command::Enqueue(place) => {
                outcome = Some(self.enqueue_outcome.clone());
                if self.enqueue_outcome == "queued" {
                    self.queued = Some(place.queue.clone());
                }
                let mut place_told = format!("enqueue {} priority {}", place.queue, place.priority);
                if !place.skills.is_empty() {
                    let _ = write!(place_told, " skills {}", place.skills);
                }
                if let Some(first) = &place.preferred {
                    let _ = write!(
                        place_told,
                        " preferred {} {} ms",
                        first.agent, first.wait_ms
                    );
                }
                format!("{place_told}: {}", self.enqueue_outcome)
            }
            Command::Dequeue => {
                self.queued = None;
                "dequeue".to_owned()
            }
            Command::Callback(number) => {
                self.over = self.wish_outcome == "ok";
                outcome = (!self.over).then(|| self.wish_outcome.clone());
                let number = number.as_deref().unwrap_or("the caller");
                format!("call {number} back: {}", self.wish_outcome)
            }
            Command::Voicemail(message) => {
                self.queued = None;
                outcome = Some(self.wish_outcome.clone());
                let said = self.say(&message.prompts);
                let (longest, became) = (message.max_ms, &self.wish_outcome);
                format!("voicemail of {longest} ms {said}: {became}")
            }
            Command::LookUp(wanted) => {
                outcome = None;
                let place = match &wanted.source {
                    LookupSource::CustomerHistory => "history".to_owned(),
                    LookupSource::Table((table, key)) => format!("table {table} {key}"),
                    LookupSource::Connector(asked) => {
                        format!("{} {} {}", asked.connector, asked.operation, asked.argument)
                    }
                    LookupSource::Ext((name, _)) => format!("ext {name}"),
                };
                format!("look up {place} within {} ms", wanted.timeout_ms)
            }
            Command::Transfer(Destination::Flow(flow)) => {
                self.over = true;
                outcome = None;
                format!("go on in {flow}")
            }
            Command::Transfer(Destination::Ext((name, _))) => {
                outcome = Some("unsupported".to_owned());
                format!("transfer to ext {name}")
            }
            Command::Hangup => {
                self.over = true;
                outcome = None;
                "hang up".to_owned()
            }
            Command::Ext((name, _)) => {
                outcome = Some("unsupported".to_owned());
                format!("ext {name}")
            }
        };
        let _ = writeln!(self.transcript, "  {}", line.trim_end());
        outcome
    }

    fn say(&mut self, prompts: &[Prompt]) -> String {
        let said: Vec<String> = prompts
            .iter()
            .map(|prompt| {
                let language = prompt.language.as_deref().unwrap_or("?");
                match &prompt.source {
                    PromptSource::Text(words) => format!("{language} {words:?}"),
                    PromptSource::Audio(file) => format!("{language} <{file}>"),
                    PromptSource::Ext((name, _)) => format!("{language} <ext {name}>"),
                }
            })
            .collect();
        let said = said.join(", ");
        let _ = writeln!(self.heard, "{said}");
        said
    }
}

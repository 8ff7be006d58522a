//! Runs a linear flow over its journal, up to the step that the journal does not hold.

use super::around::{Replayed, set_now_ms};
use super::journal::{Entry, Journal, Name};
use crate::ivr::{Action, Command, Fault, Interaction, RawEvent, StepInput, StepOutput};
use crate::state;
use serde::{Serialize, de::DeserializeOwned};
use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// What an event makes of the step that goes on.
#[derive(Debug)]
pub(super) enum Heard<R> {
    Ended(R),
    /// It goes on, with these actions instead of what was going on.
    Instead(Vec<Command>),
    CarryOn,
}

/// What came of running the flow, beyond what its future says.
#[derive(Debug)]
enum Came {
    /// It met no step that is not in the journal.
    Nothing,
    CarryOn,
    Instead(Vec<Command>),
    Begins(Name, Vec<Command>),
    Broke(Fault),
}

#[derive(Debug)]
pub(super) struct Replay {
    journal: Journal,
    attributes: Vec<(String, String)>,
    /// Entries that were told.
    told: usize,
    now_ms: u64,
    at_ms: u64,
    /// None while the first step begins, and once it was heard.
    event: Option<RawEvent>,
    connected: bool,
    came: Came,
}

impl Replay {
    fn new(journal: Journal, at_ms: u64, event: Option<RawEvent>) -> Replay {
        Replay {
            attributes: journal.attributes.clone(),
            told: 0,
            now_ms: journal.began_ms,
            at_ms,
            event,
            connected: false,
            came: Came::Nothing,
            journal,
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut all = self.attributes.iter();
        all.find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.attributes.retain(|(key, _)| key != name);
        if !value.is_empty() {
            self.attributes.push((name.to_owned(), value.to_owned()));
        }
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// The last step ended with the caller at an agent.
    pub(super) fn connected(&mut self) {
        self.connected = true;
    }

    /// What the step came to; none when it begins or goes on, and the flow is not run any further.
    pub(super) fn step<R: Serialize + DeserializeOwned>(
        &mut self,
        kind: &str,
        name: &str,
        begin: &[Command],
        hear: &dyn Fn(&RawEvent, &[u32]) -> Heard<R>,
    ) -> Option<R> {
        let ended = self.advance(kind, name, begin, hear);
        match ended {
            Ok(Some(result)) => {
                self.connected = false;
                Some(result)
            }
            Ok(None) => None,
            Err(fault) => {
                self.came = Came::Broke(fault);
                None
            }
        }
    }

    fn advance<R: Serialize + DeserializeOwned>(
        &mut self,
        kind: &str,
        name: &str,
        begin: &[Command],
        hear: &dyn Fn(&RawEvent, &[u32]) -> Heard<R>,
    ) -> Result<Option<R>, Fault> {
        if !matches!(self.came, Came::Nothing) {
            return Err(Fault::new(
                "linear.await",
                format!(
                    "{} is awaited while another step goes on; steps come one after the other",
                    Name::new(kind, name)
                ),
            ));
        }
        if let Some(entry) = self.journal.entries.get(self.told) {
            let result = postcard::from_bytes(&entry.result).ok();
            let Some(result) = result.filter(|_| entry.step.is(kind, name)) else {
                return Err(self.parted(&entry.step, &Name::new(kind, name).to_string()));
            };
            self.now_ms = self.now_ms.saturating_add(entry.after_ms);
            set_now_ms(self.now_ms);
            self.told += 1;
            return Ok(Some(result));
        }
        let Some(event) = self.event.take() else {
            self.came = Came::Begins(Name::new(kind, name), begin.to_vec());
            return Ok(None);
        };
        if !self.journal.going_on.is(kind, name) {
            return Err(self.parted(&self.journal.going_on, &Name::new(kind, name).to_string()));
        }
        match hear(&event, &self.journal.actions) {
            Heard::CarryOn => self.came = Came::CarryOn,
            Heard::Instead(commands) => self.came = Came::Instead(commands),
            Heard::Ended(result) => {
                let written = state::keep("a step's result", &result)?;
                self.journal.entries.push(Entry {
                    step: Name::new(kind, name),
                    result: written,
                    after_ms: self.at_ms.saturating_sub(self.now_ms),
                });
                self.told += 1;
                self.now_ms = self.at_ms;
                set_now_ms(self.now_ms);
                return Ok(Some(result));
            }
        }
        Ok(None)
    }

    fn parted(&self, was: &Name, is: &str) -> Fault {
        Fault::new(
            "linear.journal",
            format!(
                "step {} of this call was {was}, but the code now does {is} there: it was changed \
                 while the call went on. Calls keep the version that they began with; a changed flow \
                 is for new ones",
                self.told + 1
            ),
        )
    }

    /// What the flow's return begins: nothing twice, and nothing for a caller who is with an agent.
    fn end(&mut self) -> Result<Came, Fault> {
        let unheard = self.event.is_some();
        if let Some(entry) = self.journal.entries.get(self.told) {
            return Err(self.parted(&entry.step, "nothing more"));
        }
        let end = Name::new("end", "");
        if unheard && self.journal.going_on != end {
            return Err(self.parted(&self.journal.going_on, "nothing more"));
        }
        Ok(match (unheard, self.connected) {
            (true, _) => Came::CarryOn,
            (false, true) => Came::Begins(end, Vec::new()),
            (false, false) => Came::Begins(end, vec![Command::Hangup]),
        })
    }
}

/// One step of the contract.
pub(super) fn take<Run: Future<Output = Result<(), Fault>>>(
    input: StepInput,
    flow: impl FnOnce(Rc<RefCell<Replay>>, Interaction) -> Run,
) -> Result<StepOutput, Fault> {
    let begun = !input.state.is_empty();
    let output = |state: Vec<u8>, commands: Vec<Command>, trace: Vec<String>| {
        let first = (input.step as u32).wrapping_mul(32).wrapping_add(1);
        StepOutput {
            state,
            actions: (first..)
                .zip(commands)
                .map(|(id, command)| Action {
                    id,
                    command,
                    ext: Vec::new(),
                })
                .collect(),
            trace,
            ext: Vec::new(),
        }
    };
    let unchanged = || output(input.state.clone(), Vec::new(), Vec::new());
    let journal = match (begun, &input.event) {
        (_, RawEvent::HangUp(_)) | (true, RawEvent::Started) => return Ok(unchanged()),
        (true, _) => Journal::read(&input.state)?,
        (false, _) => {
            let attributes = input.interaction.attributes.clone();
            Journal::begin(input.at, crate::host::random::next_u64(), attributes)
        }
    };
    let _replayed = Replayed::begin(journal.began_ms, journal.seed);
    let event = begun.then(|| input.event.clone());
    let replay = Rc::new(RefCell::new(Replay::new(journal, input.at, event)));
    let run = flow(replay.clone(), input.interaction.clone());
    let polled = pin!(run).poll(&mut Context::from_waker(Waker::noop()));
    let mut replay = replay.borrow_mut();
    let came = match (std::mem::replace(&mut replay.came, Came::Nothing), polled) {
        (Came::Broke(fault), _) | (_, Poll::Ready(Err(fault))) => return Err(fault),
        (_, Poll::Ready(Ok(()))) => replay.end()?,
        (Came::Nothing, Poll::Pending) => {
            return Err(Fault::new(
                "linear.await",
                "the flow waits for something that is no step of a call: only the methods of `Line` \
                 are",
            ));
        }
        (came, Poll::Pending) => came,
    };
    match came {
        Came::CarryOn | Came::Nothing => Ok(unchanged()),
        Came::Broke(fault) => Err(fault),
        // What is told meanwhile ends unheard: the step itself still goes on.
        Came::Instead(commands) => Ok(output(input.state.clone(), commands, Vec::new())),
        Came::Begins(name, commands) => {
            let trace = vec![name.to_string().replace('`', "")];
            replay.journal.going_on = name;
            let mut next = output(Vec::new(), commands, trace);
            replay.journal.actions = next.actions.iter().map(|action| action.id).collect();
            next.state = replay.journal.write()?;
            Ok(next)
        }
    }
}

//! What comes next: a state, and what is done on the way to it.

use super::{Command, Destination, Keys, LookUp, Prompts, Queue, Timer, Voicemail};

/// What comes next: a state, and actions performed one after the other. No action means "carry
/// on"; any replaces what has not started yet, and stops a running play or collect.
#[derive(Debug, Clone)]
pub struct Step<S> {
    pub(super) state: S,
    pub(super) commands: Vec<Command>,
    pub(super) trace: Vec<String>,
}

impl<S> Step<S> {
    /// Goes on in this state, with the actions added below.
    pub fn to(state: S) -> Self {
        Step {
            state,
            commands: Vec::new(),
            trace: Vec::new(),
        }
    }

    /// The same actions, going on in another state.
    #[must_use]
    pub fn then(mut self, state: S) -> Self {
        self.state = state;
        self
    }

    /// The same actions, the state in another shape.
    pub fn map<T>(self, shape: impl FnOnce(S) -> T) -> Step<T> {
        Step {
            state: shape(self.state),
            commands: self.commands,
            trace: self.trace,
        }
    }

    /// Stays in this state and lets what is going on go on.
    pub fn wait(state: S) -> Self {
        Step::to(state)
    }

    /// Notes the node for the contact's timeline.
    #[must_use]
    pub fn passing(mut self, node: &str) -> Self {
        self.trace.push(node.to_owned());
        self
    }

    #[must_use]
    pub fn command(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    #[must_use]
    pub fn answer(self) -> Self {
        self.command(Command::Answer)
    }

    /// Refuses the call with this SIP status, 400 to 699; only before `answer`.
    #[must_use]
    pub fn reject(self, status: u16) -> Self {
        self.command(Command::Reject(status))
    }

    #[must_use]
    pub fn play(self, prompts: impl Into<Prompts>) -> Self {
        self.command(Command::Play(prompts.into().0))
    }

    #[must_use]
    pub fn collect(self, keys: Keys) -> Self {
        self.command(Command::Collect(keys.0))
    }

    /// An empty value removes the attribute.
    #[must_use]
    pub fn set(self, name: &str, value: &str) -> Self {
        self.command(Command::SetAttributes(vec![(
            name.to_owned(),
            value.to_owned(),
        )]))
    }

    /// Begins to look something up; what comes after it is done meanwhile. Ends by
    /// [`Event::LookedUp`].
    #[must_use]
    pub fn look_up(self, wanted: LookUp) -> Self {
        self.command(Command::LookUp(wanted.0))
    }

    /// Goes on in another flow of the tenant, by its name; this one is over.
    #[must_use]
    pub fn transfer_to_flow(self, flow: &str) -> Self {
        self.command(Command::Transfer(Destination::Flow(flow.to_owned())))
    }

    #[must_use]
    pub fn start_timer(self, name: &str, after_ms: u32) -> Self {
        self.command(Command::StartTimer(Timer {
            name: name.to_owned(),
            after_ms,
            ext: Vec::new(),
        }))
    }

    #[must_use]
    pub fn cancel_timer(self, name: &str) -> Self {
        self.command(Command::CancelTimer(name.to_owned()))
    }

    #[must_use]
    pub fn enqueue(self, place: Queue) -> Self {
        self.command(Command::Enqueue(place.0))
    }

    #[must_use]
    pub fn dequeue(self) -> Self {
        self.command(Command::Dequeue)
    }

    /// Calls the customer back when an agent has accepted: at the caller's own number when none is
    /// given.
    #[must_use]
    pub fn callback(self, number: Option<&str>) -> Self {
        self.command(Command::Callback(number.map(str::to_owned)))
    }

    /// Takes a message of at most `max_ms` after the prompts.
    #[must_use]
    pub fn voicemail(self, prompts: impl Into<Prompts>, max_ms: u32) -> Self {
        self.command(Command::Voicemail(Voicemail {
            prompts: prompts.into().0,
            max_ms,
            ext: Vec::new(),
        }))
    }

    #[must_use]
    pub fn hang_up(self) -> Self {
        self.command(Command::Hangup)
    }
}

//! What happened in one replication, from the facts alone.

use hotline_vocabulary::Millis;

/// One stay of a contact in one queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Visit {
    pub(crate) queue: usize,
    pub(crate) urgent: bool,
    /// Minutes since local midnight at which it began, below 1440.
    pub(crate) minute: u16,
    pub(crate) waited: Millis,
    pub(crate) end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Answered,
    Abandoned,
    /// To another queue, or out by a rule.
    Left,
    /// Never let in: full, closed or empty.
    Refused,
}

/// One time that one agent handled a contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Segment {
    pub(crate) queue: usize,
    pub(crate) urgent: bool,
    pub(crate) talked: Millis,
    pub(crate) wrapped: Millis,
}

/// All waits of one customer's contact, those after a transfer included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Journey {
    pub(crate) queue: usize,
    pub(crate) urgent: bool,
    pub(crate) waited: Millis,
    pub(crate) transferred: bool,
    pub(crate) answered: bool,
}

/// A customer who was promised a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Callback {
    pub(crate) queue: usize,
    pub(crate) urgent: bool,
    /// They took it.
    pub(crate) reached: bool,
}

/// How an agent spent the time that is counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Hours {
    pub(crate) busy: Millis,
    pub(crate) idle: Millis,
    /// The places of the queues that they serve.
    pub(crate) queues: Vec<usize>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Observations {
    pub(crate) visits: Vec<Visit>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) journeys: Vec<Journey>,
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) agents: Vec<Hours>,
    /// Times that a policy failed or was overruled.
    pub(crate) faults: u64,
    /// Times that the switchboard's own monitors found what must never be.
    pub(crate) violations: u64,
}

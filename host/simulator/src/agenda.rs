//! What the people of a simulated house do next, in order of time.

use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{AgentId, LegId, OfferId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Contacts and agents by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Arrive(usize),
    /// The customer's patience is at its end.
    GiveUp(usize),
    /// All is said.
    HangUp(usize),
    /// The agent passes the contact on.
    PassOn(usize),
    EndWrapUp(AgentId, usize),
    AnswerOffer(AgentId, OfferId),
    /// The customer takes the call that rings on this leg.
    PickUp(usize, LegId),
    BeginShift(usize),
    EndShift(usize),
    BeginBreak(usize),
    EndBreak(usize),
    /// After a pause that the switchboard imposed.
    ComeBack(usize),
    SignOut(usize),
}

/// What is due at one instant happens in the order in which it was planned.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<Entry>>,
    planned: u64,
}

#[derive(Debug)]
struct Entry {
    at: Timestamp,
    number: u64,
    act: Act,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Timestamp, act: Act) {
        self.planned += 1;
        let number = self.planned;
        self.heap.push(Reverse(Entry { at, number, act }));
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    pub(crate) fn take(&mut self) -> Option<Act> {
        self.heap.pop().map(|Reverse(entry)| entry.act)
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl Eq for Entry {}

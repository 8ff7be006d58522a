//! Sees what happens in a simulated house, fact by fact, and keeps what figures are made of.

use crate::contact::{ContactPlan, Kind};
use crate::observation::{Callback, End, Hours, Journey, Observations, Segment, Visit};
use crate::plan::Plan;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::fact::{VisitEnd, What};
use hotline_vocabulary::ids::{AgentId, QueueId, SegmentId};
use hotline_vocabulary::{Fact, Millis, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Observer {
    seen: Observations,
    queues: HashMap<QueueId, usize>,
    midnight: Timestamp,
    contacts: Vec<Watched>,
    segments: HashMap<SegmentId, usize>,
    agents: HashMap<AgentId, usize>,
    doing: Vec<(Doing, Timestamp)>,
    /// From the first contact that is counted to the last that arrives.
    window: (Timestamp, Timestamp),
}

#[derive(Debug)]
struct Watched {
    counted: bool,
    kind: Arc<Kind>,
    /// The place of its customer's journey.
    journey: Option<usize>,
    /// The queue that it is in, and since when.
    entered: Option<(usize, Timestamp)>,
    /// It was in a queue at least once.
    queued: bool,
    /// The place of what is owed to its customer, of a callback.
    callback: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Busy,
    Idle,
    Away,
}

impl Observer {
    pub(crate) fn new(plan: &Plan, contacts: &[ContactPlan]) -> Self {
        let queues: HashMap<QueueId, usize> = plan
            .configuration
            .queues
            .iter()
            .map(|queue| queue.id)
            .zip(0..)
            .collect();
        let first = contacts.get(plan.counting.warm_up_contacts);
        let window = match (first, contacts.last()) {
            (Some(first), Some(last)) => (first.arrives, last.arrives),
            _ => (plan.midnight, plan.midnight),
        };
        let hours = plan.configuration.agents.iter().map(|agent| Hours {
            queues: agent
                .queues
                .iter()
                .filter_map(|membership| queues.get(&membership.queue).copied())
                .collect(),
            ..Hours::default()
        });
        let seen = Observations {
            agents: hours.collect(),
            ..Observations::default()
        };
        Observer {
            doing: vec![(Doing::Away, plan.midnight); seen.agents.len()],
            seen,
            queues,
            midnight: plan.midnight,
            contacts: Vec::with_capacity(contacts.len()),
            segments: HashMap::new(),
            agents: plan.agents.iter().map(|agent| agent.id).zip(0..).collect(),
            window,
        }
    }
}

impl Observer {
    /// The next contact, which came of `parent` (a redial, a transfer) or of nobody.
    pub(crate) fn add(&mut self, plan: &ContactPlan, parent: Option<usize>) {
        let kind = &plan.kind;
        let journey = match parent {
            Some(parent) => self.contacts[parent].journey,
            None if plan.counted => {
                self.seen.journeys.push(Journey {
                    queue: kind.queue,
                    urgent: kind.is_urgent(),
                    waited: Millis::ZERO,
                    transferred: false,
                    answered: false,
                });
                Some(self.seen.journeys.len() - 1)
            }
            None => None,
        };
        if plan.transferred
            && let Some(journey) = journey
        {
            self.seen.journeys[journey].transferred = true;
        }
        self.contacts.push(Watched {
            counted: plan.counted,
            kind: kind.clone(),
            journey,
            entered: None,
            queued: false,
            callback: None,
        });
    }

    /// This contact is a callback.
    pub(crate) fn owed(&mut self, place: usize) {
        let watched = &mut self.contacts[place];
        if watched.counted {
            watched.callback = Some(self.seen.callbacks.len());
            self.seen.callbacks.push(Callback {
                queue: watched.kind.queue,
                urgent: watched.kind.is_urgent(),
                reached: false,
            });
        }
    }

    /// `contact` is the place of whom it is about.
    pub(crate) fn notice(&mut self, fact: &Fact, contact: Option<usize>) {
        match fact.what {
            What::PluginFaulted { .. } => self.seen.faults += 1,
            What::InvariantViolated { .. } => self.seen.violations += 1,
            _ => {}
        }
        if let (What::AgentStateChanged { to, .. }, Some(agent)) = (&fact.what, fact.agent) {
            if let Some(place) = self.agents.get(&agent).copied() {
                self.agent_is(place, doing(to), fact.at);
            }
            return;
        }
        let Some(contact) = contact else {
            return;
        };
        let Some(watched) = self.contacts.get_mut(contact).filter(|one| one.counted) else {
            return;
        };
        match &fact.what {
            What::QueueEntered { queue, .. } => {
                watched.entered = self.queues.get(queue).map(|place| (*place, fact.at));
                watched.queued = true;
            }
            What::ContactAnswered => {
                if let Some(callback) = watched.callback {
                    self.seen.callbacks[callback].reached = true;
                    if let Some(journey) = watched.journey {
                        self.seen.journeys[journey].answered = true;
                    }
                }
            }
            What::QueueLeft { waited_ms, how, .. } => {
                let end = match how {
                    VisitEnd::Answered => End::Answered,
                    VisitEnd::Abandoned => End::Abandoned,
                    _ => End::Left,
                };
                self.visited(contact, *waited_ms, end);
            }
            What::AgentConnected { segment, queue, .. } => {
                let segments = &mut self.seen.segments;
                self.segments.insert(*segment, segments.len());
                segments.push(Segment {
                    queue: self
                        .queues
                        .get(queue)
                        .copied()
                        .unwrap_or(watched.kind.queue),
                    urgent: watched.kind.is_urgent(),
                    talked: Millis::ZERO,
                    wrapped: Millis::ZERO,
                });
            }
            What::SegmentEnded { segment, talked_ms } => {
                if let Some(place) = self.segments.get(segment) {
                    self.seen.segments[*place].talked = *talked_ms;
                }
            }
            What::WrapUpEnded {
                segment,
                wrapped_ms,
                ..
            } => {
                if let Some(place) = self.segments.remove(segment) {
                    self.seen.segments[place].wrapped = *wrapped_ms;
                }
            }
            What::ContactEnded { .. } if !watched.queued => {
                watched.entered = Some((watched.kind.queue, fact.at));
                self.visited(contact, Millis::ZERO, End::Refused);
            }
            _ => {}
        }
    }

    fn visited(&mut self, contact: usize, waited: Millis, end: End) {
        let watched = &mut self.contacts[contact];
        let Some((queue, entered)) = watched.entered.take() else {
            return;
        };
        if let Some(journey) = watched.journey {
            let journey = &mut self.seen.journeys[journey];
            journey.waited = journey.waited + waited;
            // Who is called back is served once they take the call.
            journey.answered |= end == End::Answered && watched.callback.is_none();
        }
        self.seen.visits.push(Visit {
            queue,
            urgent: watched.kind.is_urgent(),
            minute: (entered.since(self.midnight).0 / 60_000 % 1440) as u16,
            waited,
            end,
        });
    }

    fn agent_is(&mut self, place: usize, doing: Doing, now: Timestamp) {
        let (was, since) = std::mem::replace(&mut self.doing[place], (doing, now));
        let (from, to) = self.window;
        let spent = now.min(to).since(since.max(from));
        let hours = &mut self.seen.agents[place];
        match was {
            Doing::Busy => hours.busy = hours.busy + spent,
            Doing::Idle => hours.idle = hours.idle + spent,
            Doing::Away => {}
        }
    }

    pub(crate) fn finish(mut self) -> Observations {
        for place in 0..self.doing.len() {
            self.agent_is(place, Doing::Away, self.window.1);
        }
        self.seen
    }
}

fn doing(state: &AgentState) -> Doing {
    match state {
        AgentState::Talking { .. } | AgentState::WrapUp { .. } => Doing::Busy,
        AgentState::Ready { .. } => Doing::Idle,
        _ => Doing::Away,
    }
}

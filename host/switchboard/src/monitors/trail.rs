//! The last inputs, for whoever has to find out what led to a violation. Says what kind of thing
//! happened, to whom; never what was pressed or who called.

use crate::legs::Party;
use crate::limits::TRAIL_INPUTS;
use crate::switchboard::Switchboard;
use hotline_vocabulary::ids::{AgentId, ContactId, LegId};
use hotline_vocabulary::{Input, Timestamp};
use std::collections::VecDeque;

/// One input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    what: &'static str,
    contact: Option<ContactId>,
    agent: Option<AgentId>,
}

#[derive(Debug, Default)]
pub(super) struct Trail(VecDeque<(Timestamp, Step)>);

impl Trail {
    pub(super) fn push(&mut self, at: Timestamp, step: Step) {
        if self.0.len() == TRAIL_INPUTS {
            self.0.pop_front();
        }
        self.0.push_back((at, step));
    }

    /// Oldest first.
    pub(super) fn told(&self, now: Timestamp) -> Vec<String> {
        let steps = self.0.iter();
        steps
            .map(|(at, step)| {
                let mut told = format!("{} before: {}", now.since(*at), step.what);
                if let Some(contact) = step.contact {
                    told.push_str(&format!(", {contact}"));
                }
                if let Some(agent) = step.agent {
                    told.push_str(&format!(", {agent}"));
                }
                told
            })
            .collect()
    }
}

impl Switchboard {
    /// What an input is called. Asked before it is taken, while its leg is still known.
    pub(crate) fn step(&self, input: &Input) -> Step {
        let of = |what| Step {
            what,
            contact: None,
            agent: None,
        };
        let by = |what, agent| Step {
            agent: Some(agent),
            ..of(what)
        };
        match input {
            Input::Configured(_) => of("the set-up changed"),
            Input::Tick => of("time passed"),
            Input::CallArrived(call) => Step {
                contact: Some(call.contact),
                ..of("a call arrived")
            },
            Input::KeyPressed { leg, .. } => self.on_leg("a key was pressed", *leg),
            Input::PlaybackEnded { leg, .. } => self.on_leg("a playback ended", *leg),
            Input::LegAnswered { leg } => self.on_leg("a leg was answered", *leg),
            Input::LegEnded { leg, .. } => self.on_leg("a leg ended", *leg),
            Input::LegMeasured { leg, .. } => self.on_leg("a leg was measured", *leg),
            Input::AgentSignedIn { agent } => by("an agent signed in", *agent),
            Input::AgentSignedOut { agent } => by("an agent signed out", *agent),
            Input::AgentRequested { agent, .. } => by("an agent asked for something", *agent),
            Input::DeviceUp { agent, .. } => by("a device came", *agent),
            Input::DeviceDown { agent, .. } => by("a device went", *agent),
            Input::Answered { .. } => of("a plugin answered"),
            Input::FlowLookedUp { contact, .. } => Step {
                contact: Some(*contact),
                ..of("a flow's lookup came back")
            },
            Input::TaskResumed { task, .. } => Step {
                contact: Some(task.contact),
                ..of("a task was resumed")
            },
            Input::CallbackResumed(owed) => Step {
                contact: Some(owed.contact),
                ..of("a callback was resumed")
            },
            Input::LastSpoke { .. } | Input::PlaceKept { .. } => of("a customer was remembered"),
            Input::Stopping => of("the host stops"),
            _ => of("something else happened"),
        }
    }

    fn on_leg(&self, what: &'static str, leg: LegId) -> Step {
        let (contact, agent) = match self.legs.party(leg) {
            Some(Party::Customer(contact)) => (Some(contact), None),
            Some(Party::DeskPhone(contact, agent)) => (Some(contact), Some(agent)),
            Some(Party::Browser(agent)) => (None, Some(agent)),
            None => (None, None),
        };
        Step {
            what,
            contact,
            agent,
        }
    }
}

//! A flow's conversation with its contact: what it asked for, what is running, and what it has yet
//! to be told. One step is outstanding at a time; what happens meanwhile waits in line.

pub(crate) mod collect;
mod keys;
mod lookups;
pub(crate) mod message;
mod onward;
mod perform;
mod step;
mod summary;

use crate::desk::Desk;
use crate::limits::{FLOW_EVENTS_WAITING, Pace};
use crate::timers::TimerId;
use collect::Collecting;
use hotline_vocabulary::EndReason;
use hotline_vocabulary::flow::{Action, ActionId, FlowEvent};
use hotline_vocabulary::ids::QuestionId;
use hotline_vocabulary::plugin::PluginVersion;
use lookups::OpenLookup;
use message::Message;
use std::collections::VecDeque;

#[derive(Debug)]
pub(crate) struct Guide {
    /// The flow's name in the tenant's folder.
    pub(crate) flow: String,
    /// What the contact is pinned to; none before its first step ended.
    pub(crate) version: Option<PluginVersion>,
    pub(crate) author: Author,
    /// What the flow returned at its last step; away while a step is outstanding.
    state: Vec<u8>,
    steps: u64,
    pace: Pace,
    outstanding: Option<Outstanding>,
    /// Events that the flow has yet to be told, in order.
    line: VecDeque<FlowEvent>,
    /// Actions that have not started.
    todo: VecDeque<Action>,
    pub(crate) running: Running,
    timers: Vec<(String, TimerId)>,
    lookups: Vec<OpenLookup>,
}

/// Who says what happens to the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    Flow,
    /// The flow failed: the built-in safe flow took over for the rest of the contact.
    SafeFlow,
    /// The queue sent the contact to voicemail: built in, for the rest of the contact. The flow is
    /// told of its end.
    Voicemail,
    /// The customer will be called back, and is told so: built in. The flow is told of the end.
    Callback,
    /// The contact has no flow, and never had.
    Nobody,
}

#[derive(Debug)]
struct Outstanding {
    question: QuestionId,
    /// The event, in words for the timeline.
    event: String,
}

/// An action that takes time.
#[derive(Debug)]
pub(crate) enum Running {
    Nothing,
    Playing(ActionId),
    Collecting(Collecting),
    Message(Message),
}

/// What carries the contact on.
#[derive(Debug)]
pub(crate) enum Next {
    Tell(FlowEvent),
    Perform(Action),
    /// Something is under way that will come back.
    Wait,
    /// Nothing to tell, nothing to do, nothing under way.
    Idle,
}

impl Guide {
    pub(crate) fn new(flow: String) -> Self {
        Guide {
            flow,
            version: None,
            author: Author::Flow,
            state: Vec::new(),
            steps: 0,
            pace: Pace::default(),
            outstanding: None,
            line: VecDeque::from([FlowEvent::Started]),
            todo: VecDeque::new(),
            running: Running::Nothing,
            timers: Vec::new(),
            lookups: Vec::new(),
        }
    }

    /// For a contact that goes straight to its queue.
    pub(crate) fn none() -> Self {
        Guide {
            author: Author::Nobody,
            line: VecDeque::new(),
            ..Guide::new(String::new())
        }
    }

    /// In this order: what happened is told before the next action starts, so that the flow can
    /// still replace it.
    pub(crate) fn next(&mut self) -> Next {
        if self.outstanding.is_some() {
            return Next::Wait;
        }
        if let Some(event) = self.line.pop_front() {
            return Next::Tell(event);
        }
        match (&self.running, self.todo.pop_front()) {
            (Running::Nothing, Some(action)) => Next::Perform(action),
            (Running::Nothing, None) => Next::Idle,
            (_, Some(action)) => {
                self.todo.push_front(action);
                Next::Wait
            }
            (_, None) => Next::Wait,
        }
    }

    /// Puts an event in line. Of progress only the latest is worth telling.
    pub(crate) fn tell(&mut self, event: FlowEvent) {
        if let FlowEvent::Progress(_) = event {
            self.line
                .retain(|waiting| !matches!(waiting, FlowEvent::Progress(_)));
        }
        if self.line.len() < FLOW_EVENTS_WAITING && self.author != Author::Nobody {
            self.line.push_back(event);
        }
    }

    pub(crate) fn done(&mut self, action: ActionId, outcome: &str) {
        self.tell(FlowEvent::Done {
            action,
            outcome: outcome.to_owned(),
        });
    }

    /// The hang-up goes before everything that waits, and nothing else is worth telling any more.
    /// False when there is no flow to tell.
    pub(crate) fn tell_of_end(&mut self, reason: EndReason) -> bool {
        if matches!(self.author, Author::SafeFlow | Author::Nobody) {
            return false;
        }
        self.author = Author::Flow;
        self.line.clear();
        self.line.push_back(FlowEvent::HangUp {
            reason: reason.as_str().to_owned(),
        });
        true
    }

    /// Whether an answer is awaited.
    pub(crate) fn open_question(&self) -> Option<QuestionId> {
        self.outstanding.as_ref().map(|step| step.question)
    }

    pub(crate) fn has_more_to_tell(&self) -> bool {
        !self.line.is_empty()
    }

    /// Whether something will bring the flow back although nothing is under way.
    pub(crate) fn awaits_something(&self) -> bool {
        !self.timers.is_empty() || !self.lookups.is_empty()
    }

    /// Takes over what the contact does from here on.
    pub(crate) fn replace(&mut self, actions: Vec<Action>) {
        self.todo = actions.into();
    }

    /// Forgets everything that was asked for. What the caller hears is left to the caller of this.
    pub(crate) fn stop_all(&mut self, desk: &mut Desk) {
        self.todo.clear();
        self.line.clear();
        if let Running::Collecting(collecting) =
            std::mem::replace(&mut self.running, Running::Nothing)
        {
            desk.cancel(collecting.overdue);
        }
        for (_, timer) in self.timers.drain(..) {
            desk.cancel(timer);
        }
        self.drop_lookups(desk);
    }
}

//! Where a call is, and what may happen to it there. Each state carries what it needs and nothing
//! else; [`Call::on`] is the one table of what may follow what.

pub(crate) mod arrival;
pub(crate) mod callback;
pub(crate) mod contact;
mod customer;
pub(crate) mod ending;
pub(crate) mod talk;
pub(crate) mod task;

use crate::agent::offers::Offer;
use crate::queue::visit::Visit;
use hotline_vocabulary::ids::AgentId;
use talk::Talk;

#[derive(Debug)]
pub(crate) enum Call {
    /// Not answered yet; the flow has been asked.
    Ringing,
    /// Answered, and in no queue.
    InFlow,
    /// Waiting for an agent; the flow goes on treating the caller.
    Queued(Box<Visit>),
    /// Waiting while an agent's device rings.
    Offered(Box<Visit>, Offer),
    /// With an agent; the flow is over, as far as the caller hears it.
    Talking(Talk),
    /// Over; the flow is told, then the contact is forgotten.
    Ending,
}

#[derive(Debug)]
pub(crate) enum Change {
    Answer,
    /// Into a queue, out of the flow or back from an agent who was lost.
    Join(Box<Visit>),
    Offer(Offer),
    /// The offer is over, and the contact waits on.
    Withdraw,
    /// Out of the queue, back to the flow.
    Leave,
    Connect(Talk),
    /// The customer could not be called: the agent is free, the contact waits for its time.
    Rest,
    End,
}

/// What a change took out of the state before: each is to be brought to its own end.
#[derive(Debug, Default)]
pub(crate) struct Released {
    pub(crate) visit: Option<Box<Visit>>,
    pub(crate) offer: Option<Offer>,
    pub(crate) talk: Option<Talk>,
}

impl Call {
    /// Moves on and hands out what is over, or leaves all as it was when this may not happen now.
    pub(crate) fn on(&mut self, change: Change) -> Option<Released> {
        use Call::{Ending, InFlow, Offered, Queued, Ringing, Talking};
        let over = Released::default();
        let (next, released) = match (std::mem::replace(self, Ending), change) {
            (Ringing, Change::Answer) => (InFlow, over),
            (InFlow, Change::Join(visit)) => (Queued(visit), over),
            (Queued(visit), Change::Offer(offer)) => (Offered(visit, offer), over),
            (Offered(visit, offer), Change::Withdraw) => (Queued(visit), over.offer(offer)),
            (Queued(visit), Change::Leave) => (InFlow, over.visit(visit)),
            (Offered(visit, offer), Change::Leave) => (InFlow, over.visit(visit).offer(offer)),
            (Offered(visit, offer), Change::Connect(talk)) => {
                (Talking(talk), over.visit(visit).offer(offer))
            }
            (Talking(talk), Change::Join(visit)) => (Queued(visit), over.talk(talk)),
            (Talking(talk), Change::Rest) => (InFlow, over.talk(talk)),
            (Ringing | InFlow, Change::End) => (Ending, over),
            (Queued(visit), Change::End) => (Ending, over.visit(visit)),
            (Offered(visit, offer), Change::End) => (Ending, over.visit(visit).offer(offer)),
            (Talking(talk), Change::End) => (Ending, over.talk(talk)),
            (state, _) => {
                *self = state;
                return None;
            }
        };
        *self = next;
        Some(released)
    }

    pub(crate) fn visit(&self) -> Option<&Visit> {
        match self {
            Call::Queued(visit) | Call::Offered(visit, _) => Some(visit),
            _ => None,
        }
    }

    pub(crate) fn visit_mut(&mut self) -> Option<&mut Visit> {
        match self {
            Call::Queued(visit) | Call::Offered(visit, _) => Some(visit),
            _ => None,
        }
    }

    /// The visit, unless an agent's device rings for it.
    pub(crate) fn waiting(&self) -> Option<&Visit> {
        match self {
            Call::Queued(visit) => Some(visit),
            _ => None,
        }
    }

    pub(crate) fn offer(&self) -> Option<&Offer> {
        match self {
            Call::Offered(_, offer) => Some(offer),
            _ => None,
        }
    }

    pub(crate) fn talk(&self) -> Option<&Talk> {
        match self {
            Call::Talking(talk) => Some(talk),
            _ => None,
        }
    }

    pub(crate) fn is_talking_with(&self, agent: AgentId) -> bool {
        self.talk().is_some_and(|talk| talk.agent == agent)
    }
}

impl Released {
    fn visit(mut self, visit: Box<Visit>) -> Self {
        self.visit = Some(visit);
        self
    }

    fn offer(mut self, offer: Offer) -> Self {
        self.offer = Some(offer);
        self
    }

    fn talk(mut self, talk: Talk) -> Self {
        self.talk = Some(talk);
        self
    }
}

#[cfg(test)]
mod tests;

//! A contact ends: whatever it still held is brought to its own end first, each exactly once.

use crate::call::Change;
use crate::call::contact::{Contact, Hearing};
use crate::switchboard::{Phase, Switchboard};
use hotline_vocabulary::fact::{OfferEnd, VisitEnd, What};
use hotline_vocabulary::ids::{ContactId, LegId};
use hotline_vocabulary::{Channel, Effect, EndReason};

/// What the customer's leg is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goodbye {
    /// Nothing: the far end is gone already.
    TheyLeft,
    HangUp,
    /// A ringing call is refused with this SIP status; an answered one is hung up.
    Refuse(u16),
}

/// 480 Temporarily Unavailable: for a call that is hung up before it was answered.
const NOT_ANSWERED: u16 = 480;

impl Switchboard {
    pub(crate) fn end(&mut self, id: ContactId, reason: EndReason, goodbye: Goodbye) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let ringing = contact.is_ringing();
        let Some(released) = contact.call.on(Change::End) else {
            return;
        };
        let leg = contact.leg;
        // What plays ends with the leg, which may be gone already.
        contact.hearing = Hearing::Silence;
        let message = contact.end_message(&mut self.desk, &mut self.legs);
        contact.stop_calling(reason, &mut self.desk, &mut self.legs);
        contact.guide.stop_all(&mut self.desk);
        self.desk.cancel(contact.too_long);
        if let Some(recording) = contact.recording.end(&mut self.desk) {
            self.legs.retire_recording(recording, &mut self.desk);
        }
        match contact.channel {
            Channel::Task => self.tasks -= 1,
            _ => self.open -= 1,
        }

        if let Some(offer) = released.offer {
            self.offer_over(id, offer, OfferEnd::Abandoned);
        }
        if let Some(visit) = released.visit {
            self.visit_over(id, *visit, visit_end(reason));
        }
        if let Some(talk) = released.talk {
            self.talk_over(id, &talk);
            self.wrap_up(id, &talk);
        }
        if let Some(leg) = leg {
            self.say_goodbye(leg, ringing, reason, goodbye);
        }
        if let Some(message) = message {
            self.message_left(id, message);
        }
        self.desk.fact(id, What::ContactEnded { reason });
        self.tell_flow_of_end(id, reason);
    }

    fn say_goodbye(&mut self, leg: LegId, ringing: bool, reason: EndReason, goodbye: Goodbye) {
        let refuse = |status| Effect::Reject {
            leg,
            status,
            reason,
        };
        match goodbye {
            Goodbye::TheyLeft => {}
            Goodbye::Refuse(status) if ringing => self.desk.effect(refuse(status)),
            Goodbye::HangUp if ringing => self.desk.effect(refuse(NOT_ANSWERED)),
            Goodbye::Refuse(_) | Goodbye::HangUp => {
                self.desk.effect(Effect::HangUp { leg, reason });
            }
        }
        self.legs.retire(leg, &mut self.desk);
    }

    /// The flow's last step, unless the flow itself ended the call or is out of action.
    fn tell_flow_of_end(&mut self, id: ContactId, reason: EndReason) {
        let flow_knows = matches!(reason, EndReason::FlowHungUp | EndReason::FlowRejected);
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        if flow_knows || self.phase == Phase::Stopping || !contact.guide.tell_of_end(reason) {
            self.forget(id);
        } else {
            self.advance(id);
        }
    }

    /// Nothing more will be asked for this contact.
    pub(crate) fn forget(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.remove(&id) {
            if let Some(question) = contact.guide.open_question() {
                self.drop_question(question);
            }
            self.desk.effect(Effect::Forget { contact: id });
        }
    }

    /// The host stops in an orderly way: every call ends, and lies with us. Tasks are kept, and
    /// callbacks whose customers were not reached.
    pub(crate) fn stop(&mut self) {
        self.phase = Phase::Stopping;
        let open = self.contacts.values();
        let open: Vec<_> = open
            .map(|contact| (contact.id, contact.outlives_the_host()))
            .collect();
        for (id, is_kept) in open {
            match is_kept {
                true => self.suspend(id),
                false => self.end(id, EndReason::HostRestart, Goodbye::Refuse(503)),
            }
            self.forget(id);
        }
        let agents: Vec<_> = self.agents.keys().copied().collect();
        for agent in agents {
            self.agent_signed_out(agent);
        }
    }

    /// The host stops: whatever was under way ends, and the contact stays open for the next start.
    fn suspend(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let Some(released) = contact.call.on(Change::End) else {
            return;
        };
        let reason = EndReason::HostRestart;
        if let Some(leg) = contact.calls_on() {
            // Says that this attempt was cut off by us, and does not count.
            self.desk.fact(id, What::LegEnded { leg, reason });
        }
        contact.stop_calling(reason, &mut self.desk, &mut self.legs);
        self.desk.cancel(contact.too_long);
        match contact.channel {
            Channel::Task => self.tasks -= 1,
            _ => self.open -= 1,
        }
        if let Some(offer) = released.offer {
            self.offer_over(id, offer, OfferEnd::Abandoned);
        }
        if let Some(visit) = released.visit {
            self.visit_over(id, *visit, VisitEnd::Ended);
        }
        if let Some(talk) = released.talk {
            self.talk_over(id, &talk);
            let now = self.desk.now();
            self.change_agent(talk.agent, |agent| agent.put_down(id, now));
        }
    }
}

impl Contact {
    /// A task, or a callback whose customer is not on the line: nobody hears the host stop.
    const fn outlives_the_host(&self) -> bool {
        match self.channel {
            Channel::Task => true,
            Channel::Callback => self.leg.is_none(),
            Channel::Phone | Channel::Web | Channel::Chat | Channel::Email => false,
        }
    }
}

/// How a visit ended that was still open when its contact ended.
const fn visit_end(reason: EndReason) -> VisitEnd {
    match reason {
        EndReason::FlowHungUp | EndReason::FlowRejected | EndReason::Withdrawn => {
            VisitEnd::Dequeued
        }
        EndReason::TurnedAway => VisitEnd::Refused,
        EndReason::HostRestart | EndReason::TooLong | EndReason::InternalError => VisitEnd::Ended,
        _ => VisitEnd::Abandoned,
    }
}

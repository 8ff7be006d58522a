//! A flow's actions, performed in order, each as effects. What takes no time is done at once.

use crate::call::Call;
use crate::call::ending::Goodbye;
use crate::desk::Alarm;
use crate::guide::{Author, Next, Running};
use crate::limits::{FLOW_TIMERS, OVERFLOWS};
use crate::switchboard::Switchboard;
use hotline_vocabulary::fact::{VisitEnd, What};
use hotline_vocabulary::flow::{Action, Command, FlowEvent};
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::{EndReason, Millis};

/// Outcomes of actions, as the contract words them.
pub(crate) const OK: &str = "ok";
const REFUSED: &str = "refused";
const UNSUPPORTED: &str = "unsupported";
const TOO_MANY_TIMERS: &str = "too-many-timers";

impl Switchboard {
    /// Carries a contact on as far as it goes without waiting.
    pub(crate) fn advance(&mut self, id: ContactId) {
        while let Some(contact) = self.contacts.get_mut(&id) {
            match (contact.guide.next(), contact.guide.author) {
                (Next::Tell(event), Author::Flow) => return self.ask_flow(id, event),
                (Next::Tell(event), Author::SafeFlow) => self.safe_flow_told(id, &event),
                (Next::Tell(_), Author::Voicemail | Author::Callback | Author::Nobody) => {}
                (Next::Perform(action), _) => self.perform(id, action),
                (Next::Idle, Author::Flow) if contact.is_stranded() => self.flow_stranded(id),
                (Next::Idle, Author::Nobody) if contact.is_stranded() => {
                    return self.place_without_flow(id);
                }
                (Next::Idle | Next::Wait, _) => return self.fill_silence(id),
            }
        }
    }

    fn perform(&mut self, id: ContactId, action: Action) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        let talking = matches!(contact.call, Call::Talking(_));
        if talking && !matches!(action.command, Command::SetAttributes(_)) {
            return;
        }
        let desk = &mut self.desk;
        let outcome = match action.command {
            Command::Answer => {
                contact.answer(self.settings.recording, desk, &mut self.legs);
                OK
            }
            Command::Reject(status) => {
                // Another status would not be a refusal.
                let goodbye = Goodbye::Refuse(status.clamp(400, 699));
                return self.end(id, EndReason::FlowRejected, goodbye);
            }
            Command::HangUp => {
                let reason = match contact.guide.author {
                    Author::Flow => EndReason::FlowHungUp,
                    Author::SafeFlow | Author::Nobody => EndReason::InternalError,
                    Author::Voicemail => EndReason::MessageLeft,
                    Author::Callback => EndReason::CallbackBooked,
                };
                return self.end(id, reason, Goodbye::HangUp);
            }
            Command::Play(prompts) if prompts.is_empty() => OK,
            Command::Play(prompts) => {
                contact.answer(self.settings.recording, desk, &mut self.legs);
                contact.play(prompts, &self.settings.language, desk);
                contact.guide.running = Running::Playing(action.id);
                return;
            }
            Command::Collect(request) => {
                contact.answer(self.settings.recording, desk, &mut self.legs);
                contact.collect(action.id, request, &self.settings.language, desk);
                return;
            }
            Command::SetAttributes(attributes) => {
                self.set_attributes(id, attributes);
                OK
            }
            Command::StartTimer { name, after_ms } => self.start_flow_timer(id, name, after_ms),
            Command::CancelTimer(name) => {
                if let Some(timer) = contact.guide.take_timer(&name) {
                    desk.cancel(timer);
                }
                OK
            }
            Command::Enqueue(enqueue) => match self.enqueue(id, enqueue) {
                Some(outcome) => outcome,
                None => return,
            },
            Command::Dequeue => self.dequeue(id),
            Command::Callback { number } => match self.callback_wanted(id, number.as_deref()) {
                true => return,
                false => REFUSED,
            },
            Command::Voicemail(wish) => return self.greet_for_message(id, action.id, wish),
            Command::LookUp(wanted) => return self.look_up(id, action.id, wanted),
            Command::Transfer { .. } if contact.overflows >= OVERFLOWS => REFUSED,
            Command::Transfer { flow } => {
                self.leave_queue(id, VisitEnd::Dequeued);
                return self.go_on_in(id, flow);
            }
            Command::Unknown(_) => UNSUPPORTED,
        };
        if let Some(contact) = self.contacts.get_mut(&id)
            && !talking
        {
            contact.guide.done(action.id, outcome);
        }
    }

    fn set_attributes(&mut self, id: ContactId, attributes: Vec<(String, String)>) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            for (name, value) in &attributes {
                contact.set_attribute(name, value);
            }
            self.desk.fact(id, What::AttributesSet { attributes });
            self.rank_again(id);
        }
    }

    fn start_flow_timer(&mut self, id: ContactId, name: String, after: Millis) -> &'static str {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return OK;
        };
        if let Some(moved) = contact.guide.take_timer(&name) {
            self.desk.cancel(moved);
        }
        if contact.guide.timers.len() >= FLOW_TIMERS {
            return TOO_MANY_TIMERS;
        }
        let timer = self
            .desk
            .after(after, Alarm::FlowTimerDue(id, name.clone()));
        contact.guide.timers.push((name, timer));
        OK
    }

    pub(crate) fn flow_timer_due(&mut self, id: ContactId, name: String) {
        if let Some(contact) = self.contacts.get_mut(&id) {
            contact.guide.take_timer(&name);
            contact.guide.tell(FlowEvent::Timer(name));
            self.advance(id);
        }
    }

    /// A queued caller hears music whenever the flow plays nothing.
    fn fill_silence(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        // A step under way may be about to play something.
        if contact.hearing != crate::call::contact::Hearing::Silence
            || contact.guide.open_question().is_some()
        {
            return;
        }
        if let Some(queue) = contact
            .call
            .visit()
            .and_then(|visit| self.queues.get(&visit.ticket.queue))
        {
            contact.play_music(queue.config.music.clone(), &mut self.desk);
        }
    }
}

impl crate::guide::Guide {
    fn take_timer(&mut self, name: &str) -> Option<crate::timers::TimerId> {
        let place = self.timers.iter().position(|(timer, _)| timer == name)?;
        Some(self.timers.swap_remove(place).1)
    }
}

impl crate::call::contact::Contact {
    /// In no queue, with no agent, and with nothing that would ever bring the flow back.
    fn is_stranded(&self) -> bool {
        matches!(self.call, Call::Ringing | Call::InFlow)
            && !self.guide.awaits_something()
            && !self.is_resting()
    }
}

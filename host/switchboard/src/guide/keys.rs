//! Prompts that end, keys that come, keys that do not come.

use crate::call::contact::{Contact, Hearing};
use crate::desk::{Alarm, Desk};
use crate::guide::Running;
use crate::guide::collect::{Collecting, Pressed};
use crate::switchboard::Switchboard;
use hotline_vocabulary::Effect;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::flow::{
    ActionId, Collect, CollectOutcome, CollectedInput, FlowEvent, ProtectedKeys,
};
use hotline_vocabulary::ids::{ContactId, LegId, PlaybackId};
use hotline_vocabulary::media::{Digit, PlaybackOutcome};

impl Switchboard {
    pub(crate) fn playback_ended(
        &mut self,
        leg: LegId,
        playback: PlaybackId,
        outcome: PlaybackOutcome,
    ) {
        let Some(id) = self.legs.customer(leg) else {
            return;
        };
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        if contact.hearing != Hearing::Prompts(playback) {
            return;
        }
        contact.hearing = Hearing::Silence;
        match &mut contact.guide.running {
            Running::Playing(action) => {
                let action = *action;
                contact.guide.running = Running::Nothing;
                contact.guide.done(action, word(outcome));
            }
            Running::Collecting(collecting) => {
                collecting.prompting = None;
                let wait = collecting.request.first_timeout_ms;
                collecting.overdue = Some(self.desk.after(wait, Alarm::KeysOverdue(id)));
            }
            Running::Message(message) => {
                if message.greets_with(playback) {
                    contact.begin_message(&mut self.desk, &mut self.legs);
                }
            }
            Running::Nothing => {}
        }
        self.advance(id);
    }

    pub(crate) fn key_pressed(&mut self, leg: LegId, digit: Digit) {
        let Some(id) = self.legs.customer(leg) else {
            return;
        };
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        if contact.is_enough(digit) {
            return self.message_over(id);
        }
        let Running::Collecting(collecting) = &mut contact.guide.running else {
            return;
        };
        match collecting.press(digit) {
            Pressed::Ignored => return,
            Pressed::More => {
                self.desk.cancel(collecting.overdue);
                let wait = collecting.request.inter_timeout_ms;
                collecting.overdue = Some(self.desk.after(wait, Alarm::KeysOverdue(id)));
                collecting.prompting = None;
                contact.stop_prompts(&mut self.desk);
            }
            Pressed::Complete => contact.collected(CollectOutcome::Complete, &mut self.desk),
        }
        self.advance(id);
    }

    /// Stops what runs because something else takes its place. Of that only a message is reported:
    /// what was said is kept.
    pub(crate) fn stop_running(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        match contact.end_message(&mut self.desk, &mut self.legs) {
            Some(left) => self.message_left(id, left),
            None => contact.stop_running(&mut self.desk),
        }
    }

    pub(crate) fn keys_overdue(&mut self, id: ContactId) {
        if let Some(contact) = self.contacts.get_mut(&id)
            && let Running::Collecting(collecting) = &contact.guide.running
        {
            let outcome = collecting.outcome_when_overdue();
            contact.collected(outcome, &mut self.desk);
            self.advance(id);
        }
    }
}

impl Contact {
    /// Begins to collect: keys count from now where barge-in is allowed, the time-out from the end
    /// of the prompts.
    pub(super) fn collect(
        &mut self,
        action: ActionId,
        mut request: Collect,
        tenants_language: &str,
        desk: &mut Desk,
    ) {
        let prompts = std::mem::take(&mut request.prompts);
        if request.sensitive {
            self.recording.pause(desk);
        }
        let first_timeout = request.first_timeout_ms;
        let mut collecting = Collecting::new(action, request);
        if prompts.is_empty() {
            collecting.overdue = Some(desk.after(first_timeout, Alarm::KeysOverdue(self.id)));
        } else {
            collecting.prompting = Some(self.play(prompts, tenants_language, desk));
        }
        self.guide.running = Running::Collecting(collecting);
    }

    /// The collect that runs has ended: the flow is told, and history keeps what it may.
    fn collected(&mut self, outcome: CollectOutcome, desk: &mut Desk) {
        let Running::Collecting(collecting) =
            std::mem::replace(&mut self.guide.running, Running::Nothing)
        else {
            return;
        };
        desk.cancel(collecting.overdue);
        self.stop_prompts(desk);
        let length = collecting.length();
        let sensitive = collecting.request.sensitive;
        // The keys themselves of a sensitive input go no further than to where they are kept.
        let (keys, token) = match sensitive {
            false => (Some(collecting.keys), None),
            true => (None, self.keep(collecting.keys, desk)),
        };
        desk.fact(
            self.id,
            What::KeysCollected {
                keys: keys.clone(),
                length,
                outcome,
            },
        );
        if sensitive {
            self.recording.resume(desk);
        }
        self.guide.tell(FlowEvent::Input(CollectedInput {
            action: collecting.action,
            token,
            digits: keys.unwrap_or_default(),
            length,
            outcome,
        }));
    }

    /// A token for keys that nobody may see; none where there are no keys.
    fn keep(&self, keys: String, desk: &mut Desk) -> Option<String> {
        if keys.is_empty() {
            return None;
        }
        let token = desk.token();
        desk.effect(Effect::KeepKeys {
            contact: self.id,
            token: token.clone(),
            keys: ProtectedKeys::new(keys),
        });
        Some(token)
    }

    /// Stops a running play or collect because something else takes its place; it is not reported.
    fn stop_running(&mut self, desk: &mut Desk) {
        match std::mem::replace(&mut self.guide.running, Running::Nothing) {
            // Ended apart, before anything takes its place: what was said is kept.
            Running::Nothing | Running::Message(_) => {}
            Running::Playing(_) => self.stop_prompts(desk),
            Running::Collecting(collecting) => {
                desk.cancel(collecting.overdue);
                self.stop_prompts(desk);
                self.recording.resume(desk);
            }
        }
    }
}

/// The contract's word for how a play ended.
const fn word(outcome: PlaybackOutcome) -> &'static str {
    match outcome {
        PlaybackOutcome::Completed => "ok",
        PlaybackOutcome::Interrupted => "interrupted",
        PlaybackOutcome::Failed => "failed",
    }
}

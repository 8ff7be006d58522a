//! Customers who are called back. The switchboard makes a contact of its own for each, and calls the
//! customer once an agent has accepted it.

use super::{House, Stage};
use crate::agenda::Act;
use crate::contact::{ContactPlan, place_of, place_of_leg};
use crate::distribution::unit;
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, PlaybackId};
use hotline_vocabulary::media::PlaybackOutcome;
use hotline_vocabulary::{Input, Millis};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// From the first ring to the answer, of a customer who answers at all.
const PICKS_UP_AFTER: Millis = Millis::from_secs(5);

impl House<'_> {
    /// The place of a contact: ours carry it in their id. None of contacts that nobody here is
    /// behind (a message that became work).
    pub(super) fn place(&self, contact: ContactId) -> Option<usize> {
        let called_back = self.called_back.get(&contact).copied();
        let ours = || Some(place_of(contact)).filter(|place| *place < self.contacts.len());
        called_back.or_else(ours)
    }

    /// A callback begins for the customer of `parent`, who waits as long as it takes.
    pub(super) fn is_owed(&mut self, callback: ContactId, parent: ContactId) {
        let Some(parent) = self.place(parent) else {
            return;
        };
        let plan = ContactPlan {
            arrives: self.now,
            patience: None,
            redial_after: None,
            ..self.contacts[parent].plan.clone()
        };
        let place = self.add(plan, Some(parent));
        self.observer.owed(place);
        let contact = &mut self.contacts[place];
        contact.id = callback;
        contact.stage = Stage::InFlow;
        self.called_back.insert(callback, place);
        self.open += 1;
    }

    /// The promise is heard: the call ends with it.
    pub(super) fn hears_the_promise(&self, leg: LegId, playback: PlaybackId) -> Option<Input> {
        let contact = self.contacts.get(place_of_leg(leg))?;
        let promised = contact.leg == leg && contact.stage == Stage::Promised;
        promised.then_some(Input::PlaybackEnded {
            leg,
            playback,
            outcome: PlaybackOutcome::Completed,
        })
    }

    /// The customer's phone rings. Whether they answer is the same for all policies: by the contact,
    /// and by how often they were called.
    pub(super) fn is_called(&mut self, contact: ContactId, leg: LegId) {
        let Some(place) = self.place(contact) else {
            return;
        };
        let contact = &mut self.contacts[place];
        contact.leg = leg;
        contact.calls += 1;
        let seed = contact.plan.luck ^ contact.calls.wrapping_mul(0xD1B5_4A32_D192_ED03);
        let luck = unit(&mut ChaCha8Rng::seed_from_u64(seed));
        if luck < contact.plan.kind.answers_callback {
            let at = self.now + PICKS_UP_AFTER;
            self.agenda.plan(at, Act::PickUp(place, leg));
        }
    }

    pub(super) fn picks_up(&mut self, place: usize, leg: LegId) {
        let contact = &self.contacts[place];
        if matches!(contact.stage, Stage::Called(_)) && contact.leg == leg {
            self.give(Input::LegAnswered { leg });
        }
    }

    /// An agent has the contact, and talks with the customer, who may be yet to be called.
    pub(super) fn agent_accepted(&mut self, place: usize, agent: AgentId) {
        let contact = &mut self.contacts[place];
        if self.called_back.contains_key(&contact.id) && !contact.reached {
            contact.stage = Stage::Called(agent);
        } else {
            self.connected(place, agent);
        }
    }

    /// The customer took our call.
    pub(super) fn is_reached(&mut self, place: usize) {
        let contact = &mut self.contacts[place];
        if let Stage::Called(agent) = contact.stage {
            contact.reached = true;
            self.connected(place, agent);
        }
    }
}

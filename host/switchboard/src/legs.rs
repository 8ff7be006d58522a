//! Whose leg, whose recording: what media reports is told by leg, and history is kept by contact.

use crate::agent::offers::Ringing;
use crate::call::ending::Goodbye;
use crate::call::talk::Line;
use crate::desk::{Alarm, Desk};
use crate::limits::LAST_WORD_MS;
use crate::switchboard::Switchboard;
use hotline_vocabulary::EndReason;
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, RecordingId};
use hotline_vocabulary::media::MediaStatistics;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Party {
    Customer(ContactId),
    /// An agent's desk phone, dialled for one offer.
    DeskPhone(ContactId, AgentId),
    /// An agent's browser, set up once a shift.
    Browser(AgentId),
}

#[derive(Debug, Default)]
pub(crate) struct Legs {
    parties: BTreeMap<LegId, (Party, Life)>,
    recordings: BTreeMap<RecordingId, ContactId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Up,
    /// Over; its last word is still awaited.
    Over,
}

impl Legs {
    /// Whose leg this is, while it is up.
    pub(crate) fn party(&self, leg: LegId) -> Option<Party> {
        match self.parties.get(&leg) {
            Some((party, Life::Up)) => Some(*party),
            _ => None,
        }
    }

    pub(crate) fn customer(&self, leg: LegId) -> Option<ContactId> {
        match self.party(leg) {
            Some(Party::Customer(contact)) => Some(contact),
            _ => None,
        }
    }

    pub(crate) fn add(&mut self, leg: LegId, party: Party) {
        self.parties.insert(leg, (party, Life::Up));
    }

    pub(crate) fn add_recording(&mut self, recording: RecordingId, contact: ContactId) {
        self.recordings.insert(recording, contact);
    }

    /// The leg is over; its last word is awaited for a while. Says whether it was up until now.
    pub(crate) fn retire(&mut self, leg: LegId, desk: &mut Desk) -> bool {
        match self.parties.get_mut(&leg) {
            Some((_, life @ Life::Up)) => {
                *life = Life::Over;
                desk.after(LAST_WORD_MS, Alarm::LegForgotten(leg));
                true
            }
            _ => false,
        }
    }

    pub(crate) fn retire_recording(&mut self, recording: RecordingId, desk: &mut Desk) {
        desk.after(LAST_WORD_MS, Alarm::RecordingForgotten(recording));
    }

    /// Whose leg this is or was; its last word is in. (One that is still up ends by itself.)
    pub(crate) fn last_word(&mut self, leg: LegId) -> Option<Party> {
        match *self.parties.get(&leg)? {
            (party, Life::Up) => Some(party),
            (_, Life::Over) => self.forget(leg),
        }
    }

    pub(crate) fn forget(&mut self, leg: LegId) -> Option<Party> {
        self.parties.remove(&leg).map(|(party, _)| party)
    }

    pub(crate) fn forget_recording(&mut self, recording: RecordingId) -> Option<ContactId> {
        self.recordings.remove(&recording)
    }
}

impl Switchboard {
    /// A leg ended by no act of ours.
    pub(crate) fn leg_ended(&mut self, leg: LegId, reason: EndReason) {
        match self.legs.party(leg) {
            Some(Party::Customer(contact)) => {
                self.desk.fact(contact, What::LegEnded { leg, reason });
                if !self.call_failed(contact, leg, reason) {
                    self.end(contact, reason, Goodbye::TheyLeft);
                }
            }
            Some(Party::DeskPhone(contact, agent)) => {
                self.desk_phone_ended(contact, agent, leg, reason);
            }
            Some(Party::Browser(agent)) => self.desk.fact(agent, What::LegEnded { leg, reason }),
            None => {}
        }
    }

    /// A phone that we called was picked up: a customer's, or an agent's desk phone.
    pub(crate) fn leg_answered(&mut self, leg: LegId) {
        if let Some(Party::Customer(id)) = self.legs.party(leg) {
            return self.customer_answered(id, leg);
        }
        if let Some(Party::DeskPhone(id, _)) = self.legs.party(leg) {
            let offer = self.contacts.get(&id).and_then(|c| c.call.offer());
            if offer.is_some_and(|offer| offer.ringing == Ringing::DeskPhone(leg)) {
                let device = Device::DeskPhone;
                self.connect(id, Some(Line { device, leg }));
            }
        }
    }

    pub(crate) fn leg_measured(&mut self, leg: LegId, statistics: MediaStatistics) {
        let measured = What::LegMeasured { leg, statistics };
        match self.legs.last_word(leg) {
            Some(Party::Customer(contact)) => self.desk.fact(contact, measured),
            Some(Party::DeskPhone(contact, agent)) => self.desk.fact((contact, agent), measured),
            Some(Party::Browser(agent)) => self.desk.fact(agent, measured),
            None => {}
        }
    }
}

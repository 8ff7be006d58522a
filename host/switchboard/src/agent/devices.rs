//! Devices come and go. A browser brings its standing leg; a desk phone is dialled for each offer.

use crate::agent::offers::Ringing;
use crate::agent::{Availability, DEVICE};
use crate::legs::Party;
use crate::switchboard::Switchboard;
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::fact::{OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId};

impl Switchboard {
    pub(crate) fn device_up(&mut self, id: AgentId, device: Device, leg: Option<LegId>) {
        let Some(agent) = self.agents.get(&id) else {
            return;
        };
        let was_up = agent.is_up(device);
        match (device, leg) {
            (Device::DeskPhone, _) => self.change_agent(id, |agent| agent.desk_phone_up = true),
            // A browser without a leg can not be heard.
            (Device::Browser, None) => return,
            (Device::Browser, Some(leg)) => {
                let before = agent.browser;
                if before == Some(leg) {
                    return;
                }
                self.change_agent(id, |agent| agent.browser = Some(leg));
                if let Some(before) = before {
                    self.legs.retire(before, &mut self.desk);
                }
                self.legs.add(leg, Party::Browser(id));
                self.rebridge(id, leg);
            }
        }
        if !was_up {
            self.desk.fact(id, What::DeviceChanged { device, up: true });
        }
    }

    pub(crate) fn device_down(&mut self, id: AgentId, device: Device) {
        let Some(agent) = self.agents.get(&id) else {
            return;
        };
        if !agent.is_up(device) {
            return;
        }
        self.desk
            .fact(id, What::DeviceChanged { device, up: false });
        match device {
            // One that rings or talks has a leg of its own, whose end will tell.
            Device::DeskPhone => self.change_agent(id, |agent| agent.desk_phone_up = false),
            Device::Browser => {
                let on_it = self.on_the_browser_of(id);
                if let Some(leg) = agent.browser {
                    self.legs.retire(leg, &mut self.desk);
                }
                self.change_agent(id, |agent| agent.browser = None);
                if let Some(contact) = on_it {
                    self.device_failed(id, contact);
                }
            }
        }
    }

    /// The call that rings on, or is heard through, an agent's browser.
    fn on_the_browser_of(&self, id: AgentId) -> Option<ContactId> {
        let agent = self.agents.get(&id)?;
        let through_it = |contact: &ContactId| {
            self.contacts.get(contact).is_some_and(|contact| {
                let rings = contact.call.offer().map(|offer| offer.ringing);
                let line = contact.call.talk().and_then(|talk| talk.line);
                rings == Some(Ringing::Browser)
                    || line.is_some_and(|line| line.device == Device::Browser)
            })
        };
        agent.work.iter().map(|work| work.contact).find(through_it)
    }

    /// The device failed under a contact: that one goes to another, and the agent takes no more.
    pub(crate) fn device_failed(&mut self, id: AgentId, contact: ContactId) {
        let call = self.contacts.get(&contact).map(|contact| &contact.call);
        if call.is_some_and(|call| call.offer().is_some()) {
            return self.offer_failed(contact, OfferEnd::DeviceFailed);
        }
        self.agent_lost(contact);
        // Of one that ended just now, for want of a queue to go back to.
        self.end_wrap_up(id, contact, None, String::new());
        let now = self.desk.now();
        self.change_agent(id, |agent| {
            agent.put_down(contact, now);
            agent.set_availability(Availability::paused(DEVICE), now);
        });
    }
}

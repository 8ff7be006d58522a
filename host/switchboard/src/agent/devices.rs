//! Devices come and go. A browser brings its standing leg; a desk phone is dialled for each offer.

use crate::agent::DEVICE;
use crate::legs::Party;
use crate::switchboard::Switchboard;
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::fact::{OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, LegId};

impl Switchboard {
    pub(crate) fn device_up(&mut self, id: AgentId, device: Device, leg: Option<LegId>) {
        let Some(agent) = self.agents.get_mut(&id) else {
            return;
        };
        let was_up = agent.is_up(device);
        match (device, leg) {
            (Device::DeskPhone, _) => agent.desk_phone_up = true,
            // A browser without a leg can not be heard.
            (Device::Browser, None) => return,
            (Device::Browser, Some(leg)) => {
                let before = agent.browser.replace(leg);
                if before == Some(leg) {
                    return;
                }
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
        let Some(agent) = self.agents.get_mut(&id) else {
            return;
        };
        if !agent.is_up(device) {
            return;
        }
        match device {
            Device::DeskPhone => agent.desk_phone_up = false,
            Device::Browser => {
                if let Some(leg) = agent.browser.take() {
                    self.legs.retire(leg, &mut self.desk);
                }
            }
        }
        self.desk
            .fact(id, What::DeviceChanged { device, up: false });
        if agent.device != device {
            return;
        }
        match (&agent.state, device) {
            (AgentState::Ready { .. }, _) => {
                let paused = self.paused(DEVICE);
                self.set_agent_state(id, paused);
            }
            (AgentState::Offered { contact, .. }, Device::Browser) => {
                let contact = *contact;
                self.offer_failed(contact, OfferEnd::DeviceFailed);
            }
            (AgentState::Talking { contact, .. }, Device::Browser) => {
                let contact = *contact;
                let paused = self.paused(DEVICE);
                self.agent_lost(contact, paused);
            }
            // A desk phone that rings or talks has a leg of its own, whose end will tell.
            (AgentState::Offered { .. } | AgentState::Talking { .. }, Device::DeskPhone)
            | (AgentState::SignedOut | AgentState::Paused { .. } | AgentState::WrapUp { .. }, _) => {
            }
        }
    }
}

//! What agents ask for. A refusal is written down and leaves everything as it was.

use crate::agent::DEVICE;
use crate::switchboard::Switchboard;
use hotline_vocabulary::agent::{AgentState, Device};
use hotline_vocabulary::fact::{OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, OfferId};
use hotline_vocabulary::input::AgentRequest;

/// Why a request was refused, in words for the agent.
type Refused = &'static str;

impl Switchboard {
    pub(crate) fn agent_requested(&mut self, id: AgentId, request: AgentRequest) {
        let name = name(&request);
        if let Err(reason) = self.grant(id, request) {
            self.refuse(id, name, reason);
        }
    }

    pub(super) fn refuse(&mut self, id: AgentId, request: &str, reason: Refused) {
        self.desk.fact(
            id,
            What::RequestRefused {
                request: request.to_owned(),
                reason: reason.to_owned(),
            },
        );
    }

    fn grant(&mut self, id: AgentId, request: AgentRequest) -> Result<(), Refused> {
        if !self.agents.get(&id).ok_or("unknown agent")?.is_signed_in() {
            return Err("not signed in");
        }
        match request {
            AgentRequest::Ready => self.make_ready(id),
            AgentRequest::Pause { reason } => self.pause(id, reason),
            AgentRequest::UseDevice { device } => self.use_device(id, device),
            AgentRequest::AcceptOffer { offer } => {
                let (contact, leg) = self.acceptable(id, offer)?;
                self.connect(contact, leg);
                Ok(())
            }
            AgentRequest::RejectOffer { offer } => {
                let contact = self.offered(id, offer)?;
                self.offer_failed(contact, OfferEnd::Rejected);
                Ok(())
            }
            AgentRequest::HangUp { contact } => {
                let talking = |c: &crate::call::contact::Contact| c.call.is_talking_with(id);
                if !self.contacts.get(&contact).is_some_and(talking) {
                    return Err("not talking with this contact");
                }
                self.agent_hung_up(contact);
                Ok(())
            }
            AgentRequest::Dispose {
                contact,
                disposition,
                note,
            } => self.dispose(id, contact, disposition, note),
        }
    }

    fn make_ready(&mut self, id: AgentId) -> Result<(), Refused> {
        let agent = self.agents.get_mut(&id).ok_or("unknown agent")?;
        match agent.state {
            AgentState::Ready { .. } => Ok(()),
            // Whoever is busy is free again afterwards, whatever pause was asked for.
            AgentState::Offered { .. } | AgentState::Talking { .. } => {
                agent.pause_next = None;
                Ok(())
            }
            AgentState::SignedOut | AgentState::Paused { .. } | AgentState::WrapUp { .. } => {
                if !agent.is_up(agent.device) {
                    return Err(match agent.device {
                        Device::Browser => "the browser's audio is not connected",
                        Device::DeskPhone => "the desk phone is not registered",
                    });
                }
                agent.pause_next = None;
                agent.missed = 0;
                if let AgentState::WrapUp { .. } = agent.state {
                    self.wrap_up_over(id, None, String::new());
                } else {
                    self.settle(id);
                }
                Ok(())
            }
        }
    }

    fn pause(&mut self, id: AgentId, reason: String) -> Result<(), Refused> {
        let since = self.desk.now();
        let agent = self.agents.get_mut(&id).ok_or("unknown agent")?;
        match agent.state {
            AgentState::Offered { .. } | AgentState::Talking { .. } | AgentState::WrapUp { .. } => {
                agent.pause_next = Some(reason);
            }
            _ => self.set_agent_state(id, AgentState::Paused { reason, since }),
        }
        Ok(())
    }

    fn use_device(&mut self, id: AgentId, device: Device) -> Result<(), Refused> {
        let agent = self.agents.get_mut(&id).ok_or("unknown agent")?;
        match agent.state {
            AgentState::Offered { .. } | AgentState::Talking { .. } => {
                return Err("a contact is on the other device");
            }
            AgentState::Ready { .. } if !agent.is_up(device) => {
                return Err("that device can not take calls now");
            }
            _ => {}
        }
        agent.device = device;
        let up = agent.is_up(device);
        self.desk.fact(id, What::DeviceChanged { device, up });
        Ok(())
    }

    /// The contact whose offer rings at this agent.
    fn offered(&self, id: AgentId, wanted: OfferId) -> Result<ContactId, Refused> {
        match self.agents.get(&id).map(|agent| &agent.state) {
            Some(AgentState::Offered { offer, contact, .. }) if *offer == wanted => Ok(*contact),
            _ => Err("the offer is over"),
        }
    }

    /// The contact, and the standing leg to take it on.
    fn acceptable(&self, id: AgentId, wanted: OfferId) -> Result<(ContactId, LegId), Refused> {
        let contact = self.offered(id, wanted)?;
        let device = self
            .contacts
            .get(&contact)
            .and_then(|contact| contact.call.offer())
            .map(|offer| offer.device);
        match device {
            Some(Device::Browser) => {
                let leg = self.agents.get(&id).and_then(|agent| agent.browser);
                Ok((contact, leg.ok_or(DEVICE)?))
            }
            Some(Device::DeskPhone) => Err("pick up the desk phone"),
            None => Err("the offer is over"),
        }
    }
}

const fn name(request: &AgentRequest) -> &'static str {
    match request {
        AgentRequest::Ready => "ready",
        AgentRequest::Pause { .. } => "pause",
        AgentRequest::UseDevice { .. } => "use_device",
        AgentRequest::AcceptOffer { .. } => "accept_offer",
        AgentRequest::RejectOffer { .. } => "reject_offer",
        AgentRequest::HangUp { .. } => "hang_up",
        AgentRequest::Dispose { .. } => "dispose",
    }
}

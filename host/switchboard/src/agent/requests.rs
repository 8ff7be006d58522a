//! What agents ask for. A refusal is written down and leaves everything as it was.

use crate::agent::offers::Ringing;
use crate::agent::{Availability, DEVICE};
use crate::call::talk::Line;
use crate::switchboard::Switchboard;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{Device, WorkStage};
use hotline_vocabulary::fact::{OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, OfferId};
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
                let (contact, line) = self.acceptable(id, offer)?;
                self.connect(contact, line);
                Ok(())
            }
            AgentRequest::RejectOffer { offer } => {
                let contact = self.offered(id, offer)?;
                self.offer_failed(contact, OfferEnd::Rejected);
                Ok(())
            }
            AgentRequest::HangUp { contact } => {
                let talking = |c: &crate::call::contact::Contact| {
                    c.channel.medium() == Medium::Voice && c.call.is_talking_with(id)
                };
                if !self.contacts.get(&contact).is_some_and(talking) {
                    return Err("not talking with this contact");
                }
                self.agent_hung_up(contact);
                Ok(())
            }
            AgentRequest::Complete { contact } => self.complete(id, contact),
            AgentRequest::GiveBack { contact } => self.give_back(id, contact),
            AgentRequest::Dispose {
                contact,
                disposition,
                note,
            } => self.dispose(id, contact, disposition, note),
        }
    }

    /// Ends wrap-ups, when there is nothing else in hand. Whoever has is free again afterwards,
    /// whatever pause was asked for.
    fn make_ready(&mut self, id: AgentId) -> Result<(), Refused> {
        let agent = self.agents.get_mut(&id).ok_or("unknown agent")?;
        let is_wrap_up = |stage: WorkStage| matches!(stage, WorkStage::WrapUp { .. });
        let ends_wrap_up = agent.work.iter().all(|work| is_wrap_up(work.stage));
        if ends_wrap_up && agent.is_mute() {
            return Err(match agent.device {
                Device::Browser => "the browser's audio is not connected",
                Device::DeskPhone => "the desk phone is not registered",
            });
        }
        let wrap_ups: Vec<_> = agent.work.iter().map(|work| work.contact).collect();
        let now = self.desk.now();
        self.change_agent(id, |agent| {
            agent.missed = 0;
            agent.set_availability(Availability::Ready, now);
        });
        if ends_wrap_up {
            for contact in wrap_ups {
                self.wrap_up_over(id, contact, None, String::new());
            }
        }
        Ok(())
    }

    fn pause(&mut self, id: AgentId, reason: String) -> Result<(), Refused> {
        let now = self.desk.now();
        self.change_agent(id, |agent| {
            agent.set_availability(Availability::Paused { reason }, now);
        });
        Ok(())
    }

    fn use_device(&mut self, id: AgentId, device: Device) -> Result<(), Refused> {
        let agent = self.agents.get(&id).ok_or("unknown agent")?;
        let on_a_call = agent.work.iter().any(|work| {
            work.medium == Medium::Voice && !matches!(work.stage, WorkStage::WrapUp { .. })
        });
        if on_a_call {
            return Err("a contact is on the other device");
        }
        let is_free = agent.availability == Availability::Ready && agent.work.is_empty();
        if is_free && !agent.is_up(device) {
            return Err("that device can not take calls now");
        }
        let up = agent.is_up(device);
        self.change_agent(id, |agent| agent.device = device);
        self.desk.fact(id, What::DeviceChanged { device, up });
        Ok(())
    }

    /// The contact whose offer rings at this agent.
    fn offered(&self, id: AgentId, wanted: OfferId) -> Result<ContactId, Refused> {
        let agent = self.agents.get(&id).ok_or("unknown agent")?;
        agent.offered(wanted).ok_or("the offer is over")
    }

    /// The contact, and what to take it on.
    fn acceptable(
        &self,
        id: AgentId,
        wanted: OfferId,
    ) -> Result<(ContactId, Option<Line>), Refused> {
        let contact = self.offered(id, wanted)?;
        let ringing = self
            .contacts
            .get(&contact)
            .and_then(|contact| contact.call.offer())
            .map(|offer| offer.ringing);
        match ringing {
            Some(Ringing::Screen) => Ok((contact, None)),
            Some(Ringing::Browser) => {
                let leg = self.agents.get(&id).and_then(|agent| agent.browser);
                let line = Line {
                    device: Device::Browser,
                    leg: leg.ok_or(DEVICE)?,
                };
                Ok((contact, Some(line)))
            }
            Some(Ringing::DeskPhone(_)) => Err("pick up the desk phone"),
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
        AgentRequest::Complete { .. } => "complete",
        AgentRequest::GiveBack { .. } => "give_back",
        AgentRequest::Dispose { .. } => "dispose",
    }
}

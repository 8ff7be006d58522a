//! What callers, agents and programs do of themselves.

use super::{Plan, Storm};
use crate::auditor::wishes;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{AgentState, Device, Work, WorkStage};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId};
use hotline_vocabulary::input::{AgentRequest, CallArrived, Task};
use hotline_vocabulary::media::Digit;
use hotline_vocabulary::{Channel, EndReason, Input};

impl Storm {
    pub(super) fn arrival(&mut self) -> Result<(), String> {
        let (contact, leg): (ContactId, LegId) = (self.ids.mint(self.now), self.ids.mint(self.now));
        let name = format!("c{}", self.names.contacts.len());
        self.names.contacts.insert(contact, name.clone());
        self.names.legs.insert(leg, name);
        let patience = self.random.u64(0..60_000);
        self.plan_within(
            patience,
            Plan::Give(Input::LegEnded {
                leg,
                reason: EndReason::CallerHungUp,
            }),
        );
        for _ in 0..self.random.u32(0..6) {
            if let Some(digit) = Digit::new(self.random.digit(10)) {
                self.plan_within(20_000, Plan::Give(Input::KeyPressed { leg, digit }));
            }
        }
        let nowhere = self.chance(3);
        // Few customers, who call often.
        let caller = match self.random.u8(0..6) {
            5 => "anonymous".to_owned(),
            number => format!("+4930{number}"),
        };
        self.give(Input::CallArrived(CallArrived {
            contact,
            leg,
            channel: Channel::Phone,
            caller: caller.into(),
            dialled: if nowhere { "999" } else { "100" }.to_owned(),
        }))
    }

    pub(super) fn task(&mut self) -> Result<(), String> {
        let contact: ContactId = self.ids.mint(self.now);
        let name = format!("t{}", self.names.contacts.len());
        self.names.contacts.insert(contact, name);
        if self.chance(30) {
            self.plan_within(60_000, Plan::Give(Input::TaskWithdrawn { contact }));
        }
        // One in a queue that was removed is refused.
        let known: Vec<_> = self.names.queues.keys().copied().collect();
        let queue = *self.pick(&known);
        let priority = self.random.i32(0..4);
        self.give(Input::TaskCreated(Task {
            contact,
            customer: "ticket-7".into(),
            queue,
            priority,
            skills: wishes(contact),
            attributes: vec![("topic".to_owned(), "cards".to_owned())],
            parent: None,
        }))
    }

    pub(super) fn agent_acts(&mut self, agent: AgentId) -> Result<(), String> {
        let bad = self.parameters.bad_agents;
        let request = |request| Input::AgentRequested { agent, request };
        if self.chance(bad / 3) {
            let device = *self.pick(&[Device::Browser, Device::DeskPhone]);
            let leg = self.ids.mint(self.now);
            let input = match self.random.u32(0..5) {
                0 => Input::DeviceDown { agent, device },
                1 => Input::AgentSignedOut { agent },
                2 => request(AgentRequest::Pause {
                    reason: "lunch".to_owned(),
                }),
                3 => request(AgentRequest::UseDevice { device }),
                _ => Input::DeviceUp {
                    agent,
                    device,
                    leg: (device == Device::Browser).then_some(leg),
                },
            };
            self.plan_within(8_000, Plan::Agent(agent));
            return self.give(input);
        }
        match self.agents.get(&agent).cloned() {
            None | Some(AgentState::SignedOut) => self.give(Input::AgentSignedIn { agent }),
            Some(AgentState::Paused { .. }) => {
                let leg = self.ids.mint(self.now);
                self.give(Input::DeviceUp {
                    agent,
                    device: Device::Browser,
                    leg: Some(leg),
                })?;
                self.give(Input::DeviceUp {
                    agent,
                    device: Device::DeskPhone,
                    leg: None,
                })?;
                let device = *self.pick(&[Device::Browser, Device::DeskPhone]);
                self.give(request(AgentRequest::UseDevice { device }))?;
                self.give(request(AgentRequest::Ready))
            }
            Some(AgentState::Ready { .. }) => Ok(()),
            Some(_) => self.agent_works(agent),
        }
    }

    /// Something about one of the contacts in hand.
    fn agent_works(&mut self, agent: AgentId) -> Result<(), String> {
        let bad = self.parameters.bad_agents;
        let request = |request| Input::AgentRequested { agent, request };
        let live = self.switchboard.live(self.now);
        let live = live.agents.into_iter().find(|live| live.id == agent);
        let work = live.map(|live| live.work).unwrap_or_default();
        if work.is_empty() {
            return Ok(());
        }
        let Work {
            contact,
            medium,
            stage,
        } = *self.pick(&work);
        // There may be more to do.
        if work.len() > 1 {
            self.plan_within(8_000, Plan::Agent(agent));
        }
        match stage {
            WorkStage::Offered { offer, .. } => {
                let passes = self.chance(bad);
                match passes {
                    true if self.random.bool() => Ok(()),
                    true => self.give(request(AgentRequest::RejectOffer { offer })),
                    false => self.give(request(AgentRequest::AcceptOffer { offer })),
                }
            }
            // Most agents wait while the customer's phone rings.
            WorkStage::Handling { .. }
                if self.chance(40) || self.called.contains(&contact) && !self.chance(bad) =>
            {
                self.plan_within(8_000, Plan::Agent(agent));
                Ok(())
            }
            WorkStage::Handling { .. } if medium == Medium::Voice => {
                self.give(request(AgentRequest::HangUp { contact }))
            }
            WorkStage::Handling { .. } if self.chance(bad) => {
                self.give(request(AgentRequest::GiveBack { contact }))
            }
            WorkStage::Handling { .. } => self.give(request(AgentRequest::Complete { contact })),
            WorkStage::WrapUp { .. } => self.give(request(AgentRequest::Dispose {
                contact,
                disposition: "done".to_owned(),
                note: String::new(),
            })),
        }
    }

    pub(super) fn everyone_leaves(&mut self) -> Result<(), String> {
        let legs: Vec<LegId> = self.names.legs.keys().copied().collect();
        for leg in legs {
            let reason = EndReason::CallerHungUp;
            self.give(Input::LegEnded { leg, reason })?;
        }
        // Whoever works on a task gives it back by that.
        for agent in self.agents.keys().copied().collect::<Vec<_>>() {
            self.give(Input::AgentSignedOut { agent })?;
        }
        // Also those that the switchboard made of messages.
        for contact in self.switchboard.live(self.now).contacts {
            let contact = contact.id;
            self.give(Input::TaskWithdrawn { contact })?;
        }
        Ok(())
    }
}

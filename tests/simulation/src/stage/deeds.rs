//! What those in a story do, as inputs of the switchboard.

use super::Stage;
use crate::script::{AgentDeed, ContactDeed, Deed, Line};
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::configuration::SkillExpression;
use hotline_vocabulary::ids::{ContactId, LegId};
use hotline_vocabulary::input::{AgentRequest, CallArrived, Task};
use hotline_vocabulary::media::{Digit, PlaybackOutcome};
use hotline_vocabulary::{Channel, EndReason, Input};
use std::collections::VecDeque;

impl Stage {
    pub(super) fn deed(&mut self, deed: Deed, rest: &mut VecDeque<Line>) {
        match deed {
            Deed::Call {
                contact,
                number,
                caller,
            } => {
                let (id, leg): (ContactId, LegId) =
                    (self.ids.mint(self.now), self.ids.mint(self.now));
                self.names.contacts.insert(id, contact.clone());
                self.names.legs.insert(leg, contact);
                self.give(
                    Input::CallArrived(CallArrived {
                        contact: id,
                        leg,
                        channel: Channel::Phone,
                        caller: caller.into(),
                        dialled: number,
                    }),
                    rest,
                );
            }
            Deed::Task { contact, queue } => {
                let id: ContactId = self.ids.mint(self.now);
                self.names.contacts.insert(id, contact);
                let task = Task {
                    contact: id,
                    customer: "ticket-7".into(),
                    queue: self.queue_named(&queue),
                    priority: 0,
                    skills: SkillExpression::Anyone,
                    attributes: Vec::new(),
                    parent: None,
                };
                self.give(Input::TaskCreated(task), rest);
            }
            Deed::Withdraw(name) => {
                let contact = self.contact_named(&name);
                self.give(Input::TaskWithdrawn { contact }, rest);
            }
            Deed::Contact(name, deed) => {
                let leg = self.leg_named(&name);
                match deed {
                    ContactDeed::HangsUp => self.give(
                        Input::LegEnded {
                            leg,
                            reason: EndReason::CallerHungUp,
                        },
                        rest,
                    ),
                    ContactDeed::Presses(keys) => {
                        for digit in keys.chars().filter_map(Digit::new) {
                            self.give(Input::KeyPressed { leg, digit }, rest);
                        }
                    }
                    ContactDeed::HearsItAll => {
                        let playback = self.playbacks.remove(&leg).expect("nothing plays");
                        let outcome = PlaybackOutcome::Completed;
                        self.give(
                            Input::PlaybackEnded {
                                leg,
                                playback,
                                outcome,
                            },
                            rest,
                        );
                    }
                }
            }
            Deed::Agent(name, deed) => self.agent_deed(&name, deed, rest),
            Deed::Reconfigure => self.give(Input::Configured(self.house.clone()), rest),
            Deed::Why(name) => {
                let contact = self
                    .names
                    .contacts
                    .iter()
                    .find(|(_, known)| **known == name);
                let contact = *contact.unwrap_or_else(|| panic!("no customer {name}")).0;
                let why = self.switchboard.why_waiting(contact, self.now);
                self.told.extend(self.names.why(&name, why.as_ref()));
            }
            Deed::RoutingAnswers(says) => {
                let (question, batch) = self.late.take().expect("a question left for later");
                let verdict = self.decide(&batch, Some(says)).expect("an answer");
                self.give(Input::Answered { question, verdict }, rest);
            }
            Deed::LookupAnswers(finding) => {
                let lookup = self.lookups.pop_front();
                let (contact, lookup) = lookup.expect("something was looked up");
                let found = Input::FlowLookedUp {
                    contact,
                    lookup,
                    finding,
                };
                self.give(found, rest);
            }
            Deed::RemoveQueue(name) => {
                self.house.queues.retain(|queue| queue.name != name);
                self.give(Input::Configured(self.house.clone()), rest);
            }
            Deed::Wallboard(queue) => self.wallboard(&queue),
            Deed::CustomerAnswers => {
                let leg = self.called.expect("a customer who was called");
                self.give(Input::LegAnswered { leg }, rest);
            }
            Deed::CustomerBusy => {
                let leg = self.called.expect("a customer who was called");
                let reason = EndReason::Busy;
                self.give(Input::LegEnded { leg, reason }, rest);
            }
            Deed::Stop => self.give(Input::Stopping, rest),
            Deed::Nothing => self.give(Input::Tick, rest),
        }
    }

    pub(super) fn agent_deed(&mut self, name: &str, deed: AgentDeed, rest: &mut VecDeque<Line>) {
        let agent = self.agent_named(name);
        let desk_leg = |stage: &Stage| {
            let desk_phone = format!("{name}'s desk phone");
            let mut legs = stage.names.legs.iter().rev();
            legs.find(|(_, leg)| **leg == desk_phone)
                .map(|(leg, _)| *leg)
                .expect("a desk phone that was dialled")
        };
        let device = Device::Browser;
        let live = self.switchboard.live(self.now);
        let live = live.agents.into_iter().find(|live| live.id == agent);
        let offer = live.as_ref().and_then(|live| live.offers.first());
        let offer = offer.map(|offer| offer.offer);
        let contact = live.and_then(|live| match live.state {
            hotline_vocabulary::agent::AgentState::Talking { contact, .. }
            | hotline_vocabulary::agent::AgentState::WrapUp { contact, .. } => Some(contact),
            _ => None,
        });
        let request = |request| Input::AgentRequested { agent, request };
        let input = match deed {
            AgentDeed::SignsIn => Input::AgentSignedIn { agent },
            AgentDeed::SignsOut => Input::AgentSignedOut { agent },
            AgentDeed::Ready => request(AgentRequest::Ready),
            AgentDeed::Pauses(reason) => request(AgentRequest::Pause { reason }),
            AgentDeed::Accepts => request(AgentRequest::AcceptOffer {
                offer: offer.expect("an offer to accept"),
            }),
            AgentDeed::Rejects => request(AgentRequest::RejectOffer {
                offer: offer.expect("an offer to reject"),
            }),
            AgentDeed::HangsUp => request(AgentRequest::HangUp {
                contact: contact.expect("a talk to end"),
            }),
            AgentDeed::Disposes(disposition) => request(AgentRequest::Dispose {
                contact: contact.expect("a contact to dispose of"),
                disposition,
                note: String::new(),
            }),
            AgentDeed::AcceptsOne(name) => request(AgentRequest::AcceptOffer {
                offer: self.offer_of(agent, &name),
            }),
            AgentDeed::RejectsOne(name) => request(AgentRequest::RejectOffer {
                offer: self.offer_of(agent, &name),
            }),
            AgentDeed::Completes(name) => request(AgentRequest::Complete {
                contact: self.contact_named(&name),
            }),
            AgentDeed::GivesBack(name) => request(AgentRequest::GiveBack {
                contact: self.contact_named(&name),
            }),
            AgentDeed::DisposesOf(disposition, name) => request(AgentRequest::Dispose {
                contact: self.contact_named(&name),
                disposition,
                note: String::new(),
            }),
            AgentDeed::UsesDeskPhone => request(AgentRequest::UseDevice {
                device: Device::DeskPhone,
            }),
            AgentDeed::BrowserUp => {
                let leg = self.ids.mint(self.now);
                self.names.legs.insert(leg, format!("{name}'s browser"));
                Input::DeviceUp {
                    agent,
                    device,
                    leg: Some(leg),
                }
            }
            AgentDeed::BrowserDown => Input::DeviceDown { agent, device },
            AgentDeed::DeskPhoneUp => Input::DeviceUp {
                agent,
                device: Device::DeskPhone,
                leg: None,
            },
            AgentDeed::DeskPhoneDown => Input::DeviceDown {
                agent,
                device: Device::DeskPhone,
            },
            AgentDeed::PicksUp => Input::LegAnswered {
                leg: desk_leg(self),
            },
            AgentDeed::DeskPhoneBusy => Input::LegEnded {
                leg: desk_leg(self),
                reason: EndReason::Busy,
            },
            AgentDeed::DeskPhoneHangsUp => Input::LegEnded {
                leg: desk_leg(self),
                reason: EndReason::AgentHungUp,
            },
        };
        self.give(input, rest);
    }
}

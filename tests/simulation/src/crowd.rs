//! A large house for measuring: many agents, many waiting, every adviser answering at once.

use crate::stage::answer;
use hotline_switchboard::Switchboard;
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::configuration::{
    Agent, Configuration, Membership, Number, Queue, Skill, SkillExpression,
};
use hotline_vocabulary::fact::{Epoch, What};
use hotline_vocabulary::flow::{Action, Command, Enqueue, FlowEvent};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, Minter, OfferId, QueueId, TenantId};
use hotline_vocabulary::input::{AgentRequest, CallArrived};
use hotline_vocabulary::question::{Answer, FlowStepped, Verdict};
use hotline_vocabulary::routing::{Decision, Order, Outcome};
use hotline_vocabulary::{Channel, Effect, EndReason, Input, Millis, Question, Timestamp};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

#[derive(Debug)]
pub struct Crowd {
    switchboard: Switchboard,
    ids: Minter,
    now: Timestamp,
    agents: Vec<AgentId>,
    /// What rings last.
    offered: Option<Offered>,
    /// The agent who is made free next.
    next: usize,
    pub facts: u64,
}

#[derive(Debug)]
struct Offered {
    agent: AgentId,
    offer: OfferId,
    contact: ContactId,
}

impl Crowd {
    /// `agents` are ready when nobody waits, else paused.
    pub fn new(agents: usize, waiting: u32) -> Self {
        let mut ids = Minter::new(1);
        let now = Timestamp(1_000_000_000);
        let tenant: TenantId = ids.mint(now);
        let queue: QueueId = ids.mint(now);
        let agents: Vec<AgentId> = (0..agents).map(|_| ids.mint(now)).collect();
        let mut crowd = Crowd {
            switchboard: Switchboard::new(tenant, Epoch(1), 1),
            ids,
            now,
            agents,
            offered: None,
            next: 0,
            facts: 0,
        };
        let house = crowd.house(queue);
        crowd.give(Input::Configured(house));
        for agent in crowd.agents.clone() {
            let leg = crowd.ids.mint(now);
            crowd.give(Input::AgentSignedIn { agent });
            crowd.give(Input::DeviceUp {
                agent,
                device: Device::Browser,
                leg: Some(leg),
            });
            if waiting == 0 {
                crowd.request(agent, AgentRequest::Ready);
            }
        }
        for _ in 0..waiting {
            crowd.now = crowd.now + Millis(1);
            crowd.arrives();
        }
        crowd
    }

    fn house(&self, queue: QueueId) -> Configuration {
        let english = |level| Skill {
            name: "english".to_owned(),
            level,
        };
        Configuration {
            numbers: vec![Number {
                dialled: "100".to_owned(),
                flow: "main".to_owned(),
                click_to_call: false,
            }],
            queues: vec![Queue {
                skills: SkillExpression::at_least("english", 1),
                wrap_up_ms: Some(Millis::ZERO),
                progress_every_ms: Millis::from_secs(3_600),
                max_waiting: 100_000,
                ..Queue::named(queue, "support")
            }],
            agents: (1..=10)
                .cycle()
                .zip(&self.agents)
                .map(|(level, id)| Agent {
                    id: *id,
                    name: id.to_string(),
                    skills: vec![english(level)],
                    queues: vec![Membership::of(queue)],
                    capacity: Vec::new(),
                })
                .collect(),
            language: "en".to_owned(),
            limits: hotline_vocabulary::configuration::TenantLimits {
                concurrent_contacts: 100_000,
                ..Default::default()
            },
            ..Configuration::default()
        }
    }

    /// A call arrives, queues, is accepted, and ends.
    pub fn one_call(&mut self) {
        self.now = self.now + Millis(1);
        let leg = self.arrives();
        if let Some(Offered { agent, offer, .. }) = self.offered.take() {
            self.request(agent, AgentRequest::AcceptOffer { offer });
        }
        let reason = EndReason::CallerHungUp;
        self.give(Input::LegEnded { leg, reason });
    }

    /// While everyone is free and nobody waits, a call arrives: how long from its flow's wish to
    /// queue it until the policy is asked. Then the call ends.
    pub fn one_contact_arrives(&mut self) -> Duration {
        self.now = self.now + Millis(1);
        let (contact, leg) = (self.ids.mint(self.now), self.ids.mint(self.now));
        self.switchboard.handle(
            self.now,
            Input::CallArrived(CallArrived {
                contact,
                leg,
                channel: Channel::Phone,
                caller: "+4930".into(),
                dialled: "100".to_owned(),
            }),
        );
        let took = self.answer_flow();
        self.drain_and_answer();
        let reason = EndReason::CallerHungUp;
        self.give(Input::LegEnded { leg, reason });
        took
    }

    /// Answers the flow's first question with its wish to queue, and gives how long that took.
    fn answer_flow(&mut self) -> Duration {
        let effects = self.switchboard.drain().effects;
        let ask = effects.into_iter().find_map(|effect| match effect {
            Effect::Ask { question, ask } => Some((question, ask)),
            _ => None,
        });
        let Some((question, ask)) = ask else {
            return Duration::ZERO;
        };
        let verdict = answer(advice(ask));
        let begin = Instant::now();
        self.switchboard
            .handle(self.now, Input::Answered { question, verdict });
        begin.elapsed()
    }

    /// One of the paused agents becomes free before everyone who waits: how long until the policy
    /// is asked. Then the agent serves the contact and pauses again, and another contact arrives.
    pub fn one_agent_becomes_free(&mut self) -> Duration {
        self.now = self.now + Millis(1);
        let agent = self.agents[self.next % self.agents.len()];
        self.next += 1;
        let begin = Instant::now();
        let request = AgentRequest::Ready;
        self.switchboard
            .handle(self.now, Input::AgentRequested { agent, request });
        let took = begin.elapsed();
        self.drain_and_answer();
        if self.offered.is_some() {
            self.serve_and_pause();
            self.arrives();
        }
        took
    }

    /// One of the paused agents becomes free: how long until an offer rings, `policy` included. Then
    /// as in [`Crowd::one_agent_becomes_free`].
    pub fn one_decision(&mut self, policy: &dyn Fn(&Question) -> Verdict) -> Duration {
        self.now = self.now + Millis(1);
        let agent = self.agents[self.next % self.agents.len()];
        self.next += 1;
        let request = AgentRequest::Ready;
        let took = self.decided(Input::AgentRequested { agent, request }, policy);
        self.serve_and_pause();
        self.arrives();
        took
    }

    /// A contact arrives, queues, and rings where agents are free: how long, `policy` included. Then
    /// the contact leaves again.
    pub fn one_arrival(&mut self, policy: &dyn Fn(&Question) -> Verdict) -> Duration {
        self.now = self.now + Millis(1);
        let (contact, leg) = (self.ids.mint(self.now), self.ids.mint(self.now));
        let arrived = Input::CallArrived(CallArrived {
            contact,
            leg,
            channel: Channel::Phone,
            caller: "+4930".into(),
            dialled: "100".to_owned(),
        });
        let took = self.decided(arrived, policy);
        assert!(self.offered.take().is_some(), "agents are free");
        let reason = EndReason::CallerHungUp;
        self.give(Input::LegEnded { leg, reason });
        took
    }

    /// From the input until nothing more is asked. Rank and Decide are the policy's to answer.
    fn decided(&mut self, input: Input, policy: &dyn Fn(&Question) -> Verdict) -> Duration {
        let begin = Instant::now();
        self.switchboard.handle(self.now, input);
        self.drain_and_ask(&|ask| match &ask {
            Question::Plan { .. } | Question::Rank { .. } | Question::Decide { .. } => policy(&ask),
            Question::FlowStep(_)
            | Question::Migrate(_)
            | Question::Qa { .. }
            | Question::Connector { .. } => answer(advice(ask)),
        });
        begin.elapsed()
    }

    fn serve_and_pause(&mut self) {
        if let Some(Offered {
            agent,
            offer,
            contact,
        }) = self.offered.take()
        {
            let reason = "measured".to_owned();
            self.request(agent, AgentRequest::AcceptOffer { offer });
            self.request(agent, AgentRequest::Pause { reason });
            self.request(agent, AgentRequest::HangUp { contact });
        }
    }

    fn arrives(&mut self) -> LegId {
        let (contact, leg) = (self.ids.mint(self.now), self.ids.mint(self.now));
        self.give(Input::CallArrived(CallArrived {
            contact,
            leg,
            channel: Channel::Phone,
            caller: "+4930".into(),
            dialled: "100".to_owned(),
        }));
        leg
    }

    fn request(&mut self, agent: AgentId, request: AgentRequest) {
        self.give(Input::AgentRequested { agent, request });
    }

    fn give(&mut self, input: Input) {
        self.switchboard.handle(self.now, input);
        self.drain_and_answer();
    }

    fn drain_and_answer(&mut self) {
        self.drain_and_ask(&|ask| answer(advice(ask)));
    }

    fn drain_and_ask(&mut self, adviser: &dyn Fn(Question) -> Verdict) {
        let mut effects = VecDeque::new();
        loop {
            let drained = self.switchboard.drain();
            self.facts += drained.facts.len() as u64;
            for fact in drained.facts {
                if let What::OfferMade { offer, .. } = fact.what {
                    self.offered = fact
                        .agent
                        .zip(fact.contact)
                        .map(|(agent, contact)| Offered {
                            agent,
                            offer,
                            contact,
                        });
                }
            }
            effects.extend(drained.effects);
            let Some(effect) = effects.pop_front() else {
                return;
            };
            if let Effect::Ask { question, ask } = effect {
                let verdict = adviser(ask);
                self.switchboard
                    .handle(self.now, Input::Answered { question, verdict });
            }
        }
    }
}

fn advice(ask: Question) -> Answer {
    match ask {
        Question::FlowStep(step) => Answer::FlowStep(FlowStepped {
            state: step.state,
            actions: match step.event {
                FlowEvent::Started => vec![Action {
                    id: 1,
                    command: Command::Enqueue(Enqueue {
                        queue: "support".to_owned(),
                        priority: 0,
                        skills: SkillExpression::Anyone,
                        preferred: None,
                    }),
                }],
                _ => Vec::new(),
            },
            trace: Vec::new(),
        }),
        Question::Plan { .. } => Answer::Plan(Vec::new()),
        Question::Rank { .. } => Answer::Rank(Order {
            base: 0.0,
            slope: 1.0 / 60_000.0,
            reasons: Vec::new(),
        }),
        // The first in line to its longest idle candidate.
        Question::Decide { batch, .. } => Answer::Decide(
            batch
                .contacts
                .first()
                .map(|view| Outcome {
                    contact: view.contact,
                    decision: batch
                        .candidates_of(view)
                        .next()
                        .map_or(Decision::KeepWaiting, Decision::Assign),
                    reasons: Vec::new(),
                    scores: Vec::new(),
                    recheck_after_ms: None,
                })
                .into_iter()
                .collect(),
        ),
        Question::Migrate(_) | Question::Qa { .. } | Question::Connector { .. } => {
            unreachable!("the switchboard asks no such thing")
        }
    }
}

/// Sorts `times` and gives the one below which `percent` of them lie.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let place = times.len() * percent / 100;
    times.get(place).copied().unwrap_or_default()
}

//! What a policy is told of what its agents have handled.

use crate::stage::fault;
use hotline_switchboard::Switchboard;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::configuration::{
    Agent, Capacity, Configuration, Membership, Queue, Skill, SkillExpression,
};
use hotline_vocabulary::fact::{Epoch, What};
use hotline_vocabulary::ids::{AgentId, ContactId, Id, OfferId, QueueId, TenantId};
use hotline_vocabulary::input::{AgentRequest, Task};
use hotline_vocabulary::routing::Experience;
use hotline_vocabulary::{Effect, Input, Millis, Question, Timestamp};

fn ana() -> AgentId {
    AgentId::from_bits(1)
}

fn support() -> QueueId {
    QueueId::from_bits(1)
}

/// One agent for work that asks for English.
struct House {
    switchboard: Switchboard,
    now: Timestamp,
    /// As the policy was shown them last.
    experience: Option<Vec<Experience>>,
    offered: Option<OfferId>,
}

impl House {
    fn new() -> Self {
        let mut house = House {
            switchboard: Switchboard::new(TenantId::from_bits(1), Epoch(1), 1),
            now: Timestamp(1_000_000),
            experience: None,
            offered: None,
        };
        let english = SkillExpression::at_least("english", 1);
        house.give(Input::Configured(Configuration {
            queues: vec![Queue {
                skills: english,
                wrap_up_ms: Some(Millis::ZERO),
                ..Queue::named(support(), "support")
            }],
            agents: vec![Agent {
                id: ana(),
                name: "ana".to_owned(),
                skills: vec![Skill {
                    name: "english".to_owned(),
                    level: 5,
                }],
                queues: vec![Membership::of(support())],
                capacity: vec![Capacity {
                    medium: Medium::Task,
                    at_once: 1,
                    interrupted_by: Vec::new(),
                }],
            }],
            ..Configuration::default()
        }));
        house
    }

    /// The policy is of no help: the built-in order applies.
    fn give(&mut self, input: Input) {
        self.switchboard.handle(self.now, input);
        loop {
            let drained = self.switchboard.drain();
            for fact in &drained.facts {
                if let What::OfferMade { offer, .. } = fact.what {
                    self.offered = Some(offer);
                }
            }
            let mut asked = Vec::new();
            for effect in drained.effects {
                let Effect::Ask { question, ask } = effect else {
                    continue;
                };
                if let Question::Decide { batch, .. } = ask {
                    let shown = batch.agents.into_iter().find(|agent| agent.id == ana());
                    self.experience = shown.map(|agent| agent.experience);
                }
                asked.push(question);
            }
            if asked.is_empty() {
                return;
            }
            for question in asked {
                let verdict = fault();
                let answered = Input::Answered { question, verdict };
                self.switchboard.handle(self.now, answered);
            }
        }
    }

    fn request(&mut self, request: AgentRequest) {
        self.give(Input::AgentRequested {
            agent: ana(),
            request,
        });
    }

    /// What the policy is told as work on `topic` comes in, which then takes ten seconds.
    fn told_before_work_on(&mut self, topic: &str) -> Vec<(String, u32, Option<Millis>)> {
        let contact = ContactId::from_bits(u128::from(self.now.0.unsigned_abs()));
        self.give(Input::TaskCreated(Task {
            contact,
            customer: "ticket-7".into(),
            queue: support(),
            priority: 0,
            skills: SkillExpression::Anyone,
            attributes: vec![("topic".to_owned(), topic.to_owned())],
            parent: None,
        }));
        let told = self.experience.take().expect("ana is shown");
        let offer = self.offered.take().expect("ana is free");
        self.request(AgentRequest::AcceptOffer { offer });
        self.now = self.now + Millis::from_secs(10);
        self.request(AgentRequest::Complete { contact });
        told.into_iter()
            .map(|known| (known.topic, known.handled, known.last_ended_ms))
            .collect()
    }

    fn ana_comes(&mut self) {
        self.give(Input::AgentSignedIn { agent: ana() });
        self.request(AgentRequest::Ready);
    }
}

#[test]
fn a_policy_is_told_which_skills_and_topics_an_agent_has_handled_since_they_signed_in() {
    let mut house = House::new();
    house.ana_comes();
    assert_eq!(house.told_before_work_on("cards"), []);

    house.now = house.now + Millis::from_secs(60);
    let minute_ago = Some(Millis::from_secs(60));
    let known = |topic: &str, handled, ago| (topic.to_owned(), handled, ago);
    // Of what is not asked for nothing is told.
    assert_eq!(
        house.told_before_work_on("loans"),
        [known("english", 1, minute_ago)]
    );
    let just_now = Some(Millis::ZERO);
    assert_eq!(
        house.told_before_work_on("loans"),
        [known("english", 2, just_now), known("loans", 1, just_now)]
    );
    assert_eq!(
        house.told_before_work_on("cards"),
        [
            known("cards", 1, Some(Millis::from_secs(80))),
            known("english", 3, just_now)
        ]
    );

    // A new day.
    house.give(Input::AgentSignedOut { agent: ana() });
    house.ana_comes();
    assert_eq!(house.told_before_work_on("cards"), []);
}

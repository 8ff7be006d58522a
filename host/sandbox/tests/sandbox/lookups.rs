//! A policy with lookups, alone and behind the switchboard.

use crate::offline::policy;
use crate::stand::{Stand, batch, built, contact, demo, visit};
use hotline_sandbox::PluginKind;
use hotline_sandbox::offline::Policy;
use hotline_switchboard::Switchboard;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::configuration::{Agent, Configuration, Membership, Number, Queue};
use hotline_vocabulary::fact::{Epoch, What};
use hotline_vocabulary::flow::{Action, Command, Enqueue, FlowEvent};
use hotline_vocabulary::ids::{AgentId, Id, LegId, QueueId};
use hotline_vocabulary::input::{AgentRequest, CallArrived};
use hotline_vocabulary::plugin::Usage;
use hotline_vocabulary::question::{Answer, FlowStepped, Question, Verdict};
use hotline_vocabulary::routing::{Decision, FoundFact, Lookup, LookupSource};
use hotline_vocabulary::skills::SkillExpression;
use hotline_vocabulary::{Effect, Input, Millis, Timestamp};

fn fact(id: &str, value: &str) -> FoundFact {
    FoundFact {
        id: id.to_owned(),
        value: value.to_owned(),
    }
}

#[tokio::test]
async fn what_was_looked_up_decides_and_a_policy_without_lookups_plans_nothing() {
    let stand = Stand::with(&[("demo/returning.policy.wasm", &built("returning_customer"))]).await;
    let status = stand.status(PluginKind::Policy, "returning");
    assert_eq!(status.problem, None);
    let ask = async |question| stand.handle.ask(demo(), question).await.outcome;
    let plan = |policy| Question::Plan {
        policy,
        contact: contact(1),
        visit: visit(contact(1)),
    };
    let named = || Some("returning".to_owned());
    let Ok(Answer::Plan(lookups)) = ask(plan(named())).await else {
        panic!("expected a plan");
    };
    let table = LookupSource::Table {
        table: "customers".to_owned(),
        key: "+4930123456".to_owned(),
    };
    assert!(lookups.contains(&Lookup {
        id: "history".to_owned(),
        source: LookupSource::CustomerHistory,
    }));
    assert!(lookups.iter().any(|lookup| lookup.source == table));
    assert_eq!(ask(plan(None)).await, Ok(Answer::Plan(Vec::new())));

    let last = AgentId::from_bits(2);
    let mut asked = batch(1, 2);
    let mut gets = Vec::new();
    for history in ["null".to_owned(), format!(r#"{{"last_agent":"{last}"}}"#)] {
        asked.contacts[0].facts = vec![fact("history", &history)];
        let decide = Question::Decide {
            policy: named(),
            batch: asked.clone(),
        };
        match ask(decide).await {
            Ok(Answer::Decide(outcomes)) => gets.push(outcomes[0].decision.clone()),
            other => panic!("expected a decision, got {other:?}"),
        }
    }
    let first = Decision::Assign(AgentId::from_bits(1));
    assert_eq!(gets, [first, Decision::Assign(last)]);
}

/// The switchboard of a house with one queue, whose policy is real and compiled, and two agents,
/// the first idle longest.
struct House {
    switchboard: Switchboard,
    policy: Policy,
    now: Timestamp,
    offered_to: Option<AgentId>,
    looks_up: Option<Effect>,
    looked_up: Vec<What>,
}

impl House {
    fn open() -> House {
        let queue = QueueId::from_bits(1);
        let agent = |number| Agent {
            id: AgentId::from_bits(number),
            name: format!("agent {number}"),
            skills: Vec::new(),
            queues: vec![Membership::of(queue)],
            capacity: Vec::new(),
        };
        let configuration = Configuration {
            numbers: vec![Number {
                dialled: "100".to_owned(),
                flow: "main".to_owned(),
                click_to_call: false,
            }],
            queues: vec![Queue {
                policy: Some("returning".to_owned()),
                ..Queue::named(queue, "support")
            }],
            agents: vec![agent(1), agent(2)],
            language: "en".to_owned(),
            ..Configuration::default()
        };
        let mut house = House {
            switchboard: Switchboard::new(demo(), Epoch(1), 7),
            policy: policy(1, "returning_customer", "{}"),
            now: Timestamp(1_790_000_000_000),
            offered_to: None,
            looks_up: None,
            looked_up: Vec::new(),
        };
        house.give(Input::Configured(configuration));
        for number in 1..=2 {
            let agent = AgentId::from_bits(number);
            house.give(Input::AgentSignedIn { agent });
            house.give(Input::DeviceUp {
                agent,
                device: Device::Browser,
                leg: Some(LegId::from_bits(number)),
            });
            let request = AgentRequest::Ready;
            house.give(Input::AgentRequested { agent, request });
            house.now = house.now + Millis(1_000);
        }
        house.give(Input::CallArrived(CallArrived {
            contact: contact(1),
            leg: LegId::from_bits(9),
            channel: Channel::Phone,
            caller: "+4930123456".into(),
            dialled: "100".to_owned(),
        }));
        house
    }

    fn give(&mut self, input: Input) {
        self.switchboard.handle(self.now, input);
        let drained = self.switchboard.drain();
        for fact in drained.facts {
            match fact.what {
                What::OfferMade { .. } => self.offered_to = fact.agent,
                what @ What::LookedUp { .. } => self.looked_up.push(what),
                _ => {}
            }
        }
        for effect in drained.effects {
            match effect {
                Effect::Ask { question, ask } => {
                    let verdict = self.answer(&ask);
                    self.give(Input::Answered { question, verdict });
                }
                effect @ Effect::LookUp { .. } => self.looks_up = Some(effect),
                _ => {}
            }
        }
    }

    fn answer(&self, question: &Question) -> Verdict {
        let Question::FlowStep(step) = question else {
            return self.policy.answer(question);
        };
        let enqueue = Command::Enqueue(Enqueue {
            queue: "support".to_owned(),
            priority: 0,
            skills: SkillExpression::Anyone,
            preferred: None,
        });
        let first = step.event == FlowEvent::Started;
        let actions = first.then_some(Action {
            id: 1,
            command: enqueue,
        });
        Verdict {
            outcome: Ok(Answer::FlowStep(FlowStepped {
                state: Vec::new(),
                actions: actions.into_iter().collect(),
                trace: Vec::new(),
            })),
            version: None,
            usage: Usage::default(),
        }
    }

    /// The host answers what it was asked to look up.
    fn look_up(&mut self, history: &str) {
        let Some(Effect::LookUp { contact, visit, .. }) = self.looks_up.take() else {
            panic!("nothing is to be looked up");
        };
        self.give(Input::LookedUp {
            contact,
            visit,
            facts: vec![fact("history", history), fact("customer", "null")],
            failed: Vec::new(),
        });
    }
}

#[test]
fn a_customer_who_returns_gets_the_agent_of_last_time_and_waits_until_that_is_known() {
    let mut house = House::open();
    assert_eq!(house.offered_to, None, "nothing is known yet");
    house.now = house.now + Millis(40);
    let second = AgentId::from_bits(2);
    house.look_up(&format!(
        r#"{{"contacts_90_days":1,"last_agent":"{second}"}}"#
    ));
    assert_eq!(
        house.offered_to,
        Some(second),
        "though the other is idle longer"
    );
    let [
        What::LookedUp {
            found,
            took_ms,
            late,
            ..
        },
    ] = &house.looked_up[..]
    else {
        panic!("told once: {:?}", house.looked_up);
    };
    assert_eq!((found.len(), *took_ms, *late), (2, Millis(40), false));
}

#[test]
fn what_takes_too_long_is_not_waited_for_and_changes_nothing_that_was_offered() {
    let mut house = House::open();
    let due = house.switchboard.next_wake().expect("a deadline");
    assert_eq!(due, house.now + Millis(300));
    house.now = due;
    house.give(Input::Tick);
    let first = AgentId::from_bits(1);
    assert_eq!(
        house.offered_to,
        Some(first),
        "the longest idle, without facts"
    );
    house.now = house.now + Millis(500);
    house.look_up(&format!(r#"{{"last_agent":"{}"}}"#, AgentId::from_bits(2)));
    assert_eq!(house.offered_to, Some(first));
    assert!(matches!(
        house.looked_up[..],
        [What::LookedUp { late: true, .. }]
    ));
}

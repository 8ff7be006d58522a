//! Plugins written in TypeScript (`examples/typescript`), which `make hostile` builds with the other
//! examples.

use crate::offline::policy;
use crate::stand::{Stand, batch, built, contact, demo, step, stepped};
use hotline_sandbox::PluginKind;
use hotline_vocabulary::flow::{CollectOutcome, CollectedInput, Command, FlowEvent};
use hotline_vocabulary::question::{Answer, Question};
use hotline_vocabulary::routing::Decision;

#[tokio::test]
async fn a_flow_in_typescript_takes_a_call_at_the_same_fuel_each_time() {
    let stand = Stand::with(&[("demo/parcels.flow.wasm", &built("ts_parcels"))]).await;
    let status = stand.status(PluginKind::Flow, "parcels");
    assert_eq!(status.problem, None);
    assert_eq!(status.picture.len(), 5);
    let once = stand.begin(contact(1), "parcels").await;
    let again = stand.begin(contact(1), "parcels").await;
    assert_eq!(once.outcome, again.outcome);
    assert_eq!(once.usage.fuel, again.usage.fuel);
    let first = stepped(once);
    assert!(matches!(first.actions[0].command, Command::Answer));
    let asked = first.actions.last().expect("it asks for a number");
    assert!(matches!(&asked.command, Command::Collect(keys) if keys.max_digits == 6));
    let keys = FlowEvent::Input(CollectedInput {
        action: asked.id,
        digits: "123456".to_owned(),
        token: None,
        length: 6,
        outcome: CollectOutcome::Complete,
    });
    let question = step(contact(1), "parcels", 1, first.state, keys);
    let second = stepped(stand.handle.ask(demo(), question).await);
    assert_eq!(second.trace, ["news"]);
}

#[tokio::test]
async fn a_flow_written_from_top_to_bottom_goes_on_from_its_journal() {
    let stand = Stand::with(&[("demo/orders.flow.wasm", &built("ts_order_line"))]).await;
    let first = stepped(stand.begin(contact(1), "orders").await);
    assert_eq!(first.trace, ["answer"]);
    let answered = FlowEvent::Done {
        action: first.actions[0].id,
        outcome: "ok".to_owned(),
    };
    let question = step(contact(1), "orders", 1, first.state, answered);
    let second = stepped(stand.handle.ask(demo(), question).await);
    assert_eq!(second.trace, ["play"]);
    assert!(matches!(second.actions[0].command, Command::Play(_)));
}

#[test]
fn a_policy_in_typescript_gives_each_contact_an_agent_at_the_same_fuel_each_time() {
    let policy = policy(1, "ts_longest_idle", "{}");
    let question = Question::Decide {
        policy: None,
        batch: batch(2, 2),
    };
    let once = policy.answer(&question);
    let again = policy.answer(&question);
    assert_eq!(once.outcome, again.outcome);
    assert_eq!(once.usage.fuel, again.usage.fuel);
    let Ok(Answer::Decide(outcomes)) = once.outcome else {
        panic!("expected decisions, got {:?}", once.outcome);
    };
    let agents: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome.decision {
            Decision::Assign(agent) => Some(agent),
            _ => None,
        })
        .collect();
    assert!(agents[0].is_some() && agents[1].is_some());
    assert_ne!(agents[0], agents[1]);
}

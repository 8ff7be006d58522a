//! Questions and their verdicts.

use crate::stand::{MENU, Stand, batch, built, contact, demo, other, step, stepped, visit};
use hotline_sandbox::{PluginKind, SHIPPED_POLICY};
use hotline_vocabulary::flow::{Command, FlowEvent};
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::{Answer, Question};
use hotline_vocabulary::routing::Decision;

#[tokio::test]
async fn a_script_answers_a_call_and_speaks() {
    let stand = Stand::with(&[("demo/main.flow.yaml", MENU)]).await;
    let status = stand.status(PluginKind::Flow, "main");
    assert_eq!(status.problem, None);
    assert!(!status.picture.is_empty());
    let verdict = stand.begin(contact(1), "main").await;
    assert!(verdict.usage.fuel > 0 && verdict.usage.memory_bytes > 0);
    let first = stepped(verdict);
    let answers = |command: &Command| matches!(command, Command::Answer);
    let speaks = |command: &Command| matches!(command, Command::Play(_) | Command::Collect(_));
    assert!(first.actions.iter().any(|action| answers(&action.command)));
    assert!(first.actions.iter().any(|action| speaks(&action.command)));
}

#[tokio::test]
async fn a_component_written_in_rust_is_a_flow_like_any_other() {
    let stand = Stand::with(&[("demo/hello.flow.wasm", &built("rust_flow"))]).await;
    let first = stepped(stand.begin(contact(1), "hello").await);
    assert!(!first.actions.is_empty());
}

#[tokio::test]
async fn the_same_input_costs_the_same_fuel_and_gets_the_same_answer() {
    let stand = Stand::with(&[("demo/main.flow.yaml", MENU)]).await;
    let once = stand.begin(contact(1), "main").await;
    for _ in 0..5 {
        let again = stand.begin(contact(1), "main").await;
        assert_eq!(again.outcome, once.outcome);
        assert_eq!(again.usage.fuel, once.usage.fuel);
    }
}

#[tokio::test]
async fn queues_without_a_policy_are_routed_by_the_shipped_one() {
    let stand = Stand::with(&[]).await;
    let decide = Question::Decide {
        policy: None,
        batch: batch(2, 2),
    };
    let verdict = stand.handle.ask(demo(), decide).await;
    assert_eq!(verdict.version.as_ref().unwrap().name, SHIPPED_POLICY);
    let Ok(Answer::Decide(outcomes)) = verdict.outcome else {
        panic!("expected decisions, got {:?}", verdict.outcome);
    };
    let assigned = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.decision, Decision::Assign(_)))
        .count();
    assert_eq!(assigned, 2, "two free agents, two contacts: {outcomes:?}");
    assert!(outcomes.iter().all(|outcome| !outcome.reasons.is_empty()));

    let rank = Question::Rank {
        policy: None,
        contact: contact(1),
        visit: visit(contact(1)),
    };
    let verdict = stand.handle.ask(demo(), rank).await;
    assert!(
        matches!(verdict.outcome, Ok(Answer::Rank(_))),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn a_tenant_gets_only_its_own_plugins() {
    let stand = Stand::with(&[("demo/main.flow.yaml", MENU)]).await;
    assert!(stand.handle.has_flow(demo(), "main"));
    assert!(!stand.handle.has_flow(other(), "main"));
    assert!(stand.handle.catalogue(other()).is_empty());
    let question = step(contact(1), "main", 0, Vec::new(), FlowEvent::Started);
    let verdict = stand.handle.ask(other(), question).await;
    assert_eq!(verdict.outcome.unwrap_err().kind, FaultKind::NotLoaded);
    assert_eq!(verdict.version, None);
}

#[tokio::test]
async fn a_script_survives_keys_of_every_kind() {
    let stand = Stand::with(&[("demo/main.flow.yaml", MENU)]).await;
    let mut state = stepped(stand.begin(contact(1), "main").await).state;
    for (number, event) in [
        FlowEvent::Done {
            action: 999,
            outcome: "ok".to_owned(),
        },
        FlowEvent::Timer("no such timer".to_owned()),
        FlowEvent::HangUp {
            reason: "caller".to_owned(),
        },
    ]
    .into_iter()
    .enumerate()
    {
        let question = step(contact(1), "main", number as u64 + 1, state, event);
        state = stepped(stand.handle.ask(demo(), question).await).state;
    }
}

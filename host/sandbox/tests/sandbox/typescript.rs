//! Plugins written in TypeScript (`examples/typescript`), which `make hostile` builds with the other
//! examples.

use crate::offline::policy;
use crate::stand::{Stand, batch, built, contact, demo, step, stepped};
use crate::worlds::{asking, finding, hinted_at, judging, load, said};
use hotline_sandbox::PluginKind;
use hotline_vocabulary::connector::{
    self, Answer as CrmAnswer, Body, Continuation, HttpResponse, Pending, Progress,
};
use hotline_vocabulary::flow::{CollectOutcome, CollectedInput, Command, FlowEvent};
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::qa::{self, Severity, Verdict};
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

/// The customer's turns of `said`, which are every second one.
fn dictated(words: [&str; 2]) -> qa::Transcript {
    said(&["Your number?", words[0], "Go on.", words[1]].map(str::to_owned))
}

#[test]
fn a_rule_in_typescript_reads_the_transcript_and_judges_it_at_the_same_fuel_each_time() {
    let rule = load(PluginKind::Qa, "ts_card_numbers", "{}").expect("it is good");
    let question = judging(dictated(["It is 4111 1111", "1111 one one one one"]));
    let once = rule.invoke(&question);
    let again = rule.invoke(&question);
    assert_eq!(
        (&once.output, once.usage.fuel),
        (&again.output, again.usage.fuel)
    );
    let Ok(Answer::Qa(qa::Answer::Findings(findings))) = &once.output else {
        panic!("{once:?}");
    };
    let found = &findings[0];
    assert_eq!(
        (found.verdict, found.severity),
        (Verdict::Failed, Severity::Critical)
    );
    assert_eq!(found.at_turn, Some(3));
    assert_eq!(found.evidence.reveal(), "•••• 1111");
    assert_eq!(once.measures.counts, [("card_numbers".to_owned(), 1)]);

    let lines: Vec<String> = (0..1_000).map(|turn| format!("words {turn}")).collect();
    let long = rule.invoke(&judging(said(&lines)));
    assert!(
        matches!(&long.output, Ok(Answer::Qa(qa::Answer::Findings(findings)))
            if findings[0].verdict == Verdict::Passed),
        "{long:?}"
    );
}

#[test]
fn a_rule_in_typescript_that_listens_goes_on_from_the_state_that_it_returned() {
    let rule = load(PluginKind::Qa, "ts_card_numbers", "{}").expect("it is good");
    let turns = dictated(["It is 4111", "1111, and then 22"]);
    assert_eq!(hinted_at(&rule, turns), [3]);
}

#[test]
fn a_connector_in_typescript_asks_in_two_rounds() {
    let config = r#"{"base_url": "https://desk.example.com"}"#;
    let desk = load(PluginKind::Connector, "ts_help_desk", config).expect("it is good");
    let needed = |question: &Question| match desk.invoke(question).output {
        Ok(Answer::Connector(Progress::Need(pending))) => pending,
        other => panic!("requests were expected, got {other:?}"),
    };
    let people = needed(&finding("+8613800138000"));
    assert_eq!(people.requests[0].path.reveal(), "/people");
    let tickets = needed(&responding(
        &people,
        1,
        200,
        r#"[{"id": 7, "name": "Li 李"}]"#,
    ));
    assert_eq!(tickets.requests[0].path.reveal(), "/people/7/tickets");
    let last = responding(
        &tickets,
        2,
        200,
        r#"[{"id": 81, "subject": "Lost parcel"}]"#,
    );
    let Ok(Answer::Connector(Progress::Done(CrmAnswer::Contacts(contacts)))) =
        desk.invoke(&last).output
    else {
        panic!("contacts were expected");
    };
    assert_eq!(contacts[0].name.reveal(), "Li 李");
    assert_eq!(contacts[0].fields.len(), 1);

    let fault = desk
        .invoke(&responding(&people, 1, 401, "who are you?"))
        .output
        .expect_err("it was refused");
    assert_eq!(fault.kind, FaultKind::Declared);
    assert!(
        fault.message.starts_with("connector.unauthenticated"),
        "{}",
        fault.message
    );
}

/// The same response to each request of the round.
fn responding(pending: &Pending, round: u32, status: u16, body: &str) -> Question {
    let responses = pending.requests.iter().map(|request| HttpResponse {
        id: request.id.clone(),
        status,
        headers: Vec::new(),
        body: Body::from(body),
        failure: None,
        cached: false,
    });
    asking(connector::Question::Resume(Continuation {
        state: pending.state.clone(),
        responses: responses.collect(),
        round,
    }))
}

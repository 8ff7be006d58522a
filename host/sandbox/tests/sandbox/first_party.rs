//! The shipped plugins as components: loaded with a configuration, and asked.

use crate::worlds::{caller, load};
use hotline_sandbox::PluginKind;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::connector::{
    Answer as CrmAnswer, Body, ContactQuery, Continuation, HttpResponse, Operation, Progress,
    Question as CrmQuestion, Task,
};
use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::qa::{
    Answer as QaAnswer, Question as QaQuestion, Speaker, Subject, Transcript, Turn, Utterance,
    Verdict,
};
use hotline_vocabulary::question::{Answer, Question};
use hotline_vocabulary::time::Millis;
use serde_json::{Value, json};

fn rest_config() -> Value {
    json!({
        "base_url": "https://crm.example.com/api", "auth": "bearer",
        "find": [{"path": "/customers", "query": {"phone": "{phone}"}, "items": "/data"}],
        "customer": {"id": "/id", "name": "{/first} {/last}"},
        "check": {"path": "/me"}
    })
}

fn to_rest(ask: CrmQuestion) -> Question {
    Question::Connector {
        connector: "rest_connector".to_owned(),
        operation: 5,
        contact: None,
        at: Timestamp(60_000),
        ask,
    }
}

#[test]
fn the_rest_connector_finds_a_customer_as_it_is_configured() {
    let config = rest_config().to_string();
    let rest = load(PluginKind::Connector, "rest_connector", &config).expect("it is good");
    let find = to_rest(CrmQuestion::Begin(Box::new(Task {
        operation: Operation::FindContact(ContactQuery {
            phone: Some("+4930111".into()),
            limit: 3,
            ..ContactQuery::default()
        }),
        interaction: Some(caller()),
        at: Timestamp(60_000),
    })));
    let Ok(Answer::Connector(Progress::Need(pending))) = rest.invoke(&find).output else {
        panic!("a request was expected");
    };
    let request = &pending.requests[0];
    assert_eq!(request.endpoint, "bearer");
    assert_eq!(request.query[0].1.reveal(), "+4930111");
    let respond = to_rest(CrmQuestion::Resume(Continuation {
        state: pending.state.clone(),
        responses: vec![HttpResponse {
            id: request.id.clone(),
            status: 200,
            headers: Vec::new(),
            body: Body::from(r#"{"data": [{"id": 7, "first": "Li", "last": "Wei"}]}"#),
            failure: None,
            cached: false,
        }],
        round: 1,
    }));
    let found = rest.invoke(&respond).output;
    let Ok(Answer::Connector(Progress::Done(CrmAnswer::Contacts(found)))) = found else {
        panic!("{found:?}");
    };
    assert_eq!(found[0].name.reveal(), "Li Wei");
}

#[test]
fn a_configuration_of_the_rest_connector_is_checked_by_its_schema() {
    for (pointer, value, place) in [
        ("/auth", json!("basic"), "`/username`"),
        ("/auth", json!("header"), "`/header`"),
        ("/auth", json!("oauth2"), "`/token_url`"),
        ("/find/0/path", json!("/customers?all"), "`/find/0/path`"),
        ("/customer", json!({"id": "/id"}), "`/customer/name`"),
        ("/base_url", json!("ftp://crm"), "`/base_url`"),
    ] {
        let mut config = rest_config();
        *config.pointer_mut(pointer).expect("a place") = value;
        let config = config.to_string();
        let problems = load(PluginKind::Connector, "rest_connector", &config).expect_err(place);
        assert_eq!(problems[0].code, "config.schema");
        assert!(problems[0].message.starts_with(place), "{}", problems[0]);
    }
}

#[test]
fn the_hubspot_connector_needs_no_configuration() {
    let hubspot = load(PluginKind::Connector, "hubspot_connector", "{}").expect("it is good");
    let check = to_rest(CrmQuestion::Begin(Box::new(Task {
        operation: Operation::CheckConnection,
        interaction: None,
        at: Timestamp(60_000),
    })));
    let Ok(Answer::Connector(Progress::Need(pending))) = hubspot.invoke(&check).output else {
        panic!("a request was expected");
    };
    let path = pending.requests[0].path.reveal();
    assert_eq!(path, "/account-info/v3/details");
}

/// A call in which an agent of a bank does what they should not.
fn bad_call() -> Vec<Turn> {
    let said = [
        (true, "喂，什么事？"),
        (false, "这个基金怎么样？"),
        (true, "放心，我们保证每年有收益。"),
        (true, "I guarantee it."),
    ];
    let turns = (0u64..).zip(said).map(|(place, (is_agents, text))| Turn {
        speaker: match is_agents {
            true => Speaker::Agent("Li".to_owned()),
            false => Speaker::Customer,
        },
        start_ms: Millis(place * 1_000),
        end_ms: Millis(place * 1_000 + 900),
        text: text.into(),
        language: None,
        confidence: Some(0.9),
    });
    turns.collect()
}

fn to_checklist(ask: QaQuestion) -> Question {
    Question::Qa {
        rule: "phrase_checklist".to_owned(),
        contact: ContactId::from_bits(7),
        at: Timestamp(60_000),
        ask,
    }
}

#[test]
fn the_checklist_judges_an_ended_contact_and_quotes_what_was_said() {
    let rule = load(PluginKind::Qa, "phrase_checklist", "{}").expect("it is good");
    let outcome = rule.invoke(&to_checklist(QaQuestion::Evaluate {
        subject: Subject {
            interaction: caller(),
            queue: None,
            agents: vec!["Li".to_owned()],
            duration_ms: Millis(60_000),
        },
        transcript: Transcript { turns: bad_call() },
    }));
    let Ok(Answer::Qa(QaAnswer::Findings(findings))) = &outcome.output else {
        panic!("{outcome:?}");
    };
    let failed: Vec<_> = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Failed)
        .map(|finding| (finding.rule.as_str(), finding.at_turn))
        .collect();
    assert_eq!(
        failed,
        [
            ("greeting", None),
            ("risk-disclosure", Some(1)),
            ("promise", Some(2)),
            ("promise", Some(3)),
            ("checklist", None)
        ]
    );
    let promise = findings.iter().find(|finding| finding.rule == "promise");
    let evidence = promise.expect("it was made").evidence.reveal().clone();
    assert_eq!(evidence, "放心，我们保证每年有收益。");
}

#[test]
fn the_checklist_hints_while_the_contact_goes_on() {
    let rule = load(PluginKind::Qa, "phrase_checklist", "{}").expect("it is good");
    let (mut state, mut hinted) = (Vec::new(), Vec::new());
    for (place, turn) in (0u32..).zip(bad_call()) {
        let heard = to_checklist(QaQuestion::Observe(Utterance {
            interaction: caller(),
            state,
            place,
            said: turn,
        }));
        let Ok(Answer::Qa(QaAnswer::Observed(observed))) = rule.invoke(&heard).output else {
            panic!("no hints at {place}");
        };
        state = observed.state;
        hinted.extend(observed.hints.into_iter().map(|hint| (place, hint.rule)));
    }
    let hinted: Vec<_> = hinted
        .iter()
        .map(|(at, rule)| (*at, rule.as_str()))
        .collect();
    assert_eq!(hinted, [(2, "greeting"), (2, "promise"), (3, "promise")]);
}

//! The shipped plugins as components: loaded with a configuration, and asked.

use crate::worlds::{caller, load};
use hotline_sandbox::PluginKind;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::connector::{
    Answer as CrmAnswer, Body, ContactQuery, Continuation, HttpResponse, Operation, Progress,
    Question as CrmQuestion, Task,
};
use hotline_vocabulary::question::{Answer, Question};
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

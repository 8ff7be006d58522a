//! What a configured connector asks a service, and what it makes of the answers.

use hotline_sdk::Fault;
use hotline_sdk::bench::connector::{responds, run};
use hotline_sdk::bench::with_surroundings;
use hotline_sdk::connector::{Activity, Answer, ContactQuery, HttpRequest, Operation, Stored};
use rest_connector::Rest;
use serde_json::{Value, json};

fn config() -> Value {
    json!({
        "base_url": "https://crm.example.com/api", "auth": "bearer",
        "find": [
            {"path": "/customers", "query": {"phone": "{phone_digits}", "limit": "{limit}"},
             "items": "/data", "cache_s": 60},
            {"path": "/customers/{id}", "items": "/data"},
            {"method": "POST", "path": "/search", "items": "/data",
             "body": {"filter": {"email": "{email}"}, "size": "{limit}"}}
        ],
        "customer": {
            "id": "/id", "name": "{/first} {/last}", "fields": {"Tier": "/tier"},
            "link": "https://crm.example.com/c/{/id}"
        },
        "log": {
            "path": "/customers/{customer}/calls",
            "body": {
                "subject": "{subject}", "note": "{body}", "seconds": "{duration_s}",
                "at": "{started_at}", "agent": "{agent}", "result": "{disposition}",
                "tier": "{attribute:tier}", "ref": "hotline:{interaction}"
            },
            "id": "/data/id", "link": "/data/url"
        },
        "check": {"path": "/me", "account": "/data/name"},
        "operations": {
            "verify-pin": {
                "path": "/customers/{customer}/verify", "query": {"by": "{phone}"},
                "body": {"pin": "{token:pin}", "note": "{note}"},
                "answer": "/customer", "nothing": [403]
            }
        }
    })
}

fn configured(config: &Value) {
    let text = config.to_string();
    with_surroundings(|around| around.config = text);
}

fn look_for(phone: Option<&str>, id: Option<&str>, email: Option<&str>) -> Operation {
    Operation::FindContact(ContactQuery {
        id: id.map(str::to_owned),
        phone: phone.map(str::to_owned),
        email: email.map(str::to_owned),
        text: None,
        limit: 3,
        ext: Vec::new(),
    })
}

fn call(customer: Option<&str>) -> Operation {
    Operation::LogActivity(Activity {
        contact: customer.map(str::to_owned),
        interaction_id: "ct_1".to_owned(),
        subject: "Call with +4930111".to_owned(),
        body: "wants {{secret:credential}}".to_owned(),
        direction: "inbound".to_owned(),
        channel: "phone".to_owned(),
        started_at: 1_790_000_000_000,
        duration_ms: 61_900,
        agent: Some("Li".to_owned()),
        disposition: None,
        fields: vec![("tier".to_owned(), "gold".to_owned())],
        ext: Vec::new(),
    })
}

fn refused(answer: Result<Answer, Fault>) -> Fault {
    answer.expect_err("a fault")
}

fn sent(request: &HttpRequest) -> Value {
    let body = request.body.as_deref().expect("a body");
    serde_json::from_slice(body).expect("JSON")
}

#[test]
fn every_search_whose_places_are_known_is_made_and_each_customer_told_once() {
    configured(&config());
    let mut paths = Vec::new();
    let answer = run::<Rest>(look_for(Some("+4930111"), Some("7"), None), |request| {
        assert_eq!(request.endpoint, "bearer");
        paths.push(request.path.clone());
        match request.path.as_str() {
            "/customers" => {
                let query = [("limit", "3"), ("phone", "4930111")];
                let query = query.map(|(name, value)| (name.to_owned(), value.to_owned()));
                assert_eq!(request.query, query);
                assert_eq!(request.cache_ms, Some(60_000));
                let list = json!([{"id": 7, "first": "Li", "last": "Wei", "tier": "gold"},
                                  {"id": 8, "first": "Ann", "last": "Lee"}, {"first": "Nobody"}]);
                responds(200, &json!({"data": list}).to_string())
            }
            _ => responds(200, r#"{"data": {"id": 7, "first": "Li", "last": "Wei"}}"#),
        }
    });
    let Ok(Answer::Contacts(found)) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(paths, ["/customers", "/customers/7"]);
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.id.as_deref(), one.name.as_str()))
        .collect();
    assert_eq!(told, [(Some("7"), "Li Wei"), (Some("8"), "Ann Lee")]);
    assert_eq!(found[0].fields, [("Tier".to_owned(), "gold".to_owned())]);
    assert_eq!(found[0].url.as_deref(), Some("https://crm.example.com/c/7"));
}

#[test]
fn a_search_by_a_body_may_be_repeated_and_sends_numbers_as_numbers() {
    configured(&config());
    let answer = run::<Rest>(look_for(None, None, Some("li@example.com")), |request| {
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("POST", "/search")
        );
        assert_eq!(
            sent(request),
            json!({"filter": {"email": "li@example.com"}, "size": 3})
        );
        assert_eq!(request.idempotency_key.as_deref(), Some("find-contact-1-2"));
        responds(200, r#"{"data": []}"#)
    });
    assert_eq!(answer, Ok(Answer::Contacts(Vec::new())));
}

#[test]
fn whom_nothing_is_known_of_is_not_looked_for_and_a_404_is_nobody() {
    configured(&config());
    let nobody = Ok(Answer::Contacts(Vec::new()));
    let answer = run::<Rest>(look_for(None, None, None), |_| panic!("nothing to ask"));
    assert_eq!(answer, nobody);
    let answer = run::<Rest>(look_for(Some("+1"), None, None), |_| responds(404, "{}"));
    assert_eq!(answer, nobody);
}

#[test]
fn a_failed_search_counts_only_when_no_other_found_anybody() {
    configured(&config());
    let found = |request: &HttpRequest| match request.path.as_str() {
        "/customers" => responds(500, "oops"),
        _ => responds(200, r#"{"data": {"id": 7, "first": "Li", "last": "Wei"}}"#),
    };
    let answer = run::<Rest>(look_for(Some("+1"), Some("7"), None), found);
    assert!(matches!(answer, Ok(Answer::Contacts(found)) if found.len() == 1));
    for (status, body, code) in [
        (401, "", "connector.unauthenticated"),
        (429, "", "connector.rate-limited"),
        (503, "", "connector.failed"),
        (200, "[{", "rest.response"),
        (200, r#"{"results": []}"#, "rest.items"),
    ] {
        let answer = run::<Rest>(look_for(Some("+1"), None, None), |_| responds(status, body));
        assert_eq!(refused(answer).code, code);
    }
}

#[test]
fn a_call_is_written_down_under_its_own_key_with_what_is_known_of_it() {
    configured(&config());
    let answer = run::<Rest>(call(Some("a/7")), |request| {
        assert_eq!(request.method, "POST");
        assert_eq!(request.path, "/customers/a%2F7/calls");
        assert_eq!(request.idempotency_key.as_deref(), Some("ct_1"));
        let body = request.body.as_deref().expect("a body");
        assert!(
            !String::from_utf8_lossy(body).contains("{{"),
            "no reference"
        );
        assert_eq!(
            sent(request),
            json!({
                "subject": "Call with +4930111", "note": "wants {{secret:credential}}",
                "seconds": 61, "at": "2026-09-21T14:13:20Z", "agent": "Li", "tier": "gold",
                "ref": "hotline:ct_1"
            })
        );
        responds(
            201,
            r#"{"data": {"id": 81, "url": "https://crm.example.com/calls/81"}}"#,
        )
    });
    assert_eq!(
        answer,
        Ok(Answer::Stored(Stored {
            id: "81".to_owned(),
            created: true,
            url: Some("https://crm.example.com/calls/81".to_owned()),
            ext: Vec::new(),
        }))
    );
}

#[test]
fn once_it_is_stored_an_unreadable_answer_does_not_make_it_stored_again() {
    configured(&config());
    for body in ["", "<html>", r#"{"ok": true}"#] {
        let answer = run::<Rest>(call(Some("7")), |_| responds(200, body));
        assert_eq!(answer, Ok(Answer::stored("ct_1", true)), "{body}");
    }
}

#[test]
fn without_the_customer_that_the_path_needs_nothing_is_sent() {
    configured(&config());
    let fault = refused(run::<Rest>(call(None), |_| panic!("nothing to send")));
    assert_eq!(fault.code, "connector.no-customer");
}

#[test]
fn a_service_without_idempotency_keys_is_looked_at_before_each_try() {
    let mut config = config();
    config["log"]["existing"] = json!({
        "path": "/calls", "query": {"ref": "hotline:{interaction}"}, "items": "/data"
    });
    configured(&config);
    let answer = run::<Rest>(call(Some("7")), |request| match request.method.as_str() {
        "GET" => {
            let query = [("ref".to_owned(), "hotline:ct_1".to_owned())];
            assert_eq!(request.query, query);
            responds(200, r#"{"data": []}"#)
        }
        _ => {
            assert_eq!(request.idempotency_key, None, "the host must not repeat it");
            responds(201, r#"{"data": {"id": 82}}"#)
        }
    });
    assert_eq!(answer, Ok(Answer::stored("82", true)));
    let answer = run::<Rest>(call(Some("7")), |request| match request.method.as_str() {
        "GET" => responds(200, r#"{"data": [{"id": 82}]}"#),
        _ => panic!("it is there"),
    });
    assert_eq!(answer, Ok(Answer::stored("82", false)));
    let fault = refused(run::<Rest>(call(Some("7")), |_| responds(503, "")));
    assert_eq!(
        fault.code, "connector.failed",
        "who can not look does not write"
    );
}

#[test]
fn a_check_tells_whose_account_was_reached() {
    configured(&config());
    let answer = run::<Rest>(Operation::CheckConnection, |request| {
        assert_eq!(request.path, "/me");
        responds(200, r#"{"data": {"name": "Acme"}}"#)
    });
    assert_eq!(
        answer,
        Ok(Answer::connected("The service answered for Acme."))
    );
    let answer = run::<Rest>(Operation::CheckConnection, |_| responds(401, ""));
    assert_eq!(refused(answer).code, "connector.unauthenticated");
}

#[test]
fn a_mistake_in_the_configuration_is_told_with_its_path() {
    for (pointer, value, said) in [
        (
            "/find/0/query/phone",
            json!("{fone}"),
            "`find[0].query.phone`: `{fone}` is not known",
        ),
        (
            "/find/1/path",
            json!("/customers"),
            "`find[1]`: names nobody",
        ),
        (
            "/customer/name",
            json!("{first}"),
            "`customer.name`: `{first}` is not known",
        ),
        (
            "/log/body/note",
            json!("{note}"),
            "`log.body`: `{note}` is not known",
        ),
        ("/auth", json!("digest"), "`auth`: unknown variant"),
    ] {
        let mut config = config();
        *config.pointer_mut(pointer).expect("a place") = value;
        configured(&config);
        let fault = refused(run::<Rest>(look_for(Some("+1"), None, None), |_| {
            panic!("nothing to ask")
        }));
        assert_eq!(fault.code, "rest.config");
        assert!(fault.message.contains(said), "{}", fault.message);
    }
}

#[test]
fn without_a_way_to_write_down_calls_the_operation_is_not_known() {
    let mut config = config();
    config.as_object_mut().expect("an object").remove("log");
    configured(&config);
    let fault = refused(run::<Rest>(call(Some("7")), |_| panic!("nothing to send")));
    assert_eq!(fault.code, "connector.unknown-operation");
}

fn verify(argument: &Value) -> Operation {
    Operation::Ext(("verify-pin".to_owned(), argument.to_string()))
}

#[test]
fn an_operation_of_ones_own_has_the_host_put_the_callers_keys_into_the_body() {
    configured(&config());
    // A mark or a reference that somebody typed stays what it is: text.
    let argument = json!({
        "customer": "7/8", "phone": "+4930111", "pin": "keys-1",
        "note": "{{token:keys-1}} \u{F8FF}keys-1\u{F8FF}"
    });
    let answer = run::<Rest>(verify(&argument), |request| {
        assert_eq!(request.method, "POST");
        assert_eq!(request.path, "/customers/7%2F8/verify");
        assert_eq!(request.query, [("by".to_owned(), "+4930111".to_owned())]);
        let body = String::from_utf8(request.body.clone().expect("a body")).expect("text");
        assert_eq!(body.matches("{{token:keys-1}}").count(), 1, "{body}");
        assert!(body.contains(r#""pin":"{{token:keys-1}}""#), "{body}");
        assert_eq!(sent(request)["note"], "{{token:keys-1}} keys-1");
        responds(200, r#"{"customer": {"tier": "gold"}}"#)
    });
    let told = Answer::Ext(("verify-pin".to_owned(), r#"{"tier":"gold"}"#.to_owned()));
    assert_eq!(answer.expect("an answer"), told);

    let answer = run::<Rest>(verify(&argument), |_| responds(403, "no"));
    let nothing = Answer::Ext(("verify-pin".to_owned(), "null".to_owned()));
    assert_eq!(answer.expect("an answer"), nothing);
    let failed = refused(run::<Rest>(verify(&argument), |_| responds(500, "")));
    assert_eq!(failed.code, "connector.failed");
}

#[test]
fn an_operation_that_nobody_configured_or_that_lacks_something_is_a_fault() {
    configured(&config());
    let unknown = Operation::Ext(("sing".to_owned(), "{}".to_owned()));
    let fault = refused(run::<Rest>(unknown, |_| responds(200, "")));
    assert_eq!(fault.code, "connector.unknown-operation");
    for argument in [
        json!({"customer": "7", "phone": "1", "note": "x"}),
        json!({"customer": "7", "phone": "1", "note": "x", "pin": "a}} b"}),
        json!({"phone": "1", "note": "x", "pin": "keys-1"}),
        json!({"customer": "7", "note": "x", "pin": "keys-1"}),
    ] {
        let fault = refused(run::<Rest>(verify(&argument), |_| responds(200, "")));
        assert_eq!(fault.code, "rest.argument", "{argument}");
    }
    let mut wrong = config();
    wrong["operations"]["verify-pin"]["path"] = "/{token:pin}".into();
    configured(&wrong);
    let fault = refused(run::<Rest>(verify(&json!({})), |_| responds(200, "")));
    assert!(
        fault.message.contains("operations.verify-pin"),
        "{}",
        fault.message
    );
}

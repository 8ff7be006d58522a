//! A server that answers as HubSpot's documentation says it does, and what the connector makes of it.
//!
//! Search: <https://developers.hubspot.com/docs/api/crm/search>
//! Calls: <https://developers.hubspot.com/docs/guides/api/crm/engagements/calls>
//! Errors: <https://developers.hubspot.com/docs/api/error-handling>

use hotline_sdk::Fault;
use hotline_sdk::bench::connector::{responds, run};
use hotline_sdk::bench::with_surroundings;
use hotline_sdk::connector::{
    Activity, Answer, ContactQuery, HttpRequest, HttpResponse, Operation,
};
use hubspot_connector::HubSpot;
use serde_json::{Value, json};

const UNAUTHENTICATED: &str = r#"{
  "status": "error",
  "message": "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
  "correlationId": "f0ee980f-a446-4189-b004-ff06d08bf4e3",
  "category": "INVALID_AUTHENTICATION"
}"#;
const RATE_LIMITED: &str = r#"{
  "status": "error",
  "message": "You have reached your daily limit.",
  "errorType": "RATE_LIMIT",
  "correlationId": "c033cdaa-2c40-4a64-ae48-b4cec88dad24",
  "policyName": "DAILY",
  "requestId": "3d3e35b7-0dae-4b9f-a6e3-9c230cbcf8dd"
}"#;
const NOT_FOUND: &str = r#"{
  "status": "error",
  "message": "resource not found",
  "correlationId": "cead9e40-5345-405d-aeea-edc6f13b8cb1",
  "category": "OBJECT_NOT_FOUND"
}"#;

fn contacts() -> Value {
    json!({
        "total": 1,
        "results": [{
            "id": "100451",
            "properties": {
                "company": "HubSpot", "createdate": "2024-01-17T19:55:04.281Z",
                "email": "testperson@hubspot.com", "firstname": "Test",
                "hs_object_id": "100451", "jobtitle": null, "lastmodifieddate": "2024-09-11T13:27:39.356Z",
                "lastname": "Person", "lifecyclestage": "lead", "mobilephone": null,
                "phone": "+49777"
            },
            "createdAt": "2024-01-17T19:55:04.281Z",
            "updatedAt": "2024-09-11T13:27:39.356Z",
            "archived": false
        }]
    })
}

fn record(id: &str, body: &str) -> Value {
    json!({
        "id": id,
        "properties": {"hs_call_body": body, "hs_timestamp": "2026-09-21T14:13:20Z"},
        "createdAt": "2026-09-21T14:15:00.000Z",
        "updatedAt": "2026-09-21T14:15:00.000Z",
        "archived": false
    })
}

fn configured(config: &Value) {
    let text = config.to_string();
    with_surroundings(|around| around.config = text);
}

fn by_phone() -> Operation {
    Operation::FindContact(ContactQuery {
        id: None,
        phone: Some("+49777".to_owned()),
        email: None,
        text: None,
        limit: 3,
        ext: Vec::new(),
    })
}

fn call() -> Operation {
    Operation::LogActivity(Activity {
        contact: Some("100451".to_owned()),
        interaction_id: "ct_1".to_owned(),
        subject: "Call with +49777 (support)".to_owned(),
        body: "5 < 6 & {{secret:access-token}}\nrefund".to_owned(),
        direction: "inbound".to_owned(),
        channel: "phone".to_owned(),
        started_at: 1_790_000_000_000,
        duration_ms: 61_000,
        agent: Some("Tess".to_owned()),
        disposition: Some("resolved".to_owned()),
        fields: Vec::new(),
        ext: Vec::new(),
    })
}

fn sent(request: &HttpRequest) -> Value {
    let body = request.body.as_deref().expect("a body");
    assert!(
        !String::from_utf8_lossy(body).contains("{{"),
        "no reference"
    );
    serde_json::from_slice(body).expect("JSON")
}

fn refused(answer: Result<Answer, Fault>) -> Fault {
    answer.expect_err("a fault")
}

#[test]
fn a_contact_is_found_by_number_however_it_is_written() {
    configured(&json!({"country_code": "49", "account": "123"}));
    let answer = run::<HubSpot>(by_phone(), |request| {
        assert_eq!(request.method, "POST");
        assert_eq!(request.path, "/crm/v3/objects/contacts/search");
        assert!(
            request.idempotency_key.is_some(),
            "a search may be repeated"
        );
        let sent = sent(request);
        assert_eq!(sent["limit"], 3);
        let groups = sent["filterGroups"].as_array().expect("groups");
        assert!(groups.len() <= 5, "HubSpot takes five");
        let filters: Vec<_> = groups
            .iter()
            .map(|group| &group["filters"][0])
            .map(|filter| {
                assert_eq!(filter["operator"], "EQ");
                (filter["propertyName"].as_str(), filter["value"].as_str())
            })
            .collect();
        assert_eq!(
            filters,
            [
                (Some("phone"), Some("+49777")),
                (Some("mobilephone"), Some("+49777")),
                (Some("hs_searchable_calculated_phone_number"), Some("777")),
                (Some("hs_searchable_calculated_mobile_number"), Some("777")),
            ]
        );
        responds(200, &contacts().to_string())
    });
    let Ok(Answer::Contacts(found)) = answer else {
        panic!("{answer:?}");
    };
    let one = &found[0];
    assert_eq!(
        (one.id.as_deref(), one.name.as_str()),
        (Some("100451"), "Test Person")
    );
    assert_eq!(one.company.as_deref(), Some("HubSpot"));
    assert_eq!(
        one.fields,
        [("lifecyclestage".to_owned(), "lead".to_owned())]
    );
    let page = "https://app.hubspot.com/contacts/123/record/0-1/100451";
    assert_eq!(one.url.as_deref(), Some(page));
}

#[test]
fn words_are_looked_for_by_hubspots_own_search_and_nothing_by_nothing() {
    configured(&json!({}));
    let mut query = ContactQuery {
        id: None,
        phone: None,
        email: None,
        text: Some("li".to_owned()),
        limit: 5,
        ext: Vec::new(),
    };
    let answer = run::<HubSpot>(Operation::FindContact(query.clone()), |request| {
        assert_eq!(sent(request)["query"], "li");
        responds(200, r#"{"total": 0, "results": []}"#)
    });
    assert_eq!(answer, Ok(Answer::Contacts(Vec::new())));
    query.text = None;
    let answer = run::<HubSpot>(Operation::FindContact(query), |_| panic!("nothing to ask"));
    assert_eq!(answer, Ok(Answer::Contacts(Vec::new())));
}

#[test]
fn a_call_is_created_on_its_contact_when_it_is_not_there() {
    let outcome = "f240bbac-87c9-4f6e-bf70-924b57d47db7";
    configured(&json!({"outcomes": {"resolved": outcome}}));
    let answer = run::<HubSpot>(call(), |request| match request.path.as_str() {
        "/crm/v3/objects/calls/search" => {
            let filter = &sent(request)["filterGroups"][0]["filters"][0];
            assert_eq!(filter["propertyName"], "hs_timestamp");
            assert_eq!(filter["value"], "1790000000000");
            // Another call that began in the same millisecond.
            let other = record("511", "Tess<br>Hotline ct_0");
            responds(200, &json!({"total": 1, "results": [other]}).to_string())
        }
        "/crm/v3/objects/calls" => {
            assert_eq!(request.idempotency_key, None, "the host must not repeat it");
            assert_eq!(
                sent(request),
                json!({
                    "properties": {
                        "hs_timestamp": "1790000000000",
                        "hs_call_title": "Call with +49777 (support)",
                        "hs_call_body":
                            "5 &lt; 6 &amp; {{secret:access-token}}<br>refund<br><br>Tess<br>Hotline ct_1",
                        "hs_call_duration": "61000", "hs_call_direction": "INBOUND",
                        "hs_call_status": "COMPLETED", "hs_call_disposition": outcome
                    },
                    "associations": [{
                        "to": {"id": "100451"},
                        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]
                    }]
                })
            );
            responds(201, &record("512", "").to_string())
        }
        other => panic!("{other}"),
    });
    assert_eq!(answer, Ok(Answer::stored("512", true)));
}

#[test]
fn a_call_that_is_there_is_not_created_again() {
    configured(&json!({}));
    let answer = run::<HubSpot>(call(), |request| {
        assert_eq!(request.path, "/crm/v3/objects/calls/search");
        let there = record("512", "refund<br><br>Tess<br>Hotline ct_1");
        responds(200, &json!({"total": 1, "results": [there]}).to_string())
    });
    assert_eq!(answer, Ok(Answer::stored("512", false)));
}

#[test]
fn errors_are_told_in_hubspots_own_words_with_the_code_of_their_kind() {
    configured(&json!({}));
    for (status, body, code, words) in [
        (
            401,
            UNAUTHENTICATED,
            "connector.unauthenticated",
            "(INVALID_AUTHENTICATION): Auth",
        ),
        (
            429,
            RATE_LIMITED,
            "connector.rate-limited",
            "(RATE_LIMIT): You have reached your daily",
        ),
        (
            404,
            NOT_FOUND,
            "connector.not-found",
            "(OBJECT_NOT_FOUND): resource not found",
        ),
        (502, "<html>", "connector.failed", "status 502"),
    ] {
        let fault = refused(run::<HubSpot>(by_phone(), |_| responds(status, body)));
        assert_eq!(fault.code, code);
        assert!(fault.message.contains(words), "{}", fault.message);
        assert_eq!(fault.retryable, matches!(status, 429 | 502));
        // The same, at the creation of a call.
        let answer = |request: &HttpRequest| -> HttpResponse {
            match request.path.ends_with("/search") {
                true => responds(200, r#"{"total": 0, "results": []}"#),
                false => responds(status, body),
            }
        };
        assert_eq!(refused(run::<HubSpot>(call(), answer)).code, code);
    }
    let fault = refused(run::<HubSpot>(by_phone(), |_| {
        responds(200, r#"{"total": 1}"#)
    }));
    assert_eq!(fault.code, "hubspot.response");
}

#[test]
fn a_check_says_which_account_was_reached() {
    configured(&json!({}));
    let answer = run::<HubSpot>(Operation::CheckConnection, |request| {
        assert_eq!(request.path, "/account-info/v3/details");
        let details = json!({
            "portalId": 123_456, "timeZone": "US/Eastern", "accountType": "STANDARD",
            "companyCurrency": "USD", "additionalCurrencies": [], "utcOffset": "-05:00",
            "utcOffsetMilliseconds": -18_000_000, "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1"
        });
        responds(200, &details.to_string())
    });
    let said = "HubSpot's account 123456 (STANDARD) was reached.";
    assert_eq!(answer, Ok(Answer::connected(said)));
}

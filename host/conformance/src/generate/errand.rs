//! Operations of a connector, and what the other system says to its requests. Half of the replies are
//! failures of every kind that the host tells of; the others are JSON of shapes that services have,
//! and JSON that is cut off, empty, endless or about something else.

use super::Size;
use crate::errand::Errand;
use crate::ordinary::{MONDAY_TEN_O_CLOCK, interaction};
use crate::reply::Reply;
use crate::sample::errand as errand_of;
use crate::subject::Kind;
use hotline_vocabulary::connector::{Activity, Contact, ContactQuery, NewCase, Operation};
use hotline_vocabulary::time::Millis;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

pub(super) fn errand(size: Size) -> impl Strategy<Value = Errand> {
    (operation(size), vec(reply(size), 0..5))
        .prop_map(|(operation, replies)| Errand { operation, replies })
}

/// What goes wrong between the host and the other system, or in it.
fn faults() -> impl Iterator<Item = Reply> {
    let lines = [
        "timed out",
        "unreachable",
        "circuit open",
        "too large",
        "unauthenticated",
        "forbidden",
        "401",
        "403 {\"error\": \"no\"}",
        "429 retry-after 30",
        "429",
        "500",
        "500 <html>Internal Server Error</html>",
        "503 retry-after 5",
    ];
    lines.into_iter().filter_map(|line| line.parse().ok())
}

/// Every operation with every fault, and with successes that are none, each for every request.
pub(super) fn corners() -> Vec<Errand> {
    let odd = [
        r#"[{"id": 7, "na"#.to_owned(),
        "{}".to_owned(),
        String::new(),
        pages(&json!([{"id": 7, "name": "Li"}])).to_string(),
    ];
    let replies = || faults().chain(odd.iter().map(|body| Reply::status(200, body.as_str())));
    let operations = Kind::Connector.functions().iter();
    operations
        .filter_map(|name| errand_of(name))
        .flat_map(|usual| {
            replies().map(move |reply| Errand {
                replies: vec![reply],
                ..usual.clone()
            })
        })
        .collect()
}

/// A page after which there is always another one, in the ways in which services say so.
fn pages(items: &Value) -> Value {
    json!({
        "results": items, "data": items, "records": items, "items": items,
        "next": "/customers?page=2", "has_more": true, "done": false,
        "nextRecordsUrl": "/customers/2", "paging": {"next": {"after": "2"}},
    })
}

fn text(size: Size) -> BoxedStrategy<String> {
    let usual = prop_oneof![
        4 => prop::sample::select(vec!["Li", "王芳", "O'Neil \"Bob\"", "a&b=c?d#e/../f"])
            .prop_map(str::to_owned),
        2 => r"\PC{0,60}",
        1 => Just(String::new()),
    ];
    match size {
        Size::Usual => usual.boxed(),
        Size::TenTimes => usual
            .prop_map(|text| text.chars().cycle().take(300).collect())
            .boxed(),
    }
}

fn operation(size: Size) -> BoxedStrategy<Operation> {
    let id = || {
        option::of(prop_oneof![
            3 => "[0-9]{1,6}",
            2 => "[A-Za-z0-9]{18}",
            1 => prop::sample::select(vec!["", "../admin", "a b", "7?x=1"]).prop_map(str::to_owned),
        ])
    };
    let phone = || option::of(r"\+[1-9][0-9]{5,13}");
    let query =
        (id(), phone(), option::of(text(size)), 1u32..=50).prop_map(|(id, phone, text, limit)| {
            ContactQuery {
                id,
                phone: phone.map(Into::into),
                email: None,
                text: text.map(Into::into),
                limit,
            }
        });
    let contact = (id(), text(size), phone()).prop_map(|(id, name, phone)| Contact {
        id,
        name: name.into(),
        phones: phone.into_iter().map(Into::into).collect(),
        ..Contact::default()
    });
    let activity = (id(), text(size), text(size)).prop_map(|(contact, subject, body)| Activity {
        contact,
        interaction_id: interaction(1).id,
        subject: subject.into(),
        body: body.into(),
        direction: "inbound".to_owned(),
        channel: "phone".to_owned(),
        started_at: MONDAY_TEN_O_CLOCK,
        duration_ms: Millis(61_000),
        agent: Some("Li".to_owned()),
        disposition: None,
        fields: Vec::new(),
    });
    let case = (id(), text(size), text(size)).prop_map(|(contact, subject, description)| NewCase {
        contact,
        subject: subject.into(),
        description: description.into(),
        priority: None,
        category: None,
        fields: Vec::new(),
    });
    prop_oneof![
        3 => query.prop_map(Operation::FindContact),
        2 => contact.prop_map(Operation::UpsertContact),
        3 => activity.prop_map(Operation::LogActivity),
        2 => case.prop_map(Operation::OpenCase),
        1 => prop::sample::select(vec!["priority", "status", ""])
            .prop_map(|field| Operation::Picklist(field.to_owned())),
        1 => Just(Operation::CheckConnection),
    ]
    .boxed()
}

fn reply(size: Size) -> BoxedStrategy<Reply> {
    let failures: Vec<Reply> = faults().collect();
    let refused = prop::sample::select(vec![400u16, 404, 409, 422])
        .prop_map(|status| Reply::status(status, r#"{"error": "not so"}"#));
    prop_oneof![
        5 => prop::sample::select(failures),
        1 => refused,
        4 => body(size).prop_map(|json| Reply::status(200, json.to_string())),
        1 => Just(Reply::status(201, r#"{"id": "0035f00000AbCdE", "success": true}"#)),
        1 => Just(Reply::status(204, "")),
        1 => (body(size), 0usize..40).prop_map(|(json, kept)| {
            let whole = json.to_string();
            Reply::status(200, &whole[..whole.floor_char_boundary(kept)])
        }),
    ]
    .boxed()
}

fn body(size: Size) -> BoxedStrategy<Value> {
    let most = match size {
        Size::Usual => 0..10usize,
        Size::TenTimes => 100..101,
    };
    let item = (1u32..1_000, text(size)).prop_map(|(id, name)| {
        json!({
            "id": id, "name": name, "phone": "+8613800138000", "email": "li@example.com",
            "value": name, "label": name, "properties": {"firstname": name, "phone": null},
        })
    });
    let items = vec(item.clone(), most).prop_map(Value::from);
    let odd = prop::sample::select(vec![
        Value::Null,
        json!({}),
        json!([]),
        json!(""),
        json!(7),
        json!({"error": {"message": "no"}}),
        json!([[[[[[[[]]]]]]]]),
        json!({"id": {"id": 1}, "name": [1], "results": 7}),
    ]);
    prop_oneof![
        3 => items.clone(),
        2 => item,
        2 => items.clone().prop_map(|items| json!({"results": items, "total": 3})),
        2 => items.prop_map(|items| pages(&items)),
        2 => odd,
    ]
    .boxed()
}

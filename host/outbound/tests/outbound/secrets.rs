//! A secret reaches the server that it is for, and nobody else: not the guest, not the record.

use crate::server::{Server, reply};
use crate::stand::{Stand, endpoint, get, header, placed, post};
use hotline_outbound::{Auth, Endpoint, FailureWord, Position};

/// Says everything back, as some services do in their errors.
async fn echo() -> Server {
    Server::start(|_, seen| {
        let auth = seen.header("authorization").unwrap_or_default();
        let key = seen.header("x-key").unwrap_or_default();
        let body = format!("{auth} {key} {} {}", seen.target, seen.body);
        reply(400, &body).with("x-echo", key.to_owned())
    })
    .await
}

fn api(server: &Server) -> Endpoint {
    Endpoint {
        auth: Auth::Basic {
            user: "ana".to_owned(),
            secret: "word".to_owned(),
        },
        placements: vec![
            placed("key", Position::Header("x-key".to_owned())),
            placed("key", Position::Query("key".to_owned())),
            placed("key", Position::Body),
        ],
        ..endpoint("api", &server.url())
    }
}

#[tokio::test]
async fn a_secret_stands_where_the_manifest_places_it_and_nowhere_else() {
    let server = echo().await;
    let stand = Stand::new(vec![api(&server)]);
    stand.secret("word", "pass-word");
    stand.secret("key", "s3cr3t \"&");
    let mut request = post("a", r#"{"pin": "{{secret:key}}"}"#);
    request.headers = vec![header("X-Key", "k {{secret:key}}")];
    request.query = vec![("key".to_owned(), "{{secret:key}}".to_owned())];
    stand.response(request).await;
    let seen = server.seen().pop().expect("it came");
    assert_eq!(seen.header("x-key"), Some("k s3cr3t \"&"));
    assert_eq!(seen.target, "/a?key=s3cr3t+%22%26");
    assert_eq!(seen.body, r#"{"pin": "s3cr3t \"&"}"#, "still one value");

    for (name, request) in [
        ("another header", {
            let mut request = get("a");
            request.headers = vec![header("x-other", "{{secret:key}}")];
            request
        }),
        ("another parameter", {
            let mut request = get("a");
            request.query = vec![("q".to_owned(), "{{secret:key}}".to_owned())];
            request
        }),
        ("another secret", post("a", "{{secret:word}}")),
        ("the path", get("{{secret:key}}")),
        ("a collected token", post("a", "{{token:t1}}")),
    ] {
        assert_eq!(
            stand.failure(request).await,
            FailureWord::NotAllowed,
            "{name}"
        );
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn neither_the_guest_nor_the_record_sees_a_secret_that_a_server_says_back() {
    let server = echo().await;
    let stand = Stand::new(vec![api(&server)]);
    stand.secret("word", "pass-word");
    stand.secret("key", "s3cr3t/key");
    let mut request = post("a", "pin={{secret:key}}");
    request.headers = vec![
        header("x-key", "{{secret:key}}"),
        header("content-type", "application/x-www-form-urlencoded"),
    ];
    request.query = vec![("key".to_owned(), "{{secret:key}}".to_owned())];
    let response = stand.response(request).await;
    let sent = server.seen().pop().expect("it came");
    assert_eq!(sent.body, "pin=s3cr3t%2Fkey");
    assert!(String::from_utf8_lossy(&response.body).contains("[secret]"));
    let record = format!("{:?}", stand.outbound.exchanges(&stand.caller.owner));
    assert!(record.contains("{{secret:key}}"), "{record}");
    for text in [format!("{response:?}"), record] {
        for secret in ["s3cr3t", "pass-word", "YW5hOnBhc3Mtd29yZA"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

#[tokio::test]
async fn the_last_exchanges_are_kept_cut_and_each_plugin_sees_its_own() {
    let server =
        Server::start(|_, _| reply(200, &"x".repeat(20_000)).with("set-cookie", "session=1")).await;
    let stand = Stand::new(vec![endpoint("api", &server.url())]);
    for number in 0..60 {
        stand.response(get(&format!("{number}"))).await;
    }
    let kept = stand.outbound.exchanges(&stand.caller.owner);
    assert_eq!(kept.len(), 50);
    assert!(kept[0].url.ends_with("/59") && kept[49].url.ends_with("/10"));
    let body = kept[0].response_body.as_ref().expect("a body");
    assert_eq!((body.bytes, body.text.len()), (20_000, 8 * 1024));
    assert!(
        kept[0]
            .response_headers
            .iter()
            .all(|(name, _)| name != "set-cookie")
    );
    assert!(stand.outbound.exchanges(&crate::stand::owner(2)).is_empty());
}

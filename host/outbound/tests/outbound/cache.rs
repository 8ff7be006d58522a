//! Answers that are used again.

use crate::server::{Server, reply};
use crate::stand::{Stand, endpoint, header};
use hotline_outbound::Request;

/// A look whose answer may be an hour old.
fn get(path: &str) -> Request {
    Request {
        cache_ms: Some(3_600_000),
        ..crate::stand::get(path)
    }
}

#[tokio::test]
async fn a_fresh_answer_is_not_asked_for_again_until_the_plugin_is_forgotten() {
    let server = Server::start(|before, _| {
        reply(200, &format!("{before}")).with("cache-control", "max-age=60")
    })
    .await;
    let stand = Stand::new(vec![endpoint("api", &server.url())]);
    assert_eq!(stand.response(get("a")).await.body, b"0");
    assert_eq!(stand.response(get("a")).await.body, b"0");
    assert_eq!(stand.response(get("b")).await.body, b"1");
    assert!(stand.perform(get("a")).await.cached);
    let uncached = stand.perform(crate::stand::get("c")).await;
    assert!(!uncached.cached && !stand.perform(crate::stand::get("c")).await.cached);
    let exchanges = stand.outbound.exchanges(&stand.caller.owner);
    let cached: Vec<_> = exchanges.iter().map(|e| (e.from_cache, e.tries)).collect();
    let (asked, kept) = ((false, 1), (true, 0));
    assert_eq!(
        cached,
        [asked, asked, kept, asked, kept, asked],
        "the newest first"
    );

    let other = crate::stand::owner(2);
    let caller = hotline_outbound::Caller {
        owner: other,
        ..stand.caller.clone()
    };
    let answers = stand
        .outbound
        .perform(&caller, &[get("a")])
        .await
        .expect("one");
    let response = answers[0].outcome.as_ref().expect("an answer");
    assert_eq!(response.body, b"4", "another tenant asks for itself");

    stand.outbound.forget(&stand.caller.owner);
    assert_eq!(stand.response(get("a")).await.body, b"5");
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start(|_, seen| match seen.header("if-none-match") {
        Some("\"7\"") => reply(304, "").with("etag", "\"7\""),
        _ => reply(200, "seven")
            .with("etag", "\"7\"")
            .with("cache-control", "no-cache"),
    })
    .await;
    let stand = Stand::new(vec![endpoint("api", &server.url())]);
    for _ in 0..3 {
        let response = stand.response(get("a")).await;
        assert_eq!(
            (response.status, response.body.as_slice()),
            (200, b"seven".as_slice())
        );
    }
    let asked: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("if-none-match").map(str::to_owned))
        .collect();
    let tag = Some("\"7\"".to_owned());
    assert_eq!(asked, [None, tag.clone(), tag]);
    // A guest that asks by itself hears the server's own word.
    let mut own = get("a");
    own.headers = vec![header("if-none-match", "\"7\"")];
    assert_eq!(stand.response(own).await.status, 304);
}

//! Servers that fail, and how patient the host is with them.

use crate::server::{Reply, Server, reply};
use crate::stand::{Stand, endpoint, get, options, post};
use hotline_outbound::breaker::BreakerState;
use hotline_outbound::{FailureWord, Options};
use std::time::{Duration, Instant};

async fn stand(answer: impl Fn(usize) -> Reply + Send + Sync + 'static) -> (Server, Stand) {
    let server = Server::start(move |before, _| answer(before)).await;
    let stand = Stand::new(vec![endpoint("api", &server.url())]);
    (server, stand)
}

#[tokio::test]
async fn a_look_is_repeated_until_it_works_and_an_act_is_not() {
    let (server, stand) = stand(|before| match before {
        0 => reply(503, ""),
        1 => Reply::Close,
        _ => reply(200, "well"),
    })
    .await;
    assert_eq!(stand.response(get("a")).await.body, b"well");
    assert_eq!(server.count(), 3);

    let (server, stand) = self::stand(|_| reply(503, "later")).await;
    assert_eq!(stand.response(post("a", "{}")).await.status, 503);
    assert_eq!(server.count(), 1, "who knows whether it was done");
}

#[tokio::test]
async fn an_act_with_an_idempotency_key_is_repeated_with_the_same_key() {
    let (server, stand) = stand(|before| match before {
        0 => reply(502, ""),
        _ => reply(201, "made"),
    })
    .await;
    let mut request = post("a", "{}");
    request.idempotency_key = Some("contact-7".to_owned());
    assert_eq!(stand.response(request).await.status, 201);
    let keys: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("idempotency-key").map(str::to_owned))
        .collect();
    assert_eq!(keys, vec![Some("contact-7".to_owned()); 2]);
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it_within_bounds() {
    let (server, stand) = stand(|before| match before {
        0 => reply(429, "").with("retry-after", "1"),
        _ => reply(200, "well"),
    })
    .await;
    let began = Instant::now();
    assert_eq!(stand.response(get("a")).await.status, 200);
    assert!(
        began.elapsed() >= Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(server.count(), 2);

    let (server, stand) = self::stand(|_| reply(429, "").with("retry-after", "3600")).await;
    let response = stand.response(get("a")).await;
    assert_eq!(
        response.status, 429,
        "the guest decides what to do in an hour"
    );
    assert!(
        response
            .headers
            .contains(&("retry-after".to_owned(), "3600".to_owned()))
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_left_alone_and_then_probed() {
    let (server, stand) = stand(|before| match before {
        0..6 => reply(500, "broken"),
        _ => reply(200, "well"),
    })
    .await;
    let owner = stand.caller.owner.clone();
    assert_eq!(stand.response(get("a")).await.status, 500);
    assert_eq!(server.count(), 4, "tried four times");
    // Two more failures open it in the middle of this one.
    assert_eq!(stand.failure(get("a")).await, FailureWord::CircuitOpen);
    assert_eq!(server.count(), 6);
    assert_eq!(stand.outbound.breaker(&owner, "api"), BreakerState::Open);
    assert_eq!(stand.failure(get("a")).await, FailureWord::CircuitOpen);
    assert_eq!(server.count(), 6, "nobody came");

    // It opens for 200 ms in these tests.
    let patience = Instant::now() + Duration::from_secs(10);
    while stand.perform(get("a")).await.outcome.is_err() {
        assert!(Instant::now() < patience, "it is never probed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(stand.outbound.breaker(&owner, "api"), BreakerState::Closed);
    assert_eq!(server.count(), 7, "one probe was enough");
}

#[tokio::test]
async fn no_answer_in_time_is_a_timeout() {
    let (_server, stand) = stand(|_| Reply::Silence).await;
    let mut request = post("a", "{}");
    request.timeout_ms = Some(100);
    let began = Instant::now();
    assert_eq!(stand.failure(request).await, FailureWord::Timeout);
    assert!(began.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn all_tries_together_are_bounded_in_time() {
    let server = Server::start(|_, _| Reply::Silence).await;
    let mut options = options(&["127.0.0.1"]);
    options.limits.request_timeout_ms = 500;
    let stand = Stand::with(options, vec![endpoint("api", &server.url())]);
    let began = Instant::now();
    assert_eq!(stand.failure(get("a")).await, FailureWord::Timeout);
    assert!(began.elapsed() < Duration::from_millis(1_500));
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let cut = Reply::Cut {
        body: r#"{"items": ["#,
        says: 900,
    };
    let (server, stand) = stand(move |_| cut.clone()).await;
    assert_eq!(stand.failure(get("a")).await, FailureWord::Truncated);
    assert_eq!(server.count(), 4, "it may pass");
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read_to_its_end() {
    let (server, stand) = stand(|_| reply(200, &"x".repeat(70_000))).await;
    assert_eq!(stand.failure(get("a")).await, FailureWord::TooLarge);
    assert_eq!(server.count(), 1);
    let request = post("a", &"x".repeat(300_000));
    assert_eq!(stand.failure(request).await, FailureWord::InvalidRequest);
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn nobody_at_home_and_nonsense_at_the_door_are_told_apart() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nobody = listener.local_addr().expect("bound");
    drop(listener);
    let stand = Stand::new(vec![endpoint("api", &format!("http://{nobody}"))]);
    assert_eq!(stand.failure(get("a")).await, FailureWord::CannotConnect);
    let (_server, stand) = self::stand(|_| Reply::Close).await;
    assert_eq!(stand.failure(get("a")).await, FailureWord::Protocol);
}

#[tokio::test]
async fn thirty_pages_are_read_in_four_rounds() {
    let server = Server::start(|_, seen| {
        let page = seen.target.rsplit('=').next().unwrap_or_default();
        reply(200, &format!(r#"{{"page": {page}}}"#))
    })
    .await;
    let stand = Stand::new(vec![endpoint("api", &server.url())]);
    let pages: Vec<_> = (0..30)
        .map(|page| {
            let mut request = get("items");
            request.id = format!("page-{page}");
            request.query = vec![("page".to_owned(), page.to_string())];
            request
        })
        .collect();
    let limits = stand.outbound.limits();
    let mut read = Vec::new();
    for (round, requests) in pages.chunks(limits.requests_a_round).enumerate() {
        assert!(round < limits.rounds as usize);
        let answers = stand.outbound.perform(&stand.caller, requests).await;
        read.extend(answers.expect("a round"));
    }
    for (page, answer) in read.iter().enumerate() {
        assert_eq!(
            answer.id,
            format!("page-{page}"),
            "in the order of the requests"
        );
        let response = answer.outcome.as_ref().expect("a page");
        assert_eq!(response.body, format!(r#"{{"page": {page}}}"#).as_bytes());
    }
    assert_eq!(read.len(), 30);
}

#[tokio::test]
async fn one_tenant_has_so_many_places_and_no_more() {
    let server = Server::start(|_, _| Reply::Silence).await;
    let mut few: Options = options(&["127.0.0.1"]);
    few.limits.at_once_a_tenant = 2;
    few.limits.wait_for_place_ms = 50;
    few.retry.tries = 1;
    let stand = Stand::with(few, vec![endpoint("api", &server.url())]);
    let mut request = get("a");
    request.timeout_ms = Some(1_000);
    let round = vec![request; 3];
    let answers = stand
        .outbound
        .perform(&stand.caller, &round)
        .await
        .expect("a round");
    let words: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.outcome.expect_err("silence").word)
        .collect();
    assert_eq!(
        words,
        [
            FailureWord::Timeout,
            FailureWord::Timeout,
            FailureWord::Busy
        ]
    );
}

#[tokio::test]
async fn figures_count_what_was_done() {
    let (_server, stand) = stand(|before| match before {
        0 => reply(503, ""),
        1 => reply(200, ""),
        _ => reply(404, ""),
    })
    .await;
    stand.response(get("a")).await;
    stand.response(get("b")).await;
    let figures = stand.outbound.figures(stand.caller.owner.tenant);
    assert_eq!(figures.len(), 1);
    let counted = &figures[0].figures;
    assert_eq!(
        (counted.requests, counted.tries, counted.retries),
        (2, 3, 1)
    );
    assert_eq!(counted.answers, [0, 1, 0, 1, 0]);
    assert_eq!(counted.latency.iter().sum::<u64>(), 2);
}

//! Who asks: every kind of credentials, and access tokens through their life.

use crate::server::{Server, reply};
use crate::stand::{Stand, endpoint, get};
use hotline_outbound::{Auth, Endpoint, FailureWord, OAuth2, OAuth2Flow, Secret};
use http::HeaderName;

#[tokio::test]
async fn each_kind_of_credentials_is_sent_by_the_host() {
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let secret = || "key".to_owned();
    for (auth, name, value) in [
        (
            Auth::Bearer { secret: secret() },
            "authorization",
            "Bearer pass word",
        ),
        (
            Auth::Basic {
                user: "ana".to_owned(),
                secret: secret(),
            },
            "authorization",
            "Basic YW5hOnBhc3Mgd29yZA==",
        ),
        (
            Auth::Header {
                name: HeaderName::from_static("x-api-key"),
                prefix: "Key ".to_owned(),
                secret: secret(),
            },
            "x-api-key",
            "Key pass word",
        ),
    ] {
        let api = Endpoint {
            auth,
            ..endpoint("api", &server.url())
        };
        let stand = Stand::new(vec![api]);
        assert_eq!(stand.failure(get("a")).await, FailureWord::MissingSecret);
        stand.secret("key", "pass word");
        assert_eq!(stand.response(get("a")).await.status, 200);
        let seen = server.seen().pop().expect("it came");
        assert_eq!(seen.header(name), Some(value));
    }
    assert_eq!(server.count(), 3, "nothing is sent without its secret");
}

fn oauth(authority: &Server, flow: OAuth2Flow) -> Auth {
    Auth::OAuth2(OAuth2 {
        token_url: format!("{}/token", authority.url()).parse().expect("a URL"),
        client_id: "hot line".to_owned(),
        client_secret: Some("client".to_owned()),
        scope: Some("read write".to_owned()),
        audience: None,
        flow,
    })
}

/// Gives `at-1`, `at-2`, ...
async fn authority(expires_in: u32) -> Server {
    Server::start(move |before, _| {
        let number = before + 1;
        reply(
            200,
            &format!(
                r#"{{"access_token": "access-{number}", "token_type": "bearer", "expires_in": {expires_in}, "refresh_token": "refresh-{number}"}}"#
            ),
        )
    })
    .await
}

#[tokio::test]
async fn a_token_is_fetched_once_for_all_who_need_it_at_the_same_time() {
    let authority = authority(3_600).await;
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let api = Endpoint {
        auth: oauth(&authority, OAuth2Flow::ClientCredentials),
        ..endpoint("api", &server.url())
    };
    let stand = Stand::new(vec![api]);
    stand.secret("client", "cl:ent");
    let round: Vec<_> = (0..8).map(|number| get(&format!("{number}"))).collect();
    let answers = stand.outbound.perform(&stand.caller, &round).await;
    let answers = answers.expect("eight are allowed");
    assert!(answers.iter().all(|answer| answer.outcome.is_ok()));
    let asked = authority.seen();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].body,
        "grant_type=client_credentials&scope=read+write"
    );
    // `hot+line:cl%3Aent`, see RFC 6749, section 2.3.1.
    assert_eq!(
        asked[0].header("authorization"),
        Some("Basic aG90K2xpbmU6Y2wlM0FlbnQ=")
    );
    let all = server.seen();
    assert!(
        all.iter()
            .all(|seen| seen.header("authorization") == Some("Bearer access-1"))
    );
}

#[tokio::test]
async fn a_token_that_is_answered_401_is_replaced_once() {
    let authority = authority(3_600).await;
    let server = Server::start(|_, seen| match seen.header("authorization") {
        Some("Bearer access-2") => reply(200, "in"),
        _ => reply(401, "out"),
    })
    .await;
    let api = Endpoint {
        auth: oauth(&authority, OAuth2Flow::ClientCredentials),
        ..endpoint("api", &server.url())
    };
    let stand = Stand::new(vec![api]);
    stand.secret("client", "client secret");
    assert_eq!(stand.response(get("a")).await.body, b"in");
    assert_eq!((authority.count(), server.count()), (2, 2));

    // A server that never lets us in is not asked for ever.
    let shut = Server::start(|_, _| reply(401, "out")).await;
    let api = Endpoint {
        auth: oauth(&authority, OAuth2Flow::ClientCredentials),
        ..endpoint("api", &shut.url())
    };
    let stand = Stand::new(vec![api]);
    stand.secret("client", "client secret");
    assert_eq!(stand.response(get("a")).await.status, 401);
    assert_eq!(shut.count(), 2);
}

#[tokio::test]
async fn a_token_that_has_expired_is_fetched_anew_with_the_newest_refresh_token() {
    let authority = authority(0).await;
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let flow = OAuth2Flow::RefreshToken {
        secret: "refresh".to_owned(),
    };
    let api = Endpoint {
        auth: oauth(&authority, flow),
        ..endpoint("api", &server.url())
    };
    let stand = Stand::new(vec![api]);
    stand.secret("client", "client secret");
    stand.secret("refresh", "refresh-0");
    for _ in 0..3 {
        assert_eq!(stand.response(get("a")).await.status, 200);
    }
    let sent: Vec<String> = authority.seen().into_iter().map(|seen| seen.body).collect();
    for (number, body) in sent.iter().enumerate() {
        let expected =
            format!("grant_type=refresh_token&refresh_token=refresh-{number}&scope=read+write");
        assert_eq!(*body, expected);
    }
    assert_eq!(sent.len(), 3);
    let kept = stand.vault.get(&stand.caller.owner, "refresh");
    assert_eq!(kept, Some(Secret::new("refresh-3")));
}

#[tokio::test]
async fn an_authority_that_refuses_is_named_and_not_stormed() {
    let authority = Server::start(|_, _| reply(401, r#"{"error": "invalid_client"}"#)).await;
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let api = Endpoint {
        auth: oauth(&authority, OAuth2Flow::ClientCredentials),
        ..endpoint("api", &server.url())
    };
    let stand = Stand::new(vec![api]);
    stand.secret("client", "client secret");
    for _ in 0..5 {
        let failure = stand.perform(get("a")).await.outcome.expect_err("no token");
        assert_eq!(failure.word, FailureWord::AuthFailed);
        assert!(failure.detail.contains("invalid_client"), "{failure}");
    }
    assert_eq!((authority.count(), server.count()), (1, 0));
}

//! Nothing is dialled that may not be, whatever it is called and whoever redirects there.

use crate::server::{Server, reply};
use crate::stand::{Stand, endpoint, get, header, options};
use hotline_outbound::{Auth, FailureWord};

#[tokio::test]
async fn loopback_is_refused_under_every_spelling_until_it_is_allowed() {
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let port = server.address.port();
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let api = endpoint("api", &format!("https://{host}:{port}/"));
        let stand = Stand::with(options(&[]), vec![api]);
        assert_eq!(
            stand.failure(get("a")).await,
            FailureWord::RefusedAddress,
            "{host}"
        );
    }
    assert_eq!(server.count(), 0, "nobody came");
    let api = endpoint("api", &server.url());
    let stand = Stand::with(options(&["127.0.0.0/8"]), vec![api]);
    assert_eq!(stand.response(get("a")).await.status, 200);
}

#[tokio::test]
async fn without_tls_only_a_host_that_the_operator_names_is_spoken_to() {
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let api = endpoint(
        "api",
        &format!("http://cleartext.test:{}", server.address.port()),
    );
    // Its address alone would do for https.
    let stand = Stand::with(options(&["127.0.0.1"]), vec![api]);
    stand.names.tell("cleartext.test", &[&["127.0.0.1"]]);
    assert_eq!(stand.failure(get("a")).await, FailureWord::NotAllowed);
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_name_that_begins_to_point_inside_is_not_followed_there() {
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let api = endpoint("api", &format!("http://crm.test:{}", server.address.port()));
    let stand = Stand::new(vec![api]);
    let inside: &[&str] = &["169.254.169.254"];
    stand.names.tell(
        "crm.test",
        &[&["127.0.0.1"], inside, &["127.0.0.1", "169.254.169.254"]],
    );
    assert_eq!(stand.response(get("a")).await.status, 200);
    assert_eq!(stand.failure(get("a")).await, FailureWord::RefusedAddress);
    // Of several addresses those that may be dialled are.
    assert_eq!(stand.response(get("a")).await.status, 200);
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn between_two_tries_a_name_is_checked_anew() {
    let server = Server::start(|_, _| reply(503, "")).await;
    let api = endpoint("api", &format!("http://crm.test:{}", server.address.port()));
    let stand = Stand::new(vec![api]);
    stand
        .names
        .tell("crm.test", &[&["127.0.0.1"], &["100.100.100.200"]]);
    assert_eq!(stand.failure(get("a")).await, FailureWord::RefusedAddress);
    assert_eq!(
        server.count(),
        1,
        "the first try came, the second was not sent"
    );
}

#[tokio::test]
async fn private_answers_of_the_dns_are_refused_and_said() {
    let api = endpoint("api", "https://api.example.com/v1");
    let stand = Stand::with(options(&[]), vec![api]);
    for address in [
        "10.0.0.1",
        "127.0.0.1",
        "::1",
        "fd00::1",
        "64:ff9b::a00:1",
        "169.254.169.254",
    ] {
        stand.names.tell("api.example.com", &[&[address]]);
        let answer = stand.perform(get("a")).await;
        let failure = answer.outcome.expect_err("refused");
        assert_eq!(failure.word, FailureWord::RefusedAddress, "{address}");
        assert!(failure.detail.contains("api.example.com"), "{failure}");
    }
    stand.names.tell("api.example.com", &[&[]]);
    assert_eq!(stand.failure(get("a")).await, FailureWord::NameNotResolved);
}

#[tokio::test]
async fn a_redirect_is_followed_as_far_as_the_manifest_goes() {
    let hidden = Server::start(|_, _| reply(200, "internal")).await;
    let other = Server::start(|_, _| reply(200, "other")).await;
    let (inside, elsewhere) = (hidden.url(), other.url());
    let server = Server::start(move |_, seen| match seen.target.as_str() {
        "/v1/inside" => reply(302, "").with("location", format!("{inside}/admin")),
        "/v1/elsewhere" => reply(302, "").with("location", format!("{elsewhere}/v1/a?b=c")),
        "/v1/up" => reply(302, "").with("location", "/v2/a"),
        "/v1/dots" => reply(302, "").with("location", "/v1/%2e%2e/v2"),
        "/v1/here" => reply(307, "").with("location", "there"),
        "/v1/round" => reply(302, "").with("location", "round"),
        "/v1/nonsense" => reply(302, "").with("location", "http://[/"),
        _ => reply(200, "arrived"),
    })
    .await;
    let mut api = endpoint("api", &format!("{}/v1", server.url()));
    api.auth = Auth::Bearer {
        secret: "key".to_owned(),
    };
    let also = endpoint("also", &format!("{}/v1", other.url()));
    let stand = Stand::new(vec![api, also]);
    stand.secret("key", "s3cr3t-key");

    let response = stand.response(get("here")).await;
    assert_eq!(response.body, b"arrived");
    let last = server.seen().pop().expect("two requests");
    assert_eq!(last.target, "/v1/there");
    assert_eq!(last.header("authorization"), Some("Bearer s3cr3t-key"));

    let mut request = get("elsewhere");
    request.headers = vec![header("accept", "application/json")];
    assert_eq!(stand.response(request).await.body, b"other");
    let seen = other.seen().pop().expect("it came");
    assert_eq!(seen.target, "/v1/a?b=c");
    assert_eq!(
        seen.header("authorization"),
        None,
        "no credentials to another service"
    );
    assert_eq!(seen.header("accept"), Some("application/json"));

    for path in ["inside", "up", "dots", "round", "nonsense"] {
        assert_eq!(
            stand.failure(get(path)).await,
            FailureWord::RedirectRefused,
            "{path}"
        );
    }
    assert_eq!(hidden.count(), 0);
}

#[tokio::test]
async fn a_redirect_to_loopback_is_refused_even_where_the_manifest_goes() {
    let hidden = Server::start(|_, _| reply(200, "internal")).await;
    let port = hidden.address.port();
    let to = format!("https://127.0.0.2:{port}/a");
    let server = Server::start(move |_, _| reply(302, "").with("location", to.clone())).await;
    let api = endpoint("api", &server.url());
    let also = endpoint("also", &format!("https://127.0.0.2:{port}"));
    let stand = Stand::new(vec![api, also]);
    assert_eq!(stand.failure(get("a")).await, FailureWord::RefusedAddress);
    assert_eq!(hidden.count(), 0);
}

#[tokio::test]
async fn what_the_manifest_does_not_say_is_not_asked() {
    let server = Server::start(|_, _| reply(200, "{}")).await;
    let stand = Stand::new(vec![endpoint("api", &server.url())]);
    let mut elsewhere = get("a");
    elsewhere.endpoint = "other".to_owned();
    let mut delete = get("a");
    delete.method = "DELETE".to_owned();
    for request in [elsewhere, delete] {
        assert_eq!(stand.failure(request).await, FailureWord::NotAllowed);
    }
    let mut lowercase = get("a");
    lowercase.method = "get".to_owned();
    assert_eq!(stand.failure(lowercase).await, FailureWord::NotAllowed);
    for path in ["../a", "a//b", "http://evil.example/", "a\r\nx: y"] {
        assert_eq!(
            stand.failure(get(path)).await,
            FailureWord::InvalidRequest,
            "{path}"
        );
    }
    let mut smuggling = get("a");
    smuggling.headers = vec![header("Transfer-Encoding", "chunked")];
    assert_eq!(stand.failure(smuggling).await, FailureWord::InvalidRequest);
    let round = vec![get("a"); 9];
    let refused = stand.outbound.perform(&stand.caller, &round).await;
    assert_eq!(
        refused.expect_err("nine").to_string(),
        "9 requests in one round; at most 8 are made"
    );
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    // Two of the server's libraries want one, too; an error means that there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der());
    let tls = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.expect("a key"))
        .expect("they fit");
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(tls));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let refused = acceptor.accept(stream).await;
            assert!(refused.is_err(), "the client went on");
        }
    });
    let api = endpoint("api", &format!("https://crm.test:{port}"));
    let stand = Stand::new(vec![api]);
    stand.names.tell("crm.test", &[&["127.0.0.1"]]);
    let failure = stand
        .perform(get("a"))
        .await
        .outcome
        .expect_err("untrusted");
    assert_eq!(failure.word, FailureWord::Tls);
}

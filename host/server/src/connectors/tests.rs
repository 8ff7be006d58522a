//! The driving loop with a scripted connector and a real server on loopback.

use super::drive::{Adviser, RunError, run};
use super::{SecretVault, owner};
use async_trait::async_trait;
use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use hotline_outbound::address::Base;
use hotline_outbound::{Auth, Caller, Endpoint, Grant, Guard, Options, Outbound, Sealing, Secret};
use hotline_records::{Database, Location, Records, schema};
use hotline_vocabulary::connector::{
    Answer, Connection, HttpRequest, HttpResponse, Operation, Pending, Progress, Question, Task,
};
use hotline_vocabulary::ids::{Id, TenantId};
use hotline_vocabulary::plugin::PluginFault;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// Reads so many pages, one a round, and answers with what they said.
struct Pages {
    wanted: u32,
    heard: Mutex<Vec<HttpResponse>>,
}

#[async_trait]
impl Adviser for Pages {
    async fn ask(&self, question: Question) -> Result<Progress, PluginFault> {
        let page = match question {
            Question::Begin(_) => 0,
            Question::Resume(continuation) => {
                assert_eq!(continuation.state, [continuation.round as u8 - 1]);
                self.heard.lock().extend(continuation.responses);
                continuation.round
            }
        };
        if page == self.wanted {
            let summary = format!("{page} pages");
            return Ok(Progress::Done(Answer::Connected(Connection { summary })));
        }
        Ok(Progress::Need(Pending {
            state: vec![page as u8],
            requests: vec![HttpRequest {
                id: page.to_string(),
                endpoint: "api".to_owned(),
                method: "GET".to_owned(),
                path: "/items".into(),
                query: vec![("page".to_owned(), page.to_string().into())],
                headers: Vec::new(),
                body: None,
                timeout_ms: None,
                cache_ms: None,
                idempotency_key: None,
            }],
        }))
    }
}

struct Stand {
    outbound: Outbound,
    caller: Caller,
    _folder: tempfile::TempDir,
}

/// A service that says which page it was asked for, by whom.
async fn stand() -> Stand {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let page = |headers: axum::http::HeaderMap, Query(query): Query<HashMap<String, String>>| async move {
        let who = headers
            .get("authorization")
            .map_or("nobody", |_| "somebody");
        format!("page {} for {who}", query["page"])
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let router = Router::new().route("/v1/items", get(page));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let folder = tempfile::tempdir().expect("a folder");
    let options = schema::Options::new(Location::Sqlite(folder.path().join("h.sqlite")));
    let records = Records::new(&Database::open(&options).await.expect("a database"));
    let draft = hotline_records::repositories::tenants::TenantDraft {
        name: "acme".to_owned(),
        display_name: "Acme".to_owned(),
        sip_domain: None,
        language: "en".to_owned(),
    };
    let made = records.tenants.create(crate::clock::now(), draft).await;
    let owner = owner(made.expect("a tenant").id, "crm");
    let sealing = Sealing::with_key_file(&folder.path().join("secrets.key"));
    let vault = SecretVault::new(records.plugin_secrets.clone(), sealing.expect("a key"));
    let value = Secret::new("a long secret");
    vault.set(&owner, "key", &value, None).await.expect("set");
    let outbound = Outbound::new(
        Options {
            guard: Guard::new(vec!["127.0.0.1".parse().expect("an address")]),
            ..Options::default()
        },
        Arc::new(vault),
    );
    let api = Endpoint {
        name: "api".to_owned(),
        base: Base::parse(&format!("http://{address}/v1")).expect("a base"),
        methods: vec!["GET".to_owned()],
        auth: Auth::Bearer {
            secret: "key".to_owned(),
        },
        placements: Vec::new(),
    };
    Stand {
        outbound: outbound.expect("a client"),
        caller: Caller {
            owner,
            grant: Arc::new(Grant {
                endpoints: vec![api],
                unconfigured: Vec::new(),
            }),
            contact: None,
        },
        _folder: folder,
    }
}

async fn read(stand: &Stand, wanted: u32) -> (Result<Answer, RunError>, Vec<String>) {
    let pages = Pages {
        wanted,
        heard: Mutex::default(),
    };
    let task = Task {
        operation: Operation::CheckConnection,
        interaction: None,
        at: crate::clock::now(),
    };
    let answer = run(&pages, &stand.outbound, &stand.caller, task).await;
    let heard = pages.heard.into_inner().into_iter();
    let said = heard.map(|response| String::from_utf8(response.body.0).expect("text"));
    (answer, said.collect())
}

#[tokio::test]
async fn an_operation_goes_from_round_to_round_with_its_state_and_its_credentials() {
    let stand = stand().await;
    let (answer, said) = read(&stand, 6).await;
    let connected = Connection {
        summary: "6 pages".to_owned(),
    };
    assert_eq!(answer.expect("an answer"), Answer::Connected(connected));
    assert_eq!(said.len(), 6);
    assert_eq!(said[5], "page 5 for somebody");
    let (answer, said) = read(&stand, 0).await;
    assert!(answer.is_ok() && said.is_empty(), "some need no request");
}

#[tokio::test]
async fn an_operation_has_six_rounds_and_no_more() {
    let (answer, said) = read(&stand().await, 7).await;
    assert!(
        matches!(answer, Err(RunError::TooManyRounds(6))),
        "{answer:?}"
    );
    assert_eq!(said.len(), 6);
}

#[tokio::test]
async fn a_request_that_fails_is_an_answer_to_the_connector_and_not_the_end() {
    let mut stand = stand().await;
    stand.caller.owner = owner(TenantId::from_bits(7), "crm");
    let pages = Pages {
        wanted: 1,
        heard: Mutex::default(),
    };
    let task = Task {
        operation: Operation::CheckConnection,
        interaction: None,
        at: crate::clock::now(),
    };
    let answer = run(&pages, &stand.outbound, &stand.caller, task).await;
    assert!(answer.is_ok());
    let heard = pages.heard.into_inner();
    let failure = heard[0].failure.as_ref().expect("it has no secret");
    let said = format!("{failure:?}");
    assert!(
        said.contains("Unauthenticated") && said.contains("missing-secret"),
        "{said}"
    );
}

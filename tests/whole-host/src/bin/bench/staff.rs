//! The agents: created by the administrator, signed in, present by an open live socket.

use crate::desk_phones::DeskPhones;
use crate::table::progress;
use futures_util::StreamExt;
use hotline_whole_host::{Api, Host};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// The queue that they all serve.
pub(crate) const QUEUE: &str = "bench";
/// The number of the line, and its flow's name.
pub(crate) const LINE: &str = "200";
pub(crate) const FLOW: &str = "bench";

/// Looks at the caller's number, marks the contact, and into the queue.
pub(crate) const SCRIPT: &str = "\
flow: Bench
languages: [en]
on_failure: hangup
nodes:
  begin:
    if: {caller: '+49*'}
    then: wait
    else: wait
  wait:
    set: {topic: bench}
    queue: bench
";

pub(crate) struct Agent {
    pub(crate) user: String,
    pub(crate) api: Api,
}

pub(crate) struct Staff {
    agents: Vec<Agent>,
    pub(crate) phones: DeskPhones,
    /// How many of the agents have come.
    here: usize,
    /// Keeps the live sockets open and answers their pings.
    presence: tokio::runtime::Runtime,
}

const PATIENCE: Duration = Duration::from_secs(10);
/// People who work at the same time at hiring: passwords are slow to hash on purpose.
const HIRERS: usize = 4;

impl Staff {
    /// Makes the queue, the line and its agents with their phones; nobody is there yet.
    pub(crate) fn hire(host: &Host, admin: &Api, agents: usize) -> Staff {
        let queue = json!({
            "name": QUEUE, "policy": null, "skills": "", "ring_timeout_ms": 20_000,
            "wrap_up_ms": 0, "progress_every_ms": 20_000, "service_level_ms": 20_000,
            "max_waiting": 10_000, "music": null,
        });
        let queue = created(admin, "/queues", &queue)["id"].clone();
        hotline_whole_host::tones::save(&host.flows("demo"), &format!("{FLOW}.flow.yaml"), SCRIPT);
        admin.until("the flow", "/flows", PATIENCE, |flows| {
            let flows = flows["items"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            flows
                .iter()
                .any(|flow| flow["name"] == FLOW && !flow["live"].is_null())
        });
        let line = json!({"flow": FLOW, "click_to_call": false});
        let answer = admin.send(Method::PUT, &format!("/numbers/{LINE}"), Some(&line));
        assert!(answer.status.is_success(), "the line: {}", answer.text());

        progress(&format!("hiring {agents} agents"));
        let names: Vec<(String, String)> = (0..agents)
            .map(|n| (format!("agent{n}"), format!("password of {n}")))
            .collect();
        let anyone = Api::anonymous(host.http);
        let share = names.len().div_ceil(HIRERS);
        let agents: Vec<Agent> = std::thread::scope(|scope| {
            let hirers: Vec<_> = names
                .chunks(share)
                .map(|names| scope.spawn(|| hire(admin, &anyone, &queue, names)))
                .collect();
            let hired = hirers.into_iter().map(|hirer| hirer.join());
            hired.flat_map(|agents| agents.expect("hired")).collect()
        });
        let phones = DeskPhones::register(host.sip, &names);
        let presence = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        Staff {
            agents,
            phones,
            here: 0,
            presence,
        }
    }

    /// Those who are at their desks, of all who work here.
    pub(crate) fn here(&self) -> &[Agent] {
        &self.agents[..self.here]
    }

    /// Lets agents come until so many are at their desks. They are not ready yet.
    pub(crate) fn come(&mut self, host: &Host, until: usize) {
        for agent in &self.agents[self.here..until] {
            let mut socket = self.presence.block_on(live(host, &agent.api));
            // Its first word comes when the agent is signed in. What it says afterwards is what a
            // console would draw; here it is only taken.
            let hello = self.presence.block_on(socket.next());
            assert!(
                hello.is_some_and(|hello| hello.is_ok()),
                "the live socket speaks"
            );
            self.presence.spawn(socket.for_each(|_| async {}));
            agent
                .api
                .request(&json!({"request": "use_device", "device": "desk_phone"}));
        }
        self.here = until;
    }

    pub(crate) fn all_ready(&self) {
        for agent in self.here() {
            agent.api.request(&json!({"request": "ready"}));
        }
    }
}

pub(crate) type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Opens a live socket.
pub(crate) async fn live(host: &Host, api: &Api) -> Socket {
    let mut request = format!("ws://{}/api/v1/live", host.http)
        .into_client_request()
        .expect("a WebSocket address");
    let token = api.token.as_deref().unwrap_or_default();
    let credentials = format!("Bearer {token}")
        .parse()
        .expect("a token of hexadecimal digits");
    request.headers_mut().insert("authorization", credentials);
    let opened = tokio_tungstenite::connect_async(request).await;
    opened.expect("the live socket opens").0
}

fn hire(admin: &Api, anyone: &Api, queue: &Value, names: &[(String, String)]) -> Vec<Agent> {
    let mut hired = Vec::with_capacity(names.len());
    for (user, password) in names {
        let person = json!({
            "user_name": user, "display_name": user, "role": "agent", "language": null,
            "skills": [], "queues": [{"queue": queue}], "password": password,
            "desk_phone_password": password,
        });
        created(admin, "/users", &person);
        let credentials = json!({"tenant": "demo", "user_name": user, "password": password});
        let session = anyone.send(Method::POST, "/session", Some(&credentials));
        assert_eq!(session.status, 200, "signing in {user}: {}", session.text());
        let session = session.json();
        let token = session["token"].as_str().expect("a token");
        hired.push(Agent {
            user: user.clone(),
            api: anyone.with_token(token),
        });
    }
    hired
}

fn created(admin: &Api, path: &str, body: &Value) -> Value {
    let answer = admin.send(Method::POST, path, Some(body));
    assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
    answer.json()
}

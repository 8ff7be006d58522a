//! A client of the API, as a program would write it: blocking, for tests.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// A signed-in caller of the API.
#[derive(Debug, Clone)]
pub struct Api {
    runtime: Arc<Runtime>,
    client: reqwest::Client,
    http: SocketAddr,
    pub token: Option<String>,
}

/// Loopback addresses, each used once (RFC 1122, section 3.2.1.3: all of 127/8 is this machine).
fn next_address() -> std::net::IpAddr {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let [_, a, b, c] = (0x100 + NUMBER.fetch_add(1, Ordering::Relaxed)).to_be_bytes();
    std::net::IpAddr::from([127, a, b, c.max(1)])
}

/// What an address answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub kind: String,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl Api {
    /// A caller without credentials.
    pub fn anonymous(http: SocketAddr) -> Api {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        // Built beside the host's crates, the client knows TLS and wants somebody to do it; another
        // test may have said so already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Each client has an address of its own, so that none uses up what another may do.
        let client = reqwest::Client::builder()
            .local_address(next_address())
            .build()
            .expect("a client");
        Api {
            runtime: Arc::new(runtime),
            client,
            http,
            token: None,
        }
    }

    /// The same client with another token.
    pub fn with_token(&self, token: &str) -> Api {
        Api {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same client without credentials.
    pub fn without_token(&self) -> Api {
        Api {
            token: None,
            ..self.clone()
        }
    }

    pub fn sign_in(http: SocketAddr, tenant: &str, user: &str, password: &str) -> Api {
        let mut api = Self::anonymous(http);
        let body = json!({"tenant": tenant, "user_name": user, "password": password});
        let answer = api.send(Method::POST, "/session", Some(&body));
        assert_eq!(answer.status, 200, "signing in {user}: {}", answer.json());
        api.token = answer.json()["token"].as_str().map(str::to_owned);
        api
    }

    pub fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let bytes = body.map(|body| serde_json::to_vec(body).expect("a JSON value"));
        self.send_bytes(method, path, bytes, "application/json")
    }

    /// Sends any bytes as a body.
    pub fn send_bytes(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        kind: &str,
    ) -> Answer {
        let address = format!("/api/v1{path}");
        // The host refuses a large body by its length and closes. A client that still writes then
        // may find the connection gone before it read the answer (RFC 9112, section 9.6).
        let large = body.as_ref().is_some_and(|body| body.len() > 1 << 20);
        for _ in 0..if large { 20 } else { 0 } {
            let answer = self.try_send(method.clone(), &address, body.clone(), kind);
            if let Ok(answer) = answer {
                return answer;
            }
        }
        self.try_send(method, &address, body, kind)
            .expect("the host answers")
    }

    /// Sends to any address of the host, which need not be there.
    pub fn try_send(
        &self,
        method: Method,
        address: &str,
        body: Option<Vec<u8>>,
        kind: &str,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self
            .client
            .request(method, format!("http://{}{address}", self.http));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header("content-type", kind).body(body);
        }
        self.runtime.block_on(async {
            let response = request.send().await?;
            Ok(Answer {
                status: response.status(),
                headers: response.headers().clone(),
                kind: response
                    .headers()
                    .get("content-type")
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or("")
                    .to_owned(),
                body: response.bytes().await?.to_vec(),
            })
        })
    }

    /// Reads an address that must answer 200.
    pub fn get(&self, path: &str) -> Value {
        let answer = self.send(Method::GET, path, None);
        assert_eq!(
            answer.status,
            200,
            "GET {path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()
    }

    /// An agent's wish that must be granted.
    pub fn request(&self, request: &Value) {
        let answer = self.send(Method::POST, "/agent/requests", Some(request));
        assert_eq!(answer.status, 204, "{request}: {}", answer.json());
    }

    /// Reads an address until it satisfies `enough`.
    pub fn until(
        &self,
        what: &str,
        path: &str,
        within: Duration,
        enough: impl Fn(&Value) -> bool,
    ) -> Value {
        let deadline = Instant::now() + within;
        loop {
            let answer = self.send(Method::GET, path, None);
            let value = answer.json();
            if answer.status == 200 && enough(&value) {
                return value;
            }
            assert!(
                Instant::now() < deadline,
                "{what} not within {within:?}; last: {value:#}"
            );
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Opens the live socket; an agent's presence while it lives.
    pub fn live(&self) -> Live {
        use futures_util::StreamExt;
        use tokio_tungstenite::tungstenite::client::IntoClientRequest;
        let mut request = format!("ws://{}/api/v1/live", self.http)
            .into_client_request()
            .expect("a WebSocket address");
        if let Some(token) = &self.token {
            let value = format!("Bearer {token}")
                .parse()
                .expect("a token of hexadecimal digits");
            request.headers_mut().insert("authorization", value);
        }
        let messages = Arc::new(Mutex::new(Vec::new()));
        let (mut socket, _) = self
            .runtime
            .block_on(tokio_tungstenite::connect_async(request))
            .expect("the live socket opens");
        let kept = messages.clone();
        let reader = self.runtime.spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                if let Ok(text) = message.into_text()
                    && let Ok(value) = serde_json::from_str::<Value>(&text)
                {
                    kept.lock().expect("no panic while reading").push(value);
                }
            }
        });
        Live {
            messages,
            reader,
            _api: self.clone(),
        }
    }
}

/// An open live socket and what it said so far.
#[derive(Debug)]
pub struct Live {
    messages: Arc<Mutex<Vec<Value>>>,
    reader: tokio::task::JoinHandle<()>,
    _api: Api,
}

impl Live {
    pub fn messages(&self) -> Vec<Value> {
        self.messages
            .lock()
            .expect("no panic while reading")
            .clone()
    }

    /// Waits for a message.
    pub fn hears(&self, what: &str, within: Duration, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + within;
        loop {
            if let Some(message) = self.messages().into_iter().find(&wanted) {
                return message;
            }
            assert!(
                Instant::now() < deadline,
                "{what} was not told within {within:?}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

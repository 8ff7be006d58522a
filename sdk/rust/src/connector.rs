//! World `crm-connector`: a customer's records in somebody else's system. A [`Connector`] describes
//! HTTP requests; the host performs them, with secrets that the plugin never holds.

use crate::state;
use serde::{Serialize, de::DeserializeOwned};

/// Generated from `wit/`.
#[doc(hidden)]
#[allow(
    unsafe_code,
    missing_debug_implementations,
    unreachable_pub,
    clippy::all
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "hotline:connector/crm-connector@1.0.0",
        pub_export_macro: true,
        export_macro_name: "__export_crm_connector",
        default_bindings_module: "hotline_sdk::connector::bindings",
        additional_derives: [PartialEq],
        with: {
            "hotline:common/types@1.0.0": crate::ivr::bindings::hotline::common::types,
            "hotline:host/log@1.0.0": crate::ivr::bindings::hotline::host::log,
            "hotline:host/config@1.0.0": crate::ivr::bindings::hotline::host::config,
            "hotline:host/clock@1.0.0": crate::ivr::bindings::hotline::host::clock,
            "hotline:host/random@1.0.0": crate::ivr::bindings::hotline::host::random,
            "hotline:host/metrics@1.0.0": crate::ivr::bindings::hotline::host::metrics,
            "hotline:connector/types@1.0.0": generate,
        },
    });
}

pub use crate::common::{Fault, Interaction};
pub use bindings::hotline::connector::types::{
    Activity, Answer, Choice, Connection, Contact, ContactQuery, Continuation, Failure,
    HttpRequest, HttpResponse, NewCase, Operation, Pending, Progress, Stored, Task,
};

/// Turns operations into requests, and responses into answers.
pub trait Connector {
    /// What it remembers between its requests and their responses; kept by the host, at most 32 KiB.
    type State: Serialize + DeserializeOwned;

    /// # Errors
    /// A fault ends the operation; who wanted it is told that it failed, and the author why.
    fn begin(task: Task) -> Result<Next<Self::State>, Fault>;

    /// `responses` are in the order of the requests. Asked at most 6 times for an operation.
    ///
    /// # Errors
    /// As for [`Connector::begin`].
    fn resume(state: Self::State, responses: Vec<HttpResponse>)
    -> Result<Next<Self::State>, Fault>;
}

/// How an operation goes on.
#[derive(Debug, Clone, PartialEq)]
pub enum Next<S> {
    /// From 1 to 8 requests, performed side by side. Those without an id get one.
    Need(S, Vec<HttpRequest>),
    Done(Answer),
}

/// A `GET` of a path below an endpoint of the manifest.
pub fn get(endpoint: &str, path: impl Into<String>) -> HttpRequest {
    request("GET", endpoint, path)
}

/// A `POST` of a JSON text. Give it an [`HttpRequest::idempotency_key`] where the other system knows
/// such keys: without one the host never repeats it.
pub fn post(endpoint: &str, path: impl Into<String>, json: impl Into<String>) -> HttpRequest {
    request("POST", endpoint, path).json(json)
}

/// A request of any method that the manifest declares for the endpoint.
pub fn request(method: &str, endpoint: &str, path: impl Into<String>) -> HttpRequest {
    HttpRequest {
        id: String::new(),
        endpoint: endpoint.to_owned(),
        method: method.to_owned(),
        path: path.into(),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        timeout_ms: None,
        cache_ms: None,
        idempotency_key: None,
        ext: Vec::new(),
    }
}

impl HttpRequest {
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// A body that is a JSON text, and its `Content-Type`.
    #[must_use]
    pub fn json(mut self, text: impl Into<String>) -> Self {
        self.body = Some(text.into().into_bytes());
        self.header("content-type", "application/json")
    }

    /// Lets the host answer the same request again from its cache for so long.
    #[must_use]
    pub fn cached_for_ms(mut self, cache_ms: u32) -> Self {
        self.cache_ms = Some(cache_ms);
        self
    }

    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }
}

impl HttpResponse {
    /// The body of a success (2xx); anything else as a fault that says what it was.
    ///
    /// # Errors
    /// `connector.timed-out`, `connector.unreachable`, `connector.forbidden`,
    /// `connector.unauthenticated` (also 401 and 403), `connector.not-found` (404),
    /// `connector.rate-limited` (429), `connector.refused` (other 4xx), `connector.failed`.
    pub fn ok(&self) -> Result<&[u8], Fault> {
        let (code, message, retryable) = match (&self.failure, self.status) {
            (None, 200..=299) => return Ok(&self.body),
            (Some(Failure::TimedOut), _) => ("timed-out", "no response in time".to_owned(), true),
            (Some(Failure::Unreachable), _) => ("unreachable", "no connection".to_owned(), true),
            (Some(Failure::CircuitOpen), _) => (
                "unreachable",
                "it failed too often; the host gives it a rest".to_owned(),
                true,
            ),
            (Some(Failure::Forbidden(why)), _) => ("forbidden", why.clone(), false),
            (Some(Failure::Unauthenticated(why)), _) => ("unauthenticated", why.clone(), false),
            (Some(Failure::TooLarge), _) => {
                ("failed", "the response is too large".to_owned(), false)
            }
            (Some(Failure::Ext((name, _))), _) => ("failed", name.clone(), false),
            (None, status) => {
                let kind = match status {
                    401 | 403 => "unauthenticated",
                    404 => "not-found",
                    429 => "rate-limited",
                    400..=499 => "refused",
                    _ => "failed",
                };
                let told = String::from_utf8_lossy(&self.body);
                let told: String = told.chars().take(200).collect();
                (
                    kind,
                    format!("status {status}: {told}"),
                    status == 429 || status >= 500,
                )
            }
        };
        Err(Fault {
            code: format!("connector.{code}"),
            message,
            retryable,
            details: None,
        })
    }

    /// The body as text; bytes that are no UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// By its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Contact {
    pub fn new(id: &str, name: &str) -> Self {
        Contact {
            id: Some(id.to_owned()),
            name: name.to_owned(),
            phones: Vec::new(),
            emails: Vec::new(),
            company: None,
            url: None,
            fields: Vec::new(),
            ext: Vec::new(),
        }
    }
}

impl Answer {
    pub fn stored(id: &str, created: bool) -> Self {
        Answer::Stored(Stored {
            id: id.to_owned(),
            created,
            url: None,
            ext: Vec::new(),
        })
    }

    pub fn connected(summary: impl Into<String>) -> Self {
        Answer::Connected(Connection {
            summary: summary.into(),
            ext: Vec::new(),
        })
    }
}

/// The fault for an operation that a connector does not do.
pub fn unknown_operation(message: &str) -> Fault {
    Fault::new("connector.unknown-operation", message)
}

/// The fault for an activity of somebody whom the other system does not know, where nothing is stored
/// without that: the host does not ask again.
pub fn no_customer(message: impl Into<String>) -> Fault {
    Fault::new("connector.no-customer", message)
}

/// What the state is called where it can not be read or kept.
const CONNECTORS: &str = "the connector's state";

/// Runs [`Connector::begin`] as the contract has it; [`crate::export_connector!`] does it for you.
pub fn begin<C: Connector>(task: Task) -> Result<Progress, Fault> {
    progress(C::begin(task)?)
}

/// Runs [`Connector::resume`] as the contract has it; [`crate::export_connector!`] does it for you.
pub fn resume<C: Connector>(continuation: Continuation) -> Result<Progress, Fault> {
    let state = state::read(CONNECTORS, &continuation.state)?;
    progress(C::resume(state, continuation.responses)?)
}

fn progress<S: Serialize>(next: Next<S>) -> Result<Progress, Fault> {
    let (state, mut requests) = match next {
        Next::Done(answer) => return Ok(Progress::Done(answer)),
        Next::Need(state, requests) => (state, requests),
    };
    for (place, request) in requests.iter_mut().enumerate() {
        if request.id.is_empty() {
            request.id = (place + 1).to_string();
        }
    }
    let state = state::keep(CONNECTORS, &state)?;
    Ok(Progress::Need(Pending {
        state,
        requests,
        ext: Vec::new(),
    }))
}

/// Makes a [`Connector`] the component's `crm-connector`.
#[macro_export]
macro_rules! export_connector {
    ($connector:ty) => {
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            $crate::connector::Task,
        ) -> ::core::result::Result<$crate::connector::Progress, $crate::Fault> =
            $crate::connector::begin::<$connector>;
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            struct Exported;
            impl $crate::connector::bindings::exports::hotline::connector::connector::Guest
                for Exported
            {
                fn begin(
                    task: $crate::connector::Task,
                ) -> ::core::result::Result<$crate::connector::Progress, $crate::Fault> {
                    $crate::connector::begin::<$connector>(task)
                }
                fn resume(
                    continuation: $crate::connector::Continuation,
                ) -> ::core::result::Result<$crate::connector::Progress, $crate::Fault> {
                    $crate::connector::resume::<$connector>(continuation)
                }
            }
            $crate::connector::bindings::__export_crm_connector!(Exported with_types_in $crate::connector::bindings);
        };
        $crate::__manifest!("crm-connector");
    };
}

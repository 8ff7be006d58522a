//! The words between a connector and the host; the same nouns as `wit/deps/connector`, where their
//! meaning is written down at length.

use crate::flow::Interaction;
use crate::personal::Personal;
use crate::time::{Millis, Timestamp};
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the host wants done in the other system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Answered by [`Answer::Contacts`].
    FindContact(ContactQuery),
    /// Answered by [`Answer::Stored`], as the next two.
    UpsertContact(Contact),
    LogActivity(Activity),
    OpenCase(NewCase),
    /// The choices of a field; answered by [`Answer::Choices`].
    Picklist(String),
    /// Answered by [`Answer::Connected`].
    CheckConnection,
    /// An operation of the connector's own; answered by [`Answer::Own`].
    Own(OwnOperation),
}

/// What only a connector itself knows the meaning of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnOperation {
    pub name: String,
    /// JSON.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub argument: Personal<String>,
}

/// Whoever fits any of what is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContactQuery {
    #[serde(default)]
    pub id: Option<String>,
    /// E.164.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub phone: Option<Personal<String>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub email: Option<Personal<String>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub text: Option<Personal<String>>,
    /// From 1 to 50.
    pub limit: u32,
}

/// Someone in the other system.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CrmContact))]
pub struct Contact {
    /// The other system's; none for someone whom it does not know yet.
    #[serde(default)]
    pub id: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub name: Personal<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub phones: Vec<Personal<String>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<String>))]
    pub emails: Vec<Personal<String>>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub company: Option<Personal<String>>,
    /// A page of the other system that shows them: `https`.
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(String, String)>))]
    pub fields: Vec<(String, Personal<String>)>,
}

/// A contact that took place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CrmActivity))]
pub struct Activity {
    /// The other system's id of the customer, when it is known.
    #[serde(default)]
    pub contact: Option<String>,
    pub interaction_id: String,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub subject: Personal<String>,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub body: Personal<String>,
    pub direction: String,
    pub channel: String,
    pub started_at: Timestamp,
    pub duration_ms: Millis,
    #[serde(default)]
    pub agent: Option<String>,
    #[serde(default)]
    pub disposition: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(String, String)>))]
    pub fields: Vec<(String, Personal<String>)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CrmCase))]
pub struct NewCase {
    #[serde(default)]
    pub contact: Option<String>,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub subject: Personal<String>,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub description: Personal<String>,
    #[serde(default)]
    pub priority: Option<String>,
    #[serde(default)]
    pub category: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Vec<(String, String)>))]
    pub fields: Vec<(String, Personal<String>)>,
}

/// What a connector is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    Begin(Box<Task>),
    Resume(Continuation),
}

/// An operation, and what it is done for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub operation: Operation,
    /// None for what an administrator tries.
    #[serde(default)]
    pub interaction: Option<Interaction>,
    pub at: Timestamp,
}

/// A request that the host shall perform. Secrets stand in it by name (`{{secret:NAME}}`) until the
/// host sends it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// Unique among the requests of one answer.
    pub id: String,
    /// The name of an endpoint of the manifest.
    pub endpoint: String,
    /// `GET`, `POST`, ...; still to be held against the manifest.
    pub method: String,
    /// Empty, or begins with `/`.
    pub path: Personal<String>,
    pub query: Vec<(String, Personal<String>)>,
    pub headers: Vec<(String, Personal<String>)>,
    pub body: Option<Body>,
    /// For the whole exchange; the host's default when none.
    pub timeout_ms: Option<Millis>,
    /// How long the response may be answered again; not at all when none.
    pub cache_ms: Option<Millis>,
    pub idempotency_key: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HttpResponse {
    /// The request's.
    pub id: String,
    /// 0 when there is a failure.
    pub status: u16,
    /// Names in small letters.
    #[serde(default)]
    pub headers: Vec<(String, Personal<String>)>,
    #[serde(default)]
    pub body: Body,
    #[serde(default)]
    pub failure: Option<Failure>,
    /// Whether it came from the host's cache.
    #[serde(default)]
    pub cached: bool,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    TimedOut,
    Unreachable,
    /// The host does not send this; why.
    Forbidden(String),
    /// The host could not authenticate; why.
    Unauthenticated(String),
    CircuitOpen,
    TooLarge,
}

/// The bytes of a request or a response. As JSON a text, or `{"hex": "..."}` where they are none.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Body(pub Vec<u8>);

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} bytes]", self.0.len())
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Body(text.as_bytes().to_vec())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum BodyInJson {
    Text(String),
    Bytes { hex: String },
}

impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let hex = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
                BodyInJson::Bytes { hex }.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match BodyInJson::deserialize(deserializer)? {
            BodyInJson::Text(text) => Ok(Body(text.into_bytes())),
            BodyInJson::Bytes { hex } => {
                let pairs = hex.as_bytes().chunks(2);
                let byte = |pair: &[u8]| {
                    let pair = std::str::from_utf8(pair)
                        .ok()
                        .filter(|pair| pair.len() == 2)?;
                    u8::from_str_radix(pair, 16).ok()
                };
                let bytes: Option<Vec<u8>> = pairs.map(byte).collect();
                bytes
                    .map(Body)
                    .ok_or_else(|| D::Error::custom("expected pairs of hexadecimal digits"))
            }
        }
    }
}

/// Responses to what a connector asked for last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Continuation {
    /// At most 32 KiB.
    pub state: Vec<u8>,
    /// One for each request, in their order.
    pub responses: Vec<HttpResponse>,
    /// From 1 to 6.
    pub round: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// From 1 to 8 requests, performed side by side.
    Need(Pending),
    Done(Answer),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    pub state: Vec<u8>,
    pub requests: Vec<HttpRequest>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = CrmAnswer))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Best fit first.
    Contacts(Vec<Contact>),
    Stored(Stored),
    Choices(Vec<Choice>),
    Connected(Connection),
    /// Of an operation of the connector's own: JSON.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    Own(Personal<String>),
}

/// A reference to something that was stored in the other system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Stored {
    pub id: String,
    /// Whether it is new.
    pub created: bool,
    /// A page of the other system that shows it: `https`.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What people see.
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Connection {
    /// One sentence for an administrator.
    pub summary: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_survives_json_whether_it_is_text_or_not() {
        for bytes in [&b"{\"a\": 1}"[..], b"", b"\xff\x00\x80"] {
            let body = Body(bytes.to_vec());
            let json = serde_json::to_string(&body).expect("a value");
            assert_eq!(serde_json::from_str::<Body>(&json).expect("the same"), body);
        }
        assert!(serde_json::from_str::<Body>(r#"{"hex": "zz0"}"#).is_err());
    }

    #[test]
    fn whom_a_request_is_about_does_not_reach_a_log() {
        let request = HttpRequest {
            id: "1".to_owned(),
            endpoint: "crm".to_owned(),
            method: "GET".to_owned(),
            path: "/contacts/+8613800138000".into(),
            query: vec![("phone".to_owned(), "+8613800138000".into())],
            headers: Vec::new(),
            body: Some("+8613800138000".into()),
            timeout_ms: None,
            cache_ms: None,
            idempotency_key: None,
        };
        assert!(!format!("{request:?}").contains("13800138000"));
    }
}

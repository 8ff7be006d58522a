//! A stretch of time within a trace, apart from how it is sent.

use hotline_vocabulary::fact::Fact;
use hotline_vocabulary::ids::{ContactId, TenantId};

/// Eight octets, never all zero; unique within its trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(pub u64);

impl SpanId {
    /// The span that a fact begins: the same however often the fact is read.
    pub(crate) fn of(fact: &Fact) -> SpanId {
        SpanId((u64::from(fact.epoch.0) << 40 | fact.sequence.0).max(1))
    }
}

/// Who asked whom (OpenTelemetry, "SpanKind").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The outside asked us.
    Server,
    Internal,
    /// We asked another system.
    Client,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub tenant: TenantId,
    /// Its 128 bits are the trace's id.
    pub contact: ContactId,
    pub id: SpanId,
    /// None of the contact's own span, and of what was done after its end.
    pub parent: Option<SpanId>,
    pub kind: Kind,
    pub name: String,
    /// Microseconds since 1970-01-01 UTC.
    pub began_us: u64,
    pub ended_us: u64,
    pub attributes: Vec<(&'static str, Value)>,
    pub status: Status,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Count(i64),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Status {
    #[default]
    Unset,
    /// With a sentence on what went wrong.
    Error(String),
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Value {
        Value::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

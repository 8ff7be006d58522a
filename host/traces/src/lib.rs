//! One trace a contact, for OpenTelemetry: from its first ring through each step of its plugins,
//! its waits, offers and talks to its end, with the requests that connectors made for it. A trace is a
//! reading of the contact's facts and of those requests, so that switchboard and plugins know nothing
//! of it, and no call ever waits for it.
//!
//! Sent by OTLP over HTTP, in protobuf (OTLP specification 1.x, "OTLP/HTTP"), to a collector of the
//! operator's. Personal data stays out: neither addresses nor attributes nor keys are told.

mod contact;
mod export;
mod otlp;
mod request;
mod span;

pub use contact::Contacts;
pub use export::{Error, Exporter, Options, Tap, start};
pub use request::Request;
pub use span::{Kind, Span, SpanId, Status, Value};

//! What is said over a socket.

use serde::Serialize;

/// A message of a socket: an object with a `type`.
#[derive(Debug, Serialize)]
pub(crate) struct Typed<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    body: T,
}

impl<T> Typed<T> {
    pub(super) fn new(kind: &'static str, body: T) -> Self {
        Typed { kind, body }
    }
}

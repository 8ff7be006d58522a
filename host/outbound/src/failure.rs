//! Why a request has no answer. The guest gets the word, its author also the sentence.

use serde::{Serialize, Serializer};
use std::fmt;

/// What a guest can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureWord {
    /// The manifest, or the tenant's configuration of the plugin, does not allow the request.
    NotAllowed,
    /// The request is not well formed, or larger than it may be.
    InvalidRequest,
    /// A secret (or a collected token) that is referred to is not set.
    MissingSecret,
    /// The endpoint's host is at an address that may not be dialled.
    RefusedAddress,
    NameNotResolved,
    CannotConnect,
    /// The server's certificate is not to be trusted, or TLS failed otherwise.
    Tls,
    Timeout,
    /// The endpoint failed too often; it is left alone for a while.
    CircuitOpen,
    /// Too many requests of the tenant are under way.
    Busy,
    /// A redirect to where the plugin may not go, or one too many.
    RedirectRefused,
    /// The answer is larger than it may be.
    TooLarge,
    /// The connection ended in the middle of the answer.
    Truncated,
    /// No access token could be had.
    AuthFailed,
    /// The server did not speak HTTP as it should.
    Protocol,
    /// Something of the host's failed (its database is away).
    Internal,
}

impl FailureWord {
    pub const fn as_str(self) -> &'static str {
        match self {
            FailureWord::NotAllowed => "not-allowed",
            FailureWord::InvalidRequest => "invalid-request",
            FailureWord::MissingSecret => "missing-secret",
            FailureWord::RefusedAddress => "refused-address",
            FailureWord::NameNotResolved => "name-not-resolved",
            FailureWord::CannotConnect => "cannot-connect",
            FailureWord::Tls => "tls",
            FailureWord::Timeout => "timeout",
            FailureWord::CircuitOpen => "circuit-open",
            FailureWord::Busy => "busy",
            FailureWord::RedirectRefused => "redirect-refused",
            FailureWord::TooLarge => "too-large",
            FailureWord::Truncated => "truncated",
            FailureWord::AuthFailed => "auth-failed",
            FailureWord::Protocol => "protocol",
            FailureWord::Internal => "internal",
        }
    }

    /// Whether the same request may work a moment later.
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            FailureWord::NameNotResolved
                | FailureWord::CannotConnect
                | FailureWord::Timeout
                | FailureWord::Truncated
                | FailureWord::Protocol
        )
    }

    /// Whether the endpoint is to blame, as its circuit breaker counts.
    pub const fn is_the_endpoints(self) -> bool {
        self.is_transient() || matches!(self, FailureWord::Tls)
    }
}

impl fmt::Display for FailureWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FailureWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The word, and what exactly was wrong; never with a secret in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word}: {detail}")]
pub struct Failure {
    pub word: FailureWord,
    pub detail: String,
}

impl Failure {
    pub(crate) fn new(word: FailureWord, detail: impl Into<String>) -> Failure {
        Failure {
            word,
            detail: detail.into(),
        }
    }

    pub(crate) fn not_allowed(detail: impl Into<String>) -> Failure {
        Failure::new(FailureWord::NotAllowed, detail)
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Failure {
        Failure::new(FailureWord::InvalidRequest, detail)
    }
}

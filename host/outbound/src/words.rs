//! Between the vocabulary's words and ours.

use crate::failure::{Failure, FailureWord};
use crate::request::{Answer, Request};
use hotline_vocabulary::connector::{self, Body, HttpRequest, HttpResponse};

/// What a guest described.
pub fn request_of(described: HttpRequest) -> Request {
    let revealed = |pairs: Vec<(String, hotline_vocabulary::Personal<String>)>| {
        let pairs = pairs.into_iter();
        pairs
            .map(|(name, value)| (name, value.into_inner()))
            .collect()
    };
    Request {
        id: described.id,
        endpoint: described.endpoint,
        method: described.method,
        path: described.path.into_inner(),
        query: revealed(described.query),
        headers: revealed(described.headers),
        body: described.body.map(|Body(bytes)| bytes),
        timeout_ms: described.timeout_ms.map(|timeout| timeout.0),
        cache_ms: described.cache_ms.map(|cache| cache.0),
        idempotency_key: described.idempotency_key,
    }
}

/// What the guest is told.
pub fn response_of(answer: Answer) -> HttpResponse {
    let (id, cached) = (answer.id, answer.cached);
    match answer.outcome {
        Ok(response) => HttpResponse {
            id,
            status: response.status,
            headers: response
                .headers
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            body: Body(response.body),
            failure: None,
            cached,
        },
        Err(failure) => HttpResponse {
            id,
            status: 0,
            headers: Vec::new(),
            body: Body::default(),
            failure: Some(told(&failure)),
            cached,
        },
    }
}

/// Which of the contract's failures it is. Where our network is, is no guest's business: of an
/// address that is refused only the word is told.
fn told(failure: &Failure) -> connector::Failure {
    match failure.word {
        FailureWord::Timeout => connector::Failure::TimedOut,
        FailureWord::CircuitOpen => connector::Failure::CircuitOpen,
        FailureWord::TooLarge => connector::Failure::TooLarge,
        FailureWord::RefusedAddress => {
            connector::Failure::Forbidden(FailureWord::RefusedAddress.to_string())
        }
        FailureWord::NotAllowed | FailureWord::InvalidRequest | FailureWord::RedirectRefused => {
            connector::Failure::Forbidden(failure.to_string())
        }
        FailureWord::MissingSecret | FailureWord::AuthFailed => {
            connector::Failure::Unauthenticated(failure.to_string())
        }
        FailureWord::NameNotResolved
        | FailureWord::CannotConnect
        | FailureWord::Tls
        | FailureWord::Busy
        | FailureWord::Truncated
        | FailureWord::Protocol
        | FailureWord::Internal => connector::Failure::Unreachable,
    }
}

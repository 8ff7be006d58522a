//! Errors as problem details (RFC 9457): what the outside is told, apart from what the log is told.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hotline_media::WebRtcError;
use serde::Serialize;
use utoipa::ToSchema;

/// The body of every error: `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Where this kind of error is explained: `docs/errors.md`, served at `/errors`.
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What was wrong this time, and what to do.
    detail: Box<str>,
    /// Stable, for programs.
    code: &'static str,
    /// The fields that were wrong, when it was fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    #[serde(skip)]
    retry_after_s: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    field: String,
    message: String,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Problem {
            kind: format!("/errors#{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into().into_boxed_str(),
            code,
            errors: Vec::new(),
            retry_after_s: None,
        }
    }

    pub(crate) fn unauthenticated() -> Self {
        let detail = "sign in, or send a token as `Authorization: Bearer TOKEN`";
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    pub(crate) fn is_unauthenticated(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED.as_u16()
    }

    /// A browser says that the page of another site asks.
    pub(crate) fn foreign_origin() -> Self {
        let detail =
            "sockets are for pages of this host; behind a proxy, let it pass `Host` on as it came";
        Self::new(StatusCode::FORBIDDEN, "foreign-origin", detail)
    }

    /// For a sign-in: never says which of the three was wrong.
    pub(crate) fn wrong_credentials() -> Self {
        let detail = "tenant, user name or password is wrong";
        Self::new(StatusCode::UNAUTHORIZED, "wrong-credentials", detail)
    }

    pub(crate) fn forbidden(needed: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            format!("this needs the role {needed}"),
        )
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            format!("there is no such {what}"),
        )
    }

    pub(crate) fn method_not_allowed() -> Self {
        let detail = "this address does not take this method; see the Allow header";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// The switchboard refused what an agent asked for.
    pub(crate) fn refused(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "refused", detail)
    }

    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-field",
            format!("`{field}`: {message}"),
        );
        problem.errors.push(FieldProblem { field, message });
        problem
    }

    /// A document in which several places are wrong, each by its JSON pointer.
    pub(crate) fn does_not_fit(wrong: Vec<hotline_manifest::ConfigProblem>) -> Self {
        let places = wrong.iter().map(|one| match one.pointer.as_str() {
            "" => one.message.clone(),
            pointer => format!("`{pointer}`: {}", one.message),
        });
        let detail = places.collect::<Vec<_>>().join("; ");
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-field", detail);
        let errors = wrong.into_iter().map(|one| FieldProblem {
            field: one.pointer,
            message: one.message,
        });
        problem.errors = errors.collect();
        problem
    }

    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    pub(crate) fn too_large() -> Self {
        let detail = "the body is larger than this address takes (1 MiB)";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    /// For an address that takes more than the others.
    pub(crate) fn larger_than(most_bytes: u64) -> Self {
        let detail = format!("it is larger than {most_bytes} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    pub(crate) fn too_many_requests(retry_after_s: u64) -> Self {
        let detail = format!("too many requests; try again in {retry_after_s} s");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail);
        problem.retry_after_s = Some(retry_after_s);
        problem
    }

    pub(crate) fn busy(detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail);
        problem.retry_after_s = Some(1);
        problem
    }

    /// Something of ours failed: the log gets `cause`, the outside does not.
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        let detail = "something failed here; it was logged";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(seconds) = self.retry_after_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110, section 11.6.1.
            let challenge = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            // Right JSON, wrong shape.
            JsonRejection::JsonDataError(error) => {
                let text = error.body_text();
                let text = text
                    .strip_prefix("Failed to deserialize the JSON body into the target type: ")
                    .unwrap_or(&text);
                let (field, message) = field_of(text);
                Self::invalid(field, message)
            }
            JsonRejection::JsonSyntaxError(error) => Self::malformed(error.body_text()),
            JsonRejection::MissingJsonContentType(_) => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "send JSON, with `Content-Type: application/json`",
            ),
            rejection if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            rejection => Self::malformed(rejection.body_text()),
        }
    }
}

/// Which field serde means (`queues[0]`), and what it says of it. Its message begins with the path
/// of the value, unless that is the whole body; a field that is missing, or too many, is named in
/// backquotes.
fn field_of(text: &str) -> (String, &str) {
    let is_path = |part: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.[]".contains(&byte);
        !part.is_empty() && part.bytes().all(allowed)
    };
    let (path, message) = match text.split_once(": ") {
        Some((path, message)) if is_path(path) => (path, message),
        _ => ("", text),
    };
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    let field = match (path, named) {
        ("", Some(name)) => name.to_owned(),
        // An unknown field is in the path already, a missing one is not.
        (path, Some(name)) if path.rsplit('.').next() != Some(name) => format!("{path}.{name}"),
        ("", None) => "body".to_owned(),
        (path, _) => path.to_owned(),
    };
    (field, message)
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::malformed(rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::malformed(rejection.body_text())
    }
}

impl From<WebSocketUpgradeRejection> for Problem {
    fn from(_: WebSocketUpgradeRejection) -> Self {
        Self::malformed("this address takes WebSockets only")
    }
}

impl From<hotline_records::Error> for Problem {
    fn from(error: hotline_records::Error) -> Self {
        use hotline_records::Error;
        match error {
            Error::NotFound { what } => Self::not_found(what),
            Error::Conflict { field } => {
                let mut problem = Self::conflict(format!("`{field}` is taken by another"));
                let message = "is taken by another".to_owned();
                problem.errors.push(FieldProblem {
                    field: field.to_owned(),
                    message,
                });
                problem
            }
            Error::Invalid { field, message } => Self::invalid(field, message),
            Error::InUse { what, by } => Self::conflict(in_use(what, &by)),
            Error::Unavailable(cause) => {
                tracing::warn!(%cause, "the database is not available");
                Self::busy("the database is not available just now")
            }
            error => Self::internal(&error),
        }
    }
}

fn in_use(what: &str, by: &[String]) -> String {
    let names: Vec<String> = by.iter().map(|name| format!("`{name}`")).collect();
    let (queue, holds) = match by.len() {
        1 => ("queue", "holds"),
        _ => ("queues", "hold"),
    };
    let names = names.join(", ");
    format!("the {queue} {names} {holds} on to this {what}; change them first")
}

impl From<hotline_media::Error> for Problem {
    fn from(error: hotline_media::Error) -> Self {
        match error {
            hotline_media::Error::WebRtc(
                WebRtcError::Offer(_)
                | WebRtcError::OfferTooLarge { .. }
                | WebRtcError::NoAudio
                | WebRtcError::NoCommonCodec,
            ) => Self::invalid("sdp", error.to_string()),
            error => Self::busy(error.to_string()),
        }
    }
}

impl From<crate::exchange::Busy> for Problem {
    fn from(busy: crate::exchange::Busy) -> Self {
        Self::busy(busy.to_string())
    }
}

impl From<crate::exchange::RequestError> for Problem {
    fn from(error: crate::exchange::RequestError) -> Self {
        match error {
            crate::exchange::RequestError::Refused(refused) => Self::refused(refused.reason),
            crate::exchange::RequestError::Busy => Self::busy("the switchboard is too busy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_body_names_its_field() {
        for (text, field, message) in [
            (
                "missing field `name` at line 1",
                "name",
                "missing field `name` at line 1",
            ),
            (
                "nme: unknown field `nme`, expected `name`",
                "nme",
                "unknown field `nme`, expected `name`",
            ),
            (
                "skills[1]: missing field `level`",
                "skills[1].level",
                "missing field `level`",
            ),
            (
                "role: unknown variant `king`",
                "role",
                "unknown variant `king`",
            ),
            ("queues[0]: expected an id", "queues[0]", "expected an id"),
            (
                "invalid type: map, expected a string",
                "body",
                "invalid type: map, expected a string",
            ),
        ] {
            assert_eq!(field_of(text), (field.to_owned(), message), "{text}");
        }
    }
}

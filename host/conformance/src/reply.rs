//! What the other system, or the host in its place, says to a request, as a line of text.

use hotline_vocabulary::connector::{Body, Failure, HttpResponse};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// `200 {"id": 1}`, `429 retry-after 30`, `timed out`, ...
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Response {
        status: u16,
        /// In seconds.
        retry_after: Option<u32>,
        body: String,
    },
    /// Nothing came back, or nothing was sent.
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no reply; there are `200 BODY` (any status from 100 to 599), `429 retry-after 30`, \
     `timed out`, `unreachable`, `circuit open`, `too large`, `forbidden` and `unauthenticated`"
)]
pub struct ReplyError(String);

impl Reply {
    pub(crate) const UNREACHABLE: Reply = Reply::Failed(Failure::Unreachable);

    pub(crate) fn status(status: u16, body: impl Into<String>) -> Reply {
        Reply::Response {
            status,
            retry_after: None,
            body: body.into(),
        }
    }

    /// Whether no connector can take it for a success, or for "there is no such thing" (404).
    pub fn is_failure(&self) -> bool {
        match self {
            Reply::Failed(_) => true,
            Reply::Response { status, .. } => matches!(status, 401 | 403 | 429 | 500..=599),
        }
    }

    /// As the host hands it to the connector.
    pub(crate) fn response(&self, id: &str) -> HttpResponse {
        let empty = HttpResponse {
            id: id.to_owned(),
            status: 0,
            headers: Vec::new(),
            body: Body::default(),
            failure: None,
            cached: false,
        };
        match self {
            Reply::Failed(failure) => HttpResponse {
                failure: Some(failure.clone()),
                ..empty
            },
            Reply::Response {
                status,
                retry_after,
                body,
            } => {
                let kind = ("content-type".to_owned(), "application/json".into());
                let wait = retry_after
                    .map(|seconds| ("retry-after".to_owned(), seconds.to_string().into()));
                HttpResponse {
                    status: *status,
                    headers: [kind].into_iter().chain(wait).collect(),
                    body: Body(body.as_bytes().to_vec()),
                    ..empty
                }
            }
        }
    }
}

/// Words that stand for a failure.
fn failure(words: &str) -> Option<Failure> {
    let why = || "scripted".to_owned();
    match words {
        "timed out" => Some(Failure::TimedOut),
        "unreachable" => Some(Failure::Unreachable),
        "circuit open" => Some(Failure::CircuitOpen),
        "too large" => Some(Failure::TooLarge),
        "forbidden" => Some(Failure::Forbidden(why())),
        "unauthenticated" => Some(Failure::Unauthenticated(why())),
        _ => None,
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Response {
                status,
                retry_after,
                body,
            } => {
                write!(f, "{status}")?;
                if let Some(seconds) = retry_after {
                    write!(f, " retry-after {seconds}")?;
                }
                match body.is_empty() {
                    true => Ok(()),
                    false => write!(f, " {body}"),
                }
            }
            Reply::Failed(failure) => f.write_str(match failure {
                Failure::TimedOut => "timed out",
                Failure::Unreachable => "unreachable",
                Failure::CircuitOpen => "circuit open",
                Failure::TooLarge => "too large",
                Failure::Forbidden(_) => "forbidden",
                Failure::Unauthenticated(_) => "unauthenticated",
            }),
        }
    }
}

impl FromStr for Reply {
    type Err = ReplyError;

    fn from_str(text: &str) -> Result<Self, ReplyError> {
        let wrong = || ReplyError(text.to_owned());
        if let Some(failure) = failure(text.trim()) {
            return Ok(Reply::Failed(failure));
        }
        let (status, rest) = text.split_once(' ').unwrap_or((text, ""));
        let status: u16 = status.parse().map_err(|_| wrong())?;
        if !(100..600).contains(&status) {
            return Err(wrong());
        }
        let (retry_after, body) = match rest.strip_prefix("retry-after ") {
            None => (None, rest),
            Some(rest) => {
                let (seconds, body) = rest.split_once(' ').unwrap_or((rest, ""));
                (Some(seconds.parse().map_err(|_| wrong())?), body)
            }
        };
        Ok(Reply::Response {
            status,
            retry_after,
            body: body.to_owned(),
        })
    }
}

impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Reply {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_read_as_they_are_written() {
        for text in [
            "200 [{\"id\": 7}]",
            "204",
            "429 retry-after 30",
            "503 retry-after 5 come again",
            "timed out",
            "unreachable",
            "circuit open",
            "too large",
            "forbidden",
            "unauthenticated",
        ] {
            assert_eq!(text.parse::<Reply>().expect("a reply").to_string(), text);
        }
        for text in ["", "ok", "99", "600", "429 retry-after soon"] {
            let error = text.parse::<Reply>().expect_err("no reply");
            assert!(
                error.to_string().starts_with(&format!("`{text}`")),
                "{error}"
            );
        }
    }
}

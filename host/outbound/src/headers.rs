//! Which headers a guest may send, and which of an answer it sees.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers of a request, and of what an answer is kept.
const HEADERS: usize = 32;
const ANSWER_HEADERS: usize = 64;
const VALUE_BYTES: usize = 4 * 1024;

/// The host's own, or a way to speak to something between us and the server: framing and connection
/// (RFC 9110, section 7.6.1), where to, who asks, through whom.
const NOT_THE_GUESTS: [&str; 21] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "http2-settings",
    "via",
    "forwarded",
    "x-real-ip",
    "cookie",
    "origin",
    "referer",
    "accept-encoding",
    "idempotency-key",
    "x-http-method-override",
    "x-http-method",
];
const NOT_THE_GUESTS_BEGIN: [&str; 3] = ["proxy-", "x-forwarded-", "sec-"];

/// Of an answer: connection matters, and what would let a guest act as somebody.
const NOT_SHOWN: [&str; 12] = [
    "set-cookie",
    "set-cookie2",
    "www-authenticate",
    "proxy-authenticate",
    "authentication-info",
    "proxy-authentication-info",
    "connection",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
    "trailer",
    "te",
];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderError {
    #[error("more than {HEADERS} headers")]
    TooMany,
    #[error("`{0}` is no name of a header")]
    Name(String),
    #[error("the header `{0}` is the host's own")]
    Denied(String),
    #[error(
        "the value of the header `{0}` is longer than {VALUE_BYTES} bytes or has a character that no header may have"
    )]
    Value(String),
}

/// Whether no one but the host may say this; `authorization` is for who may authenticate.
pub(crate) fn is_the_hosts(name: &HeaderName) -> bool {
    let name = name.as_str();
    NOT_THE_GUESTS.contains(&name)
        || NOT_THE_GUESTS_BEGIN
            .iter()
            .any(|start| name.starts_with(start))
}

/// The names, checked and in lower case, with their values still unexpanded. `is_placed` says
/// whether the manifest lets a secret stand in a header, which is what `authorization` is for.
pub(crate) fn of_guest(
    headers: &[(String, String)],
    is_placed: impl Fn(&str) -> bool,
) -> Result<Vec<(HeaderName, &str)>, HeaderError> {
    if headers.len() > HEADERS {
        return Err(HeaderError::TooMany);
    }
    let mut checked = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        let shown = || name.chars().take(64).collect::<String>();
        let name = HeaderName::try_from(name.as_str()).map_err(|_| HeaderError::Name(shown()))?;
        let text = name.as_str();
        let denied = is_the_hosts(&name) || (text == "authorization" && !is_placed(text));
        if denied {
            return Err(HeaderError::Denied(shown()));
        }
        if value.len() > VALUE_BYTES || HeaderValue::from_str(value).is_err() {
            return Err(HeaderError::Value(shown()));
        }
        checked.push((name, value.as_str()));
    }
    Ok(checked)
}

/// What a guest sees of an answer's headers, in lower case; what is no text is left out.
pub(crate) fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().filter_map(|(name, value)| {
        let name = name.as_str();
        if NOT_SHOWN.contains(&name) || value.len() > VALUE_BYTES {
            return None;
        }
        Some((name.to_owned(), value.to_str().ok()?.to_owned()))
    });
    shown.take(ANSWER_HEADERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: &str, value: &str) -> Result<(), HeaderError> {
        let headers = [(name.to_owned(), value.to_owned())];
        of_guest(&headers, |_| false).map(|_| ())
    }

    #[test]
    fn a_guest_sends_what_is_its_own() {
        for (name, value) in [
            ("Accept", "application/json"),
            ("X-Request-Id", "7"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("If-None-Match", "\"a\""),
        ] {
            assert_eq!(checked(name, value), Ok(()), "{name}");
        }
        for name in [
            "Host",
            "Content-Length",
            "transfer-encoding",
            "CONNECTION",
            "Proxy-Authorization",
            "X-Forwarded-For",
            "Sec-Fetch-Site",
            "Cookie",
            "Authorization",
            "X-HTTP-Method-Override",
            "Idempotency-Key",
            "Metadata Flavor",
            "a:b",
            "a\r\nb",
            "",
        ] {
            assert!(checked(name, "x").is_err(), "{name}");
        }
        for value in ["a\r\nHost: evil", "a\nb", "a\0b"] {
            assert!(checked("x-a", value).is_err(), "{value:?}");
        }
        assert!(checked("x-a", &"a".repeat(5_000)).is_err());
        let many = vec![("x-a".to_owned(), String::new()); 33];
        assert_eq!(of_guest(&many, |_| false), Err(HeaderError::TooMany));
    }

    #[test]
    fn authorization_is_for_a_secret_that_the_manifest_places_there() {
        let headers = [(
            "Authorization".to_owned(),
            "Token {{secret:key}}".to_owned(),
        )];
        assert!(of_guest(&headers, |name| name == "authorization").is_ok());
    }

    #[test]
    fn cookies_and_challenges_are_not_shown() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("set-cookie", "session=1"),
            ("www-authenticate", "Bearer"),
            ("x-next", "page=2"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        assert_eq!(
            shown(&headers),
            [("x-next".to_owned(), "page=2".to_owned())]
        );
    }
}

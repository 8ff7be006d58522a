//! Access tokens: what is asked of the authorisation server, and how long its answer is good.

use crate::endpoint::{OAuth2, OAuth2Flow};
use crate::secret::Secret;
use hotline_vocabulary::{Millis, Timestamp};
use serde_json::Value;

/// Without `expires_in` a token is taken for good as long as this (RFC 6749 only recommends the field).
const UNSAID_LIFETIME: Millis = Millis::from_secs(300);
const LONGEST_LIFETIME: Millis = Millis::from_secs(24 * 3_600);
/// A token is not used in the last part of its life: a tenth of it, a minute at most.
const LARGEST_MARGIN: Millis = Millis::from_secs(60);
const TOKEN_BYTES: usize = 16 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccessToken {
    pub(crate) value: Secret,
    fresh_until: Timestamp,
}

impl AccessToken {
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.fresh_until
    }
}

/// What the authorisation server gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Granted {
    pub(crate) token: AccessToken,
    /// In place of the one that was used.
    pub(crate) refresh_token: Option<Secret>,
}

/// Why its answer is none. The messages say nothing that could be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("the authorisation server answered {status}{}", .code.as_ref().map(|code| format!(" `{code}`")).unwrap_or_default())]
    Refused { status: u16, code: Option<String> },
    #[error("the authorisation server's answer is not as RFC 6749, section 5.1 says: {0}")]
    Malformed(&'static str),
}

/// The fields of the form to send. `refresh_token` is for the flow that has one. Client credentials
/// go into the `Authorization` header, see RFC 6749, section 2.3.1; a public client is named here.
pub(crate) fn form(oauth: &OAuth2, refresh_token: Option<&Secret>) -> Vec<(&'static str, String)> {
    let mut fields = match (&oauth.flow, refresh_token) {
        (OAuth2Flow::ClientCredentials, _) | (OAuth2Flow::RefreshToken { .. }, None) => {
            vec![("grant_type", "client_credentials".to_owned())]
        }
        (OAuth2Flow::RefreshToken { .. }, Some(token)) => vec![
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token.reveal().to_owned()),
        ],
    };
    if let Some(scope) = &oauth.scope {
        fields.push(("scope", scope.clone()));
    }
    if let Some(audience) = &oauth.audience {
        fields.push(("audience", audience.clone()));
    }
    if oauth.client_secret.is_none() {
        fields.push(("client_id", oauth.client_id.clone()));
    }
    fields
}

/// Reads the answer that came at `now`.
pub(crate) fn granted(status: u16, body: &[u8], now: Timestamp) -> Result<Granted, TokenError> {
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    if status != 200 {
        let code = answer.as_ref().and_then(|answer| answer["error"].as_str());
        // The codes of section 5.2 are words; anything else is not repeated.
        let is_word = |code: &&str| {
            code.len() <= 64 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        let code = code.filter(is_word).map(str::to_owned);
        return Err(TokenError::Refused { status, code });
    }
    let answer = answer.ok_or(TokenError::Malformed("it is no JSON"))?;
    let kind = answer["token_type"].as_str().unwrap_or("bearer");
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err(TokenError::Malformed("its `token_type` is not `Bearer`"));
    }
    let visible = |token: &&str| {
        (1..=TOKEN_BYTES).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
    };
    let value = answer["access_token"]
        .as_str()
        .filter(visible)
        .ok_or(TokenError::Malformed("it has no usable `access_token`"))?;
    let lifetime = lifetime(&answer["expires_in"]);
    let margin = Millis((lifetime.0 / 10).min(LARGEST_MARGIN.0));
    Ok(Granted {
        token: AccessToken {
            value: Secret::new(value),
            fresh_until: now + Millis(lifetime.0 - margin.0),
        },
        refresh_token: answer["refresh_token"]
            .as_str()
            .filter(visible)
            .map(Secret::new),
    })
}

/// Seconds, as a number or (as some servers have it) as text.
fn lifetime(expires_in: &Value) -> Millis {
    let seconds = match expires_in {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match seconds {
        Some(seconds) if seconds >= 0.0 => {
            // Saturates, and the bound is far below.
            Millis(((seconds * 1000.0) as u64).min(LONGEST_LIFETIME.0))
        }
        _ => UNSAID_LIFETIME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn fresh_for(expires_in: &str) -> u64 {
        let body = format!(r#"{{"access_token": "at", "token_type": "Bearer"{expires_in}}}"#);
        let granted = granted(200, body.as_bytes(), NOW).expect("a token");
        granted.token.fresh_until.since(NOW).0
    }

    #[test]
    fn a_token_is_used_until_shortly_before_it_expires() {
        for (expires_in, ms) in [
            (r#", "expires_in": 3600"#, 3_540_000),
            (r#", "expires_in": 100"#, 90_000),
            (r#", "expires_in": "100""#, 90_000),
            (r#", "expires_in": 0"#, 0),
            (r#", "expires_in": 1e30"#, 24 * 3_600_000 - 60_000),
            (r#", "expires_in": -5"#, 270_000),
            ("", 270_000),
        ] {
            assert_eq!(fresh_for(expires_in), ms, "{expires_in}");
        }
    }

    #[test]
    fn an_answer_without_a_token_says_what_is_wrong_and_no_secret() {
        for (status, body, said) in [
            (
                401,
                r#"{"error": "invalid_client"}"#,
                "answered 401 `invalid_client`",
            ),
            (
                400,
                r#"{"error": "your key s3cr3t is bad"}"#,
                "answered 400",
            ),
            (500, "<html>", "answered 500"),
            (200, "<html>", "no JSON"),
            (200, r#"{"access_token": ""}"#, "no usable `access_token`"),
            (
                200,
                r#"{"access_token": "a\r\nb"}"#,
                "no usable `access_token`",
            ),
            (
                200,
                r#"{"access_token": "a", "token_type": "mac"}"#,
                "not `Bearer`",
            ),
        ] {
            let error = granted(status, body.as_bytes(), NOW).expect_err("no token");
            let text = error.to_string();
            assert!(text.contains(said) && !text.contains("s3cr3t"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_token_is_used_after_its_end(expires_in in 0u64..200_000) {
            let ms = fresh_for(&format!(r#", "expires_in": {expires_in}"#));
            prop_assert!(ms <= expires_in * 1_000 && ms <= LONGEST_LIFETIME.0);
        }
    }
}

//! The last step before the wire: references become values, and the host says who asks. What comes
//! out of here is never logged, recorded or cached.

use crate::dial::{Incoming, Outgoing};
use crate::endpoint::Auth;
use crate::failure::{Failure, FailureWord};
use crate::prepare::Prepared;
use crate::secret::{Reference, Secret, expand, references, scrub};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::collections::BTreeMap;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What the references of a request stand for.
pub(crate) type Values = BTreeMap<Reference, Secret>;

/// Ready to be sent, and what must not be seen of it.
pub(crate) struct Expanded {
    pub(crate) outgoing: Outgoing,
    /// What another origin may be told: no credentials, and no header with a secret in it.
    pub(crate) plain_headers: HeaderMap,
    /// Every form in which a secret was sent.
    pub(crate) echoes: Vec<Zeroizing<String>>,
}

/// # Errors
/// A value is missing, or can not stand where it should.
pub(crate) fn expanded(
    prepared: &Prepared<'_>,
    values: &Values,
    access_token: Option<&Secret>,
) -> Result<Expanded, Failure> {
    let (request, endpoint) = (prepared.request, prepared.endpoint);
    let value = |reference: &Reference| values.get(reference);
    let missing = |reference: Reference| {
        Failure::new(
            FailureWord::MissingSecret,
            format!("{reference} is not set"),
        )
    };
    let mut echoes = Vec::new();
    for secret in values.values().chain(access_token) {
        let text = secret.reveal();
        echoes.push(Zeroizing::new(text.to_owned()));
        let encoded = urlencoded(text);
        if encoded != text {
            echoes.push(Zeroizing::new(encoded));
        }
    }

    let mut query = Vec::with_capacity(request.query.len());
    for (name, text) in &request.query {
        let text = expand(text, value, str::to_owned).map_err(missing)?;
        query.push((name.clone(), text.to_string()));
    }
    let url = endpoint.base.join(&request.path, &query);
    let url = url.map_err(|why| Failure::invalid(why.to_string()))?;

    let (mut headers, mut plain_headers) = (HeaderMap::new(), HeaderMap::new());
    for (name, text) in &prepared.headers {
        if references(text).is_empty() {
            // Checked when it was prepared.
            if let Ok(value) = HeaderValue::from_str(text) {
                plain_headers.append(name.clone(), value.clone());
                headers.append(name.clone(), value);
            }
            continue;
        }
        let text = expand(text, value, str::to_owned).map_err(missing)?;
        headers.append(name.clone(), sensitive(name, &text)?);
    }
    if let Some(key) = &request.idempotency_key
        && let Ok(key) = HeaderValue::from_str(key)
    {
        headers.insert(IDEMPOTENCY_KEY, key);
    }
    if let Some((name, text)) = credentials(&endpoint.auth, values, access_token)? {
        // Basic credentials are the secret in another spelling.
        echoes.extend(
            text.strip_prefix("Basic ")
                .map(|encoded| Zeroizing::new(encoded.to_owned())),
        );
        headers.insert(name.clone(), sensitive(&name, &text)?);
    }

    let body = match (prepared.body, prepared.binary) {
        (Some(text), _) => {
            let encode = encoding(&plain_headers);
            let text = expand(text, value, encode).map_err(missing)?;
            Some(Bytes::copy_from_slice(text.as_bytes()))
        }
        (None, Some(bytes)) => Some(Bytes::copy_from_slice(bytes)),
        (None, None) => None,
    };
    Ok(Expanded {
        outgoing: Outgoing {
            method: prepared.method.clone(),
            url,
            headers,
            body,
        },
        plain_headers,
        echoes,
    })
}

/// The header that says who asks.
fn credentials(
    auth: &Auth,
    values: &Values,
    access_token: Option<&Secret>,
) -> Result<Option<(HeaderName, Zeroizing<String>)>, Failure> {
    let secret = |name: &str| {
        let reference = Reference::Secret(name.to_owned());
        values.get(&reference).map(Secret::reveal).ok_or_else(|| {
            Failure::new(
                FailureWord::MissingSecret,
                format!("{reference} is not set"),
            )
        })
    };
    let (name, text) = match auth {
        Auth::None => return Ok(None),
        Auth::Bearer { secret: name } => {
            (header::AUTHORIZATION, format!("Bearer {}", secret(name)?))
        }
        Auth::Basic { user, secret: name } => (header::AUTHORIZATION, basic(user, secret(name)?)),
        Auth::Header {
            name,
            prefix,
            secret: of,
        } => (name.clone(), format!("{prefix}{}", secret(of)?)),
        Auth::OAuth2(_) => match access_token {
            Some(token) => (header::AUTHORIZATION, format!("Bearer {}", token.reveal())),
            None => return Err(Failure::new(FailureWord::AuthFailed, "no access token")),
        },
    };
    Ok(Some((name, Zeroizing::new(text))))
}

/// RFC 7617, section 2.
pub(crate) fn basic(user: &str, password: &str) -> String {
    let pair = Zeroizing::new(format!("{user}:{password}"));
    format!("Basic {}", BASE64.encode(pair.as_bytes()))
}

pub(crate) fn urlencoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// Printed as `Sensitive` by whatever prints it.
pub(crate) fn sensitive(name: &HeaderName, text: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Failure::invalid(format!(
            "a secret in the header `{name}` has a character that no header may have"
        ))
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// How a value is written into a body of this type, so that it stays one value there.
fn encoding(headers: &HeaderMap) -> fn(&str) -> String {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        urlencoded
    } else if kind.is_empty()
        || kind.eq_ignore_ascii_case("application/json")
        || kind.to_ascii_lowercase().ends_with("+json")
    {
        |text| {
            let quoted = serde_json::Value::from(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
    } else {
        str::to_owned
    }
}

/// An answer without what it says back of the secrets.
pub(crate) fn without_echoes(mut answer: Incoming, echoes: &[Zeroizing<String>]) -> Incoming {
    for value in answer.headers.values_mut() {
        if let Some(scrubbed) = scrub(value.as_bytes(), echoes)
            && let Ok(scrubbed) = HeaderValue::from_bytes(&scrubbed)
        {
            *value = scrubbed;
        }
    }
    if let Some(scrubbed) = scrub(&answer.body, echoes) {
        answer.body = Bytes::from(scrubbed);
    }
    answer
}

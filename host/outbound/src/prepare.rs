//! From what a guest describes to what may be sent: everything that can be refused without asking
//! anybody is refused here.

use crate::endpoint::{Auth, Endpoint, Position};
use crate::failure::Failure;
use crate::grant::Grant;
use crate::headers;
use crate::request::{Limits, Request};
use crate::retry::is_idempotent;
use crate::secret::{Reference, references};
use http::{HeaderName, Method};
use std::collections::BTreeSet;
use std::time::Duration;
use url::Url;

const IDEMPOTENCY_KEY_BYTES: usize = 128;

/// A request that its manifest allows, with the references still in it.
#[derive(Debug)]
pub(crate) struct Prepared<'r> {
    pub(crate) request: &'r Request,
    pub(crate) endpoint: &'r Endpoint,
    pub(crate) method: Method,
    /// With the references, as it is shown and cached.
    pub(crate) shown: Url,
    pub(crate) headers: Vec<(HeaderName, &'r str)>,
    pub(crate) body: Option<&'r str>,
    pub(crate) binary: Option<&'r [u8]>,
    /// All that must be known before it is sent, `auth` included.
    pub(crate) references: BTreeSet<Reference>,
    pub(crate) is_repeatable: bool,
    /// Of all tries, and of one.
    pub(crate) timeout: Duration,
    pub(crate) try_timeout: Duration,
    /// None when the guest wants nothing from the cache, or may not have it.
    pub(crate) cache: Option<Duration>,
}

/// # Errors
/// The request is not allowed, or not well formed.
pub(crate) fn prepare<'r>(
    grant: &'r Grant,
    limits: &Limits,
    request: &'r Request,
) -> Result<Prepared<'r>, Failure> {
    let endpoint = grant.endpoint(&request.endpoint).ok_or_else(|| {
        let mut unconfigured = grant.unconfigured.iter();
        match unconfigured.find(|(name, _)| *name == request.endpoint) {
            Some((_, missing)) => Failure::not_allowed(missing.to_string()),
            None => {
                let name: String = request.endpoint.chars().take(64).collect();
                Failure::not_allowed(format!("the manifest has no endpoint `{name}`"))
            }
        }
    })?;
    let method = method(endpoint, &request.method)?;
    if !references(&request.path).is_empty() {
        let detail =
            "a secret may stand in a header, a query parameter or the body, not in the path";
        return Err(Failure::not_allowed(detail));
    }
    let shown = endpoint.base.join(&request.path, &request.query);
    let shown = shown.map_err(|why| Failure::invalid(why.to_string()))?;
    let is_placed = |name: &str| {
        let header = Position::Header(name.to_owned());
        endpoint.placements.iter().any(|p| p.position == header)
    };
    let headers = headers::of_guest(&request.headers, is_placed);
    let headers = headers.map_err(|why| Failure::invalid(why.to_string()))?;
    let size = request.body.as_ref().map_or(0, Vec::len);
    if size > limits.request_body_bytes {
        let most = limits.request_body_bytes;
        let detail = format!("the body has {size} bytes; at most {most} are sent");
        return Err(Failure::invalid(detail));
    }
    if let Some(key) = &request.idempotency_key {
        let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
        if key.is_empty() || key.len() > IDEMPOTENCY_KEY_BYTES || !plain {
            let detail = format!(
                "an idempotency key has 1 to {IDEMPOTENCY_KEY_BYTES} visible ASCII characters"
            );
            return Err(Failure::invalid(detail));
        }
    }
    // References are text: a body that is none has no references.
    let (body, binary) = match request
        .body
        .as_deref()
        .map(|body| (body, std::str::from_utf8(body)))
    {
        None => (None, None),
        Some((_, Ok(text))) => (Some(text), None),
        Some((bytes, Err(_))) => (None, Some(bytes)),
    };
    let mut wanted = BTreeSet::new();
    let positioned = request
        .query
        .iter()
        .map(|(name, value)| (Position::Query(name.clone()), value.as_str()))
        .chain(
            headers
                .iter()
                .map(|(name, value)| (Position::Header(name.as_str().to_owned()), *value)),
        )
        .chain(body.map(|body| (Position::Body, body)));
    for (position, text) in positioned {
        for reference in references(text) {
            if !endpoint.may_stand(&reference, &position) {
                let detail = format!("the manifest does not place {reference} in {position}");
                return Err(Failure::not_allowed(detail));
            }
            wanted.insert(reference);
        }
    }
    wanted.extend(
        endpoint
            .auth
            .secret()
            .map(|name| Reference::Secret(name.to_owned())),
    );
    let timeout = request.timeout_ms.unwrap_or(limits.request_timeout_ms);
    let timeout = Duration::from_millis(timeout.min(limits.longest_request_timeout_ms));
    let try_timeout = Duration::from_millis(limits.try_timeout_ms).max(timeout / 2);
    let spends_a_token = wanted
        .iter()
        .any(|reference| matches!(reference, Reference::Token(_)));
    let may_be_cached = method == Method::GET && request.body.is_none() && !spends_a_token;
    let cache = request
        .cache_ms
        .filter(|_| may_be_cached)
        .map(|ms| Duration::from_millis(ms.min(limits.longest_cache_ms)));
    Ok(Prepared {
        is_repeatable: is_idempotent(method.as_str()) || request.idempotency_key.is_some(),
        timeout,
        try_timeout: try_timeout.min(timeout),
        cache,
        references: wanted,
        request,
        endpoint,
        method,
        shown,
        headers,
        body,
        binary,
    })
}

fn method(endpoint: &Endpoint, asked: &str) -> Result<Method, Failure> {
    let allowed = endpoint.methods.iter().find(|method| *method == asked);
    let method = allowed.and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    method.ok_or_else(|| {
        let asked: String = asked.chars().take(16).collect();
        let methods = endpoint.methods.join(", ");
        let name = &endpoint.name;
        Failure::not_allowed(format!(
            "the manifest allows {methods} at `{name}`, not `{asked}`"
        ))
    })
}

impl Prepared<'_> {
    pub(crate) fn oauth(&self) -> Option<&crate::endpoint::OAuth2> {
        match &self.endpoint.auth {
            Auth::OAuth2(oauth) => Some(oauth),
            _ => None,
        }
    }
}

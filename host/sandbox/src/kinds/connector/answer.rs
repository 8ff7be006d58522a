//! What of a connector's answer is believed.

use crate::bindings::owned::hotline::connector::types as wit;
use crate::kinds::{at_most, nonsense, short, state_at_most, text, too_much};
use crate::limits::Limits;
use hotline_manifest::Manifest;
use hotline_vocabulary::Personal;
use hotline_vocabulary::connector::{
    Answer, Body, Choice, Connection, Contact, HttpRequest, Pending, Progress, Stored,
};
use hotline_vocabulary::plugin::PluginFault;
use hotline_vocabulary::time::Millis;
use std::collections::HashSet;

const ID_BYTES: usize = 64;
const PATH_BYTES: usize = 2000;
const PARAMETERS: usize = 64;
const HEADERS: usize = 32;
const NAME_BYTES: usize = 128;
const VALUE_BYTES: usize = 4000;
const BODY_BYTES: usize = 256 * 1024;
const LONGEST_EXCHANGE_MS: u32 = 30_000;
const LONGEST_CACHE_MS: u32 = 60 * 60 * 1000;
const CONTACTS: usize = 50;
const CHOICES: usize = 500;
const FIELDS: usize = 64;
const ADDRESSES: usize = 16;
const FIELD_BYTES: usize = 2000;
const URL_BYTES: usize = 2000;
const SUMMARY_BYTES: usize = 500;
const OWN_ANSWER_BYTES: usize = 64 * 1024;

type Checked<T> = Result<T, PluginFault>;

pub(super) fn progress(
    said: wit::Progress,
    manifest: Option<&Manifest>,
    limits: &Limits,
) -> Checked<Progress> {
    match said {
        wit::Progress::Need(wanted) => pending(wanted, manifest, limits).map(Progress::Need),
        wit::Progress::Done(said) => answer(said).map(Progress::Done),
        wit::Progress::Ext((mut name, _)) => {
            crate::text::cut(&mut name, 64);
            Err(nonsense(format!(
                "returned the progress `{name}`, which this Hotline does not know"
            )))
        }
    }
}

fn pending(wanted: wit::Pending, manifest: Option<&Manifest>, limits: &Limits) -> Checked<Pending> {
    state_at_most(wanted.state.len(), limits, "rounds")?;
    if wanted.requests.is_empty() {
        return Err(nonsense(
            "needs responses, but describes no request; nothing would ever come",
        ));
    }
    at_most("requests", wanted.requests.len(), limits.effects)?;
    let mut ids = HashSet::new();
    let mut requests = Vec::with_capacity(wanted.requests.len());
    for request in wanted.requests {
        if !ids.insert(request.id.clone()) {
            let mut id = request.id;
            crate::text::cut(&mut id, ID_BYTES);
            return Err(nonsense(format!(
                "returned two requests with the id `{id}`"
            )));
        }
        requests.push(http_request(request, manifest)?);
    }
    Ok(Pending {
        state: wanted.state,
        requests,
    })
}

fn http_request(said: wit::HttpRequest, manifest: Option<&Manifest>) -> Checked<HttpRequest> {
    let id = text("request id", said.id, ID_BYTES)?;
    let about = |message: String| nonsense(format!("request `{id}`: {message}"));
    let endpoint_name = text("endpoint name", said.endpoint, NAME_BYTES)?;
    let declared = manifest.and_then(|manifest| manifest.endpoint(&endpoint_name));
    let Some(endpoint) = declared else {
        return Err(about(format!(
            "the manifest declares no endpoint `{endpoint_name}`"
        )));
    };
    let method = text("method", said.method, 16)?;
    if !endpoint.methods.iter().any(|known| known.name() == method) {
        return Err(about(format!(
            "the manifest does not declare `{method}` for the endpoint `{endpoint_name}`"
        )));
    }
    let path = short("path", said.path, PATH_BYTES)?;
    if let Some(why) = bad_path(&path) {
        return Err(about(format!("the path `{path}` {why}")));
    }
    at_most("query parameters", said.query.len(), PARAMETERS)?;
    at_most("headers", said.headers.len(), HEADERS)?;
    if let Some(body) = &said.body
        && body.len() > BODY_BYTES
    {
        return Err(too_much(format!(
            "request `{id}` has a body of {} bytes; at most {BODY_BYTES} are sent",
            body.len()
        )));
    }
    let time = |what: &str, wanted: Option<u32>, longest: u32| match wanted {
        Some(ms) if ms == 0 || ms > longest => Err(about(format!(
            "wants a {what} of {ms} ms; 1 to {longest} ms are possible"
        ))),
        other => Ok(other.map(|ms| Millis(u64::from(ms)))),
    };
    let timeout_ms = time("time-out", said.timeout_ms, LONGEST_EXCHANGE_MS)?;
    let cache_ms = time("cache time", said.cache_ms, LONGEST_CACHE_MS)?;
    if cache_ms.is_some() && method != "GET" {
        return Err(about(format!(
            "`{method}` is never answered from the cache"
        )));
    }
    let idempotency_key = match said.idempotency_key {
        None => None,
        Some(key) => {
            let key = text("idempotency key", key, 255)?;
            if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(about(
                    "its idempotency key holds more than visible ASCII".to_owned(),
                ));
            }
            Some(key)
        }
    };
    Ok(HttpRequest {
        query: named("query parameter", said.query)?,
        headers: headers(said.headers)?,
        path: path.into(),
        body: said.body.map(Body),
        endpoint: endpoint_name,
        method,
        timeout_ms,
        cache_ms,
        idempotency_key,
        id,
    })
}

/// A path is joined to an address that an administrator accepted; it may not lead out of it.
fn bad_path(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return None;
    }
    if !path.starts_with('/') {
        return Some("does not begin with `/`");
    }
    if path.starts_with("//") {
        return Some("begins with `//`, which names another host");
    }
    if path.contains(['?', '#']) {
        return Some("holds a query or a fragment; use `query`");
    }
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) || path.contains('\\') {
        return Some("must be percent-encoded");
    }
    let decoded = path
        .to_ascii_lowercase()
        .replace("%2e", ".")
        .replace("%2f", "/");
    if decoded.split('/').any(|part| part == "." || part == "..") {
        return Some("holds `.` or `..`");
    }
    None
}

fn named(what: &str, list: Vec<(String, String)>) -> Checked<Vec<(String, Personal<String>)>> {
    let checked = list.into_iter().map(|(name, value)| {
        Ok((
            text(&format!("{what}'s name"), name, NAME_BYTES)?,
            short(&format!("{what}'s value"), value, VALUE_BYTES)?.into(),
        ))
    });
    checked.collect()
}

fn headers(list: Vec<(String, String)>) -> Checked<Vec<(String, Personal<String>)>> {
    for (name, value) in &list {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !name.bytes().all(token) {
            let mut name = name.clone();
            crate::text::cut(&mut name, ID_BYTES);
            return Err(nonsense(format!("`{name}` is no name of a header")));
        }
        if value.chars().any(|c| c.is_control() && c != '\t') {
            return Err(nonsense(format!(
                "the header `{name}` holds a control character; it could end the header early"
            )));
        }
    }
    named("header", list)
}

fn answer(said: wit::Answer) -> Checked<Answer> {
    Ok(match said {
        wit::Answer::Contacts(list) => {
            at_most("contacts", list.len(), CONTACTS)?;
            Answer::Contacts(list.into_iter().map(contact).collect::<Checked<_>>()?)
        }
        wit::Answer::Stored(said) => Answer::Stored(Stored {
            id: text("id of what was stored", said.id, NAME_BYTES)?,
            created: said.created,
            url: said.url.map(url).transpose()?,
        }),
        wit::Answer::Choices(list) => {
            at_most("choices", list.len(), CHOICES)?;
            let choices = list.into_iter().map(|choice| {
                Ok(Choice {
                    value: text("choice", choice.value, FIELD_BYTES)?,
                    label: text("choice's label", choice.label, FIELD_BYTES)?,
                })
            });
            Answer::Choices(choices.collect::<Checked<_>>()?)
        }
        wit::Answer::Connected(said) => Answer::Connected(Connection {
            summary: short("summary", said.summary, SUMMARY_BYTES)?,
        }),
        wit::Answer::Ext((_, json)) => {
            let json = text("answer of its own", json, OWN_ANSWER_BYTES)?;
            if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&json) {
                return Err(nonsense(format!("answered with what is no JSON: {error}")));
            }
            Answer::Own(json.into())
        }
    })
}

fn contact(said: wit::Contact) -> Checked<Contact> {
    at_most("fields of a contact", said.fields.len(), FIELDS)?;
    let personal = |what: &str, value: String| short(what, value, FIELD_BYTES).map(Personal::new);
    let all = |what: &str, list: Vec<String>| -> Checked<Vec<Personal<String>>> {
        at_most(&format!("{what}s of a contact"), list.len(), ADDRESSES)?;
        list.into_iter()
            .map(|value| personal(what, value))
            .collect()
    };
    Ok(Contact {
        id: said
            .id
            .map(|id| text("contact's id", id, NAME_BYTES))
            .transpose()?,
        name: short("contact's name", said.name, 200)?.into(),
        phones: all("number", said.phones)?,
        emails: all("mail address", said.emails)?,
        company: said
            .company
            .map(|company| personal("company", company))
            .transpose()?,
        url: said.url.map(url).transpose()?,
        fields: named("field", said.fields)?,
    })
}

/// A link that people will follow.
fn url(said: String) -> Checked<String> {
    let said = text("address of a page", said, URL_BYTES)?;
    let plain = said.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if !said.starts_with("https://") || !plain {
        let mut said = said;
        crate::text::cut(&mut said, 100);
        return Err(nonsense(format!(
            "returned `{said}` as a page to open; only `https` addresses are"
        )));
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CONNECTOR;

    fn manifest() -> Manifest {
        Manifest::parse(
            r#"{"name": "crm", "version": "1", "sdk": "rust", "world": "crm-connector",
                "http": [{"name": "crm", "base_url": "https://crm.example.com/v1",
                          "methods": ["GET", "POST"]}]}"#,
        )
        .expect("it is right")
    }

    fn request() -> wit::HttpRequest {
        wit::HttpRequest {
            id: "1".to_owned(),
            endpoint: "crm".to_owned(),
            method: "GET".to_owned(),
            path: "/contacts".to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            timeout_ms: None,
            cache_ms: None,
            idempotency_key: None,
            ext: Vec::new(),
        }
    }

    #[test]
    fn a_request_that_leads_elsewhere_is_refused_by_name() {
        let said = |change: &dyn Fn(&mut wit::HttpRequest)| {
            let mut wanted = request();
            change(&mut wanted);
            http_request(wanted, Some(&manifest())).map_err(|fault| fault.message)
        };
        assert!(said(&|_| ()).is_ok());
        type Change = &'static dyn Fn(&mut wit::HttpRequest);
        let cases: [(Change, &str); 11] = [
            (
                &|r| r.endpoint = "other".to_owned(),
                "declares no endpoint `other`",
            ),
            (
                &|r| r.method = "DELETE".to_owned(),
                "does not declare `DELETE`",
            ),
            (
                &|r| r.path = "//evil.example".to_owned(),
                "names another host",
            ),
            (&|r| r.path = "contacts".to_owned(), "begin with `/`"),
            (&|r| r.path = "/a/../../admin".to_owned(), "`..`"),
            (&|r| r.path = "/a/%2E%2e/%2fadmin".to_owned(), "`..`"),
            (&|r| r.path = "/a?b".to_owned(), "use `query`"),
            (&|r| r.path = "/a b".to_owned(), "percent-encoded"),
            (
                &|r| r.headers = vec![("x".to_owned(), "a\r\nHost: b".to_owned())],
                "control character",
            ),
            (&|r| r.timeout_ms = Some(60_000), "1 to 30000 ms"),
            (
                &|r| {
                    r.method = "POST".to_owned();
                    r.cache_ms = Some(1)
                },
                "never answered from the cache",
            ),
        ];
        for (change, expected) in cases {
            let message = said(change).expect_err(expected);
            assert!(message.contains(expected), "{expected}: {message}");
        }
    }

    #[test]
    fn without_a_manifest_nothing_is_requested() {
        let message = http_request(request(), None)
            .expect_err("no endpoints")
            .message;
        assert!(message.contains("declares no endpoint"), "{message}");
    }

    #[test]
    fn rounds_are_bounded_in_requests_and_state() {
        let round = |state: usize, requests: usize| wit::Pending {
            state: vec![0; state],
            requests: (0..requests)
                .map(|id| wit::HttpRequest {
                    id: format!("r{id}"),
                    ..request()
                })
                .collect(),
            ext: Vec::new(),
        };
        let manifest = manifest();
        assert!(
            pending(
                round(CONNECTOR.state_bytes, CONNECTOR.effects),
                Some(&manifest),
                &CONNECTOR
            )
            .is_ok()
        );
        for (state, requests) in [
            (CONNECTOR.state_bytes + 1, 1),
            (0, CONNECTOR.effects + 1),
            (0, 0),
        ] {
            assert!(pending(round(state, requests), Some(&manifest), &CONNECTOR).is_err());
        }
        let mut twice = round(0, 2);
        twice.requests[1].id = "r0".to_owned();
        assert!(pending(twice, Some(&manifest), &CONNECTOR).is_err());
    }

    #[test]
    fn a_link_that_people_follow_is_https() {
        for bad in ["javascript:alert(1)", "http://crm", "https://a\nb", ""] {
            assert!(url(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(url("https://crm.example.com/7".to_owned()).is_ok());
    }
}

//! Operations of the administrator's own, for flows: a request by configuration, and what of the
//! response is the answer. `{token:NAME}` is what a caller typed under protection: the host puts it
//! into the body after the request has left this plugin.

use crate::settings::{Settings, parameters};
use crate::template::{Body, Place, Template, percent_encoded};
use crate::{Asked, json};
use hotline_sdk::Fault;
use hotline_sdk::connector::{Answer, HttpResponse, Next, request, unknown_operation};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Stands around a token until the text is JSON; nobody can type it.
const MARK: char = '\u{F8FF}';

/// One operation, as configured.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Own {
    #[serde(default)]
    method: Method,
    path: Template<OwnPlace>,
    #[serde(default)]
    query: BTreeMap<String, Template<OwnPlace>>,
    #[serde(default)]
    body: Option<Body<OwnPlace>>,
    /// JSON pointer to what is answered; the whole response unless said.
    #[serde(default)]
    answer: String,
    /// Statuses that mean: there is no such thing.
    #[serde(default = "not_found")]
    nothing: Vec<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Method {
    #[default]
    Post,
    Get,
    Put,
    Patch,
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Method::Post => "POST",
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
        }
    }
}

fn not_found() -> Vec<u16> {
    vec![404]
}

/// A field of the operation's argument, or the keys that its token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OwnPlace {
    Given(String),
    Token(String),
}

impl Place for OwnPlace {
    const KNOWN: &'static str =
        "known are fields of the argument, {customer}, and tokens in it, {token:pin}";

    fn parse(name: &str) -> Option<OwnPlace> {
        let is_name = |name: &str| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            !name.is_empty() && name.bytes().all(plain)
        };
        let given = |name: &str| is_name(name).then(|| name.to_owned());
        match name.strip_prefix("token:") {
            Some(name) => given(name).map(OwnPlace::Token),
            None => given(name).map(OwnPlace::Given),
        }
    }
}

impl Own {
    /// Why it can not be; a token belongs into a body, which nobody logs.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let is_token = |place: &OwnPlace| matches!(place, OwnPlace::Token(_));
        let misplaced =
            self.path.any(is_token) || self.query.values().any(|value| value.any(is_token));
        if misplaced {
            return Some("a {token:...} stands in the body, not in an address");
        }
        match (self.method, &self.body) {
            (Method::Get, Some(_)) => Some("a GET has no body"),
            _ => None,
        }
    }
}

pub(crate) fn begin(
    settings: &Settings,
    operation: String,
    argument: &str,
) -> Result<Next<Asked>, Fault> {
    let own = configured(settings, &operation)?;
    let argument: Value = serde_json::from_str(argument)
        .map_err(|error| Fault::new("rest.argument", format!("no JSON: {error}")))?;
    let known = |place: &OwnPlace| value(place, &argument);
    let missing = |what: &str| {
        let message = format!("`{operation}`: its {what} needs what the argument does not have");
        Fault::new("rest.argument", message)
    };
    let path = own.path.filled(&known, percent_encoded);
    let (query, unknown) = parameters(&own.query, &known);
    if !unknown.is_empty() {
        return Err(missing("query"));
    }
    let mut asked = request(
        own.method.name(),
        settings.auth.endpoint(),
        path.ok_or_else(|| missing("path"))?,
    );
    if let Some(body) = &own.body {
        let body = body.filled_whole(&known).ok_or_else(|| missing("body"))?;
        asked = asked.json(with_tokens(&body));
    }
    asked.query = query;
    Ok(Next::Need(Asked::Own { operation }, vec![asked]))
}

pub(crate) fn read(
    settings: &Settings,
    operation: String,
    response: &HttpResponse,
) -> Result<Answer, Fault> {
    let own = configured(settings, &operation)?;
    let answer = match response.failure {
        None if own.nothing.contains(&response.status) => Value::Null,
        _ => json(response)?
            .pointer(&own.answer)
            .cloned()
            .unwrap_or_default(),
    };
    Ok(Answer::Ext((operation, answer.to_string())))
}

fn configured<'s>(settings: &'s Settings, operation: &str) -> Result<&'s Own, Fault> {
    let own = settings.operations.get(operation);
    own.ok_or_else(|| {
        unknown_operation(&format!(
            "this connector finds customers and writes down calls; `operations` has no `{operation}`"
        ))
    })
}

fn value(place: &OwnPlace, argument: &Value) -> Option<Value> {
    match place {
        OwnPlace::Given(name) => match argument.get(name)? {
            Value::String(text) => Some(text.replace(MARK, "").into()),
            other => Some(other.clone()),
        },
        OwnPlace::Token(name) => {
            let token = argument.get(name)?.as_str()?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
            let is_token = !token.is_empty() && token.bytes().all(plain);
            is_token.then(|| format!("{MARK}{token}{MARK}").into())
        }
    }
}

/// References to the host, now that nothing else can become one.
fn with_tokens(body: &str) -> String {
    let parts = body.split(MARK).enumerate();
    parts
        .map(|(place, part)| match place % 2 {
            0 => part.to_owned(),
            _ => format!("{{{{token:{part}}}}}"),
        })
        .collect()
}

//! What an administrator configures; `hotline.plugin.json` has the schema.

use crate::customer::{Customer, Extract};
use crate::own::Own;
use crate::places::{ActivityPlace, SearchPlace};
use crate::template::{Body, Known, Place, Template, unreferring};
use hotline_sdk::Fault;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// `NAME.config.json`, without what the host alone reads: addresses and user names.
#[derive(Debug, Deserialize)]
pub(crate) struct Settings {
    pub(crate) auth: Auth,
    pub(crate) find: Vec<Search>,
    pub(crate) customer: Customer,
    #[serde(default)]
    pub(crate) log: Option<Log>,
    pub(crate) check: Check,
    #[serde(default)]
    pub(crate) operations: BTreeMap<String, Own>,
}

/// Which endpoint of the manifest requests go to: the same address, with other credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auth {
    None,
    Bearer,
    Basic,
    Header,
    OAuth2,
}

impl Auth {
    pub(crate) const fn endpoint(self) -> &'static str {
        match self {
            Auth::None => "none",
            Auth::Bearer => "bearer",
            Auth::Basic => "basic",
            Auth::Header => "header",
            Auth::OAuth2 => "oauth2",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Reading {
    #[default]
    Get,
    /// Of a body, for services whose searches do not fit into a query.
    Post,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Writing {
    #[default]
    Post,
    Put,
    Patch,
}

impl Writing {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Writing::Post => "POST",
            Writing::Put => "PUT",
            Writing::Patch => "PATCH",
        }
    }
}

/// One way to look for a customer; taken when all its places are known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    #[serde(default)]
    pub(crate) method: Reading,
    pub(crate) path: Template<SearchPlace>,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, Template<SearchPlace>>,
    #[serde(default)]
    pub(crate) body: Option<Body<SearchPlace>>,
    /// JSON pointer to the list of customers, or to the only one.
    #[serde(default)]
    pub(crate) items: String,
    #[serde(default)]
    pub(crate) cache_s: u32,
}

/// How an activity is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    #[serde(default)]
    pub(crate) method: Writing,
    pub(crate) path: Template<ActivityPlace>,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, Template<ActivityPlace>>,
    pub(crate) body: Body<ActivityPlace>,
    #[serde(default = "id")]
    pub(crate) id: Extract,
    #[serde(default)]
    pub(crate) link: Option<Extract>,
    #[serde(default)]
    pub(crate) existing: Option<Existing>,
}

/// How to see whether an activity was written down before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Existing {
    pub(crate) path: Template<ActivityPlace>,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, Template<ActivityPlace>>,
    #[serde(default)]
    pub(crate) items: String,
    #[serde(default = "id")]
    pub(crate) id: Extract,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) query: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) account: Option<Extract>,
}

fn id() -> Extract {
    Extract::of_id()
}

impl Settings {
    /// # Errors
    /// `rest.config`, with the path of what is wrong.
    pub(crate) fn load() -> Result<Settings, Fault> {
        let text = hotline_sdk::host::config::json();
        let mut reader = serde_json::Deserializer::from_str(&text);
        let read: Result<Settings, _> = serde_path_to_error::deserialize(&mut reader);
        let settings = read.map_err(|error| refused(&error.path().to_string(), error.inner()))?;
        for (place, search) in settings.find.iter().enumerate() {
            if !search.names_somebody() {
                let why = "names nobody: without {phone}, {phone_digits}, {email}, {text} or {id} \
                           it would find anybody";
                return Err(refused(&format!("find[{place}]"), &why));
            }
        }
        for (name, own) in &settings.operations {
            if let Some(why) = own.mistake() {
                return Err(refused(&format!("operations.{name}"), &why));
            }
        }
        Ok(settings)
    }
}

impl Search {
    fn names_somebody(&self) -> bool {
        let names = |place: &SearchPlace| *place != SearchPlace::Limit;
        self.path.any(names)
            || self.query.values().any(|value| value.any(names))
            || self.body.as_ref().is_some_and(|body| body.any(names))
    }
}

fn refused(path: &str, why: &dyn std::fmt::Display) -> Fault {
    Fault::new("rest.config", format!("config: `{path}`: {why}"))
}

/// The parameters whose places are all known; the names of those that are not.
pub(crate) fn parameters<P: Place>(
    query: &BTreeMap<String, Template<P>>,
    known: Known<'_, P>,
) -> (Vec<(String, String)>, Vec<String>) {
    let (mut filled, mut missing) = (Vec::new(), Vec::new());
    for (name, template) in query {
        match template.filled(known, unreferring) {
            Some(value) => filled.push((name.clone(), value)),
            None => missing.push(name.clone()),
        }
    }
    (filled, missing)
}

/// The entries at a pointer: of a list, or the only one.
///
/// # Errors
/// `rest.items`: there is neither.
pub(crate) fn items(response: &Value, pointer: &str) -> Result<Vec<Value>, Fault> {
    match response.pointer(pointer) {
        Some(Value::Array(list)) => Ok(list.clone()),
        Some(Value::Object(one)) => Ok(vec![Value::Object(one.clone())]),
        Some(Value::Null) => Ok(Vec::new()),
        _ => Err(Fault::new(
            "rest.items",
            format!("the response has no list and no object at `{pointer}`; see `items`"),
        )),
    }
}

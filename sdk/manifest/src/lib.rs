//! What a plugin says about itself and asks for: one JSON object in the component's custom section
//! [`SECTION`], at its outermost level, so that it is read without running or compiling anything.
//!
//! The author writes the asking part, `hotline.plugin.json`; the build adds name, version, SDK and
//! world ([`Declared::complete`]). The host reads it at admission ([`Manifest::of_component`]),
//! shows an administrator what is asked for ([`Manifest::permissions`]), and checks configurations
//! against its schema ([`check_config`]).

mod bounds;
mod config;
mod config_schema;
mod permission;
mod problem;
mod read;
mod schema;

pub use config::{ConfigProblem, check_config};
pub use config_schema::ConfigSchema;
pub use permission::Permission;
pub use problem::Problem;
pub use schema::{SCHEMA_BYTES, check_schema};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// The custom section that holds the manifest.
pub const SECTION: &str = "hotline:manifest";
/// The file that authors write, beside their plugin's sources.
pub const FILE: &str = "hotline.plugin.json";
/// A longer manifest is refused unread.
pub const MANIFEST_BYTES: usize = 128 * 1024;

/// What a built plugin says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Manifest {
    pub name: String,
    pub version: String,
    /// Language and version, e.g. `rust 0.1.0`.
    pub sdk: String,
    pub world: World,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// Where the host may send requests for it; a connector's only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub http: Vec<Endpoint>,
    /// What an administrator has to enter; the plugin itself never sees them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Secret>,
    /// JSON Schema (2020-12) of its configuration, within [`check_schema`]; anything goes without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_schema: Option<ConfigSchema>,
    /// The only names under which it may count and measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metric>,
    /// For later hosts; ignored by this one.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub ext: Map<String, Value>,
}

/// What an author writes into `hotline.plugin.json`: a manifest that may leave to the build what
/// the build knows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub world: Option<World>,
    pub description: Text,
    pub http: Vec<Endpoint>,
    pub secrets: Vec<Secret>,
    pub config_schema: Option<ConfigSchema>,
    pub metrics: Vec<Metric>,
    pub ext: Map<String, Value>,
    /// For editors (`"$schema": "..."`); not kept.
    #[serde(rename = "$schema", skip_serializing)]
    pub schema: Option<String>,
}

/// What only the build knows: what a language's package says, and the world it targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub name: String,
    pub version: String,
    pub sdk: String,
    pub world: World,
}

/// The worlds of `wit/`, by their names there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum World {
    IvrFlow,
    IvrFlowWithMigration,
    FlowLanguage,
    FlowInterpreter,
    FlowInterpreterWithMigration,
    RoutingPolicy,
    RoutingPolicyWithLookups,
    QaRule,
    QaLive,
    QaRuleAndLive,
    CrmConnector,
}

impl World {
    pub const fn name(self) -> &'static str {
        match self {
            World::IvrFlow => "ivr-flow",
            World::IvrFlowWithMigration => "ivr-flow-with-migration",
            World::FlowLanguage => "flow-language",
            World::FlowInterpreter => "flow-interpreter",
            World::FlowInterpreterWithMigration => "flow-interpreter-with-migration",
            World::RoutingPolicy => "routing-policy",
            World::RoutingPolicyWithLookups => "routing-policy-with-lookups",
            World::QaRule => "qa-rule",
            World::QaLive => "qa-live",
            World::QaRuleAndLive => "qa-rule-and-live",
            World::CrmConnector => "crm-connector",
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A sentence or two for people, in the console's languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Text {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub en: String,
    #[serde(rename = "zh-CN", skip_serializing_if = "String::is_empty")]
    pub zh: String,
}

impl Text {
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }
}

/// A service that a connector's requests may go to, and how the host proves who it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Endpoint {
    /// What requests call it: small letters, digits and `-`.
    pub name: String,
    /// An absolute URL without query and fragment; requests add their path to it. May hold
    /// `{{config:KEY}}`, which stands for a text of the configuration.
    pub base_url: String,
    pub methods: Vec<Method>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    /// Where its requests may refer to secrets, besides what `auth` does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<Placement>,
}

/// A part of a request in which `{{secret:NAME}}` may stand; the host puts the value there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Placement {
    /// Names one of the manifest's [`Secret`]s; none stands for what callers type under protection
    /// (`{{token:ID}}`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    #[serde(rename = "in")]
    pub part: Part,
    /// Of the header or the query parameter; the body has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Part {
    Header,
    Query,
    Body,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the host adds to each request to an endpoint. `secret` and the like name one of the
/// manifest's [`Secret`]s; the other texts may hold `{{config:KEY}}`. An endpoint whose texts are
/// neither configured nor have a default in the schema is not there: a manifest may offer several
/// ways to authenticate, each as an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Auth {
    /// `Authorization: Bearer SECRET`
    Bearer { secret: String },
    /// `Authorization: Basic`, RFC 7617.
    Basic { username: String, secret: String },
    /// A header of any name; its value is `prefix` and the secret.
    Header {
        header: String,
        secret: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        prefix: String,
    },
    /// OAuth 2.0 client credentials grant, RFC 6749, 4.4.
    #[serde(rename = "oauth2_client_credentials")]
    OAuth2ClientCredentials {
        token_url: String,
        client_id: String,
        /// The client's.
        secret: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience: Option<String>,
    },
    /// OAuth 2.0 refresh token grant, RFC 6749, 6: an administrator enters a refresh token once.
    #[serde(rename = "oauth2_refresh_token")]
    OAuth2RefreshToken {
        token_url: String,
        client_id: String,
        /// The client's; public clients have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret: Option<String>,
        /// Names the secret that holds the refresh token.
        refresh_token: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<String>,
    },
}

impl Auth {
    /// The names of the secrets that it spends.
    pub fn secrets(&self) -> Vec<&str> {
        match self {
            Auth::Bearer { secret }
            | Auth::Basic { secret, .. }
            | Auth::Header { secret, .. }
            | Auth::OAuth2ClientCredentials { secret, .. } => vec![secret],
            Auth::OAuth2RefreshToken {
                secret,
                refresh_token,
                ..
            } => secret
                .iter()
                .chain([refresh_token])
                .map(String::as_str)
                .collect(),
        }
    }

    /// Where tokens come from.
    pub fn token_url(&self) -> Option<&str> {
        match self {
            Auth::OAuth2ClientCredentials { token_url, .. }
            | Auth::OAuth2RefreshToken { token_url, .. } => Some(token_url),
            Auth::Bearer { .. } | Auth::Basic { .. } | Auth::Header { .. } => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Secret {
    /// Small letters, digits and `-`; `{{secret:NAME}}` in a request's header, query or body.
    pub name: String,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
}

/// Something that the plugin counts or measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Metric {
    /// Small letters, digits and `_`, as in Prometheus; the host puts `hotline_plugin_` in front.
    pub name: String,
    pub kind: MetricKind,
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum MetricKind {
    /// Only ever added to (`metrics.count`).
    Counter,
    /// A spread of values (`metrics.observe`).
    Histogram,
}

impl Manifest {
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.http.iter().find(|endpoint| endpoint.name == name)
    }

    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.secrets.iter().find(|secret| secret.name == name)
    }
}

impl Declared {
    /// The manifest of a plugin that was just built. What the author wrote wins for the name and
    /// the version; the world is what the code exports, and may not be contradicted.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn complete(self, facts: &Facts) -> Result<Manifest, Vec<Problem>> {
        if let Some(world) = self.world.filter(|world| *world != facts.world) {
            return Err(vec![Problem::at(
                "world",
                format!(
                    "says `{world}`, but the code exports the world `{}`; leave the line out",
                    facts.world
                ),
            )]);
        }
        let or = |said: Option<String>, known: &String| said.unwrap_or_else(|| known.clone());
        let manifest = Manifest {
            name: or(self.name, &facts.name),
            version: or(self.version, &facts.version),
            sdk: or(self.sdk, &facts.sdk),
            world: facts.world,
            description: self.description,
            http: self.http,
            secrets: self.secrets,
            config_schema: self.config_schema,
            metrics: self.metrics,
            ext: self.ext,
        };
        manifest.check()?;
        Ok(manifest)
    }
}

//! Where a plugin may go: the endpoints of its manifest, with the tenant's configuration filled in.

use crate::address::{Base, BaseError};
use crate::endpoint::{Auth, Endpoint, OAuth2, OAuth2Flow, Placement, Position};
use crate::headers;
use hotline_manifest as manifest;
use http::HeaderName;
use serde_json::Value;
use url::Url;

/// Everywhere that a plugin may go; nowhere, when empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grant {
    pub endpoints: Vec<Endpoint>,
    /// Those that the configuration says too little of, by name, and what is missing.
    pub unconfigured: Vec<(String, GrantError)>,
}

/// What of a manifest can not be used with this configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    #[error("`{path}` takes `{key}` from the configuration, which has no such text")]
    NotConfigured { path: String, key: String },
    #[error("`{path}`: {source}")]
    Base { path: String, source: BaseError },
    #[error("`{path}`: {problem}")]
    Unusable { path: String, problem: &'static str },
}

impl Grant {
    /// An endpoint that the configuration says too little of is left out: a manifest may offer
    /// several ways to authenticate, of which one is configured.
    ///
    /// # Errors
    /// An address in the configuration is none, or too little is said of every endpoint.
    pub fn of(manifest: &manifest::Manifest, config: &Value) -> Result<Grant, GrantError> {
        let schema = manifest.config_schema.as_ref();
        let config = with_defaults(schema.map(manifest::ConfigSchema::value), config);
        let mut grant = Grant::default();
        for (place, declared) in manifest.http.iter().enumerate() {
            match endpoint(&format!("http[{place}]"), declared, &config) {
                Ok(endpoint) => grant.endpoints.push(endpoint),
                Err(missing @ GrantError::NotConfigured { .. }) => {
                    grant.unconfigured.push((declared.name.clone(), missing));
                }
                Err(error) => return Err(error),
            }
        }
        match grant.unconfigured.first() {
            Some((_, missing)) if grant.endpoints.is_empty() => Err(missing.clone()),
            _ => Ok(grant),
        }
    }

    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name)
    }

    /// The endpoint that a redirect leads to, if any.
    pub(crate) fn containing(&self, url: &Url, method: &str) -> Option<&Endpoint> {
        let allows = |endpoint: &&Endpoint| endpoint.base.contains(url) && endpoint.allows(method);
        self.endpoints.iter().find(allows)
    }
}

/// The configuration, and the schema's default for each text that it does not say.
fn with_defaults(schema: Option<&Value>, config: &Value) -> Value {
    let mut config = config.clone();
    let properties = schema.and_then(|schema| schema["properties"].as_object());
    if let (Some(said), Some(properties)) = (config.as_object_mut(), properties) {
        for (key, property) in properties {
            if let Some(default @ Value::String(_)) = property.get("default") {
                said.entry(key).or_insert_with(|| default.clone());
            }
        }
    }
    config
}

fn endpoint(
    path: &str,
    declared: &manifest::Endpoint,
    config: &Value,
) -> Result<Endpoint, GrantError> {
    Ok(Endpoint {
        name: declared.name.clone(),
        base: base(format!("{path}.base_url"), &declared.base_url, config)?,
        methods: declared
            .methods
            .iter()
            .map(|method| method.name().to_owned())
            .collect(),
        auth: match &declared.auth {
            Some(auth) => self::auth(&format!("{path}.auth"), auth, config)?,
            None => Auth::None,
        },
        placements: declared.placements.iter().map(placement).collect(),
    })
}

fn base(path: String, text: &str, config: &Value) -> Result<Base, GrantError> {
    let text = filled(&path, text, config)?;
    Base::parse(&text).map_err(|source| GrantError::Base { path, source })
}

fn auth(path: &str, declared: &manifest::Auth, config: &Value) -> Result<Auth, GrantError> {
    let fill = |field: &str, text: &str| filled(&format!("{path}.{field}"), text, config);
    let fill_scope = |scope: &Option<String>| {
        let scope = scope.as_deref().map(|scope| fill("scope", scope));
        let scope = scope.transpose()?;
        Ok(scope.filter(|scope| !scope.is_empty()))
    };
    let token_url = |text: &str| {
        let path = format!("{path}.token_url");
        // Held to what a base is held to, but is no folder.
        let base = base(path.clone(), text, config)?;
        let url = Url::parse(base.as_str().trim_end_matches('/'));
        url.map_err(|_| GrantError::Unusable {
            path,
            problem: "is no URL",
        })
    };
    Ok(match declared {
        manifest::Auth::Bearer { secret } => Auth::Bearer {
            secret: secret.clone(),
        },
        manifest::Auth::Basic { username, secret } => Auth::Basic {
            user: fill("username", username)?,
            secret: secret.clone(),
        },
        manifest::Auth::Header {
            header,
            secret,
            prefix,
        } => Auth::Header {
            name: header_name(&format!("{path}.header"), &fill("header", header)?)?,
            prefix: fill("prefix", prefix)?,
            secret: secret.clone(),
        },
        manifest::Auth::OAuth2ClientCredentials {
            token_url: url,
            client_id,
            secret,
            scope,
            audience,
        } => Auth::OAuth2(OAuth2 {
            token_url: token_url(url)?,
            client_id: fill("client_id", client_id)?,
            client_secret: Some(secret.clone()),
            scope: fill_scope(scope)?,
            audience: match audience {
                Some(audience) => Some(fill("audience", audience)?),
                None => None,
            },
            flow: OAuth2Flow::ClientCredentials,
        }),
        manifest::Auth::OAuth2RefreshToken {
            token_url: url,
            client_id,
            secret,
            refresh_token,
            scope,
        } => Auth::OAuth2(OAuth2 {
            token_url: token_url(url)?,
            client_id: fill("client_id", client_id)?,
            client_secret: secret.clone(),
            scope: fill_scope(scope)?,
            audience: None,
            flow: OAuth2Flow::RefreshToken {
                secret: refresh_token.clone(),
            },
        }),
    })
}

fn header_name(path: &str, header: &str) -> Result<HeaderName, GrantError> {
    let problem = match HeaderName::try_from(header) {
        Ok(name) if !headers::is_the_hosts(&name) => return Ok(name),
        Ok(_) => "is the host's own header",
        Err(_) => "is no name of a header",
    };
    Err(GrantError::Unusable {
        path: path.to_owned(),
        problem,
    })
}

fn placement(declared: &manifest::Placement) -> Placement {
    let name = declared.name.clone().unwrap_or_default();
    Placement {
        secret: declared.secret.clone(),
        position: match declared.part {
            manifest::Part::Header => Position::Header(name.to_ascii_lowercase()),
            manifest::Part::Query => Position::Query(name),
            manifest::Part::Body => Position::Body,
        },
    }
}

/// The text with each `{{config:KEY}}` replaced by that text of the configuration.
fn filled(path: &str, text: &str, config: &Value) -> Result<String, GrantError> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{config:") {
        let (key, after) = after.split_once("}}").ok_or(GrantError::Unusable {
            path: path.to_owned(),
            problem: "has `{{config:` without its `}}`",
        })?;
        let value = config[key]
            .as_str()
            .ok_or_else(|| GrantError::NotConfigured {
                path: path.to_owned(),
                key: key.to_owned(),
            })?;
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn manifest() -> manifest::Manifest {
        let text = json!({
            "name": "crm", "version": "0.1.0", "sdk": "rust 0.1.0", "world": "crm-connector",
            "secrets": [{"name": "key"}, {"name": "pin"}],
            "config_schema": {
                "type": "object",
                "properties": {"site": {"type": "string"}, "client": {"type": "string"}}
            },
            "http": [{
                "name": "api",
                "base_url": "{{config:site}}/v1",
                "methods": ["GET", "POST"],
                "auth": {
                    "kind": "oauth2_client_credentials",
                    "token_url": "{{config:site}}/oauth/token",
                    "client_id": "{{config:client}}",
                    "secret": "key"
                },
                "placements": [
                    {"secret": "pin", "in": "header", "name": "X-Pin"},
                    {"secret": "pin", "in": "body"},
                    {"in": "query", "name": "card"}
                ]
            }]
        });
        manifest::Manifest::parse(&text.to_string()).expect("a manifest")
    }

    #[test]
    fn a_manifest_and_a_configuration_make_a_grant() {
        let config = json!({"site": "https://crm.example.com", "client": "hotline"});
        let grant = Grant::of(&manifest(), &config).expect("a grant");
        let api = grant.endpoint("api").expect("an endpoint");
        assert_eq!(api.base.as_str(), "https://crm.example.com/v1/");
        assert!(api.allows("POST") && !api.allows("DELETE"));
        let Auth::OAuth2(oauth) = &api.auth else {
            panic!("client credentials: {:?}", api.auth);
        };
        assert_eq!(
            oauth.token_url.as_str(),
            "https://crm.example.com/oauth/token"
        );
        assert_eq!(oauth.client_id, "hotline");
        let positions: Vec<_> = api
            .placements
            .iter()
            .map(|p| p.position.to_string())
            .collect();
        assert_eq!(
            positions,
            [
                "the header `x-pin`",
                "the body",
                "the query parameter `card`"
            ]
        );
    }

    #[test]
    fn of_several_ways_to_authenticate_the_configured_ones_are_granted() {
        let endpoint = |name: &str, auth: Value| json!({"name": name, "base_url": "{{config:site}}", "methods": ["GET"], "auth": auth});
        let text = json!({
            "name": "crm", "version": "0.1.0", "sdk": "rust 0.1.0", "world": "crm-connector",
            "secrets": [{"name": "key"}],
            "config_schema": {"type": "object", "properties": {
                "site": {"type": "string", "default": "https://crm.example.com"},
                "user": {"type": "string"},
                "header": {"type": "string"},
                "prefix": {"type": "string", "default": ""}
            }},
            "http": [
                endpoint("bearer", json!({"kind": "bearer", "secret": "key"})),
                endpoint("basic", json!({
                    "kind": "basic", "username": "{{config:user}}", "secret": "key"
                })),
                endpoint("header", json!({
                    "kind": "header", "header": "{{config:header}}",
                    "prefix": "{{config:prefix}}", "secret": "key"
                }))
            ]
        });
        let manifest = manifest::Manifest::parse(&text.to_string()).expect("a manifest");
        let granted = |config: Value| Grant::of(&manifest, &config);
        let grant = granted(json!({})).expect("the first needs nothing");
        let bearer = grant.endpoint("bearer").expect("it is granted");
        assert_eq!(bearer.base.as_str(), "https://crm.example.com/");
        let missing: Vec<&str> = grant.unconfigured.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(missing, ["basic", "header"]);
        let grant = granted(json!({"header": "X-Key", "prefix": "Token "})).expect("a grant");
        let header = grant.endpoint("header").expect("it is configured");
        assert!(
            matches!(&header.auth, Auth::Header { name, prefix, .. }
                if name == "x-key" && prefix == "Token "),
            "{header:?}"
        );
        for own in ["Host", "content-length", "x y", "Cookie"] {
            let error = granted(json!({"header": own})).expect_err(own);
            assert!(
                error.to_string().starts_with("`http[2].auth.header`: "),
                "{error}"
            );
        }
    }

    #[test]
    fn a_configuration_that_does_not_fit_is_refused_with_the_path() {
        for (config, said) in [
            (
                json!({}),
                "`http[0].base_url` takes `site` from the configuration",
            ),
            (json!({"site": 7}), "`http[0].base_url` takes `site`"),
            (json!({"site": "crm.example.com"}), "`http[0].base_url`: "),
            (
                json!({"site": "https://me@crm.example.com"}),
                "no user name",
            ),
            (
                json!({"site": "https://crm.example.com"}),
                "`http[0].auth.client_id` takes `client`",
            ),
        ] {
            let error = Grant::of(&manifest(), &config).expect_err("it does not fit");
            assert!(error.to_string().contains(said), "{error}");
        }
    }
}

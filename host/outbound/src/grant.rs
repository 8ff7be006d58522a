//! From a manifest and the tenant's configuration to where the plugin may go.

use crate::address::{Base, BaseError};
use crate::endpoint::{Auth, Endpoint, Grant, OAuth2, OAuth2Flow, Placement, Position};
use hotline_manifest as manifest;
use http::HeaderName;
use serde_json::Value;
use url::Url;

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
    /// # Errors
    /// The configuration lacks a text that the manifest takes from it, or an address in it is none.
    pub fn of(manifest: &manifest::Manifest, config: &Value) -> Result<Grant, GrantError> {
        let endpoints = manifest.http.iter().enumerate();
        let endpoints = endpoints.map(|(place, declared)| {
            let path = format!("http[{place}]");
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
        });
        Ok(Grant {
            endpoints: endpoints.collect::<Result<_, _>>()?,
        })
    }
}

fn base(path: String, text: &str, config: &Value) -> Result<Base, GrantError> {
    let text = filled(&path, text, config)?;
    Base::parse(&text).map_err(|source| GrantError::Base { path, source })
}

fn auth(path: &str, declared: &manifest::Auth, config: &Value) -> Result<Auth, GrantError> {
    let fill = |field: &str, text: &str| filled(&format!("{path}.{field}"), text, config);
    let fill_scope = |scope: &Option<String>| {
        let scope = scope.as_deref().map(|scope| fill("scope", scope));
        scope.transpose()
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
            name: HeaderName::try_from(header).map_err(|_| GrantError::Unusable {
                path: format!("{path}.header"),
                problem: "is no name of a header",
            })?,
            prefix: prefix.clone(),
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

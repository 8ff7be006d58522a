//! A service that a plugin may ask: where it is, and how the host says who asks.

use crate::address::Base;
use crate::secret::Reference;
use hotline_vocabulary::ids::TenantId;
use http::HeaderName;
use std::fmt;
use url::Url;

/// A tenant's plugin: whose secrets, cache, breakers and records these are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    pub tenant: TenantId,
    /// Its key: `connector/NAME`.
    pub plugin: String,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.plugin, self.tenant)
    }
}

/// One service, by the name that requests use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub name: String,
    pub base: Base,
    /// In capitals.
    pub methods: Vec<String>,
    pub auth: Auth,
    /// Where references may stand, besides what `auth` does.
    pub placements: Vec<Placement>,
}

impl Endpoint {
    pub fn allows(&self, method: &str) -> bool {
        self.methods.iter().any(|allowed| allowed == method)
    }

    pub(crate) fn may_stand(&self, reference: &Reference, position: &Position) -> bool {
        let name = match reference {
            Reference::Secret(name) => Some(name.as_str()),
            Reference::Token(_) => None,
        };
        let stands = |placement: &Placement| {
            placement.secret.as_deref() == name && placement.position == *position
        };
        self.placements.iter().any(stands)
    }
}

/// A secret (none: collected tokens) may stand at a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    pub secret: Option<String>,
    pub position: Position,
}

/// Where in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// In the value of this header, in lower case.
    Header(String),
    /// In the value of this parameter.
    Query(String),
    Body,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Header(name) => write!(f, "the header `{name}`"),
            Position::Query(name) => write!(f, "the query parameter `{name}`"),
            Position::Body => f.write_str("the body"),
        }
    }
}

/// How the host says who asks. Secrets are named, not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    None,
    /// `Authorization: Bearer SECRET`.
    Bearer {
        secret: String,
    },
    /// RFC 7617.
    Basic {
        user: String,
        secret: String,
    },
    /// A header of the service's own: `x-api-key: PREFIX` and the secret.
    Header {
        name: HeaderName,
        prefix: String,
        secret: String,
    },
    OAuth2(OAuth2),
}

/// An access token is fetched, kept until shortly before it expires, and fetched anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth2 {
    pub token_url: Url,
    pub client_id: String,
    /// The secret with the client's password; none for a public client.
    pub client_secret: Option<String>,
    /// Space-separated.
    pub scope: Option<String>,
    /// Some servers want to know whom the token is for.
    pub audience: Option<String>,
    pub flow: OAuth2Flow,
}

/// RFC 6749, sections 4.4 and 6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OAuth2Flow {
    ClientCredentials,
    /// The refresh token is kept as this secret, and replaced when the server gives a new one.
    RefreshToken {
        secret: String,
    },
}

impl Auth {
    /// The secrets that it needs, by name, apart from those for fetching a token.
    pub(crate) fn secret(&self) -> Option<&str> {
        match self {
            Auth::Bearer { secret } | Auth::Basic { secret, .. } | Auth::Header { secret, .. } => {
                Some(secret)
            }
            Auth::None | Auth::OAuth2(_) => None,
        }
    }
}

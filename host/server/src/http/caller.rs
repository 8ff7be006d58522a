//! Who is asking: a person's session (cookie or bearer) or a program's token (bearer). The tenant
//! of every request comes from here and nowhere else.

use super::App;
use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use hotline_records::repositories::tokens::Token;
use hotline_vocabulary::ids::{AgentId, SessionId, TenantId, UserId};
use std::time::Instant;

pub(crate) use hotline_records::repositories::users::Role;

/// The cookie that holds a person's session.
pub(crate) const COOKIE: &str = "hotline_session";

/// An authenticated caller of the API.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub tenant: TenantId,
    /// None for a program.
    pub user: Option<UserId>,
    pub role: Role,
    pub session: SessionId,
    credential: Credential,
}

/// What the caller has shown; never printed.
#[derive(Clone)]
struct Credential(String);

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential")
    }
}

impl Caller {
    /// Whether the caller may still do what they could at the beginning: asked again and again for
    /// a connection that outlives its request. Yes while the database is away.
    pub(crate) async fn is_still_good(&self, app: &App) -> bool {
        match authenticate(app, self.credential.0.clone()).await {
            Ok(now) => now.tenant == self.tenant && now.role == self.role,
            Err(problem) => !problem.is_unauthenticated(),
        }
    }

    /// The caller as an agent; supervisors and administrators take no contacts.
    pub(crate) fn agent(&self) -> Result<AgentId, Problem> {
        match (self.role, self.user) {
            (Role::Agent, Some(user)) => Ok(user.into()),
            _ => Err(Problem::forbidden("agent")),
        }
    }

    pub(crate) fn is_at_least(&self, role: Role) -> bool {
        self.role >= role
    }

    fn at_least(self, role: Role) -> Result<Self, Problem> {
        if self.is_at_least(role) {
            Ok(self)
        } else {
            Err(Problem::forbidden(role.as_str()))
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let secret = bearer(parts)
            .or_else(|| cookie(parts))
            .ok_or_else(Problem::unauthenticated)?;
        let caller = authenticate(app, secret).await?;
        app.caller_rate
            .take(caller.session, Instant::now())
            .map_err(Problem::too_many_requests)?;
        Ok(caller)
    }
}

async fn authenticate(app: &App, secret: String) -> Result<Caller, Problem> {
    let now = crate::clock::now();
    if let Some(person) = app.records.sessions.authenticate(&secret, now).await? {
        return Ok(Caller {
            tenant: person.tenant,
            user: Some(person.user.id),
            role: person.user.role,
            session: person.session,
            credential: Credential(secret),
        });
    }
    let program = app.records.tokens.authenticate(&secret, now).await?;
    let (tenant, token) = program.ok_or_else(Problem::unauthenticated)?;
    let role = role_of(&token).ok_or_else(Problem::unauthenticated)?;
    Ok(Caller {
        tenant,
        user: None,
        role,
        session: token.id,
        credential: Credential(secret),
    })
}

fn bearer(parts: &Parts) -> Option<String> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| secret.trim().to_owned())
}

fn cookie(parts: &Parts) -> Option<String> {
    parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, secret)| secret.to_owned())
}

/// A caller who is a supervisor or an administrator.
#[derive(Debug, Clone)]
pub(crate) struct Supervisor(pub Caller);

/// A caller who is an administrator.
#[derive(Debug, Clone)]
pub(crate) struct Administrator(pub Caller);

impl FromRequestParts<App> for Supervisor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, app)
            .await?
            .at_least(Role::Supervisor)
            .map(Supervisor)
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, app)
            .await?
            .at_least(Role::Admin)
            .map(Administrator)
    }
}

/// What a token may do: its highest scope that is a role.
fn role_of(token: &Token) -> Option<Role> {
    [Role::Admin, Role::Supervisor]
        .into_iter()
        .find(|role| token.scopes.iter().any(|scope| scope == role.as_str()))
}

//! Signing in and out, and who one is.

use super::caller::{COOKIE, Caller, Role};
use super::problem::Problem;
use super::{App, Body};
use crate::clock::now;
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hotline_records::repositories::users::User;
use hotline_vocabulary::Millis;
use hotline_vocabulary::ids::{TenantId, UserId};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::time::Instant;
use utoipa::ToSchema;

/// A shift and its overtime.
const LIFETIME: Millis = Millis::from_secs(16 * 3_600);

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The tenant's name, as in its sign-in address.
    tenant: String,
    user_name: String,
    password: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedIn {
    /// For programs; browsers keep the cookie.
    token: String,
    me: Me,
}

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: UserId,
    user_name: String,
    display_name: String,
    role: Role,
    /// None unless the person has chosen one; their browser's is then the best guess.
    language: Option<String>,
    tenant: MyTenant,
    /// STUN and TURN servers for the console's connection.
    ice_servers: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyTenant {
    id: TenantId,
    name: String,
    display_name: String,
}

impl Me {
    fn of(app: &App, tenant: TenantId, user: User) -> Result<Me, Problem> {
        let tenant = app
            .directory
            .tenant(tenant)
            .ok_or_else(|| Problem::not_found("tenant"))?;
        Ok(Me {
            id: user.id,
            user_name: user.user_name,
            display_name: user.display_name,
            role: user.role,
            language: user.language,
            tenant: MyTenant {
                id: tenant.id,
                name: tenant.name.clone(),
                display_name: tenant.display_name.clone(),
            },
            ice_servers: app.ice_servers.clone(),
        })
    }
}

/// Signs a person in
#[utoipa::path(post, operation_id = "sign_in", path = "/session", tag = "session", request_body = SignIn, security(()),
    responses((status = 200, body = SignedIn), (status = "default", body = Problem)))]
pub(crate) async fn sign_in(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Body(wish): Body<SignIn>,
) -> Result<Response, Problem> {
    // Taken before the password is looked at, so that guesses made all at once count too.
    app.sign_in_failures
        .take(from.ip(), Instant::now())
        .map_err(Problem::too_many_requests)?;
    let tenant = app.directory.tenant_named(&wish.tenant);
    let known = match &tenant {
        Some(tenant) => {
            app.records
                .users
                .verify(tenant.id, &wish.user_name, &wish.password)
                .await?
        }
        None => None,
    };
    let (Some(tenant), Some(user)) = (tenant, known) else {
        return Err(Problem::wrong_credentials());
    };
    // Only failures count: a whole office may begin its shift from one address.
    app.sign_in_failures.give_back(from.ip());
    let session = app
        .records
        .sessions
        .create(tenant.id, user.id, now(), LIFETIME)
        .await?;
    let cookie = cookie(&app, &session.secret, LIFETIME)?;
    let body = SignedIn {
        token: session.secret,
        me: Me::of(&app, tenant.id, user)?,
    };
    Ok(([(header::SET_COOKIE, cookie)], Json(body)).into_response())
}

/// Signs out; an agent's presence ends at once, unless another session holds a console open
#[utoipa::path(delete, operation_id = "sign_out", path = "/session", tag = "session",
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn sign_out(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    if caller.user.is_some() {
        app.records
            .sessions
            .end(caller.tenant, caller.session)
            .await?;
        app.sockets.end(caller.session);
    }
    if let Ok(agent) = caller.agent() {
        app.presence
            .sign_out(caller.tenant, agent, caller.session)
            .await;
    }
    let gone = cookie(&app, "", Millis::ZERO)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}

/// Who is signed in
#[utoipa::path(get, operation_id = "me", path = "/me", tag = "session",
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
pub(crate) async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Problem> {
    let user = caller
        .user
        .ok_or_else(|| Problem::not_found("person behind a token"))?;
    let user = app.records.users.get(caller.tenant, user).await?;
    Me::of(&app, caller.tenant, user).map(Json)
}

/// Not readable by scripts, and not sent from other sites (which is what defeats forged requests).
fn cookie(app: &App, secret: &str, lifetime: Millis) -> Result<HeaderValue, Problem> {
    let secure = if app.secure_cookies { "; Secure" } else { "" };
    let seconds = lifetime.0 / 1_000;
    HeaderValue::try_from(format!(
        "{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
    ))
    .map_err(|error| Problem::internal(&error))
}

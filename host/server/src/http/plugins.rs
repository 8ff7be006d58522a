//! The tenant's plugins: what is live, who is on which version, and what is wrong with the last
//! save; one plugin's versions and trials are in the files below.

pub(super) mod configuration;
pub(super) mod faults;
pub(super) mod trials;
pub(super) mod upload;
pub(super) mod versions;

use super::App;
use super::caller::{Administrator, Caller, Supervisor};
use super::problem::Problem;
use super::{Body, Path};
use crate::clock::now;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_sandbox::rollout::{Actor, Cause, ChangeError, Settings};
use hotline_sandbox::{PluginKind, PluginStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Plugins {
    items: Vec<PluginStatus>,
}

/// The plugins of the tenant
#[utoipa::path(get, operation_id = "list_flows", path = "/flows", tag = "plugins",
    responses((status = 200, body = Plugins), (status = "default", body = Problem)))]
pub(crate) async fn list(State(app): State<App>, Supervisor(caller): Supervisor) -> Json<Plugins> {
    Json(Plugins {
        items: app.sandbox.catalogue(caller.tenant),
    })
}

/// The plugins of the tenant, each with its versions
#[utoipa::path(get, operation_id = "list_plugins", path = "/plugins", tag = "plugins",
    responses((status = 200, body = Plugins), (status = "default", body = Problem)))]
pub(crate) async fn all(state: State<App>, caller: Supervisor) -> Json<Plugins> {
    list(state, caller).await
}

/// One plugin with its versions, the trial that is under way, and its settings
#[utoipa::path(get, operation_id = "get_plugin", path = "/plugins/{kind}/{name}", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)),
    responses((status = 200, body = PluginStatus), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path((kind, name)): Path<(PluginKind, String)>,
) -> Result<Json<PluginStatus>, Problem> {
    let status = app.sandbox.plugin(caller.tenant, kind, &name);
    Ok(Json(status.ok_or_else(no_such_plugin)?))
}

/// Chooses how many of a plugin's calls are recorded, and what a version must pass before it is published
#[utoipa::path(put, operation_id = "configure_plugin", path = "/plugins/{kind}/{name}/settings", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)), request_body = Settings,
    responses((status = 200, body = Settings), (status = "default", body = Problem)))]
pub(crate) async fn configure(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name)): Path<(PluginKind, String)>,
    Body(settings): Body<Settings>,
) -> Result<Json<Settings>, Problem> {
    let known = app.sandbox.plugin(caller.tenant, kind, &name);
    known.ok_or_else(no_such_plugin)?;
    app.sandbox
        .configure(caller.tenant, kind, &name, settings)
        .await?;
    Ok(Json(settings))
}

pub(super) fn no_such_plugin() -> Problem {
    Problem::not_found("plugin")
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rollback {
    /// `flow`, `policy`, ...
    kind: PluginKind,
    /// The label of a version that is kept, `name@digest`.
    version: String,
}

/// Makes an earlier version live for the next contact; calls in progress stay on theirs
#[utoipa::path(post, operation_id = "roll_back_flow", path = "/flows/{name}/rollback", tag = "plugins", request_body = Rollback,
    params(("name" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn rollback(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
    Body(wish): Body<Rollback>,
) -> Result<StatusCode, Problem> {
    let cause = app.cause(&caller, String::new()).await?;
    let rolled_back =
        app.sandbox
            .roll_back(caller.tenant, wish.kind, &name, Some(&wish.version), cause);
    match rolled_back.await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(error.into()),
    }
}

impl App {
    /// That somebody does something now, and why.
    pub(super) async fn cause(&self, caller: &Caller, reason: String) -> Result<Cause, Problem> {
        let by = match caller.user {
            Some(id) => Actor::Person {
                id,
                name: self.records.users.get(caller.tenant, id).await?.user_name,
            },
            None => {
                let tokens = self.records.tokens.all(caller.tenant).await?;
                let token = tokens.into_iter().find(|token| token.id == caller.session);
                Actor::Program {
                    id: caller.session,
                    name: token.map(|token| token.name).unwrap_or_default(),
                }
            }
        };
        Ok(Cause {
            at: now(),
            by,
            reason,
        })
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::UnknownVersion(_) | ChangeError::NothingBefore => {
                Problem::not_found("version")
            }
            ChangeError::Invalid { field, message } => Problem::invalid(field, message),
            ChangeError::Refused(_)
            | ChangeError::NothingActive
            | ChangeError::NotTried
            | ChangeError::NotLoaded(_) => Problem::conflict(error.to_string()),
            ChangeError::Unavailable => Problem::busy(error.to_string()),
            ChangeError::Store(_) => Problem::internal(&error),
        }
    }
}

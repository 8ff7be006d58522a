//! The tenant's plugins: what is live, who is on which version, and what is wrong with the last
//! save.

use super::App;
use super::caller::{Administrator, Supervisor};
use super::problem::Problem;
use super::{Body, Path};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_sandbox::{PluginKind, PluginStatus, RollbackError};
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

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rollback {
    /// `flow` or `policy`.
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
    match app
        .sandbox
        .rollback(caller.tenant, wish.kind, &name, &wish.version)
        .await
    {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(RollbackError::UnknownVersion(_)) => Err(Problem::not_found("version")),
        Err(error @ RollbackError::Refused(_)) => Err(Problem::conflict(error.to_string())),
        Err(error @ RollbackError::Unavailable) => Err(Problem::busy(error.to_string())),
        Err(error @ RollbackError::Store(_)) => Err(Problem::internal(&error)),
    }
}

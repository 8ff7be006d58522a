//! What a candidate would do, or does to a part of the contacts: shadow, canary, replay.

use super::super::caller::{Administrator, Supervisor};
use super::super::problem::Problem;
use super::super::{App, Path};
use super::no_such_plugin;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hotline_sandbox::PluginKind;
use hotline_sandbox::rollout::{ReplayError, ReplayReport, TrialResults};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurrentTrial {
    /// None when no version is in shadow or a canary.
    trial: Option<TrialResults>,
}

/// What came of the trial that is under way: contacts decided otherwise, and both groups of a canary
#[utoipa::path(get, operation_id = "get_plugin_trial", path = "/plugins/{kind}/{name}/trial", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)),
    responses((status = 200, body = CurrentTrial), (status = "default", body = Problem)))]
pub(crate) async fn current(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path((kind, name)): Path<(PluginKind, String)>,
) -> Result<Json<CurrentTrial>, Problem> {
    let known = app.sandbox.plugin(caller.tenant, kind, &name);
    known.ok_or_else(no_such_plugin)?;
    let trial = app.sandbox.trial(caller.tenant, kind, &name);
    Ok(Json(CurrentTrial { trial }))
}

/// Runs a version on the last recorded calls of the active one: which contacts it would have treated otherwise
#[utoipa::path(post, operation_id = "replay_plugin_version", path = "/plugins/{kind}/{name}/versions/{version}/replay", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = ReplayReport), (status = "default", body = Problem)))]
pub(crate) async fn replay(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name, version)): Path<(PluginKind, String, String)>,
) -> Result<Json<ReplayReport>, Problem> {
    let report = app.sandbox.replay(caller.tenant, kind, &name, &version);
    Ok(Json(report.await?))
}

/// The last recorded calls, whole, oldest first: a JSON object a line
///
/// They hold what the plugin saw of customers.
#[utoipa::path(get, operation_id = "get_plugin_recorded", path = "/plugins/{kind}/{name}/recorded", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = "default", body = Problem)))]
pub(crate) async fn recorded(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name)): Path<(PluginKind, String)>,
) -> Result<Response, Problem> {
    let known = app.sandbox.plugin(caller.tenant, kind, &name);
    known.ok_or_else(no_such_plugin)?;
    let calls = app.sandbox.recorded(caller.tenant, kind, &name).await?;
    let mut lines = Vec::new();
    for call in &calls {
        serde_json::to_writer(&mut lines, call).map_err(|error| Problem::internal(&error))?;
        lines.push(b'\n');
    }
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response())
}

impl From<ReplayError> for Problem {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::UnknownVersion(_) => Problem::not_found("version"),
            ReplayError::Change(error) => error.into(),
            ReplayError::NothingActive | ReplayError::UnderWay => {
                Problem::conflict(error.to_string())
            }
            ReplayError::Unavailable => Problem::busy(error.to_string()),
            ReplayError::Read(_) => Problem::internal(&error),
        }
    }
}

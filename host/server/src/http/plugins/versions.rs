//! One version of a plugin: what is known of it, and where it shall stand.

use super::super::caller::{Administrator, Supervisor};
use super::super::problem::Problem;
use super::super::{App, Body, Path};
use super::no_such_plugin;
use axum::Json;
use axum::extract::State;
use hotline_sandbox::rollout::{Change, Permission, PermissionChanges, Replayed, Wish};
use hotline_sandbox::{Diagnostic, PluginKind, VersionDetail, VersionStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A version with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    #[serde(flatten)]
    status: VersionStatus,
    kind: PluginKind,
    /// Of its file, or its upload.
    path: String,
    /// Every change of its state, oldest first: when, to what, by whom, and why.
    history: Vec<Change>,
    /// Why it was rejected, or what its admission warned of.
    report: Vec<Finding>,
    /// What it asks for beyond what every plugin has, in plain sentences.
    permissions: Vec<Permission>,
    /// How that differs from the active version's. What is added has to be accepted, by its ids,
    /// when the version is staged.
    permission_changes: PermissionChanges,
    /// Ids of permissions that were accepted for it.
    accepted: Vec<String>,
    /// What its last replay on recorded calls came to.
    replayed: Option<Replayed>,
}

/// One line of an admission report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdmissionFinding)]
pub(crate) struct Finding {
    #[serde(flatten)]
    diagnostic: Diagnostic,
    /// Where this code is explained.
    page: String,
}

impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Self {
        Finding {
            page: format!("/errors/plugins#{}", diagnostic.code),
            diagnostic,
        }
    }
}

impl From<VersionDetail> for Version {
    fn from(detail: VersionDetail) -> Self {
        Version {
            status: detail.status,
            kind: detail.kind,
            path: detail.path,
            history: detail.history,
            report: detail.report.into_iter().map(Finding::from).collect(),
            permissions: detail.permissions,
            permission_changes: detail.permission_changes,
            accepted: detail.accepted,
            replayed: detail.replayed,
        }
    }
}

/// A version by its id, or by its label: who brought it, its history, its report, what it asks for
#[utoipa::path(get, operation_id = "get_plugin_version", path = "/plugins/{kind}/{name}/versions/{version}", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = Version), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path((kind, name, version)): Path<(PluginKind, String, String)>,
) -> Result<Json<Version>, Problem> {
    let detail = app.sandbox.version(caller.tenant, kind, &name, &version);
    let detail = detail.ok_or_else(|| Problem::not_found("version"))?;
    Ok(Json(detail.into()))
}

/// Where a version shall stand, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transition {
    /// `{"staged": {"accept": ["..."]}}`, `"shadow"`, `{"canary": {"split": {"percent": 5}}}` or
    /// `{"canary": {"split": {"callers": ["+49..."]}}}`, `"active"`, `"quarantined"`.
    to: Wish,
    /// At most 500 bytes are kept.
    #[serde(default)]
    reason: String,
}

/// Stages a version, tries it in shadow or as a canary, makes it active, or quarantines it
#[utoipa::path(post, operation_id = "change_plugin_version", path = "/plugins/{kind}/{name}/versions/{version}/state", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path), ("version" = String, Path)), request_body = Transition,
    responses((status = 200, body = Version), (status = "default", body = Problem)))]
pub(crate) async fn change(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name, version)): Path<(PluginKind, String, String)>,
    Body(transition): Body<Transition>,
) -> Result<Json<Version>, Problem> {
    let cause = app.cause(&caller, transition.reason).await?;
    let changed = app
        .sandbox
        .change(caller.tenant, kind, &name, &version, transition.to, cause)
        .await?;
    Ok(Json(changed.into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RollBack {
    /// By its id or label; the one that was active before when none is named.
    version: Option<String>,
    #[serde(default)]
    reason: String,
}

/// Makes an earlier version active for the next contact; calls in progress stay on theirs
#[utoipa::path(post, operation_id = "roll_back_plugin", path = "/plugins/{kind}/{name}/rollback", tag = "plugins",
    params(("kind" = PluginKind, Path), ("name" = String, Path)), request_body = RollBack,
    responses((status = 200, body = Version), (status = "default", body = Problem)))]
pub(crate) async fn roll_back(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((kind, name)): Path<(PluginKind, String)>,
    Body(wish): Body<RollBack>,
) -> Result<Json<Version>, Problem> {
    let known = app.sandbox.plugin(caller.tenant, kind, &name);
    known.ok_or_else(no_such_plugin)?;
    let cause = app.cause(&caller, wish.reason).await?;
    let version = wish.version.as_deref();
    let changed = app
        .sandbox
        .roll_back(caller.tenant, kind, &name, version, cause)
        .await?;
    Ok(Json(changed.into()))
}

//! What the tenant's plugins used since the host started, to the instruction.

use super::App;
use super::caller::Supervisor;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use hotline_sandbox::metering::Metered;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PluginUsage {
    /// A row for each version that was asked; the shipped plugins' as far as they worked for this
    /// tenant.
    items: Vec<Metered>,
}

/// What each version of each plugin used since the host started: calls, faults, fuel, memory, time
#[utoipa::path(get, operation_id = "list_plugin_usage", path = "/usage/plugins", tag = "plugins",
    responses((status = 200, body = PluginUsage), (status = "default", body = Problem)))]
pub(crate) async fn plugins(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
) -> Json<PluginUsage> {
    Json(PluginUsage {
        items: app.sandbox.metered(caller.tenant),
    })
}

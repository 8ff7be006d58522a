//! Routing, explained: the latest decisions, and what the monitors found broken.

use super::caller::Supervisor;
use super::problem::Problem;
use super::{App, Query};
use axum::Json;
use axum::extract::State;
use hotline_records::repositories::events::DecisionRow;
use hotline_records::repositories::page::Limit;
use hotline_vocabulary::Fact;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Latest {
    /// 1 to 500; 50 when absent.
    limit: Option<u32>,
}

impl Latest {
    fn limit(&self) -> Result<Limit, Problem> {
        Ok(self.limit.map_or(Ok(Limit::DEFAULT), Limit::new)?)
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Decisions {
    items: Vec<DecisionRow>,
}

/// The latest decisions, newest first, each with everything that led to it
#[utoipa::path(get, operation_id = "list_decisions", path = "/routing/decisions", tag = "routing", params(Latest),
    responses((status = 200, body = Decisions), (status = "default", body = Problem)))]
pub(crate) async fn decisions(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Query(latest): Query<Latest>,
) -> Result<Json<Decisions>, Problem> {
    let events = &app.records.events;
    let items = events.decisions(caller.tenant, latest.limit()?).await?;
    Ok(Json(Decisions { items }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Violations {
    /// Facts of the kind `invariant_violated`.
    items: Vec<Fact>,
}

/// What should have held at every instant and did not, newest first
#[utoipa::path(get, operation_id = "list_violations", path = "/routing/violations", tag = "routing", params(Latest),
    responses((status = 200, body = Violations), (status = "default", body = Problem)))]
pub(crate) async fn violations(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Query(latest): Query<Latest>,
) -> Result<Json<Violations>, Problem> {
    let events = &app.records.events;
    let items = events.violations(caller.tenant, latest.limit()?).await?;
    Ok(Json(Violations { items }))
}

//! What the tenant's plugins may use: set by the operator of the host, shown to the tenant.

use super::App;
use super::caller::Supervisor;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use hotline_sandbox::limits::{Limits, NamedPlan};
use serde::Serialize;
use utoipa::ToSchema;

/// What a tenant's plugins may use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PluginPlan {
    /// As the operator calls it; none: the usual limits.
    name: Option<String>,
    limits: Vec<CallLimits>,
}

/// What one call may use.
#[derive(Debug, Serialize, ToSchema)]
struct CallLimits {
    call: LimitedCall,
    /// About one unit an instruction.
    fuel: u64,
    /// Of the thread's processor; the backstop behind fuel.
    processor_time_ms: u64,
    /// Each linear memory.
    memory_bytes: u64,
    /// Kept between two calls about one contact; none where nothing is.
    state_bytes: Option<u64>,
    /// Actions of a step, hints about an utterance, requests of a round; none where there are none.
    effects: Option<u64>,
    /// Lines that are kept of what it writes.
    log_lines: u64,
}

/// The kinds of call that have limits of their own.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LimitedCall {
    FlowStep,
    Routing,
    Qa,
    QaLive,
    Connector,
}

/// What the tenant's plugins may use, as the host's operator has set it
#[utoipa::path(get, operation_id = "plugin_plan", path = "/plan", tag = "plugins",
    responses((status = 200, body = PluginPlan), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
) -> Json<PluginPlan> {
    Json(PluginPlan::from(app.sandbox.plan(caller.tenant)))
}

impl From<NamedPlan> for PluginPlan {
    fn from(NamedPlan { name, limits }: NamedPlan) -> Self {
        let remembers = |call, limits: Limits| CallLimits {
            state_bytes: Some(limits.state_bytes as u64),
            effects: Some(limits.effects as u64),
            ..row(call, limits)
        };
        PluginPlan {
            name,
            limits: vec![
                remembers(LimitedCall::FlowStep, limits.flow_step),
                row(LimitedCall::Routing, limits.routing),
                row(LimitedCall::Qa, limits.qa),
                remembers(LimitedCall::QaLive, limits.qa_live),
                remembers(LimitedCall::Connector, limits.connector),
            ],
        }
    }
}

/// Of a call that keeps nothing and does nothing but answer.
fn row(call: LimitedCall, limits: Limits) -> CallLimits {
    let time = limits.processor_time.as_millis();
    CallLimits {
        call,
        fuel: limits.fuel,
        processor_time_ms: u64::try_from(time).unwrap_or(u64::MAX),
        memory_bytes: limits.memory_bytes as u64,
        state_bytes: None,
        effects: None,
        log_lines: limits.log_lines as u64,
    }
}

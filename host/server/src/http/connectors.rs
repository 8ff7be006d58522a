//! Connectors: their secrets (which go in and never come out), what they are used for, what they sent
//! and got, and what they still have to do.

use super::caller::Administrator;
use super::problem::Problem;
use super::{App, Body, Path};
use crate::clock::now;
use crate::connectors::{RunError, SetError, owner};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_outbound::Exchange;
use hotline_outbound::breaker::BreakerState;
use hotline_records::repositories::connectors::{ConnectorJob, ConnectorUse};
use hotline_records::repositories::plugin_secrets::PluginSecret;
use hotline_sandbox::PluginKind;
use hotline_vocabulary::connector::{Answer, Operation, Task};
use hotline_vocabulary::ids::{ContactId, TenantId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectorStatus {
    name: String,
    uses: BTreeSet<ConnectorUse>,
    /// Those that the live version refers to.
    asks_for: Vec<hotline_manifest::Secret>,
    /// Those that are set, by name.
    secrets: Vec<PluginSecret>,
    /// Those that were asked since the host started.
    endpoints: Vec<EndpointStatus>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EndpointStatus {
    name: String,
    breaker: BreakerState,
    requests: u64,
    failures: u64,
}

/// What is set up for a connector
#[utoipa::path(get, operation_id = "get_connector", path = "/connectors/{name}", tag = "connectors",
    params(("name" = String, Path)),
    responses((status = 200, body = ConnectorStatus), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<Json<ConnectorStatus>, Problem> {
    must_be_known(&app, caller.tenant, &name).await?;
    let owner = owner(caller.tenant, &name);
    let manifest = app
        .sandbox
        .manifest(caller.tenant, PluginKind::Connector, &name);
    let mut uses = app.records.connectors.uses(caller.tenant).await?;
    let figures = app.connectors.outbound.figures(caller.tenant);
    let endpoints = figures.into_iter().filter(|one| one.owner == owner);
    Ok(Json(ConnectorStatus {
        uses: uses.remove(&name).unwrap_or_default(),
        asks_for: manifest.map_or_else(Vec::new, |manifest| manifest.secrets.clone()),
        secrets: app.connectors.vault.list(&owner).await?,
        endpoints: endpoints
            .map(|one| EndpointStatus {
                name: one.endpoint,
                breaker: one.breaker,
                requests: one.figures.requests,
                failures: one.figures.failures.values().sum(),
            })
            .collect(),
        name,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsesWish {
    uses: BTreeSet<ConnectorUse>,
}

/// Says what the host asks a connector by itself
#[utoipa::path(put, operation_id = "set_connector_uses", path = "/connectors/{name}/uses", tag = "connectors", request_body = UsesWish,
    params(("name" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn set_uses(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
    Body(wish): Body<UsesWish>,
) -> Result<StatusCode, Problem> {
    let connectors = &app.records.connectors;
    connectors
        .set_uses(caller.tenant, &name, &wish.uses)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretWish {
    /// Sealed at once; nobody can read it again.
    value: String,
}

/// Sets a secret, in place of the one there was
#[utoipa::path(put, operation_id = "set_connector_secret", path = "/connectors/{name}/secrets/{secret}", tag = "connectors", request_body = SecretWish,
    params(("name" = String, Path), ("secret" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn set_secret(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((name, secret)): Path<(String, String)>,
    Body(wish): Body<SecretWish>,
) -> Result<StatusCode, Problem> {
    if !hotline_outbound::is_name(&name) {
        return Err(Problem::not_found("connector"));
    }
    let value = hotline_outbound::Secret::new(wish.value);
    let place = (name.as_str(), secret.as_str());
    let set = app
        .connectors
        .set_secret(caller.tenant, place, &value, caller.user);
    match set.await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error @ SetError::Length) => Err(Problem::invalid("value", error.to_string())),
        Err(error @ SetError::Randomness) => Err(Problem::internal(&error)),
        Err(SetError::Records(error)) => Err(error.into()),
    }
}

/// Deletes a secret
#[utoipa::path(delete, operation_id = "delete_connector_secret", path = "/connectors/{name}/secrets/{secret}", tag = "connectors",
    params(("name" = String, Path), ("secret" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn delete_secret(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((name, secret)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let place = (name.as_str(), secret.as_str());
    app.connectors.delete_secret(caller.tenant, place).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checked {
    connected: bool,
    /// What was reached, or what is wrong; for an administrator.
    summary: String,
}

/// How long a person waits for it.
const LONGEST_CHECK: Duration = Duration::from_secs(30);

/// Asks a connector whether its address, secrets and rights are right
#[utoipa::path(post, operation_id = "check_connector", path = "/connectors/{name}/check", tag = "connectors",
    params(("name" = String, Path)),
    responses((status = 200, body = Checked), (status = "default", body = Problem)))]
pub(crate) async fn check(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<Json<Checked>, Problem> {
    if !app.connectors.is_live(caller.tenant, &name) {
        return Err(Problem::not_found("connector that is live"));
    }
    let task = Task {
        operation: Operation::CheckConnection,
        interaction: None,
        at: now(),
    };
    let run = app
        .connectors
        .run((caller.tenant, &name), None, task, LONGEST_CHECK);
    let (connected, summary) = match run.await {
        Ok(Answer::Connected(connection)) => (true, connection.summary),
        Ok(_) => (false, "it answered another question".to_owned()),
        Err(error @ RunError::Busy(_)) => return Err(Problem::busy(error.to_string())),
        Err(error) => (false, error.to_string()),
    };
    Ok(Json(Checked { connected, summary }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Exchanges {
    /// The newest first; at most 50 are kept, since the host started.
    items: Vec<Exchange>,
}

/// What a connector sent and got lately, without its secrets
#[utoipa::path(get, operation_id = "list_connector_exchanges", path = "/connectors/{name}/exchanges", tag = "connectors",
    params(("name" = String, Path)),
    responses((status = 200, body = Exchanges), (status = "default", body = Problem)))]
pub(crate) async fn exchanges(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<Json<Exchanges>, Problem> {
    must_be_known(&app, caller.tenant, &name).await?;
    let kept = app
        .connectors
        .outbound
        .exchanges(&owner(caller.tenant, &name));
    let items = kept.into_iter().map(Arc::unwrap_or_clone).collect();
    Ok(Json(Exchanges { items }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Jobs {
    items: Vec<ConnectorJob>,
}

/// What a connector has to do after contacts: what waits or was given up, then the newest
#[utoipa::path(get, operation_id = "list_connector_jobs", path = "/connectors/{name}/jobs", tag = "connectors",
    params(("name" = String, Path)),
    responses((status = 200, body = Jobs), (status = "default", body = Problem)))]
pub(crate) async fn jobs(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<Json<Jobs>, Problem> {
    must_be_known(&app, caller.tenant, &name).await?;
    let items = app.records.connectors.jobs(caller.tenant, &name).await?;
    Ok(Json(Jobs { items }))
}

/// Runs a job again that was given up, by its contact
#[utoipa::path(post, operation_id = "retry_connector_job", path = "/connectors/{name}/jobs/{id}/retry", tag = "connectors",
    params(("name" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn retry(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path((name, contact)): Path<(String, ContactId)>,
) -> Result<StatusCode, Problem> {
    let connectors = &app.records.connectors;
    connectors
        .revive(caller.tenant, &name, contact, now())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn must_be_known(app: &App, tenant: TenantId, name: &str) -> Result<(), Problem> {
    match app.connectors.is_known(tenant, name).await? {
        true => Ok(()),
        false => Err(Problem::not_found("connector")),
    }
}

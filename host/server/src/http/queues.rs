//! Queues: what they are set to, and how they stand.

use super::caller::{Administrator, Caller, Role};
use super::problem::Problem;
use super::{App, Body, Path};
use crate::clock::now;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_records::repositories::queues::QueueDraft;
use hotline_vocabulary::configuration::Queue;
use hotline_vocabulary::ids::QueueId;
use hotline_vocabulary::live::QueueLive;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queues {
    items: Vec<QueueItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueItem {
    #[serde(flatten)]
    queue: Queue,
    /// None in the moment after its creation.
    live: Option<QueueLive>,
}

/// The queues; an agent sees their own
#[utoipa::path(get, operation_id = "list_queues", path = "/queues", tag = "queues",
    responses((status = 200, body = Queues), (status = "default", body = Problem)))]
pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Queues>, Problem> {
    let mut queues = app.records.queues.all(caller.tenant).await?;
    if !caller.is_at_least(Role::Supervisor) {
        let own = app
            .agent_setup(caller.tenant, caller.agent()?)
            .await?
            .queues;
        queues.retain(|queue| own.contains(&queue.id));
    }
    let live = app.exchange(caller.tenant)?.live().borrow().clone();
    let items = queues
        .into_iter()
        .map(|queue| QueueItem {
            live: live.queues.iter().find(|live| live.id == queue.id).cloned(),
            queue,
        })
        .collect();
    Ok(Json(Queues { items }))
}

/// Creates a queue
#[utoipa::path(post, operation_id = "create_queue", path = "/queues", tag = "queues", request_body = QueueDraft,
    responses((status = 201, body = Queue), (status = "default", body = Problem)))]
pub(crate) async fn create(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Body(draft): Body<QueueDraft>,
) -> Result<(StatusCode, Json<Queue>), Problem> {
    let queue = app
        .records
        .queues
        .create(caller.tenant, now(), draft)
        .await?;
    app.configuration_changed(caller.tenant).await?;
    Ok((StatusCode::CREATED, Json(queue)))
}

/// Changes a queue; applies to waiting contacts too
#[utoipa::path(put, operation_id = "replace_queue", path = "/queues/{id}", tag = "queues", request_body = QueueDraft,
    params(("id" = String, Path)),
    responses((status = 200, body = Queue), (status = "default", body = Problem)))]
pub(crate) async fn replace(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(id): Path<QueueId>,
    Body(draft): Body<QueueDraft>,
) -> Result<Json<Queue>, Problem> {
    let queue = app.records.queues.update(caller.tenant, id, draft).await?;
    app.configuration_changed(caller.tenant).await?;
    Ok(Json(queue))
}

/// Deletes a queue; history keeps its name
#[utoipa::path(delete, operation_id = "delete_queue", path = "/queues/{id}", tag = "queues", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn remove(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(id): Path<QueueId>,
) -> Result<StatusCode, Problem> {
    app.records.queues.delete(caller.tenant, id).await?;
    app.configuration_changed(caller.tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

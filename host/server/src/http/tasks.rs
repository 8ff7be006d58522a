//! Tasks: work that programs and supervisors put into queues, for agents beside their calls.

use super::caller::Supervisor;
use super::problem::Problem;
use super::{App, Body, Path};
use crate::exchange::RequestError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_vocabulary::ids::{ContactId, QueueId, TenantId};
use hotline_vocabulary::input::Task;
use hotline_vocabulary::skills::SkillExpression;
use hotline_vocabulary::{Channel, Input};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Most attributes of one task.
const ATTRIBUTES: usize = 64;
/// Longest name of an attribute, in bytes.
const NAME: usize = 64;
/// Longest value of an attribute, in bytes.
const VALUE: usize = 1_024;
/// Longest address of a customer, in bytes.
const CUSTOMER: usize = 256;
/// Highest priority, and lowest below zero.
const PRIORITY: i32 = 1_000;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TaskDraft {
    queue: QueueId,
    /// Whom the work is for: a number, an e-mail address, a ticket.
    #[serde(default)]
    customer: String,
    /// From -1000 to 1000; the highest comes first.
    #[serde(default)]
    priority: i32,
    /// Besides what the queue requires.
    #[serde(default)]
    skills: SkillExpression,
    /// What the agent is shown, and policies may decide by; at most 64.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    /// The contact that it came from.
    parent: Option<ContactId>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedTask {
    /// The task is a contact, with a timeline like any other.
    contact: ContactId,
}

/// Puts a piece of work into a queue
#[utoipa::path(post, operation_id = "create_task", path = "/tasks", tag = "tasks", request_body = TaskDraft,
    responses((status = 201, body = CreatedTask),
        (status = 409, description = "Refused, with the reason: the queue is full, for instance", body = Problem),
        (status = "default", body = Problem)))]
pub(crate) async fn create(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Body(draft): Body<TaskDraft>,
) -> Result<(StatusCode, Json<CreatedTask>), Problem> {
    check(&draft)?;
    if let Some(parent) = draft.parent {
        parent_exists(&app, caller.tenant, parent).await?;
    }
    let queues = app.records.queues.all(caller.tenant).await?;
    if !queues.iter().any(|queue| queue.id == draft.queue) {
        return Err(Problem::invalid("queue", "there is no such queue"));
    }
    // What is not written down is not promised: the journal has to have room.
    if !app.journal.has_room() {
        return Err(Problem::busy("the journal is full"));
    }
    let contact: ContactId = app.mint();
    let task = Task {
        contact,
        customer: draft.customer.as_str().into(),
        queue: draft.queue,
        priority: draft.priority,
        skills: draft.skills,
        attributes: draft.attributes.into_iter().collect(),
        parent: draft.parent,
    };
    let exchange = app.exchange(caller.tenant)?;
    exchange.ask(Input::TaskCreated(task)).await?;
    Ok((StatusCode::CREATED, Json(CreatedTask { contact })))
}

/// Takes back a task that no agent works on yet
#[utoipa::path(delete, operation_id = "withdraw_task", path = "/tasks/{id}", tag = "tasks", params(("id" = String, Path)),
    responses((status = 204),
        (status = 409, description = "Refused: an agent works on it", body = Problem),
        (status = "default", body = Problem)))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path(contact): Path<ContactId>,
) -> Result<StatusCode, Problem> {
    let exchange = app.exchange(caller.tenant)?;
    match exchange.ask(Input::TaskWithdrawn { contact }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RequestError::Refused(refused)) => {
            let live = exchange.live().borrow().clone();
            let open = live.contact(contact);
            match open.is_some_and(|open| open.channel == Channel::Task) {
                true => Err(Problem::refused(refused.reason)),
                false => Err(Problem::not_found("task")),
            }
        }
        Err(error) => Err(error.into()),
    }
}

async fn parent_exists(app: &App, tenant: TenantId, parent: ContactId) -> Result<(), Problem> {
    let live = app.exchange(tenant)?.live().borrow().clone();
    // History follows by a moment.
    if live.contact(parent).is_some() || app.records.contacts.get(tenant, parent).await.is_ok() {
        return Ok(());
    }
    Err(Problem::invalid("parent", "there is no such contact"))
}

fn check(draft: &TaskDraft) -> Result<(), Problem> {
    let within = |field: String, text: &str, most: usize| {
        if text.len() > most {
            return Err(Problem::invalid(field, format!("longer than {most} bytes")));
        }
        Ok(())
    };
    within("customer".to_owned(), &draft.customer, CUSTOMER)?;
    if draft.priority.abs() > PRIORITY {
        let message = format!("must be from -{PRIORITY} to {PRIORITY}");
        return Err(Problem::invalid("priority", message));
    }
    if draft.attributes.len() > ATTRIBUTES {
        let message = format!("more than {ATTRIBUTES} attributes");
        return Err(Problem::invalid("attributes", message));
    }
    for (name, value) in &draft.attributes {
        if name.is_empty() || name.len() > NAME || name.chars().any(char::is_control) {
            let message = format!("a name must have 1 to {NAME} bytes and no control characters");
            return Err(Problem::invalid("attributes", message));
        }
        within(format!("attributes.{name}"), value, VALUE)?;
    }
    Ok(())
}

//! Contacts: the list, one in full, its timeline and its recording.

use super::caller::{Caller, Role, Supervisor};
use super::problem::Problem;
use super::{App, Path, Query};
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hotline_records::repositories::contacts::{
    ContactDetail, ContactFilter, ContactRow, ContactState,
};
use hotline_records::repositories::page::{ContactCursor, Limit};
use hotline_vocabulary::Fact;
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId};
use hotline_vocabulary::live::ContactLive;
use hotline_vocabulary::routing::WhyWaiting;
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use tower_http::services::ServeFile;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Filter {
    #[param(inline)]
    state: Option<ContactState>,
    /// Contacts that were in this queue.
    queue: Option<QueueId>,
    /// Contacts that this agent handled.
    agent: Option<AgentId>,
    /// The caller's address begins with this.
    caller: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Contacts {
    items: Vec<ContactRow>,
    /// None on the last page.
    next_cursor: Option<String>,
}

/// Contacts, newest first; an agent sees those that they handled
#[utoipa::path(get, operation_id = "list_contacts", path = "/contacts", tag = "contacts", params(Filter),
    responses((status = 200, body = Contacts), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(filter): Query<Filter>,
) -> Result<Json<Contacts>, Problem> {
    let agent = if caller.is_at_least(Role::Supervisor) {
        filter.agent
    } else {
        Some(caller.agent()?)
    };
    let wanted = ContactFilter {
        state: filter.state,
        queue: filter.queue,
        agent,
        caller: filter.caller,
    };
    let cursor = filter
        .cursor
        .as_deref()
        .map(str::parse::<ContactCursor>)
        .transpose()?;
    let limit = filter.limit.map_or(Ok(Limit::DEFAULT), Limit::new)?;
    let page = app
        .records
        .contacts
        .page(caller.tenant, &wanted, cursor, limit)
        .await?;
    Ok(Json(Contacts {
        items: page.items,
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Contact {
    #[serde(flatten)]
    detail: ContactDetail,
    /// Where it is now; none once it has ended.
    live: Option<ContactLive>,
}

/// One contact in full
#[utoipa::path(get, operation_id = "contact", path = "/contacts/{id}", tag = "contacts", params(("id" = String, Path)),
    responses((status = 200, body = Contact), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
) -> Result<Json<Contact>, Problem> {
    may_see(&app, &caller, id).await?;
    let detail = app.records.contacts.get(caller.tenant, id).await?;
    let live = app.exchange(caller.tenant)?.live().borrow().clone();
    let live = live
        .contacts
        .iter()
        .find(|contact| contact.id == id)
        .cloned();
    Ok(Json(Contact { detail, live }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Timeline {
    items: Vec<Fact>,
}

/// Everything that happened to a contact, in order
#[utoipa::path(get, operation_id = "contact_timeline", path = "/contacts/{id}/timeline", tag = "contacts",
    params(("id" = String, Path)),
    responses((status = 200, body = Timeline), (status = "default", body = Problem)))]
pub(crate) async fn timeline(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ContactId>,
) -> Result<Json<Timeline>, Problem> {
    may_see(&app, &caller, id).await?;
    Ok(Json(Timeline {
        items: app.records.contacts.timeline(caller.tenant, id).await?,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Waiting {
    /// None when it waits in no queue just now.
    why: Option<WhyWaiting>,
}

/// Why a contact still waits: who could take it, and what keeps each of the others out
#[utoipa::path(get, operation_id = "contact_waiting", path = "/contacts/{id}/waiting", tag = "contacts",
    params(("id" = String, Path)),
    responses((status = 200, body = Waiting), (status = "default", body = Problem)))]
pub(crate) async fn waiting(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path(id): Path<ContactId>,
) -> Result<Json<Waiting>, Problem> {
    let why = app.exchange(caller.tenant)?.why_waiting(id).await?;
    if why.is_none() {
        // Whether there is one at all; a contact of this moment may not be in the records yet.
        let live = app.exchange(caller.tenant)?.live().borrow().clone();
        if live.contact(id).is_none() {
            app.records.contacts.folded(caller.tenant, id).await?;
        }
    }
    Ok(Json(Waiting { why }))
}

/// The recording: stereo WAV, left the customer, right what the customer heard; takes ranges
#[utoipa::path(get, operation_id = "contact_recording", path = "/contacts/{id}/recording", tag = "contacts",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "audio/wav"), (status = "default", body = Problem)))]
pub(crate) async fn recording(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path(id): Path<ContactId>,
    request: Request,
) -> Result<Response, Problem> {
    let recordings = app.records.contacts.recordings(caller.tenant, id).await?;
    let recording = recordings
        .last()
        .ok_or_else(|| Problem::not_found("recording"))?;
    let file = crate::folders::recording(&app.recordings, caller.tenant, recording.id);
    if !tokio::fs::try_exists(&file).await.unwrap_or(false) {
        return Err(Problem::not_found("recording"));
    }
    let served = ServeFile::new_with_mime(file, &AUDIO)
        .oneshot(request)
        .await;
    Ok(served
        .map_err(|error| Problem::internal(&error))?
        .map(Body::new)
        .into_response())
}

static AUDIO: std::sync::LazyLock<mime::Mime> = std::sync::LazyLock::new(|| {
    "audio/wav"
        .parse()
        .unwrap_or(mime::APPLICATION_OCTET_STREAM)
});

/// Agents see the contacts that they handled, and no others; to them, others do not exist.
async fn may_see(app: &App, caller: &Caller, contact: ContactId) -> Result<(), Problem> {
    if caller.is_at_least(Role::Supervisor) {
        return Ok(());
    }
    let agent = caller.agent()?;
    let timeline = app
        .records
        .contacts
        .timeline(caller.tenant, contact)
        .await?;
    if timeline.iter().any(|fact| fact.agent == Some(agent)) {
        return Ok(());
    }
    let live = app.exchange(caller.tenant)?.live().borrow().clone();
    let is_theirs = live
        .agents
        .iter()
        .any(|own| own.id == agent && own.state.contact() == Some(contact));
    if is_theirs {
        Ok(())
    } else {
        Err(Problem::not_found("contact"))
    }
}

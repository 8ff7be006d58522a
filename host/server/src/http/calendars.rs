//! Calendars: the business hours and holidays that queues keep.

use super::caller::{Administrator, Supervisor};
use super::problem::Problem;
use super::{App, Body, Path};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_records::repositories::calendars::CalendarDraft;
use hotline_vocabulary::configuration::Calendar;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Calendars {
    items: Vec<Calendar>,
}

/// The tenant's calendars, by name
#[utoipa::path(get, operation_id = "list_calendars", path = "/calendars", tag = "queues",
    responses((status = 200, body = Calendars), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
) -> Result<Json<Calendars>, Problem> {
    Ok(Json(Calendars {
        items: app.records.calendars.all(caller.tenant).await?,
    }))
}

/// One calendar
#[utoipa::path(get, operation_id = "get_calendar", path = "/calendars/{name}", tag = "queues",
    params(("name" = String, Path)),
    responses((status = 200, body = Calendar), (status = "default", body = Problem)))]
pub(crate) async fn one(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path(name): Path<String>,
) -> Result<Json<Calendar>, Problem> {
    Ok(Json(app.records.calendars.get(caller.tenant, &name).await?))
}

/// Creates a calendar, or changes it for every queue that keeps it and for who waits there
#[utoipa::path(put, operation_id = "put_calendar", path = "/calendars/{name}", tag = "queues", request_body = CalendarDraft,
    params(("name" = String, Path)),
    responses((status = 200, body = Calendar), (status = "default", body = Problem)))]
pub(crate) async fn put(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
    Body(draft): Body<CalendarDraft>,
) -> Result<Json<Calendar>, Problem> {
    let calendars = &app.records.calendars;
    let calendar = calendars.put(caller.tenant, &name, draft).await?;
    app.configuration_changed(caller.tenant).await?;
    Ok(Json(calendar))
}

/// Deletes a calendar that no queue keeps
#[utoipa::path(delete, operation_id = "delete_calendar", path = "/calendars/{name}", tag = "queues",
    params(("name" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn remove(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    app.records.calendars.delete(caller.tenant, &name).await?;
    app.configuration_changed(caller.tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

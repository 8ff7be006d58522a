//! Facts in their order, by cursor.

use super::caller::Supervisor;
use super::problem::Problem;
use super::{App, Query};
use axum::Json;
use axum::extract::State;
use hotline_records::repositories::page::{FactCursor, Limit};
use hotline_vocabulary::Fact;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Range {
    /// The cursor of the last fact already known; from the first fact when absent.
    after: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Events {
    items: Vec<Event>,
    /// Ask again with it to follow.
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Event {
    cursor: String,
    fact: Fact,
}

/// What happened, in order
#[utoipa::path(get, operation_id = "list_events", path = "/events", tag = "live", params(Range),
    responses((status = 200, body = Events), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Query(range): Query<Range>,
) -> Result<Json<Events>, Problem> {
    let after: FactCursor = match &range.after {
        Some(text) => text.parse()?,
        None => FactCursor::default(),
    };
    let limit = range.limit.map_or(Ok(Limit::DEFAULT), Limit::new)?;
    let page = app.records.events.page(caller.tenant, after, limit).await?;
    let items = page
        .items
        .into_iter()
        .map(|fact| Event {
            cursor: FactCursor::from(&fact).to_string(),
            fact,
        })
        .collect();
    Ok(Json(Events {
        items,
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

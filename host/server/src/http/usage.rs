//! What the tenant's plugins used, to the instruction: since the host started, by day, by contact.

use super::caller::Supervisor;
use super::problem::Problem;
use super::{App, Path, Query};
use crate::clock::now;
use axum::Json;
use axum::extract::State;
use hotline_records::repositories::page::Limit;
use hotline_records::repositories::usage::{ContactUsage, Day, DayUsage, UsageCursor};
use hotline_sandbox::metering::Metered;
use hotline_vocabulary::ids::ContactId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PluginUsage {
    /// A row for each version that was asked and what it was run for; the shipped plugins' as far as they worked for this
    /// tenant.
    items: Vec<Metered>,
}

/// What each version of each plugin used since the host started, by what it was run for: calls, faults, fuel, memory, time
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

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Days {
    /// The first day, UTC; 29 days before the last when absent.
    first: Option<Day>,
    /// The last day, UTC; today when absent.
    last: Option<Day>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 500; 50 when absent.
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageByDay {
    /// A row for each day, version that was asked and what it was run for; the newest day first.
    items: Vec<DayUsage>,
    /// None on the last page.
    next_cursor: Option<String>,
}

/// What each version of each plugin used, by day (UTC) and what it was run for; kept for good, about a second behind
#[utoipa::path(get, operation_id = "list_usage_by_day", path = "/usage/days", tag = "plugins", params(Days),
    responses((status = 200, body = UsageByDay), (status = "default", body = Problem)))]
pub(crate) async fn days(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Query(asked): Query<Days>,
) -> Result<Json<UsageByDay>, Problem> {
    let last = asked.last.unwrap_or_else(|| Day::of(now()));
    let first = asked.first.unwrap_or_else(|| last.before(29));
    let cursor = asked
        .cursor
        .as_deref()
        .map(str::parse::<UsageCursor>)
        .transpose()?;
    let limit = asked.limit.map_or(Ok(Limit::DEFAULT), Limit::new)?;
    let page = app
        .records
        .usage
        .days(caller.tenant, (first, last), cursor.as_ref(), limit)
        .await?;
    Ok(Json(UsageByDay {
        items: page.items,
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageOfContact {
    /// A row for each version that was asked about it.
    items: Vec<ContactUsage>,
}

/// What plugins used for one contact; kept for good, about a second behind
#[utoipa::path(get, operation_id = "contact_usage", path = "/contacts/{id}/usage", tag = "contacts",
    params(("id" = String, Path)),
    responses((status = 200, body = UsageOfContact), (status = "default", body = Problem)))]
pub(crate) async fn of_contact(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
    Path(id): Path<ContactId>,
) -> Result<Json<UsageOfContact>, Problem> {
    let items = app.records.usage.of_contact(caller.tenant, id).await?;
    if items.is_empty() {
        // Whether there is one at all; a contact of this moment may not be in the records yet.
        let live = app.exchange(caller.tenant)?.live().borrow().clone();
        if live.contact(id).is_none() {
            app.records.contacts.get(caller.tenant, id).await?;
        }
    }
    Ok(Json(UsageOfContact { items }))
}

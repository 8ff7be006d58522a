//! Numbers that callers may dial, and the flow that answers each.

use super::caller::{Administrator, Supervisor};
use super::problem::Problem;
use super::{App, Body, Path};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_vocabulary::configuration::Number;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Numbers {
    items: Vec<Number>,
}

/// The tenant's numbers
#[utoipa::path(get, operation_id = "list_numbers", path = "/numbers", tag = "numbers",
    responses((status = 200, body = Numbers), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    Supervisor(caller): Supervisor,
) -> Result<Json<Numbers>, Problem> {
    Ok(Json(Numbers {
        items: app.records.numbers.all(caller.tenant).await?,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberWish {
    /// The name of a flow in the tenant's folder.
    flow: String,
    /// Whether a web page may call it without credentials.
    #[serde(default)]
    click_to_call: bool,
}

/// Creates a number, or changes which flow answers it from the next call on
#[utoipa::path(put, operation_id = "put_number", path = "/numbers/{dialled}", tag = "numbers", request_body = NumberWish,
    params(("dialled" = String, Path)),
    responses((status = 200, body = Number), (status = "default", body = Problem)))]
pub(crate) async fn put(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(dialled): Path<String>,
    Body(wish): Body<NumberWish>,
) -> Result<Json<Number>, Problem> {
    if !app.sandbox.has_flow(caller.tenant, &wish.flow) {
        return Err(Problem::invalid(
            "flow",
            format!("no flow `{}` is live", wish.flow),
        ));
    }
    let number = Number {
        dialled,
        flow: wish.flow,
        click_to_call: wish.click_to_call,
    };
    app.records.numbers.put(caller.tenant, &number).await?;
    app.configuration_changed(caller.tenant).await?;
    Ok(Json(number))
}

/// Deletes a number
#[utoipa::path(delete, operation_id = "delete_number", path = "/numbers/{dialled}", tag = "numbers",
    params(("dialled" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn remove(
    State(app): State<App>,
    Administrator(caller): Administrator,
    Path(dialled): Path<String>,
) -> Result<StatusCode, Problem> {
    app.records.numbers.delete(caller.tenant, &dialled).await?;
    app.configuration_changed(caller.tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

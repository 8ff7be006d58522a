//! What a web page may do without credentials: see a tenant's click-to-call lines and call one.

use super::problem::Problem;
use super::{App, Body, Path, Query, Upgrade};
use crate::legs::{Leg, Side};
use crate::web_calls::CallState;
use axum::Json;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::Response;
use hotline_vocabulary::ids::{ContactId, LegId};
use hotline_vocabulary::input::CallArrived;
use hotline_vocabulary::{Channel, EndReason, Input, Personal};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use utoipa::{IntoParams, ToSchema};

/// A page that does not follow its call within this is taken to be gone.
const FOLLOW_WITHIN: Duration = Duration::from_secs(15);

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lines {
    display_name: String,
    language: String,
    lines: Vec<Line>,
    /// STUN and TURN servers for the page's connection.
    ice_servers: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    number: String,
    flow: String,
}

/// A tenant's lines that a web page may call
#[utoipa::path(get, operation_id = "public_lines", path = "/public/{tenant}", tag = "public", security(()),
    params(("tenant" = String, Path)),
    responses((status = 200, body = Lines), (status = "default", body = Problem)))]
pub(crate) async fn lines(
    State(app): State<App>,
    Path(tenant): Path<String>,
) -> Result<Json<Lines>, Problem> {
    let tenant = app
        .directory
        .tenant_named(&tenant)
        .ok_or_else(|| Problem::not_found("tenant"))?;
    let mut lines: Vec<Line> = tenant
        .numbers
        .iter()
        .filter(|(_, number)| number.click_to_call)
        .map(|(dialled, number)| Line {
            number: dialled.clone(),
            flow: number.flow.clone(),
        })
        .collect();
    lines.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(Json(Lines {
        display_name: tenant.display_name.clone(),
        language: tenant.language.clone(),
        lines,
        ice_servers: app.ice_servers.clone(),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCall {
    /// One of the tenant's click-to-call lines.
    number: String,
    /// The browser's SDP offer, with its candidates gathered.
    sdp: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartedCall {
    call: LegId,
    /// To follow and to end this call; only its page knows it.
    token: String,
    sdp: String,
}

/// Calls a line from a web page
#[utoipa::path(post, operation_id = "public_call", path = "/public/{tenant}/calls", tag = "public", request_body = NewCall,
    security(()), params(("tenant" = String, Path)),
    responses((status = 201, body = StartedCall), (status = "default", body = Problem)))]
pub(crate) async fn call(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Path(tenant): Path<String>,
    Body(new): Body<NewCall>,
) -> Result<(StatusCode, Json<StartedCall>), Problem> {
    app.public_rate
        .take(from.ip(), Instant::now())
        .map_err(Problem::too_many_requests)?;
    let tenant = app
        .directory
        .tenant_named(&tenant)
        .ok_or_else(|| Problem::not_found("tenant"))?;
    if !tenant
        .numbers
        .get(&new.number)
        .is_some_and(|number| number.click_to_call)
    {
        return Err(Problem::not_found("click-to-call line"));
    }
    if !app.journal.has_room() {
        return Err(Problem::busy("no new calls can be taken just now"));
    }
    let exchange = app.exchange(tenant.id)?;
    let leg: LegId = app.mint();
    let token = crate::secret::long();
    let sdp = app.media.open_webrtc(leg, new.sdp).await?;
    // From here on nothing waits: a page that went away before has left nothing behind.
    app.legs.insert(
        leg,
        Leg {
            tenant: tenant.id,
            side: Side::WebPage,
        },
    );
    app.web_calls.begin(leg, &token);
    let arrived = CallArrived {
        contact: app.mint::<ContactId>(),
        leg,
        channel: Channel::Web,
        caller: Personal::new(format!("web:{}", from.ip())),
        dialled: new.number,
    };
    if exchange.try_submit(Input::CallArrived(arrived)).is_err() {
        app.web_calls.ended(leg, EndReason::Overloaded);
        app.media.close(leg);
        return Err(Problem::busy("the switchboard is too busy"));
    }
    end_unless_followed(app, leg, token.clone());
    Ok((
        StatusCode::CREATED,
        Json(StartedCall {
            call: leg,
            token,
            sdp,
        }),
    ))
}

/// A call that its page never follows would hold a leg until its media times out.
fn end_unless_followed(app: App, leg: LegId, token: String) {
    tokio::spawn(async move {
        tokio::time::sleep(FOLLOW_WITHIN).await;
        if app.web_calls.is_unfollowed(leg, &token) {
            hang_up(&app, leg).await;
        }
    });
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct CallToken {
    /// The token that the call began with.
    token: String,
}

/// Ends a call from its page
#[utoipa::path(delete, operation_id = "end_public_call", path = "/public/calls/{call}", tag = "public", security(()),
    params(("call" = String, Path), CallToken),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn end(
    State(app): State<App>,
    Path(call): Path<LegId>,
    Query(token): Query<CallToken>,
) -> Result<StatusCode, Problem> {
    app.web_calls
        .follow(call, &token.token)
        .ok_or_else(|| Problem::not_found("call"))?;
    hang_up(&app, call).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Follows a call over a WebSocket; closing it hangs up
#[utoipa::path(get, operation_id = "follow_public_call", path = "/public/calls/{call}", tag = "public", security(()),
    params(("call" = String, Path), CallToken),
    responses((status = 101, description = "`CallState` messages"), (status = "default", body = Problem)))]
pub(crate) async fn follow(
    State(app): State<App>,
    Path(call): Path<LegId>,
    Query(token): Query<CallToken>,
    Upgrade(upgrade): Upgrade,
) -> Result<Response, Problem> {
    let states = app
        .web_calls
        .follow(call, &token.token)
        .ok_or_else(|| Problem::not_found("call"))?;
    Ok(upgrade
        .max_message_size(1024)
        .read_buffer_size(1024)
        .on_upgrade(move |socket| async move {
            tell_states(socket, states).await;
            hang_up(&app, call).await;
        }))
}

async fn tell_states(mut socket: WebSocket, mut states: tokio::sync::watch::Receiver<CallState>) {
    loop {
        let state = *states.borrow_and_update();
        let Ok(text) = serde_json::to_string(&super::message::Typed::new("state", state)) else {
            return;
        };
        if socket.send(Message::Text(text.into())).await.is_err() {
            return;
        }
        if matches!(state, CallState::Ended { .. }) {
            let _ = socket.send(Message::Close(None)).await;
            return;
        }
        tokio::select! {
            changed = states.changed() => if changed.is_err() { return },
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
}

/// The page is gone or hung up. Nothing happens when the call is over already.
async fn hang_up(app: &App, leg: LegId) {
    let reason = EndReason::CallerHungUp;
    if let Some(owner) = app.legs.get(leg) {
        if let Some(exchange) = app.exchanges.of(owner.tenant) {
            exchange.submit(Input::LegEnded { leg, reason }).await;
        }
        app.media.close(leg);
    }
    app.web_calls.ended(leg, reason);
}

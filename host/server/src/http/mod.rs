//! The API, the console and the click-to-call page over HTTP. Which addresses exist is one list:
//! [`router`].

mod agent;
mod calendars;
mod caller;
mod connectors;
mod contacts;
mod events;
mod live;
mod message;
mod metrics;
mod numbers;
mod pages;
mod plan;
mod plugins;
mod problem;
mod public;
mod queues;
mod rate;
mod routing;
mod session;
mod skills;
mod sockets;
mod tasks;
mod tokens;
mod unread;
mod usage;
mod users;
mod what_if;

use crate::clock::now;
use crate::connectors::Connectors;
use crate::directory::Directory;
use crate::exchange::{Exchange, Exchanges};
use crate::host_wide::HostWide;
use crate::legs::Legs;
use crate::presence::Presence;
use crate::web_calls::WebCalls;
use crate::what_if::WhatIfs;
use agent::AgentSetup;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header, request};
use axum::routing::get;
use axum::{Json, Router};
use hotline_records::Records;
use hotline_records::journal::Journal;
use hotline_vocabulary::Input;
use hotline_vocabulary::ids::{AgentId, Id, Minter, SessionId, TenantId};
use parking_lot::Mutex;
use problem::Problem;
use rate::Rate;
pub(crate) use sockets::Sockets;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, broadcast};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub records: Records,
    pub journal: Journal,
    pub directory: Directory,
    pub exchanges: Exchanges,
    pub media: hotline_media::Handle,
    pub sandbox: hotline_sandbox::Handle,
    pub legs: Legs,
    pub presence: Presence,
    pub web_calls: WebCalls,
    pub plugin_changes: broadcast::Sender<Arc<PluginChange>>,
    pub recordings: PathBuf,
    pub flows: PathBuf,
    pub host_wide: HostWide,
    pub secure_cookies: bool,
    /// What browsers are told to find their own outside address with.
    pub ice_servers: Vec<String>,
    pub sign_in_failures: Rate<IpAddr>,
    pub public_rate: Rate<IpAddr>,
    pub caller_rate: Rate<SessionId>,
    pub sockets: Sockets,
    pub minter: Mutex<Minter>,
    /// One permit: see [`App::configuration_changed`].
    pub configuring: Semaphore,
    pub what_ifs: WhatIfs,
    pub connectors: Connectors,
}

/// A plugin went live, or was refused.
#[derive(Debug)]
pub(crate) struct PluginChange {
    pub tenant: TenantId,
    pub status: hotline_sandbox::PluginStatus,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    pub(crate) fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }

    fn exchange(&self, tenant: TenantId) -> Result<Exchange, Problem> {
        self.exchanges
            .of(tenant)
            .ok_or_else(|| Problem::busy("the switchboard is starting"))
    }

    fn mint<T: Id>(&self) -> T {
        self.minter.lock().mint(now())
    }

    async fn agent_setup(&self, tenant: TenantId, agent: AgentId) -> Result<AgentSetup, Problem> {
        let user = self.records.users.get(tenant, agent.into()).await?;
        let settings = self.records.settings.get(tenant).await?;
        Ok(AgentSetup {
            queues: user.queues.iter().map(|one| one.queue).collect(),
            pause_reasons: settings.pause_reasons,
            dispositions: settings.dispositions,
        })
    }

    /// Tells SIP and the tenant's switchboard of a changed set-up. One at a time, so that what was
    /// read earlier does not overtake what was read later.
    async fn configuration_changed(&self, tenant: TenantId) -> Result<(), Problem> {
        let _turn = self
            .configuring
            .acquire()
            .await
            .map_err(|error| Problem::internal(&error))?;
        self.directory.load(&self.records).await?;
        let tenants_own = self.records.settings.configuration(tenant).await?;
        let configuration = self.host_wide.over(tenants_own);
        self.exchange(tenant)?
            .submit(Input::Configured(configuration))
            .await;
        Ok(())
    }
}

/// A JSON body; what is wrong with it becomes a [`Problem`].
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Problem))]
pub(crate) struct Body<T>(pub T);

/// A query string; what is wrong with it becomes a [`Problem`].
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub T);

/// Parts of the address; what is wrong with them becomes a [`Problem`].
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub T);

/// The opening of a WebSocket; what is wrong with it becomes a [`Problem`].
pub(crate) struct Upgrade(pub WebSocketUpgrade);

impl FromRequestParts<App> for Upgrade {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, app: &App) -> Result<Self, Problem> {
        if !is_own_page(&parts.headers) {
            return Err(Problem::foreign_origin());
        }
        let upgrade = WebSocketUpgrade::from_request_parts(parts, app).await?;
        Ok(Upgrade(upgrade))
    }
}

/// Whether a socket is opened by a page that came from here, or by a program. A browser sends
/// cookies with a socket that any page opens, and only `Origin` tells whose page it is (RFC 6455,
/// section 10.2).
fn is_own_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let authority = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, authority)| authority);
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    match (authority, host) {
        (Some(authority), Some(host)) => authority.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// Largest body, in bytes.
const BODY_BYTES: usize = 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(title = "Hotline", description = "The API of a Hotline contact centre. Errors are problem details (RFC 9457)."),
    components(schemas(
        hotline_vocabulary::fact::Fact,
        hotline_vocabulary::routing::MonitorLive
    )),
    modifiers(&Credentials)
)]
struct Document;

/// Says in the document how to authenticate.
struct Credentials;

impl utoipa::Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        };
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let cookie = ApiKey::Cookie(ApiKeyValue::new(caller::COOKIE));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let either = ["bearer", "session"].map(|name| SecurityRequirement::new(name, [""; 0]));
        document.security = Some(either.into());
    }
}

/// Every address there is.
pub(crate) fn router(app: App) -> Router {
    let (api, document) = OpenApiRouter::with_openapi(Document::openapi())
        .nest(
            "/api/v1",
            OpenApiRouter::new()
                .routes(routes!(session::sign_in, session::sign_out))
                .routes(routes!(session::me))
                .routes(routes!(agent::page))
                .routes(routes!(agent::request))
                .routes(routes!(agent::open_audio, agent::close_audio))
                .routes(routes!(queues::list, queues::create))
                .routes(routes!(queues::replace, queues::remove))
                .routes(routes!(calendars::list))
                .routes(routes!(calendars::one, calendars::put, calendars::remove))
                .routes(routes!(skills::qualifying))
                .routes(routes!(users::agents))
                .routes(routes!(users::list, users::create))
                .routes(routes!(users::replace))
                .routes(routes!(numbers::list))
                .routes(routes!(numbers::put, numbers::remove))
                .routes(routes!(contacts::list))
                .routes(routes!(contacts::one))
                .routes(routes!(contacts::timeline))
                .routes(routes!(contacts::waiting))
                .routes(routes!(contacts::recording))
                .routes(routes!(tasks::create))
                .routes(routes!(tasks::withdraw))
                .routes(routes!(events::list))
                .routes(routes!(routing::decisions))
                .routes(routes!(routing::violations))
                .routes(routes!(what_if::latest, what_if::start))
                .routes(routes!(what_if::one, what_if::cancel))
                .routes(routes!(plugins::list))
                .routes(routes!(plugins::rollback))
                .routes(routes!(plugins::all))
                .routes(routes!(plugins::one))
                .routes(routes!(plugins::configure))
                .routes(routes!(
                    plugins::configuration::one,
                    plugins::configuration::set
                ))
                .routes(routes!(plugins::configuration::offered))
                .routes(routes!(plugins::faults::list))
                .routes(routes!(plugins::faults::one))
                .routes(routes!(plugins::versions::one))
                .routes(routes!(plugins::versions::change))
                .routes(routes!(plugins::versions::roll_back))
                .routes(routes!(plugins::trials::current))
                .routes(routes!(plugins::trials::replay))
                .routes(routes!(plugins::trials::recorded))
                .merge(plugins::upload::router())
                .routes(routes!(plan::one))
                .routes(routes!(usage::plugins))
                .routes(routes!(usage::days))
                .routes(routes!(usage::of_contact))
                .routes(routes!(connectors::one))
                .routes(routes!(connectors::set_uses))
                .routes(routes!(connectors::set_secret, connectors::delete_secret))
                .routes(routes!(connectors::check))
                .routes(routes!(connectors::exchanges))
                .routes(routes!(connectors::jobs))
                .routes(routes!(connectors::retry))
                .routes(routes!(tokens::list, tokens::create))
                .routes(routes!(tokens::remove))
                .routes(routes!(live::socket))
                .routes(routes!(public::lines))
                .routes(routes!(public::call))
                .routes(routes!(public::follow, public::end)),
        )
        .routes(routes!(metrics::metrics))
        .split_for_parts();
    let document = Arc::new(serde_json::to_value(&document).unwrap_or_default());
    api.route(
        "/api/v1/openapi.json",
        get(move || {
            let document = document.clone();
            async move { Json((*document).clone()) }
        }),
    )
    .route(
        "/errors",
        get(|| async { include_str!("../../../../docs/errors.md") }),
    )
    .route(
        "/errors/plugins",
        get(|| async { include_str!("../../../../docs/plugin-errors.md") }),
    )
    .route("/healthz", get(|| async { "ok\n" }))
    .route("/assets/{*path}", get(pages::asset))
    .route("/call/{tenant}", get(pages::call_page))
    .fallback(pages::console)
    .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
    .layer(DefaultBodyLimit::max(BODY_BYTES))
    .layer(axum::middleware::from_fn(unread::close_after))
    .layer(CatchPanicLayer::custom(
        |_: Box<dyn std::any::Any + Send>| {
            axum::response::IntoResponse::into_response(Problem::internal(&"a handler panicked"))
        },
    ))
    .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
    .layer(set(header::REFERRER_POLICY, "same-origin"))
    // Whatever does not say how long it may be kept is somebody's data.
    .layer(set(header::CACHE_CONTROL, "no-store"))
    .layer(set(header::X_FRAME_OPTIONS, "DENY"))
    .layer(set(
        header::CONTENT_SECURITY_POLICY,
        CONTENT_SECURITY_POLICY,
    ))
    .with_state(app)
}

/// Pages load nothing from elsewhere; styles are set by the component library.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob: mediastream:; connect-src 'self' ws: wss:; \
    frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

fn set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// How often one address may fail to sign in: ten times at once, then once each five seconds.
pub(crate) fn sign_in_failures() -> Rate<IpAddr> {
    Rate::new(10, Duration::from_secs(5))
}

/// How often one address may call without credentials: ten at once, then one each three seconds.
pub(crate) fn public_rate() -> Rate<IpAddr> {
    Rate::new(10, Duration::from_secs(3))
}

/// How often one session or token may ask: 200 times at once, then 50 times a second.
pub(crate) fn caller_rate() -> Rate<SessionId> {
    Rate::new(200, Duration::from_millis(20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_another_site_opens_no_socket() {
        let host = ("host", "centre.example:8443");
        for (headers, own) in [
            (vec![host], true),
            (vec![host, ("origin", "https://centre.example:8443")], true),
            (vec![host, ("origin", "https://Centre.Example:8443")], true),
            (vec![host, ("origin", "https://centre.example")], false),
            (vec![host, ("origin", "https://evil.example")], false),
            (
                vec![host, ("origin", "https://centre.example:8443.evil.example")],
                false,
            ),
            (vec![host, ("origin", "null")], false),
            (vec![("origin", "https://centre.example:8443")], false),
        ] {
            let map = headers
                .iter()
                .map(|(name, value)| {
                    (
                        HeaderName::from_static(name),
                        HeaderValue::from_static(value),
                    )
                })
                .collect();
            assert_eq!(is_own_page(&map), own, "{headers:?}");
        }
    }
}

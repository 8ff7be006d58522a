//! The live socket: what a console shows, pushed as it happens.

use super::agent::{AgentPage, AgentSetup};
use super::caller::{Caller, Role};
use super::message::Typed;
use super::problem::Problem;
use super::{App, Query, Upgrade};
use crate::exchange::Exchange;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket};
use axum::response::Response;
use hotline_records::repositories::page::{FactCursor, Limit};
use hotline_vocabulary::fact::Fact;
use hotline_vocabulary::ids::{AgentId, QueueId};
use hotline_vocabulary::live::Live;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use utoipa::IntoParams;

/// The whole picture is sent at most this often; an agent's own page at once.
const BETWEEN_PICTURES: Duration = Duration::from_millis(250);
/// The figures of an agent's queues are sent at most this often: there are many agents, and the
/// figures move with every call.
const BETWEEN_FIGURES: Duration = Duration::from_secs(1);
/// A console that answers no ping for two of these is gone.
const PING_EVERY: Duration = Duration::from_secs(10);
/// How often it is looked whether the session still holds, and what an administrator has changed
/// for its agent. A sign-out closes the socket at once.
const CHECK_EVERY: Duration = Duration::from_secs(30);
/// A client says little: pings.
const MESSAGE_BYTES: usize = 1024;
/// Room for what is read at once. The library clears it at each look for a message, so that its
/// usual 128 KiB would cost more than all else here.
pub(super) const READ_BYTES: usize = 1024;

#[derive(Serialize)]
struct Hello {
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct AgentMessage<'a> {
    agent: &'a AgentPage,
}

#[derive(Serialize)]
struct Picture<'a> {
    live: &'a Live,
}

#[derive(Serialize)]
struct FactMessage<'a> {
    cursor: String,
    fact: &'a Fact,
}

#[derive(Serialize)]
struct PluginMessage<'a> {
    status: &'a hotline_sandbox::PluginStatus,
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Since {
    /// Facts after this cursor are sent first.
    after: Option<String>,
}

/// Live events over a WebSocket; an agent's open socket is their presence
#[utoipa::path(get, operation_id = "live", path = "/live", tag = "live", params(Since),
    responses((status = 101, description = "messages with a `type`: hello, agent, live, fact, plugin; pong after each text of the client"),
        (status = "default", body = Problem)))]
pub(crate) async fn socket(
    State(app): State<App>,
    caller: Caller,
    Query(since): Query<Since>,
    Upgrade(upgrade): Upgrade,
) -> Result<Response, Problem> {
    let exchange = app.exchange(caller.tenant)?;
    let place = app.sockets.take(caller.session);
    let place = place.ok_or_else(|| Problem::conflict("too many live sockets are open already"))?;
    let after = since
        .after
        .as_deref()
        .map(str::parse::<FactCursor>)
        .transpose()?;
    Ok(upgrade
        .max_message_size(MESSAGE_BYTES)
        .read_buffer_size(READ_BYTES)
        .on_upgrade(move |socket| async move {
            let console = Console {
                app,
                caller,
                exchange,
                socket,
            };
            tokio::select! {
                // A console that went away in the middle is no error.
                _ = console.run(after) => {}
                () = place.session_over() => {}
            }
        }))
}

/// Why a console's socket ended; nobody needs to know more.
struct Gone;

impl From<axum::Error> for Gone {
    fn from(_: axum::Error) -> Self {
        Gone
    }
}

/// The next fact, for those who are shown any.
async fn next(facts: &mut Option<broadcast::Receiver<Arc<Fact>>>) -> Result<Arc<Fact>, RecvError> {
    match facts {
        Some(facts) => facts.recv().await,
        None => std::future::pending().await,
    }
}

/// The agent's part of the picture has changed; never for who is no agent.
async fn own_change(own: &mut Option<watch::Receiver<()>>) -> Result<(), RecvError> {
    match own {
        Some(own) => own.changed().await.map_err(|_| RecvError::Closed),
        None => std::future::pending().await,
    }
}

struct Console {
    app: App,
    caller: Caller,
    exchange: Exchange,
    socket: WebSocket,
}

impl Console {
    async fn run(mut self, after: Option<FactCursor>) -> Result<(), Gone> {
        let sees_all = self.caller.is_at_least(Role::Supervisor);
        // Subscribed before history is read, so that nothing falls between the two. Who is not shown
        // facts is not woken by them either.
        let mut facts = sees_all.then(|| self.exchange.facts());
        let mut plugins = self.app.plugin_changes.subscribe();
        let mut live = self.exchange.live();
        let mut audio = self.app.presence.audio_changes();
        let agent = self.caller.agent().ok();
        let _presence = match agent {
            Some(agent) => Some(
                self.app
                    .presence
                    .console_opened(self.caller.tenant, agent, self.caller.session)
                    .await,
            ),
            None => None,
        };
        let mut sent = after;
        if sees_all && let Some(after) = after {
            sent = self.history(after).await?;
        }
        let mut setup = match agent {
            Some(agent) => self
                .app
                .agent_setup(self.caller.tenant, agent)
                .await
                .map_err(|_| Gone)?,
            None => AgentSetup::default(),
        };
        self.say(&Typed::new(
            "hello",
            Hello {
                cursor: sent.map(|cursor| cursor.to_string()),
            },
        ))
        .await?;

        let mut page: Option<AgentPage> = None;
        let mut own = agent.map(|agent| self.exchange.own_changes(agent));
        let mut pictures = tokio::time::interval(match sees_all {
            true => BETWEEN_PICTURES,
            false => BETWEEN_FIGURES,
        });
        pictures.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut pings = tokio::time::interval(PING_EVERY);
        let mut checks = tokio::time::interval(CHECK_EVERY);
        checks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        checks.reset();
        let mut unanswered = 0;
        live.mark_changed();
        if let Some(own) = &mut own {
            own.mark_changed();
        }
        loop {
            tokio::select! {
                changed = own_change(&mut own) => {
                    changed.map_err(|_| Gone)?;
                    self.own_page(agent, &live, &setup, &mut page).await?;
                }
                Ok(()) = audio.changed() => {
                    self.own_page(agent, &live, &setup, &mut page).await?;
                }
                _ = pictures.tick() => {
                    // Looked at, and not waited for: a busy tenant has twenty pictures a second.
                    if live.has_changed().map_err(|_| Gone)? {
                        let picture = live.borrow_and_update().clone();
                        self.picture(&picture, sees_all, &setup).await?;
                    }
                }
                fact = next(&mut facts) => match fact {
                    Ok(fact) => self.fact(&fact, &mut sent).await?,
                    Err(RecvError::Lagged(_)) => {
                        if let Some(after) = sent {
                            sent = self.history(after).await?;
                        }
                    }
                    Err(RecvError::Closed) => return Err(Gone),
                },
                change = plugins.recv() => self.plugin(change, sees_all).await?,
                _ = pings.tick() => {
                    if unanswered == 2 {
                        return Err(Gone);
                    }
                    unanswered += 1;
                    self.socket.send(Message::Ping(Vec::new().into())).await?;
                }
                _ = checks.tick() => {
                    // Expired, deleted, or of another role since.
                    if !self.caller.is_still_good(&self.app).await {
                        return Err(Gone);
                    }
                    if let Some(agent) = agent
                        && let Ok(now) = self.app.agent_setup(self.caller.tenant, agent).await
                        && now != setup
                    {
                        setup = now;
                        live.mark_changed();
                        page = None;
                        self.own_page(Some(agent), &live, &setup, &mut page).await?;
                    }
                }
                message = self.socket.recv() => match message {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Gone),
                    Some(Ok(message)) => {
                        unanswered = 0;
                        // Pages can not see the pings of the protocol, and send their own.
                        if matches!(message, Message::Text(_)) {
                            self.say(&Typed::new("pong", Nothing {})).await?;
                        }
                    }
                },
            }
        }
    }

    async fn own_page(
        &mut self,
        agent: Option<AgentId>,
        live: &watch::Receiver<Arc<Live>>,
        setup: &AgentSetup,
        last: &mut Option<AgentPage>,
    ) -> Result<(), Gone> {
        let picture = live.borrow().clone();
        let audio_leg = agent.and_then(|agent| self.app.presence.audio_leg(agent));
        let is_still = |page: &AgentPage| page.is_still(&picture, setup, audio_leg);
        if last.as_ref().is_some_and(is_still) {
            return Ok(());
        }
        let Some(page) = agent.and_then(|agent| AgentPage::of(agent, &picture, setup, audio_leg))
        else {
            return Ok(());
        };
        self.say(&Typed::new("agent", AgentMessage { agent: &page }))
            .await?;
        *last = Some(page);
        Ok(())
    }

    /// A supervisor sees all; an agent the figures of their own queues.
    async fn picture(
        &mut self,
        live: &Live,
        sees_all: bool,
        setup: &AgentSetup,
    ) -> Result<(), Gone> {
        if sees_all {
            return self.say(&Typed::new("live", Picture { live })).await;
        }
        let own = |id: &QueueId| setup.queues.contains(id);
        let live = Live {
            at: live.at,
            queues: live
                .queues
                .iter()
                .filter(|queue| own(&queue.id))
                .cloned()
                .collect(),
            agents: Vec::new(),
            contacts: Vec::new(),
            monitors: Vec::new(),
            customers: Default::default(),
        };
        self.say(&Typed::new("live", Picture { live: &live })).await
    }

    async fn fact(&mut self, fact: &Fact, sent: &mut Option<FactCursor>) -> Result<(), Gone> {
        let cursor = FactCursor::from(fact);
        if sent.is_some_and(|sent| cursor <= sent) {
            return Ok(());
        }
        *sent = Some(cursor);
        self.say(&Typed::new(
            "fact",
            FactMessage {
                cursor: cursor.to_string(),
                fact,
            },
        ))
        .await
    }

    /// Sends what the database holds after a cursor. The last few facts may not be in it yet; they
    /// come from the subscription.
    async fn history(&mut self, mut after: FactCursor) -> Result<Option<FactCursor>, Gone> {
        loop {
            let most = Limit::new(Limit::MOST).map_err(|_| Gone)?;
            let facts = &self.app.records.events;
            let page = facts
                .page(self.caller.tenant, after, most)
                .await
                .map_err(|_| Gone)?;
            if page.items.is_empty() {
                return Ok(Some(after));
            }
            let mut sent = Some(after);
            for fact in &page.items {
                self.fact(fact, &mut sent).await?;
            }
            after = sent.unwrap_or(after);
        }
    }

    async fn plugin(
        &mut self,
        change: Result<Arc<crate::http::PluginChange>, broadcast::error::RecvError>,
        sees_all: bool,
    ) -> Result<(), Gone> {
        match change {
            Ok(change) if sees_all && change.tenant == self.caller.tenant => {
                self.say(&Typed::new(
                    "plugin",
                    PluginMessage {
                        status: &change.status,
                    },
                ))
                .await
            }
            // A console that missed some reads the list again at its next look.
            Ok(_) | Err(RecvError::Lagged(_)) => Ok(()),
            Err(RecvError::Closed) => Err(Gone),
        }
    }

    async fn say(&mut self, message: &impl Serialize) -> Result<(), Gone> {
        let text = serde_json::to_string(message).map_err(|_| Gone)?;
        self.socket.send(Message::Text(text.into())).await?;
        Ok(())
    }
}

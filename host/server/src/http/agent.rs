//! What an agent's own console asks for.

use super::caller::Caller;
use super::problem::Problem;
use super::{App, Body};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hotline_vocabulary::ids::{AgentId, LegId, QueueId};
use hotline_vocabulary::input::AgentRequest;
use hotline_vocabulary::live::{AgentLive, ContactLive, KnownCustomers, Live};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The agent's page in one object; pushed over the live socket at each change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct AgentPage {
    agent: AgentLive,
    /// The browser leg in use; a window that holds another one has been replaced by it.
    audio_leg: Option<LegId>,
    /// The contacts that the agent has in hand, but for those that have ended.
    contacts: Vec<ContactLive>,
    /// Who the customers of the contacts in hand are, as connectors say; also of those that ring.
    customers: Vec<KnownCustomers>,
    queues: Vec<QueueName>,
    pause_reasons: Vec<String>,
    dispositions: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct QueueName {
    id: QueueId,
    name: String,
}

/// What of an agent's page the switchboard does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AgentSetup {
    pub queues: Vec<QueueId>,
    pub pause_reasons: Vec<String>,
    pub dispositions: Vec<String>,
}

impl AgentPage {
    /// None when the switchboard does not know the agent.
    pub(crate) fn of(
        agent: AgentId,
        live: &Live,
        setup: &AgentSetup,
        audio_leg: Option<LegId>,
    ) -> Option<AgentPage> {
        let own = live.agent(agent)?;
        let queues = live
            .queues
            .iter()
            .filter(|queue| setup.queues.contains(&queue.id))
            .map(|queue| QueueName {
                id: queue.id,
                name: queue.name.clone(),
            })
            .collect();
        Some(AgentPage {
            agent: own.clone(),
            audio_leg,
            contacts: live.contacts_of(own).cloned().collect(),
            customers: live.customers_of(own).cloned().collect(),
            queues,
            pause_reasons: setup.pause_reasons.clone(),
            dispositions: setup.dispositions.clone(),
        })
    }

    /// Whether the page says nothing new.
    pub(crate) fn is_still(
        &self,
        live: &Live,
        setup: &AgentSetup,
        audio_leg: Option<LegId>,
    ) -> bool {
        let own = live.agent(self.agent.id);
        let queues = live
            .queues
            .iter()
            .filter(|queue| setup.queues.contains(&queue.id))
            .map(|queue| (queue.id, &queue.name));
        own == Some(&self.agent)
            && audio_leg == self.audio_leg
            && live.contacts_of(&self.agent).eq(&self.contacts)
            && live.customers_of(&self.agent).eq(&self.customers)
            && queues.eq(self.queues.iter().map(|queue| (queue.id, &queue.name)))
    }
}

/// The signed-in agent's own page
#[utoipa::path(get, operation_id = "agent_page", path = "/agent", tag = "agent",
    responses((status = 200, body = AgentPage), (status = "default", body = Problem)))]
pub(crate) async fn page(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<AgentPage>, Problem> {
    let agent = caller.agent()?;
    let exchange = app.exchange(caller.tenant)?;
    let setup = app.agent_setup(caller.tenant, agent).await?;
    let live = exchange.live().borrow().clone();
    AgentPage::of(agent, &live, &setup, app.presence.audio_leg(agent))
        .map(Json)
        .ok_or_else(|| Problem::not_found("agent"))
}

/// Asks the switchboard for something: ready, pause, accept or reject an offer, hang up, complete or give back a task, dispose
#[utoipa::path(post, operation_id = "agent_request", path = "/agent/requests", tag = "agent", request_body = AgentRequest,
    responses((status = 204), (status = 409, description = "Refused, with the reason", body = Problem),
        (status = "default", body = Problem)))]
pub(crate) async fn request(
    State(app): State<App>,
    caller: Caller,
    Body(request): Body<AgentRequest>,
) -> Result<StatusCode, Problem> {
    let agent = caller.agent()?;
    check_texts(&request)?;
    app.exchange(caller.tenant)?.request(agent, request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Longest pause reason or disposition, in bytes.
const WORD: usize = 100;
/// Longest wrap-up note, in bytes.
const NOTE: usize = 4_096;

fn check_texts(request: &AgentRequest) -> Result<(), Problem> {
    let within = |field: &str, text: &str, most: usize| {
        if text.len() > most {
            return Err(Problem::invalid(field, format!("longer than {most} bytes")));
        }
        Ok(())
    };
    match request {
        AgentRequest::Pause { reason } => within("reason", reason, WORD),
        AgentRequest::Dispose {
            disposition, note, ..
        } => {
            within("disposition", disposition, WORD)?;
            within("note", note, NOTE)
        }
        _ => Ok(()),
    }
}

/// An offer of the browser's audio.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AudioOffer {
    /// The browser's SDP offer, with its candidates gathered.
    sdp: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AudioAnswer {
    leg: LegId,
    /// The SDP answer, with all our candidates.
    sdp: String,
}

/// Sets up the agent's standing audio leg, kept for the shift
#[utoipa::path(post, operation_id = "open_agent_audio", path = "/agent/audio", tag = "agent", request_body = AudioOffer,
    responses((status = 200, body = AudioAnswer), (status = "default", body = Problem)))]
pub(crate) async fn open_audio(
    State(app): State<App>,
    caller: Caller,
    Body(offer): Body<AudioOffer>,
) -> Result<Json<AudioAnswer>, Problem> {
    let agent = caller.agent()?;
    let leg: LegId = app.mint();
    let sdp = app.media.open_webrtc(leg, offer.sdp).await?;
    // Not before: a page that goes away meanwhile leaves nothing behind. The leg has nothing to
    // tell until its page has the answer.
    app.presence.audio_opened(caller.tenant, agent, leg);
    Ok(Json(AudioAnswer { leg, sdp }))
}

/// Takes the agent's standing audio leg down
#[utoipa::path(delete, operation_id = "close_agent_audio", path = "/agent/audio", tag = "agent",
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn close_audio(
    State(app): State<App>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let agent = caller.agent()?;
    app.presence.audio_closed(caller.tenant, agent).await;
    Ok(StatusCode::NO_CONTENT)
}

//! Which agents are here: an open console signs its agent in and brings the standing audio leg. A
//! console that goes away has a grace time, so that reloading the page loses neither a call nor a
//! place.

use crate::exchange::Exchanges;
use crate::legs::{Leg, Legs, Side};
use hotline_vocabulary::Input;
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::ids::{AgentId, LegId, TenantId};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a console may be away before its agent is signed out.
const CONSOLE_GRACE: Duration = Duration::from_secs(15);
/// How long the audio leg may be away before its customer hears music and is queued again.
const AUDIO_GRACE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct Presence {
    seats: Arc<Mutex<HashMap<AgentId, Seat>>>,
    /// Changes when a window brings an agent's audio, so that the others hear of it.
    audio: Arc<watch::Sender<()>>,
    exchanges: Exchanges,
    media: hotline_media::Handle,
    legs: Legs,
}

/// What of an agent is here. Bounded by the tenant's users.
#[derive(Debug, Default)]
struct Seat {
    consoles: usize,
    /// The connected browser leg.
    leg: Option<LegId>,
    /// Counts arrivals, so that an old grace time does not end a new presence.
    arrivals: u64,
}

/// An open console; dropping it begins the grace time.
pub(crate) struct OpenConsole {
    presence: Presence,
    tenant: TenantId,
    agent: AgentId,
}

impl Drop for OpenConsole {
    fn drop(&mut self) {
        self.presence.console_closed(self.tenant, self.agent);
    }
}

impl Presence {
    pub(crate) fn new(exchanges: Exchanges, media: hotline_media::Handle, legs: Legs) -> Self {
        Presence {
            seats: Arc::default(),
            audio: Arc::new(watch::Sender::new(())),
            exchanges,
            media,
            legs,
        }
    }

    pub(crate) async fn console_opened(&self, tenant: TenantId, agent: AgentId) -> OpenConsole {
        {
            let mut seats = self.seats.lock();
            let seat = seats.entry(agent).or_default();
            seat.consoles += 1;
            seat.arrivals += 1;
        }
        // Said each time: a second console changes nothing, a restarted switchboard needs it.
        self.submit(tenant, Input::AgentSignedIn { agent }).await;
        OpenConsole {
            presence: self.clone(),
            tenant,
            agent,
        }
    }

    fn console_closed(&self, tenant: TenantId, agent: AgentId) {
        let arrivals = {
            let mut seats = self.seats.lock();
            let Some(seat) = seats.get_mut(&agent) else {
                return;
            };
            seat.consoles = seat.consoles.saturating_sub(1);
            if seat.consoles > 0 {
                return;
            }
            seat.arrivals
        };
        let presence = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(CONSOLE_GRACE).await;
            let gone = {
                let mut seats = presence.seats.lock();
                match seats.get(&agent) {
                    Some(seat) if seat.consoles == 0 && seat.arrivals == arrivals => {
                        seats.remove(&agent)
                    }
                    _ => return,
                }
            };
            if let Some(leg) = gone.and_then(|seat| seat.leg) {
                presence.media.close(leg);
                presence
                    .submit(
                        tenant,
                        Input::DeviceDown {
                            agent,
                            device: Device::Browser,
                        },
                    )
                    .await;
            }
            presence
                .submit(tenant, Input::AgentSignedOut { agent })
                .await;
        });
    }

    /// Signs an agent out at once, by their own wish.
    pub(crate) async fn sign_out(&self, tenant: TenantId, agent: AgentId) {
        let seat = self.seats.lock().remove(&agent);
        if let Some(leg) = seat.and_then(|seat| seat.leg) {
            self.media.close(leg);
            self.submit(
                tenant,
                Input::DeviceDown {
                    agent,
                    device: Device::Browser,
                },
            )
            .await;
        }
        self.submit(tenant, Input::AgentSignedOut { agent }).await;
    }

    /// The browser leg that an agent speaks with, whichever of their windows holds it.
    pub(crate) fn audio_leg(&self, agent: AgentId) -> Option<LegId> {
        self.seats.lock().get(&agent)?.leg
    }

    /// Resolves after somebody's audio has moved.
    pub(crate) fn audio_changes(&self) -> watch::Receiver<()> {
        self.audio.subscribe()
    }

    /// The agent's browser audio is connected; it replaces the leg of an earlier page.
    pub(crate) async fn audio_connected(&self, tenant: TenantId, agent: AgentId, leg: LegId) {
        let previous = {
            let mut seats = self.seats.lock();
            seats.entry(agent).or_default().leg.replace(leg)
        };
        self.audio.send_replace(());
        self.submit(
            tenant,
            Input::DeviceUp {
                agent,
                device: Device::Browser,
                leg: Some(leg),
            },
        )
        .await;
        if let Some(previous) = previous
            && previous != leg
        {
            self.media.close(previous);
        }
    }

    /// The agent's browser audio is gone, whatever the cause.
    pub(crate) fn audio_lost(&self, tenant: TenantId, agent: AgentId, leg: LegId) {
        {
            let mut seats = self.seats.lock();
            match seats.get_mut(&agent) {
                Some(seat) if seat.leg == Some(leg) => seat.leg = None,
                _ => return,
            }
        }
        let presence = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(AUDIO_GRACE).await;
            let still_gone = {
                let seats = presence.seats.lock();
                seats.get(&agent).is_some_and(|seat| seat.leg.is_none())
            };
            if still_gone {
                presence
                    .submit(
                        tenant,
                        Input::DeviceDown {
                            agent,
                            device: Device::Browser,
                        },
                    )
                    .await;
            }
        });
    }

    /// Makes room for an agent's browser leg in the table of legs.
    pub(crate) fn expect_audio(&self, tenant: TenantId, agent: AgentId, leg: LegId) {
        self.legs.insert(
            leg,
            Leg {
                tenant,
                side: Side::Console { agent },
            },
        );
    }

    /// The agent's page ended its audio by itself (another device is used now).
    pub(crate) async fn audio_closed(&self, tenant: TenantId, agent: AgentId) {
        let leg = self
            .seats
            .lock()
            .get_mut(&agent)
            .and_then(|seat| seat.leg.take());
        if let Some(leg) = leg {
            self.media.close(leg);
            self.submit(
                tenant,
                Input::DeviceDown {
                    agent,
                    device: Device::Browser,
                },
            )
            .await;
        }
    }

    async fn submit(&self, tenant: TenantId, input: Input) {
        if let Some(exchange) = self.exchanges.of(tenant) {
            exchange.submit(input).await;
        }
    }
}

//! Which agents are here: an open console signs its agent in and brings the standing audio leg. A
//! console that goes away has a grace time, so that reloading the page loses neither a call nor a
//! place.

use crate::exchange::Exchanges;
use crate::legs::{Leg, Legs, Side};
use hotline_vocabulary::Input;
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::ids::{AgentId, LegId, SessionId, TenantId};
use parking_lot::Mutex;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long a console may be away before its agent is signed out.
const CONSOLE_GRACE: Duration = Duration::from_secs(15);
/// How long the audio leg may be away before its customer hears music and is queued again.
const AUDIO_GRACE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct Presence {
    seats: Arc<Mutex<Seats>>,
    /// Agents with a registered desk phone. Bounded by SIP's limit on them.
    desk_phones: Arc<Mutex<HashSet<(TenantId, AgentId)>>>,
    /// Changes when a window brings an agent's audio, so that the others hear of it.
    audio: Arc<watch::Sender<()>>,
    exchanges: Exchanges,
    media: hotline_media::Handle,
    legs: Legs,
}

/// An open console; dropping it begins the grace time.
pub(crate) struct OpenConsole {
    presence: Presence,
    tenant: TenantId,
    agent: AgentId,
    console: u64,
}

impl Drop for OpenConsole {
    fn drop(&mut self) {
        self.presence
            .console_closed(self.tenant, self.agent, self.console);
    }
}

impl Presence {
    pub(crate) fn new(exchanges: Exchanges, media: hotline_media::Handle, legs: Legs) -> Self {
        Presence {
            seats: Arc::default(),
            desk_phones: Arc::default(),
            audio: Arc::new(watch::Sender::new(())),
            exchanges,
            media,
            legs,
        }
    }

    /// What a switchboard that begins anew has to be told of a tenant's agents.
    pub(crate) fn standing(&self, tenant: TenantId) -> Vec<Input> {
        let mut inputs = self.seats.lock().standing(tenant);
        let desk_phones = self.desk_phones.lock();
        let of_tenant = desk_phones.iter().filter(|(owner, _)| *owner == tenant);
        inputs.extend(of_tenant.map(|(_, agent)| Input::DeviceUp {
            agent: *agent,
            device: Device::DeskPhone,
            leg: None,
        }));
        inputs
    }

    pub(crate) async fn desk_phone_registered(&self, tenant: TenantId, agent: AgentId) {
        self.desk_phones.lock().insert((tenant, agent));
        let up = Input::DeviceUp {
            agent,
            device: Device::DeskPhone,
            leg: None,
        };
        self.submit(tenant, up).await;
    }

    pub(crate) async fn desk_phone_gone(&self, tenant: TenantId, agent: AgentId) {
        self.desk_phones.lock().remove(&(tenant, agent));
        let down = Input::DeviceDown {
            agent,
            device: Device::DeskPhone,
        };
        self.submit(tenant, down).await;
    }

    pub(crate) async fn console_opened(
        &self,
        tenant: TenantId,
        agent: AgentId,
        session: SessionId,
    ) -> OpenConsole {
        let open = OpenConsole {
            presence: self.clone(),
            tenant,
            agent,
            console: self.seats.lock().open(tenant, agent, session),
        };
        // Said each time: a second console changes nothing.
        self.submit(tenant, Input::AgentSignedIn { agent }).await;
        open
    }

    fn console_closed(&self, tenant: TenantId, agent: AgentId, console: u64) {
        let Some(arrivals) = self.seats.lock().close(agent, console) else {
            return;
        };
        let presence = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(CONSOLE_GRACE).await;
            let gone = presence.seats.lock().leave_unless_back(agent, arrivals);
            if let Some(seat) = gone {
                presence.left(tenant, agent, seat).await;
            }
        });
    }

    /// Signs an agent out at once, by their own wish; but for one who has a console open in another
    /// session, in another browser for instance.
    pub(crate) async fn sign_out(&self, tenant: TenantId, agent: AgentId, session: SessionId) {
        let gone = self.seats.lock().sign_out(tenant, agent, session);
        if let Some(seat) = gone {
            self.left(tenant, agent, seat).await;
        }
    }

    /// Tells that an agent has left.
    async fn left(&self, tenant: TenantId, agent: AgentId, seat: Seat) {
        if let Some(leg) = seat.leg {
            self.media.close(leg);
        }
        // Also without a leg: one that was lost a moment ago is still in its grace time.
        let device = Device::Browser;
        self.submit(tenant, Input::DeviceDown { agent, device })
            .await;
        self.submit(tenant, Input::AgentSignedOut { agent }).await;
        // A console that opened in between was overtaken by this.
        let back = self.seats.lock().standing_of(agent);
        for input in back {
            self.submit(tenant, input).await;
        }
    }

    /// The browser leg that an agent speaks with, whichever of their windows holds it.
    pub(crate) fn audio_leg(&self, agent: AgentId) -> Option<LegId> {
        self.seats.lock().seats.get(&agent)?.leg
    }

    /// Resolves after somebody's audio has moved.
    pub(crate) fn audio_changes(&self) -> watch::Receiver<()> {
        self.audio.subscribe()
    }

    /// The agent's browser audio is connected; it replaces the leg of an earlier page.
    pub(crate) async fn audio_connected(&self, tenant: TenantId, agent: AgentId, leg: LegId) {
        let previous = self.seats.lock().of(tenant, agent).leg.replace(leg);
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
        let Some(losses) = self.seats.lock().lose_audio(agent, leg) else {
            return;
        };
        let presence = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(AUDIO_GRACE).await;
            if presence.seats.lock().is_audio_gone(agent, losses) {
                let device = Device::Browser;
                presence
                    .submit(tenant, Input::DeviceDown { agent, device })
                    .await;
            }
        });
    }

    /// An agent's browser leg is set up; from now on the media plane's events find it.
    pub(crate) fn audio_opened(&self, tenant: TenantId, agent: AgentId, leg: LegId) {
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
        let leg = self.seats.lock().of(tenant, agent).leg.take();
        if let Some(leg) = leg {
            self.media.close(leg);
        }
        let device = Device::Browser;
        self.submit(tenant, Input::DeviceDown { agent, device })
            .await;
    }

    async fn submit(&self, tenant: TenantId, input: Input) {
        if let Some(exchange) = self.exchanges.of(tenant) {
            exchange.submit(input).await;
        }
    }
}

/// What of an agent is here.
#[derive(Debug)]
struct Seat {
    tenant: TenantId,
    /// Open consoles and the session that each belongs to.
    consoles: HashMap<u64, SessionId>,
    /// The connected browser leg.
    leg: Option<LegId>,
    /// Counts arrivals, so that an old grace time does not end a new presence.
    arrivals: u64,
    /// Counts losses of the leg, so that the grace time of one does not cut that of the next short.
    losses: u64,
}

/// Who is here. Bounded by the tenants' users.
#[derive(Debug, Default)]
struct Seats {
    seats: HashMap<AgentId, Seat>,
    /// Names consoles and counts arrivals over all agents, so that no number comes twice.
    numbers: u64,
}

impl Seats {
    fn of(&mut self, tenant: TenantId, agent: AgentId) -> &mut Seat {
        self.seats.entry(agent).or_insert_with(|| Seat {
            tenant,
            consoles: HashMap::new(),
            leg: None,
            arrivals: 0,
            losses: 0,
        })
    }

    /// Gives the console's number.
    fn open(&mut self, tenant: TenantId, agent: AgentId, session: SessionId) -> u64 {
        self.numbers += 1;
        let number = self.numbers;
        let seat = self.of(tenant, agent);
        seat.consoles.insert(number, session);
        seat.arrivals = number;
        number
    }

    /// A console is closed. Gives the count of arrivals when it was the last one open.
    fn close(&mut self, agent: AgentId, console: u64) -> Option<u64> {
        let seat = self.seats.get_mut(&agent)?;
        // One that was signed out is not counted any more.
        seat.consoles.remove(&console)?;
        seat.consoles.is_empty().then_some(seat.arrivals)
    }

    fn leave_unless_back(&mut self, agent: AgentId, arrivals: u64) -> Option<Seat> {
        let seat = self.seats.get(&agent)?;
        if seat.consoles.is_empty() && seat.arrivals == arrivals {
            self.seats.remove(&agent)
        } else {
            None
        }
    }

    /// A session is over. Gives the seat when nothing else keeps its agent here.
    fn sign_out(&mut self, tenant: TenantId, agent: AgentId, session: SessionId) -> Option<Seat> {
        let seat = self.of(tenant, agent);
        seat.consoles.retain(|_, of| *of != session);
        if seat.consoles.is_empty() {
            self.seats.remove(&agent)
        } else {
            None
        }
    }

    /// Gives the count of losses, when it was the leg in use.
    fn lose_audio(&mut self, agent: AgentId, leg: LegId) -> Option<u64> {
        let seat = self.seats.get_mut(&agent)?;
        seat.leg.take_if(|used| *used == leg)?;
        seat.losses += 1;
        Some(seat.losses)
    }

    fn is_audio_gone(&self, agent: AgentId, losses: u64) -> bool {
        self.seats
            .get(&agent)
            .is_some_and(|seat| seat.leg.is_none() && seat.losses == losses)
    }

    fn standing(&self, tenant: TenantId) -> Vec<Input> {
        let of_tenant = self.seats.iter().filter(|(_, seat)| seat.tenant == tenant);
        of_tenant
            .flat_map(|(agent, _)| self.standing_of(*agent))
            .collect()
    }

    fn standing_of(&self, agent: AgentId) -> Vec<Input> {
        let Some(seat) = self.seats.get(&agent) else {
            return Vec::new();
        };
        let signed_in = (!seat.consoles.is_empty()).then_some(Input::AgentSignedIn { agent });
        let audio = seat.leg.map(|leg| Input::DeviceUp {
            agent,
            device: Device::Browser,
            leg: Some(leg),
        });
        signed_in.into_iter().chain(audio).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    fn ids() -> (TenantId, AgentId, SessionId, SessionId) {
        (
            TenantId::from_bits(1),
            AgentId::from_bits(2),
            SessionId::from_bits(3),
            SessionId::from_bits(4),
        )
    }

    #[test]
    fn a_socket_that_outlives_its_sign_out_does_not_end_the_next_presence() {
        let (tenant, agent, earlier, later) = ids();
        let mut seats = Seats::default();
        let old = seats.open(tenant, agent, earlier);
        assert!(seats.sign_out(tenant, agent, earlier).is_some());
        seats.open(tenant, agent, later);
        assert_eq!(seats.close(agent, old), None, "no grace time begins");
        assert_eq!(seats.standing(tenant), [Input::AgentSignedIn { agent }]);
    }

    #[test]
    fn signing_out_of_one_browser_leaves_the_agent_at_the_other() {
        let (tenant, agent, here, there) = ids();
        let mut seats = Seats::default();
        seats.open(tenant, agent, here);
        seats.open(tenant, agent, here);
        seats.open(tenant, agent, there);
        assert!(seats.sign_out(tenant, agent, here).is_none());
        assert!(seats.sign_out(tenant, agent, there).is_some());
    }

    #[test]
    fn a_reload_within_the_grace_time_keeps_the_agent() {
        let (tenant, agent, session, _) = ids();
        let mut seats = Seats::default();
        let before = seats.open(tenant, agent, session);
        let arrivals = seats.close(agent, before).expect("the last one");
        let after = seats.open(tenant, agent, session);
        assert!(seats.leave_unless_back(agent, arrivals).is_none());
        let arrivals = seats.close(agent, after).expect("the last one");
        assert!(seats.leave_unless_back(agent, arrivals).is_some());
    }

    #[test]
    fn each_loss_of_audio_has_its_whole_grace_time() {
        let (tenant, agent, session, _) = ids();
        let (first, second) = (LegId::from_bits(5), LegId::from_bits(6));
        let mut seats = Seats::default();
        seats.open(tenant, agent, session);
        seats.of(tenant, agent).leg = Some(first);
        let losses = seats.lose_audio(agent, first).expect("the leg in use");
        seats.of(tenant, agent).leg = Some(second);
        assert_eq!(seats.lose_audio(agent, first), None, "not in use any more");
        let again = seats.lose_audio(agent, second).expect("the leg in use");
        assert!(!seats.is_audio_gone(agent, losses));
        assert!(seats.is_audio_gone(agent, again));
    }
}

//! From SIP to the exchange.

use super::guarded;
use crate::clock::now;
use crate::exchange::Exchanges;
use crate::legs::{Leg, Legs, Side};
use crate::presence::Presence;
use hotline_records::journal::Journal;
use hotline_sip::{Event, Incoming};
use hotline_vocabulary::ids::{ContactId, LegId, Minter};
use hotline_vocabulary::input::CallArrived;
use hotline_vocabulary::{Channel, EndReason, Input};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub(crate) struct Sip {
    pub exchanges: Exchanges,
    pub legs: Legs,
    pub presence: Presence,
    pub media: hotline_media::Handle,
    pub sip: hotline_sip::Handle,
    pub journal: Journal,
    pub minter: Minter,
}

/// Runs until `stopped`, and takes all that came before it.
pub(crate) async fn follow(
    mut side: Sip,
    mut events: mpsc::Receiver<Event>,
    stopped: CancellationToken,
) {
    loop {
        // In this order: what SIP said before it stopped is still taken. (Handles on SIP, like ours,
        // keep its line of events open for ever.)
        tokio::select! {
            biased;
            event = events.recv() => match event {
                Some(event) => guarded("SIP", side.take(event)).await,
                None => return,
            },
            () = stopped.cancelled() => return,
        }
    }
}

/// What a call gets that we have no room for (RFC 3261, section 21.5.4).
const SERVICE_UNAVAILABLE: u16 = 503;

impl Sip {
    async fn take(&mut self, event: Event) {
        match event {
            Event::Incoming(incoming) => self.incoming(incoming),
            Event::Key { leg, digit } => self.to_leg(leg, Input::KeyPressed { leg, digit }).await,
            Event::Answered { leg, remote } => {
                if let Err(error) = self.media.connect_rtp(leg, remote) {
                    // Nobody would hear anything. (Or it crossed with our hang-up, and is over.)
                    tracing::warn!(%leg, %error, "an answered leg has no media");
                    let reason = EndReason::InternalError;
                    self.sip.hang_up(leg, reason);
                    self.to_leg(leg, Input::LegEnded { leg, reason }).await;
                    self.media.close(leg);
                    return;
                }
                self.to_leg(leg, Input::LegAnswered { leg }).await;
            }
            Event::Changed { leg, remote } => {
                if let Err(error) = self.media.connect_rtp(leg, remote) {
                    tracing::warn!(%leg, %error, "the media of a leg could not be changed");
                }
            }
            Event::Ended { leg, reason } => {
                self.to_leg(leg, Input::LegEnded { leg, reason }).await;
                self.media.close(leg);
            }
            Event::Registered { tenant, agent } => {
                self.presence.desk_phone_registered(tenant, agent).await;
            }
            Event::Unregistered { tenant, agent } => {
                self.presence.desk_phone_gone(tenant, agent).await;
            }
        }
    }

    fn incoming(&mut self, incoming: Incoming) {
        let leg = incoming.leg;
        if let Err(refused) = self.admit(incoming) {
            tracing::warn!(%leg, %refused, "a call was refused");
            self.sip.reject(leg, SERVICE_UNAVAILABLE);
            self.legs.remove(leg);
            self.media.close(leg);
        }
    }

    fn admit(&mut self, incoming: Incoming) -> Result<(), Refused> {
        let Incoming {
            leg,
            tenant,
            caller,
            dialled,
            remote,
            ..
        } = incoming;
        let exchange = self.exchanges.of(tenant).ok_or(Refused::Busy)?;
        if !self.journal.has_room() {
            return Err(Refused::JournalFull);
        }
        let local = self.media.open_rtp(leg)?;
        self.media.connect_rtp(leg, remote)?;
        self.legs.insert(
            leg,
            Leg {
                tenant,
                side: Side::Phone { local },
            },
        );
        let contact: ContactId = self.minter.mint(now());
        let arrived = CallArrived {
            contact,
            leg,
            channel: Channel::Phone,
            caller,
            dialled,
        };
        exchange
            .try_submit(Input::CallArrived(arrived))
            .map_err(|_| Refused::Busy)
    }

    async fn to_leg(&self, leg: LegId, input: Input) {
        let exchange = self
            .legs
            .get(leg)
            .and_then(|owner| self.exchanges.of(owner.tenant));
        if let Some(exchange) = exchange {
            exchange.submit(input).await;
        }
    }
}

/// Why a call that SIP let in was refused all the same.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the switchboard is too busy")]
    Busy,
    #[error("the journal is full, because the database has been away for too long")]
    JournalFull,
    #[error(transparent)]
    Media(#[from] hotline_media::Error),
}

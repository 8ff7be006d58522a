//! From SIP to the exchange.

use crate::exchange::Exchanges;
use crate::legs::{Leg, Legs, Side};
use hotline_records::journal::Journal;
use hotline_sip::{Event, Incoming};
use hotline_vocabulary::agent::Device;
use hotline_vocabulary::ids::{ContactId, LegId, Minter};
use hotline_vocabulary::input::CallArrived;
use hotline_vocabulary::{Channel, Input, Timestamp};
use std::time::SystemTime;
use tokio::sync::mpsc;

pub(crate) struct Sip {
    pub exchanges: Exchanges,
    pub legs: Legs,
    pub media: hotline_media::Handle,
    pub sip: hotline_sip::Handle,
    pub journal: Journal,
    pub minter: Minter,
}

/// Runs until SIP stops.
pub(crate) async fn follow(mut side: Sip, mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        match event {
            Event::Incoming(incoming) => side.incoming(incoming),
            Event::Key { leg, digit } => side.to_leg(leg, Input::KeyPressed { leg, digit }).await,
            Event::Answered { leg, remote } => {
                if let Err(error) = side.media.connect_rtp(leg, remote) {
                    tracing::warn!(%leg, %error, "an answered leg has no media");
                }
                side.to_leg(leg, Input::LegAnswered { leg }).await;
            }
            Event::Changed { leg, remote } => {
                if let Err(error) = side.media.connect_rtp(leg, remote) {
                    tracing::warn!(%leg, %error, "the media of a leg could not be changed");
                }
            }
            Event::Ended { leg, reason } => {
                side.to_leg(leg, Input::LegEnded { leg, reason }).await;
                side.media.close(leg);
            }
            Event::Registered { tenant, agent } => {
                let up = Input::DeviceUp {
                    agent,
                    device: Device::DeskPhone,
                    leg: None,
                };
                side.submit(tenant, up).await;
            }
            Event::Unregistered { tenant, agent } => {
                let down = Input::DeviceDown {
                    agent,
                    device: Device::DeskPhone,
                };
                side.submit(tenant, down).await;
            }
        }
    }
}

/// What a call gets that we have no room for (RFC 3261, section 21.5.4).
const SERVICE_UNAVAILABLE: u16 = 503;

impl Sip {
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
        if let Some(owner) = self.legs.get(leg) {
            self.submit(owner.tenant, input).await;
        }
    }

    async fn submit(&self, tenant: hotline_vocabulary::ids::TenantId, input: Input) {
        if let Some(exchange) = self.exchanges.of(tenant) {
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

/// Ids carry the time of their making; nothing is decided by it.
fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

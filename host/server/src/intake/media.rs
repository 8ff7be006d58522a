//! From the media plane to the exchange.

use crate::exchange::Exchanges;
use crate::legs::{Legs, Side};
use crate::presence::Presence;
use crate::web_calls::WebCalls;
use hotline_media::Event;
use hotline_vocabulary::ids::{LegId, RecordingId, TenantId};
use hotline_vocabulary::{EndReason, Input};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc;

pub(crate) struct Media {
    pub exchanges: Exchanges,
    pub legs: Legs,
    pub presence: Presence,
    pub sip: hotline_sip::Handle,
    pub media: hotline_media::Handle,
    pub web_calls: WebCalls,
    pub recordings: RecordingOwners,
}

/// Which tenant a running recording belongs to. Bounded by the calls that are recorded.
pub(crate) type RecordingOwners = Arc<Mutex<HashMap<RecordingId, TenantId>>>;

/// Runs until the media plane stops.
pub(crate) async fn follow(side: Media, mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        match event {
            Event::Key { leg, digit } => side.to_leg(leg, Input::KeyPressed { leg, digit }).await,
            Event::PlaybackEnded {
                leg,
                playback,
                outcome,
            } => {
                side.to_leg(
                    leg,
                    Input::PlaybackEnded {
                        leg,
                        playback,
                        outcome,
                    },
                )
                .await;
            }
            Event::Connected { leg } => side.connected(leg).await,
            Event::Lost { leg } => side.lost(leg).await,
            Event::Measured { leg, statistics } => {
                side.to_leg(leg, Input::LegMeasured { leg, statistics })
                    .await;
                side.legs.remove(leg);
            }
            Event::RecordingFinished {
                recording,
                length_ms,
                bytes,
            } => {
                let owner = side.recordings.lock().remove(&recording);
                if let Some(exchange) = owner.and_then(|tenant| side.exchanges.of(tenant)) {
                    exchange
                        .submit(Input::RecordingFinished {
                            recording,
                            length_ms,
                            bytes,
                        })
                        .await;
                }
            }
        }
    }
}

impl Media {
    async fn connected(&self, leg: LegId) {
        if let Some(owner) = self.legs.get(leg)
            && let Side::Console { agent } = owner.side
        {
            self.presence
                .audio_connected(owner.tenant, agent, leg)
                .await;
        }
    }

    async fn lost(&self, leg: LegId) {
        let Some(owner) = self.legs.get(leg) else {
            return;
        };
        let reason = EndReason::MediaLost;
        match owner.side {
            Side::Console { agent } => {
                self.presence.audio_lost(owner.tenant, agent, leg);
                self.media.close(leg);
                return;
            }
            Side::WebPage => self.web_calls.ended(leg, reason),
            Side::Phone { .. } | Side::DeskPhone { .. } => self.sip.hang_up(leg, reason),
        }
        self.to_leg(leg, Input::LegEnded { leg, reason }).await;
        self.media.close(leg);
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

//! From the media plane to the exchange.

use super::guarded;
use crate::exchange::Exchanges;
use crate::legs::{Legs, Side};
use crate::presence::Presence;
use crate::recordings::RecordingOwners;
use crate::web_calls::WebCalls;
use hotline_media::Event;
use hotline_vocabulary::ids::LegId;
use hotline_vocabulary::{EndReason, Input};
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

/// Runs until the media plane stops.
pub(crate) async fn follow(side: Media, mut events: mpsc::Receiver<Event>) {
    while let Some(event) = events.recv().await {
        guarded("media", side.take(event)).await;
    }
}

impl Media {
    async fn take(&self, event: Event) {
        match event {
            Event::Key { leg, digit } => self.to_leg(leg, Input::KeyPressed { leg, digit }).await,
            Event::PlaybackEnded {
                leg,
                playback,
                outcome,
            } => {
                self.to_leg(
                    leg,
                    Input::PlaybackEnded {
                        leg,
                        playback,
                        outcome,
                    },
                )
                .await;
            }
            Event::Connected { leg } => self.connected(leg).await,
            Event::Lost { leg } => self.lost(leg).await,
            Event::Measured { leg, statistics } => {
                self.to_leg(leg, Input::LegMeasured { leg, statistics })
                    .await;
                self.legs.remove(leg);
            }
            Event::RecordingFinished {
                recording,
                length_ms,
                bytes,
            } => {
                let owner = self.recordings.lock().remove(&recording);
                if let Some(exchange) = owner.and_then(|tenant| self.exchanges.of(tenant)) {
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

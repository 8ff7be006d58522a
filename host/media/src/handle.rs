//! What others may ask of the media plane.

use crate::port::Port;
use crate::webrtc::WebRtc;
use crate::{Error, Event, Sound};
use hotline_vocabulary::ids::{LegId, PlaybackId, RecordingId};
use hotline_vocabulary::media::{Codec, RemoteMedia};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;

#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    webrtc: WebRtc,
    events: mpsc::Sender<Event>,
}

impl Handle {
    pub(crate) fn new(webrtc: WebRtc, events: mpsc::Sender<Event>) -> Handle {
        Handle {
            shared: Arc::new(Shared { webrtc, events }),
        }
    }

    /// Binds a socket on a free even port for a new leg; the address to put into our SDP. Packets
    /// flow after [`Handle::connect_rtp`].
    pub fn open_rtp(&self, leg: LegId) -> Result<SocketAddr, Error> {
        Err(Error::UnknownLeg(leg))
    }

    /// Where and how the far end wants its RTP; again after each re-INVITE.
    pub fn connect_rtp(&self, leg: LegId, _remote: RemoteMedia) -> Result<(), Error> {
        Err(Error::UnknownLeg(leg))
    }

    /// Answers a browser's offer (SDP); the answer has its ICE candidates complete. `Connected`
    /// follows.
    pub async fn open_webrtc(&self, leg: LegId, offer_sdp: String) -> Result<String, Error> {
        self.shared.webrtc.open(self, leg, offer_sdp).await
    }

    /// A leg carried by somebody else. Must be called inside a tokio runtime.
    pub(crate) fn open_port(&self, leg: LegId, _codec: Codec) -> Result<Port, Error> {
        Err(Error::UnknownLeg(leg))
    }

    /// Tells an event from outside the workers; when the receiver is far behind it waits in line
    /// behind theirs.
    pub(crate) fn emit(&self, event: Event) {
        let _ = self.shared.events.try_send(event);
    }

    /// Ends a leg; `Measured` follows.
    pub fn close(&self, leg: LegId) {
        self.shared.webrtc.close(leg);
    }

    /// Plays sounds once, in order, instead of what the leg hears now.
    pub fn play(&self, _leg: LegId, _playback: PlaybackId, _sounds: Vec<Arc<Sound>>) {}

    /// Plays music until told otherwise.
    pub fn play_music(&self, _leg: LegId, _music: Arc<Sound>) {}

    /// Back to the bridge, or to silence.
    pub fn stop_playing(&self, _leg: LegId) {}

    /// Each hears the other.
    pub fn bridge(&self, _one: LegId, _other: LegId) {}

    pub fn unbridge(&self, _one: LegId, _other: LegId) {}

    /// Records a leg into a new stereo WAV file: left what arrives from it, right what it hears.
    pub fn start_recording(&self, _recording: RecordingId, _leg: LegId, _file: PathBuf) {}

    /// Writes silence until resumed.
    pub fn pause_recording(&self, _recording: RecordingId) {}

    pub fn resume_recording(&self, _recording: RecordingId) {}

    /// `RecordingFinished` follows.
    pub fn stop_recording(&self, _recording: RecordingId) {}
}

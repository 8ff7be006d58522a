//! The media plane: worker threads that own legs, move their audio every 20 ms, hear keys, play
//! prompts, record, and count. It knows legs and sounds, and nothing of calls or queues.
//!
//! [`start`] gives a [`Service`] (the threads), a [`Handle`] (what to do) and a receiver of
//! [`Event`]s (what happened). A worker never allocates, waits for a lock or logs inside a tick:
//! whatever needs that is done by the handle before, or by the event thread after.

mod bridge;
mod courier;
mod directory;
mod dtmf;
mod error;
mod event;
mod g711;
mod handle;
mod histogram;
mod latch;
mod leg;
mod metrics;
mod options;
mod outbox;
mod place;
mod playback;
mod playout;
mod port;
mod ports;
mod prompts;
mod recorder;
mod recovery;
mod remote;
mod report;
mod rtcp;
mod rtp;
mod service;
mod socket;
mod sound;
mod statistics;
#[cfg(test)]
mod testing;
mod wav;
mod webrtc;
mod worker;

pub use error::Error;
pub use event::Event;
pub use g711::{decode_pcma, decode_pcmu, encode_pcma, encode_pcmu};
pub use handle::Handle;
pub use histogram::Distribution;
pub use metrics::Metrics;
pub use options::Options;
pub use prompts::{
    Espeak, PromptError, PromptOptions, Prompts, Recording, SoundFileError, SpeechEngine,
    SpeechError,
};
pub use recovery::{Recovered, recover_recording, recover_recordings};
pub use service::{Service, start};
pub use sound::Sound;
pub use webrtc::{IceServer, WebRtcError, WebRtcOptions};

/// Samples per second of every leg, sound and recording.
pub const SAMPLE_RATE_HZ: u32 = 8_000;
/// One frame: 20 ms of G.711, a byte a sample.
pub const FRAME_BYTES: usize = 160;
/// The length of a frame and of a worker's tick, in milliseconds.
pub const FRAME_MS: u64 = 20;

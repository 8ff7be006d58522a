//! What the media plane tells.

use hotline_vocabulary::Millis;
use hotline_vocabulary::ids::{LegId, PlaybackId, RecordingId};
use hotline_vocabulary::media::{Digit, MediaStatistics, PlaybackOutcome};

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A key was pressed (RFC 4733), once per press, told when it goes down.
    Key { leg: LegId, digit: Digit },
    /// The outcome of a [`crate::Handle::play`]; exactly one for each.
    PlaybackEnded {
        leg: LegId,
        playback: PlaybackId,
        outcome: PlaybackOutcome,
    },
    /// A browser's leg is up: keys are agreed, audio flows. RTP legs do not tell.
    Connected { leg: LegId },
    /// Nothing arrived for the media time-out although the far end should send, or a browser's
    /// connection failed. Each is told once; the leg stays until closed.
    Lost { leg: LegId },
    /// The last word about a leg, after [`crate::Handle::close`].
    Measured {
        leg: LegId,
        statistics: MediaStatistics,
    },
    /// The file is complete. Zero bytes: it could not be written at all.
    RecordingFinished {
        recording: RecordingId,
        length_ms: Millis,
        /// Size of the whole file.
        bytes: u64,
    },
}

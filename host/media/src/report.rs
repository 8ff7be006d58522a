//! What a worker hands out of its tick: things to tell, and things to free where it costs no one a
//! packet.

use crate::Sound;
use crate::bridge::Link;
use crate::metrics::Counter;
use crate::playback::Playlist;
use crate::recorder::Tap;
use hotline_vocabulary::ids::LegId;
use hotline_vocabulary::media::{Digit, MediaStatistics, PlaybackOutcome};
use rtrb::Producer;
use std::fmt::Debug;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) enum Report {
    Key {
        leg: LegId,
        digit: Digit,
    },
    PlaybackEnded {
        leg: LegId,
        outcome: PlaybackOutcome,
        prompts: Playlist,
    },
    Lost {
        leg: LegId,
    },
    /// Its place in the worker is free again.
    Closed {
        leg: LegId,
        statistics: MediaStatistics,
        /// The leg itself, with its sockets: only dropped, so nothing more is known of it here.
        remains: Box<dyn Debug + Send>,
    },
    Discard(#[allow(dead_code, reason = "it is only dropped")] Garbage),
}

/// What is dropped outside the tick. A tap that is dropped ends its recording.
#[derive(Debug)]
#[allow(dead_code, reason = "it is only dropped")]
pub(crate) enum Garbage {
    Music(Arc<Sound>),
    Link(Link),
    Tap(Tap),
}

/// A worker's way out. Room for [`crate::service::REPORTS`]; beyond (the event thread has stood
/// still through thousands of keys and ends) a report is dropped, and counted.
#[derive(Debug)]
pub(crate) struct Reports {
    ring: Producer<Report>,
    dropped: u64,
    told: bool,
}

impl Reports {
    pub(crate) fn new(ring: Producer<Report>) -> Reports {
        Reports {
            ring,
            dropped: 0,
            told: false,
        }
    }

    pub(crate) fn tell(&mut self, report: Report) {
        match self.ring.push(report) {
            Ok(()) => self.told = true,
            Err(_) => self.dropped += 1,
        }
    }

    pub(crate) fn discard(&mut self, garbage: Garbage) {
        self.tell(Report::Discard(garbage));
    }

    /// Whether anything was told since last asked; moves the count of drops to `dropped`.
    pub(crate) fn take_told(&mut self, dropped: &Counter) -> bool {
        if self.dropped > 0 {
            dropped.add(std::mem::take(&mut self.dropped));
        }
        std::mem::take(&mut self.told)
    }
}

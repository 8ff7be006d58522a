//! What joins two legs: a pair of bounded queues of frames, one each way. The same queues join legs
//! of one worker and of two, so that a bridge has one way to work.

use crate::FRAME_BYTES;
use hotline_vocabulary::ids::LegId;
use hotline_vocabulary::media::Codec;
use rtrb::{Consumer, Producer, RingBuffer};

/// 20 ms of one codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) codec: Codec,
    pub(crate) payload: [u8; FRAME_BYTES],
}

/// Frames that fit in one direction; a frame that comes when it is full is dropped (the other
/// worker stands still, and its far end is better served with fresh audio afterwards).
const QUEUE_FRAMES: usize = 8;
/// More than this many waiting frames are delay that nothing needs; the oldest is dropped.
const WAITING_FRAMES: usize = 2;

/// One leg's end of a bridge.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) peer: LegId,
    to_peer: Producer<Frame>,
    from_peer: Consumer<Frame>,
}

impl Link {
    /// The ends for `one` and for `other`.
    pub(crate) fn pair(one: LegId, other: LegId) -> (Link, Link) {
        let (to_other, from_one) = RingBuffer::new(QUEUE_FRAMES);
        let (to_one, from_other) = RingBuffer::new(QUEUE_FRAMES);
        (
            Link {
                peer: other,
                to_peer: to_other,
                from_peer: from_other,
            },
            Link {
                peer: one,
                to_peer: to_one,
                from_peer: from_one,
            },
        )
    }

    /// What this leg says.
    pub(crate) fn say(&mut self, frame: Frame) {
        let _ = self.to_peer.push(frame);
    }

    /// What the peer said; once a tick, also when nobody listens, so that nothing stale is heard.
    pub(crate) fn hear(&mut self) -> Option<Frame> {
        let frame = self.from_peer.pop().ok()?;
        if self.from_peer.slots() > WAITING_FRAMES {
            return self.from_peer.pop().ok();
        }
        Some(frame)
    }
}

//! Reading the log behind its writer, for the projector.

use super::frame::{self, Found, RawFacts};
use super::{JournalError, Position, Shared, segment};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Some whole frames, in order.
#[derive(Debug)]
pub(crate) struct Batch {
    payloads: Vec<u8>,
    /// The position behind them.
    pub(crate) end: Position,
}

impl Batch {
    /// Nothing, at a position.
    pub(crate) fn empty(end: Position) -> Batch {
        Batch {
            payloads: Vec::new(),
            end,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.payloads.len()
    }

    pub(crate) fn facts(&self) -> RawFacts<'_> {
        RawFacts::new(&self.payloads)
    }
}

pub(super) fn read(
    shared: &Shared,
    from: Position,
    max_bytes: usize,
) -> Result<Batch, JournalError> {
    let mut at = from;
    // The next segment that has something behind `from`; what is before the first one is gone.
    let length = {
        let state = shared.lock();
        loop {
            let Some((number, length)) = state.lengths.range(at.segment..).next() else {
                break None;
            };
            if *number > at.segment {
                at = Position {
                    segment: *number,
                    offset: segment::HEADER_BYTES,
                };
            }
            at.offset = at.offset.max(segment::HEADER_BYTES);
            if at.offset < *length {
                break Some(*length);
            }
            if *number == state.segment {
                break None;
            }
            at = Position {
                segment: number + 1,
                offset: segment::HEADER_BYTES,
            };
        }
    };
    let Some(length) = length else {
        return Ok(Batch::empty(at));
    };
    read_segment(shared, at, length, max_bytes).map_err(|source| match source.kind() {
        io::ErrorKind::InvalidData => JournalError::Damaged {
            path: segment::path(&shared.dir, at.segment),
            at,
        },
        _ => shared.error(at.segment, source),
    })
}

fn read_segment(shared: &Shared, at: Position, length: u64, max_bytes: usize) -> io::Result<Batch> {
    let file = File::open(segment::path(&shared.dir, at.segment))?;
    let available = usize::try_from(length - at.offset).unwrap_or(usize::MAX);
    let mut bytes = vec![0; available.min(max_bytes.max(frame::HEADER_BYTES))];
    file.read_exact_at(&mut bytes, at.offset)?;
    let mut payloads = Vec::with_capacity(bytes.len());
    let mut place = 0;
    loop {
        match frame::find(&bytes[place..]) {
            Found::Frame { payload, length } => {
                payloads.extend_from_slice(payload);
                place += length;
            }
            // One frame alone is longer than a batch.
            Found::Incomplete { needed }
                if place == 0 && needed <= available && needed > bytes.len() =>
            {
                bytes = vec![0; needed];
                file.read_exact_at(&mut bytes, at.offset)?;
            }
            _ if place > 0 => break,
            // It was whole when it was written or recovered: the disk changed it since.
            Found::Incomplete { .. } | Found::Damaged => {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }
    Ok(Batch {
        payloads,
        end: Position {
            segment: at.segment,
            offset: at.offset + place as u64,
        },
    })
}

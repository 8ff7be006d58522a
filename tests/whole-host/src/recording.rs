//! A recording as the API gives it: RIFF WAVE with G.711 mu-law, 8 kHz, two channels.

use crate::audio::from_mulaw;
use std::time::Duration;

/// Both sides of a call, as linear samples.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// What the customer said.
    pub left: Vec<i16>,
    /// What the customer heard.
    pub right: Vec<i16>,
}

/// WAVE_FORMAT_MULAW of RFC 2361.
const MULAW: u16 = 7;

impl Recording {
    /// Reads a whole file; its sizes must agree with its length.
    pub fn read(file: &[u8]) -> Recording {
        let long = |at: usize| {
            let bytes = file[at..at + 4].try_into().expect("four bytes");
            u32::from_le_bytes(bytes) as usize
        };
        let short = |at: usize| u16::from_le_bytes([file[at], file[at + 1]]);
        assert_eq!((&file[..4], &file[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
        assert_eq!(long(4) + 8, file.len(), "the size of the file");
        let (mut at, mut form) = (12, None);
        loop {
            let (name, length, body) = (&file[at..at + 4], long(at + 4), at + 8);
            match name {
                b"fmt " => form = Some((short(body), short(body + 2), long(body + 4))),
                b"data" => {
                    assert_eq!(form, Some((MULAW, 2, 8_000)), "format, channels, rate");
                    assert_eq!(body + length, file.len(), "the size of the data");
                    let side = |side: usize| {
                        let bytes = file[body..].iter().skip(side).step_by(2);
                        bytes.map(|byte| from_mulaw(*byte)).collect()
                    };
                    return Recording {
                        left: side(0),
                        right: side(1),
                    };
                }
                _ => {}
            }
            at = body + length;
        }
    }

    pub fn length(&self) -> Duration {
        Duration::from_secs_f64(self.left.len() as f64 / 8_000.0)
    }
}

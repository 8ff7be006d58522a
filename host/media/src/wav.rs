//! The file of a recording: RIFF WAVE with G.711 mu-law (format tag 7), 8 kHz, two channels, a byte
//! a sample: left, right, left, ...

use crate::SAMPLE_RATE_HZ;
use hotline_vocabulary::Millis;

pub(crate) const HEADER_BYTES: usize = 58;
/// Just under 4 GiB, where the sizes of a RIFF file end: 74 hours.
pub(crate) const LARGEST_DATA_BYTES: u32 = u32::MAX - 1_000_001;
const FORMAT_MULAW: u16 = 7;
const CHANNELS: u16 = 2;

/// The header for `data_bytes` of audio; `fmt ` with the extension size that formats other than PCM
/// carry, and `fact` with the samples per channel.
pub(crate) fn header(data_bytes: u32) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(0, b"RIFF");
    put(4, &(data_bytes + HEADER_BYTES as u32 - 8).to_le_bytes());
    put(8, b"WAVEfmt ");
    put(16, &18u32.to_le_bytes());
    put(20, &FORMAT_MULAW.to_le_bytes());
    put(22, &CHANNELS.to_le_bytes());
    put(24, &SAMPLE_RATE_HZ.to_le_bytes());
    put(28, &(SAMPLE_RATE_HZ * u32::from(CHANNELS)).to_le_bytes());
    put(32, &CHANNELS.to_le_bytes());
    put(34, &8u16.to_le_bytes());
    put(38, b"fact");
    put(42, &4u32.to_le_bytes());
    put(46, &(data_bytes / u32::from(CHANNELS)).to_le_bytes());
    put(50, b"data");
    put(54, &data_bytes.to_le_bytes());
    bytes
}

/// Whether a file begins as ours do, whatever its sizes say.
pub(crate) fn is_ours(head: &[u8; HEADER_BYTES]) -> bool {
    let expected = header(0);
    head[..4] == expected[..4] && head[8..46] == expected[8..46] && head[50..54] == expected[50..54]
}

/// How long `data_bytes` of audio are.
pub(crate) fn length(data_bytes: u64) -> Millis {
    Millis(data_bytes * 1000 / (u64::from(SAMPLE_RATE_HZ) * u64::from(CHANNELS)))
}

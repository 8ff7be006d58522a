//! A whole prompt or piece of music, encoded once per codec and shared by all who hear it.

use crate::SAMPLE_RATE_HZ;
use crate::g711::{encode_pcma, encode_pcmu};
use hotline_vocabulary::Millis;
use hotline_vocabulary::media::Codec;
use std::fmt;

/// 8 kHz mono, in each codec a leg may speak: `pcmu` and `pcma` have one byte per sample and the
/// same length.
#[derive(Clone, PartialEq, Eq)]
pub struct Sound {
    pcmu: Box<[u8]>,
    pcma: Box<[u8]>,
}

impl Sound {
    /// From 8 kHz mono 16-bit samples.
    pub fn from_samples(samples: &[i16]) -> Sound {
        Sound {
            pcmu: samples.iter().map(|sample| encode_pcmu(*sample)).collect(),
            pcma: samples.iter().map(|sample| encode_pcma(*sample)).collect(),
        }
    }

    /// One byte per sample.
    pub fn encoded(&self, codec: Codec) -> &[u8] {
        match codec {
            Codec::Pcmu => &self.pcmu,
            Codec::Pcma => &self.pcma,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.pcmu.is_empty()
    }

    pub fn duration(&self) -> Millis {
        Millis(self.pcmu.len() as u64 * 1000 / u64::from(SAMPLE_RATE_HZ))
    }
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sound({})", self.duration())
    }
}

//! What a leg hears that does not come from another leg: prompts once, music for ever.

use crate::bridge::Frame;
use crate::g711::silence;
use crate::{FRAME_BYTES, Sound};
use hotline_vocabulary::ids::PlaybackId;
use hotline_vocabulary::media::Codec;
use std::sync::Arc;

/// Sounds played once, in order, without a gap between them.
#[derive(Debug)]
pub(crate) struct Playlist {
    pub(crate) playback: PlaybackId,
    sounds: Vec<Arc<Sound>>,
    /// The sound that plays and the next sample in it.
    place: usize,
    offset: usize,
}

impl Playlist {
    pub(crate) fn new(playback: PlaybackId, sounds: Vec<Arc<Sound>>) -> Playlist {
        Playlist {
            playback,
            sounds,
            place: 0,
            offset: 0,
        }
    }

    /// The next 20 ms, the last of them filled up with silence; `None` when all was played.
    pub(crate) fn next(&mut self, codec: Codec) -> Option<Frame> {
        let mut payload = [silence(codec); FRAME_BYTES];
        let mut filled = 0;
        while filled < FRAME_BYTES {
            let Some(sound) = self.sounds.get(self.place) else {
                break;
            };
            let rest = &sound.encoded(codec)[self.offset..];
            if rest.is_empty() {
                self.place += 1;
                self.offset = 0;
                continue;
            }
            let length = rest.len().min(FRAME_BYTES - filled);
            payload[filled..filled + length].copy_from_slice(&rest[..length]);
            filled += length;
            self.offset += length;
        }
        (filled > 0).then_some(Frame { codec, payload })
    }
}

/// 20 ms of a sound that repeats for ever, as if it played since tick 0: whoever is put on hold
/// again after an announcement finds it gone on, not begun anew.
pub(crate) fn music_frame(sound: &Sound, codec: Codec, tick: u64) -> Frame {
    let mut payload = [silence(codec); FRAME_BYTES];
    let encoded = sound.encoded(codec);
    if !encoded.is_empty() {
        let mut offset = (tick * FRAME_BYTES as u64 % encoded.len() as u64) as usize;
        for byte in &mut payload {
            *byte = encoded[offset];
            offset += 1;
            if offset == encoded.len() {
                offset = 0;
            }
        }
    }
    Frame { codec, payload }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    fn ramp(length: usize) -> Arc<Sound> {
        let samples: Vec<i16> = (0..length).map(|place| place as i16 * 16).collect();
        Arc::new(Sound::from_samples(&samples))
    }

    #[test]
    fn sounds_follow_each_other_without_a_gap_and_end_once() {
        let sounds = vec![ramp(100), ramp(0), ramp(250)];
        let expected: Vec<u8> = sounds
            .iter()
            .flat_map(|sound| sound.encoded(Codec::Pcma).to_vec())
            .chain([silence(Codec::Pcma); 130])
            .collect();
        let mut prompts = Playlist::new(PlaybackId::from_bits(1), sounds);
        let mut heard = Vec::new();
        while let Some(frame) = prompts.next(Codec::Pcma) {
            heard.extend(frame.payload);
        }
        assert_eq!(heard, expected);
        assert_eq!(prompts.next(Codec::Pcma), None);
    }

    #[test]
    fn music_goes_round_without_a_seam() {
        let sound = ramp(1_000);
        let heard: Vec<u8> = (0..25)
            .flat_map(|tick| music_frame(&sound, Codec::Pcmu, tick).payload)
            .collect();
        let expected = sound.encoded(Codec::Pcmu).repeat(4);
        assert_eq!(heard, expected);
    }

    #[test]
    fn empty_music_is_silence() {
        let frame = music_frame(&ramp(0), Codec::Pcmu, 3);
        assert_eq!(frame.payload, [silence(Codec::Pcmu); FRAME_BYTES]);
    }
}

//! Recordings: who is on which side, and what is left after a crash.

use crate::testing::{PATIENCE, Rig, decode, is_silent, options, phone, share_of, tone_sound};
use crate::{Event, recover_recordings};
use hotline_vocabulary::Millis;
use hotline_vocabulary::ids::{Id, RecordingId};
use hotline_vocabulary::media::Codec;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

fn recording() -> RecordingId {
    RecordingId::from_bits(1)
}

/// Left and right, read by a parser that is not ours.
fn channels(file: &Path) -> (Vec<i16>, Vec<i16>) {
    let bytes = fs::read(file).expect("a file");
    let at = |place: usize| u32::from_le_bytes(bytes[place..place + 4].try_into().expect("four"));
    assert_eq!(
        (&bytes[..4], &bytes[8..16]),
        (&b"RIFF"[..], &b"WAVEfmt "[..])
    );
    assert_eq!(at(4) as usize + 8, bytes.len());
    assert_eq!(u16::from_le_bytes([bytes[20], bytes[21]]), 7);
    assert_eq!(at(54) as usize + 58, bytes.len());
    let audio = decode(Codec::Pcmu, &bytes[58..]);
    let side = |first: usize| audio.iter().skip(first).step_by(2).copied().collect();
    (side(0), side(1))
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn left_is_what_the_leg_says_and_right_what_it_hears_in_step_with_the_clock() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("demo/2026/a.wav");
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcma);
    let mut bob = phone(&rig.handle, 2, Codec::Pcmu);
    rig.handle
        .start_recording(recording(), alice.leg, file.clone());
    // 1 s of a prompt into her silence, 1 s of both, 1 s paused, 1 s of hers alone.
    rig.handle.play_music(alice.leg, tone_sound(440, 100));
    for _ in 0..50 {
        rig.tick();
    }
    rig.handle.bridge(alice.leg, bob.leg);
    rig.talk(50, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    rig.handle.pause_recording(recording());
    rig.talk(50, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    rig.handle.resume_recording(recording());
    rig.handle.unbridge(alice.leg, bob.leg);
    rig.talk(50, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    rig.handle.stop_recording(recording());
    rig.talk(50, &mut [(&mut alice, 600)]);
    let finished = Event::RecordingFinished {
        recording: recording(),
        length_ms: Millis(4_000),
        bytes: 58 + 2 * 4 * 8_000,
    };
    assert_eq!(rig.event(), finished);

    let (said, heard) = channels(&file);
    assert_eq!((said.len(), heard.len()), (32_000, 32_000));
    let second = |samples: &[i16], number: usize| {
        samples[number * 8_000 + 400..(number + 1) * 8_000 - 400].to_vec()
    };
    assert!(is_silent(&second(&said, 0)));
    assert!(share_of(440, &second(&heard, 0)) > 0.95);
    assert!(share_of(600, &second(&said, 1)) > 0.95);
    assert!(share_of(1_000, &second(&heard, 1)) > 0.95);
    assert!(is_silent(&second(&said, 2)) && is_silent(&second(&heard, 2)));
    assert!(share_of(600, &second(&said, 3)) > 0.95);
    assert!(is_silent(&second(&heard, 3)));
}

#[test]
fn a_recording_ends_with_its_leg() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.wav");
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    rig.handle
        .start_recording(recording(), alice.leg, file.clone());
    rig.talk(20, &mut [(&mut alice, 600)]);
    rig.handle.close(alice.leg);
    rig.tick();
    assert!(matches!(rig.event(), Event::Measured { .. }));
    assert!(matches!(
        rig.event(),
        Event::RecordingFinished {
            length_ms: Millis(400),
            ..
        }
    ));
    assert_eq!(channels(&file).0.len(), 400 * 8);
}

#[test]
fn what_a_crash_leaves_is_readable_to_the_last_second() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.wav");
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    rig.handle
        .start_recording(recording(), alice.leg, file.clone());
    rig.talk(100, &mut [(&mut alice, 600)]);
    let spoken = Instant::now();
    let size = || fs::metadata(&file).map_or(0, |data| data.len());
    wait_until("2 s of audio on disk", || size() == 58 + 2 * 16_000);
    assert!(spoken.elapsed() < Duration::from_secs(5));

    // As if the host were killed between the audio and the header, in the middle of a sample.
    let left = folder.path().join("left");
    fs::create_dir(&left).expect("a folder");
    let mut bytes = fs::read(&file).expect("readable while it grows");
    bytes[4..8].copy_from_slice(&58u32.to_le_bytes());
    bytes[46..50].fill(0);
    bytes[54..58].fill(0);
    bytes.push(0xFF);
    fs::write(left.join("a.wav"), &bytes).expect("a copy");
    let found = recover_recordings(&left).expect("readable");
    assert_eq!(found[0].length_ms, Millis(2_000));
    let (said, _) = channels(&left.join("a.wav"));
    assert!(share_of(600, &said[800..]) > 0.95);
}

#[test]
fn a_file_that_can_not_be_written_is_told_and_costs_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = folder.path().join("a.wav");
    fs::write(&taken, "mine").expect("a file");
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    rig.handle
        .start_recording(recording(), alice.leg, taken.clone());
    rig.talk(10, &mut [(&mut alice, 600)]);
    rig.handle.stop_recording(recording());
    rig.talk(1, &mut [(&mut alice, 600)]);
    let finished = Event::RecordingFinished {
        recording: recording(),
        length_ms: Millis(0),
        bytes: 0,
    };
    assert_eq!(rig.event(), finished);
    assert_eq!(fs::read(&taken).expect("still there"), b"mine");
    assert_eq!(alice.take_heard().len(), 11);
}

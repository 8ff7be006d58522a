//! The threads themselves, on the real clock.

use super::*;
use crate::testing::{PATIENCE, Phone, Rig, options, phone, share_of, tone_sound};
use hotline_vocabulary::Millis;
use hotline_vocabulary::ids::{Id, LegId, PlaybackId, RecordingId};
use hotline_vocabulary::media::{Codec, PlaybackOutcome};
use std::fs;
use std::time::{Duration, Instant};

/// Phones talk at their own pace of 20 ms, as phones do.
fn talk(length: Duration, voices: &mut [(&mut Phone, u32)]) {
    let start = Instant::now();
    let mut packet = 0;
    while start.elapsed() < length {
        for (phone, frequency_hz) in voices.iter_mut() {
            phone.say(*frequency_hz, 160);
        }
        packet += 1;
        let due = start + Duration::from_millis(20 * packet);
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

fn next(events: &mut mpsc::Receiver<Event>) -> Event {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match events.try_recv() {
            Ok(event) => return event,
            Err(error) => assert!(Instant::now() < deadline, "no event: {error}"),
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_call_through_running_workers_is_heard_both_ways_without_a_gap() {
    let (_service, handle, mut events) = start(options(2)).expect("it starts");
    let mut alice = phone(&handle, 1, Codec::Pcmu);
    let mut bob = phone(&handle, 2, Codec::Pcma);
    let playback = PlaybackId::from_bits(1);
    handle.play(alice.leg, playback, vec![tone_sound(440, 200)]);
    assert_eq!(
        next(&mut events),
        Event::PlaybackEnded {
            leg: alice.leg,
            playback,
            outcome: PlaybackOutcome::Completed
        }
    );
    handle.bridge(alice.leg, bob.leg);
    talk(
        Duration::from_millis(200),
        &mut [(&mut alice, 600), (&mut bob, 1_000)],
    );
    alice.take_heard();
    bob.take_heard();
    talk(
        Duration::from_millis(1_500),
        &mut [(&mut alice, 600), (&mut bob, 1_000)],
    );
    let (at_alice, at_bob) = (alice.listen(), bob.listen());
    // A busy machine may delay a phone of this test by a frame, and each delay shifts the tone.
    let clear = |frequency_hz, sound: &[i16]| {
        let parts = sound.chunks_exact(800);
        let total = parts.len();
        let good = parts
            .filter(|part| share_of(frequency_hz, part) > 0.98)
            .count();
        total >= 10 && good * 10 >= total * 7
    };
    assert!(clear(1_000, &at_alice));
    assert!(clear(600, &at_bob));
    let metrics = handle.metrics();
    assert_eq!(metrics.legs, 2);
    assert_eq!(
        metrics.sent_gap.percentile_us(0.5) / 5_000,
        4,
        "about 20 ms"
    );
}

#[tokio::test]
async fn stopping_measures_every_leg_and_finishes_its_recording() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.wav");
    let (service, handle, mut events) = start(options(2)).expect("it starts");
    let mut phones = [1, 2, 3].map(|number| phone(&handle, number, Codec::Pcmu));
    let recording = RecordingId::from_bits(1);
    handle.start_recording(recording, phones[0].leg, file.clone());
    let [one, two, three] = &mut phones;
    talk(
        Duration::from_millis(300),
        &mut [(one, 600), (two, 700), (three, 800)],
    );
    service.stop().await;
    let mut measured = 0;
    let mut finished = None;
    while let Ok(event) = events.try_recv() {
        match event {
            Event::Measured { statistics, .. } => {
                assert!(statistics.packets_received > 5);
                measured += 1;
            }
            Event::RecordingFinished {
                length_ms, bytes, ..
            } => finished = Some((length_ms, bytes)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(measured, 3);
    let (length_ms, bytes) = finished.expect("a recording");
    assert!(length_ms > Millis(100));
    assert_eq!(fs::metadata(&file).expect("a file").len(), bytes);
    assert!(matches!(
        handle.open_rtp(LegId::from_bits(9)),
        Err(Error::Stopped)
    ));
}

#[test]
fn dropping_the_service_ends_its_threads() {
    let (service, handle, mut events) = start(options(1)).expect("it starts");
    let alice = phone(&handle, 1, Codec::Pcmu);
    drop(service);
    assert!(matches!(next(&mut events), Event::Measured { leg, .. } if leg == alice.leg));
}

#[test]
fn no_key_is_lost_while_nobody_takes_events() {
    const KEYS: usize = EVENTS + 2_000;
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    rig.tick();
    for key in 0..KEYS {
        alice.press((key % 10) as u8, key as u32 * 1_000, 0x80);
        if key % 10 == 9 {
            rig.tick();
        }
    }
    rig.tick();
    for key in 0..KEYS {
        let Event::Key { digit, .. } = rig.event() else {
            panic!("not a key");
        };
        assert_eq!(digit.as_char().to_digit(10), Some(key as u32 % 10));
    }
    assert_eq!(rig.handle.metrics().events_dropped, 0);
}

/// CPU time of the threads of this process with that name, in nanoseconds.
fn cpu_time_ns(name: &str) -> u64 {
    let tasks = fs::read_dir("/proc/self/task").expect("Linux");
    tasks
        .filter_map(|task| {
            let task = task.ok()?.path();
            let comm = fs::read_to_string(task.join("comm")).ok()?;
            let figures = fs::read_to_string(task.join("schedstat")).ok()?;
            (comm.trim() == name).then(|| figures.split(' ').next()?.parse::<u64>().ok())?
        })
        .sum()
}

/// Not a check but a figure: `cargo test --release -p hotline-media -- --ignored --nocapture load`.
#[test]
#[ignore = "takes ten seconds and wants a quiet machine"]
#[allow(clippy::print_stderr)]
fn load_of_bridged_calls() {
    for calls in [200u16, 500] {
        let options = Options {
            rtp_ports: 16_000..=16_000 + calls * 8,
            ..Options::default()
        };
        let (service, handle, _events) = start(options).expect("it starts");
        let mut phones: Vec<Phone> = (0..u128::from(calls) * 2)
            .map(|number| phone(&handle, number, Codec::Pcmu))
            .collect();
        for pair in phones.chunks(2) {
            handle.bridge(pair[0].leg, pair[1].leg);
        }
        let before = (cpu_time_ns("media-0"), handle.metrics());
        let start = Instant::now();
        let seconds = 5;
        for packet in 1..=50 * seconds {
            let share = phones.len().div_ceil(10);
            for (slot, some) in phones.chunks_mut(share).enumerate() {
                for phone in some {
                    phone.say(600, 160);
                    phone.socket.recv(&mut [0; 200]).ok();
                }
                let due = start + Duration::from_millis(20 * (packet - 1) + 2 * (slot as u64 + 1));
                thread::sleep(due.saturating_duration_since(Instant::now()));
            }
        }
        let elapsed = start.elapsed().as_nanos() as f64;
        let metrics = handle.metrics();
        let cpu = (cpu_time_ns("media-0") - before.0) as f64 / elapsed * 100.0;
        let sent_gap = metrics.sent_gap.since(&before.1.sent_gap);
        let lateness = metrics.lateness.since(&before.1.lateness);
        eprintln!(
            "{calls} calls: {cpu:.2} % of a core, {:.4} % a call; sent {} received {} dropped {} \
             refused {}; sent gap p50 {} p99 {} us; late p50 {} p99 {} max {} us",
            cpu / f64::from(calls),
            metrics.packets_sent - before.1.packets_sent,
            metrics.packets_received - before.1.packets_received,
            metrics.frames_dropped,
            metrics.packets_refused,
            sent_gap.percentile_us(0.5),
            sent_gap.percentile_us(0.99),
            lateness.percentile_us(0.5),
            lateness.percentile_us(0.99),
            lateness.max_us,
        );
        drop(service);
    }
}

//! The claim that a tick neither allocates nor frees, counted.
#![allow(unsafe_code)]

use crate::testing::{Rig, options, phone, tone_sound};
use crate::{FRAME_BYTES, Sound};
use hotline_vocabulary::ids::{Id, LegId, PlaybackId, RecordingId};
use hotline_vocabulary::media::Codec;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

thread_local! {
    /// Calls of the allocator on this thread while it is watched.
    static CALLS: Cell<Option<u64>> = const { Cell::new(None) };
}

struct Counting;

fn count() {
    CALLS.with(|calls| calls.set(calls.get().map(|count| count + 1)));
}

// SAFETY: everything is handed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as the caller promised us.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        // SAFETY: as the caller promised us.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as the caller promised us.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Ticks every worker once; how often they called the allocator meanwhile.
fn calls_in_tick(rig: &mut Rig) -> u64 {
    CALLS.set(Some(0));
    rig.tick();
    CALLS.replace(None).unwrap_or_default()
}

#[test]
fn the_allocator_is_watched() {
    CALLS.set(Some(0));
    drop(std::hint::black_box(vec![1u8]));
    assert_eq!(CALLS.replace(None), Some(2));
}

#[test]
fn a_tick_neither_allocates_nor_frees_whatever_it_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rig = Rig::new(options(2));
    let handle = rig.handle.clone();
    let mut phones: Vec<_> = (1..=8)
        .map(|number| {
            phone(
                &handle,
                number,
                [Codec::Pcmu, Codec::Pcma][number as usize % 2],
            )
        })
        .collect();
    let mut calls = 0;
    let music: Arc<Sound> = tone_sound(700, 100);
    let mut number = 0;
    for round in 0..60u32 {
        for pair in phones.chunks_mut(2) {
            let [one, other] = pair else { continue };
            number += 1;
            match (round + number as u32) % 8 {
                0 => handle.bridge(one.leg, other.leg),
                1 => handle.unbridge(one.leg, other.leg),
                2 => handle.play(
                    one.leg,
                    PlaybackId::from_bits(number),
                    vec![tone_sound(440, 50)],
                ),
                3 => handle.play_music(one.leg, Arc::clone(&music)),
                4 => handle.start_recording(
                    RecordingId::from_bits(number),
                    one.leg,
                    folder.path().join(format!("{number}.wav")),
                ),
                5 => handle.stop_playing(one.leg),
                6 => {
                    // The only owner of its sound: the last use must not free it in the tick.
                    handle.play_music(other.leg, tone_sound(500, 100));
                    one.press(3, round * 1_000, 0);
                }
                _ => handle
                    .connect_rtp(one.leg, one.remote())
                    .expect("it is open"),
            }
            for length in [FRAME_BYTES, 240] {
                one.say(600, length);
                other.say(900, length);
            }
        }
        calls += calls_in_tick(&mut rig);
        calls += calls_in_tick(&mut rig);
    }
    for phone in &phones {
        handle.close(phone.leg);
    }
    handle.open_rtp(LegId::from_bits(99)).expect("room");
    calls += calls_in_tick(&mut rig);
    assert_eq!(calls, 0);
    let metrics = handle.metrics();
    assert!(metrics.packets_received > 500, "it did something");
    assert_eq!(metrics.legs, 1);
}

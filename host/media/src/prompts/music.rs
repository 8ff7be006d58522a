//! Music on hold that nobody has to license: a quiet loop of four chords, made from sine waves.

use crate::SAMPLE_RATE_HZ;
use std::f32::consts::TAU;

/// Eighth notes at 80 per minute, 64 of them: 24 seconds, a whole number of 20 ms frames.
const STEP: usize = SAMPLE_RATE_HZ as usize * 3 / 8;
const STEPS: usize = 64;
const STEPS_PER_CHORD: usize = 8;

/// A chord as MIDI note numbers (69 is A4, 440 Hz): bass, then the five notes of its arpeggio.
const CHORDS: [(u8, [u8; 5]); 8] = [
    (48, [60, 64, 67, 71, 74]), // C major 7 with a ninth
    (45, [60, 64, 67, 69, 76]), // A minor 7
    (53, [60, 65, 69, 72, 76]), // F major 7
    (43, [59, 62, 67, 69, 74]), // G with a ninth
    (52, [59, 64, 67, 71, 74]), // E minor 7
    (45, [60, 64, 69, 71, 76]), // A minor with a ninth
    (50, [60, 65, 69, 72, 77]), // D minor 7
    (43, [60, 62, 67, 71, 74]), // G with a fourth that wants home
];

/// Which note of the chord sounds at each step; two patterns alternate, so that it breathes.
const PATTERNS: [[Option<usize>; STEPS_PER_CHORD]; 2] = [
    [
        Some(0),
        Some(2),
        Some(3),
        Some(1),
        Some(4),
        None,
        Some(3),
        Some(2),
    ],
    [
        Some(0),
        Some(1),
        Some(2),
        Some(4),
        None,
        Some(3),
        Some(2),
        Some(1),
    ],
];

fn frequency_hz(note: u8) -> f32 {
    440.0 * 2f32.powf((f32::from(note) - 69.0) / 12.0)
}

/// Adds one note from `start` on, wrapping around the end: so the loop has no seam. `harmonics`
/// are the strengths of the fundamental and its multiples; `decay` is in 1/s.
fn add_note(loop_: &mut [f32], start: usize, note: u8, level: f32, harmonics: &[f32], decay: f32) {
    let rate = SAMPLE_RATE_HZ as f32;
    let length = (SAMPLE_RATE_HZ as f32 * 5.0 / decay) as usize;
    let attack = rate * 0.006;
    let release = rate * 0.05;
    for at in 0..length {
        let time = at as f32 / rate;
        let rise = (at as f32 / attack).min(1.0);
        let fall = ((length - at) as f32 / release).min(1.0);
        let phase = TAU * frequency_hz(note) * time;
        let tone: f32 = harmonics
            .iter()
            .enumerate()
            .map(|(index, strength)| {
                let multiple = index as f32 + 1.0;
                // Higher harmonics die sooner, as on a plucked string.
                strength * (-decay * 0.6 * index as f32 * time).exp() * (phase * multiple).sin()
            })
            .sum();
        let place = (start + at) % loop_.len();
        loop_[place] += level * rise * fall * (-decay * time).exp() * tone;
    }
}

/// The tone after which a message begins: 1 kHz for 0.4 s, with soft edges, and a moment of silence.
pub(super) fn tone() -> Vec<f32> {
    let rate = SAMPLE_RATE_HZ as f32;
    let (length, edge) = (rate * 0.4, rate * 0.01);
    let mut samples: Vec<f32> = (0..length as usize)
        .map(|at| {
            let at = at as f32;
            let soft = (at / edge).min((length - at) / edge).min(1.0);
            0.3 * soft * (TAU * 1_000.0 * at / rate).sin()
        })
        .collect();
    samples.resize(samples.len() + SAMPLE_RATE_HZ as usize / 10, 0.0);
    samples
}

/// 24 seconds at 8 kHz that follow on themselves without a click.
pub(super) fn built_in() -> Vec<f32> {
    let mut music = vec![0f32; STEP * STEPS];
    for (index, (bass, notes)) in CHORDS.iter().enumerate() {
        let chord_start = index * STEPS_PER_CHORD * STEP;
        // A small telephone speaker drops the bass: its octave carries it.
        add_note(&mut music, chord_start, *bass, 0.30, &[1.0, 0.5, 0.12], 1.1);
        add_note(&mut music, chord_start, bass + 12, 0.12, &[1.0, 0.2], 0.9);
        for note in &notes[..3] {
            add_note(&mut music, chord_start, *note, 0.05, &[1.0], 0.9);
        }
        for (step, choice) in PATTERNS[index % 2].iter().enumerate() {
            let Some(choice) = *choice else { continue };
            let level = if step % 4 == 0 { 0.26 } else { 0.2 };
            let start = chord_start + step * STEP;
            add_note(
                &mut music,
                start,
                notes[choice],
                level,
                &[1.0, 0.35, 0.12],
                2.6,
            );
        }
    }
    music
}

//! From any recording to what a telephone plays: 8 kHz mono, silence trimmed, one loudness.

use crate::SAMPLE_RATE_HZ;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

/// A mono recording; samples between -1 and 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    pub sample_rate_hz: u32,
    pub samples: Vec<f32>,
}

/// Loudness of the active parts, in dB below full scale (RMS). Telephone speech is around -20.
pub(super) const SPEECH_LEVEL_DB: f32 = -20.0;
/// Music waits behind: a little softer than speech.
pub(super) const MUSIC_LEVEL_DB: f32 = -25.0;

/// No peak goes above this after the gain, so that nothing clips.
const MAX_PEAK: f32 = 0.9;
/// A hiss is not amplified into a roar.
const MAX_GAIN: f32 = 10.0;
/// Windows of 10 ms decide what is silence.
const WINDOW: usize = SAMPLE_RATE_HZ as usize / 100;
/// A window below this is silence, in dB below full scale (RMS).
const SILENCE_DB: f32 = -50.0;
/// Kept before and after the sound, in windows of 10 ms: soft consonants survive, and two
/// prompts played one after the other do not run together.
const KEPT_BEFORE: usize = 3;
const KEPT_AFTER: usize = 12;

fn amplitude(decibel: f32) -> f32 {
    10f32.powf(decibel / 20.0)
}

fn rms(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum();
    (energy / samples.len() as f32).sqrt()
}

/// Converts to 8 kHz with an anti-aliasing filter. The error text says what is wrong with the
/// recording's rate.
pub(super) fn to_telephone_rate(recording: Recording) -> Result<Vec<f32>, String> {
    let Recording {
        sample_rate_hz,
        samples,
    } = recording;
    if sample_rate_hz == SAMPLE_RATE_HZ || samples.is_empty() {
        return Ok(samples);
    }
    let fail = |error: &dyn std::fmt::Display| format!("{sample_rate_hz} Hz: {error}");
    let mut resampler = Fft::<f32>::new(
        sample_rate_hz as usize,
        SAMPLE_RATE_HZ as usize,
        1024,
        1,
        FixedSync::Both,
    )
    .map_err(|error| fail(&error))?;
    let frames = samples.len();
    let input = InterleavedSlice::new(&samples, 1, frames).map_err(|error| fail(&error))?;
    let output = resampler
        .process_all(&input, frames, None)
        .map_err(|error| fail(&error))?;
    Ok(output.take_data())
}

/// Cuts silence from both ends. A recording that is silent throughout becomes empty.
pub(super) fn trim_silence(samples: &mut Vec<f32>) {
    let threshold = amplitude(SILENCE_DB);
    let audible = |window: &[f32]| rms(window) > threshold;
    let Some(first) = samples.chunks(WINDOW).position(audible) else {
        samples.clear();
        return;
    };
    let windows = samples.len().div_ceil(WINDOW);
    let last = samples
        .chunks(WINDOW)
        .rposition(audible)
        .unwrap_or(windows.saturating_sub(1));
    let end = ((last + 1 + KEPT_AFTER) * WINDOW).min(samples.len());
    samples.truncate(end);
    samples.drain(..first.saturating_sub(KEPT_BEFORE) * WINDOW);
}

/// Brings the audible parts to `level_db`, without clipping.
pub(super) fn normalise(samples: &mut [f32], level_db: f32) {
    let threshold = amplitude(SILENCE_DB);
    let (mut energy, mut windows) = (0.0, 0.0);
    for window in samples.chunks(WINDOW) {
        let level = rms(window);
        if level > threshold {
            energy += level * level;
            windows += 1.0;
        }
    }
    if windows == 0.0 {
        return;
    }
    let active = f32::sqrt(energy / windows);
    let peak = samples
        .iter()
        .fold(0f32, |peak, sample| peak.max(sample.abs()));
    let gain = (amplitude(level_db) / active)
        .min(MAX_PEAK / peak)
        .min(MAX_GAIN);
    for sample in samples {
        *sample *= gain;
    }
}

/// 16-bit samples, saturating; what is not a number becomes silence.
pub(super) fn to_pcm(samples: &[f32]) -> Vec<i16> {
    samples
        .iter()
        .map(|sample| (sample * 32_767.0) as i16)
        .collect()
}

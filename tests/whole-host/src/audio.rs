//! What was heard: G.711 decoded, and tones found by frequency.

/// Samples per second of everything here.
pub const RATE: f64 = 8_000.0;

/// One byte of G.711 mu-law as a linear sample (ITU-T G.711).
pub fn from_mulaw(byte: u8) -> i16 {
    let byte = !byte;
    let magnitude = ((i16::from(byte & 0x0F) << 3) + 0x84) << ((byte >> 4) & 0x07);
    let value = magnitude - 0x84;
    if byte & 0x80 == 0 { value } else { -value }
}

/// One byte of G.711 A-law as a linear sample (ITU-T G.711).
pub fn from_alaw(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let mantissa = i16::from(byte & 0x0F) << 4;
    let exponent = (byte >> 4) & 0x07;
    let magnitude = if exponent == 0 {
        mantissa + 8
    } else {
        (mantissa + 0x108) << (exponent - 1)
    };
    if byte & 0x80 == 0 {
        -magnitude
    } else {
        magnitude
    }
}

/// A linear sample as one byte of G.711 mu-law.
pub fn to_mulaw(sample: i16) -> u8 {
    // The nearest of 256: slow and plainly right.
    (0..=255u8)
        .min_by_key(|byte| (i32::from(from_mulaw(*byte)) - i32::from(sample)).abs())
        .unwrap_or(0xFF)
}

/// A linear sample as one byte of G.711 A-law.
pub fn to_alaw(sample: i16) -> u8 {
    (0..=255u8)
        .min_by_key(|byte| (i32::from(from_alaw(*byte)) - i32::from(sample)).abs())
        .unwrap_or(0xD5)
}

/// A sine of `hz` at half of full scale.
pub fn tone(hz: f64, samples: usize) -> Vec<i16> {
    (0..samples)
        .map(|n| ((n as f64 / RATE * hz * std::f64::consts::TAU).sin() * 16_000.0) as i16)
        .collect()
}

/// The share of the signal's power that lies at `hz` (Goertzel), 0 to 1; 0 for silence.
pub fn share_at(samples: &[i16], hz: f64) -> f64 {
    let energy: f64 = samples.iter().map(|s| f64::from(*s).powi(2)).sum();
    if samples.is_empty() || energy / (samples.len() as f64) < 100.0 {
        return 0.0;
    }
    let coefficient = 2.0 * (hz / RATE * std::f64::consts::TAU).cos();
    let (mut one, mut two) = (0.0, 0.0);
    for sample in samples {
        let zero = f64::from(*sample) + coefficient * one - two;
        two = one;
        one = zero;
    }
    let power = one * one + two * two - coefficient * one * two;
    (2.0 * power / (energy * samples.len() as f64)).min(1.0)
}

/// How much of the time `hz` was heard, in milliseconds, in windows of 40 ms.
pub fn heard_ms(samples: &[i16], hz: f64) -> u64 {
    samples
        .chunks(320)
        .filter(|window| share_at(window, hz) > 0.5)
        .count() as u64
        * 40
}

/// Loudness in windows of 20 ms: what is left of a sound that two codecs and a network touched.
pub fn envelope(samples: &[i16]) -> Vec<f64> {
    samples
        .chunks(160)
        .map(|window| {
            let energy: f64 = window.iter().map(|s| f64::from(*s).powi(2)).sum();
            (energy / window.len() as f64).sqrt()
        })
        .collect()
}

/// How alike a sound is to the best matching place in a longer one, by the correlation of their
/// envelopes: 1 is the same, around 0 is unrelated.
pub fn likeness(sound: &[i16], within: &[i16]) -> f64 {
    let sound = envelope(sound);
    // The windows of the two need not begin at the same sample: try eight places.
    let best_at = |start: usize| {
        let within = envelope(within.get(start..).unwrap_or_default());
        if sound.is_empty() || within.len() < sound.len() {
            return 0.0;
        }
        within
            .windows(sound.len())
            .map(|place| correlation(&sound, place))
            .fold(0.0, f64::max)
    };
    (0..160).step_by(20).map(best_at).fold(0.0, f64::max)
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product: f64 = a
        .iter()
        .zip(b)
        .map(|(x, y)| (x - mean_a) * (y - mean_b))
        .sum();
    let spread = |x: &[f64], mean: f64| x.iter().map(|v| (v - mean).powi(2)).sum::<f64>().sqrt();
    let scale = spread(a, mean_a) * spread(b, mean_b);
    if scale == 0.0 { 0.0 } else { product / scale }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_found_where_it_is_and_nowhere_else_after_either_law() {
        let tone = tone(440.0, 1_600);
        for law in [
            (to_mulaw as fn(i16) -> u8, from_mulaw as fn(u8) -> i16),
            (to_alaw, from_alaw),
        ] {
            let heard: Vec<i16> = tone.iter().map(|s| law.1(law.0(*s))).collect();
            assert!(share_at(&heard, 440.0) > 0.95);
            assert!(share_at(&heard, 620.0) < 0.05);
            assert_eq!(heard_ms(&heard, 440.0), 200);
        }
    }
}

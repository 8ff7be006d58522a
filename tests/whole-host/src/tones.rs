//! Flows whose prompts are tones: which prompt a caller hears is then a frequency.

use crate::audio;
use std::path::Path;
use std::time::Duration;

/// Writes a tone as a prompt of a tenant's flows.
pub fn write_prompt(flows: &Path, name: &str, hz: f64, length: Duration) {
    let folder = flows.join("prompts");
    std::fs::create_dir_all(&folder).expect("a folder in our own temporary one");
    write_tone(&folder.join(name), hz, length);
}

/// Writes a tone as a WAV file.
pub fn write_tone(path: &Path, hz: f64, length: Duration) {
    let specification = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(path, specification).expect("a new file");
    for sample in audio::tone(hz, (length.as_secs_f64() * audio::RATE) as usize) {
        file.write_sample(sample).expect("room for a tone");
    }
    file.finalize().expect("room for a tone");
}

/// Replaces a script as an editor does: a new file, renamed over the old one.
pub fn save(flows: &Path, name: &str, text: &str) {
    let temporary = flows.join(format!(".{name}.new"));
    std::fs::write(&temporary, text).expect("room for a script");
    std::fs::rename(&temporary, flows.join(name)).expect("a rename in one folder");
}

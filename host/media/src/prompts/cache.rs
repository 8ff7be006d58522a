//! What has been rendered: in memory within a bound, on disk by hash.

use crate::{SAMPLE_RATE_HZ, Sound};
use hotline_vocabulary::media::Codec;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most recently used sounds, up to a number of bytes. Whoever plays an evicted sound keeps
/// it alive until done.
#[derive(Debug)]
pub(super) struct RecentSounds<K> {
    entries: HashMap<K, Entry>,
    bytes: usize,
    limit_bytes: usize,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    sound: Arc<Sound>,
    last_use: u64,
}

fn weight(sound: &Sound) -> usize {
    sound.encoded(Codec::Pcmu).len() + sound.encoded(Codec::Pcma).len()
}

impl<K: Clone + Eq + Hash> RecentSounds<K> {
    pub(super) fn new(limit_bytes: usize) -> Self {
        RecentSounds {
            entries: HashMap::new(),
            bytes: 0,
            limit_bytes,
            uses: 0,
        }
    }

    pub(super) fn get(&mut self, key: &K) -> Option<Arc<Sound>> {
        self.uses += 1;
        let entry = self.entries.get_mut(key)?;
        entry.last_use = self.uses;
        Some(Arc::clone(&entry.sound))
    }

    /// Keeps `sound`, and forgets the longest unused ones until the bound holds. A sound larger
    /// than the whole bound is not kept.
    pub(super) fn insert(&mut self, key: K, sound: Arc<Sound>) {
        if weight(&sound) > self.limit_bytes {
            return;
        }
        self.uses += 1;
        self.bytes += weight(&sound);
        let entry = Entry {
            sound,
            last_use: self.uses,
        };
        if let Some(old) = self.entries.insert(key, entry) {
            self.bytes -= weight(&old.sound);
        }
        while self.bytes > self.limit_bytes {
            // A few thousand entries at most, and evictions are rare: a scan is simple and fast.
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.last_use);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            if let Some(entry) = self.entries.remove(&key) {
                self.bytes -= weight(&entry.sound);
            }
        }
    }
}

/// A folder of WAV files (8 kHz, mono, 16 bits) named by hash. Files appear whole or not at all
/// and are never changed; when the folder outgrows its bound, the oldest go.
#[derive(Debug)]
pub(super) struct DiskCache {
    folder: PathBuf,
    limit_bytes: u64,
    written: AtomicU64,
}

/// The folder's size is looked at once in this many writes.
const WRITES_BETWEEN_PRUNINGS: u64 = 128;

impl DiskCache {
    pub(super) fn new(folder: PathBuf, limit_bytes: u64) -> Self {
        DiskCache {
            folder,
            limit_bytes,
            written: AtomicU64::new(0),
        }
    }

    fn path(&self, hash: &blake3::Hash) -> PathBuf {
        self.folder.join(format!("{}.wav", hash.to_hex()))
    }

    /// The samples kept under `hash`; `None` when there are none, or the file is damaged.
    pub(super) fn load(&self, hash: &blake3::Hash) -> Option<Vec<i16>> {
        let mut reader = hound::WavReader::open(self.path(hash)).ok()?;
        let spec = reader.spec();
        if (spec.channels, spec.sample_rate, spec.bits_per_sample) != (1, SAMPLE_RATE_HZ, 16) {
            return None;
        }
        reader.samples::<i16>().collect::<Result<_, _>>().ok()
    }

    /// Keeps `samples` under `hash`. A full or read-only disk costs the next start some time and
    /// nothing else, so the caller logs the error and goes on.
    pub(super) fn store(&self, hash: &blake3::Hash, samples: &[i16]) -> std::io::Result<()> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        std::fs::create_dir_all(&self.folder)?;
        // Its own name for each writer; the rename makes it visible at once and whole.
        let draft = self.folder.join(format!(
            ".{}.{}-{number}",
            hash.to_hex(),
            std::process::id()
        ));
        let result = write_wav(&draft, samples).and_then(|()| {
            std::fs::rename(&draft, self.path(hash))?;
            Ok(())
        });
        if result.is_err() {
            let _ = std::fs::remove_file(&draft);
        } else if number.is_multiple_of(WRITES_BETWEEN_PRUNINGS) {
            self.prune()?;
        }
        result
    }

    /// Removes the oldest files until four fifths of the bound hold.
    fn prune(&self) -> std::io::Result<()> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                files.push((metadata.modified()?, metadata.len(), entry.path()));
            }
        }
        let mut bytes: u64 = files.iter().map(|(_, length, _)| length).sum();
        if bytes <= self.limit_bytes {
            return Ok(());
        }
        files.sort();
        for (_, length, path) in files {
            if bytes <= self.limit_bytes / 5 * 4 {
                break;
            }
            if std::fs::remove_file(path).is_ok() {
                bytes -= length;
            }
        }
        Ok(())
    }
}

fn write_wav(path: &Path, samples: &[i16]) -> std::io::Result<()> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: SAMPLE_RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).map_err(into_io)?;
    for sample in samples {
        writer.write_sample(*sample).map_err(into_io)?;
    }
    writer.finalize().map_err(into_io)
}

fn into_io(error: hound::Error) -> std::io::Error {
    match error {
        hound::Error::IoError(error) => error,
        other => std::io::Error::other(other),
    }
}

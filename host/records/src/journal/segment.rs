//! A segment is one file of the log: eight bytes of magic, then frames. It is named by a number
//! that only rises, taken from the clock, so that a number is never used twice even when a power
//! loss takes a file's name back.

use super::frame::{self, Found, RawFacts};
use super::{Cut, Recovered};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

const MAGIC: &[u8; 8] = b"HLJOURN1";
pub(super) const HEADER_BYTES: u64 = MAGIC.len() as u64;
const EXTENSION: &str = "facts";

pub(super) fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:016x}.{EXTENSION}"))
}

pub(super) fn next_number(last: Option<u64>) -> u64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0));
    now.max(last.map_or(1, |last| last + 1))
}

/// The numbers of the segments in a folder, rising.
pub(super) fn list(dir: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let name = PathBuf::from(entry?.file_name());
        if name
            .extension()
            .is_some_and(|extension| extension == EXTENSION)
            && let Some(stem) = name.file_stem().and_then(|stem| stem.to_str())
            && let Ok(number) = u64::from_str_radix(stem, 16)
        {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new()
        .append(true)
        .create_new(true)
        .open(path)?;
    file.write_all(MAGIC)?;
    Ok(file)
}

/// Makes the names in a folder survive a power loss.
pub(super) fn flush_folder(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Whether the disk takes a few contacts' worth of facts, tried on a file that goes again.
pub(super) fn can_write(dir: &Path) -> bool {
    let path = dir.join("probe");
    let written = File::create(&path)
        .and_then(|mut file| {
            file.write_all(&[0; 1 << 20])?;
            file.sync_data()
        })
        .is_ok();
    std::fs::remove_file(&path).is_ok() && written
}

/// Reads a segment from its beginning, counts what is whole, cuts the rest off (into a file beside
/// it). Returns its length.
pub(super) fn recover(path: &Path, recovered: &mut Recovered) -> io::Result<u64> {
    let bytes = std::fs::read(path)?;
    let whole = match bytes.strip_prefix(MAGIC) {
        Some(frames) => MAGIC.len() + scan(frames, recovered),
        None => 0,
    };
    let rest = &bytes[whole..];
    if rest.is_empty() {
        return Ok(whole as u64);
    }
    let aside = path.with_extension("cut");
    let mut kept = File::create(&aside)?;
    kept.write_all(rest)?;
    kept.sync_all()?;
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(whole as u64)?;
    file.sync_all()?;
    recovered.cut.push(Cut {
        segment: path.to_owned(),
        offset: whole as u64,
        bytes: rest.len() as u64,
    });
    Ok(whole as u64)
}

fn scan(frames: &[u8], recovered: &mut Recovered) -> usize {
    let mut place = 0;
    while let Found::Frame { payload, length } = frame::find(&frames[place..]) {
        for fact in RawFacts::new(payload) {
            recovered.facts += 1;
            let highest = recovered.epochs.entry(fact.tenant).or_default();
            *highest = fact.epoch.max(*highest);
        }
        place += length;
    }
    place
}

/// The folder's name for good, made at its first opening.
pub(super) fn identity(dir: &Path) -> io::Result<String> {
    let path = dir.join("identity");
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let identity = format!("{:032x}", rand::random::<u128>());
    let fresh = dir.join("identity.new");
    let mut file = File::create(&fresh)?;
    writeln!(file, "{identity}")?;
    file.sync_all()?;
    std::fs::rename(&fresh, &path)?;
    flush_folder(dir)?;
    Ok(identity)
}

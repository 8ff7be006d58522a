//! The ledger: a folder of files, a charge a line. Each opening begins a new file, so nothing is
//! ever written behind a line that a crash tore; a file goes once all of it is in SQL.
//!
//! When the disk refuses: the answer is given all the same, and what it used is not charged. That
//! is said in the log and counted.

use hotline_vocabulary::metering::Charge;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// A file is closed and the next one begun when it has grown beyond this.
const FILE_BYTES: u64 = 16 << 20;
const EXTENSION: &str = "charges";

/// Why the ledger could not be opened or read.
#[derive(Debug, thiserror::Error)]
#[error("the ledger of what plugins used, at {path}: {source}")]
pub struct LedgerError {
    path: PathBuf,
    source: io::Error,
}

/// One process has it open at a time: it lies in a data folder whose journal is locked.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    writing: Mutex<Writing>,
    /// Charges that could not be written.
    lost: AtomicU64,
}

#[derive(Debug)]
struct Writing {
    name: String,
    file: File,
    bytes: u64,
    file_bytes: u64,
    /// Kept between charges.
    line: Vec<u8>,
}

impl Ledger {
    /// Makes the folder when it is missing.
    ///
    /// # Errors
    /// The folder or a new file in it can not be made.
    pub fn open(folder: &Path) -> Result<Ledger, LedgerError> {
        Ledger::with_files_of(FILE_BYTES, folder)
    }

    /// As [`Ledger::open`], with files of about so many bytes.
    ///
    /// # Errors
    /// The folder or a new file in it can not be made.
    pub fn with_files_of(file_bytes: u64, folder: &Path) -> Result<Ledger, LedgerError> {
        let begun = std::fs::create_dir_all(folder).and_then(|()| begin(folder));
        let (name, file) = begun.map_err(|source| LedgerError {
            path: folder.to_owned(),
            source,
        })?;
        Ok(Ledger {
            folder: folder.to_owned(),
            writing: Mutex::new(Writing {
                name,
                file,
                bytes: 0,
                file_bytes,
                line: Vec::with_capacity(512),
            }),
            lost: AtomicU64::new(0),
        })
    }

    /// One `write(2)`: after it returns the charge survives a `kill -9`.
    pub fn write(&self, charge: &Charge) {
        let mut writing = self.writing();
        if let Err(error) = writing.write(&self.folder, charge) {
            let before = self.lost.fetch_add(1, Ordering::Relaxed);
            // Once for each power of two: a full disk is not told of a thousand times a second.
            if (before + 1).is_power_of_two() {
                tracing::error!(%error, lost = before + 1, "what a plugin used could not be written down");
            }
        }
    }

    /// Charges that the disk refused, since the start.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// The files, oldest first, and how long each is; the last is written to.
    pub(super) fn files(&self) -> Result<Vec<(String, u64)>, LedgerError> {
        // Held, so that no file begins between looking at the folder and looking at the last one.
        let writing = self.writing();
        let listed = || -> io::Result<Vec<(String, u64)>> {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(&self.folder)? {
                let entry = entry?;
                let path = entry.path();
                let is_ours = path.extension().is_some_and(|end| end == EXTENSION);
                if let Some(name) = path.file_stem().filter(|_| is_ours) {
                    let name = name.to_string_lossy().into_owned();
                    files.push((name, entry.metadata()?.len()));
                }
            }
            files.sort();
            Ok(files)
        };
        let mut files = listed().map_err(|source| self.failed(source))?;
        files.retain(|(name, _)| *name != writing.name);
        files.push((writing.name.clone(), writing.bytes));
        Ok(files)
    }

    /// The whole lines of a file from `place` on, at most about `bytes`; none at its end.
    pub(super) fn read(&self, name: &str, place: u64, bytes: u64) -> Result<Vec<u8>, LedgerError> {
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(self.path(name))?;
            file.seek(SeekFrom::Start(place))?;
            let mut lines = Vec::new();
            file.take(bytes).read_to_end(&mut lines)?;
            let whole = lines.iter().rposition(|byte| *byte == b'\n');
            lines.truncate(whole.map_or(0, |end| end + 1));
            Ok(lines)
        };
        read().map_err(|source| self.failed(source))
    }

    /// Deletes a file that is in SQL, for good.
    pub(super) fn delete(&self, name: &str) -> Result<(), LedgerError> {
        std::fs::remove_file(self.path(name)).map_err(|source| self.failed(source))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension(EXTENSION)
    }

    fn failed(&self, source: io::Error) -> LedgerError {
        LedgerError {
            path: self.folder.clone(),
            source,
        }
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writing {
    fn write(&mut self, folder: &Path, charge: &Charge) -> io::Result<()> {
        if self.bytes >= self.file_bytes {
            (self.name, self.file) = begin(folder)?;
            self.bytes = 0;
        }
        self.line.clear();
        serde_json::to_writer(&mut self.line, charge)?;
        self.line.push(b'\n');
        match self.file.write_all(&self.line) {
            Ok(()) => {
                self.bytes += self.line.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Half a line may be there: the next charge begins behind the whole ones.
                self.file.set_len(self.bytes)?;
                self.file.seek(SeekFrom::Start(self.bytes))?;
                Err(error)
            }
        }
    }
}

/// A new file with a name that no other has or had: SQL knows files by their names.
fn begin(folder: &Path) -> io::Result<(String, File)> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let name = format!("{:015}-{:016x}", since.as_millis(), rand::random::<u64>());
    let path = folder.join(&name).with_extension(EXTENSION);
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    Ok((name, file))
}

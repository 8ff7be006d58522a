//! After a crash: the sizes in a recording's header may be behind its audio; they are set right.

use crate::wav;
use hotline_vocabulary::Millis;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A recording as it lies on disk now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    pub file: PathBuf,
    pub length_ms: Millis,
    /// Size of the whole file.
    pub bytes: u64,
    /// Whether its header had to be set right.
    pub repaired: bool,
}

/// Sets every recording right below `directory`, at any depth; other files are left alone. A
/// directory that does not exist holds none. To be called before media starts.
pub fn recover_recordings(directory: &Path) -> io::Result<Vec<Recovered>> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() {
            found.extend(recover_recordings(&path)?);
        } else if kind.is_file() && path.extension().is_some_and(|suffix| suffix == "wav") {
            found.extend(recover_recording(&path)?);
        }
    }
    Ok(found)
}

/// Sets one recording right; `None` for a file that is no recording of ours.
pub fn recover_recording(path: &Path) -> io::Result<Option<Recovered>> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let size = file.metadata()?.len();
    if size < wav::HEADER_BYTES as u64 {
        // Killed before the first write was whole: the file exists, and holds nothing yet.
        return begins_like_ours(&mut file, size)?
            .then(|| repair(&file, path, 0))
            .transpose();
    }
    let mut head = [0; wav::HEADER_BYTES];
    file.read_exact(&mut head)?;
    if !wav::is_ours(&head) {
        return Ok(None);
    }
    // Both channels of a sample or neither.
    let data_bytes = (size - wav::HEADER_BYTES as u64) & !1;
    let wanted = wav::header(u32::try_from(data_bytes).unwrap_or(wav::LARGEST_DATA_BYTES));
    if head == wanted && size == wav::HEADER_BYTES as u64 + data_bytes {
        return Ok(Some(Recovered {
            file: path.to_owned(),
            length_ms: wav::length(data_bytes),
            bytes: size,
            repaired: false,
        }));
    }
    repair(&file, path, data_bytes).map(Some)
}

fn begins_like_ours(file: &mut File, size: u64) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(size).read_to_end(&mut head)?;
    Ok(wav::header(0).starts_with(&head))
}

fn repair(file: &File, path: &Path, data_bytes: u64) -> io::Result<Recovered> {
    let header = wav::header(u32::try_from(data_bytes).unwrap_or(wav::LARGEST_DATA_BYTES));
    file.write_all_at(&header, 0)?;
    let bytes = wav::HEADER_BYTES as u64 + data_bytes;
    file.set_len(bytes)?;
    file.sync_all()?;
    Ok(Recovered {
        file: path.to_owned(),
        length_ms: wav::length(data_bytes),
        bytes,
        repaired: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recover(name: &str, content: &[u8]) -> (Vec<Recovered>, Vec<u8>) {
        let directory = tempfile::tempdir().expect("a folder");
        let folder = directory.path().join("tenant/2026");
        fs::create_dir_all(&folder).expect("folders");
        let file = folder.join(name);
        fs::write(&file, content).expect("a file");
        let found = recover_recordings(directory.path()).expect("readable");
        (found, fs::read(&file).expect("still there"))
    }

    #[test]
    fn audio_behind_an_old_header_is_found_again() {
        let mut content = wav::header(320).to_vec();
        content.extend([0x55; 16_001]);
        let (found, repaired) = recover("a.wav", &content);
        assert_eq!(found[0].length_ms, Millis(1_000));
        assert!(found[0].repaired);
        assert_eq!(repaired.len() as u64, found[0].bytes);
        assert_eq!(repaired[..58], wav::header(16_000));
    }

    #[test]
    fn a_whole_recording_is_left_as_it_is_and_still_listed() {
        let mut content = wav::header(320).to_vec();
        content.extend([0x55; 320]);
        let (found, after) = recover("a.wav", &content);
        assert_eq!(after, content);
        assert!(!found[0].repaired);
        assert_eq!(found[0].length_ms, Millis(20));
    }

    #[test]
    fn an_empty_file_becomes_an_empty_recording() {
        let (found, after) = recover("a.wav", b"");
        assert_eq!(found[0].length_ms, Millis(0));
        assert_eq!(after, wav::header(0));
    }

    #[test]
    fn files_of_others_are_not_touched() {
        let foreign = [b"RIFF____WAVEfmt ".as_slice(), &[1; 100]].concat();
        for (name, content) in [
            ("a.wav", foreign.as_slice()),
            ("a.txt", b""),
            ("b.wav", b"hi"),
        ] {
            let (found, after) = recover(name, content);
            assert!(found.is_empty());
            assert_eq!(after, content);
        }
        let nowhere = recover_recordings(Path::new("/nowhere/at/all")).expect("no folder");
        assert!(nowhere.is_empty());
    }
}

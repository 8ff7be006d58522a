//! A folder for the length of a command.

use std::path::{Path, PathBuf};

/// Goes when we do.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn make(command: &str) -> std::io::Result<Scratch> {
        let name = format!("hotline-{command}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(Scratch(folder))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A scratch folder that stays behind harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

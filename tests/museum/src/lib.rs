//! The museum: the plugins of every release, as they were built, and what they answered. Today's host
//! must still admit them, compile them and get the same answers of them; the contract that they were
//! built on must still be the one in `wit/`. Why and how: `docs/decisions/freeze-and-museum.md`.

pub mod builds;
pub mod contract;
mod exhibit;
mod release;

pub use exhibit::{Build, Exhibit, ExhibitError, Golden, Script, Stage};
pub use release::{AddError, Name, NameError, ReadError, Release, add, releases};

use std::path::{Path, PathBuf};

/// The repository that this program was built from.
pub fn tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where the tree keeps its releases, a folder each.
pub fn shelf() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("releases")
}

//! Compiled plugins, kept between hosts of the tests: compiling the shipped ones takes an
//! unoptimised host seconds, and its result is named by what it was made of.

use std::path::{Path, PathBuf};

/// Beside the binary under test.
fn kept() -> PathBuf {
    crate::host::binary().with_file_name("compiled-for-tests")
}

/// Where a host keeps them.
fn of_host(data: &Path) -> PathBuf {
    data.join("plugins").join("compiled")
}

/// Gives a new host what earlier ones compiled.
pub(crate) fn lend(data: &Path) {
    copy(&kept(), &of_host(data));
}

/// Keeps what a host compiled.
pub(crate) fn keep(data: &Path) {
    copy(&of_host(data), &kept());
}

/// Copies what is missing, each file whole or not at all, since tests run side by side. What can
/// not be copied is only compiled again.
fn copy(from: &Path, to: &Path) {
    let _ = std::fs::create_dir_all(to);
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        let target = to.join(entry.file_name());
        if !target.exists() {
            let partial = to.join(format!(
                ".{}-{}",
                std::process::id(),
                crate::phone::unique("copy")
            ));
            if std::fs::copy(entry.path(), &partial).is_ok() {
                let _ = std::fs::rename(&partial, &target);
            }
        }
    }
}

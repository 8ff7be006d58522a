//! The habits that a machine can check.

mod codes;
mod directions;
mod links;
mod orphans;
mod set_up;
mod sizes;

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

/// Every file of our own below a folder that satisfies `wanted`.
fn files(below: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below)
        .expect("a folder of the repository")
        .flatten()
    {
        let (path, name) = (entry.path(), entry.file_name());
        let foreign = ["target", "node_modules", "dist", ".git", "data"];
        if path.is_dir() {
            if !foreign.contains(&name.to_string_lossy().as_ref()) {
                found.extend(files(&path, wanted));
            }
        } else if wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

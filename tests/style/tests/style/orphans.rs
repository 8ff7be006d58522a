//! Files that no module names are not compiled, so nothing checks them.

use crate::{files, read, root, shown};
use std::path::Path;

/// Whether a module of this name is declared in a file that could declare it.
fn is_declared(file: &Path) -> bool {
    let name = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let folder = file.parent().unwrap_or(file);
    let (name, folder) = if name == "mod" {
        let own = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        (own, folder.parent().unwrap_or(folder))
    } else {
        (name, folder)
    };
    let beside = folder.with_extension("rs");
    let mut candidates = ["lib.rs", "main.rs", "mod.rs"]
        .map(|file| folder.join(file))
        .to_vec();
    candidates.push(beside);
    // Each file of `tests` is a crate of its own.
    if folder.ends_with("tests") {
        candidates.extend(files(folder, &|path| path.parent() == Some(folder)));
    }
    candidates.iter().filter(|path| path.is_file()).any(|path| {
        read(path).lines().any(|line| {
            let line = line.trim();
            line.ends_with(&format!("mod {name};")) || line.ends_with(&format!("mod {name} {{"))
        })
    })
}

#[test]
fn every_source_file_is_part_of_its_crate() {
    let roots = ["lib.rs", "main.rs", "build.rs"];
    let mut orphans = Vec::new();
    for place in ["host", "sdk", "plugins", "examples", "tests"] {
        for file in files(&root().join(place), &|path| {
            path.extension().is_some_and(|e| e == "rs")
        }) {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let folder = file
                .parent()
                .and_then(Path::file_name)
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let stands_alone = ["bin", "examples", "tests", "benches"].contains(&folder.as_str());
            if !roots.contains(&name.as_str()) && !stands_alone && !is_declared(&file) {
                orphans.push(shown(&file));
            }
        }
    }
    assert!(
        orphans.is_empty(),
        "no module names these files:\n{}",
        orphans.join("\n")
    );
}

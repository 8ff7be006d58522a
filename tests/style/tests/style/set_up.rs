//! The README's commands, on a machine that has nothing but Rust.

use crate::root;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

#[test]
fn the_readmes_commands_begin_with_their_set_up() {
    for goal in ["run", "test", "bench", "lint"] {
        let output = Command::new("make")
            .current_dir(root())
            .args(["--dry-run", "--no-print-directory", goal])
            // What an outer make was told is not meant for this one.
            .env_remove("MAKEFLAGS")
            .env_remove("MAKELEVEL")
            .output()
            .expect("make, which runs these tests");
        let steps = String::from_utf8_lossy(&output.stdout);
        let first = steps.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("setup/install "),
            "`make {goal}` begins with {first:?}"
        );
    }
}

#[test]
fn an_old_rust_is_refused_by_name_with_the_one_that_is_needed() {
    let folder = root().join("target/old-rust-for-tests");
    std::fs::create_dir_all(&folder).expect("a folder in our own target folder");
    let rustc = folder.join("rustc");
    std::fs::write(
        &rustc,
        "#!/bin/sh\necho 'rustc 1.63.0 (4b91a6ea7 2022-08-08)'\n",
    )
    .expect("room for a script");
    std::fs::set_permissions(&rustc, std::fs::Permissions::from_mode(0o755))
        .expect("a script of our own");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new(root().join("setup/install"))
        .arg("run")
        .env("PATH", format!("{}:{path}", folder.display()))
        .output()
        .expect("the set-up starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let needed = env!("CARGO_PKG_RUST_VERSION");
    assert!(
        said.contains("Rust 1.63.0 is too old") && said.contains(needed),
        "{said}"
    );
}

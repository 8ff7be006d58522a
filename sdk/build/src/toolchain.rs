//! Which compiler can build for `wasm32-unknown-unknown` on this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The only target of plugins: no WASI, so that a plugin imports nothing but Hotline's interfaces.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How the standard library for the target is had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The toolchain has the target (`rustup target add`).
    TargetInstalled,
    /// The target was missing, and rustup could download it just now.
    TargetAdded,
    /// Built from the library's sources beside this compiler (Debian: `rustc-web`, `rust-web-src`).
    BuildStd { rustc: PathBuf, linker: PathBuf },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    pub way: Way,
}

#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    #[error(
        "no compiler here can build plugins for wasm32-unknown-unknown. Do one of these:\n\
         \x20 rustup target add wasm32-unknown-unknown\n\
         \x20 apt-get install --no-install-recommends rustc-web rust-web-src   (Debian, without downloads from rustup)\n\
         Tried: {0}"
    )]
    Missing(String),
}

impl std::fmt::Display for Toolchain {
    /// One sentence for whoever builds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.way {
            Way::TargetInstalled => write!(f, "uses the installed target {TARGET}"),
            Way::TargetAdded => write!(f, "added the target {TARGET} with rustup"),
            Way::BuildStd { rustc, .. } => write!(
                f,
                "builds the standard library from source with {} (the target {TARGET} is not installed)",
                rustc.display()
            ),
        }
    }
}

impl Toolchain {
    /// Looks for the target in the current toolchain, then for a compiler with library sources,
    /// and only then lets rustup try a download.
    ///
    /// # Errors
    /// When all three fail; the message says what to install.
    pub fn find() -> Result<Toolchain, ToolchainError> {
        let mut tried = Vec::new();
        if let Some(sysroot) = sysroot_of(Path::new("rustc")) {
            if has_target(&sysroot) {
                return Ok(Toolchain {
                    way: Way::TargetInstalled,
                });
            }
            tried.push(format!("{} (target not installed)", sysroot.display()));
        }
        for rustc in compilers() {
            let Some(sysroot) = sysroot_of(&rustc) else {
                continue;
            };
            if let Some(way) = build_std(&rustc, &sysroot) {
                return Ok(Toolchain { way });
            }
            tried.push(format!("{} (no library sources)", rustc.display()));
        }
        if add_target() {
            return Ok(Toolchain {
                way: Way::TargetAdded,
            });
        }
        tried.push("rustup target add (failed)".to_owned());
        Err(ToolchainError::Missing(tried.join("; ")))
    }

    /// Adds to a cargo call what this way needs.
    pub fn prepare(&self, cargo: &mut Command) {
        cargo.args(["--target", TARGET]);
        // Flags meant for the host (`-C target-cpu=native`) break a wasm build.
        for flags in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_BUILD_RUSTFLAGS",
        ] {
            cargo.env_remove(flags);
        }
        if let Way::BuildStd { rustc, linker } = &self.way {
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC", rustc)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .env_remove("RUSTC_WRAPPER");
        }
    }
}

fn output_of(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn sysroot_of(rustc: &Path) -> Option<PathBuf> {
    output_of(Command::new(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

fn has_target(sysroot: &Path) -> bool {
    std::fs::read_dir(sysroot.join("lib/rustlib").join(TARGET).join("lib")).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

/// Every `rustc` on the search path, Debian's own place first among the rest.
fn compilers() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = vec![PathBuf::from("/usr/bin/rustc")];
    found.extend(std::env::split_paths(&path).map(|folder| folder.join("rustc")));
    found.retain(|rustc| rustc.is_file());
    let mut seen = Vec::new();
    found.retain(|rustc| {
        let real = rustc.canonicalize().unwrap_or_else(|_| rustc.clone());
        let new = !seen.contains(&real);
        seen.push(real);
        new
    });
    found
}

fn build_std(rustc: &Path, sysroot: &Path) -> Option<Way> {
    let rustlib = sysroot.join("lib/rustlib");
    if !rustlib.join("src/rust/library/std/Cargo.toml").is_file() {
        return None;
    }
    let host = output_of(Command::new(rustc).args(["--print", "host-tuple"])).or_else(|| {
        let version = output_of(Command::new(rustc).arg("-vV"))?;
        let line = version
            .lines()
            .find_map(|line| line.strip_prefix("host: "))?;
        Some(line.to_owned())
    })?;
    let linker = [
        rustlib.join(host).join("bin/rust-lld"),
        PathBuf::from("/usr/bin/rust-lld"),
        PathBuf::from("/usr/bin/wasm-ld"),
    ]
    .into_iter()
    .find(|linker| linker.is_file())?;
    Some(Way::BuildStd {
        rustc: rustc.to_owned(),
        linker,
    })
}

fn add_target() -> bool {
    Command::new("rustup")
        .args(["target", "add", TARGET])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

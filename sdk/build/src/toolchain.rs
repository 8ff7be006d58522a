//! Which compiler can build for `wasm32-unknown-unknown` on this machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The only target of plugins: no WASI, so that a plugin imports nothing but Hotline's interfaces.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

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
         \x20 apt-get install --no-install-recommends rustc-web rust-web-src lld   (Debian, without downloads from rustup)\n\
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
    /// and only then lets rustup try a download. `HOTLINE_GUEST_TOOLCHAIN=source` skips the first
    /// and the last, for machines where both ways are there.
    ///
    /// # Errors
    /// When all three fail; the message says what to install.
    pub fn find() -> Result<Toolchain, ToolchainError> {
        let source_only =
            std::env::var_os("HOTLINE_GUEST_TOOLCHAIN").is_some_and(|way| way == "source");
        let mut tried = Vec::new();
        if !source_only && let Some(sysroot) = sysroot_of(Path::new("rustc")) {
            if has_target(&sysroot) {
                return Ok(Toolchain {
                    way: Way::TargetInstalled,
                });
            }
            tried.push(format!("{} has not the target", sysroot.display()));
        }
        let compilers: Vec<(PathBuf, PathBuf)> = compilers()
            .into_iter()
            .filter_map(|rustc| sysroot_of(&rustc).map(|sysroot| (rustc, sysroot)))
            .collect();
        let linker = linker(compilers.iter().map(|(_, sysroot)| sysroot.as_path()));
        for (rustc, sysroot) in compilers {
            let sources = sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml");
            match &linker {
                _ if !sources.is_file() => {
                    tried.push(format!("{} has no library sources", rustc.display()));
                }
                None => tried.push("there is no linker for wasm (rust-lld or wasm-ld)".to_owned()),
                Some(linker) => {
                    let linker = linker.clone();
                    return Ok(Toolchain {
                        way: Way::BuildStd { rustc, linker },
                    });
                }
            }
        }
        if !source_only {
            if add_target() {
                return Ok(Toolchain {
                    way: Way::TargetAdded,
                });
            }
            tried.push("`rustup target add` failed".to_owned());
        }
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

/// `rust-lld` of any toolchain, else LLVM's own `wasm-ld`.
fn linker<'a>(mut sysroots: impl Iterator<Item = &'a Path>) -> Option<PathBuf> {
    let in_toolchain = |sysroot: &Path| {
        let hosts = std::fs::read_dir(sysroot.join("lib/rustlib")).ok()?;
        hosts
            .flatten()
            .map(|host| host.path().join("bin/rust-lld"))
            .find(|linker| linker.is_file())
    };
    sysroots
        .find_map(in_toolchain)
        .or_else(|| on_path(&["rust-lld", "wasm-ld"]))
        .or_else(versioned_wasm_ld)
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file())
}

/// Debian's `lld-19` and the like install `/usr/bin/wasm-ld-19`.
fn versioned_wasm_ld() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/bin")
        .ok()?
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("wasm-ld-"))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found.pop()
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

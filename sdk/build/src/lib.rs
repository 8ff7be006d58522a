//! Builds a Rust package into a plugin: compiles it for `wasm32-unknown-unknown`, makes a component
//! of each `cdylib` it has, and checks that the component asks for nothing but Hotline's own
//! interfaces. `hotline plugin build` and the `hotline-plugin-build` command both come down to
//! [`build`].

mod component;
mod toolchain;

pub use component::{ComponentError, Manifest, componentize, read_manifest};
pub use toolchain::{Toolchain, ToolchainError, Way};

use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What to build, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where cargo is called: the workspace or package that holds the plugins.
    pub directory: PathBuf,
    /// Package names; none means the package in `directory` itself.
    pub packages: Vec<String>,
    /// Where `NAME.wasm` goes.
    pub out: PathBuf,
    /// Import prefixes allowed besides `hotline:`, for plugins that shall be refused by the host.
    pub allow_imports: Vec<String>,
}

/// One finished component.
#[derive(Debug, Clone)]
pub struct Built {
    /// The target's name with `_` for `-`, as in the file's name.
    pub name: String,
    pub path: PathBuf,
    pub bytes: usize,
    /// What the component says about itself.
    pub manifest: Option<Manifest>,
}

/// What [`build`] did.
#[derive(Debug)]
pub struct Report {
    pub toolchain: Toolchain,
    pub built: Vec<Built>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    #[error("cannot start cargo ({0}); is Rust installed? see https://rustup.rs")]
    Cargo(std::io::Error),
    #[error("the plugin does not compile for wasm32-unknown-unknown:\n{0}")]
    Compile(String),
    #[error(
        "{0} has no library of type `cdylib`; add to its Cargo.toml:\n\n    [lib]\n    crate-type = [\"cdylib\", \"rlib\"]\n"
    )]
    NoCdylib(String),
    #[error("{name}: {error}")]
    Component { name: String, error: ComponentError },
    #[error("{}: {error}", path.display())]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
}

/// Compiles, componentizes, checks and writes. Takes a second or two when nothing but the plugin
/// changed; the first build on a machine without the wasm target builds the standard library and
/// takes about a minute more.
///
/// # Errors
/// See [`Error`]; each says what to do.
pub fn build(options: &Options) -> Result<Report, Error> {
    let toolchain = Toolchain::find()?;
    let modules = compile(options, &toolchain)?;
    if modules.is_empty() {
        return Err(Error::NoCdylib(options.packages.join(", ")));
    }
    std::fs::create_dir_all(&options.out).map_err(|error| Error::File {
        path: options.out.clone(),
        error,
    })?;
    let built = modules
        .iter()
        .map(|module| finish(module, options))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Report { toolchain, built })
}

/// A core module that cargo left.
struct Module {
    name: String,
    path: PathBuf,
}

#[derive(Deserialize)]
struct CargoMessage {
    reason: String,
    #[serde(default)]
    target: Option<CargoTarget>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    #[serde(default)]
    message: Option<CargoDiagnostic>,
}

#[derive(Deserialize)]
struct CargoTarget {
    name: String,
    crate_types: Vec<String>,
}

#[derive(Deserialize)]
struct CargoDiagnostic {
    level: String,
    #[serde(default)]
    rendered: Option<String>,
}

fn compile(options: &Options, toolchain: &Toolchain) -> Result<Vec<Module>, Error> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(&options.directory)
        .args(["build", "--message-format=json", "--lib", "--examples"])
        .arg(profile_argument(&options.directory))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    for package in &options.packages {
        cargo.args(["--package", package]);
    }
    toolchain.prepare(&mut cargo);
    // A target folder of its own: never in the way of a native build, and cached between runs.
    if std::env::var_os("HOTLINE_GUEST_TARGET_DIR").is_none() {
        cargo.args(["--target-dir", "target/guests"]);
    } else if let Some(folder) = std::env::var_os("HOTLINE_GUEST_TARGET_DIR") {
        cargo.arg("--target-dir").arg(folder);
    }
    let output = cargo.output().map_err(Error::Cargo)?;
    let mut modules = Vec::new();
    let mut problems = String::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<CargoMessage>(line) else {
            continue;
        };
        if let Some(diagnostic) = &message.message
            && diagnostic.level == "error"
        {
            problems.push_str(diagnostic.rendered.as_deref().unwrap_or_default());
        }
        if message.reason != "compiler-artifact" {
            continue;
        }
        let Some(target) = message.target else {
            continue;
        };
        if !target.crate_types.iter().any(|kind| kind == "cdylib") {
            continue;
        }
        modules.extend(
            message
                .filenames
                .into_iter()
                .filter(|path| path.extension().is_some_and(|end| end == "wasm"))
                .map(|path| Module {
                    name: target.name.replace('-', "_"),
                    path,
                }),
        );
    }
    if output.status.success() {
        Ok(modules)
    } else {
        Err(Error::Compile(problems))
    }
}

/// Hotline's own workspace has a `guest` profile; elsewhere `release` does.
fn profile_argument(directory: &Path) -> &'static str {
    let has_profile = directory.ancestors().any(|folder| {
        std::fs::read_to_string(folder.join("Cargo.toml"))
            .is_ok_and(|text| text.contains("[profile.guest]"))
    });
    if has_profile {
        "--profile=guest"
    } else {
        "--release"
    }
}

fn finish(module: &Module, options: &Options) -> Result<Built, Error> {
    let file_error = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::File { path, error }
    };
    let core = std::fs::read(&module.path).map_err(file_error(&module.path))?;
    let component =
        componentize(&core, &options.allow_imports).map_err(|error| Error::Component {
            name: module.name.clone(),
            error,
        })?;
    let path = options.out.join(format!("{}.wasm", module.name));
    // Renamed into place: a watcher never sees half a component.
    let part = options.out.join(format!(".{}.wasm.part", module.name));
    std::fs::write(&part, &component).map_err(file_error(&part))?;
    std::fs::rename(&part, &path).map_err(file_error(&path))?;
    Ok(Built {
        name: module.name.clone(),
        bytes: component.len(),
        manifest: read_manifest(&component),
        path,
    })
}

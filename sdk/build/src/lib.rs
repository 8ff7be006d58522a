//! Builds a package into a plugin, and checks that the component asks for nothing but Hotline's own
//! interfaces. A Rust package is compiled for `wasm32-unknown-unknown`, and a component made of each
//! `cdylib` it has; a TypeScript package (a package.json and no Cargo.toml) is given to the TypeScript
//! SDK's own toolchain. `hotline plugin build` and the `hotline-plugin-build` command both come down
//! to [`build`].

mod component;
mod toolchain;
mod typescript;

pub use component::{ComponentError, Surface, attach, componentize};
pub use hotline_manifest::Manifest;
pub use toolchain::{Toolchain, ToolchainError, Way};
pub use typescript::{NodeError, NodeToolchain};

use hotline_manifest::{Declared, Problem};
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
    /// Where the components go.
    pub out: PathBuf,
    pub naming: Naming,
    /// Import prefixes allowed besides `hotline:`, for plugins that shall be refused by the host.
    pub allow_imports: Vec<String>,
}

/// What a component's file is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// `NAME.wasm`
    #[default]
    Plain,
    /// As a tenant's flows folder wants it: `NAME.flow.wasm`, `NAME.policy.wasm`, `NAME.qa.wasm`,
    /// `NAME.connector.wasm` or `NAME.language.wasm`, by what the component exports; `NAME.wasm` for anything else.
    ByKind,
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

/// By what a plugin was built; shown as one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Language {
    Rust(Toolchain),
    TypeScript(NodeToolchain),
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Language::Rust(toolchain) => toolchain.fmt(f),
            Language::TypeScript(toolchain) => toolchain.fmt(f),
        }
    }
}

/// What [`build`] did.
#[derive(Debug)]
pub struct Report {
    pub toolchain: Language,
    pub built: Vec<Built>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error("cannot start cargo ({0}); is Rust installed? see https://rustup.rs")]
    Cargo(std::io::Error),
    #[error(
        "{} is no plugin's folder: it has no Cargo.toml and no package.json.\n\
         Go into the plugin's folder, or name it; `hotline plugin new NAME --world ivr-flow` begins one",
        std::path::absolute(.0).unwrap_or_else(|_| .0.clone()).display()
    )]
    NoPackage(PathBuf),
    #[error("the plugin cannot be built for wasm32-unknown-unknown:\n{0}")]
    Compile(String),
    #[error(
        "{0} has no library of type `cdylib`; add to its Cargo.toml:\n\n    [lib]\n    crate-type = [\"cdylib\", \"rlib\"]\n"
    )]
    NoCdylib(String),
    #[error("{}: {}", path.display(), problems.first().map(ToString::to_string).unwrap_or_default())]
    Declaration {
        path: PathBuf,
        problems: Vec<Problem>,
    },
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
    if options.packages.is_empty() && typescript::is_package(&options.directory) {
        return build_typescript(options);
    }
    let toolchain = Toolchain::find()?;
    let modules = compile(options, &toolchain)?;
    if modules.is_empty() {
        return Err(Error::NoCdylib(match options.packages.as_slice() {
            [] => options.directory.display().to_string(),
            packages => packages.join(", "),
        }));
    }
    make_out(options)?;
    let built = modules
        .iter()
        .map(|module| finish(module, options))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Report {
        toolchain: Language::Rust(toolchain),
        built,
    })
}

fn build_typescript(options: &Options) -> Result<Report, Error> {
    make_out(options)?;
    let made = typescript::make(options)?;
    let built = write(&made.name, &made.component, options)?;
    Ok(Report {
        toolchain: Language::TypeScript(made.toolchain),
        built: vec![built],
    })
}

fn make_out(options: &Options) -> Result<(), Error> {
    std::fs::create_dir_all(&options.out).map_err(|error| Error::File {
        path: options.out.clone(),
        error,
    })
}

/// A core module that cargo left.
struct Module {
    name: String,
    path: PathBuf,
    /// Where its author would declare what it asks for.
    declaration: PathBuf,
}

#[derive(Deserialize)]
struct CargoMessage {
    reason: String,
    /// Of the package.
    #[serde(default)]
    manifest_path: PathBuf,
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
    kind: Vec<String>,
    src_path: PathBuf,
    crate_types: Vec<String>,
}

#[derive(Deserialize)]
struct CargoDiagnostic {
    level: String,
    #[serde(default)]
    rendered: Option<String>,
}

fn compile(options: &Options, toolchain: &Toolchain) -> Result<Vec<Module>, Error> {
    let root = workspace_root(&options.directory)?;
    let mut cargo = cargo();
    cargo
        .current_dir(&options.directory)
        .args(["build", "--message-format=json", "--lib", "--examples"])
        .arg(profile_argument(&root))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    for package in &options.packages {
        cargo.args(["--package", package]);
    }
    toolchain.prepare(&mut cargo);
    // A target folder of its own: never in the way of a native build, and cached between runs.
    cargo.arg("--target-dir").arg(
        std::env::var_os("HOTLINE_GUEST_TARGET_DIR")
            .map_or_else(|| root.join("target/guests"), PathBuf::from),
    );
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
        let declaration = declaration(&message.manifest_path, &target);
        modules.extend(
            message
                .filenames
                .into_iter()
                .filter(|path| path.extension().is_some_and(|end| end == "wasm"))
                .map(|path| Module {
                    name: target.name.replace('-', "_"),
                    path,
                    declaration: declaration.clone(),
                }),
        );
    }
    if output.status.success() {
        Ok(modules)
    } else {
        if problems.is_empty() {
            problems.push_str("cargo says above what is wrong");
        }
        Err(Error::Compile(problems))
    }
}

/// `hotline.plugin.json` beside the package's Cargo.toml; for an example, which shares its package
/// with others, `NAME.plugin.json` beside its source.
fn declaration(package: &Path, target: &CargoTarget) -> PathBuf {
    if target.kind.iter().any(|kind| kind == "example") {
        target.src_path.with_extension("plugin.json")
    } else {
        package.with_file_name(hotline_manifest::FILE)
    }
}

/// None when its author declared nothing.
fn declared(path: &Path) -> Result<Option<Declared>, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let path = path.to_owned();
            return Err(Error::File { path, error });
        }
    };
    let read = Declared::parse(&text).map_err(|problems| Error::Declaration {
        path: path.to_owned(),
        problems,
    })?;
    Ok(Some(read))
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The folder of the workspace, or of the package when it is alone.
fn workspace_root(directory: &Path) -> Result<PathBuf, Error> {
    let output = cargo()
        .current_dir(directory)
        .args(["locate-project", "--workspace", "--message-format=plain"])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| match directory.is_dir() {
            true => Error::Cargo(error),
            false => Error::NoPackage(directory.to_owned()),
        })?;
    let manifest = String::from_utf8_lossy(&output.stdout);
    match Path::new(manifest.trim()).parent() {
        Some(root) if output.status.success() => Ok(root.to_owned()),
        _ => Err(Error::NoPackage(directory.to_owned())),
    }
}

/// Hotline's own workspace has a `guest` profile; elsewhere `release` does.
fn profile_argument(root: &Path) -> &'static str {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml"));
    if manifest.is_ok_and(|text| text.contains("[profile.guest]")) {
        "--profile=guest"
    } else {
        "--release"
    }
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |error| Error::File { path, error }
}

fn finish(module: &Module, options: &Options) -> Result<Built, Error> {
    let core = std::fs::read(&module.path).map_err(file_error(&module.path))?;
    let component = componentize(
        &core,
        &options.allow_imports,
        declared(&module.declaration)?,
    )
    .map_err(|error| Error::Component {
        name: module.name.clone(),
        error,
    })?;
    write(&module.name, &component, options)
}

/// Puts the component where it is wanted.
fn write(name: &str, component: &[u8], options: &Options) -> Result<Built, Error> {
    let kind = match options.naming {
        Naming::Plain => "",
        Naming::ByKind => component::file_kind(component),
    };
    let path = options.out.join(format!("{name}{kind}.wasm"));
    // The same component again keeps its file as it is: what embeds it need not be built anew.
    if std::fs::read(&path).is_ok_and(|present| present == component) {
        return Ok(report(name, component, path));
    }
    // Renamed into place: a watcher never sees half a component.
    let part = options.out.join(format!(".{name}.wasm.part"));
    std::fs::write(&part, component).map_err(file_error(&part))?;
    std::fs::rename(&part, &path).map_err(file_error(&path))?;
    Ok(report(name, component, path))
}

fn report(name: &str, component: &[u8], path: PathBuf) -> Built {
    Built {
        name: name.to_owned(),
        bytes: component.len(),
        manifest: Manifest::of_component(component).ok().flatten(),
        path,
    }
}

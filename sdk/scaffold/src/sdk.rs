//! The SDK inside a project: `.hotline`, a workspace of its own with the SDK and the contract.

use crate::{Error, Language, write};
use rust_embed::Embed;
use std::path::Path;

#[derive(Embed)]
#[folder = "../rust"]
struct RustSdk;

#[derive(Embed)]
#[folder = "../typescript/src"]
struct TypeScriptSdk;

#[derive(Embed)]
#[folder = "../typescript/toolchain"]
struct TypeScriptToolchain;

/// What stands beside both in the TypeScript SDK's folder.
const TYPESCRIPT_PACKAGE: [(&str, &str); 2] = [
    (
        "package.json",
        include_str!("../../typescript/package.json"),
    ),
    (
        "tsconfig.plugin.json",
        include_str!("../../typescript/tsconfig.plugin.json"),
    ),
];

#[derive(Embed)]
#[folder = "../../wit"]
struct Contract;

const WORKSPACE: &str = include_str!("../../../Cargo.toml");
/// With it the SDK's dependencies are those that it was tested with, and a machine that has them
/// needs no network. Cargo drops what a project does not use.
const LOCK: &str = include_str!("../../../Cargo.lock");
const FOLDER: &str = ".hotline";
const STAMP: &str = "sdk-version";

/// Whose SDK a project has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SdkState {
    /// This binary's.
    Current,
    /// Another one's; as text, e.g. `1.0.0 (3f2a9c01)`.
    Other { found: String, ours: String },
    /// None: a plugin inside of Hotline's own repository, or one that has its SDK elsewhere.
    Absent,
}

/// Whose SDK is in the project's folder.
pub fn sdk_state(folder: &Path) -> SdkState {
    let ours = stamp();
    match std::fs::read_to_string(folder.join(FOLDER).join(STAMP)) {
        Ok(found) if found.trim() == ours => SdkState::Current,
        Ok(found) => SdkState::Other {
            found: found.trim().to_owned(),
            ours,
        },
        Err(_) => SdkState::Absent,
    }
}

/// Replaces the project's SDK by this binary's. Its own files stay as they are.
///
/// # Errors
/// The folder is no project, or can not be written.
pub fn renew_sdk(folder: &Path) -> Result<(), Error> {
    let Some(language) = Language::of(folder) else {
        return Err(Error::NoProject(folder.to_owned()));
    };
    let own = folder.join(FOLDER);
    if own.exists() {
        std::fs::remove_dir_all(&own).map_err(|error| Error::File { path: own, error })?;
    }
    put(folder, language)
}

pub(crate) fn put(folder: &Path, language: Language) -> Result<(), Error> {
    let own = folder.join(FOLDER);
    put_all::<Contract>(&own.join("wit"))?;
    match language {
        Language::Rust => {
            put_all::<RustSdk>(&own.join("sdk/rust"))?;
            write(&own.join("Cargo.toml"), workspace().as_bytes())?;
            let lock = folder.join("Cargo.lock");
            if !lock.exists() {
                write(&lock, LOCK.as_bytes())?;
            }
        }
        Language::TypeScript => {
            let sdk = own.join("sdk/typescript");
            put_all::<TypeScriptSdk>(&sdk.join("src"))?;
            put_all::<TypeScriptToolchain>(&sdk.join("toolchain"))?;
            for (name, content) in TYPESCRIPT_PACKAGE {
                write(&sdk.join(name), content.as_bytes())?;
            }
        }
    }
    write(&own.join(STAMP), stamp().as_bytes())
}

fn put_all<Files: Embed>(folder: &Path) -> Result<(), Error> {
    for path in Files::iter() {
        if let Some(file) = Files::get(&path) {
            write(&folder.join(&*path), &file.data)?;
        }
    }
    Ok(())
}

/// Of the repository's own manifest what the SDK inherits: its version, its dependencies, its lints.
fn workspace() -> String {
    let mut kept = toml::Table::new();
    if let Ok(whole) = WORKSPACE.parse::<toml::Table>()
        && let Some(toml::Value::Table(mut workspace)) = whole.get("workspace").cloned()
    {
        workspace.insert("members".to_owned(), toml::Value::from(vec!["sdk/rust"]));
        if let Some(toml::Value::Table(dependencies)) = workspace.get_mut("dependencies") {
            dependencies.retain(|_, wanted| wanted.get("path").is_none());
        }
        kept.insert("workspace".to_owned(), toml::Value::Table(workspace));
    }
    kept.to_string()
}

/// The SDKs' version, and a digest of their files that tells two builds of one version apart.
fn stamp() -> String {
    let mut hasher = blake3::Hasher::new();
    add_all::<Contract>(&mut hasher);
    add_all::<RustSdk>(&mut hasher);
    add_all::<TypeScriptSdk>(&mut hasher);
    add_all::<TypeScriptToolchain>(&mut hasher);
    for (name, content) in TYPESCRIPT_PACKAGE {
        hasher.update(name.as_bytes());
        hasher.update(content.as_bytes());
    }
    let digest = hasher.finalize().to_hex();
    format!("{} ({})", version(), &digest[..8])
}

/// That of both SDKs, which is the contract's and not this program's.
fn version() -> String {
    let package = include_str!("../../rust/Cargo.toml").parse::<toml::Table>();
    let package = package.ok().unwrap_or_default();
    let version = package
        .get("package")
        .and_then(|package| package.get("version"))
        .and_then(toml::Value::as_str);
    version.unwrap_or_default().to_owned()
}

fn add_all<Files: Embed>(hasher: &mut blake3::Hasher) {
    for path in Files::iter() {
        if let Some(file) = Files::get(&path) {
            hasher.update(path.as_bytes());
            hasher.update(&file.data);
        }
    }
}

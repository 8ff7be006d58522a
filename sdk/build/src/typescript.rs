//! Plugins written in TypeScript: the SDK's own toolchain (`sdk/typescript/toolchain`, run by Node)
//! checks types, bundles, and makes the component; here it is verified and gets its manifest.

use crate::component::{ComponentError, finish_component};
use crate::{Error, Options, declared, file_error};
use hotline_manifest::{Facts, World};
use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the SDK is, when not beside the plugin or among its packages.
const SDK_VARIABLE: &str = "HOTLINE_TYPESCRIPT_SDK";
const DRIVER: &str = "toolchain/main.mjs";
const ENGINE: &str = "componentize-qjs";

/// What made a component of TypeScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeToolchain {
    /// E.g. `v20.20.2`.
    node: String,
    sdk: PathBuf,
    /// E.g. `componentize-qjs 0.4.5`.
    engine: String,
}

impl fmt::Display for NodeToolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "uses Node {}, {} and the SDK in {}",
            self.node,
            self.engine,
            self.sdk.display()
        )
    }
}

#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    #[error(
        "plugins in TypeScript are built with Node 20.19 or newer, and `node` cannot be run ({0}).\n\
         Install it from https://nodejs.org, or let `make run` do so and put target/tools/bin on PATH"
    )]
    NoNode(std::io::Error),
    #[error(
        "the TypeScript SDK (`sdk/typescript`, the package `@hotline/sdk`) is not found from {}.\n\
         Add it to the plugin's package.json (\"@hotline/sdk\": \"file:...\") and run `npm install`, \
         or set {SDK_VARIABLE} to its folder", .0.display()
    )]
    NoSdk(PathBuf),
    #[error(
        "plugins in TypeScript are built with Node 20.19 or newer; `node` is {0}.\n\
         Install a newer one from https://nodejs.org, and put it first on PATH"
    )]
    OldNode(String),
    #[error("the SDK's own packages are not installed: run `npm install` in {}", .0.display())]
    NoPackages(PathBuf),
    #[error("{}: {error}", sdk.display())]
    BrokenSdk { sdk: PathBuf, error: String },
    #[error("the plugin cannot be built:\n{0}")]
    Refused(String),
    #[error("the SDK in {} answered with something else than was expected: {error}", sdk.display())]
    Answer {
        sdk: PathBuf,
        error: serde_json::Error,
    },
}

/// What the driver says of the plugin.
#[derive(Debug, Deserialize)]
struct Said {
    name: String,
    version: String,
    sdk: String,
    world: World,
}

/// A component and its name, ready to be written.
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) component: Vec<u8>,
    pub(crate) toolchain: NodeToolchain,
}

/// Whether the folder holds a plugin in TypeScript.
pub(crate) fn is_package(folder: &Path) -> bool {
    folder.join("package.json").is_file() && !folder.join("Cargo.toml").is_file()
}

pub(crate) fn make(options: &Options) -> Result<Made, Error> {
    let folder = &options.directory;
    let toolchain = NodeToolchain::find(folder)?;
    let sdk = &toolchain.sdk;
    let raw = options
        .out
        .join(format!(".typescript-{}.part", std::process::id()));
    let output = Command::new("node")
        .arg(sdk.join(DRIVER))
        .arg("build")
        .arg(folder)
        .arg("--out")
        .arg(&raw)
        .stdin(Stdio::null())
        .output()
        .map_err(NodeError::NoNode)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(NodeError::Refused(said).into());
    }
    let component = std::fs::read(&raw).map_err(file_error(&raw))?;
    std::fs::remove_file(&raw).map_err(file_error(&raw))?;
    let said: Said = serde_json::from_slice(&output.stdout).map_err(|error| NodeError::Answer {
        sdk: sdk.clone(),
        error,
    })?;
    let name = said.name.replace('-', "_");
    let facts = Facts {
        name: said.name,
        version: said.version,
        sdk: said.sdk,
        world: said.world,
    };
    let declared = declared(&folder.join(hotline_manifest::FILE))?.unwrap_or_default();
    let component = finish_component(component, &options.allow_imports, declared, &facts).map_err(
        |error: ComponentError| Error::Component {
            name: name.clone(),
            error,
        },
    )?;
    Ok(Made {
        name,
        component,
        toolchain,
    })
}

impl NodeToolchain {
    /// What would build the plugin in `folder`. Starts `node`, once.
    ///
    /// # Errors
    /// [`NodeError`] but for what a build alone can find out; each says what to do.
    pub fn find(folder: &Path) -> Result<NodeToolchain, NodeError> {
        let node = node_version()?;
        if !is_new_enough(&node) {
            return Err(NodeError::OldNode(node));
        }
        let sdk = find_sdk(folder)?;
        let engine = engine(&sdk)?;
        let mut places = sdk.ancestors();
        if !places.any(|place| place.join("node_modules").join(ENGINE).is_dir()) {
            return Err(NodeError::NoPackages(packages_folder(&sdk)));
        }
        Ok(NodeToolchain { node, sdk, engine })
    }
}

fn node_version() -> Result<String, NodeError> {
    let output = Command::new("node")
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(NodeError::NoNode)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `v20.20.2` and the like; what does not look so may try.
fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.');
    let mut next = || parts.next().and_then(|part| part.parse::<u32>().ok());
    match (next(), next()) {
        (Some(major), Some(minor)) => (major, minor) >= (20, 19),
        _ => true,
    }
}

/// The engine that the SDK's package.json pins.
fn engine(sdk: &Path) -> Result<String, NodeError> {
    #[derive(Deserialize)]
    struct Package {
        dependencies: std::collections::BTreeMap<String, String>,
    }
    let path = sdk.join("package.json");
    let broken = |error: String| NodeError::BrokenSdk {
        sdk: path.clone(),
        error,
    };
    let text = std::fs::read_to_string(&path).map_err(|error| broken(error.to_string()))?;
    let package: Package =
        serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
    let version = package.dependencies.get(ENGINE);
    let version = version.ok_or_else(|| broken(format!("{ENGINE} is no dependency")))?;
    Ok(format!("{ENGINE} {version}"))
}

/// A project of `hotline plugin new` has the SDK below its `.hotline`.
fn packages_folder(sdk: &Path) -> PathBuf {
    let below = sdk.ancestors().find(|place| place.ends_with(".hotline"));
    below.and_then(Path::parent).unwrap_or(sdk).to_owned()
}

/// By the variable, among the plugin's packages, copied into its folder, in the tree that the plugin is
/// part of, or in the one that this program was built from.
fn find_sdk(folder: &Path) -> Result<PathBuf, NodeError> {
    let is_sdk = |path: &PathBuf| path.join(DRIVER).is_file();
    if let Some(named) = std::env::var_os(SDK_VARIABLE).map(PathBuf::from) {
        return Some(named)
            .filter(is_sdk)
            .ok_or_else(|| NodeError::NoSdk(folder.to_owned()));
    }
    let from = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../typescript");
    from.ancestors()
        .flat_map(|place| {
            [
                place.join("node_modules/@hotline/sdk"),
                place.join(".hotline/sdk/typescript"),
                place.join("sdk/typescript"),
            ]
        })
        .chain([built_from])
        .find(is_sdk)
        .map(|sdk| sdk.canonicalize().unwrap_or(sdk))
        .ok_or_else(|| NodeError::NoSdk(folder.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_new_enough_from_20_19_on() {
        for old in ["v18.20.4", "v20.18.3"] {
            assert!(!is_new_enough(old), "{old}");
        }
        for new in ["v20.19.0", "v24.1.0", "nightly"] {
            assert!(is_new_enough(new), "{new}");
        }
    }

    #[test]
    fn a_projects_packages_are_installed_in_its_own_folder() {
        let project = packages_folder(Path::new("/home/li/desk/.hotline/sdk/typescript"));
        assert_eq!(project, Path::new("/home/li/desk"));
        let tree = packages_folder(Path::new("/home/li/hotline/sdk/typescript"));
        assert_eq!(tree, Path::new("/home/li/hotline/sdk/typescript"));
    }
}

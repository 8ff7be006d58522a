//! What a release consists of: every template in every language, as an author's first build of it,
//! and the first-party plugins.

use crate::exhibit::{Build, Script};
use hotline_manifest::Manifest;
use hotline_plugin_build::{Built, Naming, Options};
use hotline_scaffold::{Language, Name, NameError, World};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Names that templates have in the museum's builds.
const NAME: &str = "exhibit";
/// Beside a plugin's sources, or among the museum's inputs.
const CONFIG: &str = "config.json";
/// What a template of a flow language brings to be tried on.
const SCRIPT: &str = "example.flow";

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("{what}: {error}")]
    Build {
        what: String,
        error: hotline_plugin_build::Error,
    },
    #[error("{what}: {error}")]
    Scaffold {
        what: String,
        error: hotline_scaffold::Error,
    },
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("{what} builds to {count} components; one is expected")]
    Count { what: String, count: usize },
    #[error("{what} does not say which world it is of")]
    NoManifest { what: String },
    #[error("{}: {error}", path.display())]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{}: {error}", path.display())]
    Config {
        path: PathBuf,
        error: serde_json::Error,
    },
}

/// Where things are.
#[derive(Debug)]
pub struct Places {
    /// The repository.
    pub tree: PathBuf,
    /// Configurations and scripts of plugins that need one: `NAME/config.json`, `NAME/script.*`.
    pub inputs: PathBuf,
    /// Cargo's folder. What templates are built from is shared with the scaffold's own tests.
    pub target: PathBuf,
}

impl Default for Places {
    fn default() -> Self {
        let tree = crate::tree();
        Places {
            inputs: Path::new(env!("CARGO_MANIFEST_DIR")).join("inputs"),
            target: tree.join("target"),
            tree,
        }
    }
}

/// Builds everything; `first_party` are packages of the workspace. `progress` is told each name.
///
/// # Errors
/// Something does not build.
pub fn build_all(
    places: &Places,
    first_party: &[String],
    progress: &dyn Fn(&str),
) -> Result<Vec<Build>, BuildError> {
    let mut builds = Vec::new();
    for world in World::ALL {
        for language in Language::ALL {
            progress(&format!("{world} in {language}"));
            builds.push(template(places, world, language)?);
        }
    }
    for package in first_party {
        progress(package);
        let out = places.target.join("museum/first-party");
        let built = build_one(package, &places.tree, vec![package.clone()], out)?;
        builds.push(exhibited(places, package.clone(), package, &built, None)?);
    }
    Ok(builds)
}

fn template(places: &Places, world: World, language: Language) -> Result<Build, BuildError> {
    let what = format!("{world}-{language}");
    // Outside of the tree, as an author's folder is.
    let project = tempfile::tempdir().map_err(at(Path::new("a temporary folder")))?;
    let folder = project.path().join(NAME);
    hotline_scaffold::create(&folder, &NAME.parse::<Name>()?, world, language).map_err(
        |error| BuildError::Scaffold {
            what: what.clone(),
            error,
        },
    )?;
    let link = |from: &Path, name: &str| {
        let to = folder.join(name);
        std::os::unix::fs::symlink(from, &to).map_err(at(&to))
    };
    match language {
        Language::Rust => {
            let target = places.target.join("tmp/projects");
            std::fs::create_dir_all(&target).map_err(at(&target))?;
            let target = target.canonicalize().map_err(at(&target))?;
            link(&target, "target")?;
        }
        Language::TypeScript => {
            let packages = places.tree.join("sdk/typescript/node_modules");
            let packages = packages.canonicalize().map_err(at(&packages))?;
            link(&packages, "node_modules")?;
        }
    }
    let built = build_one(&what, &folder, Vec::new(), folder.join("dist"))?;
    exhibited(places, what, world.as_str(), &built, Some(&folder))
}

fn build_one(
    what: &str,
    directory: &Path,
    packages: Vec<String>,
    out: PathBuf,
) -> Result<Built, BuildError> {
    let report = hotline_plugin_build::build(&Options {
        directory: directory.to_owned(),
        packages,
        out,
        naming: Naming::Plain,
        allow_imports: Vec::new(),
    });
    let mut built = report
        .map_err(|error| BuildError::Build {
            what: what.to_owned(),
            error,
        })?
        .built;
    match (built.pop(), built.len()) {
        (Some(one), 0) => Ok(one),
        (found, more) => Err(BuildError::Count {
            what: what.to_owned(),
            count: more + usize::from(found.is_some()),
        }),
    }
}

/// With what it is tried: its own folder's, or the museum's for plugins of the name `input`.
fn exhibited(
    places: &Places,
    name: String,
    input: &str,
    built: &Built,
    folder: Option<&Path>,
) -> Result<Build, BuildError> {
    let component = std::fs::read(&built.path).map_err(at(&built.path))?;
    let Some(Manifest { world, sdk, .. }) = built.manifest.clone() else {
        return Err(BuildError::NoManifest { what: name });
    };
    let inputs = places.inputs.join(input);
    let own = folder
        .map(|folder| folder.join(CONFIG))
        .filter(|path| path.is_file());
    let config = own.unwrap_or_else(|| inputs.join(CONFIG));
    let config = match config.is_file() {
        false => Value::Object(serde_json::Map::new()),
        true => {
            let text = std::fs::read(&config).map_err(at(&config))?;
            serde_json::from_slice(&text).map_err(|error| BuildError::Config {
                path: config,
                error,
            })?
        }
    };
    let own = folder
        .map(|folder| folder.join(SCRIPT))
        .filter(|path| path.is_file());
    let script = match own {
        Some(path) => Some(script(SCRIPT, &path)?),
        None => script_among(&inputs)?,
    };
    Ok(Build {
        name,
        world,
        sdk,
        component,
        config,
        script,
    })
}

fn script(name: &str, path: &Path) -> Result<Script, BuildError> {
    Ok(Script {
        path: format!("demo/{name}"),
        text: std::fs::read_to_string(path).map_err(at(path))?,
    })
}

/// `script.*` of a folder that may not be there.
fn script_among(inputs: &Path) -> Result<Option<Script>, BuildError> {
    let entries = std::fs::read_dir(inputs).into_iter().flatten().flatten();
    let mut files = entries.map(|entry| {
        (
            entry.file_name().to_string_lossy().into_owned(),
            entry.path(),
        )
    });
    let found = files.find(|(name, _)| name.starts_with("script."));
    found.map(|(name, path)| script(&name, &path)).transpose()
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> BuildError + use<> {
    let path = path.to_owned();
    move |error| BuildError::File {
        path: path.clone(),
        error,
    }
}

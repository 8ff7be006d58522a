//! A release in its folder: `release.json` (what belongs to it, by digest), `components.tar.br`,
//! `golden/NAME.json` and the contract's text, `wit/`. It is written once and read for ever.

use crate::exhibit::{Build, Exhibit, ExhibitError, Stage};
use hotline_manifest::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

const RECORD: &str = "release.json";
const COMPONENTS: &str = "components.tar.br";
const CONTRACT: &str = "wit";
/// Components of one release share their engine, so a window of 16 MiB finds it again.
const WINDOW_LOG: i32 = 24;
const COMPRESSION_QUALITY: i32 = 11;
const BUFFER_BYTES: usize = 64 * 1024;

/// `MAJOR.MINOR`, as the contract counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub major: u64,
    pub minor: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no release; write MAJOR.MINOR, e.g. 1.0")]
pub struct NameError(String);

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let parts = text.split_once('.');
        let parsed = parts.and_then(|(major, minor)| {
            let (major, minor) = (major.parse().ok()?, minor.parse().ok()?);
            Some(Name { major, minor })
        });
        // Neither `01.0` nor `+1.0`: a release has one name.
        parsed
            .filter(|name| name.to_string() == text)
            .ok_or_else(|| NameError(text.to_owned()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// `release.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    release: String,
    exhibits: Vec<Entry>,
    /// BLAKE3 of each other file, by its path in the folder.
    files: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    world: World,
    sdk: String,
    /// BLAKE3 of the component.
    component: String,
    bytes: usize,
}

/// A release, found whole.
#[derive(Debug)]
pub struct Release {
    pub name: Name,
    pub exhibits: Vec<Exhibit>,
    /// The contract's text as it was released.
    pub contract: PathBuf,
}

/// Why a release can not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{} can not be read: {error}", path.display())]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{}: {error}", path.display())]
    Json {
        path: PathBuf,
        error: serde_json::Error,
    },
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("{} is gone; {RESTORE}", .0.display())]
    Gone(PathBuf),
    #[error("{} is not what was released; {RESTORE}", .0.display())]
    Changed(PathBuf),
    #[error("{} does not belong to the release: what is new is another release", .0.display())]
    Stray(PathBuf),
    #[error("{}: the component of `{exhibit}` is not what was released; {RESTORE}", path.display())]
    Component { path: PathBuf, exhibit: String },
}

const RESTORE: &str = "a release never changes: take it back from version control";

/// Why a release could not be added. Nothing of it is left then.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    #[error("{} is there: a release is never overwritten; name the next one", .0.display())]
    Exists(PathBuf),
    #[error("two exhibits are called `{0}`")]
    Twice(String),
    #[error("{name} {error}")]
    Exhibit { name: String, error: ExhibitError },
    #[error("{} can not be written: {error}", path.display())]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("what was written does not read: {0}")]
    Unreadable(#[from] ReadError),
}

/// The releases of a museum, oldest first.
///
/// # Errors
/// One of them is not whole.
pub fn releases(shelf: &Path) -> Result<Vec<Release>, ReadError> {
    if !shelf.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = entries(shelf)?
        .iter()
        .map(|folder| Release::open(folder))
        .collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|release| release.name);
    Ok(found)
}

impl Release {
    /// Reads a release and holds every byte of it against the digests that it was released with.
    ///
    /// # Errors
    /// A file is changed, gone or too many.
    pub fn open(folder: &Path) -> Result<Release, ReadError> {
        let path = folder.join(RECORD);
        let record: Record = json(&path, &read(&path)?)?;
        let mut files = BTreeMap::new();
        for path in below(folder)? {
            if path == folder.join(RECORD) {
                continue;
            }
            let name = relative(folder, &path);
            if !record.files.contains_key(&name) {
                return Err(ReadError::Stray(path));
            }
            files.insert(name, read(&path)?);
        }
        for (name, digest) in &record.files {
            let path = folder.join(name);
            match files.get(name) {
                None => return Err(ReadError::Gone(path)),
                Some(content) if digest_of(content) != *digest => {
                    return Err(ReadError::Changed(path));
                }
                Some(_) => {}
            }
        }
        let archive = folder.join(COMPONENTS);
        let packed = files
            .get(COMPONENTS)
            .ok_or_else(|| ReadError::Gone(archive.clone()))?;
        let mut components = unpack(packed).map_err(|error| ReadError::File {
            path: archive.clone(),
            error,
        })?;
        let exhibits = record.exhibits.into_iter().map(|entry| {
            let component = components
                .remove(&component_file(&entry.name))
                .filter(|component| digest_of(component) == entry.component)
                .ok_or_else(|| ReadError::Component {
                    path: archive.clone(),
                    exhibit: entry.name.clone(),
                })?;
            let file = golden_file(&entry.name);
            let path = folder.join(&file);
            let golden = files
                .get(&file)
                .ok_or_else(|| ReadError::Gone(path.clone()))?;
            Ok(Exhibit {
                golden: json(&path, golden)?,
                world: entry.world,
                name: entry.name,
                component,
            })
        });
        Ok(Release {
            name: record.release.parse()?,
            exhibits: exhibits.collect::<Result<_, ReadError>>()?,
            contract: folder.join(CONTRACT),
        })
    }
}

/// Asks the builds what they answer, and keeps all of it as the release `name` on the shelf. Gives
/// its folder.
///
/// # Errors
/// The release is there, or a build does not do what it shall.
pub fn add(
    shelf: &Path,
    name: Name,
    builds: &[Build],
    contract: &Path,
    stage: &Stage,
) -> Result<PathBuf, AddError> {
    let folder = shelf.join(name.to_string());
    if folder.exists() {
        return Err(AddError::Exists(folder));
    }
    let written = |path: &Path| {
        let path = path.to_owned();
        move |error| AddError::File { path, error }
    };
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut exhibits = Vec::new();
    let mut archive = tar::Builder::new(Vec::new());
    for build in builds {
        let golden = stage.record(build).map_err(|error| AddError::Exhibit {
            name: build.name.clone(),
            error,
        })?;
        if files
            .insert(golden_file(&build.name), pretty(&golden))
            .is_some()
        {
            return Err(AddError::Twice(build.name.clone()));
        }
        pack(&mut archive, &component_file(&build.name), &build.component)
            .map_err(written(Path::new(COMPONENTS)))?;
        exhibits.push(Entry {
            name: build.name.clone(),
            world: build.world,
            sdk: build.sdk.clone(),
            component: digest_of(&build.component),
            bytes: build.component.len(),
        });
    }
    let packed = archive.into_inner().and_then(|archive| compress(&archive));
    let packed = packed.map_err(written(Path::new(COMPONENTS)))?;
    files.insert(COMPONENTS.to_owned(), packed);
    for path in below(contract)? {
        files.insert(
            format!("{CONTRACT}/{}", relative(contract, &path)),
            read(&path)?,
        );
    }
    let record = Record {
        release: name.to_string(),
        exhibits,
        files: files
            .iter()
            .map(|(name, content)| (name.clone(), digest_of(content)))
            .collect(),
    };
    files.insert(RECORD.to_owned(), pretty(&record));

    // Beside its place, so that a release is there whole or not at all.
    std::fs::create_dir_all(shelf).map_err(written(shelf))?;
    let part = tempfile::Builder::new().prefix(".part-").tempdir_in(shelf);
    let part = part.map_err(written(shelf))?;
    for (name, content) in &files {
        let path = part.path().join(name);
        let parent = path.parent().unwrap_or(part.path());
        std::fs::create_dir_all(parent).map_err(written(parent))?;
        std::fs::write(&path, content).map_err(written(&path))?;
    }
    Release::open(part.path())?;
    let part = part.keep();
    std::fs::rename(&part, &folder).map_err(written(&folder))?;
    Ok(folder)
}

fn component_file(name: &str) -> String {
    format!("{name}.wasm")
}

fn golden_file(name: &str) -> String {
    format!("golden/{name}.json")
}

fn digest_of(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

fn json<T: serde::de::DeserializeOwned>(path: &Path, text: &[u8]) -> Result<T, ReadError> {
    serde_json::from_slice(text).map_err(|error| ReadError::Json {
        path: path.to_owned(),
        error,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::Gone(path.to_owned()),
        _ => ReadError::File {
            path: path.to_owned(),
            error,
        },
    })
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let failed = |error| ReadError::File {
        path: folder.to_owned(),
        error,
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        found.push(entry.map_err(failed)?.path());
    }
    found.sort();
    Ok(found)
}

/// All files of a folder and of those in it.
fn below(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let mut found = Vec::new();
    for path in entries(folder)? {
        match path.is_dir() {
            true => found.extend(below(&path)?),
            false => found.push(path),
        }
    }
    Ok(found)
}

/// With `/` on every machine.
fn relative(folder: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// Without times and owners, so that the same builds make the same archive.
fn pack(archive: &mut tar::Builder<Vec<u8>>, name: &str, content: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(0);
    archive.append_data(&mut header, name, content)
}

fn compress(archive: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: COMPRESSION_QUALITY,
        lgwin: WINDOW_LOG,
        size_hint: archive.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &archive[..], &mut packed, &parameters)?;
    Ok(packed)
}

fn unpack(packed: &[u8]) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut archive = tar::Archive::new(brotli::Decompressor::new(packed, BUFFER_BYTES));
    let mut found = BTreeMap::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        found.insert(name, content);
    }
    Ok(found)
}

//! A tenant's flows folder: which files are plugins, and reading one that nobody is writing.

use crate::catalogue::Key;
use crate::diagnostic::Diagnostic;
use crate::kinds::PluginKind;
use crate::kinds::flow_language::LanguageName;
use crate::limits::{COMPONENT_BYTES, CONFIG_BYTES, PlanInForce, SCRIPT_BYTES};
use crate::loading::{Body, Source, Text};
use bytes::Bytes;
use hotline_vocabulary::plugin::Digest;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FLOW: &str = ".flow.wasm";
const POLICY: &str = ".policy.wasm";
const QA: &str = ".qa.wasm";
const CONNECTOR: &str = ".connector.wasm";
const LANGUAGE: &str = ".language.wasm";
const CONFIG: &str = ".config.json";
/// Plugins of one tenant; further files are not looked at.
const PLUGINS: usize = 500;
const NAME_BYTES: usize = 64;
/// Between the two readings that must agree.
const BETWEEN_READINGS: Duration = Duration::from_millis(10);
const SETTLES_WITHIN: Duration = Duration::from_secs(2);

/// The files of one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Files {
    /// More than one is a mistake of the author's.
    pub(crate) main: Vec<PathBuf>,
    config: PathBuf,
}

impl Files {
    /// What it is written in, when it is a script.
    pub(crate) fn language(&self) -> Option<LanguageName> {
        language_of(self.main.first()?)
    }
}

/// What changes whenever a file's content does, and costs no reading.
pub(crate) type Signature = Vec<Option<(u64, u64, i64, i64, i64, i64)>>;

/// Whether a path below a tenant's folder can matter to a plugin.
pub(crate) fn matters(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        let suffixes = [FLOW, POLICY, QA, CONNECTOR, LANGUAGE, CONFIG];
        LanguageName::of_script(name).is_some()
            || suffixes.iter().any(|suffix| name.ends_with(suffix))
    })
}

/// Whether a path is a text that is written in one go.
pub(crate) fn is_text(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| LanguageName::of_script(name).is_some() || name.ends_with(CONFIG))
}

/// What a file is written in; none for what is no script.
fn language_of(path: &Path) -> Option<LanguageName> {
    let (_, language) = LanguageName::of_script(path.file_name()?.to_str()?)?;
    Some(language)
}

/// What a plugin may be called.
pub(crate) fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_BYTES
        && !name.starts_with('.')
        && !name.contains(|c: char| c.is_control() || c == '/')
}

fn key_of(file_name: &str) -> Option<Key> {
    let key = |kind, name: &str| {
        is_plain_name(name).then(|| Key {
            kind,
            name: name.to_owned(),
        })
    };
    if let Some((name, _)) = LanguageName::of_script(file_name) {
        return key(PluginKind::Flow, name);
    }
    let suffixes = [
        (FLOW, PluginKind::Flow),
        (POLICY, PluginKind::Policy),
        (QA, PluginKind::Qa),
        (CONNECTOR, PluginKind::Connector),
        (LANGUAGE, PluginKind::Language),
    ];
    suffixes
        .iter()
        .find_map(|(suffix, kind)| key(*kind, file_name.strip_suffix(suffix)?))
}

/// The plugins of a folder. `is_spoken` says which languages are in service: an editor's `main.flow.bak`
/// beside `main.flow.yaml` is not taken for a script.
pub(crate) fn list(
    folder: &Path,
    is_spoken: impl Fn(&LanguageName) -> bool,
) -> io::Result<BTreeMap<Key, Files>> {
    let mut found: BTreeMap<Key, Files> = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(key) = entry.file_name().to_str().and_then(key_of) else {
            continue;
        };
        if found.len() >= PLUGINS && !found.contains_key(&key) {
            tracing::warn!(folder = %folder.display(), "More plugins than are looked at.");
            continue;
        }
        let config = folder.join(format!("{}{CONFIG}", key.name));
        let files = found.entry(key).or_insert_with(|| Files {
            main: Vec::new(),
            config,
        });
        files.main.push(entry.path());
        files.main.sort();
    }
    let brought: HashSet<String> = found
        .keys()
        .filter(|key| key.kind == PluginKind::Language)
        .map(|key| key.name.clone())
        .collect();
    let is_known = |path: &PathBuf| {
        language_of(path).is_none_or(|language| {
            language.is_shipped() || brought.contains(language.as_str()) || is_spoken(&language)
        })
    };
    for files in found.values_mut() {
        if files.main.iter().any(is_known) {
            files.main.retain(is_known);
        }
    }
    Ok(found)
}

pub(crate) fn signature(files: &Files) -> Signature {
    files
        .main
        .iter()
        .chain([&files.config])
        .map(|path| {
            let file = fs::metadata(path).ok()?;
            Some((
                file.ino(),
                file.len(),
                file.mtime(),
                file.mtime_nsec(),
                file.ctime(),
                file.ctime_nsec(),
            ))
        })
        .collect()
}

/// Why a plugin's files could not be read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// Somebody is still writing them, or removed them just now: look again later.
    Unsettled,
    Refused(Vec<Diagnostic>),
}

/// Reads a plugin's files until two readings agree. The digest is of all that was read.
pub(crate) fn read(
    root: &Path,
    key: &Key,
    files: &Files,
    plan: PlanInForce,
) -> Result<(Source, Digest), Unread> {
    let shown = |path: &Path| {
        path.strip_prefix(root)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned()
    };
    let Some(main) = files.main.first() else {
        return Err(Unread::Unsettled);
    };
    let path = shown(main);
    if let Some(other) = files.main.get(1) {
        return Err(Unread::Refused(vec![
            Diagnostic::of_file(
                "folder.two-files",
                &path,
                format!("`{}` has the same name", shown(other)),
            )
            .hint("keep one of them"),
        ]));
    }
    let language = language_of(main);
    let most = match language {
        Some(_) => SCRIPT_BYTES,
        None => COMPONENT_BYTES,
    };
    let reading = || -> Result<_, Unread> {
        let content = read_file(main, most)
            .map_err(|problem| problem.about(&path, most))?
            .ok_or(Unread::Unsettled)?;
        let config = read_file(&files.config, CONFIG_BYTES)
            .map_err(|problem| problem.about(&shown(&files.config), CONFIG_BYTES))?;
        Ok((content, config))
    };
    let deadline = Instant::now() + SETTLES_WITHIN;
    let mut before = reading()?;
    let (content, config) = loop {
        std::thread::sleep(BETWEEN_READINGS);
        let now = reading()?;
        if now == before {
            break now;
        }
        if Instant::now() > deadline {
            return Err(Unread::Unsettled);
        }
        before = now;
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(content.len() as u64).to_le_bytes());
    hasher.update(&content);
    hasher.update(config.as_deref().unwrap_or(b"{}"));
    if let Some(language) = language.as_ref().filter(|language| !language.is_shipped()) {
        hasher.update(language.as_str().as_bytes());
    }
    let digest = Digest(*hasher.finalize().as_bytes());
    let body = match language {
        Some(language) => Body::Script(Text {
            language,
            words: in_utf8(content, &path)?,
        }),
        None => Body::Component(Bytes::from(content)),
    };
    let config_path = shown(&files.config);
    let config = match config {
        Some(bytes) => Some(in_utf8(bytes, &config_path)?),
        None => None,
    };
    let source = Source {
        kind: key.kind,
        name: key.name.clone(),
        path,
        body,
        interpreter: None,
        config,
        config_path,
        plan,
    };
    Ok((source, digest))
}

fn in_utf8(bytes: Vec<u8>, path: &str) -> Result<String, Unread> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..good];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        Unread::Refused(vec![
            Diagnostic::of_file("folder.not-utf-8", path, "is not text in UTF-8")
                .at(line, 1)
                .hint("save it as UTF-8"),
        ])
    })
}

enum ReadProblem {
    TooLarge,
    Io(io::Error),
}

impl ReadProblem {
    fn about(self, path: &str, most: u64) -> Unread {
        Unread::Refused(vec![match self {
            ReadProblem::TooLarge => Diagnostic::of_file(
                "folder.too-large",
                path,
                format!("is larger than {most} bytes"),
            ),
            ReadProblem::Io(error) => Diagnostic::of_file(
                "folder.unreadable",
                path,
                format!("can not be read: {error}"),
            ),
        }])
    }
}

/// None when there is no such file.
fn read_file(path: &Path, most: u64) -> Result<Option<Vec<u8>>, ReadProblem> {
    // Looked at before it is opened: opening a pipe would wait for a writer.
    match fs::metadata(path) {
        Ok(about) if !about.is_file() => {
            return Err(ReadProblem::Io(io::Error::other("it is not a file")));
        }
        Ok(about) if about.len() > most => return Err(ReadProblem::TooLarge),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ReadProblem::Io(error)),
    }
    let mut content = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut content));
    match read {
        Ok(_) if content.len() as u64 > most => Err(ReadProblem::TooLarge),
        Ok(_) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ReadProblem::Io(error)),
    }
}

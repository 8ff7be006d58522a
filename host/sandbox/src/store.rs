//! Versions on disk: content by its digest, and a small index of what is live. The flows folder is
//! only a way in: a path is imported when its content differs from what it was imported from last,
//! so that looking at the folder again never brings a rolled-back version back.

use crate::limits::VERSIONS_KEPT;
use bytes::Bytes;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::{Digest, PluginVersion};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(crate) struct Store {
    content: PathBuf,
    compiled: PathBuf,
    index_path: PathBuf,
    index: Index,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Index {
    tenants: BTreeMap<TenantId, BTreeMap<String, Shelf>>,
}

/// What is kept of one plugin; its key is `flow/NAME` or `policy/NAME`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Shelf {
    /// What the plugin's file was when it was imported last.
    pub(crate) imported: Option<Digest>,
    /// The record that is in service.
    pub(crate) live: Option<Digest>,
    /// Oldest first.
    pub(crate) versions: Vec<Record>,
}

/// One version: everything that decides its behaviour, by digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Of all that follows but the time.
    pub(crate) id: Digest,
    pub(crate) version: PluginVersion,
    /// Below the flows root.
    pub(crate) path: String,
    /// The script's text, when it is one.
    pub(crate) source: Option<Digest>,
    pub(crate) config: Digest,
    pub(crate) imported_at: Timestamp,
}

impl Shelf {
    pub(crate) fn live_record(&self) -> Option<&Record> {
        let live = self.live?;
        self.versions.iter().find(|record| record.id == live)
    }

    /// Adds a version, or moves it to the newest place; forgets the oldest beyond the limit that is
    /// not live.
    pub(crate) fn add(&mut self, record: Record) {
        self.versions.retain(|known| known.id != record.id);
        self.versions.push(record);
        while self.versions.len() > VERSIONS_KEPT {
            let live = self.live;
            let oldest = self
                .versions
                .iter()
                .position(|record| Some(record.id) != live);
            self.versions.remove(oldest.unwrap_or(0));
        }
    }
}

pub(crate) fn digest(content: &[u8]) -> Digest {
    Digest(*blake3::hash(content).as_bytes())
}

impl Store {
    pub(crate) fn open(folder: &Path) -> io::Result<Store> {
        let store = Store {
            content: folder.join("content"),
            compiled: folder.join("compiled"),
            index_path: folder.join("versions.json"),
            index: Index::default(),
        };
        make_private(&store.content)?;
        make_private(&store.compiled)?;
        let index = match fs::read(&store.index_path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::error!(
                    path = %store.index_path.display(), %error,
                    "The index of plugin versions is damaged; importing the flows folder anew."
                );
                Index::default()
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Index::default(),
            Err(error) => return Err(error),
        };
        Ok(Store { index, ..store })
    }

    pub(crate) fn compiled_folder(&self) -> &Path {
        &self.compiled
    }

    pub(crate) fn shelf(&self, tenant: TenantId, key: &str) -> Shelf {
        self.index
            .tenants
            .get(&tenant)
            .and_then(|plugins| plugins.get(key))
            .cloned()
            .unwrap_or_default()
    }

    /// The keys of a tenant's plugins.
    pub(crate) fn keys(&self, tenant: TenantId) -> Vec<String> {
        self.index
            .tenants
            .get(&tenant)
            .map(|plugins| plugins.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// Replaces what is known of a plugin, durably.
    pub(crate) fn set_shelf(
        &mut self,
        tenant: TenantId,
        key: &str,
        shelf: Shelf,
    ) -> io::Result<()> {
        self.index
            .tenants
            .entry(tenant)
            .or_default()
            .insert(key.to_owned(), shelf);
        let text = serde_json::to_vec_pretty(&self.index)?;
        write_whole(&self.index_path, &[&text])
    }

    pub(crate) fn put(&self, content: &[u8]) -> io::Result<Digest> {
        let digest = digest(content);
        let path = self.content.join(digest.to_string());
        if !path.exists() {
            write_whole(&path, &[content])?;
        }
        Ok(digest)
    }

    pub(crate) fn content_folder(&self) -> &Path {
        &self.content
    }

    pub(crate) fn get(&self, wanted: Digest) -> io::Result<Bytes> {
        read_content(&self.content, wanted)
    }

    /// Removes content that no version needs, and code that this engine would not load.
    /// `shipped` are the components that come with the host.
    pub(crate) fn tidy(&self, shipped: &[Digest], made_by_us: impl Fn(&str) -> bool) {
        let mut needed: HashSet<String> = shipped.iter().map(Digest::to_string).collect();
        for record in self
            .index
            .tenants
            .values()
            .flat_map(|plugins| plugins.values())
            .flat_map(|shelf| &shelf.versions)
        {
            needed.insert(record.version.component.to_string());
            needed.extend(record.version.artifact.map(|digest| digest.to_string()));
            needed.extend(record.source.map(|digest| digest.to_string()));
            needed.insert(record.config.to_string());
        }
        let remove_unless = |folder: &Path, keep: &dyn Fn(&str) -> bool| {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name();
                if !name.to_str().is_some_and(keep) {
                    // What can not be removed now is tried again at the next start.
                    let _ = fs::remove_file(entry.path());
                }
            }
        };
        remove_unless(&self.content, &|name| needed.contains(name));
        remove_unless(&self.compiled, &|name| {
            made_by_us(name)
                && name
                    .split_once('-')
                    .is_some_and(|(digest, _)| needed.contains(digest))
        });
    }
}

/// What a digest stands for, from the folder of all content.
pub(crate) fn read_content(folder: &Path, wanted: Digest) -> io::Result<Bytes> {
    let content = fs::read(folder.join(wanted.to_string()))?;
    if digest(&content) != wanted {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("the stored content {wanted} is damaged"),
        ));
    }
    Ok(Bytes::from(content))
}

/// Makes a folder, and those above it, for this user alone; leaves one that is there as it is.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Writes a file so that it is there whole or not at all, also after a power loss.
pub(crate) fn write_whole(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let unfinished = path.with_extension("unfinished");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

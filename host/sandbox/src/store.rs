//! Versions on disk: content by its digest, and a small index a tenant of what is live. The flows
//! folder is one way in, an upload the other. A path is imported when its content differs from what
//! it was imported from last, so that looking at the folder again never brings a rolled-back version
//! back.

use crate::kinds::flow_language::LanguageName;
use crate::limits::{REJECTED_KEPT, VERSIONS_KEPT};
use crate::rollout::{Candidate, Life, Settings, State};
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
use std::sync::atomic::{AtomicU64, Ordering};

/// The index, and where content and code are.
#[derive(Debug)]
pub(crate) struct Store {
    content: Content,
    compiled: PathBuf,
    indexes: PathBuf,
    tenants: BTreeMap<TenantId, Shelves>,
}

/// The plugins of a tenant; a key is `flow/NAME`, `policy/NAME`, ...
type Shelves = BTreeMap<String, Shelf>;

/// The one index file of all tenants that there was before each had its own.
#[derive(Debug, Default, Deserialize)]
struct OldIndex {
    tenants: BTreeMap<TenantId, Shelves>,
}

/// What is kept of one plugin.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Shelf {
    /// What the plugin's file was when it was imported last.
    pub(crate) imported: Option<Digest>,
    /// The record that is in service.
    pub(crate) live: Option<Digest>,
    /// The record that is on trial beside it.
    #[serde(default)]
    pub(crate) candidate: Option<Candidate>,
    #[serde(default)]
    pub(crate) settings: Settings,
    /// Oldest first.
    pub(crate) versions: Vec<Record>,
}

/// One version: everything that decides its behaviour, by digest, and its life so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Of the version and its configuration.
    pub(crate) id: Digest,
    pub(crate) version: PluginVersion,
    /// Below the flows root; of an upload its file name.
    pub(crate) path: String,
    /// The script's text, when it is one.
    pub(crate) source: Option<Digest>,
    /// What the script is written in, when that is a language of the tenant's own: then `version` has
    /// the interpreter that compiled it, and runs it for as long as it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<LanguageName>,
    pub(crate) config: Digest,
    pub(crate) imported_at: Timestamp,
    #[serde(default)]
    pub(crate) life: Life,
}

impl Shelf {
    pub(crate) fn live_record(&self) -> Option<&Record> {
        self.record(self.live?)
    }

    pub(crate) fn record(&self, id: Digest) -> Option<&Record> {
        self.versions.iter().find(|record| record.id == id)
    }

    pub(crate) fn record_mut(&mut self, id: Digest) -> Option<&mut Record> {
        self.versions.iter_mut().find(|record| record.id == id)
    }

    /// The newest version of that label (`main@1a2b3c4d`) or id.
    pub(crate) fn find(&self, wanted: &str) -> Option<&Record> {
        let is_meant =
            |record: &&Record| record.version.label() == wanted || record.id.to_string() == wanted;
        self.versions.iter().rev().find(is_meant)
    }

    /// The version that was active last before the one that is.
    pub(crate) fn previous(&self) -> Option<&Record> {
        let was_active = |record: &&Record| {
            matches!(record.life.state, State::Draining | State::Retired)
                && Some(record.id) != self.live
        };
        let replaced_at = |record: &&Record| record.life.history.last().map(|change| change.at);
        self.versions
            .iter()
            .filter(was_active)
            .max_by_key(replaced_at)
    }

    /// Adds a version, or moves one that is known to the newest place, with its life; forgets the
    /// oldest beyond the limit that is neither live nor on trial.
    pub(crate) fn add(&mut self, record: Record) {
        let known = self.versions.iter().position(|known| known.id == record.id);
        let record = known.map_or(record, |place| self.versions.remove(place));
        self.versions.push(record);
        let is_rejected = |record: &Record| record.life.state == State::Rejected;
        let rejected = self.versions.iter().filter(|one| is_rejected(one)).count();
        if rejected > REJECTED_KEPT
            && let Some(oldest) = self.versions.iter().position(is_rejected)
        {
            self.versions.remove(oldest);
        }
        while self.versions.len() > VERSIONS_KEPT {
            let kept = [self.live, self.candidate.as_ref().map(|one| one.id)];
            let newest = self.versions.len() - 1;
            let oldest = self
                .versions
                .iter()
                .take(newest)
                .position(|record| !kept.contains(&Some(record.id)));
            self.versions.remove(oldest.unwrap_or(0));
        }
    }

    /// What an index from before there were states leaves open.
    fn complete(&mut self) {
        for record in &mut self.versions {
            if record.life.history.is_empty() {
                let live = Some(record.id) == self.live;
                record.life = Life::from_before(live, record.imported_at);
            }
        }
    }
}

pub(crate) fn digest(content: &[u8]) -> Digest {
    Digest(*blake3::hash(content).as_bytes())
}

impl Store {
    pub(crate) fn open(folder: &Path) -> io::Result<Store> {
        let mut store = Store {
            content: Content {
                folder: folder.join("content"),
            },
            compiled: folder.join("compiled"),
            indexes: folder.join("versions"),
            tenants: BTreeMap::new(),
        };
        make_private(&store.content.folder)?;
        make_private(&store.compiled)?;
        make_private(&store.indexes)?;
        store.take_over(&folder.join("versions.json"))?;
        for entry in fs::read_dir(&store.indexes)? {
            let path = entry?.path();
            let tenant = path.file_stem().and_then(|name| name.to_str());
            let is_index = path.extension().is_some_and(|end| end == "json");
            if let (true, Some(Ok(tenant))) = (is_index, tenant.map(str::parse::<TenantId>)) {
                store.tenants.insert(tenant, read_index(&path)?);
            }
        }
        let shelves = store.tenants.values_mut().flat_map(BTreeMap::values_mut);
        shelves.for_each(Shelf::complete);
        Ok(store)
    }

    /// Gives each tenant of the old index one of its own. A start that breaks off in between begins
    /// again: the old one is removed last.
    fn take_over(&mut self, old: &Path) -> io::Result<()> {
        let index: OldIndex = read_index(old)?;
        for (tenant, shelves) in index.tenants {
            self.tenants.insert(tenant, shelves);
            self.write(tenant)?;
        }
        match fs::remove_file(old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn write(&self, tenant: TenantId) -> io::Result<()> {
        let Some(shelves) = self.tenants.get(&tenant) else {
            return Ok(());
        };
        let text = serde_json::to_vec_pretty(shelves)?;
        write_whole(&self.indexes.join(format!("{tenant}.json")), &[&text])
    }

    pub(crate) fn compiled_folder(&self) -> &Path {
        &self.compiled
    }

    pub(crate) fn shelf(&self, tenant: TenantId, key: &str) -> Shelf {
        self.tenants
            .get(&tenant)
            .and_then(|plugins| plugins.get(key))
            .cloned()
            .unwrap_or_default()
    }

    /// The keys of a tenant's plugins.
    pub(crate) fn keys(&self, tenant: TenantId) -> Vec<String> {
        self.tenants
            .get(&tenant)
            .map(|plugins| plugins.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// Replaces what is known of a plugin, durably; a shelf that can not be written is not taken.
    pub(crate) fn set_shelf(
        &mut self,
        tenant: TenantId,
        key: &str,
        shelf: Shelf,
    ) -> io::Result<()> {
        let shelves = self.tenants.entry(tenant).or_default();
        let before = shelves.insert(key.to_owned(), shelf);
        let written = self.write(tenant);
        if written.is_err()
            && let Some(shelves) = self.tenants.get_mut(&tenant)
        {
            match before {
                Some(before) => shelves.insert(key.to_owned(), before),
                None => shelves.remove(key),
            };
        }
        written
    }

    pub(crate) fn content(&self) -> &Content {
        &self.content
    }

    /// Removes content that no version needs, and code that this engine would not load.
    /// `shipped` are the components that come with the host.
    pub(crate) fn tidy(&self, shipped: &[Digest], made_by_us: impl Fn(&str) -> bool) {
        let mut needed: HashSet<String> = shipped.iter().map(Digest::to_string).collect();
        let shelves = self.tenants.values().flat_map(BTreeMap::values);
        for record in shelves.flat_map(|shelf| &shelf.versions) {
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
        remove_unless(&self.content.folder, &|name| needed.contains(name));
        remove_unless(&self.compiled, &|name| {
            made_by_us(name)
                && name
                    .split_once('-')
                    .is_some_and(|(digest, _)| needed.contains(digest))
        });
    }
}

/// What versions are made of, by digest. Cheap to clone; any thread may read and add.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    folder: PathBuf,
}

impl Content {
    /// Where it stands, if it is there.
    pub(crate) fn path(&self, content: Digest) -> PathBuf {
        self.folder.join(content.to_string())
    }

    pub(crate) fn put(&self, content: &[u8]) -> io::Result<Digest> {
        let digest = digest(content);
        let path = self.folder.join(digest.to_string());
        if !path.exists() {
            write_whole(&path, &[content])?;
        }
        Ok(digest)
    }

    pub(crate) fn get(&self, wanted: Digest) -> io::Result<Bytes> {
        let content = fs::read(self.folder.join(wanted.to_string()))?;
        if digest(&content) != wanted {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the stored content {wanted} is damaged"),
            ));
        }
        Ok(Bytes::from(content))
    }
}

/// An index file; empty when there is none, or when it is damaged, which is told.
fn read_index<T: Default + serde::de::DeserializeOwned>(path: &Path) -> io::Result<T> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::error!(
                path = %path.display(), %error,
                "The index of plugin versions is damaged; importing the flows folder anew."
            );
            T::default()
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(error),
    }
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
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    // Two threads may write the same content.
    let unfinished = path.with_extension(format!("{number}.unfinished"));
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    /// As the store wrote it before versions had states and tenants an index each.
    fn old_index(tenants: &[TenantId]) -> String {
        let digest = |byte: u8| Digest([byte; 32]);
        let record = |byte: u8| {
            format!(
                r#"{{"id": "{0}", "version": {{"name": "main", "component": "{0}", "artifact": null}},
                    "path": "demo/main.flow.wasm", "source": null, "config": "{0}",
                    "imported_at": 1790000000000}}"#,
                digest(byte)
            )
        };
        let shelves = tenants.iter().map(|tenant| {
            format!(
                r#""{tenant}": {{"flow/main": {{"imported": "{}", "live": "{}", "versions": [{}, {}]}}}}"#,
                digest(9),
                digest(1),
                record(1),
                record(2)
            )
        });
        let shelves: Vec<String> = shelves.collect();
        format!(r#"{{"tenants": {{{}}}}}"#, shelves.join(", "))
    }

    #[test]
    fn an_index_of_an_earlier_release_is_taken_over_tenant_by_tenant() {
        let folder = tempfile::TempDir::new().unwrap();
        let tenants = [TenantId::from_bits(1), TenantId::from_bits(2)];
        let old = folder.path().join("versions.json");
        fs::write(&old, old_index(&tenants)).unwrap();
        drop(Store::open(folder.path()).unwrap());
        assert!(!old.exists());
        let store = Store::open(folder.path()).unwrap();
        for tenant in tenants {
            let shelf = store.shelf(tenant, "flow/main");
            assert_eq!(shelf.imported, Some(Digest([9; 32])));
            let states: Vec<State> = shelf.versions.iter().map(|one| one.life.state).collect();
            assert_eq!(states, [State::Active, State::Retired]);
            assert_eq!(shelf.previous().map(|one| one.id), Some(Digest([2; 32])));
        }
    }

    #[test]
    fn rejected_uploads_and_old_versions_are_forgotten_but_never_what_is_in_use() {
        let index: OldIndex = serde_json::from_str(&old_index(&[TenantId::from_bits(1)])).unwrap();
        let mut shelf = index.tenants.into_values().next().unwrap()["flow/main"].clone();
        shelf.complete();
        let in_use = shelf.live;
        let template = shelf.versions[1].clone();
        for number in 0..100u8 {
            let mut record = template.clone();
            record.id = Digest([number + 10; 32]);
            if number % 2 == 0 {
                record.life.state = State::Rejected;
            }
            shelf.add(record);
        }
        let rejected = |record: &&Record| record.life.state == State::Rejected;
        assert_eq!(shelf.versions.len(), VERSIONS_KEPT);
        assert_eq!(
            shelf.versions.iter().filter(rejected).count(),
            REJECTED_KEPT
        );
        assert!(
            shelf
                .live_record()
                .is_some_and(|record| Some(record.id) == in_use)
        );
        assert_eq!(
            shelf.versions.last().map(|one| one.id),
            Some(Digest([109; 32]))
        );
    }
}

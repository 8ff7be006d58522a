//! The last failed calls of each plugin, each whole, in a private file of its own beside the recorded
//! calls: what its author needs to see the same fault again. Bounded in count and bytes; written by
//! the recorder's thread, at most one a second and plugin.

use crate::catalogue::{Catalogue, Key};
use crate::invocation::Invocation;
use crate::rollout::about::about;
use crate::store::Content;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginVersion, Usage};
use serde::Serialize;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Of one plugin.
const KEPT: usize = 20;
/// A call whose JSON is longer is not kept.
const BYTES: usize = 2 * 1024 * 1024;
/// Between two of one plugin: one that fails at every call tells nothing new.
const BETWEEN: Duration = Duration::from_secs(1);
const PREFIX: &str = "fault-";
const SUFFIX: &str = ".json";

/// A failed call that is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PluginFaultKept))]
pub struct KeptFault {
    /// Digits, `-` and letters.
    pub id: String,
    pub at: Timestamp,
    /// What the contract calls the function: `step`, `rank`, ...
    pub function: String,
    pub version: Option<PluginVersion>,
    pub contact: Option<ContactId>,
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub kind: FaultKind,
    pub message: String,
    /// Functions of the guest, the one that failed first; empty when it tells no names.
    pub backtrace: Vec<String>,
    pub usage: Usage,
}

/// Whether the plugin itself broke down: only then is there something to see again.
pub(crate) fn is_breakdown(kind: FaultKind) -> bool {
    match kind {
        FaultKind::OutOfFuel
        | FaultKind::TimedOut
        | FaultKind::OutOfMemory
        | FaultKind::StackOverflow
        | FaultKind::Trapped
        | FaultKind::TooMuch
        | FaultKind::Nonsense => true,
        FaultKind::NotLoaded
        | FaultKind::Declared
        | FaultKind::Overloaded
        | FaultKind::Suspended => false,
    }
}

/// A failed call on its way to its file.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) tenant: TenantId,
    pub(crate) key: Key,
    /// The version's record.
    pub(crate) id: Digest,
    pub(crate) invocation: Invocation,
}

/// What writes them.
#[derive(Debug)]
pub(crate) struct Keeping {
    content: Content,
    written: HashMap<(TenantId, Key), Instant>,
}

impl Keeping {
    pub(crate) fn new(content: Content) -> Keeping {
        Keeping {
            content,
            written: HashMap::new(),
        }
    }

    /// Writes it into the plugin's folder of recorded calls, and tells the log how to see it again.
    pub(crate) fn keep(
        &mut self,
        folder: &Path,
        catalogue: &Catalogue,
        failed: &Failed,
    ) -> io::Result<()> {
        let now = Instant::now();
        self.written.retain(|_, at| now < *at + BETWEEN);
        let key = (failed.tenant, failed.key.clone());
        if self.written.contains_key(&key) {
            return Ok(());
        }
        let json = serde_json::to_vec(&failed.invocation)?;
        if json.len() > BYTES {
            return Ok(());
        }
        self.written.insert(key, now);
        crate::store::make_private(folder)?;
        let at = failed.invocation.recorded_at.0.max(0);
        let id = format!("{at:013}-{}", &blake3::hash(&json).to_hex()[..8]);
        let path = folder.join(format!("{PREFIX}{id}{SUFFIX}"));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(&json)?;
        for old in files(folder)?.into_iter().skip(KEPT) {
            fs::remove_file(old)?;
        }
        self.tell(&path, catalogue, failed);
        Ok(())
    }

    fn tell(&self, path: &Path, catalogue: &Catalogue, failed: &Failed) {
        let shelf = catalogue.shelf(failed.tenant, &failed.key);
        let record = shelf.as_ref().and_then(|shelf| shelf.record(failed.id));
        let code = record.map(|record| record.source.unwrap_or(record.version.component));
        let plugin = code.map_or_else(PathBuf::new, |code| self.content.path(code));
        let message = failed.invocation.outcome.as_ref().err();
        let is_the_clocks = message.is_some_and(|fault| fault.kind == FaultKind::TimedOut);
        let replay = match is_the_clocks {
            true => "A replay has no clock, and ends as its fuel says: here or later, or well.",
            false => "A replay ends alike.",
        };
        tracing::error!(
            tenant = %failed.tenant,
            plugin = %failed.key.to_text(),
            fault = message.map_or("", |fault| fault.message.as_str()),
            backtrace = failed.invocation.backtrace.join(" < "),
            replay = format!("hotline plugin replay '{}' '{}'", path.display(), plugin.display()),
            "A call of a plugin failed; what it was given is kept. {replay}"
        );
    }
}

/// The files of a plugin's failed calls, the newest first.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| id_of(path).is_some())
        .collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    Ok(found)
}

fn id_of(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)
}

/// What is kept, the newest first.
pub(crate) fn all(folder: &Path) -> io::Result<Vec<KeptFault>> {
    let mut kept = Vec::new();
    for path in files(folder)? {
        // Gone meanwhile, or words of an earlier version of the host.
        let read = fs::read(&path).ok();
        let invocation = read.and_then(|json| serde_json::from_slice::<Invocation>(&json).ok());
        let (Some(id), Some(invocation)) = (id_of(&path), invocation) else {
            continue;
        };
        let Err(fault) = invocation.outcome else {
            continue;
        };
        kept.push(KeptFault {
            id: id.to_owned(),
            at: invocation.recorded_at,
            contact: about(&invocation.question).contact,
            function: invocation.function,
            version: invocation.version,
            kind: fault.kind,
            message: fault.message,
            backtrace: invocation.backtrace,
            usage: invocation.usage,
        });
    }
    Ok(kept)
}

/// The whole call, as JSON; none when it is not kept.
pub(crate) fn one(folder: &Path, id: &str) -> io::Result<Option<Vec<u8>>> {
    let found = files(folder)?;
    match found.iter().find(|path| id_of(path) == Some(id)) {
        Some(path) => fs::read(path).map(Some),
        None => Ok(None),
    }
}

//! What the flows folder holds, compared with what was imported from it.

use super::compiling::Awaiting;
use super::languages::language_key;
use super::{Keeper, Served};
use crate::catalogue::Key;
use crate::clock::now;
use crate::folder::{self, Files, Signature, Unread};
use crate::kinds::PluginKind;
use crate::kinds::flow_language::LanguageName;
use crate::rollout::{Actor, Cause};
use crate::store::Record;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::Digest;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// What was found of a plugin when its files were read last.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) signature: Signature,
    /// What was refused; not tried again until it differs.
    pub(super) refused: Option<Digest>,
    /// Of a script.
    pub(super) language: Option<LanguageName>,
    /// Looks in a row at which its files were missing.
    pub(super) missing: u32,
}

impl Keeper {
    pub(super) fn look_everywhere(&mut self, since: Instant) {
        for tenant in self.served.keys().copied().collect::<Vec<_>>() {
            self.look(tenant, since);
        }
    }

    /// Compares a tenant's folder with what was imported from it. `since` is when the first sign of
    /// a change was seen.
    pub(super) fn look(&mut self, tenant: TenantId, since: Instant) {
        let Some(served) = self.served.get(&tenant) else {
            return;
        };
        let folder = self.root.join(&served.folder);
        let is_spoken = |language: &LanguageName| {
            let live = self.catalogue.interpreter(tenant, language);
            live.is_some()
        };
        let found = match folder::list(&folder, is_spoken) {
            Ok(found) => found,
            Err(error) => {
                // A folder that is away for a moment must not take a tenant out of service.
                tracing::warn!(folder = %folder.display(), %error, "A flows folder can not be read.");
                return;
            }
        };
        // A script is compiled by the language that stands beside it.
        let (languages, others): (Vec<_>, Vec<_>) = found
            .iter()
            .partition(|(key, _)| key.kind == PluginKind::Language);
        for (key, files) in languages {
            self.look_at(tenant, key, files, since);
        }
        for (key, files) in others {
            let language = files.language();
            if language.is_some_and(|language| self.is_awaited(tenant, &language, &found)) {
                continue;
            }
            self.look_at(tenant, key, files, since);
        }
        for key in self.catalogue.keys(tenant) {
            if !found.contains_key(&key) {
                self.miss(tenant, &key);
            }
        }
    }

    /// Whether a language comes into service for the first time with what is read or compiled now.
    fn is_awaited(
        &self,
        tenant: TenantId,
        language: &LanguageName,
        found: &BTreeMap<Key, Files>,
    ) -> bool {
        let key = language_key(language);
        let seen = |served: &Served| served.seen.get(&key).map(|seen| seen.signature.is_empty());
        found.contains_key(&key)
            && self.catalogue.interpreter(tenant, language).is_none()
            && self.served.get(&tenant).and_then(seen).unwrap_or(true)
    }

    fn look_at(&mut self, tenant: TenantId, key: &Key, files: &Files, since: Instant) {
        let Some(served) = self.served.get_mut(&tenant) else {
            return;
        };
        let seen = served.seen.entry(key.clone()).or_default();
        seen.missing = 0;
        seen.language = files.language();
        let signature = folder::signature(files);
        if seen.signature == signature {
            return;
        }
        let path = files
            .main
            .first()
            .and_then(|path| path.strip_prefix(&self.root).ok())
            .map(|path| path.to_string_lossy().into_owned())
            .unwrap_or_default();
        let (mut source, digest) =
            match folder::read(&self.root, key, files, self.catalogue.plan(tenant)) {
                Ok(read) => read,
                // The signature stays what it was, so the next look reads again.
                Err(Unread::Unsettled) => return,
                Err(Unread::Refused(problem)) => {
                    seen.signature = signature;
                    seen.refused = None;
                    self.refuse(tenant, key, &path, problem);
                    return;
                }
            };
        seen.signature = signature;
        if seen.refused == Some(digest) {
            return;
        }
        seen.refused = None;
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        if shelf.imported == Some(digest) {
            let problem = self.problem_of_language(tenant, key, shelf.live_record());
            if self.catalogue.note(tenant, key, &path, problem) {
                tracing::info!(path, "The file is again what was imported from it.");
                self.tell(tenant, key);
            }
            return;
        }
        source.interpreter = source
            .own_language()
            .and_then(|language| self.catalogue.interpreter(tenant, language));
        // Without a file of its own it keeps what was configured elsewhere.
        let active = self.catalogue.live(tenant, key.kind, &key.name);
        let configured = || active.map(|version| version.config.as_ref().to_owned());
        source.config = source.config.or_else(configured);
        if let Some((component, wasm)) = self.loader.to_compile(&source) {
            // Read again when it is compiled; what the file holds then counts.
            seen.signature = Signature::default();
            let awaiting = Awaiting {
                tenant,
                key: key.clone(),
                path,
                digest,
            };
            self.compile(component, wasm, awaiting);
            return;
        }
        let log = self.catalogue.log(tenant, key);
        let now = now();
        match self
            .loader
            .import(self.store.content(), tenant, &source, log, now)
        {
            Ok((version, record)) => {
                let label = record.version.label();
                let cause = Cause {
                    at: now,
                    by: Actor::FlowsFolder,
                    reason: format!("saved as {path}"),
                };
                shelf.imported = Some(digest);
                let version = Arc::new(version);
                let stored = self.take_in(tenant, key, &mut shelf, &version, record, &cause);
                if let Err(problem) = stored {
                    if let Some(served) = self.served.get_mut(&tenant)
                        && let Some(seen) = served.seen.get_mut(key)
                    {
                        seen.refused = Some(digest);
                    }
                    let problem = problem.about(&path);
                    self.refuse(tenant, key, &path, vec![problem]);
                    return;
                }
                for warning in &version.warnings {
                    tracing::warn!("{warning}");
                }
                tracing::info!(
                    path,
                    version = label,
                    took_ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX),
                    "A {} is live for the next contact.",
                    key.kind
                );
                self.tell(tenant, key);
                match key.kind {
                    PluginKind::Language => self.language_changed(tenant, &key.name),
                    _ => self.remark_on_languages(tenant),
                }
            }
            Err(problem) => {
                if let Some(served) = self.served.get_mut(&tenant)
                    && let Some(seen) = served.seen.get_mut(key)
                {
                    seen.refused = Some(digest);
                }
                self.refuse(tenant, key, &path, problem);
            }
        }
    }

    /// A plugin's files are gone. Twice in a row means that its author removed it; once may be an
    /// editor between deleting and renaming.
    fn miss(&mut self, tenant: TenantId, key: &Key) {
        let Some(served) = self.served.get_mut(&tenant) else {
            return;
        };
        let seen = served.seen.entry(key.clone()).or_default();
        seen.missing = seen.missing.saturating_add(1);
        if seen.missing != 2 {
            return;
        }
        seen.signature = Signature::default();
        seen.refused = None;
        let mut shelf = self.store.shelf(tenant, &key.to_text());
        let came_by_upload = |record: &Record| record.life.by != Actor::FlowsFolder;
        if shelf.imported.take().is_none() || shelf.live_record().is_some_and(came_by_upload) {
            // What is live has not come from there; only what was wrong with the file is over.
            self.store_shelf(tenant, key, &shelf);
            let path = self.catalogue.status(tenant, key).map(|status| status.path);
            if self
                .catalogue
                .note(tenant, key, &path.unwrap_or_default(), None)
            {
                self.tell(tenant, key);
            }
            return;
        }
        self.withdraw(tenant, key, shelf);
        tracing::info!(
            name = key.name,
            "The file of a {} was removed: new contacts no longer get it.",
            key.kind
        );
        self.tell(tenant, key);
        if key.kind == PluginKind::Language {
            self.language_changed(tenant, &key.name);
        }
    }
}

//! Uploads are received, admitted, compiled and tried on a thread of their own, then handed to the
//! keeper, whom no upload holds up.

use super::life::{Cause, Life};
use super::upload::{Upload, UploadBody, UploadError};
use crate::catalogue::{Catalogue, Key, VersionDetail};
use crate::diagnostic::Diagnostic;
use crate::keeper::{Command, Received};
use crate::kinds::flow_language::Interpreter;
use crate::loading::{Body, Loader, Source, Text};
use crate::store::{Content, Record, digest};
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::PluginVersion;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use tokio::sync::oneshot;

/// What looks at uploads.
pub(crate) struct Reception {
    pub(crate) loader: Arc<Loader>,
    pub(crate) content: Content,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) keeper: SyncSender<Command>,
}

impl Reception {
    /// Admits, compiles and tries it on this thread, for as long as that takes.
    pub(crate) fn receive(
        &self,
        tenant: TenantId,
        upload: Upload,
        cause: Cause,
        reply: oneshot::Sender<Result<VersionDetail, UploadError>>,
    ) {
        let key = Key {
            kind: upload.kind,
            name: upload.name,
        };
        let active = self.catalogue.live(tenant, key.kind, &key.name);
        let config = upload
            .config
            .or_else(|| active.map(|version| version.config.as_ref().to_owned()));
        let (body, interpreter) = match upload.body {
            UploadBody::Component(wasm) => (Body::Component(wasm), None),
            UploadBody::Script { language, text } => {
                let interpreter = self.catalogue.interpreter(tenant, &language);
                let words = text;
                (Body::Script(Text { language, words }), interpreter)
            }
            UploadBody::Active => match self.active(tenant, &key) {
                Ok(active) => active,
                Err(error) => {
                    // Who asked may have gone.
                    let _ = reply.send(Err(error));
                    return;
                }
            },
        };
        let path = match &body {
            Body::Component(_) => format!("{}.{}.wasm", key.name, key.kind),
            Body::Script(text) => format!("{}.{}.{}", key.name, key.kind, text.language),
        };
        let source = Source {
            kind: key.kind,
            name: key.name.clone(),
            path,
            body,
            interpreter,
            config,
            config_path: format!("{}.config.json", key.name),
            plan: self.catalogue.plan(tenant),
        };
        let log = self.catalogue.log(tenant, &key);
        let (record, version) =
            match (self.loader).import(&self.content, tenant, &source, log, cause.at) {
                Ok((version, record)) => (record, Some(version)),
                Err(report) => (rejected(&source, report, &cause), None),
            };
        let received = Received {
            tenant,
            key,
            record,
            version,
            cause,
            reply,
        };
        // The keeper has ended when nobody listens, and whoever waits for the reply is told.
        let _ = self.keeper.send(Command::Received(Box::new(received)));
    }

    /// What the active version was made of, and by whom.
    fn active(
        &self,
        tenant: TenantId,
        key: &Key,
    ) -> Result<(Body, Option<Arc<Interpreter>>), UploadError> {
        let shelf = self.catalogue.shelf(tenant, key);
        let live = shelf.as_ref().and_then(|shelf| shelf.live_record());
        let live = live.ok_or(UploadError::NothingActive)?;
        let body = self.loader.body_of(&self.content, live)?;
        let interpreter = self.loader.interpreter_of(&self.content, live);
        // What can not be had is told by the import, as a language that is missing.
        Ok((body, interpreter.unwrap_or_default()))
    }
}

impl std::fmt::Debug for Reception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reception").finish_non_exhaustive()
    }
}

/// The record of what is not kept itself: its digest and its report.
fn rejected(source: &Source, report: Vec<Diagnostic>, cause: &Cause) -> Record {
    let (content, text) = match &source.body {
        Body::Component(wasm) => (digest(wasm), None),
        Body::Script(text) => {
            let digest = digest(text.words.as_bytes());
            (digest, Some(digest))
        }
    };
    let config = digest(source.config.as_deref().unwrap_or("{}").as_bytes());
    let mut both = content.0.to_vec();
    both.extend(config.0);
    Record {
        id: digest(&both),
        version: PluginVersion {
            name: source.name.clone(),
            component: content,
            artifact: None,
        },
        path: source.path.clone(),
        source: text,
        language: source.own_language().cloned(),
        config,
        imported_at: cause.at,
        life: Life {
            report,
            ..Life::default()
        },
    }
}

//! Components that are compiled beside the keeper's thread, and the files that wait for them.

use super::{Command, Keeper};
use crate::catalogue::Key;
use crate::compile::CompileError;
use crate::loading::not_compiled;
use bytes::Bytes;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::Digest;

/// A file that waits for its component to be compiled.
#[derive(Debug)]
pub(crate) struct Awaiting {
    pub(super) tenant: TenantId,
    pub(super) key: Key,
    pub(super) path: String,
    /// Of what was read.
    pub(super) digest: Digest,
}

/// Components that compile at a time; scripts go live beside them.
const COMPILATIONS: usize = 2;

impl Keeper {
    /// Compiles beside this thread, so that nobody's save waits for another's large component.
    /// Returns false when as many compile already; the next look tries again.
    pub(super) fn compile(&mut self, component: Digest, wasm: Bytes, awaiting: Awaiting) -> bool {
        if let Some(others) = self.compiling.get_mut(&component) {
            let known = others
                .iter()
                .any(|other| other.tenant == awaiting.tenant && other.key == awaiting.key);
            if !known {
                others.push(awaiting);
            }
            return true;
        }
        if self.compiling.len() >= COMPILATIONS {
            return false;
        }
        let (compiler, commands) = (self.loader.compiler().clone(), self.commands.clone());
        let spawned = std::thread::Builder::new()
            .name("plugin-compile".to_owned())
            .spawn(move || {
                let outcome = compiler.compile_ahead(component, &wasm);
                // The keeper has ended when nobody listens.
                let _ = commands.send(Command::Compiled { component, outcome });
            });
        if let Err(error) = spawned {
            tracing::error!(%error, "A compilation could not be started.");
            return false;
        }
        self.compiling.insert(component, vec![awaiting]);
        true
    }

    pub(super) fn compiled(&mut self, component: Digest, outcome: Result<(), CompileError>) {
        let awaiting = self.compiling.remove(&component).unwrap_or_default();
        let Err(error) = outcome else {
            // The look that follows takes it in.
            return;
        };
        for Awaiting {
            tenant,
            key,
            path,
            digest,
        } in awaiting
        {
            if let Some(served) = self.served.get_mut(&tenant) {
                served.seen.entry(key.clone()).or_default().refused = Some(digest);
                self.refuse(tenant, &key, &path, not_compiled(&path, &error));
            }
        }
    }
}

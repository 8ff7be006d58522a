//! Routing policies without the service: asked on the caller's own thread, for simulations and
//! replays. The same engine, limits and checks as in production, but no clock: only fuel ends a
//! call, so that a busy machine never changes a verdict.

use crate::admission::admit;
use crate::compile::{Compiler, Compiling};
use crate::diagnostic::Diagnostic;
use crate::engine::{self, Ticker};
use crate::host::{self, Host};
use crate::kinds::PluginKind;
use crate::loading::{Tools, check_against, checked_config};
use crate::log::{Line, PluginLog};
use crate::store;
use crate::version::Version;
use crate::{Error, limits};
use hotline_vocabulary::plugin::PluginVersion;
use hotline_vocabulary::question::{Question, Verdict};
use std::path::Path;
use std::sync::Arc;
use wasmtime::component::Linker;

/// Loads policies.
pub struct Bench {
    compiler: Compiler,
    linker: Linker<Host>,
    ticker: Arc<Ticker>,
}

/// A policy, ready to be asked. Cheap to clone; clones share the compiled code.
#[derive(Debug, Clone)]
pub struct Policy {
    version: Arc<Version>,
    ticker: Arc<Ticker>,
}

impl Bench {
    /// For policies that at most `threads` threads ask at a time. Compiled code is kept in `cache`,
    /// by the component's digest; nobody else may write there.
    ///
    /// # Errors
    /// The engine can not be set up, or the folder not be made.
    pub fn open(compiling: Compiling, cache: &Path, threads: usize) -> Result<Bench, Error> {
        store::make_private(cache).map_err(|source| Error::Folder {
            folder: cache.to_owned(),
            source,
        })?;
        let engine = engine::for_running(threads.max(1)).map_err(Error::Engine)?;
        Ok(Bench {
            linker: host::linker(&engine).map_err(Error::Engine)?,
            compiler: Compiler::new(compiling, engine, cache.to_owned()),
            ticker: Arc::new(Ticker::still()),
        })
    }

    /// Admits, compiles and tries a component, as the flows folder does. `path` is what diagnostics
    /// name; the policy signs its verdicts as `name`. `config` is a JSON object, `{}` for none.
    ///
    /// # Errors
    /// What the flows folder would show its author.
    pub fn policy(
        &self,
        name: &str,
        path: &str,
        component: &[u8],
        config: &str,
    ) -> Result<Policy, Vec<Diagnostic>> {
        if component.len() as u64 > limits::COMPONENT_BYTES {
            let most = limits::COMPONENT_BYTES;
            return Err(vec![Diagnostic::of_file(
                "folder.too-large",
                path,
                format!("is larger than {most} bytes"),
            )]);
        }
        let config_path = format!("the configuration of {path}");
        let config = checked_config(config, &config_path)?;
        let manifest = admit(PluginKind::Policy, path, component)?;
        check_against(manifest.as_deref(), &config, &config_path)?;
        let identity = PluginVersion {
            name: name.to_owned(),
            component: store::digest(component),
            artifact: None,
        };
        let tools = Tools {
            compiler: &self.compiler,
            linker: &self.linker,
            ticker: &self.ticker,
        };
        let log = Arc::new(PluginLog::new());
        let kind = PluginKind::Policy;
        let version =
            tools.component_version(kind, path, identity, component, manifest, config, log)?;
        Ok(Policy {
            version: Arc::new(version),
            ticker: self.ticker.clone(),
        })
    }
}

impl Policy {
    /// Runs the policy on this thread, which needs 1 MiB of stack. A question that is not a policy's
    /// gets a fault.
    pub fn answer(&self, question: &Question) -> Verdict {
        self.version.answer(&self.ticker, question)
    }

    pub fn identity(&self) -> &PluginVersion {
        &self.version.identity
    }

    /// The last lines that it wrote, oldest first.
    pub fn log(&self) -> Vec<Line> {
        self.version.log.lines()
    }
}

impl std::fmt::Debug for Bench {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bench")
            .field("compiler", &self.compiler)
            .finish_non_exhaustive()
    }
}

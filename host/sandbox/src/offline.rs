//! Plugins without the service: asked on the caller's own thread, by authors at their desk, for
//! simulations and for replays. The same engine, limits and checks as in production, but no clock:
//! only fuel ends a call, so that a busy machine never changes a verdict.

use crate::Error;
use crate::admission::admit;
use crate::compile::{Compiler, Compiling};
use crate::diagnostic::Diagnostic;
use crate::engine::{self, Ticker};
use crate::host::{self, Host};
use crate::kinds::PluginKind;
use crate::kinds::ivr::Node;
use crate::limits::{self, Plan, PlanInForce};
use crate::loading::{Candidate, Script, Tools, check_against, checked_config};
use crate::log::{Line, PluginLog};
use crate::measures::Measures;
use crate::store;
use crate::version::Version;
use hotline_manifest::Manifest;
use hotline_vocabulary::plugin::{PluginFault, PluginVersion, Usage};
use hotline_vocabulary::question::{Answer, Question, Verdict};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use wasmtime::component::Linker;

pub use crate::wording::Wording;

/// Loads plugins.
pub struct Bench {
    compiler: Compiler,
    linker: Linker<Host>,
    ticker: Arc<Ticker>,
    plan: Plan,
}

/// A plugin, ready to be asked. Cheap to clone; clones share the compiled code.
#[derive(Debug, Clone)]
pub struct Plugin {
    version: Arc<Version>,
    ticker: Arc<Ticker>,
}

/// Loaded as a policy.
pub type Policy = Plugin;

/// What came of one call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub output: Result<Answer, PluginFault>,
    pub usage: Usage,
    /// In order; at most 64 lines, and one more when it broke off.
    pub log: Vec<Line>,
    pub log_lines_dropped: u32,
    pub measures: Measures,
}

impl Bench {
    /// For plugins that at most `threads` threads ask at a time. Compiled code is kept in `cache`,
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
            plan: Plan::default(),
        })
    }

    /// Plugins that are loaded from now on may use this much when they are asked. Loading one may take
    /// the usual limits besides: it may have been loaded before its tenant's plan became so small.
    #[must_use]
    pub fn under(mut self, plan: Plan) -> Bench {
        self.plan = plan;
        self
    }

    /// Admits, compiles and tries a component, as the flows folder does. `path` is what diagnostics
    /// name; the plugin signs its verdicts as `name`. `config` is a JSON object, `{}` for none.
    ///
    /// # Errors
    /// What the flows folder would show its author.
    pub fn load(
        &self,
        kind: PluginKind,
        name: &str,
        path: &str,
        component: &[u8],
        config: &str,
    ) -> Result<Plugin, Vec<Diagnostic>> {
        at_most(path, component.len(), limits::COMPONENT_BYTES)?;
        let config_path = format!("the configuration of {path}");
        let config = checked_config(config, &config_path)?;
        let manifest = admit(kind, path, component)?;
        check_against(manifest.as_deref(), &config, &config_path)?;
        let candidate = Candidate {
            kind,
            path,
            identity: PluginVersion {
                name: name.to_owned(),
                component: store::digest(component),
                artifact: None,
            },
            wasm: component,
            manifest,
            config,
            plan: self.plan_to_load(),
        };
        let log = Arc::new(PluginLog::new());
        let version = self.tools().component_version(candidate, log)?;
        Ok(self.plugin(version))
    }

    /// Checks and compiles a script (`NAME.flow.LANGUAGE`) by an interpreter, and tries it.
    ///
    /// # Errors
    /// What the flows folder would show its author.
    pub fn load_script(
        &self,
        interpreter: &[u8],
        name: &str,
        path: &str,
        text: &str,
        config: &str,
    ) -> Result<Plugin, Vec<Diagnostic>> {
        at_most(path, text.len(), limits::SCRIPT_BYTES)?;
        let config_path = format!("the configuration of {path}");
        let config = checked_config(config, &config_path)?;
        let tools = self.tools();
        let interpreter = tools.interpreter("the interpreter of the script", interpreter)?;
        let script = Script {
            name,
            path,
            text,
            config_path: &config_path,
            plan: &self.plan_to_load(),
        };
        let log = Arc::new(PluginLog::new());
        let version = tools.script_version(&interpreter, &script, config, log)?;
        Ok(self.plugin(version))
    }

    /// [`Bench::load`] of a policy.
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
        self.load(PluginKind::Policy, name, path, component, config)
    }

    fn tools(&self) -> Tools<'_> {
        Tools {
            compiler: &self.compiler,
            linker: &self.linker,
            ticker: &self.ticker,
            tried: Cell::default(),
        }
    }

    fn plan_to_load(&self) -> PlanInForce {
        PlanInForce::of(self.plan.or_more(Plan::default()))
    }

    fn plugin(&self, version: Version) -> Plugin {
        version.plan.replace(self.plan);
        Plugin {
            version: Arc::new(version),
            ticker: self.ticker.clone(),
        }
    }
}

fn at_most(path: &str, bytes: usize, most: u64) -> Result<(), Vec<Diagnostic>> {
    if bytes as u64 > most {
        return Err(vec![Diagnostic::of_file(
            "folder.too-large",
            path,
            format!("is larger than {most} bytes"),
        )]);
    }
    Ok(())
}

impl Plugin {
    /// Runs the plugin on this thread, which needs 1 MiB of stack. A question that is not of its kind
    /// gets a fault. The same question gets the same output at the same fuel, always and everywhere.
    pub fn invoke(&self, question: &Question) -> Outcome {
        let called = self.version.run(Wording::Ours, &self.ticker, question);
        Outcome {
            output: called.outcome,
            usage: called.usage,
            log: called.log,
            log_lines_dropped: called.log_lines_dropped,
            measures: called.measures,
        }
    }

    /// As [`Plugin::invoke`]; what the plugin writes is kept for [`Plugin::log`].
    pub fn answer(&self, question: &Question) -> Verdict {
        self.version.answer(&self.ticker, question)
    }

    /// As [`Plugin::answer`], put in the words of a later host where `wording` says so.
    pub fn answer_in(&self, wording: Wording, question: &Question) -> Verdict {
        self.version.answer_in(wording, &self.ticker, question)
    }

    pub fn kind(&self) -> PluginKind {
        self.version.kind()
    }

    pub fn identity(&self) -> &PluginVersion {
        &self.version.identity
    }

    /// What it says about itself and asks for; scripts and bare components say nothing.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.version.manifest.as_deref()
    }

    /// A flow's; empty for other kinds.
    pub fn picture(&self) -> &[Node] {
        &self.version.picture
    }

    /// What its author should look at although it was let in.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.version.warnings
    }

    /// The last lines that it wrote, oldest first, those of its trial run included.
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

//! From bytes to a version: size, parse, world, imports, configuration, compilation, a trial run. Any
//! failure is a list of diagnostics, and nothing has changed.

mod scripts;

pub(crate) use scripts::{Script, Text, not_spoken};

use crate::admission::admit;
use crate::call::Called;
use crate::compile::{CompileError, Compiler};
use crate::diagnostic::Diagnostic;
use crate::engine::Ticker;
use crate::host::{Host, Universe};
use crate::interface::mismatches;
use crate::kinds::PluginKind;
use crate::kinds::connector::Connector;
use crate::kinds::flow_language::{Interpreter, LanguageName};
use crate::kinds::ivr::{Flow, Node};
use crate::kinds::qa::Rule;
use crate::kinds::routing::Policy;
use crate::limits::{self, PlanInForce};
use crate::log::PluginLog;
use crate::metering::{Account, Books};
use crate::rollout::{Life, permissions};
use crate::store::{self, Content, Record};
use crate::trial;
use crate::version::{Code, Version};
use crate::wording::Wording;
use bytes::Bytes;
use hotline_manifest::Manifest;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault, PluginVersion, Usage};
use scripts::Interpreters;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use wasmtime::component::{InstancePre, Linker};

type Refusal = Vec<Diagnostic>;

/// What a file of the flows folder holds.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Script(Text),
    Component(Bytes),
}

/// A plugin as its author saved it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) kind: PluginKind,
    pub(crate) name: String,
    /// Below the flows root.
    pub(crate) path: String,
    pub(crate) body: Body,
    /// Who compiles it, when it is a script in a language of the tenant's own; none when nobody
    /// understands it.
    pub(crate) interpreter: Option<Arc<Interpreter>>,
    /// The text of `NAME.config.json`, when there is one.
    pub(crate) config: Option<String>,
    pub(crate) config_path: String,
    /// Of the tenant: what its trial run may use, and every call after it.
    pub(crate) plan: PlanInForce,
}

impl Source {
    /// Which plugin it is, as far as that is known of what was refused.
    fn identity(&self, shipped: Digest) -> PluginVersion {
        let component = match (&self.body, &self.interpreter) {
            (Body::Component(wasm), _) => store::digest(wasm),
            (Body::Script(_), Some(interpreter)) => interpreter.component,
            (Body::Script(_), None) => shipped,
        };
        PluginVersion {
            name: self.name.clone(),
            component,
            artifact: None,
        }
    }

    /// What it is written in, when that is a language of the tenant's own.
    pub(crate) fn own_language(&self) -> Option<&LanguageName> {
        match &self.body {
            Body::Script(text) if !text.language.is_shipped() => Some(&text.language),
            Body::Script(_) | Body::Component(_) => None,
        }
    }
}

pub(crate) struct Loader {
    compiler: Arc<Compiler>,
    linker: Linker<Host>,
    ticker: Arc<Ticker>,
    books: Arc<Books>,
    /// Of the language that comes with the host.
    shipped: Interpreter,
    interpreters: Interpreters,
}

impl Loader {
    pub(crate) fn new(
        compiler: Arc<Compiler>,
        linker: Linker<Host>,
        ticker: Arc<Ticker>,
        books: Arc<Books>,
        flow_interpreter: &[u8],
    ) -> Result<Loader, Refusal> {
        let tools = Tools {
            compiler: &compiler,
            linker: &linker,
            ticker: &ticker,
            tried: Cell::default(),
        };
        let path = "the shipped flow interpreter";
        let shipped = tools.interpreter(path, flow_interpreter)?;
        Ok(Loader {
            compiler,
            linker,
            ticker,
            books,
            shipped,
            interpreters: Interpreters::default(),
        })
    }

    /// The policy of queues that name none.
    pub(crate) fn shipped_policy(&self, name: &str, wasm: &[u8]) -> Result<Version, Refusal> {
        let path = "the shipped routing policy";
        let manifest = admit(PluginKind::Policy, path, wasm)?;
        let component = store::digest(wasm);
        let version = PluginVersion {
            name: name.to_owned(),
            component,
            artifact: None,
        };
        let candidate = Candidate {
            kind: PluginKind::Policy,
            path,
            identity: version,
            wasm,
            manifest,
            config: Arc::from("{}"),
            plan: PlanInForce::default(),
        };
        self.tools()
            .component_version(candidate, Arc::new(PluginLog::new()))
    }

    fn tools(&self) -> Tools<'_> {
        Tools {
            compiler: &self.compiler,
            linker: &self.linker,
            ticker: &self.ticker,
            tried: Cell::default(),
        }
    }

    pub(crate) fn interpreter_digest(&self) -> Digest {
        self.shipped.component
    }

    pub(crate) fn compiler(&self) -> &Arc<Compiler> {
        &self.compiler
    }

    /// The component that must be compiled before `source` can be imported; none when it is a
    /// script, is compiled already, or would be refused before.
    pub(crate) fn to_compile(&self, source: &Source) -> Option<(Digest, Bytes)> {
        let Body::Component(wasm) = &source.body else {
            return None;
        };
        let digest = store::digest(wasm);
        let wanted = !self.compiler.is_compiled(digest)
            && config(source).is_ok()
            && admit(source.kind, &source.path, wasm).is_ok();
        wanted.then(|| (digest, wasm.clone()))
    }

    pub(crate) fn made_by_us(&self, file_name: &str) -> bool {
        self.compiler.made_by_us(file_name)
    }

    /// Takes in what an author saved: a version ready to be asked, and its record, whose content is
    /// in the store. What checking and trying it used is charged to the tenant, also when it is
    /// refused.
    pub(crate) fn import(
        &self,
        store: &Content,
        tenant: TenantId,
        source: &Source,
        log: Arc<PluginLog>,
        now: Timestamp,
    ) -> Result<(Version, Record), Refusal> {
        let tools = self.tools();
        let taken_in = self.take_in(&tools, store, source, log, now);
        let tried = tools.tried.get();
        if tried != Usage::default() {
            let refused = source.identity(self.shipped.component);
            let (id, identity) = match &taken_in {
                Ok((version, _)) => (version.id, &version.identity),
                Err(_) => (refused.component, &refused),
            };
            let account = Account {
                tenant,
                kind: source.kind,
                id,
                identity,
                purpose: Purpose::Admission,
                contacts: Vec::new(),
            };
            self.books.take_down(account, tried, None);
        }
        taken_in
    }

    fn take_in(
        &self,
        tools: &Tools<'_>,
        store: &Content,
        source: &Source,
        log: Arc<PluginLog>,
        now: Timestamp,
    ) -> Result<(Version, Record), Refusal> {
        let config = config(source)?;
        let storing = |error: std::io::Error| {
            vec![
                Diagnostic::of_file(
                    "store.write",
                    &source.path,
                    format!("could not be stored: {error}"),
                )
                .hint("see to the disk of the data folder"),
            ]
        };
        let mut version = match &source.body {
            Body::Script(text) => {
                let interpreter = match text.language.is_shipped() {
                    true => &self.shipped,
                    false => source
                        .interpreter
                        .as_deref()
                        .ok_or_else(|| vec![not_spoken(&source.path, &text.language)])?,
                };
                let script = Script {
                    name: &source.name,
                    path: &source.path,
                    text: &text.words,
                    config_path: &source.config_path,
                    plan: &source.plan,
                };
                tools.script_version(interpreter, &script, config.clone(), log)?
            }
            Body::Component(wasm) => {
                let manifest = admit(source.kind, &source.path, wasm)?;
                check_against(manifest.as_deref(), &config, &source.config_path)?;
                let component = store::digest(wasm);
                let identity = PluginVersion {
                    name: source.name.clone(),
                    component,
                    artifact: None,
                };
                let candidate = Candidate {
                    kind: source.kind,
                    path: &source.path,
                    identity,
                    wasm,
                    manifest,
                    config: config.clone(),
                    plan: source.plan.clone(),
                };
                tools.component_version(candidate, log)?
            }
        };
        if let Code::Language(interpreter) = &version.code {
            self.interpreters.note(interpreter);
        }
        if version.identity.artifact.is_some() {
            store.put(&version.artifact).map_err(storing)?;
        }
        let (text, component) = match &source.body {
            Body::Script(text) => {
                let digest = store.put(text.words.as_bytes()).map_err(storing)?;
                (Some(digest), None)
            }
            Body::Component(wasm) => (None, Some(store.put(wasm).map_err(storing)?)),
        };
        debug_assert!(component.is_none_or(|digest| digest == version.identity.component));
        let config = store.put(config.as_bytes()).map_err(storing)?;
        version.id = identify(&version.identity, config);
        let record = Record {
            id: version.id,
            version: version.identity.clone(),
            path: source.path.clone(),
            source: text,
            language: source.own_language().cloned(),
            config,
            imported_at: now,
            life: Life {
                permissions: match &source.body {
                    Body::Script(_) => Vec::new(),
                    Body::Component(wasm) => permissions(wasm),
                },
                ..Life::default()
            },
        };
        Ok((version, record))
    }

    /// Brings back a version from the store. A script in the host's own language that an earlier
    /// host's interpreter compiled is compiled again from its text, and gets a new record; one in a
    /// tenant's language stays with the interpreter that compiled it.
    pub(crate) fn restore(
        &self,
        store: &Content,
        kind: PluginKind,
        record: &Record,
        plan: PlanInForce,
        log: Arc<PluginLog>,
    ) -> Result<(Version, Record), Refusal> {
        let interpreter = self.interpreter_of(store, record)?;
        let source = self.source_of(store, kind, record, (plan, interpreter))?;
        self.take_in(&self.tools(), store, &source, log, record.imported_at)
    }

    /// A kept version as its author saved it, for this interpreter if it is a script.
    pub(crate) fn source_of(
        &self,
        store: &Content,
        kind: PluginKind,
        record: &Record,
        (plan, interpreter): (PlanInForce, Option<Arc<Interpreter>>),
    ) -> Result<Source, Refusal> {
        let reading = |error: std::io::Error| {
            vec![Diagnostic::of_file(
                "store.read",
                &record.path,
                format!("its stored version could not be read: {error}"),
            )]
        };
        let config =
            String::from_utf8_lossy(&store.get(record.config).map_err(reading)?).into_owned();
        let body = self.body_of(store, record).map_err(reading)?;
        Ok(Source {
            kind,
            name: record.version.name.clone(),
            path: record.path.clone(),
            config_path: record.path.clone(),
            body,
            interpreter,
            config: Some(config),
            plan,
        })
    }

    /// What a kept version was made of.
    pub(crate) fn body_of(&self, store: &Content, record: &Record) -> std::io::Result<Body> {
        Ok(match record.source {
            Some(text) => Body::Script(Text {
                language: record
                    .language
                    .clone()
                    .unwrap_or_else(LanguageName::shipped),
                words: String::from_utf8_lossy(&store.get(text)?).into_owned(),
            }),
            None => Body::Component(store.get(record.version.component)?),
        })
    }
}

/// A component that was admitted as a plugin of its kind, and its configuration.
pub(crate) struct Candidate<'a> {
    pub(crate) kind: PluginKind,
    /// What diagnostics name.
    pub(crate) path: &'a str,
    pub(crate) identity: PluginVersion,
    pub(crate) wasm: &'a [u8],
    pub(crate) manifest: Option<Arc<Manifest>>,
    pub(crate) config: Arc<str>,
    pub(crate) plan: PlanInForce,
}

/// What [`component_version`] needs besides the plugin.
pub(crate) struct Tools<'a> {
    pub(crate) compiler: &'a Compiler,
    pub(crate) linker: &'a Linker<Host>,
    pub(crate) ticker: &'a Ticker,
    /// What the trial runs used so far.
    pub(crate) tried: Cell<Usage>,
}

impl Tools<'_> {
    pub(crate) fn component_version(
        &self,
        candidate: Candidate<'_>,
        log: Arc<PluginLog>,
    ) -> Result<Version, Refusal> {
        let Candidate {
            kind,
            path,
            identity,
            wasm,
            manifest,
            config,
            plan,
        } = candidate;
        let guest = instance(self.compiler, self.linker, path, identity.component, wasm)?;
        let universe = Universe {
            manifest: manifest.clone(),
            ..still(config.clone(), Arc::default(), &plan)
        };
        let label = identity.label();
        let failed = |fault: PluginFault| refused("admission.trial", path, "its trial run", &fault);
        let (code, picture): (Code, Vec<Node>) = match kind {
            PluginKind::Flow => {
                let flow = Flow::new(guest).map_err(|error| interface(path, &error))?;
                let picture = self
                    .tried(flow.describe(self.ticker, universe), &label, &log)
                    .map_err(failed)?;
                (Code::Flow(Arc::new(flow)), picture)
            }
            PluginKind::Policy => {
                let policy = Policy::new(guest).map_err(|error| interface(path, &error))?;
                let called = policy.decide(self.ticker, universe, &trial::nobody());
                self.tried(called, &label, &log).map_err(failed)?;
                (Code::Policy(policy), Vec::new())
            }
            PluginKind::Qa => {
                let rule = Rule::new(guest).map_err(|error| interface(path, &error))?;
                for ask in trial::judgements(&rule) {
                    let called = rule.answer(self.ticker, universe.clone(), &ask);
                    self.tried(called, &label, &log).map_err(failed)?;
                }
                (Code::Qa(rule), Vec::new())
            }
            PluginKind::Connector => {
                let connector = Connector::new(guest).map_err(|error| interface(path, &error))?;
                let called = connector.answer(self.ticker, universe, &trial::connection());
                match self.tried(called, &label, &log) {
                    // It may say that it does not do this; it may not fail at it.
                    Err(fault) if fault.kind != FaultKind::Declared => return Err(failed(fault)),
                    Ok(_) | Err(_) => (Code::Connector(connector), Vec::new()),
                }
            }
            PluginKind::Language => {
                if let Some(misnamed) = scripts::misnamed(path, &identity.name) {
                    return Err(vec![misnamed]);
                }
                let interpreter = self.interpreter(path, wasm)?;
                self.try_interpreter(&interpreter, path, (&config, &plan), (&label, &log))?;
                (Code::Language(Arc::new(interpreter)), Vec::new())
            }
        };
        Ok(Version {
            id: identity.component,
            identity,
            code,
            artifact: Arc::default(),
            config,
            plan,
            manifest,
            picture,
            warnings: Vec::new(),
            log,
            contacts: AtomicU32::new(0),
        })
    }

    /// Adds a trial run to the others.
    fn tried<T>(&self, called: Called<T>, label: &str, log: &PluginLog) -> Result<T, PluginFault> {
        let Usage {
            fuel,
            took_us,
            memory_bytes,
        } = called.usage;
        tracing::debug!(
            plugin = label,
            fuel,
            took_us,
            memory_bytes,
            "Tried a plugin."
        );
        let before = self.tried.get();
        self.tried.set(Usage {
            fuel: before.fuel.saturating_add(fuel),
            took_us: before.took_us.saturating_add(took_us),
            memory_bytes: before.memory_bytes.max(memory_bytes),
        });
        log.take_in(label, called.log, called.log_lines_dropped);
        called.outcome
    }
}

/// A universe outside of any contact: its time stands still at zero.
fn still(config: Arc<str>, artifact: Arc<[u8]>, plan: &PlanInForce) -> Universe {
    Universe {
        now: Timestamp(0),
        seed: 0,
        config,
        artifact,
        manifest: None,
        transcript: Arc::default(),
        wording: Wording::Ours,
        plan: plan.now(),
    }
}

fn instance(
    compiler: &Compiler,
    linker: &Linker<Host>,
    path: &str,
    digest: Digest,
    wasm: &[u8],
) -> Result<InstancePre<Host>, Refusal> {
    let component = compiler
        .component(digest, wasm)
        .map_err(|error| not_compiled(path, &error))?;
    let wrong = mismatches(&component);
    if !wrong.is_empty() {
        let told = wrong
            .into_iter()
            .map(|place| not_of_the_contract(path, place));
        return Err(told.collect());
    }
    linker
        .instantiate_pre(&component)
        .map_err(|error| interface(path, &error))
}

pub(crate) fn not_compiled(path: &str, error: &CompileError) -> Refusal {
    let problem = Diagnostic::of_file("admission.compile", path, error.to_string());
    vec![match error {
        CompileError::Process(_) | CompileError::Load(_) => {
            problem.hint("this is a fault of the host, not of the plugin: see its log")
        }
        _ => problem.hint("make the component smaller or simpler"),
    }]
}

/// What [`mismatches`] had no word for.
fn interface(path: &str, error: &wasmtime::Error) -> Refusal {
    vec![not_of_the_contract(
        path,
        format!("its functions are not those of the contract: {error:#}"),
    )]
}

fn not_of_the_contract(path: &str, message: String) -> Diagnostic {
    Diagnostic::of_file("admission.interface", path, message)
        .hint("build it again with this Hotline's SDK")
}

fn refused(code: &str, path: &str, during: &str, fault: &PluginFault) -> Refusal {
    vec![
        Diagnostic::of_file(code, path, format!("{during} failed: {}", fault.message))
            .hint("a plugin must answer this before it may replace the last good version"),
    ]
}

/// The plugin's configuration: a JSON object, `{}` when its author wrote none.
fn config(source: &Source) -> Result<Arc<str>, Refusal> {
    match &source.config {
        Some(text) => checked_config(text, &source.config_path),
        None => Ok(Arc::from("{}")),
    }
}

/// A configuration's text, found to be a JSON object; `path` is what diagnostics name.
pub(crate) fn checked_config(text: &str, path: &str) -> Result<Arc<str>, Refusal> {
    if text.len() as u64 > limits::CONFIG_BYTES {
        return Err(vec![Diagnostic::of_file(
            "config.too-large",
            path,
            format!("is larger than {} bytes", limits::CONFIG_BYTES),
        )]);
    }
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
        Ok(_) => Ok(Arc::from(text)),
        Err(error) => {
            let line = u32::try_from(error.line().max(1)).unwrap_or(u32::MAX);
            let column = u32::try_from(error.column().max(1)).unwrap_or(u32::MAX);
            Err(vec![
                Diagnostic::of_file("config.json", path, error.to_string())
                    .at(line, column)
                    .hint("a JSON object is expected"),
            ])
        }
    }
}

/// Holds a configuration against the schema of the plugin's manifest. `path` is what diagnostics name.
pub(crate) fn check_against(
    manifest: Option<&Manifest>,
    config: &str,
    path: &str,
) -> Result<(), Refusal> {
    let Some(schema) = manifest.and_then(|manifest| manifest.config_schema.as_ref()) else {
        return Ok(());
    };
    // It was found to be an object before.
    let value: serde_json::Value = serde_json::from_str(config).unwrap_or_default();
    hotline_manifest::check_config(schema.value(), &value).map_err(|problems| {
        let told = problems.into_iter().map(|problem| {
            let place = match problem.pointer.as_str() {
                "" => String::new(),
                pointer => format!("`{pointer}`: "),
            };
            Diagnostic::of_file("config.schema", path, format!("{place}{}", problem.message))
                .hint("the plugin's manifest says what its configuration must look like")
        });
        told.collect()
    })
}

/// The digest of everything that decides a version's behaviour.
fn identify(version: &PluginVersion, config: Digest) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&version.component.0);
    hasher.update(&version.artifact.map_or([0; 32], |digest| digest.0));
    hasher.update(&config.0);
    Digest(*hasher.finalize().as_bytes())
}

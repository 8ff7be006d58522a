//! Flow languages and what is written in them. What a contact is on is a pair: the interpreter, and
//! the artifact that it made of the script's text.

use super::{Loader, Refusal, Tools, check_against, instance, interface, refused, still};
use crate::admission::admit;
use crate::diagnostic::{Diagnostic, Severity};
use crate::kinds::PluginKind;
use crate::kinds::flow_language::{Interpreter, Language, LanguageName};
use crate::kinds::ivr::Flow;
use crate::limits::PlanInForce;
use crate::log::PluginLog;
use crate::store::{self, Content, Record};
use crate::version::{Code, Version};
use hotline_vocabulary::plugin::{Digest, PluginVersion};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Weak};

/// What an author wrote, and in what.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) language: LanguageName,
    pub(crate) words: String,
}

/// A script as its author wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script<'a> {
    pub(crate) name: &'a str,
    /// What diagnostics name.
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) config_path: &'a str,
    pub(crate) plan: &'a PlanInForce,
}

/// Interpreters that some version holds, by their component's digest.
#[derive(Debug, Default)]
pub(super) struct Interpreters(Mutex<HashMap<Digest, Weak<Interpreter>>>);

impl Interpreters {
    fn get(&self, component: Digest) -> Option<Arc<Interpreter>> {
        self.0.lock().get(&component)?.upgrade()
    }

    pub(super) fn note(&self, interpreter: &Arc<Interpreter>) {
        let mut all = self.0.lock();
        all.retain(|_, one| one.strong_count() > 0);
        all.insert(interpreter.component, Arc::downgrade(interpreter));
    }
}

impl Loader {
    /// The interpreter that compiled a kept script; none of what is no script, or is written in the
    /// language that comes with the host, whose interpreter is today's.
    pub(crate) fn interpreter_of(
        &self,
        store: &Content,
        record: &Record,
    ) -> Result<Option<Arc<Interpreter>>, Refusal> {
        if record.language.is_none() {
            return Ok(None);
        }
        let component = record.version.component;
        if let Some(interpreter) = self.interpreters.get(component) {
            return Ok(Some(interpreter));
        }
        let wasm = store.get(component).map_err(|error| {
            let message = format!("the interpreter that compiled it could not be read: {error}");
            vec![Diagnostic::of_file("store.read", &record.path, message)]
        })?;
        let interpreter = self.tools().interpreter(&record.path, &wasm)?;
        let interpreter = Arc::new(interpreter);
        self.interpreters.note(&interpreter);
        Ok(Some(interpreter))
    }
}

/// That nobody understands a script.
pub(crate) fn not_spoken(path: &str, language: &LanguageName) -> Diagnostic {
    Diagnostic::of_file(
        "language.missing",
        path,
        format!("no script language named `{language}` is in service here"),
    )
    .hint(format!(
        "put `{language}.language.wasm` into the flows folder, or upload it as a plugin of the kind \
         `language` and activate it"
    ))
}

/// That a language's name can not end a script's file name.
pub(super) fn misnamed(path: &str, name: &str) -> Option<Diagnostic> {
    let usable = LanguageName::parse(name).is_some_and(|name| !name.is_shipped());
    (!usable).then(|| {
        Diagnostic::of_file(
            "language.name",
            path,
            format!("a script language can not be called `{name}`"),
        )
        .hint(
            "scripts end in its name (`main.flow.NAME`): from 1 to 40 small letters, digits, \
             `-` and `_`, a letter first, and neither `yaml` nor `wasm`",
        )
    })
}

impl Tools<'_> {
    /// A component that checks scripts and runs them.
    pub(crate) fn interpreter(&self, path: &str, wasm: &[u8]) -> Result<Interpreter, Refusal> {
        let manifest = admit(PluginKind::Language, path, wasm)?;
        let component = store::digest(wasm);
        let guest = instance(self.compiler, self.linker, path, component, wasm)?;
        Ok(Interpreter {
            component,
            manifest,
            flow: Arc::new(Flow::new(guest.clone()).map_err(|e| interface(path, &e))?),
            language: Language::new(guest).map_err(|e| interface(path, &e))?,
        })
    }

    /// Has an interpreter check a script of no words: it may say all kinds of things about it, but
    /// must not fail at it.
    pub(super) fn try_interpreter(
        &self,
        interpreter: &Interpreter,
        path: &str,
        (config, plan): (&Arc<str>, &PlanInForce),
        (label, log): (&str, &PluginLog),
    ) -> Result<(), Refusal> {
        let universe = still(config.clone(), Arc::default(), plan);
        let checked = interpreter.language.check(self.ticker, universe, path, "");
        self.tried(checked, label, log)
            .map_err(|fault| refused("admission.trial", path, "its trial run", &fault))?;
        Ok(())
    }

    pub(crate) fn script_version(
        &self,
        interpreter: &Interpreter,
        script: &Script<'_>,
        config: Arc<str>,
        log: Arc<PluginLog>,
    ) -> Result<Version, Refusal> {
        let Script {
            name,
            path,
            text,
            config_path,
            plan,
        } = *script;
        check_against(interpreter.manifest.as_deref(), &config, config_path)?;
        let universe = |artifact| crate::host::Universe {
            manifest: interpreter.manifest.clone(),
            ..still(config.clone(), artifact, plan)
        };
        let called = interpreter
            .language
            .check(self.ticker, universe(Arc::default()), path, text);
        let label = format!("{name} (checking)");
        let checked = self
            .tried(called, &label, &log)
            .map_err(|fault| refused("script.check", path, "checking it", &fault))?;
        let Some(artifact) = checked.artifact else {
            return Err(checked.diagnostics);
        };
        let artifact: Arc<[u8]> = Arc::from(artifact);
        let flow = interpreter.flow.clone();
        let called = flow.describe(self.ticker, universe(artifact.clone()));
        let picture = self
            .tried(called, &label, &log)
            .map_err(|fault| refused("admission.trial", path, "its trial run", &fault))?;
        Ok(Version {
            id: store::digest(&artifact),
            identity: PluginVersion {
                name: name.to_owned(),
                component: interpreter.component,
                artifact: Some(store::digest(&artifact)),
            },
            code: Code::Flow(flow),
            artifact,
            config,
            plan: plan.clone(),
            manifest: interpreter.manifest.clone(),
            picture,
            warnings: checked
                .diagnostics
                .into_iter()
                .filter(|d| d.severity == Severity::Warning)
                .collect(),
            log,
            contacts: AtomicU32::new(0),
        })
    }
}

//! Script languages: `wit/deps/flow-language`.

use super::declared;
use super::ivr::Flow;
use crate::bindings::exports::hotline::flow_language::compiler as wit;
use crate::call::{Called, call};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::Ticker;
use crate::host::{Host, Universe};
use crate::limits::{self, ARTIFACT_BYTES};
use crate::text::cut;
use hotline_manifest::Manifest;
use hotline_vocabulary::plugin::{Digest, PluginFault};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use wasmtime::component::InstancePre;

pub(crate) const WORLD: &str = "hotline:flow-language/flow-interpreter@1.0.0";
pub(crate) const EXPORT: &str = "hotline:flow-language/compiler@1.0.0";

const DIAGNOSTICS: usize = 100;
const MESSAGE_BYTES: usize = 1024;

const NAME_BYTES: usize = 40;

/// A compiled interpreter of scripts.
#[derive(Debug)]
pub(crate) struct Interpreter {
    pub(crate) component: Digest,
    /// What it says about itself; it holds for its scripts.
    pub(crate) manifest: Option<Arc<Manifest>>,
    pub(crate) flow: Arc<Flow>,
    pub(crate) language: Language,
}

/// What a script is written in: the end of its file's name, `yaml` of `main.flow.yaml`. Small letters,
/// digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LanguageName(String);

impl LanguageName {
    /// The language that comes with Hotline.
    const SHIPPED: &str = "yaml";

    pub fn shipped() -> LanguageName {
        LanguageName(LanguageName::SHIPPED.to_owned())
    }

    /// None when it is no name of a language.
    pub fn parse(name: &str) -> Option<LanguageName> {
        let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        let begins_well = name
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_lowercase());
        // A component is no script.
        let is_name =
            begins_well && name.len() <= NAME_BYTES && name.bytes().all(is_plain) && name != "wasm";
        is_name.then(|| LanguageName(name.to_owned()))
    }

    /// A script's name and what it is written in, by its file's name; none for any other file.
    pub fn of_script(file_name: &str) -> Option<(&str, LanguageName)> {
        let (rest, language) = file_name.rsplit_once('.')?;
        Some((rest.strip_suffix(".flow")?, LanguageName::parse(language)?))
    }

    pub fn is_shipped(&self) -> bool {
        self.0 == LanguageName::SHIPPED
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LanguageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A compiled script compiler, ready to be instantiated.
pub(crate) struct Language {
    guest: InstancePre<Host>,
    exports: wit::GuestIndices,
}

/// What became of a script. There is an artifact unless a diagnostic is an error.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) artifact: Option<Vec<u8>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Language {
    pub(crate) fn new(guest: InstancePre<Host>) -> wasmtime::Result<Self> {
        Ok(Language {
            exports: wit::GuestIndices::new(&guest)?,
            guest,
        })
    }

    /// `path` is below the flows root, as diagnostics shall name it.
    pub(crate) fn check(
        &self,
        ticker: &Ticker,
        universe: Universe,
        path: &str,
        text: &str,
    ) -> Called<Checked> {
        let wording = universe.wording;
        call(
            &self.guest,
            ticker,
            &limits::SCRIPT_CHECK,
            universe,
            |store, instance| {
                let guest = self.exports.load(&mut *store, instance)?;
                let source = wit::Source {
                    path,
                    text,
                    ext: wording.ext(),
                };
                Ok(match guest.call_check(store, &[source])? {
                    Ok(checked) => believed(checked, path),
                    Err(said) => Err(declared(said)),
                })
            },
        )
    }
}

fn believed(checked: wit::Checked, path: &str) -> Result<Checked, PluginFault> {
    let mut diagnostics: Vec<Diagnostic> = checked
        .diagnostics
        .into_iter()
        .take(DIAGNOSTICS)
        .map(|said| diagnostic(said, path))
        .collect();
    // Those that keep it from going live come first; else in the order of the text.
    diagnostics.sort_by_key(|diagnostic| diagnostic.severity == Severity::Warning);
    let refused = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let artifact = match checked.artifact {
        Some(_) if refused => None,
        Some(artifact) if artifact.len() > ARTIFACT_BYTES => {
            diagnostics.push(
                Diagnostic::of_file(
                    "script.too-large",
                    path,
                    format!(
                        "compiled to {} bytes; {ARTIFACT_BYTES} are allowed",
                        artifact.len()
                    ),
                )
                .hint("divide the script"),
            );
            None
        }
        None if !refused => {
            diagnostics.push(Diagnostic::of_file(
                "script.no-artifact",
                path,
                "the interpreter compiled it to nothing and did not say why",
            ));
            None
        }
        artifact => artifact,
    };
    Ok(Checked {
        artifact,
        diagnostics,
    })
}

fn diagnostic(said: wit::Diagnostic, path: &str) -> Diagnostic {
    let shortened = |mut text: String, bytes| {
        cut(&mut text, bytes);
        text
    };
    Diagnostic {
        code: shortened(said.code, 64),
        severity: match said.severity {
            wit::Severity::Error => Severity::Error,
            wit::Severity::Warning | wit::Severity::Ext(_) => Severity::Warning,
        },
        // One file is checked at a time, so it is the one meant, whatever the guest calls it.
        path: path.to_owned(),
        line: Some(said.line.max(1)),
        column: Some(said.column.max(1)),
        length: (said.length > 0).then_some(said.length),
        message: shortened(said.message, MESSAGE_BYTES),
        hint: said.hint.map(|hint| shortened(hint, MESSAGE_BYTES)),
    }
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Language")
    }
}

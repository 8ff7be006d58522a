//! Script compilers: `wit/deps/flow-language`.

use super::declared;
use crate::bindings::exports::hotline::flow_language::compiler as wit;
use crate::call::{Called, call};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::Ticker;
use crate::host::{Host, Universe, cut};
use crate::limits::{self, ARTIFACT_BYTES};
use hotline_vocabulary::plugin::PluginFault;
use wasmtime::component::InstancePre;

pub(crate) const EXPORT: &str = "hotline:flow-language/compiler@0.1.0";

const DIAGNOSTICS: usize = 100;
const MESSAGE_BYTES: usize = 1024;

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
        call(
            &self.guest,
            ticker,
            &limits::SCRIPT_CHECK,
            universe,
            |store, instance| {
                let guest = self.exports.load(&mut *store, instance)?;
                Ok(
                    match guest.call_check(store, &[wit::Source { path, text }])? {
                        Ok(checked) => believed(checked, path),
                        Err(said) => Err(declared(said)),
                    },
                )
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
            wit::Severity::Warning => Severity::Warning,
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

//! What may enter: a component of the world that its file name says, which imports nothing but what
//! Hotline offers. Read from the file alone; nothing of it is run or compiled before this passed.

use crate::diagnostic::Diagnostic;
use crate::kinds::{PluginKind, connector, flow_language, ivr, qa, routing};
use hotline_manifest::Manifest;
use std::sync::Arc;
use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

const OFFERED: [&str; 10] = [
    "hotline:common/types@1.0.0",
    routing::TYPES_IMPORT,
    "hotline:host/log@1.0.0",
    "hotline:host/config@1.0.0",
    "hotline:host/clock@1.0.0",
    "hotline:host/random@1.0.0",
    "hotline:host/metrics@1.0.0",
    qa::TRANSCRIPT_IMPORT,
    qa::TYPES_IMPORT,
    connector::TYPES_IMPORT,
];
/// Only script interpreters have an artifact to read.
const OFFERED_TO_INTERPRETERS: &str = "hotline:host/artifact@1.0.0";
/// More names than any honest plugin has.
const NAMES: usize = 256;

/// The top level of a component.
#[derive(Debug, Default)]
struct Surface {
    imports: Vec<String>,
    exports: Vec<String>,
}

/// Admits `bytes` as a plugin of `kind`, or says why not. `path` is below the flows root. Gives what
/// the component says about itself; a component that says nothing asks for nothing.
pub(crate) fn admit(
    kind: PluginKind,
    path: &str,
    bytes: &[u8],
) -> Result<Option<Arc<Manifest>>, Vec<Diagnostic>> {
    let surface = read(path, bytes)?;
    let (wanted, world) = match kind {
        PluginKind::Flow => (ivr::EXPORT, ivr::WORLD),
        PluginKind::Policy => (routing::EXPORT, routing::WORLD),
        PluginKind::Qa if surface.exports.iter().any(|name| name == qa::LIVE_EXPORT) => {
            (qa::LIVE_EXPORT, qa::WORLD)
        }
        PluginKind::Qa => (qa::RULE_EXPORT, qa::WORLD),
        PluginKind::Connector => (connector::EXPORT, connector::WORLD),
        // Both; what is missing is told.
        PluginKind::Language if !surface.exports.iter().any(|name| name == ivr::EXPORT) => {
            (ivr::EXPORT, flow_language::WORLD)
        }
        PluginKind::Language => (flow_language::EXPORT, flow_language::WORLD),
    };
    let mut problems = Vec::new();
    if !surface.exports.iter().any(|export| export == wanted) {
        problems.push(wrong_world(path, &surface, wanted, world));
    }
    let interpreter = surface
        .exports
        .iter()
        .any(|export| export == flow_language::EXPORT);
    for import in &surface.imports {
        let offered = OFFERED.contains(&import.as_str())
            || (interpreter && import == OFFERED_TO_INTERPRETERS);
        if !offered {
            problems.push(
                Diagnostic::of_file(
                    "admission.import",
                    path,
                    format!("imports `{import}`, which Hotline does not offer"),
                )
                .hint(what_instead(import)),
            );
        }
    }
    let manifest = match Manifest::of_component(bytes) {
        Ok(manifest) => manifest,
        Err(wrong) => {
            problems.extend(wrong.iter().map(|problem| of_manifest(path, problem)));
            None
        }
    };
    if problems.is_empty() {
        Ok(manifest.map(Arc::new))
    } else {
        Err(problems)
    }
}

fn of_manifest(path: &str, problem: &hotline_manifest::Problem) -> Diagnostic {
    Diagnostic::of_file(
        "admission.manifest",
        path,
        format!("its manifest: {problem}"),
    )
    .hint(
        "correct `hotline.plugin.json` in the plugin's folder and build it again, or build it with \
         this Hotline's SDK",
    )
}

fn what_instead(import: &str) -> String {
    if import.starts_with("wasi:") {
        format!(
            "plugins have no WASI: build for `wasm32-unknown-unknown` so that `{import}` is not \
             linked in, and leave files, sockets and the environment to the host"
        )
    } else if import.starts_with("hotline:") {
        "this Hotline speaks another version of the contract: build it again with its own SDK"
            .to_owned()
    } else {
        format!(
            "remove it or what needs it; a plugin may import {}",
            OFFERED.join(", ")
        )
    }
}

fn wrong_world(path: &str, surface: &Surface, wanted: &str, world: &str) -> Diagnostic {
    let has = |export: &str| surface.exports.iter().any(|name| name == export);
    let hint = if has(flow_language::EXPORT) && has(ivr::EXPORT) {
        "it is a script language: name it `NAME.language.wasm`".to_owned()
    } else if has(routing::EXPORT) {
        "it is a routing policy: name it `NAME.policy.wasm`".to_owned()
    } else if has(ivr::EXPORT) && world != flow_language::WORLD {
        "it is a flow: name it `NAME.flow.wasm`".to_owned()
    } else if has(qa::RULE_EXPORT) || has(qa::LIVE_EXPORT) {
        "it is a QA rule: name it `NAME.qa.wasm`".to_owned()
    } else if has(connector::EXPORT) {
        "it is a connector: name it `NAME.connector.wasm`".to_owned()
    } else if let Some(other) = surface
        .exports
        .iter()
        .find(|name| name.split('@').next() == wanted.split('@').next())
    {
        format!("it was built for `{other}`: build it again with this Hotline's SDK")
    } else {
        format!("target the world `{world}`")
    };
    Diagnostic::of_file(
        "admission.world",
        path,
        format!("does not export `{wanted}`, so it is not of the world `{world}`"),
    )
    .hint(hint)
}

fn read(path: &str, bytes: &[u8]) -> Result<Surface, Vec<Diagnostic>> {
    let broken = |error: &wasmparser::BinaryReaderError| {
        let truncated = error.message().contains("unexpected end");
        let problem = Diagnostic::of_file(
            "admission.parse",
            path,
            format!(
                "is not a valid WebAssembly component: {} (at byte {})",
                error.message(),
                error.offset()
            ),
        );
        vec![problem.hint(if truncated {
            "the file ends too early: it may be half-written; copy it beside and rename it into \
             place"
        } else {
            "build it again: `cargo run -p hotline-plugin-build -- PACKAGE`"
        })]
    };
    if !bytes.starts_with(b"\0asm") {
        return Err(vec![
            Diagnostic::of_file("admission.parse", path, "is not WebAssembly").hint(
                "a component in binary form is expected; the text form and precompiled code are \
                 not accepted",
            ),
        ]);
    }
    // Features as the engine has them; validation also bounds every count and nesting depth.
    let features = WasmFeatures::default()
        & !(WasmFeatures::THREADS
            | WasmFeatures::RELAXED_SIMD
            | WasmFeatures::MEMORY64
            | WasmFeatures::MULTI_MEMORY
            | WasmFeatures::CM_ASYNC);
    Validator::new_with_features(features)
        .validate_all(bytes)
        .map_err(|error| broken(&error))?;
    let mut surface = Surface::default();
    let mut depth = 0u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| broken(&error))? {
            Payload::Version {
                encoding: Encoding::Module,
                ..
            } if depth == 0 => {
                return Err(vec![
                    Diagnostic::of_file(
                        "admission.parse",
                        path,
                        "is a core module, not a component",
                    )
                    .hint("make a component: `cargo run -p hotline-plugin-build -- PACKAGE`"),
                ]);
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    let import = import.map_err(|error| broken(&error))?;
                    surface.imports.push(import.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    let export = export.map_err(|error| broken(&error))?;
                    surface.exports.push(export.name.name.to_owned());
                }
            }
            _ => {}
        }
        if surface.imports.len() + surface.exports.len() > NAMES {
            return Err(vec![Diagnostic::of_file(
                "admission.names",
                path,
                format!("has more than {NAMES} imports and exports"),
            )]);
        }
    }
    Ok(surface)
}

//! From a core module to a component that the host will admit.

use serde::{Deserialize, Serialize};
use wasmparser::{Parser, Payload};

/// The custom section that the SDK writes: one JSON object a line. It stands in the core module,
/// and is copied to the component's end, where it is found without instantiating anything.
pub(crate) const MANIFEST_SECTION: &str = "hotline:manifest";

/// What a plugin says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub name: String,
    pub version: String,
    /// Language and version, e.g. `rust 0.1.0`.
    pub sdk: String,
    /// `ivr-flow`, `routing-policy`, ...
    pub world: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ComponentError {
    #[error(
        "the module does not fit a world of the contract: {0}\n\
         Is there one `hotline_sdk::export_...!` for the plugin's type?"
    )]
    Encode(String),
    #[error(
        "imports `{0}`, which no plugin may have; plugins import `hotline:host/...` only. \
         A dependency that wants the system (files, time, randomness, JavaScript) is the usual cause"
    )]
    ForbiddenImport(String),
    #[error("exports nothing of Hotline's; add `hotline_sdk::export_flow!(YourType);`")]
    NoExport,
    #[error("is not a valid module: {0}")]
    Malformed(#[from] wasmparser::BinaryReaderError),
}

/// Makes a component of a core module whose custom sections describe its world, verifies its
/// imports (every one begins with `hotline:` or one of `allow_imports`), and lifts the manifest.
///
/// # Errors
/// See [`ComponentError`].
pub fn componentize(core: &[u8], allow_imports: &[String]) -> Result<Vec<u8>, ComponentError> {
    forbid_stray_imports(core, allow_imports)?;
    let manifest = section_in_first_module(core)?;
    let mut component = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(core)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| ComponentError::Encode(format!("{error:#}")))?;
    verify(&component, allow_imports)?;
    if let Some(manifest) = manifest {
        use wasm_encoder::{CustomSection, Encode};
        // Section 0: id, then size and content, as `Encode` writes them.
        component.push(0);
        CustomSection {
            name: MANIFEST_SECTION.into(),
            data: manifest.into(),
        }
        .encode(&mut component);
    }
    Ok(component)
}

/// The manifest's first line, from a component or a core module; none when there is none.
pub fn read_manifest(binary: &[u8]) -> Option<Manifest> {
    let section = section_in_first_module(binary).ok()??;
    let text = String::from_utf8(section).ok()?;
    serde_json::from_str(text.lines().next()?).ok()
}

fn section_in_first_module(binary: &[u8]) -> Result<Option<Vec<u8>>, ComponentError> {
    for payload in Parser::new(0).parse_all(binary) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == MANIFEST_SECTION
        {
            return Ok(Some(section.data().to_vec()));
        }
    }
    Ok(None)
}

/// Told before encoding, since the encoder's own message speaks of shims and adapters.
fn forbid_stray_imports(core: &[u8], allow: &[String]) -> Result<(), ComponentError> {
    for payload in Parser::new(0).parse_all(core) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let module = import?.module;
                if !allowed(module, allow) {
                    return Err(ComponentError::ForbiddenImport(module.to_owned()));
                }
            }
        }
    }
    Ok(())
}

/// The names of a component's own imports and exports.
#[derive(Default)]
struct Surface {
    imports: Vec<String>,
    exports: Vec<String>,
}

impl Surface {
    fn of(component: &[u8]) -> Result<Surface, ComponentError> {
        let mut depth = 0usize;
        let mut surface = Surface::default();
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(imports) if depth == 0 => {
                    for import in imports {
                        surface.imports.push(import?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(exports) if depth == 0 => {
                    for export in exports {
                        surface.exports.push(export?.name.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(surface)
    }
}

fn verify(component: &[u8], allow: &[String]) -> Result<(), ComponentError> {
    let surface = Surface::of(component)?;
    if let Some(import) = surface.imports.iter().find(|name| !allowed(name, allow)) {
        return Err(ComponentError::ForbiddenImport(import.clone()));
    }
    if surface.exports.is_empty() {
        return Err(ComponentError::NoExport);
    }
    Ok(())
}

/// `.flow` or `.policy` by what the component exports; empty for anything else, script interpreters
/// included, which are no tenant's plugin.
pub(crate) fn file_kind(component: &[u8]) -> &'static str {
    let exports = Surface::of(component).unwrap_or_default().exports;
    let has = |interface: &str| exports.iter().any(|name| name.starts_with(interface));
    match (has("hotline:ivr/flow@"), has("hotline:routing/policy@")) {
        _ if has("hotline:flow-language/") => "",
        (true, false) => ".flow",
        (false, true) => ".policy",
        _ => "",
    }
}

fn allowed(name: &str, allow: &[String]) -> bool {
    name.starts_with("hotline:") || allow.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CustomSection, EntityType, ImportSection, Module, TypeSection};

    fn module(import: Option<&str>, manifest: Option<&str>) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        module.section(&types);
        if let Some(from) = import {
            let mut imports = ImportSection::new();
            imports.import(from, "f", EntityType::Function(0));
            module.section(&imports);
        }
        if let Some(text) = manifest {
            module.section(&CustomSection {
                name: MANIFEST_SECTION.into(),
                data: text.as_bytes().into(),
            });
        }
        module.finish()
    }

    #[test]
    fn an_import_of_the_system_is_refused_by_name() {
        for import in ["env", "wasi_snapshot_preview1", "hostile:evil/files@0.1.0"] {
            let error = componentize(&module(Some(import), None), &[]).expect_err("forbidden");
            assert!(
                error.to_string().contains(&format!("`{import}`")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_module_without_a_world_is_no_plugin() {
        let error = componentize(&module(None, None), &[]).expect_err("no world");
        assert!(error.to_string().contains("export_flow!"), "{error}");
    }

    #[test]
    fn bytes_that_are_no_module_are_refused() {
        for bytes in [&b""[..], b"\0asm", b"not wasm at all"] {
            assert!(componentize(bytes, &[]).is_err());
        }
    }

    #[test]
    fn the_manifest_is_read_without_running_anything() {
        let text = r#"{"name":"best-skill","version":"0.1.0","sdk":"rust 0.1.0","world":"routing-policy"}"#;
        let manifest = read_manifest(&module(None, Some(text))).expect("a manifest");
        assert_eq!(manifest.name, "best-skill");
        assert_eq!(manifest.world, "routing-policy");
        assert_eq!(read_manifest(&module(None, None)), None);
        assert_eq!(read_manifest(&module(None, Some("not json"))), None);
    }
}

//! From a core module to a component that the host will admit.

use serde::{Deserialize, Serialize};
use wasmparser::{Parser, Payload};

/// The custom section that the SDK writes: one JSON object a line. It stands in the core module,
/// and is copied to the component's end, where it is found without instantiating anything.
pub const MANIFEST_SECTION: &str = "hotline:manifest";

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
        .and_then(|mut encoder| encoder.encode())
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

fn verify(component: &[u8], allow: &[String]) -> Result<(), ComponentError> {
    let mut depth = 0usize;
    let mut exports = 0usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let name = import?.name.name;
                    if !allowed(name, allow) {
                        return Err(ComponentError::ForbiddenImport(name.to_owned()));
                    }
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports += section.count() as usize;
            }
            _ => {}
        }
    }
    if exports == 0 {
        return Err(ComponentError::NoExport);
    }
    Ok(())
}

fn allowed(name: &str, allow: &[String]) -> bool {
    name.starts_with("hotline:") || allow.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

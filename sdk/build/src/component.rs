//! From a core module to a component that the host will admit.

use hotline_manifest::{Declared, Facts, Manifest, Problem, SECTION};
use wasmparser::{Parser, Payload};

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
    #[error(
        "exports nothing of Hotline's; add `hotline_sdk::export_flow!(YourType);`, or the `export_...!` \
         of another world, to its src/lib.rs"
    )]
    NoExport,
    #[error("{file} is wrong:\n  {}", list(.problems))]
    Manifest {
        file: &'static str,
        problems: Vec<Problem>,
    },
    #[error("the SDK's facts in the module are no JSON: {0}")]
    Facts(serde_json::Error),
    #[error("is not a valid module: {0}")]
    Malformed(#[from] wasmparser::BinaryReaderError),
}

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n  ")
}

/// Makes a component of a core module whose custom sections describe its world, verifies its
/// imports (every one begins with `hotline:` or one of `allow_imports`), and gives it its manifest:
/// what the SDK's macro left in the module and what the author declared, at the outermost level and
/// nowhere else. A module that says nothing about itself, and for which nothing is declared, has none.
///
/// # Errors
/// See [`ComponentError`].
pub fn componentize(
    core: &[u8],
    allow_imports: &[String],
    declared: Option<Declared>,
) -> Result<Vec<u8>, ComponentError> {
    forbid_stray_imports(core, allow_imports)?;
    let (core, facts) = take_facts(core)?;
    let manifest = match (facts, declared) {
        (None, None) => None,
        (Some(facts), declared) => Some(complete(declared.unwrap_or_default(), &facts)?),
        // Its author's file is not to blame when nothing is exported.
        (None, Some(_)) if !exports_an_interface(&core)? => return Err(ComponentError::NoExport),
        (None, Some(declared)) => {
            let facts = own_facts(&declared)?;
            Some(complete(declared, &facts)?)
        }
    };
    let component = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(&core)
        .and_then(|encoder| encoder.encode())
        .map_err(|error| ComponentError::Encode(format!("{error:#}")))?;
    verify(&component, allow_imports)?;
    Ok(match manifest {
        Some(manifest) => attach(component, &manifest),
        None => component,
    })
}

/// Verifies a component that another toolchain made, and gives it its manifest.
pub(crate) fn finish_component(
    component: Vec<u8>,
    allow_imports: &[String],
    declared: Declared,
    facts: &Facts,
) -> Result<Vec<u8>, ComponentError> {
    let manifest = complete(declared, facts)?;
    verify(&component, allow_imports)?;
    Ok(attach(component, &manifest))
}

/// Puts a manifest at a component's end. The component must not have one yet.
pub fn attach(mut component: Vec<u8>, manifest: &Manifest) -> Vec<u8> {
    use wasm_encoder::{CustomSection, Encode};
    // Section 0: id, then size and content, as `Encode` writes them.
    component.push(0);
    CustomSection {
        name: SECTION.into(),
        data: manifest.to_json().into_bytes().into(),
    }
    .encode(&mut component);
    component
}

fn complete(declared: Declared, facts: &Facts) -> Result<Manifest, ComponentError> {
    declared
        .complete(facts)
        .map_err(|problems| ComponentError::Manifest {
            file: hotline_manifest::FILE,
            problems,
        })
}

/// What the author says of a module that says nothing of itself.
fn own_facts(declared: &Declared) -> Result<Facts, ComponentError> {
    let missing = |field: &str| ComponentError::Manifest {
        file: hotline_manifest::FILE,
        problems: vec![Problem::at(
            field,
            "is missing, and the module was not made with an SDK that says it",
        )],
    };
    Ok(Facts {
        name: declared.name.clone().ok_or_else(|| missing("name"))?,
        version: declared.version.clone().ok_or_else(|| missing("version"))?,
        sdk: declared.sdk.clone().ok_or_else(|| missing("sdk"))?,
        world: declared.world.ok_or_else(|| missing("world"))?,
    })
}

fn exports_an_interface(core: &[u8]) -> Result<bool, ComponentError> {
    for payload in Parser::new(0).parse_all(core) {
        if let Payload::ExportSection(exports) = payload? {
            for export in exports {
                if export?.name.starts_with("hotline:") {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// Splits a core module into itself without the SDK's section, and what stood there: one JSON object
/// a line, of which the first counts.
fn take_facts(core: &[u8]) -> Result<(Vec<u8>, Option<Facts>), ComponentError> {
    let mut rest = Vec::with_capacity(core.len());
    let mut facts = None;
    // A section's range begins behind its id and size; what was kept ends where the last one did.
    let mut kept_to = 0;
    for payload in Parser::new(0).parse_all(core) {
        let payload = payload?;
        let end = match payload.as_section() {
            Some((_, range)) => usize::try_from(range.end).unwrap_or(core.len()),
            None => continue,
        };
        match payload {
            Payload::CustomSection(section) if section.name() == SECTION => {
                let text = String::from_utf8_lossy(section.data());
                let line = text.lines().next().unwrap_or_default();
                facts = Some(serde_json::from_str(line).map_err(ComponentError::Facts)?);
            }
            _ => rest.extend_from_slice(&core[kept_to..end]),
        }
        kept_to = end;
    }
    rest.extend_from_slice(&core[kept_to..]);
    Ok((rest, facts))
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surface {
    pub imports: Vec<String>,
    pub exports: Vec<String>,
}

impl Surface {
    /// Read without running anything.
    ///
    /// # Errors
    /// The bytes are no WebAssembly.
    pub fn of(component: &[u8]) -> Result<Surface, ComponentError> {
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

/// `.flow`, `.policy`, `.qa`, `.connector` or `.language` by what the component exports; empty for
/// anything else.
pub(crate) fn file_kind(component: &[u8]) -> &'static str {
    let exports = Surface::of(component).unwrap_or_default().exports;
    let has = |interface: &str| exports.iter().any(|name| name.starts_with(interface));
    let kinds = [
        (has("hotline:ivr/flow@"), ".flow"),
        (has("hotline:routing/policy@"), ".policy"),
        (has("hotline:qa/rule@") || has("hotline:qa/live@"), ".qa"),
        (has("hotline:connector/connector@"), ".connector"),
    ];
    let mut fitting = kinds.iter().filter(|(fits, _)| *fits);
    match (fitting.next(), fitting.next()) {
        (Some((_, ".flow")), None) if has("hotline:flow-language/compiler@") => ".language",
        (Some((_, kind)), None) => kind,
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
                name: SECTION.into(),
                data: text.as_bytes().into(),
            });
        }
        module.finish()
    }

    #[test]
    fn an_import_of_the_system_is_refused_by_name() {
        for import in ["env", "wasi_snapshot_preview1", "hostile:evil/files@0.1.0"] {
            let error =
                componentize(&module(Some(import), None), &[], None).expect_err("forbidden");
            assert!(
                error.to_string().contains(&format!("`{import}`")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_module_without_a_world_is_no_plugin() {
        let error = componentize(&module(None, None), &[], None).expect_err("no world");
        assert!(error.to_string().contains("export_flow!"), "{error}");
        let declared = Some(Declared::default());
        let error = componentize(&module(None, None), &[], declared).expect_err("no world");
        assert!(error.to_string().contains("export_flow!"), "{error}");
    }

    #[test]
    fn bytes_that_are_no_module_are_refused() {
        for bytes in [&b""[..], b"\0asm", b"not wasm at all"] {
            assert!(componentize(bytes, &[], None).is_err());
        }
    }

    #[test]
    fn the_facts_leave_the_module_and_everything_else_stays() {
        let text = r#"{"name":"best-skill","version":"0.1.0","sdk":"rust 0.1.0","world":"routing-policy"}"#;
        let (rest, facts) = take_facts(&module(Some("x"), Some(text))).expect("a module");
        assert_eq!(rest, module(Some("x"), None));
        assert_eq!(facts.expect("facts").name, "best-skill");
        let (rest, facts) = take_facts(&module(None, None)).expect("a module");
        assert_eq!((rest, facts), (module(None, None), None));
        assert!(take_facts(&module(None, Some("not json"))).is_err());
    }

    #[test]
    fn a_manifest_is_found_at_the_outermost_level_only() {
        let manifest = complete(
            Declared::default(),
            &Facts {
                name: "a".to_owned(),
                version: "1".to_owned(),
                sdk: "rust 0.1.0".to_owned(),
                world: hotline_manifest::World::IvrFlow,
            },
        )
        .expect("it is right");
        let inner = attach(module(None, None), &manifest);
        let mut outer = wasm_encoder::Component::new();
        outer.section(&wasm_encoder::RawSection {
            id: wasm_encoder::ComponentSectionId::CoreModule.into(),
            data: &inner,
        });
        let outer = outer.finish();
        assert_eq!(Manifest::of_component(&outer), Ok(None));
        assert_eq!(
            Manifest::of_component(&attach(outer, &manifest)),
            Ok(Some(manifest))
        );
    }
}

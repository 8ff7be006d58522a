//! Components of worlds that are almost the contract's: each is made of `wit/` with one change.

use hotline_sandbox::offline::Bench;
use hotline_sandbox::{Compiling, PluginKind};
use std::path::Path;
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::abi::{AbiVariant, WasmSignature, WasmType};
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

/// A component of this world that exports all of it and imports all functions but those of resources;
/// nothing in it works.
fn component(resolve: &Resolve, world: WorldId) -> Vec<u8> {
    let mut types = TypeSection::new();
    let mut imports = ImportSection::new();
    let mut functions = FunctionSection::new();
    let mut exports = ExportSection::new();
    let mut code = CodeSection::new();
    let mut typed = |signature: &WasmSignature| {
        let values = |list: &[WasmType]| list.iter().map(value).collect::<Vec<_>>();
        types
            .ty()
            .function(values(&signature.params), values(&signature.results));
        types.len() - 1
    };
    let mut imported = 0;
    for (key, item) in &resolve.worlds[world].imports {
        let (WorldKey::Interface(id), WorldItem::Interface { .. }) = (key, item) else {
            continue;
        };
        let module = resolve.id_of(*id).expect("a name");
        for (name, function) in &resolve.interfaces[*id].functions {
            if name.starts_with('[') {
                continue;
            }
            let signature = resolve.wasm_signature(AbiVariant::GuestImport, function);
            imports.import(&module, name, EntityType::Function(typed(&signature)));
            imported += 1;
        }
    }
    let mut local = 0;
    let mut exported = |name: &str, signature: u32| {
        functions.function(signature);
        let mut body = Function::new([]);
        body.instruction(&Instruction::Unreachable);
        body.instruction(&Instruction::End);
        code.function(&body);
        exports.export(name, ExportKind::Func, imported + local);
        local += 1;
    };
    for (key, item) in &resolve.worlds[world].exports {
        let (WorldKey::Interface(id), WorldItem::Interface { .. }) = (key, item) else {
            continue;
        };
        let module = resolve.id_of(*id).expect("a name");
        for (name, function) in &resolve.interfaces[*id].functions {
            let signature = resolve.wasm_signature(AbiVariant::GuestExport, function);
            exported(&format!("{module}#{name}"), typed(&signature));
        }
    }
    let realloc = WasmSignature {
        params: vec![WasmType::I32; 4],
        results: vec![WasmType::I32],
        indirect_params: false,
        retptr: false,
    };
    exported("cabi_realloc", typed(&realloc));
    exports.export("memory", ExportKind::Memory, 0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&memories)
        .section(&exports)
        .section(&code);
    let mut module = module.finish();
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8)
        .expect("the world is embedded");
    let encoder = &mut ComponentEncoder::default();
    let encoder = encoder.module(&module).expect("a module");
    encoder.encode().expect("a component")
}

fn value(wasm: &WasmType) -> ValType {
    match wasm {
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
    }
}

/// Packages of the contract, each after those that it uses.
const PACKAGES: [&str; 7] = [
    "common/types",
    "host/host",
    "ivr/ivr",
    "routing/routing",
    "flow-language/flow-language",
    "qa/qa",
    "connector/connector",
];

/// What an author is told of a component of this world, which lies in `wit/` with one change to its
/// text: code and message of each finding.
fn told(world: &str, from: &str, to: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut resolve, mut changes) = (Resolve::default(), 0);
    for package in PACKAGES {
        let file = root.join("wit/deps").join(package).with_extension("wit");
        let mut text = std::fs::read_to_string(file).expect("the contract");
        if changes == 0 && text.contains(from) {
            text = text.replacen(from, to, 1);
            changes += 1;
        }
        let pushed = resolve.push_source(package, &text);
        pushed.unwrap_or_else(|error| panic!("{package}, changed to {to:?}: {error:#}"));
    }
    assert_eq!(changes, 1, "the contract has no {from:?} any more");
    let (world, _) = resolve
        .worlds
        .iter()
        .find(|(_, one)| one.name == world)
        .expect("a world");
    let kind = match resolve.worlds[world].name.as_str() {
        "ivr-flow" => PluginKind::Flow,
        "qa-rule" | "qa-live" | "qa-rule-and-live" => PluginKind::Qa,
        "crm-connector" => PluginKind::Connector,
        _ => PluginKind::Policy,
    };
    let bytes = component(&resolve, world);
    let cache = tempfile::tempdir().expect("a folder");
    let bench = Bench::open(Compiling::Here, cache.path(), 1).expect("a bench opens");
    let refused = bench.load(kind, "wrong", "wrong.wasm", &bytes, "{}");
    let findings = refused.expect_err("nothing in it works").into_iter();
    findings
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect()
}

#[test]
fn a_component_of_the_contract_is_refused_by_its_trial_alone() {
    for world in [
        "ivr-flow",
        "routing-policy",
        "routing-policy-with-lookups",
        "qa-rule",
        "qa-live",
        "qa-rule-and-live",
        "crm-connector",
    ] {
        let told = told(world, "package hotline:", "package hotline:");
        assert_eq!(told.len(), 1, "{world}: {told:?}");
        assert!(told[0].starts_with("admission.trial: "), "{told:?}");
    }
}

/// World, text, and what stands for it.
const WRONG: [(&str, &str, &str); 14] = [
    // A plain type in a shared record.
    (
        "routing-policy",
        "    priority: s32,\n    /// Set by the flow",
        "    priority: s64,\n    /// Set by the flow",
    ),
    // A field that came later.
    ("ivr-flow", "    dialled: string,\n", ""),
    // A field of somebody's own.
    (
        "ivr-flow",
        "    dialled: string,\n",
        "    dialled: string,\n    colour: string,\n",
    ),
    // Fields in another order.
    (
        "routing-policy",
        "    waiting: u32,\n    oldest-wait-ms: u64,\n",
        "    oldest-wait-ms: u64,\n    waiting: u32,\n",
    ),
    // A case that the contract has not.
    (
        "routing-policy",
        "    callback,\n    /// Leave the queue and take",
        "    callback,\n    shout,\n    /// Leave the queue and take",
    ),
    // A case that carries something else.
    ("ivr-flow", "    timer(string),", "    timer(u32),"),
    // A list of something else.
    (
        "ivr-flow",
        "    state: list<u8>,\n    event: event,",
        "    state: list<u16>,\n    event: event,",
    ),
    // An option that is none.
    ("qa-rule", "    score: option<f32>,", "    score: f32,"),
    // A function that is missing.
    (
        "crm-connector",
        "  resume: func(continuation: continuation) -> result<progress, fault>;",
        "",
    ),
    // A function with more parameters.
    (
        "routing-policy",
        "rank: func(contact: visit)",
        "rank: func(contact: visit, again: bool)",
    ),
    // A function without its result.
    (
        "qa-live",
        "observe: func(heard: utterance) -> result<observed, fault>;",
        "observe: func(heard: utterance);",
    ),
    // An import that is wider than the host.
    (
        "ivr-flow",
        "interface metrics {",
        "interface metrics {\n  shout: func(name: string);",
    ),
    // An import that nobody offers.
    (
        "ivr-flow",
        "/// The least that every plugin has.\nworld base {",
        "interface shout {\n  loud: func();\n}\n\nworld base {\n  import shout;",
    ),
    // An export that is not there.
    (
        "crm-connector",
        "  export connector;\n",
        "  export types;\n",
    ),
];

#[test]
fn what_is_not_of_the_contract_is_told_with_its_place() {
    let rows = WRONG.iter().map(|(world, from, to)| {
        let change = match to.is_empty() {
            true => format!("without {:?}", from.trim()),
            false => format!("with {:?}", to.trim()),
        };
        format!("{world} {change}\n  {}", told(world, from, to).join("\n  "))
    });
    insta::assert_snapshot!(rows.collect::<Vec<_>>().join("\n"));
}

//! Whether a component's functions have the types of the contract, told function by function and field
//! by field. Wasmtime checks the same once more when it links and calls; it says that two types
//! differ, this says where.

mod contract;
mod types;

use contract::contract;
use types::Place;
use wasmtime::component::Component;
use wasmtime::component::types::{ComponentFunc, ComponentInstance, ComponentItem};
use wit_parser::{Function, Interface, Resolve};

/// Places that are told of one component; more would only scroll them away.
const MISMATCHES: usize = 8;

/// Where the component's imports and exports are not those of the contract, one sentence each; empty
/// when they are. An interface that the contract does not have is none of its business.
pub(crate) fn mismatches(component: &Component) -> Vec<String> {
    let Some(resolve) = contract() else {
        return Vec::new();
    };
    let engine = component.engine();
    let whole = component.component_type();
    let mut found = Vec::new();
    for (name, import) in whole.imports(engine) {
        if let (ComponentItem::ComponentInstance(instance), Some(interface)) =
            (import.ty, named(resolve, name))
        {
            imported(resolve, name, &instance, interface, engine, &mut found);
        }
    }
    for (name, export) in whole.exports(engine) {
        if let (ComponentItem::ComponentInstance(instance), Some(interface)) =
            (export.ty, named(resolve, name))
        {
            exported(resolve, name, &instance, interface, engine, &mut found);
        }
    }
    found.truncate(MISMATCHES);
    found
}

fn named<'a>(resolve: &'a Resolve, name: &str) -> Option<&'a Interface> {
    let mut all = resolve.interfaces.iter();
    let found = all.find(|(id, _)| resolve.id_of(*id).as_deref() == Some(name));
    found.map(|(_, interface)| interface)
}

/// A component need not import all of an interface, but nothing that is not in it.
fn imported(
    resolve: &Resolve,
    name: &str,
    theirs: &ComponentInstance,
    ours: &Interface,
    engine: &wasmtime::Engine,
    found: &mut Vec<String>,
) {
    for (function, item) in theirs.exports(engine) {
        let ComponentItem::ComponentFunc(theirs) = item.ty else {
            continue;
        };
        match ours.functions.get(function) {
            Some(ours) => {
                let what = format!("import {name}.{function}");
                compare(resolve, &what, &theirs, ours, found);
            }
            None => found.push(format!(
                "import {name}.{function}: there is no such function in the world"
            )),
        }
    }
}

/// A component must export all of an interface; what it has besides is never called.
fn exported(
    resolve: &Resolve,
    name: &str,
    theirs: &ComponentInstance,
    ours: &Interface,
    engine: &wasmtime::Engine,
    found: &mut Vec<String>,
) {
    for (function, ours) in &ours.functions {
        let item = theirs.get_export(engine, function);
        match item.map(|item| item.ty) {
            Some(ComponentItem::ComponentFunc(theirs)) => {
                let what = format!("export {name}.{function}");
                compare(resolve, &what, &theirs, ours, found);
            }
            Some(_) => found.push(format!("export {name}.{function}: it is no function")),
            None => found.push(format!("export {name}.{function}: it is missing")),
        }
    }
}

fn compare(
    resolve: &Resolve,
    what: &str,
    theirs: &ComponentFunc,
    ours: &Function,
    found: &mut Vec<String>,
) {
    let (has, wanted) = (theirs.params().len(), ours.params.len());
    if has != wanted {
        found.push(format!(
            "{what}: takes {has} parameters, the world has {wanted}"
        ));
        return;
    }
    for ((_, theirs), ours) in theirs.params().zip(&ours.params) {
        let place = Place::parameter(what, &ours.name);
        types::compare(resolve, &place, &theirs, ours.ty, found);
    }
    match (theirs.results().next(), ours.result) {
        (Some(theirs), Some(ours)) => {
            types::compare(resolve, &Place::result(what), &theirs, ours, found);
        }
        (Some(_), None) => found.push(format!("{what}: gives a result, the world has none")),
        (None, Some(_)) => found.push(format!("{what}: gives no result, the world has one")),
        (None, None) => {}
    }
}

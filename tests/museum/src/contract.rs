//! Whether the contract in `wit/` still is the one that a release froze, by meaning: comments and the
//! order of declarations do not count, every name, field and case does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wit_parser::{
    Function, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldItem,
    WorldKey,
};

/// In the root package, to see that all worlds fit together. No plugin targets it.
const ALL_TOGETHER: &str = "everything";

/// What the packages of a folder mean, by their names with version.
#[derive(Debug, Default)]
pub struct Contract {
    packages: BTreeMap<String, Package>,
}

#[derive(Debug, Default)]
struct Package {
    name: String,
    /// Major and minor; the patch counts what imports gained.
    version: (u64, u64),
    interfaces: BTreeMap<String, Interface>,
    worlds: BTreeMap<String, World>,
}

/// Names and what they stand for, as text in the contract's own words.
#[derive(Debug, Default)]
struct Interface {
    types: BTreeMap<String, String>,
    functions: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct World {
    imports: BTreeSet<String>,
    exports: BTreeSet<String>,
}

#[derive(Debug, thiserror::Error)]
#[error("the contract in {} can not be read: {problem}", folder.display())]
pub struct ContractError {
    folder: PathBuf,
    problem: String,
}

impl Contract {
    /// Reads a folder like `wit/`, with its `deps`.
    ///
    /// # Errors
    /// It can not be read, or does not parse.
    pub fn read(folder: &Path) -> Result<Contract, ContractError> {
        let mut resolve = Resolve::default();
        match resolve.push_dir(folder) {
            Ok(_) => Ok(Contract::of(&resolve)),
            Err(error) => Err(ContractError {
                folder: folder.to_owned(),
                problem: format!("{error:#}"),
            }),
        }
    }

    /// Of parsed packages; those without a version are nobody's contract.
    pub fn of(resolve: &Resolve) -> Contract {
        let packages = resolve.packages.iter().filter_map(|(_, package)| {
            let version = package.name.version.as_ref()?;
            let interfaces = package
                .interfaces
                .iter()
                .map(|(name, id)| (name.clone(), interface(resolve, *id)));
            let worlds = package
                .worlds
                .iter()
                .filter(|(name, _)| *name != ALL_TOGETHER);
            let worlds = worlds.map(|(name, id)| {
                let world = &resolve.worlds[*id];
                let items = |items: &wit_parser::IndexMap<WorldKey, WorldItem>| {
                    items
                        .iter()
                        .map(|(key, item)| item_text(resolve, key, item))
                        .collect()
                };
                let world = World {
                    imports: items(&world.imports),
                    exports: items(&world.exports),
                };
                (name.clone(), world)
            });
            let read = Package {
                name: format!("{}:{}", package.name.namespace, package.name.name),
                version: (version.major, version.minor),
                interfaces: interfaces.collect(),
                worlds: worlds.collect(),
            };
            Some((package.name.to_string(), read))
        });
        Contract {
            packages: packages.collect(),
        }
    }

    /// Names with versions of the packages that are frozen: from 1.0 on.
    pub fn frozen(&self) -> impl Iterator<Item = &str> {
        let frozen = self
            .packages
            .iter()
            .filter(|(_, package)| package.is_frozen());
        frozen.map(|(name, _)| name.as_str())
    }

    /// Whether it has this package at this major and minor version; `other` names it.
    pub fn has(&self, other: &Contract, package: &str) -> bool {
        let same = |wanted: &Package| {
            let mut own = self.packages.values();
            own.any(|own| own.name == wanted.name && own.version == wanted.version)
        };
        other.packages.get(package).is_some_and(same)
    }

    /// What of this contract, which was released, does not hold in `now`: a sentence each, with what
    /// to do. Packages before 1.0 are held to it only while they stay at their version.
    pub fn broken_by(&self, now: &Contract) -> Vec<String> {
        let mut found = Vec::new();
        for (name, released) in &self.packages {
            match now
                .packages
                .values()
                .find(|package| package.continues(released))
            {
                Some(package) => compare(name, released, package, &mut found),
                None if released.is_frozen() => found.push(format!(
                    "{name} is gone: plugins that were built for it are still in service. A newer \
                     major stands beside it, in a folder of its own"
                )),
                None => {}
            }
        }
        found
    }
}

impl Package {
    fn is_frozen(&self) -> bool {
        self.version.0 > 0
    }

    /// Whether a plugin of `earlier` is to run on this one.
    fn continues(&self, earlier: &Package) -> bool {
        let line = |(major, minor): (u64, u64)| (major, if major == 0 { minor } else { 0 });
        self.name == earlier.name && line(self.version) == line(earlier.version)
    }

    fn exports(&self, interface: &str) -> bool {
        let name = format!("{}/{interface}", self.name);
        self.worlds
            .values()
            .any(|world| world.exports.contains(&name))
    }
}

fn compare(name: &str, released: &Package, now: &Package, found: &mut Vec<String>) {
    for (title, interface) in &released.interfaces {
        let place = format!("{name}: interface `{title}`");
        let Some(current) = now.interfaces.get(title) else {
            found.push(format!("{place} is gone"));
            continue;
        };
        members(&place, "type", &interface.types, &current.types, found);
        members(
            &place,
            "function",
            &interface.functions,
            &current.functions,
            found,
        );
        if released.exports(title) || now.exports(title) {
            let additions = added(&interface.functions, &current.functions)
                .chain(added(&interface.types, &current.types));
            found.extend(additions.map(|new| {
                format!(
                    "{place} is exported by plugins and has gained `{new}`, which plugins that \
                     were built before do not have: put it into an interface and a world of its own"
                )
            }));
        }
    }
    for (title, world) in &released.worlds {
        let place = format!("{name}: world `{title}`");
        let Some(current) = now.worlds.get(title) else {
            found.push(format!("{place} is gone"));
            continue;
        };
        for import in world.imports.difference(&current.imports) {
            found.push(format!(
                "{place} no longer imports `{import}`, which its plugins call"
            ));
        }
        for export in world.exports.difference(&current.exports) {
            found.push(format!("{place} no longer exports `{export}`"));
        }
        for export in current.exports.difference(&world.exports) {
            found.push(format!(
                "{place} wants the export `{export}`, which plugins that were built before do not \
                 have: make a new world that includes this one"
            ));
        }
    }
}

fn added<'a>(
    released: &'a BTreeMap<String, String>,
    now: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = &'a String> {
    now.keys().filter(|name| !released.contains_key(*name))
}

fn members(
    place: &str,
    what: &str,
    released: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
    found: &mut Vec<String>,
) {
    for (name, was) in released {
        match now.get(name) {
            None => found.push(format!("{place}: {what} `{name}` is gone")),
            Some(is) if is != was => found.push(format!(
                "{place}: {what} `{name}` was\n    {was}\nand is now\n    {is}\n  A frozen one can \
                 not change: say what is new by a key of `ext`, or in a new function of an import"
            )),
            Some(_) => {}
        }
    }
}

fn interface(resolve: &Resolve, id: InterfaceId) -> Interface {
    let interface = &resolve.interfaces[id];
    let types = interface.types.iter();
    let functions = interface.functions.iter();
    Interface {
        types: types
            .map(|(name, id)| (name.clone(), definition(resolve, *id)))
            .collect(),
        functions: functions
            .map(|(name, function)| (name.clone(), signature(resolve, function)))
            .collect(),
    }
}

fn item_text(resolve: &Resolve, key: &WorldKey, item: &WorldItem) -> String {
    match (key, item) {
        (WorldKey::Interface(id), _) => interface_name(resolve, *id),
        (WorldKey::Name(name), WorldItem::Function(function)) => {
            format!("{name}: {}", signature(resolve, function))
        }
        (WorldKey::Name(name), WorldItem::Type { id, .. }) => {
            format!("{name}: {}", definition(resolve, *id))
        }
        (WorldKey::Name(name), WorldItem::Interface { id, .. }) => {
            format!("{name}: {}", interface_name(resolve, *id))
        }
    }
}

/// Without the version: whether a package goes on is asked of the package.
fn interface_name(resolve: &Resolve, id: InterfaceId) -> String {
    let interface = &resolve.interfaces[id];
    let name = interface.name.as_deref().unwrap_or("(unnamed)");
    match interface
        .package
        .map(|package| &resolve.packages[package].name)
    {
        Some(package) => format!("{}:{}/{name}", package.namespace, package.name),
        None => name.to_owned(),
    }
}

fn signature(resolve: &Resolve, function: &Function) -> String {
    let parameters: Vec<String> = function
        .params
        .iter()
        .map(|parameter| format!("{}: {}", parameter.name, reference(resolve, parameter.ty)))
        .collect();
    let result = function
        .result
        .map(|result| format!(" -> {}", reference(resolve, result)));
    let asynchronous = if function.kind.is_async() {
        "async "
    } else {
        ""
    };
    format!(
        "{asynchronous}func({}){}",
        parameters.join(", "),
        result.unwrap_or_default()
    )
}

/// What a named type is made of.
fn definition(resolve: &Resolve, id: TypeId) -> String {
    let refer = |ty: &Type| reference(resolve, *ty);
    let payload = |ty: &Option<Type>| {
        ty.as_ref()
            .map(|ty| format!("({})", refer(ty)))
            .unwrap_or_default()
    };
    let members = |word: &str, members: Vec<String>| format!("{word} {{ {} }}", members.join(", "));
    match &resolve.types[id].kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            members(
                "record",
                fields
                    .map(|field| format!("{}: {}", field.name, refer(&field.ty)))
                    .collect(),
            )
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter();
            members(
                "variant",
                cases
                    .map(|case| format!("{}{}", case.name, payload(&case.ty)))
                    .collect(),
            )
        }
        TypeDefKind::Enum(list) => members(
            "enum",
            list.cases.iter().map(|case| case.name.clone()).collect(),
        ),
        TypeDefKind::Flags(list) => members(
            "flags",
            list.flags.iter().map(|flag| flag.name.clone()).collect(),
        ),
        TypeDefKind::Resource => "resource".to_owned(),
        _ => structure(resolve, id),
    }
}

/// A type as a field or a parameter names it: a type of its own by its name, an alias by what it
/// stands for.
fn reference(resolve: &Resolve, ty: Type) -> String {
    let plain = match ty {
        Type::Id(id) => {
            let named = &resolve.types[id];
            let stands_alone = matches!(
                named.kind,
                TypeDefKind::Record(_)
                    | TypeDefKind::Variant(_)
                    | TypeDefKind::Enum(_)
                    | TypeDefKind::Flags(_)
                    | TypeDefKind::Resource
            );
            return match (&named.name, named.owner) {
                (Some(name), TypeOwner::Interface(owner)) if stands_alone => {
                    format!("{}.{name}", interface_name(resolve, owner))
                }
                _ if stands_alone => definition(resolve, id),
                _ => structure(resolve, id),
            };
        }
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U16 => "u16",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S8 => "s8",
        Type::S16 => "s16",
        Type::S32 => "s32",
        Type::S64 => "s64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::ErrorContext => "error-context",
    };
    plain.to_owned()
}

/// A type that is built of others, without its own name.
fn structure(resolve: &Resolve, id: TypeId) -> String {
    let refer = |ty: &Type| reference(resolve, *ty);
    let perhaps = |ty: &Option<Type>| ty.as_ref().map_or_else(|| "_".to_owned(), refer);
    let kind = &resolve.types[id].kind;
    let inner = match kind {
        TypeDefKind::Type(ty) => return refer(ty),
        TypeDefKind::Option(ty) | TypeDefKind::List(ty) => refer(ty),
        TypeDefKind::Result(result) => format!("{}, {}", perhaps(&result.ok), perhaps(&result.err)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().map(refer).collect::<Vec<_>>().join(", "),
        TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => refer(&Type::Id(*id)),
        TypeDefKind::Map(key, value) => format!("{}, {}", refer(key), refer(value)),
        TypeDefKind::FixedLengthList(ty, length) => format!("{}, {length}", refer(ty)),
        TypeDefKind::Future(ty) | TypeDefKind::Stream(ty) => perhaps(ty),
        TypeDefKind::Record(_)
        | TypeDefKind::Variant(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Resource
        | TypeDefKind::Unknown => return definition(resolve, id),
    };
    format!("{}<{inner}>", kind.as_str())
}

//! One WIT package as one TypeScript file: a namespace for each interface that has types.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use wit_parser::{
    Docs, Function, FunctionKind, Handle, Interface, PackageId, Resolve, Type, TypeDef,
    TypeDefKind, TypeId, TypeOwner,
};

pub(crate) fn package(resolve: &Resolve, id: PackageId) -> String {
    let package = &resolve.packages[id];
    let mut body = String::new();
    let mut foreign = BTreeSet::new();
    for (name, interface) in &package.interfaces {
        let interface = &resolve.interfaces[*interface];
        docs(&mut body, "", &interface.docs);
        let _ = writeln!(body, "export namespace {} {{", pascal(name));
        let mut printer = Printer {
            resolve,
            home: id,
            interface,
            foreign: &mut foreign,
        };
        for (name, id) in &interface.types {
            printer.definition(&mut body, name, &resolve.types[*id]);
        }
        printer.functions(&mut body);
        body.push_str("}\n\n");
    }
    let mut text = format!(
        "// Made from wit/deps/{}; change that, then see sdk/build/tests/typescript_types.\n\n",
        package.name.name
    );
    for other in foreign {
        let _ = writeln!(
            text,
            "import type {{ {} }} from \"./{other}.ts\";",
            interfaces_of(resolve, &other).join(", ")
        );
    }
    text.push('\n');
    text.push_str(body.trim_end());
    text.push('\n');
    text
}

/// Imported under the package's own prefix, since every package may have an interface `types`.
fn interfaces_of(resolve: &Resolve, package: &str) -> Vec<String> {
    let found = resolve
        .packages
        .iter()
        .find(|(_, found)| found.name.name == package);
    let names = found.map(|(_, found)| found.interfaces.keys()).into_iter();
    names
        .flatten()
        .map(|name| format!("{} as {}", pascal(name), alias(package, name)))
        .collect()
}

fn alias(package: &str, interface: &str) -> String {
    format!("{}{}", pascal(package), pascal(interface))
}

struct Printer<'a> {
    resolve: &'a Resolve,
    home: PackageId,
    interface: &'a Interface,
    foreign: &'a mut BTreeSet<String>,
}

impl Printer<'_> {
    fn definition(&mut self, out: &mut String, name: &str, definition: &TypeDef) {
        docs(out, "  ", &definition.docs);
        let own = pascal(name);
        match &definition.kind {
            TypeDefKind::Record(record) => {
                let _ = writeln!(out, "  export interface {own} {{");
                for field in &record.fields {
                    docs(out, "    ", &field.docs);
                    let _ = writeln!(out, "    {}: {};", camel(&field.name), self.ty(&field.ty));
                }
                out.push_str("  }\n");
            }
            TypeDefKind::Variant(variant) => {
                let _ = writeln!(out, "  export type {own} =");
                for case in &variant.cases {
                    docs(out, "    ", &case.docs);
                    let val = case
                        .ty
                        .as_ref()
                        .map(|ty| format!("; val: {}", self.ty(ty)))
                        .unwrap_or_default();
                    let _ = writeln!(out, "    | {{ tag: \"{}\"{val} }}", case.name);
                }
                ended(out);
            }
            TypeDefKind::Enum(cases) => {
                let _ = writeln!(out, "  export type {own} =");
                for case in &cases.cases {
                    docs(out, "    ", &case.docs);
                    let _ = writeln!(out, "    | \"{}\"", case.name);
                }
                ended(out);
            }
            TypeDefKind::Resource => {
                let _ = writeln!(out, "  export interface {own} {{");
                let id = self.interface.types[name];
                for function in self.interface.functions.values() {
                    if function.kind == FunctionKind::Method(id) {
                        docs(out, "    ", &function.docs);
                        let _ = writeln!(
                            out,
                            "    {}{};",
                            camel(function.item_name()),
                            self.signature(function, 1)
                        );
                    }
                }
                out.push_str("  }\n");
            }
            other => {
                let shown = self.kind(other);
                let _ = writeln!(out, "  export type {own} = {shown};");
            }
        }
    }

    /// What a component exports or imports, as one object.
    fn functions(&mut self, out: &mut String) {
        let free: Vec<&Function> = self
            .interface
            .functions
            .values()
            .filter(|function| function.kind == FunctionKind::Freestanding)
            .collect();
        if free.is_empty() {
            return;
        }
        out.push_str("  export interface Functions {\n");
        for function in free {
            docs(out, "    ", &function.docs);
            let _ = writeln!(
                out,
                "    {}{};",
                camel(&function.name),
                self.signature(function, 0)
            );
        }
        out.push_str("  }\n");
    }

    /// A `result` is what is returned; its error is thrown.
    fn signature(&mut self, function: &Function, skip: usize) -> String {
        let mut parameters = Vec::new();
        for parameter in function.params.iter().skip(skip) {
            let shown = self.ty(&parameter.ty);
            parameters.push(format!("{}: {shown}", camel(&parameter.name)));
        }
        let result = match &function.result {
            None => "void".to_owned(),
            Some(Type::Id(id)) => match &self.resolve.types[*id].kind {
                TypeDefKind::Result(result) => match &result.ok {
                    Some(ok) => self.ty(ok),
                    None => "void".to_owned(),
                },
                _ => self.named(*id),
            },
            Some(ty) => self.ty(ty),
        };
        format!("({}): {result}", parameters.join(", "))
    }

    fn ty(&mut self, ty: &Type) -> String {
        match ty {
            Type::Bool => "boolean".to_owned(),
            Type::Char | Type::String => "string".to_owned(),
            Type::ErrorContext => "unknown".to_owned(),
            Type::Id(id) => self.named(*id),
            _ => "number".to_owned(),
        }
    }

    fn named(&mut self, id: TypeId) -> String {
        let definition = &self.resolve.types[id];
        let Some(name) = &definition.name else {
            return self.kind(&definition.kind);
        };
        let TypeOwner::Interface(owner) = definition.owner else {
            return pascal(name);
        };
        let owner = &self.resolve.interfaces[owner];
        let (Some(package), Some(interface)) = (owner.package, &owner.name) else {
            return pascal(name);
        };
        if package == self.home {
            return format!("{}.{}", pascal(interface), pascal(name));
        }
        let package = &self.resolve.packages[package].name.name;
        self.foreign.insert(package.clone());
        format!("{}.{}", alias(package, interface), pascal(name))
    }

    fn kind(&mut self, kind: &TypeDefKind) -> String {
        match kind {
            TypeDefKind::Type(ty) => self.ty(ty),
            TypeDefKind::Option(ty) => format!("{} | null", self.ty(ty)),
            TypeDefKind::List(Type::U8) => "Uint8Array".to_owned(),
            TypeDefKind::List(ty) => match self.ty(ty) {
                inner if inner.contains('|') => format!("({inner})[]"),
                inner => format!("{inner}[]"),
            },
            TypeDefKind::Tuple(tuple) => {
                let parts: Vec<String> = tuple.types.iter().map(|ty| self.ty(ty)).collect();
                format!("[{}]", parts.join(", "))
            }
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => self.named(*id),
            _ => "unknown".to_owned(),
        }
    }
}

fn ended(out: &mut String) {
    out.pop();
    out.push_str(";\n");
}

fn docs(out: &mut String, indent: &str, docs: &Docs) {
    let Some(text) = &docs.contents else {
        return;
    };
    let lines: Vec<&str> = text.trim_end().lines().collect();
    if let [line] = lines.as_slice() {
        let _ = writeln!(out, "{indent}/** {line} */");
        return;
    }
    let _ = writeln!(out, "{indent}/**");
    for line in lines {
        let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
    }
    let _ = writeln!(out, "{indent} */");
}

fn pascal(name: &str) -> String {
    name.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect()
            })
        })
        .collect()
}

fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut letters = pascal.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

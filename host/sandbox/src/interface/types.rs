//! One type of a component held against one of the contract.

use std::fmt;
use wasmtime::component::types::Type as Theirs;
use wit_parser::{Handle, Resolve, Type as Ours, TypeDefKind};

/// Where in a function's types something stands, in words.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    function: &'a str,
    /// `parameter `contact``, or `result`.
    side: String,
    /// The way down from there, e.g. `contacts[].interaction`.
    path: String,
}

impl<'a> Place<'a> {
    pub(super) fn parameter(function: &'a str, name: &str) -> Self {
        Place {
            function,
            side: format!("parameter `{name}`"),
            path: String::new(),
        }
    }

    pub(super) fn result(function: &'a str) -> Self {
        Place {
            function,
            side: "result".to_owned(),
            path: String::new(),
        }
    }

    /// A field, a case or a place in a tuple.
    fn member(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.below(&format!("{dot}{name}"))
    }

    fn below(&self, step: &str) -> Self {
        Place {
            path: format!("{}{step}", self.path),
            ..self.clone()
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.function, self.side)?;
        match self.path.is_empty() {
            true => Ok(()),
            false => write!(f, ": `{}`", self.path),
        }
    }
}

/// Writes down where `theirs` is not `ours`. It goes down no further than `ours` does, whose depth
/// and breadth are the contract's.
pub(super) fn compare(
    resolve: &Resolve,
    place: &Place<'_>,
    theirs: &Theirs,
    ours: Ours,
    found: &mut Vec<String>,
) {
    let kind = match ours {
        Ours::Id(id) => match &resolve.types[id].kind {
            TypeDefKind::Type(named) => return compare(resolve, place, theirs, *named, found),
            kind => kind,
        },
        plain => {
            if word(theirs) != plain_word(plain) {
                found.push(differs(place, theirs, plain_word(plain)));
            }
            return;
        }
    };
    let mut down = |place: Place<'_>, theirs: &Theirs, ours: Ours| {
        compare(resolve, &place, theirs, ours, found);
    };
    match (theirs, kind) {
        (Theirs::List(theirs), TypeDefKind::List(ours)) => {
            down(place.below("[]"), &theirs.ty(), *ours);
        }
        (Theirs::Option(theirs), TypeDefKind::Option(ours)) => {
            down(place.clone(), &theirs.ty(), *ours);
        }
        (Theirs::Result(theirs), TypeDefKind::Result(ours)) => {
            for (side, theirs, ours) in [
                ("ok", theirs.ok(), ours.ok),
                ("err", theirs.err(), ours.err),
            ] {
                payload(resolve, &place.member(side), theirs, ours, found);
            }
        }
        (Theirs::Tuple(theirs), TypeDefKind::Tuple(ours))
            if theirs.types().len() == ours.types.len() =>
        {
            for (number, (theirs, ours)) in theirs.types().zip(&ours.types).enumerate() {
                down(place.member(&number.to_string()), &theirs, *ours);
            }
        }
        (Theirs::Record(theirs), TypeDefKind::Record(ours)) => {
            let has: Vec<_> = theirs.fields().collect();
            let names: Vec<&str> = has.iter().map(|field| field.name).collect();
            let wanted: Vec<&str> = ours.fields.iter().map(|field| &*field.name).collect();
            members("field", place, &names, &wanted, found);
            for wanted in &ours.fields {
                if let Some(field) = has.iter().find(|field| field.name == wanted.name) {
                    compare(
                        resolve,
                        &place.member(field.name),
                        &field.ty,
                        wanted.ty,
                        found,
                    );
                }
            }
        }
        (Theirs::Variant(theirs), TypeDefKind::Variant(ours)) => {
            let has: Vec<_> = theirs.cases().collect();
            let names: Vec<&str> = has.iter().map(|case| case.name).collect();
            let wanted: Vec<&str> = ours.cases.iter().map(|case| &*case.name).collect();
            members("case", place, &names, &wanted, found);
            for wanted in &ours.cases {
                if let Some(case) = has.iter().find(|case| case.name == wanted.name) {
                    let place = place.member(case.name);
                    payload(resolve, &place, case.ty.clone(), wanted.ty, found);
                }
            }
        }
        (Theirs::Enum(theirs), TypeDefKind::Enum(ours)) => {
            let names: Vec<&str> = theirs.names().collect();
            let wanted: Vec<&str> = ours.cases.iter().map(|case| &*case.name).collect();
            members("case", place, &names, &wanted, found);
        }
        (Theirs::Flags(theirs), TypeDefKind::Flags(ours)) => {
            let names: Vec<&str> = theirs.names().collect();
            let wanted: Vec<&str> = ours.flags.iter().map(|flag| &*flag.name).collect();
            members("flag", place, &names, &wanted, found);
        }
        (Theirs::Own(_), TypeDefKind::Handle(Handle::Own(_)))
        | (Theirs::Borrow(_), TypeDefKind::Handle(Handle::Borrow(_))) => {}
        (theirs, kind) => found.push(differs(place, theirs, &described(resolve, kind))),
    }
}

/// What a case or a result carries, perhaps nothing.
fn payload(
    resolve: &Resolve,
    place: &Place<'_>,
    theirs: Option<Theirs>,
    ours: Option<Ours>,
    found: &mut Vec<String>,
) {
    match (theirs, ours) {
        (Some(theirs), Some(ours)) => compare(resolve, place, &theirs, ours, found),
        (Some(theirs), None) => found.push(differs(place, &theirs, "nothing")),
        (None, Some(_)) => found.push(format!("{place} carries nothing, the world has something")),
        (None, None) => {}
    }
}

fn differs(place: &Place<'_>, theirs: &Theirs, ours: &str) -> String {
    format!("{place} is {}, the world has {ours}", word(theirs))
}

/// Names are part of a type, and so is their order.
fn members(what: &str, place: &Place<'_>, has: &[&str], wanted: &[&str], found: &mut Vec<String>) {
    if has == wanted {
        return;
    }
    let before = found.len();
    for name in wanted.iter().filter(|name| !has.contains(name)) {
        found.push(format!("{place} lacks the {what} `{name}`"));
    }
    for name in has.iter().filter(|name| !wanted.contains(name)) {
        found.push(format!(
            "{place} has the {what} `{name}`, which the world has not"
        ));
    }
    if found.len() == before {
        found.push(format!(
            "{place} has its {what}s in another order than the world: {}",
            has.join(", ")
        ));
    }
}

fn plain_word(ours: Ours) -> &'static str {
    match ours {
        Ours::Bool => "bool",
        Ours::U8 => "u8",
        Ours::U16 => "u16",
        Ours::U32 => "u32",
        Ours::U64 => "u64",
        Ours::S8 => "s8",
        Ours::S16 => "s16",
        Ours::S32 => "s32",
        Ours::S64 => "s64",
        Ours::F32 => "f32",
        Ours::F64 => "f64",
        Ours::Char => "char",
        Ours::String => "string",
        Ours::ErrorContext => "error-context",
        Ours::Id(_) => "a type",
    }
}

/// One level down, where that tells more: `list<u8>`, not just `list`.
fn described(resolve: &Resolve, kind: &TypeDefKind) -> String {
    let inner = |ours: &Ours| match ours {
        Ours::Id(id) => match &resolve.types[*id].name {
            Some(name) => name.clone(),
            None => resolve.types[*id].kind.as_str().to_owned(),
        },
        plain => plain_word(*plain).to_owned(),
    };
    match kind {
        TypeDefKind::List(of) => format!("list<{}>", inner(of)),
        TypeDefKind::Option(of) => format!("option<{}>", inner(of)),
        kind => kind.as_str().to_owned(),
    }
}

/// As [`described`], in as far as a compiled component still has the names.
fn word(theirs: &Theirs) -> String {
    match theirs {
        Theirs::List(of) => format!("list<{}>", word_of_inner(&of.ty())),
        Theirs::Option(of) => format!("option<{}>", word_of_inner(&of.ty())),
        other => word_of_inner(other).to_owned(),
    }
}

fn word_of_inner(theirs: &Theirs) -> &'static str {
    match theirs {
        Theirs::Bool => "bool",
        Theirs::S8 => "s8",
        Theirs::U8 => "u8",
        Theirs::S16 => "s16",
        Theirs::U16 => "u16",
        Theirs::S32 => "s32",
        Theirs::U32 => "u32",
        Theirs::S64 => "s64",
        Theirs::U64 => "u64",
        Theirs::Float32 => "f32",
        Theirs::Float64 => "f64",
        Theirs::Char => "char",
        Theirs::String => "string",
        Theirs::List(_) => "list",
        Theirs::Map(_) => "map",
        Theirs::Record(_) => "record",
        Theirs::Tuple(_) => "tuple",
        Theirs::Variant(_) => "variant",
        Theirs::Enum(_) => "enum",
        Theirs::Option(_) => "option",
        Theirs::Result(_) => "result",
        Theirs::Flags(_) => "flags",
        Theirs::Own(_) => "own",
        Theirs::Borrow(_) => "borrow",
        Theirs::Future(_) => "future",
        Theirs::Stream(_) => "stream",
        Theirs::ErrorContext => "error-context",
        Theirs::FixedLengthList(_) => "fixed-length list",
    }
}

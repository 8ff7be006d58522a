//! The types of `sdk/typescript/src/wit`, made from `wit/`: a file a package, as QuickJS components
//! pass values (`u64` is a number, `option` is `null`, a variant is `{tag, val}`). The test fails
//! when a file is not what `wit/` says; `HOTLINE_WRITE_TYPES=1` writes them anew.

mod print;

use std::path::Path;
use wit_parser::Resolve;

/// The packages that plugins in TypeScript see.
const SHOWN: [&str; 7] = [
    "common",
    "host",
    "ivr",
    "routing",
    "flow-language",
    "qa",
    "connector",
];

#[test]
fn the_typescript_types_are_those_of_the_contract() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut resolve = Resolve::default();
    resolve
        .push_dir(root.join("wit"))
        .expect("the contract parses");
    let folder = root.join("sdk/typescript/src/wit");
    let mut stale = Vec::new();
    for (id, package) in resolve.packages.iter() {
        if !SHOWN.contains(&package.name.name.as_str()) {
            continue;
        }
        let text = print::package(&resolve, id);
        let file = folder.join(format!("{}.ts", package.name.name));
        if std::fs::read_to_string(&file).is_ok_and(|present| present == text) {
            continue;
        }
        if std::env::var_os("HOTLINE_WRITE_TYPES").is_some() {
            std::fs::create_dir_all(&folder).expect("a folder for the types");
            std::fs::write(&file, text).expect("room for the types");
        } else {
            stale.push(package.name.name.clone());
        }
    }
    assert!(
        stale.is_empty(),
        "wit/ has changed ({}); write the types anew: \
         HOTLINE_WRITE_TYPES=1 cargo test -p hotline-plugin-build --test typescript_types",
        stale.join(", ")
    );
}

//! What counts as a change of the contract.

use hotline_museum::contract::Contract;
use wit_parser::Resolve;

const RELEASED: &str = "
    package hotline:sky@1.0.0;
    interface types { record star { name: string, ext: list<string> } }
    interface lamp { use types.{star}; resource beam { to: func(); } on: func(at: star); }
    interface flow { use types.{star}; step: func(input: star) -> result<star, string>; }
    world night { import lamp; export flow; }
";

fn contract(text: &str) -> Contract {
    let mut resolve = Resolve::default();
    resolve.push_source("sky.wit", text).expect("it parses");
    Contract::of(&resolve)
}

fn broken(change: &[(&str, &str)]) -> String {
    let mut text = RELEASED.to_owned();
    for (from, to) in change {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    contract(RELEASED).broken_by(&contract(&text)).join("\n")
}

#[test]
fn imports_may_grow_and_new_worlds_may_include_the_old() {
    for change in [
        (
            "on: func(at: star);",
            "on: func(at: star); /// New.\n off: func();",
        ),
        ("to: func();", "to: func(); away: func();"),
        ("interface types {", "interface types { enum hue { red } "),
        (
            "world night",
            "world day { include night; export types; } world night",
        ),
        ("import lamp;", "import lamp; import types;"),
        ("1.0.0", "1.0.1"),
        ("1.0.0", "1.1.0"),
    ] {
        assert_eq!(broken(&[change]), "", "{change:?}");
    }
}

#[test]
fn what_plugins_were_built_on_may_not_change() {
    for (change, expected) in [
        (
            ("name: string,", "name: string, hue: u8,"),
            "type `star` was\n    record { name: string, ext: list<string> }",
        ),
        (
            ("-> result<star, string>", "-> result<star>"),
            "interface `flow`: function `step` was",
        ),
        (("on: func(at: star);", ""), "function `on` is gone"),
        (
            ("to: func();", "to: func() -> u32;"),
            "function `[method]beam.to` was",
        ),
        (
            ("step:", "stop: func(); step:"),
            "`flow` is exported by plugins and has gained `stop`",
        ),
        (
            ("export flow;", "export flow; export types;"),
            "wants the export `hotline:sky/types`",
        ),
        (("import lamp;", ""), "no longer imports `hotline:sky/lamp`"),
        (("world night", "world day"), "world `night` is gone"),
        (("1.0.0", "2.0.0"), "hotline:sky@1.0.0 is gone"),
    ] {
        let found = broken(&[change]);
        assert!(found.contains(expected), "{change:?}: {found}");
    }
}

#[test]
fn before_1_0_a_new_version_is_free() {
    let early = |version: &str, text: &str| contract(&text.replace("1.0.0", version));
    let changed = RELEASED.replace("name: string,", "");
    assert!(
        !early("0.2.0", RELEASED)
            .broken_by(&early("0.2.0", &changed))
            .is_empty()
    );
    assert!(
        early("0.2.0", RELEASED)
            .broken_by(&early("0.3.0", &changed))
            .is_empty()
    );
    assert_eq!(early("0.2.0", RELEASED).frozen().count(), 0);
}

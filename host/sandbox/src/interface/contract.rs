//! The contract's own types, read from `wit/`.

use std::sync::LazyLock;
use wit_parser::Resolve;

/// Each after those that it uses.
const PACKAGES: [(&str, &str); 7] = [
    (
        "common",
        include_str!("../../../../wit/deps/common/types.wit"),
    ),
    ("host", include_str!("../../../../wit/deps/host/host.wit")),
    ("ivr", include_str!("../../../../wit/deps/ivr/ivr.wit")),
    (
        "routing",
        include_str!("../../../../wit/deps/routing/routing.wit"),
    ),
    (
        "flow-language",
        include_str!("../../../../wit/deps/flow-language/flow-language.wit"),
    ),
    ("qa", include_str!("../../../../wit/deps/qa/qa.wit")),
    (
        "connector",
        include_str!("../../../../wit/deps/connector/connector.wit"),
    ),
];

/// None if the files could not be read, which the tests exclude.
pub(super) fn contract() -> Option<&'static Resolve> {
    static CONTRACT: LazyLock<Option<Resolve>> = LazyLock::new(|| match read() {
        Ok(resolve) => Some(resolve),
        Err(problem) => {
            tracing::error!(problem, "The contract's types can not be read.");
            None
        }
    });
    CONTRACT.as_ref()
}

fn read() -> Result<Resolve, String> {
    let mut resolve = Resolve::default();
    for (name, text) in PACKAGES {
        let pushed = resolve.push_source(&format!("{name}.wit"), text);
        pushed.map_err(|error| format!("{name}: {error:#}"))?;
    }
    Ok(resolve)
}

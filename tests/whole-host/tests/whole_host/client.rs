//! The console's client is generated from the host's own description of its API, and must not drift
//! from it.

use hotline_whole_host::host::root;
use hotline_whole_host::{Api, Host};
use std::collections::BTreeSet;

/// Names declared in a part of the generated client, at this depth of four spaces each.
fn declared(client: &str, begin: &str, depth: usize) -> BTreeSet<String> {
    let (indent, end) = (
        "    ".repeat(depth),
        format!("{}}}", "    ".repeat(depth - 1)),
    );
    let part = client.lines().skip_while(|line| line.trim() != begin);
    let part = part.skip(1).take_while(|line| !line.starts_with(&end));
    part.filter_map(|line| {
        let name = line.strip_prefix(&indent)?.split_once(':')?.0;
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (is_name && !name.is_empty()).then(|| name.to_owned())
    })
    .collect()
}

#[test]
fn the_consoles_client_has_the_operations_and_schemas_of_the_hosts_document() {
    let host = Host::start();
    let document = Api::anonymous(host.http).get("/openapi.json");
    let path = root().join("host/console/src/api/schema.d.ts");
    let client = std::fs::read_to_string(path).expect("the generated client");

    let paths = document["paths"].as_object().expect("the paths");
    let operations = paths.values().filter_map(|path| path.as_object());
    let operations: BTreeSet<String> = operations
        .flat_map(|path| path.values())
        .filter_map(|operation| operation["operationId"].as_str())
        .map(str::to_owned)
        .collect();
    let told = "run a host, then `npm run generate` in host/console";
    assert!(operations.len() > 40, "{operations:?}");
    assert_eq!(
        declared(&client, "export interface operations {", 1),
        operations,
        "{told}"
    );
    let schemas = document["components"]["schemas"].as_object();
    let schemas = schemas.expect("the schemas").keys().cloned().collect();
    assert_eq!(declared(&client, "schemas: {", 2), schemas, "{told}");
}

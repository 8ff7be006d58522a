//! What an author is told of a wrong manifest, and what an administrator is told of a right one.

use hotline_manifest::{Declared, Facts, Manifest, Problem, World, check_config, check_schema};
use serde_json::{Value, json};

fn facts(world: World) -> Facts {
    Facts {
        name: "crm".to_owned(),
        version: "1.2.0".to_owned(),
        sdk: "rust 0.1.0".to_owned(),
        world,
    }
}

fn connector() -> Value {
    json!({
        "description": {"en": "Finds customers.", "zh-CN": "查找客户。"},
        "http": [{
            "name": "crm",
            "base_url": "{{config:base_url}}/v1",
            "methods": ["POST", "GET"],
            "auth": {"kind": "oauth2_client_credentials", "token_url": "https://id.example.com/token",
                     "client_id": "{{config:client}}", "secret": "client-secret"}
        }],
        "secrets": [{"name": "client-secret", "description": {"en": "From the CRM's settings"}}],
        "config_schema": {
            "type": "object",
            "required": ["base_url", "client"],
            "additionalProperties": false,
            "properties": {
                "base_url": {"type": "string", "format": "uri"},
                "client": {"type": "string", "pattern": "^[a-z]+$"},
                "queue": {"type": "string", "x-hotline": "queue"},
                "retries": {"$ref": "#/$defs/few"}
            },
            "$defs": {"few": {"type": "integer", "maximum": 3}}
        },
        "metrics": [{"name": "found", "kind": "counter"}]
    })
}

fn built(declared: &Value) -> Result<Manifest, Vec<String>> {
    let told = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect();
    Declared::parse(&declared.to_string())
        .and_then(|declared| declared.complete(&facts(World::CrmConnector)))
        .map_err(told)
}

#[test]
fn what_the_build_writes_the_host_reads() {
    let manifest = built(&connector()).expect("it is right");
    assert_eq!(manifest.name, "crm");
    assert_eq!(Manifest::parse(&manifest.to_json()), Ok(manifest));
}

#[test]
fn a_schema_keeps_its_authors_order() {
    let declared = r#"{"config_schema": {"type": "object", "properties": {
        "url": {"type": "string", "title": "Address"},
        "account": {"type": "string"}
    }}}"#;
    let manifest = Declared::parse(declared)
        .and_then(|declared| declared.complete(&facts(World::QaRule)))
        .and_then(|built| Manifest::parse(&built.to_json()))
        .expect("it is right");
    let told = serde_json::to_string(&manifest.config_schema).expect("JSON");
    let place = |word: &str| told.find(word).expect("it is there");
    assert!(place("url") < place("account"), "{told}");
    assert!(place("title") > place("url"), "{told}");
}

#[test]
fn every_mistake_is_told_with_its_place() {
    let edits: [(&str, Value, &str); 13] = [
        (
            "/http/0/methods",
            json!(["FETCH"]),
            "http[0].methods[0]: unknown variant `FETCH`",
        ),
        ("/http/0/methods", json!([]), "http[0].methods: is empty"),
        (
            "/http/0/name",
            json!("CRM 1"),
            "http[0].name: `CRM 1` is no name",
        ),
        (
            "/http/0/base_url",
            json!("ftp://x"),
            "http[0].base_url: does not begin with `https://`",
        ),
        (
            "/http/0/base_url",
            json!("https://me:pw@x/"),
            "http[0].base_url: names a user",
        ),
        (
            "/http/0/base_url",
            json!("https://x/{{secret:client-secret}}"),
            "http[0].base_url: holds `{{`",
        ),
        (
            "/http/0/base_url",
            json!("{{config:address}}"),
            "takes `address` from the configuration",
        ),
        (
            "/http/0/auth/secret",
            json!("other"),
            "http[0].auth: needs the secret `other`",
        ),
        (
            "/http/0/auth/kind",
            json!("digest"),
            "http[0].auth.kind: unknown variant `digest`",
        ),
        (
            "/secrets/0/nam",
            json!("x"),
            "secrets[0].nam: unknown field `nam`",
        ),
        (
            "/metrics/0/name",
            json!("Found!"),
            "metrics[0].name: `Found!` is no name",
        ),
        (
            "/config_schema/properties/client/x-hotline-text",
            json!({"zh-CN": {"titel": "客户端"}}),
            "config_schema/properties/client/x-hotline-text/zh-CN/titel: is not understood",
        ),
        ("/world", json!("qa-rule"), "world: says `qa-rule`"),
    ];
    for (pointer, value, expected) in edits {
        let mut declared = connector();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        declared.pointer_mut(parent).expect("it is there")[key] = value;
        let told = built(&declared).expect_err(expected);
        assert!(
            told.iter().any(|line| line.contains(expected)),
            "{expected}: {told:?}"
        );
    }
}

#[test]
fn a_comma_too_many_is_told_by_line_and_column() {
    let problems = Declared::parse("{\n  \"http\": [],\n}\n").expect_err("no JSON");
    assert_eq!(problems[0].to_string(), "line 3, column 1: trailing comma");
}

#[test]
fn only_a_connector_asks_for_requests_and_secrets() {
    let declared = Declared::parse(&connector().to_string()).expect("it reads");
    let problems = declared
        .complete(&facts(World::QaRule))
        .expect_err("no requests for rules");
    let paths: Vec<&str> = problems
        .iter()
        .map(|problem| problem.path.as_str())
        .collect();
    assert_eq!(paths, ["secrets", "http"]);
}

#[test]
fn permissions_are_plain_sentences_that_change_with_what_is_asked_for() {
    let before = built(&connector()).expect("it is right").permissions();
    let sentences: Vec<&str> = before
        .iter()
        .map(|permission| permission.en.as_str())
        .collect();
    assert!(sentences.contains(
        &"Sends GET, POST requests to the address in its configuration (`base_url`), as `crm`."
    ));
    assert!(before.iter().all(|permission| !permission.zh.is_empty()));

    let mut asking_more = connector();
    asking_more["http"][0]["methods"] = json!(["GET", "POST", "DELETE"]);
    let after = built(&asking_more).expect("it is right").permissions();
    let new: Vec<_> = after
        .iter()
        .filter(|permission| !before.contains(permission))
        .collect();
    assert_eq!(new.len(), 1);
    assert!(new[0].en.contains("DELETE"), "{:?}", new[0]);
}

#[test]
fn a_configuration_is_refused_with_the_place_of_each_value() {
    let manifest = built(&connector()).expect("it is right");
    let schema = manifest.config_schema.expect("it has one");
    let good = json!({"base_url": "https://crm.example.com", "client": "me", "retries": 3});
    assert_eq!(check_config(schema.value(), &good), Ok(()));
    let bad = json!({"client": "ME", "retries": 4, "colour": "red"});
    let problems = check_config(schema.value(), &bad).expect_err("it does not fit");
    let mut places: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (problem.pointer.as_str(), problem.keyword.as_str()))
        .collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            ("", "additionalProperties"),
            ("/base_url", "required"),
            ("/client", "pattern"),
            ("/retries", "maximum"),
        ]
    );
}

#[test]
fn hostile_schemas_are_refused_quickly() {
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    let mut doubling = json!({"type": "object", "$defs": {"d0": {"type": "string"}}});
    for level in 1..=40 {
        let below = format!("#/$defs/d{}", level - 1);
        doubling["$defs"][format!("d{level}")] =
            json!({"allOf": [{"$ref": below}, {"$ref": below}]});
    }
    doubling["properties"] = json!({"a": {"$ref": "#/$defs/d40"}});
    let mut deep = json!({});
    for _ in 0..60 {
        deep = json!({"not": deep});
    }
    let cases = [
        (doubling, "unfolds to more than"),
        (
            object(json!({"a": {"$ref": "https://example.com/schema.json"}})),
            "must point into this",
        ),
        (object(json!({"a": {"$ref": "#"}})), "refers to itself"),
        (
            object(
                json!({"a": {"default": {"$ref": "#"}}, "b": {"$ref": "#/properties/a/default"}}),
            ),
            "where no schema is",
        ),
        (
            object(json!({"a": {"pattern": "(a{1000}){1000}"}})),
            "pattern",
        ),
        (object(json!({"a": {"pattern": "(?=a)b"}})), "pattern"),
        (
            object(json!({"a": {"$dynamicRef": "#x"}})),
            "`$dynamicRef` is not understood",
        ),
        (
            object(json!({"a": {"requierd": []}})),
            "/properties/a/requierd",
        ),
        (object(json!({"a": deep})), "nested more than"),
        (
            object(json!({"a": {"enum": ["x".repeat(70_000)]}})),
            "bytes",
        ),
        (json!({"type": "string"}), "must be `object`"),
        (json!(7), "must be `object`"),
    ];
    let began = std::time::Instant::now();
    for (schema, expected) in cases {
        let problems = check_schema(&schema).expect_err(expected);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(
            told.iter().any(|line| line.contains(expected)),
            "{expected}: {told:?}"
        );
    }
    // Unfolding two to the power of forty would take days.
    assert!(began.elapsed().as_secs() < 10);
}

#[test]
fn a_pattern_that_backtracks_elsewhere_takes_linear_time_here() {
    let schema = json!({"type": "object", "properties": {"a": {"pattern": "^(a+)+$"}}});
    let config = json!({"a": format!("{}!", "a".repeat(30_000))});
    assert!(check_config(&schema, &config).is_err());
}

#[test]
fn a_placed_secret_is_declared_named_and_told_to_the_administrator() {
    let placing = |placements: Value| {
        let mut connector = connector();
        connector["http"][0]["placements"] = placements;
        built(&connector)
    };
    let right = placing(json!([{"secret": "client-secret", "in": "header", "name": "X-Key"}]));
    let permissions = right.expect("it is right").permissions();
    assert!(
        permissions
            .iter()
            .any(|one| one.en.contains("`client-secret` into the header `X-Key`")),
        "{permissions:?}"
    );
    for (placement, said) in [
        (
            json!({"secret": "other", "in": "body"}),
            "http[0].placements[0].secret: places the secret `other`, which `secrets` does not",
        ),
        (
            json!({"secret": "client-secret", "in": "query"}),
            "http[0].placements[0]: needs `name`",
        ),
        (
            json!({"secret": "client-secret", "in": "body", "name": "pin"}),
            "http[0].placements[0].name: a body has no name",
        ),
        (
            json!({"secret": "client-secret", "in": "header", "name": "Host"}),
            "http[0].placements[0].name: `Host` is the host's own",
        ),
    ] {
        let told = placing(json!([placement])).expect_err("wrong");
        assert!(told.iter().any(|one| one.starts_with(said)), "{told:?}");
    }
}

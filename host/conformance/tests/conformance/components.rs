//! Compiled plugins, by the production engine.

use hotline_conformance::{Effort, Kind, Report, run};
use hotline_sandbox::offline::{Bench, Plugin};
use hotline_sandbox::{Compiling, PluginKind};
use std::path::Path;

fn plugin(kind: PluginKind, name: &str) -> Plugin {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let places = ["plugins/dist", "tests/hostile-guests/dist", "examples/dist"];
    let component = places
        .iter()
        .find_map(|place| std::fs::read(root.join(place).join(format!("{name}.wasm"))).ok())
        .unwrap_or_else(|| panic!("{name}.wasm is not built: run `make plugins hostile`"));
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conformance-compiled");
    let bench = Bench::open(Compiling::Here, &cache, 1).expect("a bench opens");
    let config = match name {
        "rest_connector_minimal" => r#"{"base_url": "https://crm.example.com"}"#,
        "rest_connector" => {
            r#"{
                "base_url": "https://crm.example.com", "auth": "bearer",
                "find": [
                    {"path": "/customers", "query": {"phone": "{phone}"}, "items": "/data"},
                    {"path": "/customers/{id}", "items": "/data"}
                ],
                "customer": {"id": "/id", "name": "/name"},
                "log": {"path": "/calls", "body": {"note": "{body}", "customer": "{customer}"}},
                "check": {"path": "/me"}
            }"#
        }
        _ => "{}",
    };
    bench
        .load(kind, name, name, &component, config)
        .unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

fn tried(kind: PluginKind, name: &str) -> Report {
    let laws = match kind {
        PluginKind::Flow | PluginKind::Language => Kind::Flow,
        PluginKind::Policy => Kind::Policy,
        // All that are here do both.
        PluginKind::Qa => Kind::QaRuleAndLive,
        PluginKind::Connector => Kind::Connector,
    };
    let effort = Effort {
        cases: 16,
        ..Effort::default()
    };
    run(&plugin(kind, name), laws, &[], effort, &|_| {})
}

fn problem(report: &Report, law: &str) -> Option<String> {
    let check = report.checks.iter().find(|check| check.name == law)?;
    check
        .failure
        .as_ref()
        .map(|failure| failure.problem.clone())
}

#[test]
fn shipped_and_example_plugins_hold_every_law() {
    let rows = [
        (PluginKind::Policy, "best_skill", "decide"),
        (PluginKind::Policy, "returning_customer", "decide"),
        (PluginKind::Flow, "rust_flow", "step"),
        (PluginKind::Flow, "order_line", "step"),
        (PluginKind::Qa, "qa_greeting", "observe"),
        (PluginKind::Qa, "phrase_checklist", "observe"),
        (PluginKind::Connector, "rest_connector_minimal", "resume"),
        (PluginKind::Connector, "rest_connector", "resume"),
        (PluginKind::Connector, "hubspot_connector", "resume"),
    ];
    for (kind, name, function) in rows {
        let report = tried(kind, name);
        assert!(report.passed(), "{name}: {:#?}", report.checks);
        let mut lines = report.budget.iter();
        let line = lines.find(|line| line.function == function);
        let line = line.unwrap_or_else(|| panic!("{name} was never asked to {function}"));
        assert!(line.fuel.p50 > 0 && line.fuel.max < line.fuel.limit);
    }
}

#[test]
fn policies_that_break_a_law_are_found_out() {
    let rows = [
        ("policy_loops_forever", "out of fuel"),
        ("policy_names_strangers", "nonsense"),
        ("policy_names_one_twice", "two contacts"),
        ("policy_gives_to_nobody", "agent"),
        ("policy_ranks_nonsense", "nonsense"),
    ];
    for (name, expected) in rows {
        let report = tried(PluginKind::Policy, name);
        let told = problem(&report, "sound");
        let told = told.unwrap_or_else(|| panic!("{name} is no sound policy"));
        // Which flaw is met first is the seed's choice.
        assert!(
            told.contains(expected)
                || told.contains("about the contact")
                || told.contains("who is"),
            "{name}: {told}"
        );
    }
}

#[test]
fn flows_that_break_a_law_are_found_out() {
    let rows = [
        ("does_nothing", "silence"),
        ("spins_through_steps", "without anything to wait for"),
        ("works_once_then_panics", "trapped"),
        ("returns_huge_state", "too much"),
    ];
    for (name, expected) in rows {
        let report = tried(PluginKind::Flow, name);
        let told = problem(&report, "sound");
        let told = told.unwrap_or_else(|| panic!("{name} is no sound flow"));
        assert!(told.contains(expected), "{name}: {told}");
    }
}

//! Who may know whom (ARCHITECTURE.md, "Directions").

use crate::{read, root};

/// The names below `[dependencies]` of a crate.
fn dependencies(crate_folder: &str) -> Vec<String> {
    let manifest = read(&root().join(crate_folder).join("Cargo.toml"));
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn rooms_know_only_whom_they_may_know() {
    let allowed: [(&str, &[&str]); 12] = [
        ("host/vocabulary", &[]),
        ("host/switchboard", &["hotline-vocabulary"]),
        ("host/sandbox", &["hotline-vocabulary", "hotline-manifest"]),
        ("host/media", &["hotline-vocabulary"]),
        ("host/sip", &["hotline-vocabulary"]),
        ("host/records", &["hotline-vocabulary"]),
        ("host/outbound", &["hotline-vocabulary", "hotline-manifest"]),
        ("host/traces", &["hotline-vocabulary"]),
        (
            "host/conformance",
            &["hotline-vocabulary", "hotline-sandbox"],
        ),
        ("sdk/scaffold", &[]),
        ("sdk/rust", &["hotline-sdk-macros"]),
        ("sdk/manifest", &[]),
    ];
    for (room, may_know) in allowed {
        for name in dependencies(room) {
            assert!(
                !name.starts_with("hotline-") || may_know.contains(&name.as_str()),
                "{room} may not know {name}"
            );
        }
    }
}

#[test]
fn the_switchboard_is_pure_by_its_dependencies() {
    let impure = [
        "tokio",
        "sqlx",
        "wasmtime",
        "webrtc",
        "axum",
        "rsipstack",
        "rand",
        "tracing",
    ];
    for room in ["host/switchboard", "host/vocabulary"] {
        let dependencies = dependencies(room);
        for name in impure {
            assert!(
                !dependencies.iter().any(|found| found == name),
                "{room} depends on {name}"
            );
        }
    }
}

#[test]
fn what_is_heavy_is_compiled_by_one_room_only() {
    let rooms = [
        "vocabulary",
        "switchboard",
        "sandbox",
        "media",
        "sip",
        "records",
        "outbound",
        "server",
    ];
    for (heavy, owner) in [
        ("wasmtime", "sandbox"),
        ("webrtc", "media"),
        ("rsipstack", "sip"),
        ("sqlx", "records"),
    ] {
        for room in rooms.iter().filter(|room| **room != owner) {
            let knows = dependencies(&format!("host/{room}"))
                .iter()
                .any(|name| name == heavy);
            assert!(
                !knows,
                "host/{room} depends on {heavy}, which belongs to host/{owner}"
            );
        }
    }
}

/// For connectors, to the collector of traces, and for `hotline plugin push`.
#[test]
fn three_rooms_make_http_requests() {
    let silent = [
        "vocabulary",
        "switchboard",
        "sandbox",
        "media",
        "sip",
        "records",
        "simulator",
    ];
    for room in silent {
        assert!(
            !dependencies(&format!("host/{room}")).contains(&"reqwest".to_owned()),
            "host/{room} makes no HTTP requests: host/outbound does, for connectors"
        );
    }
}

//! The binary at a terminal: what it says, and with which exit status it ends.

use std::path::Path;
use std::process::{Command, Output};

fn hotline(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hotline"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn help_names_every_command_and_option() {
    let here = tempfile::tempdir().expect("a folder");
    let help = said(&hotline(here.path(), &["--help"]));
    for word in [
        "up ",
        "check ",
        "tenant ",
        "plugin ",
        "hotline up --demo",
        "HOTLINE_",
    ] {
        assert!(help.contains(word), "no `{word}` in:\n{help}");
    }
    assert!(
        !help.contains("compile-plugin"),
        "the hidden command shows:\n{help}"
    );
    let up = said(&hotline(here.path(), &["up", "--help"]));
    for option in [
        "--data",
        "--flows",
        "--http",
        "--sip",
        "--tls",
        "--external-ip",
        "--database",
    ] {
        assert!(up.contains(option), "no `{option}` in:\n{up}");
    }
}

#[test]
fn a_mistake_in_the_settings_ends_with_its_place_and_what_was_expected() {
    let here = tempfile::tempdir().expect("a folder");
    std::fs::write(
        here.path().join("hotline.toml"),
        "data = 'd'\nhtpp = '127.0.0.1:1'\n",
    )
    .expect("room for a file");
    let output = hotline(here.path(), &["up"]);
    assert!(!output.status.success());
    let text = said(&output);
    assert!(
        text.contains("hotline.toml") && text.contains("line 2") && text.contains("htpp"),
        "{text}"
    );
}

#[test]
fn check_says_what_is_wrong_where_and_passes_what_is_right() {
    let here = tempfile::tempdir().expect("a folder");
    let flows = here.path().join("acme");
    std::fs::create_dir(&flows).expect("room for a folder");
    let script = flows.join("main.flow.yaml");
    let good = "nodes:\n  hello:\n    say: Hello.\n    next: hangup\n";
    std::fs::write(&script, good).expect("room for a file");
    let output = hotline(here.path(), &["check", "acme"]);
    assert!(output.status.success(), "{}", said(&output));

    std::fs::write(&script, good.replace("next: hangup", "next: helo")).expect("room for a file");
    let output = hotline(here.path(), &["check", "acme"]);
    assert!(!output.status.success());
    let text = said(&output);
    assert!(
        text.contains("acme/main.flow.yaml:4:11: error") && text.contains("hello"),
        "{text}"
    );
}

/// A component that `make plugins hostile` built, under the name by which its kind is known.
fn component(folder: &Path, name: &str, kind: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = format!("{name}.{kind}.wasm");
    let built = root.join("examples/dist").join(format!("{name}.wasm"));
    std::fs::copy(&built, folder.join(&file)).expect("`make hostile` builds the examples");
    file
}

#[test]
fn a_rule_judges_or_hears_what_is_said_on_the_command_line() {
    let here = tempfile::tempdir().expect("a folder");
    let rule = component(here.path(), "qa_greeting", "qa");
    let lines = [
        "--said",
        "agent: Yes?",
        "--said",
        "customer: Hello.",
        "--said",
        "agent: What is it?",
    ];
    let run = |more: &[&str]| {
        let arguments = [&["plugin", "run", &rule][..], &lines, more].concat();
        hotline(here.path(), &arguments)
    };
    let judged = said(&run(&[]));
    assert!(judged.contains("\"verdict\": \"failed\""), "{judged}");
    assert!(judged.contains("evaluate"), "{judged}");

    let heard = said(&run(&["--function", "observe"]));
    let hint = "agent: What is it?\n  Warning to Agent, greeting: Greet the customer.\n";
    assert!(heard.contains(hint), "{heard}");

    let wrong = run(&["--function", "step"]);
    assert!(!wrong.status.success());
    let text = said(&wrong);
    assert!(
        text.contains("no function `step`; it has evaluate, observe"),
        "{text}"
    );
}

#[test]
fn a_connector_meets_the_replies_of_the_command_line() {
    let here = tempfile::tempdir().expect("a folder");
    let crm = component(here.path(), "rest_connector_minimal", "connector");
    let config = here.path().join("crm.json");
    std::fs::write(&config, r#"{"base_url": "https://crm.example.com"}"#).expect("room");
    let run = |reply: &str| {
        let arguments = ["plugin", "run", &crm, "--config", "crm.json"];
        let asked = ["--function", "find-contact", "--reply", reply];
        hotline(here.path(), &[&arguments[..], &asked].concat())
    };
    let found = said(&run(r#"200 [{"id": 7, "name": "Li"}]"#));
    assert!(found.contains("/customers"), "{found}");
    assert!(found.contains("Li"), "{found}");
    let refused = said(&run("401"));
    assert!(refused.contains("connector.unauthenticated"), "{refused}");

    let output = run("perhaps");
    assert!(!output.status.success());
    let text = said(&output);
    assert!(
        text.contains("`perhaps` is no reply") && text.contains("429 retry-after 30"),
        "{text}"
    );
}

#[test]
fn options_of_another_kind_of_plugin_are_refused_by_name() {
    let here = tempfile::tempdir().expect("a folder");
    let rule = component(here.path(), "qa_greeting", "qa");
    for (option, value, whose) in [
        ("--call", "hang up", "`--call` is for a flow"),
        ("--reply", "200 []", "`--reply` is for a connector"),
    ] {
        let output = hotline(here.path(), &["plugin", "run", &rule, option, value]);
        assert!(!output.status.success());
        let text = said(&output);
        assert!(
            text.contains(whose) && text.contains("this is a QA rule"),
            "{text}"
        );
    }
}

#[test]
fn inspect_says_in_sentences_what_a_component_is_and_asks_for() {
    let here = tempfile::tempdir().expect("a folder");
    let crm = component(here.path(), "rest_connector_minimal", "connector");
    let text = said(&hotline(here.path(), &["plugin", "inspect", &crm]));
    for expected in [
        "crm-connector",
        "Has the host send your secret `api-key` to `crm`; the plugin does not see it.",
        "hotline:connector/connector@",
    ] {
        assert!(text.contains(expected), "no `{expected}` in:\n{text}");
    }

    std::fs::write(here.path().join("x.flow.wasm"), "no component").expect("room");
    let output = hotline(here.path(), &["plugin", "inspect", "x.flow.wasm"]);
    assert!(!output.status.success(), "{}", said(&output));
    let output = hotline(here.path(), &["plugin", "inspect", "nowhere.wasm"]);
    let text = said(&output);
    assert!(
        !output.status.success() && text.contains("nowhere.wasm"),
        "{text}"
    );
}

#[test]
fn doctor_says_what_there_is_what_is_missing_and_how_to_get_it() {
    let here = tempfile::tempdir().expect("a folder");
    let output = hotline(here.path(), &["plugin", "doctor"]);
    assert!(output.status.success(), "{}", said(&output));
    let text = said(&output);
    assert!(text.ends_with("Plugins can be built here.\n"), "{text}");

    let nothing = Command::new(env!("CARGO_BIN_EXE_hotline"))
        .current_dir(here.path())
        .args(["plugin", "doctor"])
        .env("PATH", here.path())
        .env("HOTLINE_GUEST_TOOLCHAIN", "source")
        .output()
        .expect("the binary runs");
    assert!(!nothing.status.success());
    let text = said(&nothing);
    for expected in [
        "missing  Rust's build tool: install Rust from https://rustup.rs",
        "missing  Node 20.19 or newer, for plugins in TypeScript: install it from https://nodejs.org",
        "Do what is said above, then run this again.",
    ] {
        assert!(text.contains(expected), "no `{expected}` in:\n{text}");
    }
}

#[test]
fn new_refuses_a_world_a_language_and_a_name_that_are_none() {
    let here = tempfile::tempdir().expect("a folder");
    for (arguments, expected) in [
        (
            ["desk", "--world", "qa", "--lang", "ts"],
            "`qa` is no world; there are ivr-flow,",
        ),
        (
            ["desk", "--world", "qa-live", "--lang", "go"],
            "not written in `go` here; there are rust, typescript",
        ),
        (
            ["2fast", "--world", "qa-live", "--lang", "ts"],
            "`2fast` can not be a plugin's name",
        ),
    ] {
        let output = hotline(here.path(), &[&["plugin", "new"][..], &arguments].concat());
        assert!(!output.status.success());
        let text = said(&output);
        assert!(text.contains(expected), "no `{expected}` in:\n{text}");
    }
    let left = std::fs::read_dir(here.path()).expect("the folder").count();
    assert_eq!(left, 0);
}

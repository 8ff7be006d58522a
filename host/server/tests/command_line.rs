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

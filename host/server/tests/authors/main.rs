//! What `hotline plugin` says to an author who made a mistake: what is wrong, where, and what to do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::JoinHandle;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut hotline = Command::new(env!("CARGO_BIN_EXE_hotline"));
    hotline
        .current_dir(folder)
        .args(["plugin"])
        .args(arguments)
        .env_remove("HOTLINE_TOKEN")
        .env_remove("HOTLINE_SERVER");
    hotline
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// Fails, and says all of this.
#[track_caller]
fn refuses(command: &mut Command, expected: &[&str]) {
    let output = command.output().expect("the binary runs");
    let text = said(&output);
    assert!(!output.status.success(), "{text}");
    for part in expected {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

/// A component that `make hostile` built, under the name by which its kind is known.
fn component(folder: &Path, name: &str, kind: &str) -> String {
    let file = format!("{name}.{kind}.wasm");
    let built = root().join("examples/dist").join(format!("{name}.wasm"));
    std::fs::copy(&built, folder.join(&file)).expect("`make hostile` builds the examples");
    file
}

#[test]
fn outside_of_a_project_every_command_says_where_it_looked_and_how_to_begin_one() {
    let here = tempfile::tempdir().expect("a folder");
    let place = here.path().canonicalize().expect("it is there");
    let looked = format!("{} is no plugin's folder", place.display());
    let begin = "`hotline plugin new NAME --world ivr-flow` begins one";
    for verb in ["build", "check", "run", "test", "inspect", "sdk"] {
        refuses(&mut command(&place, &[verb]), &[&looked, begin]);
    }
    let nowhere = ["can not read nowhere", "a plugin's folder is expected"];
    refuses(&mut command(&place, &["check", "nowhere"]), &nowhere);
}

/// As `hotline plugin inspect | head` is.
#[test]
fn a_reader_that_has_enough_ends_a_command_without_a_word() {
    let here = tempfile::tempdir().expect("a folder");
    let rule = component(here.path(), "qa_greeting", "qa");
    let mut inspect = command(here.path(), &["inspect", &rule]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let ended = inspect.stdout(writer).output().expect("the binary runs");
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert_eq!(ended.status.code(), Some(141));
}

#[test]
fn a_wrong_configuration_is_told_by_its_own_file() {
    let here = tempfile::tempdir().expect("a folder");
    let crm = component(here.path(), "rest_connector_minimal", "connector");
    let config = here.path().join("crm.json");
    for (text, expected) in [
        (
            r#"{"base_url": 7}"#,
            "crm.json: error[config.schema]: `/base_url`: 7 is not of type \"string\"",
        ),
        ("{\n\"base_url\": ", "crm.json:2:"),
    ] {
        std::fs::write(&config, text).expect("room");
        let mut check = command(here.path(), &["check", &crm, "--config", "crm.json"]);
        refuses(&mut check, &[expected]);
    }
}

#[test]
fn a_fixture_without_an_input_is_told_with_what_it_has_instead() {
    let here = tempfile::tempdir().expect("a folder");
    let rule = component(here.path(), "qa_greeting", "qa");
    std::fs::create_dir(here.path().join("fixtures")).expect("room");
    let fixture = here.path().join("fixtures/first.json");
    std::fs::write(&fixture, r#"{"conversations": {}}"#).expect("room");
    refuses(
        &mut command(here.path(), &["test", &rule, "--fixtures", "fixtures"]),
        &[
            "fixtures/first.json: it says no input, only `conversations`",
            "a fixture has `call`, `ask`, `conversation` or `errand`",
        ],
    );
    let flow = command(here.path(), &["run", "--call", "press 1, dance"])
        .output()
        .expect("the binary runs");
    assert!(said(&flow).contains("`dance` does not happen in a call; there are `press 12`"));
}

/// Answers one request by this, once it was read; on a port of this machine.
fn answers(status: &'static str, body: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = format!("http://{}", listener.local_addr().expect("its address"));
    let answered = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a request");
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).expect("a line of its head");
        }
        let lower = head.to_lowercase();
        let length = lower.split("content-length: ").nth(1).expect("a length");
        let length = length.lines().next().expect("a line").trim();
        let mut sent = vec![0; length.parse().expect("a number")];
        reader.read_exact(&mut sent).expect("the body");
        let length = body.len();
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
        let stream = reader.get_mut();
        stream.write_all(answer.as_bytes()).expect("it listens");
        head
    });
    (server, answered)
}

#[test]
fn push_says_what_is_wrong_with_the_server_or_the_token_and_how_to_name_another() {
    let here = tempfile::tempdir().expect("a folder");
    let rule = component(here.path(), "qa_greeting", "qa");
    let push = |server: &str, token: &str| {
        let arguments = ["push", &rule, "--server", server, "--token", token];
        command(here.path(), &arguments)
    };
    refuses(
        &mut push("127.0.0.1:8080", "t"),
        &["no address of a server", "such as http://127.0.0.1:8080"],
    );
    refuses(
        &mut push("http://127.0.0.1:8080", " "),
        &["it is empty", "make one in the console"],
    );
    refuses(
        &mut push("http://centre.example", "t"),
        &["in the clear", "use https"],
    );
    // Nothing listens on the port that was just given back.
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = format!("http://{}", closed.local_addr().expect("its address"));
    drop(closed);
    refuses(
        &mut push(&nobody, "t"),
        &["could not be reached", "Is a server running there?"],
    );

    let (server, answered) = answers("401 Unauthorized", r#"{"detail": "unknown token"}"#);
    refuses(
        &mut push(&server, "t"),
        &[
            "does not know this token (unknown token)",
            "`--token` or HOTLINE_TOKEN",
        ],
    );
    let head = answered.join().expect("it was asked");
    assert!(head.starts_with("POST /api/v1/plugins/qa/"), "{head}");

    let (server, answered) = answers("404 Not Found", "<html>\nNot here.");
    refuses(
        &mut push(&server, "t"),
        &["Is it a server of Hotline?", "`--server` or HOTLINE_SERVER"],
    );
    answered.join().expect("it was asked");
}

#[test]
fn push_tells_of_permissions_that_an_administrator_must_accept() {
    let here = tempfile::tempdir().expect("a folder");
    let rule = component(here.path(), "qa_greeting", "qa");
    let (server, answered) = answers(
        "201 Created",
        r#"{"label": "qa_greeting@0a1b2c3d", "state": "uploaded", "report": [],
            "permission_changes": {"added": [{"en": "Sends requests to `crm.example.com`."}]}}"#,
    );
    let arguments = ["push", &rule, "--server", &server, "--token", "t"];
    let output = command(here.path(), &arguments).output().expect("it runs");
    answered.join().expect("it was asked");
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    let told = "It asks for more than the active version:\n  \
                Sends requests to `crm.example.com`.\n\
                An administrator must accept that before it is put into service.\n";
    assert!(text.contains(told), "{text}");
}

/// Needs Node and the SDK's packages (`make hostile`), which stand in for `npm install`.
#[test]
fn mistakes_in_a_project_in_typescript_are_told_with_their_place() {
    let here = tempfile::tempdir().expect("a folder");
    let made = command(
        here.path(),
        &["new", "desk", "--world", "ivr-flow", "--lang", "ts"],
    )
    .output()
    .expect("it runs");
    assert!(made.status.success(), "{}", said(&made));
    let desk = here.path().join("desk");
    refuses(
        &mut command(&desk, &["check"]),
        &["the SDK's own packages are not installed: run `npm install` in"],
    );
    let packages = root().join("sdk/typescript/node_modules");
    let packages = packages
        .canonicalize()
        .expect("`make hostile` installs them");
    std::os::unix::fs::symlink(packages, desk.join("node_modules")).expect("a link");
    refuses(
        command(&desk, &["check"]).env("PATH", here.path()),
        &["`node` cannot be run", "Install it from https://nodejs.org"],
    );

    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors");
    let check = |file: &str, from: &str, to: &str, expected: &[&str]| {
        let path = desk.join(file);
        let good = std::fs::read_to_string(&path).expect("of the template");
        assert!(good.contains(from), "{file} has no {from}");
        std::fs::write(&path, good.replacen(from, to, 1)).expect("room");
        refuses(
            command(&desk, &["check"]).env("HOTLINE_GUEST_TARGET_DIR", &cache),
            expected,
        );
        std::fs::write(&path, good).expect("room");
    };
    check(
        "src/plugin.ts",
        "export default defineLinearFlow",
        "export const flow = defineLinearFlow",
        &["has no default export", "write `export default` before"],
    );
    check(
        "src/plugin.ts",
        "call.answer()",
        "call.anser()",
        &["src/plugin.ts(21,15)", "Did you mean 'answer'?"],
    );
    check(
        "hotline.plugin.json",
        "\"description\"",
        "\"descripton\"",
        &["hotline.plugin.json: line 2", "unknown field `descripton`"],
    );
}

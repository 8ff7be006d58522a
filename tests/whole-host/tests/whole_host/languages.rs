//! A flow language of the tenant's own on a running host: uploaded as a plugin, then what is written
//! in it, over the API and by the author's command.

use crate::rollout::push;
use hotline_whole_host::api::Answer;
use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Host, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
const LANGUAGE: &str = "/plugins/language/lines";
const SCRIPT: &str = "/plugins/flow/workshop";
const GOOD: &str = "say Welcome to the workshop.\npress 1 sales\nqueue support\n";
const BAD: &str = "say Welcome to the workshop.\nsing a song\n";

fn interpreter() -> Vec<u8> {
    let file = root().join("examples/dist/lines.wasm");
    std::fs::read(file).expect("the example is built: run `make plugins`")
}

fn upload(admin: &Api, plugin: &str, query: &str, body: &[u8], kind: &str) -> Answer {
    let path = format!("{plugin}/versions{query}");
    admin.send_bytes(Method::POST, &path, Some(body.to_vec()), kind)
}

fn upload_script(admin: &Api, text: &str) -> Value {
    let query = "?language=lines";
    let answer = upload(admin, SCRIPT, query, text.as_bytes(), "text/plain");
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// Puts a version into service, with what it asks for.
fn activate(admin: &Api, plugin: &str, version: &Value) {
    assert_eq!(version["state"], "compiled", "{version}");
    let id = version["id"].as_str().expect("an id");
    let version = admin.get(&format!("{plugin}/versions/{id}"));
    let added = version["permission_changes"]["added"].as_array();
    let added = added.expect("a list").iter();
    let accept: Vec<&Value> = added.map(|one| &one["id"]).collect();
    for to in [json!({"staged": {"accept": accept}}), json!("active")] {
        let path = format!("{plugin}/versions/{id}/state");
        let wish = json!({"to": to, "reason": "a test"});
        let answer = admin.send(Method::POST, &path, Some(&wish));
        assert_eq!(answer.status, 200, "{to}: {}", answer.text());
    }
}

#[test]
fn a_language_and_a_script_in_it_are_uploaded_and_answer_a_call() {
    let host = Host::start();
    let admin = host.sign_in("admin");
    let unspoken = upload_script(&admin, GOOD);
    assert_eq!(unspoken["state"], "rejected");
    assert_eq!(unspoken["report"][0]["code"], "language.missing");

    let answer = upload(&admin, LANGUAGE, "", &interpreter(), "application/wasm");
    assert_eq!(answer.status, 201, "{}", answer.text());
    activate(&admin, LANGUAGE, &answer.json());
    let good = upload_script(&admin, GOOD);
    activate(&admin, SCRIPT, &good);

    let bad = upload_script(&admin, BAD);
    assert_eq!(bad["state"], "rejected");
    let finding = &bad["report"][0];
    let told = (&finding["code"], &finding["path"], &finding["line"]);
    let wanted = (
        json!("lines.unknown-word"),
        json!("workshop.flow.lines"),
        json!(2),
    );
    assert_eq!(told, (&wanted.0, &wanted.1, &wanted.2), "{finding}");
    let plugin = admin.get(SCRIPT);
    assert_eq!(plugin["label"], good["label"], "the last good one stays");

    let number = admin.send(
        Method::PUT,
        "/numbers/500",
        Some(&json!({"flow": "workshop"})),
    );
    assert_eq!(number.status, 200, "{}", number.text());
    let phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    let call = phone.call("500").answered();
    // A key that comes before the menu is not heard.
    let open = "/contacts?state=open";
    admin.until("the queue of key 1", open, SOON, |open| {
        call.press('1');
        open["items"][0]["queue_names"]
            .to_string()
            .contains("sales")
    });
    call.hang_up();
}

#[test]
fn an_author_pushes_a_language_and_scripts_in_it() {
    let host = Host::start();
    let admin = host.sign_in("admin");
    let wish = json!({"name": "laptop", "role": "admin"});
    let token = admin.send(Method::POST, "/tokens", Some(&wish)).json();
    let token = token["secret"].as_str().expect("told once");

    let component = host.folder().join("lines.language.wasm");
    std::fs::write(component, interpreter()).expect("room for a component");
    let (good, said) = push(&host, token, "lines.language.wasm", &[]);
    assert!(good && said.contains("is compiled"), "{said}");
    activate(&admin, LANGUAGE, &admin.get(LANGUAGE)["versions"][0]);

    save(host.folder(), "workshop.flow.lines", GOOD);
    let (good, said) = push(&host, token, "workshop.flow.lines", &["--note", "moved"]);
    assert!(good && said.contains("is compiled"), "{said}");
    let version = admin.get(SCRIPT)["versions"][0].clone();
    assert_eq!(version["note"], "moved");
    activate(&admin, SCRIPT, &version);

    save(host.folder(), "workshop.flow.lines", BAD);
    let (good, said) = push(&host, token, "workshop.flow.lines", &[]);
    assert!(!good && said.contains("is rejected"), "{said}");
    assert!(
        said.contains("workshop.flow.lines:2:") && said.contains("sing"),
        "{said}"
    );
    admin.until("the good one in service", SCRIPT, SOON, |plugin| {
        plugin["label"] == version["label"]
    });
}

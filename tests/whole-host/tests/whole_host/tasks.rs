//! Tasks over HTTP: queued, taken beside a call, done, taken back, and there again after a crash.

use hotline_whole_host::api::Answer;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Host, Phone, Transport};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);
const PASSWORD: &str = "a long password";

/// A queue, its line, and Tess, who takes a call and three tasks, the call on top of the tasks.
fn set_up(host: &Host) -> (Api, String) {
    let admin = host.sign_in("admin");
    let queue = json!({
        "name": "back-office", "policy": null, "skills": "", "ring_timeout_ms": 60_000,
        "wrap_up_ms": null, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 3, "music": null,
    });
    let queue = created(&admin, "/queues", &queue, "id");
    let tess = json!({
        "user_name": "tess", "display_name": "Tess", "role": "agent", "password": PASSWORD,
        "desk_phone_password": PASSWORD, "queues": [{"queue": queue}],
        "capacity": [
            {"medium": "voice", "at_once": 1, "interrupted_by": []},
            {"medium": "task", "at_once": 3, "interrupted_by": ["voice"]},
        ],
    });
    created(&admin, "/users", &tess, "id");
    save(
        &host.flows("demo"),
        "office.flow.yaml",
        "nodes:\n  office: {queue: back-office}\n",
    );
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("\"office@")
    });
    let answer = admin.send(
        Method::PUT,
        "/numbers/300",
        Some(&json!({"flow": "office"})),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    (admin, queue)
}

fn created(api: &Api, path: &str, body: &Value, id: &str) -> String {
    let answer = api.send(Method::POST, path, Some(body));
    assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
    answer.json()[id].as_str().expect("an id").to_owned()
}

fn post(admin: &Api, queue: &str, customer: &str) -> String {
    let draft = json!({"queue": queue, "customer": customer, "attributes": {"form": customer}});
    created(admin, "/tasks", &draft, "contact")
}

fn withdraw(admin: &Api, task: &str) -> Answer {
    admin.send(Method::DELETE, &format!("/tasks/{task}"), None)
}

/// What Tess has in hand: contact and stage.
fn in_hand(page: &Value) -> Vec<(&str, &str)> {
    let work = page["agent"]["work"].as_array().expect("a list").iter();
    work.map(|work| {
        let word = |field: &str| work[field].as_str().expect("a word");
        (word("contact"), word("stage"))
    })
    .collect()
}

fn accept(tess: &Api, contact: &str) {
    let offers = tess.until("an offer", "/agent", SOON, |page| {
        in_hand(page).contains(&(contact, "offered"))
    });
    let offers = offers["agent"]["offers"]
        .as_array()
        .expect("a list")
        .clone();
    let offer = offers.iter().find(|offer| offer["contact"] == contact);
    let offer = &offer.expect("the offer of this contact")["offer"];
    tess.request(&json!({"request": "accept_offer", "offer": offer}));
}

fn kinds(admin: &Api, contact: &str) -> Vec<String> {
    let timeline = admin.get(&format!("/contacts/{contact}/timeline"));
    let items = timeline["items"].as_array().expect("a list").clone();
    let kinds = items.iter().map(|fact| fact["kind"].as_str());
    kinds.flatten().map(str::to_owned).collect()
}

#[test]
fn tasks_are_done_beside_a_call_and_outlive_the_host() {
    let host = Host::start();
    let (admin, queue) = set_up(&host);
    let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a desk phone");
    assert_eq!(phone.register("tess", PASSWORD), 200);
    let tess = Api::sign_in(host.http, "demo", "tess", PASSWORD);
    let presence = tess.live();
    tess.until("the desk phone", "/agent", SOON, |page| {
        page["agent"]["desk_phone_up"] == true
    });
    tess.request(&json!({"request": "use_device", "device": "desk_phone"}));
    tess.request(&json!({"request": "ready"}));

    let first = post(&admin, &queue, "form 1");
    accept(&tess, &first);
    let caller = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    let mut caller = caller.call("300").answered();
    let ringing = phone.rings(SOON);
    let mut talk = phone.pick_up(ringing);
    let page = tess.until("a call on top of the task", "/agent", SOON, |page| {
        page["agent"]["state"] == "talking" && in_hand(page).len() == 2
    });
    let call = page["agent"]["contact"]
        .as_str()
        .expect("the call")
        .to_owned();
    assert_eq!(
        in_hand(&page),
        [(&*first, "handling"), (&*call, "handling")]
    );

    // No task comes on top of a call; what waits can be taken back, what is worked on can not.
    let second = post(&admin, &queue, "form 2");
    let third = post(&admin, &queue, "form 3");
    assert_eq!(withdraw(&admin, &second).status, 204);
    assert_eq!(withdraw(&admin, &second).status, 404);
    assert_eq!(withdraw(&admin, &first).status, 409);
    assert_eq!(in_hand(&tess.get("/agent")).len(), 2);

    // The task is done while the call goes on.
    tess.request(&json!({"request": "complete", "contact": first}));
    tess.request(&json!({
        "request": "dispose", "contact": first, "disposition": "resolved", "note": "filed",
    }));
    let a_moment = Duration::from_millis(500);
    assert!(!caller.is_hung_up(a_moment), "the call goes on");
    caller.hang_up();
    assert!(talk.is_hung_up(SOON), "the desk phone is told");
    tess.request(&json!({
        "request": "dispose", "contact": call, "disposition": "resolved", "note": "",
    }));
    accept(&tess, &third);

    admin.until("its end", &format!("/contacts/{first}"), SOON, |contact| {
        contact["end_reason"] == "completed" && contact["disposition"] == "resolved"
    });
    let told = kinds(&admin, &first);
    for kind in [
        "queue_entered",
        "offer_made",
        "agent_connected",
        "segment_ended",
    ] {
        assert!(told.iter().any(|known| known == kind), "{kind} in {told:?}");
    }

    // One in hand and one in line when the host dies: both wait again.
    let fourth = post(&admin, &queue, "form 4");
    admin.until(
        "what was told",
        &format!("/contacts/{fourth}"),
        SOON,
        |contact| contact["live"]["stage"] == "waiting",
    );
    drop(presence);
    let host = host.kill_and_restart();
    let admin = host.sign_in("admin");
    for task in [&third, &fourth] {
        let contact = admin.until("it waits", &format!("/contacts/{task}"), SOON, |contact| {
            contact["live"]["stage"] == "waiting"
        });
        assert_eq!(contact["live"]["queue_name"], "back-office");
        assert_eq!(contact["live"]["attributes"][0][0], "form");
        assert_eq!(withdraw(&admin, task).status, 204);
    }
    for task in [&first, &second, &third, &fourth] {
        let ends =
            |kinds: Vec<String>| kinds.iter().filter(|kind| *kind == "contact_ended").count();
        admin.until("its end", &format!("/contacts/{task}"), SOON, |contact| {
            !contact["end_reason"].is_null()
        });
        assert_eq!(ends(kinds(&admin, task)), 1, "{task} ends once");
    }
}

#[test]
fn a_queue_that_is_full_takes_no_more_tasks_and_says_so() {
    let host = Host::start();
    let (admin, queue) = set_up(&host);
    for form in ["1", "2", "3"] {
        post(&admin, &queue, form);
    }
    let answer = admin.send(Method::POST, "/tasks", Some(&json!({"queue": queue})));
    assert_eq!(answer.status, 409);
    assert!(
        answer.text().contains("the queue is full"),
        "{}",
        answer.text()
    );
}

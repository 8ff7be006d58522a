//! Bad requests over the API.

use hotline_whole_host::{Api, Host};
use reqwest::Method;
use serde_json::{Value, json};

/// Who sends a row.
#[derive(Debug, Clone, Copy)]
enum Who {
    Admin,
    Supervisor,
    Agent,
    Nobody,
}
use Who::{Admin, Agent, Nobody, Supervisor};

struct Row(
    Who,
    &'static str,
    &'static str,
    Vec<u8>,
    u16,
    &'static str,
    Option<&'static str>,
);

fn text(body: &str) -> Vec<u8> {
    body.as_bytes().to_vec()
}

fn queue(change: impl Fn(&mut serde_json::Map<String, Value>)) -> Vec<u8> {
    let mut draft = json!({
        "name": "q", "policy": null, "skills": "", "ring_timeout_ms": 20_000,
        "wrap_up_ms": 1_000, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 10, "music": null,
    });
    change(draft.as_object_mut().expect("an object"));
    draft.to_string().into_bytes()
}

fn user(change: impl Fn(&mut serde_json::Map<String, Value>)) -> Vec<u8> {
    let mut draft = json!({
        "user_name": "eva", "display_name": "Eva", "role": "agent", "password": "long enough",
    });
    change(draft.as_object_mut().expect("an object"));
    draft.to_string().into_bytes()
}

fn what_if(change: Value) -> Vec<u8> {
    let mut wish = json!({"from": 0, "to": 86_400_000, "policies": ["built_in"]});
    for (field, value) in change.as_object().expect("an object") {
        wish[field] = value.clone();
    }
    wish.to_string().into_bytes()
}

fn calendar(change: Value) -> Vec<u8> {
    let mut draft = json!({"time_zone": "Europe/Berlin", "weekly": [], "exceptions": []});
    for (field, value) in change.as_object().expect("an object") {
        draft[field] = value.clone();
    }
    draft.to_string().into_bytes()
}

/// What is sent by whom, and what it must get: status, code and the field that is named.
#[rustfmt::skip] // A table: a row a line.
fn rows() -> Vec<Row> {
    let none = Vec::new;
    let set = |field: &'static str, value: Value| {
        move |draft: &mut serde_json::Map<String, Value>| {
            draft.insert(field.to_owned(), value.clone());
        }
    };
    let rules = |rules: Value| set("rules", rules);
    let without = |field: &'static str| {
        move |draft: &mut serde_json::Map<String, Value>| {
            draft.remove(field);
        }
    };
    let unknown = "00000000000000000000000000";
    let stranger: &'static str = format!("/queues/qu_{unknown}").leak();
    let unknown_task: &'static str = format!("/tasks/ct_{unknown}").leak();
    let unknown_contact: &'static str = format!("/contacts/ct_{unknown}").leak();
    let other_kind: &'static str = format!("/queues/us_{unknown}").leak();
    let huge = || vec![b' '; 2 * 1024 * 1024];
    vec![
        // The body is not JSON, or not of the shape.
        Row(Admin, "POST", "/queues", text("{\"name\": "), 400, "malformed", None),
        Row(Admin, "POST", "/queues", none(), 400, "malformed", None),
        Row(Admin, "POST", "/queues", vec![0xFF, 0xFE, 0x00], 400, "malformed", None),
        Row(Admin, "POST", "/queues", text("[]"), 422, "invalid-field", None),
        Row(Admin, "POST", "/queues", text(&"[".repeat(100_000)), 422, "invalid-field", None),
        Row(Admin, "POST", "/queues", queue(without("name")), 422, "invalid-field", Some("name")),
        Row(Admin, "POST", "/queues", queue(set("max_waiting", json!("ten"))), 422, "invalid-field", Some("max_waiting")),
        Row(Admin, "POST", "/queues", queue(set("max_waiting", json!(-1))), 422, "invalid-field", Some("max_waiting")),
        Row(Admin, "POST", "/queues", queue(set("max_wating", json!(1))), 422, "invalid-field", Some("max_wating")),
        Row(Admin, "POST", "/queues", queue(set("name", json!("no spaces, please"))), 422, "invalid-field", Some("name")),
        Row(Admin, "POST", "/queues", queue(set("name", json!(""))), 422, "invalid-field", Some("name")),
        Row(Admin, "POST", "/queues", queue(set("name", json!("support"))), 409, "conflict", Some("name")),
        Row(Admin, "POST", "/queues", queue(set("ring_timeout_ms", json!(1))), 422, "invalid-field", Some("ring_timeout_ms")),
        Row(Admin, "POST", "/queues", queue(set("skills", json!("x >= 11"))), 422, "invalid-field", Some("skills")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"rings": [{"after_ms": 9_000, "skills": ""}, {"after_ms": 12_000, "skills": "a >="}]}))), 422, "invalid-field", Some("rules.rings[1].skills")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"rings": [{"after_ms": 9_000, "skills": ""}, {"after_ms": 8_000, "skills": ""}]}))), 422, "invalid-field", Some("rules.rings[1].after_ms")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"hours": "nowhere"}))), 422, "invalid-field", Some("rules.hours")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"on_full": {"queue": format!("qu_{unknown}")}}))), 422, "invalid-field", Some("rules.on_full")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"on_full": "explode"}))), 422, "invalid-field", Some("rules.on_full")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"on_closed": "callback"}))), 422, "invalid-field", Some("rules.on_closed")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"callback": {"attempts": 0, "retry_after_ms": 60_000, "ring_timeout_ms": 20_000}}))), 422, "invalid-field", Some("rules.callback.attempts")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"max_wait_ms": 5}))), 422, "invalid-field", Some("rules.max_wait_ms")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"refuse_when": ["asleep"]}))), 422, "invalid-field", Some("rules.refuse_when[0]")),
        Row(Admin, "POST", "/queues", queue(rules(json!({"ring": []}))), 422, "invalid-field", Some("rules.ring")),
        Row(Admin, "PUT", "/calendars/office", calendar(json!({"time_zone": "Europe/Berlim"})), 422, "invalid-field", Some("time_zone")),
        Row(Admin, "PUT", "/calendars/office", calendar(json!({"weekly": [{"days": ["mon"], "hours": [{"from": "9:00", "to": "12:00"}]}]})), 422, "invalid-field", Some("weekly[0].hours[0].from")),
        Row(Admin, "PUT", "/calendars/office", calendar(json!({"weekly": [{"days": ["mon"], "hours": []}, {"days": ["mon"], "hours": []}]})), 422, "invalid-field", Some("weekly[1].days[0]")),
        Row(Admin, "PUT", "/calendars/office", calendar(json!({"exceptions": [{"date": "2026-02-30", "name": "x"}]})), 422, "invalid-field", Some("exceptions[0].date")),
        Row(Admin, "DELETE", "/calendars/office", none(), 404, "not-found", None),
        Row(Supervisor, "PUT", "/calendars/office", calendar(json!({})), 403, "forbidden", None),
        Row(Admin, "POST", "/routing/what-if", what_if(json!({"to": 0})), 422, "invalid-field", Some("to")),
        Row(Admin, "POST", "/routing/what-if", what_if(json!({"to": 8 * 86_400_000_u64})), 422, "invalid-field", Some("to")),
        Row(Admin, "POST", "/routing/what-if", what_if(json!({"policies": []})), 422, "invalid-field", Some("policies")),
        Row(Admin, "POST", "/routing/what-if", what_if(json!({"policies": ["shipped", "shipped"]})), 422, "invalid-field", Some("policies[1]")),
        Row(Admin, "POST", "/routing/what-if", what_if(json!({"policies": ["shipped", {"live": "nowhere"}]})), 422, "invalid-field", Some("policies[1].live")),
        Row(Admin, "POST", "/routing/what-if", what_if(json!({"policies": [{"version": {"policy": "nowhere", "version": "nowhere@0"}}]})), 422, "invalid-field", Some("policies[0].version")),
        Row(Admin, "POST", "/routing/what-if", what_if(json!({"replications": 1})), 422, "invalid-field", Some("replications")),
        Row(Supervisor, "POST", "/routing/what-if", what_if(json!({})), 403, "forbidden", None),
        Row(Supervisor, "GET", "/routing/decisions?limit=0", none(), 422, "invalid-field", Some("limit")),
        Row(Supervisor, "GET", "/skills/qualifying?expression=english%20%3E%3D%2011", none(), 422, "invalid-field", Some("expression")),
        Row(Admin, "POST", "/queues", huge(), 413, "too-large", None),
        Row(Admin, "PUT", stranger, queue(|_| {}), 404, "not-found", None),
        Row(Admin, "PUT", other_kind, queue(|_| {}), 400, "malformed", None),
        Row(Admin, "DELETE", "/queues/..%2F..%2Fetc", none(), 400, "malformed", None),
        Row(Admin, "POST", "/users", user(without("password")), 422, "invalid-field", Some("password")),
        Row(Admin, "POST", "/users", user(set("password", json!("short"))), 422, "invalid-field", Some("password")),
        Row(Admin, "POST", "/users", user(set("pasword", json!("long enough"))), 422, "invalid-field", Some("pasword")),
        Row(Admin, "POST", "/users", user(set("role", json!("king"))), 422, "invalid-field", Some("role")),
        Row(Admin, "POST", "/users", user(set("user_name", json!("ana"))), 409, "conflict", Some("user_name")),
        Row(Admin, "POST", "/users", user(set("language", json!("not a tag"))), 422, "invalid-field", Some("language")),
        Row(Admin, "POST", "/users", user(set("desk_phone_password", json!("short"))), 422, "invalid-field", Some("desk_phone_password")),
        Row(Admin, "POST", "/users", user(set("queues", json!(["sales"]))), 422, "invalid-field", Some("queues[0]")),
        Row(Admin, "POST", "/users", user(set("queues", json!([{"queue": "sales"}]))), 422, "invalid-field", Some("queues[0].queue")),
        Row(Admin, "POST", "/users", user(set("queues", json!([{"queue": format!("qu_{unknown}"), "level": 2}]))), 422, "invalid-field", Some("queues[0].queue")),
        Row(Admin, "POST", "/users", user(set("queues", json!([{"queue": format!("qu_{unknown}"), "level": 0}]))), 422, "invalid-field", Some("queues[0].level")),
        Row(Admin, "POST", "/users", user(set("queues", json!([{"queue": format!("qu_{unknown}"), "levl": 1}]))), 422, "invalid-field", Some("queues[0].levl")),
        Row(Admin, "POST", "/users", user(set("skills", json!([{"name": "english", "level": 11}]))), 422, "invalid-field", Some("skills[0].level")),
        Row(Admin, "POST", "/users", user(set("capacity", json!([{"medium": "voice", "at_once": 2}]))), 422, "invalid-field", Some("capacity[0].at_once")),
        Row(Admin, "POST", "/users", user(set("capacity", json!([{"medium": "fax", "at_once": 1}]))), 422, "invalid-field", Some("capacity[0].medium")),
        Row(Admin, "PUT", "/numbers/200", text("{\"flow\": \"nowhere\"}"), 422, "invalid-field", Some("flow")),
        Row(Admin, "PUT", "/numbers/2%200", text("{\"flow\": \"main\"}"), 422, "invalid-field", Some("dialled")),
        Row(Admin, "DELETE", "/numbers/200", none(), 404, "not-found", None),
        Row(Admin, "POST", "/tokens", text("{\"name\": \"t\", \"role\": \"agent\"}"), 422, "invalid-field", Some("role")),
        Row(Admin, "POST", "/flows/main/rollback", text("{\"kind\": \"flow\", \"version\": \"main@00000000\"}"), 404, "not-found", None),
        Row(Admin, "GET", "/plugins/bird/main", none(), 400, "malformed", None),
        Row(Admin, "GET", "/plugins/flow/nothing", none(), 404, "not-found", None),
        Row(Admin, "GET", "/plugins/flow/main/versions/main@00000000", none(), 404, "not-found", None),
        Row(Admin, "POST", "/plugins/flow/.hidden/versions", text("nodes: {}"), 422, "invalid-field", Some("name")),
        Row(Admin, "POST", "/plugins/flow/main/versions/main@00000000/state", text("{\"to\": \"shadow\"}"), 404, "not-found", None),
        Row(Admin, "POST", "/plugins/flow/main/versions/main@00000000/state", text("{\"to\": \"nowhere\"}"), 422, "invalid-field", Some("to")),
        Row(Admin, "POST", "/plugins/flow/main/versions/main@00000000/state", text("{\"to\": {\"canary\": {\"split\": {\"percent\": 100}}}}"), 422, "invalid-field", Some("split")),
        Row(Admin, "PUT", "/plugins/flow/main/settings", text("{\"recording\": {\"last\": 1000000}}"), 422, "invalid-field", Some("recording.last")),
        Row(Admin, "POST", "/plugins/flow/main/rollback", text("{\"version\": \"main@00000000\"}"), 404, "not-found", None),
        Row(Supervisor, "POST", "/plugins/flow/main/rollback", text("{}"), 403, "forbidden", None),
        Row(Supervisor, "POST", "/tasks", text("{}"), 422, "invalid-field", Some("queue")),
        Row(Supervisor, "POST", "/tasks", text(&json!({"queue": format!("qu_{unknown}")}).to_string()), 422, "invalid-field", Some("queue")),
        Row(Supervisor, "POST", "/tasks", text(&json!({"queue": format!("qu_{unknown}"), "priority": 5_000}).to_string()), 422, "invalid-field", Some("priority")),
        Row(Supervisor, "POST", "/tasks", text(&json!({"queue": format!("qu_{unknown}"), "skills": "english >="}).to_string()), 422, "invalid-field", Some("skills")),
        Row(Supervisor, "POST", "/tasks", text(&json!({"queue": format!("qu_{unknown}"), "attributes": {"note": "x".repeat(2_000)}}).to_string()), 422, "invalid-field", Some("attributes.note")),
        Row(Supervisor, "POST", "/tasks", text(&json!({"queue": format!("qu_{unknown}"), "parent": format!("ct_{unknown}")}).to_string()), 422, "invalid-field", Some("parent")),
        Row(Supervisor, "DELETE", unknown_task, none(), 404, "not-found", None),
        Row(Agent, "POST", "/tasks", text("{}"), 403, "forbidden", None),
        Row(Agent, "POST", "/agent/requests", text(&json!({"request": "complete", "contact": format!("ct_{unknown}")}).to_string()), 409, "refused", None),
        Row(Agent, "POST", "/agent/requests", text("{\"request\": \"fly\"}"), 422, "invalid-field", None),
        Row(Agent, "POST", "/agent/requests", text("{}"), 422, "invalid-field", Some("request")),
        Row(Agent, "POST", "/agent/requests", text(&json!({"request": "accept_offer", "offer": format!("of_{unknown}")}).to_string()), 409, "refused", None),
        Row(Agent, "POST", "/agent/requests", text(&json!({"request": "pause", "reason": "x".repeat(101)}).to_string()), 422, "invalid-field", Some("reason")),
        Row(Agent, "POST", "/agent/audio", text("{\"sdp\": \"nonsense\"}"), 422, "invalid-field", Some("sdp")),
        Row(Nobody, "POST", "/public/demo/calls", text("{\"number\": \"100\", \"sdp\": \"v=0\"}"), 422, "invalid-field", Some("sdp")),
        Row(Nobody, "POST", "/public/demo/calls", text("{\"number\": \"911\", \"sdp\": \"v=0\"}"), 404, "not-found", None),
        Row(Nobody, "GET", "/public/nobody", none(), 404, "not-found", None),
        // The query.
        Row(Supervisor, "GET", "/contacts?limit=0", none(), 422, "invalid-field", Some("limit")),
        Row(Supervisor, "GET", "/contacts?limit=501", none(), 422, "invalid-field", Some("limit")),
        Row(Supervisor, "GET", "/contacts?limit=many", none(), 400, "malformed", None),
        Row(Supervisor, "GET", "/contacts?state=lost", none(), 400, "malformed", None),
        Row(Supervisor, "GET", "/contacts?cursor=%00", none(), 422, "invalid-field", Some("cursor")),
        Row(Supervisor, "GET", "/events?after=yesterday", none(), 422, "invalid-field", Some("after")),
        Row(Supervisor, "GET", unknown_contact, none(), 404, "not-found", None),
        Row(Supervisor, "GET", "/live", none(), 400, "malformed", None),
        // Who asks.
        Row(Nobody, "GET", "/contacts", none(), 401, "unauthenticated", None),
        Row(Nobody, "POST", "/queues", huge(), 401, "unauthenticated", None),
        Row(Nobody, "POST", "/session", text("{\"tenant\": \"demo\", \"user_name\": \"ana\", \"password\": \"guess\"}"), 401, "wrong-credentials", None),
        Row(Nobody, "POST", "/session", text("{\"tenant\": \"demo\", \"user_name\": \"ana\"}"), 422, "invalid-field", Some("password")),
        Row(Agent, "GET", "/users", none(), 403, "forbidden", None),
        Row(Supervisor, "POST", "/queues", queue(|_| {}), 403, "forbidden", None),
        Row(Supervisor, "GET", "/agent", none(), 403, "forbidden", None),
        // Where and how.
        Row(Admin, "PATCH", "/queues", none(), 405, "method-not-allowed", None),
        Row(Nobody, "PUT", "/session", text("{}"), 405, "method-not-allowed", None),
        Row(Admin, "GET", "/queue", none(), 404, "not-found", None),
        Row(Admin, "POST", "/queue", queue(|_| {}), 404, "not-found", None),
    ]
}

#[test]
fn every_bad_request_gets_a_problem_document_that_says_what_is_wrong() {
    let host = Host::start();
    let (admin, sue, ana) = (
        host.sign_in("admin"),
        host.sign_in("sue"),
        host.sign_in("ana"),
    );
    let nobody = Api::anonymous(host.http);
    let before = admin.get("/queues");
    let mut wrong = Vec::new();
    for Row(who, method, path, body, status, code, field) in rows() {
        let api = match who {
            Admin => &admin,
            Supervisor => &sue,
            Agent => &ana,
            Nobody => &nobody,
        };
        let method: Method = method.parse().expect("a method");
        let body = (!body.is_empty() || method == Method::POST).then_some(body);
        let shown: String = String::from_utf8_lossy(body.as_deref().unwrap_or_default())
            .chars()
            .take(80)
            .collect();
        let answer = api.send_bytes(method.clone(), path, body, "application/json");
        let problem = answer.json();
        let is_whole = ["type", "title", "detail"]
            .iter()
            .all(|member| problem[member].is_string());
        let names = field.is_none_or(|field| {
            problem["errors"].as_array().is_some_and(|errors| {
                errors
                    .iter()
                    .any(|error| error["field"] == field && error["message"].is_string())
            })
        });
        if answer.status != status
            || problem["status"] != status
            || problem["code"] != code
            || answer.kind != "application/problem+json"
            || !is_whole
            || !names
        {
            wrong.push(format!(
                "{method} {path} {shown}: wanted {status} {code} {field:?}, got {} {} {}",
                answer.status,
                answer.kind,
                answer.text()
            ));
        }
    }
    let form = admin.send_bytes(
        Method::POST,
        "/queues",
        Some(text("name=q")),
        "application/x-www-form-urlencoded",
    );
    if (form.status.as_u16(), &form.json()["code"]) != (415, &json!("not-json")) {
        wrong.push(format!("a form: {}", form.text()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let names = |queues: &Value| {
        queues["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|queue| queue["name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(&admin.get("/queues")),
        names(&before),
        "nothing was changed by any of it"
    );
    guessing_passwords_is_slowed_down(&host);
}

fn guessing_passwords_is_slowed_down(host: &Host) {
    let guesser = Api::anonymous(host.http);
    let guess = json!({"tenant": "demo", "user_name": "ana", "password": "guess"});
    let limited = (0..30)
        .map(|_| guesser.send(Method::POST, "/session", Some(&guess)))
        .find(|answer| answer.status != 401)
        .expect("thirty guesses in a row are too many");
    assert_eq!(limited.status, 429, "{}", limited.text());
    assert_eq!(limited.kind, "application/problem+json");
    assert_eq!(limited.json()["code"], "too-many-requests");
    let seconds: u64 = limited
        .header("retry-after")
        .and_then(|seconds| seconds.parse().ok())
        .expect("Retry-After in seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    // Ana, from her own address, notices nothing.
    let password = &host.passwords["ana"];
    Api::sign_in(host.http, "demo", "ana", password);
}

//! Two tenants on one host: each has its own `100`, and no endpoint, event, page or plugin shows
//! one anything of the other's.

use hotline_whole_host::api::Answer;
use hotline_whole_host::host::root;
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Api, Call, Host, Phone, Transport, audio};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);
const PASSWORD: &str = "a long password";

/// A tenant whose every name begins with its own, so that whatever leaks is recognised.
struct Tenant {
    name: &'static str,
    /// What its callers hear.
    hz: f64,
    caller: &'static str,
    /// A number that the other does not have.
    number: &'static str,
    admin: Api,
    agent: Api,
    agent_id: String,
    queue: String,
    token: String,
    what_if: String,
}

impl Tenant {
    fn create(
        host: &Host,
        name: &'static str,
        hz: f64,
        caller: &'static str,
        number: &'static str,
    ) -> Tenant {
        let admin = host.create_tenant(name, &domain(name));
        let flows = host.flows(name);
        write_prompt(&flows, "hello.wav", hz, Duration::from_secs(1));
        let flow = format!(
            "flow: {name} line\nlanguages: [en]\nnodes:\n  {name}-hello: {{say: {{audio: hello.wav}}, next: desk}}\n  \
             desk: {{set: {{owner: {name}}}, queue: {name}-desk}}\n"
        );
        save(&flows, "main.flow.yaml", &flow);
        save(&flows, &format!("{name}-menu.flow.yaml"), &flow);
        let queue = created(&admin, "/queues", &queue_draft(&format!("{name}-desk")));
        for (dialled, flow) in [("100", "main"), (number, &format!("{name}-menu"))] {
            admin.until("its flows", "/flows", SOON, |flows| is_live(flows, flow));
            let wish = json!({"flow": flow, "click_to_call": true});
            let answer = admin.send(Method::PUT, &format!("/numbers/{dialled}"), Some(&wish));
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        let hours = json!({"time_zone": "Europe/Berlin"});
        let address = format!("/calendars/{name}-hours");
        let answer = admin.send(Method::PUT, &address, Some(&hours));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let agent_name = format!("{name}-ann");
        let draft = json!({
            "user_name": agent_name, "display_name": format!("{name} Ann"), "role": "agent",
            "password": PASSWORD, "desk_phone_password": PASSWORD, "queues": [{"queue": queue["id"], "level": 1, "after_ms": 0}],
            "skills": [{"name": format!("{name}-skill"), "level": 5}],
        });
        let user = created(&admin, "/users", &draft);
        let wish = json!({"name": format!("{name}-token"), "role": "supervisor"});
        let token = created(&admin, "/tokens", &wish);
        let answer = admin.send(Method::POST, "/routing/what-if", Some(&what_if()));
        assert_eq!(answer.status, 202, "{}", answer.text());
        let what_if = answer.json();
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        Tenant {
            name,
            hz,
            caller,
            number,
            agent: Api::sign_in(host.http, name, &agent_name, PASSWORD),
            agent_id: text(&user["id"]).replace("us_", "ag_"),
            queue: text(&queue["id"]),
            token: text(&token["id"]),
            what_if: text(&what_if["id"]),
            admin,
        }
    }

    fn call(&self, host: &Host, transport: Transport) -> Call {
        let mut phone = Phone::new(host.sip, transport, Law::Pcmu).expect("a phone");
        phone.user = self.caller.to_owned();
        phone.domain = Some(domain(self.name));
        *phone.call("100").answered()
    }

    /// Everything that its administrator can read.
    fn everything(&self) -> Vec<Value> {
        let mut all: Vec<Value> = [
            "/queues",
            "/users",
            "/agents",
            "/numbers",
            "/contacts",
            "/events",
            "/flows",
            "/plugins",
            "/tokens",
            "/calendars",
            "/skills/qualifying",
            "/routing/decisions",
            "/routing/violations",
            "/routing/what-if",
        ]
        .map(|path| self.admin.get(path))
        .into();
        for contact in self.contacts() {
            all.push(self.admin.get(&format!("/contacts/{contact}")));
            all.push(self.admin.get(&format!("/contacts/{contact}/timeline")));
        }
        all
    }

    /// What stands for `{name}` in an address.
    fn name_in(&self, path: &str) -> String {
        match path.contains("/calendars/") {
            true => format!("{}-hours", self.name),
            false => format!("{}-menu", self.name),
        }
    }

    fn contacts(&self) -> Vec<String> {
        items(&self.admin.get("/contacts"))
            .iter()
            .map(|contact| contact["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    /// The live version of one of its flows.
    fn version(&self) -> String {
        let plugin = self.admin.get(&format!("/plugins/flow/{}-menu", self.name));
        plugin["label"].as_str().expect("a live version").to_owned()
    }

    /// Its set-up, which nobody else may change.
    fn set_up(&self) -> Vec<Value> {
        let mut queues = self.admin.get("/queues");
        for queue in queues["items"].as_array_mut().expect("a list") {
            queue["live"] = Value::Null;
        }
        let mut all: Vec<Value> = ["/users", "/numbers", "/tokens", "/flows", "/calendars"]
            .map(|path| self.admin.get(path))
            .into();
        all.push(queues);
        all
    }

    /// What must not be seen elsewhere: its ids, its callers and its names.
    fn marks(&self) -> BTreeSet<String> {
        let mut marks: BTreeSet<String> = [self.name, self.caller].map(str::to_owned).into();
        self.everything()
            .iter()
            .for_each(|value| ids_in(value, &mut marks));
        marks
    }
}

fn domain(tenant: &str) -> String {
    format!("{tenant}.example")
}

/// A day of which nothing is recorded.
fn what_if() -> Value {
    json!({"from": 0, "to": 86_400_000, "policies": ["built_in"]})
}

fn queue_draft(name: &str) -> Value {
    json!({
        "name": name, "policy": null, "skills": "", "ring_timeout_ms": 20_000,
        "wrap_up_ms": 1_000, "progress_every_ms": 20_000, "service_level_ms": 20_000,
        "max_waiting": 10, "music": null,
    })
}

fn created(api: &Api, path: &str, body: &Value) -> Value {
    let answer = api.send(Method::POST, path, Some(body));
    assert_eq!(answer.status, 201, "POST {path}: {}", answer.text());
    answer.json()
}

fn items(list: &Value) -> Vec<Value> {
    list["items"].as_array().expect("a list").clone()
}

fn is_live(flows: &Value, name: &str) -> bool {
    items(flows)
        .iter()
        .any(|flow| flow["name"] == name && !flow["label"].is_null() && flow["problem"].is_null())
}

/// Ids look like `qu_` and 26 digits in base 32.
fn ids_in(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let is_id = text.rsplit_once('_').is_some_and(|(kind, digits)| {
                kind.bytes().all(|byte| byte.is_ascii_lowercase())
                    && digits.len() == 26
                    && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
            if is_id {
                // Without the kind: an agent and its user share their digits.
                into.insert(
                    text.rsplit_once('_')
                        .map_or(text.as_str(), |(_, d)| d)
                        .to_owned(),
                );
            }
        }
        Value::Array(values) => values.iter().for_each(|value| ids_in(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| ids_in(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn assert_shows_nothing(what: &str, text: &str, marks: &BTreeSet<String>) {
    let text = text.to_lowercase();
    for mark in marks {
        assert!(
            !text.contains(&mark.to_lowercase()),
            "{what} shows {mark}: {text}"
        );
    }
}

/// One operation of the OpenAPI document.
struct Operation {
    method: Method,
    path: String,
    is_public: bool,
}

fn operations(host: &Host) -> Vec<Operation> {
    let document = Api::anonymous(host.http).get("/openapi.json");
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            operations.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                is_public: operation["security"] == json!([{}]),
            });
        }
    }
    assert!(operations.len() > 30, "the document lists every operation");
    operations
}

impl Operation {
    /// The address with the ids of `owner` in it, and whether there are any.
    fn address(&self, owner: &Tenant, contact: &str, leg: &str) -> (String, bool) {
        let path = self.path.as_str();
        let id = match path.split('/').nth(3).unwrap_or("") {
            "queues" => owner.queue.clone(),
            "users" => owner.agent_id.replace("ag_", "us_"),
            "contacts" | "tasks" | "connectors" => contact.to_owned(),
            "tokens" => owner.token.clone(),
            "routing" => owner.what_if.clone(),
            _ => String::new(),
        };
        let address = path
            .replace("{id}", &id)
            .replace("{dialled}", owner.number)
            .replace("{name}", &owner.name_in(path))
            .replace("{secret}", "api-key")
            .replace("{fault}", "1790000000000-0123abcd")
            .replace("{tenant}", owner.name)
            .replace("{kind}", "flow")
            .replace("{version}", &owner.version())
            .replace("{call}", &format!("{leg}?token=guessed"));
        assert!(
            !address.contains('{') && (!path.contains("{id}") || !id.is_empty()),
            "this test must learn what stands in {path}"
        );
        let names_something = address != path;
        (address, names_something)
    }

    /// A body that would be right if the address were one's own.
    fn body(&self, owner: &Tenant) -> Option<Value> {
        if self.method != Method::POST && self.method != Method::PUT {
            return None;
        }
        let user = json!({
            "user_name": "walker", "display_name": "Walker", "role": "agent",
            "password": PASSWORD, "queues": [],
        });
        Some(match self.path.trim_start_matches("/api/v1") {
            "/queues" | "/queues/{id}" => queue_draft("walked"),
            "/users" | "/users/{id}" => user,
            "/tokens" => json!({"name": "walked", "role": "admin"}),
            "/routing/what-if" => what_if(),
            "/calendars/{name}" => json!({"time_zone": "UTC"}),
            "/connectors/{name}/uses" => json!({"uses": ["log_activity"]}),
            "/connectors/{name}/secrets/{secret}" => json!({"value": "walked"}),
            "/connectors/{name}/check" | "/connectors/{name}/jobs/{id}/retry" => json!({}),
            "/numbers/{dialled}" => json!({"flow": "main"}),
            "/plugins/{kind}/{name}/rollback" => json!({}),
            "/plugins/{kind}/{name}/configuration" => json!({"value": {}}),
            "/plugins/{kind}/{name}/settings" => json!({"recording": {"last": 1, "hours": 1}}),
            "/plugins/{kind}/{name}/versions/{version}/state" => json!({"to": "quarantined"}),
            "/plugins/{kind}/{name}/versions/{version}/replay" => return None,
            // A script may be written as JSON too.
            "/plugins/{kind}/{name}/versions" => json!({"nodes": {"only": {"hangup": {}}}}),
            "/flows/{name}/rollback" => {
                let flows = items(&owner.admin.get("/flows"));
                let label = flows.iter().find_map(|flow| flow["label"].as_str());
                json!({"kind": "flow", "version": label})
            }
            "/tasks" => json!({"queue": owner.queue}),
            "/agent/requests" => json!({"request": "ready"}),
            "/agent/audio" => json!({"sdp": browser_offer()}),
            "/public/{tenant}/calls" => json!({"number": "100", "sdp": browser_offer()}),
            "/session" => json!({"tenant": owner.name, "user_name": "admin", "password": "wrong!"}),
            other => panic!("this test must learn what {other} takes"),
        })
    }

    fn send(&self, api: &Api, address: &str, body: Option<&Value>) -> Answer {
        let bytes = body.map(|body| serde_json::to_vec(body).expect("JSON"));
        api.try_send(self.method.clone(), address, bytes, "application/json")
            .expect("the host answers")
    }
}

fn browser_offer() -> String {
    std::fs::read_to_string(root().join("host/media/src/webrtc/chromium_offer.sdp"))
        .expect("a browser's offer")
}

#[test]
fn tenants_see_nothing_of_each_other() {
    let host = Host::start();
    let acme = Tenant::create(&host, "acme", 440.0, "+4930111", "7001");
    let zeta = Tenant::create(&host, "zeta", 620.0, "+4930222", "8001");
    let (sockets, desks) = (
        [acme.admin.live(), zeta.admin.live()],
        [acme.agent.live(), zeta.agent.live()],
    );
    the_domain_selects_the_tenant(&host, &acme, &zeta);
    let web_leg = a_web_call_reaches_its_tenant_only(&acme, &zeta);

    for (own, other, live, desk) in [
        (&zeta, &acme, &sockets[1], &desks[1]),
        (&acme, &zeta, &sockets[0], &desks[0]),
    ] {
        let marks = other.marks();
        assert!(marks.len() >= 8, "there is much to leak: {marks:?}");
        live.hears("its own caller", SOON, |message| {
            message["type"] == "fact" && message.to_string().contains(own.caller)
        });
        for message in live.messages().iter().chain(&desk.messages()) {
            assert_shows_nothing("a live socket", &message.to_string(), &marks);
        }
        for value in own.everything() {
            assert_shows_nothing("an address without ids", &value.to_string(), &marks);
        }
    }
    every_operation_refuses_the_ids_of_another_tenant(&host, &acme, &zeta, &web_leg);
    bodies_and_queries_do_not_reach_over(&acme, &zeta);
    without_credentials_only_what_is_public_answers(&host, &acme);
    an_agent_is_given_their_own_and_no_more(&host, &zeta);
    a_session_belongs_to_its_tenant(&host);
    a_plugin_can_not_reach_the_files_of_another_tenant(&host, &acme, &zeta);
}

fn the_domain_selects_the_tenant(host: &Host, acme: &Tenant, zeta: &Tenant) {
    let calls = [
        (acme.call(host, Transport::Udp), acme.hz, zeta.hz),
        (zeta.call(host, Transport::Tcp), zeta.hz, acme.hz),
    ];
    let bare = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
    let bare = bare.call("100").answered();
    for (call, own, other) in calls {
        let heard = call.hears("its tenant's tone", SOON, |heard| {
            audio::heard_ms(&heard.samples, own) >= 800
        });
        assert_eq!(audio::heard_ms(&heard.samples, other), 0);
        call.hang_up();
    }
    let heard = bare.hears("the demo's greeting", SOON, |heard| {
        heard
            .samples
            .iter()
            .filter(|sample| sample.abs() > 1_000)
            .count()
            > 4_000
    });
    for hz in [acme.hz, zeta.hz] {
        assert!(
            audio::heard_ms(&heard.samples, hz) < 200,
            "a bare host is the demo's"
        );
    }
    bare.hang_up();
    for (number, of) in [("100", "nobody.example"), (acme.number, "zeta.example")] {
        let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        phone.domain = Some(of.to_owned());
        assert_eq!(phone.call(number).status(), 404, "{number}@{of}");
    }
    for tenant in [acme, zeta] {
        tenant.admin.until(
            "the call is history",
            "/contacts?state=ended",
            SOON,
            |contacts| {
                items(contacts)
                    .iter()
                    .any(|contact| contact["has_recording"] == true)
            },
        );
    }
}

/// Calls from a web page; gives its leg.
fn a_web_call_reaches_its_tenant_only(acme: &Tenant, zeta: &Tenant) -> String {
    let anyone = acme.admin.without_token();
    for (own, other) in [(acme, zeta), (zeta, acme)] {
        let lines = anyone.get(&format!("/public/{}", own.name));
        assert_eq!(items(&json!({"items": lines["lines"]})).len(), 2);
        assert_shows_nothing("the public lines", &lines.to_string(), &other.marks());
    }
    let wish = json!({"number": "100", "sdp": browser_offer()});
    let call = created(&anyone, "/public/acme/calls", &wish);
    let leg = call["call"].as_str().expect("a call").to_owned();
    let of_web = |contacts: &Value| {
        items(contacts)
            .iter()
            .filter(|c| c["channel"] == "web")
            .count()
    };
    acme.admin
        .until("the web call", "/contacts", SOON, |contacts| {
            of_web(contacts) == 1
        });
    assert_eq!(of_web(&zeta.admin.get("/contacts")), 0);
    let token = call["token"].as_str().expect("a token");
    let answer = anyone.send(
        Method::DELETE,
        &format!("/public/calls/{leg}?token={token}"),
        None,
    );
    assert_eq!(answer.status, 204, "{}", answer.text());
    leg
}

/// With zeta's administrator, and acme's ids in the path.
fn every_operation_refuses_the_ids_of_another_tenant(
    host: &Host,
    acme: &Tenant,
    zeta: &Tenant,
    leg: &str,
) {
    let (marks, before) = (acme.marks(), acme.set_up());
    let contact = acme.contacts().pop().expect("a contact");
    let walker = created(
        &zeta.admin,
        "/users",
        &json!({"user_name": "root2", "display_name": "R", "role": "admin", "password": PASSWORD}),
    );
    assert_eq!(walker["role"], "admin");
    // A session of its own, because the walk ends it.
    let admin = Api::sign_in(host.http, "zeta", "root2", PASSWORD);
    let mut operations = operations(host);
    // What deletes comes first, so that nothing is found that the walk itself made.
    operations.sort_by_key(|operation| {
        let ends_the_session = operation.path.ends_with("/session");
        (ends_the_session, operation.method != Method::DELETE)
    });
    for operation in &operations {
        let is_public_page = operation.path.contains("/public/{tenant}");
        // Who puts a name makes a thing of one's own: the other's would answer with the name sent.
        let is_made_here = operation.method == Method::PUT
            && ["/numbers/", "/calendars/", "/connectors/"]
                .iter()
                .any(|part| operation.path.contains(part))
            || operation.method == Method::POST && operation.path.ends_with("/{name}/versions");
        let owner = if is_public_page || is_made_here {
            zeta
        } else {
            acme
        };
        let (address, names_something) = operation.address(owner, &contact, leg);
        let answer = operation.send(&admin, &address, operation.body(acme).as_ref());
        let what = format!("{} {address}", operation.method);
        let status = answer.status.as_u16();
        assert_shows_nothing(&what, &answer.text(), &marks);
        if names_something && !is_public_page && !is_made_here {
            let is_socket =
                operation.path.contains("/public/calls/") && operation.method == Method::GET;
            assert!(
                status == 404 || is_socket && status == 400,
                "{what}: {}",
                answer.text()
            );
        } else {
            assert!(status < 500, "{what}: {}", answer.text());
        }
    }
    assert_eq!(acme.set_up(), before, "nothing of acme's changed");
    let recording = format!("/contacts/{contact}/recording");
    assert_eq!(
        acme.admin.send(Method::GET, &recording, None).status,
        200,
        "it was there to see"
    );
}

fn bodies_and_queries_do_not_reach_over(acme: &Tenant, zeta: &Tenant) {
    let marks = acme.marks();
    let (queue, agent) = (&acme.queue, &acme.agent_id);
    for query in [
        format!("/contacts?queue={queue}"),
        format!("/contacts?agent={agent}"),
        "/contacts?caller=%2B4930111".to_owned(),
    ] {
        assert_eq!(
            items(&zeta.admin.get(&query)),
            Vec::<Value>::new(),
            "{query}"
        );
    }
    let stolen = json!({
        "user_name": "thief", "display_name": "T", "role": "agent", "password": PASSWORD,
        "queues": [{"queue": queue}],
    });
    let answer = zeta.admin.send(Method::POST, "/users", Some(&stolen));
    assert!(
        (400..500).contains(&answer.status.as_u16()),
        "{}",
        answer.text()
    );
    let wish = json!({"flow": "acme-menu"});
    let answer = zeta.admin.send(Method::PUT, "/numbers/100", Some(&wish));
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["code"]),
        (422, &json!("invalid-field"))
    );
    assert_shows_nothing("the users", &zeta.admin.get("/users").to_string(), &marks);
}

fn without_credentials_only_what_is_public_answers(host: &Host, acme: &Tenant) {
    let contact = acme.contacts().pop().expect("a contact");
    let nobody = acme.admin.without_token();
    let stranger = acme.admin.with_token(&"0".repeat(64));
    for operation in operations(host) {
        let (address, _) = operation.address(acme, &contact, "lg_00000000000000000000000000");
        let body = operation.body(acme);
        for (who, api) in [("nobody", &nobody), ("a wrong token", &stranger)] {
            let answer = operation.send(api, &address, body.as_ref());
            let what = format!("{} {address} by {who}: {}", operation.method, answer.text());
            if operation.is_public {
                assert_ne!(answer.json()["code"], "unauthenticated", "{what}");
            } else {
                assert_eq!(answer.status, 401, "{what}");
                assert_eq!(answer.json()["code"], "unauthenticated", "{what}");
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
            }
        }
    }
}

/// What the role of an agent may do; everything else is forbidden to it.
const OF_AGENTS: [(&str, &str); 8] = [
    ("GET", "/api/v1/me"),
    ("GET", "/api/v1/agent"),
    ("POST", "/api/v1/agent/requests"),
    ("POST", "/api/v1/agent/audio"),
    ("DELETE", "/api/v1/agent/audio"),
    ("GET", "/api/v1/queues"),
    ("GET", "/api/v1/contacts"),
    ("GET", "/api/v1/live"),
];

fn an_agent_is_given_their_own_and_no_more(host: &Host, own: &Tenant) {
    // A contact that this agent did not handle.
    let contact = own.contacts().pop().expect("a contact");
    for operation in operations(host) {
        if operation.is_public || operation.path.ends_with("/session") {
            continue;
        }
        let (address, _) = operation.address(own, &contact, "lg_00000000000000000000000000");
        let answer = operation.send(&own.agent, &address, operation.body(own).as_ref());
        let status = answer.status.as_u16();
        let what = format!("{} {address}: {}", operation.method, answer.text());
        let path = operation.path.as_str();
        if OF_AGENTS.contains(&(operation.method.as_str(), path)) {
            assert!(status != 401 && status != 403 && status < 500, "{what}");
        } else if path == "/api/v1/contacts/{id}" || path.ends_with("/timeline") {
            assert_eq!(status, 404, "{what}");
        } else {
            assert_eq!(
                (status, &answer.json()["code"]),
                (403, &json!("forbidden")),
                "{what}"
            );
        }
    }
    assert_eq!(items(&own.agent.get("/contacts")), Vec::<Value>::new());
}

fn a_session_belongs_to_its_tenant(host: &Host) {
    let anyone = Api::anonymous(host.http);
    for (tenant, user, status) in [
        ("zeta", "zeta-ann", 200),
        ("acme", "zeta-ann", 401),
        ("demo", "zeta-ann", 401),
        ("nowhere", "zeta-ann", 401),
    ] {
        let body = json!({"tenant": tenant, "user_name": user, "password": PASSWORD});
        let answer = anyone.send(Method::POST, "/session", Some(&body));
        assert_eq!(
            answer.status,
            status,
            "{user} at {tenant}: {}",
            answer.text()
        );
        assert!(status == 200 || answer.json()["code"] == "wrong-credentials");
    }
    for (tenant, status) in [("acme", 403), ("demo.hotline", 403), ("zeta", 200)] {
        let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        phone.domain = Some(match tenant {
            "demo.hotline" => "demo.hotline.invalid".to_owned(),
            name => domain(name),
        });
        let got = phone.register("zeta-ann", PASSWORD);
        assert_eq!(got, status, "zeta's desk phone at {tenant}");
    }
}

fn a_plugin_can_not_reach_the_files_of_another_tenant(host: &Host, acme: &Tenant, zeta: &Tenant) {
    let flows = host.flows("zeta");
    std::os::unix::fs::symlink(
        host.flows("acme").join("prompts/hello.wav"),
        flows.join("prompts/link.wav"),
    )
    .expect("a link");
    for (number, thief, file) in [
        ("9001", "climber", "../../acme/prompts/hello.wav"),
        ("9002", "linker", "link.wav"),
    ] {
        let text = format!(
            "nodes:\n  theirs: {{say: {{audio: {file}}}, next: own}}\n  own: {{say: {{audio: hello.wav}}, next: hangup}}\n"
        );
        save(&flows, &format!("{thief}.flow.yaml"), &text);
        let told = zeta
            .admin
            .until("the thief is judged", "/flows", SOON, |flows| {
                items(flows).iter().any(|flow| {
                    flow["name"] == thief && !(flow["problem"].is_null() && flow["label"].is_null())
                })
            });
        let refused = items(&told)
            .iter()
            .any(|flow| flow["name"] == thief && flow["label"].is_null());
        if refused {
            continue;
        }
        let wish = json!({"flow": thief});
        let answer = zeta
            .admin
            .send(Method::PUT, &format!("/numbers/{number}"), Some(&wish));
        assert_eq!(answer.status, 200, "{}", answer.text());
        let mut phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone");
        phone.domain = Some(domain("zeta"));
        let call = phone.call(number).answered();
        let heard = call.hears("its own tone after the stolen one", SOON, |heard| {
            audio::heard_ms(&heard.samples, zeta.hz) >= 600
        });
        assert_eq!(audio::heard_ms(&heard.samples, acme.hz), 0, "{file}");
    }
}

//! A queue set up in the browser, and a caller in it of whom a supervisor asks why they wait.

use super::{SOON, caller_in_menu, dial, no_complaints};
use hotline_whole_host::browser::{Browser, Look, Page, id};
use hotline_whole_host::{Api, Host};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

#[test]
fn a_queue_is_set_up_in_the_console_and_a_supervisor_sees_why_its_caller_waits() {
    let host = Host::start();
    let browser = Browser::start();
    let admin = browser.open("admin", &host, Look::default());
    admin.sign_in(&host, "admin");
    admin.goto("/admin/queues");
    admin.click("td a[href^='/admin/queues/']:text-is('support')");

    // A condition is checked while it is typed, before anything is saved.
    admin.fill(&id("queue-skills"), "english >=");
    let wrong = admin.see("[data-testid=queue-form] .mantine-InputWrapper-error");
    assert!(wrong.contains("character 11"), "{wrong}");
    admin.fill(&id("queue-skills"), "english >= 7");
    let one = format!("{}:has-text('1 of 2 agents')", id("qualifying"));
    let qualifying = admin.see(&one);
    assert!(
        qualifying.contains("Ana") && !qualifying.contains('陈'),
        "{qualifying}"
    );

    // What the host refuses stands at its field, and nothing was changed.
    admin.click(&id("add-ring"));
    admin.fill(&id("ring-after"), "0");
    admin.click(&id("save-queue"));
    admin.see(".ring-row .mantine-InputWrapper-error:has-text('later than the ring before')");
    let sue = host.sign_in("sue");
    let support = |field: &str| {
        let queues = sue.get("/queues");
        let items = queues["items"].as_array().expect("a list").clone();
        let support = items.into_iter().find(|queue| queue["name"] == "support");
        support.expect("the demo's queue")[field].clone()
    };
    assert_eq!(support("skills"), "");
    admin.fill(&id("ring-after"), "3600");
    admin.click(&id("save-queue"));
    admin.gone(&id("queue-form"));
    assert_eq!(support("skills"), "english >= 7");
    let ring = json!([{"after_ms": 3_600_000, "skills": ""}]);
    assert_eq!(support("rules")["rings"], ring);

    // Chen is there, but has no phone and does not qualify.
    let chen = host.sign_in("chen");
    let _presence = chen.live();
    let wallboard = browser.open("sue", &host, Look::default());
    wallboard.sign_in(&host, "sue");
    wallboard.goto("/wallboard");
    let call = dial(&host);
    let contact = caller_in_menu(&sue);
    call.press('1');
    wallboard.click(&id("why-button"));
    let why = wallboard.see(&format!(
        "{}:has-text('Chen'), {}:has-text('陈晨')",
        id("why-waiting"),
        id("why-waiting")
    ));
    assert!(why.contains("Nobody who could take it is free"), "{why}");
    assert!(why.contains("Ana"), "everybody left out is named: {why}");
    let path = format!("/contacts/{contact}/waiting");
    let told = sue.until("why it waits", &path, SOON, |answer| {
        answer["why"]["queue_name"] == "support"
    });
    assert_eq!(told["why"]["candidates_total"], 0);

    call.hang_up();
    wallboard.see("text=does not wait any more");
    sue.until("no reason any more", &path, SOON, |answer| {
        answer["why"].is_null()
    });
    what_was_recorded_is_played_with_two_policies(&host, &admin, &sue);
    no_complaints(&wallboard);
}

/// In the browser, from the wish to both policies side by side.
fn what_was_recorded_is_played_with_two_policies(host: &Host, admin: &Page, sue: &Api) {
    sue.until("history", "/contacts?state=ended", SOON, |contacts| {
        contacts["items"]
            .as_array()
            .is_some_and(|items| items.len() == 1)
    });
    admin.goto("/routing");
    admin.see(&format!("{}:has-text('support')", id("policies")));
    admin.click("label:has-text('Today')");
    admin.click(&id("start-what-if"));
    let result = admin.see_within(&id("what-if-result"), Duration::from_secs(60));
    for column in ["recorded", "shipped skills policy", "built-in order"] {
        assert!(result.contains(column), "{column}: {result}");
    }
    let latest = sue.get("/routing/what-if");
    let job = latest["what_if"]["id"].as_str().expect("an id");
    let whole = sue.get(&format!("/routing/what-if/{job}"));
    let all = &whole["result"]["recorded"]["groups"][0];
    assert_eq!(all["group"], "all");
    assert_eq!(all["figures"]["offered"]["mean"], 1.0, "{all}");
    assert_eq!(whole["done"], whole["of"]);
    let policies = whole["result"]["simulated"]["policies"].as_array();
    let names = policies.into_iter().flatten().map(|policy| &policy["name"]);
    assert_eq!(names.collect::<Vec<_>>(), ["shipped", "built-in"]);

    // One that is no more is not found, and an agent has no business here.
    let stranger = format!("/routing/what-if/wi_{}", "0".repeat(26));
    let answer = sue.send(Method::GET, &stranger, None);
    assert_eq!(answer.status, 404, "{}", answer.text());
    let answer = host
        .sign_in("ana")
        .send(Method::GET, "/routing/what-if", None);
    assert_eq!(answer.status, 403, "{}", answer.text());
}

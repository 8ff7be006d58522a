//! People at their browsers and phones: what they see and what they hear.

mod queues;

use hotline_whole_host::browser::{Browser, Look, Page, id, microphone, state};
use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::save;
use hotline_whole_host::{Api, Call, Host, Phone, Quiet, Transport, audio};
use serde_json::Value;
use std::time::{Duration, Instant};

/// What each of them says.
const AGENT: f64 = 1_370.0;
const PHONE: f64 = 620.0;
const VISITOR: f64 = 880.0;

/// From "accept" to the first sound: a person begins to speak at once. On an idle machine it is
/// below 200 ms; this one may be busy.
const AT_ONCE: Duration = Duration::from_secs(2);
const SOON: Duration = Duration::from_secs(30);

fn phone(host: &Host) -> Phone {
    Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a line to the host")
}

fn dial(host: &Host) -> Box<Call> {
    let call = phone(host).call("100").answered();
    call.stream.say_tone(PHONE);
    call
}

/// The one contact that is open, once its caller hears the menu.
fn caller_in_menu(sue: &Api) -> String {
    let open = sue.until("an open contact", "/contacts?state=open", SOON, |page| {
        page["items"]
            .as_array()
            .is_some_and(|items| items.len() == 1)
    });
    let contact = open["items"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/contacts/{contact}/timeline");
    sue.until("the menu", &path, SOON, |timeline| {
        facts(timeline, "flow_stepped").iter().any(|step| {
            step["trace"]
                .as_array()
                .is_some_and(|trace| trace.contains(&"main".into()))
        })
    });
    contact
}

/// The bodies of a timeline's facts of one kind.
fn facts<'a>(timeline: &'a Value, kind: &str) -> Vec<&'a Value> {
    let items = timeline["items"].as_array();
    items
        .into_iter()
        .flatten()
        .filter(|fact| fact["kind"] == kind)
        .map(|fact| &fact["body"])
        .collect()
}

/// Signs in on the console, waits for a working microphone and audio leg, and presses Ready.
fn start_shift(page: &Page, host: &Host, user: &str) {
    page.sign_in(host, user);
    page.see(&state("microphone-status", "ok"));
    page.see(&state("audio-leg-state", "connected"));
    page.click(&id("ready-button"));
    page.see(&state("agent-state", "ready"));
}

fn wrap_up(page: &Page, note: &str) {
    page.see(&id("wrap-up"));
    page.click("[data-testid=disposition-resolved] label");
    page.fill(&id("note"), note);
    page.click(&id("finish-wrap-up"));
    page.see(&state("agent-state", "ready"));
}

/// The phone hears the agent from now on, and the console the phone.
fn both_talk(page: &Page, call: &Call) {
    let mark = call.heard().samples.len();
    page.hears(PHONE, SOON);
    call.hears("the agent's microphone", SOON, |heard| {
        audio::heard_ms(&heard.samples[mark..], AGENT) >= 400
    });
}

/// Nothing went wrong that only the browser's console tells.
fn no_complaints(page: &Page) {
    let complaints: Vec<String> = page
        .console()
        .into_iter()
        .filter(|line| line.starts_with("error") || line.starts_with("uncaught"))
        .collect();
    assert!(complaints.is_empty(), "the page complains: {complaints:#?}");
}

#[test]
fn an_agent_at_the_console_and_a_caller_on_a_phone_talk_and_the_contact_tells_all_of_it() {
    let _quiet = Quiet::begin();
    let host = Host::start();
    let sound = microphone(host.folder(), AGENT);
    let browser = Browser::start();
    let look = || Look {
        microphone: Some(sound.clone()),
        ..Look::default()
    };
    let (ana, sue) = (browser.open("ana", &host, look()), host.sign_in("sue"));
    start_shift(&ana, &host, "ana");

    // The first call: the agent hangs up.
    let mut call = dial(&host);
    let contact = caller_in_menu(&sue);
    call.press('1');
    assert!(ana.see(&id("offer-card")).contains("+4930123"));
    let mark = call.heard().samples.len();
    let accepted = Instant::now();
    ana.click(&id("accept-offer"));
    let waited = ana.hears(PHONE, SOON);
    assert!(
        waited < AT_ONCE,
        "the agent waited {waited:?} for the first sound"
    );
    call.hears(
        "the agent",
        AT_ONCE.saturating_sub(accepted.elapsed()),
        |heard| audio::heard_ms(&heard.samples[mark..], AGENT) >= 80,
    );
    both_talk(&ana, &call);

    // The page is reloaded in the middle of it.
    ana.reload();
    ana.see(&id("call-panel"));
    both_talk(&ana, &call);

    // A second window takes the audio over, and the first does not fight for it but says so.
    let second = browser.open("ana, second window", &host, look());
    second.sign_in(&host, "ana");
    second.see(&state("audio-leg-state", "connected"));
    ana.see(&state("audio-leg-state", "elsewhere"));
    both_talk(&second, &call);
    ana.click("[data-testid=audio-elsewhere] button");
    second.see(&state("audio-leg-state", "elsewhere"));
    both_talk(&ana, &call);
    no_complaints(&second);
    second.close();

    ana.click(&id("hang-up"));
    assert!(call.is_hung_up(SOON), "the phone got no BYE");
    wrap_up(&ana, "Sent the invoice again.");

    // The second call, by keyboard: the caller hangs up.
    let call = dial(&host);
    caller_in_menu(&sue);
    call.press('1');
    ana.see(&id("offer-card"));
    ana.key("Alt+a");
    both_talk(&ana, &call);
    call.hang_up();
    wrap_up(&ana, "");
    no_complaints(&ana);

    the_contact_page_tells(&browser.open("sue", &host, look()), &host, &contact);
    the_recording_has_both_sides(&sue, &contact);
}

fn the_contact_page_tells(sue: &Page, host: &Host, contact: &str) {
    sue.sign_in(host, "sue");
    sue.goto("/contacts");
    sue.click(&format!("[data-contact=\"{contact}\"] a"));
    let see = |kind: &str| sue.see(&format!("[data-fact={kind}]"));
    see("contact_started");
    let steps = sue.texts("[data-fact=flow_stepped]").join("\n");
    for told in ["greeting", "main", "support", "main@"] {
        assert!(steps.contains(told), "no {told:?} in the steps:\n{steps}");
    }
    assert!(see("keys_collected").contains('1'));
    let decision = see("routing_decided");
    for told in ["Ana", "The only qualified", "best-skill"] {
        assert!(
            decision.contains(told),
            "no {told:?} in the decision:\n{decision}"
        );
    }
    assert!(see("agent_connected").contains("Ana"));
    assert!(see("wrap_up_ended").contains("Sent the invoice again."));
    see("contact_ended");
    assert!(sue.see(&id("media")).contains("Caller"), "media statistics");

    // The recording plays in the page.
    sue.see("audio");
    let audio = "document.querySelector('audio')";
    sue.until(&format!("{audio}.duration > 1"));
    sue.evaluate(&format!("{audio}.play()"));
    sue.until(&format!("{audio}.currentTime > 0.2"));
    no_complaints(sue);
}

fn the_recording_has_both_sides(sue: &Api, contact: &str) {
    let path = format!("/contacts/{contact}/recording");
    let answer = sue.send(reqwest::Method::GET, &path, None);
    assert_eq!(
        (answer.status.as_u16(), answer.kind.as_str()),
        (200, "audio/wav")
    );
    let (caller, agent) = stereo(&answer.body);
    let seconds = caller.len() as f64 / audio::RATE;
    assert!(seconds > 3.0, "a recording of {seconds:.1} s");
    assert!(
        audio::heard_ms(&caller, PHONE) > 1_000,
        "the caller on the left"
    );
    assert!(
        audio::heard_ms(&agent, AGENT) > 400,
        "the agent on the right"
    );
    assert!(
        audio::heard_ms(&caller, AGENT) == 0,
        "each on a side of their own"
    );
}

/// Both sides of a G.711 WAV at 8 kHz, as `recordings.md` of the media room has it.
fn stereo(wav: &[u8]) -> (Vec<i16>, Vec<i16>) {
    let kind = u16::from_le_bytes([wav[20], wav[21]]);
    let channels = u16::from_le_bytes([wav[22], wav[23]]);
    assert_eq!(channels, 2);
    let data = wav
        .windows(4)
        .position(|window| window == b"data")
        .expect("a data chunk")
        + 8;
    let decode = match kind {
        6 => audio::from_alaw,
        7 => audio::from_mulaw,
        other => panic!("format {other} is not G.711"),
    };
    let side = |n| {
        wav[data + n..]
            .iter()
            .step_by(2)
            .map(|byte| decode(*byte))
            .collect()
    };
    (side(0), side(1))
}

#[test]
fn a_visitor_of_the_call_page_reaches_an_agent_and_the_wallboard_follows() {
    let _quiet = Quiet::begin();
    let host = Host::start();
    let browser = Browser::start();
    let speaking = |hz| Look {
        microphone: Some(microphone(host.folder(), hz)),
        ..Look::default()
    };
    let ana = browser.open("ana", &host, speaking(AGENT));
    ana.sign_in(&host, "ana");
    ana.see(&state("audio-leg-state", "connected"));
    let wallboard = browser.open("sue", &host, speaking(AGENT));
    wallboard.sign_in(&host, "sue");
    let own = "[data-agent=Ana]";
    assert!(wallboard.see(own).contains("Paused"));

    let sue = host.sign_in("sue");
    let visitor = browser.open(
        "visitor",
        &host,
        Look {
            language: Some("zh-CN".to_owned()),
            ..speaking(VISITOR)
        },
    );
    visitor.goto("/call/demo");
    visitor.see("html[lang=zh-CN]");
    visitor.click(&id("call-button"));
    visitor.see(&state("call-state", "answered"));
    visitor.hears_sound(SOON);
    caller_in_menu(&sue);
    visitor.click(&id("key-1"));

    // Nobody is ready: the visitor waits with music, and the wallboard shows it without a reload.
    let row = wallboard.see("[data-testid=contacts-now] [data-stage=waiting]");
    assert!(row.contains("support"), "{row}");
    wallboard.see("[data-testid=total-waiting]:text-is('1')");
    visitor.hears_sound(SOON);

    ana.click(&id("ready-button"));
    ana.see(&id("offer-card"));
    ana.click(&id("accept-offer"));
    let waited = ana.hears(VISITOR, SOON);
    assert!(
        waited < AT_ONCE,
        "the agent waited {waited:?} for the first sound"
    );
    visitor.hears(AGENT, SOON);
    wallboard.see(&format!("{own}:has-text('Talking')"));
    wallboard.see("[data-testid=contacts-now] [data-stage=talking]");

    ana.click(&id("hang-up"));
    visitor.see(&state("call-state", "ended"));
    wallboard.see(&format!("{own}:has-text('Wrap-up')"));
    wrap_up(&ana, "");
    wallboard.see(&format!("{own}:has-text('Ready')"));

    // Again, and the visitor closes the page in the middle of it.
    visitor.click(&id("call-button"));
    visitor.see(&state("call-state", "answered"));
    caller_in_menu(&sue);
    visitor.key("1");
    ana.see(&id("offer-card"));
    ana.click(&id("accept-offer"));
    ana.hears(VISITOR, SOON);
    no_complaints(&visitor);
    visitor.close();
    wrap_up(&ana, "");
    no_complaints(&ana);
    no_complaints(&wallboard);
}

#[test]
fn the_flows_page_follows_every_save_and_counts_calls_on_old_versions() {
    let _quiet = Quiet::begin();
    let host = Host::start();
    let browser = Browser::start();
    let sue = host.sign_in("sue");
    let page = browser.open("sue", &host, Look::default());
    page.sign_in(&host, "sue");
    page.goto("/flows");
    let first = page.see(&id("live-version"));
    let old = first.rsplit(' ').next().expect("a version").to_owned();
    page.evaluate("void (globalThis.neverReloaded = true)");

    let call = dial(&host);
    caller_in_menu(&sue);
    page.see(&format!("[data-version=\"{old}\"][data-contacts=\"1\"]"));

    // Broken: the place and the way out are told, and the old version stays.
    let flows = host.flows("demo");
    let script = std::fs::read_to_string(flows.join("main.flow.yaml")).expect("the demo flow");
    let broken = script.replacen("start: greeting", "start: greting", 1);
    assert_ne!(broken, script);
    let line = 1 + script
        .lines()
        .position(|line| line == "start: greeting")
        .expect("the demo flow starts with a greeting");
    save(&flows, "main.flow.yaml", &broken);
    let problem = page.see(&id("plugin-problem"));
    for told in [
        format!("line {line}"),
        "greting".to_owned(),
        "greeting".to_owned(),
    ] {
        assert!(
            problem.contains(&told),
            "no {told:?} in the problem:\n{problem}"
        );
    }
    assert_eq!(page.see(&id("live-version")), first);

    // Good: a new version, while the call in progress is on the old one.
    let changed = script.replacen("Welcome to Hotline.", "Welcome to our new line.", 1);
    assert_ne!(changed, script);
    save(&flows, "main.flow.yaml", &changed);
    page.gone(&id("plugin-problem"));
    page.see(&format!("{}:not(:has-text('{old}'))", id("live-version")));
    page.see(&format!("[data-version=\"{old}\"][data-contacts=\"1\"]"));
    call.hang_up();
    page.gone(&format!("[data-version=\"{old}\"]"));

    let call = dial(&host);
    page.see(&format!(
        "[data-version]:not([data-version=\"{old}\"])[data-contacts=\"1\"]"
    ));
    call.hang_up();
    assert_eq!(page.evaluate("globalThis.neverReloaded"), true);
    no_complaints(&page);
}

#[test]
fn a_dead_microphone_is_told_before_a_customer_suffers_and_a_desk_phone_takes_its_place() {
    let _quiet = Quiet::begin();
    let host = Host::start();
    let browser = Browser::start();
    let sue = host.sign_in("sue");
    let ana = browser.open(
        "ana",
        &host,
        Look {
            // Zeros: a headset whose mute switch is on.
            microphone: Some(microphone(host.folder(), 0.0)),
            ..Look::default()
        },
    );
    ana.sign_in(&host, "ana");
    ana.see(&state("audio-leg-state", "connected"));
    ana.see(&state("microphone-status", "silent"));
    ana.click("[data-testid=device] label:has-text('Desk phone')");
    // Said before a customer meets it: no phone, no calls.
    ana.see(&id("ready-hindrance"));

    let mut desk = phone(&host);
    assert_eq!(desk.register("ana", "wrong"), 403);
    let mut desk_phone = phone(&host);
    assert_eq!(desk_phone.register("ana", &host.passwords["ana"]), 200);
    ana.gone(&id("ready-hindrance"));
    ana.click(&id("ready-button"));
    ana.see(&state("agent-state", "ready"));

    let mut call = dial(&host);
    caller_in_menu(&sue);
    call.press('1');
    let ringing = desk_phone.rings(SOON);
    assert!(ringing.from().contains("4930123"), "{}", ringing.from());
    let desk = desk_phone.pick_up(ringing);
    desk.stream.say_tone(AGENT);
    desk.hears("the caller", SOON, |heard| {
        audio::heard_ms(&heard.samples, PHONE) >= 400
    });
    call.hears("the agent", SOON, |heard| {
        audio::heard_ms(&heard.samples, AGENT) >= 400
    });
    ana.see(&id("call-panel"));

    ana.click(&id("hang-up"));
    assert!(call.is_hung_up(SOON), "the caller got no BYE");
    wrap_up(&ana, "");
    no_complaints(&ana);
    drop(desk);
}

#[test]
#[ignore = "takes the picture of the README: cargo test -p hotline-whole-host --test whole_host -- --ignored picture"]
fn a_picture_of_the_console() {
    let host = Host::start();
    let browser = Browser::start();
    let look = || Look {
        microphone: Some(microphone(host.folder(), AGENT)),
        ..Look::default()
    };
    let (ana, sue) = (browser.open("ana", &host, look()), host.sign_in("sue"));
    let from = |user: &str, keys: [char; 2]| {
        let mut phone = phone(&host);
        user.clone_into(&mut phone.user);
        let call = phone.call("100").answered();
        call.stream.say_tone(PHONE);
        // The first key chooses the language and comes back to the menu.
        for (times, key) in keys.into_iter().enumerate() {
            in_menu(&sue, user, times + 1);
            call.press(key);
        }
        call
    };
    start_shift(&ana, &host, "ana");
    let before = [
        ("+49305550118", ['8', '1'], "resolved", 14),
        ("+861055501420", ['9', '2'], "follow-up", 21),
        ("+442055500923", ['8', '2'], "resolved", 9),
    ];
    for (user, keys, disposition, seconds) in before {
        let mut call = from(user, keys);
        ana.see(&id("offer-card"));
        ana.key("Alt+a");
        ana.see(&id("call-panel"));
        std::thread::sleep(Duration::from_secs(seconds));
        ana.click(&id("hang-up"));
        assert!(call.is_hung_up(SOON));
        ana.see(&id("wrap-up"));
        ana.click(&format!("[data-testid=disposition-{disposition}] label"));
        ana.click(&id("finish-wrap-up"));
        ana.see(&state("agent-state", "ready"));
    }
    let _talking = from("+49895550742", ['8', '1']);
    ana.see(&id("offer-card"));
    ana.key("Alt+a");
    ana.see(&id("call-panel"));
    let _waiting = [
        from("+12125550187", ['8', '2']),
        from("+862155503361", ['9', '1']),
    ];
    std::thread::sleep(Duration::from_secs(35));
    let docs = hotline_whole_host::host::root().join("docs");
    ana.screenshot(&docs.join("console.png"));
}

/// Waits until a caller has come to the menu so many times.
fn in_menu(sue: &Api, caller: &str, times: usize) {
    let open = sue.until("the caller", "/contacts?state=open", SOON, |page| {
        page["items"]
            .as_array()
            .is_some_and(|items| items.iter().any(|item| item["caller"] == caller))
    });
    let items = open["items"].as_array().expect("a list");
    let contact = items
        .iter()
        .find(|item| item["caller"] == caller)
        .expect("it was there");
    let path = format!(
        "/contacts/{}/timeline",
        contact["id"].as_str().expect("an id")
    );
    sue.until("the menu", &path, SOON, |timeline| {
        let visits = facts(timeline, "flow_stepped")
            .iter()
            .filter(|step| {
                step["trace"]
                    .as_array()
                    .is_some_and(|trace| trace.contains(&"main".into()))
            })
            .count();
        visits >= times
    });
}

//! A caller on a phone: hears the prompts, presses keys, and lands where the flow says.

use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Call, Host, Phone, Transport, audio};
use serde_json::Value;
use std::time::Duration;

pub(crate) const MENU: f64 = 400.0;
const WRONG_KEY: f64 = 550.0;
const NO_KEY: f64 = 700.0;
const FAILED: f64 = 850.0;
pub(crate) const ONE: f64 = 1_000.0;
const TWO: f64 = 1_300.0;

const FLOW: &str = "
flow: Tones
languages: [en]
nodes:
  menu:
    menu: {audio: menu.wav}
    keys: {1: one, 2: two}
    attempts: 3
    wait: 600ms
    wrong_key: {audio: wrong.wav}
    no_key: {audio: none.wav}
    failed: failed
  one: {say: {audio: one.wav}, next: hangup}
  two: {say: {audio: two.wav}, next: hangup}
  failed: {say: {audio: failed.wav}, next: hangup}
";

/// A host whose demo line answers with tones.
pub(crate) fn host_with_tones() -> Host {
    let host = Host::start();
    let flows = host.flows("demo");
    for (name, hz) in [
        ("menu.wav", MENU),
        ("wrong.wav", WRONG_KEY),
        ("none.wav", NO_KEY),
        ("failed.wav", FAILED),
        ("one.wav", ONE),
        ("two.wav", TWO),
    ] {
        write_prompt(&flows, name, hz, Duration::from_millis(400));
    }
    save(&flows, "main.flow.yaml", FLOW);
    let sue = host.sign_in("sue");
    sue.until(
        "the tones are live",
        "/flows",
        Duration::from_secs(30),
        |flows| {
            flows["items"].as_array().is_some_and(|items| {
                items.iter().any(|flow| {
                    flow["name"] == "main"
                        && flow["picture"].to_string().contains("failed")
                        && flow["problem"].is_null()
                        && flow["picture"]
                            .as_array()
                            .is_some_and(|nodes| nodes.len() <= 6)
                })
            })
        },
    );
    host
}

fn dial(host: &Host, transport: Transport, law: Law) -> Box<Call> {
    Phone::new(host.sip, transport, law)
        .expect("a line to the host")
        .call("100")
        .answered()
}

fn hears(call: &Call, what: &str, hz: f64) {
    call.hears(what, Duration::from_secs(30), |heard| {
        audio::heard_ms(&heard.samples, hz) >= 200
    });
}

#[test]
fn callers_hear_the_prompts_and_land_where_their_key_says_by_every_way_in() {
    let host = host_with_tones();
    for (transport, law) in [
        (Transport::Udp, Law::Pcmu),
        (Transport::Udp, Law::Pcma),
        (Transport::Tcp, Law::Pcmu),
        (Transport::Tcp, Law::Pcma),
    ] {
        let mut by_event = dial(&host, transport, law);
        let mut by_info = dial(&host, transport, law);
        hears(&by_event, "the menu", MENU);
        by_event.press('1');
        hears(&by_event, "what key 1 leads to", ONE);
        hears(&by_info, "the menu", MENU);
        by_info.press_by_info('2');
        hears(&by_info, "what key 2 leads to", TWO);
        assert!(
            audio::heard_ms(&by_event.heard().samples, TWO) == 0,
            "heard another's branch"
        );
        assert!(
            by_event.is_hung_up(Duration::from_secs(30)),
            "the flow hangs up ({transport:?})"
        );
        assert!(
            by_info.is_hung_up(Duration::from_secs(30)),
            "the flow hangs up ({transport:?})"
        );
        assert_eq!(by_event.heard().lost, 0, "one unbroken line of packets");
    }
}

#[test]
fn a_wrong_key_no_key_and_the_third_failure_do_what_the_flow_says() {
    let host = host_with_tones();
    let mut call = dial(&host, Transport::Udp, Law::Pcmu);
    hears(&call, "the menu", MENU);
    call.press('7');
    hears(&call, "that the key is wrong", WRONG_KEY);
    call.stream.forget();
    hears(&call, "the menu again", MENU);
    hears(&call, "that no key was pressed", NO_KEY);
    hears(&call, "the third failure", FAILED);
    assert!(
        call.is_hung_up(Duration::from_secs(30)),
        "the flow hangs up after it"
    );

    let sue = host.sign_in("sue");
    let timeline = timeline_of_last(&sue);
    let keys: Vec<&Value> = timeline
        .iter()
        .filter(|fact| fact["kind"] == "keys_collected")
        .collect();
    assert_eq!(keys.len(), 3, "one for each attempt: {keys:#?}");
    assert_eq!(keys[0]["body"]["keys"], "7");
    assert_eq!(keys[1]["body"]["outcome"], "no_input");
    let ended = timeline
        .iter()
        .find(|fact| fact["kind"] == "contact_ended")
        .expect("an end");
    assert_eq!(ended["body"]["reason"], "flow_hung_up");
}

/// The timeline of the newest contact, once it has ended.
pub(crate) fn timeline_of_last(sue: &hotline_whole_host::Api) -> Vec<Value> {
    let contacts = sue.until(
        "the contact has ended",
        "/contacts?limit=1",
        Duration::from_secs(30),
        |contacts| !contacts["items"][0]["ended_at"].is_null(),
    );
    let id = contacts["items"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let timeline = sue.get(&format!("/contacts/{id}/timeline"));
    timeline["items"].as_array().expect("a list").clone()
}

#[test]
fn the_demo_line_speaks_its_greeting_and_sensitive_keys_are_nobodys() {
    let host = Host::start();
    // What espeak-ng says of the same text, at the telephone's rate, made here.
    let spoken = speak("Welcome to Hotline.");
    let call = dial(&host, Transport::Udp, Law::Pcmu);
    call.hears("the greeting", Duration::from_secs(30), |heard| {
        audio::likeness(&spoken, &heard.samples) > 0.8
    });
    assert!(
        audio::likeness(
            &speak("Sorry, that key does nothing here at all."),
            &call.heard().samples
        ) < 0.8,
        "any speech would pass for the greeting"
    );
    call.hang_up();

    save(
        &host.flows("demo"),
        "main.flow.yaml",
        "
languages: [en]
nodes:
  card:
    collect: Your card number, please.
    digits: 16
    sensitive: true
    into: card
    next: done
    failed: done
  done: {say: Thank you., next: hangup}
",
    );
    let sue = host.sign_in("sue");
    sue.until(
        "the card flow is live",
        "/flows",
        Duration::from_secs(30),
        |flows| flows.to_string().contains("\"card\""),
    );
    let mut call = dial(&host, Transport::Udp, Law::Pcmu);
    call.hears("the question", Duration::from_secs(30), |heard| {
        heard
            .samples
            .iter()
            .any(|sample| sample.unsigned_abs() > 2_000)
    });
    let number = "4929123456781234";
    for key in number.chars() {
        call.press(key);
    }
    assert!(
        call.is_hung_up(Duration::from_secs(30)),
        "the flow thanks and hangs up"
    );
    let timeline = timeline_of_last(&sue);
    let keys = timeline
        .iter()
        .find(|fact| fact["kind"] == "keys_collected")
        .expect("a fact");
    assert_eq!(keys["body"]["length"], 16);
    assert!(keys["body"]["keys"].is_null());
    let kept = format!(
        "{timeline:?}{:?}{}",
        host.output(),
        sue.get("/events?limit=500")
    );
    assert!(
        !kept.contains("49291234"),
        "the number is somewhere it must not be"
    );
    for file in walk(&host.folder().join("data")) {
        let content = std::fs::read(&file).unwrap_or_default();
        let found = content
            .windows(number.len())
            .any(|window| window == number.as_bytes());
        assert!(!found, "the number is in {}", file.display());
    }
}

/// The pace of the host's voice.
const WORDS_A_MINUTE: &str = "155";

fn speak(text: &str) -> Vec<i16> {
    let output = std::process::Command::new("espeak-ng")
        .args(["-v", "en", "-s", WORDS_A_MINUTE, "--stdout", text])
        .output()
        .expect("espeak-ng is installed");
    let mut reader =
        hound::WavReader::new(std::io::Cursor::new(patched(output.stdout))).expect("a WAV file");
    let rate = f64::from(reader.spec().sample_rate);
    let samples: Vec<i16> = reader.samples::<i16>().map_while(Result::ok).collect();
    let wanted = (samples.len() as f64 * audio::RATE / rate) as usize;
    let at = |n: usize| {
        samples
            .get((n as f64 * rate / audio::RATE) as usize)
            .copied()
    };
    let sound: Vec<i16> = (0..wanted).filter_map(at).collect();
    // Only what is spoken: the host trims silence.
    let loud = |sample: &i16| sample.unsigned_abs() > 300;
    let first = sound.iter().position(loud).unwrap_or(0);
    let last = sound.iter().rposition(loud).unwrap_or(sound.len());
    sound[first..last].to_vec()
}

/// espeak-ng writes a stream and does not know its length: puts the true one into the header.
fn patched(mut wav: Vec<u8>) -> Vec<u8> {
    let data = u32::try_from(wav.len().saturating_sub(44)).expect("a short text");
    wav[40..44].copy_from_slice(&data.to_le_bytes());
    wav[4..8].copy_from_slice(&(data + 36).to_le_bytes());
    wav
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("a folder of the host")
        .flatten()
    {
        if entry.path().is_dir() {
            files.extend(walk(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

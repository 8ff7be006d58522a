//! A host behind an address that is not its own, with a certificate of its own.

use hotline_whole_host::browser::{Browser, Look, id, microphone, state};
use hotline_whole_host::rtp::Law;
use hotline_whole_host::{Host, HostOptions, Phone, Transport, audio};
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(30);
/// Reached over loopback, and never bound by name.
const EXTERNAL: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

fn host() -> Host {
    Host::with(HostOptions {
        arguments: vec![
            "--tls=self-signed".to_owned(),
            format!("--external-ip={EXTERNAL}"),
        ],
        bind: Some(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        ..HostOptions::default()
    })
}

#[test]
fn a_visitor_and_an_agent_talk_over_tls_at_the_external_address() {
    let host = host();
    let browser = Browser::start();
    let open = |who: &str, hz| {
        let look = Look {
            microphone: Some(microphone(host.folder(), hz)),
            ..Look::default()
        };
        browser.open(who, &host, look)
    };
    let (ana, visitor) = (open("ana", 1_370.0), open("visitor", 880.0));
    ana.sign_in(&host, "ana");
    ana.see(&state("audio-leg-state", "connected"));
    ana.click(&id("ready-button"));
    visitor.goto("/call/demo");
    visitor.click(&id("call-button"));
    visitor.see(&state("call-state", "answered"));
    visitor.hears_sound(SOON);
    // The greeting takes no keys: an impatient visitor presses until the phone rings.
    let deadline = Instant::now() + SOON;
    while ana.texts(&id("offer-card")).is_empty() {
        assert!(Instant::now() < deadline, "no offer within {SOON:?}");
        visitor.click(&id("key-1"));
        visitor.evaluate("new Promise((done) => setTimeout(done, 500))");
    }
    ana.click(&id("accept-offer"));
    ana.hears(880.0, SOON);
    visitor.hears(1_370.0, SOON);
    for page in [&ana, &visitor] {
        let told = page.evaluate("ear.told()");
        let external = serde_json::json!(EXTERNAL.to_string());
        let told = told.as_array().expect("a list of addresses");
        assert!(told.contains(&external), "the browser was told {told:?}");
    }
}

#[test]
fn a_phone_is_given_the_external_address_for_its_requests_and_its_audio() {
    let host = host();
    let phone = Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a line to the host");
    let call = phone.call("100").answered();
    let external = EXTERNAL.to_string();
    assert!(call.target().contains(&external), "{}", call.target());
    assert_eq!(call.media().ip(), EXTERNAL);
    call.stream.say_tone(620.0);
    call.hears("the greeting", SOON, |heard| {
        audio::envelope(&heard.samples)
            .iter()
            .filter(|level| **level > 500.0)
            .count()
            >= 25
    });
    call.hang_up();
}

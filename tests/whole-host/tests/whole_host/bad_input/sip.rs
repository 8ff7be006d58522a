//! Bad SIP, and too much of it.

use hotline_whole_host::rtp::Law;
use hotline_whole_host::tones::{save, write_prompt};
use hotline_whole_host::{Api, Call, Host, HostOptions, Outcome, Phone, Transport, audio};
use reqwest::Method;
use rsip::prelude::*;
use serde_json::json;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(30);

/// Messages of RFC 4475 in builds of our own; the whole table stands in `host/sip/tests`.
#[rustfmt::skip] // A table: a row a line.
fn torture(host: &Host) -> Vec<(&'static str, String, Option<u16>)> {
    let host = host.sip;
    let message = |start: &str, change: &[(&str, &str)], body: &str| {
        let mut lines = vec![
            (
                "Via",
                format!(
                    "SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{}",
                    fastrand::u64(..)
                ),
            ),
            ("Max-Forwards", "70".to_owned()),
            ("From", "<sip:caller@example.net>;tag=1".to_owned()),
            ("To", format!("<sip:100@{host}>")),
            ("Call-ID", format!("torture-{}", fastrand::u64(..))),
            (
                "CSeq",
                format!("8 {}", start.split(' ').next().unwrap_or("")),
            ),
            ("Contact", "<sip:caller@127.0.0.1>".to_owned()),
            ("Content-Length", body.len().to_string()),
        ];
        for (name, value) in change {
            lines.retain(|(written, _)| written != name);
            lines.push((name, (*value).to_owned()));
        }
        let head: String = lines
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        format!("{start}\r\n{head}\r\n{body}")
    };
    let invite = format!("INVITE sip:100@{host} SIP/2.0");
    let options = format!("OPTIONS sip:{host} SIP/2.0");
    vec![
        ("3.1.1.2 intmeth: a method nobody knows", message(&format!("!interesting sip:100@{host} SIP/2.0"), &[], ""), Some(501)),
        // OPTIONS gets what an INVITE would (RFC 3261, section 11.2): nobody has this number.
        ("3.1.1.9 semiuri", message(&format!("OPTIONS sip:user;par=u%40example.net@{host} SIP/2.0"), &[], ""), Some(404)),
        ("3.1.1.13 noreason: a stray response", message("SIP/2.0 100 ", &[("CSeq", "8 INVITE")], ""), None),
        ("3.1.2.1 badinv01", message(&invite, &[("Contact", "\"Joe\" <sip:joe@example.org>;;;;")], ""), Some(400)),
        ("3.1.2.2 clerr: a body shorter than its length", message(&invite, &[("Content-Length", "9999")], "v=0\r\n"), Some(400)),
        ("3.1.2.4 scalar02", message(&options, &[("CSeq", "36893488147419103232 OPTIONS")], ""), Some(400)),
        ("3.3.12 zeromf: the last hop may answer", message(&options, &[("Max-Forwards", "0")], ""), Some(200)),
        ("3.3.1 insuf: no To", message(&options, &[("To", "")], ""), Some(400)),
        ("3.3.2 unkscm: a scheme nobody knows", message("OPTIONS nobodyKnowsThisScheme:totallyopaque SIP/2.0", &[], ""), Some(416)),
        ("3.3.6 inv2543: no SDP that anyone could answer", message(&invite, &[("Content-Type", "application/unknown")], "x"), Some(415)),
    ]
}

/// The status of the final answer to one datagram, and none when there is no answer at all.
fn answer_to(host: &Host, message: &str) -> Option<u16> {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket
        .set_read_timeout(Some(Duration::from_millis(700)))
        .expect("above zero");
    socket
        .send_to(message.as_bytes(), host.sip)
        .expect("loopback takes it");
    let mut buffer = vec![0; 65_536];
    while let Ok((length, _)) = socket.recv_from(&mut buffer) {
        let Ok(rsip::SipMessage::Response(response)) =
            rsip::SipMessage::try_from(buffer[..length].to_vec())
        else {
            panic!(
                "not a response: {}",
                String::from_utf8_lossy(&buffer[..length])
            );
        };
        if response.status_code.code() >= 200 {
            assert!(
                response.call_id_header().is_ok(),
                "a response has a Call-ID"
            );
            return Some(response.status_code.code());
        }
    }
    None
}

fn phone(host: &Host) -> Phone {
    Phone::new(host.sip, Transport::Udp, Law::Pcmu).expect("a phone")
}

const TONE: f64 = 700.0;

#[test]
fn bad_sip_is_refused_and_a_flood_leaves_calls_in_progress_alone() {
    let host = Host::with(HostOptions {
        arguments: vec!["--max-calls-per-second=5".to_owned()],
        ..HostOptions::default()
    });
    let flows = host.flows("demo");
    write_prompt(&flows, "long.wav", TONE, Duration::from_secs(60));
    save(
        &flows,
        "tone.flow.yaml",
        "nodes:\n  hum: {say: {audio: long.wav}, next: hangup}\n",
    );
    let admin = host.sign_in("admin");
    admin.until("the flow", "/flows", SOON, |flows| {
        flows.to_string().contains("tone@")
    });
    let wish = json!({"flow": "tone"});
    assert_eq!(
        admin.send(Method::PUT, "/numbers/700", Some(&wish)).status,
        200
    );
    let call = phone(&host).call("700").answered();
    call.hears("the tone", SOON, |heard| {
        audio::heard_ms(&heard.samples, TONE) > 500
    });

    let wrong: Vec<String> = torture(&host)
        .into_iter()
        .filter_map(|(name, message, wanted)| {
            let got = answer_to(&host, &message);
            (got != wanted).then(|| format!("{name}: wanted {wanted:?}, got {got:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    what_can_not_be_called_is_refused(&host);
    garbage_does_no_harm(&host);
    a_flood_is_refused_while_a_call_keeps_its_audio(&host, &call);
    call.hang_up();
    let events = admin.get("/events?limit=500").to_string();
    assert!(!events.contains("media_lost"), "no call was lost");
}

fn what_can_not_be_called_is_refused(host: &Host) {
    // Not more than five calls a second: one is enough to ask again.
    let ask = |change: &dyn Fn(&mut Phone), number: &str| {
        let deadline = Instant::now() + SOON;
        loop {
            let mut phone = phone(host);
            change(&mut phone);
            let outcome = phone.call(number);
            if outcome.status() != 503 || Instant::now() > deadline {
                return outcome.status();
            }
        }
    };
    let video = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                 m=video 40000 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\n";
    let g729 = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                m=audio 40000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n";
    for offer in [video, g729] {
        assert_eq!(
            ask(&|phone| phone.offer = Some(offer.to_owned()), "700"),
            488,
            "{offer}"
        );
    }
    assert_eq!(ask(&|_| {}, "911"), 404, "an unknown number");
    assert_eq!(
        ask(
            &|phone| phone.domain = Some("elsewhere.example".to_owned()),
            "700"
        ),
        404
    );
}

fn garbage_does_no_harm(host: &Host) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let mut random = fastrand::Rng::with_seed(4_475);
    for _ in 0..500 {
        let bytes: Vec<u8> = (0..random.usize(0..1_400)).map(|_| random.u8(..)).collect();
        socket.send_to(&bytes, host.sip).expect("loopback takes it");
    }
    assert_eq!(
        Api::anonymous(host.http)
            .try_send(Method::GET, "/healthz", None, "")
            .expect("it lives")
            .status,
        200
    );
}

fn a_flood_is_refused_while_a_call_keeps_its_audio(host: &Host, call: &Call) {
    call.stream.forget();
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let sip = host.sip;
            std::thread::spawn(move || {
                let end = Instant::now() + Duration::from_secs(3);
                let mut outcomes = Vec::new();
                while Instant::now() < end {
                    let phone = Phone::new(sip, Transport::Udp, Law::Pcmu).expect("a phone");
                    match phone.call("700") {
                        Outcome::Answered(call) => {
                            call.hang_up();
                            outcomes.push((200, None));
                        }
                        refused => outcomes.push((
                            refused.status(),
                            refused.header("Retry-After").map(str::to_owned),
                        )),
                    }
                }
                outcomes
            })
        })
        .collect();
    let outcomes: Vec<(u16, Option<String>)> = callers
        .into_iter()
        .flat_map(|caller| caller.join().expect("a caller"))
        .collect();
    let refused: Vec<_> = outcomes
        .iter()
        .filter(|(status, _)| *status == 503)
        .collect();
    assert!(
        refused.len() > 50,
        "it was a flood: {} of {}",
        refused.len(),
        outcomes.len()
    );
    for (_, retry_after) in &refused {
        let seconds = retry_after
            .as_deref()
            .and_then(|text| text.split([' ', ';', '(']).next()?.parse::<u32>().ok());
        assert!(
            seconds.is_some_and(|seconds| seconds >= 1),
            "Retry-After: {retry_after:?}"
        );
    }
    let answered = outcomes.iter().filter(|(status, _)| *status == 200).count();
    assert!(
        (5..=40).contains(&answered),
        "five a second were taken: {answered}"
    );
    assert!(
        outcomes
            .iter()
            .all(|(status, _)| [200, 503].contains(status)),
        "{outcomes:?}"
    );

    let heard = call.heard();
    assert_eq!(heard.lost, 0, "the call in progress lost nothing");
    assert!(
        heard.packets >= 140,
        "it heard all of three seconds: {}",
        heard.packets
    );
    let audible = audio::heard_ms(&heard.samples, TONE);
    assert!(
        audible as f64 > 0.95 * heard.samples.len() as f64 / 8.0,
        "{audible} ms of its tone"
    );
}

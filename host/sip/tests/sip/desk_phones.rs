//! Desk phones: registration by digest, and calls to them.

use crate::harness::{
    BOTH, By, House, Phone, RTP, Received, agent, md5, reply, sdp, tenant, unique,
};
use hotline_sip::{Event, Limits, Timers};
use hotline_vocabulary::media::Codec;
use hotline_vocabulary::{Address, EndReason};
use std::time::Duration;

fn desk_phone(mut phone: Phone) -> Phone {
    phone.own = format!("<sip:ana@example.com>;tag={}", unique("t"));
    phone.far = "<sip:ana@example.com>".to_owned();
    phone.target = "sip:example.com".to_owned();
    phone
}

fn quoted<'a>(challenge: &'a str, name: &str) -> &'a str {
    let start = challenge.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    let end = start + challenge[start..].find('"').unwrap();
    &challenge[start..end]
}

fn authorization(challenge: &Received, password: &str, count: u32) -> String {
    let challenge = challenge.header("WWW-Authenticate").unwrap();
    let nonce = quoted(challenge, "nonce");
    let ha1 = md5(&format!("ana:{}:{password}", quoted(challenge, "realm")));
    let ha2 = md5("REGISTER:sip:example.com");
    let response = md5(&format!("{ha1}:{nonce}:{count:08x}:c:auth:{ha2}"));
    format!(
        "Authorization: Digest username=\"ana\", realm=\"demo\", nonce=\"{nonce}\", \
         uri=\"sip:example.com\", algorithm=MD5, qop=auth, nc={count:08x}, cnonce=\"c\", \
         response=\"{response}\""
    )
}

async fn challenged(phone: &mut Phone) -> Received {
    phone.send("REGISTER", &["Expires: 60"], "").await;
    let challenge = phone.line.receive().await;
    assert_eq!(challenge.status, Some(401));
    challenge
}

async fn register(phone: &mut Phone, authorization: &str, expires: &str) -> Received {
    phone.send("REGISTER", &[authorization, expires], "").await;
    phone.line.receive().await
}

async fn registered(house: &mut House, by: By) -> Phone {
    let mut phone = desk_phone(Phone::new(house.caller(by).await, "ana"));
    let challenge = challenged(&mut phone).await;
    let answer = register(
        &mut phone,
        &authorization(&challenge, "right", 1),
        "Expires: 60",
    )
    .await;
    assert_eq!(answer.status, Some(200), "{}", answer.text);
    assert!(answer.header("Contact").unwrap().ends_with(";expires=60"));
    let (tenant, agent) = (tenant(), agent());
    assert_eq!(house.event().await, Event::Registered { tenant, agent });
    phone
}

#[tokio::test]
async fn the_right_password_registers_and_expires_zero_takes_it_back() {
    let mut house = House::open();
    for by in BOTH {
        let mut phone = registered(&mut house, *by).await;
        let challenge = challenged(&mut phone).await;
        let right = authorization(&challenge, "right", 1);
        let answer = register(&mut phone, &right, "Expires: 0").await;
        assert_eq!(answer.status, Some(200));
        assert_eq!(answer.header("Contact"), None);
        let (tenant, agent) = (tenant(), agent());
        assert_eq!(house.event().await, Event::Unregistered { tenant, agent });
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_too_many_of_them_are_slowed_down() {
    let limits = Limits {
        failed_registrations: 3,
        ..Limits::default()
    };
    let house = House::open_with(limits, Timers::default());
    let mut phone = desk_phone(Phone::new(house.caller(By::Udp).await, "ana"));
    for _ in 0..3 {
        let challenge = challenged(&mut phone).await;
        let wrong = authorization(&challenge, "wrong", 1);
        assert_eq!(
            register(&mut phone, &wrong, "Expires: 60").await.status,
            Some(403)
        );
    }
    let challenge = challenged(&mut phone).await;
    let right = authorization(&challenge, "right", 1);
    let slowed = register(&mut phone, &right, "Expires: 60").await;
    assert_eq!(slowed.status, Some(503));
    assert!(slowed.header("Retry-After").is_some());
}

#[tokio::test]
async fn a_replayed_answer_and_a_foreign_nonce_are_asked_again() {
    let mut house = House::open();
    let mut phone = registered(&mut house, By::Udp).await;
    let challenge = challenged(&mut phone).await;
    let first = authorization(&challenge, "right", 1);
    assert_eq!(
        register(&mut phone, &first, "Expires: 60").await.status,
        Some(200)
    );
    assert_eq!(
        register(&mut phone, &first, "Expires: 60").await.status,
        Some(401)
    );
    let second = authorization(&challenge, "right", 2);
    assert_eq!(
        register(&mut phone, &second, "Expires: 60").await.status,
        Some(200)
    );
    let foreign = second.replace("nonce=\"", "nonce=\"f");
    assert_eq!(
        register(&mut phone, &foreign, "Expires: 60").await.status,
        Some(401)
    );
}

#[tokio::test]
async fn an_old_nonce_is_called_stale() {
    let timers = Timers {
        nonce: Duration::ZERO,
        ..Timers::default()
    };
    let house = House::open_with(Limits::default(), timers);
    let mut phone = desk_phone(Phone::new(house.caller(By::Udp).await, "ana"));
    let challenge = challenged(&mut phone).await;
    loop {
        // Older than zero as soon as a millisecond has passed.
        let right = authorization(&challenge, "right", 1);
        let answer = register(&mut phone, &right, "Expires: 60").await;
        if answer.status == Some(401) {
            assert!(
                answer
                    .header("WWW-Authenticate")
                    .unwrap()
                    .contains("stale=true")
            );
            return;
        }
    }
}

#[tokio::test]
async fn bounds_of_time_and_number_hold() {
    let limits = Limits {
        contacts_per_agent: 1,
        ..Limits::default()
    };
    let mut house = House::open_with(limits, Timers::default());
    let mut phone = registered(&mut house, By::Udp).await;
    let challenge = challenged(&mut phone).await;
    let right = authorization(&challenge, "right", 1);
    let brief = register(&mut phone, &right, "Expires: 1").await;
    assert_eq!(brief.status, Some(423));
    assert_eq!(brief.header("Min-Expires"), Some("30"));
    let mut other = desk_phone(Phone::new(house.caller(By::Udp).await, "ana"));
    let right = authorization(&challenge, "right", 2);
    assert_eq!(
        register(&mut other, &right, "Expires: 60").await.status,
        Some(403)
    );
}

#[tokio::test]
async fn a_registration_ends_with_its_time_and_with_its_stream() {
    let timers = Timers {
        registration_min: Duration::ZERO,
        ..Timers::default()
    };
    let mut house = House::open_with(Limits::default(), timers);
    let (tenant, agent) = (tenant(), agent());
    let mut phone = desk_phone(Phone::new(house.caller(By::Udp).await, "ana"));
    let challenge = challenged(&mut phone).await;
    let right = authorization(&challenge, "right", 1);
    assert_eq!(
        register(&mut phone, &right, "Expires: 1").await.status,
        Some(200)
    );
    assert_eq!(house.event().await, Event::Registered { tenant, agent });
    assert_eq!(house.event().await, Event::Unregistered { tenant, agent });

    let phone = registered(&mut house, By::Tcp).await;
    drop(phone);
    assert_eq!(house.event().await, Event::Unregistered { tenant, agent });
}

#[tokio::test]
async fn a_registered_phone_is_rung_answers_and_hangs_up() {
    for by in BOTH {
        let mut house = House::open();
        let mut phone = registered(&mut house, *by).await;
        let leg = house.handle.mint_leg();
        let caller = Address::from("+49 30 1");
        house
            .handle
            .dial(leg, tenant(), agent(), &caller, RTP.parse().unwrap());
        let invite = phone.line.receive().await;
        assert_eq!(invite.method(), "INVITE");
        assert!(
            invite.header("From").unwrap().contains("sip:+49%2030%201@"),
            "{}",
            invite.text
        );
        assert!(invite.body().contains("m=audio 40000 RTP/AVP 0 8 101"));
        let contact = format!("sip:ana@{}", phone.line.address());
        let ringing = reply(&invite, "180 Ringing", "d", &contact, "");
        phone.line.send(ringing.as_bytes()).await;
        let answer = reply(
            &invite,
            "200 OK",
            "d",
            &contact,
            &sdp(4000, "8 101", "sendrecv"),
        );
        phone.line.send(answer.as_bytes()).await;
        let is_ack = |received: &Received| received.method() == "ACK";
        let ack = phone.line.receive_until(is_ack).await;
        assert!(ack.header("To").unwrap().ends_with(";tag=d"));
        match house.event().await {
            Event::Answered {
                leg: answered,
                remote,
            } => {
                assert_eq!((answered, remote.codec), (leg, Codec::Pcma));
            }
            other => panic!("{other:?}"),
        }
        // A 200 whose ACK was lost is acknowledged again.
        phone.line.send(answer.as_bytes()).await;
        phone.line.receive_until(is_ack).await;

        phone.call_id = invite.header("Call-ID").unwrap().to_owned();
        phone.own = format!("{};tag=d", invite.header("To").unwrap());
        phone.far = invite.header("From").unwrap().to_owned();
        phone.send("BYE", &[], "").await;
        let is_final = |received: &Received| received.status == Some(200);
        phone.line.receive_until(is_final).await;
        let reason = EndReason::AgentHungUp;
        assert_eq!(house.event().await, Event::Ended { leg, reason });
    }
}

#[tokio::test]
async fn a_ringing_phone_is_cancelled_when_the_house_gives_up() {
    let mut house = House::open();
    let mut phone = registered(&mut house, By::Udp).await;
    let leg = house.handle.mint_leg();
    house.handle.dial(
        leg,
        tenant(),
        agent(),
        &Address::from("1"),
        RTP.parse().unwrap(),
    );
    let invite = phone.line.receive().await;
    house.handle.hang_up(leg, EndReason::NoAnswer);
    let reason = EndReason::NoAnswer;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
    // No CANCEL before the phone said anything (RFC 3261, section 9.1).
    let ringing = reply(&invite, "180 Ringing", "d", "sip:ana@127.0.0.1", "");
    phone.line.send(ringing.as_bytes()).await;
    let is_cancel = |received: &Received| received.method() == "CANCEL";
    let cancel = phone.line.receive_until(is_cancel).await;
    assert_eq!(cancel.header("Via"), invite.header("Via"));
    phone
        .line
        .send(reply(&cancel, "200 OK", "d", "sip:ana@127.0.0.1", "").as_bytes())
        .await;
    let ended = reply(
        &invite,
        "487 Request Terminated",
        "d",
        "sip:ana@127.0.0.1",
        "",
    );
    phone.line.send(ended.as_bytes()).await;
    phone
        .line
        .receive_until(|received| received.method() == "ACK")
        .await;
}

#[tokio::test]
async fn every_refusal_of_a_phone_has_its_reason() {
    let mut house = House::open();
    let mut phone = registered(&mut house, By::Udp).await;
    for (status, reason) in [
        ("486 Busy Here", EndReason::Busy),
        ("603 Decline", EndReason::Declined),
        ("480 Temporarily Unavailable", EndReason::NoAnswer),
        ("302 Moved", EndReason::NotFound),
        ("500 Broken", EndReason::FarEndFailed),
        ("488 Not Acceptable Here", EndReason::NoCommonCodec),
    ] {
        let leg = house.handle.mint_leg();
        house.handle.dial(
            leg,
            tenant(),
            agent(),
            &Address::from("1"),
            RTP.parse().unwrap(),
        );
        let is_invite = |received: &Received| received.method() == "INVITE";
        let invite = phone.line.receive_until(is_invite).await;
        phone
            .line
            .send(reply(&invite, status, "d", "sip:ana@127.0.0.1", "").as_bytes())
            .await;
        assert_eq!(house.event().await, Event::Ended { leg, reason });
        phone
            .line
            .receive_until(|received| received.method() == "ACK")
            .await;
    }
}

#[tokio::test]
async fn an_agent_without_a_phone_can_not_be_rung() {
    let mut house = House::open();
    let leg = house.handle.mint_leg();
    house.handle.dial(
        leg,
        tenant(),
        agent(),
        &Address::from("1"),
        RTP.parse().unwrap(),
    );
    let reason = EndReason::NoAnswer;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
}

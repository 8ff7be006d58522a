//! Calls that come in: answered, cancelled, refused, held, ended.

use crate::harness::{BOTH, By, House, Phone, sdp};
use hotline_sip::{Event, Limits, Timers};
use hotline_vocabulary::EndReason;
use hotline_vocabulary::media::{Codec, Digit, Direction};
use std::time::Duration;

#[tokio::test]
async fn a_caller_is_told_100_and_180_and_gets_an_answer_with_its_own_first_codec() {
    let mut house = House::open();
    for by in BOTH {
        let mut phone = Phone::new(house.caller(*by).await, "100");
        phone.invite(&sdp(4000, "9 8 0 101", "sendrecv")).await;
        assert_eq!(phone.line.receive().await.status, Some(100));
        let incoming = house.incoming().await;
        assert_eq!(incoming.dialled, "100");
        assert_eq!(incoming.caller.reveal(), "bob");
        assert_eq!(incoming.remote.codec, Codec::Pcma);
        assert_eq!(incoming.remote.telephone_event, Some(101));
        assert_eq!(incoming.remote.address.to_string(), "127.0.0.1:4000");
        house.handle.ring(incoming.leg);
        assert_eq!(phone.line.receive().await.status, Some(180));
        house.answer(incoming.leg);
        let answer = phone.line.receive_final().await;
        assert_eq!(answer.status, Some(200));
        assert!(
            answer.body().contains("m=audio 40000 RTP/AVP 8 101\r\n"),
            "{}",
            answer.text
        );
        assert!(answer.body().contains("a=ptime:20\r\n"));
        phone.acknowledge(&answer, "").await;

        phone.send("BYE", &[], "").await;
        assert_eq!(phone.line.receive_final().await.status, Some(200));
        let leg = incoming.leg;
        let reason = EndReason::CallerHungUp;
        assert_eq!(house.event().await, Event::Ended { leg, reason });
        // The dialog is gone with its BYE.
        phone.send("INFO", &[], "").await;
        assert_eq!(phone.line.receive_final().await.status, Some(481));
    }
}

#[tokio::test]
async fn a_datagram_without_content_length_keeps_its_body() {
    let mut house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    let text = phone.request(
        "INVITE",
        &["Content-Type: application/sdp"],
        &sdp(4002, "0", "sendrecv"),
    );
    let start = text.find("Content-Length").unwrap();
    let end = start + text[start..].find("\r\n").unwrap() + 2;
    let text = format!("{}{}", &text[..start], &text[end..]);
    phone.line.send(text.as_bytes()).await;
    assert_eq!(house.incoming().await.remote.address.port(), 4002);
}

#[tokio::test]
async fn a_cancelled_call_gets_487_and_is_ended_by_the_caller() {
    let mut house = House::open();
    for by in BOTH {
        let mut phone = Phone::new(house.caller(*by).await, "100");
        phone.invite(&sdp(4000, "0", "sendrecv")).await;
        let leg = house.incoming().await.leg;
        let cancel = phone.write("CANCEL", phone.cseq, &phone.invite_branch, &[], "");
        phone.line.send(cancel.as_bytes()).await;
        let mut finals = [
            phone.line.receive_final().await,
            phone.line.receive_final().await,
        ];
        finals.sort_by_key(|received| received.status);
        assert_eq!(finals[0].status, Some(200));
        assert!(finals[0].header("CSeq").unwrap().ends_with("CANCEL"));
        assert_eq!(finals[1].status, Some(487));
        let reason = EndReason::CallerCancelled;
        assert_eq!(house.event().await, Event::Ended { leg, reason });
        // An answer that crossed with the CANCEL changes nothing.
        house.answer(leg);
        let unknown = phone.write("CANCEL", 99, "z9hG4bK-unknown", &[], "");
        phone.line.send(unknown.as_bytes()).await;
        let refusal = phone
            .line
            .receive_until(|received| received.header("CSeq") == Some("99 CANCEL"))
            .await;
        assert_eq!(refusal.status, Some(481));
    }
}

#[tokio::test]
async fn an_unknown_number_or_domain_gets_404_and_costs_no_call() {
    let house = House::open();
    for by in BOTH {
        for target in ["sip:404@example.com", "sip:100@elsewhere.test"] {
            let mut phone = Phone::new(house.caller(*by).await, "100");
            phone.target = target.to_owned();
            phone.invite(&sdp(4000, "0", "sendrecv")).await;
            let refusal = phone.line.receive().await;
            assert_eq!(refusal.status, Some(404), "{target}");
            assert!(refusal.to_tag().is_some());
            assert_eq!(house.handle.calls(), 0);
        }
    }
}

#[tokio::test]
async fn an_offer_without_a_usable_codec_gets_488_with_a_warning() {
    let house = House::open();
    for (offer, code) in [
        (sdp(4000, "9 18", "sendrecv"), "305"),
        ("nonsense".to_owned(), "399"),
        (sdp(0, "0", "sendrecv"), "304"),
    ] {
        let mut phone = Phone::new(house.caller(By::Udp).await, "100");
        phone.invite(&offer).await;
        let refusal = phone.line.receive().await;
        assert_eq!(refusal.status, Some(488));
        assert!(
            refusal.header("Warning").unwrap().starts_with(code),
            "{}",
            refusal.text
        );
    }
}

#[tokio::test]
async fn a_caller_without_an_offer_gets_ours_and_answers_it_in_its_ack() {
    let mut house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    phone.send("INVITE", &[], "").await;
    let incoming = house.incoming().await;
    assert_eq!(incoming.remote.direction, Direction::Inactive);
    house.answer(incoming.leg);
    let answer = phone.line.receive_final().await;
    assert!(
        answer.body().contains("m=audio 40000 RTP/AVP 0 8 101"),
        "{}",
        answer.text
    );
    phone
        .acknowledge(&answer, &sdp(4004, "8 101", "sendrecv"))
        .await;
    match house.event().await {
        Event::Changed { leg, remote } => {
            assert_eq!(leg, incoming.leg);
            assert_eq!((remote.codec, remote.address.port()), (Codec::Pcma, 4004));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_house_can_refuse_a_ringing_call_and_hang_up_an_answered_one() {
    let mut house = House::open();
    for by in BOTH {
        let mut phone = Phone::new(house.caller(*by).await, "100");
        phone.invite(&sdp(4000, "0", "sendrecv")).await;
        let leg = house.incoming().await.leg;
        house.handle.reject(leg, 486);
        assert_eq!(phone.line.receive_final().await.status, Some(486));
        let reason = EndReason::Busy;
        assert_eq!(house.event().await, Event::Ended { leg, reason });
        let ack = phone.write("ACK", phone.cseq, &phone.invite_branch, &[], "");
        phone.line.send(ack.as_bytes()).await;

        let (mut phone, leg) =
            Phone::established(&mut house, *by, &sdp(4000, "0", "sendrecv")).await;
        house.handle.hang_up(leg, EndReason::FlowHungUp);
        let bye = phone
            .line
            .receive_until(|received| received.status.is_none())
            .await;
        assert_eq!(bye.method(), "BYE");
        assert_eq!(bye.header("Call-ID"), Some(phone.call_id.as_str()));
        assert!(bye.header("To").unwrap().contains("bob@example.org"));
        let reason = EndReason::FlowHungUp;
        assert_eq!(house.event().await, Event::Ended { leg, reason });
    }
}

#[tokio::test]
async fn keys_by_info_arrive_in_both_spellings() {
    let mut house = House::open();
    for by in BOTH {
        let (mut phone, leg) =
            Phone::established(&mut house, *by, &sdp(4000, "0", "sendrecv")).await;
        for (content_type, body, key) in [
            (
                "Content-Type: application/dtmf-relay",
                "Signal=5\r\nDuration=160\r\n",
                '5',
            ),
            ("Content-Type: application/dtmf", "#", '#'),
        ] {
            phone.send("INFO", &[content_type], body).await;
            assert_eq!(phone.line.receive_final().await.status, Some(200));
            let digit = Digit::new(key).unwrap();
            assert_eq!(house.event().await, Event::Key { leg, digit });
        }
        phone.send("INFO", &["Content-Type: text/plain"], "5").await;
        assert_eq!(phone.line.receive_final().await.status, Some(415));
    }
}

#[tokio::test]
async fn hold_and_a_new_address_are_told_and_answered_in_kind() {
    let mut house = House::open();
    for by in BOTH {
        let (mut phone, leg) =
            Phone::established(&mut house, *by, &sdp(4000, "0", "sendrecv")).await;
        phone.invite(&sdp(4000, "0", "sendonly")).await;
        let answer = phone.line.receive_final().await;
        assert_eq!(answer.status, Some(200));
        assert!(answer.body().contains("a=recvonly\r\n"), "{}", answer.text);
        phone.acknowledge(&answer, "").await;
        match house.event().await {
            Event::Changed {
                leg: changed,
                remote,
            } => {
                assert_eq!((changed, remote.direction), (leg, Direction::SendOnly));
            }
            other => panic!("{other:?}"),
        }
        let content_type = ["Content-Type: application/sdp"];
        phone
            .send("UPDATE", &content_type, &sdp(4010, "0", "sendrecv"))
            .await;
        let answer = phone.line.receive_final().await;
        assert!(answer.body().contains("a=sendrecv\r\n"), "{}", answer.text);
        match house.event().await {
            Event::Changed { remote, .. } => assert_eq!(remote.address.port(), 4010),
            other => panic!("{other:?}"),
        }
        // A change that can not be is refused, and the call goes on.
        phone.invite(&sdp(4010, "18", "sendrecv")).await;
        assert_eq!(phone.line.receive_final().await.status, Some(488));
        let ack = phone.write("ACK", phone.cseq, &phone.invite_branch, &[], "");
        phone.line.send(ack.as_bytes()).await;
        phone
            .send("REFER", &["Refer-To: <sip:x@example.com>"], "")
            .await;
        assert_eq!(phone.line.receive_final().await.status, Some(603));
        phone.send("BYE", &[], "").await;
        assert_eq!(phone.line.receive_final().await.status, Some(200));
        house.event().await;
    }
}

#[tokio::test]
async fn a_late_answer_without_a_usable_codec_ends_the_call() {
    let mut house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    phone.send("INVITE", &[], "").await;
    let leg = house.incoming().await.leg;
    house.answer(leg);
    let answer = phone.line.receive_final().await;
    phone
        .acknowledge(&answer, &sdp(4004, "18", "sendrecv"))
        .await;
    let reason = EndReason::NoCommonCodec;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
    assert_eq!(phone.line.receive().await.method(), "BYE");
}

#[tokio::test]
async fn a_call_that_is_hung_up_before_its_ack_gets_its_bye_behind_it() {
    let mut house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    phone.invite(&sdp(4000, "0", "sendrecv")).await;
    let leg = house.incoming().await.leg;
    house.answer(leg);
    let answer = phone.line.receive_final().await;
    house.handle.hang_up(leg, EndReason::FlowHungUp);
    let reason = EndReason::FlowHungUp;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
    // The 200 is repeated meanwhile; no BYE comes before the ACK (RFC 3261, section 15).
    assert_eq!(phone.line.receive().await.status, Some(200));
    phone.acknowledge(&answer, "").await;
    let bye = phone
        .line
        .receive_until(|received| received.status.is_none())
        .await;
    assert_eq!(bye.method(), "BYE");
}

#[tokio::test]
async fn a_request_that_comes_again_is_answered_alike_and_acts_once() {
    let mut house = House::open();
    let offer = sdp(4000, "0", "sendrecv");
    let (mut phone, leg) = Phone::established(&mut house, By::Udp, &offer).await;
    let info = phone.request("INFO", &["Content-Type: application/dtmf"], "1");
    let bye = phone.request("BYE", &[], "");
    for request in [&info, &bye] {
        phone.line.send(request.as_bytes()).await;
        let first = phone.line.receive_final().await;
        phone.line.send(request.as_bytes()).await;
        let again = phone.line.receive_final().await;
        assert_eq!(first.status, Some(200));
        assert_eq!(first.text, again.text);
    }
    let digit = Digit::new('1').unwrap();
    assert_eq!(house.event().await, Event::Key { leg, digit });
    let reason = EndReason::CallerHungUp;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
}

#[tokio::test]
async fn an_invite_that_comes_again_after_its_ack_or_its_call_is_no_new_call() {
    let mut house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    let invite = phone.request(
        "INVITE",
        &["Content-Type: application/sdp"],
        &sdp(4000, "0", "sendrecv"),
    );
    phone.line.send(invite.as_bytes()).await;
    let leg = house.incoming().await.leg;
    house.answer(leg);
    let answer = phone.line.receive_final().await;
    phone.acknowledge(&answer, "").await;
    phone.line.send(invite.as_bytes()).await;
    phone.send("BYE", &[], "").await;
    phone
        .line
        .receive_until(|received| {
            received
                .header("CSeq")
                .is_some_and(|cseq| cseq.ends_with("BYE"))
        })
        .await;
    let reason = EndReason::CallerHungUp;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
    phone.line.send(invite.as_bytes()).await;
    // The probe is answered and nothing else happened.
    phone.target = "sip:100@example.com".to_owned();
    phone.send("OPTIONS", &[], "").await;
    phone
        .line
        .receive_until(|received| {
            received
                .header("CSeq")
                .is_some_and(|cseq| cseq.ends_with("OPTIONS"))
        })
        .await;
    assert_eq!(house.handle.calls(), 0);
    assert!(house.events.try_recv().is_err());
}

#[tokio::test]
async fn a_room_that_is_dropped_ends_its_calls() {
    let mut house = House::open();
    let offer = sdp(4000, "0", "sendrecv");
    let (_phone, leg) = Phone::established(&mut house, By::Udp, &offer).await;
    drop(house.service);
    let reason = EndReason::HostRestart;
    assert_eq!(
        house.events.recv().await,
        Some(Event::Ended { leg, reason })
    );
}

#[tokio::test]
async fn a_repeated_invite_is_one_call_with_the_same_answer() {
    let mut house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    let invite = phone.request(
        "INVITE",
        &["Content-Type: application/sdp"],
        &sdp(4000, "0", "sendrecv"),
    );
    phone.line.send(invite.as_bytes()).await;
    let leg = house.incoming().await.leg;
    house.handle.ring(leg);
    let ringing = phone
        .line
        .receive_until(|received| received.status == Some(180))
        .await;
    phone.line.send(invite.as_bytes()).await;
    let again = phone
        .line
        .receive_until(|received| received.status == Some(180))
        .await;
    assert_eq!(ringing.text, again.text);
    assert_eq!(house.handle.calls(), 1);
    // The same call by another path is a loop (RFC 3261, section 8.2.2.2).
    let merged = phone.write("INVITE", phone.cseq, "z9hG4bK-other-path", &[], "");
    phone.line.send(merged.as_bytes()).await;
    assert_eq!(phone.line.receive_final().await.status, Some(482));
}

#[tokio::test]
async fn an_answer_that_nobody_acknowledges_is_repeated_and_then_ends_the_call() {
    let timers = Timers {
        t1: Duration::from_millis(20),
        ..Timers::default()
    };
    let mut house = House::open_with(Limits::default(), timers);
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    phone.invite(&sdp(4000, "0", "sendrecv")).await;
    let leg = house.incoming().await.leg;
    house.answer(leg);
    let first = phone.line.receive_final().await;
    let second = phone.line.receive_final().await;
    assert_eq!(first.text, second.text);
    let bye = phone
        .line
        .receive_until(|received| received.status.is_none())
        .await;
    assert_eq!(bye.method(), "BYE");
    let reason = EndReason::FarEndFailed;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
}

#[tokio::test]
async fn a_client_of_rfc_2543_sees_its_from_without_a_tag_of_ours() {
    let mut house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    phone.own = "sip:+13035551111@example.net;user=phone".to_owned();
    phone.invite(&sdp(4000, "0", "sendrecv")).await;
    let leg = house.incoming().await.leg;
    house.answer(leg);
    let answer = phone.line.receive_final().await;
    assert!(
        !answer.header("From").unwrap().contains("tag="),
        "{}",
        answer.text
    );
    phone.acknowledge(&answer, "").await;
    house.handle.hang_up(leg, EndReason::FlowHungUp);
    let bye = phone
        .line
        .receive_until(|received| received.status.is_none())
        .await;
    assert!(!bye.header("To").unwrap().contains("tag="), "{}", bye.text);
}

#[tokio::test]
async fn stopping_the_room_ends_calls_with_host_restart() {
    let mut house = House::open();
    let (mut phone, leg) =
        Phone::established(&mut house, By::Tcp, &sdp(4000, "0", "sendrecv")).await;
    house.service.stop().await;
    let bye = phone.line.receive().await;
    assert_eq!(bye.method(), "BYE");
    let reason = EndReason::HostRestart;
    assert_eq!(
        house.events.recv().await,
        Some(Event::Ended { leg, reason })
    );
}

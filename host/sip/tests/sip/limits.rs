//! Load and hostile far ends: bounds hold, and calls in progress do not notice.

use crate::harness::{BOTH, By, House, Phone, sdp, unique};
use hotline_sip::{Event, Limits, Timers};
use hotline_vocabulary::EndReason;
use hotline_vocabulary::media::Digit;
use std::time::Duration;

#[tokio::test]
async fn a_flood_gets_503_with_retry_after_while_a_call_in_progress_keeps_its_signalling() {
    let limits = Limits {
        new_calls_per_second: 5,
        ..Limits::default()
    };
    let mut house = House::open_with(limits, Timers::default());
    let (mut phone, leg) =
        Phone::established(&mut house, By::Udp, &sdp(4000, "0", "sendrecv")).await;
    let mut flooder = Phone::new(house.caller(By::Udp).await, "100");
    let (mut let_in, mut refused) = (0, 0);
    for _ in 0..200 {
        flooder.call_id = unique("flood");
        flooder.invite(&sdp(4000, "0", "sendrecv")).await;
        let call_id = flooder.call_id.clone();
        let first = flooder
            .line
            .receive_until(|received| received.header("Call-ID") == Some(&call_id))
            .await;
        match first.status {
            Some(100) => let_in += 1,
            Some(503) => {
                assert_eq!(first.header("Retry-After"), Some("2"));
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(
        refused > 150 && let_in > 0,
        "{refused} refused, {let_in} let in"
    );

    phone
        .send("INFO", &["Content-Type: application/dtmf"], "7")
        .await;
    assert_eq!(phone.line.receive_final().await.status, Some(200));
    phone.send("BYE", &[], "").await;
    assert_eq!(phone.line.receive_final().await.status, Some(200));
    let mut heard = Vec::new();
    while heard.len() < 2 {
        match house.event().await {
            Event::Incoming(_) => {}
            event => heard.push(event),
        }
    }
    let digit = Digit::new('7').unwrap();
    let reason = EndReason::CallerHungUp;
    assert_eq!(
        heard,
        [Event::Key { leg, digit }, Event::Ended { leg, reason }]
    );
}

#[tokio::test]
async fn the_number_of_calls_at_once_is_bounded_and_a_freed_place_is_taken_again() {
    let limits = Limits {
        concurrent_calls: 2,
        ..Limits::default()
    };
    let mut house = House::open_with(limits, Timers::default());
    let offer = sdp(4000, "0", "sendrecv");
    let (_one, _) = Phone::established(&mut house, By::Udp, &offer).await;
    let (mut two, _) = Phone::established(&mut house, By::Tcp, &offer).await;
    let mut three = Phone::new(house.caller(By::Udp).await, "100");
    three.invite(&offer).await;
    assert_eq!(three.line.receive().await.status, Some(503));
    two.send("BYE", &[], "").await;
    two.line.receive_final().await;
    house.event().await;
    while house.handle.calls() > 1 {
        tokio::task::yield_now().await;
    }
    Phone::established(&mut house, By::Udp, &offer).await;
}

#[tokio::test]
async fn a_house_that_does_not_take_its_events_refuses_new_calls() {
    let limits = Limits {
        events: 16,
        ..Limits::default()
    };
    let house = House::open_with(limits, Timers::default());
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    let mut statuses = Vec::new();
    for _ in 0..40 {
        phone.call_id = unique("behind");
        phone.invite(&sdp(4000, "0", "sendrecv")).await;
        let call_id = phone.call_id.clone();
        let first = phone
            .line
            .receive_until(|received| received.header("Call-ID") == Some(&call_id))
            .await;
        statuses.push(first.status.unwrap());
    }
    assert_eq!(statuses[0], 100);
    assert_eq!(statuses[39], 503);
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_size_and_what_is_not_sip_in_silence() {
    let house = House::open();
    for by in BOTH {
        let mut phone = Phone::new(house.caller(*by).await, "100");
        let long = format!("X-Long: {}", "a".repeat(20_000));
        phone.send("OPTIONS", &[&long], "").await;
        assert_eq!(phone.line.receive().await.status, Some(513), "{by:?}");

        let mut phone = Phone::new(house.caller(*by).await, "100");
        phone.invite(&"a".repeat(10_000)).await;
        assert_eq!(phone.line.receive().await.status, Some(413), "{by:?}");

        let mut phone = Phone::new(house.caller(*by).await, "100");
        let many = vec!["X-Many: 1"; 200];
        phone.send("OPTIONS", &many, "").await;
        assert_eq!(phone.line.receive().await.status, Some(513), "{by:?}");
    }
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    for garbage in [
        b"GET / HTTP/1.1\r\n\r\n".as_slice(),
        b"\r\n\r\n",
        &[0xFF; 400],
        b"x",
    ] {
        phone.line.send(garbage).await;
    }
    phone.send("OPTIONS", &[], "").await;
    assert_eq!(phone.line.receive().await.status, Some(200));
}

#[tokio::test]
async fn a_stream_is_closed_when_idle_slow_or_too_many() {
    let limits = Limits {
        connections_per_source: 1,
        ..Limits::default()
    };
    let timers = Timers {
        stream_idle: Duration::from_millis(300),
        stream_message: Duration::from_millis(100),
        ..Timers::default()
    };
    let house = House::open_with(limits, timers);
    let mut phone = Phone::new(house.caller(By::Tcp).await, "100");
    phone.send("OPTIONS", &[], "").await;
    assert_eq!(phone.line.receive().await.status, Some(200));
    let mut second = house.caller(By::Tcp).await;
    assert!(
        second.receive_any().await.is_none(),
        "one connection is the limit"
    );
    assert!(
        phone.line.receive_any().await.is_none(),
        "an idle stream is closed"
    );
    // The place is free again; a message that never completes loses it again.
    let mut slow = Phone::new(house.caller(By::Tcp).await, "100");
    slow.line
        .send(b"OPTIONS sip:100@example.com SIP/2.0\r\nVia: ")
        .await;
    assert!(slow.line.receive_any().await.is_none());
}

#[tokio::test]
async fn options_tells_what_the_house_can_do() {
    let house = House::open();
    for by in BOTH {
        let mut phone = Phone::new(house.caller(*by).await, "100");
        phone.send("OPTIONS", &[], "").await;
        let answer = phone.line.receive().await;
        assert_eq!(answer.status, Some(200));
        assert!(answer.header("Allow").unwrap().contains("UPDATE"));
        assert!(answer.header("Accept").unwrap().contains("application/sdp"));
        phone.target = "sip:404@example.com".to_owned();
        phone.send("OPTIONS", &[], "").await;
        assert_eq!(phone.line.receive().await.status, Some(404));
    }
}

#[tokio::test]
async fn no_mutation_of_a_good_message_silences_the_room() {
    let house = House::open();
    let mut phone = Phone::new(house.caller(By::Udp).await, "100");
    let good = phone
        .request(
            "INVITE",
            &["Content-Type: application/sdp", "Require: x"],
            &sdp(4000, "0", "sendrecv"),
        )
        .into_bytes();
    // Deterministic: every octet in turn becomes every kind of trouble.
    for at in 0..good.len() {
        for trouble in [
            b"".as_slice(),
            b"\r\n",
            b"\"",
            b"<",
            b";;",
            b"\0",
            b"\xFF",
            b": ",
            b"%",
        ] {
            let mutated = [&good[..at], trouble, &good[at + 1..]].concat();
            phone.line.send(&mutated).await;
        }
        if at % 32 == 0 {
            let mut probe = Phone::new(house.caller(By::Udp).await, "100");
            probe.send("OPTIONS", &[], "").await;
            assert_eq!(
                probe.line.receive().await.status,
                Some(200),
                "after octet {at}"
            );
        }
    }
}

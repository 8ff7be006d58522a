//! Whole legs over loopback UDP, ticked by hand: what a phone at the far end would notice.

mod allocation;
mod recording;

use crate::testing::{Phone, Rig, is_silent, options, phone, share_of, tone_sound};
use crate::{Error, Event};
use hotline_vocabulary::ids::{Id, LegId, PlaybackId};
use hotline_vocabulary::media::{Codec, Direction, PlaybackOutcome};
use std::net::UdpSocket;

/// The sound without the first 100 ms, where a bridge or a prompt sets in.
fn settled(samples: &[i16]) -> &[i16] {
    &samples[800..]
}

#[test]
fn bridged_legs_hear_each_other_whatever_their_laws_and_workers() {
    for workers in [1, 2] {
        for (one, other) in [
            (Codec::Pcmu, Codec::Pcmu),
            (Codec::Pcmu, Codec::Pcma),
            (Codec::Pcma, Codec::Pcma),
        ] {
            let mut rig = Rig::new(options(workers));
            let mut alice = phone(&rig.handle, 1, one);
            let mut bob = phone(&rig.handle, 2, other);
            rig.handle.bridge(alice.leg, bob.leg);
            rig.talk(50, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
            let at_alice = alice.listen();
            let at_bob = bob.listen();
            assert!(
                share_of(1_000, settled(&at_alice)) > 0.98,
                "{one:?} {other:?} {workers}"
            );
            assert!(
                share_of(600, settled(&at_bob)) > 0.98,
                "{one:?} {other:?} {workers}"
            );
        }
    }
}

#[test]
fn legs_on_one_worker_hear_each_other_within_the_tick() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut bob = phone(&rig.handle, 2, Codec::Pcmu);
    rig.handle.bridge(alice.leg, bob.leg);
    rig.tick();
    alice.take_heard();
    bob.take_heard();
    rig.talk(1, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    assert!(!is_silent(&alice.listen()));
    assert!(!is_silent(&bob.listen()));
}

#[test]
fn parted_legs_hear_silence_and_may_join_others() {
    let mut rig = Rig::new(options(2));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut bob = phone(&rig.handle, 2, Codec::Pcma);
    let mut carol = phone(&rig.handle, 3, Codec::Pcmu);
    rig.handle.bridge(alice.leg, bob.leg);
    rig.talk(10, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    rig.handle.unbridge(bob.leg, alice.leg);
    rig.tick();
    alice.take_heard();
    bob.take_heard();
    rig.talk(10, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    assert!(is_silent(&alice.listen()));
    assert!(is_silent(&bob.listen()));

    carol.take_heard();
    rig.handle.bridge(alice.leg, carol.leg);
    // A late word about the bridge before does not end this one.
    rig.handle.unbridge(alice.leg, bob.leg);
    rig.talk(30, &mut [(&mut alice, 600), (&mut carol, 1_400)]);
    assert!(share_of(1_400, settled(&alice.listen())) > 0.98);
    assert!(share_of(600, settled(&carol.listen())) > 0.98);
    assert!(is_silent(&bob.listen()));
}

#[test]
fn a_leg_sends_one_unbroken_line_through_prompt_music_bridge_and_prompt() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcma);
    let mut bob = phone(&rig.handle, 2, Codec::Pcmu);
    let mut line = Vec::new();
    let mut stage = |rig: &mut Rig, alice: &mut Phone, bob: &mut Phone, expected_hz: u32| {
        rig.talk(30, &mut [(bob, 1_000)]);
        let heard = alice.take_heard();
        let sound: Vec<i16> = heard
            .iter()
            .flat_map(|packet| crate::testing::decode(Codec::Pcma, &packet.payload))
            .collect();
        assert!(
            share_of(expected_hz, settled(&sound)) > 0.95,
            "{expected_hz} Hz"
        );
        line.extend(heard);
    };
    let [first, second] = [1, 2].map(PlaybackId::from_bits);
    rig.handle.play(
        alice.leg,
        first,
        vec![tone_sound(440, 300), tone_sound(440, 2_000)],
    );
    stage(&mut rig, &mut alice, &mut bob, 440);
    rig.handle.play_music(alice.leg, tone_sound(700, 500));
    stage(&mut rig, &mut alice, &mut bob, 700);
    rig.handle.bridge(alice.leg, bob.leg);
    stage(&mut rig, &mut alice, &mut bob, 1_000);
    // Told to one alone while bridged; afterwards the bridge is heard again.
    rig.handle
        .play(alice.leg, second, vec![tone_sound(440, 600)]);
    stage(&mut rig, &mut alice, &mut bob, 440);
    stage(&mut rig, &mut alice, &mut bob, 1_000);
    rig.handle.unbridge(alice.leg, bob.leg);
    rig.handle.play_music(alice.leg, tone_sound(700, 500));
    stage(&mut rig, &mut alice, &mut bob, 700);

    assert!(line[0].header.marker);
    for pair in line.windows(2) {
        let [before, after] = [pair[0].header, pair[1].header];
        assert_eq!(after.sequence, before.sequence.wrapping_add(1));
        assert_eq!(after.timestamp, before.timestamp.wrapping_add(160));
        assert_eq!(after.ssrc, before.ssrc);
        assert_eq!(after.payload_type, 8);
        assert!(!after.marker);
        assert_eq!(pair[1].payload.len(), 160);
    }
    let ended = |playback, outcome| Event::PlaybackEnded {
        leg: LegId::from_bits(1),
        playback,
        outcome,
    };
    assert_eq!(rig.event(), ended(first, PlaybackOutcome::Interrupted));
    assert_eq!(rig.event(), ended(second, PlaybackOutcome::Completed));
}

#[test]
fn every_playback_ends_exactly_once() {
    let mut rig = Rig::new(options(1));
    let alice = phone(&rig.handle, 1, Codec::Pcmu);
    let nobody = LegId::from_bits(99);
    let playback = |number| PlaybackId::from_bits(number);
    rig.handle.play(alice.leg, playback(1), vec![]);
    rig.tick();
    rig.handle
        .play(alice.leg, playback(2), vec![tone_sound(440, 50)]);
    rig.tick();
    rig.handle
        .play(alice.leg, playback(3), vec![tone_sound(440, 50)]);
    rig.tick();
    rig.handle.stop_playing(alice.leg);
    rig.tick();
    rig.handle
        .play(alice.leg, playback(4), vec![tone_sound(440, 60)]);
    for _ in 0..5 {
        rig.tick();
    }
    rig.handle
        .play(alice.leg, playback(5), vec![tone_sound(440, 50)]);
    rig.tick();
    rig.handle.close(alice.leg);
    rig.tick();
    let told: Vec<_> = (0..6).map(|_| rig.event()).collect();
    use PlaybackOutcome::{Completed, Failed, Interrupted};
    let outcomes = [Completed, Interrupted, Interrupted, Completed, Interrupted];
    for (event, (number, outcome)) in told.iter().zip((1..).zip(outcomes)) {
        let expected = Event::PlaybackEnded {
            leg: alice.leg,
            playback: playback(number),
            outcome,
        };
        assert_eq!(*event, expected);
    }
    assert!(matches!(told[5], Event::Measured { .. }));
    rig.handle.play(nobody, playback(6), vec![]);
    let failed = Event::PlaybackEnded {
        leg: nobody,
        playback: playback(6),
        outcome: Failed,
    };
    assert_eq!(rig.event(), failed);
    assert_eq!(rig.end(), []);
}

#[test]
fn each_key_is_told_once_with_repeats_and_lost_ends() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    for (place, event) in [1u8, 1, 5, 10, 11, 0].into_iter().enumerate() {
        let timestamp = place as u32 * 4_000;
        alice.press(event, timestamp, 0);
        alice.press(event, timestamp, 0);
        // Of the third key the end is lost; of the others it comes thrice, once late.
        if place != 2 {
            alice.press(event, timestamp, 0x80);
            alice.press(event, timestamp, 0x80);
        }
        alice.say(600, 160);
        rig.tick();
        if place != 2 {
            alice.press(event, timestamp, 0x80);
        }
        rig.tick();
    }
    let keys: String = (0..6)
        .map(|_| match rig.event() {
            Event::Key { leg, digit } if leg == alice.leg => digit.as_char(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(keys, "115*#0");
    assert_eq!(rig.end(), []);
}

#[test]
fn what_waits_behind_a_voice_packet_is_taken_at_the_next_tick() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    alice.say(600, 160);
    for (event, timestamp) in [(1, 0), (2, 4_000), (3, 8_000)] {
        alice.press(event, timestamp, 0x80);
    }
    rig.tick();
    rig.tick();
    let keys: String = (0..3)
        .map(|_| match rig.event() {
            Event::Key { digit, .. } => digit.as_char(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(keys, "123");
}

#[test]
fn packets_of_30_ms_reach_the_other_side_whole_as_20_ms() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut bob = phone(&rig.handle, 2, Codec::Pcma);
    rig.handle.bridge(alice.leg, bob.leg);
    for tick in 0..90 {
        // At 0, 30, 60 ms: in ticks 0, 1 and 3 of each three.
        if tick % 3 != 2 {
            alice.say(600, 240);
        }
        rig.tick();
    }
    let heard = bob.take_heard();
    assert!(heard.iter().all(|packet| packet.payload.len() == 160));
    assert_eq!(heard.len(), 90);
    let sound: Vec<i16> = heard
        .iter()
        .flat_map(|packet| crate::testing::decode(Codec::Pcma, &packet.payload))
        .collect();
    assert!(
        share_of(600, settled(&sound)) > 0.98,
        "{}",
        share_of(600, settled(&sound))
    );
}

#[test]
fn what_a_leg_was_like_is_told_when_it_closes() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    rig.tick();
    for packet in 0..200 {
        if packet % 20 == 10 {
            alice.lose();
        } else {
            alice.say(600, 160);
        }
        rig.tick();
    }
    rig.handle.close(alice.leg);
    rig.tick();
    let Event::Measured { leg, statistics } = rig.event() else {
        panic!("not measured");
    };
    assert_eq!(leg, alice.leg);
    assert_eq!(statistics.packets_received, 190);
    assert_eq!(statistics.packets_lost, 10);
    assert_eq!(statistics.packets_sent, 201);
    assert_eq!(alice.take_heard().len(), 201);
    let metrics = rig.handle.metrics();
    assert_eq!(metrics.packets_received, 190);
    assert_eq!(metrics.packets_sent, 201);
    assert_eq!(metrics.legs, 0);
}

#[test]
fn a_far_end_that_falls_silent_is_told_as_lost_once() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    rig.talk(5, &mut [(&mut alice, 600)]);
    for _ in 0..2 * 30 * 50 {
        rig.tick();
    }
    assert_eq!(rig.event(), Event::Lost { leg: alice.leg });
    assert_eq!(rig.end(), []);
}

#[test]
fn a_far_end_that_holds_us_is_not_lost_and_is_sent_nothing() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    rig.talk(5, &mut [(&mut alice, 600)]);
    let before = alice.take_heard();
    for direction in [Direction::SendOnly, Direction::Inactive] {
        let mut held = alice.remote();
        held.direction = direction;
        rig.handle.connect_rtp(alice.leg, held).expect("open");
        for _ in 0..40 * 50 {
            rig.tick();
        }
        assert_eq!(alice.take_heard().len(), 0);
    }
    rig.handle
        .connect_rtp(alice.leg, alice.remote())
        .expect("open");
    rig.talk(1, &mut [(&mut alice, 600)]);
    let after = alice.take_heard();
    let (before, after) = (&before[4].header, &after[0].header);
    assert!(after.marker);
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    let passed = after.timestamp.wrapping_sub(before.timestamp);
    assert_eq!(passed, 160 * (1 + 2 * 40 * 50), "time went on");
    assert_eq!(rig.end(), []);
}

#[test]
fn packets_follow_the_address_that_the_far_end_really_has() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut written = alice.remote();
    written.address = ([127, 0, 0, 1], 9).into();
    rig.handle.connect_rtp(alice.leg, written).expect("open");
    rig.tick();
    alice.take_heard();
    rig.talk(2, &mut [(&mut alice, 600)]);
    assert_eq!(alice.take_heard().len(), 2);

    // The same words from another port, while the first still speaks.
    alice.socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let refused = rig.handle.metrics().packets_refused;
    alice.say(600, 160);
    rig.tick();
    assert_eq!(rig.handle.metrics().packets_refused, refused + 1);
}

#[test]
fn ports_are_given_out_until_none_is_left_and_come_back_after_a_close() {
    let mut options = options(1);
    options.rtp_ports = *options.rtp_ports.start()..=*options.rtp_ports.start() + 3;
    let mut rig = Rig::new(options);
    let handle = rig.handle.clone();
    let [one, two, three] = [1, 2, 3].map(LegId::from_bits);
    let first = handle.open_rtp(one).expect("a pair");
    let second = handle.open_rtp(two).expect("a pair");
    assert!(first.port().is_multiple_of(2) && second.port().is_multiple_of(2));
    assert_ne!(first, second);
    assert!(matches!(handle.open_rtp(one), Err(Error::LegExists(_))));
    assert!(matches!(
        handle.open_rtp(three),
        Err(Error::PortsExhausted { .. })
    ));
    handle.close(one);
    rig.tick();
    assert!(matches!(rig.event(), Event::Measured { leg, .. } if leg == one));
    assert_eq!(
        handle.open_rtp(three).expect("free again").port(),
        first.port()
    );
}

#[test]
fn a_port_that_another_program_holds_is_passed_over() {
    let mut options = options(1);
    let first = *options.rtp_ports.start();
    options.rtp_ports = first..=first + 3;
    let _held = UdpSocket::bind(("127.0.0.1", first)).expect("free");
    for attempt in 0..4 {
        let rig = Rig::new(options.clone());
        let address = rig.handle.open_rtp(LegId::from_bits(attempt));
        assert_eq!(address.expect("the other pair").port(), first + 2);
    }
}

#[test]
fn a_worker_that_is_full_refuses_more_legs() {
    let mut options = options(1);
    options.max_legs_per_worker = 2;
    let rig = Rig::new(options);
    for number in 1..=2 {
        rig.handle.open_rtp(LegId::from_bits(number)).expect("room");
    }
    assert!(matches!(
        rig.handle.open_rtp(LegId::from_bits(3)),
        Err(Error::TooManyLegs { limit: 2 })
    ));
}

#[test]
fn a_flood_costs_its_own_leg_alone() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut bob = phone(&rig.handle, 2, Codec::Pcmu);
    let mut mallory = phone(&rig.handle, 3, Codec::Pcmu);
    rig.handle.bridge(alice.leg, bob.leg);
    for _ in 0..50 {
        for _ in 0..100 {
            mallory.say(2_000, 160);
        }
        rig.talk(1, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    }
    assert!(share_of(600, settled(&bob.listen())) > 0.98);
    let metrics = rig.handle.metrics();
    assert!(metrics.packets_received <= 50 * 2 + 50 * crate::socket::BATCH as u64);
}

#[test]
fn a_stream_that_moves_is_followed_however_long_it_flowed_from_where_it_was() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut bob = phone(&rig.handle, 2, Codec::Pcmu);
    rig.handle.bridge(alice.leg, bob.leg);
    rig.talk(100, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    for _ in 0..2 {
        // A translator gives her another port after a pause; nothing is known of it by SIP.
        let before = std::mem::replace(&mut alice.socket, crate::testing::free_port());
        rig.talk(50, &mut [(&mut bob, 1_000)]);
        bob.take_heard();
        rig.talk(100, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
        assert!(share_of(600, settled(&bob.listen())) > 0.98);
        assert!(share_of(1_000, settled(&alice.listen())) > 0.98);
        // And back, which is where her SDP said that she is: at once.
        alice.socket = before;
        alice.take_heard();
        bob.take_heard();
        rig.talk(100, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
        assert!(share_of(600, settled(&bob.listen())) > 0.98);
        assert!(share_of(1_000, settled(&alice.listen())) > 0.98);
    }
}

#[test]
fn who_closed_the_port_for_a_moment_is_heard_and_hears_again() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut bob = phone(&rig.handle, 2, Codec::Pcmu);
    rig.handle.bridge(alice.leg, bob.leg);
    rig.talk(100, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    let address = alice.socket.local_addr().expect("bound");
    alice.socket = crate::testing::free_port();
    rig.talk(10, &mut [(&mut bob, 1_000)]);
    alice.socket = UdpSocket::bind(address).expect("still free");
    alice.socket.set_nonblocking(true).expect("a socket");
    bob.take_heard();
    rig.talk(50, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    assert!(share_of(600, settled(&bob.listen())) > 0.98);
    assert!(share_of(1_000, settled(&alice.listen())) > 0.98);
    assert_eq!(rig.handle.metrics().sends_failed, 0);
}

#[test]
fn the_far_end_is_told_every_five_seconds_how_it_is_heard() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let control = UdpSocket::bind("127.0.0.1:0").expect("a port");
    control.set_nonblocking(true).expect("a socket");
    // Where RTCP goes is where RTP goes, plus one.
    let mut remote = alice.remote();
    remote
        .address
        .set_port(control.local_addr().expect("bound").port() - 1);
    rig.handle.connect_rtp(alice.leg, remote).expect("open");
    let mut reports = Vec::new();
    let mut bytes = [0; 256];
    for _ in 0..3 * 250 {
        rig.tick();
        while let Ok(length) = control.recv(&mut bytes) {
            reports.push(bytes[..length].to_vec());
        }
    }
    assert_eq!(reports.len(), 3);
    // The first may fall before the first packet.
    assert!(reports[1..].iter().all(|report| report[1] == 200));

    // Sharing the port, as agreed by rtcp-mux, and with something heard.
    let mut shared = alice.remote();
    shared.rtcp_mux = true;
    rig.handle.connect_rtp(alice.leg, shared).expect("open");
    let mut shared_reports = Vec::new();
    for packet in 0..500 {
        if packet % 5 == 2 {
            alice.lose();
        } else {
            alice.say(600, 160);
        }
        rig.tick();
        while let Ok(length) = alice.socket.recv(&mut bytes) {
            if bytes[1] == 200 {
                shared_reports.push(bytes[..length].to_vec());
            }
        }
    }
    // The first is of the moment in which the stream began.
    let [_, report] = &shared_reports[..] else {
        panic!("one every five seconds: {}", shared_reports.len());
    };
    assert_eq!(report[0] & 0x1F, 1, "one reception block");
    let fraction_lost = f64::from(report[32]) / 256.0;
    assert!((fraction_lost - 0.2).abs() < 0.02, "{fraction_lost}");
}

#[test]
fn no_datagram_disturbs_a_call() {
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcmu);
    let mut bob = phone(&rig.handle, 2, Codec::Pcma);
    rig.handle.bridge(alice.leg, bob.leg);
    let mut random = fastrand::Rng::with_seed(11);
    let mut template = vec![0x80, 0];
    template.extend((0..170).map(|_| random.u8(..)));
    for _ in 0..5_000 {
        let mut bytes = template.clone();
        for _ in 0..random.usize(..6) {
            let place = random.usize(..bytes.len().min(16));
            bytes[place] = random.u8(..);
        }
        bytes.truncate(random.usize(..bytes.len() + 1));
        bytes.resize(bytes.len() + random.usize(..3) * 700, 1);
        alice.send_raw(&bytes);
        rig.talk(1, &mut [(&mut bob, 1_000)]);
    }
    alice.take_heard();
    bob.take_heard();
    rig.talk(80, &mut [(&mut alice, 600), (&mut bob, 1_000)]);
    assert!(share_of(1_000, settled(&alice.listen())) > 0.98);
    // Her stream begins anew after the noise, and with it the delay settles.
    assert!(share_of(600, &bob.listen()[4_000..]) > 0.98);
}

#[tokio::test]
async fn a_port_leg_is_bridged_like_any_other_and_sees_the_close() {
    use crate::port::{PacketKind, PortPacket};
    let mut rig = Rig::new(options(1));
    let mut alice = phone(&rig.handle, 1, Codec::Pcma);
    let browser = LegId::from_bits(2);
    let port = rig.handle.open_port(browser, Codec::Pcmu).expect("a port");
    rig.handle.bridge(alice.leg, browser);
    let voice = crate::testing::tone(1_000, 160 * 50);
    let payload: Vec<u8> = voice
        .iter()
        .map(|sample| crate::encode_pcmu(*sample))
        .collect();
    let mut at_browser = Vec::new();
    for (place, payload) in payload.chunks(160).enumerate() {
        let pushed = port.push(&PortPacket {
            kind: PacketKind::Voice(Codec::Pcmu),
            marker: place == 0,
            sequence: place as u16,
            timestamp: place as u32 * 160,
            ssrc: 5,
            payload,
        });
        assert!(pushed);
        rig.talk(1, &mut [(&mut alice, 600)]);
        let frame = port.next().await.expect("open");
        assert_eq!(frame.codec, Codec::Pcmu);
        at_browser.extend(crate::testing::decode(Codec::Pcmu, &frame.payload));
    }
    assert!(share_of(1_000, settled(&alice.listen())) > 0.98);
    assert!(share_of(600, settled(&at_browser)) > 0.98);
    assert!(port.push(&PortPacket {
        kind: PacketKind::TelephoneEvent,
        marker: true,
        sequence: 50,
        timestamp: 50 * 160,
        ssrc: 5,
        payload: &[7, 10, 0, 160],
    }));
    rig.tick();
    assert!(
        matches!(rig.event(), Event::Key { leg, digit } if leg == browser && digit.as_char() == '7')
    );
    assert!(port.next().await.is_some());
    rig.handle.close(browser);
    rig.tick();
    let Event::Measured { leg, statistics } = rig.event() else {
        panic!("not measured");
    };
    assert_eq!((leg, statistics.packets_received), (browser, 51));
    assert!(port.next().await.is_none());
}

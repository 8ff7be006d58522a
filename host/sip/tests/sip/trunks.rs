//! Calls to customers by a trunk.

use crate::harness::{BOTH, By, House, Line, Phone, RTP, Received, md5, reply, sdp, unique};
use hotline_sip::{Account, Event, Trunk};
use hotline_vocabulary::ids::LegId;
use hotline_vocabulary::media::Codec;
use hotline_vocabulary::{Address, EndReason};
use std::net::SocketAddr;
use tokio::net::{TcpListener, UdpSocket};

/// A gateway that nobody has called yet.
enum Gateway {
    Udp(UdpSocket),
    Tcp(TcpListener),
}

impl Gateway {
    async fn open(by: By) -> Gateway {
        match by {
            By::Udp => Gateway::Udp(UdpSocket::bind("127.0.0.1:0").await.unwrap()),
            By::Tcp => Gateway::Tcp(TcpListener::bind("127.0.0.1:0").await.unwrap()),
        }
    }

    fn trunk(&self) -> Trunk {
        let text = match self {
            Gateway::Udp(socket) => format!("sip:{}", socket.local_addr().unwrap()),
            Gateway::Tcp(listener) => {
                format!("sip:{};transport=tcp", listener.local_addr().unwrap())
            }
        };
        text.parse().unwrap()
    }

    /// The line of the house, which calls first.
    async fn line(self, house: &House) -> Line {
        match self {
            Gateway::Udp(socket) => {
                socket.connect(house.service.udp()[0]).await.unwrap();
                Line::Udp(socket)
            }
            Gateway::Tcp(listener) => Line::Tcp {
                stream: listener.accept().await.unwrap().0,
                read: Vec::new(),
            },
        }
    }
}

fn dial(house: &House, trunk: Trunk) -> LegId {
    let leg = house.handle.mint_leg();
    let (number, shown) = (Address::from("+49 30 1"), Address::from("100"));
    let local: SocketAddr = RTP.parse().unwrap();
    house.handle.dial_out(leg, trunk, &number, &shown, local);
    leg
}

fn is_invite(received: &Received) -> bool {
    received.method() == "INVITE"
}

fn is_ack(received: &Received) -> bool {
    received.method() == "ACK"
}

fn quoted<'a>(header: &'a str, name: &str) -> &'a str {
    let start = header.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    let end = start + header[start..].find('"').unwrap();
    &header[start..end]
}

#[tokio::test]
async fn a_customer_is_called_by_a_trunk_that_asks_who_we_are() {
    for by in BOTH {
        let mut house = House::open();
        let gateway = Gateway::open(*by).await;
        let mut trunk = gateway.trunk();
        trunk.account = Some(Account {
            user_name: "hotline".to_owned(),
            password: "secret".to_owned(),
        });
        let leg = dial(&house, trunk);
        let mut line = gateway.line(&house).await;
        let first = line.receive_until(is_invite).await;
        assert!(
            first.text.starts_with("INVITE sip:+49%2030%201@127.0.0.1:"),
            "{}",
            first.text
        );
        assert!(
            first.header("From").unwrap().starts_with("<sip:100@"),
            "{}",
            first.text
        );
        let contact = format!("sip:gw@{}", line.address());
        let asked = reply(
            &first,
            "407 Proxy Authentication Required",
            "a",
            &contact,
            "",
        );
        let asked = asked.replacen(
            "Contact:",
            "Proxy-Authenticate: Digest realm=\"gw\", nonce=\"n1\", qop=\"auth\"\r\nContact:",
            1,
        );
        line.send(asked.as_bytes()).await;
        line.receive_until(is_ack).await;
        let second = line.receive_until(is_invite).await;
        let told = second.header("Proxy-Authorization").unwrap();
        let uri = second.text.split(' ').nth(1).unwrap();
        assert_eq!(quoted(told, "uri"), uri);
        let expected = md5(&format!(
            "{}:n1:00000001:{}:auth:{}",
            md5("hotline:gw:secret"),
            quoted(told, "cnonce"),
            md5(&format!("INVITE:{uri}")),
        ));
        assert_eq!(quoted(told, "response"), expected);
        assert_eq!(second.header("CSeq"), Some("2 INVITE"));
        assert!(second.body().contains("m=audio 40000 RTP/AVP 0 8 101"));

        let ringing = reply(&second, "180 Ringing", "d", &contact, "");
        line.send(ringing.as_bytes()).await;
        let answer = reply(
            &second,
            "200 OK",
            "d",
            &contact,
            &sdp(4000, "8 101", "sendrecv"),
        );
        line.send(answer.as_bytes()).await;
        line.receive_until(is_ack).await;
        match house.event().await {
            Event::Answered {
                leg: answered,
                remote,
            } => {
                assert_eq!((answered, remote.codec), (leg, Codec::Pcma));
            }
            other => panic!("{other:?}"),
        }

        let mut phone = Phone::new(line, "100");
        phone.call_id = second.header("Call-ID").unwrap().to_owned();
        phone.own = format!("{};tag=d", second.header("To").unwrap());
        phone.far = second.header("From").unwrap().to_owned();
        phone.cseq = 10;
        phone.send("BYE", &[], "").await;
        phone
            .line
            .receive_until(|received| received.status == Some(200))
            .await;
        let reason = EndReason::CallerHungUp;
        assert_eq!(house.event().await, Event::Ended { leg, reason });
    }
}

#[tokio::test]
async fn a_trunk_that_does_not_believe_us_is_told_once_and_the_call_ends() {
    let mut house = House::open();
    let gateway = Gateway::open(By::Udp).await;
    let mut trunk = gateway.trunk();
    trunk.account = Some(Account {
        user_name: "hotline".to_owned(),
        password: "wrong".to_owned(),
    });
    let leg = dial(&house, trunk);
    let mut line = gateway.line(&house).await;
    for cseq in ["1 INVITE", "2 INVITE"] {
        let invite = line
            .receive_until(|received| is_invite(received) && received.header("CSeq") == Some(cseq))
            .await;
        let asked = reply(
            &invite,
            "401 Unauthorized",
            &unique("t"),
            "sip:gw@127.0.0.1",
            "",
        );
        let asked = asked.replacen(
            "Contact:",
            "WWW-Authenticate: Digest realm=\"gw\", nonce=\"n1\"\r\nContact:",
            1,
        );
        line.send(asked.as_bytes()).await;
    }
    let reason = EndReason::Forbidden;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
}

#[tokio::test]
async fn a_trunk_that_can_not_be_reached_ends_the_call_and_so_does_giving_up() {
    let mut house = House::open();
    let Gateway::Tcp(listener) = Gateway::open(By::Tcp).await else {
        panic!("a listener");
    };
    let nobody = format!("sip:{};transport=tcp", listener.local_addr().unwrap());
    drop(listener);
    let leg = dial(&house, nobody.parse().unwrap());
    let reason = EndReason::FarEndFailed;
    assert_eq!(house.event().await, Event::Ended { leg, reason });

    // Given up before there was a way: the gateway hears nothing but the next call.
    let gateway = Gateway::open(By::Udp).await;
    let given_up = dial(&house, gateway.trunk());
    house.handle.hang_up(given_up, EndReason::CallerHungUp);
    let reason = EndReason::CallerHungUp;
    assert_eq!(
        house.event().await,
        Event::Ended {
            leg: given_up,
            reason
        }
    );
    let leg = dial(&house, gateway.trunk());
    let mut line = gateway.line(&house).await;
    let invite = line.receive_until(is_invite).await;
    let busy = reply(&invite, "486 Busy Here", "d", "sip:gw@127.0.0.1", "");
    line.send(busy.as_bytes()).await;
    let reason = EndReason::Busy;
    assert_eq!(house.event().await, Event::Ended { leg, reason });
}

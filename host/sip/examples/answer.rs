//! Answers every call to any number and hangs up never, and calls each desk phone that registers:
//! a peer for SIPp and baresip.
//! `cargo run -p hotline-sip --example answer -- 127.0.0.1:5060`; desk phones may register as
//! `desk` with the password `secret` in the realm `example`.

#![allow(clippy::print_stdout)]

use hotline_sip::{DeskPhoneAccount, Directory, Event, Limits, Options};
use hotline_vocabulary::Address;
use hotline_vocabulary::ids::{AgentId, Id, TenantId};
use std::net::SocketAddr;
use std::sync::Arc;

struct Everyone;

impl Directory for Everyone {
    fn tenant_of_domain(&self, _: &str) -> Option<TenantId> {
        Some(TenantId::from_bits(1))
    }
    fn is_published(&self, _: TenantId, user: &str) -> bool {
        !user.is_empty()
    }
    fn realm(&self, _: TenantId) -> String {
        "example".to_owned()
    }
    fn desk_phone(&self, _: TenantId, user_name: &str) -> Option<DeskPhoneAccount> {
        (user_name == "desk").then(|| DeskPhoneAccount {
            agent: AgentId::from_bits(1),
            // MD5 of desk:example:secret
            ha1_md5: "88e1efd19cf92ea01dbe5c1642d43b5c".to_owned(),
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address: SocketAddr = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:5060".to_owned())
        .parse()?;
    let options = Options {
        udp: vec![address],
        tcp: vec![address],
        limits: Limits {
            new_calls_per_second: 2_000,
            new_calls_per_second_and_source: 2_000,
            concurrent_calls: 20_000,
            ..Limits::default()
        },
        ..Options::default()
    };
    let (service, handle, mut events) = hotline_sip::start(options, Arc::new(Everyone))?;
    println!(
        "answering on UDP {:?} and TCP {:?}",
        service.udp(),
        service.tcp()
    );
    let media = SocketAddr::new(address.ip(), 40_000);
    let (mut answered, mut ended) = (0u64, 0u64);
    while let Some(event) = events.recv().await {
        match event {
            Event::Incoming(incoming) => {
                answered += 1;
                handle.ring(incoming.leg);
                handle.answer(incoming.leg, media);
            }
            Event::Ended { .. } => {
                ended += 1;
                if ended.is_multiple_of(1_000) {
                    println!(
                        "{answered} answered, {ended} ended, {} open",
                        handle.calls()
                    );
                }
            }
            Event::Registered { tenant, agent } => {
                println!("{agent} registered and is called");
                let (leg, caller) = (handle.mint_leg(), Address::from("+49301"));
                handle.dial(leg, tenant, agent, &caller, media);
            }
            other => println!("{other:?}"),
        }
    }
    service.stop().await;
    Ok(())
}

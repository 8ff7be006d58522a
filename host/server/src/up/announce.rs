//! What the operator is told once everything runs.

use crate::configuration::Settings;
use crate::demo::{self, DemoUser};
use crate::directory::{DEMO_TENANT, Directory};
use std::net::SocketAddr;

/// Told once, as soon as they exist.
#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn new_users(new_users: &[DemoUser]) {
    if new_users.is_empty() {
        return;
    }
    println!();
    println!("  The demo tenant was created. These passwords are shown this once:");
    for user in new_users {
        println!(
            "    {:<8} {:<11} {}",
            user.user_name,
            user.role.as_str(),
            user.password
        );
    }
    println!("  An agent's desk phone signs in by SIP with the same name and password.");
    println!();
}

#[expect(
    clippy::print_stdout,
    reason = "the terminal is where a command answers"
)]
pub(super) fn ready(settings: &Settings, http: SocketAddr, directory: &Directory) {
    let scheme = if settings.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let host = shown(settings, http);
    println!();
    println!("  Console           {scheme}://{host}/sign-in?tenant={DEMO_TENANT}");
    if directory.tenant_named(DEMO_TENANT).is_some() {
        println!("  Call from a page  {scheme}://{host}/call/{DEMO_TENANT}");
        println!(
            "  Call from a phone sip:{}@{}",
            demo::LINE,
            shown(settings, settings.sip)
        );
        println!(
            "  Flows             {}",
            settings.flows.join(DEMO_TENANT).display()
        );
        println!();
        println!("  Try: sign in as ana, press Ready, call from the page in another tab, press 1.");
        println!("  Then change a text in main.flow.yaml, save, and call again.");
    }
    println!("  API               {scheme}://{host}/api/v1/openapi.json");
    println!();
    println!("  Hotline is ready. Stop it with Ctrl-C.");
}

/// An address that a person can use: not the wildcard that we listen on.
fn shown(settings: &Settings, address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    let ip = settings
        .external_ip
        .or_else(|| super::outward(address.ip()));
    SocketAddr::new(
        ip.unwrap_or(std::net::Ipv4Addr::LOCALHOST.into()),
        address.port(),
    )
}

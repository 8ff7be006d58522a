//! Requests as they are really made, to servers on loopback that each test allows by hand.
#![allow(unreachable_pub, missing_debug_implementations)]

mod addresses;
mod auth;
mod cache;
mod faults;
mod secrets;
mod server;
mod stand;

//! The whole host from outside: real SIP, real browsers, real plugins, real storage.

mod bad_input;
mod beyond_localhost;
mod browser;
mod call;
mod callback;
mod client;
mod configuration;
mod connectors;
mod crash;
mod desk;
mod faults;
mod hostile;
mod lookups;
mod open_telemetry;
mod orderly_stop;
mod peers;
mod plans;
mod protected;
mod reload;
mod rollout;
mod storage;
mod taking_up;
mod tasks;
mod tenants;
mod traces;
mod usage;

//! The whole host from outside: real SIP, real browsers, real plugins, real storage.

mod call;

//! What is wrong gets a clear answer and does no harm, over the API and over SIP.

mod api;
mod sip;

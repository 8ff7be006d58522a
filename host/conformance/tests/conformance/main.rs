//! The kit against plugins: sound ones pass, and each law is broken by a plugin that breaks it.
//! Needs the built guests (`make plugins hostile`).

mod answerer;
mod components;
mod connectors;
mod flows;
mod judges;

//! What comes with the binary: the first-party plugins, as `make plugins` built them, and the
//! process that compiles plugins.

use bytes::Bytes;
use std::ffi::OsString;

const FLOW_INTERPRETER: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../plugins/dist/flow_script.wasm"
));
const SKILLS_POLICY: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../plugins/dist/best_skill.wasm"
));

pub(crate) fn plugins() -> hotline_sandbox::Shipped {
    hotline_sandbox::Shipped {
        flow_interpreter: Bytes::from_static(FLOW_INTERPRETER),
        skills_policy: Bytes::from_static(SKILLS_POLICY),
    }
}

/// The resource-limited process that compiles plugins is this binary again.
pub(crate) fn compiler() -> Vec<OsString> {
    let own = std::env::current_exe().unwrap_or_else(|_| "hotline".into());
    vec![own.into_os_string(), "compile-plugin".into()]
}

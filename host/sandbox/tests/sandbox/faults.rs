//! A call in which a plugin broke down is kept whole, and the same is seen again anywhere.

use crate::stand::{Stand, built, contact, demo, other};
use hotline_sandbox::PluginKind::Flow;
use hotline_sandbox::offline::Bench;
use hotline_sandbox::rollout::{Recording, Settings};
use hotline_sandbox::{Compiling, Invocation, KeptFault};
use hotline_vocabulary::plugin::FaultKind;

const FILE: &str = "demo/menu.flow.wasm";

async fn kept(stand: &Stand) -> Vec<KeptFault> {
    let kept = stand.handle.faults(demo(), Flow, "menu").await;
    kept.expect("the folder can be read")
}

async fn whole(stand: &Stand, id: &str) -> Option<Vec<u8>> {
    let whole = stand.handle.fault(demo(), Flow, "menu", id).await;
    whole.expect("the folder can be read")
}

#[tokio::test]
async fn a_trap_is_kept_with_its_backtrace_and_traps_again_elsewhere() {
    let stand = Stand::with(&[(FILE, &built("panics"))]).await;
    let trapped = stand.begin(contact(1), "menu").await.outcome;
    let faults = kept(&stand).await;
    let [fault] = faults.as_slice() else {
        panic!("one call failed: {faults:?}");
    };
    assert_eq!(
        (fault.kind, fault.contact),
        (FaultKind::Trapped, Some(contact(1)))
    );
    let first = fault.backtrace.first().expect("it has names");
    assert!(first.ends_with("step"), "{first}");

    let json = whole(&stand, &fault.id).await.expect("it is kept");
    let call: Invocation = serde_json::from_slice(&json).expect("a recorded call");
    let folder = tempfile::TempDir::new().unwrap();
    let bench = Bench::open(Compiling::Here, folder.path(), 1).expect("a bench");
    let plugin = bench.load(call.kind, "menu", FILE, &built("panics"), &call.config);
    let again = plugin.expect("it is let in").answer(&call.question);
    assert_eq!(again.outcome, trapped);
    assert_eq!(again.usage.fuel, call.usage.fuel, "to the instruction");

    let nobodys = stand.handle.faults(other(), Flow, "menu").await;
    assert_eq!(nobodys.expect("readable"), [], "of another tenant");
    for outside in ["", "../newest", "../../other"] {
        assert_eq!(whole(&stand, outside).await, None, "{outside}");
    }
}

#[tokio::test]
async fn nothing_is_kept_of_a_plugin_that_is_not_recorded() {
    let stand = Stand::with(&[(FILE, &built("panics"))]).await;
    let recording = Recording { last: 0, hours: 0 };
    let settings = Settings {
        recording,
        ..Settings::default()
    };
    let set = stand.handle.configure(demo(), Flow, "menu", settings).await;
    set.expect("it may be switched off");
    assert!(stand.begin(contact(1), "menu").await.outcome.is_err());
    assert_eq!(kept(&stand).await, []);
}

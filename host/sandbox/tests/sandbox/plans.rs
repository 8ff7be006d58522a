//! What a tenant's plan lets its plugins use: each limit stops what the usual one lets run, for that
//! tenant alone, and the same again where the call is replayed.

use crate::stand::{Stand, built, contact, demo, other, step};
use hotline_sandbox::PluginKind::Flow;
use hotline_sandbox::limits::{FLOW_STEP, Limits, Plan};
use hotline_sandbox::offline::Bench;
use hotline_sandbox::{Compiling, Invocation};
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::Verdict;

/// Keeps one byte, and wants one thing done.
fn modest() -> Vec<u8> {
    built("spins_through_steps")
}

/// Both tenants have the plugin; the demo's plan is this one.
async fn stand(flow_step: Limits) -> Stand {
    let plan = Plan {
        flow_step,
        ..Plan::default()
    };
    let stand = Stand::under([("demo".to_owned(), plan)].into_iter().collect());
    for tenant in ["demo", "other"] {
        stand.save(&format!("{tenant}/modest.flow.wasm"), &modest());
    }
    stand.serve().await;
    stand
}

async fn ask(stand: &Stand, tenant: TenantId) -> Verdict {
    let first = step(contact(1), "modest", 0, Vec::new(), FlowEvent::Started);
    stand.handle.ask(tenant, first).await
}

#[tokio::test]
async fn a_small_plan_stops_what_the_usual_one_lets_run_for_its_tenant_alone() {
    let usual = ask(&stand(FLOW_STEP).await, demo()).await;
    assert!(usual.outcome.is_ok(), "{:?}", usual.outcome);
    for (small, why) in [
        (
            Limits {
                fuel: usual.usage.fuel / 2,
                ..FLOW_STEP
            },
            FaultKind::OutOfFuel,
        ),
        (
            Limits {
                state_bytes: 0,
                ..FLOW_STEP
            },
            FaultKind::TooMuch,
        ),
        (
            Limits {
                effects: 0,
                ..FLOW_STEP
            },
            FaultKind::TooMuch,
        ),
    ] {
        let stand = stand(small).await;
        let stopped = ask(&stand, demo())
            .await
            .outcome
            .expect_err("it is stopped");
        assert_eq!(stopped.kind, why, "{}", stopped.message);
        assert_eq!(ask(&stand, other()).await.outcome, usual.outcome);
    }
}

#[tokio::test]
async fn a_call_that_a_plan_stopped_stops_again_elsewhere() {
    let small = Limits {
        state_bytes: 0,
        ..FLOW_STEP
    };
    let stand = stand(small).await;
    let stopped = ask(&stand, demo()).await.outcome;
    let kept = stand.handle.faults(demo(), Flow, "modest").await;
    let id = &kept.expect("readable")[0].id;
    let json = stand.handle.fault(demo(), Flow, "modest", id).await;
    let json = json.expect("readable").expect("it is kept");
    let call: Invocation = serde_json::from_slice(&json).expect("a recorded call");

    let folder = tempfile::TempDir::new().unwrap();
    let bench = Bench::open(Compiling::Here, folder.path(), 1).expect("a bench");
    let bench = bench.under(call.plan.expect("it is told"));
    let plugin = bench.load(Flow, "modest", "modest.flow.wasm", &modest(), &call.config);
    let again = plugin.expect("it is let in").answer(&call.question);
    assert_eq!(again.outcome, stopped);
}

//! What a tenant's plan lets its plugins use: each limit stops what a larger one lets run, for that
//! tenant alone, from the next call on, and the same again where the call is replayed.

use crate::stand::{Stand, batch, built, contact, demo, other, step};
use crate::worlds::{caller, finding, judging, said};
use hotline_sandbox::PluginKind::{Connector, Flow, Policy, Qa};
use hotline_sandbox::limits::{Limits, NamedPlan, Plan, Plans};
use hotline_sandbox::offline::Bench;
use hotline_sandbox::{Compiling, Invocation};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::ids::TenantId;
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::qa::{self, Utterance};
use hotline_vocabulary::question::{Question, Verdict};
use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// The limits of one kind of call.
type Row = fn(&mut Plan) -> &mut Limits;

fn demo_has(limits: Plan) -> Plans {
    let plan = NamedPlan {
        name: Some("small".to_owned()),
        limits,
    };
    [("demo".to_owned(), plan)].into_iter().collect()
}

/// Both tenants have a flow that uses what it is told, under the usual plan.
async fn stand() -> Stand {
    let stand = Stand::new();
    for tenant in ["demo", "other"] {
        let path = format!("{tenant}/told.flow.wasm");
        stand.save(&path, &built("uses_what_it_is_told"));
    }
    stand.serve().await;
    stand
}

/// Puts it in force while the host runs.
async fn allow(stand: &Stand, limits: Plan) {
    stand.handle.set_plans(demo_has(limits));
    stand.handle.settled().await;
}

async fn told(stand: &Stand, tenant: TenantId, what: &str) -> Verdict {
    let step = step(
        contact(1),
        "told",
        0,
        what.as_bytes().to_vec(),
        FlowEvent::Started,
    );
    stand.handle.ask(tenant, step).await
}

/// A limit of a flow's step, lowered and raised.
struct Case {
    name: &'static str,
    /// What the flow is told to use: more than the smaller limit, less than the larger.
    uses: &'static str,
    set: fn(&mut Limits, usize),
    smaller: usize,
    larger: usize,
    fault: FaultKind,
    /// What the fault's sentence says.
    says: &'static str,
    /// Whether the usual limit stops it too.
    usual_stops: bool,
}

const CASES: [Case; 5] = [
    Case {
        name: "fuel",
        uses: "rounds 4000000",
        set: |limits, units| limits.fuel = units as u64,
        smaller: 1_000_000,
        larger: 400_000_000,
        fault: FaultKind::OutOfFuel,
        says: "1 million units",
        usual_stops: true,
    },
    Case {
        name: "processor time",
        uses: "rounds 300000000",
        // With fuel in plenty, so that the clock is what stops it.
        set: |limits, millis| {
            limits.fuel = 100_000_000_000;
            limits.processor_time = Duration::from_millis(millis as u64);
        },
        smaller: 1,
        larger: 60_000,
        fault: FaultKind::TimedOut,
        says: "longer than 1 ms",
        usual_stops: true,
    },
    Case {
        name: "memory",
        uses: "memory 80",
        set: |limits, mib| limits.memory_bytes = mib * MIB,
        smaller: 16,
        larger: 128,
        fault: FaultKind::OutOfMemory,
        says: "16 MiB are allowed",
        usual_stops: true,
    },
    Case {
        name: "state",
        uses: "state 1000",
        set: |limits, bytes| limits.state_bytes = bytes,
        smaller: 999,
        larger: 1_000,
        fault: FaultKind::TooMuch,
        says: "state",
        usual_stops: false,
    },
    Case {
        name: "effects",
        uses: "actions 33",
        set: |limits, actions| limits.effects = actions,
        smaller: 8,
        larger: 33,
        fault: FaultKind::TooMuch,
        says: "33 actions",
        usual_stops: true,
    },
];

#[tokio::test]
async fn each_limit_stops_what_a_larger_one_lets_run_from_the_next_call_on() {
    let stand = stand().await;
    for case in &CASES {
        let under = |amount| {
            let mut plan = Plan::default();
            (case.set)(&mut plan.flow_step, amount);
            plan
        };
        let name = case.name;
        allow(&stand, under(case.larger)).await;
        let runs = told(&stand, demo(), case.uses).await;
        assert!(runs.outcome.is_ok(), "{name}: {:?}", runs.outcome);

        allow(&stand, under(case.smaller)).await;
        let stopped = told(&stand, demo(), case.uses).await;
        let fault = stopped.outcome.expect_err(name);
        assert_eq!(fault.kind, case.fault, "{name}: {}", fault.message);
        assert!(
            fault.message.contains(case.says),
            "{name}: {}",
            fault.message
        );

        // The other tenant never noticed.
        let usual = told(&stand, other(), case.uses).await.outcome;
        assert_eq!(usual.is_err(), case.usual_stops, "{name}: {usual:?}");
        let well = told(&stand, other(), "nothing 0").await.outcome;
        assert!(well.is_ok(), "{well:?}");
    }
    assert_eq!(stand.handle.plan(demo()).name.as_deref(), Some("small"));
    assert_eq!(stand.handle.plan(other()), NamedPlan::default());
}

#[tokio::test]
async fn the_log_of_a_call_has_the_lines_of_its_plan() {
    let stand = stand().await;
    for (lines, kept) in [(0, 0), (3, 3), (200, 100)] {
        let mut plan = Plan::default();
        plan.flow_step.log_lines = lines;
        allow(&stand, plan).await;
        let before = stand.handle.log(demo(), Flow, "told");
        let answered = told(&stand, demo(), "lines 100").await;
        assert!(answered.outcome.is_ok(), "{:?}", answered.outcome);
        let written = |lines: Vec<hotline_sandbox::LogLine>| {
            let lines = lines
                .iter()
                .filter(|line| line.message.starts_with("line "));
            lines.count()
        };
        let after = stand.handle.log(demo(), Flow, "told");
        assert_eq!(written(after) - written(before), kept, "of {lines} lines");
    }
}

#[tokio::test]
async fn each_kind_of_call_has_its_own_row() {
    let stand = Stand::new();
    for (file, component) in [
        (
            "rest_connector_minimal.connector.wasm",
            "rest_connector_minimal",
        ),
        ("qa_greeting.qa.wasm", "qa_greeting"),
        ("returning.policy.wasm", "returning_customer"),
    ] {
        stand.save(&format!("demo/{file}"), &built(component));
    }
    let config = br#"{"base_url": "https://crm.example.com/v1"}"#;
    stand.save("demo/rest_connector_minimal.config.json", config);
    stand.serve().await;
    for (kind, name) in [
        (Connector, "rest_connector_minimal"),
        (Qa, "qa_greeting"),
        (Policy, "returning"),
    ] {
        let status = stand.status(kind, name);
        assert!(status.label.is_some(), "{name}: {:?}", status.problem);
    }
    let judged = judging(said(&["Good morning.".to_owned()]));
    let heard = Question::Qa {
        rule: "qa_greeting".to_owned(),
        contact: contact(7),
        at: Timestamp(60_000),
        ask: qa::Question::Observe(Utterance {
            interaction: caller(),
            state: Vec::new(),
            place: 0,
            said: said(&["Good morning.".to_owned()]).turns.remove(0),
        }),
    };
    let decide = Question::Decide {
        policy: Some("returning".to_owned()),
        batch: batch(1, 1),
    };
    let rows: [(&str, Question, Row); 4] = [
        ("routing", decide, |plan| &mut plan.routing),
        ("qa", judged, |plan| &mut plan.qa),
        ("qa-live", heard, |plan| &mut plan.qa_live),
        ("connector", finding("+4930111"), |plan| &mut plan.connector),
    ];
    for (lowered, _, row) in &rows {
        let mut plan = Plan::default();
        row(&mut plan).fuel = 100;
        allow(&stand, plan).await;
        for (asked, question, _) in &rows {
            let outcome = stand.handle.ask(demo(), question.clone()).await.outcome;
            let stopped = outcome.err().map(|fault| fault.kind);
            let expected = (asked == lowered).then_some(FaultKind::OutOfFuel);
            assert_eq!(stopped, expected, "{asked}, with little for {lowered}");
        }
    }
}

#[tokio::test]
async fn what_a_small_plan_refused_comes_in_with_a_larger_one() {
    let mut plan = Plan::default();
    plan.flow_step.fuel = 10;
    let mut stand = Stand::under(demo_has(plan));
    stand.save("demo/told.flow.wasm", &built("uses_what_it_is_told"));
    stand.serve().await;
    let refused = stand.status(Flow, "told");
    assert_eq!(refused.label, None);
    assert_eq!(refused.problem.expect("why")[0].code, "admission.trial");
    stand.handle.set_plans(Plans::default());
    let live = stand.news("told", |status| status.label.is_some()).await;
    assert_eq!(live.problem, None);
}

#[tokio::test]
async fn a_call_that_a_plan_stopped_stops_again_elsewhere() {
    let mut small = Plan::default();
    small.flow_step.state_bytes = 0;
    let stand = stand().await;
    allow(&stand, small).await;
    let stopped = told(&stand, demo(), "state 1").await.outcome;
    let kept = stand.handle.faults(demo(), Flow, "told").await;
    let id = &kept.expect("readable")[0].id;
    let json = stand.handle.fault(demo(), Flow, "told", id).await;
    let json = json.expect("readable").expect("it is kept");
    let call: Invocation = serde_json::from_slice(&json).expect("a recorded call");

    let folder = tempfile::TempDir::new().unwrap();
    let bench = Bench::open(Compiling::Here, folder.path(), 1).expect("a bench");
    let bench = bench.under(call.plan.expect("it is told"));
    let told = built("uses_what_it_is_told");
    let plugin = bench.load(Flow, "told", "told.flow.wasm", &told, &call.config);
    let again = plugin.expect("it is let in").answer(&call.question);
    assert_eq!(again.outcome, stopped);
}

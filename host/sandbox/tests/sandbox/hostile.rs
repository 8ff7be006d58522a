//! Guests that misbehave: each is stopped within its budget with the right word for it, and nobody
//! else notices.

use crate::stand::{MENU, Stand, batch, built, contact, demo, other, step, stepped, visit};
use hotline_sandbox::PluginKind;
use hotline_vocabulary::flow::{Command, FlowEvent};
use hotline_vocabulary::metering::Purpose;
use hotline_vocabulary::plugin::FaultKind;
use hotline_vocabulary::question::{Answer, Question, Verdict};
use hotline_vocabulary::routing::Decision;
use std::time::{Duration, Instant};

/// Processor time that a flow step may use at most, plus what the host needs around it.
const BUDGET: Duration = Duration::from_millis(250);

fn fault(verdict: Verdict) -> (FaultKind, String) {
    let fault = verdict.outcome.expect_err("the guest misbehaves");
    (fault.kind, fault.message)
}

#[tokio::test]
async fn each_hostile_flow_is_stopped_within_its_budget_with_its_own_fault() {
    let cases: [(&str, &[FaultKind], &str); 12] = [
        ("loops_forever", &[FaultKind::OutOfFuel], "loop"),
        // Bulk memory instructions cost fuel by the byte.
        (
            "fills_memory_slowly",
            &[FaultKind::OutOfFuel, FaultKind::TimedOut],
            "",
        ),
        ("eats_memory", &[FaultKind::OutOfMemory], "MiB"),
        ("panics", &[FaultKind::Trapped], "trapped"),
        ("traps", &[FaultKind::Trapped], "trapped"),
        (
            "overflows_stack",
            &[FaultKind::StackOverflow, FaultKind::Trapped],
            "",
        ),
        ("recurses_plainly", &[FaultKind::StackOverflow], "stack"),
        ("returns_huge_state", &[FaultKind::TooMuch], "state"),
        (
            "returns_a_thousand_actions",
            &[FaultKind::TooMuch],
            "1000 actions",
        ),
        // Building them may cost the fuel already.
        (
            "returns_huge_strings",
            &[FaultKind::TooMuch, FaultKind::OutOfFuel],
            "",
        ),
        ("returns_nonsense", &[FaultKind::Nonsense], ""),
        ("declares_a_fault", &[FaultKind::Declared], ""),
    ];
    let stand = Stand::new();
    for (name, ..) in cases {
        stand.save(&format!("demo/{name}.flow.wasm"), &built(name));
    }
    stand.serve().await;
    for (name, kinds, says) in cases {
        assert!(
            stand.handle.has_flow(demo(), name),
            "{name}: {:?}",
            stand.status(PluginKind::Flow, name).problem
        );
        let began = Instant::now();
        let verdict = stand.begin(contact(1), name).await;
        let (took, usage) = (began.elapsed(), verdict.usage);
        let (kind, message) = fault(verdict);
        println!("{name}: {kind:?} after {took:?}, {usage:?}: {message:.200}");
        assert!(kinds.contains(&kind), "{name}: {kind:?}: {message}");
        assert!(message.contains(says), "{name}: {message}");
        assert!(message.len() < 1000, "{name}: {} bytes", message.len());
        assert!(usage.memory_bytes <= 64 * 1024 * 1024, "{name}: {usage:?}");
        assert!(
            Duration::from_micros(usage.took_us) < BUDGET * 4,
            "{name} took {took:?}"
        );
    }
}

#[tokio::test]
async fn a_loop_is_stopped_at_the_same_instruction_each_time() {
    let stand = Stand::with(&[("demo/loop.flow.wasm", &built("loops_forever"))]).await;
    for number in 0..3 {
        let verdict = stand.begin(contact(number), "loop").await;
        assert_eq!(verdict.usage.fuel, 20_000_000);
        assert_eq!(fault(verdict).0, FaultKind::OutOfFuel);
    }
}

#[tokio::test]
async fn a_plugin_that_fails_late_keeps_what_it_did_before() {
    let stand = Stand::with(&[("demo/late.flow.wasm", &built("works_once_then_panics"))]).await;
    let first = stepped(stand.begin(contact(1), "late").await);
    let answers = |command: &Command| matches!(command, Command::Answer);
    assert!(first.actions.iter().any(|action| answers(&action.command)));
    let done = FlowEvent::Done {
        action: first.actions[0].id,
        outcome: "ok".to_owned(),
    };
    let next = step(contact(1), "late", 1, first.state, done);
    let (kind, message) = fault(stand.handle.ask(demo(), next).await);
    assert_eq!(kind, FaultKind::Trapped, "{message}");
}

#[tokio::test]
async fn a_flood_of_log_lines_costs_its_writer_and_nobody_else() {
    let stand = Stand::with(&[("demo/flood.flow.wasm", &built("floods_the_log"))]).await;
    let verdict = stand.begin(contact(1), "flood").await;
    assert_eq!(fault(verdict).0, FaultKind::OutOfFuel);
    let lines = stand.handle.log(demo(), PluginKind::Flow, "flood");
    // And one of the host's, about its end.
    assert_eq!(lines.len(), 64 + 1);
    assert!(lines.iter().all(|line| line.message.len() <= 1024));
}

#[tokio::test]
async fn a_forbidden_import_is_refused_by_name() {
    let stand = Stand::with(&[("demo/evil.flow.wasm", &built("imports_files"))]).await;
    let status = stand.status(PluginKind::Flow, "evil");
    assert_eq!(status.live, None);
    let problems = status.problem.unwrap();
    assert_eq!(problems[0].path, "demo/evil.flow.wasm");
    assert_eq!(problems[0].code, "admission.import");
    assert!(problems[0].message.contains("files"), "{}", problems[0]);
    assert!(problems[0].hint.is_some());
}

#[tokio::test]
async fn a_component_of_an_unknown_world_is_refused_by_name() {
    let stand = Stand::with(&[("demo/odd.flow.wasm", &built("of_another_world"))]).await;
    let problems = stand.status(PluginKind::Flow, "odd").problem.unwrap();
    let world = problems
        .iter()
        .find(|problem| problem.code == "admission.world")
        .expect("the world is wrong");
    assert!(world.message.contains("hotline:ivr/flow@1.0.0"), "{world}");
}

#[tokio::test]
async fn a_plugin_that_never_finishes_its_trial_leaves_the_old_version_live() {
    let mut stand = Stand::with(&[("demo/hello.flow.wasm", &built("rust_flow"))]).await;
    let good = stand.status(PluginKind::Flow, "hello").label;
    stand.save("demo/hello.flow.wasm", &built("describes_for_ever"));
    let status = stand.news("hello", |status| status.problem.is_some()).await;
    assert_eq!(status.label, good);
    let problem = &status.problem.unwrap()[0];
    assert_eq!(problem.code, "admission.trial");
    assert!(problem.message.contains("fuel"), "{problem}");
}

#[tokio::test]
async fn what_is_said_of_a_fault_is_short_however_long_its_author_was() {
    let stand = Stand::with(&[("demo/says.flow.wasm", &built("declares_a_fault"))]).await;
    let (kind, message) = fault(stand.begin(contact(1), "says").await);
    assert_eq!(kind, FaultKind::Declared);
    assert!(message.len() <= 600, "{} bytes", message.len());
}

#[tokio::test]
async fn each_hostile_policy_is_a_fault_and_not_a_decision() {
    let cases = [
        ("policy_names_strangers", FaultKind::Nonsense),
        ("policy_loops_forever", FaultKind::OutOfFuel),
        ("policy_panics", FaultKind::Trapped),
    ];
    let stand = Stand::new();
    for (name, _) in cases {
        stand.save(&format!("demo/{name}.policy.wasm"), &built(name));
    }
    stand.save(
        "demo/policy_ranks_nonsense.policy.wasm",
        &built("policy_ranks_nonsense"),
    );
    stand.serve().await;
    for (name, expected) in cases {
        let status = stand.status(PluginKind::Policy, name);
        assert!(status.live.is_some(), "{name}: {:?}", status.problem);
        let decide = Question::Decide {
            policy: Some(name.to_owned()),
            batch: batch(3, 2),
        };
        let (kind, message) = fault(stand.handle.ask(demo(), decide).await);
        println!("{name}: {kind:?}: {message}");
        assert_eq!(kind, expected, "{name}: {message}");
    }
    let rank = Question::Rank {
        policy: Some("policy_ranks_nonsense".to_owned()),
        contact: contact(1),
        visit: visit(contact(1)),
    };
    let (kind, message) = fault(stand.handle.ask(demo(), rank).await);
    assert!(
        matches!(kind, FaultKind::Nonsense | FaultKind::TooMuch),
        "{kind:?}: {message}"
    );
}

#[tokio::test]
async fn a_mistake_in_one_outcome_is_that_contacts_alone_and_says_which_agent() {
    let stand = Stand::with(&[(
        "demo/careless.policy.wasm",
        &built("policy_gives_to_nobody"),
    )])
    .await;
    let decide = Question::Decide {
        policy: Some("careless".to_owned()),
        batch: batch(3, 2),
    };
    let verdict = stand.handle.ask(demo(), decide).await;
    let Ok(Answer::Decide(outcomes)) = verdict.outcome else {
        panic!("expected outcomes, got {:?}", verdict.outcome);
    };
    let decisions: Vec<_> = outcomes.iter().map(|outcome| &outcome.decision).collect();
    let [
        Decision::Invalid(why),
        Decision::Assign(second),
        Decision::Assign(third),
    ] = decisions[..]
    else {
        panic!("expected a mistake and two agents, got {decisions:?}");
    };
    assert_eq!(why, "assigned agent number 9999; the batch has 2, from 0");
    assert_ne!(second, third);
    assert_eq!(outcomes[0].contact, contact(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_whose_plugins_loop_does_not_delay_another() {
    let stand = Stand::with(&[("other/main.flow.yaml", MENU)]).await;
    // More than one tenant's share, all the time: each is suspended after five loops, so there are
    // many, told apart by their configurations.
    const LOOPS: u32 = 64;
    for number in 0..LOOPS {
        let name = format!("demo/loop{number}");
        stand.save(
            &format!("{name}.config.json"),
            format!("{{\"number\": {number}}}").as_bytes(),
        );
        stand.save(&format!("{name}.flow.wasm"), &built("loops_forever"));
    }
    stand.serve().await;
    let mut loops = Vec::new();
    for part in 0..8 {
        let handle = stand.handle.clone();
        loops.push(tokio::spawn(async move {
            for number in (0..LOOPS).filter(|number| number % 8 == part) {
                let (name, who) = (format!("loop{number}"), contact(u128::from(number)));
                for _ in 0..5 {
                    let question = step(who, &name, 0, Vec::new(), FlowEvent::Started);
                    let (kind, _) = fault(handle.ask(demo(), question).await);
                    assert_eq!(kind, FaultKind::OutOfFuel);
                }
            }
        }));
    }
    let mut times = Vec::new();
    for number in 0..200 {
        let question = step(contact(number), "main", 0, Vec::new(), FlowEvent::Started);
        let began = Instant::now();
        stepped(stand.handle.ask(other(), question).await);
        times.push(began.elapsed());
    }
    loops.iter().for_each(tokio::task::JoinHandle::abort);
    times.sort();
    let (median, p95) = (times[100], times[190]);
    println!("beside a loop: median {median:?}, p95 {p95:?}");
    // A loop takes some 10 ms of a worker; waiting for even one of them would show in the median.
    assert!(median < Duration::from_millis(5), "median {median:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_with_too_many_questions_is_told_so_at_once() {
    let stand = Stand::with(&[("demo/loop.flow.wasm", &built("loops_forever"))]).await;
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..400u128 {
        let handle = stand.handle.clone();
        let question = step(contact(number), "loop", 0, Vec::new(), FlowEvent::Started);
        asked.spawn(async move { handle.ask(demo(), question).await });
    }
    let (mut overloaded, mut stopped) = (0, 0);
    while let Some(verdict) = asked.join_next().await {
        match fault(verdict.unwrap()).0 {
            FaultKind::Overloaded => overloaded += 1,
            FaultKind::OutOfFuel => stopped += 1,
            // Those that waited while it turned out to be good for nothing.
            FaultKind::Suspended => {}
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(overloaded >= 100, "{overloaded} refused, {stopped} run");
    assert!((1..=6).contains(&stopped), "{stopped} run");
}

#[tokio::test]
async fn a_plugin_that_keeps_failing_is_left_alone_until_a_new_version_is_saved() {
    let mut stand = Stand::with(&[("demo/main.flow.wasm", &built("traps"))]).await;
    for number in 1..=5 {
        let verdict = stand.begin(contact(number), "main").await;
        assert_eq!(fault(verdict).0, FaultKind::Trapped, "contact {number}");
    }
    let (kind, says) = fault(stand.begin(contact(6), "main").await);
    assert_eq!(kind, FaultKind::Suspended, "{says}");
    let mut metered = stand.handle.metered(demo());
    metered.retain(|row| row.purpose == Purpose::Contacts);
    let [row] = &metered[..] else {
        panic!("one plugin was asked, not {metered:#?}");
    };
    assert_eq!((row.calls, row.suspended), (5, true));
    assert!(row.fuel > 0 && row.most_memory_bytes > 0, "{row:#?}");
    assert_eq!(row.faults[&FaultKind::Trapped], 5);
    assert_eq!(row.faults[&FaultKind::Suspended], 1);
    assert_eq!(stand.handle.metered(other()), []);

    let bad = row.label.clone();
    stand.save("demo/main.flow.wasm", &built("rust_flow"));
    stand
        .news("main", |status| {
            status.live.is_some() && status.label.as_ref() != Some(&bad)
        })
        .await;
    stepped(stand.begin(contact(7), "main").await);
}

#[tokio::test]
async fn a_panic_tells_the_function_it_happened_in() {
    let stand = Stand::with(&[("demo/main.flow.wasm", &built("panics"))]).await;
    let (kind, says) = fault(stand.begin(contact(1), "main").await);
    assert_eq!(kind, FaultKind::Trapped);
    // What the compiler inlined into the export goes by the export's name.
    let within = "hotline:ivr/flow@1.0.0#step";
    assert!(says.ends_with(&format!("it was in `{within}`")), "{says}");
    let log = stand.handle.log(demo(), PluginKind::Flow, "main");
    let last = log.last().expect("its last words");
    assert_eq!(last.message, says);
    assert!(
        last.fields.iter().any(|(_, frame)| frame == within),
        "{last:#?}"
    );
}

//! Scenarios: what they may say, and that the same one always comes out the same.

use hotline_sandbox::Compiling;
use hotline_sandbox::offline::Bench;
use hotline_simulator::compiled::Workshop;
use hotline_simulator::{
    Arm, Control, Figure, Group, Plan, Report, Running, Stopped, record, scenario, simulate,
    what_if,
};
use proptest::prelude::*;
use std::num::NonZeroUsize;
use std::path::Path;

const HOUSE: &str = r#"
title = "A small house"

[run]
replications = 3
contacts = 400
warm_up_contacts = 20

[[queue]]
name = "support"
skills = "english"

[[queue]]
name = "sales"
max_waiting = 2

[[agents]]
count = 6
skills = { english = 5 }
queues = ["support", { queue = "sales", level = 2, after_s = 5 }]
shift = { from = "00:00", to = "23:00" }
breaks = [{ at = "02:00", minutes = 15, stagger_minutes = 5 }]
answers_after = { gamma = { mean_s = 4, shape = 3 } }

[[agents]]
count = 2
queues = ["sales"]

[[contacts]]
queue = "support"
arrivals = { curve = { per_day = 2400, weights = [1, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1] } }
handle = { log_normal = { mean_s = 200, sd_s = 150 } }
patience = { exponential = { mean_s = 60 } }
wrap_up = { erlang = { mean_s = 20, phases = 2 } }
vip = { share = 0.1, priority = 3 }
redial = { share = 0.5, after = { constant = { seconds = 90 } } }
transfer = { share = 0.5, after_share = 0.2 }

[[contacts]]
queue = "sales"
channel = "web"
arrivals = { poisson = { per_hour = 40 } }
handle = { empirical = { values_s = [60, 120, 400] } }
"#;

fn plan(text: &str) -> Plan {
    match scenario::parse("scenario.toml", text) {
        Ok(loaded) => loaded.plan,
        Err(mistake) => panic!("{mistake}"),
    }
}

fn on(threads: usize, plan: &Plan, arms: &[Arm]) -> Report {
    let running = Running {
        threads: NonZeroUsize::new(threads).expect("a thread"),
        ..Running::default()
    };
    simulate(plan, arms, &running, &|| {}).expect("nobody stops it")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_seed_repeats_its_report_on_any_number_of_threads(seed in any::<u64>()) {
        let plan = plan(HOUSE).with_seed(seed);
        let arms = [Arm::built_in(), Arm::first_in_first_out()];
        let report = on(1, &plan, &arms);
        prop_assert_eq!(&report, &on(3, &plan, &arms));
        prop_assert_ne!(&report.policies, &on(2, &plan.with_seed(!seed), &arms).policies);
        for policy in &report.policies {
            prop_assert_eq!(policy.violations, 0);
        }
    }
}

#[test]
fn every_visit_is_counted_once_however_it_ends() {
    let report = on(2, &plan(HOUSE), &[Arm::built_in()]);
    let policy = &report.policies[0];
    let mean = |group: &Group, figure| {
        let estimate = policy.estimate(group, figure);
        estimate.expect("contacts were played").mean
    };
    let (support, sales) = (Group::Queue("support".into()), Group::Queue("sales".into()));
    for group in [&Group::All, &support, &sales] {
        let ends = [
            Figure::Answered,
            Figure::Abandoned,
            Figure::Refused,
            Figure::Left,
        ];
        let ended: f64 = ends.into_iter().map(|end| mean(group, end)).sum();
        assert!(
            (ended - mean(group, Figure::Offered)).abs() < 1e-9,
            "{group:?}"
        );
    }
    assert!(
        mean(&sales, Figure::Refused) > 0.0,
        "two may wait, more come"
    );
    assert!(mean(&support, Figure::Abandoned) > 0.0, "patience is short");
    let busy = mean(&Group::All, Figure::Occupancy);
    assert!(busy > 0.0 && busy < 1.0, "{busy}");
}

#[test]
fn where_all_agents_are_alike_the_shipped_policy_is_the_built_in_order() {
    let cache = tempfile::tempdir().expect("a folder");
    let bench = Bench::open(Compiling::Here, cache.path(), 3).expect("an engine");
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist");
    let shipped = std::fs::read(dist.join("best_skill.wasm")).expect("`make plugins` was run");
    let text = r#"
        title = "Alike"
        run = { replications = 2, contacts = 1_500 }
        queue = [{ name = "calls" }]
        agents = [{ count = 10, queues = ["calls"] }]
        policy = [{ name = "built-in", use = "built-in" }, { name = "shipped", use = "shipped" }]
        [[contacts]]
        queue = "calls"
        arrivals = { poisson = { per_hour = 200 } }
        handle = { exponential = { mean_s = 165 } }
        patience = { exponential = { mean_s = 200 } }
    "#;
    let loaded = scenario::parse("alike.toml", text).expect("a valid scenario");
    let workshop = Workshop {
        bench: &bench,
        shipped: &shipped,
        folder: Path::new("."),
    };
    let arms = workshop.arms(&loaded.policies).expect("good policies");
    let report = on(2, &loaded.plan, &arms);
    let [built_in, shipped] = report.policies.as_slice() else {
        panic!("two policies were played");
    };
    assert_eq!(shipped.faults.mean, 0.0);
    assert_eq!(built_in.groups, shipped.groups);
    assert!(
        built_in
            .estimate(&Group::All, Figure::MeanWaitS)
            .expect("waits")
            .mean
            > 1.0
    );
}

#[test]
fn a_recorded_day_comes_out_as_it_was_under_the_same_policy() {
    let text = r#"
        title = "Recorded"
        run = { replications = 1, contacts = 600 }
        queue = [{ name = "calls" }]
        agents = [{ count = 10, queues = ["calls"], shift = { from = "00:00", to = "24:00" } }]
        [[contacts]]
        queue = "calls"
        arrivals = { poisson = { per_hour = 200 } }
        handle = { exponential = { mean_s = 165 } }
        wrap_up = { constant = { seconds = 10 } }
    "#;
    let (plan, arms) = (plan(text), [Arm::built_in()]);
    let recording = record(&plan, &arms[0], &Control::default()).expect("a short day");
    let found = what_if(
        &recording,
        plan.configuration(),
        &arms,
        2,
        &Running::default(),
        &|| {},
    )
    .expect("contacts and agents");
    let (was, again) = (&found.recorded, &found.simulated.policies[0]);
    for figure in [
        Figure::Offered,
        Figure::ServiceLevel,
        Figure::MeanWaitS,
        Figure::WaitP95S,
        Figure::AhtS,
    ] {
        let mean = |report: &hotline_simulator::PolicyReport| {
            report
                .estimate(&Group::All, figure)
                .expect("contacts were played")
                .mean
        };
        assert!(
            mean(was) > 0.0 && (mean(was) - mean(again)).abs() < 1e-9,
            "{figure:?}"
        );
    }
}

#[test]
fn a_cancelled_simulation_stops() {
    let running = Running::default();
    running.control.cancel();
    let stopped = simulate(&plan(HOUSE), &[Arm::built_in()], &running, &|| {});
    assert_eq!(stopped, Err(Stopped::Cancelled));
}

#[test]
fn the_page_about_the_simulator_has_every_figure_with_its_formula() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/simulator.md");
    let page = std::fs::read_to_string(page).expect("the page");
    for figure in Figure::ALL {
        let row = format!("| {} | {} |", figure.label(), figure.formula());
        assert!(page.contains(&row), "docs/simulator.md lacks: {row}");
    }
}

#[test]
fn the_shipped_scenarios_are_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/sim");
    for entry in std::fs::read_dir(folder).expect("examples") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
            && let Err(mistake) = scenario::load(&path)
        {
            panic!("{mistake}");
        }
    }
}

#[test]
fn a_mistake_is_told_with_file_line_and_field() {
    let rows = [
        ("count = 2", "count = \"two\""),
        ("count = 2", "count = 0"),
        ("priority = 3", "priorty = 3"),
        ("max_waiting = 2", "max_wait = 2"),
        ("queue = \"sales\"\nchannel", "queue = \"sells\"\nchannel"),
        ("skills = \"english\"", "skills = \"english >\""),
        ("mean_s = 60 }", "mean_s = -60 }"),
        ("values_s = [60, 120, 400]", "values_s = []"),
        ("contacts = 400", "contacts = 10"),
        ("contacts = 400", "contacts = 400\nhours = 2"),
        ("per_hour = 40", "per_hour = 0"),
        ("1, 1, 1, 1] } }", "1, 1, 1] } }"),
        ("share = 0.1", "share = 1.1"),
        ("english = 5", "english = 11"),
        ("[run]", "[run]\ntime_zone = \"Berlin\""),
        ("from = \"00:00\"", "from = \"25:00\""),
        ("[run]", "[run"),
        ("max_waiting = 2", "rules = { hours = \"weekdays\" }"),
        (
            "max_waiting = 2",
            "rules = { on_full = { queue = \"nowhere\" } }",
        ),
    ];
    let told: Vec<String> = rows
        .iter()
        .map(|(right, wrong)| {
            assert!(HOUSE.contains(right), "{right}");
            match scenario::parse("scenario.toml", &HOUSE.replacen(right, wrong, 1)) {
                Ok(_) => format!("{wrong} was taken"),
                Err(mistake) => mistake.to_string(),
            }
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// One agent, who is called by two customers at once; the second is promised a call.
const CALLED_BACK: &str = r#"
title = "Two at once"

[run]
replications = 40
contacts = 2

[[queue]]
name = "support"
max_waiting = 1
rules = { on_full = "callback", callback = { attempts = 2, retry_after_ms = 60_000, ring_timeout_ms = 30_000 } }

[[agents]]
count = 1
queues = ["support"]
answers_after = { constant = { seconds = 1 } }

[[contacts]]
queue = "support"
arrivals = { scheduled = { at_s = [10, 10] } }
handle = { constant = { seconds = 100 } }
answers_callback = CHANCE
"#;

#[test]
fn a_customer_who_is_promised_a_call_gets_it_from_the_next_free_agent_and_is_counted() {
    let played = |chance: &str| {
        let plan = plan(&CALLED_BACK.replace("CHANCE", chance));
        let report = on(2, &plan, &[Arm::built_in()]);
        assert_eq!(report.policies[0].violations, 0);
        report
    };
    let of_all = |report: &Report, figure| {
        let estimate = report.policies[0].estimate(&Group::All, figure);
        estimate.expect("contacts were played").mean
    };
    let always = played("1.0");
    assert!((of_all(&always, Figure::CalledBack) - 1.0).abs() < 1e-9);
    assert!((of_all(&always, Figure::Reached) - 1.0).abs() < 1e-9);
    // One waits a second for the agent's answer. The other is taken up by the agent another second
    // after those 101.
    let total = of_all(&always, Figure::TotalWaitS);
    assert!((total - (1.0 + 102.0) / 2.0).abs() < 1e-6, "{total}");

    let never = played("0.0");
    assert!((of_all(&never, Figure::CalledBack) - 1.0).abs() < 1e-9);
    assert!(of_all(&never, Figure::Reached).abs() < 1e-9);
    // Tried twice: two more visits that an agent took up, for nobody.
    assert!((of_all(&never, Figure::Answered) - 3.0).abs() < 1e-9);

    // Within four standard errors of 1 - 0.5 * 0.5.
    let half = of_all(&played("0.5"), Figure::Reached);
    assert!(
        (half - 0.75).abs() < 4.0 * (0.75f64 * 0.25 / 40.0).sqrt(),
        "{half}"
    );
}

//! Linear flows, as their callers notice them.

use super::*;
use crate::bench::{FlowBench, caller, with_surroundings};
use crate::host::{clock, random};
use crate::ivr::{InputResult, keys, queue};

/// Asks for a number of five digits, three times at most, then waits for an agent.
struct OrderLine;

impl Linear for OrderLine {
    async fn call(line: Line) -> Result<(), Fault> {
        line.answer().await;
        if let Some(order) = order(&line).await {
            line.set("order", &order).await;
        }
        let priority = i32::from(line.attribute("order").is_some());
        let place = Treatment::of(queue("support").priority(priority))
            .telling(|progress| Some(format!("You are number {}.", progress.position).into()))
            .giving_up_after_ms(300_000);
        if line.enqueue(place).await != Stay::Connected {
            line.voicemail("Leave a message.", 60_000).await;
            line.play("Goodbye.").await;
        }
        Ok(())
    }
}

async fn order(line: &Line) -> Option<String> {
    for _ in 0..3 {
        let entered = line.collect("order", keys(5).saying("Your order?")).await;
        if entered.digits.len() == 5 {
            return Some(entered.digits);
        }
        line.play("That was none.").await;
    }
    None
}

fn begun() -> FlowBench {
    let mut call = FlowBench::new(step_linear::<OrderLine>);
    call.start();
    call
}

#[test]
fn a_flow_reads_from_top_to_bottom() {
    let mut call = begun();
    call.press("12").press("12345").progress(2, None);
    assert!(call.heard().contains("You are number 2."));
    assert_eq!(call.queued(), Some("support"));
    assert!(call.transcript().contains("enqueue support priority 1"));
    call.agent("connected");
    assert!(!call.is_over(), "{}", call.transcript());
    assert_eq!(call.fault(), None);
}

#[test]
fn who_waits_too_long_leaves_a_message_and_the_flows_end_is_the_calls() {
    let mut call = begun();
    call.press("12345").timer(GIVE_UP);
    assert!(call.heard().contains("Goodbye."), "{}", call.transcript());
    assert!(call.is_over(), "{}", call.transcript());

    let mut call = begun();
    call.enqueue_outcome = "queue-full".to_owned();
    call.press_nothing().press_nothing().press_nothing();
    assert!(
        call.transcript().contains("priority 0"),
        "{}",
        call.transcript()
    );
    assert!(call.heard().contains("Leave a message."));
}

#[test]
fn a_hang_up_and_what_is_told_twice_change_nothing() {
    for keys in [&[][..], &["12"], &["12345"]] {
        let mut call = begun();
        for key in keys {
            call.press(key);
        }
        let before = call.transcript().lines().count();
        call.raw(RawEvent::Started)
            .raw(RawEvent::Done((1, "ok".to_owned())))
            .raw(RawEvent::Ext(("later".to_owned(), "{}".to_owned())));
        assert_eq!(call.transcript().lines().count(), before + 3);
        assert_eq!(call.hang_up().fault(), None);
    }
}

/// Asks for a PIN that it never sees, and has a connector look whose it is.
struct Verified;

#[derive(Debug, Serialize, Deserialize)]
struct Customer {
    tier: String,
}

impl Linear for Verified {
    async fn call(line: Line) -> Result<(), Fault> {
        line.answer().await;
        let pin = line.collect("pin", keys(4).sensitive()).await;
        let argument = std::collections::BTreeMap::from([("pin", pin.token)]);
        let wanted = LookUp::connector("crm", "verify-pin", &argument).within_ms(2_000);
        match line.look_up::<Customer>("customer", wanted).await {
            Found::Value(customer) => {
                let priority = if customer.tier == "gold" { 9 } else { 1 };
                line.enqueue(queue("support").priority(priority)).await;
            }
            Found::Nothing => drop(line.transfer_to_flow("strangers").await),
            Found::TimedOut | Found::Failed => drop(line.enqueue(queue("support")).await),
        }
        Ok(())
    }
}

#[test]
fn what_was_looked_up_is_journalled_as_it_was_read_and_the_flow_goes_on_with_it() {
    let asked = || {
        let mut call = FlowBench::new(step_linear::<Verified>);
        call.start().press_secretly(4, "keys-1");
        call
    };
    let mut call = asked();
    let notes = "x".repeat(8_000);
    call.finds(&format!(r#"{{"tier": "gold", "notes": "{notes}"}}"#));
    let looked_up = r#"look up crm verify-pin {"pin":"keys-1"} within 2000 ms"#;
    assert!(
        call.transcript().contains(looked_up),
        "{}",
        call.transcript()
    );
    assert!(call.transcript().contains("enqueue support priority 9"));
    assert!(call.state_bytes() < 1_000, "the notes are in no journal");

    let mut call = asked();
    call.finds_nothing();
    assert!(call.transcript().contains("go on in strangers"));
    for other in ["[1]", "7"] {
        let mut call = asked();
        call.finds(other);
        assert!(
            call.transcript().contains("enqueue support priority 0"),
            "what is of another shape is a failure: {}",
            call.transcript()
        );
    }
}

thread_local! {
    static READ: RefCell<Vec<(u64, u64)>> = const { RefCell::new(Vec::new()) };
}

/// Reads the clock and draws before and after each of its steps.
struct Gambler;

impl Linear for Gambler {
    async fn call(line: Line) -> Result<(), Fault> {
        let read = || (clock::now_ms(), random::below(1_000_000));
        let mut all = vec![read()];
        line.answer().await;
        all.push(read());
        line.collect("key", keys(1)).await;
        all.push(read());
        READ.set(all);
        line.collect("more", keys(1)).await;
        Ok(())
    }
}

#[test]
fn clock_and_randomness_tell_in_a_replay_what_they_told() {
    let mut state = Vec::new();
    let input = InputResult {
        action: 33,
        digits: "1".to_owned(),
        token: None,
        length: 1,
        outcome: InputOutcome::Complete,
        ext: Vec::new(),
    };
    let events = [
        RawEvent::Started,
        RawEvent::Done((1, "ok".to_owned())),
        RawEvent::Input(input),
        RawEvent::Timer("late".to_owned()),
    ];
    let mut runs = Vec::new();
    for (step, event) in (0..).zip(events) {
        // The host's own are others in each step.
        with_surroundings(|around| around.now_ms = 50_000 + step);
        state = step_linear::<Gambler>(told(event, step, state))
            .expect("it goes on")
            .state;
        runs.push(READ.take());
    }
    let (first, again) = (&runs[2], &runs[3]);
    assert_eq!(first, again);
    let times: Vec<u64> = first.iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [0, 1_000, 2_000]);
    assert!(first[0].1 != first[1].1 || first[1].1 != first[2].1);
    // Between two calls of the plugin the host's count again.
    assert_eq!(clock::now_ms(), 50_003);
}

fn told(event: RawEvent, step: u64, state: Vec<u8>) -> StepInput {
    StepInput {
        step,
        at: 1_000 * step,
        interaction: caller(),
        state,
        event,
        ext: Vec::new(),
    }
}

/// Answers, then does something else.
struct Changed;

impl Linear for Changed {
    async fn call(line: Line) -> Result<(), Fault> {
        line.answer().await;
        line.collect("customer", keys(8)).await;
        Ok(())
    }
}

/// Ends where the other one goes on.
struct Shorter;

impl Linear for Shorter {
    async fn call(line: Line) -> Result<(), Fault> {
        line.answer().await;
        Ok(())
    }
}

#[test]
fn code_that_no_longer_fits_the_journal_is_told_with_the_step() {
    let started = told(RawEvent::Started, 0, Vec::new());
    let state = step_linear::<OrderLine>(started).expect("it begins").state;
    let answered = told(RawEvent::Done((1, "ok".to_owned())), 1, state);
    let state = step_linear::<OrderLine>(answered)
        .expect("it goes on")
        .state;

    let later = || told(RawEvent::Timer("x".to_owned()), 2, state.clone());
    let fault = step_linear::<Changed>(later()).expect_err("another collect");
    assert_eq!(fault.code, "linear.journal");
    let parts = "step 2 of this call was `collect order`, but the code now does `collect customer`";
    assert!(fault.message.starts_with(parts), "{}", fault.message);
    let fault = step_linear::<Shorter>(later()).expect_err("no collect");
    assert!(fault.message.contains("nothing more"), "{}", fault.message);
    let fault = step_linear::<OrderLine>(told(RawEvent::Timer("x".to_owned()), 2, vec![9; 4]))
        .expect_err("no journal");
    assert_eq!(fault.code, "sdk.state");
}

/// Never stops asking.
struct Endless;

impl Linear for Endless {
    async fn call(line: Line) -> Result<(), Fault> {
        loop {
            line.collect("again", keys(5)).await;
        }
    }
}

/// Waits for something that no event will ever end.
struct Elsewhere;

impl Linear for Elsewhere {
    async fn call(_: Line) -> Result<(), Fault> {
        pending().await
    }
}

#[test]
fn a_journal_without_bound_and_an_await_of_something_else_are_faults() {
    let mut call = FlowBench::new(step_linear::<Endless>);
    call.start();
    for _ in 0..2_000 {
        call.press("12345");
        if call.fault().is_some() {
            break;
        }
    }
    let code = |call: &FlowBench| call.fault().map(|fault| fault.code.clone());
    assert_eq!(code(&call).as_deref(), Some("linear.journal-full"));

    let mut call = FlowBench::new(step_linear::<Elsewhere>);
    call.start();
    assert_eq!(code(&call).as_deref(), Some("linear.await"));
}

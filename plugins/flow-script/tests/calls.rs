//! Calls through scripts, as their callers would notice them, and the laws that every flow keeps.

use flow_script::FlowScript;
use flow_script::compile::check;
use hotline_sdk::bench::{FlowBench, with_surroundings};
use hotline_sdk::flow_language::Source;
use hotline_sdk::ivr::{
    InputOutcome, InputResult, LookupOutcome, LookupResult, QueueProgress, RawEvent, RawFlow,
};
use proptest::prelude::*;

const DEMO: &str = include_str!("../../../flows/demo/main.flow.yaml");

fn call(script: &str) -> FlowBench {
    let checked = check(&[Source::new("main.flow.yaml", script)]);
    let artifact = checked
        .artifact
        .unwrap_or_else(|| panic!("the script has errors: {:?}", checked.diagnostics));
    with_surroundings(|around| around.artifact = artifact);
    FlowBench::new(FlowScript::step)
}

#[test]
fn the_demo_line_from_greeting_to_agent() {
    let mut call = call(DEMO);
    call.start().press("7").press_nothing().press("1");
    call.progress(3, None).progress(1, Some(61_000));
    call.agent("connected").hang_up();
    insta::assert_snapshot!(call.transcript());
}

#[test]
fn the_demo_line_in_chinese_tells_its_hours_and_comes_back() {
    let mut call = call(DEMO);
    call.start().press("9").press("3").press("2");
    insta::assert_snapshot!(call.transcript());
}

#[test]
fn the_third_failure_goes_to_the_operator_with_priority() {
    let mut call = call(DEMO);
    call.start().press_nothing().press("5").press_nothing();
    assert_eq!(call.queued(), Some("support"));
    assert!(call.transcript().contains("enqueue support priority 5"));
    assert!(call.transcript().contains("set topic=operator"));
}

#[test]
fn zero_is_the_operator_in_every_menu() {
    let mut call = call(DEMO);
    call.start().press("9").press("0");
    assert_eq!(call.queued(), Some("support"));
    assert!(call.transcript().contains("zh-CN \"请稍候"));
}

#[test]
fn a_full_queue_ends_kindly() {
    let mut call = call(DEMO);
    call.enqueue_outcome = "queue-full".to_owned();
    call.start().press("2");
    assert!(call.is_over());
    assert!(call.heard().contains("All our lines are busy"));
}

#[test]
fn a_contact_that_speaks_chinese_is_greeted_in_chinese() {
    for tag in ["zh-CN", "zh-cn", "zh"] {
        let mut call = call(DEMO);
        call.interaction.language = Some(tag.to_owned());
        call.start();
        assert!(call.heard().starts_with("zh-CN"), "{tag}");
    }
}

const ACCOUNT: &str = r#"
nodes:
  ask:
    collect: Your account number please.
    into: account
    digits: 4-8
    wrong_key: Four to eight digits please.
    no_key: Please use the keys.
    failed: sorry
    next: tell
  tell: {say: "You are {account}, calling from {caller}.", next: gold}
  gold: {if: {account: ["12*", "99999"], caller: "+49*"}, then: vip, else: hangup}
  vip: {queue: vip, priority: 10, skills: {english: 7}, full: hangup}
  sorry: {say: Sorry., next: hangup}
"#;

#[test]
fn collected_digits_become_an_attribute_that_is_spoken_and_compared() {
    let mut call = call(ACCOUNT);
    call.start().press("12").press("1234");
    insta::assert_snapshot!(call.transcript());
}

#[test]
fn the_last_try_of_a_collect_leads_to_its_failure() {
    let mut call = call(ACCOUNT);
    call.start().press_partly("1").press_nothing().press("123");
    assert!(call.is_over());
    assert!(call.heard().ends_with("en \"Sorry.\"\n"));
}

#[test]
fn sensitive_digits_are_known_by_their_token_only() {
    let mut call = call(
        "nodes: {a: {collect: Card., into: card, digits: 16, sensitive: true, next: b, failed: hangup}, b: {queue: q, full: hangup}}",
    );
    call.start().press_secretly(16, "token-1");
    assert!(call.transcript().contains("collect 16 secret"));
    assert!(call.transcript().contains("set card=token-1"));
}

const MEMBERS: &str = r#"
nodes:
  pin:
    collect: Your PIN please.
    into: pin
    digits: 4
    sensitive: true
    failed: stranger
    next: who
  who:
    say: One moment please.
    lookup: {connector: crm, operation: verify-pin, with: {phone: "{caller}", pin: "{pin}", note: "{missing}"}}
    within: 2s
    into: {name: name, tier: fields.tier, second: 1.name, all: phones}
    next: tier
    nothing: stranger
    failed: support
  tier: {if: {tier: gold}, then: gold, else: support}
  gold: {queue: vip, say: "Hello {name}.", priority: 9, full: hangup}
  support: {queue: support, full: hangup}
  stranger: {say: We do not know you., next: hangup}
"#;

#[test]
fn what_was_looked_up_is_spoken_compared_and_chooses_the_queue() {
    let mut call = call(MEMBERS);
    call.start().press_secretly(4, "keys-1");
    call.finds(
        r#"[{"name": "Li", "fields": {"tier": "gold"}, "phones": ["1", "2"]}, {"name": "Wu"}]"#,
    );
    insta::assert_snapshot!(call.transcript());
}

#[test]
fn a_lookup_has_a_way_on_for_every_end() {
    let asked = || {
        let mut call = call(MEMBERS);
        call.start().press_secretly(4, "keys-1");
        call
    };
    let mut call = asked();
    call.finds_nothing();
    assert!(call.heard().contains("We do not know you."));
    assert!(call.is_over());
    for lost in [FlowBench::lookup_fails, FlowBench::lookup_times_out] {
        let mut call = asked();
        lost(&mut call);
        assert_eq!(call.queued(), Some("support"));
    }
    let mut call = asked();
    call.finds(r#""gold""#);
    assert_eq!(call.queued(), Some("support"), "no object, no tier");
}

#[test]
fn what_an_earlier_lookup_found_does_not_outlast_the_next() {
    let mut call = call(
        r#"
nodes:
  table: {lookup: {table: tiers, key: "{caller}"}, into: tier, next: history, failed: history}
  history: {lookup: history, into: {tier: last_queue, times: contacts_90_days}, next: say, failed: say}
  say: {say: "{tier} {times}.", next: hangup}
"#,
    );
    call.start().finds(r#""gold""#);
    assert!(
        call.transcript().contains("set tier=gold"),
        "{}",
        call.transcript()
    );
    call.finds(r#"{"last_queue": null, "contacts_90_days": 3}"#);
    assert!(call.heard().contains("\" 3.\""), "{}", call.transcript());
    assert!(
        call.transcript()
            .contains("look up table tiers +4930123456 within 5000 ms")
    );
}

#[test]
fn hours_follow_the_offset_the_weekday_and_the_holidays() {
    const HOURS: &str = r#"
utc_offset: "+08:00"
closed_on: [2026-01-06]
nodes:
  hours: {hours: {mon-fri: "09:00-18:00", sat: "22:00-02:00", sun: closed}, open: open, closed: closed}
  open: {say: Open., next: hangup}
  closed: {say: Closed., next: hangup}
"#;
    const HOUR_MS: u64 = 3_600_000;
    // Monday 10:00 UTC is 18:00 there.
    for (later_h, heard) in [
        (0, "Closed"),
        (23, "Closed"),         // Tuesday 17:00, a holiday
        (31, "Closed"),         // Wednesday 01:00
        (47, "Open"),           // Wednesday 17:00
        (5 * 24 + 4, "Open"),   // Saturday 22:00
        (5 * 24 + 7, "Open"),   // Sunday 01:00
        (5 * 24 + 8, "Closed"), // Sunday 02:00
    ] {
        let mut call = call(HOURS);
        call.later(later_h * HOUR_MS).start();
        let told = call.heard();
        assert!(told.contains(heard), "after {later_h} h: {told}");
    }
}

#[test]
fn a_refused_call_is_never_answered() {
    let mut call = call("nodes: {a: {reject: busy}}");
    call.start();
    assert_eq!(call.transcript(), "started\n  [a]\n  reject 486\n");
}

#[test]
fn a_missing_way_on_is_a_fault_for_the_safe_flow() {
    let mut call = call("nodes: {a: {queue: support}}");
    call.enqueue_outcome = "unknown-queue".to_owned();
    call.start();
    let fault = call.fault().expect("a fault");
    assert_eq!(fault.code, "script.no-way-on");
    assert!(fault.message.contains("`a`"));
}

#[test]
fn a_contact_that_its_queue_gives_back_goes_where_the_flow_says() {
    for what in ["overflowed", "timed-out", "queue-empty"] {
        let mut call = call(
            "nodes: {a: {queue: q, full: hangup, overflowed: b}, b: {queue: r, full: hangup}}",
        );
        call.start().agent(what);
        assert_eq!(call.queued(), Some("r"), "{what}");
    }
}

#[test]
fn the_picture_begins_at_the_start_and_names_every_way() {
    call(DEMO);
    let drawn = FlowScript::describe();
    assert_eq!(drawn[0].id, "greeting");
    let main = drawn
        .iter()
        .find(|node| node.id == "main")
        .expect("the menu");
    assert!(main.next.contains(&("2".to_owned(), "sales".to_owned())));
    assert!(main.next.contains(&("0".to_owned(), "operator".to_owned())));
    for node in &drawn {
        for (_, target) in &node.next {
            assert!(drawn.iter().any(|other| other.id == *target), "{target}");
        }
    }
}

/// Something that a host or a caller may do, sensible or not.
#[derive(Debug, Clone)]
enum Move {
    Press(String),
    PressNothing,
    Progress(u32),
    Agent(&'static str),
    Raw(RawEvent),
}

fn any_move() -> impl Strategy<Value = Move> {
    let key = "[0-9*#]{1,3}";
    prop_oneof![
        4 => key.prop_map(Move::Press),
        2 => Just(Move::PressNothing),
        1 => (1u32..50).prop_map(Move::Progress),
        1 => prop_oneof![Just("connected"), Just("overflowed"), Just("else")].prop_map(Move::Agent),
        2 => stray().prop_map(Move::Raw),
    ]
}

/// Events that nobody waits for: of unknown actions, doubled, of a later host.
fn stray() -> impl Strategy<Value = RawEvent> {
    prop_oneof![
        Just(RawEvent::Started),
        (900_000u32.., "[a-z-]{0,12}").prop_map(RawEvent::Done),
        Just(RawEvent::Input(InputResult {
            action: 999_999,
            digits: "1".to_owned(),
            token: None,
            length: 1,
            outcome: InputOutcome::Complete,
            ext: Vec::new(),
        })),
        Just(RawEvent::LookedUp(LookupResult {
            action: 999_999,
            outcome: LookupOutcome::Found,
            value: "[1]".to_owned(),
            ext: Vec::new(),
        })),
        "[a-z]{0,9}".prop_map(RawEvent::Timer),
        Just(RawEvent::Progress(QueueProgress {
            queue: "another".to_owned(),
            position: 0,
            expected_wait_ms: Some(u64::MAX),
            waited_ms: 0,
            ext: Vec::new(),
        })),
        ("[a-z.]{0,9}", "[{}a-z\"]{0,9}").prop_map(RawEvent::Ext),
    ]
}

fn play(call: &mut FlowBench, made: &Move) {
    match made {
        Move::Press(keys) => call.press(keys),
        Move::PressNothing => call.press_nothing(),
        Move::Progress(position) => call.progress(*position, Some(30_000)),
        Move::Agent(what) => call.agent(what),
        Move::Raw(event) => call.raw(event.clone()),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// The bench itself checks determinism (each step twice) and hands over nothing but the state.
    #[test]
    fn whatever_happens_the_flow_never_faults_and_ends_cleanly(moves in prop::collection::vec(any_move(), 0..20)) {
        let mut call = call(DEMO);
        call.start();
        for made in &moves {
            play(&mut call, made);
            prop_assert!(call.fault().is_none(), "{}", call.transcript());
            prop_assert!(call.state_bytes() <= 64);
        }
        call.hang_up();
        prop_assert!(call.fault().is_none());
        prop_assert!(call.is_over());
    }

    #[test]
    fn events_that_nobody_waits_for_change_nothing(
        keys in prop::collection::vec("[0-9]", 0..4),
        strays in prop::collection::vec(stray(), 1..4),
    ) {
        let mut plain = call(DEMO);
        plain.start();
        let mut disturbed = call(DEMO);
        disturbed.start();
        for key in &keys {
            plain.press(key);
            for event in &strays {
                // A progress of another queue is still a progress while queued.
                if !matches!(event, RawEvent::Progress(_)) || disturbed.queued().is_none() {
                    disturbed.raw(event.clone());
                }
            }
            disturbed.press(key);
        }
        prop_assert_eq!(plain.heard(), disturbed.heard());
        prop_assert_eq!(plain.queued(), disturbed.queued());
    }

    #[test]
    fn foreign_bytes_are_a_fault_and_not_a_panic(artifact in prop::collection::vec(any::<u8>(), 0..200)) {
        with_surroundings(|around| around.artifact = artifact);
        let mut call = FlowBench::new(FlowScript::step);
        call.start();
        prop_assert!(call.fault().is_some());
        prop_assert!(FlowScript::describe().is_empty());
    }

    #[test]
    fn any_text_is_checked_without_a_panic(text in "(nodes:|a:|say:|menu:|keys:|[ \n{}\\[\\]:,\"'*&!|>#%@-]|[a-z0-9é中]){0,80}") {
        check(&[Source::new("main.flow.yaml", text)]);
    }
}

const WAITING: &str = r#"
nodes:
  start: {set: {last_agent: ag_00000000000000000000000001}, goto: wait}
  wait:
    queue: support
    skills: german >= 3 and (cards or loans)
    preferred: {agent: "{last_agent}", wait: 20s}
    announce: You are number {position}. To be called back, press 1. To leave a message, press 2.
    keys: {1: call_me, 2: message}
    full: message
  call_me: {callback: "", say: We call you back., refused: message}
  message: {voicemail: Please leave a message., longest: 90s, next: hangup, failed: hangup}
"#;

#[test]
fn a_queued_caller_asks_to_be_called_back_or_leaves_a_message() {
    let mut back = call(WAITING);
    back.start().progress(3, None).press("1");
    insta::assert_snapshot!("called_back_keeping_the_place", back.transcript());
    let mut message = call(WAITING);
    message.wish_outcome = "refused".to_owned();
    message.start().progress(3, None).press("9");
    message.progress(2, None).press("1");
    insta::assert_snapshot!("a_refused_callback_becomes_a_message", message.transcript());
}

#[test]
fn a_preference_that_is_no_agent_is_noted_and_the_caller_queues_all_the_same() {
    let odd = WAITING.replace("ag_00000000000000000000000001", "somebody");
    let mut call = call(&odd);
    call.start();
    assert_eq!(call.queued(), Some("support"));
    assert!(call.transcript().contains("[preferred: no agent's id]"));
    assert!(!call.transcript().contains("preferred somebody"));
}

//! What queues do besides lining up: hours, limits, empty queues, places kept.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn a_closed_queue_tells_the_flow_and_opens_by_itself() {
    // The stories begin on a Thursday at 00:16:40 UTC.
    assert_snapshot!(play("
        calendar office in UTC, thu 00:20-18:00
        queue support opens office
        at 0s the wallboard shows support
        at 1s call a1 to 100
        flow says enqueue support
        flow says reject 480
        at 200s call b1 to 100
        flow says enqueue support
        at 201s the wallboard shows support
    "), @r#"
      0s  support: closed until 200s; refused 0 full, 0 closed, 0 empty, 0 timed out
      1s  a1: calls 100
      1s  a1: flow told started, says enqueue support
      1s  a1: is refused by support: queue-closed
      1s  a1: flow told done 1: queue-closed, says reject with 480
      1s  a1: is over, flow_rejected, nobody
            -> refuse a1 with 480
            -> forget a1
    200s  b1: calls 100
    200s  b1: flow told started, says enqueue support
    200s  b1: is answered
    200s  b1: is recorded
    200s  b1: enters support
            -> answer b1
            -> start recording b1
    200s  b1: flow told done 1: queued
            -> play music to b1
    201s  support: open until 63800s; refused 0 full, 1 closed, 0 empty, 0 timed out
    "#);
}

#[test]
fn who_waits_when_a_queue_closes_stays_and_a_holiday_closes_it_for_the_next() {
    assert_snapshot!(play("
        calendar office in UTC, thu 00:00-24:00
        queue support opens office
        agent ana serves support
        at 0s ana pauses for lunch
        at 1s call a1 to 100
        flow says enqueue support
        calendar office in UTC, thu 00:00-24:00, 1970-01-01 closed
        at 2s the set-up changes
        at 3s call b1 to 100
        flow says enqueue support
        flow says reject 480
        at 4s ana is ready
        at 5s ana accepts
    "), @r#"
    0s  ana: paused (lunch)
    1s  a1: calls 100
    1s  a1: flow told started, says enqueue support
    1s  a1: is answered
    1s  a1: is recorded
    1s  a1: enters support
          -> answer a1
          -> start recording a1
    1s  a1: flow told done 1: queued
          -> play music to a1
    3s  b1: calls 100
    3s  b1: flow told started, says enqueue support
    3s  b1: is refused by support: queue-closed
    3s  b1: flow told done 1: queue-closed, says reject with 480
    3s  b1: is over, flow_rejected, nobody
          -> refuse b1 with 480
          -> forget b1
    4s  ana: ready
    4s  a1 & ana: goes to ana of [ana] without []: as told
    4s  a1 & ana: rings
    4s  ana: offered
    5s  a1 & ana: rang for 1000 ms, Accepted
    5s  a1: leaves support after 4000 ms, Answered
    5s  a1 & ana: talk
    5s  ana: talking
          -> bridge a1 and ana's browser
    5s  a1: flow told agent connected
    "#);
}

#[test]
fn a_calendar_that_is_not_there_closes_nothing_and_is_shown() {
    assert_snapshot!(play("
        queue support opens sundays
        at 0s call a1 to 100
        flow says enqueue support
        at 1s the wallboard shows support
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says enqueue support
    0s  a1: is answered
    0s  a1: is recorded
    0s  a1: enters support
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: queued
          -> play music to a1
    1s  support: open, as there is no calendar "sundays"; refused 0 full, 0 closed, 0 empty, 0 timed out
    "#);
}

#[test]
fn a_refused_caller_goes_where_the_rules_say_and_not_in_circles() {
    assert_snapshot!(play("
        queue support holds 1
        queue sales holds 1
        queue vip holds 0
        queue support when full to sales
        queue sales when full to vip
        queue vip when full to support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s call b1 to 100
        flow says enqueue support
        at 2s call c1 to 100
        flow says enqueue support
        flow says hang up
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says enqueue support
    0s  a1: is answered
    0s  a1: is recorded
    0s  a1: enters support
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: queued
          -> play music to a1
    1s  b1: calls 100
    1s  b1: flow told started, says enqueue support
    1s  b1: is refused by support: queue-full
    1s  b1: is answered
    1s  b1: is recorded
    1s  b1: enters sales
          -> answer b1
          -> start recording b1
    1s  b1: flow told done 1: queued
          -> play music to b1
    2s  c1: calls 100
    2s  c1: flow told started, says enqueue support
    2s  c1: is refused by support: queue-full
    2s  c1: is refused by sales: queue-full
    2s  c1: is refused by vip: queue-full
    2s  c1: flow told done 1: queue-full, says hang up
    2s  c1: is over, flow_hung_up, nobody
          -> refuse c1 with 480
          -> forget c1
    "#);
}

#[test]
fn a_rule_may_hang_up_before_the_call_is_answered() {
    assert_snapshot!(play("
        calendar office in UTC, thu 09:00-18:00
        queue support opens office, when closed hang up
        at 0s call a1 to 100
        flow says enqueue support
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says enqueue support
    0s  a1: is refused by support: queue-closed
    0s  a1: is over, turned_away, us
          -> refuse a1 with 480
    0s  a1: flow told hang-up: turned_away
          -> forget a1
    "#);
}

#[test]
fn outside_business_hours_a_message_is_taken_for_the_queue() {
    assert_snapshot!(play("
        calendar office in UTC, thu 09:00-18:00
        queue support opens office, when closed take message
        at 0s call a1 to 100
        flow says enqueue support
        at 5s a1 hears it all
        at 9s a1 hangs up
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says enqueue support
    0s  a1: is refused by support: queue-closed
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
          -> play to a1: We can not take your call right now. Please leave a message after the tone, and press the hash key when you are done. (en), a tone (en)
    5s  a1: speaks a message
          -> stop recording
          -> start recording a1
    9s  a1: leg ended, caller_hung_up
    9s  a1: left a message of 4000 ms
    9s  a1's task: is created
    9s  a1's task: has [("voicemail", "ct_000000ygj009x62z926ykckhzm")]
    9s  a1's task: enters support
    9s  a1: is over, caller_hung_up, caller
          -> stop recording
    9s  a1: flow told hang-up: caller_hung_up
          -> forget a1
    "#);
}

/// Asterisk's `app_queue`.
#[test]
fn all_agents_paused_nobody_rings_and_the_caller_leaves_at_the_time_out() {
    assert_snapshot!(play("
        queue support waits 30s
        agent ana serves support
        agent ben serves support
        at 0s ana pauses for lunch
        at 0s ben pauses for lunch
        at 1s call a1 to 100
        flow says enqueue support
        at 30s nothing happens
        at 31s nothing happens
        flow says play Sorry, hang up
    "), @r#"
     0s  ana: paused (lunch)
     0s  ben: paused (lunch)
     1s  a1: calls 100
     1s  a1: flow told started, says enqueue support
     1s  a1: is answered
     1s  a1: is recorded
     1s  a1: enters support
           -> answer a1
           -> start recording a1
     1s  a1: flow told done 1: queued
           -> play music to a1
    31s  a1: is refused by support: timed-out
    31s  a1: leaves support after 30000 ms, Refused
           -> stop playing to a1
    31s  a1: flow told agent timed-out, says play “Sorry”, hang up
           -> play to a1: Sorry (en)
    "#);
}

/// Asterisk's `app_queue`.
#[test]
fn wrap_up_is_honoured_across_all_queues_of_a_shared_agent() {
    assert_snapshot!(play("
        queue support wraps up 30s
        queue sales
        agent ana serves support, sales
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 2s call b1 to 100
        flow says enqueue sales
        at 10s a1 hangs up
        at 39s nothing happens
        at 40s ana accepts
    "), @r#"
     0s  a1: calls 100
     0s  a1: flow told started, says enqueue support
     0s  a1: is answered
     0s  a1: is recorded
     0s  a1: enters support
           -> answer a1
           -> start recording a1
     0s  a1: flow told done 1: queued
           -> play music to a1
     0s  a1 & ana: goes to ana of [ana] without []: as told
     0s  a1 & ana: rings
     0s  ana: offered
     1s  a1 & ana: rang for 1000 ms, Accepted
     1s  a1: leaves support after 1000 ms, Answered
     1s  a1 & ana: talk
     1s  ana: talking
           -> bridge a1 and ana's browser
     1s  a1: flow told agent connected
     2s  b1: calls 100
     2s  b1: flow told started, says enqueue sales
     2s  b1: is answered
     2s  b1: is recorded
     2s  b1: enters sales
           -> answer b1
           -> start recording b1
     2s  b1: flow told done 1: queued
           -> play music to b1
    10s  a1: leg ended, caller_hung_up
    10s  a1 & ana: talked for 9000 ms
    10s  ana: wrap up
    10s  a1: is over, caller_hung_up, caller
           -> stop recording
           -> part a1 and ana's browser
    10s  a1: flow told hang-up: caller_hung_up
           -> forget a1
    40s  a1 & ana: wrapped up in 30000 ms, no disposition
    40s  ana: ready
    40s  b1 & ana: goes to ana of [ana] without []: as told
    40s  b1 & ana: rings
    40s  ana: offered
    40s  b1 & ana: rang for 0 ms, Accepted
    40s  b1: leaves sales after 38000 ms, Answered
    40s  b1 & ana: talk
    40s  ana: talking
           -> bridge b1 and ana's browser
    40s  b1: flow told agent connected
    "#);
}

#[test]
fn an_offer_that_rings_at_the_time_out_rings_to_its_end() {
    assert_snapshot!(play("
        queue support waits 10s, rings 20s
        queue later
        queue support when over to later
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 10s nothing happens
        at 15s ana rejects
    "), @r#"
     0s  a1: calls 100
     0s  a1: flow told started, says enqueue support
     0s  a1: is answered
     0s  a1: is recorded
     0s  a1: enters support
           -> answer a1
           -> start recording a1
     0s  a1: flow told done 1: queued
           -> play music to a1
     0s  a1 & ana: goes to ana of [ana] without []: as told
     0s  a1 & ana: rings
     0s  ana: offered
    15s  a1 & ana: rang for 15000 ms, Rejected
    15s  ana: ready
    15s  a1: is refused by support: timed-out
    15s  a1: leaves support after 15000 ms, Overflowed
    15s  a1: enters later
           -> stop playing to a1
           -> play music to a1
    "#);
}

#[test]
fn rules_that_change_hold_at_once_for_those_who_wait_and_log_nobody_out() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s ana pauses for lunch
        at 1s call a1 to 100
        flow says enqueue support
        queue support waits 5s
        at 3s the set-up changes
        at 6s nothing happens
        flow says enqueue support
        queue support loses them when paused
        at 8s the set-up changes
        flow says play Bye
        at 9s ana is ready
    "), @r#"
    0s  ana: paused (lunch)
    1s  a1: calls 100
    1s  a1: flow told started, says enqueue support
    1s  a1: is answered
    1s  a1: is recorded
    1s  a1: enters support
          -> answer a1
          -> start recording a1
    1s  a1: flow told done 1: queued
          -> play music to a1
    6s  a1: is refused by support: timed-out
    6s  a1: leaves support after 5000 ms, Refused
          -> stop playing to a1
    6s  a1: flow told agent timed-out, says enqueue support
    6s  a1: enters support
    6s  a1: flow told done 1: queued
          -> play music to a1
    8s  a1: is refused by support: queue-empty
    8s  a1: leaves support after 2000 ms, Refused
          -> stop playing to a1
    8s  a1: flow told agent queue-empty, says play “Bye”
          -> play to a1: Bye (en)
    9s  ana: ready
    "#);
}

/// FreeSWITCH's `mod_callcenter`.
#[test]
fn a_caller_who_hangs_up_and_calls_again_within_the_window_keeps_the_place() {
    assert_snapshot!(play("
        queue support keeps places 60s
        agent ana serves support
        at 0s ana pauses for lunch
        at 1s call a1 to 100 from 111
        flow says enqueue support
        at 2s call b1 to 100 from 222
        flow says enqueue support
        at 10s a1 hangs up
        at 40s call a2 to 100 from 111
        flow says enqueue support
        at 41s ana is ready
        at 42s ana accepts
        at 50s a2 hangs up
        at 51s b1 hangs up
        at 112s call b2 to 100 from 222
        flow says enqueue support
    "), @r#"
      0s  ana: paused (lunch)
      1s  a1: calls 100
      1s  a1: flow told started, says enqueue support
      1s  a1: is answered
      1s  a1: is recorded
      1s  a1: enters support
            -> answer a1
            -> start recording a1
      1s  a1: flow told done 1: queued
            -> play music to a1
      2s  b1: calls 100
      2s  b1: flow told started, says enqueue support
      2s  b1: is answered
      2s  b1: is recorded
      2s  b1: enters support
            -> answer b1
            -> start recording b1
      2s  b1: flow told done 1: queued
            -> play music to b1
     10s  a1: leg ended, caller_hung_up
     10s  a1: leaves support after 9000 ms, Abandoned
     10s  a1: is over, caller_hung_up, caller
            -> stop recording
     10s  a1: flow told hang-up: caller_hung_up
            -> forget a1
     40s  a2: calls 100
     40s  a2: flow told started, says enqueue support
     40s  a2: is answered
     40s  a2: is recorded
     40s  a2: enters support, in the place kept since 1s
            -> answer a2
            -> start recording a2
     40s  a2: flow told done 1: queued
            -> play music to a2
     41s  ana: ready
     41s  a2 & ana: goes to ana of [ana] without []: as told
     41s  a2 & ana: rings
     41s  ana: offered
     42s  a2 & ana: rang for 1000 ms, Accepted
     42s  a2: leaves support after 2000 ms, Answered
     42s  a2 & ana: talk
     42s  ana: talking
            -> bridge a2 and ana's browser
     42s  a2: flow told agent connected
     50s  a2: leg ended, caller_hung_up
     50s  a2 & ana: talked for 8000 ms
     50s  ana: wrap up
     50s  a2 & ana: wrapped up in 0 ms, no disposition
     50s  ana: ready
     50s  a2: is over, caller_hung_up, caller
            -> stop recording
            -> part a2 and ana's browser
     50s  a2: flow told hang-up: caller_hung_up
            -> forget a2
     50s  b1 & ana: goes to ana of [ana] without []: as told
     50s  b1 & ana: rings
     50s  ana: offered
     51s  b1: leg ended, caller_hung_up
     51s  b1 & ana: rang for 1000 ms, Abandoned
     51s  ana: ready
     51s  b1: leaves support after 49000 ms, Abandoned
     51s  b1: is over, caller_hung_up, caller
            -> stop recording
     51s  b1: flow told hang-up: caller_hung_up
            -> forget b1
    112s  b2: calls 100
    112s  b2: flow told started, says enqueue support
    112s  b2: is answered
    112s  b2: is recorded
    112s  b2: enters support
            -> answer b2
            -> start recording b2
    112s  b2: flow told done 1: queued
            -> play music to b2
    112s  b2 & ana: goes to ana of [ana] without []: as told
    112s  b2 & ana: rings
    112s  ana: offered
    "#);
}

/// How the only agent comes under each of Asterisk's conditions at 10 s (or, for a device that stays
/// away, at 40 s), in words of the story. `z9` is a caller of another queue.
const CONDITIONS: [(&str, &str); 8] = [
    ("paused", "at 10s ana pauses for lunch"),
    (
        "penalty",
        "agent ana serves support, other with english 1
         at 10s the set-up changes",
    ),
    (
        "inuse",
        "at 10s call z9 to 100
         flow says enqueue other
         at 10s ana accepts",
    ),
    (
        "ringing",
        "at 10s call z9 to 100
         flow says enqueue other",
    ),
    ("unavailable", "at 10s ana loses the browser"),
    ("invalid", "at 10s ana signs out"),
    ("unknown", "at 10s ana loses the browser"),
    (
        "wrapup",
        "at 9s call z9 to 100
         flow says enqueue other
         at 9s ana accepts
         at 10s z9 hangs up",
    ),
];

/// The conditions that an agent passes through on the way to one.
fn before(word: &str) -> &'static [&'static str] {
    match word {
        "inuse" => &["ringing"],
        "wrapup" => &["ringing", "inuse"],
        "unavailable" => &["unknown"],
        _ => &[],
    }
}

/// All but one, and but skill, which goes without saying until it is asked for.
fn but(word: &str) -> String {
    let others = CONDITIONS.iter().map(|(other, _)| *other);
    let others: Vec<&str> = others
        .filter(|other| ![word, "penalty"].contains(other) && !before(word).contains(other))
        .collect();
    others.join(" ")
}

/// When each of the conditions is true.
fn since(word: &str) -> u32 {
    if word == "unavailable" { 40 } else { 10 }
}

/// Asterisk's `joinempty`.
#[test]
fn each_of_the_eight_conditions_refuses_whoever_would_join_and_no_other_does() {
    for (word, comes_about) in CONDITIONS {
        let at = since(word);
        let story = |words: &str| {
            play(&format!(
                "queue support needs english 4, refuses when {words}
                 queue other wraps up 60s
                 agent ana serves support, other with english 5
                 {comes_about}
                 at {at}s call a1 to 100
                 flow says enqueue support"
            ))
        };
        let refused = format!("{at}s  a1: is refused by support: queue-empty");
        let told = story(word);
        assert!(told.contains(&refused), "{word}: {told}");
        let told = story(&but(word));
        assert!(told.contains("a1: enters support"), "not {word}: {told}");
    }
}

/// Asterisk's `leavewhenempty`.
#[test]
fn each_of_the_eight_conditions_lets_whoever_waits_leave_when_it_becomes_true() {
    for (word, comes_about) in CONDITIONS {
        let at = since(word);
        // There is somebody to wait for, to whom nothing is offered meanwhile.
        let (english, meanwhile) = match word {
            "penalty" => (5, "routing says keep 60s"),
            _ => (1, ""),
        };
        let story = |words: &str| {
            play(&format!(
                "queue support needs english 4, loses them when {words}
                 queue other wraps up 60s
                 agent ana serves support, other with english {english}
                 at 0s call a1 to 100
                 flow says enqueue support
                 {meanwhile}
                 {comes_about}
                 at {at}s nothing happens"
            ))
        };
        let left = format!("{at}s  a1: is refused by support: queue-empty");
        let told = story(word);
        assert!(told.contains(&left), "{word}: {told}");
        let told = story(&but(word));
        assert!(!told.contains("a1: is refused"), "not {word}: {told}");
    }
}

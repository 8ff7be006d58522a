//! What a flow does to its caller, and what becomes of the caller when it fails.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn a_broken_flow_apologises_in_the_tenants_language_and_queues() {
    assert_snapshot!(play("
        queue support
        default queue support
        language zh-CN
        agent ana serves support
        at 0s call a1 to 100
        flow fails
        at 5s a1 hears it all
        at 7s ana accepts
        at 9s a1 hangs up
    "), @r#"
    0s  a1: calls 100
    0s  a1: plugin main failed (Trapped: unreachable)
    0s  a1: enters the safe flow
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
          -> play to a1: 很抱歉，我们的系统出现了问题。请不要挂机，我们马上为您转接。 (zh-CN)
    5s  a1: enters support
          -> play music to a1
    5s  a1 & ana: goes to ana of [ana] without []: as told
    5s  a1 & ana: rings
    5s  ana: offered
    7s  a1 & ana: rang for 2000 ms, Accepted
    7s  a1: leaves support after 2000 ms, Answered
    7s  a1 & ana: talk
    7s  ana: talking
          -> bridge a1 and ana's browser
    9s  a1: leg ended, caller_hung_up
    9s  a1 & ana: talked for 2000 ms
    9s  ana: wrap up
    9s  a1 & ana: wrapped up in 0 ms, no disposition
    9s  ana: ready
    9s  a1: is over, caller_hung_up, caller
          -> stop recording
          -> part a1 and ana's browser
          -> forget a1
    "#);
}

#[test]
fn a_silent_flow_without_a_default_queue_says_goodbye() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow is silent
        at 4s a1 hears it all
    "), @r#"
    0s  a1: calls 100
    3s  a1: plugin main failed (TimedOut: no answer within 3000 ms)
    3s  a1: enters the safe flow
    3s  a1: is answered
    3s  a1: is recorded
          -> answer a1
          -> start recording a1
          -> play to a1: We are sorry, something went wrong on our side. Please call again later. Goodbye. (en)
    4s  a1: is over, internal_error, us
          -> stop recording
          -> hang up a1, internal_error
          -> forget a1
    "#);
}

#[test]
fn a_flow_that_waits_for_nothing_is_a_fault() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says answer
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says answer
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: ok
    0s  a1: plugin main failed (Nonsense: the flow left its caller with nothing running and nothing to wait for)
    0s  a1: enters the safe flow
          -> play to a1: We are sorry, something went wrong on our side. Please call again later. Goodbye. (en)
    "#);
}

#[test]
fn secret_keys_pause_the_recording_and_stay_secret() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says answer, secretly collect 8
        at 3s a1 presses 4711#
        flow says timer later 60s
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says answer, secretly collect up to 8 keys after “press”
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: ok
          -> pause recording
          -> play to a1: press (en)
          -> stop playing to a1
    3s  a1: pressed 4 keys in secret (Complete)
          -> keep [4 keys] of a1
          -> resume recording
    3s  a1: flow told input 2: complete, 4 keys, says start timer later of 60000 ms
    3s  a1: flow told done 1: ok
    "#);
}

#[test]
fn a_lookup_goes_on_beside_what_the_caller_hears_and_is_answered_once() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says answer, look up tiers within 5s, play wait
        at 1s the lookup finds \"gold\"
        flow says enqueue support with priority 7
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says answer, look up table tiers within 5000 ms, play “wait”
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: ok
          -> look up table tiers for a1
          -> play to a1: wait (en)
    1s  a1: looked up table tiers: found after 1000 ms
    1s  a1: flow told looked up 2: found, says enqueue support with priority 7
    1s  a1: enters support with priority 7
          -> stop playing to a1
    1s  a1: flow told done 1: queued
          -> play music to a1
    "#);
}

#[test]
fn a_lookup_that_takes_too_long_is_told_and_its_answer_is_dropped() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says look up tiers within 2s
        at 3s the lookup finds \"gold\"
        flow says enqueue support
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says look up table tiers within 2000 ms
          -> look up table tiers for a1
    2s  a1: looked up table tiers: timed_out after 2000 ms
    2s  a1: flow told looked up 1: timed_out, says enqueue support
    2s  a1: is answered
    2s  a1: is recorded
    2s  a1: enters support
          -> answer a1
          -> start recording a1
    2s  a1: flow told done 1: queued
          -> play music to a1
    "#);
}

#[test]
fn who_hangs_up_is_looked_up_for_no_longer() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says answer, look up tiers within 5s
        at 1s a1 hangs up
        at 2s the lookup finds \"gold\"
        at 9s nothing happens
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says answer, look up table tiers within 5000 ms
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: ok
          -> look up table tiers for a1
    1s  a1: leg ended, caller_hung_up
    1s  a1: is over, caller_hung_up, caller
          -> stop recording
    1s  a1: flow told hang-up: caller_hung_up
          -> forget a1
    "#);
}

#[test]
fn a_flow_has_four_lookups_open_and_a_failed_one_says_why() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says look up a within 5s, look up b within 5s, look up c within 5s, look up d within 5s, look up e within 5s
        at 1s the lookup fails: no such table
        flow says hang up
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says look up table a within 5000 ms, look up table b within 5000 ms, look up table c within 5000 ms, look up table d within 5000 ms, look up table e within 5000 ms
    0s  a1: looked up table e: failed after 0 ms (4 lookups of this contact are open already)
          -> look up table a for a1
          -> look up table b for a1
          -> look up table c for a1
          -> look up table d for a1
    0s  a1: flow told looked up 5: failed
    1s  a1: looked up table a: failed after 1000 ms (no such table)
    1s  a1: flow told looked up 1: failed, says hang up
    1s  a1: is over, flow_hung_up, nobody
          -> refuse a1 with 480
          -> forget a1
    "#);
}

#[test]
fn a_flow_hands_its_caller_on_to_another_one() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says go on in bot
        flow says enqueue support
        at 1s nothing happens
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says go on in bot
    0s  a1: flow told started, says enqueue support
    0s  a1: is answered
    0s  a1: is recorded
    0s  a1: enters support
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: queued
          -> play music to a1
    "#);
}

#[test]
fn nobody_is_handed_on_without_end() {
    let on = "flow says go on in bot\n".repeat(20);
    let told = play(&format!("queue support\nat 0s call a1 to 100\n{on}"));
    assert!(told.contains("flow told done 1: refused"), "{told}");
}

#[test]
fn time_outs_count_from_the_end_of_the_prompts_and_between_keys() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says answer, collect 4
        at 30s a1 hears it all
        at 40s nothing happens
        flow says collect 4
        at 50s a1 presses 7
        at 53s nothing happens
        flow says hang up
    "), @r#"
     0s  a1: calls 100
     0s  a1: flow told started, says answer, collect up to 4 keys after “press”
     0s  a1: is answered
     0s  a1: is recorded
           -> answer a1
           -> start recording a1
     0s  a1: flow told done 1: ok
           -> play to a1: press (en)
    35s  a1: pressed "" (NoInput)
    35s  a1: flow told input 2: no input, 0 keys, says collect up to 4 keys after “press”
           -> play to a1: press (en)
           -> stop playing to a1
    52s  a1: pressed "7" (Partial)
    52s  a1: flow told input 1: partial, 1 keys, says hang up
    52s  a1: is over, flow_hung_up, nobody
           -> stop recording
           -> hang up a1, flow_hung_up
           -> forget a1
    "#);
}

#[test]
fn the_hang_up_is_told_after_the_step_under_way_and_before_all_else() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says answer, timer soon 1s
        at 1s nothing happens
        flow is silent
        at 2s a1 hangs up
        at 9s nothing happens
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says answer, start timer soon of 1000 ms
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: ok
    0s  a1: flow told done 2: ok
    2s  a1: leg ended, caller_hung_up
    2s  a1: is over, caller_hung_up, caller
          -> stop recording
    4s  a1: plugin main failed (TimedOut: no answer within 3000 ms)
          -> forget a1
    "#);
}

#[test]
fn a_key_stops_the_prompts_and_what_comes_after_the_collect_is_nobodys() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says answer, collect 2
        at 1s a1 presses 1
        at 4s nothing happens
        flow says play Thanks
        at 5s a1 presses 7
        at 6s a1 hears it all
        flow says hang up
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says answer, collect up to 2 keys after “press”
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: ok
          -> play to a1: press (en)
          -> stop playing to a1
    3s  a1: pressed "1" (Partial)
    3s  a1: flow told input 2: partial, 1 keys, says play “Thanks”
          -> play to a1: Thanks (en)
    6s  a1: flow told done 1: ok, says hang up
    6s  a1: is over, flow_hung_up, nobody
          -> stop recording
          -> hang up a1, flow_hung_up
          -> forget a1
    "#);
}

#[test]
fn a_waiting_caller_leaves_a_message_and_ends_it_by_a_key() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says enqueue support, timer long 10s
        at 10s nothing happens
        flow says voicemail, hang up
        at 15s a1 hears it all
        at 22s a1 presses #
        flow says hang up
    "), @r#"
     0s  a1: calls 100
     0s  a1: flow told started, says enqueue support, start timer long of 10000 ms
     0s  a1: is answered
     0s  a1: is recorded
     0s  a1: enters support
           -> answer a1
           -> start recording a1
     0s  a1: flow told done 1: queued
     0s  a1: flow told done 2: ok
           -> play music to a1
    10s  a1: flow told timer long, says take a message after “speak”, hang up
    10s  a1: leaves support after 10000 ms, Voicemail
           -> stop playing to a1
           -> play to a1: speak (en), a tone (en)
    15s  a1: speaks a message
           -> stop recording
           -> start recording a1
    22s  a1: left a message of 7000 ms
    22s  a1's task: is created
    22s  a1's task: has [("voicemail", "ct_000000ygj009x62z926ykckhzm")]
    22s  a1's task: enters support
           -> stop recording
    22s  a1: flow told done 1: ok, says hang up
    22s  a1: is over, flow_hung_up, nobody
           -> hang up a1, flow_hung_up
           -> forget a1
    "#);
}

#[test]
fn a_message_whose_speaker_hangs_up_is_kept_and_a_word_too_short_is_not() {
    assert_snapshot!(play("
        queue support
        at 0s call a1 to 100
        flow says voicemail
        at 4s a1 hears it all
        at 9s a1 hangs up
        at 20s call b2 to 100
        flow says voicemail
        at 24s b2 hears it all
        at 24500ms b2 hangs up
    "), @r#"
       0s  a1: calls 100
       0s  a1: flow told started, says take a message after “speak”
       0s  a1: is answered
       0s  a1: is recorded
             -> answer a1
             -> start recording a1
             -> play to a1: speak (en), a tone (en)
       4s  a1: speaks a message
             -> stop recording
             -> start recording a1
       9s  a1: leg ended, caller_hung_up
       9s  a1: left a message of 5000 ms
       9s  a1: is over, caller_hung_up, caller
             -> stop recording
       9s  a1: flow told hang-up: caller_hung_up
             -> forget a1
      20s  b2: calls 100
      20s  b2: flow told started, says take a message after “speak”
      20s  b2: is answered
      20s  b2: is recorded
             -> answer b2
             -> start recording b2
             -> play to b2: speak (en), a tone (en)
      24s  b2: speaks a message
             -> stop recording
             -> start recording b2
    24.5s  b2: leg ended, caller_hung_up
    24.5s  b2: is over, caller_hung_up, caller
             -> stop recording
    24.5s  b2: flow told hang-up: caller_hung_up
             -> forget b2
    "#);
}

//! Virtual hold: who is called back, with which place, and what happens when nobody answers.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn a_callback_keeps_the_callers_place_and_is_called_when_an_agent_has_accepted() {
    assert_snapshot!(play("
        queue support calls back 2 times every 60s
        agent ana serves support
        at 0s ana pauses for lunch
        at 0s call a1 to 100 from 4930111
        flow says enqueue support, timer ask 20s
        at 10s call b2 to 100 from 4930222
        flow says enqueue support
        at 20s nothing happens
        flow says callback
        at 30s ana is ready
        at 32s ana accepts
        at 40s the customer answers
        at 60s ana hangs up
    "), @r#"
     0s  ana: paused (lunch)
     0s  a1: calls 100
     0s  a1: flow told started, says enqueue support, start timer ask of 20000 ms
     0s  a1: is answered
     0s  a1: is recorded
     0s  a1: enters support
           -> answer a1
           -> start recording a1
     0s  a1: flow told done 1: queued
     0s  a1: flow told done 2: ok
           -> play music to a1
    10s  b2: calls 100
    10s  b2: flow told started, says enqueue support
    10s  b2: is answered
    10s  b2: is recorded
    10s  b2: enters support
           -> answer b2
           -> start recording b2
    10s  b2: flow told done 1: queued
           -> play music to b2
    20s  a1: flow told timer ask, says call back
    20s  a1: will be called back
    20s  a1: leaves support after 20000 ms, Callback
    20s  a1's callback: is created
    20s  a1's callback: enters support, in the place kept since 0s
    20s  a1: is over, callback_booked, nobody
           -> stop playing to a1
           -> stop recording
           -> hang up a1, callback_booked
    20s  a1: flow told hang-up: callback_booked
           -> forget a1
    30s  ana: ready
    30s  a1's callback & ana: goes to ana of [ana] without []: as told
    30s  a1's callback & ana: rings
    30s  ana: offered
    32s  a1's callback & ana: rang for 2000 ms, Accepted
    32s  a1's callback: leaves support after 12000 ms, Answered
    32s  a1's callback & ana: talk
    32s  ana: talking
    32s  a1's callback: is called
           -> dial 4930111 as 100
    40s  a1's callback: is answered
    40s  a1's callback: is recorded
           -> start recording a1's callback
           -> bridge a1's callback's phone and ana's browser
    60s  a1's callback & ana: talked for 28000 ms
    60s  ana: wrap up
    60s  a1's callback & ana: wrapped up in 0 ms, no disposition
    60s  ana: ready
    60s  a1's callback: is over, agent_hung_up, agent
           -> stop recording
           -> part a1's callback's phone and ana's browser
           -> hang up a1's callback's phone, agent_hung_up
           -> forget a1's callback
    60s  b2 & ana: goes to ana of [ana] without []: as told
    60s  b2 & ana: rings
    60s  ana: offered
    "#);
}

#[test]
fn a_customer_who_does_not_answer_is_tried_again_and_then_no_more() {
    assert_snapshot!(play("
        queue support calls back 2 times every 60s
        agent ana serves support
        agent ben serves support
        at 0s ana pauses for lunch
        at 0s ben pauses for lunch
        at 1s call a1 to 100 from 4930111
        flow says enqueue support, timer ask 10s
        at 11s nothing happens
        flow says callback
        at 20s ana is ready
        at 21s ana accepts
        at 22s the customer is busy
        at 82s ana accepts
        at 107s nothing happens
    "), @r#"
      0s  ana: paused (lunch)
      0s  ben: paused (lunch)
      1s  a1: calls 100
      1s  a1: flow told started, says enqueue support, start timer ask of 10000 ms
      1s  a1: is answered
      1s  a1: is recorded
      1s  a1: enters support
            -> answer a1
            -> start recording a1
      1s  a1: flow told done 1: queued
      1s  a1: flow told done 2: ok
            -> play music to a1
     11s  a1: flow told timer ask, says call back
     11s  a1: will be called back
     11s  a1: leaves support after 10000 ms, Callback
     11s  a1's callback: is created
     11s  a1's callback: enters support, in the place kept since 1s
     11s  a1: is over, callback_booked, nobody
            -> stop playing to a1
            -> stop recording
            -> hang up a1, callback_booked
     11s  a1: flow told hang-up: callback_booked
            -> forget a1
     20s  ana: ready
     20s  a1's callback & ana: goes to ana of [ana] without [ben (State("paused"))]: as told
     20s  a1's callback & ana: rings
     20s  ana: offered
     21s  a1's callback & ana: rang for 1000 ms, Accepted
     21s  a1's callback: leaves support after 10000 ms, Answered
     21s  a1's callback & ana: talk
     21s  ana: talking
     21s  a1's callback: is called
            -> dial 4930111 as 100
     22s  a1's callback: leg ended, busy
     22s  a1's callback & ana: talked for 1000 ms
     22s  ana: ready
     82s  a1's callback: enters support, in the place kept since 1s
     82s  a1's callback & ana: goes to ana of [ana] without [ben (State("paused"))]: as told
     82s  a1's callback & ana: rings
     82s  ana: offered
     82s  a1's callback & ana: rang for 0 ms, Accepted
     82s  a1's callback: leaves support after 0 ms, Answered
     82s  a1's callback & ana: talk
     82s  ana: talking
     82s  a1's callback: is called
            -> dial 4930111 as 100
    107s  a1's callback & ana: talked for 25000 ms
    107s  ana: ready
    107s  a1's callback: is over, no_answer, nobody
            -> hang up a1's callback's phone, no_answer
            -> forget a1's callback
    "#);
}

#[test]
fn a_callback_is_refused_without_a_rule_a_number_or_a_place_in_line() {
    assert_snapshot!(play("
        queue support calls back 1 times every 60s
        queue sales rings 20s
        at 0s call c3 to 100 from anonymous
        flow says enqueue support, callback
        at 1s call a1 to 100 from 4930111
        flow says callback, enqueue sales, callback
        at 2s call b2 to 100 from 4930222
        flow says enqueue support, callback to 4930333
        flow says hang up
    "), @r#"
    0s  c3: calls 100
    0s  c3: flow told started, says enqueue support, call back
    0s  c3: is answered
    0s  c3: is recorded
    0s  c3: enters support
          -> answer c3
          -> start recording c3
    0s  c3: flow told done 1: queued
    0s  c3: flow told done 2: refused
          -> play music to c3
    1s  a1: calls 100
    1s  a1: flow told started, says call back, enqueue sales, call back
    1s  a1: flow told done 1: refused
    1s  a1: is answered
    1s  a1: is recorded
    1s  a1: enters sales
          -> answer a1
          -> start recording a1
    1s  a1: flow told done 2: queued
    1s  a1: flow told done 3: refused
          -> play music to a1
    2s  b2: calls 100
    2s  b2: flow told started, says enqueue support, call back
    2s  b2: is answered
    2s  b2: is recorded
    2s  b2: enters support
          -> answer b2
          -> start recording b2
    2s  b2: flow told done 1: queued, says hang up
    2s  b2: leaves support after 0 ms, Dequeued
    2s  b2: is over, flow_hung_up, nobody
          -> stop recording
          -> hang up b2, flow_hung_up
          -> forget b2
    "#);
}

#[test]
fn a_full_queue_may_promise_a_call_or_take_a_message() {
    assert_snapshot!(play("
        queue support calls back 1 times every 60s, waits 30s, when over call back
        queue sales waits 5s, when over take message
        at 0s call a1 to 100 from 4930111
        flow says enqueue support
        at 30s nothing happens
        at 34s a1 hears it all
        at 40s call b2 to 100 from 4930222
        flow says enqueue sales
        at 45s nothing happens
        at 50s b2 hears it all
        at 60s b2 presses #
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
    30s  a1: is refused by support: timed-out
    30s  a1: will be called back
    30s  a1: leaves support after 30000 ms, Callback
    30s  a1's callback: is created
    30s  a1's callback: enters support, in the place kept since 0s
           -> stop playing to a1
           -> play to a1: You keep your place in line. We will call you back. Goodbye. (en)
    34s  a1: is over, callback_booked, nobody
           -> stop recording
           -> hang up a1, callback_booked
    34s  a1: flow told hang-up: callback_booked
           -> forget a1
    40s  b2: calls 100
    40s  b2: flow told started, says enqueue sales
    40s  b2: is answered
    40s  b2: is recorded
    40s  b2: enters sales
           -> answer b2
           -> start recording b2
    40s  b2: flow told done 1: queued
           -> play music to b2
    45s  b2: is refused by sales: timed-out
    45s  b2: leaves sales after 5000 ms, Voicemail
           -> stop playing to b2
           -> play to b2: We can not take your call right now. Please leave a message after the tone, and press the hash key when you are done. (en), a tone (en)
    50s  b2: speaks a message
           -> stop recording
           -> start recording b2
    60s  b2: left a message of 10000 ms
    60s  b2's task: is created
    60s  b2's task: has [("voicemail", "ct_000000zqm021569ytfmr28pa7k")]
    60s  b2's task: enters sales
    60s  b2: is over, message_left, nobody
           -> stop recording
           -> hang up b2, message_left
    60s  b2: flow told hang-up: message_left
           -> forget b2
    "#);
}

#[test]
fn an_agent_who_gives_up_while_the_customers_phone_rings_ends_it() {
    assert_snapshot!(play("
        queue support calls back 3 times every 60s
        agent ana serves support
        at 0s ana pauses for lunch
        at 1s call a1 to 100 from 4930111
        flow says enqueue support, timer ask 10s
        at 11s nothing happens
        flow says callback
        at 20s ana is ready
        at 21s ana accepts
        at 23s ana hangs up
    "), @r#"
     0s  ana: paused (lunch)
     1s  a1: calls 100
     1s  a1: flow told started, says enqueue support, start timer ask of 10000 ms
     1s  a1: is answered
     1s  a1: is recorded
     1s  a1: enters support
           -> answer a1
           -> start recording a1
     1s  a1: flow told done 1: queued
     1s  a1: flow told done 2: ok
           -> play music to a1
    11s  a1: flow told timer ask, says call back
    11s  a1: will be called back
    11s  a1: leaves support after 10000 ms, Callback
    11s  a1's callback: is created
    11s  a1's callback: enters support, in the place kept since 1s
    11s  a1: is over, callback_booked, nobody
           -> stop playing to a1
           -> stop recording
           -> hang up a1, callback_booked
    11s  a1: flow told hang-up: callback_booked
           -> forget a1
    20s  ana: ready
    20s  a1's callback & ana: goes to ana of [ana] without []: as told
    20s  a1's callback & ana: rings
    20s  ana: offered
    21s  a1's callback & ana: rang for 1000 ms, Accepted
    21s  a1's callback: leaves support after 10000 ms, Answered
    21s  a1's callback & ana: talk
    21s  ana: talking
    21s  a1's callback: is called
           -> dial 4930111 as 100
    23s  a1's callback & ana: talked for 2000 ms
    23s  ana: wrap up
    23s  a1's callback & ana: wrapped up in 0 ms, no disposition
    23s  ana: ready
    23s  a1's callback: is over, agent_hung_up, agent
           -> hang up a1's callback's phone, agent_hung_up
           -> forget a1's callback
    "#);
}

#[test]
fn who_is_called_back_waits_beyond_the_queues_longest_wait_also_after_the_set_up_changed() {
    let told = play(
        "
        queue sales rings 20s
        queue support calls back 2 times every 60s, waits 60s, when over to sales
        agent ana serves support
        at 0s ana pauses for lunch
        at 0s call a1 to 100 from 4930111
        flow says enqueue support, timer ask 20s
        at 20s nothing happens
        flow says callback
        at 30s the set-up changes
        at 100s ana is ready
        at 102s ana accepts
    ",
    );
    assert!(told.contains("a1's callback & ana: talk"), "{told}");
}

#[test]
fn a_place_in_one_queue_is_none_for_a_callback_in_another() {
    let told = play(
        "
        queue sales rings 20s
        queue support calls back 1 times every 60s, holds 1, when full call back
        at 0s call b2 to 100 from 4930222
        flow says enqueue support
        at 5s call a1 to 100 from 4930111
        flow says enqueue sales, timer ask 15s
        at 20s nothing happens
        flow says enqueue support
    ",
    );
    let joins = "a1's callback: enters support, in the place kept since 20s";
    assert!(told.contains(joins), "{told}");
}

#[test]
fn who_is_owed_a_call_by_a_queue_that_is_removed_keeps_the_place_in_the_default_queue() {
    let told = play(
        "
        queue sales holds 1
        queue support calls back 2 times every 60s
        default queue sales
        at 0s call b2 to 100 from 4930222
        flow says enqueue sales
        at 5s call a1 to 100 from 4930111
        flow says enqueue support, timer ask 15s
        at 20s nothing happens
        flow says callback
        at 30s queue support is removed
    ",
    );
    let joins = "a1's callback: enters sales, in the place kept since 5s";
    assert!(told.contains(joins), "{told}");
}

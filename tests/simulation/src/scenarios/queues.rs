//! Waiting: what callers hear, and queues that are full, unknown or gone.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn a_queued_caller_hears_music_whenever_the_flow_plays_nothing() {
    assert_snapshot!(play("
        queue support tells every 10s
        at 0s call a1 to 100
        flow says answer, enqueue support
        at 10s nothing happens
        flow says play You-are-first
        at 13s a1 hears it all
        at 20s nothing happens
        flow says dequeue, play Bye, hang up
        at 23s a1 hears it all
    "), @r#"
     0s  a1: calls 100
     0s  a1: flow told started, says answer, enqueue support
     0s  a1: is answered
     0s  a1: is recorded
           -> answer a1
           -> start recording a1
     0s  a1: flow told done 1: ok
     0s  a1: enters support
     0s  a1: flow told done 2: queued
           -> play music to a1
    10s  a1: flow told position 1 in support, says play “You-are-first”
           -> play to a1: You-are-first (en)
    13s  a1: flow told done 1: ok
           -> play music to a1
    20s  a1: flow told position 1 in support, says dequeue, play “Bye”, hang up
    20s  a1: leaves support after 20000 ms, Dequeued
           -> stop playing to a1
    20s  a1: flow told done 1: ok
           -> play to a1: Bye (en)
    23s  a1: flow told done 2: ok
    23s  a1: is over, flow_hung_up, nobody
           -> stop recording
           -> hang up a1, flow_hung_up
           -> forget a1
    "#);
}

#[test]
fn calls_beyond_the_limit_and_to_nowhere_are_refused_and_accounted_for() {
    assert_snapshot!(play("
        queue support
        at most 1 contacts
        at 0s call a1 to 100
        flow says answer, timer later 60s
        at 1s call b1 to 100
        at 2s a1 hangs up
        at 3s call c1 to 999
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says answer, start timer later of 60000 ms
    0s  a1: is answered
    0s  a1: is recorded
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: ok
    0s  a1: flow told done 2: ok
    1s  b1: calls 100
    1s  b1: is over, overloaded, us
          -> refuse b1 with 503
    2s  a1: leg ended, caller_hung_up
    2s  a1: is over, caller_hung_up, caller
          -> stop recording
    2s  a1: flow told hang-up: caller_hung_up
          -> forget a1
    3s  c1: calls 999
    3s  c1: is over, not_found, nobody
          -> refuse c1 with 404
    "#);
}

#[test]
fn a_full_or_unknown_queue_is_told_to_the_flow() {
    assert_snapshot!(play("
        queue support holds 1
        at 0s call a1 to 100
        flow says enqueue support
        at 1s call b1 to 100
        flow says enqueue support
        at 1s nothing happens
        at 2s b1 hangs up
        at 3s call c1 to 100
        flow says enqueue nowhere
        flow says reject 486
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
    1s  b1: flow told done 1: queue-full
    1s  b1: plugin main failed (Nonsense: the flow left its caller with nothing running and nothing to wait for)
    1s  b1: enters the safe flow
    1s  b1: is answered
    1s  b1: is recorded
          -> answer b1
          -> start recording b1
          -> play to b1: We are sorry, something went wrong on our side. Please call again later. Goodbye. (en)
    2s  b1: leg ended, caller_hung_up
    2s  b1: is over, caller_hung_up, caller
          -> stop recording
          -> forget b1
    3s  c1: calls 100
    3s  c1: flow told started, says enqueue nowhere
    3s  c1: flow told done 1: unknown-queue, says reject with 486
    3s  c1: is over, flow_rejected, nobody
          -> refuse c1 with 486
          -> forget c1
    "#);
}

#[test]
fn a_removed_queue_gives_its_callers_back_to_their_flow() {
    assert_snapshot!(play("
        queue support
        queue sales
        at 0s call a1 to 100
        flow says enqueue support
        at 9s queue support is removed
        flow says enqueue sales
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
    9s  a1: leaves support after 9000 ms, Overflowed
          -> stop playing to a1
    9s  a1: flow told agent overflowed, says enqueue sales
    9s  a1: enters sales
    9s  a1: flow told done 1: queued
          -> play music to a1
    "#);
}

#[test]
fn the_expected_wait_counts_the_wrap_up_that_keeps_agents_from_the_next_caller() {
    // Expected at 91 s; true at 181 s.
    assert_snapshot!(play("
        queue support wraps up 30s
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 0s ana accepts
        at 20s call b1 to 100
        flow says enqueue support
        at 60s a1 hangs up
        at 91s ana accepts
        at 91s call c1 to 100
        flow says enqueue support
        at 91s why does c1 wait
        at 151s b1 hangs up
        at 181s nothing happens
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
      0s  a1 & ana: rang for 0 ms, Accepted
      0s  a1: leaves support after 0 ms, Answered
      0s  a1 & ana: talk
      0s  ana: talking
            -> bridge a1 and ana's browser
      0s  a1: flow told agent connected
     20s  b1: calls 100
     20s  b1: flow told started, says enqueue support
     20s  b1: is answered
     20s  b1: is recorded
     20s  b1: enters support
            -> answer b1
            -> start recording b1
     20s  b1: flow told done 1: queued
            -> play music to b1
     60s  a1: leg ended, caller_hung_up
     60s  a1 & ana: talked for 60000 ms
     60s  ana: wrap up
     60s  a1: is over, caller_hung_up, caller
            -> stop recording
            -> part a1 and ana's browser
     60s  a1: flow told hang-up: caller_hung_up
            -> forget a1
     90s  a1 & ana: wrapped up in 30000 ms, no disposition
     90s  ana: ready
     90s  b1 & ana: goes to ana of [ana] without []: as told
     90s  b1 & ana: rings
     90s  ana: offered
     91s  b1 & ana: rang for 1000 ms, Accepted
     91s  b1: leaves support after 71000 ms, Answered
     91s  b1 & ana: talk
     91s  ana: talking
            -> bridge b1 and ana's browser
     91s  b1: flow told agent connected
     91s  c1: calls 100
     91s  c1: flow told started, says enqueue support
     91s  c1: is answered
     91s  c1: is recorded
     91s  c1: enters support
            -> answer c1
            -> start recording c1
     91s  c1: flow told done 1: queued
            -> play music to c1
        ??  c1 is number 1 in support, in ring 1
        ??  expects to wait 90000 ms
        ??  not ana: State("talking")
        ??  the policy said at 91s: as told
    151s  b1: leg ended, caller_hung_up
    151s  b1 & ana: talked for 60000 ms
    151s  ana: wrap up
    151s  b1: is over, caller_hung_up, caller
            -> stop recording
            -> part b1 and ana's browser
    151s  b1: flow told hang-up: caller_hung_up
            -> forget b1
    181s  b1 & ana: wrapped up in 30000 ms, no disposition
    181s  ana: ready
    181s  c1 & ana: goes to ana of [ana] without []: as told
    181s  c1 & ana: rings
    181s  ana: offered
    "#);
}

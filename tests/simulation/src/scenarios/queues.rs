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

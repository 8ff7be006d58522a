//! Offers, devices, pauses and wrap-up.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn a_missed_offer_goes_to_another_and_missing_often_pauses() {
    assert_snapshot!(play("
        queue support rings 10s
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 10s nothing happens
        at 12s ben rejects
        at 22s nothing happens
        at 32s nothing happens
        at 42s nothing happens
        at 52s nothing happens
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
     0s  a1 & ana: goes to ana of [ana, ben] without []: as told
     0s  a1 & ana: rings
     0s  ana: offered
    10s  a1 & ana: rang for 10000 ms, TimedOut
    10s  ana: ready
    10s  a1 & ben: goes to ben of [ben] without [ana (AlreadyOffered)]: as told
    10s  a1 & ben: rings
    10s  ben: offered
    12s  a1 & ben: rang for 2000 ms, Rejected
    12s  ben: ready
    12s  a1 & ana: goes to ana of [ana, ben] without []: as told
    12s  a1 & ana: rings
    12s  ana: offered
    22s  a1 & ana: rang for 10000 ms, TimedOut
    22s  ana: ready
    22s  a1 & ben: goes to ben of [ben, ana] without []: as told
    22s  a1 & ben: rings
    22s  ben: offered
    32s  a1 & ben: rang for 10000 ms, TimedOut
    32s  ben: ready
    32s  a1 & ana: goes to ana of [ana, ben] without []: as told
    32s  a1 & ana: rings
    32s  ana: offered
    42s  a1 & ana: rang for 10000 ms, TimedOut
    42s  ana: paused (missed offers)
    42s  a1 & ben: goes to ben of [ben] without [ana (State("paused"))]: as told
    42s  a1 & ben: rings
    42s  ben: offered
    52s  a1 & ben: rang for 10000 ms, TimedOut
    52s  ben: paused (missed offers)
    "#);
}

#[test]
fn a_lost_browser_sends_the_caller_to_the_front() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 2s call b1 to 100
        flow says enqueue support with priority 9
        at 9s ana loses the browser
        at 10s ana gets a browser
        at 11s ana is ready
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
     2s  b1: flow told started, says enqueue support with priority 9
     2s  b1: is answered
     2s  b1: is recorded
     2s  b1: enters support with priority 9
           -> answer b1
           -> start recording b1
     2s  b1: flow told done 1: queued
           -> play music to b1
     9s  ana: Browser is down
     9s  a1 & ana: talked for 8000 ms
     9s  a1: enters support
     9s  ana: paused (device)
           -> part a1 and ana's browser
           -> play music to a1
    10s  ana: Browser is up
    11s  ana: ready
    11s  a1 & ana: goes to ana of [ana] without []: as told
    11s  a1 & ana: rings
    11s  ana: offered
    "#);
}

#[test]
fn a_desk_phone_is_dialled_for_each_offer() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s ana gets a desk phone
        at 0s ana uses the desk phone
        at 1s call a1 to 100
        flow says enqueue support
        at 3s ana is busy
        at 5s ana picks up
        at 9s ana puts down
        at 10s call b1 to 100
        flow says enqueue support
        at 11s ana picks up
        at 12s b1 hangs up
    "), @r#"
     0s  ana: DeskPhone is up
     0s  ana: DeskPhone is up
     1s  a1: calls 100
     1s  a1: flow told started, says enqueue support
     1s  a1: is answered
     1s  a1: is recorded
     1s  a1: enters support
           -> answer a1
           -> start recording a1
     1s  a1: flow told done 1: queued
           -> play music to a1
     1s  a1 & ana: goes to ana of [ana] without []: as told
     1s  a1 & ana: rings
     1s  ana: offered
           -> dial ana's desk phone
     3s  a1 & ana: leg ended, busy
     3s  a1 & ana: rang for 2000 ms, Rejected
     3s  ana: ready
     3s  a1 & ana: goes to ana of [ana] without []: as told
     3s  a1 & ana: rings
     3s  ana: offered
           -> dial ana's desk phone
     5s  a1 & ana: rang for 2000 ms, Accepted
     5s  a1: leaves support after 4000 ms, Answered
     5s  a1 & ana: talk
     5s  ana: talking
           -> bridge a1 and ana's desk phone
     5s  a1: flow told agent connected
     9s  a1 & ana: leg ended, agent_hung_up
     9s  a1 & ana: talked for 4000 ms
     9s  ana: wrap up
     9s  a1 & ana: wrapped up in 0 ms, no disposition
     9s  ana: ready
     9s  a1: is over, agent_hung_up, agent
           -> stop recording
           -> part a1 and ana's desk phone
           -> hang up a1, agent_hung_up
     9s  a1: flow told hang-up: agent_hung_up
           -> forget a1
    10s  b1: calls 100
    10s  b1: flow told started, says enqueue support
    10s  b1: is answered
    10s  b1: is recorded
    10s  b1: enters support
           -> answer b1
           -> start recording b1
    10s  b1: flow told done 1: queued
           -> play music to b1
    10s  b1 & ana: goes to ana of [ana] without []: as told
    10s  b1 & ana: rings
    10s  ana: offered
           -> dial ana's desk phone
    11s  b1 & ana: rang for 1000 ms, Accepted
    11s  b1: leaves support after 1000 ms, Answered
    11s  b1 & ana: talk
    11s  ana: talking
           -> bridge b1 and ana's desk phone
    11s  b1: flow told agent connected
    12s  b1: leg ended, caller_hung_up
    12s  b1 & ana: talked for 1000 ms
    12s  ana: wrap up
    12s  b1 & ana: wrapped up in 0 ms, no disposition
    12s  ana: ready
    12s  b1: is over, caller_hung_up, caller
           -> stop recording
           -> part b1 and ana's desk phone
           -> hang up ana's desk phone, caller_hung_up
    12s  b1: flow told hang-up: caller_hung_up
           -> forget b1
    "#);
}

#[test]
fn a_pause_asked_for_while_busy_begins_after_the_wrap_up() {
    assert_snapshot!(play("
        queue support wraps up 10s
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 2s ana pauses for lunch
        at 5s ana hangs up
        at 15s nothing happens
        at 16s ana loses the browser
        at 17s ana is ready
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
     2s  ana: is to pause (lunch) after this
     5s  a1 & ana: talked for 4000 ms
     5s  ana: wrap up
     5s  a1: is over, agent_hung_up, agent
           -> stop recording
           -> part a1 and ana's browser
           -> hang up a1, agent_hung_up
     5s  a1: flow told hang-up: agent_hung_up
           -> forget a1
    15s  a1 & ana: wrapped up in 10000 ms, no disposition
    15s  ana: paused (lunch)
    16s  ana: Browser is down
    17s  ana: refused ready: the browser's audio is not connected
    "#);
}

#[test]
fn an_agent_who_signs_out_in_mid_talk_leaves_the_caller_to_the_next() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 9s ana signs out
        at 10s ben accepts
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
     0s  a1 & ana: goes to ana of [ana, ben] without []: as told
     0s  a1 & ana: rings
     0s  ana: offered
     1s  a1 & ana: rang for 1000 ms, Accepted
     1s  a1: leaves support after 1000 ms, Answered
     1s  a1 & ana: talk
     1s  ana: talking
           -> bridge a1 and ana's browser
     1s  a1: flow told agent connected
     9s  a1 & ana: talked for 8000 ms
     9s  a1: enters support
     9s  ana: signed out
           -> part a1 and ana's browser
           -> play music to a1
     9s  a1 & ben: goes to ben of [ben] without []: as told
     9s  a1 & ben: rings
     9s  ben: offered
    10s  a1 & ben: rang for 1000 ms, Accepted
    10s  a1: leaves support after 1000 ms, Answered
    10s  a1 & ben: talk
    10s  ben: talking
           -> bridge a1 and ben's browser
    10s  a1: flow told agent connected
    "#);
}

#[test]
fn a_browser_that_is_back_within_its_grace_is_heard_again() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 5s ana gets a browser
        at 9s ana hangs up
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
          -> part a1 and ana's browser
          -> bridge a1 and ana's browser
    9s  a1 & ana: talked for 8000 ms
    9s  ana: wrap up
    9s  a1 & ana: wrapped up in 0 ms, no disposition
    9s  ana: ready
    9s  a1: is over, agent_hung_up, agent
          -> stop recording
          -> part a1 and ana's browser
          -> hang up a1, agent_hung_up
    9s  a1: flow told hang-up: agent_hung_up
          -> forget a1
    "#);
}

#[test]
fn an_agent_whose_caller_gave_up_is_still_the_longest_idle() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s a1 hangs up
        at 2s call b1 to 100
        flow says enqueue support
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
    0s  a1 & ana: goes to ana of [ana, ben] without []: as told
    0s  a1 & ana: rings
    0s  ana: offered
    1s  a1: leg ended, caller_hung_up
    1s  a1 & ana: rang for 1000 ms, Abandoned
    1s  ana: ready
    1s  a1: leaves support after 1000 ms, Abandoned
    1s  a1: is over, caller_hung_up, caller
          -> stop recording
    1s  a1: flow told hang-up: caller_hung_up
          -> forget a1
    2s  b1: calls 100
    2s  b1: flow told started, says enqueue support
    2s  b1: is answered
    2s  b1: is recorded
    2s  b1: enters support
          -> answer b1
          -> start recording b1
    2s  b1: flow told done 1: queued
          -> play music to b1
    2s  b1 & ana: goes to ana of [ana, ben] without []: as told
    2s  b1 & ana: rings
    2s  ana: offered
    "#);
}

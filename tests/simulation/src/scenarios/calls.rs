//! A call from its arrival to its end.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn a_caller_chooses_support_and_an_agent_takes_the_call() {
    assert_snapshot!(play("
        queue support wraps up 30s
        agent ana serves support
        at 0s call a1 to 100
        flow says answer, play Welcome, collect 1
        at 2s a1 hears it all
        at 3s a1 presses 1
        flow says enqueue support
        at 6s ana accepts
        at 60s a1 hangs up
        at 70s ana disposes sold
    "), @r#"
     0s  a1: calls 100
     0s  a1: flow told started, says answer, play “Welcome”, collect up to 1 keys after “press”
     0s  a1: is answered
     0s  a1: is recorded
           -> answer a1
           -> start recording a1
     0s  a1: flow told done 1: ok
           -> play to a1: Welcome (en)
     2s  a1: flow told done 2: ok
           -> play to a1: press (en)
     3s  a1: pressed "1" (Complete)
           -> stop playing to a1
     3s  a1: flow told input 3: complete, 1 keys, says enqueue support
     3s  a1: enters support
     3s  a1: flow told done 1: queued
           -> play music to a1
     3s  a1 & ana: goes to ana of [ana] without []: as told
     3s  a1 & ana: rings
     3s  ana: offered
     6s  a1 & ana: rang for 3000 ms, Accepted
     6s  a1: leaves support after 3000 ms, Answered
     6s  a1 & ana: talk
     6s  ana: talking
           -> bridge a1 and ana's browser
     6s  a1: flow told agent connected
    60s  a1: leg ended, caller_hung_up
    60s  a1 & ana: talked for 54000 ms
    60s  ana: wrap up
    60s  a1: is over, caller_hung_up, caller
           -> stop recording
           -> part a1 and ana's browser
    60s  a1: flow told hang-up: caller_hung_up
           -> forget a1
    70s  a1 & ana: wrapped up in 10000 ms, sold
    70s  ana: ready
    "#);
}

#[test]
fn whoever_hangs_up_while_it_rings_leaves_no_ghost() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 2s a1 hangs up
        at 3s call a2 to 100
        flow says enqueue support
        at 4s ana accepts
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
    2s  a1: leg ended, caller_hung_up
    2s  a1 & ana: rang for 2000 ms, Abandoned
    2s  ana: ready
    2s  a1: leaves support after 2000 ms, Abandoned
    2s  a1: is over, caller_hung_up, caller
          -> stop recording
    2s  a1: flow told hang-up: caller_hung_up
          -> forget a1
    3s  a2: calls 100
    3s  a2: flow told started, says enqueue support
    3s  a2: is answered
    3s  a2: is recorded
    3s  a2: enters support
          -> answer a2
          -> start recording a2
    3s  a2: flow told done 1: queued
          -> play music to a2
    3s  a2 & ana: goes to ana of [ana] without []: as told
    3s  a2 & ana: rings
    3s  ana: offered
    4s  a2 & ana: rang for 1000 ms, Accepted
    4s  a2: leaves support after 1000 ms, Answered
    4s  a2 & ana: talk
    4s  ana: talking
          -> bridge a2 and ana's browser
    4s  a2: flow told agent connected
    9s  a2 & ana: talked for 5000 ms
    9s  ana: wrap up
    9s  a2 & ana: wrapped up in 0 ms, no disposition
    9s  ana: ready
    9s  a2: is over, agent_hung_up, agent
          -> stop recording
          -> part a2 and ana's browser
          -> hang up a2, agent_hung_up
    9s  a2: flow told hang-up: agent_hung_up
          -> forget a2
    "#);
}

#[test]
fn a_stopping_host_ends_everything_and_takes_the_blame() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 2s call b1 to 100
        flow says enqueue support
        at 3s call c1 to 100
        at 4s the host stops
        at 5s call d1 to 100
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
    2s  b1: calls 100
    2s  b1: flow told started, says enqueue support
    2s  b1: is answered
    2s  b1: is recorded
    2s  b1: enters support
          -> answer b1
          -> start recording b1
    2s  b1: flow told done 1: queued
          -> play music to b1
    2s  b1 & ben: goes to ben of [ben] without [ana (State("talking"))]: as told
    2s  b1 & ben: rings
    2s  ben: offered
    3s  c1: calls 100
    3s  c1: flow told started
    3s  c1: plugin main failed (Nonsense: the flow left its caller with nothing running and nothing to wait for)
    3s  c1: enters the safe flow
    3s  c1: is answered
    3s  c1: is recorded
          -> answer c1
          -> start recording c1
          -> play to c1: We are sorry, something went wrong on our side. Please call again later. Goodbye. (en)
    4s  a1 & ana: talked for 3000 ms
    4s  ana: wrap up
    4s  a1 & ana: wrapped up in 0 ms, no disposition
    4s  ana: ready
    4s  a1: is over, host_restart, us
    4s  b1 & ben: rang for 2000 ms, Abandoned
    4s  ben: ready
    4s  b1: leaves support after 2000 ms, Ended
    4s  b1: is over, host_restart, us
    4s  c1: is over, host_restart, us
    4s  ana: signed out
    4s  ben: signed out
          -> stop recording
          -> part a1 and ana's browser
          -> hang up a1, host_restart
          -> forget a1
          -> stop recording
          -> hang up b1, host_restart
          -> forget b1
          -> stop recording
          -> hang up c1, host_restart
          -> forget c1
    5s  d1: calls 100
    5s  d1: is over, overloaded, us
          -> refuse d1 with 503
    "#);
}

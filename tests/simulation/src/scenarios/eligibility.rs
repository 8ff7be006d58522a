//! Who may be given whom, and when: rings, levels and delays, preferred agents; cases of other products
//! are named after them.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn genesys_bullseye_widens_to_the_second_ring_and_prefers_the_first_afterwards() {
    assert_snapshot!(play("
        queue support needs english 5, widens after 10s to anyone
        agent ana serves support with english 5, away
        agent ben serves support with english 1
        at 0s call a1 to 100
        flow says enqueue support
        at 4s why does a1 wait
        at 10s ben rejects
        at 10s ben pauses for lunch
        at 11s ana signs in
        at 11s ana gets a browser
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
       ??  a1 is number 1 in support, in ring 1
       ??  the next ring opens at 10s
       ??  not ana: State("signed_out")
       ??  not ben: ring 2 opens at 10s
       ??  the policy said at 0s: as told
    10s  a1 & ben: goes to ben (ring 2) of [ben] without []: as told
    10s  a1 & ben: rings
    10s  ben: offered
    10s  a1 & ben: rang for 0 ms, Rejected
    10s  ben: ready
    10s  a1 & ben: goes to ben (ring 2) of [ben] without []: as told
    10s  a1 & ben: rings
    10s  ben: offered
    10s  ben: is to pause (lunch) after this
    11s  ana: paused (signed in)
    11s  ana: Browser is up
    11s  ana: ready
    "#);
}

#[test]
fn of_two_who_are_free_the_agent_of_the_inner_ring_comes_first() {
    assert_snapshot!(play("
        queue support needs english 5, widens after 0s to english 2
        agent ben serves support with english 2
        agent ana serves support with english 5
        at 1s call a1 to 100
        flow says enqueue support
    "), @r#"
    1s  a1: calls 100
    1s  a1: flow told started, says enqueue support
    1s  a1: is answered
    1s  a1: is recorded
    1s  a1: enters support
          -> answer a1
          -> start recording a1
    1s  a1: flow told done 1: queued
          -> play music to a1
    1s  a1 & ana: goes to ana of [ana, ben] without []: as told
    1s  a1 & ana: rings
    1s  ana: offered
    "#);
}

#[test]
fn amazon_connect_criteria_steps_expire_one_after_the_other_until_any_agent_will_do() {
    assert_snapshot!(play("
        queue support needs english 8, widens after 5s to english 4, widens after 9s to anyone
        agent ana serves support with german 5
        agent ben serves support with english 5
        at 0s call a1 to 100
        flow says enqueue support
        at 6s ben accepts
        at 6s call b1 to 100
        flow says enqueue support
        at 12s why does b1 wait
        at 15s nothing happens
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
     5s  a1 & ben: goes to ben (ring 2) of [ben] without [ana (ring 3 opens at 9s)]: as told
     5s  a1 & ben: rings
     5s  ben: offered
     6s  a1 & ben: rang for 1000 ms, Accepted
     6s  a1: leaves support after 6000 ms, Answered
     6s  a1 & ben: talk
     6s  ben: talking
           -> bridge a1 and ben's browser
     6s  a1: flow told agent connected
     6s  b1: calls 100
     6s  b1: flow told started, says enqueue support
     6s  b1: is answered
     6s  b1: is recorded
     6s  b1: enters support
           -> answer b1
           -> start recording b1
     6s  b1: flow told done 1: queued
           -> play music to b1
       ??  b1 is number 1 in support, in ring 2
       ??  the next ring opens at 15s
       ??  not ana: ring 3 opens at 15s
       ??  not ben: State("talking")
       ??  the policy said at 6s: as told
    15s  b1 & ana: goes to ana (ring 3) of [ana] without [ben (State("talking"))]: as told
    15s  b1 & ana: rings
    15s  ana: offered
    "#);
}

#[test]
fn amazon_connect_priority_one_first_support_only_when_sales_is_empty() {
    assert_snapshot!(play("
        queue sales
        queue support
        agent ana serves sales, support level 2, away
        at 0s call a1 to 100
        flow says enqueue support
        at 1s call b1 to 100
        flow says enqueue sales
        at 2s ana signs in
        at 2s ana gets a browser
        at 2s ana is ready
        at 3s why does a1 wait
        at 3s ana accepts
        at 9s b1 hangs up
        at 9s why does a1 wait
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
    1s  b1: flow told started, says enqueue sales
    1s  b1: is answered
    1s  b1: is recorded
    1s  b1: enters sales
          -> answer b1
          -> start recording b1
    1s  b1: flow told done 1: queued
          -> play music to b1
    2s  ana: paused (signed in)
    2s  ana: Browser is up
    2s  ana: ready
    2s  b1 & ana: goes to ana of [ana] without []: as told
    2s  b1 & ana: rings
    2s  ana: offered
      ??  a1 is number 1 in support, in ring 1
      ??  not ana: State("offered")
      ??  the policy said at 0s: as told
    3s  b1 & ana: rang for 1000 ms, Accepted
    3s  b1: leaves sales after 2000 ms, Answered
    3s  b1 & ana: talk
    3s  ana: talking
          -> bridge b1 and ana's browser
    3s  b1: flow told agent connected
    9s  b1: leg ended, caller_hung_up
    9s  b1 & ana: talked for 6000 ms
    9s  ana: wrap up
    9s  b1 & ana: wrapped up in 0 ms, no disposition
    9s  ana: ready
    9s  b1: is over, caller_hung_up, caller
          -> stop recording
          -> part b1 and ana's browser
    9s  b1: flow told hang-up: caller_hung_up
          -> forget b1
    9s  a1 & ana: goes to ana of [ana] without []: as told
    9s  a1 & ana: rings
    9s  ana: offered
      ??  a1 is number 1 in support, in ring 1
      ??  not ana: State("offered")
      ??  the policy said at 9s: as told
    "#);
}

#[test]
fn amazon_connect_delay_lets_support_compete_after_thirty_seconds() {
    assert_snapshot!(play("
        queue sales
        queue support
        agent ana serves sales, support after 30s
        at 0s call a1 to 100
        flow says enqueue support
        at 10s why does a1 wait
        at 29s nothing happens
        at 30s ana rejects
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
       ??  a1 is number 1 in support, in ring 1
       ??  not ana: joins at 30s
       ??  the policy said at 0s: as told
    30s  a1 & ana: goes to ana of [ana] without []: as told
    30s  a1 & ana: rings
    30s  ana: offered
    30s  a1 & ana: rang for 0 ms, Rejected
    30s  ana: ready
    30s  a1 & ana: goes to ana of [ana] without []: as told
    30s  a1 & ana: rings
    30s  ana: offered
    "#);
}

#[test]
fn a_policy_that_holds_a_better_queue_back_frees_its_agents_for_the_next() {
    assert_snapshot!(play("
        queue sales
        queue support
        agent ana serves sales, support level 2
        at 0s call a1 to 100
        flow says enqueue sales
        routing says keep 20s
        at 5s call b1 to 100
        flow says enqueue support
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says enqueue sales
    0s  a1: is answered
    0s  a1: is recorded
    0s  a1: enters sales
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 1: queued
          -> play music to a1
    0s  a1: goes to nobody, held until 20s of [ana] without []: as told
    5s  b1: calls 100
    5s  b1: flow told started, says enqueue support
    5s  b1: is answered
    5s  b1: is recorded
    5s  b1: enters support
          -> answer b1
          -> start recording b1
    5s  b1: flow told done 1: queued
          -> play music to b1
    5s  b1 & ana: goes to ana of [ana] without []: as told
    5s  b1 & ana: rings
    5s  ana: offered
    "#);
}

#[test]
fn a_contact_waits_for_its_preferred_agent_alone_and_then_for_anyone() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 2s call b1 to 100
        flow says enqueue support preferring ana for 10s
        at 5s why does b1 wait
        at 12s nothing happens
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
       ??  b1 is number 1 in support, in ring 1
       ??  waits for ana alone until 12s
       ??  not ana: State("talking")
       ??  not ben: it is for ana until 12s
       ??  the policy said at 2s: as told
    12s  b1 & ben: goes to ben of [ben] without [ana (State("talking"))]: as told
    12s  b1 & ben: rings
    12s  ben: offered
    "#);
}

#[test]
fn a_preferred_agent_who_goes_on_a_break_is_not_waited_for() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 1s ana pauses for lunch
        at 2s call b1 to 100
        flow says enqueue support preferring ana for 60s
        at 5s a1 hangs up
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
    1s  ana: is to pause (lunch) after this
    2s  b1: calls 100
    2s  b1: flow told started, says enqueue support
    2s  b1: is answered
    2s  b1: is recorded
    2s  b1: enters support
          -> answer b1
          -> start recording b1
    2s  b1: flow told done 1: queued
          -> play music to b1
    5s  a1: leg ended, caller_hung_up
    5s  a1 & ana: talked for 4000 ms
    5s  ana: wrap up
    5s  a1 & ana: wrapped up in 0 ms, no disposition
    5s  ana: paused (lunch)
    5s  a1: is over, caller_hung_up, caller
          -> stop recording
          -> part a1 and ana's browser
    5s  a1: flow told hang-up: caller_hung_up
          -> forget a1
    5s  b1 & ben: goes to ben of [ben] without [ana (State("paused"))]: as told
    5s  b1 & ben: rings
    5s  ben: offered
    "#);
}

#[test]
fn a_customer_who_comes_again_gets_the_agent_whom_they_spoke_with_last() {
    assert_snapshot!(play("
        queue support wants the last agent within 600s for 20s
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        at 1s ana accepts
        at 9s a1 hangs up
        at 60s call b1 to 100
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
     1s  a1 & ana: rang for 1000 ms, Accepted
     1s  a1: leaves support after 1000 ms, Answered
     1s  a1 & ana: talk
     1s  ana: talking
           -> bridge a1 and ana's browser
     1s  a1: flow told agent connected
     9s  a1: leg ended, caller_hung_up
     9s  a1 & ana: talked for 8000 ms
     9s  ana: wrap up
     9s  a1 & ana: wrapped up in 0 ms, no disposition
     9s  ana: ready
     9s  a1: is over, caller_hung_up, caller
           -> stop recording
           -> part a1 and ana's browser
     9s  a1: flow told hang-up: caller_hung_up
           -> forget a1
    60s  b1: calls 100
    60s  b1: flow told started, says enqueue support
    60s  b1: is answered
    60s  b1: is recorded
    60s  b1: enters support
           -> answer b1
           -> start recording b1
    60s  b1: flow told done 1: queued
           -> play music to b1
    60s  b1 & ana: goes to ana of [ana] without [ben (it is for ana until 80s)]: as told
    60s  b1 & ana: rings
    60s  ana: offered
    "#);
}

//! Stories, each with what must come of it. The left column is seconds.

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
fn a_silent_policy_strands_nobody() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        routing is silent
        at 4s ana accepts
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
    3s  the house: plugin skills failed (TimedOut: no answer within 3000 ms)
    3s  a1 & ana: goes to ana of [ana] without []: the policy failed: no answer within 3000 ms; built-in order: the longest idle qualified agent
    3s  a1 & ana: rings
    3s  ana: offered
    4s  a1 & ana: rang for 1000 ms, Accepted
    4s  a1: leaves support after 4000 ms, Answered
    4s  a1 & ana: talk
    4s  ana: talking
          -> bridge a1 and ana's browser
    4s  a1: flow told agent connected
    "#);
}

#[test]
fn a_policy_that_names_the_wrong_agent_is_overruled_and_reported() {
    assert_snapshot!(play("
        queue support needs english 4
        agent ana serves support with english 3
        agent ben serves support with english 5
        at 0s call a1 to 100
        flow says enqueue support
        routing says ana
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
    0s  a1: plugin skills failed (Nonsense: assigned ana, who is no candidate)
    0s  a1 & ben: goes to ben of [ben] without [ana (Skill("english"))]: assigned ana, who is no candidate; built-in order: the longest idle qualified agent
    0s  a1 & ben: rings
    0s  ben: offered
    "#);
}

#[test]
fn a_contact_kept_waiting_is_decided_again_when_an_agent_becomes_free() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support, away
        at 0s call a1 to 100
        flow says enqueue support
        routing says keep
        at 5s ben signs in
        at 5s ben gets a browser
        at 6s ben is ready
        routing says ben
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
    0s  a1: goes to nobody of [ana] without []: as told
    5s  ben: paused (signed in)
    5s  ben: Browser is up
    6s  ben: ready
    6s  a1 & ben: goes to ben of [ana, ben] without []: as told
    6s  a1 & ben: rings
    6s  ben: offered
    "#);
}

#[test]
fn a_policy_may_send_a_contact_on_to_another_queue() {
    assert_snapshot!(play("
        queue support
        queue sales
        agent ana serves support
        agent ben serves sales
        at 0s call a1 to 100
        flow says enqueue support
        routing says overflow sales
        at 3s ben accepts
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
    0s  a1: goes to nobody of [ana] without []: as told
    0s  a1: leaves support after 0 ms, Overflowed
    0s  a1: enters sales
          -> stop playing to a1
          -> play music to a1
    0s  a1 & ben: goes to ben of [ben] without []: as told
    0s  a1 & ben: rings
    0s  ben: offered
    3s  a1 & ben: rang for 3000 ms, Accepted
    3s  a1: leaves sales after 3000 ms, Answered
    3s  a1 & ben: talk
    3s  ben: talking
          -> bridge a1 and ben's browser
    3s  a1: flow told agent connected
    "#);
}

#[test]
fn priority_comes_before_age() {
    assert_snapshot!(play("
        queue support
        agent ana serves support, away
        at 0s call a1 to 100
        flow says enqueue support
        at 1s call b1 to 100
        flow says enqueue support with priority 5
        at 5s ana signs in
        at 5s ana gets a browser
        at 5s ana is ready
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
    1s  b1: flow told started, says enqueue support with priority 5
    1s  b1: is answered
    1s  b1: is recorded
    1s  b1: enters support with priority 5
          -> answer b1
          -> start recording b1
    1s  b1: flow told done 1: queued
          -> play music to b1
    5s  ana: paused (signed in)
    5s  ana: Browser is up
    5s  ana: ready
    5s  b1 & ana: goes to ana of [ana] without []: as told
    5s  b1 & ana: rings
    5s  ana: offered
    5s  a1: goes to nobody of [ana] without []: as told
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
    11s  b1: goes to nobody of [ana] without []: as told
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
          -> resume recording
    3s  a1: flow told input 2: complete, 4 keys, says start timer later of 60000 ms
    3s  a1: flow told done 1: ok
    "#);
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
fn a_changed_skill_applies_to_those_who_wait() {
    assert_snapshot!(play("
        queue support needs english 4
        agent ana serves support with english 3
        at 0s call a1 to 100
        flow says enqueue support
        agent ana serves support with english 4
        at 9s the set-up changes
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
    9s  a1 & ana: goes to ana of [ana] without []: as told
    9s  a1 & ana: rings
    9s  ana: offered
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

#[test]
fn a_verdict_that_a_changed_set_up_has_overtaken_is_asked_for_again() {
    assert_snapshot!(play("
        queue support needs english 4
        agent ana serves support with english 5
        at 0s call a1 to 100
        flow says enqueue support
        routing says later
        agent ana serves support with english 6
        at 1s the set-up changes
        at 2s routing answers keep
        routing says ana
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
    2s  a1: goes to nobody of [ana] without []: as told
    2s  a1 & ana: goes to ana of [ana] without []: as told
    2s  a1 & ana: rings
    2s  ana: offered
    "#);
}

#[test]
fn a_verdict_for_an_agent_who_is_gone_is_overruled_and_made_anew() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        routing says later
        at 1s ana pauses for lunch
        at 2s routing answers ana
        at 3s ana is ready
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
    1s  ana: paused (lunch)
    2s  a1: goes to nobody of [ana] without []: overruled: ana is not free for this any more; as told
    3s  ana: ready
    3s  a1 & ana: goes to ana of [ana] without []: as told
    3s  a1 & ana: rings
    3s  ana: offered
    "#);
}

#[test]
fn a_verdict_that_comes_after_the_built_in_order_took_over_changes_nothing() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        at 0s call a1 to 100
        flow says enqueue support
        routing says later
        at 4s routing answers ben
        at 5s ana accepts
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
    3s  the house: plugin skills failed (TimedOut: no answer within 3000 ms)
    3s  a1 & ana: goes to ana of [ana, ben] without []: the policy failed: no answer within 3000 ms; built-in order: the longest idle qualified agent
    3s  a1 & ana: rings
    3s  ana: offered
    5s  a1 & ana: rang for 2000 ms, Accepted
    5s  a1: leaves support after 5000 ms, Answered
    5s  a1 & ana: talk
    5s  ana: talking
          -> bridge a1 and ana's browser
    5s  a1: flow told agent connected
    "#);
}

//! Who gets whom, and what becomes of a verdict that is wrong, late or missing.

use crate::stage::play;
use insta::assert_snapshot;

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
    0s  a1 & ben: goes to ben of [ben] without [ana (Skill("english >= 4"))]: assigned ana, who is no candidate; built-in order: the longest idle qualified agent
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
        routing says keep 30s
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
    0s  a1: goes to nobody, held until 30s of [ana] without []: as told
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
fn a_verdict_that_a_changed_set_up_has_overtaken_is_asked_for_again() {
    assert_snapshot!(play("
        queue support needs english 4
        agent ana serves support with english 5
        at 0s call a1 to 100
        flow says enqueue support
        routing says later
        agent ana serves support with english 6
        at 1s the set-up changes
        at 2s routing answers keep 30s
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
    2s  a1: goes to nobody, held until 32s of [ana] without []: as told
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

#[test]
fn a_policy_that_keeps_a_contact_waiting_without_a_time_to_look_again_is_overruled() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        routing says keep
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
    0s  a1: plugin skills failed (Nonsense: kept a contact waiting beside ana, who is free, without a time to look again)
    0s  a1 & ana: goes to ana of [ana] without []: kept a contact waiting beside ana, who is free, without a time to look again; built-in order: the longest idle qualified agent
    0s  a1 & ana: rings
    0s  ana: offered
    "#);
}

#[test]
fn a_hold_is_asked_about_again_and_ends_when_it_has_lasted_as_long_as_allowed() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        routing says keep 50s
        at 20s why does a1 wait
        at 50s nothing happens
        routing says keep 50s
        at 60s nothing happens
        routing says keep 50s
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
     0s  a1: goes to nobody, held until 50s of [ana] without []: as told
       ??  a1 is number 1 in support, in ring 1
       ??  held back until 50s
       ??  could get ana
       ??  the policy said at 0s: as told
    60s  a1: plugin skills failed (Nonsense: held a contact back for 60000 ms, which is as long as a policy may)
    60s  a1 & ana: goes to ana of [ana] without []: held a contact back for 60000 ms, which is as long as a policy may; built-in order: the longest idle qualified agent
    60s  a1 & ana: rings
    60s  ana: offered
    "#);
}

#[test]
fn a_policy_may_send_a_contact_on_to_a_flow_which_begins_anew() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says set topic cards, enqueue support
        routing says flow bot
        flow says play I-am-a-bot, collect 1
        at 5s a1 hangs up
    "), @r#"
    0s  a1: calls 100
    0s  a1: flow told started, says set topic, enqueue support
    0s  a1: has [("topic", "cards")]
    0s  a1: flow told done 1: ok
    0s  a1: is answered
    0s  a1: is recorded
    0s  a1: enters support
          -> answer a1
          -> start recording a1
    0s  a1: flow told done 2: queued
          -> play music to a1
    0s  a1: goes to nobody of [ana] without []: as told
    0s  a1: leaves support after 0 ms, Overflowed
          -> stop playing to a1
    0s  a1: flow told started, says play “I-am-a-bot”, collect up to 1 keys after “press”
          -> play to a1: I-am-a-bot (en)
    5s  a1: leg ended, caller_hung_up
    5s  a1: is over, caller_hung_up, caller
          -> stop recording
    5s  a1: flow told hang-up: caller_hung_up
          -> forget a1
    "#);
}

#[test]
fn a_policy_that_wants_what_can_not_be_had_is_overruled() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        at 0s call a1 to 100
        flow says enqueue support
        routing says callback
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
    0s  a1: plugin skills failed (Nonsense: decided Callback, which this contact can not be given)
    0s  a1 & ana: goes to ana of [ana] without []: decided Callback, which this contact can not be given; built-in order: the longest idle qualified agent
    0s  a1 & ana: rings
    0s  ana: offered
    "#);
}

#[test]
fn a_policy_may_send_a_contact_elsewhere_while_nobody_is_free() {
    assert_snapshot!(play("
        queue support
        queue sales
        agent ana serves sales
        at 0s call a1 to 100
        flow says enqueue support
        routing says keep 4s
        at 4s nothing happens
        routing says overflow sales
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
    4s  a1: goes to nobody of [] without []: as told
    4s  a1: leaves support after 4000 ms, Overflowed
    4s  a1: enters sales
          -> stop playing to a1
          -> play music to a1
    4s  a1 & ana: goes to ana of [ana] without []: as told
    4s  a1 & ana: rings
    4s  ana: offered
    "#);
}

#[test]
fn whoever_has_waited_as_long_as_anyone_may_comes_before_every_priority() {
    assert_snapshot!(play("
        queue support
        agent ana serves support, away
        at 0s call a1 to 100
        flow says enqueue support
        at 1795s call b1 to 100
        flow says enqueue support with priority 9
        at 1800s ana signs in
        at 1800s ana gets a browser
        at 1800s ana is ready
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
    1795s  b1: calls 100
    1795s  b1: flow told started, says enqueue support with priority 9
    1795s  b1: is answered
    1795s  b1: is recorded
    1795s  b1: enters support with priority 9
             -> answer b1
             -> start recording b1
    1795s  b1: flow told done 1: queued
             -> play music to b1
    1800s  ana: paused (signed in)
    1800s  ana: Browser is up
    1800s  ana: ready
    1800s  a1 & ana: goes to ana of [ana] without []: as told
    1800s  a1 & ana: rings
    1800s  ana: offered
    "#);
}

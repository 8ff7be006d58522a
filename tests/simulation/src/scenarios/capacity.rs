//! Several contacts at once: how many of which medium, what may come on top of what, and tasks, which
//! take no leg and no flow.

use crate::stage::play;
use insta::assert_snapshot;

#[test]
fn as_many_tasks_as_the_capacity_says_and_the_next_when_one_is_done() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        capacity of ana: 1 voice, 2 task
        at 0s task t1 for support
        at 0s task t2 for support
        at 0s task t3 for support
        at 1s ana accepts t1
        at 2s ana accepts t2
        at 9s ana completes t1
        at 10s ana accepts t3
    "), @r#"
 0s  t1: is created
 0s  t1: enters support
 0s  t1 & ana: goes to ana of [ana] without []: as told
 0s  t1 & ana: rings
 0s  ana: offered
 0s  t2: is created
 0s  t2: enters support
 0s  t2 & ana: goes to ana of [ana] without []: as told
 0s  t2 & ana: rings
 0s  t3: is created
 0s  t3: enters support
 1s  t1 & ana: rang for 1000 ms, Accepted
 1s  t1: leaves support after 1000 ms, Answered
 1s  t1 & ana: talk
 1s  ana: talking
 2s  t2 & ana: rang for 2000 ms, Accepted
 2s  t2: leaves support after 2000 ms, Answered
 2s  t2 & ana: talk
 9s  t1 & ana: talked for 8000 ms
 9s  ana: talking
 9s  t1 & ana: wrapped up in 0 ms, no disposition
 9s  t1: is over, completed, nobody
       -> forget t1
 9s  t3 & ana: goes to ana of [ana] without []: as told
 9s  t3 & ana: rings
10s  t3 & ana: rang for 1000 ms, Accepted
10s  t3: leaves support after 10000 ms, Answered
10s  t3 & ana: talk
    "#);
}

#[test]
fn a_call_interrupts_tasks_and_a_task_never_a_call() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        capacity of ana: 1 voice, 3 task under voice
        at 0s task t1 for support
        at 1s ana accepts
        at 2s call a1 to 100
        flow says enqueue support
        at 3s ana accepts
        at 4s task t2 for support
        at 9s a1 hangs up
        at 10s ana accepts t2
    "), @r#"
 0s  t1: is created
 0s  t1: enters support
 0s  t1 & ana: goes to ana of [ana] without []: as told
 0s  t1 & ana: rings
 0s  ana: offered
 1s  t1 & ana: rang for 1000 ms, Accepted
 1s  t1: leaves support after 1000 ms, Answered
 1s  t1 & ana: talk
 1s  ana: talking
 2s  a1: calls 100
 2s  a1: flow told started, says enqueue support
 2s  a1: is answered
 2s  a1: is recorded
 2s  a1: enters support
       -> answer a1
       -> start recording a1
 2s  a1: flow told done 1: queued
       -> play music to a1
 2s  a1 & ana: goes to ana of [ana] without []: as told
 2s  a1 & ana: rings
 3s  a1 & ana: rang for 1000 ms, Accepted
 3s  a1: leaves support after 1000 ms, Answered
 3s  a1 & ana: talk
 3s  ana: talking
       -> bridge a1 and ana's browser
 3s  a1: flow told agent connected
 4s  t2: is created
 4s  t2: enters support
 9s  a1: leg ended, caller_hung_up
 9s  a1 & ana: talked for 6000 ms
 9s  ana: wrap up
 9s  a1 & ana: wrapped up in 0 ms, no disposition
 9s  ana: talking
 9s  a1: is over, caller_hung_up, caller
       -> stop recording
       -> part a1 and ana's browser
 9s  a1: flow told hang-up: caller_hung_up
       -> forget a1
 9s  t2 & ana: goes to ana of [ana] without []: as told
 9s  t2 & ana: rings
10s  t2 & ana: rang for 1000 ms, Accepted
10s  t2: leaves support after 6000 ms, Answered
10s  t2 & ana: talk
    "#);
}

#[test]
fn tasks_that_nothing_may_interrupt_keep_the_call_waiting() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        capacity of ana: 1 voice, 3 task
        at 0s task t1 for support
        at 1s ana accepts
        at 2s call a1 to 100
        flow says enqueue support
        at 9s ana completes t1
    "), @r#"
0s  t1: is created
0s  t1: enters support
0s  t1 & ana: goes to ana of [ana] without []: as told
0s  t1 & ana: rings
0s  ana: offered
1s  t1 & ana: rang for 1000 ms, Accepted
1s  t1: leaves support after 1000 ms, Answered
1s  t1 & ana: talk
1s  ana: talking
2s  a1: calls 100
2s  a1: flow told started, says enqueue support
2s  a1: is answered
2s  a1: is recorded
2s  a1: enters support
      -> answer a1
      -> start recording a1
2s  a1: flow told done 1: queued
      -> play music to a1
9s  t1 & ana: talked for 8000 ms
9s  ana: wrap up
9s  t1 & ana: wrapped up in 0 ms, no disposition
9s  ana: ready
9s  t1: is over, completed, nobody
      -> forget t1
9s  a1 & ana: goes to ana of [ana] without []: as told
9s  a1 & ana: rings
9s  ana: offered
    "#);
}

#[test]
fn who_takes_calls_alone_is_offered_no_task_and_who_takes_tasks_alone_needs_no_device() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        capacity of ben: 2 task
        at 0s ben loses the browser
        at 1s task t1 for support
        at 2s call a1 to 100
        flow says enqueue support
        at 3s ben accepts
    "), @r#"
0s  ben: Browser is down
1s  t1: is created
1s  t1: enters support
1s  t1 & ben: goes to ben of [ben] without []: as told
1s  t1 & ben: rings
1s  ben: offered
2s  a1: calls 100
2s  a1: flow told started, says enqueue support
2s  a1: is answered
2s  a1: is recorded
2s  a1: enters support
      -> answer a1
      -> start recording a1
2s  a1: flow told done 1: queued
      -> play music to a1
2s  a1 & ana: goes to ana of [ana] without []: as told
2s  a1 & ana: rings
2s  ana: offered
3s  t1 & ben: rang for 2000 ms, Accepted
3s  t1: leaves support after 2000 ms, Answered
3s  t1 & ben: talk
3s  ben: talking
    "#);
}

#[test]
fn the_wrap_up_of_a_task_counts_as_the_task_did() {
    assert_snapshot!(play("
        queue support wraps up 30s
        agent ana serves support
        capacity of ana: 1 task
        at 0s task t1 for support
        at 1s ana accepts
        at 5s ana completes t1
        at 6s task t2 for support
        at 9s ana disposes done of t1
    "), @r#"
0s  t1: is created
0s  t1: enters support
0s  t1 & ana: goes to ana of [ana] without []: as told
0s  t1 & ana: rings
0s  ana: offered
1s  t1 & ana: rang for 1000 ms, Accepted
1s  t1: leaves support after 1000 ms, Answered
1s  t1 & ana: talk
1s  ana: talking
5s  t1 & ana: talked for 4000 ms
5s  ana: wrap up
5s  t1: is over, completed, nobody
      -> forget t1
6s  t2: is created
6s  t2: enters support
9s  t1 & ana: wrapped up in 4000 ms, done
9s  ana: ready
9s  t2 & ana: goes to ana of [ana] without []: as told
9s  t2 & ana: rings
9s  ana: offered
    "#);
}

#[test]
fn a_paused_agent_keeps_the_work_in_hand_and_gets_no_more() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        capacity of ana: 3 task
        at 0s task t1 for support
        at 1s ana accepts
        at 2s ana pauses for lunch
        at 3s task t2 for support
        at 9s ana completes t1
        at 20s ana is ready
    "), @r#"
 0s  t1: is created
 0s  t1: enters support
 0s  t1 & ana: goes to ana of [ana] without []: as told
 0s  t1 & ana: rings
 0s  ana: offered
 1s  t1 & ana: rang for 1000 ms, Accepted
 1s  t1: leaves support after 1000 ms, Answered
 1s  t1 & ana: talk
 1s  ana: talking
 2s  ana: is to pause (lunch) after this
 3s  t2: is created
 3s  t2: enters support
 9s  t1 & ana: talked for 8000 ms
 9s  ana: wrap up
 9s  t1 & ana: wrapped up in 0 ms, no disposition
 9s  ana: paused (lunch)
 9s  t1: is over, completed, nobody
       -> forget t1
20s  ana: ready
20s  t2 & ana: goes to ana of [ana] without []: as told
20s  t2 & ana: rings
20s  ana: offered
    "#);
}

#[test]
fn a_smaller_capacity_takes_nothing_away_and_lets_nothing_more_in() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        capacity of ana: 2 task
        at 0s task t1 for support
        at 0s task t2 for support
        at 1s ana accepts t1
        at 1s ana accepts t2
        capacity of ana: 1 task
        at 2s the set-up changes
        at 3s task t3 for support
        at 4s ana completes t1
        at 5s ana completes t2
    "), @r#"
0s  t1: is created
0s  t1: enters support
0s  t1 & ana: goes to ana of [ana] without []: as told
0s  t1 & ana: rings
0s  ana: offered
0s  t2: is created
0s  t2: enters support
0s  t2 & ana: goes to ana of [ana] without []: as told
0s  t2 & ana: rings
1s  t1 & ana: rang for 1000 ms, Accepted
1s  t1: leaves support after 1000 ms, Answered
1s  t1 & ana: talk
1s  ana: talking
1s  t2 & ana: rang for 1000 ms, Accepted
1s  t2: leaves support after 1000 ms, Answered
1s  t2 & ana: talk
3s  t3: is created
3s  t3: enters support
4s  t1 & ana: talked for 3000 ms
4s  ana: talking
4s  t1 & ana: wrapped up in 0 ms, no disposition
4s  t1: is over, completed, nobody
      -> forget t1
5s  t2 & ana: talked for 4000 ms
5s  ana: wrap up
5s  t2 & ana: wrapped up in 0 ms, no disposition
5s  ana: ready
5s  t2: is over, completed, nobody
      -> forget t2
5s  t3 & ana: goes to ana of [ana] without []: as told
5s  t3 & ana: rings
5s  ana: offered
    "#);
}

#[test]
fn a_task_that_is_given_back_goes_to_another_first() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        agent ben serves support
        capacity of ana: 1 task
        capacity of ben: 1 task
        at 0s task t1 for support
        at 1s ana accepts
        at 5s ana gives back t1
        at 6s ben rejects
        at 7s t1 is withdrawn
        at 8s t1 is withdrawn
    "), @r#"
0s  t1: is created
0s  t1: enters support
0s  t1 & ana: goes to ana of [ana, ben] without []: as told
0s  t1 & ana: rings
0s  ana: offered
1s  t1 & ana: rang for 1000 ms, Accepted
1s  t1: leaves support after 1000 ms, Answered
1s  t1 & ana: talk
1s  ana: talking
5s  t1 & ana: talked for 4000 ms
5s  t1: enters support, in the place kept since 0s
5s  ana: ready
5s  t1 & ben: goes to ben of [ben] without [ana (AlreadyOffered)]: as told
5s  t1 & ben: rings
5s  ben: offered
6s  t1 & ben: rang for 1000 ms, Rejected
6s  ben: ready
6s  t1 & ana: goes to ana of [ana, ben] without []: as told
6s  t1 & ana: rings
6s  ana: offered
7s  t1 & ana: rang for 1000 ms, Abandoned
7s  ana: ready
7s  t1: leaves support after 2000 ms, Dequeued
7s  t1: is over, withdrawn, nobody
      -> forget t1
8s  the house: refused withdraw_task: there is no such task
    "#);
}

#[test]
fn a_call_that_loses_its_browser_leaves_the_tasks_in_hand() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        capacity of ana: 1 voice, 1 task under voice
        at 0s task t1 for support
        at 1s ana accepts
        at 2s call a1 to 100
        flow says enqueue support
        at 3s ana accepts
        at 4s ana loses the browser
        at 5s ana completes t1
    "), @r#"
0s  t1: is created
0s  t1: enters support
0s  t1 & ana: goes to ana of [ana] without []: as told
0s  t1 & ana: rings
0s  ana: offered
1s  t1 & ana: rang for 1000 ms, Accepted
1s  t1: leaves support after 1000 ms, Answered
1s  t1 & ana: talk
1s  ana: talking
2s  a1: calls 100
2s  a1: flow told started, says enqueue support
2s  a1: is answered
2s  a1: is recorded
2s  a1: enters support
      -> answer a1
      -> start recording a1
2s  a1: flow told done 1: queued
      -> play music to a1
2s  a1 & ana: goes to ana of [ana] without []: as told
2s  a1 & ana: rings
3s  a1 & ana: rang for 1000 ms, Accepted
3s  a1: leaves support after 1000 ms, Answered
3s  a1 & ana: talk
3s  ana: talking
      -> bridge a1 and ana's browser
3s  a1: flow told agent connected
4s  ana: Browser is down
4s  a1 & ana: talked for 1000 ms
4s  a1: enters support
4s  ana: talking
4s  ana: is to pause (device) after this
      -> part a1 and ana's browser
      -> play music to a1
5s  t1 & ana: talked for 4000 ms
5s  ana: wrap up
5s  t1 & ana: wrapped up in 0 ms, no disposition
5s  ana: paused (device)
5s  t1: is over, completed, nobody
      -> forget t1
    "#);
}

#[test]
fn a_task_outlives_its_queue_where_there_is_a_default_one() {
    assert_snapshot!(play("
        queue support
        queue sales
        default queue sales
        at 0s task t1 for support
        at 9s queue support is removed
        default queue none
        at 10s queue sales is removed
    "), @r#"
 0s  t1: is created
 0s  t1: enters support
 9s  t1: leaves support after 9000 ms, Overflowed
 9s  t1: enters sales
10s  t1: leaves sales after 1000 ms, Overflowed
10s  t1: is over, no_queue, us
       -> forget t1
    "#);
}

#[test]
fn a_stopping_host_keeps_its_tasks() {
    assert_snapshot!(play("
        queue support
        agent ana serves support
        capacity of ana: 1 task
        at 0s task t1 for support
        at 0s task t2 for support
        at 1s ana accepts
        at 9s the host stops
        at 10s task t3 for support
    "), @r#"
 0s  t1: is created
 0s  t1: enters support
 0s  t1 & ana: goes to ana of [ana] without []: as told
 0s  t1 & ana: rings
 0s  ana: offered
 0s  t2: is created
 0s  t2: enters support
 1s  t1 & ana: rang for 1000 ms, Accepted
 1s  t1: leaves support after 1000 ms, Answered
 1s  t1 & ana: talk
 1s  ana: talking
 9s  t2: leaves support after 9000 ms, Ended
 9s  t1 & ana: talked for 8000 ms
 9s  ana: ready
 9s  ana: signed out
       -> forget t2
       -> forget t1
10s  the house: refused create_task: the host is stopping
    "#);
}

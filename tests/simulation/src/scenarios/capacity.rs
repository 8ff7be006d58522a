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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
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
    "), @"");
}

//! Calls through a flow.

use super::Size;
use crate::call::{AGENT_WORDS, Call, Move};
use crate::ordinary::interaction;
use hotline_vocabulary::flow::LookupOutcome;
use proptest::collection::vec;
use proptest::prelude::*;

fn keys() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[0-9]",
        2 => "[0-9]{6}",
        1 => "[0-9*#]{1,64}",
    ]
}

/// What lookups find: what a flow may hope for, and what it does not.
fn found() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        r#"{"contacts_90_days": 3, "last_queue": "support", "open_tasks": 0}"#,
        r#"[{"id": "7", "name": "Li", "phones": ["+8613800138000"], "fields": {"tier": "gold"}}]"#,
        r#"{"status": "shipped", "days": 2}"#,
        r#""gold""#,
        "true",
        "0",
        "[]",
        "{}",
    ])
}

fn one_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        6 => keys().prop_map(Move::Press),
        1 => "[0-9]{1,3}".prop_map(Move::PressAndStop),
        2 => Just(Move::PressNothing),
        2 => (1u32..200).prop_map(Move::Position),
        1 => prop::sample::select(AGENT_WORDS.to_vec()).prop_map(|w| Move::Agent(w.to_owned())),
        2 => Just(Move::Timer),
        3 => found().prop_map(|value| Move::Found(value.to_owned())),
        2 => prop::sample::select(vec![
            LookupOutcome::Nothing,
            LookupOutcome::TimedOut,
            LookupOutcome::Failed,
        ])
        .prop_map(Move::LookupEnds),
        1 => Just(Move::HangUp),
    ]
}

pub(super) fn call(size: Size) -> impl Strategy<Value = Call> {
    let enqueue = prop_oneof![
        5 => Just("queued"),
        1 => Just("queue-full"),
        1 => Just("unknown-queue"),
        1 => Just("queue-closed"),
    ];
    let wish = prop_oneof![3 => Just("ok"), 1 => Just("refused"), 1 => Just("failed")];
    let (moves, attributes, bytes) = match size {
        Size::Usual => (0..12, 0usize..6, 20),
        Size::TenTimes => (0..40, 60usize..61, 200),
    };
    (vec(one_move(), moves), enqueue, wish, attributes).prop_map(
        move |(moves, enqueue, wish, attributes)| {
            let mut contact = interaction(1);
            let more = (0..attributes).map(|n| (format!("attribute-{n}"), "x".repeat(bytes)));
            contact.attributes.extend(more);
            Call {
                moves,
                enqueue: enqueue.to_owned(),
                wish: wish.to_owned(),
                interaction: (attributes > 0).then_some(contact),
            }
        },
    )
}

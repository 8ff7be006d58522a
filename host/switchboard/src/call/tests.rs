//! The whole table: every state, every change, what follows and what is let go of.

use super::*;
use crate::agent::offers::Ringing;
use crate::desk::{Alarm, Desk};
use crate::queue::visit::{Gathering, Needs, Place, Ranking, Ticket, built_in_order};
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::fact::Epoch;
use hotline_vocabulary::ids::{Id, TenantId};
use hotline_vocabulary::skills::SkillExpression;
use hotline_vocabulary::{Millis, Timestamp};
use std::fmt::Write;

fn desk() -> Desk {
    Desk::new(TenantId::from_bits(1), Epoch(1), 1)
}

fn ticket(desk: &mut Desk) -> Ticket {
    Ticket {
        queue: desk.mint(),
        priority: 0,
        skills: SkillExpression::Anyone,
        preferred: None,
    }
}

fn visit(desk: &mut Desk) -> Box<Visit> {
    let contact = desk.mint();
    Box::new(Visit {
        id: desk.mint(),
        ticket: ticket(desk),
        needs: Needs::of(
            Medium::Voice,
            &SkillExpression::Anyone,
            &SkillExpression::Anyone,
        ),
        entered: Timestamp(0),
        place_since: Timestamp(0),
        order: built_in_order(0),
        place: Place::Ranked,
        ring: 1,
        matures: None,
        preferred: None,
        hold: None,
        said: None,
        attempt: 0,
        declined: Vec::new(),
        kept_waiting_at: None,
        kept_waiting_for: Vec::new(),
        ranking: Ranking::Settled,
        gathering: Gathering::Done { since: None },
        facts: Vec::new(),
        progress: desk.after(Millis(1), Alarm::ProgressDue(contact)),
        recheck: None,
        longest_wait: None,
    })
}

fn offer(desk: &mut Desk) -> Offer {
    let (id, agent, contact) = (desk.mint(), desk.mint(), desk.mint());
    Offer::new(id, agent, Ringing::Browser, Millis(20_000), contact, desk)
}

fn talk(desk: &mut Desk) -> Talk {
    Talk {
        segment: desk.mint(),
        agent: desk.mint(),
        medium: Medium::Voice,
        line: None,
        since: Timestamp(0),
        ticket: ticket(desk),
    }
}

type Make<T> = (&'static str, fn(&mut Desk) -> T);

const STATES: [Make<Call>; 6] = [
    ("ringing", |_| Call::Ringing),
    ("in flow", |_| Call::InFlow),
    ("queued", |desk| Call::Queued(visit(desk))),
    ("offered", |desk| Call::Offered(visit(desk), offer(desk))),
    ("talking", |desk| Call::Talking(talk(desk))),
    ("ending", |_| Call::Ending),
];

const CHANGES: [Make<Change>; 7] = [
    ("answer", |_| Change::Answer),
    ("join", |desk| Change::Join(visit(desk))),
    ("offer", |desk| Change::Offer(offer(desk))),
    ("withdraw", |_| Change::Withdraw),
    ("leave", |_| Change::Leave),
    ("connect", |desk| Change::Connect(talk(desk))),
    ("end", |_| Change::End),
];

fn name(call: &Call) -> &'static str {
    match call {
        Call::Ringing => "ringing",
        Call::InFlow => "in flow",
        Call::Queued(_) => "queued",
        Call::Offered(..) => "offered",
        Call::Talking(_) => "talking",
        Call::Ending => "ending",
    }
}

#[test]
fn a_call_moves_only_as_the_table_says_and_lets_go_of_what_is_over() {
    let mut table = String::new();
    for (state, make_state) in STATES {
        for (change, make_change) in CHANGES {
            let mut desk = desk();
            let mut call = make_state(&mut desk);
            let change_made = make_change(&mut desk);
            match call.on(change_made) {
                Some(over) => {
                    let parts = [
                        over.visit.map(|_| "visit"),
                        over.offer.map(|_| "offer"),
                        over.talk.map(|_| "talk"),
                    ];
                    let over: Vec<_> = parts.into_iter().flatten().collect();
                    let next = name(&call);
                    writeln!(
                        table,
                        "{state:8} {change:9} -> {next:8} {}",
                        over.join(", ")
                    )
                    .expect("a string");
                }
                None => assert_eq!(name(&call), state, "a refusal leaves all as it was"),
            }
        }
    }
    let table: Vec<_> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(table.join("\n"), @r#"
    ringing  answer    -> in flow
    ringing  end       -> ending
    in flow  join      -> queued
    in flow  end       -> ending
    queued   offer     -> offered
    queued   leave     -> in flow  visit
    queued   end       -> ending   visit
    offered  withdraw  -> queued   offer
    offered  leave     -> in flow  visit, offer
    offered  connect   -> talking  visit, offer
    offered  end       -> ending   visit, offer
    talking  join      -> queued   talk
    talking  end       -> ending   talk
    "#);
}

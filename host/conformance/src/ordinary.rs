//! An ordinary day: the caller, the queue and the words that inputs are made of unless they say
//! otherwise.

use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{AgentId, ContactId, Id, QueueId};
use hotline_vocabulary::qa::{Speaker, Subject, Turn};
use hotline_vocabulary::routing::{FoundFact, QueueView};
use hotline_vocabulary::time::{Millis, Timestamp};

/// 2026-01-05 10:00 UTC, a Monday.
pub(crate) const MONDAY_TEN_O_CLOCK: Timestamp = Timestamp(1_767_607_200_000);

/// A turn takes this long, with the pause after it.
const TURN: u64 = 2_000;

pub(crate) fn interaction(number: u128) -> Interaction {
    Interaction {
        id: ContactId::from_bits(number).to_string(),
        channel: "phone".to_owned(),
        direction: "inbound".to_owned(),
        caller: format!("+49301234{number:02}").into(),
        dialled: "100".to_owned(),
        language: Some("en".to_owned()),
        started_at: MONDAY_TEN_O_CLOCK,
        priority: 0,
        attributes: vec![("topic".to_owned(), "support".to_owned())],
    }
}

pub(crate) fn queue() -> QueueView {
    QueueView {
        id: QueueId::from_bits(1),
        name: "support".to_owned(),
        waiting: 2,
        oldest_wait_ms: Millis(40_000),
        ready_agents: 2,
        service_level_ms: Millis(20_000),
        expected_wait_ms: Some(Millis(60_000)),
        open: true,
    }
}

pub(crate) fn history(contacts: u32, last_agent: AgentId) -> FoundFact {
    FoundFact {
        id: "history".to_owned(),
        value: serde_json::json!({"contacts_90_days": contacts, "last_agent": last_agent})
            .to_string(),
    }
}

/// Served in `support` by one agent.
pub(crate) fn subject(turns: usize) -> Subject {
    Subject {
        interaction: interaction(1),
        queue: Some("support".to_owned()),
        agents: vec!["Li".to_owned()],
        duration_ms: Millis(turns as u64 * TURN),
    }
}

/// What was said at this place of a contact.
pub(crate) fn turn(place: usize, speaker: Speaker, text: String) -> Turn {
    let start = place as u64 * TURN;
    Turn {
        speaker,
        start_ms: Millis(start),
        end_ms: Millis(start + TURN - 100),
        text: text.into(),
        language: None,
        confidence: Some(0.9),
    }
}

//! What another system is told of a contact that is over, made of its row and its timeline.

use hotline_records::repositories::contacts::ContactDetail;
use hotline_vocabulary::Fact;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::connector::Activity;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::SegmentId;
use hotline_vocabulary::time::Millis;
use std::collections::BTreeSet;

/// Of the notes together; the contract's bound on a body.
const BODY_BYTES: usize = 16 * 1024;

/// Whether every agent who had the contact has said what it was about.
pub(super) fn is_wrapped_up(timeline: &[Fact]) -> bool {
    let mut open: BTreeSet<SegmentId> = BTreeSet::new();
    for fact in timeline {
        match &fact.what {
            What::AgentConnected { segment, .. } => {
                open.insert(*segment);
            }
            What::WrapUpEnded { segment, .. } => {
                open.remove(segment);
            }
            _ => {}
        }
    }
    open.is_empty()
}

/// `connector` is who will be told: whom it found when the contact arrived is whom this is about.
pub(super) fn activity(contact: &ContactDetail, timeline: &[Fact], connector: &str) -> Activity {
    let row = &contact.row;
    let (mut notes, mut known, mut outbound) = (Vec::new(), None, false);
    for fact in timeline {
        match &fact.what {
            What::WrapUpEnded { note, .. } if !note.trim().is_empty() => notes.push(note.as_str()),
            What::CustomerLookedUp {
                connector: by,
                customers,
                ..
            } if by == connector => {
                // Several fit: whose it is, is not ours to guess.
                known = match &customers[..] {
                    [one] => one.id.clone(),
                    _ => None,
                };
            }
            What::CustomerCalled { .. } => outbound = true,
            _ => {}
        }
    }
    let mut body = notes.join("\n\n");
    if body.len() > BODY_BYTES {
        body.truncate(body.floor_char_boundary(BODY_BYTES));
    }
    let ended_at = row.ended_at.unwrap_or(row.started_at);
    let queue = row.queue_names.last().map(String::as_str);
    Activity {
        contact: known,
        interaction_id: row.id.to_string(),
        subject: subject(row.channel, queue, row.caller.reveal()).into(),
        body: body.into(),
        direction: match outbound {
            true => "outbound".to_owned(),
            false => "inbound".to_owned(),
        },
        channel: row.channel.as_str().to_owned(),
        started_at: row.started_at,
        duration_ms: Millis(ended_at.since(row.started_at).0),
        agent: row.agent_names.last().cloned(),
        disposition: row.disposition.clone(),
        fields: contact
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect(),
    }
}

/// As people who read it in the other system would say.
fn subject(channel: Channel, queue: Option<&str>, caller: &str) -> String {
    let what = match channel {
        Channel::Task => "Task",
        _ => "Call",
    };
    let about = match caller {
        "" => String::new(),
        caller => format!(" with {caller}"),
    };
    match queue {
        Some(queue) => format!("{what}{about} ({queue})"),
        None => format!("{what}{about}"),
    }
}

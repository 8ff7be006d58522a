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

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_records::repositories::contacts::ContactRow;
    use hotline_vocabulary::connector::Contact;
    use hotline_vocabulary::fact::{Epoch, Sequence};
    use hotline_vocabulary::ids::{ContactId, Id, QueueId, TenantId};
    use hotline_vocabulary::time::Timestamp;

    fn fact(what: What) -> Fact {
        Fact {
            tenant: TenantId::from_bits(1),
            epoch: Epoch(1),
            sequence: Sequence(1),
            at: Timestamp(1_000),
            contact: Some(ContactId::from_bits(1)),
            agent: None,
            what,
        }
    }

    fn connected(segment: u128) -> Fact {
        fact(What::AgentConnected {
            segment: SegmentId::from_bits(segment),
            queue: QueueId::from_bits(1),
            leg: None,
        })
    }

    fn wrapped(segment: u128, note: &str) -> Fact {
        fact(What::WrapUpEnded {
            segment: SegmentId::from_bits(segment),
            wrapped_ms: Millis(10),
            disposition: None,
            note: note.to_owned(),
        })
    }

    fn found(connector: &str, ids: &[&str]) -> Fact {
        let customer = |id: &&str| Contact {
            id: Some((*id).to_owned()),
            ..Contact::default()
        };
        fact(What::CustomerLookedUp {
            connector: connector.to_owned(),
            customers: ids.iter().map(customer).collect(),
            problem: None,
        })
    }

    fn detail() -> ContactDetail {
        ContactDetail {
            row: ContactRow {
                id: ContactId::from_bits(1),
                channel: Channel::Phone,
                caller: "+4930111".into(),
                dialled: "100".to_owned(),
                flow: "main".to_owned(),
                started_at: Timestamp(1_000),
                answered_at: None,
                ended_at: Some(Timestamp(61_000)),
                end_reason: None,
                blame: None,
                queue_names: vec!["sales".to_owned(), "support".to_owned()],
                agent_names: vec!["Ann".to_owned()],
                waited_ms: Millis(5),
                talked_ms: Millis(6),
                disposition: Some("resolved".to_owned()),
                has_recording: false,
            },
            attributes: vec![("tier".to_owned(), "gold".to_owned())],
            flow_versions: Vec::new(),
            media: Vec::new(),
            recordings: Vec::new(),
        }
    }

    #[test]
    fn a_contact_is_told_of_once_every_agent_has_said_what_it_was_about() {
        assert!(is_wrapped_up(&[]), "nobody had it");
        let mut timeline = vec![connected(1)];
        assert!(!is_wrapped_up(&timeline));
        timeline.extend([connected(2), wrapped(1, "")]);
        assert!(!is_wrapped_up(&timeline));
        timeline.push(wrapped(2, ""));
        assert!(is_wrapped_up(&timeline));
    }

    #[test]
    fn an_activity_says_who_when_how_long_and_what_the_agents_noted() {
        let timeline = [
            found("crm", &["42"]),
            found("other", &["7", "8"]),
            wrapped(1, "wants a refund"),
            wrapped(2, " "),
            wrapped(3, "refunded"),
        ];
        let told = activity(&detail(), &timeline, "crm");
        assert_eq!(told.contact.as_deref(), Some("42"));
        assert_eq!(told.subject.reveal(), "Call with +4930111 (support)");
        assert_eq!(told.body.reveal(), "wants a refund\n\nrefunded");
        assert_eq!(
            (told.duration_ms, told.direction.as_str()),
            (Millis(60_000), "inbound")
        );
        assert_eq!(told.interaction_id, detail().row.id.to_string());
        // Of two who fit, neither is taken.
        assert_eq!(activity(&detail(), &timeline, "other").contact, None);
        let long = [wrapped(1, &"密".repeat(10_000))];
        let told = activity(&detail(), &long, "crm");
        assert!(told.body.reveal().len() <= BODY_BYTES);
    }
}

//! What a contact's facts add up to: one pure fold, used by the projector as facts come and by
//! anyone who wants to count again. The row in SQL equals the fold over the contact's timeline.

use hotline_vocabulary::address::{Address, Channel};
use hotline_vocabulary::end_reason::EndReason;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, LegId, QueueId, RecordingId};
use hotline_vocabulary::media::MediaStatistics;
use hotline_vocabulary::time::{Millis, Timestamp};
use hotline_vocabulary::{Fact, Personal};

/// The contact's own row.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    pub channel: Channel,
    pub caller: Address,
    pub dialled: String,
    pub flow: String,
    pub started_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub ended: Option<(Timestamp, EndReason)>,
    /// Over all its queue visits.
    pub waited_ms: Millis,
    /// Over all its segments.
    pub talked_ms: Millis,
    /// The last one given.
    pub disposition: Option<String>,
    pub attributes: Vec<(String, String)>,
    /// Labels of the versions that stepped, in order, each once.
    pub flow_versions: Vec<String>,
}

/// A row beside the contact's own that a fact makes or completes.
#[derive(Debug, Clone, PartialEq)]
pub enum Beside {
    Queue {
        queue: QueueId,
        name: String,
        entered_at: Timestamp,
    },
    Agent {
        agent: AgentId,
        connected_at: Timestamp,
    },
    RecordingStarted {
        recording: RecordingId,
        started_at: Timestamp,
    },
    RecordingFinished {
        recording: RecordingId,
        finished_at: Timestamp,
        length_ms: Millis,
        bytes: u64,
    },
    Leg {
        leg: LegId,
        measured_at: Timestamp,
        statistics: MediaStatistics,
    },
}

impl Contact {
    /// The contact that a `contact_started` begins; none for any other fact.
    pub fn begun_by(at: Timestamp, what: &What) -> Option<Contact> {
        let What::ContactStarted {
            channel,
            caller,
            dialled,
            flow,
            ..
        } = what
        else {
            return None;
        };
        Some(Contact {
            channel: *channel,
            caller: Personal::new(storable(caller.reveal())),
            dialled: storable(dialled),
            flow: storable(flow),
            started_at: at,
            answered_at: None,
            ended: None,
            waited_ms: Millis::ZERO,
            talked_ms: Millis::ZERO,
            disposition: None,
            attributes: Vec::new(),
            flow_versions: Vec::new(),
        })
    }

    /// Whether the fact changed anything.
    pub fn apply(&mut self, at: Timestamp, what: &What) -> bool {
        match what {
            What::ContactAnswered => self.answered_at = Some(at),
            What::ContactEnded { reason } => self.ended = Some((at, *reason)),
            What::AttributesSet { attributes } => {
                for (name, value) in attributes {
                    match self.attributes.iter_mut().find(|(known, _)| known == name) {
                        Some((_, known)) => known.clone_from(value),
                        None => self.attributes.push((name.clone(), value.clone())),
                    }
                }
            }
            What::FlowStepped { version, .. } => {
                let label = version.label();
                if self.flow_versions.contains(&label) {
                    return false;
                }
                self.flow_versions.push(label);
            }
            What::QueueLeft { waited_ms, .. } => self.waited_ms = self.waited_ms + *waited_ms,
            What::SegmentEnded { talked_ms, .. } => self.talked_ms = self.talked_ms + *talked_ms,
            What::WrapUpEnded {
                disposition: Some(disposition),
                ..
            } => self.disposition = Some(storable(disposition)),
            _ => return false,
        }
        true
    }

    /// The fold over a contact's timeline; none when it does not begin with its start.
    pub fn recount(timeline: &[Fact]) -> Option<Contact> {
        let (first, rest) = timeline.split_first()?;
        let mut contact = Contact::begun_by(first.at, &first.what)?;
        for fact in rest {
            contact.apply(fact.at, &fact.what);
        }
        Some(contact)
    }
}

/// The row beside the contact's own that a fact makes or completes.
pub fn beside(at: Timestamp, agent: Option<AgentId>, what: &What) -> Option<Beside> {
    match what {
        What::QueueEntered {
            queue, queue_name, ..
        } => Some(Beside::Queue {
            queue: *queue,
            name: storable(queue_name),
            entered_at: at,
        }),
        What::AgentConnected { .. } => Some(Beside::Agent {
            agent: agent?,
            connected_at: at,
        }),
        What::RecordingStarted { recording, .. } => Some(Beside::RecordingStarted {
            recording: *recording,
            started_at: at,
        }),
        What::RecordingFinished {
            recording,
            length_ms,
            bytes,
        } => Some(Beside::RecordingFinished {
            recording: *recording,
            finished_at: at,
            length_ms: *length_ms,
            bytes: *bytes,
        }),
        What::LegMeasured { leg, statistics } => Some(Beside::Leg {
            leg: *leg,
            measured_at: at,
            statistics: *statistics,
        }),
        _ => None,
    }
}

/// The kinds that change a contact's rows; the others are not parsed.
pub fn changes_contact(kind: &str) -> bool {
    matches!(
        kind,
        "contact_started"
            | "contact_answered"
            | "contact_ended"
            | "attributes_set"
            | "flow_stepped"
            | "queue_entered"
            | "queue_left"
            | "agent_connected"
            | "segment_ended"
            | "wrap_up_ended"
            | "recording_started"
            | "recording_finished"
            | "leg_measured"
    )
}

/// PostgreSQL's text can not hold NUL, which a far end may send.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

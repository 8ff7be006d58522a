//! After a crash: what was open when the host died is ended, blame us, so that every contact, queue
//! visit, offer and segment ends exactly once. Tasks wait on: of those only what was under way ends.

use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::projector;
use crate::repositories::Records;
use hotline_vocabulary::Fact;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::end_reason::EndReason;
use hotline_vocabulary::fact::{Epoch, OfferEnd, Sequence, VisitEnd, What};
use hotline_vocabulary::ids::{
    AgentId, ContactId, OfferId, QueueId, RecordingId, SegmentId, TenantId, VisitId,
};
use hotline_vocabulary::input::Task;
use hotline_vocabulary::time::{Millis, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A recording whose file was repaired after the crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepairedRecording {
    pub recording: RecordingId,
    pub length_ms: Millis,
    pub bytes: u64,
}

/// What one contact had begun and not ended.
#[derive(Debug, Default)]
struct Open {
    contact: bool,
    is_task: bool,
    /// A task that has been in a queue outlives the host.
    is_kept: bool,
    visits: BTreeMap<VisitId, (QueueId, Timestamp)>,
    offers: BTreeMap<OfferId, (Option<AgentId>, Timestamp)>,
    segments: BTreeMap<SegmentId, (Option<AgentId>, Timestamp)>,
    recordings: BTreeMap<RecordingId, Timestamp>,
}

impl Open {
    fn apply(&mut self, fact: &Fact) {
        match &fact.what {
            What::ContactStarted { channel, .. } => {
                self.contact = true;
                self.is_task = *channel == Channel::Task;
            }
            What::ContactEnded { .. } => self.contact = false,
            What::QueueEntered { visit, queue, .. } => {
                self.is_kept = self.is_task;
                self.visits.insert(*visit, (*queue, fact.at));
            }
            What::QueueLeft { visit, .. } => {
                self.visits.remove(visit);
            }
            What::OfferMade { offer, .. } => {
                self.offers.insert(*offer, (fact.agent, fact.at));
            }
            What::OfferEnded { offer, .. } => {
                self.offers.remove(offer);
            }
            What::AgentConnected { segment, .. } => {
                self.segments.insert(*segment, (fact.agent, fact.at));
            }
            What::SegmentEnded { segment, .. } => {
                self.segments.remove(segment);
            }
            What::RecordingStarted { recording, .. } => {
                self.recordings.insert(*recording, fact.at);
            }
            What::RecordingFinished { recording, .. } => {
                self.recordings.remove(recording);
            }
            _ => {}
        }
    }

    /// What ends it, in order, each with the agent whose day it belongs to.
    fn close(
        &self,
        died_at: Timestamp,
        repaired: &BTreeMap<RecordingId, &RepairedRecording>,
    ) -> (Timestamp, Vec<(Option<AgentId>, What)>) {
        // A long talk makes no facts: its recording knows longer than they do that it went on.
        let heard = self.recordings.iter().map(|(id, started)| {
            repaired
                .get(id)
                .map_or(*started, |file| *started + file.length_ms)
        });
        let at = heard.fold(died_at, Timestamp::max);
        let mut whats = Vec::new();
        for (offer, (agent, since)) in &self.offers {
            let how = OfferEnd::Abandoned;
            let rang_ms = at.since(*since);
            whats.push((
                *agent,
                What::OfferEnded {
                    offer: *offer,
                    how,
                    rang_ms,
                },
            ));
        }
        for (visit, (queue, since)) in &self.visits {
            whats.push((
                None,
                What::QueueLeft {
                    visit: *visit,
                    queue: *queue,
                    waited_ms: at.since(*since),
                    how: VisitEnd::Ended,
                },
            ));
        }
        for (segment, (agent, since)) in &self.segments {
            whats.push((
                *agent,
                What::SegmentEnded {
                    segment: *segment,
                    talked_ms: at.since(*since),
                },
            ));
        }
        if self.contact && !self.is_kept {
            let reason = EndReason::HostRestart;
            whats.push((None, What::ContactEnded { reason }));
        }
        for recording in self.recordings.keys() {
            // A file that is not there has no length.
            let file = repaired.get(recording);
            whats.push((
                None,
                What::RecordingFinished {
                    recording: *recording,
                    length_ms: file.map_or(Millis::ZERO, |file| file.length_ms),
                    bytes: file.map_or(0, |file| file.bytes),
                },
            ));
        }
        (at, whats)
    }
}

/// The facts that end what `facts` leave open: whole timelines of the contacts that were open, and
/// of the agents who were signed in their last change of state. `died_at` is the last time at
/// which the host is known to have lived: figures end there, not at the restart. The facts are
/// numbered from 1 in `epoch`, which must be the tenant's next and no switchboard's.
pub fn close_after_restart(
    tenant: TenantId,
    epoch: Epoch,
    died_at: Timestamp,
    facts: &[Fact],
    repaired: &[RepairedRecording],
) -> Vec<Fact> {
    let repaired = repaired.iter().map(|file| (file.recording, file)).collect();
    let mut contacts: BTreeMap<ContactId, Open> = BTreeMap::new();
    let mut agents: BTreeMap<AgentId, &AgentState> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.tenant == tenant) {
        if let (What::AgentStateChanged { to, .. }, Some(agent)) = (&fact.what, fact.agent) {
            agents.insert(agent, to);
        }
        if let Some(contact) = fact.contact {
            contacts.entry(contact).or_default().apply(fact);
        }
    }
    let mut closing: Vec<(Timestamp, Option<ContactId>, Option<AgentId>, What)> = Vec::new();
    for (contact, open) in &contacts {
        let (at, whats) = open.close(died_at, &repaired);
        for (agent, what) in whats {
            closing.push((at, Some(*contact), agent, what));
        }
    }
    for (agent, state) in agents {
        if *state != AgentState::SignedOut {
            let what = What::AgentStateChanged {
                from: state.name().to_owned(),
                to: AgentState::SignedOut,
            };
            closing.push((died_at, None, Some(agent), what));
        }
    }
    closing
        .into_iter()
        .zip(1..)
        .map(|((at, contact, agent, what), sequence)| Fact {
            tenant,
            epoch,
            sequence: Sequence(sequence),
            at,
            contact,
            agent,
            what,
        })
        .collect()
}

/// Ends what a tenant's last host left open, at a start and before its switchboard is made: waits
/// until SQL has the whole journal, folds, appends, waits again. `highest` is the tenant's highest
/// epoch in the journal ([`crate::journal::Recovered::epochs`]). Returns what it appended; nothing
/// after an orderly stop.
pub async fn close_what_was_open(
    records: &Records,
    journal: &Journal,
    projector: &projector::Handle,
    tenant: TenantId,
    highest: Epoch,
    repaired: &[RepairedRecording],
) -> Result<Vec<Fact>> {
    let stopped = |_| Error::Unavailable(sqlx::Error::PoolClosed);
    projector.caught_up().await.map_err(stopped)?;
    let Some(died_at) = records.events.last_at(tenant).await? else {
        return Ok(Vec::new());
    };
    let mut ids: BTreeSet<ContactId> = BTreeSet::new();
    ids.extend(records.contacts.open(tenant).await?);
    ids.extend(records.contacts.with_unfinished_recordings(tenant).await?);
    let mut facts = records.events.last_agent_states(tenant).await?;
    for contact in ids {
        facts.extend(records.contacts.timeline(tenant, contact).await?);
    }
    // The epoch is only raised when something is to be said in it.
    if close_after_restart(tenant, highest, died_at, &facts, repaired).is_empty() {
        return Ok(Vec::new());
    }
    let epoch = records.epochs.next(tenant, highest).await?;
    let closing = close_after_restart(tenant, epoch, died_at, &facts, repaired);
    journal.append(&closing)?;
    projector.caught_up().await.map_err(stopped)?;
    Ok(closing)
}

/// The task that a timeline tells of, as it waited last, and when it was created. None for a contact
/// of another channel, or one that was never in a queue or has ended.
pub fn task_of(timeline: &[Fact]) -> Option<(Task, Timestamp)> {
    let (first, rest) = timeline.split_first()?;
    let What::ContactStarted {
        channel: Channel::Task,
        caller,
        parent,
        ..
    } = &first.what
    else {
        return None;
    };
    let mut attributes = Vec::new();
    let mut place = None;
    for fact in rest {
        match &fact.what {
            What::AttributesSet { attributes: set } => {
                for (name, value) in set {
                    attributes.retain(|(known, _)| known != name);
                    attributes.push((name.clone(), value.clone()));
                }
            }
            What::QueueEntered {
                queue,
                priority,
                skills,
                ..
            } => place = Some((*queue, *priority, skills.clone())),
            What::ContactEnded { .. } => return None,
            _ => {}
        }
    }
    let (queue, priority, skills) = place?;
    let task = Task {
        contact: first.contact?,
        customer: caller.clone(),
        queue,
        priority,
        skills,
        attributes,
        parent: *parent,
    };
    Some((task, first.at))
}

/// The tasks that have begun and not ended, oldest first: for a switchboard that starts. One query
/// each; their number is bounded by the switchboard's limit on them.
pub async fn open_tasks(records: &Records, tenant: TenantId) -> Result<Vec<(Task, Timestamp)>> {
    let mut tasks = Vec::new();
    for contact in records.contacts.open(tenant).await? {
        let timeline = records.contacts.timeline(tenant, contact).await?;
        tasks.extend(task_of(&timeline));
    }
    tasks.sort_by_key(|(task, started)| (*started, task.contact));
    Ok(tasks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Minter;

    #[test]
    fn a_task_in_hand_when_the_host_died_stays_open_and_waits_as_before() {
        let mut ids = Minter::new(1);
        let at = Timestamp(1_000);
        let (tenant, queue): (TenantId, QueueId) = (ids.mint(at), ids.mint(at));
        let (contact, agent): (ContactId, AgentId) = (ids.mint(at), ids.mint(at));
        let (visit, segment) = (ids.mint(at), ids.mint(at));
        let whats = vec![
            What::ContactStarted {
                channel: Channel::Task,
                caller: "ticket-7".into(),
                dialled: String::new(),
                leg: None,
                flow: String::new(),
                parent: None,
            },
            What::QueueEntered {
                visit,
                queue,
                queue_name: "support".to_owned(),
                priority: 3,
                place_since: None,
                skills: "english >= 4".parse().expect("an expression"),
            },
            What::QueueLeft {
                visit,
                queue,
                waited_ms: Millis(1),
                how: VisitEnd::Answered,
            },
            What::AgentConnected {
                segment,
                queue,
                leg: None,
            },
        ];
        let fact = |(what, sequence)| Fact {
            tenant,
            epoch: Epoch(1),
            sequence: Sequence(sequence),
            at,
            contact: Some(contact),
            agent: Some(agent),
            what,
        };
        let mut timeline: Vec<Fact> = whats.into_iter().zip(1..).map(fact).collect();
        let died_at = Timestamp(5_000);
        let closing = close_after_restart(tenant, Epoch(2), died_at, &timeline, &[]);
        let [over] = closing.as_slice() else {
            panic!("only the segment ends: {closing:?}");
        };
        let talked_ms = Millis(4_000);
        assert_eq!(over.what, What::SegmentEnded { segment, talked_ms });
        timeline.extend(closing);

        let (task, started) = task_of(&timeline).expect("the task waits");
        assert_eq!((started, task.queue, task.priority), (at, queue, 3));
        assert_eq!(task.skills.to_string(), "english >= 4");
        let reason = EndReason::Completed;
        timeline.push(fact((What::ContactEnded { reason }, 9)));
        assert_eq!(task_of(&timeline), None, "what is done does not come back");
    }
}

//! After a crash: what was open when the host died is ended, blame us, so that every contact, queue
//! visit, offer and segment ends exactly once. Tasks wait on, and callbacks whose customers were not
//! reached: of those only what was under way ends.

mod taking_up;

pub use taking_up::{callback_of, left_over, task_of};

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
    AgentId, ContactId, LegId, OfferId, QueueId, RecordingId, SegmentId, TenantId, VisitId,
};
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
    is_callback: bool,
    /// A task or callback that has been in a queue outlives the host, until its customer is on the
    /// line.
    is_kept: bool,
    /// The leg on which a callback's customer is called.
    calling: Option<LegId>,
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
                self.is_callback = *channel == Channel::Callback;
            }
            What::CustomerCalled { leg } => self.calling = Some(*leg),
            What::ContactAnswered => {
                self.calling = None;
                self.is_callback = false;
                self.is_kept = self.is_task;
            }
            What::LegEnded { leg, .. } if self.calling == Some(*leg) => self.calling = None,
            What::ContactEnded { .. } => self.contact = false,
            What::QueueEntered { visit, queue, .. } => {
                self.is_kept = self.is_task || self.is_callback;
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
                self.calling = None;
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
        if let Some(leg) = self.calling {
            let reason = EndReason::HostRestart;
            whats.push((None, What::LegEnded { leg, reason }));
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

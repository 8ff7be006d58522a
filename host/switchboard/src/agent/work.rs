//! What an agent has in hand: contacts that ring, are handled or are wrapped up, each of its medium.
//! How many more of which medium they may be offered follows from it and from their capacity.

use crate::agent::pool::{Spare, Standing};
use crate::agent::pools::Standings;
use crate::agent::{Agent, Availability, DEVICE};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::agent::{AgentState, Work, WorkStage};
use hotline_vocabulary::ids::{ContactId, OfferId, SegmentId};
use hotline_vocabulary::routing::Exclusion;

impl Agent {
    /// What the agent is to their queues: free for a medium while they take contacts, have room for
    /// one more of it, and nothing in hand that it may not interrupt.
    pub(crate) fn standings(&self) -> Standings {
        let overall = match (&self.availability, self.work.is_empty()) {
            (Availability::SignedOut, _) => Standing::Absent,
            (_, false) => Standing::Busy,
            (Availability::Paused { .. }, true) => Standing::Paused,
            (Availability::Ready, true) => Standing::Free(Spare::idle(self.resting_since)),
        };
        Standings {
            overall,
            by_medium: Medium::ALL.map(|medium| self.standing(medium, overall)),
        }
    }

    fn standing(&self, medium: Medium, overall: Standing) -> Standing {
        if self.config.at_once(medium) == 0 {
            return Standing::Absent;
        }
        match (&self.availability, overall) {
            // Whoever can not be heard takes no calls, whatever else they take.
            (Availability::Ready, Standing::Free(_) | Standing::Busy)
                if medium == Medium::Voice && !self.is_up(self.device) =>
            {
                match overall {
                    Standing::Busy => Standing::Busy,
                    _ => Standing::Paused,
                }
            }
            (Availability::Ready, Standing::Busy) if self.has_room_for(medium) => {
                Standing::Free(self.spare())
            }
            _ => overall,
        }
    }

    fn has_room_for(&self, medium: Medium) -> bool {
        let of_medium = self.work.iter().filter(|work| work.medium == medium);
        of_medium.count() < usize::from(self.config.at_once(medium))
            && self
                .work
                .iter()
                .all(|work| self.config.is_interrupted(work.medium, medium))
    }

    /// Why the agent may not be offered a contact of a medium now; none when they may.
    pub(crate) fn hindrance(&self, medium: Medium) -> Option<Exclusion> {
        if let Standing::Free(_) = self.standings().of(medium) {
            return None;
        }
        let most = usize::from(self.config.at_once(medium));
        let of_medium = self.work.iter().filter(|work| work.medium == medium);
        Some(match &self.availability {
            Availability::Paused { .. } | Availability::Ready if most == 0 => {
                Exclusion::Capacity(medium)
            }
            Availability::Paused { reason } if reason == DEVICE => Exclusion::NoDevice,
            Availability::Ready if self.work.is_empty() => Exclusion::NoDevice,
            Availability::Ready if medium != Medium::Voice && of_medium.count() >= most => {
                Exclusion::Capacity(medium)
            }
            _ => Exclusion::State(self.state().name().to_owned()),
        })
    }

    fn spare(&self) -> Spare {
        let latest = self.work.iter().map(|work| work.stage.since()).max();
        Spare {
            load: u8::try_from(self.work.len()).unwrap_or(u8::MAX),
            since: latest.unwrap_or(self.resting_since),
        }
    }

    /// What the agent does, in one word. Of several contacts the foremost: what is worked on before
    /// what only rings, a call before the rest, the oldest first.
    pub(crate) fn state(&self) -> AgentState {
        let foremost = self.work.iter().min_by_key(|work| {
            let rings = matches!(work.stage, WorkStage::Offered { .. });
            let wraps_up = matches!(work.stage, WorkStage::WrapUp { .. });
            let silent = work.medium != Medium::Voice;
            (rings, silent, wraps_up, work.stage.since())
        });
        let since = self.resting_since;
        match (&self.availability, foremost) {
            (Availability::SignedOut, _) => AgentState::SignedOut,
            (_, Some(work)) => work.as_state(),
            (Availability::Ready, None) => AgentState::Ready { since },
            (Availability::Paused { reason }, None) => AgentState::Paused {
                reason: reason.clone(),
                since,
            },
        }
    }

    /// The pause that begins when what is in hand is done.
    pub(crate) fn pause_next(&self) -> Option<&str> {
        match &self.availability {
            Availability::Paused { reason } if !self.work.is_empty() => Some(reason),
            _ => None,
        }
    }

    /// Whether the agent works, which a contact that only rings is not.
    pub(crate) fn is_occupied(&self) -> bool {
        let rings = |work: &Work| matches!(work.stage, WorkStage::Offered { .. });
        self.work.iter().any(|work| !rings(work))
    }

    /// The contact whose offer this is, while it rings here.
    pub(crate) fn offered(&self, wanted: OfferId) -> Option<ContactId> {
        let rings = |work: &&Work| matches!(work.stage, WorkStage::Offered { offer, .. } if offer == wanted);
        self.work.iter().find(rings).map(|work| work.contact)
    }

    /// The segment that is wrapped up for a contact, and since when.
    pub(crate) fn wrapping_up(&self, contact: ContactId) -> Option<(SegmentId, Timestamp)> {
        let work = self.work.iter().find(|work| work.contact == contact)?;
        match work.stage {
            WorkStage::WrapUp { segment, since, .. } => Some((segment, since)),
            _ => None,
        }
    }

    /// The contact's place in hand moves on, or begins.
    pub(crate) fn take_up(&mut self, contact: ContactId, medium: Medium, stage: WorkStage) {
        match self.work.iter_mut().find(|work| work.contact == contact) {
            Some(work) => work.stage = stage,
            None => self.work.push(Work {
                contact,
                medium,
                stage,
            }),
        }
    }

    /// The contact is done with. Rest begins when it was the last.
    pub(crate) fn put_down(&mut self, contact: ContactId, now: Timestamp) {
        self.put_down_unnoticed(contact);
        if self.work.is_empty() {
            self.resting_since = now;
        }
    }

    /// As if the contact had never been in hand: it left while it rang, which is not the agent's
    /// doing.
    pub(crate) fn put_down_unnoticed(&mut self, contact: ContactId) {
        self.work.retain(|work| work.contact != contact);
    }
}

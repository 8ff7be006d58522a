//! Are we recording? For now a contact is recorded from its answer to its end unless the rule says
//! never, but not while it enters something sensitive. The caller's own choice will be asked here.

use crate::desk::Desk;
use hotline_vocabulary::Effect;
use hotline_vocabulary::configuration::RecordingRule;
use hotline_vocabulary::fact::{RecordingPurpose, What};
use hotline_vocabulary::ids::{ContactId, LegId, RecordingId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recording {
    No,
    Running(RecordingId),
    Paused(RecordingId),
}

impl Recording {
    /// The contact was answered.
    pub(crate) fn begin(
        rule: RecordingRule,
        contact: ContactId,
        leg: LegId,
        desk: &mut Desk,
    ) -> Recording {
        match rule {
            RecordingRule::Never => return Recording::No,
            RecordingRule::Always => {}
        }
        Recording::start(RecordingPurpose::Contact, contact, leg, desk)
    }

    /// Records, whatever the rule: for a message, which its customer leaves to be heard.
    pub(crate) fn start(
        purpose: RecordingPurpose,
        contact: ContactId,
        leg: LegId,
        desk: &mut Desk,
    ) -> Recording {
        let recording = desk.mint();
        desk.fact(contact, What::RecordingStarted { recording, purpose });
        desk.effect(Effect::StartRecording {
            recording,
            contact,
            leg,
        });
        Recording::Running(recording)
    }

    /// Something sensitive begins.
    pub(crate) fn pause(&mut self, desk: &mut Desk) {
        if let Recording::Running(recording) = *self {
            desk.effect(Effect::PauseRecording { recording });
            *self = Recording::Paused(recording);
        }
    }

    pub(crate) fn resume(&mut self, desk: &mut Desk) {
        if let Recording::Paused(recording) = *self {
            desk.effect(Effect::ResumeRecording { recording });
            *self = Recording::Running(recording);
        }
    }

    /// The contact ended. Gives the recording whose length is still to come.
    pub(crate) fn end(&mut self, desk: &mut Desk) -> Option<RecordingId> {
        match std::mem::replace(self, Recording::No) {
            Recording::No => None,
            Recording::Running(recording) | Recording::Paused(recording) => {
                desk.effect(Effect::StopRecording { recording });
                Some(recording)
            }
        }
    }

    pub(crate) const fn id(self) -> Option<RecordingId> {
        match self {
            Recording::No => None,
            Recording::Running(id) | Recording::Paused(id) => Some(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::fact::Epoch;
    use hotline_vocabulary::ids::{Id, TenantId};

    #[test]
    fn where_the_rule_says_never_nothing_is_recorded_nor_said_to_be() {
        let mut desk = Desk::new(TenantId::from_bits(1), Epoch(1), 1);
        let (contact, leg) = (desk.mint(), desk.mint());
        let mut recording = Recording::begin(RecordingRule::Never, contact, leg, &mut desk);
        recording.pause(&mut desk);
        recording.resume(&mut desk);
        assert_eq!(recording.end(&mut desk), None);
        let (facts, effects) = desk.drain();
        assert!(
            facts.is_empty() && effects.is_empty(),
            "{facts:?} {effects:?}"
        );

        let recording = Recording::begin(RecordingRule::Always, contact, leg, &mut desk);
        assert!(recording.id().is_some());
    }
}

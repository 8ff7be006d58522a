//! The world's part of an effect: what comes of it, and when.

use super::{Plan, Storm};
use hotline_vocabulary::flow::Finding;
use hotline_vocabulary::ids::LegId;
use hotline_vocabulary::media::{MediaStatistics, PlaybackOutcome};
use hotline_vocabulary::routing::FoundFact;
use hotline_vocabulary::{Effect, EndReason, Input, Millis};

impl Storm {
    pub(super) fn perform(&mut self, effect: &Effect) {
        match effect {
            Effect::Ask { question, ask } => self.ask(*question, ask),
            Effect::Play { leg, playback, .. } => {
                let outcome = *self.pick(&[
                    PlaybackOutcome::Completed,
                    PlaybackOutcome::Completed,
                    PlaybackOutcome::Interrupted,
                    PlaybackOutcome::Failed,
                ]);
                let (leg, playback) = (*leg, *playback);
                let ended = Input::PlaybackEnded {
                    leg,
                    playback,
                    outcome,
                };
                self.plan_within(5_000, Plan::Give(ended));
            }
            Effect::Dial { leg, .. } => {
                let leg = *leg;
                let reason = *self.pick(&[
                    EndReason::Busy,
                    EndReason::NoAnswer,
                    EndReason::FarEndFailed,
                    EndReason::AgentHungUp,
                    EndReason::MediaLost,
                ]);
                if !self.chance(self.parameters.bad_agents) {
                    self.plan_within(4_000, Plan::Give(Input::LegAnswered { leg }));
                }
                self.plan_within(30_000, Plan::Give(Input::LegEnded { leg, reason }));
            }
            Effect::DialCustomer { leg, contact, .. } => {
                self.called.insert(*contact);
                self.customer_is_called(*leg);
            }
            Effect::HangUp { leg, .. } | Effect::Reject { leg, .. } => {
                let statistics = MediaStatistics::default();
                let leg = *leg;
                self.plan_within(500, Plan::Give(Input::LegMeasured { leg, statistics }));
            }
            Effect::LookUp { contact, visit, .. } => {
                let fact = FoundFact {
                    id: "history".to_owned(),
                    value: "{}".to_owned(),
                };
                let (contact, visit) = (*contact, *visit);
                if !self.chance(self.parameters.bad_advice) {
                    let found = Input::LookedUp {
                        contact,
                        visit,
                        facts: vec![fact],
                        failed: Vec::new(),
                    };
                    self.plan_within(600, Plan::Give(found));
                }
            }
            Effect::LookUpForFlow {
                contact, lookup, ..
            } => {
                let (contact, lookup) = (*contact, *lookup);
                if !self.chance(self.parameters.bad_advice) {
                    let finding = match self.random.u8(0..3) {
                        0 => Finding::Found("{}".to_owned()),
                        1 => Finding::Nothing,
                        _ => Finding::Failed("as drawn".to_owned()),
                    };
                    let found = Input::FlowLookedUp {
                        contact,
                        lookup,
                        finding,
                    };
                    self.plan_within(3_000, Plan::Give(found));
                }
            }
            Effect::StopRecording { recording } => {
                let finished = Input::RecordingFinished {
                    recording: *recording,
                    length_ms: Millis(1),
                    bytes: 1,
                };
                self.plan_within(500, Plan::Give(finished));
            }
            _ => {}
        }
    }

    /// Who takes the call talks for a while; others are busy, or do not hear it.
    fn customer_is_called(&mut self, leg: LegId) {
        let ended = |reason| Plan::Give(Input::LegEnded { leg, reason });
        match self.random.u8(0..6) {
            0 => {}
            1 | 2 => self.plan_within(4_000, ended(EndReason::Busy)),
            _ => {
                self.plan_within(4_000, Plan::Give(Input::LegAnswered { leg }));
                self.plan_within(30_000, ended(EndReason::CallerHungUp));
            }
        }
    }
}

//! Performs what the switchboard wants done: one short function an effect, none of which waits.

use super::Message;
use super::lookups::Knowledge;
use crate::connectors::ProtectedInput;
use crate::legs::{Leg, Legs, Side};
use crate::recordings::RecordingOwners;
use crate::web_calls::WebCalls;
use futures_util::FutureExt;
use hotline_media::{PromptError, Prompts, Sound};
use hotline_sip::Trunk;
use hotline_vocabulary::ids::{AgentId, LegId, PlaybackId, QuestionId, TenantId};
use hotline_vocabulary::media::{PlaybackOutcome, Prompt};
use hotline_vocabulary::{Address, Effect, EndReason, Input, Question};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc::{self, error::TrySendError};

/// Everything that effects are performed with, for one tenant.
pub(crate) struct Performers {
    pub tenant: TenantId,
    pub language: String,
    pub legs: Legs,
    pub media: hotline_media::Handle,
    pub prompts: Prompts,
    pub sip: hotline_sip::Handle,
    pub sandbox: hotline_sandbox::Handle,
    pub web_calls: WebCalls,
    /// Where customers are called.
    pub trunk: Option<Trunk>,
    /// The tenant's own folders.
    pub prompts_dir: PathBuf,
    pub recordings_dir: PathBuf,
    /// Whose a running recording is, for when it finishes.
    pub recordings: RecordingOwners,
    /// What policies and flows may look up.
    pub knowledge: Knowledge,
    pub awaited: Awaited,
}

/// What legs should hear that is still being rendered: at most one thing a leg, so that what
/// renders late is not played over what was wished for since.
#[derive(Debug, Default)]
pub(crate) struct Awaited {
    wishes: u64,
    latest: HashMap<LegId, u64>,
}

impl Awaited {
    /// Notes a wish in place of the leg's earlier one; gives its number.
    fn note(&mut self, leg: LegId) -> u64 {
        self.wishes += 1;
        self.latest.insert(leg, self.wishes);
        self.wishes
    }

    /// Whether a wish that is now rendered is still the leg's latest; it is awaited no longer.
    fn is_due(&mut self, leg: LegId, wish: u64) -> bool {
        let due = self.latest.get(&leg) == Some(&wish);
        if due {
            self.latest.remove(&leg);
        }
        due
    }

    fn forget(&mut self, leg: LegId) {
        self.latest.remove(&leg);
    }
}

/// What a leg should hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sounding {
    Prompts(PlaybackId),
    Music,
}

/// Prompts or music that are ready to be played, or can not be.
#[derive(Debug)]
pub(super) struct Rendered {
    leg: LegId,
    /// Its number among the wishes.
    wish: u64,
    sounding: Sounding,
    sounds: Result<Vec<Arc<Sound>>, PromptError>,
}

impl Performers {
    pub(super) fn perform(&mut self, effect: Effect, inputs: &mpsc::WeakSender<Message>) {
        match effect {
            Effect::Answer { leg } => self.answer(leg),
            Effect::Reject {
                leg,
                status,
                reason,
            } => self.reject(leg, status, reason),
            Effect::HangUp { leg, reason } => self.hang_up(leg, reason),
            Effect::Dial {
                leg, agent, caller, ..
            } => self.dial(leg, agent, caller, inputs),
            Effect::DialCustomer {
                leg, number, shown, ..
            } => self.dial_customer(leg, &number, &shown, inputs),
            Effect::Play {
                leg,
                playback,
                prompts,
            } => self.play(leg, playback, prompts, inputs),
            Effect::PlayMusic { leg, file } => self.play_music(leg, file, inputs),
            Effect::StopPlaying { leg } => {
                self.awaited.forget(leg);
                self.media.stop_playing(leg);
            }
            Effect::Bridge { customer, agent } => {
                self.awaited.forget(customer);
                self.media.bridge(customer, agent);
            }
            Effect::Unbridge { customer, agent } => self.media.unbridge(customer, agent),
            Effect::StartRecording { recording, leg, .. } => {
                self.recordings.lock().insert(recording, self.tenant);
                let file = self.recordings_dir.join(format!("{recording}.wav"));
                self.media.start_recording(recording, leg, file);
            }
            Effect::PauseRecording { recording } => self.media.pause_recording(recording),
            Effect::ResumeRecording { recording } => self.media.resume_recording(recording),
            Effect::StopRecording { recording } => self.media.stop_recording(recording),
            Effect::Ask { question, ask } => self.ask(question, ask, inputs),
            Effect::LookUp {
                contact,
                visit,
                customer,
                lookups,
            } => {
                let (knowledge, tenant) = (self.knowledge.clone(), self.tenant);
                answer_later(inputs, async move {
                    let found = knowledge.look_up(tenant, contact, &customer, lookups);
                    let (facts, failed) = found.await;
                    Message::Input(Input::LookedUp {
                        contact,
                        visit,
                        facts,
                        failed,
                    })
                });
            }
            Effect::LookUpForFlow {
                lookup,
                interaction,
                contact,
                wanted,
            } => {
                let (knowledge, tenant) = (self.knowledge.clone(), self.tenant);
                answer_later(inputs, async move {
                    let finding = knowledge.find(tenant, contact, *interaction, wanted).await;
                    Message::Input(Input::FlowLookedUp {
                        contact,
                        lookup,
                        finding,
                    })
                });
            }
            Effect::KeepKeys {
                contact,
                token,
                keys,
            } => self.typed().keep((self.tenant, contact), token, keys),
            Effect::Forget { contact } => {
                self.sandbox.forget(self.tenant, contact);
                self.typed().forget(self.tenant, contact);
            }
        }
    }

    pub(super) fn typed(&self) -> &ProtectedInput {
        self.knowledge.connectors.vault.typed()
    }

    fn answer(&self, leg: LegId) {
        match self.legs.get(leg).map(|leg| leg.side) {
            Some(Side::Phone { local }) => self.sip.answer(leg, local),
            Some(Side::WebPage) => self.web_calls.answered(leg),
            Some(Side::Console { .. } | Side::DeskPhone { .. }) | None => {}
        }
    }

    fn reject(&mut self, leg: LegId, status: u16, reason: EndReason) {
        match self.legs.get(leg).map(|leg| leg.side) {
            Some(Side::WebPage) => self.web_calls.ended(leg, reason),
            _ => self.sip.reject(leg, status),
        }
        self.close(leg);
    }

    fn hang_up(&mut self, leg: LegId, reason: EndReason) {
        match self.legs.get(leg).map(|leg| leg.side) {
            Some(Side::WebPage) => self.web_calls.ended(leg, reason),
            Some(Side::Phone { .. } | Side::DeskPhone { .. }) => self.sip.hang_up(leg, reason),
            Some(Side::Console { .. }) | None => {}
        }
        self.close(leg);
    }

    fn close(&mut self, leg: LegId) {
        self.awaited.forget(leg);
        self.media.close(leg);
    }

    fn dial(
        &self,
        leg: LegId,
        agent: AgentId,
        caller: Address,
        inputs: &mpsc::WeakSender<Message>,
    ) {
        match self.media.open_rtp(leg) {
            Ok(local) => {
                let side = Side::DeskPhone { agent };
                self.legs.insert(
                    leg,
                    Leg {
                        tenant: self.tenant,
                        side,
                    },
                );
                self.sip.dial(leg, self.tenant, agent, &caller, local);
            }
            Err(error) => {
                tracing::warn!(%leg, %error, "an agent's desk phone could not be rung");
                could_not_dial(leg, inputs);
            }
        }
    }

    fn dial_customer(
        &self,
        leg: LegId,
        number: &Address,
        shown: &Address,
        inputs: &mpsc::WeakSender<Message>,
    ) {
        let Some(trunk) = self.trunk.clone() else {
            tracing::warn!(%leg, "a customer could not be called: there is no trunk");
            return could_not_dial(leg, inputs);
        };
        match self.media.open_rtp(leg) {
            Ok(local) => {
                let side = Side::Phone { local };
                let tenant = self.tenant;
                self.legs.insert(leg, Leg { tenant, side });
                self.sip.dial_out(leg, trunk, number, shown, local);
            }
            Err(error) => {
                tracing::warn!(%leg, %error, "a customer could not be called");
                could_not_dial(leg, inputs);
            }
        }
    }

    fn play(
        &mut self,
        leg: LegId,
        playback: PlaybackId,
        prompts: Vec<Prompt>,
        inputs: &mpsc::WeakSender<Message>,
    ) {
        let (renderer, folder, language) = (
            self.prompts.clone(),
            self.prompts_dir.clone(),
            self.language.clone(),
        );
        let render = async move {
            let mut sounds = Vec::with_capacity(prompts.len());
            for prompt in &prompts {
                sounds.push(renderer.render(prompt, &language, &folder).await?);
            }
            Ok(sounds)
        };
        self.wish(leg, Sounding::Prompts(playback), render, inputs);
    }

    fn play_music(&mut self, leg: LegId, file: Option<String>, inputs: &mpsc::WeakSender<Message>) {
        let renderer = self.prompts.clone();
        let path = file.map(|file| self.prompts_dir.join(file));
        let render = async move {
            let music = match renderer.music(path.as_deref()).await {
                Ok(music) => music,
                Err(error) => {
                    tracing::warn!(%error, "music on hold can not be played, the built-in one is");
                    renderer.music(None).await?
                }
            };
            Ok(vec![music])
        };
        self.wish(leg, Sounding::Music, render, inputs);
    }

    /// Plays at once what is rendered already; else stops what the leg hears and plays it as soon
    /// as it is, unless something else was wished for by then.
    fn wish(
        &mut self,
        leg: LegId,
        sounding: Sounding,
        render: impl Future<Output = Result<Vec<Arc<Sound>>, PromptError>> + Send + 'static,
        inputs: &mpsc::WeakSender<Message>,
    ) {
        let wish = self.awaited.note(leg);
        let rendered = move |sounds| Rendered {
            leg,
            wish,
            sounding,
            sounds,
        };
        let mut render = Box::pin(render);
        match render.as_mut().now_or_never() {
            Some(Ok(sounds)) => {
                self.awaited.forget(leg);
                self.sound(leg, sounding, sounds);
            }
            // A failure goes round by the line of inputs like any other.
            Some(failed) => {
                answer_later(inputs, async move { Message::Rendered(rendered(failed)) })
            }
            None => {
                self.media.stop_playing(leg);
                answer_later(
                    inputs,
                    async move { Message::Rendered(rendered(render.await)) },
                );
            }
        }
    }

    /// A rendering is done. Gives what the switchboard must hear of it.
    pub(super) fn rendered(&mut self, rendered: Rendered) -> Option<Input> {
        let Rendered {
            leg,
            wish,
            sounding,
            sounds,
        } = rendered;
        if !self.awaited.is_due(leg, wish) {
            return None;
        }
        match (sounds, sounding) {
            (Ok(sounds), _) => {
                self.sound(leg, sounding, sounds);
                None
            }
            (Err(error), Sounding::Prompts(playback)) => {
                tracing::warn!(tenant = %self.tenant, %error, "a prompt can not be played");
                Some(Input::PlaybackEnded {
                    leg,
                    playback,
                    outcome: PlaybackOutcome::Failed,
                })
            }
            (Err(error), Sounding::Music) => {
                tracing::warn!(tenant = %self.tenant, %error, "music on hold can not be played");
                None
            }
        }
    }

    fn sound(&self, leg: LegId, sounding: Sounding, mut sounds: Vec<Arc<Sound>>) {
        match sounding {
            Sounding::Prompts(playback) => self.media.play(leg, playback, sounds),
            Sounding::Music => {
                if let Some(music) = sounds.pop() {
                    self.media.play_music(leg, music);
                }
            }
        }
    }

    fn ask(&self, question: QuestionId, ask: Question, inputs: &mpsc::WeakSender<Message>) {
        let message = move |verdict| Message::Input(Input::Answered { question, verdict });
        let line = inputs.clone();
        let asked = self.sandbox.ask_then(self.tenant, ask, move |verdict| {
            let Some(line) = line.upgrade() else { return };
            if let Err(TrySendError::Full(answer)) = line.try_send(message(verdict)) {
                // The plugin's worker waits for the exchange, which never waits for a worker.
                let _ = line.blocking_send(answer);
            }
        });
        if let Err(refused) = asked {
            answer_later(inputs, async move { message(*refused) });
        }
    }
}

fn could_not_dial(leg: LegId, inputs: &mpsc::WeakSender<Message>) {
    let reason = EndReason::InternalError;
    answer_later(inputs, async move {
        Message::Input(Input::LegEnded { leg, reason })
    });
}

/// Lets something slow answer through the line of inputs. Bounded by what it works for: one
/// question a contact or policy, one playback a leg, one look-up a visit, four a flow.
fn answer_later(
    inputs: &mpsc::WeakSender<Message>,
    answer: impl Future<Output = Message> + Send + 'static,
) {
    let inputs = inputs.clone();
    tokio::spawn(async move {
        let message = answer.await;
        if let Some(inputs) = inputs.upgrade() {
            let _ = inputs.send(message).await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    #[test]
    fn what_renders_late_is_not_played_over_a_later_wish_and_nothing_is_kept() {
        let (mut awaited, leg) = (Awaited::default(), LegId::from_bits(1));
        let (earlier, later) = (awaited.note(leg), awaited.note(leg));
        assert!(!awaited.is_due(leg, earlier), "another wish came since");
        assert!(awaited.is_due(leg, later));
        assert!(!awaited.is_due(leg, later), "once only");
        let unwanted = awaited.note(leg);
        awaited.forget(leg);
        assert!(
            !awaited.is_due(leg, unwanted),
            "its leg is told to be silent"
        );
        assert!(
            awaited.latest.is_empty(),
            "nothing is kept of legs without a wish"
        );
    }
}

//! One customer's interaction: who they are, where their call is, what they hear.

use crate::call::callback::Callback;
use crate::call::{Call, Change};
use crate::consent::Recording;
use crate::desk::Desk;
use crate::guide::{Author, Guide};
use crate::legs::Legs;
use crate::timers::TimerId;
use hotline_vocabulary::configuration::RecordingRule;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{ContactId, LegId, PlaybackId, QueueId};
use hotline_vocabulary::live::KnownCustomers;
use hotline_vocabulary::media::Prompt;
use hotline_vocabulary::{Address, Channel, Effect, Timestamp};
use std::sync::Arc;

/// The attribute by which a flow chooses the contact's language (BCP 47).
pub(crate) const LANGUAGE: &str = "language";

#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) id: ContactId,
    /// What the customer is heard on; none where nothing is to be heard.
    pub(crate) leg: Option<LegId>,
    pub(crate) channel: Channel,
    pub(crate) caller: Address,
    pub(crate) dialled: String,
    pub(crate) started: Timestamp,
    pub(crate) attributes: Vec<(String, String)>,
    /// As connectors say, one entry for each that found anybody.
    pub(crate) customers: Vec<Arc<KnownCustomers>>,
    pub(crate) priority: i32,
    pub(crate) call: Call,
    pub(crate) guide: Guide,
    pub(crate) hearing: Hearing,
    pub(crate) recording: Recording,
    pub(crate) too_long: TimerId,
    /// Queues that policies have sent this contact on to.
    pub(crate) overflows: u32,
    /// The queue that would not have it last, since it last entered one.
    pub(crate) turned_away_by: Option<QueueId>,
    /// What we owe the customer, where the contact is a callback.
    pub(crate) callback: Option<Callback>,
}

/// What the customer hears of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hearing {
    Silence,
    Prompts(PlaybackId),
    Music,
    Agent,
}

impl Contact {
    pub(crate) fn is_ringing(&self) -> bool {
        matches!(self.call, Call::Ringing)
    }

    /// Whether nothing but its queue decides what becomes of it.
    pub(crate) fn has_no_flow(&self) -> bool {
        self.guide.author == Author::Nobody
    }

    pub(crate) fn language(&self) -> Option<&str> {
        self.attribute(LANGUAGE)
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Adds or replaces; an empty value removes.
    pub(crate) fn set_attribute(&mut self, name: &str, value: &str) {
        let place = self.attributes.iter().position(|(key, _)| key == name);
        match (place, value) {
            (Some(place), "") => drop(self.attributes.remove(place)),
            (None, "") => {}
            (Some(place), value) => value.clone_into(&mut self.attributes[place].1),
            (None, value) => {
                if self.attributes.len() < crate::limits::ATTRIBUTES {
                    self.attributes.push((name.to_owned(), value.to_owned()));
                }
            }
        }
    }

    /// What plugins may know.
    pub(crate) fn interaction(&self) -> Interaction {
        Interaction {
            id: self.id.to_string(),
            channel: self.channel.as_str().to_owned(),
            direction: match self.channel {
                Channel::Callback => "outbound".to_owned(),
                _ => "inbound".to_owned(),
            },
            caller: self.caller.clone(),
            dialled: self.dialled.clone(),
            language: self.language().map(str::to_owned),
            started_at: self.started,
            priority: self.priority,
            attributes: self.attributes.clone(),
        }
    }

    /// Answers a ringing call; an answered one stays so.
    pub(crate) fn answer(&mut self, rule: RecordingRule, desk: &mut Desk, legs: &mut Legs) {
        if let Some(leg) = self.leg
            && self.call.on(Change::Answer).is_some()
        {
            desk.effect(Effect::Answer { leg });
            self.answered(leg, rule, desk, legs);
        }
    }

    /// We answered, or were answered: from here on there is something to record.
    pub(crate) fn answered(
        &mut self,
        leg: LegId,
        rule: RecordingRule,
        desk: &mut Desk,
        legs: &mut Legs,
    ) {
        desk.fact(self.id, What::ContactAnswered);
        self.recording = Recording::begin(rule, self.id, leg, desk);
        if let Some(recording) = self.recording.id() {
            legs.add_recording(recording, self.id);
        }
    }

    /// Plays prompts once, in the contact's language (else the tenant's) where they name none.
    pub(crate) fn play(
        &mut self,
        mut prompts: Vec<Prompt>,
        tenants_language: &str,
        desk: &mut Desk,
    ) -> PlaybackId {
        let language = self.language().unwrap_or(tenants_language);
        for prompt in &mut prompts {
            prompt.language.get_or_insert_with(|| language.to_owned());
        }
        let playback = desk.mint();
        if let Some(leg) = self.leg {
            desk.effect(Effect::Play {
                leg,
                playback,
                prompts,
            });
        }
        self.hearing = Hearing::Prompts(playback);
        playback
    }

    pub(crate) fn play_music(&mut self, file: Option<String>, desk: &mut Desk) {
        if let Some(leg) = self.leg {
            desk.effect(Effect::PlayMusic { leg, file });
            self.hearing = Hearing::Music;
        }
    }

    /// Stops prompts. Music goes on: it is nobody's word.
    pub(crate) fn stop_prompts(&mut self, desk: &mut Desk) {
        if let Hearing::Prompts(_) = self.hearing {
            self.hush(desk);
        }
    }

    /// Stops music when the contact leaves its queue.
    pub(crate) fn stop_music(&mut self, desk: &mut Desk) {
        if self.hearing == Hearing::Music {
            self.hush(desk);
        }
    }

    fn hush(&mut self, desk: &mut Desk) {
        if let Some(leg) = self.leg {
            desk.effect(Effect::StopPlaying { leg });
        }
        self.hearing = Hearing::Silence;
    }
}

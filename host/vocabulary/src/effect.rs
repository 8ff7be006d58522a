//! Do this: what the switchboard wants performed. Performers never answer in place; what comes of
//! an effect comes back as an [`crate::Input`].

use crate::address::Address;
use crate::end_reason::EndReason;
use crate::flow;
use crate::ids::{
    AgentId, ContactId, LegId, LookupId, PlaybackId, QuestionId, RecordingId, VisitId,
};
use crate::media::Prompt;
use crate::question::Question;
use crate::routing::Lookup;

#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "most effects of a call are questions; a box would cost each an allocation"
)]
pub enum Effect {
    /// Answer a ringing leg.
    Answer {
        leg: LegId,
    },
    /// Refuse a ringing leg.
    Reject {
        leg: LegId,
        status: u16,
        reason: EndReason,
    },
    HangUp {
        leg: LegId,
        reason: EndReason,
    },
    /// Ring an agent's desk phone as a new leg; `caller` is what its display shows.
    Dial {
        leg: LegId,
        agent: AgentId,
        contact: ContactId,
        caller: Address,
    },
    /// Call a customer as a new leg, by the trunk; `shown` is the number that their phone shows.
    DialCustomer {
        leg: LegId,
        contact: ContactId,
        number: Address,
        shown: Address,
    },

    /// Play prompts once, in order; stops what the leg hears now.
    Play {
        leg: LegId,
        playback: PlaybackId,
        prompts: Vec<Prompt>,
    },
    /// Play music until told otherwise; `file` is below the tenant's `prompts`.
    PlayMusic {
        leg: LegId,
        file: Option<String>,
    },
    StopPlaying {
        leg: LegId,
    },

    /// Join two legs; each hears the other. Stops what either hears now.
    Bridge {
        customer: LegId,
        agent: LegId,
    },
    Unbridge {
        customer: LegId,
        agent: LegId,
    },

    /// Stereo: left what the customer says, right what the customer hears.
    StartRecording {
        recording: RecordingId,
        contact: ContactId,
        leg: LegId,
    },
    PauseRecording {
        recording: RecordingId,
    },
    ResumeRecording {
        recording: RecordingId,
    },
    StopRecording {
        recording: RecordingId,
    },

    Ask {
        question: QuestionId,
        ask: Question,
    },
    /// A policy wants these before it ranks the visit; answered by one [`crate::Input::LookedUp`].
    LookUp {
        contact: ContactId,
        visit: VisitId,
        customer: Address,
        lookups: Vec<Lookup>,
    },
    /// A flow wants this; answered by one [`crate::Input::FlowLookedUp`], which is too late after
    /// the wish's time-out.
    LookUpForFlow {
        lookup: LookupId,
        /// The contact as its flow knows it at this moment.
        interaction: Box<flow::Interaction>,
        contact: ContactId,
        wanted: flow::Lookup,
    },
    /// What a caller typed under protection: kept for this contact's connectors, in memory alone,
    /// until it is spent or the contact is forgotten.
    KeepKeys {
        contact: ContactId,
        token: String,
        keys: flow::ProtectedKeys,
    },
    /// No more answers are wanted for this contact: its pinned flow version may go, and its
    /// protected keys with it.
    Forget {
        contact: ContactId,
    },
}

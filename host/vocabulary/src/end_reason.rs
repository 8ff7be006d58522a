//! Why something ended, as a closed word with blame. `host/sip` maps a SIP status to one of these
//! in one table; reports group by them.

use serde::{Deserialize, Serialize};

/// With whom it lies that a contact or a leg ended the way it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Blame {
    Caller,
    Agent,
    Us,
    Carrier,
    Nobody,
}

macro_rules! end_reasons {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $blame:ident;)*) => {
        /// Why a contact or a leg ended.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum EndReason { $($(#[$doc])* $name,)* }

        impl EndReason {
            pub const ALL: &[EndReason] = &[$(EndReason::$name,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(EndReason::$name => $text,)* }
            }

            pub const fn blame(self) -> Blame {
                match self { $(EndReason::$name => Blame::$blame,)* }
            }
        }
    };
}

end_reasons! {
    /// The customer hung up.
    CallerHungUp = "caller_hung_up", Caller;
    /// The customer gave up before we answered (CANCEL).
    CallerCancelled = "caller_cancelled", Caller;
    /// The agent hung up.
    AgentHungUp = "agent_hung_up", Agent;
    /// The flow ended the call as written.
    FlowHungUp = "flow_hung_up", Nobody;
    /// The customer was called back, or will be: this call was only for the booking.
    CallbackBooked = "callback_booked", Nobody;
    /// The customer left a message.
    MessageLeft = "message_left", Nobody;
    /// The flow refused the call before answering it.
    FlowRejected = "flow_rejected", Nobody;
    /// The agent did what was to be done.
    Completed = "completed", Nobody;
    /// Whoever put it into the queue took it back.
    Withdrawn = "withdrawn", Nobody;
    /// No queue was left for it to wait in.
    NoQueue = "no_queue", Us;
    /// The called phone was busy (486, 600).
    Busy = "busy", Nobody;
    /// The called phone declined (603).
    Declined = "declined", Agent;
    /// Nobody answered in time (408, 480).
    NoAnswer = "no_answer", Nobody;
    /// The far end does not know the address (404, 410, 484, 604).
    NotFound = "not_found", Nobody;
    /// No codec in common (488, 606).
    NoCommonCodec = "no_common_codec", Nobody;
    /// The far end wants credentials that we do not have (401, 403, 407).
    Forbidden = "forbidden", Us;
    /// The far end failed (5xx, or another 4xx).
    FarEndFailed = "far_end_failed", Carrier;
    /// The media of a leg stopped (no RTP, ICE lost).
    MediaLost = "media_lost", Carrier;
    /// We refused for load (503).
    Overloaded = "overloaded", Us;
    /// A queue's rule ended the call: full, closed, nobody there, or waited too long.
    TurnedAway = "turned_away", Us;
    /// The call outlived the limit for its length.
    TooLong = "too_long", Us;
    /// Something of ours failed.
    InternalError = "internal_error", Us;
    /// The host was stopped or crashed while this was in progress.
    HostRestart = "host_restart", Us;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_written_the_same_in_json_and_in_text() {
        for reason in EndReason::ALL {
            let json = serde_json::to_string(reason).expect("a unit variant");
            assert_eq!(json, format!("\"{}\"", reason.as_str()));
        }
    }
}

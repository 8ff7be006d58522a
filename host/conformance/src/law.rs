//! The laws of the contract, as words. How each is tried: [`crate::check`].

use crate::subject::Kind;
use serde::{Deserialize, Serialize};

/// What every plugin must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Law {
    Sound,
    Deterministic,
    SurvivesRestart,
    HangUpEndsCleanly,
    MovesUnnoticed,
    DuplicatesHarmless,
    ToleratesTheUnknown,
    BoundedRequests,
    FailuresAreTold,
    SecretsStayOut,
    HoldsAtTenTimes,
}

impl Law {
    /// Those of a kind of plugin, the plainest first.
    pub const fn of(kind: Kind) -> &'static [Law] {
        match kind {
            Kind::Flow => &[
                Law::Sound,
                Law::Deterministic,
                Law::SurvivesRestart,
                Law::HangUpEndsCleanly,
                Law::MovesUnnoticed,
                Law::DuplicatesHarmless,
                Law::ToleratesTheUnknown,
                Law::HoldsAtTenTimes,
            ],
            Kind::Policy | Kind::QaRule => &[
                Law::Sound,
                Law::Deterministic,
                Law::ToleratesTheUnknown,
                Law::HoldsAtTenTimes,
            ],
            Kind::QaLive | Kind::QaRuleAndLive => &[
                Law::Sound,
                Law::Deterministic,
                Law::SurvivesRestart,
                Law::DuplicatesHarmless,
                Law::ToleratesTheUnknown,
                Law::HoldsAtTenTimes,
            ],
            Kind::Connector => &[
                Law::Sound,
                Law::Deterministic,
                Law::SurvivesRestart,
                Law::BoundedRequests,
                Law::FailuresAreTold,
                Law::SecretsStayOut,
                Law::ToleratesTheUnknown,
                Law::HoldsAtTenTimes,
            ],
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Law::Sound => "sound",
            Law::Deterministic => "deterministic",
            Law::SurvivesRestart => "survives-restart",
            Law::HangUpEndsCleanly => "hang-up-ends-cleanly",
            Law::MovesUnnoticed => "moves-unnoticed",
            Law::DuplicatesHarmless => "duplicates-harmless",
            Law::ToleratesTheUnknown => "tolerates-the-unknown",
            Law::BoundedRequests => "bounded-requests",
            Law::FailuresAreTold => "failures-are-told",
            Law::SecretsStayOut => "secrets-stay-out",
            Law::HoldsAtTenTimes => "holds-at-ten-times",
        }
    }

    pub const fn sentence(self) -> &'static str {
        match self {
            Law::Sound => "Every input gets an answer that the host can carry out.",
            Law::Deterministic => "The same input gets the same answer at the same fuel.",
            Law::SurvivesRestart => {
                "A restart of the host after every answer leaves everything as it was."
            }
            Law::HangUpEndsCleanly => "A hang-up after any step is answered without a fault.",
            Law::MovesUnnoticed => {
                "A call that goes on in another build of the same flow goes on as it was."
            }
            Law::DuplicatesHarmless => {
                "An event or an utterance that is told twice changes nothing."
            }
            Law::ToleratesTheUnknown => {
                "What a later host adds (fields, events, operations) does no harm."
            }
            Law::BoundedRequests => "No responses make it want more than six rounds of requests.",
            Law::FailuresAreTold => {
                "When every request fails, the operation ends in a fault, not in an answer."
            }
            Law::SecretsStayOut => "No answer and no fault quotes what stands for a secret.",
            Law::HoldsAtTenTimes => "Ten times the usual input stays within the limits.",
        }
    }
}

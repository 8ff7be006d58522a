//! SIP status to [`EndReason`]: the one table.

use hotline_vocabulary::EndReason;

/// Why a phone that we dialled did not take the call, from its final response (300-699).
pub(crate) const fn end_reason(status: u16) -> EndReason {
    match status {
        // We follow no redirection: the address that registered is not there.
        300..=399 => EndReason::NotFound,
        401 | 403 | 407 => EndReason::Forbidden,
        404 | 410 | 484 | 485 | 604 => EndReason::NotFound,
        408 | 480 | 487 => EndReason::NoAnswer,
        415 | 488 | 606 => EndReason::NoCommonCodec,
        486 | 600 => EndReason::Busy,
        603 | 607 | 608 => EndReason::Declined,
        _ => EndReason::FarEndFailed,
    }
}

/// The status that refuses a caller for a reason of the house, and the blame that goes with a
/// status that the house chose itself.
pub(crate) const fn reason_of_rejection(status: u16) -> EndReason {
    match status {
        404 => EndReason::NotFound,
        488 => EndReason::NoCommonCodec,
        486 | 600 => EndReason::Busy,
        503 => EndReason::Overloaded,
        500 => EndReason::InternalError,
        _ => EndReason::FlowRejected,
    }
}

/// The status for a caller who is hung up on while still ringing.
pub(crate) const fn status_of(reason: EndReason) -> u16 {
    match reason {
        EndReason::Busy => 486,
        EndReason::Declined | EndReason::FlowRejected | EndReason::FlowHungUp => 603,
        EndReason::NotFound => 404,
        EndReason::NoCommonCodec => 488,
        EndReason::NoAnswer | EndReason::AgentHungUp => 480,
        EndReason::Forbidden => 403,
        EndReason::Overloaded | EndReason::HostRestart => 503,
        _ => 500,
    }
}

/// The phrase of RFC 3261, section 21, for what we answer.
pub(crate) const fn phrase(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        423 => "Interval Too Brief",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        483 => "Too Many Hops",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "Version Not Supported",
        513 => "Message Too Large",
        603 => "Decline",
        _ => "Refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::Blame;

    #[test]
    fn every_final_failure_has_a_reason_and_only_a_failure_of_the_far_end_blames_the_carrier() {
        for status in 300..700 {
            let reason = end_reason(status);
            assert_eq!(
                reason.blame() == Blame::Carrier,
                reason == EndReason::FarEndFailed,
                "{status}"
            );
        }
        assert_eq!(end_reason(486), EndReason::Busy);
        assert_eq!(end_reason(603), EndReason::Declined);
        assert_eq!(end_reason(502), EndReason::FarEndFailed);
    }
}

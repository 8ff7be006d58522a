//! How much is too much, with units. What a tenant may set is in its [`TenantLimits`]; the rest is
//! here.

use crate::settings::Settings;
use hotline_vocabulary::configuration::TenantLimits;
use hotline_vocabulary::plugin::{FaultKind, PluginFault};
use hotline_vocabulary::{EndReason, Millis, Timestamp};

/// How long an adviser may think before the built-in behaviour takes over. Its own budgets are a
/// hundred times shorter: this is for the one that is lost altogether.
pub(crate) const ADVISER_SILENCE_MS: Millis = Millis(3_000);

/// How long a policy's lookups may hold a contact back; then it is ranked and given without them.
pub(crate) const LOOKUPS_WITHIN_MS: Millis = Millis(300);

/// Steps that one flow may take for one contact.
pub(crate) const FLOW_STEPS: u64 = 10_000;
/// A flow may take this many steps at once; then one each [`FLOW_STEP_EVERY_MS`].
pub(crate) const FLOW_STEPS_AT_ONCE: u64 = 100;
pub(crate) const FLOW_STEP_EVERY_MS: Millis = Millis(100);
/// Events that wait for a flow's step to end. When full, the newest is dropped: by the bounds on
/// what a contact can have running, only a flow's own timers could fill it.
pub(crate) const FLOW_EVENTS_WAITING: usize = 32;
pub(crate) const FLOW_TIMERS: usize = 16;
/// Lookups of one flow for its contact that are open at once.
pub(crate) const FLOW_LOOKUPS: usize = 4;
pub(crate) const LOOKUP_AT_MOST_MS: Millis = Millis(30_000);
/// What a flow is told of one lookup.
pub(crate) const LOOKUP_VALUE_BYTES: usize = 8 * 1024;
pub(crate) const KEYS: u32 = 64;
pub(crate) const ATTRIBUTES: usize = 128;

/// From a callback's booking to its customer's answer.
pub(crate) const CALLBACK_LENGTH_MS: Millis = Millis::from_secs(24 * 3_600);

/// Tasks of one tenant that have not ended.
pub(crate) const TASKS: u32 = 10_000;
/// From a task's creation, or the host's start, to its end.
pub(crate) const TASK_LENGTH_MS: Millis = Millis::from_secs(30 * 86_400);

/// Queues that routing policies and rules may send one contact through.
pub(crate) const OVERFLOWS: u32 = 16;
/// A flow is told position and expected wait this soon where its queue says nothing else: whoever is
/// connected at once need not hear of a line.
pub(crate) const FIRST_PROGRESS_MS: Millis = Millis(2_000);
/// How long an agent whose device went away may be about to come back.
pub(crate) const LOST_A_MOMENT_AGO_MS: Millis = Millis(30_000);
/// Customers for whom one queue keeps the place. When full, the place that would be forgotten next
/// is forgotten.
pub(crate) const PLACES_KEPT: usize = 1_000;
pub(crate) const PROGRESS_EVERY_AT_LEAST_MS: Millis = Millis(1_000);
pub(crate) const RECHECK_AFTER_AT_LEAST_MS: Millis = Millis(100);
/// Customers of whom it is remembered who spoke with them last.
pub(crate) const FAMILIAR_CUSTOMERS: usize = 20_000;
/// Skills and topics of which it is remembered how an agent has handled them.
pub(crate) const EXPERIENCE_TOPICS: usize = 16;
/// Candidates of one kind that are counted beyond those shown; a total that high means "or more".
pub(crate) const COUNTED_CANDIDATES: u32 = 1_000;
/// Pairs of a contact and a candidate that one decision may see.
pub(crate) const BATCH_PAIRS: usize = 4_096;
/// Candidates that each contact of a decision is shown at least, if it has as many.
pub(crate) const CANDIDATES_AT_LEAST: usize = 16;
/// Contacts of one line beyond twice its candidates that a decision may see: those further back
/// could get nobody.
pub(crate) const CONTACTS_BESIDE_CANDIDATES: usize = 4;
/// How soon a policy may look again at a contact for whom nobody is free.
pub(crate) const RECHECK_WITHOUT_CANDIDATES_MS: Millis = Millis(1_000);
/// Inputs that a violation of an invariant is told with.
pub(crate) const TRAIL_INPUTS: usize = 16;
/// Violations that are written down once each; past that many, each may be written again.
pub(crate) const VIOLATIONS_REMEMBERED: usize = 256;
/// Agents named in the answer to why a contact waits: candidates and exclusions, each.
pub(crate) const EXPLAINED_AGENTS: usize = 32;
/// Agents named in the record of a decision: candidates, scores and exclusions, each. One is written
/// for every call, and at 32 it was half of all that was written.
pub(crate) const RECORDED_AGENTS: usize = 12;

/// How long a message may be that a queue takes; a flow may choose, within bounds. What is shorter
/// than the least is nothing.
pub(crate) const MESSAGE_MS: Millis = Millis(120_000);
pub(crate) const MESSAGE_AT_LEAST_MS: Millis = Millis(1_000);
pub(crate) const MESSAGE_AT_MOST_MS: Millis = Millis(600_000);

/// How long after its end a leg's statistics, or a recording's length, still find their contact.
pub(crate) const LAST_WORD_MS: Millis = Millis(120_000);

/// Why a call is turned away before its flow is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// As many contacts as the tenant may have, or the host is stopping or not set up yet.
    Overloaded,
    UnknownNumber,
}

impl Refusal {
    pub(crate) const fn status(self) -> u16 {
        match self {
            Refusal::Overloaded => 503,
            Refusal::UnknownNumber => 404,
        }
    }

    pub(crate) const fn reason(self) -> EndReason {
        match self {
            Refusal::Overloaded => EndReason::Overloaded,
            Refusal::UnknownNumber => EndReason::NotFound,
        }
    }
}

/// The flow that may take one more call to `dialled`, when `open` contacts are in progress.
pub(crate) fn admit<'a>(
    settings: &'a Settings,
    open: u32,
    dialled: &str,
) -> Result<&'a str, Refusal> {
    let TenantLimits {
        concurrent_contacts,
        ..
    } = settings.limits;
    if open >= concurrent_contacts {
        return Err(Refusal::Overloaded);
    }
    settings.flow_of(dialled).ok_or(Refusal::UnknownNumber)
}

/// Keeps a flow from running without waiting: a burst, then a steady pace (the generic cell rate
/// algorithm), and a total.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// When the burst would be whole again.
    whole_at: Timestamp,
}

impl Pace {
    /// Counts a step, the `step`-th of the contact from 0.
    pub(crate) fn take(&mut self, now: Timestamp, step: u64) -> Result<(), PluginFault> {
        if step >= FLOW_STEPS {
            return Err(too_much(format!(
                "the flow took {FLOW_STEPS} steps for one contact"
            )));
        }
        let burst = Millis(FLOW_STEPS_AT_ONCE * FLOW_STEP_EVERY_MS.0);
        let whole_at = self.whole_at.max(now) + FLOW_STEP_EVERY_MS;
        if whole_at.since(now) > burst {
            return Err(too_much(format!(
                "the flow took {FLOW_STEPS_AT_ONCE} steps without waiting for its caller"
            )));
        }
        self.whole_at = whole_at;
        Ok(())
    }
}

fn too_much(message: String) -> PluginFault {
    PluginFault {
        kind: FaultKind::TooMuch,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_may_burst_then_keeps_the_pace() {
        let mut pace = Pace::default();
        let start = Timestamp(1_000_000);
        for step in 0..FLOW_STEPS_AT_ONCE {
            assert_eq!(pace.take(start, step), Ok(()));
        }
        assert_eq!(
            pace.take(start, FLOW_STEPS_AT_ONCE).map_err(|f| f.kind),
            Err(FaultKind::TooMuch)
        );
        let later = start + FLOW_STEP_EVERY_MS;
        assert_eq!(pace.take(later, FLOW_STEPS_AT_ONCE), Ok(()));
        assert!(pace.take(later, FLOW_STEPS_AT_ONCE + 1).is_err());
    }
}

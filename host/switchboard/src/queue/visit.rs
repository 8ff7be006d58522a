//! One stay of a contact in one queue.

use crate::queue::line::{Precedence, Rank};
use crate::timers::TimerId;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::address::Medium;
use hotline_vocabulary::flow::Preferred;
use hotline_vocabulary::ids::{AgentId, ContactId, QueueId, VisitId};
use hotline_vocabulary::routing::{FoundFact, Order, PolicySaid};
use hotline_vocabulary::skills::{SkillExpression, SkillNeed};
use std::sync::Arc;

/// What a contact queues for.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) queue: QueueId,
    pub(crate) priority: i32,
    /// Besides what the queue requires.
    pub(crate) skills: SkillExpression,
    /// Whom the flow wants it to wait for first.
    pub(crate) preferred: Option<Preferred>,
}

/// Where in line a visit begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Ranked,
    /// Before everyone: its agent was lost in mid-talk.
    Front,
    /// Ranked as if waiting since then: the place of an earlier visit.
    Since(Timestamp),
    /// Before everyone who is ranked, oldest first: it has waited as long as anyone may be passed
    /// over.
    Aged,
}

/// A policy holds a visit back deliberately, beside agents who are free for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hold {
    /// The first hold since the visit began or was offered last.
    pub(crate) from: Timestamp,
    /// When the policy is asked again at the latest.
    pub(crate) until: Timestamp,
}

#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) id: VisitId,
    pub(crate) ticket: Ticket,
    pub(crate) needs: Needs,
    pub(crate) entered: Timestamp,
    /// Since when the place counts: earlier than `entered` when its customer called again.
    pub(crate) place_since: Timestamp,
    pub(crate) order: Order,
    pub(crate) place: Place,
    /// The outermost ring that has opened, from 1.
    pub(crate) ring: u8,
    /// Runs until more agents may serve it, or it has aged.
    pub(crate) matures: Option<TimerId>,
    /// Whom it waits for alone, and until when, as long as they may come.
    pub(crate) preferred: Option<(AgentId, Timestamp)>,
    /// Offers so far.
    pub(crate) attempt: u32,
    /// Agents who missed or rejected it: asked again only when no one else is free.
    pub(crate) declined: Vec<AgentId>,
    /// Which state of affairs a policy saw when it last let this one wait on.
    pub(crate) kept_waiting_at: Option<u64>,
    pub(crate) hold: Option<Hold>,
    /// The policy's last word.
    pub(crate) said: Option<PolicySaid>,
    /// Why the policy let it wait, as last written down.
    pub(crate) kept_waiting_for: Vec<String>,
    pub(crate) ranking: Ranking,
    pub(crate) gathering: Gathering,
    /// What the policy's lookups found so far.
    pub(crate) facts: Vec<FoundFact>,
    pub(crate) progress: TimerId,
    pub(crate) recheck: Option<TimerId>,
    pub(crate) longest_wait: Option<TimerId>,
}

/// Whether the policy knows this visit as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ranking {
    Settled,
    Asked,
    /// Asked, and something changed since.
    Outdated,
}

/// What a policy wants to know before it ranks a visit.
#[derive(Debug)]
pub(crate) enum Gathering {
    /// The policy plans, or the host looks up: the contact is given to nobody meanwhile.
    Pending { since: Timestamp, overdue: TimerId },
    /// All that is waited for is in; since then, if anything was asked.
    Done { since: Option<Timestamp> },
}

/// The scale of orders, the shipped policy's: a point of priority, or a minute of waiting.
const POINTS_PER_MS: f64 = 1.0 / 60_000.0;
/// One of priority weighs as much as two years of waiting: priority comes before age.
const POINTS_PER_PRIORITY: f64 = 1e6;

/// The built-in order, where a visit stands until its policy has ranked it: highest priority, then
/// oldest. Among visits without priority it is the shipped policy's own order, so that the ranked
/// and the not yet ranked stand in one line without jumps.
pub(crate) fn built_in_order(priority: i32) -> Order {
    Order {
        base: f64::from(priority) * POINTS_PER_PRIORITY,
        slope: POINTS_PER_MS,
        reasons: Vec::new(),
    }
}

impl Visit {
    /// Whether it is given to nobody until its policy knows more.
    pub(crate) const fn is_gathering(&self) -> bool {
        matches!(self.gathering, Gathering::Pending { .. })
    }

    pub(crate) fn rank(&self, contact: ContactId) -> Rank {
        let oldest_first = built_in_order(0);
        let (order, precedence) = match self.place {
            Place::Ranked | Place::Since(_) => (&self.order, Precedence::Ranked),
            Place::Front => (&self.order, Precedence::Lost),
            Place::Aged => (&oldest_first, Precedence::Aged),
        };
        Rank::new(order, precedence, self.place_since, contact)
    }

    pub(crate) fn class(&self) -> Class {
        Class {
            needs: self.needs.clone(),
            ring: self.ring,
            preferred: self.preferred.map(|(agent, _)| agent),
        }
    }

    /// Those that the policy has not let wait since `affairs`.
    pub(crate) fn is_open_to(&self, affairs: u64) -> bool {
        self.kept_waiting_at != Some(affairs)
    }
}

/// Visits of one class stand in one line: whoever may serve one of them may serve all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Class {
    pub(crate) needs: Needs,
    pub(crate) ring: u8,
    /// Whom they wait for alone.
    pub(crate) preferred: Option<AgentId>,
}

/// What qualifies for a visit: those that need the same compare equal and stand in one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Needs {
    /// What kind of attention is needed: capacity is counted by it.
    medium: Medium,
    expression: Arc<SkillExpression>,
}

impl Needs {
    /// What the queue asks for, and the visit besides.
    pub(crate) fn of(medium: Medium, queue: &SkillExpression, visit: &SkillExpression) -> Needs {
        Needs {
            medium,
            expression: Arc::new(queue.clone().and(visit.clone())),
        }
    }

    pub(crate) const fn medium(&self) -> Medium {
        self.medium
    }

    pub(crate) fn expression(&self) -> &SkillExpression {
        &self.expression
    }

    pub(crate) fn to_vocabulary(&self) -> Vec<SkillNeed> {
        self.expression.needs()
    }
}

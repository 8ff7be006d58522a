//! What a switchboard that starts takes over from the one before: tasks and callbacks that wait on,
//! places kept for those who may call again, and who spoke with a customer last. Read off the facts,
//! once [`super::close_what_was_open`] has ended what could not go on.

use crate::error::Result;
use crate::repositories::Records;
use hotline_vocabulary::address::Channel;
use hotline_vocabulary::configuration::Configuration;
use hotline_vocabulary::end_reason::EndReason;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{ContactId, TenantId};
use hotline_vocabulary::input::{OwedCallback, Task};
use hotline_vocabulary::time::{Millis, Timestamp};
use hotline_vocabulary::{Fact, Input};

/// Talks, at most, from which it is remembered who spoke with whom; the latest.
const TALKS: u32 = 20_000;
/// Visits, at most, that are looked through for places to keep; the latest.
const VISITS: u32 = 20_000;

/// What the tenant's next switchboard is to be told after its configuration, in this order. The
/// number of tasks and callbacks is bounded by the switchboard's limits on them; each costs a query.
///
/// # Errors
/// The database does not answer.
pub async fn left_over(
    records: &Records,
    tenant: TenantId,
    configuration: &Configuration,
    now: Timestamp,
) -> Result<Vec<Input>> {
    let mut inputs = memories(records, tenant, configuration, now).await?;
    let mut waiting: Vec<(Timestamp, ContactId, Input)> = Vec::new();
    for contact in records.contacts.open(tenant).await? {
        let timeline = records.contacts.timeline(tenant, contact).await?;
        if let Some((task, started)) = task_of(&timeline) {
            waiting.push((started, contact, Input::TaskResumed { task, started }));
        } else if let Some(owed) = callback_of(&timeline) {
            waiting.push((owed.booked, contact, Input::CallbackResumed(owed)));
        }
    }
    waiting.sort_by_key(|(started, contact, _)| (*started, *contact));
    inputs.extend(waiting.into_iter().map(|(_, _, input)| input));
    Ok(inputs)
}

/// What the rules of the tenant's queues want to be remembered.
async fn memories(
    records: &Records,
    tenant: TenantId,
    configuration: &Configuration,
    now: Timestamp,
) -> Result<Vec<Input>> {
    let rules = || configuration.queues.iter().map(|queue| &queue.rules);
    let mut inputs = Vec::new();
    let last_agent = rules().filter_map(|rules| rules.last_agent.as_ref());
    if let Some(within) = last_agent.map(|rule| rule.within_ms).max() {
        // A contact that ended within that time may have begun earlier.
        let from = now - within - configuration.limits.contact_length_ms;
        let talks = records.customers.last_talks(tenant, from, TALKS).await?;
        inputs.extend(talks.into_iter().map(|talk| Input::LastSpoke {
            customer: talk.customer,
            agent: talk.agent,
            at: talk.at,
        }));
    }
    let redial = rules().map(|rules| rules.redial_within_ms).max();
    if let Some(within) = redial.filter(|within| *within > Millis::ZERO) {
        let from = now - within;
        let left = records.customers.left_waiting(tenant, from, VISITS).await?;
        inputs.extend(left.into_iter().map(|place| Input::PlaceKept {
            queue: place.queue,
            customer: place.customer,
            since: place.since,
            left: place.left,
        }));
    }
    Ok(inputs)
}

/// An empty value removes.
fn set(attributes: &mut Vec<(String, String)>, changes: &[(String, String)]) {
    for (name, value) in changes {
        attributes.retain(|(known, _)| known != name);
        if !value.is_empty() {
            attributes.push((name.clone(), value.clone()));
        }
    }
}

/// The task that a timeline tells of, as it waited last, and when it was created. None for a contact
/// of another channel, or one that was never in a queue or has ended.
pub fn task_of(timeline: &[Fact]) -> Option<(Task, Timestamp)> {
    let (first, rest) = timeline.split_first()?;
    let What::ContactStarted {
        channel: Channel::Task,
        caller,
        parent,
        ..
    } = &first.what
    else {
        return None;
    };
    let mut attributes = Vec::new();
    let mut place = None;
    for fact in rest {
        match &fact.what {
            What::AttributesSet {
                attributes: changes,
            } => set(&mut attributes, changes),
            What::QueueEntered {
                queue,
                priority,
                skills,
                ..
            } => place = Some((*queue, *priority, skills.clone())),
            What::ContactEnded { .. } => return None,
            _ => {}
        }
    }
    let (queue, priority, skills) = place?;
    let task = Task {
        contact: first.contact?,
        customer: caller.clone(),
        queue,
        priority,
        skills,
        attributes,
        parent: *parent,
    };
    Some((task, first.at))
}

/// The callback that a timeline tells of, as it waited last. None for a contact of another channel,
/// for one whose customer was reached, and for one that has ended or was never in a queue.
pub fn callback_of(timeline: &[Fact]) -> Option<OwedCallback> {
    let (first, rest) = timeline.split_first()?;
    let What::ContactStarted {
        channel: Channel::Callback,
        caller,
        dialled,
        ..
    } = &first.what
    else {
        return None;
    };
    let mut attributes = Vec::new();
    let mut place = None;
    let (mut attempts, mut rests_since) = (0, None);
    let mut calling = false;
    for fact in rest {
        match &fact.what {
            What::AttributesSet {
                attributes: changes,
            } => set(&mut attributes, changes),
            What::QueueEntered {
                queue,
                priority,
                place_since,
                skills,
                ..
            } => {
                let since = place_since.unwrap_or(fact.at);
                place = Some((*queue, *priority, since, skills.clone()));
                rests_since = None;
            }
            What::CustomerCalled { .. } => calling = true,
            // Cut off by us: the customer had no chance to answer.
            What::LegEnded {
                reason: EndReason::HostRestart,
                ..
            } => calling = false,
            What::SegmentEnded { .. } if std::mem::take(&mut calling) => {
                attempts += 1;
                rests_since = Some(fact.at);
            }
            What::ContactAnswered | What::ContactEnded { .. } => return None,
            _ => {}
        }
    }
    let (queue, priority, place_since, skills) = place?;
    Some(OwedCallback {
        contact: first.contact?,
        customer: caller.clone(),
        dialled: dialled.clone(),
        queue,
        priority,
        skills,
        attributes,
        booked: first.at,
        place_since,
        attempts,
        rests_since,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restart::close_after_restart;
    use hotline_vocabulary::fact::{Epoch, Sequence, VisitEnd};
    use hotline_vocabulary::ids::{AgentId, Id, QueueId};

    fn queue() -> QueueId {
        QueueId::from_bits(2)
    }

    /// One contact's facts, a second apart.
    fn timeline(whats: Vec<What>) -> Vec<Fact> {
        let fact = |(what, second): (What, u64)| Fact {
            tenant: TenantId::from_bits(1),
            epoch: Epoch(1),
            sequence: Sequence(second),
            at: Timestamp(0) + Millis::from_secs(second),
            contact: Some(ContactId::from_bits(3)),
            agent: Some(AgentId::from_bits(4)),
            what,
        };
        whats.into_iter().zip(1..).map(fact).collect()
    }

    fn started(channel: Channel) -> What {
        What::ContactStarted {
            channel,
            caller: "+4930111".into(),
            dialled: "100".to_owned(),
            leg: None,
            flow: String::new(),
            parent: None,
        }
    }

    fn entered(place_since: Option<Timestamp>) -> What {
        What::QueueEntered {
            visit: Id::from_bits(5),
            queue: queue(),
            queue_name: "support".to_owned(),
            priority: 3,
            place_since,
            skills: "english >= 4".parse().expect("an expression"),
        }
    }

    fn left(how: VisitEnd) -> What {
        What::QueueLeft {
            visit: Id::from_bits(5),
            queue: queue(),
            waited_ms: Millis(1),
            how,
        }
    }

    fn connected() -> What {
        What::AgentConnected {
            segment: Id::from_bits(6),
            queue: queue(),
            leg: None,
        }
    }

    fn talked(seconds: u64) -> What {
        What::SegmentEnded {
            segment: Id::from_bits(6),
            talked_ms: Millis::from_secs(seconds),
        }
    }

    fn seconds(seconds: u64) -> Timestamp {
        Timestamp(0) + Millis::from_secs(seconds)
    }

    /// Closes what was open at that second, and adds it to the timeline.
    fn crash(facts: &mut Vec<Fact>, second: u64) -> Vec<What> {
        let tenant = TenantId::from_bits(1);
        let closing = close_after_restart(tenant, Epoch(2), seconds(second), facts, &[]);
        facts.extend(closing.clone());
        closing.into_iter().map(|fact| fact.what).collect()
    }

    #[test]
    fn a_task_in_hand_when_the_host_died_stays_open_and_waits_as_before() {
        let answered = left(VisitEnd::Answered);
        let whats = vec![started(Channel::Task), entered(None), answered, connected()];
        let mut facts = timeline(whats);
        assert_eq!(crash(&mut facts, 8), [talked(4)]);

        let (task, started) = task_of(&facts).expect("the task waits");
        assert_eq!(
            (started, task.queue, task.priority),
            (seconds(1), queue(), 3)
        );
        assert_eq!(task.skills.to_string(), "english >= 4");
        let reason = EndReason::Completed;
        facts.extend(timeline(vec![What::ContactEnded { reason }]));
        assert_eq!(task_of(&facts), None, "what is done does not come back");
    }

    #[test]
    fn a_callback_waits_on_with_its_place_and_what_was_tried() {
        let leg = Id::from_bits(7);
        let place = Timestamp(500);
        let attempt = || {
            [
                entered(Some(place)),
                left(VisitEnd::Answered),
                connected(),
                What::CustomerCalled { leg },
            ]
        };
        let mut whats = vec![started(Channel::Callback)];
        whats.extend(attempt());
        whats.push(talked(1));
        let mut facts = timeline(whats.clone());
        assert_eq!(
            crash(&mut facts, 9),
            [],
            "between two attempts nothing is open"
        );
        let owed = callback_of(&facts).expect("the callback waits");
        assert_eq!((owed.booked, owed.place_since), (seconds(1), place));
        assert_eq!((owed.attempts, owed.rests_since), (1, Some(seconds(6))));

        // The host dies while the phone rings for the second time: that one does not count.
        whats.extend(attempt());
        let mut facts = timeline(whats.clone());
        let reason = EndReason::HostRestart;
        let cut_off = What::LegEnded { leg, reason };
        assert_eq!(crash(&mut facts, 12), [cut_off, talked(3)]);
        let owed = callback_of(&facts).expect("the callback waits");
        assert_eq!((owed.attempts, owed.rests_since), (1, None));

        // A customer who was on the line has been called back, and was cut off.
        whats.push(What::ContactAnswered);
        let mut facts = timeline(whats);
        let ended = What::ContactEnded { reason };
        assert_eq!(crash(&mut facts, 12), [talked(3), ended]);
        assert_eq!(callback_of(&facts), None);
    }
}

//! The queues of a scenario as production configures them.

use super::mistake::{Field, Wrong};
use super::{Otherwise, Queue, Rules, Scenario};
use crate::distribution::millis;
use hotline_vocabulary::Millis;
use hotline_vocabulary::configuration::{self, QueueRules};
use hotline_vocabulary::ids::{Id, QueueId};

/// The simulated flow says nothing to those who wait: it need not be asked each minute.
const PROGRESS_EVERY: Millis = Millis::from_secs(24 * 3600);

pub(super) fn id(place: usize) -> QueueId {
    QueueId::from_bits(1 + place as u128)
}

pub(super) fn plan(scenario: &Scenario) -> Result<Vec<configuration::Queue>, Wrong> {
    if scenario.queues.is_empty() {
        return Err(Field::of("queue").wrong("there is none; add a [[queue]] table"));
    }
    let mut queues = Vec::with_capacity(scenario.queues.len());
    for (place, queue) in scenario.queues.iter().enumerate() {
        let field = Field::of("queue").at(place);
        if scenario.queues[..place]
            .iter()
            .any(|other| other.name == queue.name)
        {
            let problem = format!("{:?} is taken; each queue needs its own name", queue.name);
            return Err(field.name("name").wrong(problem));
        }
        queues.push(configured(scenario, place, queue, &field)?);
    }
    Ok(queues)
}

fn configured(
    scenario: &Scenario,
    place: usize,
    queue: &Queue,
    field: &Field,
) -> Result<configuration::Queue, Wrong> {
    let work_afterwards = scenario
        .contacts
        .iter()
        .any(|contacts| contacts.wrap_up.is_some());
    Ok(configuration::Queue {
        skills: queue.skills.clone(),
        ring_timeout_ms: millis(queue.ring_timeout_s),
        wrap_up_ms: match (queue.wrap_up_s, work_afterwards) {
            (Some(longest), _) => Some(millis(longest)),
            (None, true) => None,
            (None, false) => Some(Millis::ZERO),
        },
        progress_every_ms: PROGRESS_EVERY,
        service_level_ms: millis(queue.service_level_s),
        max_waiting: queue.max_waiting,
        rules: rules(scenario, &queue.rules, &field.name("rules"))?,
        ..configuration::Queue::named(id(place), &queue.name)
    })
}

fn rules(scenario: &Scenario, rules: &Rules, field: &Field) -> Result<QueueRules, Wrong> {
    if let Some(hours) = &rules.hours
        && !scenario
            .calendars
            .iter()
            .any(|calendar| calendar.name == *hours)
    {
        let problem = format!("there is no calendar {hours:?}; add a [[calendar]] of that name");
        return Err(field.name("hours").wrong(problem));
    }
    let otherwise = |otherwise: &Otherwise, name: &str| {
        Ok(match otherwise {
            Otherwise::TellFlow => configuration::Otherwise::TellFlow,
            Otherwise::Callback => configuration::Otherwise::Callback,
            Otherwise::Voicemail => configuration::Otherwise::Voicemail,
            Otherwise::HangUp => configuration::Otherwise::HangUp,
            Otherwise::Queue(queue) => {
                let place = named(scenario, queue, &field.name(name).name("queue"))?;
                configuration::Otherwise::Queue(id(place))
            }
        })
    };
    Ok(QueueRules {
        rings: rules.rings.clone(),
        hours: rules.hours.clone(),
        refuse_when: rules.refuse_when.clone(),
        leave_when: rules.leave_when.clone(),
        max_wait_ms: rules.max_wait_s.map(millis),
        first_progress_ms: None,
        on_full: otherwise(&rules.on_full, "on_full")?,
        on_closed: otherwise(&rules.on_closed, "on_closed")?,
        on_empty: otherwise(&rules.on_empty, "on_empty")?,
        on_max_wait: otherwise(&rules.on_max_wait, "on_max_wait")?,
        callback: rules.callback.clone(),
        redial_within_ms: millis(rules.redial_within_s),
        last_agent: rules.last_agent.clone(),
    })
}

/// The place of the queue of this name.
pub(super) fn named(scenario: &Scenario, name: &str, field: &Field) -> Result<usize, Wrong> {
    let found = scenario.queues.iter().position(|queue| queue.name == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = scenario
            .queues
            .iter()
            .map(|queue| queue.name.as_str())
            .collect();
        let problem = format!(
            "there is no queue {name:?}; say one of: {}",
            names.join(", ")
        );
        field.wrong(problem)
    })
}

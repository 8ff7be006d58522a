//! A recorded day as a scenario: who was at work, with which skills, in which queues. Agents are
//! numbered; nothing says who they are.

use super::{
    Agents, Limits, Membership, Otherwise, Placed, Policy, Queue, Rules, Run, Scenario, Settings,
    Which,
};
use crate::distribution::Distribution;
use crate::plan::Span;
use crate::recording::Recording;
use crate::repertoire::RecordingError;
use hotline_vocabulary::configuration::{self, Configuration};
use hotline_vocabulary::ids::QueueId;
use hotline_vocabulary::{Millis, Timestamp};
use std::path::Path;

/// Offers whose answers are kept; more say no more.
const ANSWERS_KEPT: usize = 200;

impl Recording {
    /// What plays this recording, whose trace is in the file named; `time_zone` says when its days
    /// begin.
    ///
    /// # Errors
    /// Nothing to play, or an unknown time zone's day.
    pub fn scenario(
        &self,
        configuration: &Configuration,
        trace: &Path,
        time_zone: &str,
    ) -> Result<Scenario, RecordingError> {
        let first = self.contacts.first().ok_or(RecordingError::NoContacts)?;
        let midnight = super::planning::midnight_before(first.arrived, time_zone)
            .ok_or(RecordingError::NoContacts)?;
        let answers: Vec<f64> = self
            .answers
            .iter()
            .take(ANSWERS_KEPT)
            .map(|after| after.as_secs_f64())
            .collect();
        let answers_after =
            (!answers.is_empty()).then_some(Distribution::Empirical { values_s: answers });
        let name_of = |id: QueueId| {
            let queue = configuration.queues.iter().find(|queue| queue.id == id);
            queue.map_or_else(|| id.to_string(), |queue| queue.name.clone())
        };
        let present = |agent: &configuration::Agent| {
            let found = self.attendance.iter().find(|one| one.agent == agent.id);
            found.filter(|one| !one.shifts.is_empty())
        };
        let agents: Vec<Agents> = configuration
            .agents
            .iter()
            .filter_map(|agent| Some((agent, present(agent)?)))
            .zip(1u32..)
            .map(|((agent, attendance), number)| Agents {
                name: format!("agent-{number}"),
                count: 1,
                skills: agent
                    .skills
                    .iter()
                    .map(|skill| (skill.name.clone(), skill.level))
                    .collect(),
                queues: agent
                    .queues
                    .iter()
                    .map(|membership| {
                        Membership::Placed(Placed {
                            queue: name_of(membership.queue),
                            level: membership.level,
                            after_s: membership.after_ms.as_secs_f64(),
                        })
                    })
                    .collect(),
                shift: None,
                breaks: Vec::new(),
                present_s: seconds(&attendance.shifts, midnight),
                absent_s: seconds(&attendance.breaks, midnight),
                answers_after: answers_after.clone(),
                capacity: agent.capacity.clone(),
            })
            .collect();
        if agents.is_empty() {
            return Err(RecordingError::NoAgents);
        }
        Ok(Scenario {
            title: "What was recorded, again".to_owned(),
            run: Run {
                replications: 8,
                time_zone: time_zone.to_owned(),
                ..Run::default()
            },
            queues: configuration
                .queues
                .iter()
                .map(|queue| said(queue, &name_of))
                .collect(),
            agents,
            contacts: Vec::new(),
            recorded: Some(trace.to_owned()),
            policies: vec![
                policy("built-in", Which::BuiltIn),
                policy("skills", Which::Shipped),
            ],
            calendars: configuration.calendars.clone(),
            limits: Limits::default(),
        })
    }
}

fn policy(name: &str, which: Which) -> Policy {
    Policy {
        name: name.to_owned(),
        which,
        config: Settings::new(),
    }
}

/// From and to, since midnight; one without an end lasts a week.
fn seconds(spans: &[Span], midnight: Timestamp) -> Vec<(f64, f64)> {
    const WEEK: Millis = Millis::from_secs(7 * 86_400);
    let since = |at: Timestamp| at.since(midnight).as_secs_f64();
    spans
        .iter()
        .map(|span| (since(span.from), since(span.to.unwrap_or(midnight + WEEK))))
        .collect()
}

fn said(queue: &configuration::Queue, name_of: &dyn Fn(QueueId) -> String) -> Queue {
    let otherwise = |otherwise: &configuration::Otherwise| match otherwise {
        configuration::Otherwise::TellFlow => Otherwise::TellFlow,
        configuration::Otherwise::Queue(id) => Otherwise::Queue(name_of(*id)),
        configuration::Otherwise::Callback => Otherwise::Callback,
        configuration::Otherwise::Voicemail => Otherwise::Voicemail,
        configuration::Otherwise::HangUp => Otherwise::HangUp,
    };
    let rules = &queue.rules;
    Queue {
        name: queue.name.clone(),
        skills: queue.skills.clone(),
        ring_timeout_s: queue.ring_timeout_ms.as_secs_f64(),
        wrap_up_s: queue.wrap_up_ms.map(Millis::as_secs_f64),
        service_level_s: queue.service_level_ms.as_secs_f64(),
        max_waiting: queue.max_waiting,
        rules: Rules {
            rings: rules.rings.clone(),
            hours: rules.hours.clone(),
            refuse_when: rules.refuse_when.clone(),
            leave_when: rules.leave_when.clone(),
            max_wait_s: rules.max_wait_ms.map(Millis::as_secs_f64),
            on_full: otherwise(&rules.on_full),
            on_closed: otherwise(&rules.on_closed),
            on_empty: otherwise(&rules.on_empty),
            on_max_wait: otherwise(&rules.on_max_wait),
            callback: rules.callback.clone(),
            redial_within_s: rules.redial_within_ms.as_secs_f64(),
            last_agent: rules.last_agent.clone(),
        },
    }
}

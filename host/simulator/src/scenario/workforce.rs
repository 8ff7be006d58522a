//! The agents of a scenario, and their days.

use super::mistake::{Field, Wrong};
use super::values::sampler;
use super::{Agents, Membership, Placed, Scenario, queues};
use crate::distribution::{Sampler, millis};
use crate::plan::{AgentPlan, Span};
use crate::source::Until;
use hotline_vocabulary::configuration::{self, Skill, TimeOfDay};
use hotline_vocabulary::ids::{AgentId, Id};
use hotline_vocabulary::{Millis, Timestamp};

const MOST_AGENTS: usize = 100_000;
const DAY: Millis = Millis::from_secs(86_400);
/// Days for which shifts are planned when contacts, not hours, end the arrivals.
const DAYS_WITHOUT_END: u64 = 366;

pub(super) fn plan(
    scenario: &Scenario,
    queues: &[configuration::Queue],
    midnight: Timestamp,
    until: Until,
) -> Result<Vec<(AgentPlan, configuration::Agent)>, Wrong> {
    let days = match until {
        // Those who still wait then are served on the day after.
        Until::At(end) => end.since(midnight).0.div_ceil(DAY.0) + 1,
        Until::Contacts(_) => DAYS_WITHOUT_END,
    };
    let mut agents = Vec::new();
    for (place, group) in scenario.agents.iter().enumerate() {
        let field = Field::of("agents").at(place);
        let count = group.count as usize;
        if count == 0 || agents.len() + count > MOST_AGENTS {
            let problem = format!("say from 1 to {MOST_AGENTS} agents in all");
            return Err(field.name("count").wrong(problem));
        }
        let memberships = memberships(scenario, group, &field, queues)?;
        let skills = skills(group, &field)?;
        let answers_after = match &group.answers_after {
            Some(after) => sampler(after, &field.name("answers_after"))?,
            None => Sampler::NOTHING,
        };
        for number in 0..group.count {
            let id = AgentId::from_bits(1 + agents.len() as u128);
            let (shifts, breaks) = match group.present_s.is_empty() {
                true => times(group, number, midnight, days),
                false => (
                    spans(&group.present_s, midnight, &field.name("present_s"))?,
                    spans(&group.absent_s, midnight, &field.name("absent_s"))?,
                ),
            };
            let plan = AgentPlan {
                id,
                shifts,
                breaks,
                answers_after: answers_after.clone(),
            };
            let configured = configuration::Agent {
                id,
                name: match group.count {
                    1 => group.name.clone(),
                    _ => format!("{}-{}", group.name, number + 1),
                },
                skills: skills.clone(),
                queues: memberships.clone(),
                capacity: group.capacity.clone(),
            };
            agents.push((plan, configured));
        }
    }
    if agents.is_empty() {
        return Err(Field::of("agents").wrong("nobody works; add an [[agents]] table"));
    }
    Ok(agents)
}

fn memberships(
    scenario: &Scenario,
    group: &Agents,
    field: &Field,
    queues: &[configuration::Queue],
) -> Result<Vec<configuration::Membership>, Wrong> {
    let field = field.name("queues");
    let mut memberships = Vec::with_capacity(queues.len());
    for (place, membership) in group.queues.iter().enumerate() {
        let (name, level, after_s, field) = match membership {
            Membership::Named(name) => (name, 1, 0.0, field.at(place)),
            Membership::Placed(Placed {
                queue,
                level,
                after_s,
            }) => (queue, *level, *after_s, field.at(place).name("queue")),
        };
        memberships.push(configuration::Membership {
            queue: queues::id(queues::named(scenario, name, &field)?),
            level,
            after_ms: millis(after_s),
        });
    }
    if memberships.is_empty() {
        return Err(field.wrong("is empty; name the queues that these agents serve"));
    }
    Ok(memberships)
}

fn skills(group: &Agents, field: &Field) -> Result<Vec<Skill>, Wrong> {
    let field = field.name("skills");
    let skill = |(name, level): (&String, &u8)| match level {
        1..=10 => Ok(Skill {
            name: name.clone(),
            level: *level,
        }),
        _ => {
            let problem = format!("{level} is no level; say one from 1 to 10");
            Err(field.name(name).wrong(problem))
        }
    };
    group.skills.iter().map(skill).collect()
}

fn spans(said: &[(f64, f64)], midnight: Timestamp, field: &Field) -> Result<Vec<Span>, Wrong> {
    let mut ended = 0.0;
    let mut spans = Vec::with_capacity(said.len());
    for (place, (from, to)) in said.iter().enumerate() {
        if *from < ended || to <= from {
            let problem =
                format!("{from} to {to} is not after what is before it; put them in order");
            return Err(field.at(place).wrong(problem));
        }
        ended = *to;
        spans.push(Span {
            from: midnight + millis(*from),
            to: Some(midnight + millis(*to)),
        });
    }
    Ok(spans)
}

/// The shifts and breaks of the agent of this number in the group, day after day.
fn times(group: &Agents, number: u32, midnight: Timestamp, days: u64) -> (Vec<Span>, Vec<Span>) {
    let Some(shift) = group.shift else {
        let always = Span {
            from: midnight,
            to: None,
        };
        return (vec![always], Vec::new());
    };
    let minutes = |time: TimeOfDay| Millis::from_secs(u64::from(time.minutes()) * 60);
    let (from, to) = (minutes(shift.from), minutes(shift.to));
    let length = match to > from {
        true => Millis(to.0 - from.0),
        false => Millis(to.0 + DAY.0 - from.0),
    };
    let (mut shifts, mut breaks) = (Vec::new(), Vec::new());
    for day in 0..days {
        let begins = midnight + Millis(day * DAY.0) + from;
        shifts.push(Span {
            from: begins,
            to: Some(begins + length),
        });
        for pause in &group.breaks {
            let late = millis(f64::from(number) * pause.stagger_minutes * 60.0);
            let at = minutes(pause.at);
            let after_midnight = match at >= from {
                true => at,
                // A break of a night shift, after midnight.
                false => at + DAY,
            };
            let begins = midnight + Millis(day * DAY.0) + after_midnight + late;
            breaks.push(Span {
                from: begins,
                to: Some(begins + millis(pause.minutes * 60.0)),
            });
        }
    }
    (shifts, breaks)
}

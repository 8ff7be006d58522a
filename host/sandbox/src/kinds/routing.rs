//! Routing policies: `wit/deps/routing`.

use super::{at_most, attributes, declared, finite, interaction, nonsense, short, text, texts};
use crate::bindings::exports::hotline::routing::policy as wit;
use crate::call::{Called, call};
use crate::engine::Ticker;
use crate::host::{Host, Universe, millis};
use crate::limits;
use hotline_vocabulary::flow::Interaction;
use hotline_vocabulary::ids::{AgentId, ContactId, Id};
use hotline_vocabulary::plugin::PluginFault;
use hotline_vocabulary::routing::{Batch, Decision, Order, Outcome, QueueView, Score};
use hotline_vocabulary::time::Millis;
use std::collections::{HashMap, HashSet};
use wasmtime::component::InstancePre;

pub(crate) const EXPORT: &str = "hotline:routing/policy@0.1.0";

const REASONS: usize = 8;
const REASON_BYTES: usize = 200;
const SCORES: usize = 256;
const PARTS: usize = 16;
const NAME_BYTES: usize = 128;

/// A compiled policy, ready to be instantiated.
pub(crate) struct Policy {
    guest: InstancePre<Host>,
    exports: wit::GuestIndices,
}

impl Policy {
    pub(crate) fn new(guest: InstancePre<Host>) -> wasmtime::Result<Self> {
        Ok(Policy {
            exports: wit::GuestIndices::new(&guest)?,
            guest,
        })
    }

    pub(crate) fn rank(
        &self,
        ticker: &Ticker,
        universe: Universe,
        contact: &Interaction,
        queue: &QueueView,
    ) -> Called<Order> {
        call(
            &self.guest,
            ticker,
            &limits::ROUTING,
            universe,
            |store, instance| {
                let guest = self.exports.load(&mut *store, instance)?;
                let attributes = attributes(contact);
                let id = queue.id.to_string();
                let answer = guest.call_rank(
                    store,
                    interaction(contact, &attributes),
                    queue_view(queue, &id),
                )?;
                Ok(match answer {
                    Ok(order) => ranked(order),
                    Err(said) => Err(declared(said)),
                })
            },
        )
    }

    pub(crate) fn decide(
        &self,
        ticker: &Ticker,
        universe: Universe,
        batch: &Batch,
    ) -> Called<Vec<Outcome>> {
        call(
            &self.guest,
            ticker,
            &limits::ROUTING,
            universe,
            |store, instance| {
                let guest = self.exports.load(&mut *store, instance)?;
                let names = Names::of(batch);
                let answer = names.lend(batch, |input| guest.call_decide(store, input))?;
                Ok(match answer {
                    Ok(outcomes) => decided(outcomes, batch, &names),
                    Err(said) => Err(declared(said)),
                })
            },
        )
    }
}

/// A stream of randomness for each contact that is ranked.
pub(crate) fn rank_seed(contact: ContactId) -> u64 {
    let bits = contact.bits();
    ((bits >> 64) as u64) ^ (bits as u64)
}

/// A stream of randomness for each moment and set of contacts.
pub(crate) fn decide_seed(batch: &Batch) -> u64 {
    batch.contacts.iter().fold(
        millis(batch.at).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        |seed, contact| seed.rotate_left(5) ^ rank_seed(contact.contact),
    )
}

/// The ids of a batch as texts, made once and borrowed by the guest's arguments.
struct Names {
    queues: Vec<String>,
    agents: Vec<String>,
    /// Where each agent is in the batch.
    places: HashMap<AgentId, usize>,
}

impl Names {
    fn of(batch: &Batch) -> Self {
        Names {
            queues: batch
                .queues
                .iter()
                .map(|queue| queue.id.to_string())
                .collect(),
            agents: batch
                .agents
                .iter()
                .map(|agent| agent.id.to_string())
                .collect(),
            places: batch
                .agents
                .iter()
                .enumerate()
                .map(|(place, agent)| (agent.id, place))
                .collect(),
        }
    }

    fn lend<T>(&self, batch: &Batch, use_it: impl FnOnce(wit::Batch<'_>) -> T) -> T {
        let queues: Vec<_> = batch
            .queues
            .iter()
            .zip(&self.queues)
            .map(|(queue, id)| queue_view(queue, id))
            .collect();
        let skills: Vec<Vec<wit::Skill<'_>>> = batch
            .agents
            .iter()
            .map(|agent| {
                agent
                    .skills
                    .iter()
                    .map(|skill| wit::Skill {
                        name: &skill.name,
                        level: skill.level,
                    })
                    .collect()
            })
            .collect();
        let agents: Vec<_> = batch
            .agents
            .iter()
            .zip(&self.agents)
            .zip(&skills)
            .map(|((agent, id), skills)| wit::AgentView {
                id,
                idle_ms: agent.idle_ms.0,
                occupancy: agent.occupancy,
                skills,
                ext: &[],
            })
            .collect();
        let parts: Vec<_> = batch
            .contacts
            .iter()
            .map(|contact| {
                let queue = batch.queues.iter().position(|q| q.id == contact.queue);
                ContactParts {
                    attributes: attributes(&contact.interaction),
                    queue: queue.map_or_else(
                        || contact.queue.to_string().into(),
                        |place| self.queues[place].as_str().into(),
                    ),
                    needs: contact
                        .needs
                        .iter()
                        .map(|need| wit::SkillNeed {
                            name: &need.skill,
                            at_least: need.at_least,
                        })
                        .collect(),
                    candidates: contact
                        .candidates
                        .iter()
                        .filter_map(|candidate| self.agents.get(candidate.agent as usize))
                        .map(String::as_str)
                        .collect(),
                }
            })
            .collect();
        let contacts: Vec<_> = batch
            .contacts
            .iter()
            .zip(&parts)
            .map(|(contact, parts)| wit::ContactView {
                interaction: interaction(&contact.interaction, &parts.attributes),
                queue: &parts.queue,
                waited_ms: contact.waited_ms.0,
                attempt: contact.attempt,
                needs: &parts.needs,
                candidates: &parts.candidates,
                ext: &[],
            })
            .collect();
        use_it(wit::Batch {
            at: millis(batch.at),
            queues: &queues,
            agents: &agents,
            contacts: &contacts,
            ext: &[],
        })
    }
}

struct ContactParts<'a> {
    attributes: Vec<(&'a str, &'a str)>,
    queue: std::borrow::Cow<'a, str>,
    needs: Vec<wit::SkillNeed<'a>>,
    candidates: Vec<&'a str>,
}

fn queue_view<'a>(queue: &'a QueueView, id: &'a str) -> wit::QueueView<'a> {
    wit::QueueView {
        id,
        name: &queue.name,
        waiting: queue.waiting,
        oldest_wait_ms: queue.oldest_wait_ms.0,
        ready_agents: queue.ready_agents,
        service_level_ms: queue.service_level_ms.0,
        ext: &[],
    }
}

fn ranked(order: wit::Order) -> Result<Order, PluginFault> {
    Ok(Order {
        base: finite("base", order.base)?,
        slope: finite("slope", order.slope)?,
        reasons: texts("reason", order.reasons, REASONS, REASON_BYTES)?,
    })
}

fn decided(
    outcomes: Vec<wit::Outcome>,
    batch: &Batch,
    names: &Names,
) -> Result<Vec<Outcome>, PluginFault> {
    let contacts: HashMap<&str, usize> = batch
        .contacts
        .iter()
        .enumerate()
        .map(|(place, contact)| (contact.interaction.id.as_str(), place))
        .collect();
    let mut decided = HashSet::with_capacity(batch.contacts.len());
    let mut assigned = HashSet::new();
    let mut checked = Vec::with_capacity(batch.contacts.len());
    for outcome in outcomes {
        let Some(contact) = contacts
            .get(outcome.contact.as_str())
            .map(|place| &batch.contacts[*place])
        else {
            return Err(nonsense(format!(
                "decided about the contact `{}`, which is not in the batch",
                quoted(outcome.contact)
            )));
        };
        if !decided.insert(contact.contact) {
            return Err(nonsense(format!(
                "decided twice about the contact {}",
                contact.contact
            )));
        }
        let decision = match outcome.decision {
            wit::Decision::Assign(agent) => {
                let agent = known_agent(agent, names)?;
                let place = names.places.get(&agent).copied();
                let mut candidates = contact.candidates.iter();
                if !candidates.any(|candidate| Some(candidate.agent as usize) == place) {
                    return Err(nonsense(format!(
                        "assigned {} to {agent}, who is no candidate for it",
                        contact.contact
                    )));
                }
                if !assigned.insert(agent) {
                    return Err(nonsense(format!("assigned two contacts to {agent}")));
                }
                Decision::Assign(agent)
            }
            wit::Decision::Overflow(queue) => {
                Decision::Overflow(text("queue name", queue, NAME_BYTES)?)
            }
            // A decision of a later contract: its meaning for this host is to wait.
            wit::Decision::KeepWaiting | wit::Decision::Ext(_) => Decision::KeepWaiting,
        };
        checked.push(Outcome {
            contact: contact.contact,
            decision,
            reasons: texts("reason", outcome.reasons, REASONS, REASON_BYTES)?,
            scores: scores(outcome.scores, names)?,
            recheck_after_ms: outcome
                .recheck_after_ms
                .map(|after| Millis(u64::from(after))),
        });
    }
    Ok(checked)
}

fn scores(list: Vec<wit::Score>, names: &Names) -> Result<Vec<Score>, PluginFault> {
    at_most("scores", list.len(), SCORES)?;
    list.into_iter()
        .map(|score| {
            at_most("parts of a score", score.parts.len(), PARTS)?;
            let parts = score.parts.into_iter().map(|(name, share)| {
                Ok((
                    short("name of a score's part", name, NAME_BYTES)?,
                    finite("share of a score", share)?,
                ))
            });
            Ok(Score {
                agent: known_agent(score.agent, names)?,
                total: finite("total of a score", score.total)?,
                parts: parts.collect::<Result<_, PluginFault>>()?,
            })
        })
        .collect()
}

fn known_agent(agent: String, names: &Names) -> Result<AgentId, PluginFault> {
    match agent.parse::<AgentId>() {
        Ok(id) if names.places.contains_key(&id) => Ok(id),
        _ => Err(nonsense(format!(
            "named the agent `{}`, who is not in the batch",
            quoted(agent)
        ))),
    }
}

/// A guest's own text in a sentence about it.
fn quoted(mut text: String) -> String {
    crate::host::cut(&mut text, 64);
    text
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Policy")
    }
}

//! What of a policy's answer is believed. A mistake in one outcome is that outcome's alone: it goes on
//! as [`Decision::Invalid`], for the switchboard to overrule and report. What is wrong with the answer
//! as a whole is a fault.

use super::super::{at_most, finite, nonsense, short, text, texts};
use crate::bindings::hotline::routing::types as wit;
use hotline_vocabulary::ids::{AgentId, ContactId};
use hotline_vocabulary::plugin::PluginFault;
use hotline_vocabulary::routing::{Batch, Decision, Lookup, LookupSource, Order, Outcome, Score};
use hotline_vocabulary::time::Millis;
use std::collections::HashSet;

const REASONS: usize = 8;
const REASON_BYTES: usize = 200;
const SCORES: usize = 256;
const PARTS: usize = 16;
const NAME_BYTES: usize = 128;
const LOOKUPS: usize = 8;
const KEY_BYTES: usize = 256;

pub(super) fn planned(lookups: Vec<wit::Lookup>) -> Result<Vec<Lookup>, PluginFault> {
    at_most("lookups", lookups.len(), LOOKUPS)?;
    let mut ids = HashSet::new();
    let planned = lookups.into_iter().map(|lookup| {
        let id = text("id of a lookup", lookup.id, NAME_BYTES)?;
        if !ids.insert(id.clone()) {
            return Err(nonsense(format!("planned two lookups with the id `{id}`")));
        }
        let source = match lookup.source {
            wit::Source::CustomerHistory => LookupSource::CustomerHistory,
            wit::Source::Table((table, key)) => LookupSource::Table {
                table: text("name of a table", table, NAME_BYTES)?,
                key: short("key of a table", key, KEY_BYTES)?,
            },
            wit::Source::Ext((mut name, _)) => {
                crate::text::cut(&mut name, NAME_BYTES);
                LookupSource::Unknown(name)
            }
        };
        Ok(Lookup { id, source })
    });
    planned.collect()
}

pub(super) fn ranked(order: wit::Order) -> Result<Order, PluginFault> {
    Ok(Order {
        base: finite("base", order.base)?,
        slope: finite("slope", order.slope)?,
        reasons: texts("reason", order.reasons, REASONS, REASON_BYTES)?,
    })
}

pub(super) fn decided(
    outcomes: Vec<wit::Outcome>,
    batch: &Batch,
) -> Result<Vec<Outcome>, PluginFault> {
    // A second outcome for a contact is overruled one by one; a flood of them is not.
    at_most("outcomes", outcomes.len(), batch.contacts.len() * 2)?;
    let decided = outcomes.into_iter().map(|outcome| {
        let place = outcome.contact as usize;
        let Some(contact) = batch.contacts.get(place) else {
            return Err(nonsense(format!(
                "decided about contact number {place}; the batch has {}, from 0",
                batch.contacts.len()
            )));
        };
        let contact = contact.contact;
        Ok(
            believed(contact, outcome, batch).unwrap_or_else(|mistake| Outcome {
                contact,
                decision: Decision::Invalid(mistake.message),
                reasons: Vec::new(),
                scores: Vec::new(),
                recheck_after_ms: None,
            }),
        )
    });
    decided.collect()
}

/// What is wrong with one outcome is the error.
fn believed(
    contact: ContactId,
    outcome: wit::Outcome,
    batch: &Batch,
) -> Result<Outcome, PluginFault> {
    let decision = match outcome.decision {
        wit::Decision::Assign(agent) => Decision::Assign(agent_at("assigned", agent, batch)?),
        wit::Decision::Overflow(queue) => {
            Decision::Overflow(text("queue name", queue, NAME_BYTES)?)
        }
        wit::Decision::Flow(flow) => Decision::Flow(text("flow name", flow, NAME_BYTES)?),
        wit::Decision::Callback => Decision::Callback,
        wit::Decision::Voicemail => Decision::Voicemail,
        // A decision of a later contract: its meaning for this host is to wait.
        wit::Decision::KeepWaiting | wit::Decision::Ext(_) => Decision::KeepWaiting,
    };
    at_most("scores", outcome.scores.len(), SCORES)?;
    let scores = outcome.scores.into_iter().map(|score| {
        at_most("parts of a score", score.parts.len(), PARTS)?;
        let parts = score.parts.into_iter().map(|(name, share)| {
            let name = short("name of a score's part", name, NAME_BYTES)?;
            Ok((name, finite("share of a score", share)?))
        });
        Ok(Score {
            agent: agent_at("scored", score.agent, batch)?,
            total: finite("total of a score", score.total)?,
            parts: parts.collect::<Result<_, PluginFault>>()?,
        })
    });
    Ok(Outcome {
        contact,
        decision,
        reasons: texts("reason", outcome.reasons, REASONS, REASON_BYTES)?,
        scores: scores.collect::<Result<_, PluginFault>>()?,
        recheck_after_ms: outcome.recheck_after_ms.map(|after| Millis(after.into())),
    })
}

fn agent_at(what: &str, place: u32, batch: &Batch) -> Result<AgentId, PluginFault> {
    let agent = batch.agents.get(place as usize);
    agent.map(|agent| agent.id).ok_or_else(|| {
        nonsense(format!(
            "{what} agent number {place}; the batch has {}, from 0",
            batch.agents.len()
        ))
    })
}

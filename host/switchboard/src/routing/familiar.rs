//! Who spoke with which customer last: so that a customer who comes again may get the same agent.

use crate::call::contact::Contact;
use crate::limits::FAMILIAR_CUSTOMERS;
use crate::queue::redial::is_one_customer;
use crate::queue::visit::Ticket;
use hotline_vocabulary::configuration;
use hotline_vocabulary::flow::Preferred;
use hotline_vocabulary::ids::AgentId;
use hotline_vocabulary::{Address, Millis, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Bounded; when full, the talk that lies back furthest is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Familiar {
    by_customer: BTreeMap<Address, (Timestamp, AgentId)>,
    by_age: BTreeSet<(Timestamp, Address)>,
}

impl Familiar {
    /// A talk ended then.
    pub(crate) fn spoke(&mut self, customer: Address, agent: AgentId, at: Timestamp) {
        if let Some((before, _)) = self.by_customer.get(&customer).copied() {
            if before > at {
                return;
            }
            self.by_age.remove(&(before, customer.clone()));
        }
        self.by_customer.insert(customer.clone(), (at, agent));
        self.by_age.insert((at, customer));
        if self.by_age.len() > FAMILIAR_CUSTOMERS
            && let Some((_, oldest)) = self.by_age.pop_first()
        {
            self.by_customer.remove(&oldest);
        }
    }

    /// The agent whom this customer spoke with last, if that is not longer ago.
    pub(crate) fn agent_of(
        &self,
        customer: &Address,
        within: Millis,
        now: Timestamp,
    ) -> Option<AgentId> {
        let (at, agent) = self.by_customer.get(customer)?;
        (now.since(*at) <= within).then_some(*agent)
    }
}

impl Contact {
    /// Whom a visit that begins now waits for alone, and until when: the flow's choice, else who
    /// spoke with the customer last, if the queue has it so.
    pub(crate) fn prefers(
        &self,
        ticket: &Ticket,
        queue: &configuration::Queue,
        familiar: &Familiar,
        now: Timestamp,
    ) -> Option<(AgentId, Timestamp)> {
        let chosen = ticket
            .preferred
            .map(|Preferred { agent, wait_ms }| (agent, wait_ms));
        let (agent, wait) = chosen.or_else(|| {
            // Whoever is not on the line is in no hurry to be heard by the same voice.
            let rule = queue
                .rules
                .last_agent
                .as_ref()
                .filter(|_| self.leg.is_some())?;
            let caller = Some(&self.caller).filter(|caller| is_one_customer(caller))?;
            let agent = familiar.agent_of(caller, rule.within_ms, now)?;
            Some((agent, rule.wait_ms))
        })?;
        (wait > Millis::ZERO).then_some((agent, now + wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::ids::Id;

    #[test]
    fn the_latest_talk_counts_and_the_oldest_is_forgotten_first() {
        let agent = AgentId::from_bits;
        let mut familiar = Familiar::default();
        familiar.spoke("ada".into(), agent(1), Timestamp(5));
        familiar.spoke("ada".into(), agent(2), Timestamp(9));
        familiar.spoke("ada".into(), agent(3), Timestamp(7));
        let of = |familiar: &Familiar, who: &str, now| {
            familiar.agent_of(&who.into(), Millis(100), Timestamp(now))
        };
        assert_eq!(of(&familiar, "ada", 10), Some(agent(2)));
        assert_eq!(of(&familiar, "ada", 110), None);
        for number in 0..FAMILIAR_CUSTOMERS {
            familiar.spoke(number.to_string().into(), agent(4), Timestamp(20));
        }
        assert_eq!(of(&familiar, "ada", 21), None);
        assert_eq!(of(&familiar, "0", 21), Some(agent(4)));
    }
}

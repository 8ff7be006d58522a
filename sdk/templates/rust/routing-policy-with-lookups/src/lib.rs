//! Who gets whom, with what the host's records know of the customer: who called lately comes first,
//! and gets the agent of last time if that one is free.
//!
//! [`Lookups::plan`] says what to fetch; the host fetches it, and both [`Policy::rank`] and
//! [`Policy::decide`] find it among the facts. A lookup may be late: then its fact is missing.

use hotline_sdk::routing::{
    Batch, ContactView, Decision, Fact, Fault, Lookup, Lookups, Order, Outcome, Policy, Visit, fact,
};
use serde::Deserialize;

const HISTORY: &str = "history";
const MOST_POINTS: f64 = 5.0;
/// A minute of waiting is worth one point of priority.
const POINTS_PER_MS: f64 = 1.0 / 60_000.0;

/// What the host's records know; see `customer-history` in `.hotline/wit/deps/routing`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct History {
    contacts_90_days: u32,
    last_agent: Option<String>,
}

impl History {
    /// Nothing known is as good as the default.
    fn among(facts: &[Fact]) -> History {
        fact(facts, HISTORY)
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default()
    }
}

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

impl Lookups for Plugin {
    fn plan(_: Visit) -> Result<Vec<Lookup>, Fault> {
        Ok(vec![Lookup::customer_history(HISTORY)])
    }
}

impl Policy for Plugin {
    fn rank(contact: Visit) -> Result<Order, Fault> {
        let history = History::among(&contact.facts);
        let points = f64::from(history.contacts_90_days).min(MOST_POINTS);
        let base = f64::from(contact.interaction.priority) + points;
        Ok(Order::new(base, POINTS_PER_MS).because(format!(
            "{} contacts in the last 90 days: {points:+} points.",
            history.contacts_90_days
        )))
    }

    fn decide(batch: Batch) -> Result<Vec<Outcome>, Fault> {
        let mut taken = vec![false; batch.agents.len()];
        let contacts = batch.contacts.iter().enumerate();
        Ok(contacts
            .map(|(place, contact)| give(place, contact, &batch, &mut taken))
            .collect())
    }
}

/// The agent of last time if free, else the first of the candidates, which is the longest idle.
fn give(place: usize, contact: &ContactView, batch: &Batch, taken: &mut [bool]) -> Outcome {
    let last = History::among(&contact.facts).last_agent;
    let mut candidates = contact.candidates().map(|candidate| candidate.agent);
    let is_free = |agent: &u32| taken.get(*agent as usize) == Some(&false);
    let known = last.as_deref().and_then(|id| batch.place_of(id));
    let before = known.filter(|agent| contact.could_go_to(*agent) && is_free(agent));
    let Some(agent) = before.or_else(|| candidates.find(is_free)) else {
        return Outcome::of(place, Decision::KeepWaiting)
            .because("Nobody is free whom no contact further ahead gets.");
    };
    taken[agent as usize] = true;
    Outcome::of(place, Decision::Assign(agent)).because(match before {
        Some(_) => "They spoke with this agent last.",
        None => "Idle longest of those who are free.",
    })
}

hotline_sdk::fast_allocator!();
hotline_sdk::export_policy_with_lookups!(Plugin);

/// Tested natively: the bench makes batches.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::routing::{agent, batch, visit, waiting, who_gets_whom};

    fn facts(history: &str) -> Vec<Fact> {
        vec![(HISTORY.to_owned(), history.to_owned())]
    }

    #[test]
    fn who_called_lately_comes_first() {
        let base = |facts| {
            let contact = Visit { facts, ..visit() };
            Plugin::rank(contact).expect("an order").base
        };
        assert_eq!(base(facts(r#"{"contacts_90_days":3}"#)), 3.0);
        assert_eq!(base(facts(r#"{"contacts_90_days":99}"#)), 5.0);
        assert_eq!(base(facts("null")), 0.0);
        assert_eq!(base(Vec::new()), 0.0);
    }

    #[test]
    fn the_agent_of_last_time_is_given_if_free() {
        let agents = vec![agent("ana", 90, &[]), agent("ben", 10, &[])];
        let mut back = waiting("1", &[], &[0, 1]);
        back.facts = facts(r#"{"last_agent":"ben"}"#);
        let told = who_gets_whom(
            Plugin::decide,
            &batch(agents, vec![back, waiting("2", &[], &[0, 1])]),
        );
        assert_eq!(told, "1>ben 2>ana");
    }

    #[test]
    fn it_plans_what_it_reads() {
        let plan = Plugin::plan(visit()).expect("a plan");
        assert_eq!(plan[0].id, HISTORY);
    }
}

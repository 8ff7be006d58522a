//! Returning customers first: who called before, or is a valued customer by the table `customers`, is
//! worth more points of priority, and gets the agent whom they spoke with last, if that one is free.
//!
//! An example of a policy with lookups: [`Lookups::plan`] says what to fetch, the host fetches it, and
//! both [`Policy::rank`] and [`Policy::decide`] find it among the facts. `tables/customers.json` in the
//! tenant's flows folder gives points by the caller's number: `{"+4930123456": {"points": 5}}`.

use hotline_sdk::routing::{
    Batch, ContactView, Decision, Fact, Fault, Lookup, Lookups, Order, Outcome, Policy, Visit, fact,
};
use serde::Deserialize;

const HISTORY: &str = "history";
const CUSTOMER: &str = "customer";
/// For each contact of the last 90 days.
const POINTS_PER_CONTACT: f64 = 1.0;
const MOST_POINTS_BY_CONTACTS: f64 = 5.0;
/// A minute of waiting is worth one point, as with the shipped policy, so that nobody starves.
const POINTS_PER_MS: f64 = 1.0 / 60_000.0;

/// What the host's records know; see `customer-history` in `wit/deps/routing`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct History {
    contacts_90_days: u32,
    last_agent: Option<String>,
}

/// A row of the table `customers`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Customer {
    points: f64,
}

/// The policy.
#[derive(Debug)]
pub struct ReturningCustomer;

impl Lookups for ReturningCustomer {
    fn plan(contact: Visit) -> Result<Vec<Lookup>, Fault> {
        let caller = &contact.interaction.caller;
        Ok(vec![
            Lookup::customer_history(HISTORY),
            Lookup::table(CUSTOMER, "customers", caller),
        ])
    }
}

impl Policy for ReturningCustomer {
    fn rank(contact: Visit) -> Result<Order, Fault> {
        let history: History = known(&contact.facts, HISTORY);
        let customer: Customer = known(&contact.facts, CUSTOMER);
        let contacts = f64::from(history.contacts_90_days);
        let by_contacts = (contacts * POINTS_PER_CONTACT).min(MOST_POINTS_BY_CONTACTS);
        let base = f64::from(contact.interaction.priority) + by_contacts + customer.points;
        let mut order = Order::new(base, POINTS_PER_MS);
        if history.contacts_90_days > 0 {
            order = order.because(format!(
                "{} contacts in the last 90 days: {by_contacts:+} points.",
                history.contacts_90_days
            ));
        }
        if customer.points != 0.0 {
            order = order.because(format!("Table customers: {:+} points.", customer.points));
        }
        Ok(order)
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
    let history: History = known(&contact.facts, HISTORY);
    let mut candidates = contact.candidates().map(|candidate| candidate.agent);
    let is_free = |agent: &u32| taken.get(*agent as usize) == Some(&false);
    let known = history
        .last_agent
        .as_deref()
        .and_then(|id| batch.place_of(id));
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

/// Nothing known is as good as the default: a lookup may be late, or find nothing.
fn known<T: Default + for<'de> Deserialize<'de>>(facts: &[Fact], id: &str) -> T {
    let found = fact(facts, id);
    found
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default()
}

hotline_sdk::fast_allocator!();
hotline_sdk::export_policy_with_lookups!(ReturningCustomer);

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::routing::{agent, batch, visit, waiting, who_gets_whom};

    fn facts(history: &str, customer: &str) -> Vec<Fact> {
        vec![
            (HISTORY.to_owned(), history.to_owned()),
            (CUSTOMER.to_owned(), customer.to_owned()),
        ]
    }

    #[test]
    fn history_and_the_table_raise_the_priority_and_nothing_known_does_not() {
        let base = |facts| {
            let contact = Visit { facts, ..visit() };
            ReturningCustomer::rank(contact).expect("an order").base
        };
        assert_eq!(
            base(facts(r#"{"contacts_90_days":3}"#, r#"{"points":4}"#)),
            7.0
        );
        assert_eq!(base(facts(r#"{"contacts_90_days":99}"#, "null")), 5.0);
        assert_eq!(base(Vec::new()), 0.0);
        assert_eq!(base(facts("null", "[1, 2]")), 0.0);
    }

    #[test]
    fn the_agent_of_last_time_is_given_if_free() {
        let agents = vec![agent("ana", 90, &[]), agent("ben", 10, &[])];
        let mut back = waiting("1", &[], &[0, 1]);
        back.facts = facts(r#"{"last_agent":"ben"}"#, "null");
        let new = waiting("2", &[], &[0, 1]);
        let told =
            |contacts| who_gets_whom(ReturningCustomer::decide, &batch(agents.clone(), contacts));
        assert_eq!(told(vec![back.clone(), new.clone()]), "1>ben 2>ana");
        assert_eq!(told(vec![new, back.clone()]), "2>ana 1>ben");
        back.candidates.truncate(1);
        assert_eq!(told(vec![back]), "1>ana");
    }

    #[test]
    fn it_plans_what_the_host_can_look_up() {
        let lookups = ReturningCustomer::plan(visit()).expect("a plan");
        let ids: Vec<&str> = lookups.iter().map(|lookup| lookup.id.as_str()).collect();
        assert_eq!(ids, [HISTORY, CUSTOMER]);
    }
}

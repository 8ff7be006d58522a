//! Which agent a contact gets.

use crate::filters;
use crate::score::{Scores, Totals, average, load, parts};
use crate::settings::{AgentOrder, Settings};
use crate::words::{cut, length, rounded};
use hotline_sdk::routing::{Agent, Batch, Candidate, ContactView, Decision, Outcome, Score};
use std::cmp::Ordering;

/// Scores kept with an outcome: the best ones.
const SCORES_KEPT: usize = 8;
/// Besides, a filter's target may be due sooner.
const RECHECK_AT_MOST_MS: u64 = 3_600_000;

/// Takes the contacts in the order given, which is their rank; each gets the best of its candidates
/// that no earlier contact got: of the innermost ring, then the preferred one, then by score. Ties go
/// to the one whom the engine names first: the longest idle.
pub fn decide(settings: &Settings, batch: &Batch) -> Vec<Outcome> {
    let mut scores = Scores::new(settings, batch);
    let mut taken = vec![false; batch.agents.len()];
    let mut outcomes = Vec::with_capacity(batch.contacts.len());
    for (place, contact) in batch.contacts.iter().enumerate() {
        let totals = scores.of(&contact.needs);
        let filter = filters::current(&settings.filters, contact);
        let mut best = Best::new(batch, contact.preferred);
        let mut left_out = false;
        for candidate in contact.candidates() {
            if taken[candidate.agent as usize] {
                continue;
            }
            let admitted = match (&filter, batch.agent(candidate.agent)) {
                (Some(filter), Some(agent)) => filter.admits(agent),
                _ => true,
            };
            match admitted {
                true => best.consider(candidate, &totals),
                false => left_out = true,
            }
        }
        let made = match best.kept.first() {
            Some(first) => {
                taken[first.place()] = true;
                given(settings, place, contact, &best)
            }
            None if left_out => {
                let ends = filter.and_then(|filter| filter.ends_in_ms);
                let mut held = Outcome::of(place, Decision::KeepWaiting)
                    .because("No agent who is free meets what this contact waits for first.");
                held.recheck_after_ms = Some(ends.unwrap_or(RECHECK_AT_MOST_MS) as u32);
                held
            }
            None if contact.rings.iter().all(|ring| *ring == 0) => {
                Outcome::of(place, Decision::KeepWaiting).because("No qualified agent is free.")
            }
            None => Outcome::of(place, Decision::KeepWaiting)
                .because("Every qualified agent who is free goes to a contact further ahead."),
        };
        outcomes.push(made);
    }
    outcomes
}

/// A candidate with its score.
#[derive(Clone, Copy)]
struct Scored {
    agent: u32,
    /// Of the innermost ring first, then the preferred one: less comes first.
    precedence: u16,
    total: f64,
}

impl Scored {
    fn place(&self) -> usize {
        self.agent as usize
    }
}

/// The best candidates of one contact, best first.
struct Best<'a> {
    batch: &'a Batch,
    preferred: Option<u32>,
    kept: Vec<Scored>,
    /// How many there were in all.
    seen: usize,
    /// How many are as good as the best but for idle time.
    equals: usize,
    /// Whether any stood behind the best by its ring.
    outer: bool,
}

impl<'a> Best<'a> {
    fn new(batch: &'a Batch, preferred: Option<u32>) -> Self {
        Best {
            batch,
            preferred,
            kept: Vec::with_capacity(SCORES_KEPT),
            seen: 0,
            equals: 0,
            outer: false,
        }
    }

    fn agent(&self, scored: &Scored) -> Option<Agent<'a>> {
        self.batch.agent(scored.agent)
    }

    fn consider(&mut self, candidate: Candidate, totals: &Totals) {
        let scored = Scored {
            agent: candidate.agent,
            precedence: u16::from(candidate.ring) * 2
                + u16::from(Some(candidate.agent) != self.preferred),
            total: totals[candidate.agent as usize],
        };
        self.seen += 1;
        if let Some(best) = self.kept.first() {
            self.outer |= best.precedence / 2 != scored.precedence / 2;
            match scored.merit(best) {
                Ordering::Less => self.equals = 1,
                Ordering::Equal => self.equals += 1,
                Ordering::Greater => {}
            }
        } else {
            self.equals = 1;
        }
        let full = self.kept.len() == SCORES_KEPT;
        // Behind its equals: they are idle longer.
        let behind = |other: &Scored| scored.merit(other) == Ordering::Less;
        if full && !self.kept.last().is_some_and(behind) {
            return;
        }
        let place = self.kept.iter().position(behind);
        if full {
            self.kept.pop();
        }
        self.kept.insert(place.unwrap_or(self.kept.len()), scored);
    }
}

impl Scored {
    /// By all but idle time: less comes first.
    fn merit(&self, other: &Scored) -> Ordering {
        self.precedence
            .cmp(&other.precedence)
            .then_with(|| other.total.total_cmp(&self.total))
    }
}

fn given(settings: &Settings, place: usize, contact: &ContactView, best: &Best<'_>) -> Outcome {
    let score = |scored: &Scored| Score {
        agent: scored.agent,
        total: scored.total,
        parts: best
            .agent(scored)
            .map_or_else(Vec::new, |agent| parts(settings, agent, &contact.needs)),
    };
    let chosen = best.kept.first().map_or(0, |first| first.agent);
    let mut outcome = Outcome::of(place, Decision::Assign(chosen));
    outcome.scores = best.kept.iter().map(score).collect();
    outcome.reasons = why(settings, contact, best);
    outcome
}

fn why(settings: &Settings, contact: &ContactView, best: &Best<'_>) -> Vec<String> {
    let Some(first) = best.kept.first() else {
        return Vec::new();
    };
    let Some(agent) = best.agent(first) else {
        return Vec::new();
    };
    if best.seen == 1 {
        return vec!["The only qualified agent who is free.".to_owned()];
    }
    let mut reasons = Vec::new();
    if best.outer {
        reasons.push(format!("Ring {} comes first.", first.precedence / 2));
    }
    if Some(first.agent) == best.preferred {
        reasons.push("The agent whom this contact prefers.".to_owned());
        return reasons;
    }
    let load = load(settings, agent);
    let free = best.seen;
    match &settings.agent_order {
        AgentOrder::BestAverage if !contact.needs.is_empty() => {
            let needed = contact.needs.iter();
            let skills: Vec<&str> = needed
                .map(|need| best.batch.skill_name(need.skill))
                .collect();
            let (skills, level) = (
                skills.join(" and "),
                rounded(average(agent, &contact.needs)),
            );
            reasons.push(format!(
                "Best average level over {skills}: {level} of 10, among {free} qualified agents \
                 who are free."
            ));
            if load != 0.0 {
                reasons.push(format!("Being busy takes off {}.", rounded(-load)));
            }
        }
        AgentOrder::InTurn(skills) => {
            let skills = skills.join(", then ");
            reasons.push(format!("Best at {skills} of {free} agents who are free."));
        }
        _ if load != 0.0 => reasons.push(format!("Least busy of {free} free agents.")),
        _ => {}
    }
    if best.equals > 1 {
        let (idle, equals) = (length(agent.idle_ms().into()), best.equals);
        reasons.push(format!(
            "First in line (idle {idle}) of {equals} with the same score."
        ));
    }
    for reason in &mut reasons {
        cut(reason, 200);
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::routing::{FreeAgent, Waiting, agent, batch, waiting, who_gets_whom};

    fn told(settings: &Settings, agents: Vec<FreeAgent>, contacts: Vec<Waiting>) -> String {
        let batch = batch(agents, contacts);
        who_gets_whom(|batch| Ok(decide(settings, &batch)), &batch)
    }

    fn parsed(json: &str) -> Settings {
        Settings::parse(json).expect("valid settings")
    }

    #[test]
    fn contacts_choose_in_their_order_and_nobody_is_given_twice() {
        let agents = || {
            vec![
                agent("ben", 90, &[("english", 5), ("cards", 5)]),
                agent("cai", 50, &[("english", 8), ("cards", 4)]),
                agent("ana", 10, &[("english", 8), ("cards", 4)]),
            ]
        };
        let everyone = [0, 1, 2];
        let rows = [
            (vec![waiting("1", &["english"], &[0, 2])], "1>ana"),
            (
                vec![waiting("1", &["english", "cards"], &everyone)],
                "1>cai",
            ),
            (vec![waiting("1", &[], &everyone)], "1>ben"),
            (vec![waiting("1", &["cards"], &[2])], "1>ana"),
            (vec![waiting("1", &["cards"], &[])], "1>-"),
            (
                (1..=4)
                    .map(|n| waiting(&n.to_string(), &["english"], &everyone))
                    .collect(),
                "1>cai 2>ana 3>ben 4>-",
            ),
        ];
        for (contacts, expected) in rows {
            assert_eq!(told(&Settings::default(), agents(), contacts), expected);
        }
    }

    #[test]
    fn an_inner_ring_comes_before_a_better_agent_and_the_preferred_one_before_both() {
        let agents = || vec![agent("far", 9, &[("a", 9)]), agent("near", 1, &[("a", 2)])];
        let mut contact = waiting("1", &["a"], &[0, 1]).ring_of(0, 2);
        assert_eq!(
            told(&Settings::default(), agents(), vec![contact.clone()]),
            "1>near"
        );
        contact = contact.ring_of(0, 1);
        assert_eq!(
            told(&Settings::default(), agents(), vec![contact.clone()]),
            "1>far"
        );
        contact.preferred = Some(1);
        assert_eq!(
            told(&Settings::default(), agents(), vec![contact]),
            "1>near"
        );
    }

    #[test]
    fn occupancy_counts_only_when_configured() {
        let busy = agent("busy", 5, &[("english", 8)]).busy(0.9);
        let agents = vec![busy, agent("rested", 5, &[("english", 7)])];
        let contacts = vec![waiting("1", &["english"], &[0, 1])];
        let plain = told(&Settings::default(), agents.clone(), contacts.clone());
        assert_eq!(plain, "1>busy");
        let fair = told(&parsed(r#"{"occupancy_weight":2}"#), agents, contacts);
        assert_eq!(fair, "1>rested");
    }

    #[test]
    fn a_target_that_nobody_meets_holds_the_contact_only_for_its_time() {
        let settings = parsed(
            r#"{"filters":[{"attributes":{"topic":"loans"},
                "targets":[{"skills":{"loans":5},"for_s":30},{}]}]}"#,
        );
        let batch_at = |waited_ms| {
            let mut loans = waiting("1", &[], &[0]);
            loans.waited_ms = waited_ms;
            let topic = ("topic".to_owned(), "loans".to_owned());
            loans.interaction.attributes.push(topic);
            let other = waiting("2", &[], &[0]);
            batch(vec![agent("ana", 5, &[("loans", 2)])], vec![loans, other])
        };
        let held = decide(&settings, &batch_at(10_000));
        assert_eq!(held[0].decision, Decision::KeepWaiting);
        assert_eq!(held[0].recheck_after_ms, Some(20_000));
        assert_eq!(held[1].decision, Decision::Assign(0));
        let released = decide(&settings, &batch_at(30_000));
        assert_eq!(released[0].decision, Decision::Assign(0));
    }

    #[test]
    fn the_parts_of_a_score_add_up_and_the_reasons_are_sentences() {
        let order = r#"{"occupancy_weight":1.7,"agent_order":{"in_turn":["english","cards"]}}"#;
        for settings in [parsed(r#"{"occupancy_weight":1.7}"#), parsed(order)] {
            let agents = (0..30).map(|n| {
                let level = (n % 10) as u8 + 1;
                agent(&format!("a{n:02}"), n, &[("english", level)]).busy(n as f32 / 31.0)
            });
            let everyone: Vec<u32> = (0..30).collect();
            let contacts = vec![waiting("1", &["english"], &everyone)];
            let outcome = decide(&settings, &batch(agents.collect(), contacts)).remove(0);
            assert_eq!(outcome.scores.len(), SCORES_KEPT);
            for score in &outcome.scores {
                let sum: f64 = score.parts.iter().map(|(_, share)| share).sum();
                assert!((sum - score.total).abs() < 1e-9, "{score:?}");
            }
            let totals: Vec<f64> = outcome.scores.iter().map(|score| score.total).collect();
            assert!(totals.is_sorted_by(|left, right| left >= right));
            assert!(!outcome.reasons.is_empty() && outcome.reasons.len() <= 8);
            for reason in &outcome.reasons {
                assert!(reason.ends_with('.') && reason.len() <= 200, "{reason}");
            }
        }
    }

    #[test]
    fn a_tie_is_explained_by_idle_time() {
        let agents = vec![agent("y", 250, &[]), agent("x", 30, &[])];
        let contacts = vec![waiting("1", &[], &[0, 1])];
        let outcomes = decide(&Settings::default(), &batch(agents, contacts));
        assert_eq!(
            outcomes[0].reasons,
            ["First in line (idle 4 min 10 s) of 2 with the same score."]
        );
    }

    #[test]
    fn the_largest_batch_is_decided_with_distinct_agents() {
        let agents = (0..256).map(|n| agent(&format!("a{n}"), n, &[("a", (n % 10) as u8 + 1)]));
        let everyone: Vec<u32> = (0..256).collect();
        let contacts = (0..64).map(|n| waiting(&format!("c{n}"), &["a"], &everyone));
        let batch = batch(agents.collect(), contacts.collect());
        let outcomes = decide(&Settings::default(), &batch);
        let given = outcomes
            .iter()
            .filter_map(|outcome| match outcome.decision {
                Decision::Assign(agent) => Some(agent),
                _ => None,
            });
        let distinct: std::collections::BTreeSet<u32> = given.collect();
        assert_eq!(distinct.len(), 64);
    }
}

//! Which agent a contact gets.

use crate::Settings;
use crate::places::Places;
use hotline_sdk::routing::{AgentView, Batch, ContactView, Decision, Outcome, Score, SkillNeed};
use std::cmp::Ordering;

/// Scores kept with an outcome: the best ones.
const SCORES_KEPT: usize = 8;

/// Takes the contacts in the order given, which is their rank; each gets the best of its candidates
/// that no earlier contact got. Ties go to the agent who is idle longest, then to the lower id.
pub fn decide(settings: &Settings, batch: &Batch) -> Vec<Outcome> {
    let places = Places::of(&batch.agents);
    let mut proficiency = Proficiency::new(&batch.agents);
    let mut taken = vec![false; batch.agents.len()];
    let mut outcomes = Vec::with_capacity(batch.contacts.len());
    for contact in &batch.contacts {
        let averages = proficiency.of(&contact.needs);
        let mut best = Best::default();
        for id in &contact.candidates {
            let Some(place) = places.get(id) else {
                continue;
            };
            if !taken[place] {
                let agent = &batch.agents[place];
                best.consider(Scored::new(settings, agent, averages[place], place));
            }
        }
        if let Some(first) = best.kept.first() {
            taken[first.place] = true;
        }
        outcomes.push(outcome(contact, &best));
    }
    outcomes
}

/// The best candidates of one contact, best first.
#[derive(Default)]
struct Best<'a> {
    kept: Vec<Scored<'a>>,
    /// How many there were in all.
    seen: usize,
    /// How many have the best's score.
    equals: usize,
}

impl<'a> Best<'a> {
    fn consider(&mut self, scored: Scored<'a>) {
        self.seen += 1;
        match self
            .kept
            .first()
            .map(|best| scored.total.total_cmp(&best.total))
        {
            None | Some(Ordering::Greater) => self.equals = 1,
            Some(Ordering::Equal) => self.equals += 1,
            Some(Ordering::Less) => {}
        }
        let full = self.kept.len() == SCORES_KEPT;
        if full
            && self
                .kept
                .last()
                .is_some_and(|last| scored.better(last) != Ordering::Less)
        {
            return;
        }
        let place = self
            .kept
            .iter()
            .position(|other| scored.better(other) == Ordering::Less)
            .unwrap_or(self.kept.len());
        if full {
            self.kept.pop();
        }
        self.kept.insert(place, scored);
    }
}

fn outcome(contact: &ContactView, best: &Best<'_>) -> Outcome {
    let (decision, reasons) = match best.kept.first() {
        Some(first) => (
            Decision::Assign(first.agent.id.clone()),
            why(contact, first, best),
        ),
        None if contact.candidates.is_empty() => (
            Decision::KeepWaiting,
            vec!["No qualified agent is free.".to_owned()],
        ),
        None => (
            Decision::KeepWaiting,
            vec!["Every qualified agent who is free goes to a contact further ahead.".to_owned()],
        ),
    };
    Outcome {
        contact: contact.interaction.id.clone(),
        decision,
        reasons,
        scores: best.kept.iter().map(Scored::to_score).collect(),
        recheck_after_ms: None,
        ext: Vec::new(),
    }
}

fn why(contact: &ContactView, first: &Scored<'_>, best: &Best<'_>) -> Vec<String> {
    if best.seen == 1 {
        return vec!["The only qualified agent who is free.".to_owned()];
    }
    let mut reasons = Vec::new();
    if contact.needs.is_empty() {
        if first.load != 0.0 {
            reasons.push(format!("Least busy of {} free agents.", best.seen));
        }
    } else {
        let skills: Vec<&str> = contact
            .needs
            .iter()
            .map(|need| need.name.as_str())
            .collect();
        reasons.push(format!(
            "Best average level over {}: {} of 10, among {} qualified agents who are free.",
            skills.join(" and "),
            rounded(first.average),
            best.seen
        ));
        if first.load != 0.0 {
            reasons.push(format!("Being busy takes off {}.", rounded(-first.load)));
        }
    }
    if best.equals > 1 {
        reasons.push(format!(
            "Idle longest ({}) of {} with the same score.",
            length(first.agent.idle_ms),
            best.equals
        ));
    }
    for reason in &mut reasons {
        cut(reason, 200);
    }
    reasons
}

/// With one digit after the point, by whole numbers: formatting a float costs more fuel than the
/// rest of a decision.
fn rounded(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// For people: `45 s`, `4 min 10 s`, `2 h 5 min`.
fn length(ms: u64) -> String {
    let seconds = ms / 1_000;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

fn cut(text: &mut String, most_bytes: usize) {
    if text.len() > most_bytes {
        text.truncate(text.floor_char_boundary(most_bytes));
    }
}

/// A candidate with its score; the parts add up to the total.
struct Scored<'a> {
    agent: &'a AgentView,
    place: usize,
    average: f64,
    /// Zero or less.
    load: f64,
    total: f64,
}

impl<'a> Scored<'a> {
    fn new(settings: &Settings, agent: &'a AgentView, average: f64, place: usize) -> Self {
        let occupancy = f64::from(agent.occupancy).clamp(0.0, 1.0);
        let load = if settings.occupancy_weight > 0.0 {
            -settings.occupancy_weight * occupancy
        } else {
            0.0
        };
        Scored {
            agent,
            place,
            average,
            load,
            total: average + load,
        }
    }

    /// Less when this one comes first.
    fn better(&self, other: &Self) -> Ordering {
        other
            .total
            .total_cmp(&self.total)
            .then_with(|| other.agent.idle_ms.cmp(&self.agent.idle_ms))
            .then_with(|| self.agent.id.cmp(&other.agent.id))
    }

    fn to_score(&self) -> Score {
        let mut parts = vec![("skill".to_owned(), self.average)];
        if self.load != 0.0 {
            parts.push(("occupancy".to_owned(), self.load));
        }
        Score {
            agent: self.agent.id.clone(),
            total: self.total,
            parts,
        }
    }
}

/// Average levels, worked out once for each set of needs: contacts of a queue share theirs.
struct Proficiency<'a> {
    agents: &'a [AgentView],
    known: Vec<(&'a [SkillNeed], std::rc::Rc<[f64]>)>,
}

impl<'a> Proficiency<'a> {
    fn new(agents: &'a [AgentView]) -> Self {
        Proficiency {
            agents,
            known: Vec::new(),
        }
    }

    /// For each agent the mean of its levels over the needs, a missing skill counting 0; all 0
    /// when nothing is needed.
    fn of(&mut self, needs: &'a [SkillNeed]) -> std::rc::Rc<[f64]> {
        if let Some((_, averages)) = self.known.iter().find(|(known, _)| *known == needs) {
            return averages.clone();
        }
        let averages: std::rc::Rc<[f64]> = self
            .agents
            .iter()
            .map(|agent| average(agent, needs))
            .collect();
        self.known.push((needs, averages.clone()));
        averages
    }
}

fn average(agent: &AgentView, needs: &[SkillNeed]) -> f64 {
    if needs.is_empty() {
        return 0.0;
    }
    let sum: u32 = needs
        .iter()
        .filter_map(|need| agent.skills.iter().find(|skill| skill.name == need.name))
        .map(|skill| u32::from(skill.level))
        .sum();
    f64::from(sum) / needs.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::{MONDAY_TEN_O_CLOCK, caller};
    use hotline_sdk::routing::Skill;

    fn agent(id: &str, idle_s: u64, skills: &[(&str, u8)]) -> AgentView {
        AgentView {
            id: id.to_owned(),
            idle_ms: idle_s * 1_000,
            occupancy: 0.0,
            skills: skills
                .iter()
                .map(|(name, level)| Skill {
                    name: (*name).to_owned(),
                    level: *level,
                })
                .collect(),
            ext: Vec::new(),
        }
    }

    fn contact(id: &str, needs: &[&str], candidates: &[&str]) -> ContactView {
        let mut interaction = caller();
        interaction.id = id.to_owned();
        ContactView {
            interaction,
            queue: "support".to_owned(),
            waited_ms: 10_000,
            attempt: 0,
            needs: needs
                .iter()
                .map(|name| SkillNeed {
                    name: (*name).to_owned(),
                    at_least: 1,
                })
                .collect(),
            candidates: candidates.iter().map(|id| (*id).to_owned()).collect(),
            ext: Vec::new(),
        }
    }

    fn batch(agents: Vec<AgentView>, contacts: Vec<ContactView>) -> Batch {
        Batch {
            at: MONDAY_TEN_O_CLOCK,
            queues: Vec::new(),
            agents,
            contacts,
            ext: Vec::new(),
        }
    }

    /// `contact>agent` or `contact>-`, in order.
    fn told(outcomes: &[Outcome]) -> String {
        let told: Vec<String> = outcomes
            .iter()
            .map(|outcome| match &outcome.decision {
                Decision::Assign(agent) => format!("{}>{agent}", outcome.contact),
                _ => format!("{}>-", outcome.contact),
            })
            .collect();
        told.join(" ")
    }

    #[test]
    fn who_gets_whom() {
        let skilled = || {
            vec![
                agent("ana", 10, &[("english", 8), ("cards", 4)]),
                agent("ben", 90, &[("english", 5), ("cards", 5)]),
                agent("cai", 50, &[("english", 8), ("cards", 4)]),
            ]
        };
        let everyone = ["ben", "cai", "ana"];
        let rows = [
            (
                "the highest average wins (Genesys best skill)",
                vec![contact("1", &["english"], &["ben", "ana"])],
                "1>ana",
            ),
            (
                "ties go to the longest idle",
                vec![contact("1", &["english", "cards"], &everyone)],
                "1>cai",
            ),
            (
                "without needs the longest idle wins",
                vec![contact("1", &[], &everyone)],
                "1>ben",
            ),
            (
                "contacts choose in rank order and no agent is given twice",
                vec![
                    contact("1", &["english"], &everyone),
                    contact("2", &["english"], &everyone),
                    contact("3", &["english"], &everyone),
                    contact("4", &["english"], &everyone),
                ],
                "1>cai 2>ana 3>ben 4>-",
            ),
            (
                "nobody but a candidate is given",
                vec![contact("1", &["cards"], &["ana"])],
                "1>ana",
            ),
            (
                "a candidate that is not in the batch is passed over",
                vec![contact("1", &["cards"], &["zoe", "ana"])],
                "1>ana",
            ),
            (
                "nobody free, nobody given",
                vec![contact("1", &["cards"], &[])],
                "1>-",
            ),
        ];
        for (rule, contacts, expected) in rows {
            let outcomes = decide(&Settings::default(), &batch(skilled(), contacts));
            assert_eq!(told(&outcomes), expected, "{rule}");
        }
    }

    #[test]
    fn a_double_skill_beats_a_single_one_by_the_average() {
        // Twilio TaskRouter, ordered by finance then support: (10, 8) over (10, 5).
        let agents = vec![
            agent("x", 500, &[("finance", 10), ("support", 5)]),
            agent("y", 1, &[("finance", 10), ("support", 8)]),
        ];
        let contacts = vec![contact("1", &["finance", "support"], &["x", "y"])];
        let outcomes = decide(&Settings::default(), &batch(agents, contacts));
        assert_eq!(told(&outcomes), "1>y");
    }

    #[test]
    fn occupancy_counts_only_when_configured() {
        let mut busy = agent("busy", 5, &[("english", 8)]);
        busy.occupancy = 0.9;
        let rested = agent("rested", 5, &[("english", 7)]);
        let agents = vec![busy, rested];
        let contacts = vec![contact("1", &["english"], &["busy", "rested"])];
        let plain = decide(
            &Settings::default(),
            &batch(agents.clone(), contacts.clone()),
        );
        assert_eq!(told(&plain), "1>busy");
        let settings = Settings::parse(r#"{"occupancy_weight":2}"#).expect("valid settings");
        let fair = decide(&settings, &batch(agents, contacts));
        assert_eq!(told(&fair), "1>rested");
    }

    #[test]
    fn the_parts_of_a_score_add_up_and_the_reasons_are_sentences() {
        let settings = Settings::parse(r#"{"occupancy_weight":1.7}"#).expect("valid settings");
        let agents: Vec<AgentView> = (0..30)
            .map(|n| {
                let mut agent = agent(&format!("a{n:02}"), n, &[("english", (n % 10) as u8 + 1)]);
                agent.occupancy = n as f32 / 31.0;
                agent
            })
            .collect();
        let ids: Vec<String> = agents.iter().map(|agent| agent.id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let outcomes = decide(
            &settings,
            &batch(agents, vec![contact("1", &["english"], &ids)]),
        );
        let outcome = &outcomes[0];
        assert_eq!(outcome.scores.len(), SCORES_KEPT);
        for score in &outcome.scores {
            let sum: f64 = score.parts.iter().map(|(_, share)| share).sum();
            assert_eq!(sum, score.total);
        }
        let totals: Vec<f64> = outcome.scores.iter().map(|score| score.total).collect();
        assert!(totals.is_sorted_by(|left, right| left >= right));
        assert!(outcome.reasons.len() <= 8);
        for reason in &outcome.reasons {
            assert!(reason.ends_with('.') && reason.len() <= 200, "{reason}");
        }
    }

    #[test]
    fn a_tie_is_explained_by_idle_time() {
        let agents = vec![agent("x", 30, &[]), agent("y", 250, &[])];
        let outcomes = decide(
            &Settings::default(),
            &batch(agents, vec![contact("1", &[], &["x", "y"])]),
        );
        assert_eq!(
            outcomes[0].reasons,
            ["Idle longest (4 min 10 s) of 2 with the same score."]
        );
    }

    #[test]
    fn the_largest_batch_is_decided_with_distinct_agents() {
        let agents: Vec<AgentView> = (0..256)
            .map(|n| agent(&format!("a{n}"), n, &[("english", (n % 10) as u8 + 1)]))
            .collect();
        let ids: Vec<String> = agents.iter().map(|agent| agent.id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let contacts: Vec<ContactView> = (0..64)
            .map(|n| contact(&format!("c{n}"), &["english"], &ids))
            .collect();
        let outcomes = decide(&Settings::default(), &batch(agents, contacts));
        let mut given: Vec<&str> = outcomes
            .iter()
            .filter_map(|outcome| match &outcome.decision {
                Decision::Assign(agent) => Some(agent.as_str()),
                _ => None,
            })
            .collect();
        given.sort_unstable();
        given.dedup();
        assert_eq!(given.len(), 64);
    }
}

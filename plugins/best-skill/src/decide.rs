//! Which agent a contact gets.

use crate::Settings;
use hotline_sdk::routing::{AgentView, Batch, ContactView, Decision, Outcome, Score, SkillNeed};
use std::collections::BTreeMap;

/// Scores kept with an outcome: the best ones.
const SCORES_KEPT: usize = 8;

/// Takes the contacts in the order given, which is their rank; each gets the best of its candidates
/// that no earlier contact got. Ties go to the agent who is idle longest, then to the lower id.
pub fn decide(settings: &Settings, batch: &Batch) -> Vec<Outcome> {
    let by_id: BTreeMap<&str, usize> = batch
        .agents
        .iter()
        .enumerate()
        .map(|(place, agent)| (agent.id.as_str(), place))
        .collect();
    let mut proficiency = Proficiency::new(&batch.agents);
    let mut taken = vec![false; batch.agents.len()];
    let mut outcomes = Vec::with_capacity(batch.contacts.len());
    for contact in &batch.contacts {
        let averages = proficiency.of(&contact.needs);
        let mut scored: Vec<Scored<'_>> = contact
            .candidates
            .iter()
            .filter_map(|id| by_id.get(id.as_str()).copied())
            .filter(|place| !taken[*place])
            .map(|place| Scored::new(settings, &batch.agents[place], averages[place], place))
            .collect();
        let kept = scored.len().min(SCORES_KEPT);
        if scored.len() > kept {
            scored.select_nth_unstable_by(kept - 1, Scored::better);
        }
        scored[..kept].sort_by(Scored::better);
        if let Some(best) = scored.first() {
            taken[best.place] = true;
        }
        outcomes.push(outcome(contact, &scored, kept));
    }
    outcomes
}

fn outcome(contact: &ContactView, scored: &[Scored<'_>], kept: usize) -> Outcome {
    let (decision, reasons) = match scored.first() {
        Some(best) => (
            Decision::Assign(best.agent.id.clone()),
            why(contact, best, scored),
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
        scores: scored[..kept].iter().map(Scored::to_score).collect(),
        recheck_after_ms: None,
        ext: Vec::new(),
    }
}

fn why(contact: &ContactView, best: &Scored<'_>, scored: &[Scored<'_>]) -> Vec<String> {
    let rivals = scored.len() - 1;
    if rivals == 0 {
        return vec!["The only qualified agent who is free.".to_owned()];
    }
    let equals = scored
        .iter()
        .filter(|other| other.total() == best.total())
        .count();
    let mut reasons = Vec::new();
    if contact.needs.is_empty() {
        if best.load != 0.0 {
            reasons.push(format!("Least busy of {} free agents.", scored.len()));
        }
    } else {
        let skills: Vec<&str> = contact
            .needs
            .iter()
            .map(|need| need.name.as_str())
            .collect();
        reasons.push(format!(
            "Best average level over {}: {:.1} of 10, among {} qualified agents who are free.",
            skills.join(" and "),
            best.average,
            scored.len()
        ));
        if best.load != 0.0 {
            reasons.push(format!("Being busy takes off {:.2}.", -best.load));
        }
    }
    if equals > 1 {
        reasons.push(format!(
            "Idle longest ({}) of {equals} with the same score.",
            length(best.agent.idle_ms)
        ));
    }
    for reason in &mut reasons {
        cut(reason, 200);
    }
    reasons
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
        }
    }

    fn total(&self) -> f64 {
        self.average + self.load
    }

    fn better(&self, other: &Self) -> std::cmp::Ordering {
        other
            .total()
            .total_cmp(&self.total())
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
            total: self.total(),
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

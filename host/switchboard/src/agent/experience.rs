//! What an agent has handled since they signed in, by skill and by topic: policies may prefer whoever
//! knows a matter. Whether it was resolved, and how customers rated it, is not known here.

use crate::call::talk::Talk;
use crate::limits::EXPERIENCE_TOPICS;
use crate::switchboard::Switchboard;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::routing;
use hotline_vocabulary::skills::SkillExpression;
use std::collections::{BTreeMap, BTreeSet};

/// The attribute in which a flow says what a contact is about.
pub(crate) const TOPIC: &str = "topic";

/// Bounded; when full, the topic that lies back furthest is forgotten.
#[derive(Debug, Default)]
pub(crate) struct Experience {
    by_topic: BTreeMap<String, Past>,
}

#[derive(Debug, Clone, Copy)]
struct Past {
    /// Contacts, each once.
    handled: u32,
    last_ended: Timestamp,
}

impl Experience {
    fn handled(&mut self, topics: BTreeSet<String>, now: Timestamp) {
        for topic in topics {
            let past = self.by_topic.entry(topic).or_insert(Past {
                handled: 0,
                last_ended: now,
            });
            past.handled = past.handled.saturating_add(1);
            past.last_ended = now;
        }
        while self.by_topic.len() > EXPERIENCE_TOPICS {
            let oldest = self.by_topic.iter().min_by_key(|(_, past)| past.last_ended);
            let Some(oldest) = oldest.map(|(topic, _)| topic.clone()) else {
                return;
            };
            self.by_topic.remove(&oldest);
        }
    }

    /// As far as it is about one of these matters.
    pub(crate) fn of(&self, about: &BTreeSet<&str>, now: Timestamp) -> Vec<routing::Experience> {
        let known = self.by_topic.iter();
        let wanted = known.filter(|(topic, _)| about.contains(topic.as_str()));
        wanted
            .map(|(topic, past)| routing::Experience {
                topic: topic.clone(),
                handled: past.handled,
                last_ended_ms: Some(now.since(past.last_ended)),
                resolution: None,
                rating: None,
            })
            .collect()
    }
}

impl Switchboard {
    /// A contact ended; `talk` was its last, and whoever had it knows more now of what it asked for.
    pub(crate) fn gain_experience(&mut self, id: ContactId, talk: &Talk) {
        let Some(contact) = self.contacts.get(&id) else {
            return;
        };
        if !contact.was_reached() {
            return;
        }
        let queue = self.queues.get(&talk.ticket.queue);
        let asked = queue.map(|queue| &queue.config.skills).into_iter();
        let asked = asked.chain([&talk.ticket.skills]);
        let skills = asked.flat_map(SkillExpression::needs);
        let named = contact.attributes.iter().filter(|(name, _)| name == TOPIC);
        let topics = skills
            .map(|need| need.skill)
            .chain(named.map(|(_, value)| value.clone()))
            .collect();
        let now = self.desk.now();
        if let Some(agent) = self.agents.get_mut(&talk.agent) {
            agent.experience.handled(topics, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_vocabulary::Millis;

    #[test]
    fn the_topic_that_lies_back_furthest_makes_room() {
        let mut experience = Experience::default();
        let about = |topic: usize| BTreeSet::from([format!("topic-{topic}")]);
        for topic in 0..EXPERIENCE_TOPICS {
            experience.handled(about(topic), Timestamp(topic as i64));
        }
        experience.handled(about(0), Timestamp(1_000));
        experience.handled(about(EXPERIENCE_TOPICS), Timestamp(1_001));
        let topics: Vec<String> = (0..=EXPERIENCE_TOPICS)
            .map(|topic| format!("topic-{topic}"))
            .collect();
        let about = topics.iter().map(String::as_str).collect();
        let known = experience.of(&about, Timestamp(1_001));
        let of = |topic: usize| {
            let name = format!("topic-{topic}");
            let mut known = known.iter();
            known.find(|one| one.topic == name)
        };
        assert_eq!(known.len(), EXPERIENCE_TOPICS);
        assert_eq!(of(1), None);
        let again = of(0).expect("handled just now");
        assert_eq!((again.handled, again.last_ended_ms), (2, Some(Millis(1))));
    }
}

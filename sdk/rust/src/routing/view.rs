//! A batch's columns of bytes, read as agents and candidates.

use super::{Agents, Batch, ContactView, QueueView};

/// Of a share that nobody knows.
const UNKNOWN_SHARE: u8 = u8::MAX;

/// A free agent of a batch, looked at in its columns.
#[derive(Debug, Clone, Copy)]
pub struct Agent<'a> {
    batch: &'a Batch,
    place: usize,
}

/// Someone whom a contact could be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The place in the batch's `agents`.
    pub agent: u32,
    /// The innermost ring of the queue that the agent belongs to, from 1.
    pub ring: u8,
}

/// What is known of an agent's past work on a skill or topic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Experienced {
    /// Contacts since sign-in; at least 1.
    pub handled: u32,
    /// Since the last of them ended; none where that is not known.
    pub last_ended_ms: Option<u32>,
    /// Share of them that were resolved, 0 to 1.
    pub resolution: Option<f32>,
    /// Mean rating by customers, 0 to 1.
    pub rating: Option<f32>,
}

impl Batch {
    /// The agent at this place; none beyond the last.
    pub fn agent(&self, place: u32) -> Option<Agent<'_>> {
        let place = place as usize;
        (place < self.agents.len()).then_some(Agent { batch: self, place })
    }

    /// All of them, by their places.
    pub fn agents(&self) -> impl ExactSizeIterator<Item = Agent<'_>> {
        (0..self.agents.len()).map(|place| Agent { batch: self, place })
    }

    /// The place of the agent with this id; none for who is not free now.
    pub fn place_of(&self, id: &str) -> Option<u32> {
        let place = self.agents.ids.split('\n').position(|other| other == id)?;
        u32::try_from(place).ok()
    }

    /// The place of a skill; none of one that nobody has and no contact needs.
    pub fn skill(&self, name: &str) -> Option<u32> {
        let place = self.skills.iter().position(|other| other == name)?;
        u32::try_from(place).ok()
    }

    /// The name of the skill at this place.
    pub fn skill_name(&self, place: u32) -> &str {
        self.skills.get(place as usize).map_or("", String::as_str)
    }

    /// Where the contact waits.
    pub fn queue_of(&self, contact: &ContactView) -> Option<&QueueView> {
        self.queues.get(contact.queue as usize)
    }
}

impl Agents {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.occupancy.len()
    }

    pub fn is_empty(&self) -> bool {
        self.occupancy.is_empty()
    }
}

impl ContactView {
    /// Whether the agent at this place is one of its candidates.
    pub fn could_go_to(&self, agent: u32) -> bool {
        self.rings.get(agent as usize).is_some_and(|ring| *ring > 0)
    }

    /// Whom the contact could be given: an inner ring first, then who is to be asked first.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate> {
        let outermost = self.rings.iter().copied().max().unwrap_or(0);
        (1..=outermost).flat_map(|ring| {
            let places = (0u32..).zip(&self.rings);
            let of_ring = places.filter(move |(_, its)| **its == ring);
            of_ring.map(move |(agent, _)| Candidate { agent, ring })
        })
    }
}

impl<'a> Agent<'a> {
    /// The place in the batch's `agents`, by which decisions name them.
    pub fn place(self) -> u32 {
        self.place as u32
    }

    /// Opaque, as in facts. Found by counting lines: to look for one agent, see [`Batch::place_of`].
    pub fn id(self) -> &'a str {
        let mut ids = self.batch.agents.ids.split('\n');
        ids.nth(self.place).unwrap_or("")
    }

    /// Time since the agent last became free.
    pub fn idle_ms(self) -> u32 {
        number(&self.batch.agents.idle_ms, self.place)
    }

    /// Busy share of the time since sign-in, 0 to 1.
    pub fn occupancy(self) -> f32 {
        let percent = self.batch.agents.occupancy.get(self.place);
        percent.map_or(0.0, |percent| f32::from(*percent) / 100.0)
    }

    /// Proficiency from 1 to 10 in the skill of this name; 0 of who lacks it.
    pub fn level(self, skill: &str) -> u8 {
        self.batch
            .skill(skill)
            .map_or(0, |place| self.level_at(place))
    }

    /// As [`Agent::level`], of the skill at this place of the batch's `skills`: that of a need.
    pub fn level_at(self, skill: u32) -> u8 {
        let (width, skill) = (self.batch.skills.len(), skill as usize);
        if skill >= width {
            return 0;
        }
        let levels = &self.batch.agents.levels;
        levels.get(self.place * width + skill).copied().unwrap_or(0)
    }

    /// What they did since sign-in of a skill, or of a value of the contacts' attribute `topic`;
    /// only told of what the batch's contacts are about.
    pub fn experience(self, topic: &str) -> Option<Experienced> {
        let columns = self.batch.agents.experience.as_ref()?;
        let column = columns.topics.iter().position(|other| other == topic)?;
        let cell = self.place * columns.topics.len() + column;
        let share = |of: &[u8]| {
            let percent = of.get(cell).filter(|percent| **percent != UNKNOWN_SHARE)?;
            Some(f32::from(*percent) / 100.0)
        };
        let ended = number(&columns.last_ended_ms, cell);
        let handled = number(&columns.handled, cell);
        (handled > 0).then(|| Experienced {
            handled,
            last_ended_ms: (ended != u32::MAX).then_some(ended),
            resolution: share(&columns.resolution),
            rating: share(&columns.rating),
        })
    }
}

/// The number at this place of a column of four bytes each; 0 beyond its end.
fn number(column: &[u8], place: usize) -> u32 {
    let (numbers, _) = column.as_chunks::<4>();
    numbers
        .get(place)
        .map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::routing::{agent, batch, waiting};
    use crate::routing::Experience;

    #[test]
    fn what_columns_say_of_an_agent_is_read_by_its_place() {
        let ben = agent("ben", 10, &[("english", 4)]).busy(0.25);
        let agents = vec![agent("ana", 90, &[("german", 9), ("english", 2)]), ben];
        let mut batch = batch(agents, vec![waiting("1", &["german"], &[0, 1])]);
        batch.agents.experience = Some(Experience {
            topics: vec!["loans".to_owned(), "german".to_owned()],
            handled: [0u32, 3, 70_000, 0]
                .iter()
                .flat_map(|n| n.to_le_bytes())
                .collect(),
            last_ended_ms: [0, 60_000, u32::MAX, 0]
                .iter()
                .flat_map(|n: &u32| n.to_le_bytes())
                .collect(),
            resolution: vec![255, 50, 255, 255],
            rating: vec![255; 4],
            ext: Vec::new(),
        });
        let [ana, ben] = [0, 1].map(|place| batch.agent(place).expect("two agents"));
        assert_eq!(
            (ana.id(), ana.idle_ms(), ana.occupancy()),
            ("ana", 90_000, 0.0)
        );
        assert_eq!(
            (ben.id(), ben.idle_ms(), ben.occupancy()),
            ("ben", 10_000, 0.25)
        );
        assert_eq!(
            ["german", "english", "loans"].map(|skill| ana.level(skill)),
            [9, 2, 0]
        );
        assert_eq!(
            ["german", "english", "loans"].map(|skill| ben.level(skill)),
            [0, 4, 0]
        );
        assert_eq!(ana.level_at(batch.contacts[0].needs[0].skill), 9);
        let expected = Experienced {
            handled: 3,
            last_ended_ms: Some(60_000),
            resolution: Some(0.5),
            rating: None,
        };
        assert_eq!(ana.experience("german"), Some(expected));
        assert_eq!(ana.experience("loans"), None);
        let loans = ben.experience("loans").expect("ben took some");
        assert_eq!((loans.handled, loans.last_ended_ms), (70_000, None));
        assert_eq!(batch.place_of("ben"), Some(1));
        assert_eq!(batch.place_of("cai"), None);
        assert!(batch.agent(2).is_none());
    }

    #[test]
    fn candidates_come_by_ring_then_in_the_agents_order() {
        let agents = ["a", "b", "c", "d"].map(|id| agent(id, 5, &[]));
        let contact = waiting("1", &[], &[3, 1, 0]).ring_of(0, 2);
        let batch = batch(agents.to_vec(), vec![contact]);
        let candidates = batch.contacts[0].candidates();
        let seen: Vec<_> = candidates.map(|one| (one.agent, one.ring)).collect();
        assert_eq!(seen, [(1, 1), (3, 1), (0, 2)]);
    }
}

//! From an agent's id to its place in the batch. A large batch names 64 x 256 candidates, and ids are
//! long and alike: comparing them byte by byte, as a sorted map does, would use up the fuel.

use hotline_sdk::routing::AgentView;

/// An open-addressed table, at most half full.
pub(crate) struct Places<'a> {
    agents: &'a [AgentView],
    /// A place plus one, or 0 for an empty slot.
    slots: Vec<u32>,
}

impl<'a> Places<'a> {
    pub(crate) fn of(agents: &'a [AgentView]) -> Self {
        let mut places = Places {
            agents,
            slots: vec![0; (agents.len() * 2).max(2).next_power_of_two()],
        };
        for (place, agent) in agents.iter().enumerate() {
            if places.get(&agent.id).is_none() {
                let slot = places.slot(&agent.id);
                places.slots[slot] = place as u32 + 1;
            }
        }
        places
    }

    pub(crate) fn get(&self, id: &str) -> Option<usize> {
        match self.slots[self.slot(id)] {
            0 => None,
            found => Some(found as usize - 1),
        }
    }

    /// Where the id is, or would be.
    fn slot(&self, id: &str) -> usize {
        let most = self.slots.len() - 1;
        let mut slot = hash(id.as_bytes()) as usize & most;
        loop {
            match self.slots[slot] {
                0 => return slot,
                found if same(&self.agents[found as usize - 1].id, id) => return slot,
                _ => slot = (slot + 1) & most,
            }
        }
    }
}

/// Eight bytes at a time (FxHash's step, then its high half mixed in).
fn hash(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0u8; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mut hash = bytes.len() as u64;
    for word in words.iter().chain([&last]) {
        hash =
            (hash.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x517C_C1B7_2722_0A95);
    }
    hash ^ (hash >> 32)
}

/// Equality by words, from the end: ids differ there.
fn same(left: &str, right: &str) -> bool {
    let (left, left_rest) = left.as_bytes().as_chunks::<8>();
    let (right, right_rest) = right.as_bytes().as_chunks::<8>();
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    left.len() == right.len()
        && left_rest == right_rest
        && left
            .iter()
            .zip(right)
            .rev()
            .all(|(left, right)| word(left) == word(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_agent_is_found_and_nobody_else() {
        for count in [0, 1, 2, 255, 256] {
            let agents: Vec<AgentView> = (0..count)
                .map(|n| AgentView {
                    id: format!("agt_0000000000000000000000{n:04}"),
                    idle_ms: 0,
                    occupancy: 0.0,
                    skills: Vec::new(),
                    ext: Vec::new(),
                })
                .collect();
            let places = Places::of(&agents);
            for (place, agent) in agents.iter().enumerate() {
                assert_eq!(places.get(&agent.id), Some(place));
            }
            for stranger in ["", "agt", "agt_00000000000000000000009999"] {
                assert_eq!(places.get(stranger), None);
            }
        }
    }
}

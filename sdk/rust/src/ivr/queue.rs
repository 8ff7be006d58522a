//! How a contact is put into a queue.

use super::{Enqueue, Preferred};

/// A place in a queue.
#[derive(Debug, Clone)]
pub struct Queue(pub Enqueue);

/// The queue of this name, with priority 0 and no skills besides the queue's own.
pub fn queue(name: &str) -> Queue {
    Queue(Enqueue {
        queue: name.to_owned(),
        priority: 0,
        skills: String::new(),
        preferred: None,
        ext: Vec::new(),
    })
}

impl Queue {
    /// One point is worth a minute of waiting with the shipped policy.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.0.priority = priority;
        self
    }

    /// What an agent needs besides what the queue requires, and besides what was said before:
    /// `english >= 4 and (cards >= 2 or loans) and not trainee`.
    #[must_use]
    pub fn skills(mut self, expression: &str) -> Self {
        self.0.skills = match self.0.skills.as_str() {
            "" => expression.to_owned(),
            before => format!("({before}) and ({expression})"),
        };
        self
    }

    /// Waits for this agent alone, by id, for at most so long.
    #[must_use]
    pub fn preferring(mut self, agent: &str, wait_ms: u32) -> Self {
        self.0.preferred = Some(Preferred {
            agent: agent.to_owned(),
            wait_ms,
            ext: Vec::new(),
        });
        self
    }
}

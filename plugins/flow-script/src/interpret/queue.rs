//! Queues, and what stands in for one: a callback, a message.

use super::{Waiting, Walk};
use crate::script::{Callback, HANG_UP, Kind, Preferred, Queue, Voicemail};
use hotline_sdk::ivr::{self, Command, Enqueue, Fault, QueueProgress};
use hotline_vocabulary::ids::AgentId;

/// How long a queued caller may think after an announcement that offers keys.
const KEY_WHILE_QUEUED_MS: u32 = 5_000;

impl<'a> Walk<'a> {
    pub(super) fn enqueue(&mut self, queue: Queue) {
        self.answer();
        if let Some(text) = &queue.say {
            let prompts = self.say(text);
            if !prompts.is_empty() {
                self.commands.push(Command::Play(prompts));
            }
        }
        let preferred = queue.preferred.as_ref();
        let preferred = preferred.and_then(|wanted| self.preferred(wanted));
        self.state.waiting = Waiting::Enqueue(self.next_id());
        self.commands.push(Command::Enqueue(Enqueue {
            queue: queue.queue,
            priority: queue.priority,
            skills: queue.skills,
            preferred,
            ext: Vec::new(),
        }));
    }

    /// None, and noted, when the value is no agent's id: a caller shall not suffer for it.
    fn preferred(&mut self, wanted: &Preferred) -> Option<ivr::Preferred> {
        let agent = self.fill(&wanted.agent);
        if agent.is_empty() {
            return None;
        }
        if agent.parse::<AgentId>().is_err() {
            self.note("preferred: no agent's id");
            return None;
        }
        Some(ivr::Preferred {
            agent,
            wait_ms: wanted.wait_ms,
            ext: Vec::new(),
        })
    }

    pub(super) fn call_back(&mut self, callback: &Callback) {
        self.answer();
        let said = callback.say.as_ref().map(|text| self.say(text));
        if let Some(prompts) = said.filter(|prompts| !prompts.is_empty()) {
            self.commands.push(Command::Play(prompts));
        }
        self.state.waiting = Waiting::Wish(self.next_id());
        let number = self.fill(&callback.number);
        let number = (!number.is_empty()).then_some(number);
        self.commands.push(Command::Callback(number));
    }

    pub(super) fn take_message(&mut self, voicemail: &Voicemail) {
        self.answer();
        self.state.waiting = Waiting::Wish(self.next_id());
        self.commands.push(Command::Voicemail(ivr::Voicemail {
            prompts: self.say(&voicemail.text),
            max_ms: voicemail.longest_ms,
            ext: Vec::new(),
        }));
    }

    /// A callback keeps the place in the queue; anywhere else the contact leaves it.
    pub(super) fn pressed_while_queued(&mut self, pressed: &str) -> Result<(), Fault> {
        let Kind::Queue(queue) = self.here()? else {
            return Ok(());
        };
        let Some((_, target)) = queue.keys.iter().find(|(key, _)| key == pressed) else {
            return Ok(());
        };
        let keeps_place =
            *target != HANG_UP && matches!(self.script.node(*target)?.kind, Kind::Callback(_));
        if !keeps_place {
            self.commands.push(Command::Dequeue);
        }
        self.enter(*target)
    }

    pub(super) fn enqueued(&mut self, outcome: &str) -> Result<(), Fault> {
        if outcome == "queued" {
            self.state.waiting = Waiting::Queued;
            return Ok(());
        }
        let Kind::Queue(queue) = self.here()? else {
            return Ok(());
        };
        match outcome {
            "unknown-queue" => self.leave(queue.unknown.or(queue.full), "does not exist"),
            "queue-full" => self.leave(queue.full, "is full"),
            "queue-closed" => self.leave(queue.full, "is closed"),
            "queue-empty" => self.leave(queue.full, "has nobody to wait for"),
            _ => self.leave(queue.full, "could not be entered"),
        }
    }

    pub(super) fn announce(&mut self, progress: &'a QueueProgress) -> Result<(), Fault> {
        let Kind::Queue(queue) = self.here()? else {
            return Ok(());
        };
        self.progress = Some(progress);
        let mut prompts = Vec::new();
        if let Some(text) = &queue.announce {
            prompts.extend(self.say(text));
        }
        if let (Some(text), Some(_)) = (&queue.announce_wait, progress.expected_wait_ms) {
            prompts.extend(self.say(text));
        }
        if prompts.is_empty() {
            return Ok(());
        }
        self.commands.push(if queue.keys.is_empty() {
            Command::Play(prompts)
        } else {
            Command::Collect(ivr::Collect {
                prompts,
                barge_in: true,
                max_digits: 1,
                terminators: String::new(),
                first_timeout_ms: KEY_WHILE_QUEUED_MS,
                inter_timeout_ms: KEY_WHILE_QUEUED_MS,
                sensitive: false,
                ext: Vec::new(),
            })
        });
        Ok(())
    }
}

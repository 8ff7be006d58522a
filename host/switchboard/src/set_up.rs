//! The tenant's set-up changes: it applies at once, to waiting contacts too, and logs nobody out.

use crate::agent::Agent;
use crate::agent::pool::Tier;
use crate::agent::pools::Pools;
use crate::call::Call;
use crate::desk::Alarm;
use crate::queue::Queue;
use crate::settings::Settings;
use crate::switchboard::{Phase, Switchboard};
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::configuration::{self, Configuration};
use hotline_vocabulary::ids::ContactId;

impl Switchboard {
    pub(crate) fn configure(&mut self, configuration: Configuration) {
        self.settings = Settings::of(&configuration);
        self.calendars
            .configure(&configuration.calendars, &mut self.desk);
        self.configure_queues(configuration.queues);
        self.configure_agents(configuration.agents);
        self.relate_queues();
        let overflowing = self.line_up_anew();
        let queues = self.queues.values().filter(|queue| !queue.retired);
        self.routing
            .set_up(queues.map(|queue| (queue.config.id, queue.config.policy.clone())));
        if self.phase == Phase::Unconfigured {
            self.phase = Phase::Open;
        }
        for contact in overflowing {
            self.leave_retired_queue(contact);
        }
        let agents: Vec<_> = self.agents.keys().copied().collect();
        for agent in agents {
            // Whoever can take nothing of what they take now is not ready.
            self.change_agent(agent, |_| {});
        }
        self.presence_anew();
        self.longest_waits_anew();
    }

    fn configure_queues(&mut self, queues: Vec<configuration::Queue>) {
        for queue in self.queues.values_mut() {
            queue.retired = true;
        }
        for config in queues {
            match self.queues.get_mut(&config.id) {
                Some(queue) => {
                    queue.config = config;
                    queue.retired = false;
                    queue.forget_places_kept_too_long(&mut self.desk);
                }
                None => drop(self.queues.insert(config.id, Queue::new(config))),
            }
        }
        self.queues
            .retain(|_, queue| !queue.retired || queue.waiting() > 0);
    }

    /// Those who left the configuration keep their place until they sign out, without queues.
    fn configure_agents(&mut self, agents: Vec<configuration::Agent>) {
        for agent in self.agents.values_mut() {
            agent.config.queues.clear();
            agent.config.skills.clear();
        }
        for config in agents {
            match self.agents.get_mut(&config.id) {
                Some(agent) => agent.config = config,
                None => drop(self.agents.insert(config.id, Agent::new(config))),
            }
        }
        for queue in self.queues.values_mut() {
            queue.pools = Pools::default();
        }
        for (id, agent) in &self.agents {
            let standings = agent.standings();
            for queue in &agent.config.queues {
                let tier = Tier::from(queue);
                if let Some(queue) = self.queues.get_mut(&queue.queue) {
                    queue
                        .pools
                        .put_in(*id, tier, &agent.config.skills, &standings);
                }
            }
        }
    }

    /// What waits too long by the rules that hold now is over at once.
    fn longest_waits_anew(&mut self) {
        let now = self.desk.now();
        let mut over = Vec::new();
        let queued: Vec<(ContactId, Option<Timestamp>)> = self
            .contacts
            .iter()
            // Who is called back does not hold the line meanwhile, however long.
            .filter(|(_, contact)| contact.callback.is_none())
            .filter_map(|(id, contact)| Some((*id, contact.call.visit()?)))
            .map(|(id, visit)| (id, self.wait_ends(visit.ticket.queue, visit.entered)))
            .collect();
        for (id, end) in queued {
            let Some(visit) = self.contacts.get_mut(&id).and_then(|c| c.call.visit_mut()) else {
                continue;
            };
            self.desk.cancel(visit.longest_wait.take());
            match end {
                Some(end) if end <= now => over.push(id),
                Some(end) => visit.longest_wait = Some(self.desk.at(end, Alarm::WaitedTooLong(id))),
                None => {}
            }
        }
        for id in over {
            self.waited_too_long(id);
        }
    }

    /// Makes every line anew from what is needed now. Gives those whose queue is gone.
    fn line_up_anew(&mut self) -> Vec<ContactId> {
        for queue in self.queues.values_mut() {
            queue.dissolve_lines();
        }
        let mut gone = Vec::new();
        for (id, contact) in &mut self.contacts {
            let waits = matches!(contact.call, Call::Queued(_));
            let medium = contact.channel.medium();
            let Some(visit) = contact.call.visit_mut() else {
                continue;
            };
            let Some(queue) = self.queues.get_mut(&visit.ticket.queue) else {
                continue;
            };
            visit.needs = queue.needs(medium, &visit.ticket.skills);
            visit.kept_waiting_at = None;
            self.desk.cancel(visit.matures.take());
            visit.ring = queue.ring_after(self.desk.now().since(visit.entered));
            if waits && queue.retired {
                gone.push(*id);
            } else {
                if waits {
                    queue.line_up(*id, visit);
                }
                let due = queue.next_change(visit, self.desk.now(), &self.settings.limits);
                visit.matures = due.map(|due| self.desk.at(due, Alarm::VisitMatures(*id)));
            }
        }
        gone
    }
}

//! A piece of work that a program or a person put into a queue: a contact without audio and without
//! a flow. It waits, is offered and is worked on as a call is; a host that stops keeps it.

use crate::call::Call;
use crate::call::callback::Callback;
use crate::call::contact::{Contact, Hearing};
use crate::call::ending::Goodbye;
use crate::consent::Recording;
use crate::desk::Alarm;
use crate::guide::Guide;
use crate::limits;
use crate::queue::visit::{Place, Ticket};
use crate::switchboard::{Phase, Switchboard};
use hotline_vocabulary::fact::What;
use hotline_vocabulary::ids::{AgentId, ContactId};
use hotline_vocabulary::input::Task;
use hotline_vocabulary::{Channel, EndReason, Timestamp};

/// Why a request was refused, in words for whoever asked.
type Refused = &'static str;

impl Switchboard {
    pub(crate) fn task_created(&mut self, task: Task) {
        if let Err(reason) = self.create_task(task) {
            self.refuse_task("create_task", reason);
        }
    }

    fn create_task(&mut self, task: Task) -> Result<(), Refused> {
        if self.phase != Phase::Open {
            return Err("the host is stopping");
        }
        if self.contacts.contains_key(&task.contact) {
            return Err("there is such a contact already");
        }
        if self.tasks >= limits::TASKS {
            return Err("there are as many tasks as the tenant may have");
        }
        let queue = self.queues.get(&task.queue).filter(|queue| !queue.retired);
        if queue.ok_or("there is no such queue")?.is_full() {
            return Err("the queue is full");
        }
        self.desk.fact(
            task.contact,
            What::ContactStarted {
                channel: Channel::Task,
                caller: task.customer.clone(),
                dialled: String::new(),
                leg: None,
                flow: String::new(),
                parent: task.parent,
            },
        );
        if !task.attributes.is_empty() {
            let attributes = task.attributes.clone();
            self.desk
                .fact(task.contact, What::AttributesSet { attributes });
        }
        self.open_task(task, self.desk.now());
        Ok(())
    }

    /// A task that an earlier run of the host left behind waits again: its history goes on.
    pub(crate) fn task_resumed(&mut self, task: Task, started: Timestamp) {
        if self.phase == Phase::Open && !self.contacts.contains_key(&task.contact) {
            self.open_task(task, started);
        }
    }

    fn open_task(&mut self, task: Task, started: Timestamp) {
        let id = task.contact;
        let ticket = Ticket {
            queue: task.queue,
            priority: task.priority,
            skills: task.skills,
            preferred: None,
        };
        let mut contact = Contact {
            id,
            leg: None,
            channel: Channel::Task,
            caller: task.customer,
            dialled: String::new(),
            started,
            attributes: Vec::new(),
            priority: ticket.priority,
            call: Call::InFlow,
            guide: Guide::none(),
            hearing: Hearing::Silence,
            recording: Recording::No,
            too_long: self
                .desk
                .after(limits::TASK_LENGTH_MS, Alarm::ContactTooLong(id)),
            customers: Vec::new(),
            overflows: 0,
            turned_away_by: None,
            callback: None,
        };
        for (name, value) in &task.attributes {
            contact.set_attribute(name, value);
        }
        self.contacts.insert(id, contact);
        self.tasks += 1;
        self.join(id, ticket, Place::Ranked);
        self.advance(id);
    }

    /// Its creator wants it back. Not from under an agent's hands.
    pub(crate) fn task_withdrawn(&mut self, id: ContactId) {
        let refused = match self.task(id).map(|contact| &contact.call) {
            Ok(Call::Talking(_)) => Err("an agent works on it"),
            Ok(_) => Ok(()),
            Err(reason) => Err(reason),
        };
        match refused {
            Ok(()) => self.end(id, EndReason::Withdrawn, Goodbye::TheyLeft),
            Err(reason) => self.refuse_task("withdraw_task", reason),
        }
    }

    /// The agent has done what was to be done, and wraps up.
    pub(crate) fn complete(&mut self, agent: AgentId, id: ContactId) -> Result<(), Refused> {
        self.task_of(agent, id)?;
        self.end(id, EndReason::Completed, Goodbye::TheyLeft);
        Ok(())
    }

    /// The agent leaves it to another: it waits again where it came from, by its age. Not before
    /// everyone, or agents who hand a task to and fro would keep all others from being served.
    pub(crate) fn give_back(&mut self, agent: AgentId, id: ContactId) -> Result<(), Refused> {
        self.task_of(agent, id)?;
        let since = self.contacts.get(&id).map(|contact| contact.started);
        self.back_in_line(id, since.map_or(Place::Ranked, Place::Since));
        if let Some(visit) = self.contacts.get_mut(&id).and_then(|c| c.call.visit_mut()) {
            visit.declined.push(agent);
        }
        self.wrap_up_over(agent, id, None, String::new());
        Ok(())
    }

    fn task(&self, id: ContactId) -> Result<&Contact, Refused> {
        let contact = self.contacts.get(&id);
        contact
            .filter(|contact| contact.channel == Channel::Task)
            .filter(|contact| !matches!(contact.call, Call::Ending))
            .ok_or("there is no such task")
    }

    fn task_of(&self, agent: AgentId, id: ContactId) -> Result<(), Refused> {
        let works = self.task(id)?.call.is_talking_with(agent);
        works.then_some(()).ok_or("not working on this task")
    }

    fn refuse_task(&mut self, request: &str, reason: Refused) {
        self.desk.fact(
            (),
            What::RequestRefused {
                request: request.to_owned(),
                reason: reason.to_owned(),
            },
        );
    }

    /// A contact without a flow is out of its queue: no one would ever send it anywhere. It goes to
    /// the default queue, while that has room and it does not go in circles.
    pub(crate) fn place_without_flow(&mut self, id: ContactId) {
        let Some(contact) = self.contacts.get_mut(&id) else {
            return;
        };
        contact.overflows += 1;
        let may_go_on = contact.overflows <= limits::OVERFLOWS;
        let (priority, skills) = (contact.priority, Default::default());
        // What was promised is kept, also where there is no room.
        let owed = contact.callback.as_ref();
        let place = owed.map_or(Place::Ranked, |owed| owed.place());
        let preferred = owed.and_then(Callback::preferred);
        let is_promised = owed.is_some();
        let default = self.settings.default_queue.filter(|queue| {
            let known = self.queues.get(queue);
            may_go_on
                && known.is_some_and(|queue| !queue.retired && (is_promised || !queue.is_full()))
        });
        match default {
            Some(queue) => {
                let ticket = Ticket {
                    queue,
                    priority,
                    skills,
                    preferred,
                };
                if let Some(contact) = self.contacts.get_mut(&id)
                    && let Some(owed) = &mut contact.callback
                {
                    owed.moves_to(queue);
                }
                self.join(id, ticket, place);
            }
            None => self.end(id, EndReason::NoQueue, Goodbye::TheyLeft),
        }
    }
}

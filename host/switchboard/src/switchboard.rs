//! One input, then drain.

use crate::agent::Agent;
use crate::call::Call;
use crate::call::contact::Contact;
use crate::call::ending::Goodbye;
use crate::desk::{Alarm, Desk};
use crate::legs::{Legs, Party};
use crate::questions::Asked;
use crate::queue::Queue;
use crate::routing::Routing;
use crate::settings::Settings;
use hotline_vocabulary::fact::{Epoch, OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, QuestionId, QueueId, TenantId};
use hotline_vocabulary::media::MediaStatistics;
use hotline_vocabulary::{Effect, EndReason, Fact, Input, Timestamp};
use std::collections::BTreeMap;

/// Everything about one tenant's calls, queues and agents at this moment.
#[derive(Debug)]
pub struct Switchboard {
    pub(crate) phase: Phase,
    pub(crate) desk: Desk,
    pub(crate) settings: Settings,
    pub(crate) contacts: BTreeMap<ContactId, Contact>,
    /// Contacts that have not ended.
    pub(crate) open: u32,
    pub(crate) legs: Legs,
    pub(crate) agents: BTreeMap<AgentId, Agent>,
    pub(crate) queues: BTreeMap<QueueId, Queue>,
    pub(crate) routing: Routing,
    pub(crate) questions: BTreeMap<QuestionId, Asked>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Unconfigured,
    Open,
    Stopping,
}

/// What one input led to: history first, then what to do, each in order.
#[derive(Debug, Default, PartialEq)]
pub struct Drained {
    pub facts: Vec<Fact>,
    pub effects: Vec<Effect>,
}

impl Switchboard {
    /// Refuses calls until the first [`Input::Configured`]. `epoch` is one more than the last
    /// owner's; `seed` makes ids unpredictable in production and repeatable in tests.
    pub fn new(tenant: TenantId, epoch: Epoch, seed: u64) -> Self {
        Switchboard {
            phase: Phase::Unconfigured,
            desk: Desk::new(tenant, epoch, seed),
            settings: Settings::default(),
            contacts: BTreeMap::new(),
            open: 0,
            legs: Legs::default(),
            agents: BTreeMap::new(),
            queues: BTreeMap::new(),
            routing: Routing::default(),
            questions: BTreeMap::new(),
        }
    }

    /// Something happened. What was due before it happens first.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        self.desk.set_now(now);
        while let Some(alarm) = self.desk.timers.take_due(self.desk.now()) {
            self.alarm(alarm);
        }
        self.take(input);
        if self.phase == Phase::Open {
            self.decide_where_wanted();
        }
    }

    /// What came of the inputs since the last drain.
    pub fn drain(&mut self) -> Drained {
        let (facts, effects) = self.desk.drain();
        Drained { facts, effects }
    }

    /// When to give [`Input::Tick`] if nothing else happens before.
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.desk.timers.next_due()
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Configured(configuration) => self.configure(configuration),
            Input::Tick => {}

            Input::CallArrived(arrived) => self.call_arrived(arrived),
            Input::KeyPressed { leg, digit } => self.key_pressed(leg, digit),
            Input::PlaybackEnded {
                leg,
                playback,
                outcome,
            } => self.playback_ended(leg, playback, outcome),

            Input::LegAnswered { leg } => self.leg_answered(leg),
            Input::LegEnded { leg, reason } => self.leg_ended(leg, reason),
            Input::LegMeasured { leg, statistics } => self.leg_measured(leg, statistics),
            Input::RecordingFinished {
                recording,
                length_ms,
                bytes,
            } => {
                let finished = What::RecordingFinished {
                    recording,
                    length_ms,
                    bytes,
                };
                match self.legs.forget_recording(recording) {
                    Some(contact) => self.desk.fact(contact, finished),
                    None => self.desk.fact((), finished),
                }
            }

            Input::AgentSignedIn { agent } => self.agent_signed_in(agent),
            Input::AgentSignedOut { agent } => self.agent_signed_out(agent),
            Input::AgentRequested { agent, request } => self.agent_requested(agent, request),
            Input::DeviceUp { agent, device, leg } => self.device_up(agent, device, leg),
            Input::DeviceDown { agent, device } => self.device_down(agent, device),

            Input::Answered { question, verdict } => self.answered(question, verdict),
            Input::Stopping => self.stop(),
        }
    }

    fn alarm(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::AdviserSilent(question) => self.adviser_silent(question),
            Alarm::RingOver(contact) => self.offer_failed(contact, OfferEnd::TimedOut),
            Alarm::WrapUpOver(agent) => self.wrap_up_over(agent, None, String::new()),
            Alarm::ProgressDue(contact) => self.progress_due(contact),
            Alarm::RecheckDue(contact) => self.recheck_due(contact),
            Alarm::FlowTimerDue(contact, name) => self.flow_timer_due(contact, name),
            Alarm::KeysOverdue(contact) => self.keys_overdue(contact),
            Alarm::ContactTooLong(contact) => {
                self.end(contact, EndReason::TooLong, Goodbye::HangUp);
            }
            Alarm::LegForgotten(leg) => drop(self.legs.forget(leg)),
            Alarm::RecordingForgotten(recording) => drop(self.legs.forget_recording(recording)),
        }
    }

    /// A desk phone was picked up.
    fn leg_answered(&mut self, leg: LegId) {
        if let Some(Party::DeskPhone(id, _)) = self.legs.party(leg) {
            let offer = self.contacts.get(&id).and_then(|c| c.call.offer());
            if offer.is_some_and(|offer| offer.leg == Some(leg)) {
                self.connect(id, leg);
            }
        }
    }

    fn leg_measured(&mut self, leg: LegId, statistics: MediaStatistics) {
        let measured = What::LegMeasured { leg, statistics };
        match self.legs.last_word(leg) {
            Some(Party::Customer(contact)) => self.desk.fact(contact, measured),
            Some(Party::DeskPhone(contact, agent)) => self.desk.fact((contact, agent), measured),
            Some(Party::Browser(agent)) => self.desk.fact(agent, measured),
            None => {}
        }
    }

    /// A new set-up applies at once, to waiting contacts too, and logs nobody out.
    fn configure(&mut self, configuration: hotline_vocabulary::configuration::Configuration) {
        self.settings = Settings::of(&configuration);
        self.configure_queues(configuration.queues);
        self.configure_agents(configuration.agents);
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
    }

    fn configure_queues(&mut self, queues: Vec<hotline_vocabulary::configuration::Queue>) {
        for queue in self.queues.values_mut() {
            queue.retired = true;
        }
        for config in queues {
            match self.queues.get_mut(&config.id) {
                Some(queue) => {
                    queue.config = config;
                    queue.retired = false;
                }
                None => drop(self.queues.insert(config.id, Queue::new(config))),
            }
        }
        self.queues
            .retain(|_, queue| !queue.retired || queue.waiting() > 0);
    }

    /// Those who left the configuration keep their place until they sign out, without queues.
    fn configure_agents(&mut self, agents: Vec<hotline_vocabulary::configuration::Agent>) {
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
            queue.pool = crate::agent::pool::Pool::default();
        }
        for (id, agent) in &self.agents {
            let standing = crate::agent::pool::Standing::of(&agent.state);
            for queue in &agent.config.queues {
                if let Some(queue) = self.queues.get_mut(queue) {
                    queue.pool.put_in(*id, &agent.config.skills, standing);
                }
            }
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
            let Some(visit) = contact.call.visit_mut() else {
                continue;
            };
            let Some(queue) = self.queues.get_mut(&visit.ticket.queue) else {
                continue;
            };
            visit.needs = queue.needs(&visit.ticket.skills);
            visit.kept_waiting_at = None;
            if waits && queue.retired {
                gone.push(*id);
            } else if waits {
                queue.line_up(*id, visit);
            }
        }
        gone
    }
}

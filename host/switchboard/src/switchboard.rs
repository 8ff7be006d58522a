//! One input, then drain.

use crate::agent::Agent;
use crate::call::contact::Contact;
use crate::call::ending::Goodbye;
use crate::desk::{Alarm, Desk};
use crate::hours::Calendars;
use crate::legs::Legs;
use crate::monitors::Monitors;
use crate::questions::Asked;
use crate::queue::Queue;
use crate::routing::Routing;
use crate::routing::familiar::Familiar;
use crate::settings::Settings;
use crate::timers::TimerId;
use hotline_vocabulary::fact::{Epoch, OfferEnd, What};
use hotline_vocabulary::ids::{AgentId, ContactId, QuestionId, QueueId, TenantId};
use hotline_vocabulary::{Effect, EndReason, Fact, Input, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Everything about one tenant's calls, queues and agents at this moment.
#[derive(Debug)]
pub struct Switchboard {
    pub(crate) phase: Phase,
    pub(crate) desk: Desk,
    pub(crate) settings: Settings,
    pub(crate) contacts: BTreeMap<ContactId, Contact>,
    /// Calls that have not ended.
    pub(crate) open: u32,
    /// Tasks that have not ended; they wait for days, and so do not count against the calls.
    pub(crate) tasks: u32,
    pub(crate) legs: Legs,
    pub(crate) agents: BTreeMap<AgentId, Agent>,
    pub(crate) queues: BTreeMap<QueueId, Queue>,
    /// Queues that nobody may be left in to wait for: looked at before the input is over.
    pub(crate) emptied: BTreeSet<QueueId>,
    /// Agents whose device went away a moment ago.
    pub(crate) lost_agents: BTreeMap<AgentId, TimerId>,
    pub(crate) calendars: Calendars,
    pub(crate) routing: Routing,
    pub(crate) familiar: Familiar,
    pub(crate) monitors: Monitors,
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
            tasks: 0,
            legs: Legs::default(),
            agents: BTreeMap::new(),
            queues: BTreeMap::new(),
            emptied: BTreeSet::new(),
            lost_agents: BTreeMap::new(),
            calendars: Calendars::default(),
            routing: Routing::default(),
            familiar: Familiar::default(),
            monitors: Monitors::default(),
            questions: BTreeMap::new(),
        }
    }

    /// Something happened. What was due before it happens first.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        self.desk.set_now(now);
        while let Some(alarm) = self.desk.timers.take_due(self.desk.now()) {
            self.alarm(alarm);
        }
        let step = self.step(&input);
        self.take(input);
        if self.phase == Phase::Open {
            self.leave_empty_queues();
            self.decide_where_wanted();
        }
        self.watch(step);
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

            Input::TaskCreated(task) => self.task_created(task),
            Input::TaskResumed { task, started } => self.task_resumed(task, started),
            Input::CallbackResumed(owed) => self.callback_resumed(owed),
            Input::TaskWithdrawn { contact } => self.task_withdrawn(contact),

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
            Input::AgentRequested { agent, request } => {
                self.agent_requested(agent, request);
                self.presence_changed(agent);
            }
            Input::DeviceUp { agent, device, leg } => {
                self.device_up(agent, device, leg);
                self.presence_changed(agent);
            }
            Input::DeviceDown { agent, device } => {
                self.device_down(agent, device);
                self.presence_changed(agent);
            }

            Input::Answered { question, verdict } => self.answered(question, verdict),
            Input::LookedUp {
                contact,
                visit,
                facts,
                failed,
            } => self.looked_up(contact, visit, facts, failed),
            Input::FlowLookedUp {
                contact,
                lookup,
                finding,
            } => self.flow_looked_up(contact, lookup, finding),
            Input::CustomerLookedUp {
                contact,
                connector,
                customers,
                problem,
            } => self.customer_looked_up(contact, connector, customers, problem),
            Input::LastSpoke {
                customer,
                agent,
                at,
            } => self.familiar.spoke(customer, agent, at),
            Input::PlaceKept {
                queue,
                customer,
                since,
                left,
            } => self.place_kept(queue, &customer, since, left),
            Input::Stopping => self.stop(),
        }
    }

    fn alarm(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::AdviserSilent(question) => self.adviser_silent(question),
            Alarm::RingOver(contact) => self.offer_failed(contact, OfferEnd::TimedOut),
            Alarm::WrapUpOver(agent, contact) => {
                self.wrap_up_over(agent, contact, None, String::new());
            }
            Alarm::ProgressDue(contact) => self.progress_due(contact),
            Alarm::VisitMatures(contact) => self.mature(contact),
            Alarm::RecheckDue(contact) => self.recheck_due(contact),
            Alarm::FlowTimerDue(contact, name) => self.flow_timer_due(contact, name),
            Alarm::FlowLookupOverdue(contact, lookup) => self.flow_lookup_overdue(contact, lookup),
            Alarm::KeysOverdue(contact) => self.keys_overdue(contact),
            Alarm::CustomerUnanswered(contact) => self.customer_unanswered(contact),
            Alarm::CallbackDue(contact) => self.callback_due(contact),
            Alarm::MessageOver(contact) => self.message_over(contact),
            Alarm::ContactTooLong(contact) => {
                self.end(contact, EndReason::TooLong, Goodbye::HangUp);
            }
            Alarm::LegForgotten(leg) => drop(self.legs.forget(leg)),
            Alarm::HoursChange(calendar) => self.hours_change(&calendar),
            Alarm::WaitedTooLong(contact) => self.waited_too_long(contact),
            Alarm::LookupsOverdue(contact) => self.lookups_overdue(contact),
            Alarm::LostForGood(agent) => self.presence_changed(agent),
            Alarm::PlaceForgotten(queue, customer) => self.place_forgotten(queue, &customer),
            Alarm::RecordingForgotten(recording) => drop(self.legs.forget_recording(recording)),
        }
    }
}

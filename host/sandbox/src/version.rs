//! One version of a plugin, ready to be asked.

use crate::call::{Called, fault};
use crate::diagnostic::Diagnostic;
use crate::engine::Ticker;
use crate::host::Universe;
use crate::kinds::PluginKind;
use crate::kinds::connector::{self, Connector};
use crate::kinds::flow_language::Interpreter;
use crate::kinds::ivr::{self, Flow, Node};
use crate::kinds::qa::{self, Rule};
use crate::kinds::routing::{self, Policy};
use crate::limits::{PlanInForce, SCRIPT_CHECK};
use crate::log::PluginLog;
use crate::wording::Wording;
use hotline_manifest::Manifest;
use hotline_vocabulary::Timestamp;
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginVersion};
use hotline_vocabulary::question::{Answer, Migrated, Question, Verdict};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Debug)]
pub(crate) struct Version {
    /// The record in the store; the component itself for what comes with the host.
    pub(crate) id: Digest,
    pub(crate) identity: PluginVersion,
    pub(crate) code: Code,
    /// Empty when it is no script.
    pub(crate) artifact: Arc<[u8]>,
    pub(crate) config: Arc<str>,
    /// What its tenant's plugins may use, at each call's beginning.
    pub(crate) plan: PlanInForce,
    /// What the component says about itself, if it does.
    pub(crate) manifest: Option<Arc<Manifest>>,
    pub(crate) picture: Vec<Node>,
    pub(crate) warnings: Vec<Diagnostic>,
    /// Shared by all versions of the plugin.
    pub(crate) log: Arc<PluginLog>,
    /// Contacts that are pinned to it.
    pub(crate) contacts: AtomicU32,
}

#[derive(Debug)]
pub(crate) enum Code {
    Flow(Arc<Flow>),
    Policy(Policy),
    Qa(Rule),
    Connector(Connector),
    Language(Arc<Interpreter>),
}

impl Version {
    pub(crate) fn kind(&self) -> PluginKind {
        match &self.code {
            Code::Flow(_) => PluginKind::Flow,
            Code::Policy(_) => PluginKind::Policy,
            Code::Qa(_) => PluginKind::Qa,
            Code::Connector(_) => PluginKind::Connector,
            Code::Language(_) => PluginKind::Language,
        }
    }

    /// Whether it may take contacts over from other versions of its flow.
    pub(crate) fn migrates(&self) -> bool {
        matches!(&self.code, Code::Flow(flow) if flow.migrates())
    }

    pub(crate) fn pinned(&self) -> u32 {
        self.contacts.load(Ordering::Relaxed)
    }

    /// Runs the guest on this thread, and keeps what it writes.
    pub(crate) fn answer(&self, ticker: &Ticker, question: &Question) -> Verdict {
        self.answer_in(Wording::Ours, ticker, question)
    }

    /// As [`Version::answer`], in these words.
    pub(crate) fn answer_in(
        &self,
        wording: Wording,
        ticker: &Ticker,
        question: &Question,
    ) -> Verdict {
        self.take_in(self.run(wording, ticker, question))
    }

    /// Keeps what the guest wrote, and gives what it answered.
    pub(crate) fn take_in(&self, called: Called<Answer>) -> Verdict {
        if !called.log.is_empty() {
            self.log
                .take_in(&self.identity.label(), called.log, called.log_lines_dropped);
        }
        self.log.measured(&called.measures);
        Verdict {
            outcome: called.outcome,
            version: Some(self.identity.clone()),
            usage: called.usage,
        }
    }

    /// Runs the guest on this thread.
    pub(crate) fn run(
        &self,
        wording: Wording,
        ticker: &Ticker,
        question: &Question,
    ) -> Called<Answer> {
        match (&self.code, question) {
            (Code::Flow(flow), Question::FlowStep(step)) => {
                let universe = self.universe(wording, step.at, ivr::seed(step));
                flow.step(ticker, universe, step).map(Answer::FlowStep)
            }
            (Code::Flow(flow), Question::Migrate(asked)) => {
                let universe = self.universe(wording, asked.at, ivr::migration_seed(asked));
                match flow.migrate(ticker, universe, asked) {
                    Some(called) => called.map(Answer::Migrate),
                    None => Called::without_guest(Ok(Answer::Migrate(Migrated::Stay))),
                }
            }
            // Questions without a time of their own: the contact's, which a replay has too.
            (Code::Policy(policy), Question::Plan { contact, visit, .. }) => {
                let began = visit.interaction.started_at;
                let universe = self.universe(wording, began, routing::rank_seed(*contact));
                match policy.plan(ticker, universe, visit) {
                    Some(called) => called.map(Answer::Plan),
                    None => Called::without_guest(Ok(Answer::Plan(Vec::new()))),
                }
            }
            (Code::Policy(policy), Question::Rank { contact, visit, .. }) => {
                let began = visit.interaction.started_at;
                let universe = self.universe(wording, began, routing::rank_seed(*contact));
                policy.rank(ticker, universe, visit).map(Answer::Rank)
            }
            (Code::Policy(policy), Question::Decide { batch, .. }) => {
                let universe = self.universe(wording, batch.at, routing::decide_seed(batch));
                policy.decide(ticker, universe, batch).map(Answer::Decide)
            }
            (
                Code::Qa(rule),
                Question::Qa {
                    contact, at, ask, ..
                },
            ) => {
                let universe = self.universe(wording, *at, qa::seed(*contact, ask));
                rule.answer(ticker, universe, ask).map(Answer::Qa)
            }
            (
                Code::Connector(connector),
                Question::Connector {
                    operation, at, ask, ..
                },
            ) => {
                let universe = self.universe(wording, *at, connector::seed(*operation, ask));
                let called = connector.answer(ticker, universe, ask);
                called.map(Answer::Connector)
            }
            // A language is asked when a script is saved, by nobody else.
            (
                Code::Flow(_)
                | Code::Policy(_)
                | Code::Qa(_)
                | Code::Connector(_)
                | Code::Language(_),
                _,
            ) => Called::without_guest(Err(fault(
                FaultKind::NotLoaded,
                format!("{} is a {}", self.identity.label(), self.kind()),
            ))),
        }
    }

    fn universe(&self, wording: Wording, now: Timestamp, seed: u64) -> Universe {
        Universe {
            now,
            seed,
            config: self.config.clone(),
            artifact: self.artifact.clone(),
            manifest: self.manifest.clone(),
            transcript: Arc::default(),
            wording,
            plan: self.plan.now(),
        }
    }

    /// What one call may use, in units.
    pub(crate) fn fuel_limit(&self) -> u64 {
        let plan = self.plan.now();
        match self.kind() {
            PluginKind::Flow => plan.flow_step.fuel,
            PluginKind::Policy => plan.routing.fuel,
            PluginKind::Qa => plan.qa.fuel,
            PluginKind::Connector => plan.connector.fuel,
            PluginKind::Language => SCRIPT_CHECK.fuel,
        }
    }
}

//! One version of a plugin, ready to be asked.

use crate::call::{Called, fault};
use crate::diagnostic::Diagnostic;
use crate::engine::Ticker;
use crate::host::Universe;
use crate::kinds::PluginKind;
use crate::kinds::ivr::{self, Flow, Node};
use crate::kinds::routing::{self, Policy};
use crate::log::PluginLog;
use hotline_manifest::Manifest;
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginVersion};
use hotline_vocabulary::question::{Answer, Question, Verdict};
use hotline_vocabulary::{Timestamp, plugin::Usage};
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
}

impl Version {
    pub(crate) fn kind(&self) -> PluginKind {
        match &self.code {
            Code::Flow(_) => PluginKind::Flow,
            Code::Policy(_) => PluginKind::Policy,
        }
    }

    pub(crate) fn pinned(&self) -> u32 {
        self.contacts.load(Ordering::Relaxed)
    }

    /// Runs the guest on this thread.
    pub(crate) fn answer(&self, ticker: &Ticker, question: &Question) -> Verdict {
        match (&self.code, question) {
            (Code::Flow(flow), Question::FlowStep(step)) => {
                let universe = self.universe(step.at, ivr::seed(step));
                self.verdict(flow.step(ticker, universe, step), Answer::FlowStep)
            }
            // Questions without a time of their own: the contact's, which a replay has too.
            (Code::Policy(policy), Question::Plan { contact, visit, .. }) => {
                let began = visit.interaction.started_at;
                let universe = self.universe(began, routing::rank_seed(*contact));
                match policy.plan(ticker, universe, visit) {
                    Some(called) => self.verdict(called, Answer::Plan),
                    None => Verdict {
                        outcome: Ok(Answer::Plan(Vec::new())),
                        version: Some(self.identity.clone()),
                        usage: Usage::default(),
                    },
                }
            }
            (Code::Policy(policy), Question::Rank { contact, visit, .. }) => {
                let began = visit.interaction.started_at;
                let universe = self.universe(began, routing::rank_seed(*contact));
                self.verdict(policy.rank(ticker, universe, visit), Answer::Rank)
            }
            (Code::Policy(policy), Question::Decide { batch, .. }) => {
                let universe = self.universe(batch.at, routing::decide_seed(batch));
                self.verdict(policy.decide(ticker, universe, batch), Answer::Decide)
            }
            (
                Code::Flow(_),
                Question::Plan { .. } | Question::Rank { .. } | Question::Decide { .. },
            )
            | (Code::Policy(_), Question::FlowStep(_)) => Verdict {
                outcome: Err(fault(
                    FaultKind::NotLoaded,
                    format!("{} is a {}", self.identity.label(), self.kind()),
                )),
                version: Some(self.identity.clone()),
                usage: Usage::default(),
            },
        }
    }

    pub(crate) fn universe(&self, now: Timestamp, seed: u64) -> Universe {
        Universe {
            now,
            seed,
            config: self.config.clone(),
            artifact: self.artifact.clone(),
            manifest: self.manifest.clone(),
            transcript: Arc::default(),
        }
    }

    fn verdict<T>(&self, called: Called<T>, answer: impl FnOnce(T) -> Answer) -> Verdict {
        if !called.log.is_empty() {
            self.log
                .take_in(&self.identity.label(), called.log, called.log_lines_dropped);
        }
        Verdict {
            outcome: called.outcome.map(answer),
            version: Some(self.identity.clone()),
            usage: called.usage,
        }
    }
}

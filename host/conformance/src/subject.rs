//! What is tried, and what it uses while it is.

use crate::budget::Budget;
use hotline_sandbox::offline::{self, Wording};
use hotline_vocabulary::question::{Question, Verdict};
use std::cell::RefCell;
use std::fmt;

/// Which laws apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Flow,
    Policy,
    /// Judges whole contacts.
    QaRule,
    /// Hears contacts that go on.
    QaLive,
    QaRuleAndLive,
    Connector,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Flow => "flow",
            Kind::Policy => "policy",
            Kind::QaRule | Kind::QaLive | Kind::QaRuleAndLive => "QA rule",
            Kind::Connector => "connector",
        })
    }
}

/// Something that answers as a plugin does.
pub trait Subject {
    /// The question, in the words of this host or of a later one.
    fn ask_in(&self, wording: Wording, question: &Question) -> Verdict;

    fn ask(&self, question: &Question) -> Verdict {
        self.ask_in(Wording::Ours, question)
    }

    /// The same plugin after a restart of the host: nothing of it is left but its code.
    fn restarted(&self) -> Box<dyn Subject + '_>;
}

/// The production engine: every call has a fresh instance.
impl Subject for offline::Plugin {
    fn ask_in(&self, wording: Wording, question: &Question) -> Verdict {
        self.answer_in(wording, question)
    }

    fn restarted(&self) -> Box<dyn Subject + '_> {
        Box::new(self.clone())
    }
}

/// A subject whose use of fuel and memory is written down.
pub struct Metered<'a> {
    subject: &'a dyn Subject,
    budget: RefCell<Budget>,
}

impl<'a> Metered<'a> {
    pub fn new(subject: &'a dyn Subject) -> Self {
        Metered {
            subject,
            budget: RefCell::default(),
        }
    }

    pub fn into_budget(self) -> Budget {
        self.budget.into_inner()
    }
}

impl Subject for Metered<'_> {
    fn ask_in(&self, wording: Wording, question: &Question) -> Verdict {
        let verdict = self.subject.ask_in(wording, question);
        self.budget.borrow_mut().note(question, verdict.usage);
        verdict
    }

    fn restarted(&self) -> Box<dyn Subject + '_> {
        self.subject.restarted()
    }
}

impl std::fmt::Debug for Metered<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metered")
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

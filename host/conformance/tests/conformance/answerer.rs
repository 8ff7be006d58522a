//! Plugins that are plain functions, sound or with one flaw.

use hotline_conformance::{Effort, Fixture, Kind, Law, Report, Subject, run, search};
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::plugin::{FaultKind, PluginFault, Usage};
use hotline_vocabulary::question::{Answer, Question, Verdict};
use std::cell::Cell;

/// What a plugin is asked, and how often it was before.
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    pub(crate) wording: Wording,
    /// Since its code was loaded; a sound plugin does not know.
    pub(crate) before: u64,
}

pub(crate) type Function<'a> = dyn Fn(&Asked<'_>) -> Result<Answer, PluginFault> + 'a;

/// Answers by a function, and uses the same fuel every time.
pub(crate) struct Answerer<'a> {
    function: &'a Function<'a>,
    calls: Cell<u64>,
}

impl<'a> Answerer<'a> {
    pub(crate) fn new(function: &'a Function<'a>) -> Answerer<'a> {
        Answerer {
            function,
            calls: Cell::new(0),
        }
    }
}

impl Subject for Answerer<'_> {
    fn ask_in(&self, wording: Wording, question: &Question) -> Verdict {
        let before = self.calls.replace(self.calls.get() + 1);
        Verdict {
            outcome: (self.function)(&Asked {
                question,
                wording,
                before,
            }),
            version: None,
            usage: Usage {
                fuel: 100,
                took_us: 1,
                memory_bytes: 1,
            },
        }
    }

    fn restarted(&self) -> Box<dyn Subject + '_> {
        Box::new(Answerer::new(self.function))
    }
}

pub(crate) fn fault(kind: FaultKind, message: &str) -> PluginFault {
    PluginFault {
        kind,
        message: message.to_owned(),
    }
}

pub(crate) fn declared<T>(message: &str) -> Result<T, PluginFault> {
    Err(fault(FaultKind::Declared, message))
}

pub(crate) fn tried(kind: Kind, function: &Function<'_>) -> Report {
    let effort = Effort::default();
    run(&Answerer::new(function), kind, &[], effort, &|_| {})
}

/// The plugin breaks this law; the smallest input found breaks it again, read from its file's text,
/// and does not break it of a sound plugin.
pub(crate) fn assert_breaks(
    kind: Kind,
    flaw: &str,
    law: Law,
    flawed: &Function<'_>,
    sound: &Function<'_>,
) {
    let found = search(&Answerer::new(flawed), kind, law, Effort::default());
    let failure = found.expect_err(&format!("{flaw} breaks {law:?}"));
    let fixture = failure.smallest.as_ref().expect("an input");
    let again = Fixture::read("x.json", &fixture.text()).expect("what was written is read");
    let problem = again.play(&Answerer::new(flawed));
    assert!(problem.is_err(), "{flaw}: it breaks again");
    again
        .play(&Answerer::new(sound))
        .unwrap_or_else(|problem| panic!("a sound one holds {law:?}: {problem}"));
}

pub(crate) fn assert_sound(kind: Kind, function: &Function<'_>) -> Report {
    let report = tried(kind, function);
    assert!(report.passed(), "{:#?}", report.checks);
    report
}

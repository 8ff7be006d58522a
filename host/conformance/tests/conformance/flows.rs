//! Each law of flows can fail: a flow that breaks it, played natively, and the smallest input that
//! shows it.

use hotline_conformance::{Case, Effort, Fixture, Kind, Law, Report, Subject, run};
use hotline_sandbox::offline::Wording;
use hotline_vocabulary::flow::{Action, Collect, Command, FlowEvent};
use hotline_vocabulary::media::{Prompt, PromptSource};
use hotline_vocabulary::plugin::{FaultKind, PluginFault, Usage};
use hotline_vocabulary::question::{
    Answer, FlowStep, FlowStepped, Migrate, Migrated, Question, Verdict,
};
use hotline_vocabulary::time::Millis;
use std::cell::Cell;

/// How this flow is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    /// Greets by how often it was ever asked.
    CountsItsCalls,
    /// Takes longer the second time.
    Tires,
    /// Remembers in itself, not in its state, that it has greeted.
    RemembersInItself,
    /// Calls a hang-up a fault.
    ChokesOnHangUp,
    ForgetsOnTheMove,
    /// Believes every end of its greeting.
    BelievesDoubles,
    /// Answers nothing to a key that it does not know.
    FallsSilent,
    /// Gives up on callers about whom much is known.
    OverwhelmedByAttributes,
    /// Begins again when it meets an event that it does not know.
    StartledByTheUnknown,
    /// Takes a field that it does not know for a fault.
    StrictAboutFields,
}

/// Greets, then asks for a key until it is 1.
struct Guest {
    flaw: Flaw,
    calls: Cell<u64>,
    greeted: Cell<bool>,
}

impl Guest {
    fn new(flaw: Flaw) -> Guest {
        Guest {
            flaw,
            calls: Cell::new(0),
            greeted: Cell::new(false),
        }
    }

    fn step(&self, step: &FlowStep) -> Result<FlowStepped, PluginFault> {
        let fault = |message: &str| {
            Err(PluginFault {
                kind: FaultKind::Declared,
                message: message.to_owned(),
            })
        };
        if self.flaw == Flaw::OverwhelmedByAttributes && step.interaction.attributes.len() > 50 {
            return fault("too much");
        }
        let asked = u8::from(step.state.first() == Some(&2));
        let mut state = step.state.clone();
        let commands = match &step.event {
            FlowEvent::Started if state.is_empty() => {
                self.greeted.set(true);
                state = vec![1];
                match self.flaw {
                    Flaw::CountsItsCalls => vec![play(&format!("Hello {}", self.calls.get()))],
                    _ => vec![play("Hello")],
                }
            }
            FlowEvent::Done { action: 1, .. }
                if asked == 0 || self.flaw == Flaw::BelievesDoubles =>
            {
                state = vec![2];
                match (self.flaw, self.greeted.get()) {
                    (Flaw::RemembersInItself, false) => vec![play("Who are you?"), ask()],
                    _ => vec![ask()],
                }
            }
            FlowEvent::Input(input) if state == [2] => {
                state = vec![3];
                match input.digits.as_str() {
                    "1" => vec![Command::HangUp],
                    _ if self.flaw == Flaw::FallsSilent => vec![],
                    _ => vec![Command::HangUp],
                }
            }
            FlowEvent::HangUp { .. } if self.flaw == Flaw::ChokesOnHangUp => {
                return fault("they are gone");
            }
            _ => vec![],
        };
        Ok(FlowStepped {
            state,
            actions: (1..)
                .zip(commands)
                .map(|(id, command)| Action { id, command })
                .collect(),
            trace: Vec::new(),
        })
    }
}

impl Guest {
    fn take_over(&self, asked: &Migrate) -> Verdict {
        let state = match self.flaw {
            Flaw::ForgetsOnTheMove => vec![9],
            _ => asked.state.clone(),
        };
        Verdict {
            outcome: Ok(Answer::Migrate(Migrated::State(state))),
            version: None,
            usage: Usage::default(),
        }
    }
}

impl Subject for Guest {
    fn ask_in(&self, wording: Wording, question: &Question) -> Verdict {
        let step = match question {
            Question::FlowStep(step) => step,
            Question::Migrate(asked) => return self.take_over(asked),
            _ => panic!("a flow was asked {question:?}"),
        };
        self.calls.set(self.calls.get() + 1);
        let outcome = match (wording, self.flaw) {
            (Wording::UnknownFields, Flaw::StrictAboutFields) => Err(PluginFault {
                kind: FaultKind::Declared,
                message: "strict: an unknown field".to_owned(),
            }),
            (Wording::UnknownCases, flaw) => Ok(FlowStepped {
                state: step.state.clone(),
                actions: match flaw {
                    Flaw::StartledByTheUnknown => vec![Action {
                        id: 9,
                        command: play("Hello?"),
                    }],
                    _ => Vec::new(),
                },
                trace: Vec::new(),
            }),
            _ => self.step(step),
        };
        let outcome = outcome.map(Answer::FlowStep);
        Verdict {
            outcome,
            version: None,
            usage: Usage {
                fuel: match self.flaw {
                    Flaw::Tires => self.calls.get(),
                    _ => 100,
                },
                took_us: 1,
                memory_bytes: 1,
            },
        }
    }

    fn restarted(&self) -> Box<dyn Subject + '_> {
        Box::new(Guest::new(self.flaw))
    }
}

fn prompt(words: &str) -> Prompt {
    Prompt {
        source: PromptSource::Text(words.to_owned()),
        language: None,
    }
}

fn play(words: &str) -> Command {
    Command::Play(vec![prompt(words)])
}

fn ask() -> Command {
    Command::Collect(Collect {
        prompts: vec![prompt("Press 1.")],
        barge_in: true,
        max_digits: 1,
        terminators: String::new(),
        first_timeout_ms: Millis(5_000),
        inter_timeout_ms: Millis(3_000),
        sensitive: false,
    })
}

fn tried(flaw: Flaw) -> Report {
    run(
        &Guest::new(flaw),
        Kind::Flow,
        &[],
        Effort::default(),
        &|_| {},
    )
}

fn broken(report: &Report) -> Vec<&str> {
    let failed = report.checks.iter().filter(|check| check.failure.is_some());
    failed.map(|check| check.name.as_str()).collect()
}

#[test]
fn a_sound_flow_breaks_no_law() {
    let report = tried(Flaw::None);
    assert_eq!(broken(&report), Vec::<&str>::new(), "{report:#?}");
    assert_eq!(report.budget[0].function, "step");
    assert_eq!(report.budget[0].fuel.max, 100);
}

#[test]
fn each_flaw_breaks_its_law_and_the_smallest_input_breaks_it_again() {
    let flaws = [
        (Flaw::FallsSilent, Law::Sound),
        (Flaw::CountsItsCalls, Law::Deterministic),
        (Flaw::Tires, Law::Deterministic),
        (Flaw::RemembersInItself, Law::SurvivesRestart),
        (Flaw::ChokesOnHangUp, Law::HangUpEndsCleanly),
        (Flaw::ForgetsOnTheMove, Law::MovesUnnoticed),
        (Flaw::BelievesDoubles, Law::DuplicatesHarmless),
        (Flaw::OverwhelmedByAttributes, Law::HoldsAtTenTimes),
        (Flaw::StartledByTheUnknown, Law::ToleratesTheUnknown),
        (Flaw::StrictAboutFields, Law::ToleratesTheUnknown),
    ];
    for (flaw, law) in flaws {
        let report = tried(flaw);
        let check = report
            .checks
            .iter()
            .find(|check| check.name == law.as_str())
            .expect("the law was tried");
        let failure = check.failure.as_ref();
        let failure = failure.unwrap_or_else(|| panic!("{flaw:?} breaks {law:?}"));
        // How much was too much, and what to do about it.
        let sized = failure.problem.contains("The input was a call of ");
        assert_eq!(sized, law == Law::HoldsAtTenTimes, "{}", failure.problem);
        let fixture = failure.smallest.as_ref().expect("an input");
        let again = Fixture::read("x.json", &fixture.text()).expect("what was written is read");
        let problem = again.play(&Guest::new(flaw)).expect_err("it breaks again");
        assert!(!problem.is_empty());
        again
            .play(&Guest::new(Flaw::None))
            .unwrap_or_else(|problem| panic!("a sound flow holds {law:?}: {problem}"));
    }
}

#[test]
fn what_breaks_a_law_is_made_small() {
    let report = tried(Flaw::FallsSilent);
    let failure = report.checks[0].failure.as_ref().expect("it falls silent");
    let Some(Case::Call(call)) = failure.smallest.as_ref().map(|fixture| &fixture.case) else {
        panic!("{failure:?}");
    };
    assert_eq!(call.moves.len(), 1, "{call:?}");
    assert!(call.interaction.is_none());
}

#[test]
fn the_same_seed_finds_the_same_input() {
    let text = |report: Report| {
        let failure = report.checks[0].failure.clone().expect("it falls silent");
        failure.smallest.expect("an input").text()
    };
    assert_eq!(
        text(tried(Flaw::FallsSilent)),
        text(tried(Flaw::FallsSilent))
    );
}

//! What flows and policies say in a storm, sound or not.

use super::house::QUEUES;
use super::{Plan, Storm};
use crate::auditor::{preference, wishes};
use crate::stage::{answer, fault};
use hotline_vocabulary::flow::{self, Action, Collect, Command, Enqueue, FlowEvent};
use hotline_vocabulary::ids::{AgentId, QuestionId};
use hotline_vocabulary::media::{Prompt, PromptSource};
use hotline_vocabulary::question::{Answer, FlowStep, FlowStepped, Verdict};
use hotline_vocabulary::routing::{Batch, Decision, Lookup, LookupSource, Order, Outcome};
use hotline_vocabulary::{Input, Millis, Question};

impl Storm {
    pub(super) fn ask(&mut self, question: QuestionId, ask: &Question) {
        let bad = self.chance(self.parameters.bad_advice);
        let kind = self.random.u32(0..5);
        let delay = match (bad, kind) {
            (true, 0) => return, // silent
            (true, 1) => self.random.u64(1_000..6_000),
            _ => self.random.u64(0..4),
        };
        let verdict = match (bad, kind) {
            (true, 2) => fault(),
            (true, 3) => answer(Answer::Rank(Order {
                base: f64::NAN,
                slope: 0.0,
                reasons: Vec::new(),
            })),
            _ => self.advice(ask, bad),
        };
        let at = self.now + Millis(delay);
        self.plan(at, Plan::Give(Input::Answered { question, verdict }));
    }

    pub(super) fn advice(&mut self, ask: &Question, bad: bool) -> Verdict {
        answer(match ask {
            Question::FlowStep(step) => Answer::FlowStep(FlowStepped {
                state: step.step.to_be_bytes().to_vec(),
                actions: self.flow(step),
                trace: Vec::new(),
            }),
            Question::Plan { .. } if self.random.bool() => Answer::Plan(Vec::new()),
            Question::Plan { .. } => Answer::Plan(vec![Lookup {
                id: "history".to_owned(),
                source: LookupSource::CustomerHistory,
            }]),
            Question::Rank { visit, .. } => Answer::Rank(Order {
                base: f64::from(visit.interaction.priority) * 60_000.0,
                slope: f64::from(self.random.u8(0..3)),
                reasons: Vec::new(),
            }),
            Question::Decide { batch, .. } => Answer::Decide(self.decide(batch, bad)),
            Question::Migrate(_) | Question::Qa { .. } | Question::Connector { .. } => {
                unreachable!("the switchboard asks no such thing")
            }
        })
    }

    pub(super) fn flow(&mut self, step: &FlowStep) -> Vec<Action> {
        let queue = (*self.pick(&QUEUES)).to_owned();
        let enqueue = Command::Enqueue(Enqueue {
            queue,
            priority: self.random.i32(0..4),
            skills: wishes(step.contact),
            preferred: preference(step.contact, &self.all_agents()),
        });
        let prompt = Prompt {
            source: PromptSource::Text("words".to_owned()),
            language: None,
        };
        let collect = Command::Collect(Collect {
            prompts: vec![prompt.clone(); self.random.usize(0..2)],
            barge_in: self.random.bool(),
            max_digits: self.random.u32(1..3),
            terminators: "#".to_owned(),
            first_timeout_ms: Millis(self.random.u64(0..4_000)),
            inter_timeout_ms: Millis(self.random.u64(0..4_000)),
            sensitive: self.random.bool(),
        });
        let play = Command::Play(vec![prompt]);
        let timer = Command::StartTimer {
            name: format!("t{}", self.random.u8(0..3)),
            after_ms: Millis(self.random.u64(0..9_000)),
        };
        let look_up = Command::LookUp(flow::Lookup {
            source: flow::Source::Host(LookupSource::CustomerHistory),
            timeout_ms: Millis(1 + step.step * 700 % 2_000),
        });
        let tag = Command::SetAttributes(vec![("topic".to_owned(), "cards".to_owned())]);
        let commands = match (&step.event, self.random.u32(0..10)) {
            (FlowEvent::Started, 0) => vec![Command::Reject(486)],
            (FlowEvent::Started, 1) => vec![Command::Answer, timer, collect],
            (FlowEvent::Started, 2) => vec![enqueue],
            (FlowEvent::Started, _) => vec![Command::Answer, tag, play, collect],
            (FlowEvent::LookedUp(_), 0) => vec![look_up],
            (FlowEvent::LookedUp(_), 1) => vec![Command::Transfer {
                flow: format!("bot-{}", self.planned),
            }],
            (FlowEvent::LookedUp(_), 2) => vec![play, enqueue],
            (FlowEvent::Input(_), 0) => vec![Command::HangUp],
            (FlowEvent::Input(_), 1) => vec![collect],
            (FlowEvent::Input(_), _) => vec![play, enqueue],
            (FlowEvent::Done { outcome, .. }, _) if outcome.contains("queue-full") => {
                vec![play, Command::HangUp]
            }
            (FlowEvent::Done { .. }, 0) => vec![collect],
            (FlowEvent::Done { .. }, 1) if step.step < 4 => {
                vec![look_up.clone(), look_up, collect]
            }
            (FlowEvent::Progress(_), 0) => vec![Command::Dequeue, collect],
            (FlowEvent::Progress(_), 1) => vec![tag, collect],
            (FlowEvent::Progress(_), 2 | 3) => vec![play],
            (FlowEvent::Progress(_), 4) => vec![enqueue],
            (FlowEvent::Progress(_), 5..8) => vec![Command::Callback { number: None }],
            (FlowEvent::Agent { .. }, 0..5) => vec![enqueue],
            (FlowEvent::Timer(_), 0) => vec![Command::HangUp],
            (FlowEvent::HangUp { .. }, 0) => vec![enqueue, play],
            _ => Vec::new(),
        };
        (1u32..)
            .zip(commands)
            .map(|(id, command)| Action { id, command })
            .collect()
    }

    pub(super) fn decide(&mut self, batch: &Batch, bad: bool) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut free: Vec<AgentId> = batch.agents.iter().map(|agent| agent.id).collect();
        for view in &batch.contacts {
            let candidate = batch.candidates_of(view).find(|id| free.contains(id));
            let decision = match (bad, self.random.u32(0..12)) {
                // Names somebody who may not be a candidate, or not free, or named before.
                (true, 0..6) => {
                    let all: Vec<AgentId> = self.names.agents.keys().copied().collect();
                    Decision::Assign(*self.pick(&all))
                }
                (true, 6) => Decision::Overflow("nowhere".to_owned()),
                (_, 9) => Decision::KeepWaiting,
                (_, 10) => Decision::Overflow((*self.pick(&QUEUES)).to_owned()),
                (_, 11) if self.random.bool() => continue,
                (_, 11) if self.chance(20) => Decision::Voicemail,
                (_, 11) if self.chance(30) => Decision::Callback,
                (_, 11) => Decision::Flow(format!("bot-{}", self.planned)),
                _ => candidate.map_or(Decision::KeepWaiting, Decision::Assign),
            };
            if let Decision::Assign(agent) = decision {
                free.retain(|id| *id != agent);
            }
            let recheck = self.chance(60);
            outcomes.push(Outcome {
                contact: view.contact,
                decision,
                reasons: vec!["as drawn".to_owned()],
                scores: Vec::new(),
                recheck_after_ms: recheck.then(|| Millis(self.random.u64(0..3_000))),
            });
        }
        if bad && let Some(first) = outcomes.first().cloned() {
            outcomes.push(first);
        }
        outcomes
    }
}

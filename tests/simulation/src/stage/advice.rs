//! What flows and policies answer in a story.

use super::Stage;
use crate::says::command;
use crate::script::{FlowSays, Line, RoutingSays, Says};
use hotline_vocabulary::Question;
use hotline_vocabulary::configuration::SkillExpression;
use hotline_vocabulary::flow::{Action, Command, Enqueue, Preferred};
use hotline_vocabulary::ids::{AgentId, QuestionId};
use hotline_vocabulary::plugin::{Digest, FaultKind, PluginFault, PluginVersion, Usage};
use hotline_vocabulary::question::{Answer, FlowStepped, Verdict};
use hotline_vocabulary::routing::{Batch, Decision, Order, Outcome};
use std::collections::VecDeque;

impl Stage {
    /// The answer that the story's next line gives, or the usual one; none for an adviser that is
    /// silent.
    pub(super) fn advise(
        &mut self,
        question: QuestionId,
        ask: Question,
        rest: &mut VecDeque<Line>,
    ) -> Option<Verdict> {
        match ask {
            Question::FlowStep(_) => {
                let says = match rest.pop_front_if(|next| matches!(next, Line::Flow(_))) {
                    Some(Line::Flow(says)) => says,
                    _ => FlowSays::Actions(Vec::new()),
                };
                match says {
                    FlowSays::Silent => None,
                    FlowSays::Fails => Some(fault()),
                    FlowSays::Actions(says) => {
                        let actions = (1u32..).zip(says).map(|(id, says)| Action {
                            id,
                            command: self.command(says),
                        });
                        Some(answer(Answer::FlowStep(FlowStepped {
                            state: Vec::new(),
                            actions: actions.collect(),
                            trace: Vec::new(),
                        })))
                    }
                }
            }
            Question::Plan { .. } => Some(answer(Answer::Plan(Vec::new()))),
            Question::Rank { visit, .. } => Some(answer(Answer::Rank(Order {
                base: f64::from(visit.interaction.priority),
                slope: 1.0 / 60_000.0,
                reasons: Vec::new(),
            }))),
            Question::Decide { batch, .. } => {
                let says = match rest.pop_front_if(|next| matches!(next, Line::Routing(_))) {
                    Some(Line::Routing(says)) => Some(says),
                    _ => None,
                };
                if says == Some(RoutingSays::Later) {
                    self.late = Some((question, batch));
                    return None;
                }
                self.decide(&batch, says)
            }
            Question::Migrate(_) | Question::Qa { .. } | Question::Connector { .. } => {
                Some(fault())
            }
        }
    }

    pub(super) fn decide(&self, batch: &Batch, says: Option<RoutingSays>) -> Option<Verdict> {
        let mut free: Vec<AgentId> = batch.agents.iter().map(|agent| agent.id).collect();
        let decisions = batch.contacts.iter().map(|contact| {
            let decision = match &says {
                None => {
                    let mut candidates = batch.candidates_of(contact);
                    let candidate = candidates.find(|id| free.contains(id));
                    candidate.map_or(Decision::KeepWaiting, Decision::Assign)
                }
                Some(RoutingSays::Offer(name)) => Decision::Assign(self.agent_named(name)),
                Some(RoutingSays::Overflow(queue)) => Decision::Overflow(queue.clone()),
                Some(RoutingSays::Flow(name)) => Decision::Flow(name.clone()),
                Some(RoutingSays::Callback) => Decision::Callback,
                Some(RoutingSays::Voicemail) => Decision::Voicemail,
                Some(_) => Decision::KeepWaiting,
            };
            if let Decision::Assign(agent) = decision {
                free.retain(|id| *id != agent);
            }
            Outcome {
                contact: contact.contact,
                decision,
                reasons: vec!["as told".to_owned()],
                scores: Vec::new(),
                recheck_after_ms: match says {
                    Some(RoutingSays::Keep(recheck)) => recheck,
                    _ => None,
                },
            }
        });
        match says {
            Some(RoutingSays::Silent) => None,
            Some(RoutingSays::Fails) => Some(fault()),
            _ => Some(answer(Answer::Decide(decisions.collect()))),
        }
    }

    fn command(&self, says: Says) -> Command {
        match says {
            Says::EnqueuePreferring { queue, agent, wait } => Command::Enqueue(Enqueue {
                queue,
                priority: 0,
                skills: SkillExpression::Anyone,
                preferred: Some(Preferred {
                    agent: self.agent_named(&agent),
                    wait_ms: wait,
                }),
            }),
            says => command(says),
        }
    }
}

pub(crate) fn answer(answer: Answer) -> Verdict {
    Verdict {
        outcome: Ok(answer),
        version: Some(PluginVersion {
            name: "told".to_owned(),
            component: Digest([7; 32]),
            artifact: None,
        }),
        usage: Usage::default(),
    }
}

pub(crate) fn fault() -> Verdict {
    Verdict {
        outcome: Err(PluginFault {
            kind: FaultKind::Trapped,
            message: "unreachable".to_owned(),
        }),
        version: None,
        usage: Usage::default(),
    }
}

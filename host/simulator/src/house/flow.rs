//! The flow of a simulated house, and whom else the switchboard asks.

use super::{Contact, House};
use crate::contact::place_of;
use crate::policy::{SkillUse, not_a_policys, verdict};
use hotline_vocabulary::configuration::SkillExpression;
use hotline_vocabulary::flow::{Action, Command, Enqueue, FlowEvent};
use hotline_vocabulary::question::{FlowStep, FlowStepped, Verdict};
use hotline_vocabulary::{Answer, Question};

/// The place of the enqueue among the actions of a contact's first step.
const ENQUEUE: u32 = 2;

impl House<'_> {
    pub(super) fn answer(&self, question: &Question) -> Verdict {
        match question {
            Question::FlowStep(step) => verdict(Ok(Answer::FlowStep(self.flow_step(step)))),
            Question::Plan { .. } | Question::Rank { .. } | Question::Decide { .. } => {
                self.arm.policy.answer(question)
            }
            Question::Migrate(_) | Question::Qa { .. } | Question::Connector { .. } => {
                not_a_policys()
            }
        }
    }

    /// The flow of a simulated house: into the queue, and goodbye if the queue will not have it.
    fn flow_step(&self, step: &FlowStep) -> FlowStepped {
        let commands = match &step.event {
            FlowEvent::Started => self.queueing(place_of(step.contact)),
            FlowEvent::Done { action, outcome } if *action == ENQUEUE && outcome != "queued" => {
                vec![(ENQUEUE + 1, Command::HangUp)]
            }
            FlowEvent::Agent { what } if what != "connected" => {
                vec![(ENQUEUE + 1, Command::HangUp)]
            }
            _ => Vec::new(),
        };
        let action = |(id, command)| Action { id, command };
        FlowStepped {
            state: Vec::new(),
            actions: commands.into_iter().map(action).collect(),
            trace: Vec::new(),
        }
    }

    fn queueing(&self, place: usize) -> Vec<(u32, Command)> {
        let Some(Contact { plan, .. }) = self.contacts.get(place) else {
            return vec![(ENQUEUE, Command::HangUp)];
        };
        let kind = &plan.kind;
        let queue = &self.plan.configuration.queues[kind.queue];
        let skills = match (self.arm.skills, plan.transferred) {
            (SkillUse::AsConfigured, _) => kind.skills.clone(),
            (SkillUse::Ignored, true) => queue.skills.clone().and(kind.skills.clone()),
            (SkillUse::Ignored, false) => SkillExpression::Anyone,
        };
        let mut commands = Vec::with_capacity(2);
        if !kind.attributes.is_empty() {
            let attributes = kind.attributes.clone();
            commands.push((ENQUEUE - 1, Command::SetAttributes(attributes)));
        }
        let enqueue = Enqueue {
            queue: queue.name.clone(),
            priority: kind.priority,
            skills,
            preferred: None,
        };
        commands.push((ENQUEUE, Command::Enqueue(enqueue)));
        commands
    }
}

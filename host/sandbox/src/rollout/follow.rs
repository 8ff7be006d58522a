//! A candidate flow beside the active one, step by step. It remembers in its own words, so it can
//! only follow a contact from its first step, without a gap, and for as long as both act alike: after
//! that the contact's events are answers to somebody else's actions.

use hotline_vocabulary::flow::FlowEvent;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::question::{Answer, Question};
use std::collections::HashMap;

/// Contacts that are followed at a time; further ones are not.
const CONTACTS: usize = 20_000;

/// What the candidate remembers, by contact.
#[derive(Debug, Default)]
pub(crate) struct Following(HashMap<ContactId, Remembered>);

#[derive(Debug)]
struct Remembered {
    next_step: u64,
    state: Vec<u8>,
}

impl Following {
    /// Puts the candidate's own state in place of the active version's. Returns false when the
    /// question can not be put to the candidate.
    pub(crate) fn enter(&mut self, question: &mut Question) -> bool {
        let step = match question {
            Question::FlowStep(step) => step,
            // It is about the state of a version that the candidate does not follow.
            Question::Migrate(_) => return false,
            _ => return true,
        };
        let remembered = self.0.remove(&step.contact);
        if step.step == 0 {
            return self.0.len() < CONTACTS;
        }
        match remembered {
            Some(remembered) if remembered.next_step == step.step => {
                step.state = remembered.state;
                true
            }
            _ => false,
        }
    }

    /// The candidate answered as the active version did.
    pub(crate) fn went_along(&mut self, question: &Question, answer: Answer) {
        if let (Question::FlowStep(step), Answer::FlowStep(stepped)) = (question, answer)
            && !matches!(step.event, FlowEvent::HangUp { .. })
        {
            let remembered = Remembered {
                next_step: step.step + 1,
                state: stepped.state,
            };
            self.0.insert(step.contact, remembered);
        }
    }

    pub(crate) fn forget(&mut self, contact: ContactId) {
        self.0.remove(&contact);
    }
}

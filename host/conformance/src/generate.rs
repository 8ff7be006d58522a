//! Inputs at random, as a contact centre could give them. What they are made of shrinks: fewer moves,
//! fewer contacts, fewer words, smaller numbers.

mod call;
mod errand;
mod policy;
mod spoken;

use crate::case::Case;
use crate::subject::Kind;
use proptest::prelude::*;

/// How large the inputs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// An ordinary day.
    Usual,
    /// Ten times that: for a policy the largest batch that the host asks about.
    TenTimes,
}

pub(crate) fn case(kind: Kind, size: Size) -> BoxedStrategy<Case> {
    let judged = || spoken::question(size).prop_map(|q| Case::Ask(Box::new(q)));
    let heard = || spoken::conversation(size).prop_map(|it| Case::Conversation(Box::new(it)));
    match kind {
        Kind::Flow => call::call(size)
            .prop_map(|call| Case::Call(Box::new(call)))
            .boxed(),
        Kind::Policy => policy::question(size)
            .prop_map(|q| Case::Ask(Box::new(q)))
            .boxed(),
        Kind::QaRule => judged().boxed(),
        Kind::QaLive => heard().boxed(),
        Kind::QaRuleAndLive => prop_oneof![judged(), heard()].boxed(),
        Kind::Connector => errand::errand(size)
            .prop_map(|errand| Case::Errand(Box::new(errand)))
            .boxed(),
    }
}

/// Inputs that no seed may miss.
pub(crate) fn corners(kind: Kind) -> Vec<Case> {
    let judged = || {
        let corners = spoken::corner_questions().into_iter();
        corners.map(|question| Case::Ask(Box::new(question)))
    };
    let heard = || {
        let corners = spoken::corner_conversations().into_iter();
        corners.map(|heard| Case::Conversation(Box::new(heard)))
    };
    match kind {
        // Their generators are narrow enough to meet theirs.
        Kind::Flow | Kind::Policy => Vec::new(),
        Kind::QaRule => judged().collect(),
        Kind::QaLive => heard().collect(),
        Kind::QaRuleAndLive => judged().chain(heard()).collect(),
        Kind::Connector => {
            let corners = errand::corners().into_iter();
            corners
                .map(|errand| Case::Errand(Box::new(errand)))
                .collect()
        }
    }
}

//! Keys being collected: which of them count, and when they are complete.

use crate::limits::KEYS;
use crate::timers::TimerId;
use hotline_vocabulary::flow::{ActionId, Collect, CollectOutcome};
use hotline_vocabulary::ids::PlaybackId;
use hotline_vocabulary::media::Digit;
use std::fmt;

pub(crate) struct Collecting {
    pub(crate) action: ActionId,
    pub(crate) request: Collect,
    /// The prompts, while they play.
    pub(crate) prompting: Option<PlaybackId>,
    pub(crate) keys: String,
    pub(crate) overdue: Option<TimerId>,
}

/// Keys can be card digits: never printed.
impl fmt::Debug for Collecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collecting")
            .field("action", &self.action)
            .field("prompting", &self.prompting)
            .field("length", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// Prompts play, and they are not to be interrupted.
    Ignored,
    More,
    Complete,
}

impl Collecting {
    pub(crate) const fn new(action: ActionId, request: Collect) -> Self {
        Collecting {
            action,
            request,
            prompting: None,
            keys: String::new(),
            overdue: None,
        }
    }

    pub(crate) fn press(&mut self, digit: Digit) -> Pressed {
        let key = digit.as_char();
        if self.prompting.is_some() && !self.request.barge_in {
            return Pressed::Ignored;
        }
        if self.request.terminators.contains(key) {
            return Pressed::Complete;
        }
        self.keys.push(key);
        if self.length() >= self.request.max_digits.clamp(1, KEYS) {
            Pressed::Complete
        } else {
            Pressed::More
        }
    }

    /// What it came to when no further key came in time.
    pub(crate) fn outcome_when_overdue(&self) -> CollectOutcome {
        if self.keys.is_empty() {
            CollectOutcome::NoInput
        } else {
            CollectOutcome::Partial
        }
    }

    pub(crate) fn length(&self) -> u32 {
        // Keys are ASCII, and at most `KEYS`.
        u32::try_from(self.keys.len()).unwrap_or(KEYS)
    }
}

//! How keys are asked for.

use super::{Collect, Prompts};

/// A request for keys: five seconds for the first, three for each further, `#` ends them, a key
/// stops the prompts; change what does not fit.
#[derive(Debug, Clone)]
pub struct Keys(pub Collect);

/// Asks for at most `max_digits` keys, from 1 to 64.
pub fn keys(max_digits: u32) -> Keys {
    Keys(Collect {
        prompts: Vec::new(),
        barge_in: true,
        max_digits,
        terminators: "#".to_owned(),
        first_timeout_ms: 5_000,
        inter_timeout_ms: 3_000,
        sensitive: false,
        ext: Vec::new(),
    })
}

impl Keys {
    #[must_use]
    pub fn saying(mut self, prompts: impl Into<Prompts>) -> Self {
        self.0.prompts.extend(prompts.into().0);
        self
    }

    /// From the end of the prompts to the first key.
    #[must_use]
    pub fn first_within_ms(mut self, timeout_ms: u32) -> Self {
        self.0.first_timeout_ms = timeout_ms;
        self
    }

    #[must_use]
    pub fn next_within_ms(mut self, timeout_ms: u32) -> Self {
        self.0.inter_timeout_ms = timeout_ms;
        self
    }

    #[must_use]
    pub fn ended_by(mut self, terminators: &str) -> Self {
        self.0.terminators = terminators.to_owned();
        self
    }

    #[must_use]
    pub fn without_barge_in(mut self) -> Self {
        self.0.barge_in = false;
        self
    }

    /// Card numbers and the like: the flow gets a token, records get the length.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.0.sensitive = true;
        self
    }
}

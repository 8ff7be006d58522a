//! Questions that a caller answers by keys: menus and numbers, each with its tries.

use super::{Waiting, Walk};
use crate::script::{Collect, Menu, Target, Text, Tries};
use hotline_sdk::ivr::{self, Command, Fault, InputOutcome, InputResult, Prompt};

impl Walk<'_> {
    pub(super) fn ask_menu(&mut self, menu: &Menu, first: Option<&Text>) {
        let keys = menu.keys.iter().map(|(key, _)| key.as_str());
        let always = self.script.always.iter().map(|(key, _)| *key);
        let longest = keys
            .clone()
            .chain(always.clone())
            .map(str::len)
            .max()
            .unwrap_or(1);
        let hash_is_a_key = keys.chain(always).any(|key| key.contains('#'));
        let terminators = if longest == 1 || hash_is_a_key {
            ""
        } else {
            "#"
        };
        let prompts = self.question(first, &menu.text);
        self.ask(ivr::Collect {
            prompts,
            barge_in: menu.barge_in,
            max_digits: longest as u32,
            terminators: terminators.to_owned(),
            first_timeout_ms: menu.tries.wait_ms,
            inter_timeout_ms: menu.tries.between_ms,
            sensitive: false,
            ext: Vec::new(),
        });
    }

    pub(super) fn ask_keys(&mut self, collect: &Collect, first: Option<&Text>) {
        let prompts = self.question(first, &collect.text);
        self.ask(ivr::Collect {
            prompts,
            barge_in: collect.barge_in,
            max_digits: collect.most,
            terminators: collect.terminators.clone(),
            first_timeout_ms: collect.tries.wait_ms,
            inter_timeout_ms: collect.tries.between_ms,
            sensitive: collect.sensitive,
            ext: Vec::new(),
        });
    }

    fn question(&self, first: Option<&Text>, text: &Text) -> Vec<Prompt> {
        let mut prompts = first.map(|text| self.say(text)).unwrap_or_default();
        prompts.extend(self.say(text));
        prompts
    }

    fn ask(&mut self, collect: ivr::Collect) {
        self.answer();
        self.state.waiting = Waiting::Keys(self.next_id());
        self.commands.push(Command::Collect(collect));
    }

    pub(super) fn chosen(&mut self, menu: &Menu, keys: &InputResult) -> Result<(), Fault> {
        let pressed = keys.digits.as_str();
        let own = menu.keys.iter().find(|(key, _)| key == pressed);
        if let Some((_, target)) = own {
            return self.enter(*target);
        }
        if let Some(target) = self.always(pressed) {
            return self.enter(target);
        }
        let complaint = self.failure(&menu.tries, &keys.outcome);
        match complaint {
            Ok(text) => {
                self.ask_menu(menu, text);
                Ok(())
            }
            Err(failed) => self.enter(failed),
        }
    }

    pub(super) fn collected(&mut self, collect: &Collect, keys: &InputResult) -> Result<(), Fault> {
        if keys.length >= collect.least.max(1) && !is_none(&keys.outcome) {
            let value = match &keys.token {
                Some(token) => token.clone(),
                None => keys.digits.clone(),
            };
            self.assign(&collect.into, value);
            return self.enter(collect.next);
        }
        if let Some(target) = self.always(&keys.digits) {
            return self.enter(target);
        }
        match self.failure(&collect.tries, &keys.outcome) {
            Ok(text) => {
                self.ask_keys(collect, text);
                Ok(())
            }
            Err(failed) => self.enter(failed),
        }
    }

    /// What to say before asking again, or where to go when that was the last try.
    fn failure<'t>(
        &mut self,
        tries: &'t Tries,
        outcome: &InputOutcome,
    ) -> Result<Option<&'t Text>, Target> {
        self.state.failures = self.state.failures.saturating_add(1);
        let id = self.script.node(self.state.node).map(|node| node.id);
        let what = if is_none(outcome) {
            "no key"
        } else {
            "wrong key"
        };
        self.note(&format!("{}: {what}", id.unwrap_or_default()));
        if self.state.failures >= tries.most {
            return Err(tries.failed);
        }
        Ok(match is_none(outcome) {
            true => tries.no_key.as_ref(),
            false => tries.wrong.as_ref(),
        })
    }

    fn always(&self, pressed: &str) -> Option<Target> {
        let (_, target) = self.script.always.iter().find(|(key, _)| *key == pressed)?;
        Some(*target)
    }
}

/// What a later host says is taken for nothing.
const fn is_none(outcome: &InputOutcome) -> bool {
    matches!(outcome, InputOutcome::NoInput | InputOutcome::Ext(_))
}

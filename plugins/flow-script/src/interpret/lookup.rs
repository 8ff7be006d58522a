//! What a node looks up: the question to the host, and what of the answer becomes attributes.

use super::{Waiting, Walk};
use crate::script::{Argument, Lookup, Path, Source};
use hotline_sdk::ivr::{self, Command, Fault, Found, LookUp, LookupResult};
use serde_json::Value;

/// What an attribute holds.
const ATTRIBUTE_BYTES: usize = 1_024;

impl Walk<'_> {
    pub(super) fn look_up(&mut self, lookup: &Lookup) {
        if let Some(text) = &lookup.say {
            let prompts = self.say(text);
            if !prompts.is_empty() {
                self.answer();
                self.commands.push(Command::Play(prompts));
            }
        }
        let wanted = match &lookup.source {
            Source::History => LookUp::history(),
            Source::Table { table, key } => LookUp::table(table, &self.fill(key)),
            Source::Connector {
                connector,
                operation,
                with,
            } => LookUp::connector(connector, operation, &self.argument(with)),
        };
        self.state.waiting = Waiting::Lookup(self.next_id());
        let ivr::LookUp(wanted) = wanted.within_ms(lookup.within_ms);
        self.commands.push(Command::LookUp(wanted));
    }

    /// A value that is empty is left out: a caller without a number is not looked for by none.
    fn argument(&self, argument: &Argument) -> Value {
        match argument {
            Argument::Text(template) => Value::String(self.fill(template)),
            Argument::List(items) => items.iter().map(|item| self.argument(item)).collect(),
            Argument::Object(entries) => {
                let entries = entries.iter().filter_map(|(name, value)| {
                    let value = self.argument(value);
                    (value != "").then(|| (name.clone(), value))
                });
                Value::Object(entries.collect())
            }
        }
    }

    /// An attribute whose value is not there is removed, so that none is left of an earlier lookup.
    pub(super) fn looked_up(
        &mut self,
        lookup: &Lookup,
        result: &LookupResult,
    ) -> Result<(), Fault> {
        let found = Found::from(result).read::<Value>();
        let (target, value) = match found {
            Found::Value(value) => (lookup.next, value),
            Found::Nothing => (lookup.nothing, Value::Null),
            Found::TimedOut | Found::Failed => (lookup.failed, Value::Null),
        };
        for (attribute, path) in &lookup.into {
            let mut text = shown(path.within(&value));
            text.truncate(text.floor_char_boundary(ATTRIBUTE_BYTES));
            if !(text.is_empty() && self.value(attribute).is_empty()) {
                self.assign(attribute, text);
            }
        }
        self.enter(target)
    }
}

impl Path {
    /// In a list the first entry is meant, unless the path says which, from 0.
    fn within<'v>(&self, found: &'v Value) -> &'v Value {
        let mut here = found;
        for part in &self.0 {
            if let Value::Array(entries) = here {
                let place = part.parse::<usize>();
                here = entries
                    .get(place.clone().unwrap_or(0))
                    .unwrap_or(&Value::Null);
                if place.is_ok() {
                    continue;
                }
            }
            here = here.get(part).unwrap_or(&Value::Null);
        }
        here
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

//! What is said, in the contact's language and with its values filled in.

use super::Walk;
use crate::script::{Part, Piece, Template, Text};
use hotline_sdk::ivr::{Prompt, PromptSource};

impl<'a> Walk<'a> {
    pub(super) fn language(&self) -> &'a str {
        self.script.languages[usize::from(self.state.language)]
    }

    /// In the contact's language, or the first that has the text.
    pub(super) fn say(&self, text: &Text) -> Vec<Prompt> {
        let (language, parts) = match text {
            Text::Same(parts) => (self.language(), parts),
            Text::Each(languages) => {
                let wanted = usize::from(self.state.language);
                let found = languages
                    .get(wanted)
                    .and_then(Option::as_ref)
                    .map(|parts| (wanted, parts))
                    .or_else(|| {
                        let mut rest = languages.iter().enumerate();
                        rest.find_map(|(place, parts)| Some((place, parts.as_ref()?)))
                    });
                match found {
                    Some((place, parts)) => (self.script.languages[place], parts),
                    None => return Vec::new(),
                }
            }
        };
        let mut prompts = Vec::new();
        self.speak(parts, language, &mut prompts);
        prompts
    }

    fn speak(&self, parts: &[Part], language: &str, prompts: &mut Vec<Prompt>) {
        for part in parts {
            let source = match part {
                Part::Audio(file) => PromptSource::Audio(file.clone()),
                Part::Foreign(other, parts) => {
                    let other = self.script.languages.get(usize::from(*other));
                    self.speak(parts, other.unwrap_or(&language), prompts);
                    continue;
                }
                Part::Words(template) => match self.fill(template) {
                    words if words.trim().is_empty() => continue,
                    words => PromptSource::Text(words),
                },
            };
            prompts.push(Prompt {
                source,
                language: Some(language.to_owned()),
                ext: Vec::new(),
            });
        }
    }

    pub(super) fn fill(&self, template: &Template) -> String {
        template
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Literal(words) => words.clone(),
                Piece::Value(name) => self.value(name),
            })
            .collect()
    }

    /// An attribute, or one of the built-in values; empty when there is none.
    pub(super) fn value(&self, name: &str) -> String {
        let known = |attributes: &[(String, String)]| {
            let mut found = attributes.iter().filter(|(key, _)| key == name);
            found.next().map(|(_, value)| value.clone())
        };
        if let Some(value) = known(&self.set).or_else(|| known(&self.input.interaction.attributes))
        {
            return value;
        }
        match name {
            "caller" => self.input.interaction.caller.clone(),
            "dialled" => self.input.interaction.dialled.clone(),
            "channel" => self.input.interaction.channel.clone(),
            "language" => self.language().to_owned(),
            "position" => self
                .progress
                .map(|progress| progress.position.to_string())
                .unwrap_or_default(),
            "queue" => self
                .progress
                .map(|progress| progress.queue.clone())
                .unwrap_or_default(),
            "wait_minutes" => self
                .progress
                .and_then(|progress| progress.expected_wait_ms)
                .map(|wait_ms| wait_ms.div_ceil(60_000).max(1).to_string())
                .unwrap_or_default(),
            _ => String::new(),
        }
    }
}

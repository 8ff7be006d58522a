//! What a caller hears: words and sound files.

use super::{Prompt, PromptSource};

/// Things to say, one after the other. From a text, a prompt, or several.
#[derive(Debug, Clone)]
pub struct Prompts(pub Vec<Prompt>);

impl From<&str> for Prompts {
    fn from(words: &str) -> Self {
        Prompts(vec![text(words)])
    }
}

impl From<String> for Prompts {
    fn from(words: String) -> Self {
        words.as_str().into()
    }
}

impl From<Prompt> for Prompts {
    fn from(prompt: Prompt) -> Self {
        Prompts(vec![prompt])
    }
}

impl From<Vec<Prompt>> for Prompts {
    fn from(prompts: Vec<Prompt>) -> Self {
        Prompts(prompts)
    }
}

/// Words to be spoken in the contact's language.
pub fn text(words: &str) -> Prompt {
    Prompt {
        source: PromptSource::Text(words.to_owned()),
        language: None,
        ext: Vec::new(),
    }
}

/// A file below the tenant's `prompts` folder.
pub fn audio(file: &str) -> Prompt {
    Prompt {
        source: PromptSource::Audio(file.to_owned()),
        language: None,
        ext: Vec::new(),
    }
}

impl Prompt {
    /// Spoken in this language (BCP 47), whatever the contact's is.
    #[must_use]
    pub fn in_language(mut self, tag: &str) -> Self {
        self.language = Some(tag.to_owned());
        self
    }
}

//! What callers hear: texts by language, audio files, named prompts, and the values in them.

use crate::compile::fields::Fields;
use crate::diagnostics::{Place, Report, suggest};
use crate::script::{Part, Piece, Template, Text};
use crate::yaml::{Value, Yaml};
use std::collections::BTreeMap;

/// A `{name}` in a text, for the check whether anything sets it.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// Whether it stands in an announcement or a prompt, where `{position}` means something.
    pub(crate) announced: bool,
}

pub(crate) struct Words<'y> {
    pub(crate) languages: Vec<String>,
    pub(crate) uses: Vec<Use>,
    lines: Vec<&'y str>,
    prompts: BTreeMap<String, (Text, Place, bool)>,
    announcing: bool,
}

impl<'y> Words<'y> {
    pub(crate) fn new(languages: Vec<String>, source: &'y str) -> Self {
        Words {
            languages,
            uses: Vec::new(),
            lines: source.lines().collect(),
            prompts: BTreeMap::new(),
            announcing: false,
        }
    }

    /// Reads `prompts:`.
    pub(crate) fn define(&mut self, yaml: &Yaml, report: &mut Report) {
        let Some(fields) = Fields::of(yaml, "`prompts`", report) else {
            return;
        };
        // Where a prompt is said is not known here, so it may hold any value.
        self.announcing = true;
        for (name, text) in fields.into_entries() {
            let Some(key) = name.as_text() else { continue };
            if let Some(text) = self.text(text, key, name.place, report) {
                self.prompts
                    .insert(key.to_owned(), (text, name.place, false));
            }
        }
        self.announcing = false;
    }

    pub(crate) fn report_unused(&self, report: &mut Report) {
        for (name, (_, place, used)) in &self.prompts {
            if !used {
                report.warning(
                    "script.unused-prompt",
                    *place,
                    format!("no node says the prompt `{name}`"),
                    Some(format!("say it with `{{prompt: {name}}}`, or remove it")),
                );
            }
        }
    }

    /// Like [`Words::text`], where `{position}` and `{wait_minutes}` are known.
    pub(crate) fn announcement(
        &mut self,
        yaml: &Yaml,
        field: &str,
        place: Place,
        report: &mut Report,
    ) -> Option<Text> {
        self.announcing = true;
        let text = self.text(yaml, field, place, report);
        self.announcing = false;
        text
    }

    /// A text: the same for all languages, or one for each. `place` is the field's name, for what
    /// is missing as a whole.
    pub(crate) fn text(
        &mut self,
        yaml: &Yaml,
        field: &str,
        place: Place,
        report: &mut Report,
    ) -> Option<Text> {
        match &yaml.value {
            Value::Mapping(entries) => {
                let special = entries
                    .iter()
                    .any(|(key, _)| matches!(key.as_text(), Some("audio" | "prompt")));
                if special {
                    return self.named(yaml, report);
                }
                self.each(entries, field, place, report)
            }
            Value::Null => {
                report.error(
                    "script.missing-text",
                    place,
                    format!("`{field}` has no text"),
                    Some(self.example()),
                );
                None
            }
            _ => Some(Text::Same(self.parts(yaml, report)?)),
        }
    }

    fn example(&self) -> String {
        let texts: Vec<String> = self
            .languages
            .iter()
            .map(|tag| format!("{tag}: ..."))
            .collect();
        format!(
            "write a text, or one for each language: {{{}}}",
            texts.join(", ")
        )
    }

    fn each(
        &mut self,
        entries: &[(Yaml, Yaml)],
        field: &str,
        place: Place,
        report: &mut Report,
    ) -> Option<Text> {
        let mut texts: Vec<Option<Vec<Part>>> = vec![None; self.languages.len()];
        let mut sound = true;
        for (key, value) in entries {
            let tag = key.as_text().unwrap_or_default();
            let Some(place) = self.languages.iter().position(|known| known == tag) else {
                report.error(
                    "script.unknown-language",
                    key.place,
                    format!("`{tag}` is not one of this flow's languages"),
                    self.unknown_language(tag),
                );
                sound = false;
                continue;
            };
            match self.parts(value, report) {
                Some(parts) => texts[place] = Some(parts),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        if texts.iter().all(Option::is_none) {
            report.error(
                "script.missing-text",
                place,
                format!("`{field}` has no text"),
                Some(self.example()),
            );
            return None;
        }
        for (tag, _) in self
            .languages
            .iter()
            .zip(&texts)
            .filter(|(_, text)| text.is_none())
        {
            report.warning(
                "script.missing-text",
                place,
                format!("`{field}` has no text in `{tag}`; callers hear another language"),
                Some(format!("add a line `{tag}: ...` below it")),
            );
        }
        Some(Text::Each(texts))
    }

    fn unknown_language(&self, tag: &str) -> Option<String> {
        let tags = self.languages.iter().map(String::as_str);
        match suggest(tag, tags) {
            Some(hint) if hint.starts_with("did you mean") => Some(hint),
            _ => Some(format!(
                "add it above: `languages: [{}, {tag}]`",
                self.languages.join(", ")
            )),
        }
    }

    /// `{audio: file}` or `{prompt: name}` for all languages.
    fn named(&mut self, yaml: &Yaml, report: &mut Report) -> Option<Text> {
        let mut fields = Fields::of(yaml, "a text", report)?;
        let prompt = fields.take("prompt");
        let audio = fields.take("audio");
        fields.finish(&["audio", "prompt"], report);
        match (prompt, audio) {
            (Some(name), None) => self.prompt(name, report),
            (None, Some(file)) => Some(Text::Same(vec![audio_file(file, report)?])),
            _ => {
                report.error(
                    "script.two-kinds",
                    yaml.place,
                    "a text is either `audio` or `prompt`, not both",
                    None,
                );
                None
            }
        }
    }

    fn prompt(&mut self, name: &Yaml, report: &mut Report) -> Option<Text> {
        let key = name.as_text().unwrap_or_default();
        if let Some((text, _, used)) = self.prompts.get_mut(key) {
            *used = true;
            return Some(text.clone());
        }
        report.error(
            "script.unknown-prompt",
            name.place,
            format!("there is no prompt `{key}`"),
            suggest(key, self.prompts.keys().map(String::as_str))
                .or_else(|| Some(format!("define it: `prompts: {{{key}: ...}}`"))),
        );
        None
    }

    /// One language's text: words, a file, or a list of them.
    fn parts(&mut self, yaml: &Yaml, report: &mut Report) -> Option<Vec<Part>> {
        match &yaml.value {
            Value::Scalar(words) => {
                Some(vec![Part::Words(self.template(words, yaml.place, report)?)])
            }
            Value::Sequence(items) => {
                let parts: Vec<Option<Vec<Part>>> =
                    items.iter().map(|item| self.parts(item, report)).collect();
                let parts: Option<Vec<Vec<Part>>> = parts.into_iter().collect();
                Some(parts?.into_iter().flatten().collect())
            }
            Value::Mapping(entries) => self.part(entries, report),
            Value::Null => {
                report.error(
                    "script.missing-text",
                    yaml.place,
                    "there is no text here",
                    None,
                );
                None
            }
        }
    }

    /// An item of a list: a file, or words in another language.
    fn part(&mut self, entries: &[(Yaml, Yaml)], report: &mut Report) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        for (key, value) in entries {
            let tag = key.as_text().unwrap_or_default();
            if tag == "audio" {
                parts.push(audio_file(value, report)?);
                continue;
            }
            let Some(place) = self.languages.iter().position(|known| known == tag) else {
                report.error(
                    "script.unknown-language",
                    key.place,
                    format!("`{tag}` is neither `audio` nor one of this flow's languages"),
                    self.unknown_language(tag),
                );
                return None;
            };
            parts.push(Part::Foreign(place as u8, self.parts(value, report)?));
        }
        Some(parts)
    }

    /// Words with `{value}`s; `{{` and `}}` are braces.
    pub(crate) fn template(
        &mut self,
        text: &str,
        place: Place,
        report: &mut Report,
    ) -> Option<Template> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text.char_indices().peekable();
        while let Some((at, letter)) = rest.next() {
            let doubled = rest.peek().is_some_and(|(_, next)| *next == letter);
            match letter {
                '{' | '}' if doubled => {
                    literal.push(letter);
                    rest.next();
                }
                '{' => {
                    let name: String = text[at + 1..].chars().take_while(|c| *c != '}').collect();
                    let end = at + 1 + name.len();
                    let inside = self.inside(text, at, name.chars().count() + 2, place);
                    if end >= text.len() || !is_name(name.trim()) {
                        report.error(
                            "script.bad-template",
                            inside,
                            "`{` begins a value like `{caller}`, this one is not whole",
                            Some("write `{{` for a brace that is spoken".to_owned()),
                        );
                        return None;
                    }
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    self.uses.push(Use {
                        name: name.trim().to_owned(),
                        place: inside,
                        announced: self.announcing,
                    });
                    pieces.push(Piece::Value(name.trim().to_owned()));
                    while rest.peek().is_some_and(|(next, _)| *next <= end) {
                        rest.next();
                    }
                }
                _ => literal.push(letter),
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Some(Template(pieces))
    }

    /// Where in the file something inside a text stands, when the text stands there as it is.
    fn inside(&self, text: &str, at: usize, length: usize, place: Place) -> Place {
        let line = self
            .lines
            .get(place.line as usize - 1)
            .copied()
            .unwrap_or_default();
        let from: String = line.chars().skip(place.column as usize - 1).collect();
        let quote = usize::from(from.starts_with(['"', '\'']));
        let before = text[..at].chars().count();
        if from
            .chars()
            .skip(quote)
            .collect::<String>()
            .starts_with(text)
        {
            Place {
                line: place.line,
                column: place.column + (quote + before) as u32,
                length: length as u32,
            }
        } else {
            place
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
}

fn audio_file(yaml: &Yaml, report: &mut Report) -> Option<Part> {
    let file = yaml.as_text().unwrap_or_default();
    let escapes = file.is_empty()
        || file.starts_with('/')
        || file.contains('\\')
        || file.split('/').any(|part| part == "..");
    if escapes {
        report.error(
            "script.bad-value",
            yaml.place,
            "`audio` names a file below the `prompts` folder",
            Some("e.g. `audio: welcome.wav`".to_owned()),
        );
        return None;
    }
    Some(Part::Audio(file.to_owned()))
}

//! What the rule says to people, in their language and within the contract's bounds.

use crate::settings::{Check, Language};

const QUOTE_BYTES: usize = 500;
const REASON_BYTES: usize = 500;
const HINT_BYTES: usize = 300;
/// A longer utterance is quoted by the words that count alone.
const WHOLE_BYTES: usize = 200;

/// The utterance, or of a long one the words that count.
pub(crate) fn quote(utterance: &str, words: &str) -> String {
    match utterance.len() <= WHOLE_BYTES {
        true => utterance.to_owned(),
        false => cut(words.to_owned(), QUOTE_BYTES),
    }
}

pub(crate) fn not_said(check: &Check, language: Language) -> String {
    let what = match (language, check.within, check.is_conditional()) {
        (Language::English, Some(within), false) => {
            format!("Not said in the agent's first {within} utterances.")
        }
        (Language::English, Some(within), true) => {
            format!("Not said in the agent's next {within} utterances.")
        }
        (Language::English, None, _) => "Not said.".to_owned(),
        (Language::Chinese, Some(within), false) => format!("坐席的前 {within} 句话中没有说。"),
        (Language::Chinese, Some(within), true) => format!("坐席在其后 {within} 句话中没有说。"),
        (Language::Chinese, None, _) => "没有说。".to_owned(),
    };
    advised(what, check, language)
}

pub(crate) fn said(words: &str, check: &Check, language: Language) -> String {
    let what = match language {
        Language::English => format!("The agent said “{words}”."),
        Language::Chinese => format!("坐席说了“{words}”。"),
    };
    advised(what, check, language)
}

/// With the suggested wording, if there is any.
fn advised(what: String, check: &Check, language: Language) -> String {
    let wording = check.wording.in_language(language);
    let advised = match (language, wording) {
        (_, "") => what,
        (Language::English, wording) => format!("{what} Say: “{wording}”"),
        (Language::Chinese, wording) => format!("{what}建议说：“{wording}”"),
    };
    cut(advised, REASON_BYTES)
}

pub(crate) fn does_not_apply(language: Language) -> &'static str {
    match language {
        Language::English => "Nothing in this contact calls for it.",
        Language::Chinese => "本次联络不涉及。",
    }
}

pub(crate) fn no_agent(language: Language) -> &'static str {
    match language {
        Language::English => "No agent spoke.",
        Language::Chinese => "没有坐席发言。",
    }
}

pub(crate) fn points(earned: u32, possible: u32, language: Language) -> String {
    match language {
        Language::English => format!("{earned} of {possible} points."),
        Language::Chinese => format!("得分 {earned}，满分 {possible}。"),
    }
}

pub(crate) fn checklist(language: Language) -> &'static str {
    match language {
        Language::English => "Checklist",
        Language::Chinese => "质检清单",
    }
}

/// For the agent, at once: what to say (instead).
pub(crate) fn hint(check: &Check, language: Language) -> String {
    let title = check.title.in_language(language);
    let hint = match (language, check.wording.in_language(language)) {
        (_, "") => title.to_owned(),
        (Language::English, wording) => format!("{title}: say “{wording}”"),
        (Language::Chinese, wording) => format!("{title}：请说“{wording}”"),
    };
    cut(hint, HINT_BYTES)
}

fn cut(mut text: String, bytes: usize) -> String {
    text.truncate(text.floor_char_boundary(bytes));
    text
}

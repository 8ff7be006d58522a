//! Phrases, and where they stand in what was said: words in English, characters in Chinese, whatever
//! the case, the punctuation and the spaces that a transcript puts between them.

use serde::Deserialize;
use std::ops::Range;

/// Words or characters that `...` may stand for.
const GAP: usize = 6;

/// A word (letters and digits of an alphabet, in small letters) or one character of a script without
/// spaces, and where it stands in the text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    text: String,
    at: Range<usize>,
}

/// A text cut into its words.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

/// Runs of words; between two of them up to [`GAP`] others may stand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Phrase(Vec<Vec<String>>);

impl TryFrom<String> for Phrase {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let runs: Vec<Vec<String>> = text
            .split("...")
            .map(|run| tokens(run).into_iter().map(|token| token.text).collect())
            .collect();
        match runs.iter().any(Vec::is_empty) {
            true => Err(format!("`{text}` has no word where one is expected")),
            false => Ok(Phrase(runs)),
        }
    }
}

impl<'a> Said<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let tokens = tokens(text);
        Said { text, tokens }
    }

    /// The words of the text that the phrase fits first.
    pub(crate) fn find(&self, phrase: &Phrase) -> Option<&'a str> {
        (0..self.tokens.len()).find_map(|start| {
            let end = phrase.end(&self.tokens, start)?;
            Some(&self.text[self.tokens[start].at.start..self.tokens[end - 1].at.end])
        })
    }

    pub(crate) fn find_any(&self, phrases: &[Phrase]) -> Option<&'a str> {
        phrases.iter().find_map(|phrase| self.find(phrase))
    }

    pub(crate) fn is_chinese(&self) -> bool {
        self.text.chars().any(is_ideograph)
    }
}

impl Phrase {
    /// The token after the phrase, if the phrase begins at `start`.
    fn end(&self, tokens: &[Token], start: usize) -> Option<usize> {
        let (first, others) = self.0.split_first()?;
        let mut end = fits(first, tokens, start)?;
        for run in others {
            end = (end..=end + GAP).find_map(|from| fits(run, tokens, from))?;
        }
        Some(end)
    }
}

fn fits(run: &[String], tokens: &[Token], start: usize) -> Option<usize> {
    let end = start + run.len();
    let there = tokens.get(start..end)?.iter().map(|token| &token.text);
    there.eq(run).then_some(end)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    // Whether the last token is a word that goes on.
    let mut in_word = false;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        let plain = half_width(character);
        if is_ideograph(plain) {
            tokens.push(Token {
                text: plain.to_string(),
                at: at..end,
            });
            in_word = false;
        } else if plain.is_alphanumeric() {
            let small = plain.to_lowercase();
            match tokens.last_mut().filter(|_| in_word) {
                Some(word) => {
                    word.text.extend(small);
                    word.at.end = end;
                }
                None => tokens.push(Token {
                    text: small.collect(),
                    at: at..end,
                }),
            }
            in_word = true;
        } else if !matches!(plain, '\'' | '\u{2019}') {
            // An apostrophe is left out of its word: can't, can’t and cant are one.
            in_word = false;
        }
    }
    tokens
}

/// The ASCII character of a full-width one (U+FF01 to U+FF5E).
fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        other => other,
    }
}

/// CJK unified ideographs, with extension A and the compatibility block.
fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
        let phrase = phrase.to_owned().try_into().expect("a phrase");
        Said::new(text).find(&phrase)
    }

    #[test]
    fn english_phrases_are_whole_words_whatever_their_case_and_punctuation() {
        assert_eq!(
            found("Well, GOOD   morning!", "good morning"),
            Some("GOOD   morning")
        );
        assert_eq!(found("You can’t lose.", "can't lose"), Some("can’t lose"));
        assert_eq!(found("A classy hotel", "ass"), None);
        assert_eq!(found("Hi-fi", "hi"), Some("Hi"));
        assert_eq!(found("this", "hi"), None);
    }

    #[test]
    fn chinese_phrases_are_found_across_spaces_and_punctuation() {
        assert_eq!(found("那个，您 好！请问", "您好"), Some("您 好"));
        assert_eq!(found("我们，保证。", "我们保证"), Some("我们，保证"));
        assert_eq!(found("ＶＩＰ客户您好", "vip客户"), Some("ＶＩＰ客户"));
    }

    #[test]
    fn a_gap_is_a_few_words_and_no_more() {
        assert_eq!(
            found("保证每年百分之十五收益", "保证 ... 收益"),
            None,
            "seven characters"
        );
        assert_eq!(
            found("保证你年年有收益", "保证 ... 收益"),
            Some("保证你年年有收益")
        );
        assert_eq!(found("保证收益", "保证...收益"), Some("保证收益"));
        assert_eq!(found("收益保证", "保证...收益"), None);
    }

    #[test]
    fn a_phrase_without_words_is_none() {
        for text in ["", "?!", "保证 ...", "... 收益"] {
            assert!(Phrase::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}

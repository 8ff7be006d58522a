//! What an agent can do, and what a contact needs: levels and expressions over them.
//!
//! An expression as text: `english >= 4 and (cards >= 2 or loans) and not trainee`. A bare skill
//! means "at all" (level 1). Comparisons are `>=`, `>`, `=`, `<=`, `<` with a level from 0 to 10; a
//! skill that an agent lacks has level 0. `not` binds before `and`, `and` before `or`. Names with
//! blanks or operators in them stand in double quotes. The empty text is met by anyone.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// The highest proficiency; the lowest is 1.
pub const HIGHEST_LEVEL: u8 = 10;
/// Bounds of an expression's text and of its nesting.
pub const EXPRESSION_BYTES: usize = 1_024;
pub const EXPRESSION_DEPTH: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Skill {
    pub name: String,
    /// Proficiency from 1 to 10.
    pub level: u8,
}

/// A skill at a least level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SkillNeed {
    pub skill: String,
    /// From 1 to 10.
    pub at_least: u8,
}

/// Who qualifies, as a condition over skill levels. Equal trees compare equal, so that those who
/// wait for the same can stand in one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SkillExpression {
    #[default]
    Anyone,
    /// The level lies within `least..=most`; 0 stands for "lacks it".
    Level {
        skill: String,
        least: u8,
        most: u8,
    },
    /// At least two.
    All(Vec<SkillExpression>),
    /// At least two.
    Any(Vec<SkillExpression>),
    Not(Box<SkillExpression>),
}

/// Where and why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {problem}")]
pub struct SkillExpressionError {
    /// From 1.
    pub at: usize,
    pub problem: String,
}

impl SkillExpression {
    pub fn at_least(skill: impl Into<String>, level: u8) -> Self {
        SkillExpression::Level {
            skill: skill.into(),
            least: level,
            most: HIGHEST_LEVEL,
        }
    }

    /// Both; anyone is no condition.
    #[must_use]
    pub fn and(self, other: SkillExpression) -> Self {
        use SkillExpression::{All, Anyone};
        match (self, other) {
            (Anyone, one) | (one, Anyone) => one,
            (one, other) if one == other => one,
            (one, other) => {
                let mut parts = Vec::new();
                for side in [one, other] {
                    match side {
                        All(inner) => parts.extend(inner),
                        side => parts.push(side),
                    }
                }
                All(parts)
            }
        }
    }

    /// Whether someone meets it whose levels are these (0 for a skill that they lack).
    pub fn is_met_by(&self, level_of: &dyn Fn(&str) -> u8) -> bool {
        match self {
            SkillExpression::Anyone => true,
            SkillExpression::Level { skill, least, most } => {
                (*least..=*most).contains(&level_of(skill))
            }
            SkillExpression::All(parts) => parts.iter().all(|part| part.is_met_by(level_of)),
            SkillExpression::Any(parts) => parts.iter().any(|part| part.is_met_by(level_of)),
            SkillExpression::Not(part) => !part.is_met_by(level_of),
        }
    }

    /// The first part that such a person does not meet: what to tell people who ask why.
    pub fn unmet(&self, level_of: &dyn Fn(&str) -> u8) -> Option<&SkillExpression> {
        match self {
            SkillExpression::All(parts) => parts.iter().find_map(|part| part.unmet(level_of)),
            other => (!other.is_met_by(level_of)).then_some(other),
        }
    }

    /// The skills that it asks for, each once at its lowest level, in the order written: what
    /// proficiency is measured over.
    pub fn needs(&self) -> Vec<SkillNeed> {
        let mut needs: Vec<SkillNeed> = Vec::new();
        self.collect_needs(&mut needs);
        needs
    }

    fn collect_needs(&self, needs: &mut Vec<SkillNeed>) {
        match self {
            SkillExpression::Level { skill, least, .. } if *least > 0 => {
                match needs.iter_mut().find(|need| need.skill == *skill) {
                    Some(need) => need.at_least = need.at_least.min(*least),
                    None => needs.push(SkillNeed {
                        skill: skill.clone(),
                        at_least: *least,
                    }),
                }
            }
            SkillExpression::All(parts) | SkillExpression::Any(parts) => {
                parts.iter().for_each(|part| part.collect_needs(needs));
            }
            SkillExpression::Anyone | SkillExpression::Level { .. } | SkillExpression::Not(_) => {}
        }
    }
}

impl From<&[SkillNeed]> for SkillExpression {
    fn from(needs: &[SkillNeed]) -> Self {
        needs.iter().fold(SkillExpression::Anyone, |all, need| {
            all.and(SkillExpression::at_least(&need.skill, need.at_least))
        })
    }
}

const WORDS: [&str; 3] = ["and", "or", "not"];

impl fmt::Display for SkillExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SkillExpression::Anyone => Ok(()),
            SkillExpression::Level { skill, least, most } => {
                let bare = !skill.is_empty()
                    && skill.chars().all(in_name)
                    && !WORDS.contains(&skill.to_lowercase().as_str());
                match bare {
                    true => f.write_str(skill)?,
                    false => write!(f, "\"{skill}\"")?,
                }
                match (*least, *most) {
                    (least, most) if least == most => write!(f, " = {least}"),
                    (least, HIGHEST_LEVEL) => write!(f, " >= {least}"),
                    (_, most) => write!(f, " <= {most}"),
                }
            }
            SkillExpression::All(parts) => join(parts, " and ", f),
            SkillExpression::Any(parts) => join(parts, " or ", f),
            SkillExpression::Not(part) => {
                f.write_str("not ")?;
                part.fmt_inside(f)
            }
        }
    }
}

impl SkillExpression {
    fn fmt_inside(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SkillExpression::All(_) | SkillExpression::Any(_) => write!(f, "({self})"),
            other => write!(f, "{other}"),
        }
    }
}

fn join(parts: &[SkillExpression], by: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(by)?;
        }
        part.fmt_inside(f)?;
    }
    Ok(())
}

impl FromStr for SkillExpression {
    type Err = SkillExpressionError;

    fn from_str(text: &str) -> Result<Self, SkillExpressionError> {
        let mut reader = Reader { text, at: 0 };
        if text.len() > EXPRESSION_BYTES {
            return Err(reader.error(format!("longer than {EXPRESSION_BYTES} bytes")));
        }
        if reader.peek().is_none() {
            return Ok(SkillExpression::Anyone);
        }
        let expression = reader.any(0)?;
        match reader.peek() {
            None => Ok(expression),
            Some(')') => Err(reader.error("a `)` without its `(`")),
            Some(_) => Err(reader.error("expected `and`, `or` or the end")),
        }
    }
}

const fn is_sign(letter: char) -> bool {
    matches!(letter, '(' | ')' | '<' | '>' | '=' | '"' | '!' | '&' | '|')
}

fn in_name(letter: char) -> bool {
    !letter.is_whitespace() && !is_sign(letter) && letter != ','
}

struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, problem: impl Into<String>) -> SkillExpressionError {
        SkillExpressionError {
            at: self.text[..self.at].chars().count() + 1,
            problem: problem.into(),
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next letter that is not blank, not taken.
    fn peek(&mut self) -> Option<char> {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, sign: &str) -> bool {
        self.peek();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn bare_word(&mut self) -> &'a str {
        self.peek();
        let rest = self.rest();
        &rest[..rest.find(|letter| !in_name(letter)).unwrap_or(rest.len())]
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.bare_word();
        let same = found.eq_ignore_ascii_case(word);
        if same {
            self.at += found.len();
        }
        same
    }

    fn any(&mut self, depth: usize) -> Result<SkillExpression, SkillExpressionError> {
        let mut parts = vec![self.all(depth)?];
        while self.take_word("or") {
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, SkillExpression::Any))
    }

    fn all(&mut self, depth: usize) -> Result<SkillExpression, SkillExpressionError> {
        let mut parts = vec![self.one(depth)?];
        while self.take_word("and") {
            parts.push(self.one(depth)?);
        }
        Ok(one_or(parts, SkillExpression::All))
    }

    fn one(&mut self, depth: usize) -> Result<SkillExpression, SkillExpressionError> {
        if depth == EXPRESSION_DEPTH {
            return Err(self.error(format!("nested deeper than {EXPRESSION_DEPTH}")));
        }
        if self.take_word("not") {
            return Ok(SkillExpression::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.any(depth + 1)?;
            return match self.take(")") {
                true => Ok(inner),
                false => Err(self.error("expected `)`")),
            };
        }
        let skill = self.name()?;
        let (least, most) = self.levels()?;
        Ok(SkillExpression::Level { skill, least, most })
    }

    fn name(&mut self) -> Result<String, SkillExpressionError> {
        if self.take("\"") {
            let Some(end) = self.rest().find('"') else {
                return Err(self.error("the closing `\"` is missing"));
            };
            let name = self.rest()[..end].to_owned();
            if name.is_empty() {
                return Err(self.error("expected a skill's name between the quotes"));
            }
            self.at += end + 1;
            return Ok(name);
        }
        let word = self.bare_word();
        if word.is_empty() || WORDS.iter().any(|other| word.eq_ignore_ascii_case(other)) {
            return Err(self.error("expected a skill"));
        }
        self.at += word.len();
        Ok(word.to_owned())
    }

    fn levels(&mut self) -> Result<(u8, u8), SkillExpressionError> {
        let sign = [">=", "<=", ">", "<", "="]
            .into_iter()
            .find(|sign| self.take(sign));
        let Some(sign) = sign else {
            return Ok((1, HIGHEST_LEVEL));
        };
        self.peek();
        let digits = self.bare_word();
        let level = digits
            .parse::<u8>()
            .ok()
            .filter(|level| *level <= HIGHEST_LEVEL);
        let Some(level) = level else {
            return Err(self.error(format!("expected a level from 0 to {HIGHEST_LEVEL}")));
        };
        let levels = match sign {
            ">=" => (level, HIGHEST_LEVEL),
            ">" => (level + 1, HIGHEST_LEVEL),
            "<=" => (0, level),
            "<" => (0, level.wrapping_sub(1)),
            _ => (level, level),
        };
        if levels.0 > levels.1 || levels.1 > HIGHEST_LEVEL {
            return Err(self.error("no level is like this"));
        }
        self.at += digits.len();
        Ok(levels)
    }
}

fn one_or(
    mut parts: Vec<SkillExpression>,
    join: fn(Vec<SkillExpression>) -> SkillExpression,
) -> SkillExpression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => SkillExpression::Anyone,
    }
}

impl Serialize for SkillExpression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SkillExpression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|error| de::Error::custom(format!("no skill expression: {error}")))
    }
}

#[cfg(feature = "schema")]
impl utoipa::PartialSchema for SkillExpression {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some(
                "Who qualifies: `english >= 4 and (cards >= 2 or loans) and not trainee`; empty for anyone.",
            ))
            .max_length(Some(EXPRESSION_BYTES))
            .into()
    }
}

#[cfg(feature = "schema")]
impl utoipa::ToSchema for SkillExpression {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> SkillExpression {
        text.parse().expect("an expression")
    }

    fn met(text: &str, levels: &[(&str, u8)]) -> bool {
        let level_of = |skill: &str| {
            let found = levels.iter().find(|(name, _)| *name == skill);
            found.map_or(0, |(_, level)| *level)
        };
        parse(text).is_met_by(&level_of)
    }

    #[test]
    fn who_meets_what() {
        let ana = [("english", 4), ("cards", 2), ("粤语", 7)];
        for met_text in [
            "",
            "english",
            "english >= 4 and cards >= 2",
            "loans or english > 3",
            "not loans and 粤语=7",
            "not (loans or english < 4)",
            "loans = 0",
            "loans and cards or english",
            "\"english\" <= 4",
        ] {
            assert!(met(met_text, &ana), "{met_text}");
        }
        for unmet_text in [
            "loans",
            "english >= 5",
            "not english",
            "loans and (cards or english)",
        ] {
            assert!(!met(unmet_text, &ana), "{unmet_text}");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let told: Vec<String> = [
            "english >=",
            "english >= 11",
            "english and",
            "(english",
            "english)",
            "english cards",
            "\"english",
            ">= 3",
            "english < 0",
            "and",
        ]
        .iter()
        .map(|text| match text.parse::<SkillExpression>() {
            Ok(parsed) => format!("{text} => {parsed:?}"),
            Err(error) => format!("{text} => {error}"),
        })
        .collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        english >= => at character 11: expected a level from 0 to 10
        english >= 11 => at character 12: expected a level from 0 to 10
        english and => at character 12: expected a skill
        (english => at character 9: expected `)`
        english) => at character 8: a `)` without its `(`
        english cards => at character 9: expected `and`, `or` or the end
        "english => at character 2: the closing `"` is missing
        >= 3 => at character 1: expected a skill
        english < 0 => at character 11: no level is like this
        and => at character 1: expected a skill
        "#);
    }

    #[test]
    fn needs_are_what_is_asked_for_at_the_lowest_level() {
        let needs = parse("english >= 4 and (cards >= 6 or cards >= 2) and not loans").needs();
        let told: Vec<_> = needs
            .iter()
            .map(|need| (need.skill.as_str(), need.at_least))
            .collect();
        assert_eq!(told, [("english", 4), ("cards", 2)]);
    }

    fn expressions() -> impl Strategy<Value = SkillExpression> {
        let level = ("[a-z]{1,3}|[ =()]{1,2}|and", 0u8..=10, any::<bool>()).prop_map(
            |(skill, level, least)| SkillExpression::Level {
                skill,
                least: if least { level } else { 0 },
                most: if least { HIGHEST_LEVEL } else { level },
            },
        );
        level.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(SkillExpression::All),
                prop::collection::vec(inner.clone(), 2..4).prop_map(SkillExpression::Any),
                inner.prop_map(|part| SkillExpression::Not(Box::new(part))),
            ]
        })
    }

    proptest! {
        #[test]
        fn an_expression_survives_its_text(expression in expressions()) {
            prop_assert_eq!(expression.to_string().parse(), Ok(expression));
        }

        #[test]
        fn any_text_is_read_or_refused_at_a_place_within_it(text in "\\PC{0,40}") {
            if let Err(error) = text.parse::<SkillExpression>() {
                prop_assert!(error.at <= text.chars().count() + 1);
            }
        }
    }
}

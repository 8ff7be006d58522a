//! The customer is told that the contact is recorded: judged after the contact has ended, and the
//! agent reminded while it goes on.
//!
//! The host asks [`Live::hear`] for each utterance in its order, and [`Rule::evaluate`] once the
//! contact has ended. The two share nothing but the code: the state of one is not the other's.

use hotline_sdk::Fault;
use hotline_sdk::host::config;
use hotline_sdk::qa::{
    Audience, Finding, Hint, Live, Rule, Severity, Subject, Transcript, Utterance, Verdict,
};
use serde::{Deserialize, Serialize};

/// Stable: findings and hints of all contacts are counted by it.
const RULE: &str = "recording-notice";

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

/// The configuration, as `hotline.plugin.json` describes it.
#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    words: Vec<String>,
    within_turns: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            words: ["recorded", "录音"].map(str::to_owned).to_vec(),
            within_turns: 2,
        }
    }
}

impl Settings {
    fn read() -> Result<Settings, Fault> {
        serde_json::from_str(&config::json())
            .map_err(|error| Fault::new("recording-notice.config", error.to_string()))
    }

    fn tells(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut words = self.words.iter();
        words.any(|word| text.contains(&word.to_lowercase()))
    }
}

fn is_chinese(language: Option<&str>) -> bool {
    language.is_some_and(|tag| tag.starts_with("zh"))
}

impl Rule for Plugin {
    fn evaluate(contact: Subject, transcript: &Transcript<'_>) -> Result<Vec<Finding>, Fault> {
        let settings = Settings::read()?;
        let title = match is_chinese(contact.interaction.language.as_deref()) {
            true => "录音提示",
            false => "Recording notice",
        };
        // An announcement counts as well.
        let mut told = transcript
            .turns()
            .filter(|(_, turn)| !turn.is_customers() && settings.tells(&turn.text));
        let finding = match told.next() {
            Some((place, turn)) => Finding::new(RULE, title, Verdict::Passed)
                .severity(Severity::Info)
                .at(place, turn.text),
            None => Finding::new(RULE, title, Verdict::Failed)
                .severity(Severity::Critical)
                .because("Nobody said that the contact is recorded."),
        };
        Ok(vec![finding])
    }
}

/// The agent's turns until the customer was told or the agent reminded; kept by the host between
/// utterances.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Heard {
    agents_turns: usize,
    settled: bool,
}

impl Live for Plugin {
    type State = Heard;

    fn hear(state: &mut Heard, heard: &Utterance) -> Result<Vec<Hint>, Fault> {
        if state.settled || heard.said.is_customers() {
            return Ok(Vec::new());
        }
        let settings = Settings::read()?;
        state.agents_turns += usize::from(heard.said.is_agents());
        state.settled = settings.tells(&heard.said.text);
        if state.settled || state.agents_turns < settings.within_turns {
            return Ok(Vec::new());
        }
        state.settled = true;
        let text = match is_chinese(heard.interaction.language.as_deref()) {
            true => "请告知客户通话会被录音。",
            false => "Tell the customer that the contact is recorded.",
        };
        Ok(vec![Hint::new(
            RULE,
            Audience::Agent,
            Severity::Critical,
            text,
        )])
    }
}

hotline_sdk::export_qa_rule_and_live!(Plugin);

/// Tested natively: the bench makes transcripts and conversations of lines.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::qa::{judge, listen, said};
    use hotline_sdk::bench::with_surroundings;
    use hotline_sdk::qa::observe;

    const TOLD: &str = "system: Welcome. This call may be RECORDED.
        agent: Good morning.";
    const UNTOLD: &str = "agent: Good morning.
        customer: Is this recorded?
        agent: What is it about?
        agent: Hello?";

    #[test]
    fn whoever_was_told_passes_with_its_place_and_nobody_is_reminded() {
        let findings = judge::<Plugin>(&said(TOLD)).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Passed);
        assert_eq!(findings[0].at_turn, Some(0));
        let hints = listen(observe::<Plugin>, &said(TOLD)).expect("no fault");
        assert!(hints.is_empty());
    }

    #[test]
    fn whoever_was_not_fails_after_the_agent_was_reminded_once() {
        let findings = judge::<Plugin>(&said(UNTOLD)).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Failed);
        let hints = listen(observe::<Plugin>, &said(UNTOLD)).expect("no fault");
        let places: Vec<u32> = hints.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [2]);
    }

    #[test]
    fn the_words_are_those_of_the_configuration() {
        with_surroundings(|around| {
            around.config = r#"{"words": ["aufgezeichnet"], "within_turns": 1}"#.to_owned();
        });
        let turns = said("agent: Das Gespräch wird aufgezeichnet.");
        let findings = judge::<Plugin>(&turns).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Passed);
    }
}

//! Listens while a contact goes on: when a customer has asked twice for somebody in charge, the
//! supervisor is told, once.
//!
//! The host asks [`Live::hear`] for each utterance in its order. Nothing is remembered but the state;
//! an utterance that comes twice is passed over by the SDK, and one may be missing.

use hotline_sdk::Fault;
use hotline_sdk::host::config;
use hotline_sdk::qa::{Audience, Hint, Live, Severity, Utterance};
use serde::{Deserialize, Serialize};

/// Stable: hints of all contacts are counted by it.
const RULE: &str = "escalation";

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

/// What is remembered of a contact; the host keeps at most 16 KiB of it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Heard {
    times: u32,
}

/// The configuration, as `hotline.plugin.json` describes it.
#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    words: Vec<String>,
    times: u32,
}

impl Default for Settings {
    fn default() -> Self {
        let words = ["manager", "supervisor", "complaint", "经理", "投诉"];
        Settings {
            words: words.map(str::to_owned).to_vec(),
            times: 2,
        }
    }
}

impl Settings {
    fn read() -> Result<Settings, Fault> {
        serde_json::from_str(&config::json())
            .map_err(|error| Fault::new("escalation.config", error.to_string()))
    }

    fn asks(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut words = self.words.iter();
        words.any(|word| text.contains(&word.to_lowercase()))
    }
}

impl Live for Plugin {
    type State = Heard;

    fn hear(state: &mut Heard, heard: &Utterance) -> Result<Vec<Hint>, Fault> {
        let settings = Settings::read()?;
        if !heard.said.is_customers() || !settings.asks(&heard.said.text) {
            return Ok(Vec::new());
        }
        state.times = state.times.saturating_add(1);
        if state.times != settings.times {
            return Ok(Vec::new());
        }
        let text = match heard.interaction.language.as_deref() {
            Some(tag) if tag.starts_with("zh") => "客户再次要求找负责人。",
            _ => "The customer asks for somebody in charge again.",
        };
        Ok(vec![Hint::new(
            RULE,
            Audience::Supervisor,
            Severity::Warning,
            text,
        )])
    }
}

hotline_sdk::export_qa_live!(Plugin);

/// Tested natively: the bench makes conversations of lines, and hands on nothing but the state.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::qa::{listen, said};
    use hotline_sdk::bench::with_surroundings;
    use hotline_sdk::qa::observe;

    fn hinted_at(lines: &str) -> Vec<u32> {
        let hints = listen(observe::<Plugin>, &said(lines)).expect("no fault");
        hints.iter().map(|(place, _)| *place).collect()
    }

    #[test]
    fn the_supervisor_is_told_once_when_a_customer_asks_again() {
        let places = hinted_at(
            "customer: I want to talk to your manager.
             agent: Our manager is out.
             customer: Then this is a COMPLAINT.
             customer: Your supervisor, please!",
        );
        assert_eq!(places, [2]);
    }

    #[test]
    fn agents_may_say_what_they_like() {
        assert!(hinted_at("agent: manager\nagent: manager").is_empty());
    }

    #[test]
    fn words_and_patience_are_those_of_the_configuration() {
        with_surroundings(|around| {
            around.config = r#"{"words": ["chef"], "times": 1}"#.to_owned();
        });
        assert_eq!(hinted_at("customer: manager\ncustomer: Ihr Chef?"), [1]);
    }
}

//! What is to be said of what was said: the agent's last turn holds a farewell.
//!
//! The host asks [`Rule::evaluate`] once a contact has ended. The rule proposes findings; people
//! decide what follows from them.

use hotline_sdk::Fault;
use hotline_sdk::host::config;
use hotline_sdk::qa::{Finding, Rule, Severity, Subject, Transcript, Verdict};
use serde::Deserialize;

/// Stable: findings of all contacts are counted by it.
const RULE: &str = "farewell";

/// The plugin. It holds nothing.
#[derive(Debug)]
pub struct Plugin;

/// The configuration, as `hotline.plugin.json` describes it.
#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    farewells: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let farewells = ["goodbye", "have a nice day", "再见"];
        Settings {
            farewells: farewells.map(str::to_owned).to_vec(),
        }
    }
}

impl Settings {
    fn read() -> Result<Settings, Fault> {
        serde_json::from_str(&config::json())
            .map_err(|error| Fault::new("farewell.config", error.to_string()))
    }
}

impl Rule for Plugin {
    fn evaluate(contact: Subject, transcript: &Transcript<'_>) -> Result<Vec<Finding>, Fault> {
        let settings = Settings::read()?;
        let title = match contact.interaction.language.as_deref() {
            Some(tag) if tag.starts_with("zh") => "道别",
            _ => "Farewell",
        };
        let last = transcript
            .turns()
            .filter(|(_, turn)| turn.is_agents())
            .last();
        let Some((place, turn)) = last else {
            return Ok(vec![
                Finding::new(RULE, title, Verdict::NotApplicable).because("No agent spoke."),
            ]);
        };
        let heard = turn.text.to_lowercase();
        let said = |words: &String| heard.contains(&words.to_lowercase());
        let finding = match settings.farewells.iter().any(said) {
            true => Finding::new(RULE, title, Verdict::Passed).severity(Severity::Info),
            false => Finding::new(RULE, title, Verdict::Failed)
                .because("The agent's last turn holds no farewell."),
        };
        Ok(vec![finding.at(place, turn.text)])
    }
}

hotline_sdk::export_qa_rule!(Plugin);

/// Tested natively: the bench makes transcripts of lines.
#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::qa::{judge, said};
    use hotline_sdk::bench::with_surroundings;

    #[test]
    fn a_farewell_in_the_last_turn_passes_with_its_place() {
        let turns = said(
            "agent: Support, good morning.
             customer: It works again, thanks.
             agent: Then GOODBYE!",
        );
        let findings = judge::<Plugin>(&turns).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Passed);
        assert_eq!(findings[0].at_turn, Some(2));
    }

    #[test]
    fn whoever_only_hangs_up_fails() {
        let turns = said(
            "agent: Goodbye is what I will say later.
             customer: Hello?
             agent: That is all.",
        );
        let findings = judge::<Plugin>(&turns).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Failed);
        assert_eq!(findings[0].evidence, "That is all.");
    }

    #[test]
    fn where_no_agent_spoke_the_rule_does_not_apply() {
        let findings = judge::<Plugin>(&said("customer: Anybody?")).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::NotApplicable);
    }

    #[test]
    fn the_words_are_those_of_the_configuration() {
        with_surroundings(|around| {
            around.config = r#"{"farewells": ["auf wiederhören"]}"#.to_owned();
        });
        let findings = judge::<Plugin>(&said("agent: Auf Wiederhören!")).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Passed);
    }

    #[test]
    fn a_long_turn_is_quoted_as_far_as_a_finding_may() {
        let turns = said(&format!("agent: {}", "好".repeat(400)));
        let findings = judge::<Plugin>(&turns).expect("no fault");
        assert_eq!(findings[0].evidence.chars().count(), 166);
    }
}

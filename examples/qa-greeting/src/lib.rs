//! A QA rule to start from: the agent greets the customer in one of their first turns. It judges
//! ended contacts, and reminds the agent while the contact goes on.
//!
//! `hotline plugin build examples/qa-greeting --out flows/demo` puts `qa_greeting.qa.wasm` there;
//! `qa_greeting.config.json` beside it may say `{"greetings": ["hello"], "within_turns": 2}`.

use hotline_sdk::Fault;
use hotline_sdk::host::{config, metrics};
use hotline_sdk::qa::{
    Audience, Finding, Hint, Live, Rule, Severity, Subject, Transcript, Utterance, Verdict,
};
use serde::Deserialize;

const RULE: &str = "greeting";

#[derive(Debug)]
pub struct Greeting;

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    greetings: Vec<String>,
    within_turns: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let greetings = ["hello", "good morning", "good afternoon", "你好", "您好"];
        Settings {
            greetings: greetings.map(str::to_owned).to_vec(),
            within_turns: 2,
        }
    }
}

impl Settings {
    fn read() -> Result<Settings, Fault> {
        serde_json::from_str(&config::json())
            .map_err(|error| Fault::new("greeting.config", error.to_string()))
    }

    fn greets(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut greetings = self.greetings.iter();
        greetings.any(|greeting| text.contains(&greeting.to_lowercase()))
    }
}

impl Rule for Greeting {
    fn evaluate(contact: Subject, transcript: &Transcript<'_>) -> Result<Vec<Finding>, Fault> {
        let settings = Settings::read()?;
        let title = match contact.interaction.language.as_deref() {
            Some(tag) if tag.starts_with("zh") => "问候",
            _ => "Greeting",
        };
        let mut first = transcript
            .turns()
            .filter(|(_, turn)| turn.is_agents())
            .take(settings.within_turns)
            .peekable();
        if first.peek().is_none() {
            return Ok(vec![
                Finding::new(RULE, title, Verdict::NotApplicable).because("No agent spoke."),
            ]);
        }
        let greeting = first.find(|(_, turn)| settings.greets(&turn.text));
        Ok(vec![match greeting {
            Some((place, turn)) => {
                metrics::count("greeted", 1);
                Finding::new(RULE, title, Verdict::Passed)
                    .severity(Severity::Info)
                    .score(1.0)
                    .at(place, turn.text)
            }
            None => Finding::new(RULE, title, Verdict::Failed)
                .score(0.0)
                .because(format!(
                    "None of the agent's first {} turns holds a greeting.",
                    settings.within_turns
                )),
        }])
    }
}

/// The agent's turns until they greeted or were reminded.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Heard {
    agents_turns: usize,
    settled: bool,
}

impl Live for Greeting {
    type State = Heard;

    fn hear(state: &mut Heard, heard: &Utterance) -> Result<Vec<Hint>, Fault> {
        if state.settled || !heard.said.is_agents() {
            return Ok(Vec::new());
        }
        let settings = Settings::read()?;
        state.agents_turns += 1;
        state.settled = settings.greets(&heard.said.text);
        if state.settled || state.agents_turns < settings.within_turns {
            return Ok(Vec::new());
        }
        state.settled = true;
        Ok(vec![Hint::new(
            RULE,
            Audience::Agent,
            Severity::Warning,
            "Greet the customer.",
        )])
    }
}

hotline_sdk::export_qa_rule_and_live!(Greeting);

#[cfg(test)]
mod tests {
    use super::*;
    use hotline_sdk::bench::qa::{judge, listen, said};
    use hotline_sdk::bench::with_surroundings;
    use hotline_sdk::qa::observe;

    #[test]
    fn a_greeting_among_the_first_turns_passes_with_its_place() {
        let turns = said(
            "system: Welcome to Hotline.
             agent: Support, good MORNING!
             customer: Hi.",
        );
        let findings = judge::<Greeting>(&turns).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Passed);
        assert_eq!(findings[0].at_turn, Some(1));
        assert_eq!(findings[0].evidence, "Support, good MORNING!");
    }

    #[test]
    fn a_late_greeting_fails_and_the_agent_is_reminded_once() {
        let turns = said(
            "agent: Yes?
             customer: Hello, hello.
             agent: What is it?
             agent: Hello.",
        );
        let findings = judge::<Greeting>(&turns).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Failed);
        let hints = listen(observe::<Greeting>, &turns).expect("no fault");
        let places: Vec<u32> = hints.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [2]);
    }

    #[test]
    fn where_no_agent_spoke_the_rule_does_not_apply() {
        let findings = judge::<Greeting>(&said("customer: Anybody?")).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::NotApplicable);
    }

    #[test]
    fn the_words_are_those_of_the_configuration() {
        with_surroundings(|around| {
            around.config = r#"{"greetings": ["guten tag"], "within_turns": 1}"#.to_owned();
        });
        let findings = judge::<Greeting>(&said("agent: Guten Tag!")).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Passed);
        let findings = judge::<Greeting>(&said("agent: Hello!")).expect("no fault");
        assert_eq!(findings[0].verdict, Verdict::Failed);
    }
}

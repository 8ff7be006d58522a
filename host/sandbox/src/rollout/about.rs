//! What a question is about, as far as a rollout must know: whose contact, and which plugin.

use crate::kinds::PluginKind;
use hotline_vocabulary::ids::ContactId;
use hotline_vocabulary::question::Question;
use hotline_vocabulary::{connector, qa};

#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) kind: PluginKind,
    /// None for the plugin that comes with the host.
    pub(crate) name: Option<&'a str>,
    /// Whom a canary is chosen by: the contact, or of several the first in line.
    pub(crate) contact: Option<ContactId>,
    pub(crate) caller: &'a str,
    /// What the contract calls it: `step`, `rank`, ...
    pub(crate) function: &'static str,
}

pub(crate) fn about(question: &Question) -> About<'_> {
    match question {
        Question::FlowStep(step) => About {
            kind: PluginKind::Flow,
            name: Some(&step.flow),
            contact: Some(step.contact),
            caller: step.interaction.caller.reveal(),
            function: "step",
        },
        Question::Migrate(asked) => About {
            kind: PluginKind::Flow,
            name: Some(&asked.flow),
            contact: Some(asked.contact),
            caller: asked.interaction.caller.reveal(),
            function: "migrate",
        },
        Question::Plan {
            policy,
            contact,
            visit,
        } => About {
            kind: PluginKind::Policy,
            name: policy.as_deref(),
            contact: Some(*contact),
            caller: visit.interaction.caller.reveal(),
            function: "plan",
        },
        Question::Rank {
            policy,
            contact,
            visit,
        } => About {
            kind: PluginKind::Policy,
            name: policy.as_deref(),
            contact: Some(*contact),
            caller: visit.interaction.caller.reveal(),
            function: "rank",
        },
        Question::Decide { policy, batch } => {
            let first = batch.contacts.first();
            About {
                kind: PluginKind::Policy,
                name: policy.as_deref(),
                contact: first.map(|contact| contact.contact),
                caller: first.map_or("", |contact| contact.interaction.caller.reveal()),
                function: "decide",
            }
        }
        Question::Qa {
            rule, contact, ask, ..
        } => {
            let (interaction, function) = match ask {
                qa::Question::Evaluate { subject, .. } => (&subject.interaction, "evaluate"),
                qa::Question::Observe(heard) => (&heard.interaction, "observe"),
            };
            About {
                kind: PluginKind::Qa,
                name: Some(rule),
                contact: Some(*contact),
                caller: interaction.caller.reveal(),
                function,
            }
        }
        // All rounds of an operation go to one version: none of them is a canary's.
        Question::Connector { connector, ask, .. } => About {
            kind: PluginKind::Connector,
            name: Some(connector),
            contact: None,
            caller: "",
            function: match ask {
                connector::Question::Begin(_) => "begin",
                connector::Question::Resume(_) => "resume",
            },
        },
    }
}

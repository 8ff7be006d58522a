//! What happens when an adviser fails: one `match` of the question, and the built-in behaviour
//! behind each arm. A caller never notices more of a broken plugin than an apology.

use crate::call::Call;
use crate::call::contact::Contact;
use crate::call::talk::CONNECTED;
use crate::questions::Subject;
use crate::settings::Settings;
use crate::switchboard::Switchboard;
use hotline_vocabulary::fact::What;
use hotline_vocabulary::flow::{Action, Command, Enqueue, FlowEvent};
use hotline_vocabulary::ids::{ContactId, QueueId};
use hotline_vocabulary::media::{Prompt, PromptSource};
use hotline_vocabulary::plugin::{PluginFault, PluginVersion, Usage};
use hotline_vocabulary::skills::SkillExpression;

/// What facts call the policy that a tenant did not choose.
pub(crate) const SHIPPED_POLICY: &str = "skills";

impl Switchboard {
    /// An adviser was wrong, failed, or was silent.
    pub(crate) fn fall_back(
        &mut self,
        question: Subject,
        fault: PluginFault,
        version: Option<PluginVersion>,
        usage: Usage,
    ) {
        match question {
            Subject::Flow(contact) => self.flow_failed(contact, fault, version, usage),
            Subject::Plan {
                policy,
                contact,
                visit,
            } => {
                self.policy_faulted(Some(contact), policy, fault, version, usage);
                self.planned(contact, visit, Vec::new());
            }
            Subject::Rank {
                policy,
                contact,
                visit,
            } => {
                // The visit has stood in the built-in order since it began.
                self.policy_faulted(Some(contact), policy, fault, version, usage);
                self.rank_failed(contact, visit);
            }
            Subject::Decide { policy, considered } => {
                let why = format!("the policy failed: {}", fault.message);
                self.policy_faulted(None, policy.clone(), fault, version, usage);
                self.decide_built_in(&policy, considered, &why);
            }
        }
    }

    pub(crate) fn policy_faulted(
        &mut self,
        contact: Option<ContactId>,
        policy: Option<String>,
        fault: PluginFault,
        version: Option<PluginVersion>,
        usage: Usage,
    ) {
        let what = What::PluginFaulted {
            plugin: policy.unwrap_or_else(|| SHIPPED_POLICY.to_owned()),
            fault,
            version,
            usage,
        };
        match contact {
            Some(contact) => self.desk.fact(contact, what),
            None => self.desk.fact((), what),
        }
    }

    /// The safe flow's only way to decide: a queue that will not have the caller is the end.
    pub(crate) fn safe_flow_told(&mut self, id: ContactId, event: &FlowEvent) {
        let lost = match event {
            FlowEvent::Done { action, outcome } => *action == ENQUEUE && outcome != "queued",
            FlowEvent::Agent { what } => what != CONNECTED,
            _ => false,
        };
        if lost && let Some(contact) = self.contacts.get_mut(&id) {
            contact.guide.replace(numbered(vec![Command::HangUp]));
        }
    }
}

/// The built-in safe flow from where the contact is: an apology, then the default queue; without
/// one, goodbye. A queued contact keeps its place and hears no more than music.
pub(crate) fn safe_flow(contact: &Contact, settings: &Settings) -> Vec<Action> {
    if !matches!(contact.call, Call::Ringing | Call::InFlow) {
        return Vec::new();
    }
    let language = contact.language().unwrap_or(&settings.language);
    let queue = settings.default_queue.and_then(|id| settings.name_of(id));
    let (apology, then) = match queue {
        Some(queue) => (Apology::Connecting, into(queue)),
        None => (Apology::Goodbye, Command::HangUp),
    };
    numbered(vec![
        Command::Answer,
        Command::Play(vec![apology.spoken_in(language)]),
        then,
    ])
}

fn into(queue: &str) -> Command {
    Command::Enqueue(Enqueue {
        queue: queue.to_owned(),
        priority: 0,
        skills: SkillExpression::Anyone,
        preferred: None,
    })
}

/// The place of the enqueue in the safe flow, which numbers its actions from 0.
const ENQUEUE: u32 = 2;

fn numbered(commands: Vec<Command>) -> Vec<Action> {
    (0u32..)
        .zip(commands)
        .map(|(id, command)| Action { id, command })
        .collect()
}

#[derive(Debug, Clone, Copy)]
enum Apology {
    Connecting,
    Goodbye,
}

impl Apology {
    fn spoken_in(self, language: &str) -> Prompt {
        let chinese = language.starts_with("zh");
        let text = match (self, chinese) {
            (Apology::Connecting, false) => {
                "We are sorry, something went wrong on our side. \
                 Please hold the line, we will connect you."
            }
            (Apology::Goodbye, false) => {
                "We are sorry, something went wrong on our side. Please call again later. Goodbye."
            }
            (Apology::Connecting, true) => {
                "很抱歉，我们的系统出现了问题。请不要挂机，我们马上为您转接。"
            }
            (Apology::Goodbye, true) => "很抱歉，我们的系统出现了问题。请稍后再拨。再见。",
        };
        Prompt {
            source: PromptSource::Text(text.to_owned()),
            language: Some(if chinese { "zh-CN" } else { "en" }.to_owned()),
        }
    }
}

/// The built-in order of service: highest priority, then oldest, by `(priority, entered)`.
pub(crate) fn served_first<T: Ord>(
    (a_priority, a_entered): (i32, T),
    (b_priority, b_entered): (i32, T),
) -> std::cmp::Ordering {
    b_priority
        .cmp(&a_priority)
        .then_with(|| a_entered.cmp(&b_entered))
}

impl Settings {
    fn name_of(&self, id: QueueId) -> Option<&str> {
        self.queue_names()
            .find_map(|(name, queue)| (queue == id).then_some(name))
    }
}

//! Facts and effects as sentences, with the names of the story instead of ids.

use hotline_vocabulary::agent::AgentState;
use hotline_vocabulary::fact::{RecordingPurpose, What};
use hotline_vocabulary::ids::{AgentId, ContactId, LegId, QueueId};
use hotline_vocabulary::media::PromptSource;
use hotline_vocabulary::routing::{Exclusion, WhyWaiting};
use hotline_vocabulary::{Effect, Fact, Timestamp};
use std::collections::BTreeMap;

/// Who is who.
#[derive(Debug, Default)]
pub struct Names {
    /// When the story begins: the time of each sentence counts from here.
    pub begin: Timestamp,
    pub contacts: BTreeMap<ContactId, String>,
    pub agents: BTreeMap<AgentId, String>,
    pub queues: BTreeMap<QueueId, String>,
    pub legs: BTreeMap<LegId, String>,
}

impl Names {
    pub(crate) fn time(&self, at: Timestamp) -> String {
        format!("{}s", (at.0 - self.begin.0) as f64 / 1000.0)
    }

    fn contact(&self, id: ContactId) -> &str {
        self.contacts.get(&id).map_or("?", String::as_str)
    }

    fn agent(&self, id: AgentId) -> &str {
        self.agents.get(&id).map_or("?", String::as_str)
    }

    fn queue(&self, id: QueueId) -> &str {
        self.queues.get(&id).map_or("?", String::as_str)
    }

    fn leg(&self, id: LegId) -> &str {
        self.legs.get(&id).map_or("?", String::as_str)
    }

    /// Puts names in the place of ids.
    pub fn in_words(&self, text: &str) -> String {
        let contacts = self
            .contacts
            .iter()
            .map(|(id, name)| (id.to_string(), name));
        let agents = self.agents.iter().map(|(id, name)| (id.to_string(), name));
        let queues = self.queues.iter().map(|(id, name)| (id.to_string(), name));
        contacts
            .chain(agents)
            .chain(queues)
            .fold(text.to_owned(), |text, (id, name)| text.replace(&id, name))
    }

    /// `12.5s  a1 & ana: offered`.
    pub fn fact(&self, fact: &Fact) -> String {
        let contact = fact.contact.map(|id| self.contact(id));
        let agent = fact.agent.map(|id| self.agent(id));
        let who: Vec<&str> = contact.into_iter().chain(agent).collect();
        format!(
            "{:>6}  {}: {}",
            self.time(fact.at),
            if who.is_empty() {
                "the house".to_owned()
            } else {
                who.join(" & ")
            },
            self.what(&fact.what)
        )
    }

    fn what(&self, what: &What) -> String {
        match what {
            What::ContactStarted { leg: None, .. } => "is created".to_owned(),
            What::CallbackBooked { .. } => "will be called back".to_owned(),
            What::CustomerCalled { .. } => "is called".to_owned(),
            What::ContactStarted { dialled, .. } => format!("calls {dialled}"),
            What::ContactAnswered => "is answered".to_owned(),
            What::AttributesSet { attributes } => format!("has {attributes:?}"),
            What::ContactEnded { reason } => {
                format!("is over, {}, {:?}", reason.as_str(), reason.blame()).to_lowercase()
            }
            What::FlowStepped { event, actions, .. } if actions.is_empty() => {
                format!("flow told {event}")
            }
            What::FlowStepped { event, actions, .. } => {
                format!("flow told {event}, says {}", actions.join(", "))
            }
            What::FlowMoved { from, to } => {
                format!("goes on in {}, no longer in {}", to.label(), from.label())
            }
            What::KeysCollected {
                keys,
                length,
                outcome,
            } => match keys {
                Some(keys) => format!("pressed {keys:?} ({outcome:?})"),
                None => format!("pressed {length} keys in secret ({outcome:?})"),
            },
            What::PluginFaulted { plugin, fault, .. } => {
                format!(
                    "plugin {plugin} failed ({:?}: {})",
                    fault.kind, fault.message
                )
            }
            What::SafeFlowEntered => "enters the safe flow".to_owned(),
            What::QueueEntered {
                queue_name,
                priority,
                place_since,
                ..
            } => {
                let with = match priority {
                    0 => String::new(),
                    _ => format!(" with priority {priority}"),
                };
                let kept = place_since.map_or_else(String::new, |since| {
                    format!(", in the place kept since {}", self.time(since))
                });
                format!("enters {queue_name}{with}{kept}")
            }
            What::QueueRefused {
                queue_name, why, ..
            } => format!("is refused by {queue_name}: {}", why.as_str()),
            What::LookedUp { found, late, .. } => {
                let late = if *late { ", too late" } else { "" };
                format!("looked up {}{late}", found.join(" and "))
            }
            What::FlowLookedUp {
                source,
                outcome,
                problem,
                took_ms,
            } => {
                let why = problem.as_ref().map(|why| format!(" ({why})"));
                let why = why.unwrap_or_default();
                format!(
                    "looked up {source}: {} after {took_ms}{why}",
                    outcome.as_str()
                )
            }
            What::QueueRanked { base, slope, .. } => format!("ranks {base} + {slope} t"),
            What::QueueLeft {
                queue,
                waited_ms,
                how,
                ..
            } => format!("leaves {} after {waited_ms}, {how:?}", self.queue(*queue)),
            What::RoutingDecided(decided) => {
                let name = |id: &AgentId| self.agent(*id).to_owned();
                let candidates: Vec<String> = decided.candidates.iter().map(name).collect();
                let excluded: Vec<String> = decided
                    .excluded
                    .iter()
                    .map(|(id, why)| format!("{} ({})", self.agent(*id), self.exclusion(why)))
                    .collect();
                let ring = decided.chosen_ring.filter(|ring| *ring > 1);
                let ring = ring.map(|ring| format!(" (ring {ring})"));
                let held = decided.held_until.map(|until| self.time(until));
                let held = held.map(|until| format!(", held until {until}"));
                format!(
                    "goes to {}{}{} of [{}] without [{}]: {}",
                    decided.chosen.as_ref().map_or("nobody".to_owned(), name),
                    ring.unwrap_or_default(),
                    held.unwrap_or_default(),
                    candidates.join(", "),
                    excluded.join(", "),
                    decided.reasons.join("; ")
                )
            }
            What::InvariantViolated {
                invariant, detail, ..
            } => self.in_words(&format!("VIOLATED {}: {detail}", invariant.as_str())),
            What::OfferMade { .. } => "rings".to_owned(),
            What::OfferEnded { how, rang_ms, .. } => format!("rang for {rang_ms}, {how:?}"),
            What::AgentConnected { .. } => "talk".to_owned(),
            What::SegmentEnded { talked_ms, .. } => format!("talked for {talked_ms}"),
            What::WrapUpEnded {
                wrapped_ms,
                disposition,
                ..
            } => format!(
                "wrapped up in {wrapped_ms}, {}",
                disposition.as_deref().unwrap_or("no disposition")
            ),
            What::LegEnded { reason, .. } => format!("leg ended, {}", reason.as_str()),
            What::LegMeasured { .. } => "leg measured".to_owned(),
            What::RecordingStarted {
                purpose: RecordingPurpose::Message,
                ..
            } => "speaks a message".to_owned(),
            What::RecordingStarted { .. } => "is recorded".to_owned(),
            What::MessageLeft { length_ms, .. } => format!("left a message of {length_ms}"),
            What::RecordingFinished { .. } => "recording finished".to_owned(),
            What::AgentStateChanged { to, .. } => match to {
                AgentState::Paused { reason, .. } => format!("paused ({reason})"),
                other => other.name().replace('_', " "),
            },
            What::PauseNext { reason } => match reason {
                Some(reason) => format!("is to pause ({reason}) after this"),
                None => "is not to pause after this".to_owned(),
            },
            What::DeviceChanged { device, up } => {
                format!("{device:?} is {}", if *up { "up" } else { "down" })
            }
            What::CustomerLookedUp {
                customers, problem, ..
            } => match problem {
                Some(problem) => format!("is not known ({problem})"),
                None => format!("is known as {} customers", customers.len()),
            },
            What::RequestRefused { request, reason } => format!("refused {request}: {reason}"),
        }
    }

    /// The answer to a supervisor, a sentence for each thing that keeps the contact waiting.
    pub fn why(&self, who: &str, why: Option<&WhyWaiting>) -> Vec<String> {
        let Some(why) = why else {
            return vec![format!("      ??  {who} does not wait")];
        };
        let mut told = vec![format!(
            "{who} is number {} in {}, in ring {}",
            why.position, why.queue_name, why.ring
        )];
        told.extend(
            why.expected_wait_ms
                .map(|wait| format!("expects to wait {wait}")),
        );
        told.extend(
            why.next_ring_at
                .map(|at| format!("the next ring opens at {}", self.time(at))),
        );
        if let (Some(agent), Some(until)) = (why.preferred, why.preferred_until) {
            let until = self.time(until);
            told.push(format!(
                "waits for {} alone until {until}",
                self.agent(agent)
            ));
        }
        told.extend(
            why.held_until
                .map(|until| format!("held back until {}", self.time(until))),
        );
        let candidates: Vec<&str> = why.candidates.iter().map(|id| self.agent(*id)).collect();
        if !candidates.is_empty() {
            told.push(format!("could get {}", candidates.join(", ")));
        }
        for (agent, out) in &why.excluded {
            told.push(format!(
                "not {}: {}",
                self.agent(*agent),
                self.exclusion(out)
            ));
        }
        if let Some(said) = &why.said {
            let reasons = said.reasons.join("; ");
            told.push(format!(
                "the policy said at {}: {reasons}",
                self.time(said.at)
            ));
        }
        told.into_iter()
            .map(|sentence| format!("      ??  {sentence}"))
            .collect()
    }

    fn exclusion(&self, out: &Exclusion) -> String {
        match out {
            Exclusion::Ring { ring, opens_at } => {
                format!("ring {ring} opens at {}", self.time(*opens_at))
            }
            Exclusion::Level { queue, contact } => {
                let queue = self.queue(*queue);
                format!(
                    "{} waits in {queue}, which comes first",
                    self.contact(*contact)
                )
            }
            Exclusion::Delay { until } => format!("joins at {}", self.time(*until)),
            Exclusion::Preferred { agent, until } => {
                let until = self.time(*until);
                format!("it is for {} until {until}", self.agent(*agent))
            }
            Exclusion::Skill(_)
            | Exclusion::State(_)
            | Exclusion::NoDevice
            | Exclusion::AlreadyOffered
            | Exclusion::Capacity(_) => format!("{out:?}"),
        }
    }

    /// What is done, but for questions, which the facts tell of. `None` for those.
    pub fn effect(&self, effect: &Effect) -> Option<String> {
        let told = match effect {
            Effect::Answer { leg } => format!("answer {}", self.leg(*leg)),
            Effect::Reject { leg, status, .. } => {
                format!("refuse {} with {status}", self.leg(*leg))
            }
            Effect::HangUp { leg, reason } => {
                format!("hang up {}, {}", self.leg(*leg), reason.as_str())
            }
            Effect::Dial { agent, .. } => format!("dial {}'s desk phone", self.agent(*agent)),
            Effect::DialCustomer { number, shown, .. } => {
                format!("dial {} as {}", number.reveal(), shown.reveal())
            }
            Effect::Play { leg, prompts, .. } => {
                let prompts: Vec<String> = prompts
                    .iter()
                    .map(|prompt| {
                        let text = match &prompt.source {
                            PromptSource::Text(text)
                            | PromptSource::Audio(text)
                            | PromptSource::Unknown(text) => text,
                            PromptSource::Tone => "a tone",
                        };
                        format!("{text} ({})", prompt.language.as_deref().unwrap_or("?"))
                    })
                    .collect();
                format!("play to {}: {}", self.leg(*leg), prompts.join(", "))
            }
            Effect::PlayMusic { leg, .. } => format!("play music to {}", self.leg(*leg)),
            Effect::StopPlaying { leg } => format!("stop playing to {}", self.leg(*leg)),
            Effect::Bridge { customer, agent } => {
                format!("bridge {} and {}", self.leg(*customer), self.leg(*agent))
            }
            Effect::Unbridge { customer, agent } => {
                format!("part {} and {}", self.leg(*customer), self.leg(*agent))
            }
            Effect::StartRecording { contact, .. } => {
                format!("start recording {}", self.contact(*contact))
            }
            Effect::PauseRecording { .. } => "pause recording".to_owned(),
            Effect::ResumeRecording { .. } => "resume recording".to_owned(),
            Effect::StopRecording { .. } => "stop recording".to_owned(),
            Effect::LookUp { contact, .. } => format!("look up for {}", self.contact(*contact)),
            Effect::LookUpForFlow {
                contact, wanted, ..
            } => format!(
                "look up {} for {}",
                wanted.source.label(),
                self.contact(*contact)
            ),
            Effect::KeepKeys { contact, keys, .. } => {
                format!("keep {keys:?} of {}", self.contact(*contact))
            }
            Effect::Ask { .. } => return None,
            Effect::Forget { contact } => format!("forget {}", self.contact(*contact)),
        };
        Some(format!("          -> {told}"))
    }
}

//! One call through a flow: what the caller and the queue do, and what comes of it. Actions are
//! performed as the host performs them: in order, one after the other, each end reported with its id;
//! a list that is not empty replaces what has not started.

use crate::delivery::{Delivery, kind};
use crate::ordinary::{MONDAY_TEN_O_CLOCK, interaction};
use crate::subject::Subject;
use hotline_vocabulary::flow::{
    Action, Collect, CollectOutcome, CollectedInput, Command, FlowEvent, Interaction, LookedUp,
    LookupOutcome, QueueProgress,
};
use hotline_vocabulary::ids::{ContactId, Id};
use hotline_vocabulary::media::{Prompt, PromptSource};
use hotline_vocabulary::plugin::{Digest, PluginVersion, Usage};
use hotline_vocabulary::question::{Answer, FlowStep, FlowStepped, Migrate, Migrated, Question};
use hotline_vocabulary::time::Millis;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;

/// Steps in a row in which nothing has to be waited for; the host gives such a flow up.
const STEPS_WITHOUT_WAITING: u32 = 64;
/// Time between two things that happen.
const PAUSE: Millis = Millis(4_000);
/// Stands for the keys of a sensitive collect.
const TOKEN: &str = "keys-0123456789abcdef0123456789abcdef";

/// What happens besides the flow; what does not apply at that moment does not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Keys for the running collect, as many as it takes.
    Press(String),
    /// Fewer keys than the collect takes, then none.
    PressAndStop(String),
    PressNothing,
    /// The place in line.
    Position(u32),
    /// `connected`, `overflowed`, `timed-out`, `queue-empty`, `queue-full` or `queue-closed`.
    Agent(String),
    /// The timer that was started first is due.
    Timer,
    /// The lookup that was begun first found this JSON.
    Found(String),
    /// It ended without anything found.
    LookupEnds(LookupOutcome),
    HangUp,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` does not happen in a call; there are `press 12`, `press 12 and stop`, `press nothing`, \
     `position 2`, `agent connected` (or overflowed, timed-out, queue-empty, queue-full, queue-closed), \
     `timer`, `lookup finds {{\"a\": 1}}`, `lookup finds nothing`, `lookup times out`, `lookup fails` and \
     `hang up`"
)]
pub struct MoveError(String);

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Move::Press(keys) => write!(f, "press {keys}"),
            Move::PressAndStop(keys) => write!(f, "press {keys} and stop"),
            Move::PressNothing => f.write_str("press nothing"),
            Move::Position(place) => write!(f, "position {place}"),
            Move::Agent(what) => write!(f, "agent {what}"),
            Move::Timer => f.write_str("timer"),
            Move::Found(value) => write!(f, "lookup finds {value}"),
            Move::LookupEnds(LookupOutcome::Nothing | LookupOutcome::Found) => {
                f.write_str("lookup finds nothing")
            }
            Move::LookupEnds(LookupOutcome::TimedOut) => f.write_str("lookup times out"),
            Move::LookupEnds(LookupOutcome::Failed) => f.write_str("lookup fails"),
            Move::HangUp => f.write_str("hang up"),
        }
    }
}

pub(crate) const AGENT_WORDS: [&str; 6] = [
    "connected",
    "overflowed",
    "timed-out",
    "queue-empty",
    "queue-full",
    "queue-closed",
];

impl FromStr for Move {
    type Err = MoveError;

    fn from_str(text: &str) -> Result<Self, MoveError> {
        let wrong = || MoveError(text.trim().to_owned());
        let keys = |keys: &str| {
            let fits = !keys.is_empty() && keys.chars().all(|key| "0123456789*#ABCD".contains(key));
            fits.then(|| keys.to_owned()).ok_or_else(wrong)
        };
        match text.trim().split_once(' ').unwrap_or((text.trim(), "")) {
            ("press", "nothing") => Ok(Move::PressNothing),
            ("press", rest) => match rest.strip_suffix(" and stop") {
                Some(rest) => keys(rest).map(Move::PressAndStop),
                None => keys(rest).map(Move::Press),
            },
            ("position", place) => place.parse().map(Move::Position).map_err(|_| wrong()),
            ("agent", what) if AGENT_WORDS.contains(&what) => Ok(Move::Agent(what.to_owned())),
            ("timer", "") => Ok(Move::Timer),
            ("lookup", "finds nothing") => Ok(Move::LookupEnds(LookupOutcome::Nothing)),
            ("lookup", "times out") => Ok(Move::LookupEnds(LookupOutcome::TimedOut)),
            ("lookup", "fails") => Ok(Move::LookupEnds(LookupOutcome::Failed)),
            ("lookup", found) => {
                let value = found.strip_prefix("finds ").ok_or_else(wrong)?;
                let json: serde_json::Result<serde_json::Value> = serde_json::from_str(value);
                json.is_ok_and(|json| !json.is_null())
                    .then(|| Move::Found(value.to_owned()))
                    .ok_or_else(wrong)
            }
            ("hang", "up") => Ok(Move::HangUp),
            _ => Err(wrong()),
        }
    }
}

impl Serialize for Move {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Move {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// A call from its beginning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub moves: Vec<Move>,
    /// How an enqueue ends: `queued`, `unknown-queue`, `queue-full`, `queue-closed`.
    #[serde(default = "queued")]
    pub enqueue: String,
    /// How a callback or a voicemail ends: `ok`, `refused`, `empty`, `failed`.
    #[serde(default = "ok")]
    pub wish: String,
    /// None is an ordinary caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interaction: Option<Interaction>,
}

fn queued() -> String {
    "queued".to_owned()
}

fn ok() -> String {
    "ok".to_owned()
}

impl Default for Call {
    fn default() -> Self {
        Call {
            moves: Vec::new(),
            enqueue: queued(),
            wish: ok(),
            interaction: None,
        }
    }
}

/// Why a call did not go as a call must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallProblem(pub String);

/// A call that was played.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// Events unindented; what the flow did about them indented.
    pub transcript: Vec<String>,
    /// Every step that succeeded, with its answer.
    pub steps: Vec<(FlowStep, FlowStepped)>,
    pub usage: Vec<Usage>,
    pub problem: Option<CallProblem>,
}

/// Plays a call to its end, or to the end of its moves.
pub fn walk(subject: &dyn Subject, call: &Call, delivery: Delivery) -> Walk {
    let mut stage = Stage::new(subject, call, delivery);
    let ended = stage.play(call);
    Walk {
        problem: ended.err(),
        transcript: stage.transcript,
        steps: stage.steps,
        usage: stage.usage,
    }
}

struct Stage<'a> {
    subject: &'a dyn Subject,
    delivery: Delivery,
    interaction: Interaction,
    enqueue: &'a str,
    wish: &'a str,
    at: hotline_vocabulary::Timestamp,
    step: u64,
    state: Vec<u8>,
    waiting: VecDeque<Action>,
    collecting: Option<(u32, Collect)>,
    lookups: VecDeque<u32>,
    queued: Option<String>,
    timers: VecDeque<String>,
    with_agent: bool,
    over: bool,
    transcript: Vec<String>,
    steps: Vec<(FlowStep, FlowStepped)>,
    usage: Vec<Usage>,
}

impl<'a> Stage<'a> {
    fn new(subject: &'a dyn Subject, call: &'a Call, delivery: Delivery) -> Self {
        Stage {
            subject,
            delivery,
            interaction: call.interaction.clone().unwrap_or_else(|| interaction(1)),
            enqueue: &call.enqueue,
            wish: &call.wish,
            at: MONDAY_TEN_O_CLOCK,
            step: 0,
            state: Vec::new(),
            waiting: VecDeque::new(),
            collecting: None,
            lookups: VecDeque::new(),
            queued: None,
            timers: VecDeque::new(),
            with_agent: false,
            over: false,
            transcript: Vec::new(),
            steps: Vec::new(),
            usage: Vec::new(),
        }
    }

    fn play(&mut self, call: &Call) -> Result<(), CallProblem> {
        self.happen("started", FlowEvent::Started)?;
        for next in &call.moves {
            if self.over {
                break;
            }
            self.at = self.at + PAUSE;
            let Some(event) = self.event(next) else {
                continue;
            };
            if let FlowEvent::HangUp { .. } = event {
                self.transcript.push(next.to_string());
                self.ask(event)?;
                self.over = true;
                break;
            }
            self.happen(&next.to_string(), event)?;
        }
        Ok(())
    }

    /// None when it can not happen now.
    fn event(&mut self, next: &Move) -> Option<FlowEvent> {
        let (keys, outcome) = match next {
            Move::Press(keys) => (keys.as_str(), CollectOutcome::Complete),
            Move::PressAndStop(keys) => (keys.as_str(), CollectOutcome::Partial),
            Move::PressNothing => ("", CollectOutcome::NoInput),
            Move::Position(position) => {
                return Some(FlowEvent::Progress(QueueProgress {
                    queue: self.queued.clone()?,
                    position: *position,
                    expected_wait_ms: None,
                    waited_ms: Millis(10_000),
                }));
            }
            Move::Agent(what) => {
                self.queued.take()?;
                self.with_agent = what == "connected";
                return Some(FlowEvent::Agent { what: what.clone() });
            }
            Move::Timer => return self.timers.pop_front().map(FlowEvent::Timer),
            Move::Found(value) => return self.looked_up(LookupOutcome::Found, value),
            Move::LookupEnds(outcome) => return self.looked_up(*outcome, "null"),
            Move::HangUp => {
                return Some(FlowEvent::HangUp {
                    reason: "caller".to_owned(),
                });
            }
        };
        let (action, wanted) = self.collecting.take()?;
        let digits: String = keys.chars().take(wanted.max_digits as usize).collect();
        let length = u32::try_from(digits.len()).unwrap_or(wanted.max_digits);
        Some(FlowEvent::Input(CollectedInput {
            action,
            length,
            token: (wanted.sensitive && length > 0).then(|| TOKEN.to_owned()),
            digits: match wanted.sensitive {
                true => String::new(),
                false => digits,
            },
            outcome,
        }))
    }

    fn looked_up(&mut self, outcome: LookupOutcome, value: &str) -> Option<FlowEvent> {
        Some(FlowEvent::LookedUp(LookedUp {
            action: self.lookups.pop_front()?,
            outcome,
            value: value.to_owned(),
        }))
    }

    fn happen(&mut self, label: &str, event: FlowEvent) -> Result<(), CallProblem> {
        self.transcript.push(label.to_owned());
        self.ask(event)?;
        let mut ends = 0;
        while let Some(action) = self.waiting.pop_front() {
            if self.over {
                break;
            }
            if let Command::Collect(wanted) = &action.command {
                self.tell(&action.command, None);
                self.collecting = Some((action.id, wanted.clone()));
                break;
            }
            if let Command::LookUp(_) = &action.command {
                self.tell(&action.command, None);
                self.lookups.push_back(action.id);
                continue;
            }
            let Some(outcome) = self.perform(&action.command) else {
                break;
            };
            ends += 1;
            if ends > STEPS_WITHOUT_WAITING {
                return Err(CallProblem(format!(
                    "took {STEPS_WITHOUT_WAITING} steps without anything to wait for"
                )));
            }
            self.ask(FlowEvent::Done {
                action: action.id,
                outcome,
            })?;
        }
        let waits = self.over
            || self.with_agent
            || self.collecting.is_some()
            || self.queued.is_some()
            || !self.lookups.is_empty()
            || !self.timers.is_empty();
        match waits {
            true => Ok(()),
            false => Err(CallProblem(format!(
                "waits for nothing after `{label}`: its caller would hear silence for ever"
            ))),
        }
    }

    fn ask(&mut self, event: FlowEvent) -> Result<(), CallProblem> {
        let again = matches!(
            event,
            FlowEvent::Started
                | FlowEvent::Done { .. }
                | FlowEvent::Input(_)
                | FlowEvent::LookedUp(_)
        );
        let stepped = self.step(event.clone())?;
        if self.delivery == Delivery::Twice && again {
            let second = self.step(event)?;
            if let Some(action) = second.actions.first() {
                return Err(CallProblem(format!(
                    "answered an event that was told twice with `{}`, after {}",
                    told(&action.command),
                    self.transcript.last().map_or("nothing", String::as_str),
                )));
            }
        }
        for node in &stepped.trace {
            self.transcript.push(format!("  [{node}]"));
        }
        if !stepped.actions.is_empty() {
            self.collecting = None;
            self.waiting = stepped.actions.into();
        }
        Ok(())
    }

    /// Offers the call to another build of the same flow. One that begins it anew, or leaves it, is
    /// within its rights, and then the call is as it was.
    fn moved(&mut self) -> Result<(), CallProblem> {
        let offered = Question::Migrate(Migrate {
            contact: ContactId::from_bits(1),
            flow: "flow".to_owned(),
            at: self.at,
            interaction: self.interaction.clone(),
            from: PluginVersion {
                name: "flow".to_owned(),
                component: Digest([0; 32]),
                artifact: None,
            },
            state: self.state.clone(),
        });
        match self.subject.ask(&offered).outcome {
            Ok(Answer::Migrate(Migrated::State(state))) => self.state = state,
            Ok(_) => {}
            Err(fault) => {
                return Err(CallProblem(format!(
                    "could not take over a call of its own: {}: {}",
                    kind(fault.kind),
                    fault.message
                )));
            }
        }
        Ok(())
    }

    fn step(&mut self, event: FlowEvent) -> Result<FlowStepped, CallProblem> {
        let may_move = self.step > 0 && !matches!(event, FlowEvent::HangUp { .. });
        if self.delivery == Delivery::Moved && may_move {
            self.moved()?;
        }
        let step = FlowStep {
            contact: ContactId::from_bits(1),
            flow: "flow".to_owned(),
            step: self.step,
            at: self.at,
            interaction: self.interaction.clone(),
            state: self.state.clone(),
            event,
        };
        let asked = self
            .delivery
            .ask(self.subject, &Question::FlowStep(step.clone()));
        let verdict = asked.map_err(CallProblem)?;
        self.step += 1;
        self.usage.push(verdict.usage);
        match verdict.outcome {
            Ok(Answer::FlowStep(stepped)) => {
                self.state.clone_from(&stepped.state);
                self.steps.push((step, stepped.clone()));
                Ok(stepped)
            }
            Ok(_) => Err(CallProblem("gave an answer that is no step".to_owned())),
            Err(fault) => Err(CallProblem(format!(
                "{}: {}",
                kind(fault.kind),
                fault.message
            ))),
        }
    }

    /// The outcome, or none when nothing comes after it.
    fn perform(&mut self, command: &Command) -> Option<String> {
        let outcome = match command {
            Command::Reject(_) | Command::HangUp | Command::Transfer { .. } => {
                self.over = true;
                None
            }
            Command::Enqueue(place) => {
                if self.enqueue == "queued" {
                    self.queued = Some(place.queue.clone());
                }
                Some(self.enqueue.to_owned())
            }
            Command::Dequeue => {
                self.queued = None;
                Some("ok".to_owned())
            }
            Command::Callback { .. } => {
                self.over = self.wish == "ok";
                (!self.over).then(|| self.wish.to_owned())
            }
            Command::Voicemail(_) => {
                self.queued = None;
                Some(self.wish.to_owned())
            }
            Command::SetAttributes(attributes) => {
                for (name, value) in attributes {
                    let known = &mut self.interaction.attributes;
                    known.retain(|(key, _)| key != name);
                    if !value.is_empty() {
                        known.push((name.clone(), value.clone()));
                    }
                }
                Some("ok".to_owned())
            }
            Command::StartTimer { name, .. } => {
                self.timers.retain(|timer| timer != name);
                self.timers.push_back(name.clone());
                Some("ok".to_owned())
            }
            Command::CancelTimer(name) => {
                self.timers.retain(|timer| timer != name);
                Some("ok".to_owned())
            }
            Command::Unknown(_) => Some("unsupported".to_owned()),
            _ => Some("ok".to_owned()),
        };
        self.tell(command, outcome.as_deref());
        outcome
    }

    fn tell(&mut self, command: &Command, outcome: Option<&str>) {
        let outcome = match outcome {
            None | Some("ok") => String::new(),
            Some(outcome) => format!(": {outcome}"),
        };
        self.transcript
            .push(format!("  {}{outcome}", told(command)));
    }
}

fn told(command: &Command) -> String {
    match command {
        Command::Answer => "answer".to_owned(),
        Command::Reject(status) => format!("reject {status}"),
        Command::Play(prompts) => format!("play {}", said(prompts)),
        Command::Collect(wanted) => {
            let secret = if wanted.sensitive { " secret" } else { "" };
            format!(
                "collect {}{secret} {}",
                wanted.max_digits,
                said(&wanted.prompts)
            )
        }
        Command::SetAttributes(attributes) => {
            let pairs = attributes
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            format!("set {}", pairs.collect::<Vec<_>>().join(" "))
        }
        Command::StartTimer { name, after_ms } => format!("timer {name} in {after_ms}"),
        Command::CancelTimer(name) => format!("cancel timer {name}"),
        Command::Enqueue(place) => format!("enqueue {} priority {}", place.queue, place.priority),
        Command::Dequeue => "dequeue".to_owned(),
        Command::Voicemail(message) => format!("voicemail {}", said(&message.prompts)),
        Command::Callback { number } => {
            format!("call {} back", number.as_deref().unwrap_or("the caller"))
        }
        Command::LookUp(wanted) => format!("look up {}", wanted.source.label()),
        Command::Transfer { flow } => format!("go on in {flow}"),
        Command::HangUp => "hang up".to_owned(),
        Command::Unknown(name) => name.clone(),
    }
}

fn said(prompts: &[Prompt]) -> String {
    let said = prompts.iter().map(|prompt| match &prompt.source {
        PromptSource::Text(words) => format!("{words:?}"),
        PromptSource::Audio(file) => format!("<{file}>"),
        PromptSource::Tone => "<tone>".to_owned(),
        PromptSource::Unknown(name) => format!("<{name}?>"),
    });
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_read_as_they_are_written() {
        for text in [
            "press 12#",
            "press 1 and stop",
            "press nothing",
            "position 3",
            "agent timed-out",
            "timer",
            "lookup finds {\"tier\": \"gold\"}",
            "lookup finds nothing",
            "lookup times out",
            "lookup fails",
            "hang up",
        ] {
            assert_eq!(text.parse::<Move>().expect("a move").to_string(), text);
        }
        let error = "press x".parse::<Move>().expect_err("no key");
        assert!(error.to_string().contains("`press x`"), "{error}");
        assert!("agent asleep".parse::<Move>().is_err());
    }
}

//! The step: where the contact is, what happened, where it goes.

mod keys;
mod lookup;
mod queue;
mod words;

use crate::migrate;
use crate::script::{HANG_UP, Hours, If, Kind, Script, Target};
use hotline_sdk::ivr::{Action, Command, Fault, QueueProgress, RawEvent, StepInput, StepOutput};
use serde::{Deserialize, Serialize};

/// Nodes passed in one step; the compiler refuses endless loops, this is the belt to its braces.
const MOST_NODES: usize = 200;
/// What the contract lets a trace hold.
const MOST_TRACED: usize = 32;
const LONGEST_TRACED: usize = 200;

/// Where a contact is in the script that it is in: about ten bytes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) node: Target,
    pub(crate) waiting: Waiting,
    pub(crate) language: u8,
    /// Failed tries at this node.
    failures: u8,
    answered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) enum Waiting {
    /// For the first event.
    Start,
    /// For the first event after the node was taken over from an earlier version of the flow: then it
    /// begins anew.
    Again,
    /// For the end of this play.
    Play(u32),
    Keys(u32),
    /// For the outcome of this enqueue.
    Enqueue(u32),
    /// For the outcome of this callback or voicemail.
    Wish(u32),
    Queued,
    /// For nothing any more.
    Over,
    /// For what this lookup comes to.
    Lookup(u32),
}

/// One step of a compiled flow.
///
/// # Errors
/// `script.artifact`, `script.state` when handed something foreign; `script.no-way-on` when the
/// flow names no node for what happened. The host's safe flow takes the contact then.
pub fn step(artifact: &[u8], input: StepInput) -> Result<StepOutput, Fault> {
    let script = Script::decode(artifact)?;
    let mut state = if input.state.is_empty() {
        State {
            node: script.start,
            waiting: Waiting::Start,
            language: first_language(&script, input.interaction.language.as_deref()),
            failures: 0,
            answered: false,
        }
    } else {
        migrate::read(&input.state)?.state
    };
    if usize::from(state.language) >= script.languages.len() {
        state.language = 0;
    }
    let mut walk = Walk {
        script: &script,
        input: &input,
        state,
        set: Vec::new(),
        commands: Vec::new(),
        trace: Vec::new(),
        progress: None,
    };
    walk.happen(&input.event)?;
    walk.finish()
}

pub(crate) fn first_language(script: &Script<'_>, wanted: Option<&str>) -> u8 {
    let wanted = wanted.unwrap_or_default();
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    let exact = script
        .languages
        .iter()
        .position(|tag| tag.eq_ignore_ascii_case(wanted));
    let close = || {
        script
            .languages
            .iter()
            .position(|tag| !wanted.is_empty() && primary(tag) == primary(wanted))
    };
    exact.or_else(close).unwrap_or(0) as u8
}

struct Walk<'a> {
    script: &'a Script<'a>,
    input: &'a StepInput,
    state: State,
    /// Attributes set in this step, seen by its own later nodes.
    set: Vec<(String, String)>,
    commands: Vec<Command>,
    trace: Vec<String>,
    /// For `{position}` and `{wait_minutes}`.
    progress: Option<&'a QueueProgress>,
}

impl<'a> Walk<'a> {
    /// Events that this place does not wait for (late, doubled, of a later host) change nothing.
    fn happen(&mut self, event: &'a RawEvent) -> Result<(), Fault> {
        match (event, self.state.waiting) {
            (RawEvent::Started, Waiting::Start) => self.enter(self.script.start),
            (RawEvent::Started, Waiting::Again) => self.enter(self.state.node),
            (RawEvent::Done((action, _)), Waiting::Play(awaited)) if *action == awaited => {
                match self.here()? {
                    Kind::Say { next, .. } => self.enter(next),
                    _ => Ok(()),
                }
            }
            (RawEvent::Done((action, outcome)), Waiting::Enqueue(awaited))
                if *action == awaited =>
            {
                self.enqueued(outcome)
            }
            (RawEvent::Done((action, outcome)), Waiting::Wish(awaited)) if *action == awaited => {
                match (self.here()?, outcome.as_str()) {
                    (Kind::Voicemail(voicemail), "ok" | "empty") => self.enter(voicemail.next),
                    (Kind::Voicemail(voicemail), _) => self.leave(voicemail.failed, "failed"),
                    (Kind::Callback(callback), "refused") => {
                        self.leave(callback.refused, "was refused")
                    }
                    _ => Ok(()),
                }
            }
            (RawEvent::Input(keys), Waiting::Queued) => self.pressed_while_queued(&keys.digits),
            (RawEvent::Input(keys), Waiting::Keys(awaited)) if keys.action == awaited => {
                match self.here()? {
                    Kind::Menu(menu) => self.chosen(&menu, keys),
                    Kind::Collect(collect) => self.collected(&collect, keys),
                    _ => Ok(()),
                }
            }
            (RawEvent::LookedUp(result), Waiting::Lookup(awaited)) if result.action == awaited => {
                match self.here()? {
                    Kind::Lookup(lookup) => self.looked_up(&lookup, result),
                    _ => Ok(()),
                }
            }
            (RawEvent::Progress(progress), Waiting::Queued) => self.announce(progress),
            (RawEvent::Agent(what), Waiting::Queued) => {
                let why = match what.as_str() {
                    "overflowed" => "has overflowed",
                    "timed-out" => "was waited for too long",
                    "queue-empty" => "has nobody to wait for any more",
                    "queue-full" => "has overflowed into one that is full",
                    "queue-closed" => "has overflowed into one that is closed",
                    _ => return Ok(()),
                };
                let Kind::Queue(queue) = self.here()? else {
                    return Ok(());
                };
                self.leave(queue.overflowed.or(queue.full), why)
            }
            (RawEvent::HangUp(_), _) => {
                self.state.waiting = Waiting::Over;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn here(&self) -> Result<Kind, Fault> {
        Ok(self.script.node(self.state.node)?.kind)
    }

    /// Goes to a node, and on from it as far as nothing needs waiting for.
    fn enter(&mut self, target: Target) -> Result<(), Fault> {
        let mut target = target;
        for _ in 0..MOST_NODES {
            if target == HANG_UP {
                self.end(None);
                return Ok(());
            }
            let node = self.script.node(target)?;
            self.state.node = target;
            self.state.failures = 0;
            self.note(&node.id);
            if let Some(language) = node.language {
                self.state.language = language;
                let tag = self.language().to_owned();
                self.assign("language", tag);
            }
            for (name, value) in &node.set {
                let value = self.fill(value);
                self.assign(name, value);
            }
            target = match node.kind {
                Kind::Set { next } | Kind::Goto(next) => next,
                Kind::If(choice) => self.choose(&choice),
                Kind::Hours(hours) => self.open_or_closed(&hours),
                Kind::Say { text, next } => {
                    let prompts = self.say(&text);
                    if prompts.is_empty() {
                        next
                    } else {
                        self.answer();
                        self.state.waiting = Waiting::Play(self.next_id());
                        self.commands.push(Command::Play(prompts));
                        return Ok(());
                    }
                }
                Kind::Menu(menu) => {
                    self.ask_menu(&menu, None);
                    return Ok(());
                }
                Kind::Collect(collect) => {
                    self.ask_keys(&collect, None);
                    return Ok(());
                }
                Kind::Queue(queue) => {
                    self.enqueue(queue);
                    return Ok(());
                }
                Kind::Callback(callback) => {
                    self.call_back(&callback);
                    return Ok(());
                }
                Kind::Voicemail(voicemail) => {
                    self.take_message(&voicemail);
                    return Ok(());
                }
                Kind::Lookup(lookup) => {
                    self.look_up(&lookup);
                    return Ok(());
                }
                Kind::HangUp => HANG_UP,
                Kind::Reject(status) => {
                    self.end(Some(status));
                    return Ok(());
                }
            };
        }
        Err(Fault::new(
            "script.endless-loop",
            format!("passed {MOST_NODES} nodes without waiting for anything"),
        ))
    }

    /// A way on that the node may lack; then the flow's general one.
    fn leave(&mut self, target: Option<Target>, why: &str) -> Result<(), Fault> {
        match target.or(self.script.on_failure) {
            Some(target) => self.enter(target),
            None => {
                let node = self.script.node(self.state.node)?;
                Err(Fault::new(
                    "script.no-way-on",
                    format!(
                        "what node `{}` asked for {why}, and the flow says no node for that",
                        node.id
                    ),
                ))
            }
        }
    }

    fn choose(&self, choice: &If) -> Target {
        let holds = choice.all.iter().all(|(name, patterns)| {
            let value = self.value(name);
            patterns.iter().any(|pattern| matches(pattern, &value))
        });
        if holds { choice.then } else { choice.otherwise }
    }

    fn open_or_closed(&self, hours: &Hours) -> Target {
        const MINUTES_PER_DAY: i64 = 24 * 60;
        let minute = (self.input.at / 60_000) as i64 + i64::from(hours.utc_offset_minutes);
        let day = minute.div_euclid(MINUTES_PER_DAY);
        let of_day = minute.rem_euclid(MINUTES_PER_DAY) as u16;
        // 1970-01-01 was a Thursday; the week here begins on Monday.
        let weekday = (day + 3).rem_euclid(7) as usize;
        let holiday = hours
            .closed_on
            .iter()
            .any(|closed| i64::from(*closed) == day);
        let open = hours.week[weekday]
            .iter()
            .any(|(from, to)| (*from..*to).contains(&of_day));
        if open && !holiday {
            hours.open
        } else {
            hours.closed
        }
    }

    fn answer(&mut self) {
        if !self.state.answered {
            self.state.answered = true;
            self.commands.push(Command::Answer);
        }
    }

    /// Before the call is answered it can only be refused, afterwards only ended.
    fn end(&mut self, status: Option<u16>) {
        self.state.waiting = Waiting::Over;
        self.commands.push(match (self.state.answered, status) {
            (false, status) => Command::Reject(status.unwrap_or(480)),
            (true, _) => Command::Hangup,
        });
    }

    fn assign(&mut self, name: &str, value: String) {
        self.set.retain(|(known, _)| known != name);
        self.set.push((name.to_owned(), value));
    }

    fn note(&mut self, node: &str) {
        if self.trace.len() < MOST_TRACED {
            self.trace
                .push(node[..node.floor_char_boundary(LONGEST_TRACED)].to_owned());
        }
    }

    /// The id that the next command will have.
    fn next_id(&self) -> u32 {
        // Attributes, if any, go in front: they were set before whatever follows.
        let place = self.commands.len() + usize::from(!self.set.is_empty());
        id(self.input.step, place)
    }

    fn finish(mut self) -> Result<StepOutput, Fault> {
        if !self.set.is_empty() {
            self.commands
                .insert(0, Command::SetAttributes(std::mem::take(&mut self.set)));
        }
        let state = migrate::keep(self.script, self.state)?;
        let step = self.input.step;
        Ok(StepOutput {
            state,
            actions: self
                .commands
                .into_iter()
                .enumerate()
                .map(|(place, command)| Action {
                    id: id(step, place),
                    command,
                    ext: Vec::new(),
                })
                .collect(),
            trace: self.trace,
            ext: Vec::new(),
        })
    }
}

/// Unique over the contact's life.
fn id(step: u64, place: usize) -> u32 {
    (step as u32)
        .wrapping_mul(32)
        .wrapping_add(place as u32 + 1)
}

/// `*` is any value but none, `+49*` any that begins so, anything else itself.
fn matches(pattern: &str, value: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => !value.is_empty() && value.starts_with(start),
        None => pattern == value,
    }
}
